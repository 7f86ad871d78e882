//! The listener: loopback alone, three kinds of path, small bodies, a page without anything to load.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::inbox::consent::ConsentState;
use crate::inbox::{PORT, PORT_KEY};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, OriginalUri, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{any, get, post};
use connect::platform::{ConsentAnswer, Inbound};
use domain::id::{AccountId, PrinterAccountId};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

/// Pushes are forms and JSON of some kilobytes.
const BODY_LIMIT: usize = 1024 * 1024;
/// The page carries no script and loads nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// An open listener; it closes when this is dropped.
pub(super) struct Serving {
    port: u16,
    task: JoinHandle<()>,
}

impl Serving {
    /// Closes it; nothing listens any more when this ends.
    async fn close(mut self) {
        self.task.abort();
        // It ends with the news that it was aborted.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Engine {
    /// The address of a path of ours; opens the listener where it is not open.
    pub(crate) async fn inbox_address(&self, path: &str) -> Result<Url> {
        let mut serving = self.0.inbox.serving.lock().await;
        let port = match serving.as_ref().filter(|open| !open.task.is_finished()) {
            Some(open) => open.port,
            None => serving.insert(self.listen().await?).port,
        };
        Url::parse(&format!("http://127.0.0.1:{port}/{path}")).map_err(|_| taken(port))
    }

    /// Closes the listener once nobody needs it.
    pub(super) async fn inbox_rest(&self) {
        if !self.consents_wait() && !self.receives_pushes().unwrap_or(false) {
            let open = self.0.inbox.serving.lock().await.take();
            if let Some(open) = open {
                open.close().await;
            }
        }
    }

    async fn listen(&self) -> Result<Serving> {
        let set = self.db().read(|c| storage::setting::get(c, PORT_KEY))?;
        let port = set.and_then(|text| text.parse().ok()).unwrap_or(PORT);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(|error| {
                tracing::warn!(%error, port, "the inbox could not be opened");
                taken(port)
            })?;
        let port = listener.local_addr().map_err(|_| taken(port))?.port();
        let router = Router::new()
            .route("/authorized", get(authorized))
            .route("/push/{account}", any(pushed))
            .route("/printed/{account}", post(printed))
            .layer(DefaultBodyLimit::max(BODY_LIMIT))
            .with_state(self.clone());
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::warn!(%error, "the inbox closed");
            }
        });
        Ok(Serving { port, task })
    }
}

fn taken(port: u16) -> EngineError {
    EngineError::refused_with("inbox_port_taken", [("port", port.to_string())])
}

async fn authorized(
    State(engine): State<Engine>,
    Query(answer): Query<BTreeMap<String, String>>,
) -> Response {
    let told = engine.consent_answer(&ConsentAnswer(answer)).await;
    let (status, text) = match told {
        ConsentState::Done => (StatusCode::OK, "授权完成。可以关掉这个页面，回到柜台。"),
        ConsentState::Failed(..) => (
            StatusCode::OK,
            "授权没有完成。原因写在柜台的窗口里，可以在那里再试一次。",
        ),
        ConsentState::None | ConsentState::Waiting => (
            StatusCode::BAD_REQUEST,
            "柜台没有在等这个授权。请回到柜台的窗口，重新点“去平台授权”。",
        ),
    };
    let page = format!(
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>柜台</title>\
         <body style=\"font:16px/1.6 system-ui;margin:20vh auto;max-width:28em;text-align:center\"><p>{text}</p>"
    );
    (status, [(header::CONTENT_SECURITY_POLICY, POLICY)], Html(page)).into_response()
}

async fn pushed(
    State(engine): State<Engine>,
    Path(account): Path<i64>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !engine.receives_pushes().unwrap_or(false) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let Ok(address) = Url::parse(&format!("http://{}{uri}", host.unwrap_or("127.0.0.1"))) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let push = Inbound {
        address,
        headers: headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), text(value)))
            .collect(),
        body,
    };
    match engine.take_push(AccountId(account), push).await {
        Ok(received) => ([(header::CONTENT_TYPE, received.content_type)], received.reply).into_response(),
        Err(error) => not_taken(&error, account),
    }
}

/// A printer cloud tells of a slip.
async fn printed(State(engine): State<Engine>, Path(account): Path<i64>, body: Bytes) -> Response {
    if !engine.receives_pushes().unwrap_or(false) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match engine.take_ticket_news(PrinterAccountId(account), &body).await {
        Ok(reply) => reply.into_response(),
        Err(error) => not_taken(&error, account),
    }
}

fn not_taken(error: &EngineError, account: i64) -> Response {
    if let EngineError::Remote(error) = error {
        tracing::info!(%error, account, "a push was refused");
        return StatusCode::FORBIDDEN.into_response();
    }
    // The other side sends it again.
    tracing::warn!(code = error.code(), account, "a push could not be taken");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
