//! 旗舰版 (2.2, 2.4): the common part in the address, the arguments as a JSON list in the body.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::rows::{self, ShopWords, Took};
use super::{Answer, Args, Refusal, admit, field, parts, unsigned, verify};
use crate::wire::{Call, text_of};
use crate::world::{DocumentKind, OrderMode, World};

/// 2012-01-01 00:00:00 in Shanghai.
const EPOCH_S: i64 = 1_325_347_200;
const BATCH: usize = 100;
const WORDS: ShopWords = ShopWords {
    unknown: "店铺编号不存在或已停用",
    not_own: "店铺平台不是自有平台",
};

pub(super) fn answer(world: &mut World, method: &str, call: &Call) -> Answer {
    let state = &world.erp.wangdiantong;
    if call.param("sid") != Some(state.sid.as_str()) {
        return Err(Refusal::new(1, "sid is not found"));
    }
    if call.param("key") != Some(state.flagship.id.as_str()) {
        return Err(Refusal::new(1, "app auth fail"));
    }
    let body = std::str::from_utf8(&call.body).map_err(|_| unsigned(method))?;
    let expected = verify::flagship(&call.query, body, &state.flagship.secret);
    if call.param("salt") != Some(state.salt.as_str()) || call.param("sign") != Some(expected.as_str()) {
        return Err(unsigned(method));
    }
    if call.param("v") != Some("1.0") {
        return Err(Refusal::new(8, "版本错误"));
    }
    let window = state.flagship_window_ms;
    let sent = call.param("timestamp").and_then(|text| text.parse::<i64>().ok());
    let sent = sent.map(|seconds| (seconds.saturating_add(EPOCH_S)).saturating_mul(1000));
    admit(world, method, sent, window)?;
    let arguments: Vec<Value> =
        serde_json::from_str(body).map_err(|_| Refusal::new(1, "invalid argument count"))?;
    dispatch(world, method, call, &arguments)
}

fn dispatch(world: &mut World, method: &str, call: &Call, arguments: &[Value]) -> Answer {
    let params = || {
        let first = arguments.first().and_then(Value::as_object);
        first.ok_or_else(|| Refusal::new(1, "argument type mismatch"))
    };
    match method {
        "setting.Shop.queryShop" => page(call, "details", rows::shops(world), 500),
        "goods.Goods.queryWithSpec" => {
            let args = params()?;
            let shown = matches!(field(args, "hide_deleted").as_deref(), Some("0" | "false"));
            page(call, "goods_list", rows::goods(world, args, shown)?, 500)
        }
        "wms.StockSpec.search2" => {
            let codes = params()?.get("spec_nos").and_then(Value::as_array);
            let codes: Vec<String> = codes.into_iter().flatten().filter_map(text_of).collect();
            if codes.is_empty() {
                return Err(Refusal::said("参数中必须包含起止时间"));
            }
            let warehouse = field(params()?, "warehouse_no");
            let rows = rows::stock(world, &codes, warehouse.as_deref());
            page(call, "detail_list", rows, 1000)
        }
        "sales.RawTrade.searchSelfOrder" => {
            let found = search(world, params()?)?;
            page(call, "order", found, 200)
        }
        "sales.RawTrade.pushSelf2" => push(world, arguments),
        "aftersales.refund.RawRefund.upload2" => refunds(world, arguments),
        _ => Err(Refusal::said("权限不足")),
    }
}

/// `page_no` from 0; without a page nothing is answered. The number of rows is told when it is asked for.
fn page(call: &Call, list: &str, rows: Vec<Value>, most: usize) -> Answer {
    let number = |name: &str| call.param(name).and_then(|text| text.parse::<usize>().ok());
    let (Some(page), Some(size)) = (number("page_no"), number("page_size")) else {
        return Err(Refusal::said("此方法仅支持分页查询：接口method"));
    };
    if size == 0 || size > most {
        return Err(Refusal::said(format!("page_size最大{most}")));
    }
    let total = rows.len();
    let shown: Vec<Value> = rows.into_iter().skip(page * size).take(size).collect();
    let mut answer = json!({list: shown});
    if call.param("calc_total") == Some("1") {
        answer["total_count"] = json!(total);
    }
    Ok(answer)
}

/// Orders by their number. In [`OrderMode::Idempotent`] and [`OrderMode::Neither`] the application has no right to ask.
fn search(world: &World, args: &Args) -> Result<Vec<Value>, Refusal> {
    if world.erp.order_mode != OrderMode::Lookup {
        return Err(Refusal::said("权限不足"));
    }
    let tid = field(args, "tid").ok_or_else(|| Refusal::said("参数中必须包含起止时间"))?;
    let found = world.erp.documents_for(DocumentKind::Sale, &tid);
    Ok(found
        .iter()
        .map(|document| {
            json!({
                "rec_id": document.number.parse::<i64>().unwrap_or(0), "tid": document.platform_order_id,
                "shop_no": document.branch, "process_status": 10, "trade_status": 30,
            })
        })
        .collect())
}

fn counted(new: usize, changed: usize, failed: &[Value]) -> Value {
    json!({"new_count": new, "chg_count": changed, "error_list": failed})
}

fn shop_of<'a>(world: &World, arguments: &'a [Value]) -> Result<&'a str, Refusal> {
    let shop = arguments.first().and_then(Value::as_str).unwrap_or_default();
    rows::check_shop(world, shop, &WORDS).map_err(Refusal::said)?;
    Ok(shop)
}

