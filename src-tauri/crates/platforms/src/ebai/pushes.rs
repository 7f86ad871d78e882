//! Messages that the platform posts to our address (fact sheet 6): the fields of a request, signed as requests are over
//! the received `body` text, and answered by a signed envelope.

use super::auth::{SECRET, SOURCE};
use super::sign;
use super::wire::Pushed;
use connect::error::{Layer, RemoteError};
use connect::platform::{Inbound, News, Received};
use connect::session::Session;
use serde_json::json;

/// The fields of a push that its signature covers. A capture shows others beside them (`groupId`), which it does not.
const SIGNED: [&str; 9] = [
    "access_token",
    "body",
    "cmd",
    "encrypt",
    "fields",
    "source",
    "ticket",
    "timestamp",
    "version",
];

fn refused(text: &str) -> RemoteError {
    RemoteError::Refused {
        layer: Layer::Signature,
        text: text.to_owned(),
    }
}

/// Checks and reads a push. `now` is UTC ms, for the answer.
pub(super) fn receive(session: &Session, push: &Inbound, now: i64) -> Result<Received, RemoteError> {
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&push.body).into_owned().collect();
    let field = |name: &str| {
        let held = form.iter().find(|(held, _)| held == name);
        held.map_or("", |(_, value)| value.as_str())
    };
    let signed: Vec<(&str, &str)> = form
        .iter()
        .filter(|(name, _)| SIGNED.contains(&name.as_str()))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let credentials = &session.credentials;
    if field("sign") != sign::md5_upper(&signed, credentials.need(SECRET)?) {
        return Err(refused("推送的签名不正确"));
    }
    if field("source") != credentials.need(SOURCE)? {
        return Err(refused("推送不是发给这个应用的"));
    }
    let body = Some(field("body"))
        .filter(|text| !text.is_empty())
        .unwrap_or("{}");
    let pushed: Pushed = serde_json::from_str(body).map_err(|_| RemoteError::Malformed {
        raw: "推送的 body 不是 JSON".to_owned(),
    })?;
    let cmd = field("cmd");
    Ok(Received {
        news: news(session, cmd, &pushed),
        mark: format!(
            "{cmd}:{}:{}{}:{}:{}",
            pushed.order_id.as_str(),
            pushed.refund_id.as_str(),
            pushed.refund_order_id.as_str(),
            pushed.kind.as_str(),
            pushed.status.as_str(),
        ),
        content_type: "application/json",
        reply: answer(session, cmd, &pushed, now)?,
    })
}

fn store(pushed: &Pushed) -> &str {
    let ids = [&pushed.platform_shop_id, &pushed.baidu_shop_id, &pushed.shop_id];
    ids.into_iter().find_map(|id| id.filled()).unwrap_or_default()
}

fn news(session: &Session, cmd: &str, pushed: &Pushed) -> Vec<News> {
    let store = store(pushed).to_owned();
    match cmd {
        _ if cmd.starts_with("order.") => pushed
            .order_id
            .filled()
            .map(|number| News::Order {
                store,
                number: number.to_owned(),
            })
            .into_iter()
            .collect(),
        "sku.update.push" => pushed
            .sku_id
            .filled()
            .map(|id| News::Listing {
                store,
                product: id.to_owned(),
            })
            .into_iter()
            .collect(),
        // An application has many stores: another one's end is not ours.
        "shop.unbind.msg" if !store.is_empty() && store == session.remote_id => vec![News::Revoked],
        _ => Vec::new(),
    }
}

/// The signed envelope that the platform wants to hear. One client writes `rsp.` where all others write `resp.`.
fn answer(session: &Session, cmd: &str, pushed: &Pushed, now: i64) -> Result<String, RemoteError> {
    let credentials = &session.credentials;
    let mut body = json!({"errno": 0, "error": "success"});
    if cmd == "order.create" {
        body["data"] = json!({"source_order_id": pushed.order_id.as_str()});
    }
    let source = credentials.need(SOURCE)?;
    let (cmd, text) = (format!("resp.{cmd}"), body.to_string());
    let timestamp = (now / 1000).to_string();
    let ticket = uuid::Uuid::new_v4().to_string().to_uppercase();
    let fields = [
        ("body", text.as_str()),
        ("cmd", &cmd),
        ("encrypt", ""),
        ("source", source),
        ("ticket", &ticket),
        ("timestamp", &timestamp),
        ("version", "3"),
    ];
    let sign = sign::md5_upper(&fields, credentials.need(SECRET)?);
    Ok(json!({
        "cmd": cmd, "version": "3", "timestamp": now / 1000, "ticket": ticket, "source": source, "encrypt": "",
        "sign": sign, "body": body,
    })
    .to_string())
}
