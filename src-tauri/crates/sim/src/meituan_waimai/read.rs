//! Dishes as both families show them (9.4).

use serde_json::{Map, Value, json};

use crate::wire::{yuan_number, yuan_text};
use crate::world::{Listing, ListingSpec, Shop, UNLIMITED, World};

/// One dish as both families show it: `skus` as JSON text, yuan, `*` for no end.
pub(super) fn row(world: &World, held: &Shop, listing: &Listing) -> Value {
    let group = listing.group_ids.first().and_then(|id| held.groups.get(id));
    let price = listing.specs.iter().map(|spec| spec.price_fen).min().unwrap_or(0);
    // F33: one picture, however many there are.
    let picture = listing
        .pictures
        .first()
        .map_or("", |picture| picture.url.as_str());
    let packing = |spec: &ListingSpec| world.mtop.packing_fen.get(&spec.id).copied().unwrap_or(0);
    let dearest = listing.specs.iter().map(packing).max().unwrap_or(0);
    let specs: Vec<Value> = listing
        .specs
        .iter()
        .map(|spec| {
            let stock = if spec.stock > UNLIMITED / 2 {
                "*".to_owned()
            } else {
                spec.stock.to_string()
            };
            json!({
                "sku_id": spec.code, "spec": spec.name, "upc": spec.upc, "price": yuan_text(spec.price_fen),
                "stock": stock, "box_num": "1", "box_price": yuan_text(packing(spec)), "available_times": Map::new(),
                "location_code": "", "weight": spec.weight_g, "weight_unit": "克",
                "mt_sku_id": spec.id.parse::<u64>().unwrap_or(0),
                "origin_sku_id": spec.id.parse::<u64>().unwrap_or(0),
            })
        })
        .collect();
    json!({
        "app_poi_code": held.remote_id, "app_food_code": listing.code, "name": listing.name,
        "description": listing.description, "price": yuan_number(price), "unit": listing.unit,
        "min_order_count": 1, "box_num": 1, "box_price": yuan_number(dearest),
        "category_name": group.map_or("", |group| group.name.as_str()),
        "is_sold_out": i32::from(listing.sold_out), "picture": picture, "sequence": 1,
        "ctime": listing.created_at / 1000, "utime": listing.updated_at / 1000,
        "mt_spu_id": listing.id.parse::<u64>().unwrap_or(0),
        "origin_spu_id": listing.id.parse::<u64>().unwrap_or(0),
        "skus": Value::Array(specs).to_string(),
    })
}

/// The page of dishes at an offset, and how many there are.
pub(super) fn page(world: &World, held: &Shop, offset: usize, limit: usize) -> (Vec<Value>, usize) {
    let start = offset.checked_div(limit).unwrap_or(0) * limit;
    let rows = held.listings.values().skip(start).take(limit);
    (
        rows.map(|listing| row(world, held, listing)).collect(),
        held.listings.len(),
    )
}