fn listed(arguments: &[Value], at: usize) -> Result<&Vec<Value>, Refusal> {
    let list = arguments.get(at).and_then(Value::as_array);
    let list = list.ok_or_else(|| Refusal::new(1, "argument type mismatch"))?;
    if list.len() > BATCH && at == 1 {
        return Err(Refusal::said("单次推送不能超过100单"));
    }
    Ok(list)
}

/// Takes the orders that are good and lists the others. In [`OrderMode::Lookup`] a second push of a number makes a second
/// order, which is worse than what the vendor says of it: who can look up must do so.
fn push(world: &mut World, arguments: &[Value]) -> Answer {
    let shop = shop_of(world, arguments)?;
    if arguments.len() < 3 {
        return Err(Refusal::new(1, "invalid argument count"));
    }
    let mut lines: BTreeMap<String, Vec<&Args>> = BTreeMap::new();
    for line in listed(arguments, 2)? {
        let line = line
            .as_object()
            .ok_or_else(|| Refusal::new(1, "argument type mismatch"))?;
        lines
            .entry(field(line, "tid").unwrap_or_default())
            .or_default()
            .push(line);
    }
    let updates = world.erp.order_mode == OrderMode::Idempotent;
    let (mut new, mut changed, mut failed) = (0, 0, Vec::new());
    for order in listed(arguments, 1)? {
        let tid = order.get("tid").and_then(text_of).unwrap_or_default();
        let own = lines.get(&tid).map(Vec::as_slice).unwrap_or_default();
        match check(world, order, own) {
            Ok((paid_fen, sold)) => {
                let upload = json!({"order": order, "lines": own});
                match rows::book(world, shop, &tid, paid_fen, &upload, &sold, updates) {
                    Took::New => new += 1,
                    Took::Changed => changed += 1,
                }
            }
            Err(text) => failed.push(json!({"no": tid, "error": text})),
        }
    }
    Ok(counted(new, changed, &failed))
}

/// What was paid in fen, and what goes.
fn check(world: &World, order: &Value, lines: &[&Args]) -> Result<(i64, Vec<(String, i64)>), String> {
    let body = order.as_object().ok_or("参数错误")?;
    for name in [
        "tid",
        "process_status",
        "trade_status",
        "refund_status",
        "pay_status",
        "pay_method",
        "trade_time",
        "buyer_nick",
        "receiver_name",
        "receiver_address",
        "receiver_mobile",
        "delivery_term",
    ] {
        field(body, name).ok_or_else(|| format!("{name}不能为空"))?;
    }
    if field(body, "tid").is_some_and(|tid| tid.chars().count() > 40) {
        return Err("Data truncation: Data too long for column tid".to_owned());
    }
    let amount = |name: &str| {
        let value = body.get(name).ok_or_else(|| format!("{name}不能为空"))?;
        parts(value, 4).ok_or_else(|| format!("{name}不合法"))
    };
    if amount("order_count")? != i64::try_from(lines.len()).unwrap_or(0) * 10_000 || lines.is_empty() {
        return Err("子订单个数不一致".to_owned());
    }
    let (mut sum, mut pieces, mut sold, mut marks) = (0, 0, Vec::new(), BTreeSet::new());
    for line in lines {
        let (item, milli, comes_to) = rows::check_line(world, line)?;
        if !marks.insert(field(line, "oid")) {
            return Err("oid重复".to_owned());
        }
        (sum, pieces) = (sum + comes_to, pieces + milli);
        sold.push((item, milli));
    }
    if amount("goods_count")? != pieces * 10 {
        return Err("货品总数量不一致".to_owned());
    }
    let other = if body.contains_key("other_amount") {
        amount("other_amount")?
    } else {
        0
    };
    let receivable = amount("receivable")?;
    if receivable != sum + amount("post_amount")? + other {
        return Err("应收金额不正确".to_owned());
    }
    Ok((receivable / 100, sold))
}

fn refunds(world: &mut World, arguments: &[Value]) -> Answer {
    let shop = shop_of(world, arguments)?;
    let (mut new, mut changed, mut failed) = (0, 0, Vec::new());
    // Rows of one number are the lines of one refund.
    let mut all: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for row in listed(arguments, 1)? {
        let number = row.get("refund_no").and_then(text_of).unwrap_or_default();
        all.entry(number).or_default().push(row);
    }
    for (number, rows) in all {
        let took = check_refund(&number, &rows)
            .and_then(|(tid, fen)| rows::book_refund(world, shop, (&number, &tid), fen, &json!(rows)));
        match took {
            Ok(Took::New) => new += 1,
            Ok(Took::Changed) => changed += 1,
            Err(text) => failed.push(json!({"no": number, "error": text})),
        }
    }
    Ok(counted(new, changed, &failed))
}

fn check_refund(number: &str, rows: &[&Value]) -> Result<(String, i64), String> {
    let (mut order, mut sum) = (String::new(), 0);
    for row in rows {
        let body = row.as_object().ok_or("参数错误")?;
        for name in [
            "num",
            "tid",
            "type",
            "status",
            "refund_version",
            "buyer_nick",
            "reason",
        ] {
            field(body, name).ok_or_else(|| format!("{name}不能为空"))?;
        }
        let amount = body.get("actual_refund_amount").and_then(|value| parts(value, 4));
        sum += amount.ok_or("actual_refund_amount不合法")?;
        order = field(body, "tid").unwrap_or_default();
    }
    if number.is_empty() {
        return Err("refund_no不能为空".to_owned());
    }
    Ok((order, sum / 100))
}
