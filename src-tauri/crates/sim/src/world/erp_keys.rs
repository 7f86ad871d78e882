//! Keys, limits and moods of the ERPs that sign their calls. Made from sources of their own, so that the other services'
//! secrets stay as they were.

use std::collections::{BTreeSet, VecDeque};

use super::{App, TokenPair};
use crate::draw::Draw;
use crate::faults::Quota;

/// Strict sliding windows over the calls of an application.
pub struct Rates {
    /// What is allowed; empty = anything.
    pub quotas: Vec<Quota>,
    calls: VecDeque<i64>,
}

impl Rates {
    fn new(quotas: Vec<Quota>) -> Self {
        Self {
            quotas,
            calls: VecDeque::new(),
        }
    }

    /// Counts a call at `now_ms`, or names the quota that is used up. A refused call counts for nothing.
    pub(crate) fn count(&mut self, now_ms: i64) -> Result<(), Quota> {
        let longest = self.quotas.iter().map(|quota| quota.window_ms).max().unwrap_or(0);
        while self.calls.front().is_some_and(|at| now_ms - at >= longest) {
            self.calls.pop_front();
        }
        for quota in &self.quotas {
            let recent = self.calls.iter().filter(|at| now_ms - **at < quota.window_ms);
            if recent.count() >= quota.calls {
                return Err(*quota);
            }
        }
        self.calls.push_back(now_ms);
        Ok(())
    }
}

/// What 聚水潭 remembers of its caller.
pub struct JushuitanState {
    /// The application.
    pub app: App,
    /// The tokens that hold now.
    pub tokens: TokenPair,
    /// The application is a service provider's: it may neither refresh nor get a first token for the asking.
    pub provider: bool,
    /// Codes that the page of consent gave and that were not used.
    pub codes: BTreeSet<String>,
    /// The address that the application has registered for the merchant's browser to be sent back to.
    pub return_to: Option<url::Url>,
    /// Where calls seem to come from.
    pub caller_ip: String,
    /// Whether that address is in the white list.
    pub ip_listed: bool,
    /// Paths the application has no right to.
    pub denied_calls: BTreeSet<String>,
    /// 5 calls a second, 100 a minute.
    pub rates: Rates,
    /// How far a request's `timestamp` may be from the clock: 15 minutes.
    pub clock_window_ms: i64,
}

impl JushuitanState {
    /// Life of an access token: 2 592 000 s.
    pub(crate) const ACCESS_MS: i64 = 2_592_000_000;
    /// Life of a refresh token; not published.
    pub(crate) const REFRESH_MS: i64 = 2 * Self::ACCESS_MS;

    pub(super) fn new(seed: u64) -> Self {
        let mut draw = Draw::new(seed ^ 0x0157);
        let quota = |calls, window_ms| Quota { calls, window_ms };
        Self {
            app: App {
                id: draw.hex(16),
                secret: draw.hex(16),
            },
            tokens: TokenPair {
                access: draw.hex(16),
                refresh: draw.hex(16),
                // The tokens a world starts with do not die of age, only when a test says so.
                access_until: i64::MAX,
                refresh_until: i64::MAX,
            },
            provider: false,
            codes: BTreeSet::new(),
            return_to: None,
            caller_ip: "203.0.113.9".to_owned(),
            ip_listed: true,
            denied_calls: BTreeSet::new(),
            rates: Rates::new(vec![quota(5, 1000), quota(100, 60_000)]),
            clock_window_ms: 900_000,
        }
    }

    /// The access token is dead from now on; the refresh token still works.
    pub fn expire(&mut self, now_ms: i64) {
        self.tokens.access_until = now_ms - 1;
    }
}

/// What 旺店通 remembers of its caller. The editions share the seller's account and nothing else.
pub struct WangdiantongState {
    /// 卖家账号.
    pub sid: String,
    /// Application of 企业版.
    pub enterprise: App,
    /// Application of 旗舰版; the secret is the part before the colon.
    pub flagship: App,
    /// The part behind it.
    pub salt: String,
    /// Where calls seem to come from.
    pub caller_ip: String,
    /// Whether that address is in the white list.
    pub ip_listed: bool,
    /// Calls the application has no right to.
    pub denied_calls: BTreeSet<String>,
    /// 60 calls a minute: that there is a limit is published, the figure is assumed.
    pub rates: Rates,
    /// How far the time of a call of 企业版 may be off: 5 minutes.
    pub enterprise_window_ms: i64,
    /// The same of 旗舰版: 120 seconds.
    pub flagship_window_ms: i64,
}

impl WangdiantongState {
    pub(super) fn new(seed: u64) -> Self {
        let mut draw = Draw::new(seed ^ 0x3D70);
        let sid = format!("hj{}", draw.below(90_000) + 10_000);
        let mut app = |ending: &str| App {
            id: format!("{sid}-{ending}"),
            secret: draw.hex(16),
        };
        let (enterprise, flagship) = (app("gw"), app("ot"));
        Self {
            enterprise,
            flagship,
            salt: draw.hex(16),
            sid,
            caller_ip: "203.0.113.9".to_owned(),
            ip_listed: true,
            denied_calls: BTreeSet::new(),
            rates: Rates::new(vec![Quota {
                calls: 60,
                window_ms: 60_000,
            }]),
            enterprise_window_ms: 300_000,
            flagship_window_ms: 120_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Quota, Rates};

    #[test]
    fn both_windows_hold_and_a_refused_call_counts_for_nothing() {
        let quota = |calls, window_ms| Quota { calls, window_ms };
        let mut rates = Rates::new(vec![quota(2, 1000), quota(3, 60_000)]);
        assert!(rates.count(0).is_ok() && rates.count(10).is_ok());
        assert_eq!(rates.count(500), Err(quota(2, 1000)));
        assert!(rates.count(1000).is_ok());
        assert_eq!(rates.count(2500), Err(quota(3, 60_000)));
        assert!(rates.count(60_000).is_ok());
    }
}
