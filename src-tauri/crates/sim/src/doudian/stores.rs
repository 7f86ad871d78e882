//! Stores and the platform's own taxonomy (5).

use serde_json::{Value, json};

use super::{Answer, Body, Refusal, as_number, field, number};
use crate::world::{Authorization, World};

/// A page of stores; pages count from 0. `state` 5 is open, 6 paused.
pub(super) fn list(world: &World, body: &Body) -> Answer {
    let page = number(body, "page")?.unwrap_or(0);
    let size = number(body, "page_size")?.unwrap_or(10);
    if page < 0 || !(1..=100).contains(&size) {
        return Err(Refusal::wrong("分页参数错误"));
    }
    let (page, size) = (
        usize::try_from(page).unwrap_or(0),
        usize::try_from(size).unwrap_or(1),
    );
    let ours: Vec<_> = world
        .doudian
        .shops
        .values()
        .filter(|shop| shop.authorization != Authorization::NotLinked)
        .collect();
    let rows: Vec<Value> = ours
        .iter()
        .skip(page * size)
        .take(size)
        .map(|shop| {
            json!({"store": {
                "store_id": as_number(&shop.remote_id), "name": shop.name, "store_code": shop.own_code,
                "poi_id": "", "state": if shop.open { 5 } else { 6 }, "is_open_now": shop.open,
            }})
        })
        .collect();
    Ok(json!({"total": ours.len(), "store_detail_list": rows}))
}

/// Children of a node; `cid` 0 gives the roots.
pub(super) fn categories(world: &World, body: &Body) -> Value {
    let parent = field(body, "cid").unwrap_or_else(|| "0".to_owned());
    let children = world.doudian.taxonomy.values();
    children
        .filter(|taxon| taxon.parent_id == parent)
        .map(|taxon| {
            json!({
                "id": as_number(&taxon.id), "name": taxon.name, "level": taxon.depth,
                "parent_id": as_number(&taxon.parent_id), "is_leaf": taxon.depth == 3, "enable": true,
            })
        })
        .collect()
}
