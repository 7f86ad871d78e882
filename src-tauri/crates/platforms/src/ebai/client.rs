//! Building, signing and sending `cmd` calls, and what their refusals mean (fact sheet 1, 2 and 4).

use super::auth::{ACCESS_TOKEN, SECRET, SOURCE};
use super::sign;
use super::wire::Envelope;
use bytes::Bytes;
use connect::error::{Effect, Layer, RemoteError};
use connect::gateway::{Call, Gateway, beginning, json};
use connect::pacing::Pace;
use connect::session::Session;
use connect::wire::{FORM, form};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

const BASE: &str = "https://api-be.ele.me/";
const VERSION: &str = "3";
/// Calls a second per app and per store while nothing else is known: no official figure exists (fact sheet 7).
pub(super) const PACE: (f64, f64) = (10.0, 5.0);

/// One session's calls.
pub(super) struct Client<'a> {
    pub(super) gateway: &'a Gateway,
    pub(super) session: &'a Session,
}

impl Client<'_> {
    /// A body that begins with the store. Most calls take the platform's id and our own alike; the setting
    /// `shop_id_field` names which one the store was added with.
    pub(super) fn shop_body(&self) -> Map<String, Value> {
        let field = self.session.setting("shop_id_field", "baidu_shop_id");
        let mut body = Map::new();
        body.insert(field.to_owned(), Value::String(self.session.remote_id.clone()));
        body
    }

    /// A call that only reads; its `data`.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        cmd: &str,
        body: Map<String, Value>,
    ) -> Result<T, RemoteError> {
        let data = self.call(cmd, body).await.map_err(RemoteError::of_read)?;
        parsed(data)
    }

    /// A call that changes something; its `data`.
    pub(super) async fn change(&self, cmd: &str, body: Map<String, Value>) -> Result<Value, RemoteError> {
        self.call(cmd, body).await
    }

    async fn call(&self, cmd: &str, body: Map<String, Value>) -> Result<Value, RemoteError> {
        let credentials = &self.session.credentials;
        // Serialised once: this very text is signed and sent.
        let body = Value::Object(body).to_string();
        let timestamp = (self.gateway.now(self.session) / 1000).to_string();
        let ticket = uuid::Uuid::new_v4().to_string().to_uppercase();
        let mut fields = vec![
            ("cmd", cmd),
            ("source", credentials.need(SOURCE)?),
            ("ticket", &ticket),
            ("timestamp", &timestamp),
            ("version", VERSION),
            ("encrypt", ""),
            ("body", &body),
        ];
        fields.extend(credentials.get(ACCESS_TOKEN).map(|token| (ACCESS_TOKEN, token)));
        let sign = sign::md5_upper(&fields, credentials.need(SECRET)?);
        fields.push(("sign", &sign));
        let base = self.session.endpoint.as_ref().map_or(BASE, url::Url::as_str);
        let request = http::Request::post(base)
            .header(http::header::CONTENT_TYPE, FORM)
            .body(Bytes::from(form(fields)))
            .map_err(|error| RemoteError::Unsupported {
                what: format!("address: {error}"),
            })?;
        let reply = self
            .gateway
            .send(
                self.session,
                Call {
                    name: cmd.to_owned(),
                    request,
                    pace: Pace::of(self.session, PACE),
                    brings_tokens: false,
                },
            )
            .await?;
        let envelope: Envelope = json(&reply.body)?;
        let result = settled(envelope, &reply.body);
        if let Err(RemoteError::Throttled { wait, .. }) = &result {
            self.gateway.throttled(self.session, *wait);
        }
        result
    }
}

fn settled(envelope: Envelope, raw: &[u8]) -> Result<Value, RemoteError> {
    if let Some((code, message)) = envelope.bare() {
        return Err(classify(code, format!("{code} {message}").trim_end().to_owned()));
    }
    match envelope.body.0 {
        Some(body) if body.errno.0 == Some(0) => Ok(body.data),
        Some(body) if body.errno.0.is_some() || !body.error.is_empty() => {
            let code = body.errno.0.map(|errno| errno.to_string()).unwrap_or_default();
            Err(classify(&code, body.error.0))
        }
        _ => Err(RemoteError::Malformed { raw: beginning(raw) }),
    }
}

/// What a refusal means. The number that goes with a `gw.*` code is not known, so the text decides (fact sheet 4).
pub(super) fn classify(code: &str, text: String) -> RemoteError {
    let refused = |layer, text| RemoteError::Refused { layer, text };
    let says = |part: &str| text.contains(part);
    if says("gw.Qos") {
        RemoteError::Throttled { wait: None, text }
    } else if says("gw.ISP") {
        RemoteError::Busy {
            text,
            effect: Effect::Unknown,
        }
    } else if says("gw.AppKey") {
        refused(Layer::Key, text)
    } else if says("gw.Signature") || code == "20114" {
        refused(Layer::Signature, text)
    } else if says("gw.APIACLDecline") || says("gw.APIUnsupported") || says("非法令牌") {
        refused(Layer::Permission, text)
    } else if says("授权已经过期") || says("重新授权") {
        RemoteError::Expired { text }
    } else {
        RemoteError::Rejected {
            code: code.to_owned(),
            text,
        }
    }
}

pub(super) fn parsed<T: DeserializeOwned>(data: Value) -> Result<T, RemoteError> {
    let data = match data {
        Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        data => data,
    };
    let raw = beginning(data.to_string().as_bytes());
    serde_json::from_value(data).map_err(|_| RemoteError::Malformed { raw })
}
