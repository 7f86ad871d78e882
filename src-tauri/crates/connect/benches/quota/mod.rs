//! A platform that allows each shop so many calls in any one second and refuses every further one: the strictest
//! reading of a quota, on loopback.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use parking_lot::Mutex;
use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The window that is counted over.
pub(crate) const WINDOW: Duration = Duration::from_secs(1);
/// Calls a shop may make within it.
pub(crate) const LIMIT: usize = 20;

/// What the platform saw.
#[derive(Clone, Default)]
pub(crate) struct Platform {
    books: Arc<Mutex<Books>>,
}

#[derive(Default)]
struct Books {
    taken: HashMap<String, VecDeque<Instant>>,
    refuse_next: HashSet<String>,
    /// When each call came, and whether it was taken.
    calls: Vec<(Instant, bool)>,
}

impl Platform {
    /// Starts it; gives where.
    pub(crate) async fn serve(&self) -> io::Result<SocketAddr> {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let app = Router::new()
            .route("/{shop}", post(call))
            .with_state(self.clone());
        tokio::spawn(async move {
            // It ends with the bench.
            let _ = axum::serve(listener, app).await;
        });
        Ok(address)
    }

    /// Refuses this shop's next call, whatever its quota.
    pub(crate) fn refuse_next(&self, shop: &str) {
        self.books.lock().refuse_next.insert(shop.to_owned());
    }

    /// Calls taken and refused from `from` to `to`.
    pub(crate) fn count(&self, from: Instant, to: Instant) -> (u32, u32) {
        let books = self.books.lock();
        let within = books.calls.iter().filter(|(at, _)| (from..to).contains(at));
        within.fold((0, 0), |(taken, refused), (_, ok)| {
            if *ok {
                (taken + 1, refused)
            } else {
                (taken, refused + 1)
            }
        })
    }
}

async fn call(State(platform): State<Platform>, Path(shop): Path<String>) -> Response {
    let now = Instant::now();
    let mut books = platform.books.lock();
    let ordered = books.refuse_next.remove(&shop);
    let taken = books.taken.entry(shop).or_default();
    while taken
        .front()
        .is_some_and(|first| now.duration_since(*first) >= WINDOW)
    {
        taken.pop_front();
    }
    let ok = !ordered && taken.len() < LIMIT;
    if ok {
        taken.push_back(now);
    }
    books.calls.push((now, ok));
    if ok {
        "{}".into_response()
    } else {
        (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "1")]).into_response()
    }
}
