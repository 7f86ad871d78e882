//! 美团闪购 and family A of 美团外卖: `/meituan/api/v1/…`, one host for both; the application tells which. Written from `platforms/meituan`; numbers in comments are its sections.

pub(crate) mod binding;
mod goods;
mod groups;
pub(crate) mod images;
mod oauth;
pub(crate) mod orders;
mod pushes;
mod read;
mod rules;
mod shops;
mod stock;
pub mod verify;

pub use pushes::{bound_push, order_push};

use serde_json::{Value, json};

use crate::faults::FaultKind;
use crate::meituan_waimai::classic;
use crate::wire::{Call, Reply};
use crate::world::{Authorization, MeituanState, PlatformId, Shop, World};

/// Why a call was refused (5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: i64,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(code: i64, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    pub(crate) fn missing(parameter: &str) -> Self {
        Self::new(701, format!("缺少参数,数据不完整:{parameter}"))
    }

    pub(crate) fn format(detail: impl std::fmt::Display) -> Self {
        Self::new(705, format!("参数格式错误:{detail}"))
    }
}

/// A whole answer document, or the reason why there is none.
pub(crate) type Answer = Result<Value, Refusal>;

const PLATFORM: PlatformId = PlatformId::MeituanShangou;
pub(crate) const EXPIRED: &str = "授权已经过期,请联系商家重新授权";
pub(crate) const ILLEGAL_TOKEN: &str = "非法令牌";
/// F37: a shop of the other house, named by a restaurant's application. Its code is not known.
pub(crate) const NOT_CATERING: &str = "参数中存在非餐饮生态APP";

/// Whose application calls: 外卖 by the id of its own, else 闪购.
pub(crate) fn side(world: &World, call: &Call) -> PlatformId {
    if call.param("app_id") == Some(world.waimai.app.id.as_str()) {
        PlatformId::MeituanWaimai
    } else {
        PLATFORM
    }
}

/// The service a call belongs to: its application's; an unknown application's by what it asks for.
pub(crate) fn service(world: &World, name: &str, call: &Call) -> crate::faults::Service {
    use crate::faults::Service;
    let known = call.param("app_id") == Some(world.meituan.app.id.as_str());
    let food = name.starts_with("food");
    match side(world, call) {
        PlatformId::MeituanWaimai => Service::MeituanWaimai,
        _ if food && !known => Service::MeituanWaimai,
        _ => Service::MeituanShangou,
    }
}

/// What the platform remembers of the calling application.
pub(crate) fn state<'a>(world: &'a World, call: &Call) -> &'a MeituanState {
    match side(world, call) {
        PlatformId::MeituanWaimai => &world.waimai,
        _ => &world.meituan,
    }
}

pub(crate) fn state_mut<'a>(world: &'a mut World, call: &Call) -> &'a mut MeituanState {
    match side(world, call) {
        PlatformId::MeituanWaimai => &mut world.waimai,
        _ => &mut world.meituan,
    }
}

/// Answers one call: app, signature, clock, token and shop rights come first, so that a refused call changes nothing.
pub(crate) fn handle(world: &mut World, name: &str, call: &Call) -> Reply {
    let answer = admit(world, name, call).and_then(|()| dispatch(world, name, call));
    match answer {
        Ok(document) => {
            let refused =
                document["data"] == "ng" || document["result_code"].as_i64().is_some_and(|code| code > 1);
            Reply::json(200, &document, refused)
        }
        Err(refusal) => refuse(name, &refusal),
    }
}

/// The classic failure; the retail family adds `result_code` 4 = not executed.
fn refuse(name: &str, refusal: &Refusal) -> Reply {
    let error = json!({"code": refusal.code, "msg": refusal.message});
    let document = if name.starts_with("retail/") {
        json!({"result_code": 4, "data": "ng", "error": error})
    } else {
        json!({"data": "ng", "error": error})
    };
    Reply::json(200, &document, true)
}

