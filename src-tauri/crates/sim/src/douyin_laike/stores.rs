//! Stores of the merchant (4).

use serde_json::{Value, json};

use super::{Answer, Body, field, page};
use crate::world::{Authorization, World};

pub(super) fn query(world: &World, body: &Body) -> Answer {
    let (at, size) = page(body, "page", "size", 50)?;
    let wanted = field(body, "poi_id");
    let root = json!({"account_id": world.laike.account_id, "account_name": "示例商家", "account_type": "enterprise"});
    let found: Vec<_> = world
        .laike
        .shops
        .values()
        .filter(|shop| shop.authorization != Authorization::NotLinked)
        .filter(|shop| wanted.as_ref().is_none_or(|poi| shop.remote_id == *poi))
        .collect();
    let rows: Vec<Value> = found
        .iter()
        .skip((at - 1) * size)
        .take(size)
        .map(|shop| {
            let account = format!("71{}", shop.remote_id);
            json!({
                "poi": {
                    "poi_id": shop.remote_id, "poi_name": shop.name, "address": "示例路1号", "latitude": 39.93,
                    "longitude": 116.45,
                },
                "account": {
                    "parent_account": root,
                    "poi_account": {"account_id": account, "account_name": shop.name, "account_type": "poi"},
                },
                "root_account": root,
            })
        })
        .collect();
    let mut data = Body::new();
    data.insert("pois".into(), Value::Array(rows));
    data.insert("total".into(), json!(found.len()));
    Ok(data)
}
