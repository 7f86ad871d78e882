//! Messages that the platform posts to our address (fact sheet 6): JSON whose `message` is a text that holds JSON, signed
//! over its raw fields.

use super::auth::APP_SECRET;
use super::sign;
use super::wire::Pushed;
use connect::error::{Layer, RemoteError};
use connect::platform::{Inbound, News, Received};
use connect::session::Session;
use serde_json::{Map, Value};

/// The answer to a message, and to the GET by which the platform tries the address before it is registered.
const THANKS: &str = r#"{"message":"ok"}"#;

fn refused(text: &str) -> RemoteError {
    RemoteError::Refused {
        layer: Layer::Signature,
        text: text.to_owned(),
    }
}

pub(super) fn receive(session: &Session, push: &Inbound) -> Result<Received, RemoteError> {
    if push.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(received(Vec::new(), String::new()));
    }
    let fields: Map<String, Value> =
        serde_json::from_slice(&push.body).map_err(|_| RemoteError::Malformed {
            raw: "推送不是 JSON".to_owned(),
        })?;
    let sent = fields
        .get("signature")
        .and_then(Value::as_str)
        .unwrap_or_default();
    // Hex is compared as it means: some receivers take small letters too.
    if !sent.eq_ignore_ascii_case(&sign::push(&fields, session.credentials.need(APP_SECRET)?)) {
        return Err(refused("推送的签名不正确"));
    }
    let pushed: Pushed =
        serde_json::from_value(Value::Object(fields)).map_err(|_| RemoteError::Malformed {
            raw: "推送的字段不对".to_owned(),
        })?;
    let ours = session.setting("app_id", "");
    if !ours.is_empty() && pushed.app_id.filled().is_some_and(|app| app != ours) {
        return Err(refused("推送不是发给这个应用的"));
    }
    Ok(received(news(&pushed), pushed.request_id.0))
}

/// Types 10 to 76 concern an order (new, its states, cancellations and refunds, reminders, delivery); those from 91 the
/// store. A new order is told whole under `id`, everything after it names `orderId`.
fn news(pushed: &Pushed) -> Vec<News> {
    if !(10..=76).contains(&pushed.kind.or_zero()) {
        return Vec::new();
    }
    let told = &pushed.message.0;
    let number = told.order_id.filled().or(told.id.filled());
    let order = number.map(|number| News::Order {
        store: pushed.shop_id.0.clone(),
        number: number.to_owned(),
    });
    order.into_iter().collect()
}

fn received(news: Vec<News>, mark: String) -> Received {
    Received {
        news,
        mark,
        content_type: "application/json",
        reply: THANKS.to_owned(),
    }
}
