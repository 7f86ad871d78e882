//! Tokens (3): about seven days, the refresh token fourteen and once.

use serde_json::{Value, json};

use super::{Answer, Body, Refusal, need, token_expired, token_unknown};
use crate::wire::{Call, Reply};
use crate::world::{TokenPair, World};

const ACCESS_S: i64 = 7 * 86_400;
const REFRESH_S: i64 = 14 * 86_400;

/// The page on which the merchant agrees: it takes the number of the service and a state, and leads to the address that
/// the application has registered. This world's merchant answers at once.
pub(super) fn authorize(world: &mut World, call: &Call) -> Reply {
    let field = |name: &str| call.param(name).unwrap_or_default();
    if field("service_id") != world.doudian.service_id {
        return Reply::page(404, "服务不存在");
    }
    let Some(mut to) = world.doudian.return_to.clone() else {
        return Reply::page(400, "应用没有登记授权回调地址");
    };
    let code = world.draw().ticket().to_lowercase();
    world.doudian.codes.insert(code.clone());
    to.query_pairs_mut()
        .append_pair("code", &code)
        .append_pair("state", field("state"));
    Reply::redirect(&to)
}

/// Whether the token that came with a call is good now.
pub(super) fn admit(world: &World, token: Option<&str>) -> Result<(), Refusal> {
    let Some(token) = token else {
        return Err(Refusal::absent("access-token", "access_token"));
    };
    let pair = &world.doudian.tokens;
    if pair.access != token {
        return Err(token_unknown());
    }
    if pair.access_until <= world.now_ms() {
        return Err(token_expired());
    }
    Ok(())
}

/// A self-use app names its shop; an authorization code works once.
pub(super) fn create(world: &mut World, body: &Body) -> Answer {
    match need(body, "grant_type")?.as_str() {
        "authorization_self" if need(body, "shop_id")? == world.doudian.shop_id => {}
        "authorization_self" => {
            return Err(Refusal::new(
                30_001,
                "dop.authorization-no-existed",
                "店铺未授权该应用",
            ));
        }
        "authorization_code" => {
            let code = need(body, "code")?;
            if !world.doudian.codes.remove(&code) {
                return Err(Refusal::wrong("code无效或已使用"));
            }
        }
        _ => return Err(Refusal::wrong("参数错误:grant_type")),
    }
    Ok(issue(world))
}

pub(super) fn refresh(world: &mut World, body: &Body) -> Answer {
    if need(body, "grant_type")? != "refresh_token" {
        return Err(Refusal::wrong("参数错误:grant_type"));
    }
    let refresh = need(body, "refresh_token")?;
    let pair = &world.doudian.tokens;
    if pair.refresh != refresh || pair.refresh_until <= world.now_ms() {
        return Err(Refusal::wrong("refresh_token无效或已过期，请重新授权"));
    }
    Ok(issue(world))
}

fn issue(world: &mut World) -> Value {
    let now = world.now_ms();
    let pair = TokenPair {
        access: world.draw().hex(18),
        refresh: world.draw().hex(18),
        access_until: now + ACCESS_S * 1000,
        refresh_until: now + REFRESH_S * 1000,
    };
    let answer = json!({
        "access_token": pair.access, "expires_in": ACCESS_S, "refresh_token": pair.refresh,
        "shop_id": world.doudian.shop_id, "shop_name": "示例店铺", "scope": "SCOPE", "authority_id": "",
        "auth_subject_type": "Shop",
    });
    world.doudian.tokens = pair;
    answer
}
