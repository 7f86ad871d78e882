//! Queuing what a plan says and running it.

use super::delete::INTERRUPTED;
use super::outbox::{CODES, DELETE, LISTING, Ordered, PRICE, STOCK, TaskSubject};
use super::plan::Choices;
use super::report::SyncReport;
use super::steps::tasks;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use crate::jobs::Job;
use domain::id::{JobId, ProductId, StoreId, TaskId};
use std::collections::BTreeMap;
use storage::db::Tx;
use storage::task::{TaskRow, TaskState};

impl Engine {
    /// Plans stores (all when none is named), queues what is ticked and writes it to the platforms; gives what came of
    /// it. What an earlier run left open in these stores is settled and finished first.
    pub async fn sync_apply(&self, stores: &[StoreId], choices: &Choices) -> Result<SyncReport> {
        let (job, stores) = self.start_sync(stores)?;
        self.sync_in(job, &stores, Some(choices)).await
    }

    /// The same in the background; gives the job at once.
    pub fn sync_spawn(&self, stores: &[StoreId], choices: Choices) -> Result<JobId> {
        let (job, stores) = self.start_sync(stores)?;
        let (id, engine) = (job.id(), self.clone());
        tokio::spawn(async move {
            if let Err(error) = engine.sync_in(job, &stores, Some(&choices)).await {
                tracing::warn!(%error, job = id.0, "a sync ended early");
            }
        });
        Ok(id)
    }

    /// Settles and finishes what a crash, a dead authorization or a lost line left in the outbox of stores (all when
    /// none is named). Nothing new is planned.
    pub async fn sync_resume(&self, stores: &[StoreId]) -> Result<SyncReport> {
        let (job, stores) = self.start_sync(stores)?;
        self.sync_in(job, &stores, None).await
    }

    /// The manager says that products which a job could not write are gone from the platform for good: their stores are
    /// read again, which takes the dead bindings away, and the sync makes them anew (F71). Gives the new job.
    ///
    /// # Errors
    /// Refused as `nothing_to_make_anew` when the job has no such rejection.
    pub fn sync_anew(&self, of: JobId, cause: &str) -> Result<JobId> {
        let tasks = self.db().read(|c| storage::task::of_job(c, of))?;
        let gone = |task: &&TaskRow| {
            let known = self.rules().recognize(&task.raw);
            task.state == TaskState::Rejected && task.cause == cause && known.is_some_and(|known| known.anew)
        };
        let mut products: BTreeMap<StoreId, Vec<ProductId>> = BTreeMap::new();
        for task in tasks.iter().filter(gone) {
            let subject: TaskSubject = serde_json::from_str(&task.subject)?;
            products.entry(task.store).or_default().extend(subject.product);
        }
        if products.is_empty() {
            return Err(EngineError::refused("nothing_to_make_anew"));
        }
        let stores: Vec<StoreId> = products.keys().copied().collect();
        let (job, stores) = self.start_sync(&stores)?;
        let (id, engine) = (job.id(), self.clone());
        tokio::spawn(async move {
            if let Err(error) = engine.anew_in(job, &stores, &products).await {
                tracing::warn!(%error, job = id.0, "making products anew ended early");
            }
        });
        Ok(id)
    }

    async fn anew_in(
        &self,
        job: Job,
        stores: &[StoreId],
        products: &BTreeMap<StoreId, Vec<ProductId>>,
    ) -> Result<SyncReport> {
        let work = |store| async move {
            self.pull_store(store).await?;
            // What is bound nowhere any more is wanted there only when it is offered.
            if let Some(products) = products.get(&store) {
                self.offer_all(store, products)?;
            }
            Ok(())
        };
        match crate::abreast::one_by_one(stores, work).await {
            None => self.sync_in(job, stores, Some(&Choices::default())).await,
            Some(error) => {
                let id = job.id();
                self.end_writing(job, id, Some(error))
            }
        }
    }

    fn start_sync(&self, stores: &[StoreId]) -> Result<(Job, Vec<StoreId>)> {
        let stores = self.stores_meant(stores)?;
        let only = if let [only] = stores.as_slice() {
            Some(*only)
        } else {
            None
        };
        let names: Vec<String> = self
            .db()
            .read(storage::store::all)?
            .into_iter()
            .filter(|row| stores.contains(&row.store.id))
            .map(|row| row.store.name)
            .collect();
        let job = self.start_job("sync", only, 0, &serde_json::json!({ "store": names.join("、") }))?;
        Ok((job, stores))
    }

