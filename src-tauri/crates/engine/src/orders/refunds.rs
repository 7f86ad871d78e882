//! Refunds into the ERP: done ones with a quantity, of orders that are there. 退差单 are by design not pushed (F10).

use super::payload::erp_line;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use connect::erp::{ErpOrderLine, ErpRefund};
use connect::error::{Effect, RemoteError};
use connect::platform::{RemoteOrder, RemoteOrderLine, RemoteRefund};
use domain::money::Money;
use domain::number::RefundNumber;
use storage::error::StorageError;
use storage::order::{LineRow, OrderRow, RefundData, RefundRow};
use storage::product::SkuData;

/// The reason of a refund that is a cancellation.
const CANCELLED: &str = "订单已取消";

impl Engine {
    /// The order that a refund's number was made of, when that order is here (F20).
    pub fn refunded_order(&self, number: &str) -> Result<Option<RefundNumber>> {
        let connectors = &self.connectors().platforms;
        let prefixes: Vec<&str> = connectors
            .values()
            .map(|platform| platform.descriptor().order_prefix)
            .collect();
        let Some(parts) = domain::number::refund_number(number.trim(), &prefixes) else {
            return Ok(None);
        };
        let known = self.db().read(|c| storage::order::by_number(c, &parts.order))?;
        Ok((!known.is_empty()).then_some(parts))
    }

    /// Pushes the refunds that are due. What fails stays due; a refund whose outcome is unknown is sent again only
    /// where the ERP makes one document of two uploads, else it stands as an open question on its order.
    pub(super) async fn push_refunds(&self) -> Result<usize> {
        self.take_back_cancelled()?;
        let due = self.db().read(|c| storage::order::refunds_due(c, 500))?;
        let mut pushed = 0;
        for refund in due {
            pushed += usize::from(self.push_refund(&refund).await?);
        }
        Ok(pushed)
    }

    /// Gives every order that was cancelled after the ERP had it, and of which the platform tells no refund of the whole, a
    /// refund of our own: what was not given back before, by a number that is made of the order's (F20).
    fn take_back_cancelled(&self) -> Result<()> {
        let rows = self.db().read(storage::order::cancelled_in_books)?;
        for row in rows {
            let store = self.db().read(|c| storage::store::get(c, row.store))?.store;
            let prefix = self.platform(&store.platform)?.descriptor().order_prefix;
            let remote: RemoteOrder = serde_json::from_str(&row.payload)?;
            let done = remote.refunds.iter().filter(|refund| refund.done);
            let given: i64 = done.map(|refund| refund.amount.0).sum();
            let refund = RefundData {
                number: domain::number::cancellation(prefix, &row.number),
                at: remote.changed_at,
                amount_fen: remote.total.0 - given,
                full: true,
                done: true,
                difference_only: false,
                reason: CANCELLED.to_owned(),
            };
            self.db()
                .write(|tx| storage::order::add_refund(tx, row.id, &refund).map_err(EngineError::from))?;
        }
        Ok(())
    }

    async fn push_refund(&self, refund: &RefundRow) -> Result<bool> {
        let order = self.db().read(|c| storage::order::get(c, refund.order))?;
        // Its order's, wherever the store has moved since.
        let Some(account) = order.sent_to else {
            return Ok(false);
        };
        let service = self.db().read(|c| storage::account::get(c, account))?.service;
        let erp = self.erp(&service)?;
        let Ok(session) = self.account_session(account, &order.sent_branch).await else {
            return Ok(false);
        };
        if refund.push_state == "sending" && !erp.capabilities(&session).idempotent_upload {
            self.move_refund(refund, "exception", "", "refund.unknown", "")?;
            return Ok(false);
        }
        self.move_refund(refund, "sending", "", "", "")?;
        let document = ErpRefund {
            number: refund.data.number.clone(),
            order: order.number.clone(),
            amount: Money(refund.data.amount_fen),
            reason: refund.data.reason.clone(),
            lines: self.returned(&order, refund)?,
        };
        let answer = erp.push_refund(&session, &document).await;
        self.note_outcome(account, answer.as_ref().map(|_| ()))?;
        match answer {
            Ok(booked) => {
                self.move_refund(refund, "pushed", &booked.number, "refund.pushed", "")?;
                Ok(true)
            }
            Err(error) if error.effect() == Effect::Unknown => Ok(false),
            Err(RemoteError::Rejected { text, .. }) => {
                self.move_refund(refund, "exception", "", "refund.rejected", &text)?;
                Ok(false)
            }
            Err(_) => {
                self.move_refund(refund, "waiting", "", "", "")?;
                Ok(false)
            }
        }
    }

    /// What comes back, as the order was booked: of a whole order every line, less what came back before; else those that
    /// the platform names. Money alone where it names none, or one that the order does not have.
    fn returned(&self, order: &OrderRow, refund: &RefundRow) -> Result<Vec<ErpOrderLine>> {
        let remote: RemoteOrder = serde_json::from_str(&order.payload)?;
        let pieces = |line: &RemoteOrderLine, refunds: &dyn Fn(&RemoteRefund) -> bool| -> i64 {
            let meant = remote
                .refunds
                .iter()
                .filter(|one| refunds(one))
                .flat_map(|one| &one.lines);
            meant.filter(|one| one.means(line)).map(|one| one.quantity).sum()
        };
        let rows = self.db().read(|c| storage::order::lines(c, order.id))?;
        let mut returned = Vec::new();
        for row in rows {
            let line = remote_line(&row);
            let quantity = if refund.data.full {
                row.data.quantity - pieces(&line, &|one| one.done && !one.full)
            } else {
                pieces(&line, &|one| one.number == refund.data.number).min(row.data.quantity)
            };
            if quantity > 0 {
                returned.push(erp_line(&row.data, &self.booked(&row)?, quantity));
            }
        }
        Ok(returned)
    }

    /// What was sold, by the code that it was booked with; what one piece holds is asked of the library.
    pub(super) fn booked(&self, row: &LineRow) -> Result<SkuData> {
        let held = row
            .sku
            .map(|sku| self.db().read(|c| storage::product::sku_of(c, sku)));
        let mut data = match held {
            Some(Ok(data)) => data,
            // It was deleted since: a piece is one.
            None | Some(Err(StorageError::NotFound { .. })) => SkuData {
                base_quantity_milli: 1_000,
                ..SkuData::default()
            },
            Some(Err(error)) => return Err(error.into()),
        };
        if !row.sent_item_code.is_empty() {
            data.item_code.clone_from(&row.sent_item_code);
        }
        Ok(data)
    }

    fn move_refund(
        &self,
        refund: &RefundRow,
        state: &str,
        document: &str,
        event: &str,
        raw: &str,
    ) -> Result<()> {
        let now = self.now();
        self.db().write(|tx| {
            storage::order::set_refund(tx, refund.id, state, document)?;
            if !event.is_empty() {
                let params = [
                    ("number", refund.data.number.clone()),
                    ("document", document.to_owned()),
                ];
                storage::order::add_event(tx, refund.order, now, event, &params, raw)?;
            }
            Ok::<_, EngineError>(())
        })
    }
}

/// A stored line as the platform told it, as far as a refund names it.
fn remote_line(row: &LineRow) -> RemoteOrderLine {
    RemoteOrderLine {
        product_ref: row.data.product_ref.clone(),
        outer_sku_code: row.data.outer_sku_code.clone(),
        product_name: row.data.product_name.clone(),
        ..RemoteOrderLine::default()
    }
}
