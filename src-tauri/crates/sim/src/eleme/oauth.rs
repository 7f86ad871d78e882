//! The page on which the merchant agrees, and tokens (3): form POST with HTTP Basic of key and secret, errors as `OAuth2`
//! has them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header;
use serde_json::json;
use url::Url;

use crate::wire::{Call, Reply};
use crate::world::{ElemeState, TokenPair, World};

pub(super) fn refuse(status: u16, error: &str, description: &str) -> Reply {
    Reply::json(
        status,
        &json!({"error": error, "error_description": description}),
        true,
    )
}

/// The page: this world's merchant answers at once, and his browser is sent on to `redirect_uri` with a code or, if he
/// says no, with the error `OAuth2` has for it. What cannot be sent back safely is told on the page itself.
pub(super) fn authorize(world: &mut World, call: &Call) -> Reply {
    let field = |name: &str| call.param(name).unwrap_or_default();
    if field("client_id") != world.eleme.app.id {
        return Reply::page(400, "invalid_client: 应用不存在");
    }
    let Ok(mut to) = Url::parse(field("redirect_uri")) else {
        return Reply::page(400, "invalid_request: redirect_uri不正确");
    };
    let address = field("redirect_uri").to_owned();
    let mut answer = vec![("state", field("state").to_owned())];
    if field("response_type") != "code" {
        answer.push(("error", "unsupported_response_type".to_owned()));
    } else if !matches!(field("scope"), "" | "all") {
        answer.push(("error", "invalid_scope".to_owned()));
    } else if world.eleme.denies {
        answer.push(("error", "access_denied".to_owned()));
        answer.push(("error_description", "用户拒绝授权".to_owned()));
    } else {
        let code = world.draw().hex(16);
        world.eleme.codes.insert(code.clone(), address);
        answer.push(("code", code));
    }
    to.query_pairs_mut().extend_pairs(answer);
    Reply::redirect(&to)
}

/// A code works once, only for the address it was sent to; every refresh replaces both tokens.
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
        Some("authorization_code") => {
            let sent_to = world.eleme.codes.remove(call.param("code").unwrap_or_default());
            let ours = call.param("client_id") == Some(world.eleme.app.id.as_str());
            ours && sent_to.is_some() && sent_to.as_deref() == call.param("redirect_uri")
        }
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
