//! Building, signing and sending NOP calls, and what their refusals mean (fact sheet 1, 2 and 4).

use super::auth::{ACCESS_TOKEN, APP_KEY, APP_SECRET};
use super::sign;
use super::wire::{Envelope, Token};
use base64::Engine as _;
use bytes::Bytes;
use connect::error::{Effect, Layer, RemoteError};
use connect::gateway::{Call, Gateway, Reply, beginning, json};
use connect::pacing::Pace;
use connect::session::Session;
use connect::wire::{FORM, form};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

const BASE: &str = "https://open-api.shop.ele.me";
const VERSION: &str = "1.0.0";
/// Calls a second per app and per store while nothing else is known: no figure is published (fact sheet 8).
pub(super) const PACE: (f64, f64) = (10.0, 5.0);

/// One session's calls.
pub(super) struct Client<'a> {
    pub(super) gateway: &'a Gateway,
    pub(super) session: &'a Session,
}

impl Client<'_> {
    /// The store's id as calls name it: a number.
    pub(super) fn shop(&self) -> Value {
        number(&self.session.remote_id)
    }

    /// A call that only reads; its `result`.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        action: &str,
        params: Value,
    ) -> Result<T, RemoteError> {
        let result = self.call(action, params).await.map_err(RemoteError::of_read)?;
        parsed(result)
    }

    /// A call that changes something; its `result`.
    pub(super) async fn change(&self, action: &str, params: Value) -> Result<Value, RemoteError> {
        self.call(action, params).await
    }

    /// A token call: key and secret as HTTP Basic, the grant as a form.
    pub(super) async fn token(&self, grant: &[(&str, &str)]) -> Result<Token, RemoteError> {
        let credentials = &self.session.credentials;
        let pair = format!("{}:{}", credentials.need(APP_KEY)?, credentials.need(APP_SECRET)?);
        let basic = base64::engine::general_purpose::STANDARD.encode(pair);
        let request = http::Request::post(self.url("token"))
            .header(http::header::CONTENT_TYPE, FORM)
            .header(http::header::AUTHORIZATION, format!("Basic {basic}"))
            .body(Bytes::from(form(grant.iter().copied())));
        let reply = self.send("token", request).await?;
        let answer: Token = json(&reply.body)
            // A token answer must not end in a log, not even its beginning.
            .map_err(|_| RemoteError::Malformed {
                raw: "answer of token".to_owned(),
            })?;
        let Some(error) = answer.error.filled() else {
            return Ok(answer);
        };
        let text = format!("{error} {}", answer.error_description.as_str());
        Err(token_refusal(error, text.trim_end().to_owned()).blacked(credentials))
    }

    pub(super) fn url(&self, path: &str) -> String {
        let base = self.session.endpoint.as_ref().map_or(BASE, url::Url::as_str);
        format!("{}/{path}", base.trim_end_matches('/'))
    }

    async fn call(&self, action: &str, params: Value) -> Result<Value, RemoteError> {
        let credentials = &self.session.credentials;
        let params = match params {
            Value::Object(params) => params,
            _ => Map::new(),
        };
        let now = self.gateway.now(self.session);
        // The newest public client sends milliseconds, the older ones seconds; both are said to pass (fact sheet 1).
        let timestamp = match self.session.setting("timestamp_unit", "ms") {
            "s" => now / 1000,
            _ => now,
        };
        let app_key = credentials.need(APP_KEY)?;
        let token = credentials.get(ACCESS_TOKEN).unwrap_or_default();
        let signature = sign::request(
            action,
            token,
            app_key,
            timestamp,
            &params,
            credentials.need(APP_SECRET)?,
        );
        let id = uuid::Uuid::new_v4().simple().to_string().to_uppercase();
        let body = serde_json::json!({
            "nop": VERSION, "id": format!("{id}|{now}"), "action": action, "token": token,
            "metas": {"app_key": app_key, "timestamp": timestamp}, "params": params, "signature": signature,
        });
        let request = http::Request::post(self.url("api/v1/"))
            .header(http::header::CONTENT_TYPE, "application/json; charset=utf-8")
            .body(Bytes::from(body.to_string()));
        let reply = self.send(action, request).await?;
        let result = settled(&reply);
        if let Err(RemoteError::Throttled { wait, .. }) = &result {
            self.gateway.throttled(self.session, *wait);
        }
        result
    }

    async fn send(
        &self,
        name: &str,
        request: Result<http::Request<Bytes>, http::Error>,
    ) -> Result<Reply, RemoteError> {
        let request = request.map_err(|error| RemoteError::Unsupported {
            what: format!("address: {error}"),
        })?;
        let call = Call {
            name: name.to_owned(),
            request,
            pace: Pace::of(self.session, PACE),
            brings_tokens: name == "token",
        };
        self.gateway.send(self.session, call).await
    }
}

