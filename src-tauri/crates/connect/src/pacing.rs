//! Evenly spaced calls (burst 1), a little slower than allowed: measured to use 99 % of a quota without a refusal, where
//! a full bucket gets 5 to 13 % of its calls refused.

use crate::session::Session;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How much longer than the quota's own a pause is. Calls do not arrive as evenly as they leave: at exactly 20 a second
/// the 21st call came a hair less than a second after the first, was refused, and the shop stood still for a second
/// (measured against a strict sliding window: 68 % of the quota used). Eight thousandths are 8 ms in a window of a second.
const MARGIN: f64 = 1.008;

/// How often a caller may call.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pace {
    /// Pause from one call to the next for one app (account).
    pub per_account: Duration,
    /// Pause from one call to the next for one store.
    pub per_store: Duration,
}

impl Pace {
    /// From the calls a second that the other side allows, which are nearly used up; 0 means unlimited.
    pub fn per_second(account: f64, store: f64) -> Self {
        let pause = |rate: f64| {
            if rate > 0.0 {
                Duration::from_secs_f64(MARGIN / rate)
            } else {
                Duration::ZERO
            }
        };
        Self {
            per_account: pause(account),
            per_store: pause(store),
        }
    }

    /// What the account's settings `calls_per_second` and `calls_per_second_store` say, else the connector's own calls a
    /// second of app and store.
    pub fn of(session: &Session, (account, store): (f64, f64)) -> Self {
        let rate = |name: &str, default: f64| {
            let text = session.settings.get(name);
            text.and_then(|text| text.parse().ok()).unwrap_or(default)
        };
        Self::per_second(
            rate("calls_per_second", account),
            rate("calls_per_second_store", store),
        )
    }
}

#[derive(Default)]
struct Lane {
    next: Option<Instant>,
    /// Grows on refusals, shrinks on success: how much slower than the documented pace we go.
    slowdown: f64,
}

/// The other side asked to slow down.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slowdown {
    /// The session's key of the account.
    pub account: String,
    /// The session's key of the store; empty when the call concerned none.
    pub store: String,
    /// How long nothing goes there from now.
    pub wait: Duration,
}

type Listener = Arc<dyn Fn(&Slowdown) + Send + Sync>;

/// Gives every call its moment.
#[derive(Default)]
pub struct Pacer {
    lanes: Mutex<HashMap<String, Lane>>,
    listener: Mutex<Option<Listener>>,
}

impl Pacer {
    /// Calls `listener` whenever the other side asks to slow down, in the place of an earlier one. It must not block.
    pub fn on_slowdown(&self, listener: impl Fn(&Slowdown) + Send + Sync + 'static) {
        *self.listener.lock() = Some(Arc::new(listener));
    }

    /// Waits for the next free moment of both lanes. A busy store delays no other: its own lane is waited for first
    /// and takes no slot of the account meanwhile.
    pub async fn turn(&self, account: &str, store: &str, pace: Pace) {
        self.lane(&format!("s:{store}"), pace.per_store, !store.is_empty())
            .await;
        self.lane(&format!("a:{account}"), pace.per_account, true).await;
    }

    async fn lane(&self, key: &str, pause: Duration, used: bool) {
        if !used || pause.is_zero() {
            let until = self.lanes.lock().get(key).and_then(|lane| lane.next);
            if let Some(until) = until {
                tokio::time::sleep_until(until).await;
            }
            return;
        }
        let at = {
            let mut lanes = self.lanes.lock();
            let lane = lanes.entry(key.to_owned()).or_default();
            let now = Instant::now();
            let at = lane.next.map_or(now, |next| next.max(now));
            lane.next = Some(at + pause.mul_f64(1.0 + lane.slowdown));
            at
        };
        tokio::time::sleep_until(at).await;
    }

    /// The other side said "too often": this store's lane (the account's, when no store is meant) stands still for
    /// `wait` and goes a little slower afterwards.
    pub fn throttled(&self, account: &str, store: &str, wait: Duration) {
        let key = if store.is_empty() {
            format!("a:{account}")
        } else {
            format!("s:{store}")
        };
        {
            let mut lanes = self.lanes.lock();
            let lane = lanes.entry(key).or_default();
            let until = Instant::now() + wait;
            lane.next = Some(lane.next.map_or(until, |next| next.max(until)));
            lane.slowdown = (lane.slowdown + 0.25).min(4.0);
        }
        let listener = self.listener.lock().clone();
        if let Some(listener) = listener {
            listener(&Slowdown {
                account: account.to_owned(),
                store: store.to_owned(),
                wait: self.wait(account, store),
            });
        }
    }

    /// A call went through: the lane recovers its pace.
    pub fn went_through(&self, account: &str, store: &str) {
        let mut lanes = self.lanes.lock();
        for key in [format!("a:{account}"), format!("s:{store}")] {
            if let Some(lane) = lanes.get_mut(&key) {
                lane.slowdown = (lane.slowdown - 0.01).max(0.0);
            }
        }
    }

    /// How long this store has to wait now, for the status bar (平台限流，12 秒后继续).
    pub fn wait(&self, account: &str, store: &str) -> Duration {
        let lanes = self.lanes.lock();
        let now = Instant::now();
        [format!("a:{account}"), format!("s:{store}")]
            .iter()
            .filter_map(|key| lanes.get(key)?.next)
            .map(|next| next.saturating_duration_since(now))
            .max()
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{Pace, Pacer, Slowdown};
    use parking_lot::Mutex;
    use std::sync::Arc;
    use std::time::Duration;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn calls_of_one_store_are_evenly_spaced() {
        let pacer = Pacer::default();
        let start = Instant::now();
        for _ in 0..21 {
            pacer.turn("a", "s", Pace::per_second(0.0, 20.0)).await;
        }
        assert_eq!(start.elapsed().as_millis(), 1008);
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttled_store_delays_no_other() {
        let pacer = Arc::new(Pacer::default());
        let pace = Pace::per_second(100.0, 10.0);
        pacer.throttled("a", "slow", Duration::from_mins(1));
        let start = Instant::now();
        let slow = tokio::spawn({
            let pacer = pacer.clone();
            async move { pacer.turn("a", "slow", pace).await }
        });
        pacer.turn("a", "quick", pace).await;
        assert!(start.elapsed() < Duration::from_millis(20));
        slow.await.unwrap();
        assert!(start.elapsed() >= Duration::from_mins(1));
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_listens_is_told_who_waits_and_how_long_in_all() {
        let pacer = Pacer::default();
        let told: Arc<Mutex<Vec<Slowdown>>> = Arc::default();
        let into = told.clone();
        pacer.on_slowdown(move |slowdown| into.lock().push(slowdown.clone()));
        pacer.throttled("a", "s", Duration::from_secs(30));
        // A shorter wait does not shorten the one that is under way.
        pacer.throttled("a", "s", Duration::from_secs(2));
        let slowdown = Slowdown {
            account: "a".into(),
            store: "s".into(),
            wait: Duration::from_secs(30),
        };
        assert_eq!(*told.lock(), [slowdown.clone(), slowdown]);
    }
}
