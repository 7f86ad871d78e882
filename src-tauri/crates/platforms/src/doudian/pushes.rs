//! Messages that the platform posts to our address (fact sheet 2): a JSON array, signed in a header over its bytes.

use super::auth::{APP_KEY, APP_SECRET};
use super::sign;
use super::wire::Message;
use connect::error::{Layer, RemoteError};
use connect::platform::{Inbound, News, Received};
use connect::session::Session;
use connect::wire::List;

/// The answer that the platform wants to hear.
const THANKS: &str = r#"{"code":0,"msg":"success"}"#;

pub(super) fn receive(session: &Session, push: &Inbound) -> Result<Received, RemoteError> {
    let refused = |text: &str| RemoteError::Refused {
        layer: Layer::Signature,
        text: text.to_owned(),
    };
    let credentials = &session.credentials;
    let (app_key, secret) = (credentials.need(APP_KEY)?, credentials.need(APP_SECRET)?);
    let header = |name: &str| push.headers.get(name).map(String::as_str).unwrap_or_default();
    let body = std::str::from_utf8(&push.body).unwrap_or_default();
    if header("event-sign") != sign::push(app_key, body, secret) {
        return Err(refused("推送的签名不正确"));
    }
    if !header("app-id").is_empty() && header("app-id") != app_key {
        return Err(refused("推送不是发给这个应用的"));
    }
    let messages: List<Message> = serde_json::from_str(body).map_err(|_| RemoteError::Malformed {
        raw: "推送不是 JSON".to_owned(),
    })?;
    let marks: Vec<&str> = messages.0.iter().map(|message| message.msg_id.as_str()).collect();
    Ok(Received {
        mark: marks.join(","),
        news: messages.0.iter().filter_map(news).collect(),
        content_type: "application/json",
        reply: THANKS.to_owned(),
    })
}

/// Tags from 100 concern an order, those from 200 its after-sale, those from 400 a product; 137 is the review of a
/// picture. Messages name the shop, hardly the store.
fn news(message: &Message) -> Option<News> {
    let told = &message.data.0;
    let store = told.store_id.0.clone();
    match message.tag.or_zero() {
        137 => None,
        100..=299 => told.p_id.filled().map(|number| News::Order {
            store,
            number: number.to_owned(),
        }),
        400..=499 => told.product_id.filled().map(|product| News::Listing {
            store,
            product: product.to_owned(),
        }),
        _ => None,
    }
}
