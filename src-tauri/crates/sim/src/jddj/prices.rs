//! Prices of a store (12). Money is fen.

use serde_json::{Value, json};

use super::{Answer, Body, PLATFORM, Refusal, Said, as_number, ids, need, number, product, rows, store};
use crate::world::World;

pub(super) fn of_store(world: &World, body: &Body) -> Answer {
    let shop = store(world, body)?;
    let rows: Vec<Value> = ids(body, "skuIds")
        .iter()
        .filter_map(|id| shop.listings.get(id))
        .map(|listing| {
            json!({
                "stationNo": shop.remote_id, "price": listing.specs.first().map_or(0, |spec| spec.price_fen),
                "pin": "sim", "venderId": world.jddj.vender_id, "skuId": as_number(&listing.id), "vipPrice": 0,
                "promoteVipPrice": 0,
            })
        })
        .collect();
    Ok(Said::Result(json!(rows)))
}

fn checked(fen: Option<i64>) -> Result<i64, &'static str> {
    match fen {
        None => Err("价格不能为空"),
        Some(fen) if fen < 1 => Err("价格必须大于0"),
        Some(fen) => Ok(fen),
    }
}

fn set(world: &mut World, shop: &str, id: &str, fen: i64) -> Result<(), &'static str> {
    world
        .change_listing(PLATFORM, shop, id, |listing| {
            for spec in &mut listing.specs {
                spec.price_fen = fen;
            }
            Ok(())
        })
        .map_err(|_| "商品不存在")
}

/// One row for each of ours, told apart; the store is named by exactly one of its numbers.
pub(super) fn update(world: &mut World, body: &Body) -> Answer {
    if body.contains_key("stationNo") && body.contains_key("outStationNo") {
        return Err(Refusal::Inner(
            "1".to_owned(),
            "stationNo和outStationNo有且只能传一个".to_owned(),
        ));
    }
    let shop = store(world, body)?.remote_id.clone();
    let mut told = Vec::new();
    for row in rows(body, "skuPriceInfoList")? {
        let code = need(&row, "outSkuId")?;
        let id = world.jddj.by_code(&code).map(|listing| listing.id.clone());
        let done = match (id, checked(number(&row, "price")?)) {
            (None, _) => Err("商品不存在"),
            (_, Err(text)) => Err(text),
            (Some(id), Ok(fen)) => set(world, &shop, &id, fen),
        };
        told.push(json!({
            "outSkuId": code, "stationNo": shop, "errorCode": if done.is_ok() { "0" } else { "1" },
            "errorMessage": done.err().unwrap_or("成功"),
        }));
    }
    Ok(Said::Result(json!(told)))
}

/// By JD's id, one.
pub(super) fn update_one(world: &mut World, body: &Body) -> Answer {
    let shop = store(world, body)?.remote_id.clone();
    let id = need(body, "skuId")?;
    if product(world, &id).is_none() {
        return Err(Refusal::inner("商品不存在"));
    }
    checked(number(body, "price")?)
        .and_then(|fen| set(world, &shop, &id, fen))
        .map_err(Refusal::inner)?;
    Ok(Said::Result(json!(true)))
}
