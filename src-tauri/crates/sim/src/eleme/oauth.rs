//! Tokens (3): form POST with HTTP Basic of key and secret, errors as `OAuth2` has them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header;
use serde_json::json;

use crate::wire::{Call, Reply};
use crate::world::{ElemeState, TokenPair, World};

pub(super) fn refuse(status: u16, error: &str, description: &str) -> Reply {
    Reply::json(
        status,
        &json!({"error": error, "error_description": description}),
        true,
    )
}

/// A code works once; every refresh replaces both tokens.
pub(super) fn token(world: &mut World, call: &Call) -> Reply {
    let expected = format!("{}:{}", world.eleme.app.id, world.eleme.app.secret);
    let given = call
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.strip_prefix("Basic "))
        .and_then(|text| STANDARD.decode(text).ok());
    if given.as_deref() != Some(expected.as_bytes()) {
        return refuse(401, "invalid_client", "Client authentication failed");
    }
    let now = world.now_ms();
    let mut with_refresh = true;
    let granted = match call.param("grant_type") {
        Some("refresh_token") => {
            let tokens = &world.eleme.tokens;
            call.param("refresh_token") == Some(tokens.refresh.as_str()) && tokens.refresh_until > now
        }
        Some("authorization_code") => world.eleme.codes.remove(call.param("code").unwrap_or_default()),
        Some("client_credentials") if world.eleme.personal => {
            with_refresh = false;
            true
        }
        Some("client_credentials") => {
            return refuse(400, "unauthorized_client", "not a personal application");
        }
        _ => return refuse(400, "unsupported_grant_type", "grant_type is unknown"),
    };
    if !granted {
        return refuse(
            400,
            "invalid_grant",
            "code or refresh_token is invalid or expired",
        );
    }
    let tokens = TokenPair {
        access: world.draw().hex(16),
        refresh: world.draw().hex(16),
        access_until: now + ElemeState::ACCESS_MS,
        refresh_until: now + ElemeState::REFRESH_MS,
    };
    let mut answer = json!({
        "access_token": tokens.access, "token_type": "bearer", "expires_in": ElemeState::ACCESS_MS / 1000,
    });
    if with_refresh {
        answer["refresh_token"] = json!(tokens.refresh);
    }
    world.eleme.tokens = tokens;
    Reply::json(200, &answer, false)
}
