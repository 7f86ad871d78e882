//! Uploads and the look-up of orders (1.4). The envelope of an upload is good even when every row in it failed.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Answer, Biz, Refusal, field, listed, page};
use crate::wire::{fen_of, text_of};
use crate::world::{Booking, DocumentKind, ErpDocument, OrderMode, World};

const STATES: [&str; 6] = [
    "WAIT_BUYER_PAY",
    "WAIT_SELLER_SEND_GOODS",
    "WAIT_BUYER_CONFIRM_GOODS",
    "TRADE_FINISHED",
    "TRADE_CLOSED",
    "TRADE_CLOSED_BY_TAOBAO",
];
/// Required fields of an order with their greatest lengths.
const FIELDS: [(&str, usize); 6] = [
    ("so_id", 50),
    ("order_date", 20),
    ("shop_buyer_id", 50),
    ("receiver_name", 50),
    ("receiver_address", 200),
    ("shop_modified", 20),
];
const KINDS: [&str; 8] = [
    "普通退货",
    "其它",
    "拒收退货",
    "仅退款",
    "投诉",
    "补发",
    "维修",
    "换货",
];

/// Why one row failed.
type Row<T> = Result<T, String>;

fn list(biz: &Value) -> Result<&Vec<Value>, Refusal> {
    let rows = biz.as_array().filter(|rows| !rows.is_empty());
    let rows = rows.ok_or_else(|| Refusal::wrong("biz应为数组"))?;
    if rows.len() > 50 {
        return Err(Refusal::wrong("一次最多50条"));
    }
    Ok(rows)
}

/// Takes orders, each for itself.
pub(super) fn upload(world: &mut World, biz: &Value) -> Answer {
    let mut rows = Vec::new();
    for order in list(biz)? {
        let so_id = order.get("so_id").and_then(text_of).unwrap_or_default();
        let outcome = take(world, order);
        rows.push(match outcome {
            Ok(o_id) => json!({"o_id": number(&o_id), "so_id": so_id, "issuccess": true, "msg": "执行成功"}),
            Err(text) => json!({"o_id": 0, "so_id": so_id, "issuccess": false, "msg": text}),
        });
    }
    Ok(json!({"datas": rows}))
}

fn number(text: &str) -> Value {
    text.parse::<i64>()
        .map_or_else(|_| json!(text), |number| json!(number))
}

fn need(biz: &Biz, name: &str, most: usize) -> Row<String> {
    let text = field(biz, name).ok_or_else(|| format!("{name}不能为空"))?;
    if text.chars().count() > most {
        return Err(format!("{name}超过{most}个字符"));
    }
    Ok(text)
}

fn fen(biz: &Biz, name: &str) -> Row<i64> {
    let value = biz.get(name).ok_or_else(|| format!("{name}不能为空"))?;
    fen_of(value).ok_or_else(|| format!("{name}应为两位小数的金额"))
}

/// All checks come before the effect; gives the ERP's number.
fn take(world: &mut World, order: &Value) -> Row<String> {
    let body = order.as_object().ok_or("订单应为对象")?;
    for (name, most) in FIELDS {
        need(body, name, most)?;
    }
    let state = need(body, "shop_status", 40)?;
    if !STATES.contains(&state.as_str()) {
        return Err(format!("shop_status[{state}]错误"));
    }
    let shop = shop(world, body)?;
    let (paid, freight) = (fen(body, "pay_amount")?, fen(body, "freight")?);
    let lines = body
        .get("items")
        .and_then(Value::as_array)
        .filter(|lines| !lines.is_empty());
    let lines = lines.ok_or("items不能为空")?;
    let (mut sold, mut sum, mut marks) = (Vec::new(), 0, BTreeSet::new());
    for line in lines {
        let line = line.as_object().ok_or("items应为对象")?;
        let (item, pieces, amount) = check_line(world, line)?;
        if !marks.insert(need(line, "outer_oi_id", 50)?) {
            return Err("outer_oi_id重复".to_owned());
        }
        sum += amount;
        sold.push((item, pieces * 1000));
    }
    if sum + freight != paid {
        return Err("商品金额合计加运费与应付金额pay_amount不一致".to_owned());
    }
    let so_id = need(body, "so_id", 50)?;
    if world.erp.order_mode == OrderMode::Idempotent
        && let Some(first) = held(world, &so_id, &shop)
    {
        return Ok(first.number.clone());
    }
    Ok(world.erp_book(&Booking {
        kind: DocumentKind::Sale,
        order: &so_id,
        refund: "",
        branch: &shop,
        money_fen: paid,
        upload: order,
        sold: &sold,
    }))
}

/// Only shops of some kinds take orders: here those that receive them.
fn shop(world: &World, body: &Biz) -> Row<String> {
    let shop = need(body, "shop_id", 20)?;
    if shop.parse::<i64>().is_err() {
        return Err(format!("店铺编号[{shop}]应为整数"));
    }
    let branch = world.erp.branches.get(&shop);
    let branch = branch.ok_or_else(|| format!("店铺编号[{shop}]不存在"))?;
    if !branch.receives_orders {
        return Err(format!("店铺[{shop}]的类型不支持上传订单"));
    }
    Ok(shop)
}

