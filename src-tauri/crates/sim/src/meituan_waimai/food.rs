//! What 美团外卖 takes of a dish, whichever family brings it (9.4, and the refusals of the error dictionary).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::meituan::Refusal;
use crate::wire::{fen_of, is_gtin, text_of};
use crate::world::{Listing, ListingSpec, NewListing, NewSpec, Picture, PlatformId, Shop, UNLIMITED, World};

pub(super) const PLATFORM: PlatformId = PlatformId::MeituanWaimai;
pub(super) const BATCH_LIMIT: usize = 200;
const CODE_CHARS: usize = 128;
const SKU_CHARS: usize = 40;
const NAME_CHARS: usize = 30;
const TEXT_CHARS: usize = 255;
const PRICE_CHARS: usize = 10;

/// What happened to the entries of one batch: how many were good, and who was refused.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) good: usize,
    pub(super) refused: Vec<(String, Option<String>, Refusal)>,
}

impl Outcome {
    fn note(&mut self, code: &str, sku: Option<String>, result: Result<(), Refusal>) {
        match result {
            Ok(()) => self.good += 1,
            Err(refusal) => self.refused.push((code.to_owned(), sku, refusal)),
        }
    }

    /// The list of those refused, as text; empty when there is none.
    pub(super) fn text(&self) -> String {
        if self.refused.is_empty() {
            return String::new();
        }
        let rows: Vec<Value> = self
            .refused
            .iter()
            .map(|(code, sku, refusal)| {
                let mut row =
                    json!({"app_food_code": code, "code": refusal.code, "error_msg": refusal.message});
                if let Some(sku) = sku {
                    row["sku_id"] = json!(sku);
                }
                row
            })
            .collect();
        Value::Array(rows).to_string()
    }
}

/// A field under the name of either spelling, as text.
fn pick(object: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| text_of(&object[*name]))
}

fn filled(object: &Value, names: &[&str]) -> Option<String> {
    pick(object, names).filter(|text| !text.is_empty())
}

fn code_of(entry: &Value) -> String {
    filled(entry, &["app_food_code", "EDishCode", "eDishCode"]).unwrap_or_default()
}

fn skus_of(entry: &Value) -> Result<Vec<Value>, Refusal> {
    match &entry["skus"] {
        Value::Null => Ok(Vec::new()),
        Value::Array(skus) => Ok(skus.clone()),
        Value::String(text) if text.is_empty() => Ok(Vec::new()),
        Value::String(text) => serde_json::from_str(text).map_err(|_| Refusal::format("skus")),
        _ => Err(Refusal::format("skus")),
    }
}

/// Creates or changes dishes one by one. `overwrite` deletes the specs that were not sent.
pub(super) fn upload(world: &mut World, shop: &str, dishes: &[Value], overwrite: bool) -> Outcome {
    let mut outcome = Outcome::default();
    for dish in dishes {
        let result = upsert(world, shop, dish, overwrite);
        outcome.note(&code_of(dish), None, result);
    }
    outcome
}

/// Changes one figure of specs that are there, spec by spec.
pub(super) fn figures(world: &mut World, shop: &str, rows: &[Value], field: &str) -> Outcome {
    let mut outcome = Outcome::default();
    for row in rows {
        let code = code_of(row);
        for sku in row["skus"].as_array().into_iter().flatten() {
            let named = filled(sku, &["sku_id", "skuId"]);
            let result = figure(
                world,
                shop,
                &code,
                named.as_deref().unwrap_or_default(),
                field,
                &sku[field],
            );
            outcome.note(&code, named, result);
        }
    }
    outcome
}

