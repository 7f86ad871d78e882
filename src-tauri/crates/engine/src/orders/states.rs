//! From one state of an order's way into the ERP to the next, each with its line in the order's timeline.

use super::BY_DEFAULT;
use super::push::Outcome;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use domain::order::OrderState;
use std::collections::BTreeMap;
use storage::exception::ExceptionRow;
use storage::order::OrderRow;

impl Engine {
    /// Its outcome stays unknown for now: it is asked for after a pause.
    pub(super) fn keep_sending(&self, row: &OrderRow, pause_ms: i64) -> Result<Outcome> {
        let later = self.now() + pause_ms;
        self.db()
            .write(|tx| storage::order::set_not_before(tx, row.id, later).map_err(EngineError::from))?;
        Ok(Outcome::Waiting)
    }

    pub(super) fn to_waiting(&self, row: &OrderRow, pause_ms: i64) -> Result<Outcome> {
        let not_before = self.now() + pause_ms;
        self.db()
            .write(|tx| storage::order::set_waiting(tx, row.id, not_before).map_err(EngineError::from))?;
        Ok(Outcome::Waiting)
    }

    pub(super) fn to_closed(&self, row: &OrderRow) -> Result<Outcome> {
        let reason = if row.state == OrderState::Cancelled {
            "cancelled"
        } else {
            "refunded"
        };
        let now = self.now();
        self.db().write(|tx| {
            storage::order::set_closed(tx, row.id, reason)?;
            storage::order::add_event(
                tx,
                row.id,
                now,
                "order.closed",
                &[("reason", reason.to_owned())],
                "",
            )
            .map_err(EngineError::from)
        })?;
        Ok(Outcome::Closed)
    }

    pub(super) fn to_pushed(
        &self,
        row: &OrderRow,
        document: &str,
        event: &str,
        healed: &[&'static str],
    ) -> Result<()> {
        let now = self.now();
        self.db().write(|tx| {
            storage::order::set_pushed(tx, row.id, now, document)?;
            // What is to be corrected is marked before what has corrected itself.
            let mark = healed.iter().find(|mark| **mark == BY_DEFAULT);
            if let Some(mark) = mark.or(healed.first()) {
                storage::order::set_healed(tx, row.id, mark)?;
                let event = if *mark == BY_DEFAULT {
                    "order.by_default"
                } else {
                    "order.healed"
                };
                storage::order::add_event(tx, row.id, now, event, &[("cause", (*mark).to_owned())], "")?;
            }
            storage::order::add_event(tx, row.id, now, event, &[("document", document.to_owned())], "")
                .map_err(EngineError::from)
        })
    }

    pub(super) fn note(
        &self,
        row: &OrderRow,
        event: &str,
        params: &[(&str, String)],
        raw: &str,
    ) -> Result<()> {
        let now = self.now();
        self.db().write(|tx| {
            storage::order::add_event(tx, row.id, now, event, params, raw).map_err(EngineError::from)
        })
    }

    pub(super) fn to_exception(&self, row: &OrderRow, refusal: Refusal) -> Result<Outcome> {
        let now = self.now();
        let cause = refusal.cause.clone();
        self.db().write(|tx| {
            let news = storage::exception::put(
                tx,
                &ExceptionRow {
                    order: row.id,
                    cause: refusal.cause,
                    group_key: refusal.group_key,
                    line: refusal.line,
                    listing_sku: refusal.listing_sku,
                    sku: refusal.sku,
                    params: refusal.params,
                    evidence: refusal.evidence,
                    raw: refusal.raw.clone(),
                    since: now,
                    same_failures: 1,
                    stopped: false,
                },
            )?;
            if news {
                storage::order::add_event(
                    tx,
                    row.id,
                    now,
                    "order.exception",
                    &[("cause", cause.clone())],
                    &refusal.raw,
                )?;
            }
            Ok::<_, EngineError>(())
        })?;
        Ok(Outcome::Exception(cause))
    }
}

/// Why an order is not taken, with everything the exception shows.
#[derive(Default)]
pub(super) struct Refusal {
    pub(super) cause: String,
    pub(super) group_key: String,
    pub(super) line: Option<domain::id::OrderLineId>,
    pub(super) listing_sku: Option<domain::id::ListingSkuId>,
    pub(super) sku: Option<domain::id::SkuId>,
    pub(super) params: BTreeMap<String, String>,
    pub(super) evidence: String,
    pub(super) raw: String,
}

impl Refusal {
    pub(super) fn own<const N: usize>(cause: &str, params: [(&str, String); N]) -> Self {
        let params: BTreeMap<String, String> = params.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        let behind: Vec<&str> = params.values().map(String::as_str).collect();
        let group_key = format!("{cause}|{}", behind.join("|"));
        Self {
            cause: cause.to_owned(),
            group_key,
            params,
            evidence: "{}".to_owned(),
            ..Self::default()
        }
    }

    /// A refusal that is about one thing without evidence of its own.
    pub(super) fn about(cause: &str, behind: &str) -> Self {
        Self::own(cause, [("name", behind.to_owned())])
    }
}
