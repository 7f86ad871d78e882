//! Taking a sync back: a job that writes the previous values.

use super::outbox::{LISTING, ListingTask, Ordered, PRICE, THEN_LISTING, THEN_PRICE, TaskSubject};
use super::report::SyncReport;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::jobs::Job;
use domain::id::{JobId, StoreId};
use std::collections::BTreeSet;
use storage::task::{NewTask, TaskRow, TaskState};

impl Engine {
    /// Writes the values back that a sync found, in one job; what it made is taken off the shelf. Stock is left alone:
    /// goods were sold since, and the next stock push sets it right. Groups and codes stay.
    pub async fn sync_undo(&self, of: JobId) -> Result<SyncReport> {
        let (job, tasks, stores) = self.start_undo(of)?;
        self.undo_in(job, &tasks, &stores).await
    }

    /// The same in the background; gives the job at once.
    pub fn sync_undo_spawn(&self, of: JobId) -> Result<JobId> {
        let (job, tasks, stores) = self.start_undo(of)?;
        let (id, engine) = (job.id(), self.clone());
        tokio::spawn(async move {
            if let Err(error) = engine.undo_in(job, &tasks, &stores).await {
                tracing::warn!(%error, job = id.0, "taking a sync back ended early");
            }
        });
        Ok(id)
    }

    fn start_undo(&self, of: JobId) -> Result<(Job, Vec<Ordered>, Vec<StoreId>)> {
        let row = self.db().read(|c| storage::job::get(c, of))?;
        if self.is_running(of) {
            return Err(EngineError::AlreadyRunning { kind: "sync" });
        }
        let done = self.db().read(|c| storage::task::of_job(c, of))?;
        // The latest first: of two writes to one field the older value is the one to end with.
        let meant: Vec<&TaskRow> = done.iter().rev().filter(|task| is_undoable(task)).collect();
        if meant.is_empty() {
            return Err(EngineError::refused("nothing_to_undo"));
        }
        let stores: BTreeSet<StoreId> = meant.iter().map(|task| task.store).collect();
        let job = self.start_job("undo_sync", row.store, 0, &serde_json::json!({ "undoes": of.0 }))?;
        let mut tasks = Vec::new();
        for task in meant {
            tasks.push(self.back(task, &job)?.into());
        }
        Ok((job, tasks, stores.into_iter().collect()))
    }

    fn back(&self, task: &TaskRow, job: &Job) -> Result<NewTask> {
        let mut subject: TaskSubject = serde_json::from_str(&task.subject)?;
        let (kind, priority) = if task.kind == LISTING {
            (LISTING, THEN_LISTING)
        } else {
            (PRICE, THEN_PRICE)
        };
        if kind == LISTING && subject.listing.is_none() {
            // What was made is bound by now: its row is found through the binding.
            let content: ListingTask = serde_json::from_str(&task.payload)?;
            for sku in content.skus {
                let places = self.db().read(|c| storage::listing::bound_places(c, sku))?;
                let place = places.iter().find(|row| row.store == task.store);
                subject.listing = subject.listing.or(place.map(|row| row.listing));
            }
        }
        Ok(NewTask {
            job: Some(job.id()),
            store: task.store,
            kind,
            priority,
            subject: serde_json::to_string(&subject)?,
            payload: task.previous.clone(),
            previous: task.payload.clone(),
            undoes: Some(task.id),
        })
    }

    async fn undo_in(&self, job: Job, tasks: &[Ordered], stores: &[StoreId]) -> Result<SyncReport> {
        let id = job.id();
        let error = match self.queue(&job, tasks) {
            Ok(()) => crate::abreast::one_by_one(stores, |store| self.run_outbox(&job, store)).await,
            Err(error) => Some(error),
        };
        self.end_writing(job, id, error)
    }
}

fn is_undoable(task: &TaskRow) -> bool {
    let taken = matches!(task.state, TaskState::Confirmed | TaskState::InReview);
    let known = match task.kind.as_str() {
        LISTING => serde_json::from_str::<ListingTask>(&task.previous).is_ok_and(|back| back.writes_fields()),
        PRICE => task.previous != "null",
        _ => false,
    };
    taken && known
}