/// The answer of a scripted fault.
pub(crate) fn refusal(name: &str, fault: &FaultKind) -> Reply {
    let refusal = match fault {
        FaultKind::Throttle { .. } => throttled(),
        FaultKind::ExpiredToken => Refusal::new(4001, EXPIRED),
        FaultKind::IllegalToken => Refusal::new(704, ILLEGAL_TOKEN),
        FaultKind::ClockSkew => skewed(),
        FaultKind::Refuse { code, message } => Refusal::new(*code, message.clone()),
        _ => Refusal::new(700, "系统错误"),
    };
    refuse(name, &refusal)
}

fn throttled() -> Refusal {
    Refusal::new(711, "接口调用过于频繁,请稍后再试")
}

fn skewed() -> Refusal {
    Refusal::format("timestamp与服务器时间相差超过10分钟")
}

/// Checks everything that does not depend on the call itself.
fn admit(world: &World, name: &str, call: &Call) -> Result<(), Refusal> {
    let params = call.params();
    let held = state(world, call);
    if call.param("app_id") != Some(held.app.id.as_str()) {
        return Err(Refusal::new(702, "app_id不存在"));
    }
    if !verify::holds(&call.url, &params, &held.app.secret) {
        return Err(Refusal::new(703, "签名验证错误"));
    }
    let seconds: i64 = call
        .param("timestamp")
        .and_then(|text| text.parse().ok())
        .ok_or_else(skewed)?;
    if (world.now_ms() - seconds.saturating_mul(1000)).abs() > held.clock_window_ms {
        return Err(skewed());
    }
    if name.starts_with("oauth/") {
        return Ok(());
    }
    if let Some(code) = call.param("app_poi_code") {
        admit_shop(shop_of(world, call, code)?)?;
    }
    admit_token(world, call)
}

pub(crate) fn admit_shop(shop: &Shop) -> Result<(), Refusal> {
    match shop.authorization {
        Authorization::Valid => Ok(()),
        Authorization::Expired => Err(Refusal::new(4001, EXPIRED)),
        Authorization::Taken => Err(Refusal::new(704, ILLEGAL_TOKEN)),
        Authorization::NotLinked => Err(Refusal::new(704, "没有权限访问此数据")),
    }
}

/// An ISV app sends the shop's token; a self-use app needs none, but a wrong one is refused all the same.
fn admit_token(world: &World, call: &Call) -> Result<(), Refusal> {
    let held = state(world, call);
    match call.param("access_token") {
        None if held.isv => Err(Refusal::missing("access_token")),
        None => Ok(()),
        Some(token) => {
            let owner = held.tokens.iter().find(|(_, pair)| pair.access == token);
            let (shop, pair) = owner.ok_or_else(|| Refusal::new(704, ILLEGAL_TOKEN))?;
            if call.param("app_poi_code").is_some_and(|code| code != shop) {
                return Err(Refusal::new(704, "没有权限访问此数据"));
            }
            if pair.access_until <= world.now_ms() {
                return Err(Refusal::new(4001, EXPIRED));
            }
            Ok(())
        }
    }
}

/// An application has the right to the calls of its own kind of shop alone.
fn foreign(world: &World, name: &str, call: &Call) -> bool {
    let kind = name.split('/').next().unwrap_or_default();
    match side(world, call) {
        PlatformId::MeituanWaimai => matches!(kind, "retail" | "retailCat"),
        _ => matches!(kind, "food" | "foodCat"),
    }
}

