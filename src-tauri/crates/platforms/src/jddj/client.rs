//! Building, signing and sending calls (fact sheet 1, 3 and 4).

use super::auth::{self, APP_KEY, APP_SECRET, TOKEN};
use super::layers;
use super::sign;
use bytes::Bytes;
use connect::error::RemoteError;
use connect::gateway::{Call, Gateway};
use connect::pacing::Pace;
use connect::session::Session;
use connect::shanghai;
use connect::wire::{FORM, form};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::borrow::Cow;

const BASE: &str = "https://openapi.jddj.com/djapi";
/// Calls a second per app and per store while nothing else is known: no figure is published, and the one limit that a
/// client in use keeps to by itself is 45 a minute (fact sheet 15).
pub(super) const PACE: (f64, f64) = (0.75, 0.75);
/// The same for asking again whether something is done by now.
const WAITING: (f64, f64) = (0.75, 0.5);

/// One session's calls.
pub(super) struct Client<'a> {
    pub(super) gateway: &'a Gateway,
    pub(super) session: Cow<'a, Session>,
}

impl<'a> Client<'a> {
    pub(super) fn new(gateway: &'a Gateway, session: &'a Session) -> Self {
        Self {
            gateway,
            session: auth::unpacked(session),
        }
    }

    /// The store's number at the platform.
    pub(super) fn station(&self) -> &str {
        &self.session.remote_id
    }

    /// Who a change is said to be made by; calls ask for a name, and any will do.
    pub(super) fn operator(&self) -> &str {
        self.session.setting("user_pin", "guitai")
    }

    /// A call that only reads; what its answer carries.
    pub(super) async fn read<T: DeserializeOwned>(&self, path: &str, body: Value) -> Result<T, RemoteError> {
        let carried = self.call(path, &body, PACE).await;
        layers::carried(carried.map_err(RemoteError::of_read)?)
    }

    /// A call that only reads and is asked again until something is done.
    pub(super) async fn poll<T: DeserializeOwned>(&self, path: &str, body: Value) -> Result<T, RemoteError> {
        let carried = self.call(path, &body, WAITING).await;
        layers::carried(carried.map_err(RemoteError::of_read)?)
    }

    /// A call that changes something; what its answer carries.
    pub(super) async fn change(&self, path: &str, body: Value) -> Result<Value, RemoteError> {
        self.call(path, &body, PACE).await
    }

    async fn call(&self, path: &str, body: &Value, pace: (f64, f64)) -> Result<Value, RemoteError> {
        let session = &*self.session;
        let secret = session.credentials.need(APP_SECRET)?;
        let body = self.body(body);
        let timestamp = shanghai::time(self.gateway.now(session));
        let mut fields = vec![
            ("token", session.credentials.need(TOKEN)?),
            ("app_key", session.credentials.need(APP_KEY)?),
            ("timestamp", &timestamp),
            ("format", "json"),
            // Documents say 1.0, clients send v1.0 and 2.0 too: it is said to be a signed text alone (fact sheet 3).
            ("v", session.setting("v", "1.0")),
        ];
        fields.extend(body.as_deref().map(|body| ("jd_param_json", body)));
        let sign = sign::md5_upper(&fields, secret);
        fields.push(("sign", &sign));
        let base = session.endpoint.as_ref().map_or(BASE, url::Url::as_str);
        let request = http::Request::post(format!("{}/{path}", base.trim_end_matches('/')))
            .header(http::header::CONTENT_TYPE, FORM)
            .body(Bytes::from(form(fields)))
            .map_err(|error| RemoteError::Unsupported {
                what: format!("address: {error}"),
            })?;
        let reply = self
            .gateway
            .send(
                session,
                Call {
                    name: path.to_owned(),
                    request,
                    pace: Pace::of(session, pace),
                    brings_tokens: false,
                },
            )
            .await?;
        let result = layers::settled(&reply, secret).map_err(|error| error.blacked(&session.credentials));
        if let Err(RemoteError::Throttled { wait, .. }) = &result {
            self.gateway.throttled(session, *wait);
        }
        result
    }

    /// The parameters as they are signed and sent. Whether a call without any leaves them out is told both ways (fact
    /// sheet 3), so the setting `empty_body` = `omit` does it.
    fn body(&self, body: &Value) -> Option<String> {
        let empty = body.as_object().is_some_and(serde_json::Map::is_empty);
        let omitted = empty && self.session.setting("empty_body", "{}") == "omit";
        (!omitted).then(|| body.to_string())
    }
}

/// An id as calls take it: a whole number wherever it is one.
pub(super) fn number(id: &str) -> Value {
    id.parse::<i64>().map_or_else(|_| Value::from(id), Value::from)
}
