//! What the platform sends to our address (fact sheet 8 and 9): webhooks, signed by SHA-1, and SPI calls, signed by
//! SHA-256. Either is a hint to read.

use super::auth::{ACCOUNT_ID, CLIENT_KEY, CLIENT_SECRET};
use super::sign;
use super::wire::{Content, Webhook};
use connect::error::{Layer, RemoteError};
use connect::platform::{Inbound, News, Received};
use connect::session::Session;
use serde_json::json;

/// The answer to everything but the question that tries the address.
const THANKS: &str = r#"{"data":{"error_code":0,"description":"success"}}"#;
/// What tells of a product's audit.
const AUDIT: &str = "life_product_audit";

fn refused(text: &str) -> RemoteError {
    RemoteError::Refused {
        layer: Layer::Signature,
        text: text.to_owned(),
    }
}

fn header<'p>(push: &'p Inbound, name: &str) -> Option<&'p str> {
    push.headers
        .get(name)
        .map(String::as_str)
        .filter(|text| !text.is_empty())
}

/// What a push tells.
pub(super) fn receive(session: &Session, push: &Inbound) -> Result<Received, RemoteError> {
    match (header(push, "x-life-sign"), header(push, "x-douyin-signature")) {
        (Some(sent), _) => spi(session, push, sent),
        (None, Some(sent)) => webhook(session, push, sent),
        (None, None) => Err(refused("推送没有签名")),
    }
}

fn received(news: Option<News>, mark: &str, reply: String) -> Received {
    Received {
        news: news.into_iter().collect(),
        mark: mark.to_owned(),
        content_type: "application/json",
        reply,
    }
}

fn webhook(session: &Session, push: &Inbound, sent: &str) -> Result<Received, RemoteError> {
    let credentials = &session.credentials;
    let secret = credentials.need(CLIENT_SECRET)?;
    let holds = |body: &[u8]| sent.eq_ignore_ascii_case(&sign::webhook(secret, body));
    // One client signs the body without its line breaks (fact sheet 8); real bodies are said to have none.
    let bare: Vec<u8> = push
        .body
        .iter()
        .copied()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    if !holds(&push.body) && !holds(&bare) {
        return Err(refused("推送的签名不正确"));
    }
    let told: Webhook = serde_json::from_slice(&push.body).map_err(|_| RemoteError::Malformed {
        raw: "推送不是应有的 JSON".to_owned(),
    })?;
    if told.client_key.as_str() != credentials.need(CLIENT_KEY)? {
        return Err(refused("推送不是发给这个应用的"));
    }
    let content = told.content.0;
    if told.event.as_str() == "verify_webhook" {
        return Ok(received(
            None,
            "",
            json!({"challenge": content.challenge}).to_string(),
        ));
    }
    let mark = header(push, "msg-id").unwrap_or_default();
    let news = if told.event.as_str() == AUDIT {
        product(session, &content)
    } else {
        order(session, &content)
    };
    Ok(received(news, mark, THANKS.to_owned()))
}

/// An application serves many merchants, and all their events come to one address.
fn of_another(session: &Session, account: &str) -> bool {
    let ours = session.credentials.get(ACCOUNT_ID).unwrap_or_default();
    !matches!(account, "" | "0") && account != ours
}

fn order(session: &Session, content: &Content) -> Option<News> {
    let inner = content.order.as_ref();
    let first = |outer: &str, inner: Option<&str>| {
        let outer = Some(outer).filter(|text| !text.is_empty());
        outer.or(inner).unwrap_or_default().to_owned()
    };
    let number = first(
        content.order_id.as_str(),
        inner.map(|order| order.order_id.as_str()),
    );
    let account = first(
        content.account_id.as_str(),
        inner.map(|order| order.account_id.as_str()),
    );
    if number.is_empty() || of_another(session, &account) {
        return None;
    }
    let store = first(content.poi_id.as_str(), inner.map(|order| order.poi_id.as_str()));
    Some(News::Order { store, number })
}

fn product(session: &Session, content: &Content) -> Option<News> {
    let product = content.product_id.filled()?;
    (!of_another(session, content.account_id.as_str())).then(|| News::Listing {
        store: content.poi_id.0.clone(),
        product: product.to_owned(),
    })
}

fn spi(session: &Session, push: &Inbound, sent: &str) -> Result<Received, RemoteError> {
    let credentials = &session.credentials;
    let query: Vec<(String, String)> = push.address.query_pairs().into_owned().collect();
    let pairs: Vec<(&str, &str)> = query
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let good = sign::spi(credentials.need(CLIENT_SECRET)?, &pairs, &push.body);
    if !sent.eq_ignore_ascii_case(&good) {
        return Err(refused("推送的签名不正确"));
    }
    // The key in the address is the signed one.
    let key = pairs
        .iter()
        .find(|(name, _)| *name == CLIENT_KEY)
        .map(|(_, value)| *value);
    if key != Some(credentials.need(CLIENT_KEY)?) {
        return Err(refused("推送不是发给这个应用的"));
    }
    let content: Content = serde_json::from_slice(&push.body).unwrap_or_default();
    // Sent again it carries another time; the body is what repeats.
    let mark = format!("spi:{}", sign::webhook("", &push.body));
    Ok(received(order(session, &content), &mark, THANKS.to_owned()))
}
