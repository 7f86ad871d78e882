//! Reading products (6): what is online, and what was saved and is not online yet.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Answer, Body, Refusal, field, listed, number, save};
use crate::world::{LaikeProduct, LaikeReview, SINGLE_SPEC, World};

/// Products that one call may name.
const NAMED: usize = 10;
const COUNT: i64 = 50;
/// Of a draft: in review, refused, passed.
const REVIEWING: i64 = 10;
const REFUSED: i64 = 12;
const PASSED: i64 = 1;

/// The audit that holds a product back now.
fn review<'a>(world: &'a World, id: &str) -> Option<&'a LaikeReview> {
    let review = world.laike.reviews.get(id)?;
    (review.refused.is_some() || review.until > world.now_ms()).then_some(review)
}

/// What of a product is online; `None` of one that has not passed its first audit.
pub(super) fn live(world: &World, id: &str) -> Option<LaikeProduct> {
    match review(world, id) {
        Some(review) => review.live.clone(),
        None => world.laike.saved(id),
    }
}

/// The merchant's product of that out id, as it was last saved; an empty one finds nothing.
pub(super) fn by_out_id(world: &World, out_id: &str) -> Option<String> {
    let mut shops = world.laike.shops.values();
    shops.find_map(|shop| Some(shop.listing_by_code(out_id)?.id.clone()))
}

/// The stores that sell a product.
pub(super) fn pois(world: &World, id: &str) -> BTreeSet<String> {
    if let Some(bound) = world.laike.bound.get(id) {
        return bound.clone();
    }
    let shelf = world.laike.shelf_of(id);
    shelf.map(|shop| shop.remote_id.clone()).into_iter().collect()
}

fn all(world: &World) -> Vec<String> {
    let shops = world.laike.shops.values();
    let mut ids: Vec<String> = shops.flat_map(|shop| shop.listings.keys().cloned()).collect();
    ids.sort();
    ids
}

fn product(world: &World, held: &LaikeProduct) -> Value {
    let listing = &held.listing;
    let mut attributes = json!(held.attributes);
    if !held.dishes.is_empty() {
        let items: Vec<Value> = held
            .dishes
            .iter()
            .map(
                |dish| json!({"name": dish.name, "price": dish.price_fen, "count": dish.count, "unit": "份"}),
            )
            .collect();
        let group = json!([{
            "group_name": "套餐", "total_count": items.len(), "option_count": items.len(), "item_list": items,
        }]);
        attributes["commodity"] = json!(group.to_string());
    }
    if !listing.pictures.is_empty() {
        let urls: Vec<Value> = listing
            .pictures
            .iter()
            .map(|picture| json!({"url": picture.url}))
            .collect();
        attributes["image_list"] = json!(Value::Array(urls).to_string());
    }
    let pois: Vec<Value> = pois(world, &listing.id)
        .into_iter()
        .map(|poi| json!({"poi_id": poi, "supplier_ext_id": "", "supplier_id": "0"}))
        .collect();
    let leaf = listing.category_id.as_deref().unwrap_or_default();
    let taxon = world.laike.taxonomy.get(leaf);
    json!({
        "product_id": listing.id, "out_id": listing.code, "product_name": listing.name,
        "category_id": leaf.parse::<i64>().unwrap_or_default(),
        "category_full_name": taxon.map_or("", |taxon| taxon.name.as_str()), "product_type": 1, "biz_line": 1,
        "creator_account_id": world.laike.account_id, "owner_account_id": world.laike.account_id,
        "account_name": "示例商家", "sold_start_time": listing.created_at / 1000,
        "sold_end_time": listing.created_at / 1000 + 5 * 365 * 86_400, "desc": listing.description, "pois": pois,
        "telephone": [], "attr_key_value_map": attributes, "product_ext": {"auto_online": !listing.sold_out},
        "create_time": listing.created_at / 1000, "update_time": listing.updated_at / 1000, "out_url": "",
    })
}

fn sku(held: &LaikeProduct) -> Value {
    let listing = &held.listing;
    let Some(spec) = listing.specs.first() else {
        return Value::Null;
    };
    let unlimited = spec.stock > i64::MAX / 2;
    let stock = if unlimited {
        json!({"limit_type": 2, "stock_qty": 0, "avail_qty": 0, "frozen_qty": 0, "sold_qty": 0, "sold_count": 0})
    } else {
        json!({
            "limit_type": 1, "stock_qty": spec.stock, "avail_qty": spec.stock, "frozen_qty": 0, "sold_qty": 0,
            "sold_count": 0,
        })
    };
    let name = if spec.name == SINGLE_SPEC {
        &listing.name
    } else {
        &spec.name
    };
    json!({
        "sku_id": spec.id, "out_sku_id": spec.code, "sku_name": name, "origin_amount": save::sum(&held.dishes),
        "actual_amount": spec.price_fen, "status": 1, "stock": stock, "attr_key_value_map": {},
        "create_time": listing.created_at / 1000, "update_time": listing.updated_at / 1000,
    })
}

/// 1 online, 2 taken off.
fn online_status(held: &LaikeProduct) -> i64 {
    if held.listing.sold_out { 2 } else { 1 }
}

fn online_row(world: &World, held: &LaikeProduct) -> Value {
    json!({
        "online_status": online_status(held), "product": product(world, held), "sku": sku(held),
        "commission_info": {"platform_take_rate": 0},
    })
}

