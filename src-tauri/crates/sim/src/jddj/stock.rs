//! Stock and sellability of a store (11).

use serde_json::{Value, json};

use super::{Answer, Body, PLATFORM, Refusal, Said, as_number, need, number, product, rows, store, truth};
use crate::world::{Listing, World};

/// Most pieces that are taken.
const MOST: i64 = 99_999_999;

pub(super) fn query(world: &World, body: &Body) -> Answer {
    let mut told = Vec::new();
    for row in rows(body, "listBaseStockCenterRequest")? {
        let shop = store(world, &row)?;
        let id = need(&row, "skuId")?;
        let Some(listing) = shop.listings.get(&id) else {
            continue;
        };
        told.push(json!({
            "stationNo": shop.remote_id, "skuId": as_number(&id), "venderId": world.jddj.vender_id,
            "usableQty": listing.specs.first().map_or(0, |spec| spec.stock), "lockQty": 0, "orderQty": 0,
            "vendibility": i32::from(listing.sold_out), "have": 0,
        }));
    }
    Ok(Said::Rows(json!(told)))
}

fn change(
    world: &mut World,
    shop: &str,
    id: &str,
    act: impl FnOnce(&mut Listing),
) -> Result<(), &'static str> {
    world
        .change_listing(PLATFORM, shop, id, |listing| {
            act(listing);
            Ok(())
        })
        .map_err(|_| "商品不存在")
}

fn pieces(count: Option<i64>) -> Result<i64, &'static str> {
    match count {
        None => Err("库存不能为空"),
        Some(count) if !(0..=MOST).contains(&count) => Err("库存数量不正确"),
        Some(count) => Ok(count),
    }
}

fn set(world: &mut World, shop: &str, id: &str, count: i64) -> Result<(), &'static str> {
    change(world, shop, id, |listing| {
        for spec in &mut listing.specs {
            spec.stock = count;
        }
    })
}

fn verdict(code: &str, done: Result<(), &'static str>) -> Value {
    json!({
        "outSkuId": code, "code": i32::from(done.is_err()), "msg": done.err().unwrap_or("成功"),
    })
}

/// One row for each of our codes, told apart; or a number under which the results are asked for.
pub(super) fn update(world: &mut World, body: &Body) -> Answer {
    let shop = store(world, body)?.remote_id.clone();
    need(body, "userPin")?;
    let mut told = Vec::new();
    for row in rows(body, "skuStockList")? {
        let code = need(&row, "outSkuId")?;
        let id = world.jddj.by_code(&code).map(|listing| listing.id.clone());
        let done = match (id, pieces(number(&row, "stockQty")?)) {
            (None, _) => Err("商品不存在"),
            (_, Err(text)) => Err(text),
            (Some(id), Ok(count)) => set(world, &shop, &id, count),
        };
        told.push(verdict(&code, done));
    }
    if world.jddj.batched_stock {
        let number = world.fresh_id(880_000_000);
        world.jddj.batches.insert(number.clone(), json!(told));
        let mut fields = Body::new();
        fields.insert("data".to_owned(), json!({"batchNo": number}));
        fields.insert("success".to_owned(), json!(true));
        return Ok(Said::Beside(fields));
    }
    Ok(Said::Rows(json!(told)))
}

pub(super) fn result(world: &World, body: &Body) -> Answer {
    let number = need(body, "batchNo")?;
    let told = world.jddj.batches.get(&number);
    let told = told.ok_or_else(|| Refusal::Inner("14".to_owned(), "没有查询到记录".to_owned()))?;
    Ok(Said::Rows(told.clone()))
}

/// One product: by JD's id, or by our code where the path is the merchant's.
pub(super) fn update_one(world: &mut World, name: &str, body: &Body) -> Answer {
    let shop = store(world, body)?.remote_id.clone();
    let given = need(body, "skuId")?;
    let id = match name {
        "stock/update" => world.jddj.by_code(&given).map(|listing| listing.id.clone()),
        _ => product(world, &given).map(|listing| listing.id.clone()),
    };
    let id = id.ok_or_else(|| Refusal::Inner("14".to_owned(), "商品不存在".to_owned()))?;
    pieces(number(body, "currentQty")?)
        .and_then(|count| set(world, &shop, &id, count))
        .map_err(Refusal::inner)?;
    Ok(Said::Rows(json!([])))
}

/// Whether a store sells products, by our codes.
pub(super) fn vendibility(world: &mut World, body: &Body) -> Answer {
    let shop = store(world, body)?.remote_id.clone();
    need(body, "userPin")?;
    let mut told = Vec::new();
    for row in rows(body, "stockVendibilityList")? {
        let code = need(&row, "outSkuId")?;
        let id = world.jddj.by_code(&code).map(|listing| listing.id.clone());
        let done = match (id, truth(&row, "doSale")) {
            (None, _) => Err("商品不存在"),
            (_, None) => Err("doSale不能为空"),
            (Some(id), Some(on)) => change(world, &shop, &id, |listing| listing.sold_out = !on),
        };
        told.push(verdict(&code, done));
    }
    Ok(Said::Rows(json!(told)))
}

/// The same by JD's ids; `doSale` 0 sells, 1 does not.
pub(super) fn vendibility_by_id(world: &mut World, body: &Body) -> Answer {
    let mut told = Vec::new();
    for row in rows(body, "listBaseStockCenterRequest")? {
        let shop = store(world, &row)?.remote_id.clone();
        let id = need(&row, "skuId")?;
        let off = number(&row, "doSale")? == Some(1);
        let done = change(world, &shop, &id, |listing| listing.sold_out = off);
        told.push(json!({
            "stationNo": shop, "skuId": as_number(&id), "code": i32::from(done.is_err()),
            "msg": done.err().unwrap_or("成功"),
        }));
    }
    Ok(Said::Rows(json!(told)))
}
