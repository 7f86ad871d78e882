//! 重推: one order, a cause group, or all; by a click, or by itself when what was missing is there now.

use super::UNKNOWN_OUTCOME;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use domain::id::{AccountId, OrderId, StoreId};
use domain::order::PushState;
use serde::{Deserialize, Serialize};
use storage::exception::{ExceptionRow, Which};
use storage::order::OrderRow;

/// Which of the exceptions are meant, as the page shows them. Nothing named means all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scope {
    /// Only orders of these stores (the store switch); empty means every store.
    pub stores: Vec<StoreId>,
    /// Only these orders (the ticked ones); empty means every order.
    pub orders: Vec<OrderId>,
}

impl Scope {
    fn holds(&self, order: &OrderRow) -> bool {
        (self.stores.is_empty() || self.stores.contains(&order.store))
            && (self.orders.is_empty() || self.orders.contains(&order.id))
    }
}

/// What a repush did.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct RepushReport {
    /// Order numbers now in the ERP.
    pub pushed: Vec<String>,
    /// Order numbers that are exceptions again, with their cause.
    pub failed: Vec<(String, String)>,
    /// Order numbers that wait for the line or the ERP.
    pub waiting: Vec<String>,
    /// Order numbers that were closed meanwhile.
    pub closed: Vec<String>,
    /// Orders left out because only a person may decide about them (结果未知).
    pub undecided: usize,
}

impl RepushReport {
    /// Adds what another repush did.
    pub fn absorb(&mut self, other: Self) {
        self.failed.retain(|(number, _)| !other.pushed.contains(number));
        self.pushed.extend(other.pushed);
        self.failed.extend(other.failed);
        self.waiting.extend(other.waiting);
        self.closed.extend(other.closed);
        self.undecided += other.undecided;
    }
}

impl Engine {
    /// Repushes exceptions now and tells how each came out. Orders with an unknown outcome are left out; they go only
    /// by [`Engine::repush_order`], by their number.
    pub async fn repush(&self, which: &Which) -> Result<RepushReport> {
        self.repush_in(which, &Scope::default()).await
    }

    /// [`Engine::repush`] within a scope.
    pub async fn repush_in(&self, which: &Which, scope: &Scope) -> Result<RepushReport> {
        let meant = self.exceptions_in(which, scope)?.into_iter().map(|(row, _)| row);
        let (undecided, meant): (Vec<_>, Vec<_>) = meant.partition(|row| row.cause == UNKNOWN_OUTCOME);
        if meant
            .iter()
            .any(|row| matches!(row.cause.as_str(), "F03" | "F01d"))
        {
            // Judged by the cached item list; the manager may have mended the ERP itself.
            self.refresh_erp_items().await;
        }
        let ids: Vec<OrderId> = meant.iter().map(|row| row.order).collect();
        let mut report = self.repush_ids(&ids).await?;
        report.undecided = undecided.len();
        Ok(report)
    }

    /// Repushes one order because the manager says so, also when its outcome was unknown: then the manager has looked
    /// and knows that the ERP does not have it.
    pub async fn repush_order(&self, id: OrderId) -> Result<RepushReport> {
        let row = self.db().read(|c| storage::order::get(c, id))?;
        match row.push_state {
            PushState::Pushed => Err(EngineError::refused_with(
                "order_in_erp",
                [("document", row.document)],
            )),
            PushState::Closed => Err(EngineError::refused_with(
                "order_closed",
                [("reason", row.closed_reason)],
            )),
            PushState::Waiting | PushState::Sending | PushState::Exception => self.repush_ids(&[id]).await,
        }
    }

    /// Repushes the orders that the manager ticked, also those with an unknown outcome. Of several, those that went or
    /// were closed meanwhile are only told; a single one is refused then, as [`Engine::repush_order`] does.
    pub async fn repush_orders(&self, ids: &[OrderId]) -> Result<RepushReport> {
        match ids {
            [only] => self.repush_order(*only).await,
            several => self.repush_ids(several).await,
        }
    }

    /// Exceptions within a scope, oldest order first, each with its order.
    pub(super) fn exceptions_in(
        &self,
        which: &Which,
        scope: &Scope,
    ) -> Result<Vec<(ExceptionRow, OrderRow)>> {
        self.db()
            .read(|c| {
                let mut rows = Vec::new();
                for exception in storage::exception::list(c, which)? {
                    let order = storage::order::get(c, exception.order)?;
                    if scope.holds(&order) {
                        rows.push((exception, order));
                    }
                }
                Ok(rows)
            })
            .map_err(EngineError::from)
    }

