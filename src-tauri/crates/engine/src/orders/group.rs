//! One remedy for a whole cause: every different thing is mended once, all local edits are one undoable batch, and what
//! waited goes in one repush.

use super::UNKNOWN_OUTCOME;
use super::remedy::{edit, is_edit, remedies_for, remedy_kind};
use super::repush::{RepushReport, Scope};
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use domain::finding::Remedy;
use domain::id::{BatchId, ListingSkuId, OrderId, SkuId, StoreId};
use domain::order::PushState;
use std::collections::{BTreeMap, BTreeSet};
use storage::change::Changes;
use storage::error::StorageError;
use storage::exception::{ExceptionRow, Which};
use storage::order::OrderRow;

/// What fixing a whole cause did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FixReport {
    /// The undoable batch of all local edits, when there were any.
    pub batch: Option<BatchId>,
    /// Different things mended.
    pub fixed: usize,
    /// Things that need the manager: their order numbers with the cause.
    pub left: Vec<(String, String)>,
    /// Orders pushed again.
    pub repush: RepushReport,
}

/// What is to be done for a group, each thing once.
#[derive(Default)]
struct Work {
    edits: Vec<Chosen>,
    reads: BTreeSet<StoreId>,
    runs: Vec<Chosen>,
}

/// A remedy with the exception that asked for it first, and that order's number.
struct Chosen {
    remedy: Remedy,
    exception: ExceptionRow,
    number: String,
}

impl Engine {
    /// The sure remedies of a cause (of one kind when it is named), run for every exception in the scope: each different
    /// thing once. What no remedy can do alone is left for the manager.
    pub async fn fix_cause(&self, cause: &str, kind: Option<&str>, scope: &Scope) -> Result<FixReport> {
        let rows = self.exceptions_in(&Which::Cause(cause.to_owned()), scope)?;
        let mut report = FixReport::default();
        let work = self.work_on(&rows, kind, &mut report)?;
        let mut ids: BTreeSet<OrderId> = rows
            .iter()
            .filter(|(row, _)| row.cause != UNKNOWN_OUTCOME)
            .map(|(row, _)| row.order)
            .collect();
        report.repush.undecided = rows.len() - ids.len();
        for which in self.edit_as_one(&work.edits, &mut report)? {
            ids.extend(self.released_by(&which)?);
        }
        for store in work.reads {
            // A store that cannot be read must not stop the others; its orders fail again and say so.
            match self.pull_store(store).await {
                Ok(_) => report.fixed += 1,
                Err(error) => {
                    tracing::warn!(%error, store = store.0, "a store was not read for its exceptions");
                }
            }
        }
        for one in work.runs {
            if let Remedy::VerifyErpSwitch { store } = one.remedy {
                for (row, _) in rows.iter().filter(|(_, order)| order.store == store) {
                    ids.remove(&row.order);
                }
            }
            self.run_in_group(one, scope, &mut report).await?;
        }
        if matches!(cause, "F03" | "F01d") && !report.left.is_empty() {
            // Judged by the cached item list; the manager may have mended the ERP itself.
            self.refresh_erp_items().await;
        }
        let open = self.still_open(ids)?;
        report.repush.absorb(self.repush_ids(&open).await?);
        self.events().changed(&[
            Tag::Orders,
            Tag::Exceptions,
            Tag::Products,
            Tag::Bindings,
            Tag::Stores,
            Tag::Findings,
        ]);
        Ok(report)
    }

