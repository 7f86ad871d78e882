//! What goes wrong, and when: scripted rules and seeded probabilities.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::draw::Draw;

/// One of the services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// 美团闪购.
    MeituanShangou,
    /// 饿百零售.
    Ebai,
    /// 抖店小时达.
    Doudian,
    /// 饿了么.
    Eleme,
    /// 美团外卖, both families.
    MeituanWaimai,
    /// 京东到家.
    Jddj,
    /// 抖音来客.
    DouyinLaike,
    /// 乐檬 AMA.
    Ama,
    /// 聚水潭.
    Jushuitan,
    /// 旺店通, both editions.
    Wangdiantong,
    /// 飞鹅 printer cloud.
    Feie,
}

impl Service {
    /// All, in a fixed order.
    pub const ALL: [Self; 11] = [
        Self::MeituanShangou,
        Self::Ebai,
        Self::Doudian,
        Self::Eleme,
        Self::MeituanWaimai,
        Self::Jddj,
        Self::DouyinLaike,
        Self::Ama,
        Self::Jushuitan,
        Self::Wangdiantong,
        Self::Feie,
    ];

    /// The id used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MeituanShangou => "meituan_shangou",
            Self::Ebai => "ebai",
            Self::Doudian => "doudian",
            Self::Eleme => "eleme",
            Self::MeituanWaimai => "meituan_waimai",
            Self::Jddj => "jddj",
            Self::DouyinLaike => "douyin_laike",
            Self::Ama => "ama",
            Self::Jushuitan => "jushuitan",
            Self::Wangdiantong => "wangdiantong",
            Self::Feie => "feie",
        }
    }
}

/// Which of 饿百's two error shapes a gateway error takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorShape {
    /// Inside the signed envelope, HTTP 200.
    #[default]
    Envelope,
    /// `{"error_code","error_message"}` with HTTP 400.
    Bare,
}

/// One thing that goes wrong with one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// The answer takes this much longer; nothing else changes.
    Latency {
        /// Milliseconds.
        ms: u64,
    },
    /// The request never arrives: no effect, the connection breaks.
    LostRequest,
    /// The effect happens and the answer is lost.
    LostAnswer,
    /// The connection is reset before anything happens.
    Reset,
    /// Nothing answers for so long; then the connection breaks.
    TimedOut {
        /// Milliseconds of silence.
        ms: u64,
        /// Whether the effect happened all the same.
        #[serde(default)]
        effect: bool,
    },
    /// The request arrives twice, as a retrying proxy does it; the second answer is given.
    DuplicateRequest,
    /// An HTTP 5xx without effect.
    ServerError {
        /// Status, 500 to 599.
        status: u16,
    },
    /// A gateway's HTML page with HTTP 200, without effect.
    HtmlPage,
    /// The effect happens; the answer is cut in half.
    TruncatedBody,
    /// The platform says that we call too often, without effect.
    Throttle {
        /// Only 饿百 looks at it.
        #[serde(default)]
        shape: ErrorShape,
    },
    /// The token, or the shop's authorization, has run out.
    ExpiredToken,
    /// 美团: 非法令牌; 抖店: a token that is not the present one.
    IllegalToken,
    /// The platform finds the request's time wrong.
    ClockSkew,
    /// 饿百, and the text of 抖店's service error: any other gateway code, such as `gw.ISPInvokeError` (F54) or
    /// `gw.APIACLDecline` (F52). 饿了么: any code of its own, such as `SERVER_ERROR`; 京东到家 and 抖音来客: any number of its own.
    Gateway {
        /// The `gw.*` text, or the other's code.
        code: String,
        /// Which of the two shapes.
        #[serde(default)]
        shape: ErrorShape,
    },
    /// Refused with a text of the test's choosing, in the service's own shape.
    Refuse {
        /// Platform code.
        code: i64,
        /// Text a person reads.
        message: String,
    },
}

