//! Platform days and times: UTC+8 without summer time.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

fn zone() -> TimeZone {
    TimeZone::fixed(Offset::constant(8))
}

fn civil(ms: i64) -> DateTime {
    Timestamp::from_millisecond(ms)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_zoned(zone())
        .datetime()
}

/// The day of a moment as `yyyyMMdd`.
pub fn day(ms: i64) -> String {
    civil(ms).strftime("%Y%m%d").to_string()
}

/// A moment as `yyyy-MM-dd HH:mm:ss`.
pub fn time(ms: i64) -> String {
    civil(ms).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The first moment of a `yyyyMMdd` day, UTC ms.
pub fn start_of(day: &str) -> Option<i64> {
    let date = jiff::civil::Date::strptime("%Y%m%d", day).ok()?;
    let start = date
        .to_datetime(jiff::civil::Time::midnight())
        .to_zoned(zone())
        .ok()?;
    Some(start.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::{day, start_of, time};

    #[test]
    fn the_day_changes_at_sixteen_hours_utc() {
        // 2023-11-14 15:59:59 and 16:00:00 UTC.
        assert_eq!(day(1_699_977_599_000), "20231114");
        assert_eq!(day(1_699_977_600_000), "20231115");
        assert_eq!(time(1_699_977_600_000), "2023-11-15 00:00:00");
        assert_eq!(start_of("20231115"), Some(1_699_977_600_000));
        assert_eq!(start_of("2023-11-15"), None);
    }
}
