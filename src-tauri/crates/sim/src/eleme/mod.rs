//! 饿了么 for restaurants: `/eleme/api/v1/`, JSON POST, the action in the body; `/eleme/authorize` for the merchant's
//! consent, `/eleme/token` for tokens. Written from `platforms/eleme`; numbers in comments are its sections. Codes are the documented ones, texts beside them are not
//! published and made up.

mod categories;
mod goods;
mod messages;
mod numbers;
mod oauth;
mod orders;
mod pictures;
mod read;
mod shops;
pub mod verify;

pub use messages::order_push;

use http::Method;
use serde_json::{Map, Value, json};

use crate::faults::FaultKind;
use crate::wire::{Call, Reply, text_of};
use crate::world::{Authorization, Listing, PlatformId, Shop, World};

const PLATFORM: PlatformId = PlatformId::Eleme;

/// Why a call was refused: code and text of `error` (4).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refusal {
    code: String,
    message: String,
}

impl Refusal {
    fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
        }
    }

    fn invalid(detail: impl std::fmt::Display) -> Self {
        Self::new("VALIDATION_FAILED", format!("参数校验失败:{detail}"))
    }
}

/// The `result` of a good answer.
type Answer = Result<Value, Refusal>;
/// The arguments of an action.
type Params = Map<String, Value>;

/// The name of the call a path below `/eleme/` stands for: the action, `authorize` or `token`.
pub(crate) fn named(path: &str, call: &Call) -> Option<String> {
    match path {
        // Both forms are in use.
        "api/v1" | "api/v1/" => Some(
            body(call)
                .and_then(|body| body.get("action").and_then(text_of))
                .unwrap_or_default(),
        ),
        "authorize" | "token" => Some(path.to_owned()),
        _ => None,
    }
}

fn body(call: &Call) -> Option<Params> {
    serde_json::from_slice(&call.body).ok()
}

/// The shop a request names, for the quota per shop.
pub(crate) fn shop_named(call: &Call) -> Option<String> {
    let body = body(call)?;
    let params = body.get("params")?;
    text_of(&params["shopId"]).or_else(|| text_of(&params["queryPage"]["shopId"]))
}

/// Answers one call; a refused one changes nothing.
pub(crate) fn handle(world: &mut World, name: &str, call: &Call) -> Reply {
    match name {
        "authorize" => return oauth::authorize(world, call),
        "token" => return oauth::token(world, call),
        _ => {}
    }
    let answer = admit(world, name, call).and_then(|params| dispatch(world, name, &params));
    reply(call, answer)
}

/// The answer of a scripted fault.
pub(crate) fn refusal(name: &str, call: &Call, fault: &FaultKind) -> Reply {
    let refusal = match fault {
        FaultKind::Throttle { .. } => Refusal::new("EXCEED_LIMIT", "接口调用频率超过限制"),
        FaultKind::ExpiredToken | FaultKind::IllegalToken => unauthorized(),
        FaultKind::ClockSkew => skewed(),
        FaultKind::Gateway { code, .. } => Refusal::new(code, code.as_str()),
        FaultKind::Refuse { code, message } => Refusal::new(&code.to_string(), message.clone()),
        _ => Refusal::new("SERVER_ERROR", "服务器异常"),
    };
    if name == "authorize" {
        return Reply::page(503, &refusal.message);
    }
    if name == "token" {
        return oauth::refuse(503, "temporarily_unavailable", &refusal.message);
    }
    reply(call, Err(refusal))
}

fn reply(call: &Call, answer: Answer) -> Reply {
    let id = body(call)
        .and_then(|body| body.get("id").cloned())
        .unwrap_or(Value::Null);
    let refused = answer.is_err();
    let document = match answer {
        Ok(result) => json!({"id": id, "result": result, "error": null}),
        Err(refusal) => json!({
            "id": id, "result": null, "error": {"code": refusal.code, "message": refusal.message},
        }),
    };
    Reply::json(200, &document, refused)
}

