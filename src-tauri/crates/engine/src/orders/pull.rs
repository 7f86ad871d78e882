//! Reading orders from a store, each stored once.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::{Event, Tag};
use connect::error::RemoteError;
use connect::platform::RemoteOrder;
use domain::id::StoreId;
use domain::order::OrderState;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use storage::order::{LineData, OrderData, RefundData, Stored};

/// What a reading of orders brought.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct OrdersPulled {
    /// Orders that were new.
    pub new: usize,
    /// Orders that changed.
    pub changed: usize,
    /// Orders read and already known as they are.
    pub same: usize,
    /// New orders that the reading before should have brought: they were placed well before it.
    #[serde(default)]
    pub late: usize,
}

/// Why the last pull of a store failed, as it is kept with the store: words by code and their values.
#[derive(Serialize, Deserialize)]
struct PullFailure {
    code: String,
    params: BTreeMap<String, String>,
}

/// Reads what is kept with a store about its last pull: words by code and their values, or nothing when it went well.
/// Earlier versions kept the platform's own text.
pub fn pull_failure(kept: &str) -> Option<(String, BTreeMap<String, String>)> {
    if kept.is_empty() {
        return None;
    }
    let failure: PullFailure = serde_json::from_str(kept).unwrap_or_else(|_| {
        let error = EngineError::from(RemoteError::Rejected {
            code: String::new(),
            text: kept.to_owned(),
        });
        PullFailure {
            code: format!("error.{}", error.code()),
            params: error.params(),
        }
    });
    Some((failure.code, failure.params))
}

/// Platforms show an order a while after it was placed; only after this long is one that was not shown a missing one.
const LATE_MS: i64 = 10 * 60_000;
/// A pull that does not come to an end has met a platform that repeats itself.
const ROUNDS: usize = 200;

impl Engine {
    /// Reads what is new or changed at stores (all when none is named), side by side.
    pub async fn pull_orders_of(&self, stores: &[StoreId]) -> Result<Vec<(StoreId, Result<OrdersPulled>)>> {
        let stores = self.stores_meant(stores)?;
        Ok(crate::abreast::side_by_side(&stores, |store| self.pull_orders(store)).await)
    }

    /// Reads what is new or changed at one store. A failure in the middle keeps what was stored: the cursor moves
    /// together with the orders it stands for.
    pub async fn pull_orders(&self, id: StoreId) -> Result<OrdersPulled> {
        let outcome = self.pull_orders_once(id).await;
        if let Err(EngineError::Remote(error)) = &outcome {
            let (code, params) = self.told(error.clone());
            let told = serde_json::to_string(&PullFailure { code, params })?;
            self.db()
                .write(|tx| storage::store::set_orders_error(tx, id, &told).map_err(EngineError::from))?;
            self.events().changed(&[Tag::Stores]);
        }
        outcome
    }

    async fn pull_orders_once(&self, id: StoreId) -> Result<OrdersPulled> {
        let pulled = self.read_orders(id, false).await?;
        if pulled.late > 0 {
            self.keep_comparison(id, &pulled)?;
        }
        Ok(pulled)
    }

    /// Reads orders from the store's cursor, which goes on with what is read; `anew` from the connector's own beginning, and
    /// the cursor stays where it is.
    pub(super) async fn read_orders(&self, id: StoreId, anew: bool) -> Result<OrdersPulled> {
        let row = self.db().read(|c| storage::store::get(c, id))?;
        let platform = self.platform(&row.store.platform)?;
        let session = self.store_session(id).await?;
        // A reading that broke off leaves the rest to the next one.
        let read_to = row.orders_read_at.filter(|_| row.orders_error.is_empty());
        let mut cursor = if anew { String::new() } else { row.order_cursor };
        let mut pulled = OrdersPulled::default();
        for _ in 0..ROUNDS {
            let answer = platform.orders(&session, &cursor).await;
            self.note_outcome(row.store.account, answer.as_ref().map(|_| ()))?;
            self.note_line(answer.as_ref().err());
            let batch = answer?;
            let at = self.now();
            let stored = self.db().write(|tx| {
                let mut stored = Vec::with_capacity(batch.orders.len());
                for order in &batch.orders {
                    let one = store_order(tx, id, at, order)?;
                    self.queue_slips(tx, at, id, one, order)?;
                    stored.push(one);
                }
                if !anew {
                    storage::store::set_orders_read(tx, id, at, &batch.cursor)?;
                }
                Ok::<_, EngineError>(stored)
            })?;
            for (one, order) in stored.iter().zip(&batch.orders) {
                match one {
                    Stored::New(_) => {
                        pulled.new += 1;
                        let due = read_to.is_some_and(|read| order.placed_at < read - LATE_MS);
                        pulled.late += usize::from(due);
                    }
                    Stored::Changed(_) => pulled.changed += 1,
                    Stored::Same(_) => pulled.same += 1,
                }
            }
            if !batch.more || batch.cursor == cursor {
                break;
            }
            cursor = batch.cursor;
        }
        if pulled.new + pulled.changed > 0 {
            self.close_withdrawn()?;
            self.events().changed(&[Tag::Orders, Tag::Exceptions]);
        }
        Ok(pulled)
    }

