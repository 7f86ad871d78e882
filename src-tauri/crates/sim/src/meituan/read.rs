//! Reading goods and the taxonomy (9.2, 13).

use serde_json::{Map, Value, json};

use super::{Answer, Refusal, need, no_product, product_code, shop, shop_code};
use crate::wire::{Call, yuan_number, yuan_text};
use crate::world::{Listing, Shop, World};

const PAGE_LIMIT: usize = 200;

/// Whole pages only: page = offset div limit + 1, so an offset that is no multiple of `limit` repeats goods.
pub(super) fn list(world: &World, call: &Call) -> Answer {
    let held = shop(world, &shop_code(call)?)?;
    let number = |name: &str| {
        need(call, name)?
            .parse::<usize>()
            .map_err(|_| Refusal::format(name))
    };
    let (offset, limit) = (number("offset")?, number("limit")?);
    if limit == 0 || limit > PAGE_LIMIT {
        return Err(Refusal::format("limit最大200"));
    }
    let start = (offset / limit) * limit;
    let rows: Vec<Value> = held
        .listings
        .values()
        .skip(start)
        .take(limit)
        .map(|listing| row(held, listing))
        .collect();
    Ok(json!({"data": rows, "extra_info": {"total_count": held.listings.len()}}))
}

pub(super) fn get(world: &World, call: &Call) -> Answer {
    let held = shop(world, &shop_code(call)?)?;
    let listing = held.listing_by_code(product_code(call)?).ok_or_else(no_product)?;
    Ok(json!({"data": row(held, listing)}))
}

/// One product as the captured answer shows it: numbers for prices, JSON text for `skus`. The platform's own ids are
/// written as the sister call of family B names them (`mt_spu_id`, `mt_sku_id`); for retail that is an assumption.
fn row(held: &Shop, listing: &Listing) -> Value {
    let group = listing.group_ids.first().and_then(|id| held.groups.get(id));
    let above = group
        .and_then(|group| group.parent.as_ref())
        .and_then(|id| held.groups.get(id));
    let (first, second) = match (above, group) {
        (Some(above), Some(group)) => (Some(above), Some(group)),
        (None, group) => (group, None),
        (Some(above), None) => (Some(above), None),
    };
    let price = listing.specs.iter().map(|spec| spec.price_fen).min().unwrap_or(0);
    let upc = listing
        .specs
        .first()
        .map(|spec| spec.upc.as_str())
        .filter(|upc| !upc.is_empty());
    let pictures: Vec<&str> = listing
        .pictures
        .iter()
        .map(|picture| picture.url.as_str())
        .collect();
    json!({
        "app_poi_code": held.remote_id, "app_food_code": listing.code, "app_spu_code": listing.code,
        "name": listing.name, "description": listing.description, "price": yuan_number(price),
        "unit": listing.unit, "min_order_count": 1, "box_num": 0, "box_price": 0,
        "category_name": first.map_or("", |group| group.name.as_str()),
        "category_code": first.map_or("", |group| group.code.as_str()),
        "secondary_category_name": second.map(|group| group.name.as_str()),
        "secondary_category_code": second.map(|group| group.code.as_str()),
        "is_sold_out": i32::from(listing.sold_out), "picture": pictures.join(","), "sequence": 1,
        "tag_id": listing.category_id.as_deref().and_then(|id| id.parse::<i64>().ok()).unwrap_or(0),
        "upc_code": upc, "ctime": listing.created_at / 1000, "utime": listing.updated_at / 1000,
        "audit_status": 0, "is_complete": 1, "mt_spu_id": listing.id.parse::<u64>().unwrap_or(0),
        "skus": Value::Array(listing.specs.iter().map(|spec| json!({
            "sku_id": spec.code, "spec": spec.name, "upc": spec.upc, "price": yuan_text(spec.price_fen),
            "stock": spec.stock.to_string(), "isSellFlag": i32::from(!listing.sold_out), "box_num": "0",
            "box_price": "0", "weight": spec.weight_g.to_string(), "weight_unit": "", "location_code": "",
            "mt_sku_id": spec.id.parse::<u64>().unwrap_or(0),
        })).collect()).to_string(),
    })
}

pub(super) fn taxonomy(world: &World) -> Value {
    let nodes = &world.meituan.taxonomy;
    let rows: Vec<Value> = nodes
        .values()
        .filter(|taxon| taxon.depth == 3)
        .map(|leaf| {
            let mut path = vec![leaf.name.as_str()];
            let mut parent = nodes.get(&leaf.parent_id);
            while let Some(above) = parent {
                path.insert(0, above.name.as_str());
                parent = nodes.get(&above.parent_id);
            }
            json!({
                "id": leaf.id.parse::<i64>().unwrap_or(0), "name": leaf.name, "level": leaf.depth,
                "name_path": path.join(","),
            })
        })
        .collect();
    json!({"data": rows})
}

pub(super) fn recommend(world: &World, call: &Call) -> Answer {
    let upc = call.param("upc_code").unwrap_or_default();
    let known = (!upc.is_empty())
        .then(|| {
            let mut goods = world
                .meituan
                .shops
                .values()
                .flat_map(|shop| shop.listings.values());
            goods.find(|listing| listing.specs.iter().any(|spec| spec.upc == upc))
        })
        .flatten();
    let name = call.param("name").unwrap_or_default();
    let name = known.map_or(name, |listing| listing.name.as_str());
    if name.is_empty() && upc.is_empty() {
        return Err(Refusal::missing("upc_code"));
    }
    let leaf = super::rules::leaf_for(world, name).ok_or_else(|| Refusal::new(1021, "类目不存在"))?;
    Ok(json!({"success_map": {
        "upc_code": upc, "name": name, "tag_id": leaf.id.parse::<i64>().unwrap_or(0), "tag_name": leaf.name,
    }}))
}

pub(super) fn required_fields(world: &World, call: &Call) -> Answer {
    let leaf = world.meituan.taxonomy.get(need(call, "tag_id")?);
    let leaf = leaf
        .filter(|taxon| taxon.depth == 3)
        .ok_or_else(|| Refusal::format("tag_id"))?;
    let mut fields = Map::new();
    fields.insert("upc".to_owned(), json!(i32::from(leaf.barcode_required)));
    fields.insert("weight".to_owned(), json!(0));
    Ok(json!({"success_map": fields}))
}
