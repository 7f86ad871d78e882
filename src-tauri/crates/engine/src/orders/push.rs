//! Pushing orders into the ERP with exactly-once effect.
//!
//! The order is marked `sending` and committed before the first byte leaves. What is found `sending` later (a crash, a
//! lost answer) is settled before anything is sent again: by looking it up, or by sending again where the ERP makes
//! one document of two uploads, or else by asking the manager. Nothing is ever sent twice on a guess.

use super::judge::{StoreKnowledge, Verdict};
use super::payload::ResolvedLine;
use super::send::{Place, Ready};
use super::states::Refusal;
use super::{BY_DEFAULT, NO_ERP, UNKNOWN_OUTCOME};
use crate::clock::back_off_ms;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::{Event, Tag};
use domain::id::{AccountId, StoreId};
use domain::order::{OrderState, PushState};
use domain::store::Store;
use serde::{Deserialize, Serialize};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
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
pub(super) enum Outcome {
    Pushed { healed: bool },
    Exception(String),
    Closed,
    Waiting,
}

/// What one order is by now.
enum Step {
    Done(Outcome),
    /// It can go to this place.
    Ready(Box<Ready>, Arc<Place>),
}

/// What a batch of orders needs, asked for once. A binding made meanwhile counts from the next batch on.
#[derive(Default)]
struct Round {
    known: HashMap<StoreId, StoreKnowledge>,
    places: HashMap<(AccountId, String), Arc<Place>>,
}

