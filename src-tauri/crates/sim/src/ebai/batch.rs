//! Calls over many products at once (5): at most 100, part failures named in a JSON text (4).

use serde_json::{Value, json};

use super::goods::{checked_price, checked_stock};
use super::{Answer, Body, PLATFORM, Refusal, field, shop, shop_id, shop_mut};
use crate::wire::text_of;
use crate::world::{Listing, Shop, World};

const LIMIT: usize = 100;

/// Which field names the products, and how.
#[derive(Clone, Copy)]
enum Key {
    Id,
    Code,
    Upc,
}

fn find<'a>(held: &'a Shop, key: Key, value: &str) -> Option<&'a Listing> {
    match key {
        Key::Id => held.listings.get(value),
        Key::Code => held.listing_by_code(value),
        Key::Upc => held
            .listings
            .values()
            .find(|listing| listing.specs.iter().any(|spec| spec.upc == value)),
    }
}

/// The first of the given fields that is there, cut at `separator`.
fn entries(body: &Body, fields: [(&str, Key); 3], separator: char) -> Result<(Key, Vec<String>), Refusal> {
    let found = fields
        .into_iter()
        .find_map(|(name, key)| field(body, name).map(|text| (key, text)));
    let (key, text) = found.ok_or_else(|| Refusal::new(1, "sku_id字段为空"))?;
    let entries: Vec<String> = text
        .split(separator)
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .map(str::to_owned)
        .collect();
    if entries.is_empty() || entries.len() > LIMIT {
        return Err(Refusal::new(1, "单次最多100个商品"));
    }
    Ok((key, entries))
}

/// Part failures come as errno 500001 with the list as JSON text; the others have taken effect.
fn finish(failed: &[(String, Refusal)]) -> Answer {
    if failed.is_empty() {
        return Ok(Value::Bool(true));
    }
    let rows: Vec<Value> = failed
        .iter()
        .map(|(named, refusal)| match refusal {
            Refusal::Platform { errno, error } => {
                json!({"custom_sku_id": named, "sku_id": named, "error_no": errno, "error_msg": error})
            }
            Refusal::Gateway { code, .. } => {
                json!({"custom_sku_id": named, "error_no": -1, "error_msg": code})
            }
        })
        .collect();
    Err(Refusal::new(500_001, json!({"failed_list": rows}).to_string()))
}

const NAMED: [(&str, Key); 3] = [
    ("sku_id", Key::Id),
    ("custom_sku_id", Key::Code),
    ("upc", Key::Upc),
];

fn each(
    world: &mut World,
    body: &Body,
    fields: [(&str, Key); 3],
    separator: char,
    act: impl Fn(&mut World, &str, Key, &str) -> Result<(), Refusal>,
) -> Answer {
    let id = shop_id(world, body)?;
    let (key, entries) = entries(body, fields, separator)?;
    let mut failed = Vec::new();
    for entry in entries {
        if let Err(refusal) = act(world, &id, key, &entry) {
            let named = entry
                .rsplit_once(':')
                .map_or(entry.as_str(), |(named, _)| named)
                .to_owned();
            failed.push((named, refusal));
        }
    }
    finish(&failed)
}

fn found_id(world: &World, shop_id: &str, key: Key, named: &str) -> Result<String, Refusal> {
    find(shop(world, shop_id)?, key, named)
        .map(|listing| listing.id.clone())
        .ok_or_else(super::no_product)
}

pub(super) fn set_online(world: &mut World, body: &Body, online: bool) -> Answer {
    each(world, body, NAMED, ',', |world, shop_id, key, named| {
        let listing = found_id(world, shop_id, key, named)?;
        change(world, shop_id, &listing, |held| {
            held.sold_out = !online;
            Ok(())
        })
    })
}

pub(super) fn delete(world: &mut World, body: &Body) -> Answer {
    each(world, body, NAMED, ',', |world, shop_id, key, named| {
        let listing = found_id(world, shop_id, key, named)?;
        shop_mut(world, shop_id)?.listings.remove(&listing);
        Ok(())
    })
}

fn change(
    world: &mut World,
    shop_id: &str,
    listing: &str,
    act: impl FnOnce(&mut Listing) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    world
        .change_listing(PLATFORM, shop_id, listing, |held| Ok(act(held)))
        .unwrap_or_else(|_| Err(super::no_product()))?;
    world.ledger.note_updated(PLATFORM, listing);
    Ok(())
}