fn dispatch(world: &mut World, name: &str, call: &Call) -> Answer {
    if foreign(world, name, call) {
        return Err(Refusal::new(708, "没有权限访问此接口"));
    }
    match name {
        "foodCat/list" | "foodCat/update" | "foodCat/delete" => classic::groups(world, name, call),
        _ if name.starts_with("food/") => classic::goods(world, name, call),
        "poi/getids" => Ok(shops::ids(world, call)),
        "poi/mget" => shops::many(world, call),
        "poi/open" => shops::set_open(world, call, true),
        "poi/close" => shops::set_open(world, call, false),
        "retailCat/list" => groups::list(world, call),
        "retailCat/update" => groups::update(world, call),
        "retailCat/delete" => groups::delete(world, call),
        "retailCat/setSequence" => groups::set_sequence(world, call),
        "retail/list" => read::list(world, call),
        "retail/get" => read::get(world, call),
        "retail/getSpTagIds" => Ok(read::taxonomy(world)),
        "retail/recommend/tag" => read::recommend(world, call),
        "retail/field/required/info" => read::required_fields(world, call),
        "retail/initdata" => goods::one(world, call),
        "retail/batchinitdata" => goods::many(world, call),
        "retail/delete" => goods::delete(world, call),
        "retail/sku/delete" => goods::delete_sku(world, call),
        "retail/sku/price" => stock::prices(world, call),
        "retail/sku/stock" => stock::stocks(world, call),
        "retail/sellStatus" => stock::sell_status(world, call),
        "retail/updateAppFoodCodeByOrigin" => binding::by_origin(world, call),
        "retail/updateAppFoodCodeByNameAndSpec" => binding::by_name_and_spec(world, call),
        "image/upload" => images::upload(world, call),
        "order/getOrderDaySeq" => orders::latest_day_seq(world, call),
        "order/getOrderIdByDaySeq" => orders::id_by_day_seq(world, call),
        "order/getOrderDetail" => orders::detail(world, call),
        "order/viewstatus" => orders::status(world, call),
        "order/confirm" => orders::confirm(world, call),
        "order/cancel" => orders::cancel(world, call),
        "order/refund/agree" => orders::decide_refund(world, call, true),
        "order/refund/reject" => orders::decide_refund(world, call, false),
        "ecommerce/order/getOrderRefundDetail" => orders::refunds(world, call),
        "oauth/authorize" => oauth::authorize(world, call),
        "oauth/token" => oauth::token(world, call),
        _ => Err(Refusal::new(708, "没有权限访问此接口")),
    }
}

pub(crate) fn ok() -> Value {
    json!({"data": "ok"})
}

/// A parameter that must be there and not empty.
pub(crate) fn need<'a>(call: &'a Call, name: &str) -> Result<&'a str, Refusal> {
    call.param(name)
        .filter(|value| !value.is_empty())
        .ok_or_else(|| Refusal::missing(name))
}

/// The shop the call names; rights were checked on admission.
pub(crate) fn shop_code(call: &Call) -> Result<String, Refusal> {
    need(call, "app_poi_code").map(str::to_owned)
}

/// The shop among those of the calling application. One of the sister platform is told as such (F37).
pub(crate) fn shop_of<'a>(world: &'a World, call: &Call, code: &str) -> Result<&'a Shop, Refusal> {
    let foreign = side(world, call) == PlatformId::MeituanWaimai && world.meituan.shops.contains_key(code);
    state(world, call).shops.get(code).ok_or_else(|| {
        if foreign {
            Refusal::new(704, NOT_CATERING)
        } else {
            Refusal::new(803, "不存在此门店")
        }
    })
}

fn shop<'a>(world: &'a World, code: &str) -> Result<&'a Shop, Refusal> {
    world
        .meituan
        .shops
        .get(code)
        .ok_or_else(|| Refusal::new(803, "不存在此门店"))
}

fn shop_mut<'a>(world: &'a mut World, code: &str) -> Result<&'a mut Shop, Refusal> {
    world
        .meituan
        .shops
        .get_mut(code)
        .ok_or_else(|| Refusal::new(803, "不存在此门店"))
}

/// The product code: newer calls say `app_spu_code`, older ones `app_food_code` (9.1).
pub(crate) fn product_code(call: &Call) -> Result<&str, Refusal> {
    call.param("app_spu_code")
        .or_else(|| call.param("app_food_code"))
        .filter(|code| !code.is_empty())
        .ok_or_else(|| Refusal::missing("app_spu_code"))
}

pub(crate) fn no_product() -> Refusal {
    Refusal::new(805, "商品不存在")
}

/// A JSON array in one parameter.
pub(crate) fn json_array(call: &Call, name: &str) -> Result<Vec<Value>, Refusal> {
    match serde_json::from_str(need(call, name)?) {
        Ok(Value::Array(items)) => Ok(items),
        _ => Err(Refusal::format(name)),
    }
}