    fn work_on(
        &self,
        rows: &[(ExceptionRow, OrderRow)],
        kind: Option<&str>,
        report: &mut FixReport,
    ) -> Result<Work> {
        let mut work = Work::default();
        let mut known: BTreeSet<String> = BTreeSet::new();
        // Two platform SKUs of a store may both look like one of ours: the first one gets it.
        let mut given: BTreeMap<(StoreId, SkuId), ListingSkuId> = BTreeMap::new();
        for (row, order) in rows {
            let remedies = remedies_for(self, row, order.store)?;
            let chosen = remedies
                .into_iter()
                .find(|remedy| Self::is_sure(remedy) && kind.is_none_or(|kind| remedy_kind(remedy) == kind));
            let Some(remedy) = chosen else {
                report.left.push((order.number.clone(), row.cause.clone()));
                continue;
            };
            if let Remedy::Bind { listing_sku, sku } = remedy
                && *given.entry((order.store, sku)).or_insert(listing_sku) != listing_sku
            {
                report.left.push((order.number.clone(), row.cause.clone()));
                continue;
            }
            match &remedy {
                Remedy::Reread { store } | Remedy::SweepOrphans { store } => {
                    work.reads.insert(*store);
                    continue;
                }
                // Goes with all the others at the end; an unknown outcome never goes with a group.
                Remedy::Repush { .. } => continue,
                Remedy::AdoptOrderText { .. } => {
                    work.reads.insert(order.store);
                }
                _ => {}
            }
            if known.insert(serde_json::to_string(&remedy)?) {
                let list = if is_edit(&remedy) {
                    &mut work.edits
                } else {
                    &mut work.runs
                };
                list.push(Chosen {
                    remedy,
                    exception: row.clone(),
                    number: order.number.clone(),
                });
            }
        }
        Ok(work)
    }

    /// Does the local edits as one batch; gives what waits for them. One that is refused is left for the manager and
    /// stops no other.
    fn edit_as_one(&self, edits: &[Chosen], report: &mut FixReport) -> Result<Vec<Which>> {
        if edits.is_empty() {
            return Ok(Vec::new());
        }
        let origin = self.by_user("batch.fix_exceptions");
        let mut waits = Vec::new();
        let batch = self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            for one in edits {
                let done = tx.attempt(|| edit(&mut changes, origin.at, &one.remedy, &one.exception))?;
                match done {
                    Ok(which) => {
                        report.fixed += 1;
                        waits.extend(which);
                    }
                    Err(error) if is_about_one(&error) => {
                        tracing::warn!(%error, order = one.number, "a remedy did not run");
                        report
                            .left
                            .push((one.number.clone(), one.exception.cause.clone()));
                    }
                    Err(error) => return Err(error),
                }
            }
            let batch = changes.id();
            Ok((changes.finish(false)? > 0).then_some(batch))
        })?;
        report.batch = batch;
        Ok(waits)
    }

    async fn run_in_group(&self, one: Chosen, scope: &Scope, report: &mut FixReport) -> Result<()> {
        let done = match one.remedy {
            Remedy::VerifyErpSwitch { store } => self.verify_erp_switch(store, scope).await,
            ref other => self.run_remedy(other).await.map(|outcome| {
                report.batch = report.batch.or(outcome.batch);
                outcome.repush
            }),
        };
        match done {
            Ok(repush) => {
                report.fixed += 1;
                report.repush.absorb(repush);
                Ok(())
            }
            Err(error) if is_about_one(&error) => {
                tracing::warn!(%error, order = one.number, "a remedy did not run");
                report.left.push((one.number, one.exception.cause));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn still_open(&self, ids: BTreeSet<OrderId>) -> Result<Vec<OrderId>> {
        let mut open = Vec::new();
        for id in ids {
            let state = self.db().read(|c| storage::order::get(c, id))?.push_state;
            if !matches!(state, PushState::Pushed | PushState::Closed) {
                open.push(id);
            }
        }
        Ok(open)
    }
}

/// Whether a failure concerns the one thing only, so that the others may go on.
fn is_about_one(error: &EngineError) -> bool {
    !matches!(
        error,
        EngineError::Storage(
            StorageError::DiskFull
                | StorageError::Damaged(_)
                | StorageError::Sqlite(_)
                | StorageError::Io(_)
                | StorageError::InUse { .. }
        ) | EngineError::Cancelled
    )
}
