//! Pushing orders into the ERP with exactly-once effect.
//!
//! The order is marked `sending` and committed before the first byte leaves. What is found `sending` later (a crash, a
//! lost answer) is settled before anything is sent again: by looking it up, or by sending again where the ERP makes
//! one document of two uploads, or else by asking the manager. Nothing is ever sent twice on a guess.

use super::judge::{StoreKnowledge, Verdict, place_refusal};
use super::payload::{ResolvedLine, erp_order};
use super::{NO_ERP, UNKNOWN_OUTCOME, UNRECOGNIZED};
use crate::clock::back_off_ms;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::{Event, Tag};
use connect::erp::{Erp, ErpCapabilities};
use connect::error::{Effect, RemoteError};
use connect::session::Session;
use domain::id::StoreId;
use domain::order::{OrderState, PushState};
use domain::rules::Retry;
use domain::store::Store;
use serde::{Deserialize, Serialize};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use storage::exception::ExceptionRow;
use storage::order::OrderRow;

/// What one round of pushing did.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PushReport {
    /// Orders now in the ERP.
    pub pushed: usize,
    /// Orders that became exceptions.
    pub exceptions: usize,
    /// Orders closed because they were cancelled or fully refunded while they waited.
    pub closed: usize,
    /// Orders that wait for another try.
    pub waiting: usize,
    /// Orders that were healed on the way.
    pub healed: usize,
}

/// How one order came out.
enum Outcome {
    Pushed { healed: bool },
    Exception(String),
    Closed,
    Waiting,
}

const BATCH: i64 = 200;
/// An answer that was lost may still be on its way into the ERP's books: looking too early would find nothing.
const SETTLE_MS: i64 = 5_000;

impl Engine {
    /// Pushes every order that is due, then the refunds that are due. One round runs at a time.
    pub async fn push_due(&self) -> Result<PushReport> {
        let _only_one = self.0.pushing.lock().await;
        let mut report = PushReport::default();
        let mut first_cause = String::new();
        self.close_withdrawn()?;
        loop {
            let now = self.now();
            let due = self.db().read(|c| storage::order::due(c, now, BATCH))?;
            if due.is_empty() {
                break;
            }
            let mut moved = false;
            // Read once per batch; a binding made meanwhile counts from the next batch on.
            let mut known: HashMap<StoreId, StoreKnowledge> = HashMap::new();
            for row in due {
                let outcome = self.push_one(&row, &mut known).await?;
                moved |= !matches!(outcome, Outcome::Waiting);
                match outcome {
                    Outcome::Pushed { healed } => {
                        report.pushed += 1;
                        report.healed += usize::from(healed);
                    }
                    Outcome::Exception(cause) => {
                        if report.exceptions == 0 {
                            first_cause = cause;
                        }
                        report.exceptions += 1;
                    }
                    Outcome::Closed => report.closed += 1,
                    Outcome::Waiting => report.waiting += 1,
                }
            }
            if !moved {
                break;
            }
        }
        self.push_refunds().await?;
        if report.exceptions > 0 {
            self.events().send(Event::NewExceptions {
                count: report.exceptions,
                cause: first_cause,
            });
        }
        if report != PushReport::default() {
            self.events().changed(&[Tag::Orders, Tag::Exceptions]);
        }
        Ok(report)
    }

    /// Closes orders that were cancelled or fully refunded before they reached the ERP. Orders whose push may be under
    /// way are left alone: their outcome is settled first.
    pub(crate) fn close_withdrawn(&self) -> Result<usize> {
        let now = self.now();
        self.db().write(|tx| {
            let ids = storage::order::withdrawn(tx, UNKNOWN_OUTCOME)?;
            for (id, cancelled) in &ids {
                let reason = if *cancelled { "cancelled" } else { "refunded" };
                storage::order::set_closed(tx, *id, reason)?;
                storage::order::add_event(
                    tx,
                    *id,
                    now,
                    "order.closed",
                    &[("reason", reason.to_owned())],
                    "",
                )?;
            }
            Ok::<_, EngineError>(ids.len())
        })
    }

