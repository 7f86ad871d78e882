//! Credentials and tokens (fact sheet 1.1).
//!
//! A merchant's own application gets its first token for the asking (`getInitToken` with any six characters), so the two
//! token fields may stay empty. Tokens that are made in the course of a call are kept here until the credentials change.
//! An application of a service provider may not refresh since 2023-08-15 (code 150): its merchant authorizes again.

use super::client::Client;
use super::sign::{md5_hex, openweb};
use super::wire::Token;
use connect::error::{Layer, RemoteError};
use connect::platform::{ConsentAnswer, CredentialField, RefreshedToken};
use connect::session::Session;
use parking_lot::Mutex;
use std::collections::HashMap;
use url::Url;

pub(super) const APP_KEY: &str = "app_key";
pub(super) const APP_SECRET: &str = "app_secret";
pub(super) const ACCESS_TOKEN: &str = "access_token";
pub(super) const REFRESH_TOKEN: &str = "refresh_token";

/// The page of consent (three public sources).
const PAGE: &str = "https://openweb.jushuitan.com/auth";

/// A pair that was made here.
#[derive(Clone)]
struct Held {
    access: String,
    refresh: String,
}

/// Pairs by account and by the credentials they were made from: after authorizing again those count.
#[derive(Default)]
pub(super) struct Tokens(Mutex<HashMap<(String, String), Held>>);

pub(super) fn fields() -> Vec<CredentialField> {
    let field = |key, label, secret, optional| CredentialField {
        key,
        label,
        secret,
        optional,
        shape: "any",
        ..CredentialField::default()
    };
    vec![
        field(APP_KEY, "app_key（聚水潭开放平台应用）", false, false),
        field(APP_SECRET, "app_secret（应用密钥）", true, false),
        field(
            ACCESS_TOKEN,
            "access_token（不用填：自研应用会自己取，服务商应用去授权页面）",
            true,
            true,
        ),
        field(REFRESH_TOKEN, "refresh_token（有就填）", true, true),
    ]
}

/// The fields are there and can be what they claim to be.
pub(super) fn well_formed(session: &Session) -> Result<(), RemoteError> {
    let key = session.credentials.need(APP_KEY)?;
    session.credentials.need(APP_SECRET)?;
    let mobile = key.len() == 11 && key.starts_with('1') && key.bytes().all(|b| b.is_ascii_digit());
    if mobile || !key.is_ascii() {
        return Err(RemoteError::Refused {
            layer: Layer::Key,
            text: "app_key 应为聚水潭开放平台应用的 Key，这像是手机号或登录名".to_owned(),
        });
    }
    Ok(())
}

fn place(session: &Session) -> (String, String) {
    let credentials = &session.credentials;
    let part = |name| credentials.get(name).unwrap_or_default();
    let mark = md5_hex(&format!(
        "{}\n{}\n{}\n{}",
        part(APP_KEY),
        part(APP_SECRET),
        part(ACCESS_TOKEN),
        part(REFRESH_TOKEN)
    ));
    (session.account.clone(), mark)
}

/// The token that calls carry now.
pub(super) async fn token(client: &Client<'_>) -> Result<String, RemoteError> {
    let held = client.tokens.0.lock().get(&place(client.session)).cloned();
    if let Some(held) = held {
        return Ok(held.access);
    }
    match client.session.credentials.get(ACCESS_TOKEN) {
        Some(given) => Ok(given.to_owned()),
        None => Ok(renew(client).await?.access_token.0),
    }
}

