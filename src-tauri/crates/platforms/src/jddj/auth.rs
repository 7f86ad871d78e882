//! Credentials and the token (fact sheet 2). There is no token endpoint: the platform posts the token to the
//! application's address after the merchant has agreed, or a person pastes it.

use super::client::Client;
use super::wire::Granted;
use connect::error::{Layer, RemoteError};
use connect::hosted;
use connect::platform::{CredentialField, RefreshedToken};
use connect::session::Session;
use serde_json::json;
use std::borrow::Cow;

pub(super) const APP_KEY: &str = "app_key";
pub(super) const APP_SECRET: &str = "app_secret";
pub(super) const TOKEN: &str = "token";
/// The token that [`TOKEN`] takes the place of and the platform has not been told of.
pub(super) const OLD_TOKEN: &str = "old_token";
pub(super) const VENDER_ID: &str = "vender_id";
/// How long a token lives where nobody tells: 360 days, as in the documents' sample.
const LIFE_MS: i64 = 31_104_000_000;

pub(super) fn fields() -> Vec<CredentialField> {
    let field = |key, label, secret, optional, shape| CredentialField {
        key,
        label,
        secret,
        optional,
        shape,
        ..CredentialField::default()
    };
    vec![
        field(
            APP_KEY,
            "app_key（开放平台应用的 Key，不是商家中心登录名）",
            false,
            false,
            "any",
        ),
        field(APP_SECRET, "app_secret（应用密钥）", true, false, "any"),
        field(
            TOKEN,
            "token（商家授权后平台推送；也可把收到的内容粘贴在此）",
            true,
            false,
            "any",
        ),
        field(
            OLD_TOKEN,
            "旧 token（重新授权换了 token 时填写，换好后清除）",
            true,
            true,
            "any",
        ),
        field(VENDER_ID, "商家编号 venderId", false, true, "digits"),
        hosted::field(),
    ]
}

/// The fields are there and are no login name (F53: a mobile number has 11 digits and starts with 1).
pub(super) fn well_formed(session: &Session) -> Result<(), RemoteError> {
    let key = session.credentials.need(APP_KEY)?;
    session.credentials.need(APP_SECRET)?;
    session.credentials.need(TOKEN)?;
    let plain = key
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    let mobile = key.len() == 11 && key.starts_with('1') && key.bytes().all(|b| b.is_ascii_digit());
    if plain && !mobile {
        return Ok(());
    }
    Err(RemoteError::Refused {
        layer: Layer::Key,
        text: "app_key 应为开放平台应用的 Key（字母和数字），这像是手机号或登录名".to_owned(),
    })
}

/// The session with its token taken out of what was pasted: the platform posts JSON that holds it, and a person pastes
/// that as it came. Every later place then has the token itself to black out.
pub(super) fn unpacked(session: &Session) -> Cow<'_, Session> {
    let held = session.credentials.get(TOKEN).map(str::trim);
    let granted = held.filter(|text| text.starts_with('{')).and_then(granted);
    match granted {
        Some(granted) => Cow::Owned(Session {
            credentials: session.credentials.with([(TOKEN.to_owned(), granted.token.0)]),
            ..session.clone()
        }),
        None => Cow::Borrowed(session),
    }
}

/// The JSON that the platform posts; `None` when it holds no token.
pub(super) fn granted(text: &str) -> Option<Granted> {
    let granted: Granted = serde_json::from_str(text).ok()?;
    (!granted.token.is_empty()).then_some(granted)
}

/// Credential fields of what the platform posted. Its `time` is when it began to count `expires_in` (seconds); `now`
/// stands for it where it is missing. `old` is the token so far: the platform wants to hear that it was replaced.
pub(super) fn renewed(granted: Granted, old: Option<&str>, now: i64) -> RefreshedToken {
    let from = granted.time.0.filter(|at| *at > 0).unwrap_or(now);
    let life = granted.expires_in.0.filter(|seconds| *seconds > 0);
    let mut fields = Vec::new();
    let old = old.filter(|old| *old != granted.token.as_str());
    fields.extend(old.map(|old| (OLD_TOKEN.to_owned(), old.to_owned())));
    let vender = granted.vender_id.filled();
    fields.extend(vender.map(|vender| (VENDER_ID.to_owned(), vender.to_owned())));
    fields.push((TOKEN.to_owned(), granted.token.0));
    RefreshedToken {
        fields,
        expires_at: life.and_then(|seconds| Some(from + seconds.checked_mul(1000)?)),
    }
}

/// Tells the platform that the old token was replaced, where there is one; then it is of no more use. A token is never
/// made fresh by a call: before its end the merchant agrees once more.
pub(super) async fn refresh(client: &Client<'_>) -> Result<Option<RefreshedToken>, RemoteError> {
    let credentials = &client.session.credentials;
    let new = credentials.need(TOKEN)?;
    let Some(old) = credentials.get(OLD_TOKEN).filter(|old| *old != new) else {
        return Ok(None);
    };
    let body = json!({"oldToken": old, "newToken": new, "appKey": credentials.need(APP_KEY)?});
    client
        .change("ApplicationService/verificationUpdateToken", body)
        .await?;
    Ok(Some(RefreshedToken {
        fields: vec![(OLD_TOKEN.to_owned(), String::new())],
        // A token is replaced soon after the merchant agreed anew.
        expires_at: Some(client.gateway.now(&client.session) + LIFE_MS),
    }))
}
