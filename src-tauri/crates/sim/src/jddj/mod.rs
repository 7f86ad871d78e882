//! 京东到家: signed forms at `/djapi/…`, answers with JSON text inside JSON text. Written from `platforms/jddj`; numbers
//! are its sections.

mod categories;
mod goods;
mod orders;
mod prices;
mod pushes;
mod read;
mod stock;
mod stores;
pub mod verify;

use serde_json::{Map, Value, json};

pub use pushes::{authorization, order as order_push};

use crate::clock::parse_shanghai;
use crate::faults::FaultKind;
use crate::wire::{Call, Reply, text_of};
use crate::world::{Authorization, Listing, PlatformId, Shop, World};

const PLATFORM: PlatformId = PlatformId::Jddj;

/// Why a call was refused, and at which of the two layers (5, 6).
#[derive(Debug, Clone, PartialEq, Eq)]
enum Refusal {
    /// By the platform's gateway.
    Gate(String, String),
    /// By the service behind it: `code` and `msg`.
    Inner(String, String),
    /// The same of the stock service, which says `retCode` and `retMsg`.
    Stock(String, String),
}

impl Refusal {
    fn gate(code: i64, text: &str) -> Self {
        Self::Gate(code.to_string(), text.to_owned())
    }

    fn inner(text: impl Into<String>) -> Self {
        Self::Inner("-1".to_owned(), text.into())
    }

    fn missing(name: &str) -> Self {
        Self::Inner("1".to_owned(), format!("参数错误：{name}不能为空"))
    }

    /// The same refusal in the stock service's words.
    fn of_stock(self) -> Self {
        match self {
            Self::Inner(code, text) => Self::Stock(code, text),
            other => other,
        }
    }
}

/// What a good answer carries.
enum Said {
    /// `{code, msg, result, success}`.
    Result(Value),
    /// `{retCode, retMsg, data, ret}` of the stock service.
    Rows(Value),
    /// Fields beside `code` and `msg`.
    Beside(Map<String, Value>),
    /// Sealed in `encryptData`.
    Sealed(Value),
}

type Answer = Result<Said, Refusal>;
/// The business parameters.
type Body = Map<String, Value>;

/// The call a path names; the mock address takes the same, and a doubled slash is taken.
pub(crate) fn named(path: &str) -> Option<String> {
    let rest = path.strip_prefix("/jddj/")?;
    let name = rest
        .strip_prefix("djapi")
        .or_else(|| rest.strip_prefix("mockapi"))?;
    name.starts_with('/').then(|| name.trim_matches('/').to_owned())
}

/// The store a request names, for the quota per shop.
pub(crate) fn shop_named(call: &Call) -> Option<String> {
    let body: Body = serde_json::from_str(call.param("jd_param_json")?).ok()?;
    ["stationNo", "outStationNo", "StoreNo", "deliveryStationNo"]
        .iter()
        .find_map(|name| field(&body, name))
}

/// Answers one call; a refused one changes nothing.
pub(crate) fn handle(world: &mut World, name: &str, call: &Call) -> Reply {
    let answer = admit(world, name, call).and_then(|body| dispatch(world, name, &body));
    reply(world, answer)
}

/// The answer of a scripted fault.
pub(crate) fn refusal(world: &mut World, fault: &FaultKind) -> Reply {
    let refusal = match fault {
        FaultKind::Throttle { .. } => Refusal::gate(10_032, "接口调用频率超过限制"),
        FaultKind::ExpiredToken | FaultKind::IllegalToken => bad_token(),
        FaultKind::ClockSkew => clock_off(),
        FaultKind::Gateway { code, .. } => Refusal::Gate(code.clone(), "系统繁忙，请稍后重试".to_owned()),
        FaultKind::Refuse { code, message } => Refusal::Gate(code.to_string(), message.clone()),
        _ => Refusal::gate(-1, "操作失败，请重试"),
    };
    reply(world, Err(refusal))
}

