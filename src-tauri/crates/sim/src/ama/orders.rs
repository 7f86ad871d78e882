//! Order and refund uploads: the ERP's refusals, and what it does with an order it already holds.

use serde_json::{Value, json};

use super::{Answer, Args, NOT_GRANTED, Refusal, field, list, need};
use crate::wire::text_of;
use crate::world::{DocumentKind, ErpDocument, OrderMode, World};

const SALE_FIELDS: [&str; 11] = [
    "platform_order_id",
    "erp_store_id",
    "platform_shop_id",
    "store_name",
    "store_address",
    "shipping_type",
    "total_money",
    "payment_money",
    "income",
    "receiver_name",
    "receiver_phone",
];
const SALE_MONEY: [&str; 3] = ["total_money", "payment_money", "income"];
const OPTIONAL_MONEY: [&str; 4] = [
    "discount_money",
    "post_fee_money",
    "package_fee_money",
    "packaging_fee_money",
];
const LINE_FIELDS: [&str; 6] = [
    "product_name",
    "erp_product_id",
    "price",
    "base_unit_num",
    "total_money",
    "amount",
];
const LINE_MONEY: [&str; 3] = ["price", "total_money", "payment_money"];

/// A whole number of 64 bits; anything else breaks the ERP's parser with Java's own words (F19).
fn long(text: &str) -> Result<i64, Refusal> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let parsed = if plain { text.parse().ok() } else { None };
    parsed.ok_or_else(|| Refusal::new(format!("For input string: \"{text}\"")))
}

fn whole_fen(args: &Args, name: &str, required: bool) -> Result<i64, Refusal> {
    match field(args, name) {
        None if required => Err(Refusal::missing(name)),
        None => Ok(0),
        Some(text) => long(&text),
    }
}

fn lines(args: &Args) -> Result<Vec<&Args>, Refusal> {
    let list = args
        .get("order_item_list")
        .and_then(Value::as_array)
        .filter(|list| !list.is_empty());
    let list = list.ok_or_else(|| Refusal::missing("order_item_list"))?;
    list.iter()
        .map(|line| {
            line.as_object()
                .ok_or_else(|| Refusal::missing("order_item_list"))
        })
        .collect()
}

/// Takes a sale order. All checks come before the effect.
pub(super) fn upload_sale(world: &mut World, args: &Args) -> Answer {
    for name in SALE_FIELDS {
        need(args, name)?;
    }
    let branch = long(&need(args, "erp_store_id")?)?.to_string();
    for name in SALE_MONEY {
        whole_fen(args, name, true)?;
    }
    for name in OPTIONAL_MONEY {
        whole_fen(args, name, false)?;
    }
    if !matches!(need(args, "shipping_type")?.as_str(), "0" | "1" | "2" | "3") {
        return Err(Refusal::new("shipping_type错误"));
    }
    let held = world.erp.branches.get(&branch);
    let held = held.ok_or_else(|| Refusal::new(format!("门店[{branch}]不存在")))?;
    if !held.receives_orders {
        return Err(Refusal::new("订单聚合参数未开启"));
    }
    let mut sold = Vec::new();
    for line in lines(args)? {
        sold.push(check_line(world, line)?);
    }
    let order = need(args, "platform_order_id")?;
    if world.erp.order_mode == OrderMode::Idempotent
        && let Some(first) = world.erp.documents_for(DocumentKind::Sale, &order).first()
    {
        return Ok(json!({"order_no": first.number, "platform_order_id": order}));
    }
    for (item, milli) in sold {
        *world.erp.stock.entry((branch.clone(), item)).or_default() -= milli;
    }
    let paid = whole_fen(args, "payment_money", true)?;
    Ok(record(world, args, DocumentKind::Sale, branch, paid))
}

/// Checks a line and returns its item and thousandths of the basic unit.
fn check_line(world: &World, line: &Args) -> Result<(String, i64), Refusal> {
    // The item number is read first: an empty or foreign one is what managers see (F01d, F03, F19).
    let item = field(line, "erp_product_id").unwrap_or_default();
    let num = long(&item)?.to_string();
    for name in LINE_FIELDS {
        if line
            .get(name)
            .and_then(text_of)
            .is_none_or(|text| text.is_empty())
        {
            return Err(Refusal::missing(name));
        }
    }
    for name in LINE_MONEY {
        whole_fen(line, name, name != "payment_money")?;
    }
    long(&need(line, "amount")?)?;
    let quantity = need(line, "base_unit_num")?;
    let milli = milli(&quantity).ok_or_else(|| Refusal::new(format!("For input string: \"{quantity}\"")))?;
    // The service reads a 64-bit number, so zeros in front of one do not matter; the world keeps the text as it was typed.
    let held = world.erp.items.get(&num).or_else(|| world.erp.items.get(&item));
    if held.is_none_or(|held| held.deleted) {
        return Err(Refusal::new(format!(
            "找不到商品资料:商品编号[{item}]没有匹配商品或商品已删除"
        )));
    }
    Ok((num, milli))
}

