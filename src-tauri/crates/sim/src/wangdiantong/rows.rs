//! What both editions know of goods, stock and the orders they hold.

use serde_json::{Value, json};

use super::{Args, Refusal, field, parts};
use crate::clock::{parse_shanghai, shanghai_text};
use crate::wire::yuan_text;
use crate::world::{Booking, DocumentKind, OrderMode, World};

const DAY_MS: i64 = 86_400_000;
/// Kind of a shop of one's own, the only one that orders are pushed to.
pub(super) const OWN_PLATFORM: i64 = 127;

/// Whether a row was new, or changed what was there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Took {
    New,
    Changed,
}

pub(super) fn shops(world: &World) -> Vec<Value> {
    let branches = world.erp.branches.values();
    branches
        .map(|branch| {
            json!({
                "shop_no": branch.num, "shop_name": branch.name, "platform_id": OWN_PLATFORM,
                "is_disabled": !branch.active,
            })
        })
        .collect()
}

/// The window that a question asks for, no longer than thirty days.
fn window(args: &Args) -> Result<Option<(i64, i64)>, Refusal> {
    let at = |name: &str| match field(args, name) {
        None => Ok(None),
        Some(text) => {
            let read = parse_shanghai(&text);
            read.map(Some)
                .ok_or_else(|| Refusal::said(format!("Unparseable date: {text}")))
        }
    };
    match (at("start_time")?, at("end_time")?) {
        (Some(from), Some(until)) if until - from > 30 * DAY_MS => {
            Err(Refusal::said("您的查询时间过宽,查询时间不能大于30天"))
        }
        (Some(from), Some(until)) => Ok(Some((from, until))),
        (None, None) => Ok(None),
        _ => Err(Refusal::said("参数中必须包含起止时间")),
    }
}

/// One good for each item: its only spec carries code and barcode. Deleted ones come where they are not hidden.
pub(super) fn goods(world: &World, args: &Args, with_deleted: bool) -> Result<Vec<Value>, Refusal> {
    let window = window(args)?;
    let code = field(args, "spec_no");
    if window.is_none() && code.is_none() && field(args, "goods_no").is_none() {
        return Err(Refusal::said("参数中必须包含起止时间"));
    }
    let rows = world
        .erp
        .items
        .values()
        .filter(|item| window.is_none_or(|(from, until)| (from..=until).contains(&item.updated_at)))
        .filter(|item| code.as_ref().is_none_or(|code| item.num == *code))
        .filter(|item| field(args, "goods_no").is_none_or(|code| item.code == code))
        .filter(|item| with_deleted || !item.deleted);
    Ok(rows
        .map(|item| {
            json!({
                "goods_no": item.code, "goods_name": item.name, "unit_name": item.unit, "deleted": 0,
                "modified": shanghai_text(item.updated_at),
                "spec_list": [{
                    "spec_no": item.num, "spec_name": "暂无", "barcode": item.barcode,
                    "retail_price": yuan_text(item.price_fen) + "00", "deleted": i64::from(item.deleted),
                }],
            })
        })
        .collect())
}

fn decimal(milli: i64) -> String {
    let sign = if milli < 0 { "-" } else { "" };
    format!("{sign}{}.{:03}0", milli.abs() / 1000, milli.abs() % 1000)
}

/// Rows of stock, one for each warehouse; each branch has one of its number. Three pieces are promised away and counted in
/// `stock_num`, and some lie damaged beside, so that who reads that number alone is found out.
pub(super) fn stock(world: &World, codes: &[String], warehouse: Option<&str>) -> Vec<Value> {
    let held = world.erp.stock.iter().filter(|((branch, item), _)| {
        codes.contains(item) && warehouse.is_none_or(|warehouse| branch == warehouse)
    });
    held.flat_map(|((branch, item), milli)| {
        let row = |amount: i64, promised: i64, defect: bool| {
            json!({
                "spec_no": item, "warehouse_no": branch, "defect": defect, "stock_num": decimal(amount),
                "order_num": decimal(promised), "sending_num": decimal(2 * promised), "unpay_num": "0.0000",
                "subscribe_num": "0.0000", "purchase_num": "0.0000", "transfer_num": "0.0000",
            })
        };
        [row(milli + 3000, 1000, false), row(4000, 0, true)]
    })
    .collect()
}

