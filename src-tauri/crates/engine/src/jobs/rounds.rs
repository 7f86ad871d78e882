//! What the app does by itself while it is open: orders every minute or so, listings and ERP items every few hours,
//! a verified backup a day. Failures are quiet (the pages show them); while the line is down the pauses grow.
//!
//! Only a program with a window or a server starts this; a command-line run does one thing and ends.

use crate::clock::back_off_ms;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use connect::error::RemoteError;
use domain::id::{AccountId, StoreId};
use std::time::Duration;
use storage::account::AccountKind;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

const HOUR_MS: i64 = 3_600_000;
/// Listings and ERP items are read again after this long.
const REFRESH_MS: i64 = 4 * HOUR_MS;
/// Pictures in review are looked for again after this long (F56).
const REVIEW_MS: i64 = HOUR_MS / 4;
const BACKUP_MS: i64 = 24 * HOUR_MS;
/// What platforms list is compared with what is here after this long (F32a).
const COMPARE_MS: i64 = 24 * HOUR_MS;
/// A failed refresh or backup is not tried again before this long.
const RETRY_MS: i64 = HOUR_MS / 2;

/// The running rounds. They end at their next pause when this is dropped or stopped.
pub struct Rounds {
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Rounds {
    /// Ends the rounds and waits until the one under way is finished.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if let Err(error) = (&mut self.task).await {
            tracing::warn!(%error, "the rounds did not end well");
        }
    }
}

impl Drop for Rounds {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Work that a round may find due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Slow {
    Listings(StoreId),
    Items(AccountId),
    Reviews(StoreId),
    Comparison(StoreId),
    Backup,
}

impl Slow {
    /// Not tried again before so much time has passed, however it went.
    fn rest_ms(self) -> i64 {
        match self {
            Self::Reviews(_) => REVIEW_MS,
            Self::Listings(_) | Self::Items(_) | Self::Comparison(_) | Self::Backup => RETRY_MS,
        }
    }
}

impl Engine {
    /// Starts the rounds. The first one runs at once.
    pub fn start_rounds(&self) -> Rounds {
        let stop = CancellationToken::new();
        let (engine, token) = (self.clone(), stop.clone());
        let task = tokio::spawn(async move { engine.rounds(token).await });
        Rounds { stop, task }
    }

    async fn rounds(self, stop: CancellationToken) {
        self.open_for_pushes().await;
        // Reading all goods of a store may take many minutes; new orders do not wait for that.
        let online = Notify::new();
        tokio::join!(
            self.order_rounds(&stop, &online),
            self.slow_rounds(&stop, &online)
        );
    }