fn unauthorized() -> Refusal {
    Refusal::new("UNAUTHORIZED", "token无效或已过期")
}

fn skewed() -> Refusal {
    Refusal::new("INVALID_TIMESTAMP", "timestamp与服务器时间相差过大")
}

fn no_right() -> Refusal {
    Refusal::new("PERMISSION_DENIED", "没有该店铺的操作权限")
}

/// Shape, application, signature, clock, token and rights, before anything else.
fn admit(world: &World, name: &str, call: &Call) -> Result<Params, Refusal> {
    let illegal = |what: &str| Refusal::new("ILLEGAL_REQUEST", format!("请求格式错误:{what}"));
    if call.method != Method::POST {
        return Err(illegal("method"));
    }
    let body = body(call).ok_or_else(|| illegal("body"))?;
    if body.get("nop").and_then(Value::as_str) != Some("1.0.0") {
        return Err(illegal("nop"));
    }
    let params = match body.get("params") {
        None => Params::new(),
        Some(Value::Object(params)) => params.clone(),
        Some(_) => return Err(illegal("params")),
    };
    let metas = body.get("metas").ok_or_else(|| illegal("metas"))?;
    if metas["app_key"] != world.eleme.app.id.as_str() {
        return Err(Refusal::new("ACCESS_DENIED", "app_key不存在"));
    }
    if !verify::holds(&body, &world.eleme.app.secret) {
        return Err(Refusal::new("INVALID_SIGNATURE", "签名校验失败"));
    }
    // Seconds and milliseconds are both sent by clients (1).
    let sent = metas["timestamp"].as_i64().ok_or_else(skewed)?;
    let ms = if sent >= 100_000_000_000 {
        sent
    } else {
        sent.saturating_mul(1000)
    };
    if (world.now_ms() - ms).abs() > world.eleme.clock_window_ms {
        return Err(skewed());
    }
    let tokens = &world.eleme.tokens;
    if body["token"] != tokens.access.as_str() || tokens.access_until <= world.now_ms() {
        return Err(unauthorized());
    }
    if world.eleme.denied_actions.contains(name) {
        return Err(Refusal::new("PERMISSION_DENIED", "应用没有该接口的权限"));
    }
    Ok(params)
}

fn dispatch(world: &mut World, name: &str, params: &Params) -> Answer {
    let Some(action) = name.strip_prefix("eleme.") else {
        return Err(Refusal::new("METHOD_NOT_ALLOWED", "接口不存在"));
    };
    match action {
        "user.getUser" => Ok(shops::user(world)),
        "shop.getShop" => shops::get(world, params),
        "shop.mgetShopStatus" => shops::statuses(world, params),
        "product.category.getShopCategoriesWithChildren" => categories::of_shop(world, params),
        "product.category.getCategoryWithChildren" => categories::one(world, params),
        "product.category.createCategoryWithChildren" => categories::create(world, params),
        "product.category.updateCategoryWithChildren" => categories::update(world, params),
        "product.category.invalidCategory" => categories::invalidate(world, params),
        "product.item.queryItemByPage" => read::page(world, params),
        "product.item.getItem" => read::one(world, params),
        "product.item.batchGetItems" => read::several(world, params),
        "product.item.getItemByShopIdAndExtendCode" => read::by_code(world, params),
        "product.item.createItem" => goods::create(world, params),
        "product.item.updateItem" => goods::update(world, params),
        "product.category.setCategorySequence" => categories::set_sequence(world, params),
        "product.category.setCategoryPositionsWithChildren" => categories::set_positions(world, params),
        "product.item.invalidItem" => goods::invalidate(world, params),
        "product.item.batchRemoveItems" | "product.item.batchRemoveItemsV2" => goods::remove(world, params),
        "product.item.batchListItems" => goods::set_shelf(world, params, true),
        "product.item.batchDelistItems" => goods::set_shelf(world, params, false),
        "product.item.batchUpdateStock" => numbers::stocks(world, params),
        "product.item.batchUpdatePrices" => numbers::prices(world, params),
        "file.uploadImage" => pictures::upload(world, params),
        "file.uploadImageWithRemoteUrl" => pictures::upload_remote(world, params),
        "file.getImageUrl" => pictures::url(world, params),
        "order.getAllOrders" => orders::list(world, params),
        "order.getOrder" => orders::get(world, params),
        "order.getRefundOrder" => orders::refunds(world, params),
        "order.confirmOrderLite" => orders::confirm(world, params),
        "order.cancelOrderLite" => orders::cancel(world, params),
        "order.agreeRefundLite" => orders::decide_refund(world, params, true),
        "order.disagreeRefundLite" => orders::decide_refund(world, params, false),
        "message.getNonReachedMessages" => messages::missed(world, params),
        _ => Err(Refusal::new("METHOD_NOT_ALLOWED", "接口不存在")),
    }
}

