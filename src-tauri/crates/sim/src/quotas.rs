//! How often each service may be called, as its simulator states and enforces it. Most platforms publish no figure; where
//! that is so the figure is assumed, and says so.

use crate::faults::{Quota, Service, ServiceQuotas};
use crate::world::World;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;

const fn per_second(calls: usize) -> Quota {
    Quota {
        calls,
        window_ms: SECOND,
    }
}

const fn per_minute(calls: usize) -> Quota {
    Quota {
        calls,
        window_ms: MINUTE,
    }
}

fn alone(app: Quota) -> ServiceQuotas {
    ServiceQuotas {
        per_app: Some(app),
        ..ServiceQuotas::default()
    }
}

fn both(app: Quota, shop: Quota) -> ServiceQuotas {
    ServiceQuotas {
        per_app: Some(app),
        per_shop: Some(shop),
        ..ServiceQuotas::default()
    }
}

impl Service {
    /// Its quotas, published or assumed.
    pub fn stated_quotas(self) -> ServiceQuotas {
        match self {
            // Assumed: code 711 is known, its numbers are not public (fact sheet 10).
            Self::MeituanShangou | Self::MeituanWaimai => both(per_second(20), per_second(10)),
            // Assumed: the gateways name the refusal and no figure (fact sheets: ebai 7, eleme, doudian 9).
            Self::Ebai | Self::Eleme | Self::Doudian => both(per_second(10), per_second(5)),
            // Assumed: what a client in use keeps to by itself (fact sheet 15).
            Self::Jddj => both(per_minute(45), per_minute(45)),
            Self::DouyinLaike => laike(),
            // 100 a minute; five a second are counted where the service itself is played (erp.md 1.3).
            Self::Jushuitan => alone(per_minute(100)),
            // Assumed: there is a limit a minute, its figure is not public (erp.md 2.4).
            Self::Wangdiantong => alone(per_minute(60)),
            // Assumed: no limit is published.
            Self::Feie => alone(per_second(10)),
            // Assumed: 429 is documented, its figures are not.
            Self::Ama => alone(per_second(20)),
        }
    }
}

/// From the page of each call (fact sheet 10); calls that are not here have no figure, and none is enforced.
fn laike() -> ServiceQuotas {
    let stated = [
        ("goodlife/v1/goods/category/get", per_second(35)),
        ("goodlife/v1/goods/product/operate", per_second(20)),
        (
            "goodlife/v1/goods/open/common/product/poi/operate",
            per_second(100),
        ),
        ("goodlife/v1/x_goods/product/save", per_second(10)),
        ("goodlife/v1/trade/order/query", per_second(20)),
        ("goodlife/v1/after_sale/order/apply_refund", per_second(10)),
        (
            "oauth/client_token",
            Quota {
                calls: 500,
                window_ms: 5 * MINUTE,
            },
        ),
    ];
    ServiceQuotas {
        per_call: stated.map(|(call, quota)| (call.to_owned(), quota)).into(),
        ..ServiceQuotas::default()
    }
}

impl World {
    /// From now on every service refuses what goes beyond its stated quotas.
    pub fn enforce_stated_quotas(&mut self) {
        for service in Service::ALL {
            self.faults.set_quotas(service, service.stated_quotas());
        }
    }
}
