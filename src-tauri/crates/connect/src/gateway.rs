//! The one place through which calls leave: pacing, transport, and the failures every platform shares.

use crate::error::{Effect, RemoteError};
use crate::pacing::{Pace, Pacer};
use crate::session::Session;
use crate::transport::{Transport, TransportError};
use bytes::Bytes;
use parking_lot::Mutex;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// The clock as connectors see it: UTC milliseconds.
pub type ClockFn = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Sends what connectors have built and signed.
#[derive(Clone)]
pub struct Gateway {
    transport: Arc<dyn Transport>,
    pacer: Arc<Pacer>,
    clock: ClockFn,
    offsets: Arc<Mutex<HashMap<String, i64>>>,
}

/// A request as a connector hands it over. Addresses and bodies are never logged; the name is.
pub struct Call {
    /// Name for logs and records: the method's path or command.
    pub name: String,
    /// The request.
    pub request: http::Request<Bytes>,
    /// How often this kind of call may be made.
    pub pace: Pace,
    /// The answer brings new tokens and is handed over as it came; the connector blacks out what it tells of it.
    pub brings_tokens: bool,
}

/// An answer below 400.
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// The server's clock from its `Date` header, UTC ms, when it sent one.
    pub server_time: Option<i64>,
    /// The body.
    pub body: Bytes,
}

impl Gateway {
    /// A gateway over a transport, with the clock that signs.
    pub fn new(transport: Arc<dyn Transport>, clock: ClockFn) -> Self {
        Self {
            transport,
            pacer: Arc::new(Pacer::default()),
            clock,
            offsets: Arc::default(),
        }
    }

    /// How far the server's clock was from the local one at the account's last answer, in milliseconds (server minus
    /// local), as exact as its `Date` header's whole seconds. `None` while no answer told.
    pub fn clock_offset(&self, session: &Session) -> Option<i64> {
        self.offsets.lock().get(&session.account).copied()
    }

    /// The server's time as far as known: the local clock plus the session's measured offset, UTC ms.
    pub fn now(&self, session: &Session) -> i64 {
        (self.clock)() + session.clock_offset_ms
    }

    /// The pacer, for showing waits.
    pub fn pacer(&self) -> &Pacer {
        &self.pacer
    }

    /// Tells the pacer that a platform refused a call as too frequent, in its own words; `wait` when it said how long.
    pub fn throttled(&self, session: &Session, wait: Option<Duration>) {
        self.pacer.throttled(
            &session.account,
            &session.store,
            wait.unwrap_or(Duration::from_secs(2)),
        );
    }

    /// Sends one call in its turn. HTTP failures that mean the same everywhere become [`RemoteError`]; a status from
    /// 400 to 499 is handed to the connector with its body, because platforms put their own texts there.
    pub async fn send(&self, session: &Session, call: Call) -> Result<Reply, RemoteError> {
        self.pacer.turn(&session.account, &session.store, call.pace).await;
        let answer = self
            .transport
            .send(call.request)
            .await
            .map_err(|error| match error {
                TransportError::NotSent(detail) => RemoteError::Unreachable { detail },
                TransportError::NoAnswer(detail) => RemoteError::NoAnswer { detail },
                TransportError::NotAllowed(host) => RemoteError::Unsupported {
                    what: format!("address {host}: only https, or http on loopback"),
                },
            })?;
        let status = answer.status();
        let server_time = header(&answer, http::header::DATE).and_then(date);
        if let Some(server_time) = server_time {
            self.offsets
                .lock()
                .insert(session.account.clone(), server_time - (self.clock)());
        }
        tracing::debug!(
            call = call.name,
            store = session.store,
            status = status.as_u16(),
            "answered"
        );
        if status == http::StatusCode::TOO_MANY_REQUESTS {
            let wait = header(&answer, http::header::RETRY_AFTER)
                .and_then(|s| s.parse().ok())
                .map(Duration::from_secs);
            self.throttled(session, wait);
            return Err(RemoteError::Throttled {
                wait,
                text: "HTTP 429".to_owned(),
            });
        }
        if status.is_server_error() {
            return Err(RemoteError::Busy {
                text: format!("HTTP {}", status.as_u16()),
                effect: Effect::Unknown,
            });
        }
        self.pacer.went_through(&session.account, &session.store);
        let body = answer.into_body();
        Ok(Reply {
            status: status.as_u16(),
            server_time,
            body: if call.brings_tokens {
                body
            } else {
                blacked(session, body)
            },
        })
    }
}

/// The body without our own secrets. Pages in another encoding repeat them in ASCII all the same.
fn blacked(session: &Session, body: Bytes) -> Bytes {
    let clean = match session.credentials.blacked(&String::from_utf8_lossy(&body)) {
        Cow::Owned(clean) => Some(Bytes::from(clean)),
        Cow::Borrowed(_) => None,
    };
    clean.unwrap_or(body)
}

/// Reads JSON, or says that the answer is not in the platform's language, with its beginning.
pub fn json<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, RemoteError> {
    serde_json::from_slice(body).map_err(|_| RemoteError::Malformed { raw: beginning(body) })
}

/// The first 200 characters of an answer, control characters escaped.
pub fn beginning(body: &[u8]) -> String {
    String::from_utf8_lossy(&body[..body.len().min(800)])
        .chars()
        .take(200)
        .flat_map(escape)
        .collect()
}

fn escape(character: char) -> Vec<char> {
    if character.is_control() {
        character.escape_default().collect()
    } else {
        vec![character]
    }
}

fn header(answer: &http::Response<Bytes>, name: http::header::HeaderName) -> Option<&str> {
    answer.headers().get(name)?.to_str().ok()
}

fn date(text: &str) -> Option<i64> {
    jiff::fmt::rfc2822::parse(text)
        .ok()
        .map(|zoned| zoned.timestamp().as_millisecond())
}
