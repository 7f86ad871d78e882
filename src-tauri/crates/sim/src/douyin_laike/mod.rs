//! 抖音来客 at open.douyin.com: JSON by GET and POST, a token in a header and no signature on calls. Written from
//! `platforms/douyin_laike`; numbers are its sections.

mod catalog;
mod goods;
mod orders;
mod pushes;
mod read;
mod save;
mod stores;
mod tokens;
pub mod verify;

use serde_json::{Map, Value, json};

pub use pushes::{Push, audit as audit_push, challenge, order as order_push, refund as refund_spi};

use crate::faults::FaultKind;
use crate::wire::{Call, Reply, text_of};
use crate::world::{Authorization, PlatformId, Shop, World};

const PLATFORM: PlatformId = PlatformId::DouyinLaike;
/// The one call that has an envelope of its own and needs no token (1).
const TOKEN: [&str; 2] = ["oauth/client_token", "oauth/stable_client_token"];

/// Why a call was refused (3).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refusal {
    code: i64,
    text: String,
}

impl Refusal {
    fn new(code: i64, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
        }
    }

    fn wrong(text: impl Into<String>) -> Self {
        Self::new(2_100_005, text)
    }

    fn missing(name: &str) -> Self {
        Self::wrong(format!("参数不合法: {name}不能为空"))
    }
}

/// What `data` of a good answer carries beside code and description.
type Answer = Result<Map<String, Value>, Refusal>;
/// The parameters: of the address, or of the body.
type Body = Map<String, Value>;

/// The call a path names; slashes around it do not count.
pub(crate) fn named(path: &str) -> Option<String> {
    let rest = path.strip_prefix("/laike/")?;
    Some(rest.trim_matches('/').to_owned())
}

/// The store a request names, for the quota per shop.
pub(crate) fn shop_named(call: &Call) -> Option<String> {
    if let Some(poi) = call.param("poi_ids").or_else(|| call.param("poi_id")) {
        return listed(poi).into_iter().next();
    }
    let body: Body = serde_json::from_slice(&call.body).ok()?;
    let pois = body.get("product")?.get("pois")?.as_array()?;
    pois.first()?.get("poi_id").and_then(text_of)
}

