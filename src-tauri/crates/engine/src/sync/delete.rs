//! 从平台删除: products are taken away on the platform for good, one task each. What was sent counts when it is read back
//! and not there any more; only then the listing is gone here, with its bindings dead as if the platform had lost it. The
//! library product stays, and its offer in that store goes off, so that the next sync does not make it anew.

use super::outbox::{DELETE, DeleteTask, Ordered, THEN_DELETE, TaskSubject};
use super::preflight::named;
use super::report::SyncReport;
use super::run::{Move, Run};
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::jobs::Job;
use connect::platform::ListingRef;
use domain::id::{JobId, ListingId, StoreId};
use std::collections::BTreeMap;
use storage::change::Changes;
use storage::offer::OfferPatch;
use storage::task::{NewTask, TaskRow, TaskState};

/// Cause of a deletion that a crash interrupted on its way: it is looked at and never sent again by itself.
pub(crate) const INTERRUPTED: &str = "delete_interrupted";

impl Engine {
    /// Deletes listings on their platforms; gives what came of it. Nothing of it stays queued: what was not sent when the
    /// work ends is not deleted.
    ///
    /// # Errors
    /// Refused as `nothing_chosen` when none of them is there any more, and as `delete_unsupported` when one of their
    /// platforms does not delete; then nothing is sent at all.
    pub async fn delete_listings(&self, listings: &[ListingId]) -> Result<SyncReport> {
        let (job, tasks) = self.start_deleting(listings)?;
        self.delete_in(job, tasks).await
    }

    /// The same in the background; gives the job at once.
    pub fn delete_listings_spawn(&self, listings: &[ListingId]) -> Result<JobId> {
        let (job, tasks) = self.start_deleting(listings)?;
        let (id, engine) = (job.id(), self.clone());
        tokio::spawn(async move {
            if let Err(error) = engine.delete_in(job, tasks).await {
                tracing::warn!(%error, job = id.0, "deleting ended early");
            }
        });
        Ok(id)
    }

    fn start_deleting(&self, listings: &[ListingId]) -> Result<(Job, BTreeMap<StoreId, Vec<Ordered>>)> {
        let mut meant = BTreeMap::new();
        for id in listings {
            let rows = self.db().read(|c| storage::listing::still_there(c, *id))?;
            if let Some(first) = rows.into_iter().next() {
                meant.insert(*id, first);
            }
        }
        let mut stores = BTreeMap::new();
        for row in meant.values() {
            stores
                .entry(row.store)
                .or_insert(self.db().read(|c| storage::store::get(c, row.store))?.store);
        }
        for store in stores.values() {
            if !self.store_capabilities(store.id)?.delete {
                let name = [("store", store.name.clone())];
                return Err(EngineError::refused_with("delete_unsupported", name));
            }
        }
        if meant.is_empty() {
            return Err(EngineError::refused("nothing_chosen"));
        }
        let only = stores.keys().next().copied().filter(|_| stores.len() == 1);
        let names: Vec<&str> = stores.values().map(|store| store.name.as_str()).collect();
        let job = self.start_job(
            "delete_listings",
            only,
            0,
            &serde_json::json!({ "store": names.join("、"), "count": meant.len() }),
        )?;
        let mut tasks: BTreeMap<StoreId, Vec<Ordered>> = BTreeMap::new();
        for (id, row) in meant {
            let spec = if row.sibling_count == 1 {
                row.spec_name.as_str()
            } else {
                ""
            };
            let subject = TaskSubject {
                listing: Some(id),
                name: named(&row.name, spec),
                ..TaskSubject::default()
            };
            let payload = DeleteTask {
                remote_id: row.listing_remote_id,
                outer_code: row.outer_code,
            };
            let task = NewTask {
                job: Some(job.id()),
                store: row.store,
                kind: DELETE,
                priority: THEN_DELETE,
                subject: serde_json::to_string(&subject)?,
                payload: serde_json::to_string(&payload)?,
                previous: "{}".to_owned(),
                undoes: None,
            };
            tasks.entry(row.store).or_default().push(task.into());
        }
        Ok((job, tasks))
    }

    async fn delete_in(&self, job: Job, tasks: BTreeMap<StoreId, Vec<Ordered>>) -> Result<SyncReport> {
        let id = job.id();
        let stores: Vec<StoreId> = tasks.keys().copied().collect();
        let (job_of_all, tasks) = (&job, &tasks);
        let delete = |store| async move {
            self.queue(job_of_all, tasks.get(&store).map_or(&[], Vec::as_slice))?;
            self.run_outbox(job_of_all, store).await
        };
        let error = crate::abreast::one_by_one(&stores, delete).await;
        // Nobody may find goods deleted days later because the line was down when it was asked for.
        let now = self.now();
        self.db()
            .write(|tx| storage::task::cancel_queued(tx, id, now).map_err(EngineError::from))?;
        self.end_writing(job, id, error)
    }
}

impl Run<'_> {
    pub(super) async fn send_deletions(&mut self, mut batch: Vec<TaskRow>) -> Result<()> {
        self.take(&mut batch)?;
        let meant = batch
            .iter()
            .map(|task| {
                let payload: DeleteTask = serde_json::from_str(&task.payload)?;
                Ok(ListingRef {
                    remote_id: payload.remote_id,
                    outer_code: payload.outer_code,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        let answer = self.platform.delete(&self.session, &meant).await;
        self.answered(batch, answer).await
    }

    /// What was read back as not there any more is gone here as well.
    pub(super) fn store_deleted<'t>(
        &self,
        tasks: impl Iterator<Item = &'t TaskRow>,
        moves: &[Move],
    ) -> Result<()> {
        let confirmed: Vec<_> = moves
            .iter()
            .filter(|(_, state, _)| *state == TaskState::Confirmed)
            .map(|(id, ..)| *id)
            .collect();
        let mut gone = Vec::new();
        for task in tasks.filter(|task| task.kind == DELETE && confirmed.contains(&task.id)) {
            let subject: TaskSubject = serde_json::from_str(&task.subject)?;
            gone.extend(subject.listing);
        }
        if gone.is_empty() {
            return Ok(());
        }
        let (now, store) = (self.engine.now(), self.store.id);
        let origin = self.engine.by_itself("sync", "batch.delete_listings");
        self.engine.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            for listing in gone {
                for row in storage::listing::of_listing(tx, listing)? {
                    let Some(sku) = row.bound_to else { continue };
                    // In a store without offers what is bound counts as offered, and what is gone does not.
                    if storage::offer::get(tx, store, sku)?.is_some() {
                        let off = OfferPatch {
                            on: Some(false),
                            ..OfferPatch::default()
                        };
                        storage::offer::put(&mut changes, store, sku, &off)?;
                    }
                }
                storage::listing::mark_gone(tx, listing, now)?;
            }
            changes.finish(false)?;
            Ok::<_, EngineError>(())
        })
    }
}