/// A product as it was saved, with where its audit stands; what was refused is shown as it was.
fn draft_row(world: &World, id: &str) -> Option<Value> {
    let saved = world.laike.saved(id)?;
    let (status, held, reason) = match review(world, id) {
        Some(review) => match &review.refused {
            Some((refused, reason)) => (REFUSED, refused.clone(), reason.as_str()),
            None => (REVIEWING, saved, ""),
        },
        None => (PASSED, saved, ""),
    };
    Some(json!({
        "draft_status": status, "audit_msg": reason, "product": product(world, &held), "sku": sku(&held),
    }))
}

/// Ids after the cursor, and the cursor behind the last.
fn paged(body: &Body, ids: Vec<String>) -> Result<(Vec<String>, String, bool), Refusal> {
    let count = number(body, "count")?.unwrap_or(20);
    if !(1..=COUNT).contains(&count) {
        return Err(Refusal::wrong("参数不合法: count最大50"));
    }
    let after = field(body, "cursor").unwrap_or_default();
    let count = usize::try_from(count).unwrap_or(1);
    let mut rest = ids.into_iter().filter(|id| *id > after);
    let page: Vec<String> = rest.by_ref().take(count).collect();
    let more = rest.next().is_some();
    let next = page.last().cloned().unwrap_or_default();
    Ok((page, next, more))
}

/// Who made the products that are asked for: by default those that calls made, with 1 the console's, and with a kind
/// of account all.
fn wanted(world: &World, body: &Body, id: &str) -> Result<bool, Refusal> {
    let by_call = world.laike.by_call.contains(id);
    if number(body, "goods_query_type")?.is_some_and(|kind| kind > 0) {
        return Ok(true);
    }
    Ok(by_call == (number(body, "goods_creator_type")?.unwrap_or(0) == 0))
}

fn at_stores(world: &World, body: &Body, id: &str) -> bool {
    let named = match body.get("poi_ids") {
        Some(Value::Array(rows)) => rows.iter().filter_map(crate::wire::text_of).collect(),
        _ => listed(&field(body, "poi_ids").unwrap_or_default()),
    };
    named.is_empty() || pois(world, id).iter().any(|poi| named.contains(poi))
}

pub(super) fn online_query(world: &World, body: &Body) -> Answer {
    let status = number(body, "status")?;
    for poi in listed(&field(body, "poi_ids").unwrap_or_default()) {
        super::store(world, &poi)?;
    }
    let mut ids = Vec::new();
    for id in all(world) {
        let Some(held) = live(world, &id) else { continue };
        let fits = status.is_none_or(|status| status == online_status(&held));
        if fits && wanted(world, body, &id)? && at_stores(world, body, &id) {
            ids.push(id);
        }
    }
    let (page, next, more) = paged(body, ids)?;
    let rows = page
        .iter()
        .filter_map(|id| Some(online_row(world, &live(world, id)?)));
    Ok(list("products", rows.collect(), Some((next, more))))
}

pub(super) fn draft_query(world: &World, body: &Body) -> Answer {
    let status = number(body, "status")?;
    let mut ids = Vec::new();
    for id in all(world) {
        let there = draft_row(world, &id).and_then(|row| row.get("draft_status").and_then(Value::as_i64));
        if world.laike.reviews.contains_key(&id) && (status.is_none() || status == there) {
            ids.push(id);
        }
    }
    let (page, next, more) = paged(body, ids)?;
    let rows = page.iter().filter_map(|id| draft_row(world, id));
    Ok(list("products", rows.collect(), Some((next, more))))
}

/// The ids that a call names by the platform's ids or by out ids.
fn named(world: &World, body: &Body) -> Result<Vec<String>, Refusal> {
    let mut ids = listed(&field(body, "product_ids").unwrap_or_default());
    let codes = listed(&field(body, "out_ids").unwrap_or_default());
    if ids.is_empty() && codes.is_empty() {
        return Err(Refusal::missing("product_ids"));
    }
    if ids.len() + codes.len() > NAMED {
        return Err(Refusal::wrong("参数不合法: 一次最多查询10个商品"));
    }
    ids.extend(codes.iter().filter_map(|code| by_out_id(world, code)));
    ids.dedup();
    Ok(ids)
}

pub(super) fn online_get(world: &World, body: &Body) -> Answer {
    let ids = named(world, body)?;
    let rows = ids
        .iter()
        .filter_map(|id| Some(online_row(world, &live(world, id)?)));
    Ok(list("product_onlines", rows.collect(), None))
}

pub(super) fn draft_get(world: &World, body: &Body) -> Answer {
    let ids = named(world, body)?;
    let with_audit = ids.iter().filter(|id| world.laike.reviews.contains_key(*id));
    let rows = with_audit.filter_map(|id| draft_row(world, id));
    Ok(list("product_drafts", rows.collect(), None))
}

fn list(name: &str, rows: Vec<Value>, page: Option<(String, bool)>) -> Body {
    let mut data = Body::new();
    data.insert(name.to_owned(), Value::Array(rows));
    if let Some((next, more)) = page {
        data.insert("next_cursor".into(), json!(next));
        data.insert("has_more".into(), json!(more));
    }
    data
}
