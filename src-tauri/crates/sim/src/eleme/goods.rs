//! Creating and changing items (5). Money is yuan, weight grams.
//!
//! `properties` names what changes; a list of specs replaces the one that is there.

use serde_json::{Value, json};

use super::{
    Answer, PLATFORM, Params, Refusal, batch, field, ids, item, need, no_category, no_item, pictures, read,
    shop_of_category,
};
use crate::wire::{fen_of, text_of};
use crate::world::{ListingSpec, NewListing, NewSpec, Picture, World, guess_leaf};

/// A spec as it was sent, checked.
struct SentSpec {
    id: Option<String>,
    spec: NewSpec,
    max_stock: i64,
    packing_fen: i64,
    on_shelf: bool,
}

fn properties(params: &Params) -> Result<&Params, Refusal> {
    params
        .get("properties")
        .and_then(Value::as_object)
        .ok_or_else(|| Refusal::invalid("properties"))
}

fn specs(properties: &Params) -> Result<Option<Vec<SentSpec>>, Refusal> {
    let Some(list) = properties.get("specs") else {
        return Ok(None);
    };
    let list = list.as_array().filter(|list| !list.is_empty());
    let list = list.ok_or_else(|| Refusal::invalid("specs"))?;
    list.iter().map(spec).collect::<Result<_, _>>().map(Some)
}

fn spec(sent: &Value) -> Result<SentSpec, Refusal> {
    let whole = |name: &str, default: Option<i64>| match &sent[name] {
        Value::Null => default.ok_or_else(|| Refusal::invalid(name)),
        value => text_of(value)
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| Refusal::invalid(name)),
    };
    let text = |name: &str| text_of(&sent[name]).unwrap_or_default();
    let price_fen = fen_of(&sent["price"]).filter(|fen| *fen > 0);
    let price_fen = price_fen.ok_or_else(|| Refusal::invalid("price"))?;
    let stock = whole("stock", None)?;
    let max_stock = whole("maxStock", Some(read::MAX_STOCK))?;
    if !(0..=max_stock).contains(&stock) {
        return Err(Refusal::new("BIZ_STOCK_INVALID", "库存不能小于0或大于最大库存"));
    }
    let packing_fen = match &sent["packingFee"] {
        Value::Null => 0,
        fee => fen_of(fee).ok_or_else(|| Refusal::invalid("packingFee"))?,
    };
    Ok(SentSpec {
        id: text_of(&sent["specId"]),
        spec: NewSpec {
            code: text("extendCode"),
            name: text("name"),
            upc: text("barCode"),
            price_fen,
            stock,
            weight_g: whole("weight", Some(0))?,
        },
        max_stock,
        packing_fen,
        on_shelf: whole("onShelf", Some(1))? == 1,
    })
}

/// The picture of a hash; an empty one takes the picture away.
fn picture(world: &World, properties: &Params) -> Result<Option<Vec<Picture>>, Refusal> {
    let Some(hash) = properties.get("imageHash").and_then(text_of) else {
        return Ok(None);
    };
    if hash.is_empty() {
        return Ok(Some(Vec::new()));
    }
    if !world.eleme.pictures.contains_key(&hash) {
        return Err(Refusal::new("BIZ_IMAGE_NOT_FOUND", "图片hash不存在"));
    }
    Ok(Some(vec![Picture {
        url: pictures::address(&hash),
        in_review_until: None,
    }]))
}

fn leaf(world: &World, properties: &Params) -> Option<String> {
    field(properties, "backCategoryId").filter(|id| world.eleme.taxonomy.contains_key(id))
}

pub(super) fn create(world: &mut World, params: &Params) -> Answer {
    let category = need(params, "categoryId")?;
    let shop = shop_of_category(world, &category)?;
    let properties = properties(params)?;
    let name = need(properties, "name")?;
    let sent = specs(properties)?.ok_or_else(|| Refusal::invalid("specs"))?;
    let pictures = picture(world, properties)?.unwrap_or_default();
    let leaf = leaf(world, properties)
        .or_else(|| guess_leaf(&world.eleme.taxonomy, &name).map(|taxon| taxon.id.clone()));
    let new = NewListing {
        code: String::new(),
        name,
        group_ids: vec![category],
        category_id: leaf,
        specs: sent.iter().map(|sent| sent.spec.clone()).collect(),
        pictures: pictures.into_iter().map(|picture| picture.url).collect(),
        sold_out: !sent.iter().any(|sent| sent.on_shelf),
        description: field(properties, "description").unwrap_or_default(),
        unit: field(properties, "unit").unwrap_or_default(),
    };
    let id = world
        .add_listing(PLATFORM, &shop, new)
        .map_err(|_| no_category())?;
    let spec_ids: Vec<String> = item(world, &id)?
        .1
        .specs
        .iter()
        .map(|spec| spec.id.clone())
        .collect();
    keep_extras(world, &spec_ids, &sent);
    world.ledger.note_created(PLATFORM, &id);
    answer(world, &id)
}

