//! Time and chance are handed in, so that one seed replays one run.

use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::sync::Arc;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// UTC milliseconds.
    fn now(&self) -> i64;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }
}

/// A start moment plus tokio's time, which tests may pause.
pub struct TokioClock {
    start_ms: i64,
    since: tokio::time::Instant,
}

impl TokioClock {
    /// A clock that shows `start_ms` now.
    pub fn starting_at(start_ms: i64) -> Self {
        Self {
            start_ms,
            since: tokio::time::Instant::now(),
        }
    }
}

impl Clock for TokioClock {
    fn now(&self) -> i64 {
        self.start_ms + i64::try_from(self.since.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

/// The source of jitter.
#[derive(Clone)]
pub struct Chance(Arc<Mutex<StdRng>>);

impl Chance {
    /// From a seed.
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// A number from 0 up to, not including, `below`.
    pub fn below(&self, below: u64) -> u64 {
        if below == 0 {
            0
        } else {
            self.0.lock().random_range(0..below)
        }
    }
}

/// Pause before the next try: doubling from one second to five minutes, with a quarter of jitter.
pub fn back_off_ms(attempts: i64, chance: &Chance) -> i64 {
    let exponent = u32::try_from(attempts.clamp(0, 9)).unwrap_or(0);
    let base = (1_000_i64 << exponent).min(300_000);
    base + i64::try_from(chance.below(u64::try_from(base / 4).unwrap_or(0))).unwrap_or(0)
}
