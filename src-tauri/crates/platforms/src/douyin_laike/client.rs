//! Building and sending calls, and what their refusals mean (fact sheet 1 to 3 and 10).

use super::auth::{self, ACCOUNT_ID, CLIENT_KEY, CLIENT_SECRET, Tokens};
use super::wire::{Envelope, Token};
use bytes::Bytes;
use connect::error::{Effect, Layer, RemoteError};
use connect::gateway::{Call, Gateway, beginning, json};
use connect::pacing::Pace;
use connect::session::Session;
use connect::wire::form;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

const BASE: &str = "https://open.douyin.com";
const TOKEN: &str = "oauth/client_token";

/// Calls a second of what has no figure of its own: a guess.
pub(super) const PACE: (f64, f64) = (10.0, 10.0);

/// Calls a second per app: the page of each call names its own (fact sheet 10). What is not there is our own guess.
fn pace(path: &str) -> (f64, f64) {
    let rate = match path {
        "goodlife/v1/goods/category/get" => 35.0,
        "goodlife/v1/goods/open/common/product/poi/operate" => 100.0,
        "goodlife/v1/goods/product/operate" => 20.0,
        // 500 stand in another table; the call's own page says 20.
        path if path.ends_with("order/query") => 20.0,
        // 500 in five minutes.
        TOKEN => 1.6,
        _ => return PACE,
    };
    (rate, rate)
}

/// One session's calls.
pub(super) struct Client<'a> {
    pub(super) gateway: &'a Gateway,
    pub(super) session: &'a Session,
    pub(super) tokens: &'a Tokens,
}

/// What a call carries.
enum Sent<'a> {
    Query(&'a [(&'a str, &'a str)]),
    Body(&'a Map<String, Value>),
}

impl Client<'_> {
    /// The store, as calls name it.
    pub(super) fn poi(&self) -> &str {
        &self.session.remote_id
    }

    /// The merchant.
    pub(super) fn account(&self) -> Result<&str, RemoteError> {
        self.session.credentials.need(ACCOUNT_ID)
    }

    /// A call that only reads; `data` of its answer. The merchant is named beside `params`.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        path: &str,
        params: &[(&str, &str)],
    ) -> Result<T, RemoteError> {
        let mut query = vec![(ACCOUNT_ID, self.account()?)];
        query.extend(params);
        let data = self.call(path, &Sent::Query(&query)).await;
        let data = data.map_err(RemoteError::of_read)?;
        let raw = beginning(data.to_string().as_bytes());
        serde_json::from_value(data).map_err(|_| RemoteError::Malformed { raw })
    }

    /// A call that changes something; `data` of its answer.
    pub(super) async fn change(&self, path: &str, body: Value) -> Result<Value, RemoteError> {
        let mut fields = Map::new();
        fields.insert(ACCOUNT_ID.to_owned(), json!(self.account()?));
        if let Value::Object(body) = body {
            fields.extend(body);
        }
        self.call(path, &Sent::Body(&fields)).await
    }

    /// A token for the application.
    pub(super) async fn client_token(&self) -> Result<Token, RemoteError> {
        let credentials = &self.session.credentials;
        let mut body = Map::new();
        for name in [CLIENT_KEY, CLIENT_SECRET] {
            body.insert(name.to_owned(), json!(credentials.need(name)?));
        }
        body.insert("grant_type".to_owned(), json!("client_credential"));
        let answer = self.exchange(TOKEN, &Sent::Body(&body), None).await;
        // Nothing that only asks for a token changes anything.
        let data = answer.map_err(|error| error.of_read().blacked(credentials))?;
        serde_json::from_value(data).map_err(|_| RemoteError::Malformed {
            raw: "answer of client_token".to_owned(),
        })
    }

    /// A token that was refused had no effect: the call is made once more with a new one.
    async fn call(&self, path: &str, sent: &Sent<'_>) -> Result<Value, RemoteError> {
        let token = auth::token(self, None).await?;
        match self.with_token(path, sent, &token).await {
            Err(RemoteError::Expired { .. }) => {
                let token = auth::token(self, Some(&token)).await?;
                self.with_token(path, sent, &token).await
            }
            other => other,
        }
    }

    /// The token is not among the session's credentials, so nobody else blacks it out of errors.
    async fn with_token(&self, path: &str, sent: &Sent<'_>, token: &str) -> Result<Value, RemoteError> {
        let answer = self.exchange(path, sent, Some(token)).await;
        answer.map_err(|error| {
            let own = [("access_token".to_owned(), token.to_owned())];
            error.blacked(&self.session.credentials.with(own))
        })
    }

    async fn exchange(&self, path: &str, sent: &Sent<'_>, token: Option<&str>) -> Result<Value, RemoteError> {
        let base = self.session.endpoint.as_ref().map_or(BASE, url::Url::as_str);
        let address = format!("{}/{path}/", base.trim_end_matches('/'));
        let (mut request, body) = match sent {
            Sent::Query(query) => {
                let pairs = query.iter().filter(|(_, value)| !value.is_empty()).copied();
                (
                    http::Request::get(format!("{address}?{}", form(pairs))),
                    Bytes::new(),
                )
            }
            Sent::Body(fields) => {
                let text = serde_json::to_vec(fields).unwrap_or_default();
                (http::Request::post(address), Bytes::from(text))
            }
        };
        request = request.header(http::header::CONTENT_TYPE, "application/json");
        if let Some(token) = token {
            request = request
                .header("access-token", token)
                .header("Rpc-Transit-Life-Account", self.account()?);
        }
        let request = request.body(body).map_err(|error| RemoteError::Unsupported {
            what: format!("address: {error}"),
        })?;
        let reply = self
            .gateway
            .send(
                self.session,
                Call {
                    name: path.to_owned(),
                    request,
                    pace: Pace::of(self.session, pace(path)),
                    brings_tokens: path == TOKEN,
                },
            )
            .await?;
        let result = settled(json(&reply.body)?, &reply.body);
        if let Err(RemoteError::Throttled { wait, .. }) = &result {
            self.gateway.throttled(self.session, *wait);
        }
        result
    }
}