fn keep_extras(world: &mut World, spec_ids: &[String], sent: &[SentSpec]) {
    for (id, sent) in spec_ids.iter().zip(sent) {
        world.eleme.packing_fen.insert(id.clone(), sent.packing_fen);
        world.eleme.max_stock.insert(id.clone(), sent.max_stock);
    }
}

fn answer(world: &World, id: &str) -> Answer {
    let (held, listing) = item(world, id)?;
    Ok(read::row(world, held, listing))
}

pub(super) fn update(world: &mut World, params: &Params) -> Answer {
    let id = need(params, "itemId")?;
    let category = need(params, "categoryId")?;
    let properties = properties(params)?;
    let (held, listing) = item(world, &id)?;
    let shop = held.remote_id.clone();
    if !held.groups.contains_key(&category) {
        return Err(no_category());
    }
    if world.eleme.locked_items.contains(&id) {
        return Err(Refusal::new(
            "BIZ_ITEM_CAN_NOT_OPERATE",
            "商品正在参加活动,不能修改",
        ));
    }
    let sent = specs(properties)?;
    let known = |id: &String| listing.specs.iter().any(|spec| spec.id == *id);
    if sent
        .iter()
        .flatten()
        .filter_map(|sent| sent.id.as_ref())
        .any(|id| !known(id))
    {
        return Err(Refusal::new("BIZ_SKU_NOT_FOUND", "SKU不存在"));
    }
    let pictures = picture(world, properties)?;
    let leaf = leaf(world, properties);
    let name = field(properties, "name");
    let spec_ids: Vec<String> = sent
        .iter()
        .flatten()
        .map(|sent| sent.id.clone().unwrap_or_else(|| world.fresh_spec_id()))
        .collect();
    if let Some(sent) = &sent {
        keep_extras(world, &spec_ids, sent);
    }
    world
        .change_listing(PLATFORM, &shop, &id, |held| {
            held.group_ids = vec![category];
            held.name = name.unwrap_or_else(|| held.name.clone());
            held.pictures = pictures.unwrap_or_else(|| held.pictures.clone());
            held.category_id = leaf.or_else(|| held.category_id.clone());
            if let Some(description) = properties.get("description").and_then(text_of) {
                held.description = description;
            }
            if let Some(sent) = sent {
                held.sold_out = !sent.iter().any(|sent| sent.on_shelf);
                held.specs = spec_ids
                    .into_iter()
                    .zip(sent)
                    .map(|(id, sent)| ListingSpec {
                        id,
                        code: sent.spec.code,
                        name: sent.spec.name,
                        upc: sent.spec.upc,
                        price_fen: sent.spec.price_fen,
                        stock: sent.spec.stock,
                        weight_g: sent.spec.weight_g,
                    })
                    .collect();
                held.multi_spec = held.specs.len() > 1;
            }
            Ok(())
        })
        .map_err(|_| no_item())?;
    world.ledger.note_updated(PLATFORM, &id);
    answer(world, &id)
}

pub(super) fn invalidate(world: &mut World, params: &Params) -> Answer {
    let id = need(params, "itemId")?;
    let (held, _) = item(world, &id)?;
    let shop = held.remote_id.clone();
    if world.eleme.locked_items.contains(&id) {
        return Err(Refusal::new(
            "BIZ_ITEM_CAN_NOT_OPERATE",
            "商品正在参加活动,不能删除",
        ));
    }
    let gone = answer(world, &id)?;
    world
        .delete_listing(PLATFORM, &shop, &id)
        .map_err(|_| no_item())?;
    let mut gone = gone;
    gone["isValid"] = json!(0);
    Ok(gone)
}

/// Takes several items away; what cannot go is named.
pub(super) fn remove(world: &mut World, params: &Params) -> Answer {
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for id in ids(params, "itemIds")? {
        let Ok((held, _)) = item(world, &id) else {
            failed.push((id, "ITEM_NOT_FOUND", "商品不存在"));
            continue;
        };
        let shop = held.remote_id.clone();
        if world.eleme.locked_items.contains(&id) {
            failed.push((id, "ITEM_CAN_NOT_OPERATE", "商品正在参加活动,不能删除"));
        } else if world.delete_listing(PLATFORM, &shop, &id).is_ok() {
            done.push(id);
        }
    }
    Ok(batch("ITEM_ID", &done, &failed))
}

/// Puts whole items on or off the shelf.
pub(super) fn set_shelf(world: &mut World, params: &Params, on_shelf: bool) -> Answer {
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for id in ids(params, "itemIds")? {
        let Ok((held, _)) = item(world, &id) else {
            failed.push((id, "ITEM_NOT_FOUND", "商品不存在"));
            continue;
        };
        let shop = held.remote_id.clone();
        let changed = world.change_listing(PLATFORM, &shop, &id, |held| {
            held.sold_out = !on_shelf;
            Ok(())
        });
        if changed.is_ok() {
            world.ledger.note_updated(PLATFORM, &id);
            done.push(id);
        }
    }
    Ok(batch("ITEM_ID", &done, &failed))
}
