//! Reading products (6).

use serde_json::{Map, Value, json};

use super::{Answer, Body, Refusal, as_number, field, materials, need, number, store};
use crate::world::{Listing, ListingSpec, World};

/// Where a product stands.
#[derive(Clone, Copy)]
struct Placed<'a> {
    listing: &'a Listing,
    /// The store; none for a main product.
    store: Option<&'a str>,
    deleted: bool,
}

fn all(world: &World) -> Vec<Placed<'_>> {
    let state = &world.doudian;
    let of_stores = state.shops.values().flat_map(|shop| {
        shop.listings.values().map(move |listing| Placed {
            listing,
            store: Some(shop.remote_id.as_str()),
            deleted: false,
        })
    });
    let mains = state.mains.values().map(|listing| Placed {
        listing,
        store: None,
        deleted: false,
    });
    let recycled = state.recycled.values().map(|(store, listing)| Placed {
        listing,
        store: Some(store.as_str()),
        deleted: true,
    });
    of_stores.chain(mains).chain(recycled).collect()
}

/// 0 on sale, 1 off, 2 in the recycle bin.
fn status(placed: Placed<'_>) -> i64 {
    if placed.deleted {
        2
    } else {
        i64::from(placed.listing.sold_out)
    }
}

/// 2 in review, 3 passed.
fn check_status(world: &World, product: &str) -> i64 {
    if in_review(world, product) { 2 } else { 3 }
}

pub(super) fn in_review(world: &World, product: &str) -> bool {
    let until = world.doudian.in_review.get(product);
    until.is_some_and(|until| *until > world.now_ms())
}

/// A page of products, newest change last; the bin is shown too. A store's products when `store_id` names it, else all
/// of the shop.
pub(super) fn list(world: &World, body: &Body) -> Answer {
    let page = number(body, "page")?.unwrap_or(1);
    let size = number(body, "size")?.unwrap_or(10);
    if !(1..=100).contains(&page) || !(1..=100).contains(&size) || page * size > 10_000 {
        return Err(Refusal::wrong("分页参数错误,page*size最大不能超过1万条"));
    }
    let named = field(body, "store_id");
    if let Some(named) = &named {
        store(world, named)?;
    }
    let wanted = number(body, "status")?;
    let name = field(body, "name");
    let mut found: Vec<Placed<'_>> = all(world)
        .into_iter()
        .filter(|placed| named.as_deref().is_none_or(|named| placed.store == Some(named)))
        .filter(|placed| wanted.is_none_or(|wanted| status(*placed) == wanted))
        .filter(|placed| {
            name.as_ref()
                .is_none_or(|name| placed.listing.name.contains(name))
        })
        .collect();
    found.sort_by(|a, b| a.listing.id.cmp(&b.listing.id));
    let (page, size) = (
        usize::try_from(page).unwrap_or(1),
        usize::try_from(size).unwrap_or(1),
    );
    let rows: Vec<Value> = found
        .iter()
        .skip((page - 1) * size)
        .take(size)
        .map(|placed| short(world, *placed))
        .collect();
    Ok(json!({"data": rows, "total": found.len(), "page": page, "size": size}))
}

fn short(world: &World, placed: Placed<'_>) -> Value {
    let listing = placed.listing;
    let img = listing
        .pictures
        .first()
        .map_or("", |picture| picture.url.as_str());
    let mut row = json!({
        "product_id": as_number(&listing.id), "outer_product_id": listing.code, "name": listing.name,
        "status": status(placed), "check_status": check_status(world, &listing.id), "img": img,
        "product_type": 0, "create_time": listing.created_at / 1000, "update_time": listing.updated_at / 1000,
        "description": listing.description, "category_detail": category(world, listing),
    });
    if placed.store.is_some() {
        row["channel_main_product"] =
            json!({"product_id": main_of(world, &listing.id), "shop_id": as_number(&world.doudian.shop_id)});
    }
    row
}

/// A store's product always has one; for goods made in the console a number of its own is told.
fn main_of(world: &World, product: &str) -> Value {
    as_number(world.doudian.main_of.get(product).map_or(product, String::as_str))
}

fn category(world: &World, listing: &Listing) -> Value {
    let taxonomy = &world.doudian.taxonomy;
    let third = listing.category_id.as_ref().and_then(|id| taxonomy.get(id));
    let second = third.and_then(|taxon| taxonomy.get(&taxon.parent_id));
    let number = |id: Option<&String>| id.map_or(json!(0), |id| as_number(id));
    json!({
        "first_cid": number(second.map(|taxon| &taxon.parent_id)), "second_cid": number(third.map(|taxon| &taxon.parent_id)),
        "third_cid": number(third.map(|taxon| &taxon.id)), "fourth_cid": 0,
    })
}

pub(super) fn detail(world: &World, body: &Body) -> Answer {
    let id = need(body, "product_id")?;
    let placed = all(world)
        .into_iter()
        .find(|placed| placed.listing.id == id)
        .ok_or_else(|| Refusal::business(2_010_058, "商品不存在"))?;
    if let Some(named) = placed.store {
        store(world, named)?;
    }
    let listing = placed.listing;
    let values: Vec<Value> = listing
        .specs
        .iter()
        .map(|spec| json!({"id": value_id(spec), "name": spec.name, "status": 0}))
        .collect();
    let rows: Vec<Value> = listing.specs.iter().map(|spec| sku(spec, placed.store)).collect();
    let main = placed.store.map_or(json!(0), |_| main_of(world, &listing.id));
    Ok(json!({
        "product_id": as_number(&listing.id), "product_id_str": listing.id, "outer_product_id": listing.code,
        "name": listing.name, "pic": materials::listed(&listing.pictures), "description": listing.description,
        "status": status(placed), "check_status": check_status(world, &listing.id), "draft_status": 0,
        "mobile": "", "category_detail": category(world, listing), "store_id": placed.store.map_or(json!(0), as_number),
        "main_product_id": main, "specs": [{"id": 1, "name": "规格", "values": values}], "spec_prices": rows,
    }))
}

/// The id of a spec's value: not the SKU's.
fn value_id(spec: &ListingSpec) -> Value {
    spec.id
        .parse::<i64>()
        .map_or(Value::Null, |id| json!(id - 20_000_000_000_000_000))
}

fn sku(spec: &ListingSpec, store: Option<&str>) -> Value {
    let mut row = json!({
        "sku_id": as_number(&spec.id), "code": spec.code, "outer_sku_id": "", "out_sku_id": 0,
        "spec_detail_ids": [value_id(spec)], "price": spec.price_fen, "sku_type": i32::from(store.is_some()),
        "stock_num": if store.is_some() { 0 } else { spec.stock }, "lock_stock_num": 0,
    });
    if let Some(store) = store {
        let mut by_store = Map::new();
        by_store.insert(store.to_owned(), json!(spec.stock));
        row["stock_num_map"] = Value::Object(by_store);
    }
    row
}
