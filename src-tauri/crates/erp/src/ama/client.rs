//! Building and sending calls, and what their refusals mean (fact sheet 3).

use super::auth::{ACCESS_TOKEN, APP_ID, APP_SECRET};
use super::wire::{Envelope, Token};
use base64::Engine as _;
use bytes::Bytes;
use connect::error::{Layer, RemoteError};
use connect::gateway::{Call, Gateway, Reply, beginning, json};
use connect::pacing::Pace;
use connect::session::Session;
use connect::wire::{FORM, form};
use serde::de::DeserializeOwned;
use serde_json::Value;

const BASE: &str = "https://cloud.nhsoft.cn";
/// Calls a second while nothing else is known: no quota is published (fact sheet, Unknown).
const PACE: f64 = 20.0;

pub(super) type Params = Vec<(&'static str, String)>;

/// One session's calls.
pub(super) struct Client<'a> {
    pub(super) gateway: &'a Gateway,
    pub(super) session: &'a Session,
}

impl Client<'_> {
    /// A reading GET; empty parameters are left out, the rest encoded.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        method: &str,
        params: Params,
    ) -> Result<T, RemoteError> {
        let query = form(
            params
                .iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(n, v)| (*n, v)),
        );
        let mark = if query.is_empty() { "" } else { "?" };
        let request = http::Request::get(format!("{}/api/{method}{mark}{query}", self.base()));
        let result = self.exchange(method, request, Bytes::new()).await;
        parsed(result.map_err(RemoteError::of_read)?)
    }

    /// A reading POST.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        method: &str,
        body: &Value,
    ) -> Result<T, RemoteError> {
        parsed(self.post(method, body).await.map_err(RemoteError::of_read)?)
    }

    /// A POST; its `result`.
    pub(super) async fn post(&self, method: &str, body: &Value) -> Result<Value, RemoteError> {
        let request = http::Request::post(format!("{}/api/{method}", self.base()))
            .header(http::header::CONTENT_TYPE, "application/json; charset=utf-8");
        self.exchange(method, request, Bytes::from(body.to_string()))
            .await
    }

    /// The token call.
    pub(super) async fn token(&self, params: Params) -> Result<Token, RemoteError> {
        let credentials = &self.session.credentials;
        let pair = format!("{}:{}", credentials.need(APP_ID)?, credentials.need(APP_SECRET)?);
        let basic = base64::engine::general_purpose::STANDARD.encode(pair);
        let request = http::Request::post(format!("{}/authserver/oauth/token", self.base()))
            .header(http::header::AUTHORIZATION, format!("Basic {basic}"))
            .header(http::header::CONTENT_TYPE, FORM);
        let reply = self
            .send("oauth/token", request, Bytes::from(form(params)))
            .await?;
        // A token answer must not end in a log, not even its beginning.
        let token: Token = json(&reply.body).map_err(|_| RemoteError::Malformed {
            raw: "answer of oauth/token".to_owned(),
        })?;
        if token.error.is_empty() && reply.status < 400 {
            return Ok(token);
        }
        let text = format!("{} {}", token.error.0, token.error_description.0);
        // The pair went out in the header as base64.
        let text = credentials.blacked(text.trim()).replace(&basic, "******");
        Err(match token.error.as_str() {
            "invalid_grant" | "invalid_token" => RemoteError::Expired { text },
            "invalid_client" => RemoteError::Refused {
                layer: Layer::Signature,
                text,
            },
            _ => RemoteError::Refused {
                layer: Layer::Key,
                text,
            },
        })
    }

    fn base(&self) -> &str {
        let base = self.session.endpoint.as_ref().map_or(BASE, url::Url::as_str);
        base.trim_end_matches('/')
    }

    async fn exchange(
        &self,
        method: &str,
        request: http::request::Builder,
        body: Bytes,
    ) -> Result<Value, RemoteError> {
        let token = self.session.credentials.need(ACCESS_TOKEN)?;
        let request = request.header(http::header::AUTHORIZATION, format!("Bearer {token}"));
        let reply = self.send(method, request, body).await?;
        let envelope = json::<Envelope>(&reply.body);
        if reply.status >= 400 {
            let text = envelope.map(|envelope| envelope.msg.0).unwrap_or_default();
            let text = format!("HTTP {} {text}", reply.status);
            return Err(by_status(reply.status, text.trim().to_owned()));
        }
        let envelope = envelope?;
        match envelope.code.0 {
            Some(0) => Ok(envelope.result),
            Some(code) => Err(RemoteError::Rejected {
                code: code.to_string(),
                text: envelope.msg.0,
            }),
            None => Err(RemoteError::Malformed {
                raw: beginning(&reply.body),
            }),
        }
    }

    async fn send(
        &self,
        name: &str,
        request: http::request::Builder,
        body: Bytes,
    ) -> Result<Reply, RemoteError> {
        let request = request.body(body).map_err(|error| RemoteError::Unsupported {
            what: format!("address: {error}"),
        })?;
        let call = Call {
            name: name.to_owned(),
            request,
            pace: Pace::of(self.session, (PACE, 0.0)),
            brings_tokens: name.starts_with("oauth/"),
        };
        self.gateway.send(self.session, call).await
    }
}

/// 400 is an interface that was not granted, 401 a dead token; 429 and 5xx are told apart before.
fn by_status(status: u16, text: String) -> RemoteError {
    match status {
        401 => RemoteError::Expired { text },
        400 | 403 => RemoteError::Refused {
            layer: Layer::Permission,
            text,
        },
        _ => RemoteError::Rejected {
            code: status.to_string(),
            text,
        },
    }
}

fn parsed<T: DeserializeOwned>(result: Value) -> Result<T, RemoteError> {
    let raw = beginning(result.to_string().as_bytes());
    serde_json::from_value(result).map_err(|_| RemoteError::Malformed { raw })
}
