//! Creating and changing products (5). Money is fen, weight grams.

use serde_json::{Value, json};

use super::{
    Answer, Body, PLATFORM, Refusal, categories, field, listing_id, need, no_product, number, shop, shop_id,
};
use crate::wire::{is_gtin, text_of};
use crate::world::{Listing, ListingSpec, NewListing, NewSpec, Picture, SINGLE_SPEC, World, guess_leaf};

const MAX_PRICE_FEN: i64 = 99_999_900;
const MAX_STOCK: i64 = 99_999;

/// A spec as it was sent; absent fields keep what the platform holds.
struct SentSpec {
    id: Option<String>,
    code: Option<String>,
    name: String,
    upc: Option<String>,
    price_fen: Option<i64>,
    stock: Option<i64>,
    weight_g: Option<i64>,
}

pub(super) fn checked_price(fen: i64) -> Result<i64, Refusal> {
    if (1..=MAX_PRICE_FEN).contains(&fen) {
        Ok(fen)
    } else {
        Err(Refusal::new(1, "售价范围为1-99999900分"))
    }
}

pub(super) fn checked_stock(pieces: i64) -> Result<i64, Refusal> {
    if (0..=MAX_STOCK).contains(&pieces) {
        Ok(pieces)
    } else {
        Err(Refusal::new(1, "库存范围为0-99999"))
    }
}

fn read_specs(body: &Body) -> Result<Vec<SentSpec>, Refusal> {
    let Some(Value::Array(list)) = body
        .get("sku_spec")
        .filter(|list| list.as_array().is_some_and(|l| !l.is_empty()))
    else {
        return Ok(vec![read_spec(body, "custom_sku_id", SINGLE_SPEC.to_owned())?]);
    };
    list.iter()
        .map(|entry| {
            let entry = entry
                .as_object()
                .ok_or_else(|| Refusal::new(1, "参数错误:sku_spec"))?;
            let values = entry
                .get("spec_property")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let texts: Vec<String> = values
                .filter_map(|property| text_of(&property["value_text"]))
                .collect();
            let name = if texts.is_empty() {
                SINGLE_SPEC.to_owned()
            } else {
                texts.join(" ")
            };
            read_spec(entry, "sku_spec_custom_id", name)
        })
        .collect()
}

fn read_spec(from: &Body, code_field: &str, name: String) -> Result<SentSpec, Refusal> {
    let price_fen = number(from, "sale_price")?.map(checked_price).transpose()?;
    let stock = number(from, "left_num")?.map(checked_stock).transpose()?;
    Ok(SentSpec {
        id: field(from, "sku_spec_id"),
        code: field(from, code_field),
        name,
        upc: from.get("upc").and_then(text_of),
        price_fen,
        stock,
        weight_g: number(from, "weight")?,
    })
}

/// An invalid barcode is stored blank, as the sibling platforms do.
fn stored_barcode(upc: &str) -> String {
    if is_gtin(upc) {
        upc.to_owned()
    } else {
        String::new()
    }
}

/// F48 for a barcode that another product of the shop carries; the text also tells that product's id.
fn check_barcodes(
    world: &World,
    shop_id: &str,
    specs: &[SentSpec],
    except: Option<&str>,
) -> Result<(), Refusal> {
    let held = shop(world, shop_id)?;
    let mut seen = std::collections::BTreeSet::new();
    for upc in specs
        .iter()
        .filter_map(|spec| spec.upc.as_deref())
        .map(stored_barcode)
        .filter(|upc| !upc.is_empty())
    {
        if !seen.insert(upc.clone()) {
            return Err(Refusal::new(1, "商品规格条码重复"));
        }
        let owner = held.listings.values().find(|listing| {
            Some(listing.id.as_str()) != except && listing.specs.iter().any(|spec| spec.upc == upc)
        });
        if let Some(owner) = owner {
            let text = format!(
                "商家产品已存在-已存在条码为【{upc}】的商家产品,sku_id:{}",
                owner.id
            );
            return Err(Refusal::new(500_001, text));
        }
    }
    Ok(())
}

fn check_codes(
    world: &World,
    shop_id: &str,
    body: &Body,
    specs: &[SentSpec],
    except: Option<&str>,
) -> Result<(), Refusal> {
    let held = shop(world, shop_id)?;
    let own = field(body, "custom_sku_id");
    let mut seen = std::collections::BTreeSet::new();
    let spec_codes: Vec<&String> = specs.iter().filter_map(|spec| spec.code.as_ref()).collect();
    let repeated = spec_codes.iter().any(|code| !seen.insert(code.as_str()));
    let taken = held
        .listings
        .values()
        .filter(|listing| Some(listing.id.as_str()) != except)
        .any(|listing| {
            own.as_ref().is_some_and(|code| listing.code == *code)
                || listing
                    .specs
                    .iter()
                    .any(|spec| spec_codes.iter().any(|code| **code == spec.code))
        });
    if repeated || taken {
        Err(Refusal::new(1, "sku_id数值重复"))
    } else {
        Ok(())
    }
}

