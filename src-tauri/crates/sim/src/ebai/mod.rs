//! 饿百零售: one address, form POST, the command in `cmd`. Written from `platforms/ebai`; numbers are its sections.

mod batch;
mod categories;
mod goods;
mod orders;
mod pictures;
mod pushes;
mod read;
mod shops;
pub mod verify;

pub use pushes::{order_push, unbound_push};

use serde_json::{Map, Value, json};

use crate::faults::{ErrorShape, FaultKind};
use crate::wire::{Call, Reply, text_of};
use crate::world::{Authorization, PlatformId, Shop, World};

const PLATFORM: PlatformId = PlatformId::Ebai;

/// Why a command was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Refusal {
    /// By the platform: `errno` and `error` inside the signed envelope.
    Platform { errno: i64, error: String },
    /// By the gateway in front of it (1, 4).
    Gateway {
        code: String,
        message: String,
        shape: ErrorShape,
    },
}

impl Refusal {
    fn new(errno: i64, error: impl Into<String>) -> Self {
        Self::Platform {
            errno,
            error: error.into(),
        }
    }

    fn missing(field: &str) -> Self {
        Self::new(1, format!("参数缺失:{field}"))
    }

    fn gateway(code: &str, message: &str) -> Self {
        Self::Gateway {
            code: code.to_owned(),
            message: message.to_owned(),
            shape: ErrorShape::Bare,
        }
    }
}

/// The `data` of a good answer.
type Answer = Result<Value, Refusal>;
/// The business arguments.
type Body = Map<String, Value>;

/// The shop a request names, for the quota per shop.
pub(crate) fn shop_named(call: &Call) -> Option<String> {
    let body: Body = serde_json::from_str(call.param("body")?).ok()?;
    field(&body, "shop_id").or_else(|| field(&body, "baidu_shop_id"))
}

/// Answers one command; a refused one changes nothing.
pub(crate) fn handle(world: &mut World, name: &str, call: &Call) -> Reply {
    let answer = admit(world, name, call).and_then(|body| dispatch(world, name, &body));
    reply(world, call, answer)
}

/// The answer of a scripted fault.
pub(crate) fn refusal(world: &mut World, call: &Call, fault: &FaultKind) -> Reply {
    let gateway = |code: &str, message: &str, shape| Refusal::Gateway {
        code: code.to_owned(),
        message: message.to_owned(),
        shape,
    };
    let refusal = match fault {
        FaultKind::Throttle { shape } => gateway(
            "gw.QosAPIFrequencyLimit",
            "API call frequency exceeds the limit",
            *shape,
        ),
        FaultKind::Gateway { code, shape } => gateway(code, code, *shape),
        FaultKind::ClockSkew => gateway("gw.SignatureInvalid", "Invalid signature", ErrorShape::Bare),
        FaultKind::ExpiredToken | FaultKind::IllegalToken => Refusal::new(1, "access_token已过期,请重新授权"),
        FaultKind::Refuse { code, message } => Refusal::new(*code, message.clone()),
        _ => gateway("gw.ISPInvokeError", "ISP invoke error", ErrorShape::Envelope),
    };
    reply(world, call, Err(refusal))
}

fn reply(world: &mut World, call: &Call, answer: Answer) -> Reply {
    let refused = answer.is_err();
    let body = match answer {
        Ok(data) => json!({"errno": 0, "error": "success", "data": data}),
        Err(Refusal::Platform { errno, error }) => json!({"errno": errno, "error": error, "data": null}),
        Err(Refusal::Gateway {
            code,
            message,
            shape: ErrorShape::Bare,
        }) => {
            return Reply::json(400, &json!({"error_code": code, "error_message": message}), true);
        }
        Err(Refusal::Gateway {
            code,
            shape: ErrorShape::Envelope,
            ..
        }) => {
            json!({"errno": -1, "error": code, "data": null})
        }
    };
    Reply::json(200, &envelope(world, call, &body), refused)
}

/// The signed envelope: the signature covers the compact body and, when the request carried it, its `fields` (2).
fn envelope(world: &mut World, call: &Call, body: &Value) -> Value {
    let cmd = format!("resp.{}", call.param("cmd").unwrap_or_default());
    let ticket = world.draw().ticket();
    let timestamp = world.now_ms() / 1000;
    let mut signed: Vec<(String, String)> = vec![
        ("body".to_owned(), body.to_string()),
        ("cmd".to_owned(), cmd.clone()),
        ("encrypt".to_owned(), String::new()),
        ("source".to_owned(), world.ebai.app.id.clone()),
        ("ticket".to_owned(), ticket.clone()),
        ("timestamp".to_owned(), timestamp.to_string()),
        ("version".to_owned(), "3".to_owned()),
    ];
    if let Some(fields) = call.param("fields") {
        signed.push(("fields".to_owned(), fields.to_owned()));
    }
    let sign = verify::signature(&signed, &world.ebai.app.secret);
    json!({
        "cmd": cmd, "version": "3", "timestamp": timestamp, "ticket": ticket, "source": world.ebai.app.id,
        "encrypt": "", "sign": sign, "body": body,
    })
}