/// When a rule strikes among the calls it fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case")]
pub enum FaultWhen {
    /// The next `count` fitting calls after `skip` others.
    Next {
        /// How many.
        count: u32,
        /// How many fitting calls to let pass first.
        #[serde(default)]
        skip: u32,
    },
    /// Each fitting call with this probability, from the fault seed.
    Chance {
        /// In a thousand.
        per_mille: u32,
    },
    /// Every fitting call until the rule is taken away.
    Always,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRule {
    /// Only this service; all when absent.
    #[serde(default)]
    pub service: Option<Service>,
    /// Only this call (`retail/initdata`, `sku.create`, `eleme.order.getOrder`, `pms/addSku`,
    /// `goodlife/v1/goods/product/save`, `nhsoft.oms.saleorder.upload`); a final `*` fits any ending.
    #[serde(default)]
    pub call: Option<String>,
    /// What happens.
    pub fault: FaultKind,
    /// When.
    #[serde(flatten)]
    pub when: FaultWhen,
}

impl FaultRule {
    /// A rule for the next fitting call alone.
    pub fn once(service: Service, call: &str, fault: FaultKind) -> Self {
        Self {
            service: Some(service),
            call: Some(call.to_owned()),
            fault,
            when: FaultWhen::Next { count: 1, skip: 0 },
        }
    }

    fn fits(&self, service: Service, call: &str) -> bool {
        self.service.is_none_or(|wanted| wanted == service)
            && self
                .call
                .as_deref()
                .is_none_or(|wanted| match wanted.strip_suffix('*') {
                    Some(start) => call.starts_with(start),
                    None => wanted == call,
                })
    }
}

/// A strict sliding window: no more than `calls` within any `window_ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// Calls allowed.
    pub calls: usize,
    /// Length of the window in milliseconds.
    pub window_ms: i64,
}

/// Quotas of one service; absent = unlimited.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceQuotas {
    /// Over all calls of the application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_app: Option<Quota>,
    /// Over the calls that name one shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_shop: Option<Quota>,
    /// Over one call of the application, by the call's name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub per_call: BTreeMap<String, Quota>,
}

/// All rules and quotas of a world.
#[derive(Debug, Clone)]
pub struct Faults {
    rules: Vec<FaultRule>,
    quotas: BTreeMap<Service, ServiceQuotas>,
    windows: BTreeMap<(Service, String), VecDeque<i64>>,
    draw: Draw,
}

impl Faults {
    /// No rule and no quota; chances will come from `seed`.
    pub fn new(seed: u64) -> Self {
        Self {
            rules: Vec::new(),
            quotas: BTreeMap::new(),
            windows: BTreeMap::new(),
            draw: Draw::new(seed),
        }
    }

    /// Adds a rule behind the others.
    pub fn add(&mut self, rule: FaultRule) {
        self.rules.push(rule);
    }

    /// Takes all rules away; quotas stay.
    pub fn clear(&mut self) {
        self.rules.clear();
    }

    /// The rules that still stand.
    pub fn rules(&self) -> &[FaultRule] {
        &self.rules
    }

    /// Starts the chances anew from a seed.
    pub fn reseed(&mut self, seed: u64) {
        self.draw = Draw::new(seed);
    }

    /// The quotas that are enforced, by service.
    pub fn quotas(&self) -> &BTreeMap<Service, ServiceQuotas> {
        &self.quotas
    }

    /// Sets the quotas of a service; its windows start empty.
    pub fn set_quotas(&mut self, service: Service, quotas: ServiceQuotas) {
        self.quotas.insert(service, quotas);
        self.windows.retain(|(held, _), _| *held != service);
    }

    /// The faults that strike this call, in the order of the rules.
    pub(crate) fn strike(&mut self, service: Service, call: &str) -> Vec<FaultKind> {
        let mut struck = Vec::new();
        for rule in &mut self.rules {
            if !rule.fits(service, call) {
                continue;
            }
            let strikes = match &mut rule.when {
                FaultWhen::Always => true,
                FaultWhen::Chance { per_mille } => self.draw.chance(*per_mille),
                FaultWhen::Next { skip, .. } if *skip > 0 => {
                    *skip -= 1;
                    false
                }
                FaultWhen::Next { count, .. } if *count > 0 => {
                    *count -= 1;
                    true
                }
                FaultWhen::Next { .. } => false,
            };
            if strikes {
                struck.push(rule.fault.clone());
            }
        }
        self.rules
            .retain(|rule| !matches!(rule.when, FaultWhen::Next { count: 0, .. }));
        struck
    }

