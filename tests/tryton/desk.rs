//! A counter whose stores book into the Tryton server, and a clock that can be put forward.

use connect::session::Credentials;
use connect::transport::HttpTransport;
use domain::id::AccountId;
use engine::clock::{Clock, SystemClock, TokioClock};
use engine::stores::AccountRequest;
use sim::world::{ErpSystem, OrderMode};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use storage::store::StorePatch;
use suites::tryton::Tryton;
use suites::{Counter, GOODS, NOON};

/// The code of the warehouse that every new database has.
pub(crate) const WAREHOUSE: &str = "WH";

/// Real time from [`NOON`] on, and what it was put forward by.
struct PutForward {
    clock: TokioClock,
    by: AtomicI64,
}

impl Clock for PutForward {
    fn now(&self) -> i64 {
        self.clock.now() + self.by.load(Ordering::Relaxed)
    }
}

/// The counter, the server, and the account that joins them.
pub(crate) struct Desk {
    pub(crate) counter: Counter,
    pub(crate) server: Tryton,
    pub(crate) account: AccountId,
    clock: Arc<PutForward>,
}

impl Desk {
    /// The server sells what the counter sells, so many pieces of each; `None` where there is no server.
    pub(crate) async fn open(test: &str, pieces: i64) -> Option<Self> {
        let server = Tryton::open(test).await?;
        let goods: Vec<(&str, &str, &str, i64)> = GOODS
            .iter()
            .map(|(name, _, code, barcode, fen)| (*code, *name, *barcode, *fen))
            .collect();
        server.sell(&goods).await;
        server.count_stock(pieces).await;
        let clock = Arc::new(PutForward {
            clock: TokioClock::starting_at(NOON),
            by: AtomicI64::new(0),
        });
        let mut counter = Counter::open_at(ErpSystem::default(), OrderMode::Neither, 7, clock.clone()).await;
        let outside = Arc::new(HttpTransport::new().unwrap());
        counter.line = counter.line.clone().beside(outside);
        counter.crash();
        counter.start();
        let account = authorize(&counter, server.credentials()).await;
        for store in [counter.shangou, counter.ebai] {
            let patch = StorePatch {
                erp_account: Some(Some(account)),
                offline_code: Some(WAREHOUSE.to_owned()),
                ..StorePatch::default()
            };
            counter.engine().update_store(store, &patch).unwrap();
        }
        counter.engine().pull_erp_items(account).await.unwrap();
        let desk = Self {
            counter,
            server,
            account,
            clock,
        };
        // The server lives today: what was counted into it is not there before.
        desk.later((SystemClock.now() - NOON) / 60_000);
        Some(desk)
    }

    /// So much later, at the counter and at the platforms.
    pub(crate) fn later(&self, minutes: i64) {
        self.clock.by.fetch_add(minutes * 60_000, Ordering::Relaxed);
        self.counter.world().clock.advance(minutes * 60_000);
    }
}

/// An account of the server with these credentials.
pub(crate) async fn authorize(counter: &Counter, credentials: BTreeMap<String, String>) -> AccountId {
    let request = AccountRequest {
        service: "tryton".to_owned(),
        name: String::new(),
        endpoint: None,
        settings: BTreeMap::new(),
        credentials: Credentials::new(credentials),
    };
    counter.engine().add_account(request).await.unwrap().account
}