fn reply(world: &mut World, answer: Answer) -> Reply {
    let trace = world.draw().ticket().to_lowercase();
    let refused = answer.is_err();
    let said = |text: &str| format!("{text}, UUID[{trace}]");
    let (code, text, data, sealed) = match answer {
        Ok(Said::Sealed(result)) => {
            let inner =
                json!({"code": "0", "msg": "操作成功", "success": true, "result": result.to_string()});
            let sealed = verify::sealed(&inner.to_string(), &world.jddj.app.secret);
            ("0".to_owned(), said("操作成功"), String::new(), sealed)
        }
        Ok(good) => (
            "0".to_owned(),
            said("操作成功"),
            inner(good).to_string(),
            String::new(),
        ),
        Err(Refusal::Gate(code, text)) => (code, said(&text), String::new(), String::new()),
        Err(Refusal::Inner(code, text)) => {
            let inner = json!({"code": code, "msg": text, "result": null, "success": false});
            ("0".to_owned(), said("操作成功"), inner.to_string(), String::new())
        }
        Err(Refusal::Stock(code, text)) => {
            let inner = json!({"retCode": code, "retMsg": text, "data": null, "ret": false});
            ("0".to_owned(), said("操作成功"), inner.to_string(), String::new())
        }
    };
    let mut document = json!({"code": code, "msg": text, "data": data, "success": code == "0"});
    if !sealed.is_empty() {
        document["encryptData"] = json!(sealed);
    }
    Reply::json(200, &document, refused)
}

/// The second layer of a good answer.
fn inner(said: Said) -> Value {
    match said {
        Said::Result(result) | Said::Sealed(result) => {
            json!({"code": "0", "msg": "操作成功", "result": result, "detail": "", "success": true})
        }
        Said::Rows(data) => json!({"retCode": "0", "retMsg": "成功", "data": data, "ret": true}),
        Said::Beside(mut fields) => {
            fields.insert("code".to_owned(), json!(0));
            fields.insert("msg".to_owned(), json!("操作成功"));
            Value::Object(fields)
        }
    }
}

fn bad_token() -> Refusal {
    Refusal::gate(10_013, "无效的token或token已过期")
}

fn clock_off() -> Refusal {
    Refusal::gate(10_015, "参数格式或类型错误：timestamp与服务器时间相差过大")
}

/// Shape, application, signature, clock, token and rights, before anything else. `v` is only a signed text (3).
fn admit(world: &World, name: &str, call: &Call) -> Result<Body, Refusal> {
    let given = |name: &str| call.param(name).filter(|text| !text.is_empty());
    for field in ["app_key", "sign", "timestamp", "token", "v", "format"] {
        if given(field).is_none() {
            return Err(Refusal::gate(10_005, &format!("必须的参数为空：{field}")));
        }
    }
    let state = &world.jddj;
    if given("app_key") != Some(state.app.id.as_str()) {
        return Err(Refusal::gate(10_015, "参数格式或类型错误：app_key不存在"));
    }
    if !verify::holds(&call.params(), &state.app.secret) {
        return Err(Refusal::gate(10_014, "签名不正确"));
    }
    let at = given("timestamp").and_then(parse_shanghai);
    if at.is_none_or(|at| (at - world.now_ms()).abs() > state.clock_window_ms) {
        return Err(clock_off());
    }
    // The call that confirms a new token may come with either.
    let swap = name == "ApplicationService/verificationUpdateToken";
    let fresh = swap && state.next_token.as_deref() == given("token");
    if !fresh && (given("token") != Some(state.token.as_str()) || state.token_until <= world.now_ms()) {
        return Err(bad_token());
    }
    if state.denied_calls.contains(name) {
        return Err(Refusal::gate(10_016, "没有接口的访问权限"));
    }
    match call.param("jd_param_json").unwrap_or_default() {
        // Calls without parameters come without them, or with an empty list as PHP writes an empty map.
        "" | "[]" | "null" => Ok(Body::new()),
        text => serde_json::from_str(text)
            .map_err(|_| Refusal::gate(10_015, "参数格式或类型错误：jd_param_json不是合法的JSON")),
    }
}

