//! Building, signing and sending calls of family A, and what its refusals mean (fact sheet 3.1, 4 and 5).

use super::auth::{self, ACCESS_TOKEN, APP_ID, APP_SECRET};
use super::sign;
use super::wire::Envelope;
use bytes::Bytes;
use connect::error::{Effect, Layer, RemoteError};
use connect::gateway::{Call, Gateway, Reply, beginning, json};
use connect::pacing::Pace;
use connect::session::Session;
use connect::wire::{FORM, form};
use parking_lot::Mutex;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::HashMap;

const BASE: &str = "https://waimaiopen.meituan.com/api/v1";
/// Calls a second per app and per store while nothing else is known: Meituan publishes no figure (fact sheet 14), only
/// that code 711 means too many.
pub(crate) const PACE: (f64, f64) = (20.0, 10.0);

pub(crate) type Params = Vec<(&'static str, String)>;

/// Tokens of a service provider's application that were made for the asking, by account and shop.
pub(crate) type OwnTokens = Mutex<HashMap<(String, String), String>>;

type Request = Result<http::Request<Bytes>, http::Error>;

/// A file part of a multipart call. Its bytes are not signed.
pub(crate) struct Upload<'a> {
    pub(crate) field: &'static str,
    pub(crate) name: &'a str,
    pub(crate) bytes: &'a [u8],
}

/// One session's calls.
pub(crate) struct Client<'a> {
    pub(crate) gateway: &'a Gateway,
    pub(crate) session: &'a Session,
    pub(crate) tokens: &'a OwnTokens,
}

