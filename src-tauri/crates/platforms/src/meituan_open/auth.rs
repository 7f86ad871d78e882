//! Credentials and tokens (fact sheet 2.1).

use super::client::Client;
use super::wire::Token;
use connect::error::RemoteError;
use connect::platform::{CredentialField, RefreshedToken};
use connect::session::Session;

pub(crate) const APP_ID: &str = "app_id";
pub(crate) const APP_SECRET: &str = "app_secret";
pub(crate) const ACCESS_TOKEN: &str = "access_token";
pub(crate) const REFRESH_TOKEN: &str = "refresh_token";
/// The code that the platform posts when a merchant binds a shop to a service provider's application. It is no field of
/// the form: it arrives by a push and is traded at the next refreshing.
pub(crate) const AUTHORIZE_CODE: &str = "authorize_code";

pub(crate) fn fields() -> Vec<CredentialField> {
    let field = |key, label, secret, optional, shape| CredentialField {
        key,
        label,
        secret,
        optional,
        shape,
        ..CredentialField::default()
    };
    vec![
        field(APP_ID, "app_id（开发者应用编号）", false, false, "digits"),
        field(APP_SECRET, "app_secret（应用密钥）", true, false, "hex"),
        field(
            ACCESS_TOKEN,
            "access_token（服务商应用按门店授权）",
            true,
            true,
            "any",
        ),
        field(REFRESH_TOKEN, "refresh_token", true, true, "any"),
    ]
}

/// The fields are there and can be what they claim to be.
pub(crate) fn well_formed(session: &Session) -> Result<(), RemoteError> {
    let app_id = session.credentials.need(APP_ID)?;
    session.credentials.need(APP_SECRET)?;
    if app_id.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    Err(RemoteError::Refused {
        layer: connect::error::Layer::Key,
        text: "app_id 应为纯数字".to_owned(),
    })
}

/// Trades a code that was pushed, else the refresh token, for a new pair. Either is dead afterwards, so all fields are
/// replaced. A self-use app has no tokens and nothing to refresh.
pub(crate) async fn refresh(client: &Client<'_>) -> Result<Option<RefreshedToken>, RemoteError> {
    let credentials = &client.session.credentials;
    let (grant, name, text) = match (credentials.get(AUTHORIZE_CODE), credentials.get(REFRESH_TOKEN)) {
        (Some(code), _) => ("authorization_code", "code", code),
        (None, Some(token)) => ("refresh_token", REFRESH_TOKEN, token),
        (None, None) => return Ok(None),
    };
    let params = vec![("grant_type", grant.to_owned()), (name, text.to_owned())];
    let answer: Token = client.oauth(http::Method::POST, "oauth/token", params).await?;
    let Some(access) = answer.access_token.filled() else {
        return Err(RemoteError::Malformed {
            raw: "oauth/token without access_token".to_owned(),
        });
    };
    let mut fields = vec![(ACCESS_TOKEN.to_owned(), access.to_owned())];
    fields.extend(
        answer
            .refresh_token
            .filled()
            .map(|text| (REFRESH_TOKEN.to_owned(), text.to_owned())),
    );
    if grant == "authorization_code" {
        fields.push((AUTHORIZE_CODE.to_owned(), String::new()));
    }
    Ok(Some(RefreshedToken {
        fields,
        expires_at: answer
            .expires_in
            .0
            .filter(|seconds| *seconds > 0)
            .map(|seconds| client.gateway.now(client.session) + seconds * 1000),
    }))
}

/// The token of the session's shop, made without the merchant: two clients ask for it like this once the shop is bound to
/// the application (fact sheet 2.1).
pub(crate) async fn authorize(client: &Client<'_>) -> Result<String, RemoteError> {
    let params = vec![client.shop(), ("response_type", "token".to_owned())];
    let answer: Token = client.oauth(http::Method::GET, "oauth/authorize", params).await?;
    if answer.access_token.is_empty() {
        return Err(RemoteError::Malformed {
            raw: "oauth/authorize without access_token".to_owned(),
        });
    }
    Ok(answer.access_token.0)
}
