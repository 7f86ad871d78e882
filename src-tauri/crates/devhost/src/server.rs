//! The api over loopback HTTP, for browser tests and a machine without a display.
//!
//! Loopback alone keeps no other local page out, so every request must name this host and, when a browser sends an
//! `Origin`, that must be ours.

use crate::counter::{Counter, Notice};
use anyhow::Context as _;
use api::ApiError;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::Stream;
use serde::Deserialize;
use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Component, PathBuf};
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;

const UPLOAD_LIMIT: usize = 80 * 1024 * 1024;

#[derive(Clone)]
struct Shared {
    counter: Counter,
    pages: Arc<PathBuf>,
    uploads: Arc<PathBuf>,
}

/// Serves a counter and the built pages on a loopback port (0 takes a free one); gives the address before it begins.
///
/// # Errors
/// The port cannot be taken, or the socket fails.
pub async fn serve(
    counter: Counter,
    pages: PathBuf,
    uploads: PathBuf,
    port: u16,
    told: impl FnOnce(SocketAddr),
) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .context("the port is taken")?;
    let address = listener.local_addr()?;
    std::fs::create_dir_all(&uploads)?;
    let shared = Shared {
        counter,
        pages: Arc::new(pages),
        uploads: Arc::new(uploads),
    };
    let router = Router::new()
        .route("/rpc/{command}", post(rpc))
        .route("/events", get(events))
        .route("/pictures/{hash}", get(picture))
        .route("/files", post(upload).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)))
        .fallback(get(page))
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            only_here(address, request, next)
        }))
        .with_state(shared);
    told(address);
    axum::serve(listener, router).await?;
    Ok(())
}

async fn only_here(address: SocketAddr, request: Request, next: Next) -> Response {
    if is_ours(address, request.headers()) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

fn is_ours(address: SocketAddr, headers: &HeaderMap) -> bool {
    let names = [address.to_string(), format!("localhost:{}", address.port())];
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host_ok = text(header::HOST).is_some_and(|host| names.iter().any(|name| name == host));
    let origin_ok =
        text(header::ORIGIN).is_none_or(|origin| names.iter().any(|name| origin == format!("http://{name}")));
    host_ok && origin_ok
}

async fn rpc(State(shared): State<Shared>, Path(command): Path<String>, body: Bytes) -> Response {
    if body.len() > api::router::PAYLOAD_LIMIT {
        return refusal(&api::router::too_large(body.len()));
    }
    let payload = match serde_json::from_slice(&body) {
        Ok(payload) => payload,
        Err(_) if body.is_empty() => serde_json::json!({}),
        Err(_) => return refusal(&ApiError::new("wrong_payload").with("name", command)),
    };
    match shared.counter.dispatch(&command, payload).await {
        Ok(value) => axum::Json(value).into_response(),
        Err(error) => refusal(&error),
    }
}

fn refusal(error: &ApiError) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(error)).into_response()
}

async fn events(State(shared): State<Shared>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let notices = shared.counter.notices();
    let stream = futures_util::stream::unfold(notices, |mut notices| async move {
        loop {
            let event = match notices.recv().await {
                Ok(Notice::Event(event)) => Event::default().json_data(&event),
                Ok(Notice::Reloaded) => Event::default().json_data(serde_json::json!({ "kind": "reloaded" })),
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return None,
            };
            if let Ok(event) = event {
                return Some((Ok(event), notices));
            }
        }
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

#[derive(Deserialize)]
struct Side {
    side: Option<u32>,
}

async fn picture(
    State(shared): State<Shared>,
    Path(hash): Path<String>,
    Query(side): Query<Side>,
) -> Response {
    let api = match shared.counter.api() {
        Ok(api) => api,
        Err(error) => return refusal(&error),
    };
    let read = tokio::task::spawn_blocking(move || match side.side {
        Some(side) => api
            .engine
            .thumbnail(&hash, side)
            .map(|bytes| (bytes, "image/jpeg")),
        None => api.engine.picture(&hash),
    });
    match read.await {
        Ok(Ok((bytes, kind))) => (
            [
                (header::CONTENT_TYPE, kind),
                (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
            ],
            bytes,
        )
            .into_response(),
        Ok(Err(_)) | Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

#[derive(Deserialize)]
struct Upload {
    name: String,
}

async fn upload(State(shared): State<Shared>, Query(upload): Query<Upload>, body: Bytes) -> Response {
    // Only the last part of the name is used, so that nothing can be written elsewhere.
    let name: String = upload
        .name
        .chars()
        .map(|c| {
            if c.is_control() || matches!(c, '/' | '\\' | ':') {
                '_'
            } else {
                c
            }
        })
        .take(120)
        .collect();
    let target = shared.uploads.join(format!("{}-{name}", uuid::Uuid::new_v4()));
    match tokio::fs::write(&target, &body).await {
        Ok(()) => axum::Json(serde_json::json!({ "path": target.to_string_lossy() })).into_response(),
        Err(error) => refusal(&ApiError::new("file_unusable").because(error.to_string())),
    }
}

async fn page(State(shared): State<Shared>, headers: HeaderMap, uri: axum::http::Uri) -> Response {
    let asked = PathBuf::from(uri.path().trim_start_matches('/'));
    let plain = asked
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let wanted = shared.pages.join(&asked);
    let file = if plain && wanted.is_file() {
        wanted
    } else {
        shared.pages.join("index.html")
    };
    let wants_page = headers
        .get(header::ACCEPT)
        .is_none_or(|a| a.to_str().is_ok_and(|a| a.contains("html") || a.contains("*/*")));
    if !wants_page && !plain {
        return StatusCode::NOT_FOUND.into_response();
    }
    let kind = match file.extension().and_then(|e| e.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("wav") => "audio/wav",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    match tokio::fs::read(&file).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        Err(_) => (StatusCode::NOT_FOUND, "run `npm run build` in ui first").into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_ours;
    use axum::http::{HeaderMap, HeaderValue, header};

    #[test]
    fn other_pages_and_other_names_are_turned_away() {
        let address = "127.0.0.1:7420".parse().unwrap();
        let headers = |host: &'static str, origin: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static(host));
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            headers
        };
        assert!(is_ours(address, &headers("127.0.0.1:7420", None)));
        assert!(is_ours(
            address,
            &headers("localhost:7420", Some("http://localhost:7420"))
        ));
        assert!(!is_ours(
            address,
            &headers("127.0.0.1:7420", Some("https://evil.example"))
        ));
        assert!(
            !is_ours(address, &headers("rebound.example:7420", None)),
            "a name that was made to point here"
        );
        assert!(!is_ours(address, &HeaderMap::new()));
    }
}
