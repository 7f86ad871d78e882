//! 企业版 (2.1, 2.3): a form, whose lists are JSON text.

use serde_json::{Value, json};

use super::rows::{self, OWN_PLATFORM, ShopWords, Took};
use super::{Answer, Args, Refusal, admit, field, parts, unsigned, verify};
use crate::wire::Call;
use crate::world::{OrderMode, World};

const WORDS: ShopWords = ShopWords {
    unknown: "无效店铺编号",
    not_own: "只有自有平台店铺才支持推送",
};

pub(super) fn answer(world: &mut World, name: &str, call: &Call) -> Answer {
    let state = &world.erp.wangdiantong;
    if call.param("sid") != Some(state.sid.as_str()) {
        return Err(Refusal::new(1, "卖家账号不存在"));
    }
    if call.param("appkey") != Some(state.enterprise.id.as_str()) {
        return Err(Refusal::new(1, "appkey不存在"));
    }
    // How the server counts signs beyond the basic plane nobody could try: it takes none.
    let exotic = |text: &str| text.chars().any(|sign| u32::from(sign) > 0xFFFF);
    let expected = verify::enterprise(&call.form, &state.enterprise.secret);
    if call.form.iter().any(|(_, value)| exotic(value)) || call.param("sign") != Some(expected.as_str()) {
        return Err(unsigned(name));
    }
    let window = state.enterprise_window_ms;
    let sent = call.param("timestamp").and_then(|text| text.parse::<i64>().ok());
    admit(
        world,
        name,
        sent.map(|seconds| seconds.saturating_mul(1000)),
        window,
    )?;
    let args: Args = call
        .form
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    match name {
        "shop" => page(&args, "shoplist", rows::shops(world)),
        // Deleted goods are told apart by their mark.
        "goods_query" => page(&args, "goods_list", rows::goods(world, &args, true)?),
        "stock_query" => stock(world, &args),
        "trade_push" => push(world, &args),
        "sales_refund_push" => refunds(world, &args),
        _ => Err(Refusal::said("权限不足")),
    }
}

/// `page_no` from 0, up to 100 rows, 40 where it is not said. How many there are is told on the first page alone.
fn page(args: &Args, list: &str, rows: Vec<Value>) -> Answer {
    let number = |name: &str, usual: usize| match field(args, name) {
        None => Ok(usual),
        Some(text) => text
            .parse::<usize>()
            .map_err(|_| Refusal::said(format!("{name}不合法"))),
    };
    let (page, size) = (number("page_no", 0)?, number("page_size", 40)?);
    if !(1..=100).contains(&size) {
        return Err(Refusal::said("page_size为1到100"));
    }
    let total = rows.len();
    let shown: Vec<Value> = rows.into_iter().skip(page * size).take(size).collect();
    let mut answer = json!({list: shown});
    if page == 0 {
        answer["total_count"] = json!(total);
    }
    Ok(answer)
}

/// By one code; without one only a window is answered.
fn stock(world: &World, args: &Args) -> Answer {
    let code = field(args, "spec_no").ok_or_else(|| Refusal::said("参数中必须包含起止时间"))?;
    let warehouse = field(args, "warehouse_no");
    let rows = rows::stock(world, &[code], warehouse.as_deref());
    page(args, "stocks", rows)
}

fn list(args: &Args, name: &str, most: usize) -> Result<Vec<Value>, Refusal> {
    let text = field(args, name).unwrap_or_default();
    let list: Vec<Value> =
        serde_json::from_str(&text).map_err(|_| Refusal::said(format!("{name} json格式错误,无法解析")))?;
    match list.len() {
        0 => Err(Refusal::said(format!("{name}订单列表为空"))),
        count if count > most => Err(Refusal::said(format!("{name}一次最多{most}条"))),
        _ => Ok(list),
    }
}

/// An order that passed every check.
struct Good {
    tid: String,
    paid_fen: i64,
    sold: Vec<(String, i64)>,
}