/// Reads a decimal with at most three places into thousandths.
fn milli(text: &str) -> Option<i64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(decimals) {
        return None;
    }
    let kept = &decimals[..decimals.len().min(3)];
    whole
        .parse::<i64>()
        .ok()?
        .checked_mul(1000)?
        .checked_add(format!("{kept:0<3}").parse().ok()?)
}

fn record(world: &mut World, args: &Args, kind: DocumentKind, branch: String, money_fen: i64) -> Value {
    let prefix = if kind == DocumentKind::Sale { "SO" } else { "RO" };
    let number = format!("{prefix}{}", world.fresh_id(100_000_000));
    let order = field(args, "platform_order_id").unwrap_or_default();
    let refund = field(args, "platform_refund_id").unwrap_or_default();
    let answer = json!({"order_no": number, "platform_order_id": order, "platform_refund_id": refund});
    world.erp.documents.push(ErpDocument {
        number,
        kind,
        platform_order_id: order,
        platform_refund_id: refund,
        branch,
        money_fen,
        received_at: world.clock.now_ms(),
        upload: Value::Object(args.clone()),
    });
    answer
}

/// Takes a refund order for a sale it holds. A refund without quantity is not for the ERP (F10).
pub(super) fn upload_refund(world: &mut World, args: &Args) -> Answer {
    for name in [
        "platform_order_id",
        "platform_refund_id",
        "refund_money",
        "refund_reason",
    ] {
        need(args, name)?;
    }
    let money = whole_fen(args, "refund_money", true)?;
    for line in lines(args)? {
        long(&field(line, "erp_product_id").unwrap_or_default())?;
        let amount = field(line, "amount").or_else(|| field(line, "base_unit_num"));
        if amount
            .and_then(|text| milli(&text))
            .is_none_or(|milli| milli == 0)
        {
            return Err(Refusal::missing("amount"));
        }
    }
    let order = need(args, "platform_order_id")?;
    let refund = need(args, "platform_refund_id")?;
    if world.erp.documents_for(DocumentKind::Sale, &order).is_empty() {
        return Err(Refusal::new(format!("订单[{order}]不存在")));
    }
    if world.erp.order_mode == OrderMode::Idempotent {
        let known = world.erp.documents_for(DocumentKind::Refund, &order);
        if let Some(first) = known
            .iter()
            .find(|document| document.platform_refund_id == refund)
        {
            return Ok(
                json!({"order_no": first.number, "platform_order_id": order, "platform_refund_id": refund}),
            );
        }
    }
    Ok(record(world, args, DocumentKind::Refund, String::new(), money))
}

/// Look-up of sales by `platform_order_ids`, or of refunds by `platform_refund_ids`. The public SDK has no such call: it
/// exists in [`OrderMode::Lookup`] alone, as an assumption; otherwise it is not granted.
pub(super) fn find(world: &World, args: &Args) -> Answer {
    if world.erp.order_mode != OrderMode::Lookup {
        return Err(NOT_GRANTED);
    }
    let (orders, refunds) = (
        list(args, "platform_order_ids"),
        list(args, "platform_refund_ids"),
    );
    if orders.is_empty() && refunds.is_empty() {
        return Err(Refusal::missing("platform_order_ids"));
    }
    let rows = world.erp.documents.iter().filter(|document| match document.kind {
        DocumentKind::Sale => orders.contains(&document.platform_order_id),
        DocumentKind::Refund => refunds.contains(&document.platform_refund_id),
    });
    let rows = rows.map(|document| {
        json!({
            "order_no": document.number, "platform_order_id": document.platform_order_id,
            "platform_refund_id": document.platform_refund_id,
            "create_time": crate::clock::shanghai_text(document.received_at),
        })
    });
    Ok(rows.collect())
}