/// Item, whole pieces and the line's amount in fen.
fn check_line(world: &World, line: &Biz) -> Row<(String, i64, i64)> {
    for (name, most) in [("shop_sku_id", 128), ("name", 100)] {
        need(line, name, most)?;
    }
    let pieces = need(line, "qty", 12)?;
    let pieces = pieces.parse::<i64>().ok().filter(|pieces| *pieces > 0);
    let pieces = pieces.ok_or("qty应为正整数")?;
    let amount = fen(line, "amount")?;
    let code = need(line, "sku_id", 40)?;
    let item = world.erp.items.get(&code);
    if item.is_none_or(|item| item.deleted) {
        return Err(format!("商品编码[{code}]不存在或已停用"));
    }
    Ok((code, pieces, amount))
}

fn held<'a>(world: &'a World, so_id: &str, shop: &str) -> Option<&'a ErpDocument> {
    let all = world.erp.documents_for(DocumentKind::Sale, so_id);
    all.into_iter().find(|document| document.branch == shop)
}

/// Without `pay` of the same amount an order counts as unpaid.
fn state(document: &ErpDocument) -> &'static str {
    let paid = document.upload.pointer("/pay/amount").and_then(fen_of);
    if paid == Some(document.money_fen) {
        "WaitConfirm"
    } else {
        "WaitPay"
    }
}

/// Orders by their numbers. In [`OrderMode::Idempotent`] and [`OrderMode::Neither`] the application has no right to ask.
pub(super) fn query(world: &World, biz: &Biz) -> Answer {
    if world.erp.order_mode != OrderMode::Lookup {
        return Err(Refusal::new(190, "没有接口权限"));
    }
    let numbers: Vec<String> = biz
        .get("so_ids")
        .and_then(Value::as_array)
        .map(|numbers| numbers.iter().filter_map(text_of).collect())
        .unwrap_or_default();
    if numbers.is_empty() || numbers.len() > 20 {
        return Err(Refusal::wrong("so_ids为1到20个"));
    }
    let rows: Vec<Value> = world
        .erp
        .documents
        .iter()
        .filter(|document| {
            document.kind == DocumentKind::Sale && numbers.contains(&document.platform_order_id)
        })
        .map(|document| {
            json!({
                "o_id": number(&document.number), "so_id": document.platform_order_id,
                "shop_id": number(&document.branch), "status": state(document),
                "pay_amount": crate::wire::yuan_number(document.money_fen),
            })
        })
        .collect();
    Ok(listed("orders", &rows, page(biz, 30, 100)?))
}

/// Takes after-sales of orders that it holds, each for itself.
pub(super) fn after_sale(world: &mut World, biz: &Value) -> Answer {
    let mut rows = Vec::new();
    for row in list(biz)? {
        let text = |name: &str| row.get(name).and_then(text_of).unwrap_or_default();
        let (as_id, so_id) = (text("outer_as_id"), text("so_id"));
        let outcome = take_back(world, row);
        rows.push(match outcome {
            Ok(number) => json!({"as_id": self::number(&number), "outer_as_id": as_id, "so_id": so_id,
                "issuccess": true, "msg": "执行成功"}),
            Err(text) => {
                json!({"as_id": 0, "outer_as_id": as_id, "so_id": so_id, "issuccess": false, "msg": text})
            }
        });
    }
    Ok(json!({"datas": rows}))
}

fn take_back(world: &mut World, row: &Value) -> Row<String> {
    let body = row.as_object().ok_or("售后单应为对象")?;
    let kind = need(body, "type", 10)?;
    if !KINDS.contains(&kind.as_str()) {
        return Err(format!("type[{kind}]错误"));
    }
    for name in ["shop_status", "good_status", "question_type"] {
        need(body, name, 50)?;
    }
    let money = fen(body, "refund")?;
    fen(body, "total_amount")?;
    let shop = shop(world, body)?;
    let (refund, so_id) = (need(body, "outer_as_id", 50)?, need(body, "so_id", 50)?);
    if held(world, &so_id, &shop).is_none() {
        return Err(format!("订单[{so_id}]不存在"));
    }
    let items = body.get("items").and_then(Value::as_array);
    if kind.ends_with("退货") && items.is_none_or(Vec::is_empty) {
        return Err("items不能为空".to_owned());
    }
    if world.erp.order_mode == OrderMode::Idempotent {
        let known = world.erp.documents_for(DocumentKind::Refund, &so_id);
        if let Some(first) = known
            .iter()
            .find(|document| document.platform_refund_id == refund)
        {
            return Ok(first.number.clone());
        }
    }
    Ok(world.erp_book(&Booking {
        kind: DocumentKind::Refund,
        order: &so_id,
        refund: &refund,
        branch: &shop,
        money_fen: money,
        upload: row,
        sold: &[],
    }))
}
