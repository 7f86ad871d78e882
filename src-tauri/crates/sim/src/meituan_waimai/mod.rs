//! 美团外卖 by family B, MTOp: `/meituan/waimai/…` and `/meituan/wmoper/…`; family A's `food*` is answered beside 闪购's
//! `retail*`. Written from `platforms/meituan`; numbers in comments are its sections.

pub(crate) mod classic;
mod dishes;
mod food;
mod groups;
mod orders;
mod read;
pub mod verify;

use serde_json::{Value, json};

use crate::faults::FaultKind;
use crate::meituan::{self, EXPIRED, ILLEGAL_TOKEN, NOT_CATERING};
use crate::wire::{Call, Reply, text_of};
use crate::world::{Authorization, Shop, World};
use food::PLATFORM;

/// Why a call was refused. Codes besides `OP_SUCCESS` are not public (17.11): these stand in for them, and clients go
/// by the texts.
struct Refusal {
    code: String,
    text: String,
}

type Answer = Result<Value, Refusal>;

impl Refusal {
    fn new(code: &str, text: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            text: text.into(),
        }
    }

    fn missing(field: &str) -> Self {
        Self::new("OP_PARAM_ERROR", format!("{field}不能为空"))
    }
}

/// What a dish, group or order was refused for is said in the words both families share.
impl From<meituan::Refusal> for Refusal {
    fn from(refusal: meituan::Refusal) -> Self {
        Self::new(&format!("OP_BIZ_{}", refusal.code), refusal.message)
    }
}

/// The name of a call of this family: its path at the real host.
pub(crate) fn path_of(path: &str) -> Option<&str> {
    let name = path.strip_prefix("/meituan/")?;
    (name.starts_with("waimai/") || name.starts_with("wmoper/")).then_some(name)
}

fn is_mtop(name: &str) -> bool {
    name.starts_with("waimai/") || name.starts_with("wmoper/")
}

/// The shop a request concerns, for the quota per shop.
pub(crate) fn shop_named(world: &World, call: &Call) -> Option<String> {
    let granted = call.param("appAuthToken").and_then(|token| owner(world, token));
    granted
        .map(str::to_owned)
        .or_else(|| call.param("app_poi_code").map(str::to_owned))
}

fn owner<'a>(world: &'a World, token: &str) -> Option<&'a str> {
    let held = world.mtop.tokens.iter().find(|(_, held)| *held == token);
    held.map(|(shop, _)| shop.as_str())
}

/// Answers one call of either family; a refused one changes nothing.
pub(crate) fn handle(world: &mut World, name: &str, call: &Call) -> Reply {
    if !is_mtop(name) {
        return meituan::handle(world, name, call);
    }
    let answer = admit(world, name, call).and_then(|admitted| dispatch(world, name, &admitted));
    let trace = world.fresh_id(5_600_000_000);
    reply(answer, &trace)
}

/// The answer of a scripted fault.
pub(crate) fn refusal(name: &str, fault: &FaultKind) -> Reply {
    if !is_mtop(name) {
        return meituan::refusal(name, fault);
    }
    let refusal = match fault {
        FaultKind::Throttle { .. } => Refusal::new("OP_FLOW_LIMIT", "接口调用过于频繁,请稍后再试"),
        FaultKind::ExpiredToken => Refusal::new("OP_TOKEN_EXPIRED", EXPIRED),
        FaultKind::IllegalToken => illegal(),
        FaultKind::ClockSkew => skewed(),
        FaultKind::Gateway { code, .. } => Refusal::new(code, "系统异常"),
        FaultKind::Refuse { code, message } => Refusal::new(&code.to_string(), message.clone()),
        _ => Refusal::new("OP_SYSTEM_ERROR", "系统异常"),
    };
    reply(Err(refusal), "0")
}

fn reply(answer: Answer, trace: &str) -> Reply {
    let refused = answer.is_err();
    let document = match answer {
        Ok(data) => json!({"code": "OP_SUCCESS", "msg": "success", "data": data, "traceId": trace}),
        Err(refusal) => {
            json!({"code": refusal.code, "msg": refusal.text, "data": null, "traceId": trace})
        }
    };
    Reply::json(200, &document, refused)
}

fn illegal() -> Refusal {
    Refusal::new("OP_TOKEN_INVALID", ILLEGAL_TOKEN)
}

fn skewed() -> Refusal {
    Refusal::new("OP_TIMESTAMP_ERROR", "timestamp与服务器时间相差超过10分钟")
}

/// A call that may go on: the shop that granted its token, and what it asks.
struct Admitted {
    shop: String,
    biz: Value,
}

