//! Refunds into the ERP: done ones with a quantity, of orders that are there. 退差单 are by design not pushed (F10).

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use connect::erp::ErpRefund;
use connect::error::{Effect, RemoteError};
use domain::money::Money;
use storage::order::RefundRow;

impl Engine {
    /// Pushes the refunds that are due. What fails stays due; a refund whose outcome is unknown is sent again only
    /// where the ERP makes one document of two uploads, else it stands as an open question on its order.
    pub(super) async fn push_refunds(&self) -> Result<usize> {
        let due = self.db().read(|c| storage::order::refunds_due(c, 500))?;
        let mut pushed = 0;
        for refund in due {
            pushed += usize::from(self.push_refund(&refund).await?);
        }
        Ok(pushed)
    }

    async fn push_refund(&self, refund: &RefundRow) -> Result<bool> {
        let order = self.db().read(|c| storage::order::get(c, refund.order))?;
        let store = self.db().read(|c| storage::store::get(c, order.store))?.store;
        let Some(account) = store.erp_account else {
            return Ok(false);
        };
        let service = self.db().read(|c| storage::account::get(c, account))?.service;
        let erp = self.erp(&service)?;
        let Ok(session) = self.account_session(account, &store.offline_code).await else {
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
            lines: Vec::new(),
        };
        let answer = erp.push_refund(&session, &document).await;
        self.note_erp(&session, answer.as_ref().map(|_| ()))?;
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