    /// Reads one order again (degraded detail, a manager who doubts).
    pub async fn reread_order(&self, store: StoreId, number: &str) -> Result<Stored> {
        let row = self.db().read(|c| storage::store::get(c, store))?;
        let platform = self.platform(&row.store.platform)?;
        let session = self.store_session(store).await?;
        let order = platform.order(&session, number).await?;
        let at = self.now();
        let stored = self.db().write(|tx| {
            let stored = store_order(tx, store, at, &order)?;
            self.queue_slips(tx, at, store, stored, &order)?;
            Ok::<_, EngineError>(stored)
        })?;
        self.events().changed(&[Tag::Orders]);
        Ok(stored)
    }

    pub(crate) fn note_line(&self, error: Option<&RemoteError>) {
        match error {
            None => self.events().send(Event::Connection { online: true }),
            Some(RemoteError::Unreachable { .. }) => self.events().send(Event::Connection { online: false }),
            Some(_) => {}
        }
    }
}

/// Stores a read order with its timeline.
pub(crate) fn store_order(
    tx: &storage::db::Tx<'_>,
    store: StoreId,
    at: i64,
    order: &RemoteOrder,
) -> Result<Stored> {
    let stored = storage::order::store(tx, store, at, &order_data(order)?)?;
    match stored {
        Stored::New(id) => {
            storage::order::add_event(
                tx,
                id,
                order.placed_at,
                "order.placed",
                &[("total", order.total.to_yuan())],
                "",
            )?;
            storage::order::add_event(tx, id, at, "order.read", &[], "")?;
        }
        Stored::Changed(id) => match order.state {
            OrderState::Cancelled => storage::order::add_event(tx, id, at, "order.cancelled", &[], "")?,
            _ if order.fully_refunded => storage::order::add_event(tx, id, at, "order.refunded", &[], "")?,
            OrderState::Completed => storage::order::add_event(tx, id, at, "order.completed", &[], "")?,
            _ => {}
        },
        Stored::Same(_) => {}
    }
    Ok(stored)
}

fn order_data(order: &RemoteOrder) -> Result<OrderData> {
    Ok(OrderData {
        number: order.number.clone(),
        day_seq: order.day_seq,
        state: order.state,
        placed_at: order.placed_at,
        changed_at: order.changed_at,
        total_fen: order.total.0,
        fully_refunded: order.fully_refunded,
        incomplete: order.incomplete,
        remark: order.remark.clone(),
        payload: serde_json::to_string(order)?,
        lines: order
            .lines
            .iter()
            .map(|line| LineData {
                product_ref: line.product_ref.clone(),
                outer_sku_code: line.outer_sku_code.clone(),
                product_name: line.product_name.clone(),
                spec_name: line.spec_name.clone(),
                barcode: line.barcode.clone(),
                quantity: line.quantity,
                price_fen: line.price.0,
            })
            .collect(),
        refunds: order
            .refunds
            .iter()
            .map(|refund| RefundData {
                number: refund.number.clone(),
                at: refund.at,
                amount_fen: refund.amount.0,
                full: refund.full,
                done: refund.done,
                difference_only: refund.difference_only,
                reason: refund.reason.clone(),
            })
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::{PullFailure, pull_failure};
    use std::collections::BTreeMap;

    #[test]
    fn a_kept_failure_is_words_and_an_older_one_keeps_its_text() {
        assert_eq!(pull_failure(""), None);
        let params = BTreeMap::from([("text".to_owned(), "授权已经过期".to_owned())]);
        let kept = PullFailure {
            code: "finding.F43".into(),
            params: params.clone(),
        };
        let kept = serde_json::to_string(&kept).unwrap();
        assert_eq!(pull_failure(&kept), Some(("finding.F43".into(), params.clone())));
        assert_eq!(
            pull_failure("授权已经过期"),
            Some(("error.rejected".into(), params))
        );
    }
}