/// Why a shop takes no orders, in the words of the edition.
pub(super) struct ShopWords {
    pub(super) unknown: &'static str,
    pub(super) not_own: &'static str,
}

pub(super) fn check_shop(world: &World, shop: &str, words: &ShopWords) -> Result<(), String> {
    let branch = world.erp.branches.get(shop).filter(|branch| branch.active);
    let branch = branch.ok_or(words.unknown)?;
    if branch.receives_orders {
        Ok(())
    } else {
        Err(words.not_own.to_owned())
    }
}

/// A line: item, thousandths that go, and what it comes to in hundredths of a fen.
pub(super) fn check_line(world: &World, line: &Args) -> Result<(String, i64, i64), String> {
    let number = |name: &str, digits| {
        let value = line.get(name).ok_or_else(|| format!("{name}不能为空"))?;
        parts(value, digits).ok_or_else(|| format!("{name}不合法"))
    };
    for name in ["oid", "goods_id", "goods_no", "goods_name"] {
        field(line, name).ok_or_else(|| format!("{name}不能为空"))?;
    }
    let (num, price) = (number("num", 4)?, number("price", 4)?);
    if num <= 0 || price < 0 {
        return Err("数量不合法".to_owned());
    }
    let code = field(line, "spec_no").ok_or("spec_no不能为空")?;
    let item = world.erp.items.get(&code);
    if item.is_none_or(|item| item.deleted) {
        return Err(format!("商家编码[{code}]不存在或已删除"));
    }
    // Four decimals times four.
    let gross = i128::from(num) * i128::from(price);
    let off = number("discount", 4)? + number("share_discount", 4)? - number("adjust_amount", 4)?;
    let sum = gross - i128::from(off) * 10_000;
    if sum % 10_000 != 0 {
        return Err("金额的小数位超过4位".to_owned());
    }
    let sum = i64::try_from(sum / 10_000).map_err(|_| "金额不合法")?;
    Ok((code, num / 10, sum))
}

/// Books an order, or leaves one of its number as it is: what came again says the same.
pub(super) fn book(
    world: &mut World,
    shop: &str,
    tid: &str,
    paid_fen: i64,
    upload: &Value,
    sold: &[(String, i64)],
    updates: bool,
) -> Took {
    if updates && !world.erp.documents_for(DocumentKind::Sale, tid).is_empty() {
        return Took::Changed;
    }
    world.erp_book(&Booking {
        kind: DocumentKind::Sale,
        order: tid,
        refund: "",
        branch: shop,
        money_fen: paid_fen,
        upload,
        sold,
    });
    Took::New
}

/// Books a refund of an order that is there; rows of the same number are one refund.
pub(super) fn book_refund(
    world: &mut World,
    shop: &str,
    (refund, tid): (&str, &str),
    money_fen: i64,
    upload: &Value,
) -> Result<Took, String> {
    if world.erp.documents_for(DocumentKind::Sale, tid).is_empty() {
        return Err(format!("订单[{tid}]不存在"));
    }
    let known = world.erp.documents_for(DocumentKind::Refund, tid);
    if world.erp.order_mode != OrderMode::Neither
        && known.iter().any(|document| document.platform_refund_id == refund)
    {
        return Ok(Took::Changed);
    }
    world.erp_book(&Booking {
        kind: DocumentKind::Refund,
        order: tid,
        refund,
        branch: shop,
        money_fen,
        upload,
        sold: &[],
    });
    Ok(Took::New)
}
