//! One call to the ERP with as many orders of a branch as it takes, and what its answer means for each of them.

use super::judge::place_refusal;
use super::payload::{ResolvedLine, erp_order};
use super::push::{Outcome, SETTLE_MS};
use super::states::Refusal;
use super::{BY_DEFAULT, UNKNOWN_OUTCOME, UNRECOGNIZED};
use crate::clock::back_off_ms;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use connect::erp::{Erp, ErpCapabilities, ErpDocument, ErpOrder};
use connect::error::{Effect, RemoteError};
use connect::session::Session;
use domain::id::AccountId;
use domain::rules::Retry;
use domain::store::Store;
use std::collections::BTreeMap;
use std::sync::Arc;
use storage::order::OrderRow;

/// A branch of an ERP account: what one call carries goes there.
pub(super) struct Place {
    pub(super) account: AccountId,
    pub(super) branch: String,
    pub(super) erp: Arc<dyn Erp>,
    pub(super) session: Session,
    pub(super) capabilities: ErpCapabilities,
}

/// An order that can go.
pub(super) struct Ready {
    row: OrderRow,
    order: ErpOrder,
    lines: Vec<ResolvedLine>,
    /// It went before with an outcome that nobody knows, to an ERP that makes one document of two uploads.
    again: bool,
}

impl Ready {
    pub(super) fn of(
        store: &Store,
        place: &Place,
        row: OrderRow,
        lines: Vec<ResolvedLine>,
        again: bool,
    ) -> Result<Self> {
        Ok(Self {
            order: erp_order(store, &place.branch, &row, &lines)?,
            row,
            lines,
            again,
        })
    }
}

impl Engine {
    /// Sends orders in one call. All are marked and committed before the first byte leaves; each gets its own outcome.
    pub(super) async fn send(&self, place: &Place, ready: Vec<Ready>) -> Result<Vec<Outcome>> {
        let taken = self.db().write(|tx| {
            let mut taken = Vec::with_capacity(ready.len());
            for one in ready {
                // What changed since it was judged is judged again first.
                if !storage::order::take(tx, &one.row, place.account, &place.branch)? {
                    continue;
                }
                for line in &one.lines {
                    storage::order::set_line(
                        tx,
                        line.line.id,
                        line.listing_sku,
                        line.sku,
                        &line.data.item_code,
                    )?;
                }
                taken.push(one);
            }
            Ok::<_, EngineError>(taken)
        })?;
        let (taken, orders): (Vec<_>, Vec<_>) = taken
            .into_iter()
            .map(|one| ((one.row, one.lines, one.again), one.order))
            .unzip();
        if orders.is_empty() {
            return Ok(Vec::new());
        }
        let answers = place.erp.push_orders(&place.session, &orders).await;
        if let Some(telling) = answers.iter().find(|answer| answer.is_ok()).or(answers.first()) {
            self.note_outcome(place.account, telling.as_ref().map(|_| ()))?;
        }
        // An order without an answer stays `sending` and is settled like one whose answer was lost.
        taken
            .iter()
            .zip(answers)
            .map(|((row, lines, again), answer)| self.answered(place, row, lines, *again, answer))
            .collect()
    }

    fn answered(
        &self,
        place: &Place,
        row: &OrderRow,
        lines: &[ResolvedLine],
        again: bool,
        answer: std::result::Result<ErpDocument, RemoteError>,
    ) -> Result<Outcome> {
        let pause = match answer {
            Ok(document) => {
                let healed: Vec<&'static str> = lines.iter().filter_map(|line| line.healed).collect();
                self.to_pushed(row, &document.number, "order.pushed", &healed)?;
                return Ok(Outcome::Pushed {
                    healed: healed.iter().any(|mark| *mark != BY_DEFAULT),
                });
            }
            Err(error) if error.effect() == Effect::Unknown => {
                self.note(row, "order.no_answer", &[], error.text())?;
                return self.keep_sending(row, SETTLE_MS);
            }
            Err(RemoteError::Throttled { wait, .. }) => {
                wait.map_or(2_000, |wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
            }
            Err(
                RemoteError::Unreachable { .. }
                | RemoteError::Busy { .. }
                | RemoteError::Expired { .. }
                | RemoteError::Refused { .. }
                | RemoteError::MissingCredential { .. },
            ) => back_off_ms(row.attempts, &self.0.chance),
            Err(error) => match self.refused_by_erp(place, row, lines, again, &error)? {
                Some(outcome) => return Ok(outcome),
                None => back_off_ms(row.attempts, &self.0.chance),
            },
        };
        if again {
            self.keep_sending(row, pause)
        } else {
            self.to_waiting(row, pause)
        }
    }

    /// The ERP understood and said no: the dictionary names the cause and the line it speaks of. `None` where the same
    /// may succeed later.
    fn refused_by_erp(
        &self,
        place: &Place,
        row: &OrderRow,
        lines: &[ResolvedLine],
        again: bool,
        error: &RemoteError,
    ) -> Result<Option<Outcome>> {
        let text = error.text().to_owned();
        let Some(known) = self.rules().recognize(&text) else {
            let refusal = Refusal {
                cause: UNRECOGNIZED.to_owned(),
                group_key: format!("{UNRECOGNIZED}|{text}"),
                raw: text,
                ..Refusal::default()
            };
            return self.to_exception(row, refusal).map(Some);
        };
        if matches!(known.retry, Retry::BackOff | Retry::Few) {
            return Ok(None);
        }
        let params: BTreeMap<String, String> = known.params.into_iter().collect();
        let refusal = place_refusal(&known.cause, params, text, lines, &place.branch);
        if refusal.cause == "F03"
            && let Some(code) = refusal.params.get("code")
        {
            self.db().write(|tx| {
                storage::erp_cache::mark_deleted(tx, place.account, code).map_err(EngineError::from)
            })?;
        }
        let store = self.db().read(|c| storage::store::get(c, row.store))?.store;
        if again && store.erp_account != Some(place.account) {
            // The first upload may be in the books all the same, and mending this one would send it to another ERP.
            return self
                .to_exception(
                    row,
                    Refusal::own(UNKNOWN_OUTCOME, [("number", row.number.clone())]),
                )
                .map(Some);
        }
        self.to_exception(row, refusal).map(Some)
    }
}