/// An argument as text; absent when missing, null or empty.
fn field(params: &Params, name: &str) -> Option<String> {
    params.get(name).and_then(text_of).filter(|text| !text.is_empty())
}

fn need(params: &Params, name: &str) -> Result<String, Refusal> {
    field(params, name).ok_or_else(|| Refusal::invalid(name))
}

/// A list of ids, as numbers or texts.
fn ids(params: &Params, name: &str) -> Result<Vec<String>, Refusal> {
    let list = params.get(name).and_then(Value::as_array);
    let ids: Option<Vec<String>> = list.and_then(|list| list.iter().map(text_of).collect());
    ids.filter(|ids| !ids.is_empty())
        .ok_or_else(|| Refusal::invalid(name))
}

/// An id as answers write it: a number.
fn id_number(id: &str) -> Value {
    id.parse::<u64>().map_or_else(|_| json!(id), Value::from)
}

fn admitted(shop: &Shop) -> Result<&Shop, Refusal> {
    match shop.authorization {
        Authorization::Valid => Ok(shop),
        Authorization::Expired => Err(unauthorized()),
        Authorization::Taken | Authorization::NotLinked => Err(no_right()),
    }
}

/// The shop of `shopId`, if the merchant has authorized it.
fn shop<'a>(world: &'a World, params: &Params) -> Result<&'a Shop, Refusal> {
    let id = need(params, "shopId")?;
    admitted(world.eleme.shops.get(&id).ok_or_else(no_right)?)
}

fn no_item() -> Refusal {
    Refusal::new("BIZ_ITEM_NOT_FOUND", "商品不存在")
}

fn no_category() -> Refusal {
    Refusal::new("BIZ_CATEGORY_NOT_FOUND", "商品分类不存在")
}

/// Shop and item of an item id; calls about items name no shop.
fn item<'a>(world: &'a World, id: &str) -> Result<(&'a Shop, &'a Listing), Refusal> {
    let owner = world
        .eleme
        .shops
        .values()
        .find(|shop| shop.listings.contains_key(id))
        .ok_or_else(no_item)?;
    let shop = admitted(owner)?;
    shop.listings
        .get(id)
        .map(|listing| (shop, listing))
        .ok_or_else(no_item)
}

/// Id of the shop that holds a category.
fn shop_of_category(world: &World, category: &str) -> Result<String, Refusal> {
    let owner = world
        .eleme
        .shops
        .values()
        .find(|shop| shop.groups.contains_key(category))
        .ok_or_else(no_category)?;
    Ok(admitted(owner)?.remote_id.clone())
}

/// What a batch call answers: what was done and what was not, by id (4).
fn batch(kind: &str, done: &[String], failed: &[(String, &str, &str)]) -> Value {
    let done: Vec<Value> = done.iter().map(|id| id_number(id)).collect();
    let failed: Vec<Value> = failed
        .iter()
        .map(|(id, code, text)| json!({"id": id_number(id), "code": code, "description": text}))
        .collect();
    json!({"type": kind, "modifications": done, "failures": failed})
}