impl Client<'_> {
    /// The store's own code, as every store call names it.
    pub(crate) fn shop(&self) -> (&'static str, String) {
        ("app_poi_code", self.session.remote_id.clone())
    }

    /// A call that only reads.
    pub(crate) async fn get(&self, path: &str, params: Params) -> Result<Envelope, RemoteError> {
        let build = |query: &Params, url: &str| {
            let all = form(pairs(query).chain(pairs(&params)));
            http::Request::get(format!("{url}?{all}")).body(Bytes::new())
        };
        self.call(path, &params, build)
            .await
            .map_err(RemoteError::of_read)
    }

    /// A call that changes something: system parameters in the query, the others in the form body.
    pub(crate) async fn post(&self, path: &str, params: Params) -> Result<Envelope, RemoteError> {
        self.call(path, &params, |query, url| posted(query, url, &params))
            .await
    }

    /// A multipart call.
    pub(crate) async fn upload(
        &self,
        path: &str,
        params: Params,
        file: Upload<'_>,
    ) -> Result<Envelope, RemoteError> {
        let boundary = format!("guitai-{}", uuid::Uuid::new_v4().simple());
        let build = |query: &Params, url: &str| {
            http::Request::post(format!("{url}?{}", form(pairs(query))))
                .header(
                    http::header::CONTENT_TYPE,
                    format!("multipart/form-data; boundary={boundary}"),
                )
                .body(multipart(&boundary, &params, &file))
        };
        self.call(path, &params, build).await
    }

    /// A call with the shop's token where there is one. A service provider's application has a token for each shop and
    /// may ask for it without the merchant (fact sheet 2.1): when the platform says that one is missing, or the account's
    /// setting `isv` is `1`, and again when its life is over. Neither refusal has an effect, so the call is made again.
    async fn call(
        &self,
        path: &str,
        params: &Params,
        build: impl Fn(&Params, &str) -> Request + Send + Sync,
    ) -> Result<Envelope, RemoteError> {
        if let Some(token) = self.session.credentials.get(ACCESS_TOKEN) {
            return self.with_token(path, params, Some(token), &build).await;
        }
        let key = (self.session.account.clone(), self.session.remote_id.clone());
        let held = self.tokens.lock().get(&key).cloned();
        if held.is_some() || self.session.setting("isv", "") != "1" {
            let told = self.with_token(path, params, held.as_deref(), &build).await;
            let dead = match &told {
                Err(RemoteError::MissingCredential { .. }) => held.is_none(),
                Err(RemoteError::Expired { .. }) => held.is_some(),
                Err(RemoteError::Refused {
                    layer: Layer::Permission,
                    ..
                }) => {
                    // Perhaps another system took the shop over; whoever gets it back needs another token.
                    self.tokens.lock().remove(&key);
                    false
                }
                _ => false,
            };
            if !dead || self.session.remote_id.is_empty() {
                return told;
            }
        }
        let token = auth::authorize(self).await?;
        self.tokens.lock().insert(key, token.clone());
        self.with_token(path, params, Some(&token), &build).await
    }

    async fn with_token(
        &self,
        path: &str,
        params: &Params,
        token: Option<&str>,
        build: &(impl Fn(&Params, &str) -> Request + Send + Sync),
    ) -> Result<Envelope, RemoteError> {
        let (query, url) = self.signed(path, params, token)?;
        let answer = self.exchange(path, build(&query, &url)).await;
        // A token that is not among the session's credentials is blacked out by nobody else.
        answer.map_err(|error| match token {
            Some(token) => {
                let own = [(ACCESS_TOKEN.to_owned(), token.to_owned())];
                error.blacked(&self.session.credentials.with(own))
            }
            None => error,
        })
    }

    /// A token call: signed without `access_token`, its answer at top level.
    pub(crate) async fn oauth<T: DeserializeOwned>(
        &self,
        method: http::Method,
        path: &str,
        params: Params,
    ) -> Result<T, RemoteError> {
        let (mut query, url) = self.signed(path, &params, None)?;
        let credentials = &self.session.credentials;
        let request = if method == http::Method::GET {
            query.extend(params);
            http::Request::get(format!("{url}?{}", form(pairs(&query)))).body(Bytes::new())
        } else {
            posted(&query, &url, &params)
        };
        let reply = self.send(path, request).await?;
        let blacked = |error: RemoteError| error.blacked(credentials);
        let value: Value = json(&reply.body).map_err(blacked)?;
        let envelope: Envelope = serde_json::from_value(value.clone()).unwrap_or_default();
        self.settle(&envelope).map_err(blacked)?;
        // A token answer must not end in a log, not even its beginning.
        serde_json::from_value(value).map_err(|_| RemoteError::Malformed {
            raw: format!("answer of {path}"),
        })
    }

    fn signed(
        &self,
        path: &str,
        params: &Params,
        token: Option<&str>,
    ) -> Result<(Params, String), RemoteError> {
        let credentials = &self.session.credentials;
        let base = self.session.endpoint.as_ref().map_or(BASE, url::Url::as_str);
        let url = format!("{}/{path}", base.trim_end_matches('/'));
        let mut query: Params = vec![
            (APP_ID, credentials.need(APP_ID)?.to_owned()),
            ("timestamp", (self.gateway.now(self.session) / 1000).to_string()),
        ];
        query.extend(token.map(|token| (ACCESS_TOKEN, token.to_owned())));
        let all: Vec<(&str, &str)> = pairs(&query).chain(pairs(params)).collect();
        let sig = sign::md5_v1(&url, &all, credentials.need(APP_SECRET)?);
        query.push(("sig", sig));
        Ok((query, url))
    }

    async fn send(&self, path: &str, request: Request) -> Result<Reply, RemoteError> {
        let request = request.map_err(|error| RemoteError::Unsupported {
            what: format!("address: {error}"),
        })?;
        let call = Call {
            name: path.to_owned(),
            request,
            pace: Pace::of(self.session, PACE),
            brings_tokens: path.starts_with("oauth/"),
        };
        self.gateway.send(self.session, call).await
    }

    async fn exchange(&self, path: &str, request: Request) -> Result<Envelope, RemoteError> {
        let reply = self.send(path, request).await?;
        let envelope: Envelope = json(&reply.body).map_err(|malformed| match reply.status {
            401 | 403 => RemoteError::Refused {
                layer: Layer::Permission,
                text: beginning(&reply.body),
            },
            _ => malformed,
        })?;
        self.settle(&envelope)?;
        if reply.status >= 400 {
            return Err(RemoteError::Malformed {
                raw: beginning(&reply.body),
            });
        }
        Ok(envelope)
    }

    /// Turns a refusal of the whole call into its error; refusals of single items stay in the envelope.
    fn settle(&self, envelope: &Envelope) -> Result<(), RemoteError> {
        let Some((code, text)) = envelope.refusal() else {
            return Ok(());
        };
        let error = classify(&code, text);
        if let RemoteError::Throttled { wait, .. } = &error {
            self.gateway.throttled(self.session, *wait);
        }
        Err(error)
    }
}