/// App, signature and permission package, in the gateway's order.
fn admit(world: &World, name: &str, call: &Call) -> Result<Body, Refusal> {
    for (field, code) in [
        ("source", "gw.AppKeyMissing"),
        ("sign", "gw.SignatureMissing"),
        ("cmd", "gw.ParamMissing"),
    ] {
        if call.param(field).is_none_or(str::is_empty) {
            return Err(Refusal::gateway(code, field));
        }
    }
    if call.param("source") != Some(world.ebai.app.id.as_str()) {
        return Err(Refusal::gateway("gw.AppKeyNotFound", "AppKey is not found"));
    }
    if !verify::holds(&call.form, &world.ebai.app.secret) {
        return Err(Refusal::gateway("gw.SignatureInvalid", "Invalid signature"));
    }
    if world.ebai.denied_commands.contains(name) {
        return Err(Refusal::gateway("gw.APIACLDecline", "AppKey is not allowed(acl)"));
    }
    let text = call.param("body").filter(|text| !text.is_empty()).unwrap_or("{}");
    match serde_json::from_str(text) {
        Ok(Value::Object(body)) => Ok(body),
        _ => Err(Refusal::new(1, "body不是合法的JSON")),
    }
}

fn dispatch(world: &mut World, name: &str, body: &Body) -> Answer {
    match name {
        "shop.list" => Ok(shops::list(world)),
        "shop.get" => shops::get(world, body),
        "shop.open" => shops::set_open(world, body, true),
        "shop.close" => shops::set_open(world, body, false),
        "sku.shop.category.get" => categories::get(world, body),
        "sku.shop.category.create" => categories::create(world, body),
        "sku.shop.category.update" => categories::update(world, body),
        "sku.shop.category.delete" => categories::delete(world, body),
        "sku.shop.category.map" => categories::map(world, body),
        "sku.category.list" => Ok(read::taxonomy(world, body)),
        "sku.list" => read::list(world, body),
        "sku.stdupc.exist" => read::standard_upc(world, body),
        "sku.create" => goods::create(world, body),
        "sku.update" => goods::update(world, body),
        "sku.online" => batch::set_online(world, body, true),
        "sku.offline" => batch::set_online(world, body, false),
        "sku.delete" => batch::delete(world, body),
        "sku.shop.customsku.map" => goods::map_code(world, body),
        "sku.price.update.batch" | "sku.price.update.one" => batch::prices(world, body),
        "sku.stock.update.batch" | "sku.stock.update.one" => batch::stocks(world, body),
        "sku.spec.update.price" => batch::spec_prices(world, body),
        "sku.spec.stock.update" => batch::spec_stocks(world, body),
        "picture.upload" => pictures::upload(world, body),
        "order.list" => orders::list(world, body),
        "order.get" => orders::get(world, body),
        "order.status.get" => orders::status(world, body),
        "order.confirm" => orders::confirm(world, body),
        "order.cancel" => orders::cancel(world, body),
        "order.agreerefund" => orders::decide_refund(world, body, true),
        "order.disagreerefund" => orders::decide_refund(world, body, false),
        "order.partrefund.get" => orders::part_refunds(world, body),
        "order.cancellist" => orders::cancelled(world, body),
        _ => Err(Refusal::gateway("gw.APIUnsupported", "API is unsupported")),
    }
}

/// A business argument as text; absent when missing, null or empty.
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
            .map_err(|_| Refusal::new(1, format!("参数错误:{name}"))),
    }
}

/// `baidu_shop_id` of the shop the body names by either id; the app must be its linked main app (3).
fn shop_id(world: &World, body: &Body) -> Result<String, Refusal> {
    let named = field(body, "shop_id").or_else(|| field(body, "baidu_shop_id"));
    let named = named.ok_or_else(|| Refusal::missing("shop_id"))?;
    let shop = world
        .ebai
        .shops
        .values()
        .find(|shop| shop.own_code == named || shop.remote_id == named);
    let shop = shop.ok_or_else(unknown_merchant)?;
    admit_shop(shop)?;
    Ok(shop.remote_id.clone())
}

fn unknown_merchant() -> Refusal {
    Refusal::new(1, "【API】通过入参未查询到商户信息,请确认店铺已入淘且通过审批")
}

fn admit_shop(shop: &Shop) -> Result<(), Refusal> {
    match shop.authorization {
        Authorization::Valid => Ok(()),
        Authorization::NotLinked => Err(Refusal::new(1, "授权门店失败,应用未关联该门店或不是主应用")),
        Authorization::Expired | Authorization::Taken => Err(Refusal::new(1, "门店授权已失效,请重新授权")),
    }
}

fn shop<'a>(world: &'a World, id: &str) -> Result<&'a Shop, Refusal> {
    world.ebai.shops.get(id).ok_or_else(unknown_merchant)
}

fn shop_mut<'a>(world: &'a mut World, id: &str) -> Result<&'a mut Shop, Refusal> {
    world.ebai.shops.get_mut(id).ok_or_else(unknown_merchant)
}

fn no_product() -> Refusal {
    Refusal::new(5004, "商品不存在")
}

/// The platform id of the product a body names; `sku_id` wins over `custom_sku_id` and nothing else is compared, so a
/// stale id overwrites another product (F58).
fn listing_id(world: &World, shop_id: &str, body: &Body) -> Result<String, Refusal> {
    let held = shop(world, shop_id)?;
    if let Some(id) = field(body, "sku_id") {
        return held
            .listings
            .contains_key(&id)
            .then_some(id)
            .ok_or_else(no_product);
    }
    let code = field(body, "custom_sku_id").ok_or_else(|| Refusal::new(1, "sku_id字段为空"))?;
    held.listing_by_code(&code)
        .map(|listing| listing.id.clone())
        .ok_or_else(no_product)
}
