//! Calls of the JSON-RPC of one database, and what its refusals mean (fact sheet 4.2).

use super::auth::{DATABASE, Login, Logins, PASSWORD, SERVER, USER};
use base64::Engine as _;
use bytes::Bytes;
use connect::error::{Effect, Layer, RemoteError};
use connect::gateway::{Call, Gateway, Reply, beginning, json};
use connect::pacing::Pace;
use connect::session::Session;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::Url;

/// Calls a second: the server is the merchant's own and names no limit. It works through them one by one.
const PACE: (f64, f64) = (50.0, 0.0);
/// Warnings of one call that are answered with yes. More than these are not a warning but a wall.
const WARNINGS: usize = 3;

/// One session's calls.
pub(super) struct Client<'a> {
    pub(super) gateway: &'a Gateway,
    pub(super) session: &'a Session,
    pub(super) logins: &'a Logins,
}

/// An answer: `result`, or `error` as a list that begins with its kind.
#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    result: Value,
    #[serde(default)]
    error: Option<Vec<Value>>,
}

/// A business call went another way than asked.
enum Refusal {
    /// Waits for a yes: its name, and what it says.
    Warning { name: String, text: String },
    /// A refusal like every other.
    Error(RemoteError),
}

impl From<RemoteError> for Refusal {
    fn from(error: RemoteError) -> Self {
        Self::Error(error)
    }
}

impl Client<'_> {
    /// A call that only reads.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        method: &str,
        args: Vec<Value>,
        context: Value,
    ) -> Result<T, RemoteError> {
        let result = self.change(method, args, context).await;
        parsed(result.map_err(RemoteError::of_read)?)
    }

    /// A call that may change something; its `result`. A warning is answered with yes: what is booked has happened at the
    /// counter, and nobody sits in front of the server to be asked.
    pub(super) async fn change(
        &self,
        method: &str,
        mut args: Vec<Value>,
        context: Value,
    ) -> Result<Value, RemoteError> {
        args.push(context);
        let mut told = String::new();
        for _ in 0..=WARNINGS {
            match self.once(method, &args).await {
                Ok(result) => return Ok(result),
                Err(Refusal::Error(error)) => return Err(error),
                Err(Refusal::Warning { name, text }) => {
                    tracing::info!(call = method, warning = name, "answered with yes");
                    told = text;
                    let skip = [json!(name), json!(false), json!({})];
                    self.once("model.res.user.warning.skip", &skip)
                        .await
                        .map_err(Refusal::into_error)?;
                }
            }
        }
        Err(rejected("UserWarning", told))
    }

    /// The session's login: the one that is kept, else a new one.
    pub(super) async fn login(&self) -> Result<Login, RemoteError> {
        if let Some(login) = self.logins.of(&self.session.account) {
            return Ok(login);
        }
        let credentials = &self.session.credentials;
        let (user, password) = (credentials.need(USER)?, credentials.need(PASSWORD)?);
        let reply = self
            .send(
                "common.db.login",
                &[json!(user), json!({"password": password})],
                None,
            )
            .await?;
        if matches!(reply.status, 401 | 403) {
            return Err(RemoteError::Refused {
                layer: Layer::Signature,
                text: "用户名或密码不对，或者数据库名不对".to_owned(),
            });
        }
        // A login must not end in a log, not even its beginning.
        let malformed = || RemoteError::Malformed {
            raw: "answer of common.db.login".to_owned(),
        };
        let (id, token) = json::<Envelope>(&reply.body)
            .ok()
            .and_then(|answer| {
                Some((
                    answer.result.get(0)?.as_i64()?,
                    answer.result.get(1)?.as_str()?.to_owned(),
                ))
            })
            .ok_or_else(malformed)?;
        let login = Login {
            authorization: base64::engine::general_purpose::STANDARD
                .encode(format!("{user}:{id}:{token}"))
                .into(),
        };
        self.logins.keep(&self.session.account, login.clone());
        Ok(login)
    }

    async fn once(&self, method: &str, args: &[Value]) -> Result<Value, Refusal> {
        // A session that the server has forgotten has done nothing: one more login, once.
        for attempt in 0..2 {
            let login = self.login().await?;
            let reply = self.send(method, args, Some(&login)).await?;
            if reply.status == 401 && attempt == 0 {
                self.logins.forget(&self.session.account);
                continue;
            }
            return result(&reply);
        }
        Err(Refusal::Error(RemoteError::Expired {
            text: "HTTP 401".to_owned(),
        }))
    }

    async fn send(&self, method: &str, args: &[Value], login: Option<&Login>) -> Result<Reply, RemoteError> {
        // Exactly these three keys: with any other the answer comes without its envelope.
        let body = json!({"id": 1, "method": method, "params": args}).to_string();
        let mut request = http::Request::post(self.address()?.as_str())
            .header(http::header::CONTENT_TYPE, "application/json");
        if let Some(login) = login {
            request = request.header(http::header::AUTHORIZATION, login.header());
        }
        let request = request
            .body(Bytes::from(body))
            .map_err(|error| RemoteError::Unsupported {
                what: format!("address: {error}"),
            })?;
        let call = Call {
            name: method.to_owned(),
            request,
            pace: Pace::of(self.session, PACE),
            brings_tokens: login.is_none(),
        };
        self.gateway.send(self.session, call).await
    }

    /// `/NAME/rpc/` since 8.2; older servers answer at `/NAME/` and are not spoken to.
    fn address(&self) -> Result<Url, RemoteError> {
        let credentials = &self.session.credentials;
        let wrong = || RemoteError::MissingCredential {
            field: SERVER.to_owned(),
        };
        let mut address = match &self.session.endpoint {
            Some(endpoint) => endpoint.clone(),
            None => Url::parse(credentials.need(SERVER)?).map_err(|_| wrong())?,
        };
        address
            .path_segments_mut()
            .map_err(|()| wrong())?
            .pop_if_empty()
            .extend([credentials.need(DATABASE)?, "rpc", ""]);
        Ok(address)
    }
}

