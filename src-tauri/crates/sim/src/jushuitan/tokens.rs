//! Tokens (1.1).

use serde_json::json;

use super::verify::signature;
use super::{Answer, Refusal};
use crate::wire::{Call, Reply};
use crate::world::{JushuitanState, TokenPair, World};

pub(super) fn dead() -> Refusal {
    Refusal::new(100, "无效的access_token或已过期")
}

/// A business call needs a token that lives.
pub(super) fn admit(world: &World, call: &Call) -> Result<(), Refusal> {
    let tokens = &world.erp.jushuitan.tokens;
    if call.param("version") != Some("2") {
        return Err(Refusal::wrong("version"));
    }
    if call.param("access_token") == Some(tokens.access.as_str()) && tokens.access_until > world.now_ms() {
        Ok(())
    } else {
        Err(dead())
    }
}

/// The page on which the merchant agrees: signed as every call is, it leads to the address that the application has
/// registered. This world's merchant answers at once.
pub(super) fn authorize(world: &mut World, call: &Call) -> Reply {
    let state = &world.erp.jushuitan;
    let expected = signature(&call.query, &state.app.secret);
    if call.param("app_key") != Some(state.app.id.as_str()) || call.param("sign") != Some(expected.as_str()) {
        return Reply::page(400, "应用不存在或签名错误");
    }
    let Some(mut to) = state.return_to.clone() else {
        return Reply::page(400, "应用没有登记授权回调地址");
    };
    let code = world.draw().hex(8);
    world.erp.jushuitan.codes.insert(code.clone());
    let app_key = world.erp.jushuitan.app.id.clone();
    to.query_pairs_mut()
        .append_pair("app_key", &app_key)
        .append_pair("code", &code)
        .append_pair("state", call.param("state").unwrap_or_default());
    Reply::redirect(&to)
}

/// A first pair for a merchant's own application, or a new one for an old: every giving replaces both.
pub(super) fn give(world: &mut World, name: &str, call: &Call) -> Answer {
    let now = world.now_ms();
    let state = &world.erp.jushuitan;
    match (name, call.param("grant_type")) {
        ("getInitToken", Some("authorization_code")) => {
            if call.param("code").is_none_or(|code| code.chars().count() != 6) {
                return Err(Refusal::wrong("code应为6位"));
            }
            if state.provider {
                return Err(Refusal::new(190, "没有接口权限,服务商应用请由商家授权"));
            }
        }
        // A code works once.
        ("accessToken", Some("authorization_code")) => {
            let code = call.param("code").unwrap_or_default();
            if !world.erp.jushuitan.codes.remove(code) {
                return Err(Refusal::wrong("code无效或已使用"));
            }
        }
        ("refreshToken", Some("refresh_token")) => {
            if state.provider {
                return Err(Refusal::new(150, "该应用不允许刷新token,请重新授权"));
            }
            let held = call.param("refresh_token") == Some(state.tokens.refresh.as_str());
            if !held || state.tokens.refresh_until <= now || call.param("scope") != Some("all") {
                return Err(Refusal::new(100, "无效的refresh_token"));
            }
        }
        _ => return Err(Refusal::wrong("grant_type")),
    }
    let tokens = TokenPair {
        access: world.draw().hex(16),
        refresh: world.draw().hex(16),
        access_until: now + JushuitanState::ACCESS_MS,
        refresh_until: now + JushuitanState::REFRESH_MS,
    };
    let answer = json!({
        "access_token": tokens.access, "refresh_token": tokens.refresh, "scope": "all",
        "expires_in": JushuitanState::ACCESS_MS / 1000,
    });
    world.erp.jushuitan.tokens = tokens;
    Ok(answer)
}
