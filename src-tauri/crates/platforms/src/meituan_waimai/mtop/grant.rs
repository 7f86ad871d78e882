//! How a shop grants a vendor its token, and what the platform then sends by itself (fact sheet 2.2 and 12).

use super::super::auth::{APP_AUTH_TOKEN, BUSINESS_ID, DEVELOPER_ID, E_POI_ID, SIGN_KEY, refused};
use super::client::Client;
use crate::meituan_open::push::{field, fields};
use crate::meituan_open::sign::sha1_mtop;
use connect::error::{Layer, RemoteError};
use connect::platform::{ConsentAnswer, Inbound, News, Received, RefreshedToken};
use connect::session::Session;
use connect::wire::Text;
use serde::Deserialize;
use url::Url;

/// Where a merchant maps a shop of the vendor's to one of the platform's.
const PAGE: &str = "https://open-erp.meituan.com/storemap";

/// The mapping page, signed.
pub(in super::super) fn consent(
    client: &Client<'_>,
    return_to: &Url,
    state: &str,
) -> Result<Url, RemoteError> {
    let credentials = &client.session.credentials;
    let seconds = (client.gateway.now(client.session) / 1000).to_string();
    let mut params = vec![
        ("businessId", credentials.get(BUSINESS_ID).unwrap_or("2")),
        ("callbackUrl", return_to.as_str()),
        ("developerId", credentials.need(DEVELOPER_ID)?),
        ("ePoiId", client.shop()?),
        ("state", state),
        ("timestamp", seconds.as_str()),
    ];
    params.retain(|(_, value)| !value.is_empty());
    let sign = sha1_mtop(&params, credentials.need(SIGN_KEY)?);
    params.push(("sign", sign.as_str()));
    let page = Url::parse_with_params(PAGE, params).map_err(|error| RemoteError::Unsupported {
        what: format!("address: {error}"),
    })?;
    Ok(page)
}

/// The token that the page brought back. It has no end of its own.
pub(in super::super) fn redeem(answer: &ConsentAnswer) -> Result<RefreshedToken, RemoteError> {
    let Some(token) = answer.get(APP_AUTH_TOKEN) else {
        return Err(refused(
            Layer::Permission,
            "美团没有带回 appAuthToken，授权没有完成",
        ));
    };
    let mut fields = vec![(APP_AUTH_TOKEN.to_owned(), token.to_owned())];
    fields.extend(
        answer
            .get(E_POI_ID)
            .map(|shop| (E_POI_ID.to_owned(), shop.to_owned())),
    );
    Ok(RefreshedToken {
        fields,
        expires_at: None,
    })
}

/// The business part of a push; which events carry which of them is not public (fact sheet 17.10).
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Message {
    order_id: Text,
    e_poi_id: Text,
}

/// Checks and reads a push: signed like a call, without `sign`, `signature` and what is empty.
pub(in super::super) fn receive(session: &Session, push: &Inbound) -> Result<Received, RemoteError> {
    let credentials = &session.credentials;
    let fields = fields(push);
    let params: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| !name.eq_ignore_ascii_case("signature"))
        .collect();
    let right = sha1_mtop(&params, credentials.need(SIGN_KEY)?);
    let ours = field(&fields, "developerId") == credentials.get(DEVELOPER_ID);
    if !ours || field(&fields, "sign") != Some(right.as_str()) {
        return Err(refused(Layer::Signature, "推送的签名不对"));
    }
    // The older edition calls the business part `param`.
    let text = field(&fields, "message").or_else(|| field(&fields, "param"));
    let message: Message = text
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let store = field(&fields, "ePoiId").unwrap_or(message.e_poi_id.as_str());
    let news = message.order_id.filled().map(|number| News::Order {
        store: store.to_owned(),
        number: number.to_owned(),
    });
    // Sources differ: `OK`, and the older `success`.
    let reply = session.setting("push_reply", "OK");
    Ok(Received {
        news: news.into_iter().collect(),
        mark: field(&fields, "msgId").unwrap_or_default().to_owned(),
        content_type: "application/json",
        reply: serde_json::json!({"data": reply}).to_string(),
    })
}
