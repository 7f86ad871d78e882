//! Tokens (1.1).

use serde_json::json;

use super::{Answer, Refusal};
use crate::wire::Call;
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
