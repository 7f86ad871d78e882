//! The token's swap and stores (2, 7).

use serde_json::{Value, json};

use super::{Answer, Body, PLATFORM, Refusal, Said, need, number};
use crate::world::{Authorization, JddjState, World};

/// The application says that it has the new token: from now on the old one is dead.
pub(super) fn swap_token(world: &mut World, body: &Body) -> Answer {
    let (old, new) = (need(body, "oldToken")?, need(body, "newToken")?);
    if need(body, "appKey")? != world.jddj.app.id || old != world.jddj.token {
        return Err(Refusal::inner("旧token不正确"));
    }
    if world.jddj.next_token.as_ref() != Some(&new) {
        return Err(Refusal::inner("新token不正确"));
    }
    world.jddj.token = new;
    world.jddj.next_token = None;
    world.jddj.token_until = world.now_ms() + JddjState::TOKEN_MS;
    Ok(Said::Result(json!(true)))
}

pub(super) fn list(world: &World) -> Said {
    let shops = world.jddj.shops.values();
    let numbers: Value = shops
        .filter(|shop| shop.authorization != Authorization::NotLinked)
        .map(|shop| json!(shop.remote_id))
        .collect();
    Said::Result(numbers)
}

/// Its parameter begins with a capital letter.
pub(super) fn one(world: &World, body: &Body) -> Answer {
    let id = need(body, "StoreNo")?;
    let found = world.jddj.shops.get(&id);
    let shop = found
        .filter(|shop| shop.authorization == Authorization::Valid)
        .ok_or_else(|| Refusal::Inner("14".to_owned(), "没有查询到门店信息".to_owned()))?;
    Ok(Said::Result(json!({
        "venderId": world.jddj.vender_id, "venderName": "示例商家", "stationNo": shop.remote_id,
        "stationName": shop.name, "stationAddress": "示例路1号", "outSystemId": shop.own_code, "yn": 0,
        "closeStatus": i32::from(!shop.open), "isAutoOrder": 1,
    })))
}

pub(super) fn update(world: &mut World, body: &Body) -> Answer {
    let id = need(body, "stationNo")?;
    need(body, "operator")?;
    let closed = number(body, "closeStatus")?;
    let wrong = || Refusal::Inner("10026".to_owned(), "门店编码不正确".to_owned());
    let shop = world.shop_mut(PLATFORM, &id).map_err(|_| wrong())?;
    if let Some(closed) = closed {
        shop.open = closed == 0;
    }
    Ok(Said::Result(json!(true)))
}
