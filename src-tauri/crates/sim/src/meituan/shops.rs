//! Shops (7).

use serde_json::{Value, json};

use super::{Answer, Refusal, need, ok, shop_code, shop_of, side, state, state_mut};
use crate::wire::Call;
use crate::world::{Authorization, PlatformId, World};

const MGET_LIMIT: usize = 200;

pub(super) fn ids(world: &World, call: &Call) -> Value {
    let linked = state(world, call)
        .shops
        .values()
        .filter(|shop| shop.authorization != Authorization::NotLinked)
        .map(|shop| shop.remote_id.clone());
    json!({"data": linked.collect::<Vec<_>>()})
}

/// Unknown ids are left out.
pub(super) fn many(world: &World, call: &Call) -> Answer {
    let codes: Vec<&str> = need(call, "app_poi_codes")?.split(',').collect();
    if codes.len() > MGET_LIMIT {
        return Err(Refusal::format("app_poi_codes最多200个"));
    }
    let kind = match side(world, call) {
        PlatformId::MeituanWaimai => "快餐简餐",
        _ => "超市便利",
    };
    let found: Vec<Value> = codes
        .into_iter()
        .filter_map(|code| state(world, call).shops.get(code))
        .filter(|shop| shop.authorization != Authorization::NotLinked)
        .map(|shop| {
            json!({
                "app_poi_code": shop.remote_id, "name": shop.name, "address": "示例路1号",
                "latitude": 39_990_000, "longitude": 116_480_000, "phone": "01000000000", "shipping_fee": 5.0,
                "shipping_time": "00:00-23:59", "open_level": if shop.open { 1 } else { 3 }, "is_online": 1,
                "ctime": 1_600_000_000, "utime": 1_600_000_000, "third_tag_name": kind, "logistics_codes": "2002",
            })
        })
        .collect();
    Ok(json!({"data": found}))
}

pub(super) fn set_open(world: &mut World, call: &Call, open: bool) -> Answer {
    let code = shop_code(call)?;
    shop_of(world, call, &code)?;
    if let Some(shop) = state_mut(world, call).shops.get_mut(&code) {
        shop.open = open;
    }
    Ok(ok())
}
