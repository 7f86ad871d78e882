//! Pushes of family A (fact sheet 12): one form per event, values encoded twice, signed like a call.

use super::auth::{ACCESS_TOKEN, APP_ID, APP_SECRET, AUTHORIZE_CODE};
use super::sign::md5_v1;
use connect::error::{Layer, RemoteError};
use connect::platform::{Inbound, News, Received, RefreshedToken};
use connect::session::Session;
use std::borrow::Cow;

/// Name and value.
pub(crate) type Pair = (String, String);

/// The fields of a push, from its query and its form alike: some events came as GET (fact sheet 12).
pub(crate) fn fields(push: &Inbound) -> Vec<Pair> {
    let query = push.address.query().unwrap_or_default().as_bytes();
    let pairs = |bytes| url::form_urlencoded::parse(bytes).into_owned();
    pairs(query).chain(pairs(&push.body)).collect()
}

/// A field; empty counts as absent.
pub(crate) fn field<'a>(fields: &'a [Pair], name: &str) -> Option<&'a str> {
    let held = fields.iter().find(|(held, _)| held == name);
    held.map(|(_, value)| value.as_str())
        .filter(|value| !value.is_empty())
}

/// Values as they were signed: decoded once more. One that holds no whole escape stays as it is.
fn decoded(value: &str) -> String {
    let pair = format!("v={}", value.replace('&', "%26"));
    let first = url::form_urlencoded::parse(pair.as_bytes()).next();
    first.map_or_else(|| value.to_owned(), |(_, value)| Cow::into_owned(value))
}

/// The code of a shop that was bound to a service provider's application, to be traded for tokens at once: its end is
/// `now`, UTC ms. An application serves many shops and hears of all: one that holds another shop's token already keeps
/// it. How `poi_info` names the shop is not public, so its code is looked for as it stands.
fn bound(session: &Session, fields: &[Pair], now: i64) -> Option<News> {
    let code = field(fields, AUTHORIZE_CODE)?;
    let named = field(fields, "poi_info").unwrap_or_default();
    let shop = session.remote_id.as_str();
    let ours = if shop.is_empty() {
        session.credentials.get(ACCESS_TOKEN).is_none()
    } else {
        let mut words = named.split(|char: char| !char.is_alphanumeric() && !matches!(char, '-' | '_'));
        words.any(|word| word == shop)
    };
    ours.then(|| {
        News::Token(RefreshedToken {
            fields: vec![(AUTHORIZE_CODE.to_owned(), code.to_owned())],
            expires_at: Some(now),
        })
    })
}

/// Checks and reads a push. The address that was told to the platform is signed without its query. `now` is UTC ms.
pub(crate) fn receive(session: &Session, push: &Inbound, now: i64) -> Result<Received, RemoteError> {
    let credentials = &session.credentials;
    let mut fields = fields(push);
    let secret = credentials.need(APP_SECRET)?;
    let mut address = push.address.clone();
    address.set_query(None);
    let holds = |fields: &[Pair]| {
        let params: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        field(fields, "sig") == Some(md5_v1(address.as_str(), &params, secret).as_str())
    };
    for (_, value) in &mut fields {
        *value = decoded(value);
    }
    let ours = field(&fields, "app_id") == credentials.get(APP_ID);
    if !ours || !holds(&fields) {
        return Err(RemoteError::Refused {
            layer: Layer::Signature,
            text: "推送的签名不对".to_owned(),
        });
    }
    let news = match (field(&fields, "order_id"), field(&fields, "op_type")) {
        (Some(number), _) => vec![News::Order {
            store: field(&fields, "app_poi_code").unwrap_or_default().to_owned(),
            number: number.to_owned(),
        }],
        // 1 bound, 2 unbound.
        (None, Some("1")) => bound(session, &fields, now).into_iter().collect(),
        (None, Some("2")) => vec![News::Revoked],
        _ => Vec::new(),
    };
    Ok(Received {
        news,
        mark: field(&fields, "sig").unwrap_or_default().to_owned(),
        content_type: "application/json",
        reply: r#"{"data":"ok"}"#.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::receive;
    use connect::error::RemoteError;
    use connect::platform::{Inbound, News};
    use connect::session::{Credentials, Session};
    use std::collections::BTreeMap;

    fn session() -> Session {
        let pairs = [
            ("app_id", "9001"),
            ("app_secret", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
        ];
        Session {
            account: "1".to_owned(),
            store: String::new(),
            remote_id: String::new(),
            endpoint: None,
            credentials: Credentials::new(pairs.map(|(n, v)| (n.to_owned(), v.to_owned()))),
            settings: std::sync::Arc::default(),
            clock_offset_ms: 0,
        }
    }

    /// The worked push with its values encoded twice.
    fn push(sig: &str) -> Inbound {
        let once = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let fields = [
            ("app_id", "9001"),
            ("timestamp", "1700000000"),
            ("order_id", "27057681346840001"),
            ("reason_code", "1103"),
            ("reason", "用户取消,不想要了"),
            ("deal_op_type", "1"),
            ("remark", ""),
            ("sig", sig),
        ];
        let body = fields.map(|(name, value)| format!("{name}={}", once(&once(value))));
        Inbound {
            address: "https://oms.example.com/mt/order/cancel".parse().unwrap(),
            headers: BTreeMap::new(),
            body: body.join("&").into(),
        }
    }

    #[test]
    fn the_worked_push_tells_its_order_and_a_changed_one_nothing() {
        let told = receive(&session(), &push("115da584e905cd22f86a6252aed44024"), 0).unwrap();
        assert!(matches!(&told.news[..], [News::Order { number, .. }] if number == "27057681346840001"));
        let wrong = receive(&session(), &push("015da584e905cd22f86a6252aed44024"), 0);
        assert!(matches!(wrong, Err(RemoteError::Refused { .. })));
    }
}
