//! Shops (5).

use serde_json::{Value, json};

use super::{Answer, Body, shop, shop_id, shop_mut};
use crate::world::{Authorization, World};

/// `sys_status` 6 = normal.
pub(super) fn list(world: &World) -> Value {
    let linked = world
        .ebai
        .shops
        .values()
        .filter(|shop| shop.authorization != Authorization::NotLinked);
    linked
        .map(|shop| {
            json!({
                "baidu_shop_id": shop.remote_id, "shop_id": shop.own_code, "name": shop.name,
                "status": if shop.open { 1 } else { 3 }, "sys_status": 6,
            })
        })
        .collect()
}

pub(super) fn get(world: &World, body: &Body) -> Answer {
    let held = shop(world, &shop_id(world, body)?)?;
    Ok(json!({
        "baidu_shop_id": held.remote_id, "shop_id": held.own_code, "name": held.name,
        "status": if held.open { 1 } else { 3 }, "sys_status": 6, "phone": "01000000000", "address": "示例路1号",
        "business_time": [{"start": "00:00", "end": "23:59"}], "package_box_price": 0,
    }))
}

pub(super) fn set_open(world: &mut World, body: &Body, open: bool) -> Answer {
    let id = shop_id(world, body)?;
    shop_mut(world, &id)?.open = open;
    Ok(Value::Bool(true))
}