impl Envelope {
    /// Code and text when the whole call was refused.
    fn refusal(&self) -> Option<(String, String)> {
        let said_no = self.data.as_str() == Some("ng") || self.result_code.0 == Some(4);
        let fault = self.error.0.as_ref();
        if let Some(fault) = fault
            && (said_no || self.data.is_null())
            && !(fault.code.is_empty() && fault.text().is_empty())
        {
            return Some((fault.code.0.clone(), fault.text().to_owned()));
        }
        let per_item = !self.error_list.0.is_empty();
        (said_no && !per_item).then(|| (String::new(), self.msg.0.clone()))
    }

    /// `data` that is a text. An id of digits and one `e` would read as a number: text stays text.
    pub(crate) fn text(&self) -> Result<String, RemoteError> {
        match self.data.as_str() {
            Some(text) => Ok(text.to_owned()),
            None => Ok(self.data::<connect::wire::Text>()?.0),
        }
    }

    /// `data` of a query; missing, null and the text "null" are no answer.
    pub(crate) fn data<T: DeserializeOwned>(&self) -> Result<T, RemoteError> {
        let malformed = || RemoteError::Malformed {
            raw: beginning(self.data.to_string().as_bytes()),
        };
        let value = match &self.data {
            Value::String(text) => serde_json::from_str(text).unwrap_or_else(|_| self.data.clone()),
            value => value.clone(),
        };
        if value.is_null() {
            return Err(malformed());
        }
        serde_json::from_value(value).map_err(|_| malformed())
    }
}

/// What a refusal means. Texts come first: the codes of 非法令牌 and 授权已经过期 are not known (fact sheet 17.2).
pub(crate) fn classify(code: &str, text: String) -> RemoteError {
    let refused = |layer, text| RemoteError::Refused { layer, text };
    if text.contains("授权已经过期") {
        return RemoteError::Expired { text };
    }
    if text.contains("非法令牌") {
        return refused(Layer::Permission, text);
    }
    // Only a service provider's application is asked for a token.
    if code == "701" && text.contains(ACCESS_TOKEN) {
        return RemoteError::MissingCredential {
            field: ACCESS_TOKEN.to_owned(),
        };
    }
    // A wrong clock has no code of its own that is known; it is a fault of what was signed.
    if text.contains("timestamp") && matches!(code, "701" | "703" | "705") {
        return refused(Layer::Signature, text);
    }
    match code {
        "700" => RemoteError::Busy {
            text,
            effect: Effect::Unknown,
        },
        "702" => refused(Layer::Key, text),
        "703" => refused(Layer::Signature, text),
        "704" | "708" => refused(Layer::Permission, text),
        "711" => RemoteError::Throttled { wait: None, text },
        "803" => refused(Layer::Store, text),
        "4001" => RemoteError::Expired { text },
        _ => RemoteError::Rejected {
            code: code.to_owned(),
            text,
        },
    }
}

fn pairs(params: &Params) -> impl Iterator<Item = (&str, &str)> {
    params.iter().map(|(name, value)| (*name, value.as_str()))
}

/// System parameters in the query, the others in the form body.
fn posted(query: &Params, url: &str, params: &Params) -> Request {
    http::Request::post(format!("{url}?{}", form(pairs(query))))
        .header(http::header::CONTENT_TYPE, FORM)
        .body(Bytes::from(form(pairs(params))))
}

fn multipart(boundary: &str, params: &Params, file: &Upload<'_>) -> Bytes {
    let mut body = Vec::with_capacity(file.bytes.len() + 1024);
    for (name, value) in params {
        body.extend_from_slice(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .as_bytes(),
        );
    }
    body.extend_from_slice(
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: image/jpeg\r\n\r\n",
            file.field, file.name
        )
        .as_bytes(),
    );
    body.extend_from_slice(file.bytes);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    Bytes::from(body)
}