    pub(super) async fn refresh_erp_items(&self) {
        let accounts = self.db().read(storage::account::all).unwrap_or_default();
        for account in accounts
            .iter()
            .filter(|a| a.kind == storage::account::AccountKind::Erp)
        {
            if let Err(error) = self.pull_erp_items(account.id).await {
                tracing::warn!(%error, account = account.id.0, "the ERP's items could not be read before a repush");
            }
        }
    }

    pub(super) async fn repush_ids(&self, ids: &[OrderId]) -> Result<RepushReport> {
        let now = self.now();
        self.db().write(|tx| {
            for id in ids {
                // Failures keep counting while the order fails the same way, but a person's click is a new beginning.
                storage::exception::restart(tx, *id)?;
                match storage::order::get(tx, *id)?.push_state {
                    PushState::Pushed | PushState::Closed => continue,
                    PushState::Sending => {}
                    PushState::Waiting | PushState::Exception => {
                        storage::order::set_waiting(tx, *id, 0)?;
                    }
                }
                storage::order::add_event(tx, *id, now, "order.repush", &[], "")?;
            }
            Ok::<_, EngineError>(())
        })?;
        self.push_due().await?;
        let mut report = RepushReport::default();
        for id in ids {
            let row = self.db().read(|c| storage::order::get(c, *id))?;
            match row.push_state {
                PushState::Pushed => report.pushed.push(row.number),
                PushState::Closed => report.closed.push(row.number),
                PushState::Waiting | PushState::Sending => report.waiting.push(row.number),
                PushState::Exception => {
                    let cause = self
                        .db()
                        .read(|c| storage::exception::get(c, *id))?
                        .map(|e| e.cause)
                        .unwrap_or_default();
                    report.failed.push((row.number, cause));
                }
            }
        }
        Ok(report)
    }

    /// Puts exceptions back in the queue because something they wait for may be there now. Those that failed three
    /// times the same way stay, unless the change is about the very thing they wait for. Gives how many went.
    pub(crate) fn repush_waiting(&self, which: &Which) -> Result<usize> {
        let go = self.released_by(which)?;
        self.requeue(&go, is_about_them(which))?;
        Ok(go.len())
    }

    /// The exceptions that a change may let go by itself.
    pub(super) fn released_by(&self, which: &Which) -> Result<Vec<OrderId>> {
        let meant = self.db().read(|c| storage::exception::list(c, which))?;
        Ok(meant
            .iter()
            .filter(|row| row.cause != UNKNOWN_OUTCOME && (is_about_them(which) || !row.stopped))
            .map(|row| row.order)
            .collect())
    }

    /// Exceptions whose item code is in the ERP (again) go back in the queue (F03, F01d).
    pub(crate) fn repush_for_known_codes(&self, account: AccountId) -> Result<usize> {
        let go = self.db().read(|c| {
            let codes = storage::erp_cache::codes(c, account)?;
            let mut go = Vec::new();
            for cause in ["F03", "F01d"] {
                for row in storage::exception::list(c, &Which::Cause(cause.to_owned()))? {
                    let Some(sku) = row.sku else { continue };
                    let code = storage::product::sku_of(c, sku)?.item_code;
                    if codes.get(&code) == Some(&false) {
                        go.push(row.order);
                    }
                }
            }
            Ok(go)
        })?;
        self.requeue(&go, true)?;
        Ok(go.len())
    }

    fn requeue(&self, ids: &[OrderId], restart: bool) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        self.db().write(|tx| {
            for id in ids {
                if restart {
                    storage::exception::restart(tx, *id)?;
                }
                storage::order::set_waiting(tx, *id, 0)?;
            }
            Ok::<_, EngineError>(())
        })?;
        self.events().changed(&[Tag::Orders, Tag::Exceptions]);
        Ok(())
    }
}

/// Whether a change names the very thing that the exceptions wait for.
fn is_about_them(which: &Which) -> bool {
    matches!(which, Which::Sku(_) | Which::ListingSku(_) | Which::Cause(_))
}