impl Admitted {
    /// A business field as text; absent when missing, null or empty.
    fn field(&self, name: &str) -> Option<String> {
        text_of(&self.biz[name]).filter(|text| !text.is_empty())
    }

    fn need(&self, name: &str) -> Result<String, Refusal> {
        self.field(name).ok_or_else(|| Refusal::missing(name))
    }

    /// A list, as such or as JSON text.
    fn list(&self, name: &str) -> Result<Vec<Value>, Refusal> {
        let list = match &self.biz[name] {
            Value::Array(list) => Some(list.clone()),
            Value::String(text) => serde_json::from_str(text).ok(),
            _ => None,
        };
        list.ok_or_else(|| Refusal::missing(name))
    }

    fn held<'a>(&self, world: &'a World) -> Result<&'a Shop, Refusal> {
        world.shop(PLATFORM, &self.shop).map_err(|_| no_shop())
    }
}

fn no_shop() -> Refusal {
    Refusal::new("OP_POI_ERROR", "门店不存在")
}

/// Application, signature, clock, right and token, in this order.
fn admit(world: &World, name: &str, call: &Call) -> Result<Admitted, Refusal> {
    let given = |name: &str| {
        let held = call.form.iter().find(|(held, _)| held == name);
        held.map(|(_, value)| value.as_str())
    };
    if call.method != http::Method::POST {
        return Err(Refusal::new("OP_METHOD_ERROR", "仅支持POST"));
    }
    if given("developerId") != Some(world.mtop.app.id.as_str()) {
        return Err(Refusal::new("OP_DEVELOPER_ERROR", "developerId不存在"));
    }
    if !verify::holds(&call.form, &world.mtop.app.secret) {
        return Err(Refusal::new("OP_SIGN_ERROR", "签名验证错误"));
    }
    let seconds: Option<i64> = given("timestamp").and_then(|text| text.parse().ok());
    let at = seconds.ok_or_else(skewed)?.saturating_mul(1000);
    if (world.now_ms() - at).abs() > world.waimai.clock_window_ms {
        return Err(skewed());
    }
    let business = given("businessId").unwrap_or_default();
    let edition = if name.starts_with("wmoper/") { "16" } else { "2" };
    let either = matches!(name, "waimai/poi/queryPoiInfo" | "waimai/image/upload");
    let right = business == world.mtop.business_id && (either || business == edition);
    if !right || world.mtop.denied_paths.contains(name) {
        return Err(Refusal::new("OP_NO_PERMISSION", "没有权限访问此接口"));
    }
    let token = given("appAuthToken").ok_or_else(|| Refusal::missing("appAuthToken"))?;
    let shop = owner(world, token).ok_or_else(illegal)?.to_owned();
    match world.shop(PLATFORM, &shop).map_err(|_| no_shop())?.authorization {
        Authorization::Valid => {}
        Authorization::Expired => return Err(Refusal::new("OP_TOKEN_EXPIRED", EXPIRED)),
        // F32a: another vendor holds the shop now, so this token is nobody's.
        Authorization::Taken | Authorization::NotLinked => return Err(illegal()),
    }
    let biz: Value = serde_json::from_str(given("biz").unwrap_or("{}"))
        .map_err(|_| Refusal::new("OP_PARAM_ERROR", "biz格式错误"))?;
    let admitted = Admitted { shop, biz };
    for named in ["ePoiId", "ePoiIds"] {
        let Some(ids) = admitted.field(named) else {
            continue;
        };
        if ids.split(',').any(|id| id == admitted.shop) {
            continue;
        }
        let foreign = ids.split(',').any(|id| world.meituan.shops.contains_key(id));
        return Err(if foreign {
            Refusal::new("OP_POI_ERROR", NOT_CATERING)
        } else {
            no_shop()
        });
    }
    Ok(admitted)
}

fn dispatch(world: &mut World, name: &str, call: &Admitted) -> Answer {
    match name {
        "waimai/poi/queryPoiInfo" => {
            call.need("ePoiIds")?;
            let held = call.held(world)?;
            Ok(json!([{
                "ePoiId": held.remote_id, "name": held.name, "address": "示例路1号", "phone": "01000000000",
                "isOpen": if held.open { 1 } else { 3 }, "isOnline": 1, "openTime": "00:00-23:59",
                "latitude": 39_990_000, "longitude": 116_480_000,
            }]))
        }
        "waimai/order/queryById"
        | "waimai/order/queryByDaySeq"
        | "waimai/order/confirm"
        | "waimai/order/cancel"
        | "wmoper/ng/order/queryOrders"
        | "wmoper/ng/order/queryDetail" => orders::answer(world, name, call),
        _ => dishes::answer(world, name, call),
    }
}