/// A list in the address: joined by commas, or JSON.
fn listed(text: &str) -> Vec<String> {
    text.trim_matches(['[', ']'])
        .split(',')
        .map(|part| part.trim().trim_matches('"').to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

/// Answers one call; a refused one changes nothing.
pub(crate) fn handle(world: &mut World, name: &str, call: &Call) -> Reply {
    let answer = body(call).and_then(|body| {
        if TOKEN.contains(&name) {
            return tokens::give(world, &body, name == TOKEN[1]);
        }
        admit(world, name, call, &body)?;
        dispatch(world, name, &body)
    });
    reply(world, name, answer)
}

/// The answer of a scripted fault.
pub(crate) fn refusal(world: &mut World, name: &str, fault: &FaultKind) -> Reply {
    let refusal = match fault {
        FaultKind::Throttle { .. } => throttled(name),
        FaultKind::ExpiredToken => token_expired(),
        FaultKind::IllegalToken => Refusal::new(2_190_002, "access_token无效"),
        FaultKind::ClockSkew => Refusal::wrong("参数不合法: timestamp"),
        FaultKind::Gateway { code, .. } => Refusal::new(
            code.parse().unwrap_or(2_100_004),
            "系统繁忙，此时请开发者稍候再试",
        ),
        FaultKind::Refuse { code, message } => Refusal::new(*code, message.clone()),
        _ => Refusal::new(2_100_001, "系统繁忙，此时请开发者稍候再试"),
    };
    reply(world, name, Err(refusal))
}

fn throttled(name: &str) -> Refusal {
    if TOKEN.contains(&name) {
        tokens::too_often()
    } else {
        Refusal::new(2_190_001, "quota已用完")
    }
}

fn token_expired() -> Refusal {
    Refusal::new(2_190_008, "access_token过期,请刷新或重新授权")
}

/// HTTP 200 whatever is said. `data` and `extra` both carry the verdict, and so does `BaseResp`, which some clients read.
fn reply(world: &mut World, name: &str, answer: Answer) -> Reply {
    let logid = format!("2026{}", world.draw().hex(14));
    let now = world.now_ms() / 1000;
    let refused = answer.is_err();
    let (code, text, mut data) = match answer {
        Ok(data) => (0, "success".to_owned(), data),
        Err(refusal) => (refusal.code, refusal.text, Map::new()),
    };
    data.insert("error_code".into(), json!(code));
    data.insert(
        "description".into(),
        json!(if TOKEN.contains(&name) && code == 0 {
            ""
        } else {
            text.as_str()
        }),
    );
    let said = if code == 0 { "" } else { text.as_str() };
    let extra = json!({
        "error_code": code, "description": said, "sub_error_code": 0, "sub_description": "", "logid": logid, "now": now,
    });
    let document = if TOKEN.contains(&name) {
        json!({"data": data, "message": if code == 0 { "success" } else { "error" }, "extra": extra})
    } else {
        json!({"data": data, "extra": extra, "BaseResp": {"StatusCode": code, "StatusMessage": said}})
    };
    Reply::json(200, &document, refused)
}

/// The body's parameters, or the address's where there is no body. Some clients ask with a body in the place of
/// parameters; the platform takes either.
fn body(call: &Call) -> Result<Body, Refusal> {
    let mut all: Body = call
        .query
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    if !call.body.is_empty() {
        match serde_json::from_slice(&call.body) {
            Ok(Value::Object(sent)) => all.extend(sent),
            _ => return Err(Refusal::wrong("参数不合法: 请求体不是合法的JSON")),
        }
    }
    Ok(all)
}

/// Token, right and the merchant, in the gateway's order.
fn admit(world: &World, name: &str, call: &Call, body: &Body) -> Result<(), Refusal> {
    let header = call
        .headers
        .get("access-token")
        .and_then(|value| value.to_str().ok());
    tokens::admit(world, header)?;
    if world.laike.denied_calls.contains(name) {
        return Err(Refusal::new(
            2_190_004,
            "应用未获得该能力,请去https://open.douyin.com/申请",
        ));
    }
    match field(body, "account_id") {
        // Categories and templates are the same for all; the calls on one product know it by its id.
        None if name.starts_with("goodlife/v1/goods/") => Ok(()),
        None => Err(Refusal::missing("account_id")),
        Some(account) if account == world.laike.account_id => Ok(()),
        Some(_) => Err(Refusal::new(2_100_007, "无权限操作: 商家未授权该应用")),
    }
}

fn dispatch(world: &mut World, name: &str, body: &Body) -> Answer {
    match name.strip_prefix("goodlife/v1/").unwrap_or_default() {
        "shop/poi/query" => stores::query(world, body),
        "goods/category/get" => catalog::categories(world, body),
        "goods/template/get" => catalog::template(world, body),
        "goods/product/save" | "akte/goods/product/save" | "x_goods/product/save" => {
            save::product(world, body)
        }
        "goods/product/free_audit" => goods::free_audit(world, body),
        "goods/product/operate" => goods::operate(world, body),
        "goods/stock/sync" => goods::stock(world, body),
        "goods/open/common/product/poi/operate" => goods::pois(world, body),
        "goods/product/online/query" => read::online_query(world, body),
        "goods/product/online/get" => read::online_get(world, body),
        "goods/product/draft/query" => read::draft_query(world, body),
        "goods/product/draft/get" => read::draft_get(world, body),
        "trade/order/query" | "akte/order/query" | "hermes/trade/order/query" => orders::query(world, body),
        "trade/buy/merchant_confirm_order" => orders::confirm(world, body),
        "after_sale/order/merchant_reject" => orders::reject(world, body),
        _ => Err(Refusal::new(2_100_005, "接口不存在")),
    }
}

/// A parameter as text; absent when missing, null or empty.
fn field(body: &Body, name: &str) -> Option<String> {
    body.get(name).and_then(text_of).filter(|text| !text.is_empty())
}

fn need(body: &Body, name: &str) -> Result<String, Refusal> {
    field(body, name).ok_or_else(|| Refusal::missing(name))
}

/// A whole number, sent as number or text: products carry 64-bit numbers as text (2).
fn number(body: &Body, name: &str) -> Result<Option<i64>, Refusal> {
    match field(body, name) {
        None => Ok(None),
        Some(text) => match text.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(Refusal::wrong(format!("参数不合法: {name}"))),
        },
    }
}

/// A store of the merchant that it still lets the application act for.
fn store<'a>(world: &'a World, poi: &str) -> Result<&'a Shop, Refusal> {
    let shop = world
        .laike
        .shops
        .get(poi)
        .filter(|shop| shop.authorization != Authorization::NotLinked);
    let shop = shop.ok_or_else(|| Refusal::wrong(format!("参数不合法: 门店不存在或未认领 {poi}")))?;
    match shop.authorization {
        Authorization::Valid => Ok(shop),
        _ => Err(Refusal::new(2_100_007, "无权限操作: 商家已取消授权")),
    }
}

/// The page that a list names, counted from 1, and how many rows it holds.
fn page(body: &Body, at: &str, size: &str, most: i64) -> Result<(usize, usize), Refusal> {
    let wanted = |name: &str| number(body, name)?.ok_or_else(|| Refusal::missing(name));
    let (page, rows) = (wanted(at)?, wanted(size)?);
    if page < 1 || !(1..=most).contains(&rows) || page.saturating_mul(rows) > 10_000 {
        return Err(Refusal::wrong(format!("参数不合法: {size}最大{most}")));
    }
    let usual = |number: i64| usize::try_from(number).unwrap_or(1);
    Ok((usual(page), usual(rows)))
}