/// Pictures of the body, in review from now on unless the product already shows them (F56).
fn read_photos(world: &World, body: &Body, held: Option<&Listing>) -> Result<Option<Vec<Picture>>, Refusal> {
    let Some(Value::Array(photos)) = body.get("photos") else {
        return Ok(None);
    };
    let until = world.now_ms() + world.ebai.review_ms;
    let mut sorted: Vec<&Value> = photos.iter().collect();
    sorted.sort_by_key(|photo| text_of(&photo["is_master"]).as_deref() != Some("1"));
    sorted
        .into_iter()
        .map(|photo| {
            let url = text_of(&photo["url"]).filter(|url| url.starts_with("http"));
            let url = url.ok_or_else(|| Refusal::new(1, "图片地址错误"))?;
            let known = held.and_then(|listing| listing.pictures.iter().find(|picture| picture.url == url));
            Ok(known.cloned().unwrap_or(Picture {
                url,
                in_review_until: (world.ebai.review_ms > 0).then_some(until),
            }))
        })
        .collect::<Result<Vec<_>, _>>()
        .map(Some)
}

fn leaf(world: &World, body: &Body, name: &str) -> Option<String> {
    let wanted =
        field(body, "cat3_id").filter(|id| world.ebai.taxonomy.get(id).is_some_and(|taxon| taxon.depth == 3));
    wanted.or_else(|| guess_leaf(&world.ebai.taxonomy, name).map(|taxon| taxon.id.clone()))
}

pub(super) fn create(world: &mut World, body: &Body) -> Answer {
    let id = shop_id(world, body)?;
    let name = need(body, "name")?;
    let specs = read_specs(body)?;
    if specs
        .iter()
        .any(|spec| spec.price_fen.is_none() || spec.stock.is_none())
    {
        return Err(Refusal::missing("sale_price,left_num"));
    }
    check_codes(world, &id, body, &specs, None)?;
    check_barcodes(world, &id, &specs, None)?;
    let group_ids = categories::named(shop(world, &id)?, body)?.unwrap_or_default();
    let photos = read_photos(world, body, None)?.unwrap_or_default();
    let new = NewListing {
        code: field(body, "custom_sku_id").unwrap_or_default(),
        group_ids,
        category_id: leaf(world, body, &name),
        name,
        specs: specs.into_iter().map(new_spec).collect(),
        pictures: Vec::new(),
        sold_out: field(body, "status").as_deref() == Some("0"),
        description: field(body, "desc").unwrap_or_default(),
        unit: field(body, "sale_unit").unwrap_or_default(),
    };
    let listing = world
        .add_listing(PLATFORM, &id, new)
        .map_err(|_| Refusal::new(1000, "系统错误"))?;
    world
        .change_listing(PLATFORM, &id, &listing, |held| {
            held.pictures = photos;
            Ok(())
        })
        .map_err(|_| no_product())?;
    world.ledger.note_created(PLATFORM, &listing);
    created(world, &id, &listing)
}

fn new_spec(sent: SentSpec) -> NewSpec {
    NewSpec {
        code: sent.code.unwrap_or_default(),
        name: sent.name,
        upc: sent.upc.as_deref().map(stored_barcode).unwrap_or_default(),
        price_fen: sent.price_fen.unwrap_or_default(),
        stock: sent.stock.unwrap_or_default(),
        weight_g: sent.weight_g.unwrap_or_default(),
    }
}

fn created(world: &World, shop_id: &str, listing: &str) -> Answer {
    let held = world
        .listing(PLATFORM, shop_id, listing)
        .map_err(|_| no_product())?;
    let third = held
        .category_id
        .as_ref()
        .and_then(|id| world.ebai.taxonomy.get(id));
    let second = third.and_then(|taxon| world.ebai.taxonomy.get(&taxon.parent_id));
    let specs: Vec<Value> = held
        .specs
        .iter()
        .filter(|_| held.multi_spec)
        .map(|spec| json!({"upc": spec.upc, "sku_spec_id": spec.id, "sku_spec_custom_id": spec.code}))
        .collect();
    Ok(json!({
        "sku_id": held.id, "item_id": held.id, "name": held.name,
        "upc": held.specs.first().map_or("", |spec| spec.upc.as_str()),
        "cat1_id": second.map_or("", |taxon| taxon.parent_id.as_str()),
        "cat2_id": third.map_or("", |taxon| taxon.parent_id.as_str()),
        "cat3_id": held.category_id, "sku_spec_result": specs,
    }))
}

