//! 抖店 open platform with 小时达 stores: `POST /method/path`, parameters as JSON text in the body;
//! `/doudian/authorize` for the merchant's consent. Written from `platforms/doudian`; numbers are its sections.

mod goods;
mod materials;
mod orders;
mod pushes;
mod read;
mod rows;
mod stores;
mod tokens;
pub mod verify;

pub use pushes::order_push;

use serde_json::{Map, Value, json};

use crate::faults::FaultKind;
use crate::wire::{Call, Pair, Reply, text_of};
use crate::world::{Authorization, PlatformId, Shop, World};

const PLATFORM: PlatformId = PlatformId::Doudian;

/// Why a call was refused (4): the kind, the reason, and a text for people.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refusal {
    code: i64,
    sub_code: String,
    text: String,
}

impl Refusal {
    fn new(code: i64, sub_code: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            code,
            sub_code: sub_code.into(),
            text: text.into(),
        }
    }

    /// A parameter of the platform's own is missing.
    fn absent(sub_code: &str, text: &str) -> Self {
        Self::new(40_001, format!("isv.{sub_code}-missing"), text)
    }

    /// A business parameter is missing. 2010003 is the number of addV2; what other calls say is not known.
    fn missing(field: &str) -> Self {
        Self::new(
            40_002,
            "isv.missing-parameter:2010003",
            format!("{field}字段缺失"),
        )
    }

    fn wrong(text: impl Into<String>) -> Self {
        Self::new(40_004, "isv.parameter-invalid:1", text)
    }

    fn business(number: u32, text: &str) -> Self {
        Self::new(50_002, format!("isv.business-failed:{number}"), text)
    }
}

/// The `data` of a good answer.
type Answer = Result<Value, Refusal>;
/// The business parameters.
type Body = Map<String, Value>;

/// The method a path names; a doubled slash in front is taken (1).
pub(crate) fn method_of(path: &str) -> Option<String> {
    let rest = path.strip_prefix("/doudian/")?.trim_start_matches('/');
    Some(rest.replace('/', "."))
}

/// The store a request names, for the quota per shop.
pub(crate) fn shop_named(call: &Call) -> Option<String> {
    let body: Body = serde_json::from_str(&param_json(call)).ok()?;
    field(&body, "store_id")
}

/// The text of the parameters: the body, or the query of older clients (1).
fn param_json(call: &Call) -> String {
    if call.body.is_empty() {
        return call.param("param_json").unwrap_or("{}").to_owned();
    }
    String::from_utf8_lossy(&call.body).into_owned()
}

/// Answers one call; a refused one changes nothing.
pub(crate) fn handle(world: &mut World, name: &str, call: &Call) -> Reply {
    if name == "authorize" {
        return tokens::authorize(world, call);
    }
    let answer = admit(world, name, call).and_then(|body| dispatch(world, name, &body));
    reply(world, answer)
}

/// The answer of a scripted fault.
pub(crate) fn refusal(world: &mut World, fault: &FaultKind) -> Reply {
    let refusal = match fault {
        FaultKind::Throttle { .. } => {
            Refusal::new(60_000, "isp.traffic-limited:2010067", "请求过于频繁，请稍后再试")
        }
        FaultKind::ExpiredToken => token_expired(),
        FaultKind::IllegalToken => token_unknown(),
        FaultKind::ClockSkew => clock_off(),
        FaultKind::Gateway { code, .. } => Refusal::new(20_000, "isp.service-error:1", code.clone()),
        FaultKind::Refuse { code, message } => Refusal::new(*code, "", message.clone()),
        _ => Refusal::new(20_000, "dop.service-error", "服务内部错误"),
    };
    reply(world, Err(refusal))
}

/// HTTP 200 whatever is said; a text for people stands in `sub_msg`.
fn reply(world: &mut World, answer: Answer) -> Reply {
    let log_id = world.fresh_id(20_260_301_080_000_000);
    let refused = answer.is_err();
    // The fields of 2021 stand beside the present ones: clients of that time read nothing else.
    let body = match answer {
        Ok(data) => json!({
            "code": 10_000, "msg": "success", "sub_code": "", "sub_msg": "", "log_id": log_id, "data": data,
            "err_no": 0, "message": "success",
        }),
        Err(refusal) => json!({
            "code": refusal.code, "msg": kind(refusal.code), "sub_code": refusal.sub_code, "sub_msg": refusal.text,
            "log_id": log_id, "data": null, "err_no": refusal.code, "message": refusal.text,
        }),
    };
    Reply::json(200, &body, refused)
}

fn kind(code: i64) -> &'static str {
    match code {
        20_000 => "service error",
        30_001 => "no permission",
        40_001 | 40_002 => "parameter missing",
        40_003 | 40_004 => "parameter invalid",
        60_000 => "traffic limited",
        _ => "business failed",
    }
}

fn token_expired() -> Refusal {
    Refusal::new(40_003, "isv.access-token-expired", "access_token已过期")
}

fn token_unknown() -> Refusal {
    Refusal::new(
        40_003,
        "isv.access-token-no-existed",
        "access_token不存在，请使用最新的access_token访问",
    )
}

fn clock_off() -> Refusal {
    Refusal::new(40_003, "isv.parameter-invalid", "timestamp不合法")
}