const BATCH: i64 = 200;
/// The keychain or the authorization is looked at again after this long.
const LOCKED_MS: i64 = 30_000;
/// An answer that was lost may still be on its way into the ERP's books: looking too early would find nothing.
pub(super) const SETTLE_MS: i64 = 5_000;

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
            let mut moved = false;
            for outcome in self.push_batch(due).await? {
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

    /// Settles, judges and sends a batch: orders of one branch go together, as many as the ERP takes in one call.
    async fn push_batch(&self, due: Vec<OrderRow>) -> Result<Vec<Outcome>> {
        let mut outcomes = Vec::with_capacity(due.len());
        let mut round = Round::default();
        let mut groups: BTreeMap<(AccountId, String), (Arc<Place>, Vec<Ready>)> = BTreeMap::new();
        for row in due {
            let (ready, place) = match self.prepare(row, &mut round).await? {
                Step::Done(outcome) => {
                    outcomes.push(outcome);
                    continue;
                }
                Step::Ready(ready, place) => (*ready, place),
            };
            let most = place.capabilities.orders_per_call;
            let key = (place.account, place.branch.clone());
            let (place, group) = groups.entry(key).or_insert_with(|| (place, Vec::new()));
            group.push(ready);
            if group.len() >= most {
                outcomes.extend(self.send(place, std::mem::take(group)).await?);
            }
        }
        for (place, group) in groups.into_values() {
            outcomes.extend(self.send(&place, group).await?);
        }
        Ok(outcomes)
    }

    async fn prepare(&self, row: OrderRow, round: &mut Round) -> Result<Step> {
        let store = self.db().read(|c| storage::store::get(c, row.store))?.store;
        if row.push_state == PushState::Sending
            && let Some(step) = self.settle(&row, &store, round).await?
        {
            return Ok(step);
        }
        let Some(account) = store.erp_account.filter(|_| !store.offline_code.is_empty()) else {
            let refusal = Refusal::own(NO_ERP, [("store", store.name.clone())]);
            return self.to_exception(&row, refusal).map(Step::Done);
        };
        let Some(place) = self.place(round, account, &store.offline_code).await? else {
            // It is certainly not in an ERP: it waits, and nothing is lost.
            return self.to_waiting(&row, LOCKED_MS).map(Step::Done);
        };
        if matches!(row.state, OrderState::Cancelled) || row.fully_refunded {
            return self.to_closed(&row).map(Step::Done);
        }
        if row.incomplete {
            return self.complete(&row).await.map(Step::Done);
        }
        let known = match round.known.entry(store.id) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(empty) => empty.insert(self.store_knowledge(&store, Some(account))?),
        };
        match self.judge(&row, known)? {
            Verdict::Failed(failed) => self.to_exception(&row, *failed).map(Step::Done),
            Verdict::Good(lines) => {
                let ready = Ready::of(&store, &place, row, lines, false)?;
                Ok(Step::Ready(Box::new(ready), place))
            }
        }
    }

    /// A branch of an ERP, asked for once in a round. `None` while its keychain or its authorization is missing.
    async fn place(&self, round: &mut Round, account: AccountId, branch: &str) -> Result<Option<Arc<Place>>> {
        let key = (account, branch.to_owned());
        if let Some(there) = round.places.get(&key) {
            return Ok(Some(there.clone()));
        }
        let service = self.db().read(|c| storage::account::get(c, account))?.service;
        let erp = self.erp(&service)?;
        let session = match self.account_session(account, branch).await {
            Ok(session) => session,
            Err(error) => {
                tracing::warn!(
                    code = error.code(),
                    account = account.0,
                    "orders wait for the ERP's credentials"
                );
                return Ok(None);
            }
        };
        let place = Arc::new(Place {
            account,
            branch: branch.to_owned(),
            capabilities: erp.capabilities(&session),
            erp,
            session,
        });
        round.places.insert(key, place.clone());
        Ok(Some(place))
    }

    /// Settles an order whose last push has no known outcome, at the ERP that it went to, wherever its store has moved
    /// since. `None` means that it is certainly not there.
    async fn settle(&self, row: &OrderRow, store: &Store, round: &mut Round) -> Result<Option<Step>> {
        let unknown = || {
            let refusal = Refusal::own(UNKNOWN_OUTCOME, [("number", row.number.clone())]);
            self.to_exception(row, refusal).map(Step::Done).map(Some)
        };
        let Some(account) = row.sent_to else {
            return unknown();
        };
        let Some(place) = self.place(round, account, &row.sent_branch).await? else {
            return self.keep_sending(row, LOCKED_MS).map(Step::Done).map(Some);
        };
        if place.capabilities.order_lookup {
            return match place.erp.find_order(&place.session, &row.number).await {
                Ok(Some(document)) => {
                    self.to_pushed(row, &document.number, "order.found_in_erp", &[])?;
                    Ok(Some(Step::Done(Outcome::Pushed { healed: false })))
                }
                Ok(None) => {
                    self.note(row, "order.not_in_erp", &[], "")?;
                    Ok(None)
                }
                Err(error) => {
                    self.note_outcome(account, Err(&error))?;
                    self.keep_sending(row, SETTLE_MS).map(Step::Done).map(Some)
                }
            };
        }
        if !place.capabilities.idempotent_upload {
            return unknown();
        }
        match self.as_sent(row)? {
            // The same once more: whether the first upload came or not, there is one document, and it is known then.
            Some(lines) => {
                let ready = Ready::of(store, &place, row.clone(), lines, true)?;
                Ok(Some(Step::Ready(Box::new(ready), place)))
            }
            None if store.erp_account == Some(account) => Ok(None),
            None => unknown(),
        }
    }

    /// The lines as they went; `None` when one of them has not kept what it was sent with.
    fn as_sent(&self, row: &OrderRow) -> Result<Option<Vec<ResolvedLine>>> {
        let rows = self.db().read(|c| storage::order::lines(c, row.id))?;
        let mut lines = Vec::with_capacity(rows.len());
        for line in rows {
            if line.sent_item_code.is_empty() {
                return Ok(None);
            }
            lines.push(ResolvedLine {
                data: self.booked(&line)?,
                listing_sku: line.listing_sku,
                sku: line.sku,
                healed: line.sku.is_none().then_some(BY_DEFAULT),
                line,
            });
        }
        Ok(Some(lines))
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
}