impl Refusal {
    fn into_error(self) -> RemoteError {
        match self {
            Self::Warning { text, .. } => rejected("UserWarning", text),
            Self::Error(error) => error,
        }
    }
}

pub(super) fn rejected(code: &str, text: impl Into<String>) -> RemoteError {
    RemoteError::Rejected {
        code: code.to_owned(),
        text: text.into(),
    }
}

fn result(reply: &Reply) -> Result<Value, Refusal> {
    match reply.status {
        401 => {
            return Err(Refusal::Error(RemoteError::Expired {
                text: "HTTP 401".to_owned(),
            }));
        }
        403 => {
            return Err(Refusal::Error(RemoteError::Refused {
                layer: Layer::Permission,
                text: "HTTP 403".to_owned(),
            }));
        }
        status if status >= 400 => {
            return Err(Refusal::Error(rejected(
                &status.to_string(),
                format!("HTTP {status}"),
            )));
        }
        _ => {}
    }
    let envelope: Envelope = json(&reply.body)?;
    let Some(error) = envelope.error else {
        return Ok(envelope.result);
    };
    Err(refusal(&error))
}

/// `["UserError", [message, detail, domain]]`, `["UserWarning", [name, message, detail]]`, `["ConcurrencyException", …]`;
/// a crash is `[text, traceback]`.
fn refusal(error: &[Value]) -> Refusal {
    let part = |list: &Value, at: usize| {
        list.get(at)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let kind = error.first().and_then(Value::as_str).unwrap_or_default();
    let rest = error.get(1).unwrap_or(&Value::Null);
    match kind {
        "UserWarning" => Refusal::Warning {
            name: part(rest, 0),
            text: part(rest, 1),
        },
        "UserError" => {
            let text = format!("{} {}", part(rest, 0), part(rest, 1));
            Refusal::Error(rejected(kind, text.trim()))
        }
        // Another one wrote the same record first; nothing was done.
        "ConcurrencyException" => Refusal::Error(RemoteError::Busy {
            text: kind.to_owned(),
            effect: Effect::None,
        }),
        // The transaction is rolled back; a locked database is free again soon.
        crash if crash.contains("locked") => Refusal::Error(RemoteError::Busy {
            text: crash.to_owned(),
            effect: Effect::None,
        }),
        crash => Refusal::Error(rejected("crash", crash)),
    }
}

fn parsed<T: DeserializeOwned>(result: Value) -> Result<T, RemoteError> {
    let raw = beginning(result.to_string().as_bytes());
    serde_json::from_value(result).map_err(|_| RemoteError::Malformed { raw })
}