/// As [`create`], for a product that is there. The barcode changes through `upc_update`; a multi-spec product keeps its
/// category (F60).
pub(super) fn update(world: &mut World, body: &Body) -> Answer {
    let id = shop_id(world, body)?;
    let listing = listing_id(world, &id, body)?;
    let has_specs = body
        .get("sku_spec")
        .and_then(Value::as_array)
        .is_some_and(|list| !list.is_empty());
    let mut specs = read_specs(body)?;
    if !has_specs {
        for spec in &mut specs {
            spec.upc = body.get("upc_update").and_then(text_of);
            // Beside `sku_id` the own code is a value to set; alone it is the key.
            spec.code = spec.code.take().filter(|_| field(body, "sku_id").is_some());
        }
    }
    let held = world.listing(PLATFORM, &id, &listing).map_err(|_| no_product())?;
    let moves = field(body, "cat3_id").is_some_and(|cat| held.category_id.as_ref() != Some(&cat));
    if moves && held.multi_spec {
        return Err(Refusal::new(1, "多规格商品不允许后台变更类目"));
    }
    check_codes(world, &id, body, &specs, Some(&listing))?;
    check_barcodes(world, &id, &specs, Some(&listing))?;
    let groups = categories::named(shop(world, &id)?, body)?;
    let photos = read_photos(world, body, Some(held))?;
    let category = if moves {
        leaf(world, body, &held.name)
    } else {
        held.category_id.clone()
    };
    let changes = Changes {
        has_specs,
        groups,
        photos,
        category,
        specs,
    };
    let spec_ids: Vec<String> = changes.specs.iter().map(|_| world.fresh_spec_id()).collect();
    world
        .change_listing(PLATFORM, &id, &listing, |held| {
            merge(held, body, changes, spec_ids);
            Ok(())
        })
        .map_err(|_| no_product())?;
    world.ledger.note_updated(PLATFORM, &listing);
    created(world, &id, &listing)
}

/// Checked parts of an update.
struct Changes {
    has_specs: bool,
    groups: Option<Vec<String>>,
    photos: Option<Vec<Picture>>,
    category: Option<String>,
    specs: Vec<SentSpec>,
}

fn merge(held: &mut Listing, body: &Body, changes: Changes, spec_ids: Vec<String>) {
    held.name = field(body, "name").unwrap_or_else(|| held.name.clone());
    held.group_ids = changes.groups.unwrap_or_else(|| held.group_ids.clone());
    held.pictures = changes.photos.unwrap_or_else(|| held.pictures.clone());
    held.category_id = changes.category;
    held.description = body
        .get("desc")
        .and_then(text_of)
        .unwrap_or_else(|| held.description.clone());
    if let Some(status) = field(body, "status") {
        held.sold_out = status == "0";
    }
    if field(body, "sku_id").is_some() {
        held.code = field(body, "custom_sku_id").unwrap_or_else(|| held.code.clone());
    }
    if !changes.has_specs {
        if let (Some(spec), Some(sent)) = (held.specs.first_mut(), changes.specs.into_iter().next()) {
            merge_spec(spec, sent, false);
        }
        return;
    }
    for (sent, id) in changes.specs.into_iter().zip(spec_ids) {
        let known = held.specs.iter_mut().find(|spec| {
            sent.id.as_ref().is_some_and(|id| spec.id == *id)
                || (sent.id.is_none() && sent.code.as_ref().is_some_and(|code| spec.code == *code))
        });
        if let Some(spec) = known {
            merge_spec(spec, sent, true);
        } else {
            let new = new_spec(sent);
            let (code, name, upc) = (new.code, new.name, new.upc);
            let (price_fen, stock, weight_g) = (new.price_fen, new.stock, new.weight_g);
            held.specs.push(ListingSpec {
                id,
                code,
                name,
                upc,
                price_fen,
                stock,
                weight_g,
            });
        }
    }
    // F51: a lone spec that is not called 单规格 makes the product multi-spec.
    held.multi_spec = held.specs.len() > 1 || held.specs.iter().any(|spec| spec.name != SINGLE_SPEC);
}

fn merge_spec(spec: &mut ListingSpec, sent: SentSpec, with_name: bool) {
    if with_name {
        spec.name = sent.name;
    }
    if let Some(upc) = sent.upc {
        spec.upc = stored_barcode(&upc);
    }
    spec.code = sent.code.unwrap_or_else(|| spec.code.clone());
    spec.price_fen = sent.price_fen.unwrap_or(spec.price_fen);
    spec.stock = sent.stock.unwrap_or(spec.stock);
    spec.weight_g = sent.weight_g.unwrap_or(spec.weight_g);
}

/// Sets our own code on a product; an empty one takes it away.
pub(super) fn map_code(world: &mut World, body: &Body) -> Answer {
    let id = shop_id(world, body)?;
    let listing = need(body, "sku_id")?;
    let code = body.get("custom_sku_id").and_then(text_of).unwrap_or_default();
    if shop(world, &id)?
        .listing_by_code(&code)
        .is_some_and(|other| other.id != listing)
    {
        return Err(Refusal::new(1, "sku_id数值重复"));
    }
    world
        .change_listing(PLATFORM, &id, &listing, |held| {
            if !held.multi_spec {
                for spec in &mut held.specs {
                    spec.code.clone_from(&code);
                }
            }
            held.code = code;
            Ok(())
        })
        .map_err(|_| no_product())?;
    world.ledger.note_updated(PLATFORM, &listing);
    Ok(Value::Bool(true))
}