/// App, signature, time, token and permission, in the gateway's order.
fn admit(world: &World, name: &str, call: &Call) -> Result<Body, Refusal> {
    let given = |name: &str| call.param(name).filter(|text| !text.is_empty());
    for (field, sub_code) in [
        ("app_key", "app-id"),
        ("sign", "signature"),
        ("timestamp", "parameter"),
        ("method", "parameter"),
    ] {
        if given(field).is_none() {
            return Err(Refusal::absent(sub_code, field));
        }
    }
    let state = &world.doudian;
    if given("app_key") != Some(state.app.id.as_str()) {
        return Err(Refusal::new(40_003, "isv.parameter-invalid", "app_key不存在"));
    }
    let text = param_json(call);
    let mut params: Vec<Pair> = call.query.clone();
    params.retain(|(name, _)| name != "param_json");
    params.push(("param_json".to_owned(), text.clone()));
    if given("method") != Some(name) || !verify::holds(&params, &state.app.secret) {
        return Err(Refusal::new(40_003, "isv.signature-invalid", "签名校验失败"));
    }
    let at = given("timestamp").and_then(moment);
    if at.is_none_or(|at| (at - world.now_ms()).abs() > state.clock_window_ms) {
        return Err(clock_off());
    }
    if !name.starts_with("token.") {
        tokens::admit(world, given("access_token"))?;
        if state.denied_methods.contains(name) {
            return Err(Refusal::new(
                30_001,
                "isv.app-permissions-insufficient",
                "应用没有该接口的权限",
            ));
        }
    }
    match serde_json::from_str(&text) {
        Ok(Value::Object(body)) => Ok(body),
        _ => Err(Refusal::new(
            40_003,
            "isv.parameter-format-invalid",
            "param_json不是合法的JSON",
        )),
    }
}

/// Seconds, or the wall clock of Shanghai as older clients write it (1).
fn moment(text: &str) -> Option<i64> {
    if let Ok(seconds) = text.parse::<i64>() {
        return seconds.checked_mul(1000);
    }
    let time = jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?;
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    Some(time.to_zoned(zone).ok()?.timestamp().as_millisecond())
}

fn dispatch(world: &mut World, name: &str, body: &Body) -> Answer {
    match name {
        "token.create" => tokens::create(world, body),
        "token.refresh" => tokens::refresh(world, body),
        "shop.getStoreList" => stores::list(world, body),
        "shop.getShopCategory" => Ok(stores::categories(world, body)),
        "product.listV2" => read::list(world, body),
        "product.detail" => read::detail(world, body),
        "product.addV2" => goods::add(world, body),
        "product.editV2" => goods::edit(world, body),
        "product.setOnline" => rows::set_online(world, body, true),
        "product.setOffline" => rows::set_online(world, body, false),
        "product.del" => rows::delete(world, body),
        "sku.editPrice" => rows::price(world, body),
        "sku.editCode" => rows::code(world, body),
        "sku.syncStockBatch" => rows::stock(world, body),
        "open.binaryupload" => materials::binary(world, body),
        "material.uploadImageSync" => materials::upload(world, body),
        "material.queryMaterialDetail" => materials::query(world, body),
        "order.searchList" => orders::search(world, body),
        "order.orderDetail" => orders::detail(world, body),
        "superm.acceptOrder" => orders::accept(world, body),
        "superm.rejectOrder" => orders::reject(world, body),
        "afterSale.List" => orders::after_sales(world, body),
        _ => Err(Refusal::new(30_001, "dop.no-permissions", "接口不存在或没有权限")),
    }
}

/// A business parameter as text; absent when missing, null or empty.
fn field(body: &Body, name: &str) -> Option<String> {
    body.get(name).and_then(text_of).filter(|text| !text.is_empty())
}

fn need(body: &Body, name: &str) -> Result<String, Refusal> {
    field(body, name).ok_or_else(|| Refusal::missing(name))
}

/// A whole number, sent as number or text.
fn number(body: &Body, name: &str) -> Result<Option<i64>, Refusal> {
    match field(body, name) {
        None => Ok(None),
        Some(text) => text
            .parse()
            .map(Some)
            .map_err(|_| Refusal::wrong(format!("参数错误:{name}"))),
    }
}

/// An id as the number it is sent as.
fn as_number(id: &str) -> Value {
    id.parse::<i64>()
        .map_or_else(|_| json!(id), |number| json!(number))
}

/// The store, when it is the shop's and the merchant still lets the app act for it.
fn store<'a>(world: &'a World, id: &str) -> Result<&'a Shop, Refusal> {
    let shop = world
        .doudian
        .shops
        .get(id)
        .filter(|shop| shop.authorization != Authorization::NotLinked);
    let shop = shop.ok_or_else(|| Refusal::business(50_114, "门店不存在"))?;
    match shop.authorization {
        Authorization::Valid => Ok(shop),
        _ => Err(Refusal::new(30_001, "dop.authorization-closed", "店铺已取消授权")),
    }
}

/// The store whose product this is.
fn owner(world: &World, product: &str) -> Result<String, Refusal> {
    let found = world
        .doudian
        .shops
        .values()
        .find(|shop| shop.listings.contains_key(product));
    match found {
        Some(shop) => Ok(store(world, &shop.remote_id)?.remote_id.clone()),
        // F71: it waits in the head store's recycle bin.
        None if world.doudian.recycled.contains_key(product) => {
            Err(Refusal::business(2_010_042, "商品已删除，请将商品恢复后再修改"))
        }
        None => Err(Refusal::business(2_010_058, "商品不存在")),
    }
}
