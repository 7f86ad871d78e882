//! Building, signing and sending calls of either edition (fact sheet 2, 2.1, 2.2).

use super::auth::{APPKEY, APPSECRET, Edition, SID, edition};
use super::refusals::verdict;
use super::sign;
use super::wire::Envelope;
use bytes::Bytes;
use connect::error::RemoteError;
use connect::gateway::{Call, Gateway, beginning, json};
use connect::pacing::Pace;
use connect::session::Session;
use connect::wire::{FORM, form};
use serde::de::DeserializeOwned;
use serde_json::Value;

const ENTERPRISE: &str = "https://api.wangdian.cn";
const FLAGSHIP: &str = "https://wdt.wangdian.cn";
/// 旗舰版 counts seconds from 2012-01-01 00:00:00 in Shanghai.
const FLAGSHIP_EPOCH_S: i64 = 1_325_347_200;
/// Calls a second: there is a limit a minute, whose figure is not in public sources. One a second is a guess.
const PACE: f64 = 1.0;

/// One session's calls.
pub(super) struct Client<'a> {
    pub(super) gateway: &'a Gateway,
    pub(super) session: &'a Session,
}

/// Rows of a page and its number, from 0.
#[derive(Clone, Copy)]
pub(super) struct Pager {
    pub(super) size: usize,
    pub(super) page: usize,
}

impl Client<'_> {
    /// A call of 企业版 that changes something; the whole answer.
    pub(super) async fn enterprise<T: DeserializeOwned>(
        &self,
        name: &str,
        own: &[(&str, &str)],
    ) -> Result<T, RemoteError> {
        let credentials = &self.session.credentials;
        let timestamp = (self.gateway.now(self.session) / 1000).to_string();
        let mut params = vec![
            ("sid", credentials.need(SID)?.to_owned()),
            ("appkey", credentials.need(APPKEY)?.to_owned()),
            ("timestamp", timestamp),
        ];
        params.extend(own.iter().map(|(name, value)| (*name, basic(value))));
        let pairs: Vec<(&str, &str)> = params
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let signature = sign::enterprise(&pairs, credentials.need(APPSECRET)?);
        params.push(("sign", signature));
        let address = format!("{}/openapi2/{name}.php", self.base(ENTERPRISE));
        let request = http::Request::post(address).header(http::header::CONTENT_TYPE, FORM);
        let body = Bytes::from(form(params));
        let answer = self.exchange(name, request, body, Edition::Enterprise).await?;
        read(answer.1)
    }

    /// The same of a call that only reads.
    pub(super) async fn enterprise_ask<T: DeserializeOwned>(
        &self,
        name: &str,
        own: &[(&str, &str)],
    ) -> Result<T, RemoteError> {
        self.enterprise(name, own).await.map_err(RemoteError::of_read)
    }

    /// A call of 旗舰版 that changes something; its `data`. The body is the list of arguments.
    pub(super) async fn flagship<T: DeserializeOwned>(
        &self,
        method: &str,
        pager: Option<Pager>,
        arguments: &Value,
    ) -> Result<T, RemoteError> {
        let credentials = &self.session.credentials;
        let both = credentials.need(APPSECRET)?;
        let (secret, salt) = both.split_once(':').unwrap_or((both, ""));
        let timestamp = (self.gateway.now(self.session) / 1000 - FLAGSHIP_EPOCH_S).to_string();
        let (size, page) = pager.map_or_else(Default::default, |pager| {
            (pager.size.to_string(), pager.page.to_string())
        });
        let mut query = vec![
            ("sid", credentials.need(SID)?),
            ("key", credentials.need(APPKEY)?),
            ("salt", salt),
            ("method", method),
            ("v", "1.0"),
            ("timestamp", timestamp.as_str()),
        ];
        if pager.is_some() {
            query.extend([
                ("page_size", size.as_str()),
                ("page_no", page.as_str()),
                ("calc_total", "1"),
            ]);
        }
        let body = arguments.to_string();
        let signature = sign::flagship(&query, &body, secret);
        query.push(("sign", signature.as_str()));
        let address = format!("{}/openapi?{}", self.base(FLAGSHIP), form(query));
        let request = http::Request::post(address)
            .header(http::header::CONTENT_TYPE, "application/json; charset=utf-8");
        let answer = self
            .exchange(method, request, Bytes::from(body), Edition::Flagship)
            .await
            .map_err(|error| self.without(error, secret, salt))?;
        read(answer.0)
    }

    /// The same of a call that only reads.
    pub(super) async fn flagship_ask<T: DeserializeOwned>(
        &self,
        method: &str,
        pager: Pager,
        arguments: &Value,
    ) -> Result<T, RemoteError> {
        let answer = self.flagship(method, Some(pager), arguments).await;
        answer.map_err(RemoteError::of_read)
    }

    /// The edition that the account's keys are of.
    pub(super) fn edition(&self) -> Result<Edition, RemoteError> {
        edition(self.session)
    }

    /// The session knows both halves of the secret as one text only. The salt goes openly in the address, but half a secret
    /// is no reason to show it.
    fn without(&self, error: RemoteError, secret: &str, salt: &str) -> RemoteError {
        let own = [("secret", secret), ("salt", salt)];
        let own = own.map(|(name, text)| (name.to_owned(), text.to_owned()));
        error.blacked(&self.session.credentials.with(own))
    }

    /// An endpoint may be the host alone or what the vendor's pages name, with the path.
    fn base<'b>(&'b self, usual: &'b str) -> &'b str {
        let base = self.session.endpoint.as_ref().map_or(usual, url::Url::as_str);
        let base = base.trim_end_matches('/');
        base.strip_suffix("/openapi2")
            .or_else(|| base.strip_suffix("/openapi"))
            .unwrap_or(base)
    }

    /// `data` of the answer, and the whole of it.
    async fn exchange(
        &self,
        name: &str,
        request: http::request::Builder,
        body: Bytes,
        edition: Edition,
    ) -> Result<(Value, Value), RemoteError> {
        let request = request.body(body).map_err(|error| RemoteError::Unsupported {
            what: format!("address: {error}"),
        })?;
        let call = Call {
            name: name.to_owned(),
            request,
            pace: Pace::of(self.session, (PACE, 0.0)),
            brings_tokens: false,
        };
        let reply = self.gateway.send(self.session, call).await?;
        let malformed = || RemoteError::Malformed {
            raw: beginning(&reply.body),
        };
        let whole: Value = json(&reply.body)?;
        let envelope = serde_json::from_value::<Envelope>(whole.clone()).map_err(|_| malformed())?;
        let result = match envelope.status.0 {
            Some(0) => Ok((envelope.data, whole)),
            Some(code) => Err(verdict(edition, code, envelope.message.0)),
            None => Err(malformed()),
        };
        if let Err(RemoteError::Throttled { wait, .. }) = &result {
            self.gateway.throttled(self.session, *wait);
        }
        result
    }
}

/// A text without the signs beyond the basic plane (emoji): 企业版 signs lengths in characters, and whether its server counts
/// such a sign once or twice nobody could try.
fn basic(text: &str) -> String {
    text.chars().filter(|sign| u32::from(*sign) <= 0xFFFF).collect()
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