fn figure(
    world: &mut World,
    shop: &str,
    code: &str,
    sku: &str,
    field: &str,
    value: &Value,
) -> Result<(), Refusal> {
    let missing = || Refusal::new(805, "商品不存在");
    let held = world.shop(PLATFORM, shop).map_err(|_| missing())?;
    let id = held.listing_by_code(code).ok_or_else(missing)?.id.clone();
    let number = if field == "price" {
        price(value)?
    } else {
        stock(value)?
    };
    let found = world
        .change_listing(PLATFORM, shop, &id, |listing| {
            let spec = listing
                .specs
                .iter_mut()
                .find(|spec| !sku.is_empty() && spec.code == sku);
            Ok(spec.map(|spec| match field {
                "price" => spec.price_fen = number,
                _ => spec.stock = number,
            }))
        })
        .map_err(|_| missing())?;
    found.ok_or_else(|| Refusal::new(1015, "SKU不存在"))?;
    world.ledger.note_updated(PLATFORM, &id);
    Ok(())
}

/// Yuan of at most ten characters, not negative, in fen.
fn price(value: &Value) -> Result<i64, Refusal> {
    let wrong = || Refusal::format("price不能为负数,不能超过10个字");
    let short = text_of(value).is_some_and(|text| text.chars().count() <= PRICE_CHARS);
    fen_of(value).filter(|_| short).ok_or_else(wrong)
}

/// Whole pieces, or `*` for no end.
fn stock(value: &Value) -> Result<i64, Refusal> {
    let text = text_of(value).unwrap_or_default();
    if text == "*" {
        return Ok(UNLIMITED);
    }
    text.parse()
        .ok()
        .filter(|pieces| *pieces >= 0)
        .ok_or_else(|| Refusal::format("stock不能为负数或小数"))
}

fn longer(what: &str, text: Option<&String>, most: usize) -> Result<(), Refusal> {
    match text {
        Some(text) if text.chars().count() > most => {
            Err(Refusal::format(format_args!("{what}长度不能超过{most}个字符")))
        }
        _ => Ok(()),
    }
}

/// The specs of a dish as they were sent, checked: none without a code (F17), no code twice (F25), no barcode twice
/// (F27). A barcode that is none is stored blank without a word (F31a).
fn specs(held: &Shop, own: Option<&Listing>, sent: &[Value]) -> Result<Vec<NewSpec>, Refusal> {
    let mut codes = BTreeSet::new();
    let mut barcodes = BTreeSet::new();
    let mut specs = Vec::with_capacity(sent.len());
    for sku in sent {
        let code = filled(sku, &["sku_id", "skuId"])
            .ok_or_else(|| Refusal::format("。sku_id:参数格式错误|sku_id字段为空"))?;
        longer("sku_id", Some(&code), SKU_CHARS)?;
        let before = own.and_then(|listing| listing.specs.iter().find(|spec| spec.code == code));
        let elsewhere = held
            .listings
            .values()
            .filter(|listing| Some(&listing.id) != own.map(|own| &own.id))
            .flat_map(|listing| &listing.specs)
            .any(|spec| spec.code == code);
        if !codes.insert(code.clone()) || elsewhere {
            return Err(Refusal::format("|sku_id数值重复"));
        }
        let number = |value: &Value,
                      kept: Option<i64>,
                      read: fn(&Value) -> Result<i64, Refusal>,
                      name: &str| match (value, kept) {
            (Value::Null, Some(kept)) => Ok(kept),
            (Value::Null, None) => Err(Refusal::missing(name)),
            (value, _) => read(value),
        };
        let upc = match pick(sku, &["upc"]) {
            Some(upc) if is_gtin(&upc) && held.keeps_barcodes => upc,
            Some(_) => String::new(),
            None => before.map(|spec| spec.upc.clone()).unwrap_or_default(),
        };
        if !upc.is_empty() {
            let taken = held.barcode_taken(&upc, own.map(|listing| listing.id.as_str()));
            if taken || !barcodes.insert(upc.clone()) {
                return Err(Refusal::new(705, "如需同步upc,要求upc值不能重复"));
            }
        }
        specs.push(NewSpec {
            name: pick(sku, &["spec"])
                .or_else(|| before.map(|spec| spec.name.clone()))
                .unwrap_or_default(),
            upc,
            price_fen: number(&sku["price"], before.map(|spec| spec.price_fen), price, "price")?,
            stock: number(&sku["stock"], before.map(|spec| spec.stock), stock, "stock")?,
            weight_g: pick(sku, &["weight"])
                .and_then(|grams| grams.parse().ok())
                .or_else(|| before.map(|spec| spec.weight_g))
                .unwrap_or_default(),
            code,
        });
    }
    Ok(specs)
}

