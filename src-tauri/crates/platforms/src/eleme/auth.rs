//! Credentials and tokens (fact sheet 3). The merchant's consent on the platform's page gives a token pair; a personal
//! application for one's own shop gets its token for key and secret alone.

use super::client::{Client, token_refusal};
use super::wire::Token;
use connect::error::{Layer, RemoteError};
use connect::platform::{ConsentAnswer, CredentialField, RefreshedToken};
use connect::session::Session;
use url::Url;

pub(super) const APP_KEY: &str = "app_key";
pub(super) const APP_SECRET: &str = "app_secret";
pub(super) const ACCESS_TOKEN: &str = "access_token";
pub(super) const REFRESH_TOKEN: &str = "refresh_token";

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
            "app_key（应用 Key，不是门店登录账号）",
            false,
            false,
            "any",
        ),
        field(APP_SECRET, "app_secret（应用 Secret）", true, false, "any"),
        field(ACCESS_TOKEN, "access_token（商户授权后取得）", true, true, "any"),
        field(REFRESH_TOKEN, "refresh_token", true, true, "any"),
    ]
}

/// The fields are there and are no login name (F53: a mobile number has 11 digits and starts with 1).
pub(super) fn well_formed(session: &Session) -> Result<(), RemoteError> {
    let key = session.credentials.need(APP_KEY)?;
    session.credentials.need(APP_SECRET)?;
    let plain = key.bytes().all(|b| b.is_ascii_alphanumeric());
    let mobile = key.len() == 11 && key.starts_with('1') && key.bytes().all(|b| b.is_ascii_digit());
    if plain && !mobile {
        return Ok(());
    }
    Err(RemoteError::Refused {
        layer: Layer::Key,
        text: "app_key 应为开放平台应用的 Key（字母和数字），这像是手机号或登录名".to_owned(),
    })
}

/// A fresh token: for the refresh token where there is one. Without one only a personal application can get another; the
/// account says that it is one by the setting `grant` = `client_credentials`.
pub(super) async fn refresh(client: &Client<'_>) -> Result<Option<RefreshedToken>, RemoteError> {
    let personal = client.session.setting("grant", "authorization_code") == "client_credentials";
    let form = match client.session.credentials.get(REFRESH_TOKEN) {
        Some(token) => vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("scope", "all"),
        ],
        None if personal => vec![("grant_type", "client_credentials")],
        None => return Ok(None),
    };
    granted(client, &client.token(&form).await?).map(Some)
}

/// The page on which the merchant agrees (four public clients): `/authorize` with the scope `all`.
pub(super) fn consent(client: &Client<'_>, return_to: &Url, state: &str) -> Result<Url, RemoteError> {
    let params = [
        ("response_type", "code"),
        ("client_id", client.session.credentials.need(APP_KEY)?),
        ("redirect_uri", return_to.as_str()),
        ("state", state),
        ("scope", "all"),
    ];
    let page = Url::parse_with_params(&client.url("authorize"), params);
    let page = page.map_err(|error| RemoteError::Unsupported {
        what: format!("address: {error}"),
    })?;
    Ok(page)
}

/// Trades the code that the page brought back for a token pair. A code works once, and only with the address that it
/// was sent to.
pub(super) async fn redeem(
    client: &Client<'_>,
    answer: &ConsentAnswer,
    return_to: &Url,
) -> Result<RefreshedToken, RemoteError> {
    if let Some(error) = answer.get("error") {
        let text = format!("{error} {}", answer.get("error_description").unwrap_or_default());
        return Err(token_refusal(error, text.trim_end().to_owned()));
    }
    let Some(code) = answer.get("code") else {
        return Err(RemoteError::Refused {
            layer: Layer::Permission,
            text: "饿了么没有带回 code，授权没有完成".to_owned(),
        });
    };
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", return_to.as_str()),
        ("client_id", client.session.credentials.need(APP_KEY)?),
    ];
    granted(client, &client.token(&form).await?)
}

fn granted(client: &Client<'_>, answer: &Token) -> Result<RefreshedToken, RemoteError> {
    let Some(access) = answer.access_token.filled() else {
        return Err(RemoteError::Malformed {
            raw: "token without access_token".to_owned(),
        });
    };
    let mut fields = vec![(ACCESS_TOKEN.to_owned(), access.to_owned())];
    let refresh = answer.refresh_token.filled();
    fields.extend(refresh.map(|text| (REFRESH_TOKEN.to_owned(), text.to_owned())));
    let seconds = answer.expires_in.0.filter(|seconds| *seconds > 0);
    Ok(RefreshedToken {
        fields,
        expires_at: seconds.map(|seconds| client.gateway.now(client.session) + seconds * 1000),
    })
}
