//! The clock of the simulated world.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// Milliseconds of Asia/Shanghai ahead of UTC; China has kept one offset without daylight saving since 1991.
const SHANGHAI_OFFSET_MS: i64 = 8 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// Where the world takes its time from. All readings are UTC milliseconds.
#[derive(Debug, Clone)]
pub enum SimClock {
    /// The machine's own clock.
    Real,
    /// A start in UTC milliseconds plus the time the tokio clock has run since; under paused time it moves only when
    /// the test moves it.
    Elapsed {
        /// UTC milliseconds when the clock was made.
        start_ms: i64,
        /// The tokio instant that `start_ms` belongs to.
        since: Instant,
    },
    /// Stands still until somebody sets it.
    Manual {
        /// The present UTC milliseconds.
        now_ms: i64,
    },
}

impl SimClock {
    /// A clock that starts at `start_ms` and runs with tokio's time.
    pub fn starting_at(start_ms: i64) -> Self {
        Self::Elapsed {
            start_ms,
            since: Instant::now(),
        }
    }

    /// A clock that stands at `now_ms`.
    pub fn standing_at(now_ms: i64) -> Self {
        Self::Manual { now_ms }
    }

    /// UTC milliseconds now.
    pub fn now_ms(&self) -> i64 {
        match self {
            Self::Real => {
                let since_epoch = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap_or(Duration::ZERO);
                i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
            }
            Self::Elapsed { start_ms, since } => {
                start_ms.saturating_add(i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX))
            }
            Self::Manual { now_ms } => *now_ms,
        }
    }

    /// Sets the time. A running clock goes on running from there; the real clock becomes a running one.
    pub fn set(&mut self, now_ms: i64) {
        *self = match self {
            Self::Manual { .. } => Self::Manual { now_ms },
            Self::Real | Self::Elapsed { .. } => Self::starting_at(now_ms),
        };
    }

    /// Moves the time by `by_ms` (backwards when negative).
    pub fn advance(&mut self, by_ms: i64) {
        let moved = self.now_ms().saturating_add(by_ms);
        self.set(moved);
    }
}

/// The Shanghai calendar day of `utc_ms` as a running number; two orders share a `day_seq` series when it is equal.
pub(crate) fn shanghai_day(utc_ms: i64) -> i64 {
    utc_ms.saturating_add(SHANGHAI_OFFSET_MS).div_euclid(DAY_MS)
}

/// `yyyyMMdd` of a day number made by [`shanghai_day`], as `order/getOrderIdByDaySeq` takes it.
pub(crate) fn day_text(day: i64) -> String {
    let civil = jiff::civil::date(1970, 1, 1);
    jiff::Span::new()
        .try_days(day)
        .ok()
        .and_then(|span| civil.checked_add(span).ok())
        .map(|date| format!("{:04}{:02}{:02}", date.year(), date.month(), date.day()))
        .unwrap_or_default()
}

/// `yyyy-MM-dd HH:mm:ss` in GMT+8, the ERP's way of writing times.
pub(crate) fn shanghai_text(utc_ms: i64) -> String {
    let offset = jiff::tz::Offset::constant(8);
    jiff::Timestamp::from_millisecond(utc_ms)
        .map(|at| offset.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string())
        .unwrap_or_default()
}

/// Reads `yyyy-MM-dd HH:mm:ss` in GMT+8 into UTC milliseconds.
pub(crate) fn parse_shanghai(text: &str) -> Option<i64> {
    let civil = jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?;
    let at = jiff::tz::Offset::constant(8).to_timestamp(civil).ok()?;
    Some(at.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::{SimClock, day_text, parse_shanghai, shanghai_day, shanghai_text};

    #[test]
    fn a_day_begins_at_midnight_in_shanghai_and_not_in_utc() {
        // 2023-11-14 16:00:00 UTC is midnight of the 15th in Shanghai.
        let midnight = 1_699_977_600_000;
        assert_eq!(shanghai_day(midnight - 1) + 1, shanghai_day(midnight));
        assert_eq!(day_text(shanghai_day(midnight)), "20231115");
        assert_eq!(shanghai_text(midnight), "2023-11-15 00:00:00");
        assert_eq!(parse_shanghai("2023-11-15 00:00:00"), Some(midnight));
    }

    #[tokio::test(start_paused = true)]
    async fn under_paused_time_the_clock_moves_only_with_the_test() {
        let clock = SimClock::starting_at(1_700_000_000_000);
        assert_eq!(clock.now_ms(), 1_700_000_000_000);
        tokio::time::advance(std::time::Duration::from_secs(90)).await;
        assert_eq!(clock.now_ms(), 1_700_000_090_000);
    }

    #[test]
    fn a_standing_clock_is_set_and_advanced_by_hand() {
        let mut clock = SimClock::standing_at(5);
        clock.advance(10);
        assert_eq!(clock.now_ms(), 15);
        clock.set(3);
        assert_eq!(clock.now_ms(), 3);
    }
}
