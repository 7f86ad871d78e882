//! The simulator on a loopback port, and the line that announces it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::pictures::{Fault, Look, SIDE, draw_look};
use crate::simulator::Simulator;

/// Largest request that is read: a picture of 5 MB as base64, with room to be refused by the platform's own rule.
const BODY_LIMIT: usize = 32 * 1024 * 1024;

/// A simulator that listens. It stops when this is dropped.
pub struct Serving {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<io::Result<()>>,
}

impl Serving {
    /// `http://127.0.0.1:PORT`, without a final slash.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Stops listening and waits for the answers that are under way.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            // The receiver is gone only when the server has ended by itself.
            let _ = stop.send(());
        }
        let _ = (&mut self.task).await;
    }

    /// Serves until the process ends or the socket fails.
    pub async fn run(mut self) -> io::Result<()> {
        match (&mut self.task).await {
            Ok(result) => result,
            Err(error) => Err(io::Error::other(error)),
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Simulator {
    /// Listens on `127.0.0.1:port` (0 = a free one) and serves the platforms, `/admin` and `/pictures`.
    pub async fn serve(&self, port: u16) -> io::Result<Serving> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let service = self.router().into_make_service_with_connect_info::<Cut>();
        let server = axum::serve(CuttingListener(listener), service).with_graceful_shutdown(async move {
            // An error means that the handle was dropped without stopping; the task is aborted then.
            let _ = stopped.await;
        });
        let task = tokio::spawn(async move { server.await });
        Ok(Serving {
            address,
            stop: Some(stop),
            task,
        })
    }

    /// All routes; a call that a fault leaves without an answer gets HTTP 502 when there is no connection to cut.
    pub fn router(&self) -> Router {
        Router::new()
            .nest("/admin", crate::admin::router())
            .route("/pictures/{file}", get(picture))
            .fallback(answer)
            .layer(DefaultBodyLimit::max(BODY_LIMIT))
            .with_state(self.clone())
    }
}

async fn answer(State(simulator): State<Simulator>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let cut = parts
        .extensions
        .get::<ConnectInfo<Cut>>()
        .map(|info| info.0.clone());
    let Ok(bytes) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    match simulator.call(http::Request::from_parts(parts, bytes)).await {
        Ok(response) => response.map(Body::from),
        Err(fault) => {
            if let Some(cut) = cut {
                cut.0.store(true, Ordering::SeqCst);
            }
            (StatusCode::BAD_GATEWAY, fault.to_string()).into_response()
        }
    }
}

/// A demo picture by the id of its look.
async fn picture(Path(file): Path<String>) -> Response {
    let look = file.strip_suffix(".jpg").and_then(Look::parse);
    let Some(look) = look else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // Drawing takes tens of milliseconds; the protocol calls must not wait for it.
    match tokio::task::spawn_blocking(move || draw_look(look, SIDE, Fault::None)).await {
        Ok(Ok(bytes)) => ([(header::CONTENT_TYPE, "image/jpeg")], bytes).into_response(),
        Ok(Err(_)) | Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Set by a handler whose answer must not reach the caller.
#[derive(Clone, Default)]
struct Cut(Arc<AtomicBool>);

/// Accepts connections that can be cut from inside a handler.
struct CuttingListener(TcpListener);

/// A connection whose writes fail once it is cut, so that the caller sees it close without an answer.
struct CuttingStream {
    stream: TcpStream,
    cut: Cut,
}

impl Listener for CuttingListener {
    type Io = CuttingStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        (
            CuttingStream {
                stream,
                cut: Cut::default(),
            },
            address,
        )
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, CuttingListener>> for Cut {
    fn connect_info(stream: IncomingStream<'_, CuttingListener>) -> Self {
        stream.io().cut.clone()
    }
}

impl CuttingStream {
    fn whole(&self) -> io::Result<()> {
        if self.cut.0.load(Ordering::SeqCst) {
            Err(io::ErrorKind::ConnectionReset.into())
        } else {
            Ok(())
        }
    }
}

impl AsyncRead for CuttingStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for CuttingStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.whole()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.whole()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
