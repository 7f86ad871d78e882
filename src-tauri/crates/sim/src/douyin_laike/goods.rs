//! What changes without an audit (6): price, stock, online or not, and the stores of a product.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Answer, Body, PLATFORM, Refusal, field, number, read, save, store};
use crate::wire::text_of;
use crate::world::{Listing, World};

/// The product that a body names by either id.
fn named(world: &World, body: &Body) -> Result<String, Refusal> {
    let by_id = field(body, "product_id");
    let by_id = by_id.filter(|id| world.laike.shelf_of(id).is_some());
    let found = by_id.or_else(|| read::by_out_id(world, &field(body, "out_id")?));
    let id = found.ok_or_else(|| Refusal::wrong("参数不合法: 商品不存在"))?;
    if let Some(shop) = world.laike.shelf_of(&id) {
        store(world, &shop.remote_id)?;
    }
    Ok(id)
}

/// Changes a product as it was saved and as it is online.
fn change(world: &mut World, id: &str, act: impl Fn(&mut Listing)) -> Answer {
    let shelf = world.laike.shelf_of(id).map(|shop| shop.remote_id.clone());
    let gone = || Refusal::wrong("参数不合法: 商品不存在");
    world
        .change_listing(PLATFORM, &shelf.ok_or_else(gone)?, id, |listing| {
            act(listing);
            Ok(())
        })
        .map_err(|_| gone())?;
    let review = world.laike.reviews.get_mut(id);
    if let Some(live) = review.and_then(|review| review.live.as_mut()) {
        act(&mut live.listing);
    }
    world.ledger.note_updated(PLATFORM, id);
    Ok(Map::new())
}

/// Price, stock and the end of the sale, at once.
pub(super) fn free_audit(world: &mut World, body: &Body) -> Answer {
    let id = named(world, body)?;
    let (price, stock) = (number(body, "actual_amount")?, number(body, "stock_qty")?);
    if price.is_some_and(|fen| fen < 1) || stock.is_some_and(|pieces| pieces < 0) {
        return Err(Refusal::wrong("参数不合法: actual_amount或stock_qty"));
    }
    if let Some(price) = price {
        // Against what is online: that is where the price goes.
        let shown = read::live(world, &id).or_else(|| world.laike.saved(&id));
        let dishes = shown.map(|product| product.dishes).unwrap_or_default();
        if !dishes.is_empty() {
            save::affordable(world, &dishes, 0, price)?;
        }
    }
    change(world, &id, |listing| {
        for spec in &mut listing.specs {
            spec.price_fen = price.unwrap_or(spec.price_fen);
            spec.stock = stock.unwrap_or(spec.stock);
        }
    })
}

/// 1 online, 2 offline.
pub(super) fn operate(world: &mut World, body: &Body) -> Answer {
    let id = named(world, body)?;
    let off = match number(body, "op_type")? {
        Some(1) => false,
        Some(2) => true,
        _ => return Err(Refusal::wrong("参数不合法: op_type")),
    };
    if !off && read::live(world, &id).is_none() && world.laike.reviews.contains_key(&id) {
        return Err(Refusal::wrong("商品未审核通过，不能上架"));
    }
    change(world, &id, |listing| listing.sold_out = off)
}

pub(super) fn stock(world: &mut World, body: &Body) -> Answer {
    let id = named(world, body)?;
    let Some(Value::Object(stock)) = body.get("stock") else {
        return Err(Refusal::missing("stock"));
    };
    let pieces = save::pieces(stock)?;
    change(world, &id, |listing| {
        for spec in &mut listing.specs {
            spec.stock = pieces;
        }
    })
}

/// Binds stores to a product or takes them away: `op_type` 1 and 2. One store stays.
pub(super) fn pois(world: &mut World, body: &Body) -> Answer {
    let id = named(world, body)?;
    let rows = body.get("poi_ids").and_then(Value::as_array);
    let named: BTreeSet<String> = rows.into_iter().flatten().filter_map(text_of).collect();
    if named.is_empty() {
        return Err(Refusal::missing("poi_ids"));
    }
    for poi in &named {
        store(world, poi)?;
    }
    let mut pois = read::pois(world, &id);
    match number(body, "op_type")? {
        Some(1) => pois.extend(named),
        Some(2) => pois.retain(|poi| !named.contains(poi)),
        _ => return Err(Refusal::wrong("参数不合法: op_type")),
    }
    if pois.is_empty() {
        return Err(Refusal::wrong("参数不合法: 至少保留一家门店"));
    }
    world.laike.bound.insert(id, pois);
    Ok(Map::new())
}
