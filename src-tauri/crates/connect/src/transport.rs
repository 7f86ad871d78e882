//! How bytes leave: real HTTP in production, the simulator in process in tests.

use crate::address::{PublicNames, PublicOnly, is_public};
use async_trait::async_trait;
use bytes::Bytes;
use futures_util::StreamExt as _;
use std::net::IpAddr;
use std::time::Duration;

/// An answer larger than this is cut off and counts as malformed.
pub const BODY_LIMIT: usize = 32 * 1024 * 1024;

/// What can go wrong below HTTP.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// Nothing left: name not resolved, connection refused, no route.
    #[error("not sent: {0}")]
    NotSent(String),
    /// It may have left; no whole answer came.
    #[error("no answer: {0}")]
    NoAnswer(String),
    /// The address is not one we may call.
    #[error("address not allowed: {0}")]
    NotAllowed(String),
}

/// Sends one request.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends and reads the whole answer, within limits.
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError>;
}

/// HTTP by reqwest: rustls, TLS 1.2 and up, no redirects, no cookies, bounded bodies.
pub struct HttpTransport {
    client: reqwest::Client,
    /// For addresses from outside ([`PublicOnly`]). It goes there itself: a proxy would resolve the name once more.
    public: reqwest::Client,
}

impl HttpTransport {
    /// A client with our time limits. Needs a process-wide rustls provider ([`install_crypto`]).
    pub fn new() -> Result<Self, TransportError> {
        let client = || {
            reqwest::Client::builder()
                .connect_timeout(Duration::from_secs(5))
                .timeout(Duration::from_secs(30))
                .redirect(reqwest::redirect::Policy::none())
                .user_agent(concat!("guitai/", env!("CARGO_PKG_VERSION")))
        };
        let built = |builder: reqwest::ClientBuilder| {
            builder
                .build()
                .map_err(|e| TransportError::NotSent(e.to_string()))
        };
        Ok(Self {
            client: built(client())?,
            public: built(client().no_proxy().dns_resolver(PublicNames))?,
        })
    }
}

/// Makes ring the process's TLS provider. Call once at start; later calls do nothing.
pub fn install_crypto() {
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        tracing::debug!("a TLS provider is installed already");
    }
}

/// Only https leaves the machine; plain http may go to loopback, where the simulator lives.
pub fn allowed(uri: &http::Uri) -> bool {
    match uri.scheme_str() {
        Some("https") => true,
        Some("http") => {
            let local = number(uri).is_some_and(|ip| ip.is_loopback());
            local || uri.host() == Some("localhost")
        }
        _ => false,
    }
}

/// The host where it is an address and not a name.
fn number(uri: &http::Uri) -> Option<IpAddr> {
    let host = uri.host()?;
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[async_trait]
impl Transport for HttpTransport {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let outside = request.extensions().get::<PublicOnly>().is_some();
        // Names are looked at when they are resolved; an address is not resolved.
        let private = outside && number(request.uri()).is_some_and(|ip| !is_public(ip));
        if !allowed(request.uri()) || private {
            // The path may carry a token; the host is enough to understand.
            return Err(TransportError::NotAllowed(
                request.uri().host().unwrap_or_default().to_owned(),
            ));
        }
        let request = reqwest::Request::try_from(request).map_err(|e| TransportError::NotSent(bare(e)))?;
        let client = if outside { &self.public } else { &self.client };
        let answer = client.execute(request).await.map_err(|e| {
            if e.is_connect() || e.is_builder() {
                TransportError::NotSent(bare(e))
            } else {
                TransportError::NoAnswer(bare(e))
            }
        })?;
        let mut head = http::Response::builder().status(answer.status());
        if let Some(headers) = head.headers_mut() {
            headers.extend(answer.headers().clone());
        }
        let mut body = Vec::new();
        let mut stream = answer.bytes_stream();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|e| TransportError::NoAnswer(bare(e)))?;
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err(TransportError::NoAnswer(format!(
                    "answer larger than {BODY_LIMIT} bytes"
                )));
            }
            body.extend_from_slice(&chunk);
        }
        head.body(Bytes::from(body))
            .map_err(|e| TransportError::NoAnswer(e.to_string()))
    }
}

/// The error with what is behind it and without its address: query strings carry signatures and tokens.
fn bare(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(behind) = source {
        let told = behind.to_string();
        if !text.ends_with(&told) {
            text = format!("{text}: {told}");
        }
        source = behind.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{HttpTransport, Transport as _, TransportError, allowed, install_crypto};
    use crate::address::PublicOnly;
    use bytes::Bytes;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    /// A server on this machine that sends everybody elsewhere; gives its port and how often it was called.
    async fn server() -> (u16, Arc<AtomicUsize>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = calls.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let mut head = [0; 4096];
                let read = stream.read(&mut head).await.unwrap_or(0);
                assert!(read > 0);
                let answer = format!(
                    "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{port}/inside\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                );
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        (port, calls)
    }

    fn get(address: &str, outside: bool) -> http::Request<Bytes> {
        let mut request = http::Request::get(address).body(Bytes::new()).unwrap();
        if outside {
            request.extensions_mut().insert(PublicOnly);
        }
        request
    }

    #[tokio::test]
    async fn an_address_from_outside_leads_to_no_machine_of_ours_by_name_or_number() {
        install_crypto();
        let (port, calls) = server().await;
        let transport = HttpTransport::new().unwrap();
        let by_name = transport
            .send(get(&format!("http://localhost:{port}/a.jpg"), true))
            .await;
        assert!(
            matches!(&by_name, Err(TransportError::NotSent(text)) if text.contains("public")),
            "{by_name:?}"
        );
        let by_number = transport
            .send(get(&format!("http://127.0.0.1:{port}/a.jpg"), true))
            .await;
        assert!(
            matches!(by_number, Err(TransportError::NotAllowed(_))),
            "{by_number:?}"
        );
        let by_v6 = transport.send(get("https://[::ffff:10.0.0.1]/a.jpg", true)).await;
        assert!(matches!(by_v6, Err(TransportError::NotAllowed(_))), "{by_v6:?}");
        assert_eq!(calls.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn a_redirect_is_handed_over_and_not_followed() {
        install_crypto();
        let (port, calls) = server().await;
        let transport = HttpTransport::new().unwrap();
        let answer = transport
            .send(get(&format!("http://localhost:{port}/a"), false))
            .await
            .unwrap();
        assert_eq!(answer.status(), 302);
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn plain_http_goes_to_loopback_only() {
        for (address, ok) in [
            ("https://waimaiopen.meituan.com/api/v1/poi/getids", true),
            ("http://127.0.0.1:8080/x", true),
            ("http://localhost/x", true),
            ("http://[::1]:9/x", true),
            ("http://10.0.0.1/x", false),
            ("http://127.0.0.1.example.com/x", false),
            ("ftp://127.0.0.1/x", false),
            ("/x", false),
        ] {
            assert_eq!(allowed(&address.parse().unwrap()), ok, "{address}");
        }
    }
}
