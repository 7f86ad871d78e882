//! Building, signing and sending calls, and what their refusals mean (fact sheet 1, 2 and 4).

use super::auth::{self, ACCESS_TOKEN, APP_KEY, APP_SECRET, OwnTokens, SHOP_ID};
use super::sign;
use super::wire::{Envelope, Token};
use bytes::Bytes;
use connect::error::{Effect, Layer, RemoteError};
use connect::gateway::{Call, Gateway, beginning, json};
use connect::pacing::Pace;
use connect::session::Session;
use connect::wire::form;
use serde::de::DeserializeOwned;
use serde_json::Value;

const BASE: &str = "https://openapi-fxg.jinritemai.com";
const VERSION: &str = "2";
/// Calls a second per app and per store while nothing else is known: no figure is published (fact sheet 9), only that
/// code 60000 means too many.
pub(super) const PACE: (f64, f64) = (10.0, 5.0);
/// The same for asking again whether something is done by now.
const WAITING: (f64, f64) = (10.0, 1.0);

/// One session's calls.
pub(super) struct Client<'a> {
    pub(super) gateway: &'a Gateway,
    pub(super) session: &'a Session,
    pub(super) tokens: &'a OwnTokens,
}

impl Client<'_> {
    /// The store, as calls name it.
    pub(super) fn store(&self) -> Value {
        id(&self.session.remote_id)
    }

    /// A call that only reads; its `data`.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        method: &str,
        params: Value,
    ) -> Result<T, RemoteError> {
        let data = self
            .call(method, &params, PACE)
            .await
            .map_err(RemoteError::of_read)?;
        parsed(data)
    }

    /// A call that only reads and is asked again until something is done: no more than one a second.
    pub(super) async fn poll<T: DeserializeOwned>(
        &self,
        method: &str,
        params: Value,
    ) -> Result<T, RemoteError> {
        let data = self
            .call(method, &params, WAITING)
            .await
            .map_err(RemoteError::of_read)?;
        parsed(data)
    }

    /// A call that changes something; its `data`.
    pub(super) async fn change(&self, method: &str, params: Value) -> Result<Value, RemoteError> {
        self.call(method, &params, PACE).await
    }

    /// A token call: no `access_token`, and its answer is handed over as it came.
    pub(super) async fn token(&self, method: &str, params: &Value) -> Result<Token, RemoteError> {
        let answer = self.exchange(method, params, None, PACE).await;
        let data = answer.map_err(|error| error.blacked(&self.session.credentials))?;
        serde_json::from_value(data).map_err(|_| RemoteError::Malformed {
            raw: format!("answer of {method}"),
        })
    }

    async fn call(&self, method: &str, params: &Value, pace: (f64, f64)) -> Result<Value, RemoteError> {
        let credentials = &self.session.credentials;
        if let Some(token) = credentials.get(ACCESS_TOKEN) {
            return self.exchange(method, params, Some(token), pace).await;
        }
        let Some(shop_id) = credentials.get(SHOP_ID) else {
            return Err(RemoteError::MissingCredential {
                field: ACCESS_TOKEN.to_owned(),
            });
        };
        let held = self.tokens.lock().get(&self.session.account).cloned();
        if let Some(token) = held {
            match self.with_own(method, params, &token, pace).await {
                // Its seven days are over: the call had no effect, and a new token is for the asking.
                Err(RemoteError::Expired { .. }) => {}
                other => return other,
            }
        }
        let token = auth::create(self, shop_id).await?.access_token.0;
        self.tokens
            .lock()
            .insert(self.session.account.clone(), token.clone());
        self.with_own(method, params, &token, pace).await
    }

    /// A call with a token that is not among the session's credentials, so that nobody else blacks it out of errors.
    async fn with_own(
        &self,
        method: &str,
        params: &Value,
        token: &str,
        pace: (f64, f64),
    ) -> Result<Value, RemoteError> {
        let answer = self.exchange(method, params, Some(token), pace).await;
        answer.map_err(|error| {
            let own = [(ACCESS_TOKEN.to_owned(), token.to_owned())];
            error.blacked(&self.session.credentials.with(own))
        })
    }

    async fn exchange(
        &self,
        method: &str,
        params: &Value,
        token: Option<&str>,
        pace: (f64, f64),
    ) -> Result<Value, RemoteError> {
        let credentials = &self.session.credentials;
        // Serialised once: this very text is signed and sent.
        let body = sign::canonical(params);
        let timestamp = (self.gateway.now(self.session) / 1000).to_string();
        let app_key = credentials.need(APP_KEY)?;
        let sign = sign::hmac_lower(app_key, method, &body, &timestamp, credentials.need(APP_SECRET)?);
        let mut query = vec![("app_key", app_key), ("method", method)];
        query.extend(token.map(|token| (ACCESS_TOKEN, token)));
        query.extend([
            ("timestamp", timestamp.as_str()),
            ("v", VERSION),
            ("sign", &sign),
            ("sign_method", "hmac-sha256"),
        ]);
        let base = self.session.endpoint.as_ref().map_or(BASE, url::Url::as_str);
        let path = method.replace('.', "/");
        let request = http::Request::post(format!("{}/{path}?{}", base.trim_end_matches('/'), form(query)))
            .header(http::header::CONTENT_TYPE, "application/json")
            // Answers in the present codes, not in those of 2021.
            .header("x-open-no-old-err-code", "1")
            .body(Bytes::from(body))
            .map_err(|error| RemoteError::Unsupported {
                what: format!("address: {error}"),
            })?;
        let reply = self
            .gateway
            .send(
                self.session,
                Call {
                    name: method.to_owned(),
                    request,
                    pace: Pace::of(self.session, pace),
                    brings_tokens: method.starts_with("token."),
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

/// An id as a JSON number where it is one: the platform's own clients send 64-bit numbers.
pub(super) fn id(text: &str) -> Value {
    text.parse::<i64>()
        .map_or_else(|_| Value::from(text), Value::from)
}

fn settled(envelope: Envelope, raw: &[u8]) -> Result<Value, RemoteError> {
    match (envelope.code.0, envelope.err_no.0) {
        (Some(10_000), _) | (None, Some(0)) => Ok(envelope.data),
        (Some(code), _) => {
            let text = envelope
                .sub_msg
                .filled()
                .unwrap_or(envelope.msg.as_str())
                .to_owned();
            Err(classify(code, envelope.sub_code.as_str(), text))
        }
        (None, Some(old)) => Err(classify(old, "", envelope.message.0)),
        (None, None) => Err(RemoteError::Malformed { raw: beginning(raw) }),
    }
}

/// What a refusal means (fact sheet 4). The code names the kind, `sub_code` the reason.
pub(super) fn classify(code: i64, sub_code: &str, text: String) -> RemoteError {
    let refused = |layer, text| RemoteError::Refused { layer, text };
    let says = |part: &str| sub_code.contains(part);
    match code {
        60_000 => RemoteError::Throttled { wait: None, text },
        20_000 | 20_001 => RemoteError::Busy {
            text,
            effect: Effect::Unknown,
        },
        40_001 | 40_003 if says("app-id") || text.contains("app_key") => refused(Layer::Key, text),
        40_001 | 40_003 if says("signature") || text.contains("timestamp") => refused(Layer::Signature, text),
        40_003 if says("access-token-expired") => RemoteError::Expired { text },
        40_001 | 40_003 if says("access-token") => refused(Layer::Permission, text),
        30_001 | 30_002 => refused(Layer::Permission, text),
        // superm.*: the store is not ours.
        _ if sub_code.ends_with(":50114") => refused(Layer::Store, text),
        _ => RemoteError::Rejected {
            code: if sub_code.is_empty() {
                code.to_string()
            } else {
                sub_code.to_owned()
            },
            text,
        },
    }
}

pub(super) fn parsed<T: DeserializeOwned>(data: Value) -> Result<T, RemoteError> {
    let raw = beginning(data.to_string().as_bytes());
    serde_json::from_value(data).map_err(|_| RemoteError::Malformed { raw })
}

#[cfg(test)]
mod tests {
    use super::classify;
    use connect::error::{Layer, RemoteError};

    fn layer(code: i64, sub_code: &str, text: &str) -> Option<Layer> {
        match classify(code, sub_code, text.to_owned()) {
            RemoteError::Refused { layer, .. } => Some(layer),
            _ => None,
        }
    }

    #[test]
    fn refusals_name_their_layer() {
        assert_eq!(layer(40_003, "isv.signature-invalid", ""), Some(Layer::Signature));
        assert_eq!(
            layer(40_003, "isv.parameter-invalid", "timestamp不合法"),
            Some(Layer::Signature)
        );
        assert_eq!(
            layer(40_003, "isv.parameter-invalid", "app_key不存在"),
            Some(Layer::Key)
        );
        assert_eq!(
            layer(40_003, "isv.access-token-no-existed", ""),
            Some(Layer::Permission)
        );
        assert_eq!(
            layer(30_001, "dop.authorization-closed", ""),
            Some(Layer::Permission)
        );
        assert_eq!(layer(50_002, "isv.business-failed:50114", ""), Some(Layer::Store));
    }

    #[test]
    fn other_refusals_keep_their_reason() {
        assert!(matches!(
            classify(40_003, "isv.access-token-expired", String::new()),
            RemoteError::Expired { .. }
        ));
        assert!(matches!(
            classify(60_000, "isp.traffic-limited:2010067", String::new()),
            RemoteError::Throttled { .. }
        ));
        assert_eq!(
            classify(50_002, "isv.business-failed:2010043", "商品已封禁".to_owned()),
            RemoteError::Rejected {
                code: "isv.business-failed:2010043".to_owned(),
                text: "商品已封禁".to_owned()
            }
        );
    }
}
