//! Building and sending calls, and what their refusals mean (fact sheet 1 and 3).

use super::sign;
use super::wire::Envelope;
use bytes::Bytes;
use connect::error::{Layer, RemoteError};
use connect::gateway::{Call, Gateway, beginning, json};
use connect::pacing::Pace;
use connect::session::Session;
use connect::wire::{FORM, form};
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(super) const USER: &str = "user";
pub(super) const UKEY: &str = "ukey";
const BASE: &str = "https://api.feieyun.cn/Api/Open/";
/// Calls a second while nothing else is known: no limit is published (fact sheet, Unknown).
const PACE: (f64, f64) = (10.0, 0.0);

pub(super) type Params<'a> = Vec<(&'static str, &'a str)>;

/// One session's calls.
pub(super) struct Client<'a> {
    pub(super) gateway: &'a Gateway,
    pub(super) session: &'a Session,
}

impl Client<'_> {
    /// A call that only reads.
    pub(super) async fn ask(&self, name: &'static str, params: Params<'_>) -> Result<Value, RemoteError> {
        self.call(name, params).await.map_err(RemoteError::of_read)
    }

    /// A call; its `data`.
    pub(super) async fn call(&self, name: &'static str, params: Params<'_>) -> Result<Value, RemoteError> {
        let credentials = &self.session.credentials;
        let (user, ukey) = (credentials.need(USER)?, credentials.need(UKEY)?);
        // Whole seconds, ten digits.
        let stime = (self.gateway.now(self.session) / 1_000).to_string();
        let sig = sign::request(user, ukey, &stime);
        let common = [
            ("user", user),
            ("stime", &stime),
            ("sig", &sig),
            ("apiname", name),
        ];
        let body = form(common.into_iter().chain(params));
        let base = self.session.endpoint.as_ref().map_or(BASE, url::Url::as_str);
        let request = http::Request::post(base)
            .header(http::header::CONTENT_TYPE, FORM)
            .body(Bytes::from(body))
            .map_err(|error| RemoteError::Unsupported {
                what: format!("address: {error}"),
            })?;
        let call = Call {
            name: name.to_owned(),
            request,
            pace: Pace::of(self.session, PACE),
            brings_tokens: false,
        };
        let reply = self.gateway.send(self.session, call).await?;
        if reply.status >= 400 {
            return Err(RemoteError::Rejected {
                code: reply.status.to_string(),
                text: format!("HTTP {}", reply.status),
            });
        }
        let envelope: Envelope = json(&reply.body)?;
        match envelope.ret.0 {
            Some(0) => Ok(envelope.data),
            Some(ret) => Err(refusal(ret, envelope.msg.0)),
            None => Err(RemoteError::Malformed {
                raw: beginning(&reply.body),
            }),
        }
    }
}

/// No complete table of codes is published: what is not known here is understood and not done.
fn refusal(ret: i64, text: String) -> RemoteError {
    match ret {
        -2 => RemoteError::Refused {
            layer: Layer::Key,
            text,
        },
        -3 => RemoteError::Refused {
            layer: Layer::Signature,
            text,
        },
        _ => RemoteError::Rejected {
            code: ret.to_string(),
            text,
        },
    }
}

/// Reads `data`, or says that it has another shape.
pub(super) fn parsed<T: DeserializeOwned>(data: Value) -> Result<T, RemoteError> {
    let raw = beginning(data.to_string().as_bytes());
    serde_json::from_value(data).map_err(|_| RemoteError::Malformed { raw })
}