/// The verdict stands in `data`, in `extra` and now and then in `BaseResp`; the first that is no zero counts.
fn settled(envelope: Envelope, raw: &[u8]) -> Result<Value, RemoteError> {
    let Envelope { data, extra, base } = envelope;
    let field = |name: &str| data.get(name).cloned().unwrap_or_default();
    let inner: super::wire::Verdict = serde_json::from_value(Value::Object(Map::from_iter([
        ("error_code".to_owned(), field("error_code")),
        ("description".to_owned(), field("description")),
        ("gw_error_code".to_owned(), field("gw_error_code")),
        ("gw_description".to_owned(), field("gw_description")),
    ])))
    .unwrap_or_default();
    let all = [
        (inner.error_code.0, &inner.description),
        (inner.gw_error_code.0, &inner.gw_description),
        (extra.error_code.0, &extra.description),
        (base.status_code.0, &base.status_message),
    ];
    if all.iter().all(|(code, _)| code.is_none()) {
        return Err(RemoteError::Malformed { raw: beginning(raw) });
    }
    let Some((code, said)) = all
        .into_iter()
        .find(|(code, _)| code.is_some_and(|code| code != 0))
    else {
        return Ok(data);
    };
    let text = [&extra.sub_description, said, &extra.description]
        .into_iter()
        .find_map(|text| text.filled())
        .unwrap_or_default();
    Err(classify(code.unwrap_or_default(), text.to_owned()))
}

/// What a refusal means (fact sheet 1 and 3): two generations of codes, and those of the token call.
pub(super) fn classify(code: i64, text: String) -> RemoteError {
    let refused = |layer, text| RemoteError::Refused { layer, text };
    match code {
        2_190_001 | 28_003_017 | 28_003_018 | 10_020 => RemoteError::Throttled { wait: None, text },
        2_100_001 | 2_100_004 | 28_001_005 | 28_001_006 => RemoteError::Busy {
            text,
            effect: Effect::Unknown,
        },
        // A token that is not known was pushed out by two newer ones: another is for the asking all the same.
        2_190_002 | 2_190_008 | 28_001_003 | 28_001_008 => RemoteError::Expired { text },
        10_003 | 20_010_003 => refused(Layer::Key, text),
        10_013 | 20_010_013 => refused(Layer::Signature, text),
        2_100_007 | 2_100_009 | 2_190_004 | 28_001_014 | 28_001_016 | 28_001_018 | 28_001_019 => {
            refused(Layer::Permission, text)
        }
        _ => RemoteError::Rejected {
            code: code.to_string(),
            text,
        },
    }
}

/// A refusal in the connector's own words: nothing was sent.
pub(super) fn rejected(text: impl Into<String>) -> RemoteError {
    RemoteError::Rejected {
        code: String::new(),
        text: text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{classify, settled};
    use connect::error::{Layer, RemoteError};
    use serde_json::{Value, json};

    fn answer(body: &Value) -> Result<Value, RemoteError> {
        settled(
            serde_json::from_value(body.clone()).unwrap(),
            body.to_string().as_bytes(),
        )
    }

    #[test]
    fn the_verdict_is_found_in_each_of_its_places() {
        let good = json!({"data": {"error_code": 0, "product_id": "1"}, "extra": {"error_code": 0}});
        assert_eq!(answer(&good).unwrap()["product_id"], "1");
        let text = |body: Value| match answer(&body) {
            Err(RemoteError::Rejected { code, text }) => (code, text),
            other => panic!("{other:?}"),
        };
        let said = ("2119001".to_owned(), "缺少参数".to_owned());
        for body in [
            json!({"data": {"error_code": 2_119_001, "description": "缺少参数"}}),
            json!({"data": {"gw_error_code": 2_119_001, "gw_description": "缺少参数"}}),
            json!({"data": {"error_code": 0}, "extra": {"error_code": "2119001", "description": "缺少参数"}}),
            json!({"BaseResp": {"StatusCode": 2_119_001, "StatusMessage": "缺少参数"}}),
            json!({"data": {"error_code": 2_119_001, "description": "参数错误"},
                "extra": {"error_code": 2_119_001, "sub_description": "缺少参数"}}),
        ] {
            assert_eq!(text(body), said);
        }
        assert!(matches!(
            answer(&json!({"data": {}})),
            Err(RemoteError::Malformed { .. })
        ));
    }

    #[test]
    fn both_generations_of_codes_mean_the_same() {
        for code in [2_190_001, 28_003_017, 28_003_018, 10_020] {
            assert!(matches!(
                classify(code, String::new()),
                RemoteError::Throttled { .. }
            ));
        }
        for code in [2_190_008, 28_001_008, 2_190_002, 28_001_003] {
            assert!(matches!(
                classify(code, String::new()),
                RemoteError::Expired { .. }
            ));
        }
        for (code, layer) in [
            (10_003, Layer::Key),
            (20_010_013, Layer::Signature),
            (2_190_004, Layer::Permission),
            (28_001_019, Layer::Permission),
        ] {
            let text = String::new();
            assert_eq!(classify(code, text.clone()), RemoteError::Refused { layer, text });
        }
    }
}