    async fn sync_in(&self, job: Job, stores: &[StoreId], choices: Option<&Choices>) -> Result<SyncReport> {
        let id = job.id();
        // One store whose authorization died must not keep the others waiting.
        let error = crate::abreast::one_by_one(stores, |store| self.sync_store(&job, store, choices)).await;
        self.end_writing(job, id, error)
    }

    /// Ends a job that wrote through the outbox; what it did not send is taken back when it was cancelled and stays
    /// queued otherwise.
    pub(crate) fn end_writing(&self, job: Job, id: JobId, error: Option<EngineError>) -> Result<SyncReport> {
        if matches!(error, Some(EngineError::Cancelled)) {
            let now = self.now();
            self.db()
                .write(|tx| storage::task::cancel_queued(tx, id, now).map_err(EngineError::from))?;
        }
        let report = self.sync_report(id)?;
        let outcome = error.map_or_else(|| Ok(report.clone()), Err);
        job.finish(&outcome)?;
        self.events()
            .changed(&[Tag::Listings, Tag::Bindings, Tag::Tasks, Tag::Stock]);
        outcome
    }

    async fn sync_store(&self, job: &Job, store: StoreId, choices: Option<&Choices>) -> Result<()> {
        if self.take_over(job, store)? > 0 {
            self.run_outbox(job, store).await?;
        }
        if let Some(choices) = choices {
            let library = self.library_facts()?;
            let facts = self.store_facts(store, &library)?;
            let tasks = tasks(&facts, choices, job.id())?;
            let kinds = [CODES, LISTING, PRICE, STOCK];
            match choices.products() {
                Some(products) => {
                    let now = self.now();
                    self.db().write(|tx| {
                        storage::task::cancel_of_products(tx, store, &kinds, &products, now)
                            .map_err(EngineError::from)
                    })?;
                    self.queue(job, &tasks)?;
                }
                None => self.queue_anew(job, store, &kinds, &tasks)?,
            }
            self.run_outbox(job, store).await?;
        }
        Ok(())
    }

    /// Puts tasks into the outbox in one transaction.
    pub(crate) fn queue(&self, job: &Job, tasks: &[Ordered]) -> Result<()> {
        let now = self.now();
        self.db().write(|tx| insert_ordered(tx, now, tasks))?;
        job.add_total(i64::try_from(tasks.len()).unwrap_or(i64::MAX));
        Ok(())
    }

    /// The same, in place of tasks of these kinds that still wait for one that an earlier run could not get through:
    /// they carry values of yesterday.
    pub(crate) fn queue_anew(
        &self,
        job: &Job,
        store: StoreId,
        kinds: &[&str],
        tasks: &[Ordered],
    ) -> Result<()> {
        let now = self.now();
        self.db()
            .write(|tx| storage::task::cancel_stuck(tx, store, kinds, now).map_err(EngineError::from))?;
        self.queue(job, tasks)
    }

    /// Takes the open tasks of a store over from jobs that do not run any more; gives how many.
    pub(crate) fn take_over(&self, job: &Job, store: StoreId) -> Result<usize> {
        let owners = self.db().read(|c| storage::task::open_jobs(c, store))?;
        let left: Vec<Option<JobId>> = owners
            .into_iter()
            .filter(|owner| owner.is_none_or(|owner| !self.is_running(owner)))
            .collect();
        if left.is_empty() {
            return Ok(0);
        }
        let now = self.now();
        let count = self.db().write(|tx| {
            let mut count = 0;
            for owner in left {
                storage::task::interrupt(tx, store, owner, DELETE, INTERRUPTED, now)?;
                count += storage::task::hand_over(tx, store, owner, job.id())?;
            }
            Ok::<_, EngineError>(count)
        })?;
        job.add_total(i64::try_from(count).unwrap_or(i64::MAX));
        Ok(count)
    }
}

fn insert_ordered(tx: &Tx<'_>, now: i64, tasks: &[Ordered]) -> Result<()> {
    let mut ids: Vec<TaskId> = Vec::with_capacity(tasks.len());
    for ordered in tasks {
        let id = storage::task::insert(tx, now, &ordered.task)?;
        for first in ordered.after.iter().filter_map(|at| ids.get(*at)) {
            storage::task::wait_for(tx, id, *first)?;
        }
        ids.push(id);
    }
    Ok(())
}
