//! How bytes leave: real HTTP in production, the simulator in process in tests.

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::StreamExt as _;
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
}

impl HttpTransport {
    /// A client with our time limits. Needs a process-wide rustls provider ([`install_crypto`]).
    pub fn new() -> Result<Self, TransportError> {
        let client = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("guitai/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|e| TransportError::NotSent(e.to_string()))?;
        Ok(Self { client })
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
        Some("http") => uri.host().is_some_and(|host| {
            let bare = host.trim_start_matches('[').trim_end_matches(']');
            bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
        }),
        _ => false,
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        if !allowed(request.uri()) {
            // The path may carry a token; the host is enough to understand.
            return Err(TransportError::NotAllowed(
                request.uri().host().unwrap_or_default().to_owned(),
            ));
        }
        let request = reqwest::Request::try_from(request).map_err(|e| TransportError::NotSent(bare(e)))?;
        let answer = self.client.execute(request).await.map_err(|e| {
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

/// The error without its address: query strings carry signatures and tokens.
fn bare(error: reqwest::Error) -> String {
    use std::error::Error as _;
    let error = error.without_url();
    error
        .source()
        .map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}

#[cfg(test)]
mod tests {
    use super::allowed;

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