    /// Counts the call against the quotas at `now_ms`; false when one of them is used up. A refused call counts for
    /// nothing, so that waiting always helps.
    pub(crate) fn within_quota(
        &mut self,
        service: Service,
        call: &str,
        shop: Option<&str>,
        now_ms: i64,
    ) -> bool {
        let Some(quotas) = self.quotas.get(&service) else {
            return true;
        };
        let mut due = Vec::new();
        if let Some(quota) = quotas.per_call.get(call) {
            due.push((format!("call/{call}"), *quota));
        }
        if let Some(quota) = quotas.per_app {
            due.push((String::new(), quota));
        }
        if let (Some(quota), Some(shop)) = (quotas.per_shop, shop) {
            due.push((format!("shop/{shop}"), quota));
        }
        for (key, quota) in &due {
            let window = self.windows.entry((service, key.clone())).or_default();
            while window.front().is_some_and(|at| now_ms - at >= quota.window_ms) {
                window.pop_front();
            }
            if window.len() >= quota.calls {
                return false;
            }
        }
        for (key, _) in due {
            self.windows.entry((service, key)).or_default().push_back(now_ms);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{FaultKind, FaultRule, FaultWhen, Faults, Quota, Service, ServiceQuotas};

    #[test]
    fn a_scripted_rule_skips_strikes_and_goes_away() {
        let mut faults = Faults::new(1);
        faults.add(FaultRule {
            service: Some(Service::Ebai),
            call: Some("sku.*".to_owned()),
            fault: FaultKind::Reset,
            when: FaultWhen::Next { count: 1, skip: 1 },
        });
        assert!(faults.strike(Service::Ebai, "order.get").is_empty());
        assert!(faults.strike(Service::Ama, "sku.list").is_empty());
        assert!(faults.strike(Service::Ebai, "sku.list").is_empty());
        assert_eq!(faults.strike(Service::Ebai, "sku.create"), vec![FaultKind::Reset]);
        assert!(faults.rules().is_empty());
    }

    #[test]
    fn chances_repeat_with_their_seed() {
        let run = |seed| {
            let mut faults = Faults::new(seed);
            faults.add(FaultRule {
                service: None,
                call: None,
                fault: FaultKind::LostAnswer,
                when: FaultWhen::Chance { per_mille: 300 },
            });
            (0..64)
                .map(|_| faults.strike(Service::Ama, "x").len())
                .collect::<Vec<_>>()
        };
        assert_eq!(run(9), run(9));
        assert_ne!(run(9), run(10));
        assert!(run(9).iter().sum::<usize>() > 5);
    }

    #[test]
    fn a_quota_is_a_strict_sliding_window_per_app_and_per_shop() {
        let mut faults = Faults::new(1);
        let quota = |calls| {
            Some(Quota {
                calls,
                window_ms: 1000,
            })
        };
        faults.set_quotas(
            Service::MeituanShangou,
            ServiceQuotas {
                per_app: quota(3),
                per_shop: quota(2),
                ..ServiceQuotas::default()
            },
        );
        let mut ask = |shop, at| faults.within_quota(Service::MeituanShangou, "any", Some(shop), at);
        assert!(ask("A", 0));
        assert!(ask("A", 10));
        assert!(!ask("A", 20), "the shop's two calls are used up");
        assert!(ask("B", 30));
        assert!(!ask("B", 40), "the app's three calls are used up");
        assert!(!ask("A", 999));
        assert!(ask("A", 1000), "the first call has left the window");
        assert!(!ask("A", 1001));
    }

    #[test]
    fn rules_are_read_from_json() {
        let rule: FaultRule = serde_json::from_str(
            r#"{"service":"ama","call":"nhsoft.oms.saleorder.upload","fault":{"kind":"lost_answer"},"when":"next","count":2}"#,
        )
        .expect("a rule");
        assert_eq!(rule.when, FaultWhen::Next { count: 2, skip: 0 });
    }
}