/// Strict: one bad order refuses all. Lenient: the good ones are taken and the message tells of the others.
fn push(world: &mut World, args: &Args) -> Answer {
    let shop = field(args, "shop_no").unwrap_or_default();
    rows::check_shop(world, &shop, &WORDS).map_err(Refusal::said)?;
    let strict = match field(args, "switch").as_deref() {
        Some("1") => true,
        None | Some("0") => false,
        Some(_) => return Err(Refusal::said("switch不合法")),
    };
    let orders = list(args, "trade_list", 50)?;
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for order in &orders {
        match check(world, order) {
            Ok(checked) => good.push((checked, order)),
            Err(text) => {
                let tid = order.get("tid").and_then(Value::as_str).unwrap_or_default();
                bad.push(json!({"tid": tid, "error": text}));
            }
        }
    }
    if let (true, Some(first)) = (strict, bad.first()) {
        return Err(Refusal::said(format!(
            "{}:{}",
            first["tid"].as_str().unwrap_or_default(),
            first["error"].as_str().unwrap_or_default()
        )));
    }
    let updates = world.erp.order_mode != OrderMode::Neither;
    let (mut new, mut changed) = (0, 0);
    for (order, upload) in good {
        match rows::book(
            world,
            &shop,
            &order.tid,
            order.paid_fen,
            upload,
            &order.sold,
            updates,
        ) {
            Took::New => new += 1,
            Took::Changed => changed += 1,
        }
    }
    let message = if bad.is_empty() {
        String::new()
    } else {
        Value::Array(bad).to_string()
    };
    Ok(json!({"new_count": new, "chg_count": changed, "message": message}))
}

fn check(world: &World, order: &Value) -> Result<Good, String> {
    let body = order.as_object().ok_or("trade_list订单列表结构异常")?;
    for name in [
        "tid",
        "trade_time",
        "buyer_nick",
        "receiver_name",
        "receiver_address",
    ] {
        field(body, name).ok_or_else(|| format!("{name}不能为空"))?;
    }
    let code = |name: &str, allowed: &[&str]| {
        let held = field(body, name).unwrap_or_default();
        if allowed.contains(&held.as_str()) {
            Ok(())
        } else {
            Err(format!("{name}不合法"))
        }
    };
    code("trade_status", &["10", "30", "40", "70", "80", "90"])?;
    code("pay_status", &["0", "1", "2"])?;
    code("delivery_term", &["1", "2", "3", "4"])?;
    let amount = |name: &str| {
        let value = body.get(name).ok_or_else(|| format!("{name}不能为空"))?;
        parts(value, 4).ok_or_else(|| format!("{name}不合法"))
    };
    let lines = body
        .get("order_list")
        .and_then(Value::as_array)
        .filter(|lines| !lines.is_empty());
    let (mut sum, mut sold) = (amount("post_amount")? + amount("other_amount")?, Vec::new());
    for line in lines.ok_or("order_list不能为空")? {
        let line = line.as_object().ok_or("order_list结构异常")?;
        let (item, milli, comes_to) = rows::check_line(world, line)?;
        sum += comes_to;
        sold.push((item, milli));
    }
    let paid = amount("paid")?;
    if paid < 0 {
        return Err("应收不能小于0".to_owned());
    }
    if paid != sum {
        return Err("已付金额不正确".to_owned());
    }
    Ok(Good {
        tid: field(body, "tid").unwrap_or_default(),
        paid_fen: paid / 100,
        sold,
    })
}

fn refunds(world: &mut World, args: &Args) -> Answer {
    let (mut new, mut changed) = (0, 0);
    for row in list(args, "api_refund_list", 10)? {
        let body = row
            .as_object()
            .ok_or_else(|| Refusal::said("api_refund_list结构异常"))?;
        let need = |name: &str| field(body, name).ok_or_else(|| Refusal::said(format!("{name}不能为空")));
        if need("platform_id")? != OWN_PLATFORM.to_string() {
            return Err(Refusal::said("platform_id不合法"));
        }
        if !matches!(need("type")?.as_str(), "0" | "1" | "2" | "3" | "4") {
            return Err(Refusal::said("type不合法"));
        }
        let shop = need("shop_no")?;
        rows::check_shop(world, &shop, &WORDS).map_err(Refusal::said)?;
        let fee = body
            .get("refund_fee")
            .and_then(|value| parts(value, 4))
            .unwrap_or(0);
        let both = (need("refund_no")?, need("tid")?);
        let took = rows::book_refund(world, &shop, (&both.0, &both.1), fee / 100, &row);
        match took.map_err(Refusal::said)? {
            Took::New => new += 1,
            Took::Changed => changed += 1,
        }
    }
    Ok(json!({"new_count": new, "chg_count": changed}))
}