/// `id:value[,market]`; own codes may hold a colon, so the last one separates.
fn split(entry: &str) -> Result<(&str, i64), Refusal> {
    let wrong = || Refusal::new(1, "参数格式错误");
    let (named, value) = entry.rsplit_once(':').ok_or_else(wrong)?;
    let value = value
        .split(',')
        .next()
        .unwrap_or_default()
        .parse()
        .map_err(|_| wrong())?;
    Ok((named, value))
}

fn set_single(
    world: &mut World,
    shop_id: &str,
    key: Key,
    named: &str,
    act: impl FnOnce(&mut crate::world::ListingSpec),
) -> Result<(), Refusal> {
    let listing = found_id(world, shop_id, key, named)?;
    change(world, shop_id, &listing, |held| {
        let by_barcode = matches!(key, Key::Upc);
        let lone = held.specs.len() == 1;
        let spec = held
            .specs
            .iter_mut()
            .find(|spec| if by_barcode { spec.upc == named } else { lone });
        act(spec.ok_or_else(|| Refusal::new(1, "多规格商品请使用规格接口"))?);
        Ok(())
    })
}

pub(super) fn prices(world: &mut World, body: &Body) -> Answer {
    let fields = [
        ("skuid_price", Key::Id),
        ("upc_price", Key::Upc),
        ("custom_sku_id", Key::Code),
    ];
    each(world, body, fields, ';', |world, shop_id, key, entry| {
        let (named, fen) = split(entry)?;
        let fen = checked_price(fen)?;
        set_single(world, shop_id, key, named, |spec| spec.price_fen = fen)
    })
}

pub(super) fn stocks(world: &mut World, body: &Body) -> Answer {
    let fields = [
        ("skuid_stocks", Key::Id),
        ("upc_stocks", Key::Upc),
        ("custom_sku_id", Key::Code),
    ];
    each(world, body, fields, ';', |world, shop_id, key, entry| {
        let (named, pieces) = split(entry)?;
        let pieces = checked_stock(pieces)?;
        set_single(world, shop_id, key, named, |spec| spec.stock = pieces)
    })
}

fn each_spec(
    world: &mut World,
    body: &Body,
    list: &str,
    value_fields: &[&str],
    check: fn(i64) -> Result<i64, Refusal>,
    act: fn(&mut crate::world::ListingSpec, i64),
) -> Answer {
    let id = shop_id(world, body)?;
    let Some(Value::Array(rows)) = body.get(list) else {
        return Err(Refusal::missing(list));
    };
    if rows.is_empty() || rows.len() > LIMIT {
        return Err(Refusal::new(1, "单次最多100个规格"));
    }
    let mut failed = Vec::new();
    for row in rows {
        let text = |name: &str| text_of(&row[name]).filter(|text| !text.is_empty());
        let spec_id = text("sku_spec_id");
        let code = text("sku_spec_custom_id").or_else(|| text("spec_custom_id"));
        let named = spec_id.clone().or_else(|| code.clone()).unwrap_or_default();
        let value = value_fields
            .iter()
            .find_map(|name| text(name))
            .and_then(|text| text.parse().ok());
        let result = value
            .ok_or_else(|| Refusal::new(1, "参数格式错误"))
            .and_then(check)
            .and_then(|value| {
                let fits = |spec: &crate::world::ListingSpec| match &spec_id {
                    Some(id) => spec.id == *id,
                    None => code.as_ref().is_some_and(|code| spec.code == *code),
                };
                let owner = shop(world, &id)?
                    .listings
                    .values()
                    .find(|listing| listing.specs.iter().any(fits));
                let owner = owner.ok_or_else(super::no_product)?.id.clone();
                change(world, &id, &owner, |held| {
                    held.specs
                        .iter_mut()
                        .filter(|spec| fits(spec))
                        .for_each(|spec| act(spec, value));
                    Ok(())
                })
            });
        if let Err(refusal) = result {
            failed.push((named, refusal));
        }
    }
    finish(&failed)
}

pub(super) fn spec_prices(world: &mut World, body: &Body) -> Answer {
    each_spec(
        world,
        body,
        "sku_spec_price_list",
        &["sale_price"],
        checked_price,
        |spec, fen| spec.price_fen = fen,
    )
}

/// The name of the number is not documented; the likely ones are taken.
pub(super) fn spec_stocks(world: &mut World, body: &Body) -> Answer {
    let names = ["left_num", "stock", "quantity"];
    each_spec(
        world,
        body,
        "spec_stock_list",
        &names,
        checked_stock,
        |spec, pieces| spec.stock = pieces,
    )
}
