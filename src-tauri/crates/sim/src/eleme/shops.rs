//! The merchant and the shops he has authorized (5).

use serde_json::{Map, Value, json};

use super::{Answer, Params, id_number, ids, shop};
use crate::world::{Authorization, World};

pub(super) fn user(world: &World) -> Value {
    let shops: Vec<Value> = world
        .eleme
        .shops
        .values()
        .filter(|shop| shop.authorization == Authorization::Valid)
        .map(|shop| json!({"id": id_number(&shop.remote_id), "name": shop.name}))
        .collect();
    json!({"userId": 900_000_000_000_000_001_u64, "userName": "示例商户", "authorizedShops": shops})
}

pub(super) fn get(world: &World, params: &Params) -> Answer {
    let held = shop(world, params)?;
    Ok(json!({
        "id": id_number(&held.remote_id), "name": held.name, "addressText": "示例路1号", "isOpen": i32::from(held.open),
        "isValid": 1, "busyLevel": i32::from(!held.open), "packingFee": 0, "openId": held.own_code,
    }))
}

/// By id; shops that are not the merchant's are left out.
pub(super) fn statuses(world: &World, params: &Params) -> Answer {
    let mut found = Map::new();
    for id in ids(params, "shopIds")? {
        if let Some(held) = world.eleme.shops.get(&id) {
            let status = json!({"id": id_number(&id), "isOpen": i32::from(held.open), "isValid": 1});
            found.insert(id, status);
        }
    }
    Ok(Value::Object(found))
}
