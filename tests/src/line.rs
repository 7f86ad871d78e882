//! The line to the simulator: what a network would lose is lost, and what it would deliver late comes late.

use async_trait::async_trait;
use bytes::Bytes;
use connect::transport::{Transport, TransportError};
use engine::clock::Chance;
use sim::pictures::{Fault, Kind, draw};
use sim::{CallFault, Simulator};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Where the simulator seems to be; nothing listens there.
const SIMULATOR: &str = "127.0.0.1:9";

/// The simulator as a transport.
#[derive(Clone)]
pub struct Line {
    sim: Simulator,
    late: Arc<Mutex<Option<Late>>>,
    /// Takes what goes to other addresses than the simulator's.
    outside: Option<Arc<dyn Transport>>,
}

/// Requests that come late: the caller was told that nobody answers, and may be dead by then.
struct Late {
    per_mille: u64,
    most: Duration,
    chance: Chance,
}

impl Line {
    /// A line that delivers at once.
    pub fn to(sim: Simulator) -> Self {
        Self {
            sim,
            late: Arc::default(),
            outside: None,
        }
    }

    /// The same with a way to machines that are really there.
    #[must_use]
    pub fn beside(self, outside: Arc<dyn Transport>) -> Self {
        Self {
            outside: Some(outside),
            ..self
        }
    }

    /// From now on so many of a thousand requests arrive only after their caller has given up, at most so much later.
    pub fn straggle(&self, per_mille: u64, most: Duration, seed: u64) {
        let late = Late {
            per_mille,
            most,
            chance: Chance::seeded(seed),
        };
        *self.late.lock().unwrap_or_else(PoisonError::into_inner) = Some(late);
    }

    /// Everything arrives at once again.
    pub fn hurry(&self) {
        *self.late.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn delay(&self) -> Option<Duration> {
        let held = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        let late = held.as_ref()?;
        let most = u64::try_from(late.most.as_millis()).unwrap_or(u64::MAX);
        (late.chance.below(1_000) < late.per_mille)
            .then(|| Duration::from_millis(late.chance.below(most.max(1))))
    }
}

#[async_trait]
impl Transport for Line {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let elsewhere = request
            .uri()
            .authority()
            .is_some_and(|authority| authority.as_str() != SIMULATOR);
        if let Some(outside) = self.outside.as_ref().filter(|_| elsewhere) {
            return outside.send(request).await;
        }
        if let Some(delay) = self.delay() {
            let sim = self.sim.clone();
            // Nobody waits for it: it arrives also when its sender has died meanwhile.
            tokio::spawn(async move {
                tokio::time::sleep(delay).await;
                drop(sim.call(request).await);
            });
            return Err(TransportError::NoAnswer("delivered late".to_owned()));
        }
        if request.uri().path().starts_with("/pictures/") {
            return picture(request.uri().path());
        }
        // Whoever called cannot tell a lost request from a lost answer.
        self.sim
            .call(request)
            .await
            .map_err(|fault: CallFault| TransportError::NoAnswer(fault.to_string()))
    }
}

/// What the platforms' picture addresses lead to: one drawing for each.
fn picture(path: &str) -> Result<http::Response<Bytes>, TransportError> {
    let lost = |why: String| TransportError::NotSent(why);
    let bytes = draw(path, Kind::Bottle, 320, Fault::None).map_err(|error| lost(error.to_string()))?;
    let answer = http::Response::builder().header("content-type", "image/jpeg");
    answer.body(bytes.into()).map_err(|error| lost(error.to_string()))
}
