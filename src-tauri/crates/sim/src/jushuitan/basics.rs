//! Shops, warehouses, goods and stock (1.4).

use serde_json::{Value, json};

use super::{Answer, Biz, Refusal, field, listed, page};
use crate::clock::{parse_shanghai, shanghai_text};
use crate::wire::yuan_number;
use crate::world::World;

const WEEK_MS: i64 = 7 * 86_400_000;

fn whole(text: &str) -> Value {
    text.parse::<i64>()
        .map_or_else(|_| json!(text), |number| json!(number))
}

pub(super) fn shops(world: &World, biz: &Biz) -> Answer {
    let rows: Vec<Value> = world
        .erp
        .branches
        .values()
        .filter(|branch| branch.active)
        .map(|branch| {
            json!({
                "shop_id": whole(&branch.num), "shop_name": branch.name, "shop_site": "自建商城",
                "nick": branch.code, "session_expired": "2038-01-01 00:00:00",
            })
        })
        .collect();
    Ok(listed("datas", &rows, page(biz, 100, 100)?))
}

/// Each branch delivers from a warehouse of its own, of the same number.
pub(super) fn warehouses(world: &World, biz: &Biz) -> Answer {
    let rows: Vec<Value> = world
        .erp
        .branches
        .values()
        .map(|branch| json!({"wms_co_id": whole(&branch.num), "name": branch.name}))
        .collect();
    Ok(listed("datas", &rows, page(biz, 30, 100)?))
}

/// Codes, and the window of changes in UTC milliseconds.
type Asked = (Vec<String>, Option<(i64, i64)>);

/// The codes a question names, or the window it asks for: one of the two.
fn asked(biz: &Biz, most: usize) -> Result<Asked, Refusal> {
    let codes: Vec<String> = field(biz, "sku_ids")
        .map(|text| text.split(',').map(|code| code.trim().to_owned()).collect())
        .unwrap_or_default();
    if codes.len() > most {
        return Err(Refusal::wrong(format!("sku_ids最多{most}个")));
    }
    let at =
        |name: &str| field(biz, name).map(|text| parse_shanghai(&text).ok_or_else(|| Refusal::wrong(name)));
    let window = match (at("modified_begin").transpose()?, at("modified_end").transpose()?) {
        (Some(from), Some(until)) if until < from || until - from > WEEK_MS => {
            return Err(Refusal::wrong("修改时间间隔不能超过七天"));
        }
        (Some(from), Some(until)) => Some((from, until)),
        (None, None) if !codes.is_empty() => None,
        _ => {
            return Err(Refusal::wrong(
                "modified_begin和modified_end与sku_ids不能同时为空",
            ));
        }
    };
    Ok((codes, window))
}

/// Goods by code, void ones with `enabled` -1.
pub(super) fn skus(world: &World, biz: &Biz) -> Answer {
    let (codes, window) = asked(biz, 20)?;
    let rows: Vec<Value> = world
        .erp
        .items
        .values()
        .filter(|item| codes.is_empty() || codes.contains(&item.num))
        .filter(|item| window.is_none_or(|(from, until)| (from..=until).contains(&item.updated_at)))
        .map(|item| {
            json!({
                "sku_id": item.num, "i_id": item.code, "name": item.name, "short_name": "",
                "sale_price": yuan_number(item.price_fen), "properties_value": "", "sku_code": item.barcode,
                "unit": item.unit, "enabled": if item.deleted { -1 } else { 1 }, "stock_disabled": 0,
                "modified": shanghai_text(item.updated_at),
            })
        })
        .collect();
    Ok(listed("datas", &rows, page(biz, 30, 50)?))
}

/// Stock in whole pieces: two are locked by orders, one is being picked and one is virtual, so that who reads `qty` alone is
/// found out.
pub(super) fn inventory(world: &World, biz: &Biz) -> Answer {
    let (codes, window) = asked(biz, 100)?;
    let warehouse = field(biz, "wms_co_id").unwrap_or_else(|| "0".to_owned());
    let rows: Vec<Value> = world
        .erp
        .items
        .values()
        .filter(|item| codes.is_empty() || codes.contains(&item.num))
        .filter(|item| window.is_none_or(|(from, until)| (from..=until).contains(&item.updated_at)))
        .filter_map(|item| {
            let held =
                world.erp.stock.iter().filter(|((branch, num), _)| {
                    *num == item.num && (warehouse == "0" || *branch == warehouse)
                });
            let amounts: Vec<i64> = held.map(|(_, milli)| milli.div_euclid(1000)).collect();
            (!amounts.is_empty()).then(|| {
                json!({
                    "sku_id": item.num, "i_id": item.code, "name": item.name,
                    "qty": amounts.iter().sum::<i64>() + 2, "order_lock": 2, "pick_lock": 1, "virtual_qty": 1,
                    "purchase_qty": 0, "return_qty": 0, "in_qty": 0, "defective_qty": 0, "lock_qty": 0,
                    "modified": shanghai_text(item.updated_at),
                })
            })
        })
        .collect();
    Ok(listed("inventorys", &rows, page(biz, 30, 100)?))
}
