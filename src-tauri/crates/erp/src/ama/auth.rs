//! Credentials and tokens (fact sheet 3): OAuth 2 with HTTP Basic of app id and secret.

use super::client::{Client, Params};
use super::wire::Token;
use connect::error::RemoteError;
use connect::platform::{CredentialField, RefreshedToken};
use connect::session::Session;

pub(super) const APP_ID: &str = "app_id";
pub(super) const APP_SECRET: &str = "app_secret";
pub(super) const MERCHANT_ID: &str = "merchant_id";
pub(super) const ACCESS_TOKEN: &str = "access_token";
pub(super) const REFRESH_TOKEN: &str = "refresh_token";

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
        field(APP_ID, "app_id（开放平台应用编号）", false, "any"),
        field(APP_SECRET, "app_secret（应用密钥）", true, "any"),
        field(MERCHANT_ID, "merchant_id（商户编号）", false, "digits"),
        field(ACCESS_TOKEN, "access_token", true, "any"),
        field(REFRESH_TOKEN, "refresh_token", true, "any"),
    ]
}

/// All fields are there.
pub(super) fn well_formed(session: &Session) -> Result<(), RemoteError> {
    for field in [APP_ID, APP_SECRET, MERCHANT_ID, ACCESS_TOKEN] {
        session.credentials.need(field)?;
    }
    Ok(())
}

/// Trades the refresh token for a new pair.
pub(super) async fn refresh(client: &Client<'_>) -> Result<Option<RefreshedToken>, RemoteError> {
    let credentials = &client.session.credentials;
    let Some(token) = credentials.get(REFRESH_TOKEN) else {
        return Ok(None);
    };
    let params: Params = vec![
        ("grant_type", "refresh_token".to_owned()),
        ("refresh_token", token.to_owned()),
        ("merchant_id", credentials.need(MERCHANT_ID)?.to_owned()),
    ];
    let answer: Token = client.token(params).await?;
    let Some(access) = answer.access_token.filled() else {
        return Err(RemoteError::Malformed {
            raw: "token answer without access_token".to_owned(),
        });
    };
    let mut fields = vec![(ACCESS_TOKEN.to_owned(), access.to_owned())];
    let refresh = answer.refresh_token.filled();
    fields.extend(refresh.map(|text| (REFRESH_TOKEN.to_owned(), text.to_owned())));
    Ok(Some(RefreshedToken {
        fields,
        expires_at: answer
            .expires_in
            .0
            .filter(|seconds| *seconds > 0)
            .map(|seconds| client.gateway.now(client.session) + seconds * 1000),
    }))
}
