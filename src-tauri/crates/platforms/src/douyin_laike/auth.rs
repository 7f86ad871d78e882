//! Credentials and the application's token (fact sheet 1). The token lives two hours and is made for the asking, so it
//! is kept here and no credential.

use super::client::Client;
use super::sign;
use connect::error::{Layer, RemoteError};
use connect::hosted;
use connect::platform::CredentialField;
use connect::session::Session;
use parking_lot::Mutex;
use std::collections::HashMap;

pub(super) const CLIENT_KEY: &str = "client_key";
pub(super) const CLIENT_SECRET: &str = "client_secret";
pub(super) const ACCOUNT_ID: &str = "account_id";
/// How long before its end a token is asked for anew. The one before lives five minutes longer, so that calls that are
/// under way end well.
const AHEAD_MS: i64 = 600_000;
/// Life of a token where its answer tells none.
const LIFE_S: i64 = 7200;

/// A token and its end, UTC ms by the clock that asked for it.
#[derive(Clone)]
struct Held {
    token: String,
    until: i64,
}

/// Tokens by account and what they were asked for with: another secret has a token of its own.
#[derive(Default)]
pub(super) struct Tokens(Mutex<HashMap<(String, String), Held>>);

pub(super) fn fields() -> Vec<CredentialField> {
    let field = |key, label, secret, shape| CredentialField {
        key,
        label,
        secret,
        optional: false,
        shape,
        ..CredentialField::default()
    };
    vec![
        field(
            CLIENT_KEY,
            "client_key（抖音开放平台应用，aw 开头，不是登录名）",
            false,
            "any",
        ),
        field(CLIENT_SECRET, "client_secret（应用密钥）", true, "any"),
        field(
            ACCOUNT_ID,
            "account_id（来客根账户，先在来客后台授权该应用）",
            false,
            "digits",
        ),
        hosted::field(),
    ]
}

/// The fields are there and can be what they claim to be (F53: a login name is no key).
pub(super) fn well_formed(session: &Session) -> Result<(), RemoteError> {
    let credentials = &session.credentials;
    let key = credentials.need(CLIENT_KEY)?;
    credentials.need(CLIENT_SECRET)?;
    let account = credentials.need(ACCOUNT_ID)?;
    let refused = |text: &str| {
        Err(RemoteError::Refused {
            layer: Layer::Key,
            text: text.to_owned(),
        })
    };
    let mobile = key.len() == 11 && key.starts_with('1') && key.bytes().all(|b| b.is_ascii_digit());
    if mobile || !key.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return refused("client_key 应为开放平台应用的 Key（字母和数字），这像是手机号或登录名");
    }
    if !account.bytes().all(|b| b.is_ascii_digit()) {
        return refused("account_id 应为来客根账户的编号（纯数字）");
    }
    Ok(())
}

fn place(session: &Session) -> Result<(String, String), RemoteError> {
    let credentials = &session.credentials;
    let secret = credentials.need(CLIENT_SECRET)?;
    let mark = sign::webhook(credentials.need(CLIENT_KEY)?, secret.as_bytes());
    Ok((session.account.clone(), mark))
}

/// The token that calls carry now; `dead` is one that was refused. A new one is asked for ahead of the end.
pub(super) async fn token(client: &Client<'_>, dead: Option<&str>) -> Result<String, RemoteError> {
    let place = place(client.session)?;
    let held = client.tokens.0.lock().get(&place).cloned();
    let now = client.gateway.now(client.session);
    if let Some(held) = held
        && held.until - now > AHEAD_MS
        && dead != Some(held.token.as_str())
    {
        return Ok(held.token);
    }
    ask(client).await
}

/// Asks for a new token and keeps it.
pub(super) async fn ask(client: &Client<'_>) -> Result<String, RemoteError> {
    let place = place(client.session)?;
    let answer = client.client_token().await?;
    if answer.access_token.is_empty() {
        // A token answer must not end in a log, not even its beginning.
        return Err(RemoteError::Malformed {
            raw: "client_token without access_token".to_owned(),
        });
    }
    let life = answer
        .expires_in
        .0
        .filter(|seconds| *seconds > 0)
        .unwrap_or(LIFE_S);
    let held = Held {
        token: answer.access_token.0,
        until: client.gateway.now(client.session) + life * 1000,
    };
    client.tokens.0.lock().insert(place, held.clone());
    Ok(held.token)
}