/// A pair in the place of one that is dead: by the refresh token where there is one, else a first one.
pub(super) async fn renew(client: &Client<'_>) -> Result<Token, RemoteError> {
    let place = place(client.session);
    let held = client.tokens.0.lock().get(&place).cloned();
    let given = client.session.credentials.get(REFRESH_TOKEN).map(str::to_owned);
    let refresh = held
        .map(|held| held.refresh)
        .filter(|text| !text.is_empty())
        .or(given);
    let answer = match &refresh {
        Some(old) => match client.refresh_token(old).await {
            // A merchant's own application gets a first token whenever it asks; the others are refused that too.
            Err(error @ (RemoteError::Expired { .. } | RemoteError::Rejected { .. })) => {
                let first = client.init_token(&code(client)).await;
                first.map_err(|_| RemoteError::Expired {
                    text: error.text().to_owned(),
                })
            }
            other => other,
        },
        None => client.init_token(&code(client)).await,
    };
    let token = answer?;
    if token.access_token.is_empty() {
        // A token answer must not end in a log, not even its beginning.
        return Err(RemoteError::Malformed {
            raw: "token answer without access_token".to_owned(),
        });
    }
    let pair = Held {
        access: token.access_token.0.clone(),
        refresh: token
            .refresh_token
            .filled()
            .map_or(refresh.unwrap_or_default(), str::to_owned),
    };
    client.tokens.0.lock().insert(place, pair);
    Ok(token)
}

/// Any six characters will do; these differ from call to call.
fn code(client: &Client<'_>) -> String {
    let mut hex = md5_hex(&format!(
        "{}{}",
        client.session.account,
        client.gateway.now(client.session)
    ));
    hex.truncate(6);
    hex
}

/// The page on which the merchant agrees. It knows no address to lead back to: that one stands in the app's own settings
/// at the platform. The account's setting `consent_page` names another page, as a test environment has.
pub(super) fn consent(client: &Client<'_>, state: &str) -> Result<Url, RemoteError> {
    let session = client.session;
    let timestamp = (client.gateway.now(session) / 1000).to_string();
    let mut params = vec![
        ("app_key", session.credentials.need(APP_KEY)?),
        ("charset", "utf-8"),
        ("state", state),
        ("timestamp", timestamp.as_str()),
    ];
    let signature = openweb(&params, session.credentials.need(APP_SECRET)?);
    params.push(("sign", signature.as_str()));
    let page = Url::parse_with_params(session.setting("consent_page", PAGE), params);
    page.map_err(|error| RemoteError::Unsupported {
        what: format!("address: {error}"),
    })
}

/// Trades the code that the page brought back for a pair.
pub(super) async fn redeem(
    client: &Client<'_>,
    answer: &ConsentAnswer,
) -> Result<RefreshedToken, RemoteError> {
    let refused = |text: String| RemoteError::Refused {
        layer: Layer::Permission,
        text,
    };
    let Some(code) = answer.get("code") else {
        return Err(refused("聚水潭没有带回 code，授权没有完成".to_owned()));
    };
    match client.access_token(code).await {
        Ok(token) if token.access_token.is_empty() => Err(RemoteError::Malformed {
            raw: "token answer without access_token".to_owned(),
        }),
        Ok(token) => Ok(given(client, token)),
        // A code that is not taken is an authorization that did not come about, whatever parameter is blamed.
        Err(RemoteError::Rejected { text, .. } | RemoteError::Expired { text }) => Err(refused(text)),
        Err(error) => Err(error),
    }
}

/// Fresh fields for the account.
pub(super) async fn refresh(client: &Client<'_>) -> Result<Option<RefreshedToken>, RemoteError> {
    let token = renew(client).await?;
    Ok(Some(given(client, token)))
}

fn given(client: &Client<'_>, token: Token) -> RefreshedToken {
    let mut fields = vec![(ACCESS_TOKEN.to_owned(), token.access_token.0)];
    let refresh = token.refresh_token.0;
    fields.extend((!refresh.is_empty()).then(|| (REFRESH_TOKEN.to_owned(), refresh)));
    let life = token.expires_in.0.filter(|seconds| *seconds > 0);
    RefreshedToken {
        fields,
        expires_at: life.map(|seconds| client.gateway.now(client.session) + seconds * 1000),
    }
}