    async fn push_one(
        &self,
        row: &OrderRow,
        known: &mut HashMap<StoreId, StoreKnowledge>,
    ) -> Result<Outcome> {
        let store = self.db().read(|c| storage::store::get(c, row.store))?.store;
        let Some(account) = store.erp_account.filter(|_| !store.offline_code.is_empty()) else {
            return self.to_exception(row, Refusal::own(NO_ERP, [("store", store.name.clone())]));
        };
        let service = self.db().read(|c| storage::account::get(c, account))?.service;
        let erp = self.erp(&service)?;
        let session = match self.account_session(account, &store.offline_code).await {
            Ok(session) => session,
            // The vault or the authorization, not the order: it waits, and nothing is lost.
            Err(error) => {
                tracing::warn!(
                    code = error.code(),
                    order = row.number,
                    "an order waits for the ERP's credentials"
                );
                return self.to_waiting(row, 30_000);
            }
        };
        let capabilities = erp.capabilities(&session);
        if row.push_state == PushState::Sending
            && let Some(outcome) = self.settle(row, &erp, &session, capabilities).await?
        {
            return Ok(outcome);
        }
        if matches!(row.state, OrderState::Cancelled) || row.fully_refunded {
            return self.to_closed(row);
        }
        if row.incomplete {
            return self.complete(row).await;
        }
        let known = match known.entry(store.id) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(empty) => empty.insert(self.store_knowledge(&store, Some(account))?),
        };
        match self.judge(row, known)? {
            Verdict::Failed(failed) => self.to_exception(row, *failed),
            Verdict::Good(lines) => self.send(row, &store, &lines, &erp, &session).await,
        }
    }

    /// Settles an order whose last push has no known outcome. `None` means that it is certainly not in the ERP, or that
    /// sending it again is harmless.
    async fn settle(
        &self,
        row: &OrderRow,
        erp: &Arc<dyn Erp>,
        session: &Session,
        capabilities: ErpCapabilities,
    ) -> Result<Option<Outcome>> {
        if capabilities.order_lookup {
            return match erp.find_order(session, &row.number).await {
                Ok(Some(document)) => {
                    self.to_pushed(row, &document.number, "order.found_in_erp", &[])?;
                    Ok(Some(Outcome::Pushed { healed: false }))
                }
                Ok(None) => {
                    self.note(row, "order.not_in_erp", &[], "")?;
                    Ok(None)
                }
                Err(error) => {
                    self.note_erp(session, Err(&error))?;
                    // Still unknown: it stays `sending` and is asked for again later.
                    self.keep_sending(row)?;
                    Ok(Some(Outcome::Waiting))
                }
            };
        }
        if capabilities.idempotent_upload {
            return Ok(None);
        }
        self.to_exception(
            row,
            Refusal::own(UNKNOWN_OUTCOME, [("number", row.number.clone())]),
        )
        .map(Some)
    }

    async fn send(
        &self,
        row: &OrderRow,
        store: &Store,
        lines: &[ResolvedLine],
        erp: &Arc<dyn Erp>,
        session: &Session,
    ) -> Result<Outcome> {
        let order = erp_order(store, row, lines)?;
        let taken = self.db().write(|tx| {
            let taken = storage::order::take(tx, row.id)?;
            for line in lines {
                storage::order::set_line(
                    tx,
                    line.line.id,
                    Some(line.listing_sku),
                    Some(line.sku),
                    &line.data.item_code,
                )?;
            }
            Ok::<_, EngineError>(taken)
        })?;
        if !taken {
            return Ok(Outcome::Waiting);
        }
        let answer = erp.push_order(session, &order).await;
        self.note_erp(session, answer.as_ref().map(|_| ()))?;
        match answer {
            Ok(document) => {
                let healed: Vec<&'static str> = lines.iter().filter_map(|line| line.healed).collect();
                self.to_pushed(row, &document.number, "order.pushed", &healed)?;
                Ok(Outcome::Pushed {
                    healed: !healed.is_empty(),
                })
            }
            Err(error) if error.effect() == Effect::Unknown => {
                self.note(row, "order.no_answer", &[], error.text())?;
                self.keep_sending(row)?;
                Ok(Outcome::Waiting)
            }
            Err(RemoteError::Throttled { wait, .. }) => {
                let wait = wait.map_or(2_000, |wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
                self.to_waiting(row, wait)
            }
            Err(
                RemoteError::Unreachable { .. }
                | RemoteError::Busy { .. }
                | RemoteError::Expired { .. }
                | RemoteError::Refused { .. }
                | RemoteError::MissingCredential { .. },
            ) => self.to_waiting(row, back_off_ms(row.attempts, &self.0.chance)),
            Err(error) => self.refused_by_erp(row, lines, &error, session),
        }
    }

    /// The ERP understood and said no: the dictionary names the cause and the line it speaks of.
    fn refused_by_erp(
        &self,
        row: &OrderRow,
        lines: &[ResolvedLine],
        error: &RemoteError,
        session: &Session,
    ) -> Result<Outcome> {
        let text = error.text().to_owned();
        let Some(known) = self.rules().recognize(&text) else {
            return self.to_exception(
                row,
                Refusal {
                    cause: UNRECOGNIZED.to_owned(),
                    group_key: format!("{UNRECOGNIZED}|{text}"),
                    raw: text,
                    ..Refusal::default()
                },
            );
        };
        if matches!(known.retry, Retry::BackOff | Retry::Few) {
            return self.to_waiting(row, back_off_ms(row.attempts, &self.0.chance));
        }
        let params: BTreeMap<String, String> = known.params.into_iter().collect();
        let refusal = place_refusal(&known.cause, params, text, lines, &session.remote_id);
        if refusal.cause == "F03"
            && let (Some(code), Some(account)) = (refusal.params.get("code"), self.erp_account_of(row)?)
        {
            self.db()
                .write(|tx| storage::erp_cache::mark_deleted(tx, account, code).map_err(EngineError::from))?;
        }
        self.to_exception(row, refusal)
    }

    async fn complete(&self, row: &OrderRow) -> Result<Outcome> {
        match self.reread_order(row.store, &row.number).await {
            Ok(_) => {}
            Err(EngineError::Remote(error)) => {
                tracing::debug!(%error, order = row.number, "still incomplete");
            }
            Err(error) => return Err(error),
        }
        let again = self.db().read(|c| storage::order::get(c, row.id))?;
        let pause = if again.incomplete {
            back_off_ms(row.attempts, &self.0.chance)
        } else {
            0
        };
        self.to_waiting(row, pause)
    }

    fn keep_sending(&self, row: &OrderRow) -> Result<()> {
        let later = self.now() + SETTLE_MS;
        self.db()
            .write(|tx| storage::order::set_not_before(tx, row.id, later).map_err(EngineError::from))
    }

    fn to_waiting(&self, row: &OrderRow, pause_ms: i64) -> Result<Outcome> {
        let not_before = self.now() + pause_ms;
        self.db()
            .write(|tx| storage::order::set_waiting(tx, row.id, not_before).map_err(EngineError::from))?;
        Ok(Outcome::Waiting)
    }

    fn to_closed(&self, row: &OrderRow) -> Result<Outcome> {
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

    fn to_pushed(&self, row: &OrderRow, document: &str, event: &str, healed: &[&'static str]) -> Result<()> {
        let now = self.now();
        self.db().write(|tx| {
            storage::order::set_pushed(tx, row.id, now, document)?;
            if let Some(first) = healed.first() {
                storage::order::set_healed(tx, row.id, first)?;
                storage::order::add_event(
                    tx,
                    row.id,
                    now,
                    "order.healed",
                    &[("cause", (*first).to_owned())],
                    "",
                )?;
            }
            storage::order::add_event(tx, row.id, now, event, &[("document", document.to_owned())], "")
                .map_err(EngineError::from)
        })
    }

    fn note(&self, row: &OrderRow, event: &str, params: &[(&str, String)], raw: &str) -> Result<()> {
        let now = self.now();
        self.db().write(|tx| {
            storage::order::add_event(tx, row.id, now, event, params, raw).map_err(EngineError::from)
        })
    }

    fn to_exception(&self, row: &OrderRow, refusal: Refusal) -> Result<Outcome> {
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

    fn erp_account_of(&self, row: &OrderRow) -> Result<Option<domain::id::AccountId>> {
        Ok(self
            .db()
            .read(|c| storage::store::get(c, row.store))?
            .store
            .erp_account)
    }

    pub(super) fn note_erp(
        &self,
        session: &Session,
        outcome: std::result::Result<(), &RemoteError>,
    ) -> Result<()> {
        // Sessions of ERPs carry the account's row id at the end of their pacing key.
        match session.account.rsplit('-').next().and_then(|id| id.parse().ok()) {
            Some(id) => self.note_outcome(domain::id::AccountId(id), outcome),
            None => Ok(()),
        }
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
    fn own<const N: usize>(cause: &str, params: [(&str, String); N]) -> Self {
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
