//! Credentials and tokens (fact sheet 3).

use super::client::Client;
use super::wire::Token;
use connect::error::{Layer, RemoteError};
use connect::platform::{ConsentAnswer, CredentialField, RefreshedToken, StoreField};
use connect::session::Session;
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::collections::HashMap;
use url::Url;

pub(super) const APP_KEY: &str = "app_key";
pub(super) const APP_SECRET: &str = "app_secret";
pub(super) const SHOP_ID: &str = "shop_id";
pub(super) const ACCESS_TOKEN: &str = "access_token";
pub(super) const REFRESH_TOKEN: &str = "refresh_token";
/// Number of a tool app's service in the service market: the page of consent names it.
pub(super) const SERVICE_ID: &str = "service_id";
/// The page of consent (two public clients).
const PAGE: &str = "https://fuwu.jinritemai.com/authorize";
/// The service phone of the store, without which the platform refuses new goods (F70).
const MOBILE: &str = "mobile";

/// Tokens of self-use apps, by account: whoever gave app and shop alone has tokens made for the asking.
pub(super) type OwnTokens = Mutex<HashMap<String, String>>;

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
            "app_key（开放平台应用，19 位数字）",
            false,
            false,
            "digits",
        ),
        field(APP_SECRET, "app_secret（应用密钥）", true, false, "any"),
        field(
            SHOP_ID,
            "shop_id（自用型应用填店铺编号，令牌自动获取）",
            false,
            true,
            "digits",
        ),
        field(
            SERVICE_ID,
            "service_id（工具型应用的服务编号，网页授权用）",
            false,
            true,
            "digits",
        ),
        field(
            ACCESS_TOKEN,
            "access_token（工具型应用按店铺授权）",
            true,
            true,
            "any",
        ),
        field(REFRESH_TOKEN, "refresh_token", true, true, "any"),
    ]
}

pub(super) fn store_fields() -> Vec<StoreField> {
    vec![StoreField {
        key: MOBILE,
        label: "客服电话（新建商品时平台必填，座机写成 区号-号码）",
        shape: "phone",
        needed: Some("F70"),
    }]
}

/// The service phone; empty when nobody gave one.
pub(super) fn mobile(session: &Session) -> &str {
    session.setting(MOBILE, "").trim()
}

/// The fields are there, can be what they claim to be, and lead to a token.
pub(super) fn well_formed(session: &Session) -> Result<(), RemoteError> {
    let credentials = &session.credentials;
    let app_key = credentials.need(APP_KEY)?;
    credentials.need(APP_SECRET)?;
    if credentials.get(SHOP_ID).is_none() && credentials.get(SERVICE_ID).is_none() {
        credentials.need(ACCESS_TOKEN)?;
    }
    let digits = app_key.bytes().all(|b| b.is_ascii_digit());
    let mobile = digits && app_key.len() == 11 && app_key.starts_with('1');
    if digits && !mobile {
        return Ok(());
    }
    Err(RemoteError::Refused {
        layer: Layer::Key,
        text: "app_key 应为开放平台应用的编号（纯数字），这像是手机号或登录名".to_owned(),
    })
}

/// Makes a token for a self-use app from its shop (`token.create` with an empty code).
pub(super) async fn create(client: &Client<'_>, shop_id: &str) -> Result<Token, RemoteError> {
    let params = json!({"code": "", "grant_type": "authorization_self", "shop_id": shop_id});
    filled(client.token("token.create", &params).await?, "token.create")
}

/// Trades the refresh token for a new pair; a self-use app gets a new one from its shop. The old refresh token is dead
/// afterwards, so both fields are replaced.
pub(super) async fn refresh(client: &Client<'_>) -> Result<Option<RefreshedToken>, RemoteError> {
    let credentials = &client.session.credentials;
    let token = match (credentials.get(REFRESH_TOKEN), credentials.get(SHOP_ID)) {
        (None, None) => return Ok(None),
        (None, Some(shop_id)) => create(client, shop_id).await?,
        (Some(refresh), shop_id) => {
            let params: Value = json!({"grant_type": "refresh_token", "refresh_token": refresh});
            match (client.token("token.refresh", &params).await, shop_id) {
                (Ok(token), _) => filled(token, "token.refresh")?,
                // Its life is over too; a self-use app begins anew.
                (
                    Err(
                        RemoteError::Expired { .. }
                        | RemoteError::Rejected { .. }
                        | RemoteError::Refused {
                            layer: Layer::Permission,
                            ..
                        },
                    ),
                    Some(shop_id),
                ) => create(client, shop_id).await?,
                (Err(error), _) => return Err(error),
            }
        }
    };
    Ok(Some(renewed(client, token)))
}

/// The page on which the merchant agrees. It knows no address to lead back to: that one stands in the app's own
/// settings at the platform, so `return_to` must be registered there. The account's setting `consent_page` names another
/// page, as a test environment has.
pub(super) fn consent(client: &Client<'_>, state: &str) -> Result<Url, RemoteError> {
    let session = client.session;
    let params = [
        ("service_id", session.credentials.need(SERVICE_ID)?),
        ("state", state),
    ];
    let page = session.setting("consent_page", PAGE);
    let page = Url::parse_with_params(page, params).map_err(|error| RemoteError::Unsupported {
        what: format!("address: {error}"),
    })?;
    Ok(page)
}

/// Trades the code that the page brought back for a token pair. A code works once.
pub(super) async fn redeem(
    client: &Client<'_>,
    answer: &ConsentAnswer,
) -> Result<RefreshedToken, RemoteError> {
    let Some(code) = answer.get("code") else {
        return Err(RemoteError::Refused {
            layer: Layer::Permission,
            text: "抖店没有带回 code，授权没有完成".to_owned(),
        });
    };
    let params = json!({"code": code, "grant_type": "authorization_code"});
    match client.token("token.create", &params).await {
        Ok(token) => Ok(renewed(client, filled(token, "token.create")?)),
        // A code that is not taken is an authorization that did not come about, whatever parameter is blamed.
        Err(RemoteError::Rejected { text, .. }) => Err(RemoteError::Refused {
            layer: Layer::Permission,
            text,
        }),
        Err(error) => Err(error),
    }
}

fn renewed(client: &Client<'_>, token: Token) -> RefreshedToken {
    let mut fields = vec![(ACCESS_TOKEN.to_owned(), token.access_token.0)];
    if !token.refresh_token.is_empty() {
        fields.push((REFRESH_TOKEN.to_owned(), token.refresh_token.0));
    }
    let seconds = token.expires_in.0.filter(|seconds| *seconds > 0);
    RefreshedToken {
        fields,
        expires_at: seconds.map(|seconds| client.gateway.now(client.session) + seconds * 1000),
    }
}

fn filled(token: Token, method: &str) -> Result<Token, RemoteError> {
    if token.access_token.is_empty() {
        // A token answer must not end in a log, not even its beginning.
        return Err(RemoteError::Malformed {
            raw: format!("{method} without access_token"),
        });
    }
    Ok(token)
}