fn settled(reply: &Reply) -> Result<Value, RemoteError> {
    let envelope: Envelope = json(&reply.body).map_err(|malformed| match reply.status {
        401 | 403 => RemoteError::Refused {
            layer: Layer::Permission,
            text: beginning(&reply.body),
        },
        _ => malformed,
    })?;
    if let Some(fault) = envelope.error.0 {
        return Err(classify(&fault.code.0, fault.message.0));
    }
    match envelope.result {
        // Some writes answer with nothing; an answer without the field is none.
        Some(result) if reply.status < 400 => Ok(result),
        _ => Err(RemoteError::Malformed {
            raw: beginning(&reply.body),
        }),
    }
}

/// What a refusal means. Only the codes are known, so the layers' texts begin with them; business refusals keep their
/// own words.
pub(super) fn classify(code: &str, message: String) -> RemoteError {
    let text = format!("{code} {message}").trim().to_owned();
    let refused = |layer, text| RemoteError::Refused { layer, text };
    let lower = message.to_lowercase();
    let names_key = ["app_key", "appkey", "app key"]
        .iter()
        .any(|name| lower.contains(name));
    match code {
        "EXCEED_LIMIT" => RemoteError::Throttled { wait: None, text },
        "SERVER_ERROR" => RemoteError::Busy {
            text,
            effect: Effect::Unknown,
        },
        // Bad and expired tokens have one code: a fresh token helps against either.
        "UNAUTHORIZED" => RemoteError::Expired { text },
        "INVALID_SIGNATURE" | "INVALID_TIMESTAMP" => refused(Layer::Signature, text),
        // Which code an unknown key has is not known; its words name it.
        "ACCESS_DENIED" | "ILLEGAL_REQUEST" if names_key => refused(Layer::Key, text),
        "ACCESS_DENIED" | "PERMISSION_DENIED" | "METHOD_NOT_ALLOWED" => refused(Layer::Permission, text),
        _ => RemoteError::Rejected {
            code: code.to_owned(),
            text: if message.is_empty() { text } else { message },
        },
    }
}

/// Errors of the token call and of the page are those of `OAuth2`.
pub(super) fn token_refusal(error: &str, text: String) -> RemoteError {
    let refused = |layer, text| RemoteError::Refused { layer, text };
    match error {
        "invalid_client" => refused(Layer::Key, text),
        "invalid_grant" | "unauthorized_client" | "invalid_scope" | "access_denied" => {
            refused(Layer::Permission, text)
        }
        "server_error" | "temporarily_unavailable" => RemoteError::Busy {
            text,
            effect: Effect::Unknown,
        },
        _ => RemoteError::Rejected {
            code: error.to_owned(),
            text,
        },
    }
}

pub(super) fn parsed<T: DeserializeOwned>(result: Value) -> Result<T, RemoteError> {
    let raw = beginning(result.to_string().as_bytes());
    serde_json::from_value(result).map_err(|_| RemoteError::Malformed { raw })
}

/// An id as calls take it: a whole number wherever it is one.
pub(super) fn number(id: &str) -> Value {
    id.parse::<i64>().map_or_else(|_| Value::from(id), Value::from)
}

/// Ids as calls take them.
pub(super) fn numbers<'a>(ids: impl IntoIterator<Item = &'a str>) -> Value {
    ids.into_iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::{classify, number};
    use connect::error::{Layer, RemoteError};
    use serde_json::json;

    #[test]
    fn codes_name_their_layer_and_business_refusals_keep_their_words() {
        let layer = |code, message: &str| match classify(code, message.to_owned()) {
            RemoteError::Refused { layer, .. } => Some(layer),
            _ => None,
        };
        assert_eq!(layer("INVALID_SIGNATURE", ""), Some(Layer::Signature));
        assert_eq!(layer("INVALID_TIMESTAMP", ""), Some(Layer::Signature));
        assert_eq!(layer("PERMISSION_DENIED", ""), Some(Layer::Permission));
        assert_eq!(layer("ACCESS_DENIED", "app_key不存在"), Some(Layer::Key));
        assert!(matches!(
            classify("UNAUTHORIZED", String::new()),
            RemoteError::Expired { text } if text == "UNAUTHORIZED"
        ));
        assert!(matches!(
            classify("BIZ_1", "商品不存在".to_owned()),
            RemoteError::Rejected { code, text } if code == "BIZ_1" && text == "商品不存在"
        ));
    }

    #[test]
    fn ids_are_numbers_with_every_digit() {
        assert_eq!(number("9007199254740993"), json!(9_007_199_254_740_993_i64));
        assert_eq!(number("A-1"), json!("A-1"));
    }
}
