//! Building, signing and sending calls (fact sheet 1.1 to 1.3).

use super::auth::{self, APP_KEY, APP_SECRET, Tokens};
use super::refusals::verdict;
use super::sign;
use super::wire::{Envelope, Token};
use bytes::Bytes;
use connect::error::{Layer, RemoteError};
use connect::gateway::{Call, Gateway, beginning, json};
use connect::pacing::Pace;
use connect::session::Session;
use connect::wire::{FORM, form};
use serde::de::DeserializeOwned;
use serde_json::Value;

const BASE: &str = "https://openapi.jushuitan.com";
/// Calls a second: 5 a second and 100 a minute are allowed (fact sheet 1.3), and the minute is the narrower.
const PACE: f64 = 100.0 / 60.0;

/// One session's calls.
pub(super) struct Client<'a> {
    pub(super) gateway: &'a Gateway,
    pub(super) session: &'a Session,
    pub(super) tokens: &'a Tokens,
}

impl Client<'_> {
    /// A call that only reads; its `data`.
    pub(super) async fn ask<T: DeserializeOwned>(&self, path: &str, biz: &Value) -> Result<T, RemoteError> {
        let data = self.call(path, biz).await.map_err(RemoteError::of_read)?;
        read(data)
    }

    /// A call that changes something; its `data`. Rows may have failed all the same.
    pub(super) async fn change<T: DeserializeOwned>(
        &self,
        path: &str,
        biz: &Value,
    ) -> Result<T, RemoteError> {
        read(self.call(path, biz).await?)
    }

    /// The first token of a merchant's own application.
    pub(super) async fn init_token(&self, code: &str) -> Result<Token, RemoteError> {
        let params = [("code", code), ("grant_type", "authorization_code")];
        self.token("openWeb/auth/getInitToken", &params).await
    }

    /// The first token of a service provider's application, for the code of the page of consent.
    pub(super) async fn access_token(&self, code: &str) -> Result<Token, RemoteError> {
        let params = [("code", code), ("grant_type", "authorization_code")];
        let answer = self.token("openWeb/auth/accessToken", &params).await;
        answer.map_err(|error| self.without(error, code))
    }

    /// A new pair for an old one.
    pub(super) async fn refresh_token(&self, refresh: &str) -> Result<Token, RemoteError> {
        let params = [
            ("refresh_token", refresh),
            ("grant_type", "refresh_token"),
            ("scope", "all"),
        ];
        let answer = self.token("openWeb/auth/refreshToken", &params).await;
        answer.map_err(|error| self.without(error, refresh))
    }

    /// A token that was refused had no effect: the call is made once more with a new one.
    async fn call(&self, path: &str, biz: &Value) -> Result<Value, RemoteError> {
        let biz = biz.to_string();
        let token = auth::token(self).await?;
        match self.with_token(path, &biz, &token).await {
            Err(RemoteError::Expired { text }) => {
                let fresh = match auth::renew(self).await {
                    Ok(fresh) => fresh.access_token.0,
                    // Whoever may not refresh authorizes again; anything else is no news about the account.
                    Err(
                        RemoteError::Expired { .. }
                        | RemoteError::Rejected { .. }
                        | RemoteError::Refused {
                            layer: Layer::Permission,
                            ..
                        },
                    ) => return Err(RemoteError::Expired { text }),
                    Err(error) => return Err(error),
                };
                self.with_token(path, &biz, &fresh).await
            }
            other => other,
        }
    }

    async fn with_token(&self, path: &str, biz: &str, token: &str) -> Result<Value, RemoteError> {
        let params = [("access_token", token), ("version", "2"), ("biz", biz)];
        let answer = self.exchange(path, &params, false).await;
        answer.map_err(|error| self.without(error, token))
    }

    async fn token(&self, path: &str, params: &[(&str, &str)]) -> Result<Token, RemoteError> {
        let answer = self.exchange(path, params, true).await;
        // Nothing that only asks for a token changes anything.
        let data = answer.map_err(|error| error.of_read().blacked(&self.session.credentials))?;
        serde_json::from_value(data).map_err(|_| RemoteError::Malformed {
            raw: "token answer".to_owned(),
        })
    }

    /// A token made here is not among the session's credentials, so nobody else blacks it out of errors.
    fn without(&self, error: RemoteError, token: &str) -> RemoteError {
        let own = [("token".to_owned(), token.to_owned())];
        error.blacked(&self.session.credentials.with(own))
    }

    async fn exchange(
        &self,
        path: &str,
        own: &[(&str, &str)],
        brings_tokens: bool,
    ) -> Result<Value, RemoteError> {
        let credentials = &self.session.credentials;
        let timestamp = (self.gateway.now(self.session) / 1000).to_string();
        let mut params = vec![
            ("app_key", credentials.need(APP_KEY)?),
            ("charset", "utf-8"),
            ("timestamp", timestamp.as_str()),
        ];
        params.extend(own);
        let signature = sign::openweb(&params, credentials.need(APP_SECRET)?);
        params.push(("sign", signature.as_str()));
        let base = self.session.endpoint.as_ref().map_or(BASE, url::Url::as_str);
        let request = http::Request::post(format!("{}/{path}", base.trim_end_matches('/')))
            .header(http::header::CONTENT_TYPE, FORM)
            .body(Bytes::from(form(params)))
            .map_err(|error| RemoteError::Unsupported {
                what: format!("address: {error}"),
            })?;
        let call = Call {
            name: path.to_owned(),
            request,
            pace: Pace::of(self.session, (PACE, 0.0)),
            brings_tokens,
        };
        let reply = self.gateway.send(self.session, call).await?;
        let shown = |raw: &[u8]| RemoteError::Malformed {
            raw: if brings_tokens {
                "token answer".to_owned()
            } else {
                beginning(raw)
            },
        };
        let envelope: Envelope = json(&reply.body).map_err(|_| shown(&reply.body))?;
        let result = match envelope.code.0 {
            Some(0) => Ok(envelope.data),
            Some(code) => Err(verdict(code, envelope.msg.0)),
            None => Err(shown(&reply.body)),
        };
        if let Err(RemoteError::Throttled { wait, .. }) = &result {
            self.gateway.throttled(self.session, *wait);
        }
        result
    }
}

fn read<T: DeserializeOwned>(data: Value) -> Result<T, RemoteError> {
    let raw = beginning(data.to_string().as_bytes());
    // A list without rows comes as null.
    let data = if data.is_null() {
        Value::Object(serde_json::Map::new())
    } else {
        data
    };
    serde_json::from_value(data).map_err(|_| RemoteError::Malformed { raw })
}