/// Everything is checked before anything is written.
fn upsert(world: &mut World, shop: &str, dish: &Value, overwrite: bool) -> Result<(), Refusal> {
    let code = code_of(dish);
    if code.is_empty() {
        return Err(Refusal::missing("app_food_code"));
    }
    longer("app_food_code", Some(&code), CODE_CHARS)?;
    let name = filled(dish, &["name", "dishName"]);
    longer("name", name.as_ref(), NAME_CHARS)?;
    let description = pick(dish, &["description"]);
    longer("description", description.as_ref(), TEXT_CHARS)?;
    let sold_out = match pick(dish, &["is_sold_out", "isSoldOut"]).as_deref() {
        None => None,
        Some("0") => Some(false),
        Some("1") => Some(true),
        Some(_) => return Err(Refusal::format("is_sold_out")),
    };
    let held = world
        .shop(PLATFORM, shop)
        .map_err(|_| Refusal::new(803, "不存在此门店"))?;
    let own = held.listing_by_code(&code);
    let group = match filled(dish, &["category_name", "categoryName"]) {
        None => None,
        Some(name) => {
            let group = held.group_named(None, &name);
            Some(
                group
                    .ok_or_else(|| Refusal::new(1021, "商品分类不存在"))?
                    .id
                    .clone(),
            )
        }
    };
    let pictures = pick(dish, &["picture"]).map(|picture| match picture.as_str() {
        "" => Vec::new(),
        _ => vec![picture],
    });
    let unknown = pictures.iter().flatten().any(|picture| {
        let kept = own.is_some_and(|own| own.pictures.iter().any(|held| held.url == *picture));
        !picture.starts_with("http") && !kept && !world.waimai.pictures.contains(picture)
    });
    if unknown {
        return Err(Refusal::format("picture不存在"));
    }
    let sent = skus_of(dish)?;
    let made = specs(held, own, &sent)?;
    let base = match &dish["price"] {
        Value::Null => None,
        value => Some(price(value)?),
    };
    let change = Change {
        name,
        group,
        pictures,
        sold_out,
        description,
        unit: filled(dish, &["unit"]),
        base,
        specs: made,
        overwrite,
    };
    match own.map(|own| own.id.clone()) {
        Some(id) => update(world, shop, &id, change)?,
        None => create(world, shop, code.clone(), dish, change)?,
    }
    pack(world, shop, &code, dish, &sent);
    Ok(())
}

/// What one piece costs in boxes: their number times the price of one, in fen.
fn boxes(object: &Value) -> Option<i64> {
    let count: i64 = pick(object, &["box_num", "boxNum"])?.parse().ok()?;
    let price = ["box_price", "boxPrice"]
        .iter()
        .find_map(|name| fen_of(&object[*name]));
    Some(count * price?)
}

/// Notes the packing fees that were sent: of a spec, else of the dish.
fn pack(world: &mut World, shop: &str, code: &str, dish: &Value, sent: &[Value]) {
    let whole = boxes(dish);
    let Ok(held) = world.shop(PLATFORM, shop) else {
        return;
    };
    let specs = held
        .listing_by_code(code)
        .map_or(&[][..], |listing| &listing.specs);
    let named = |spec: &ListingSpec| {
        let own = |sku: &&Value| filled(sku, &["sku_id", "skuId"]).as_deref() == Some(spec.code.as_str());
        let fee = sent.iter().find(own).and_then(boxes).or(whole)?;
        Some((spec.id.clone(), fee))
    };
    let fees: Vec<(String, i64)> = specs.iter().filter_map(named).collect();
    world.mtop.packing_fen.extend(fees);
}

/// What an upload asks for.
struct Change {
    name: Option<String>,
    group: Option<String>,
    pictures: Option<Vec<String>>,
    sold_out: Option<bool>,
    description: Option<String>,
    unit: Option<String>,
    base: Option<i64>,
    specs: Vec<NewSpec>,
    overwrite: bool,
}

