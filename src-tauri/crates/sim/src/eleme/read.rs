//! Reading items (5).

use serde_json::{Value, json};

use super::{Answer, Params, Refusal, id_number, ids, item, need, shop};
use crate::wire::{text_of, yuan_number};
use crate::world::{Listing, ListingSpec, Shop, World};

/// Largest page: the highest figure a client is known to use. The real one is not published.
const PAGE_LIMIT: usize = 300;
/// Upper bound of the stock of goods made in the merchant's console.
pub(super) const MAX_STOCK: i64 = 10_000;

pub(super) fn page(world: &World, params: &Params) -> Answer {
    let Some(Value::Object(query)) = params.get("queryPage") else {
        return Err(Refusal::invalid("queryPage"));
    };
    let held = shop(world, query)?;
    let number = |name: &str, default: usize| match query.get(name) {
        None => Ok(default),
        Some(value) => text_of(value)
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| Refusal::invalid(name)),
    };
    let (offset, limit) = (number("offset", 0)?, number("limit", PAGE_LIMIT)?);
    if !(1..=PAGE_LIMIT).contains(&limit) {
        return Err(Refusal::invalid("limit"));
    }
    Ok(held
        .listings
        .values()
        .skip(offset)
        .take(limit)
        .map(|listing| row(world, held, listing))
        .collect())
}

pub(super) fn one(world: &World, params: &Params) -> Answer {
    let (held, listing) = item(world, &need(params, "itemId")?)?;
    Ok(row(world, held, listing))
}

pub(super) fn several(world: &World, params: &Params) -> Answer {
    let mut rows = serde_json::Map::new();
    for id in ids(params, "itemIds")? {
        if let Ok((held, listing)) = item(world, &id) {
            rows.insert(id, row(world, held, listing));
        }
    }
    Ok(Value::Object(rows))
}

/// The item of which a spec carries the code; null when none does.
pub(super) fn by_code(world: &World, params: &Params) -> Answer {
    let held = shop(world, params)?;
    let code = need(params, "extendCode")?;
    let found = held
        .listings
        .values()
        .find(|listing| listing.specs.iter().any(|spec| spec.code == code));
    Ok(found.map_or(Value::Null, |listing| row(world, held, listing)))
}

/// One item. A picture that is not square is not shown (F47).
pub(super) fn row(world: &World, held: &Shop, listing: &Listing) -> Value {
    let picture = listing
        .pictures
        .first()
        .map_or("", |picture| picture.url.as_str());
    let shown = world
        .eleme
        .pictures
        .iter()
        .find(|(hash, _)| super::pictures::address(hash) == picture)
        .is_none_or(|(_, square)| *square);
    let locked = world.eleme.locked_items.contains(&listing.id);
    let specs: Vec<Value> = listing
        .specs
        .iter()
        .map(|spec| spec_row(world, listing, spec, locked))
        .collect();
    json!({
        "id": id_number(&listing.id), "name": listing.name, "description": listing.description, "isValid": 1,
        "categoryId": listing.group_ids.first().map_or(json!(0), |id| id_number(id)),
        "shopId": id_number(&held.remote_id), "imageUrl": if shown { picture } else { "" }, "unit": listing.unit,
        "recentPopularity": 0, "backCategoryId": listing.category_id.as_deref().map_or(Value::Null, id_number),
        "labels": {"isFeatured": 0, "isGum": 0, "isNew": 0, "isSpicy": 0}, "attributes": [], "specs": specs,
    })
}

fn spec_row(world: &World, listing: &Listing, spec: &ListingSpec, locked: bool) -> Value {
    let packing = world.eleme.packing_fen.get(&spec.id).copied().unwrap_or(0);
    json!({
        "specId": id_number(&spec.id), "name": spec.name, "price": yuan_number(spec.price_fen), "stock": spec.stock,
        "maxStock": world.eleme.max_stock.get(&spec.id).copied().unwrap_or(MAX_STOCK),
        "packingFee": yuan_number(packing), "onShelf": i32::from(!listing.sold_out), "extendCode": spec.code,
        "barCode": spec.upc, "weight": spec.weight_g, "activityLevel": i32::from(locked),
    })
}
