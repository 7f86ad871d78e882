//! Tokens of the ERP.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header;
use serde_json::json;

use super::Refusal;
use crate::wire::{Call, Reply};
use crate::world::{ErpState, TokenPair, World};

fn authorization(call: &Call) -> Option<&str> {
    call.headers.get(header::AUTHORIZATION)?.to_str().ok()
}

/// A call needs a bearer token that lives.
pub(super) fn admit(world: &World, call: &Call) -> Result<(), Refusal> {
    let refused = Refusal::Http {
        status: 401,
        message: "invalid token",
    };
    let token = authorization(call).and_then(|text| text.strip_prefix("Bearer "));
    let tokens = &world.erp.tokens;
    if token == Some(tokens.access.as_str()) && tokens.access_until > world.now_ms() {
        Ok(())
    } else {
        Err(refused)
    }
}

/// HTTP Basic of app id and secret; a code works once, every refresh replaces both tokens.
pub(super) fn token(world: &mut World, call: &Call) -> Reply {
    let refuse = |status, error: &str, text: &str| {
        Reply::json(status, &json!({"error": error, "error_description": text}), true)
    };
    let expected = format!("{}:{}", world.erp.app.id, world.erp.app.secret);
    let given = authorization(call)
        .and_then(|text| text.strip_prefix("Basic "))
        .and_then(|text| STANDARD.decode(text).ok());
    if given.as_deref() != Some(expected.as_bytes()) {
        return refuse(401, "invalid_client", "app id or secret is wrong");
    }
    if call
        .param("merchant_id")
        .is_some_and(|id| id != world.erp.merchant_id)
    {
        return refuse(400, "invalid_request", "merchant_id is unknown");
    }
    let now = world.now_ms();
    let granted = match call.param("grant_type") {
        Some("refresh_token") => {
            let tokens = &world.erp.tokens;
            call.param("refresh_token") == Some(tokens.refresh.as_str()) && tokens.refresh_until > now
        }
        Some("authorization_code") => {
            let code = call.param("code").unwrap_or_default();
            let before = world.erp.codes.len();
            world.erp.codes.retain(|held| held != code);
            world.erp.codes.len() < before
        }
        _ => return refuse(400, "unsupported_grant_type", "grant_type is unknown"),
    };
    if !granted {
        return refuse(400, "invalid_grant", "code or refresh_token is invalid or used");
    }
    let tokens = TokenPair {
        access: world.draw().hex(16),
        refresh: world.draw().hex(16),
        access_until: now + ErpState::ACCESS_MS,
        refresh_until: now + ErpState::REFRESH_MS,
    };
    let answer = json!({
        "access_token": tokens.access, "token_type": "bearer", "refresh_token": tokens.refresh,
        "expires_in": ErpState::ACCESS_MS / 1000, "Nhsoft-App-Id": world.erp.app.id,
        "Nhsoft-Merchant-Id": world.erp.merchant_id,
    });
    world.erp.tokens = tokens;
    Reply::json(200, &answer, false)
}