/// A new dish names what the vendor's documents call needed; its name is free in its group.
fn create(world: &mut World, shop: &str, code: String, dish: &Value, change: Change) -> Result<(), Refusal> {
    for names in [
        ["min_order_count", "minOrderCount"],
        ["unit", "unit"],
        ["box_num", "boxNum"],
        ["box_price", "boxPrice"],
        ["is_sold_out", "isSoldOut"],
    ] {
        pick(dish, &names).ok_or_else(|| Refusal::missing(names[0]))?;
    }
    let name = change.name.ok_or_else(|| Refusal::missing("name"))?;
    let group = change.group.ok_or_else(|| Refusal::missing("category_name"))?;
    let held = world
        .shop(PLATFORM, shop)
        .map_err(|_| Refusal::new(803, "不存在此门店"))?;
    let twin = held
        .listings
        .values()
        .any(|listing| listing.name == name && listing.group_ids.contains(&group));
    if twin {
        return Err(Refusal::new(804, "商品已存在"));
    }
    let specs = if change.specs.is_empty() {
        vec![bare(change.base.ok_or_else(|| Refusal::missing("price"))?)]
    } else {
        change.specs
    };
    let new = NewListing {
        code,
        name,
        group_ids: vec![group],
        category_id: None,
        specs,
        pictures: change.pictures.unwrap_or_default(),
        sold_out: change.sold_out.unwrap_or(false),
        description: change.description.unwrap_or_default(),
        unit: change.unit.unwrap_or_default(),
    };
    let broken = |_| Refusal::new(700, "系统错误");
    let id = world.add_listing(PLATFORM, shop, new).map_err(broken)?;
    world.ledger.note_created(PLATFORM, &id);
    Ok(())
}

/// The spec of a dish that was sent without any: no code, no barcode, no stock.
fn bare(price_fen: i64) -> NewSpec {
    NewSpec {
        price_fen,
        ..NewSpec::default()
    }
}

/// Fields left out stay, but specs left out altogether are reset (O1).
fn update(world: &mut World, shop: &str, id: &str, change: Change) -> Result<(), Refusal> {
    let mut ids: Vec<String> = (0..=change.specs.len()).map(|_| world.fresh_spec_id()).collect();
    let broken = |_| Refusal::new(700, "系统错误");
    world
        .change_listing(PLATFORM, shop, id, |listing| {
            let was = listing.specs.first().map_or(0, |spec| spec.price_fen);
            if let Some(name) = change.name {
                listing.name = name;
            }
            if let Some(group) = change.group {
                listing.group_ids = vec![group];
            }
            if let Some(pictures) = change.pictures {
                let shown = |url| Picture {
                    url,
                    in_review_until: None,
                };
                listing.pictures = pictures.into_iter().map(shown).collect();
            }
            listing.sold_out = change.sold_out.unwrap_or(listing.sold_out);
            if let Some(description) = change.description {
                listing.description = description;
            }
            if let Some(unit) = change.unit {
                listing.unit = unit;
            }
            let sent = if change.specs.is_empty() {
                listing.specs.clear();
                vec![bare(change.base.unwrap_or(was))]
            } else {
                change.specs
            };
            if change.overwrite {
                listing
                    .specs
                    .retain(|held| sent.iter().any(|new| new.code == held.code));
            }
            for new in sent {
                let id = ids.pop().unwrap_or_default();
                let place = listing.specs.iter().position(|held| held.code == new.code);
                let id = place
                    .and_then(|at| listing.specs.get(at))
                    .map_or(id, |held| held.id.clone());
                let spec = ListingSpec {
                    id,
                    code: new.code,
                    name: new.name,
                    upc: new.upc,
                    price_fen: new.price_fen,
                    stock: new.stock,
                    weight_g: new.weight_g,
                };
                match place.and_then(|at| listing.specs.get_mut(at)) {
                    Some(held) => *held = spec,
                    None => listing.specs.push(spec),
                }
            }
            listing.multi_spec = listing.specs.len() > 1;
            Ok(())
        })
        .map_err(broken)?;
    world.ledger.note_updated(PLATFORM, id);
    Ok(())
}