    async fn slow_rounds(&self, stop: &CancellationToken, online: &Notify) {
        let mut tried: Vec<(Slow, i64)> = Vec::new();
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = online.notified() => self.slow_round(stop, &mut tried).await,
            }
        }
    }

    /// Says so on `reached` after each round in which a store could be reached.
    async fn order_rounds(&self, stop: &CancellationToken, reached: &Notify) {
        let mut failures = 0;
        loop {
            let online = self.order_round(stop).await;
            failures = if online { 0 } else { failures + 1 };
            if online {
                reached.notify_one();
            }
            let pause = self.pause_ms(failures);
            let pause = Duration::from_millis(u64::try_from(pause).unwrap_or(60_000));
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Until the next round: the setting while all is well, growing pauses while the line is down.
    fn pause_ms(&self, failures: i64) -> i64 {
        let setting = self.number_setting("pull_minutes", 1).clamp(1, 120) * 60_000;
        if failures == 0 {
            return setting;
        }
        // From the length of one round upwards; a computer that sleeps at night need not hammer in the morning.
        setting.max(back_off_ms(5 + failures, &self.0.chance))
    }

    pub(crate) fn number_setting(&self, key: &str, default: i64) -> i64 {
        let text = self.db().read(|c| storage::setting::get(c, key)).ok().flatten();
        text.and_then(|text| text.parse().ok()).unwrap_or(default)
    }

    fn pushes_by_itself(&self) -> bool {
        let text = self
            .db()
            .read(|c| storage::setting::get(c, "auto_push"))
            .ok()
            .flatten();
        text.as_deref() != Some("off")
    }

    /// Reads orders of all stores and pushes what is due. False when no store could be reached.
    async fn order_round(&self, stop: &CancellationToken) -> bool {
        let stores = match self.db().read(storage::store::all) {
            Ok(stores) => stores,
            Err(error) => {
                tracing::warn!(%error, "cannot read the stores");
                return true;
            }
        };
        let mut unreachable = 0;
        // What waited from earlier goes first; then each store's orders as soon as they are read, since reading another
        // store may take minutes at the pace its platform allows.
        self.push_round(stop).await;
        let mut pulls: JoinSet<bool> = JoinSet::new();
        for row in &stores {
            let (engine, store) = (self.clone(), row.store.id);
            pulls.spawn(async move {
                let outcome = engine.pull_orders(store).await;
                quiet("orders", store.0, outcome.map(|_| ()))
            });
        }
        loop {
            // What is cut off here was not stored yet, and is read again.
            let pulled = tokio::select! {
                () = stop.cancelled() => return true,
                pulled = pulls.join_next() => pulled,
            };
            let Some(pulled) = pulled else { break };
            unreachable += usize::from(pulled.unwrap_or_else(|error| {
                tracing::warn!(%error, "a reading of orders broke off");
                false
            }));
            self.print_round(stop).await;
            self.push_round(stop).await;
        }
        stores.is_empty() || unreachable < stores.len()
    }

    async fn push_round(&self, stop: &CancellationToken) {
        if self.pushes_by_itself() && !stop.is_cancelled() {
            quiet("push", 0, self.push_due().await.map(|_| ()));
        }
    }

    /// Sends what is to be printed and asks for what waits and how the printers are.
    async fn print_round(&self, stop: &CancellationToken) {
        if !stop.is_cancelled() {
            quiet("printers", 0, self.look_at_printers().await);
            quiet("print", 0, self.print_due().await.map(|_| ()));
        }
    }

    async fn slow_round(&self, stop: &CancellationToken, tried: &mut Vec<(Slow, i64)>) {
        let due = match self.slow_due(tried) {
            Ok(due) => due,
            Err(error) => {
                tracing::warn!(%error, "cannot see what is due");
                return;
            }
        };
        for work in due {
            if stop.is_cancelled() {
                return;
            }
            tried.retain(|(other, _)| *other != work);
            tried.push((work, self.now()));
            match work {
                Slow::Listings(store) => {
                    quiet("listings", store.0, self.pull_store(store).await.map(|_| ()));
                }
                Slow::Items(account) => {
                    quiet("items", account.0, self.pull_erp_items(account).await.map(|_| ()));
                }
                Slow::Reviews(store) => {
                    quiet("reviews", store.0, self.look_at_reviews(store).await.map(|_| ()));
                }
                Slow::Comparison(store) => {
                    quiet(
                        "comparison",
                        store.0,
                        self.compare_orders(store).await.map(|_| ()),
                    );
                }
                Slow::Backup => {
                    quiet("backup", 0, self.backup().await.map(|_| ()));
                }
            }
        }
    }

    /// What is due of the slow work, without what failed a short while ago. A store that was never read is left alone:
    /// its first reading belongs to the manager, who decides what is adopted.
    fn slow_due(&self, tried: &[(Slow, i64)]) -> Result<Vec<Slow>> {
        let now = self.now();
        let (stores, accounts) = self
            .db()
            .read(|c| Ok((storage::store::all(c)?, storage::account::all(c)?)))?;
        let backup_at = self.number_setting(crate::doctor::backup::LAST, 0);
        let mut due = Vec::new();
        if now - backup_at >= BACKUP_MS {
            due.push(Slow::Backup);
        }
        let listings = stores
            .iter()
            .filter(|row| row.listings_read_at.is_some_and(|at| now - at >= REFRESH_MS))
            .map(|row| Slow::Listings(row.store.id));
        due.extend(listings);
        let items = accounts
            .iter()
            .filter(|account| account.kind == AccountKind::Erp)
            .filter(|account| account.items_read_at.is_none_or(|at| now - at >= REFRESH_MS))
            .map(|account| Slow::Items(account.id));
        due.extend(items);
        due.extend(self.stores_in_review()?.into_iter().map(Slow::Reviews));
        for row in stores.iter().filter(|row| row.orders_read_at.is_some()) {
            let compared = self.orders_compared(row.store.id)?;
            // The first reading of a store is one already: a day later there is something to compare.
            let since = compared.map_or(row.created_at, |one| one.at);
            if now - since >= COMPARE_MS {
                due.push(Slow::Comparison(row.store.id));
            }
        }
        due.retain(|work| {
            !tried
                .iter()
                .any(|(other, at)| other == work && now - at < work.rest_ms())
        });
        Ok(due)
    }
}

/// Notes a failure without a word to the manager, since the pages show it; true when the other side was not reached.
fn quiet(what: &str, id: i64, outcome: Result<()>) -> bool {
    let Err(error) = outcome else {
        return false;
    };
    tracing::info!(what, id, code = error.code(), "a round did not come through");
    matches!(error, EngineError::Remote(RemoteError::Unreachable { .. }))
}

#[cfg(test)]
mod tests {
    use super::Slow;
    use crate::clock::{Chance, TokioClock};
    use crate::engine::{Connectors, Engine, EngineOptions};
    use async_trait::async_trait;
    use bytes::Bytes;
    use connect::gateway::Gateway;
    use connect::transport::{Transport, TransportError};
    use std::collections::BTreeMap;
    use std::sync::Arc;
    use storage::db::{Access, Db};

    struct Nobody;

    #[async_trait]
    impl Transport for Nobody {
        async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
            Err(TransportError::NotSent("nobody".to_owned()))
        }
    }

    fn engine(folder: &std::path::Path) -> Engine {
        Engine::new(EngineOptions {
            db: Arc::new(Db::open(folder, Access::Write, "test").unwrap()),
            connectors: Connectors {
                platforms: BTreeMap::new(),
                erps: BTreeMap::new(),
                printers: BTreeMap::new(),
                gateway: Gateway::new(Arc::new(Nobody), Arc::new(|| 0)),
            },
            vault: secrets::Vault::memory(),
            clock: Arc::new(TokioClock::starting_at(1_700_000_000_000)),
            chance: Chance::seeded(1),
            actor: "test".to_owned(),
        })
        .unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_backup_is_due_once_a_day_and_not_at_once_after_a_failure() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(folder.path());
        assert_eq!(engine.slow_due(&[]).unwrap(), [Slow::Backup]);
        assert!(
            engine
                .slow_due(&[(Slow::Backup, engine.now())])
                .unwrap()
                .is_empty()
        );
        engine.backup().await.unwrap();
        assert!(engine.slow_due(&[]).unwrap().is_empty());
        tokio::time::advance(std::time::Duration::from_hours(25)).await;
        assert_eq!(engine.slow_due(&[]).unwrap(), [Slow::Backup]);
        assert_eq!(engine.backups().unwrap().len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_while_the_line_is_down_and_follow_the_setting_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(folder.path());
        assert_eq!(engine.pause_ms(0), 60_000);
        let first = engine.pause_ms(1);
        let later = engine.pause_ms(4);
        assert!(first >= 60_000 && later >= 300_000, "{first} {later}");
        let set = engine
            .db()
            .write(|tx| storage::setting::set(tx, "pull_minutes", Some("5")));
        set.unwrap();
        assert_eq!(engine.pause_ms(0), 300_000);
    }

    #[tokio::test(start_paused = true)]
    async fn the_rounds_make_the_first_backup_and_end_when_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(folder.path());
        let mut events = engine.events().subscribe();
        let rounds = engine.start_rounds();
        events.recv().await.unwrap();
        rounds.stop().await;
        assert_eq!(engine.backups().unwrap().len(), 1);
    }
}