fn dispatch(world: &mut World, name: &str, body: &Body) -> Answer {
    match name {
        "ApplicationService/verificationUpdateToken" => stores::swap_token(world, body),
        "store/getStationsByVenderId" => Ok(stores::list(world)),
        "storeapi/getStoreInfoByStationNo" => stores::one(world, body),
        "store/updateStoreInfo4Open" => stores::update(world, body),
        "pms/queryCategoriesByOrgCode" => Ok(categories::of_merchant(world)),
        "pms/addShopCategory" => categories::add(world, body),
        "pms/updateShopCategory" => categories::rename(world, body),
        "pms/delShopCategory" => categories::delete(world, body),
        "pms/changeShopCategoryOrder" => categories::reorder(world, body),
        "api/queryChildCategoriesForOP" => categories::of_platform(world, body),
        "pms/getSkuCateBrandBySkuName" => goods::guess(world, body),
        "pms/querySkuInfos" => read::page(world, body, false),
        "pms/querySkuInfoList" => read::page(world, body, true),
        "order/queryListBySkuIds" => read::pictures(world, body),
        "pms/addSku" => goods::add(world, body, true),
        "pms/sku/addSku" => goods::add(world, body, false),
        "pms/updateSku" => goods::update(world, body),
        "pms/getSkuStatus" => goods::status(world, body),
        "pms/sku/batchUpdateOutSkuId" | "sku/batchUpdateOutSkuId" => goods::codes(world, body),
        "price/getStationInfoList" => prices::of_store(world, body),
        "venderprice/updateStationPrice" => prices::update(world, body),
        "price/updateStationPrice" => prices::update_one(world, body),
        "stock/queryOpenUseable" => stock::query(world, body),
        "stock/batchUpdateCurrentQtys" => stock::update(world, body).map_err(Refusal::of_stock),
        "stock/queryBatchUpdateResult" => stock::result(world, body).map_err(Refusal::of_stock),
        "update/currentQty" | "stock/update" => {
            stock::update_one(world, name, body).map_err(Refusal::of_stock)
        }
        "stock/batchUpdateVendibility" => stock::vendibility(world, body).map_err(Refusal::of_stock),
        "stock/updateVendibility" => stock::vendibility_by_id(world, body).map_err(Refusal::of_stock),
        "order/es/query" => orders::query(world, body),
        "ocs/orderAcceptOperate" => orders::accept(world, body),
        "ocs/orderCancelOperate" => orders::answer_cancel(world, body),
        "afs/getAfsSeriveOrderList" => orders::after_sales(world, body),
        "afs/getAfsService" => orders::after_sale(world, body),
        _ => Err(Refusal::gate(10_010, "请求的路径不正确")),
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
            .map_err(|_| Refusal::Inner("1".to_owned(), format!("参数错误：{name}"))),
    }
}

/// A truth value, as such or as text.
fn truth(body: &Body, name: &str) -> Option<bool> {
    match body.get(name)? {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Rows of a list parameter, which may come as JSON text.
fn rows(body: &Body, name: &str) -> Result<Vec<Body>, Refusal> {
    let parsed: Vec<Body> = match body.get(name) {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(list) => serde_json::from_value(list.clone()).unwrap_or_default(),
        None => Vec::new(),
    };
    if parsed.is_empty() {
        return Err(Refusal::missing(name));
    }
    if parsed.len() > 50 {
        return Err(Refusal::Inner(
            "1".to_owned(),
            format!("参数错误：{name}最多50条"),
        ));
    }
    Ok(parsed)
}

/// Ids as a list or as one text with commas.
fn ids(body: &Body, name: &str) -> Vec<String> {
    match body.get(name) {
        Some(Value::Array(list)) => list.iter().filter_map(text_of).collect(),
        Some(other) => text_of(other)
            .unwrap_or_default()
            .split(',')
            .map(|id| id.trim_matches(['[', ']', ' ', '"']).to_owned())
            .filter(|id| !id.is_empty())
            .collect(),
        None => Vec::new(),
    }
}

/// An id as the number it is sent as.
fn as_number(id: &str) -> Value {
    id.parse::<i64>()
        .map_or_else(|_| json!(id), |number| json!(number))
}

/// A store by JD's number or the merchant's own, when the application may act for it.
fn store<'a>(world: &'a World, body: &Body) -> Result<&'a Shop, Refusal> {
    let (ours, theirs) = (field(body, "outStationNo"), field(body, "stationNo"));
    let held = match (theirs, ours) {
        (Some(id), _) => world.jddj.shops.get(&id),
        (None, Some(code)) => world.jddj.shops.values().find(|shop| shop.own_code == code),
        (None, None) => return Err(Refusal::Inner("7".to_owned(), "门店编号不能为空".to_owned())),
    };
    let shop = held.ok_or_else(|| Refusal::Inner("10026".to_owned(), "门店编码不正确".to_owned()))?;
    match shop.authorization {
        Authorization::Valid => Ok(shop),
        _ => Err(Refusal::Inner("403".to_owned(), "门店不属于该商家".to_owned())),
    }
}

/// The merchant's product by JD's id.
fn product<'a>(world: &'a World, id: &str) -> Option<&'a Listing> {
    world.jddj.any()?.listings.get(id)
}
