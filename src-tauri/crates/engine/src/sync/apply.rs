//! Queuing what a plan says and running it.

use super::facts::StoreFacts;
use super::outbox::{
    AFTER_CODES, GROUP, GroupTask, LISTING, ListingTask, PRICE, PriceTask, STOCK, STOCK_FIRST, StockTask,
    THEN_GROUP, THEN_LISTING, THEN_PRICE, TaskSubject,
};
use super::plan::{Choices, planned};
use super::preflight::named;
use super::report::SyncReport;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use crate::jobs::Job;
use connect::platform::{ListingWrite, SkuWrite};
use domain::id::{JobId, StoreId};
use domain::listing::{Listing, ListingSku};
use domain::plan::ProductWrite;
use storage::task::NewTask;

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

    async fn sync_in(
        &self,
        mut job: Job,
        stores: &[StoreId],
        choices: Option<&Choices>,
    ) -> Result<SyncReport> {
        let id = job.id();
        let mut first_error = None;
        for store in stores {
            // One store whose authorization died must not keep the others waiting.
            match self.sync_store(&mut job, *store, choices).await {
                Ok(()) => {}
                Err(EngineError::Cancelled) => {
                    first_error = Some(EngineError::Cancelled);
                    break;
                }
                Err(error) => {
                    tracing::warn!(%error, store = store.0, "a store could not be synced to the end");
                    first_error = first_error.or(Some(error));
                }
            }
        }
        self.end_writing(job, id, first_error)
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

    async fn sync_store(&self, job: &mut Job, store: StoreId, choices: Option<&Choices>) -> Result<()> {
        if self.take_over(job, store)? > 0 {
            self.run_outbox(job, store).await?;
        }
        if let Some(choices) = choices {
            let library = self.library_facts()?;
            let facts = self.store_facts(store, &library)?;
            let tasks = tasks(&facts, choices, job.id())?;
            self.queue(job, &tasks)?;
            self.run_outbox(job, store).await?;
        }
        Ok(())
    }

    /// Puts tasks into the outbox in one transaction.
    pub(crate) fn queue(&self, job: &Job, tasks: &[NewTask]) -> Result<()> {
        let now = self.now();
        self.db().write(|tx| {
            for task in tasks {
                storage::task::insert(tx, now, task)?;
            }
            Ok::<_, EngineError>(())
        })?;
        job.add_total(i64::try_from(tasks.len()).unwrap_or(i64::MAX));
        Ok(())
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
        let count = self.db().write(|tx| {
            let mut count = 0;
            for owner in left {
                count += storage::task::hand_over(tx, store, owner, job.id())?;
            }
            Ok::<_, EngineError>(count)
        })?;
        job.add_total(i64::try_from(count).unwrap_or(i64::MAX));
        Ok(count)
    }
}

/// The tasks of a store's plan.
fn tasks(facts: &StoreFacts, choices: &Choices, job: JobId) -> Result<Vec<NewTask>> {
    let (plan, writes) = planned(facts, choices);
    let mut queue = Queue {
        facts,
        job,
        tasks: Vec::new(),
    };
    for (path, sequence) in plan.plan.new_groups.iter().zip(facts.groups.len() + 1..) {
        let payload = GroupTask {
            path: path.clone(),
            sequence: i64::try_from(sequence).unwrap_or(i64::MAX),
        };
        let subject = TaskSubject {
            name: path.join("/"),
            ..TaskSubject::default()
        };
        queue.add(GROUP, THEN_GROUP, &subject, &payload, &serde_json::json!({}))?;
    }
    for write in &writes {
        queue.product(write)?;
    }
    Ok(queue.tasks)
}

struct Queue<'a> {
    facts: &'a StoreFacts,
    job: JobId,
    tasks: Vec<NewTask>,
}

impl Queue<'_> {
    fn add(
        &mut self,
        kind: &'static str,
        priority: i64,
        subject: &TaskSubject,
        payload: &impl serde::Serialize,
        previous: &impl serde::Serialize,
    ) -> Result<()> {
        self.tasks.push(NewTask {
            job: Some(self.job),
            store: self.facts.store().id,
            kind,
            priority,
            subject: serde_json::to_string(subject)?,
            payload: serde_json::to_string(payload)?,
            previous: serde_json::to_string(previous)?,
            undoes: None,
        });
        Ok(())
    }

    fn product(&mut self, write: &ProductWrite) -> Result<()> {
        let facts = self.facts;
        let listing = write.listing.and_then(|id| facts.listing(id));
        let product = facts
            .library
            .products
            .iter()
            .find(|product| product.id == write.product);
        let name = product.map(|product| product.name.clone()).unwrap_or_default();
        let subject = TaskSubject {
            product: Some(write.product),
            listing: write.listing,
            name: name.clone(),
            ..TaskSubject::default()
        };
        let content = content(write, listing);
        let no_code = |sku: Option<&ListingSku>| {
            sku.is_some_and(|sku| sku.outer_sku_code.is_empty())
                || listing.is_some_and(|l| l.outer_code.is_empty())
        };
        let codes = write.skus.iter().any(|sku| no_code(there(listing, sku)));
        if content.writes_fields() || codes {
            let previous = previous(&content, listing, facts);
            self.add(LISTING, THEN_LISTING, &subject, &content, &previous)?;
        }
        for sku in &write.skus {
            let Some(there) = there(listing, sku) else {
                continue;
            };
            let spec = product.and_then(|p| p.skus.iter().find(|s| s.id == sku.sku));
            let subject = TaskSubject {
                sku: Some(sku.sku),
                listing_sku: Some(there.id),
                name: named(&name, spec.map_or("", |spec| spec.spec_name.as_str())),
                ..subject.clone()
            };
            let order = |usual| if no_code(Some(there)) { AFTER_CODES } else { usual };
            if let Some(price) = sku.price {
                let previous = there.price.map(|price| PriceTask { price_fen: price.0 });
                self.add(
                    PRICE,
                    order(THEN_PRICE),
                    &subject,
                    &PriceTask { price_fen: price.0 },
                    &previous,
                )?;
            }
            if let Some(stock) = sku.stock {
                let previous = there.stock.map(|stock| StockTask { stock });
                self.add(
                    STOCK,
                    order(STOCK_FIRST),
                    &subject,
                    &StockTask { stock },
                    &previous,
                )?;
            }
        }
        Ok(())
    }
}

/// The platform's SKU behind a SKU of a write.
fn there<'l>(listing: Option<&'l Listing>, sku: &domain::plan::SkuWrite) -> Option<&'l ListingSku> {
    let id = sku.listing_sku?;
    listing?.skus.iter().find(|held| held.id == id)
}

/// What goes by the content call. Prices and stock of SKUs that exist go by their own calls, in larger batches.
fn content(write: &ProductWrite, listing: Option<&Listing>) -> ListingTask {
    let mut task = ListingTask {
        write: ListingWrite {
            remote_id: listing.map(|listing| listing.remote_id.clone()),
            outer_code: write.outer_code.clone(),
            name: write.name.clone(),
            group_path: write.group.clone(),
            category_id: write.category_id.clone(),
            pictures: None,
            on_sale: write.on_sale,
            skus: Vec::new(),
            multi_spec: write.multi_spec,
        },
        skus: Vec::new(),
        hashes: write.pictures.clone(),
    };
    for sku in &write.skus {
        let held = there(listing, sku);
        let new = held.is_none();
        let uncoded = held.is_some_and(|held| held.outer_sku_code.is_empty())
            || listing.is_some_and(|listing| listing.outer_code.is_empty());
        if !new && !uncoded && sku.spec_name.is_none() && sku.barcode.is_none() {
            continue;
        }
        task.write.skus.push(SkuWrite {
            remote_id: held.map(|held| held.remote_id.clone()),
            outer_sku_code: sku.outer_sku_code.clone(),
            spec_name: sku.spec_name.clone(),
            barcode: sku.barcode.clone(),
            price: sku.price.filter(|_| new),
            stock: sku.stock.filter(|_| new),
            weight_g: sku.weight_g,
        });
        task.skus.push(sku.sku);
    }
    task
}

/// The content task that takes one back: the old value of every field it writes. What it makes is taken off the shelf,
/// for the platforms' delete calls cannot be undone in their turn.
fn previous(task: &ListingTask, listing: Option<&Listing>, facts: &StoreFacts) -> ListingTask {
    let write = &task.write;
    let mut back = ListingTask {
        write: ListingWrite {
            outer_code: write.outer_code.clone(),
            multi_spec: write.multi_spec,
            ..ListingWrite::default()
        },
        ..ListingTask::default()
    };
    let Some(listing) = listing else {
        back.write.on_sale = Some(false);
        back.skus.clone_from(&task.skus);
        return back;
    };
    let path = facts.group_path(listing.id);
    back.write.remote_id = Some(listing.remote_id.clone());
    back.write.name = write.name.as_ref().map(|_| listing.name.clone());
    back.write.group_path = write
        .group_path
        .as_ref()
        .map(|_| path.to_vec())
        .filter(|path| !path.is_empty());
    back.write.category_id = write.category_id.as_ref().map(|_| listing.category_id.clone());
    back.write.on_sale = write.on_sale.map(|_| listing.on_sale);
    if task.hashes.is_some() && !listing.pictures.is_empty() {
        back.write.pictures = Some(listing.pictures.clone());
        back.hashes = Some(Vec::new());
    }
    for (sku, id) in write.skus.iter().zip(&task.skus) {
        let Some(held) = listing
            .skus
            .iter()
            .find(|held| Some(&held.remote_id) == sku.remote_id.as_ref())
        else {
            continue;
        };
        back.write.skus.push(SkuWrite {
            remote_id: sku.remote_id.clone(),
            outer_sku_code: sku.outer_sku_code.clone(),
            spec_name: sku.spec_name.as_ref().map(|_| held.spec_name.clone()),
            barcode: sku.barcode.as_ref().map(|_| held.barcode.clone()),
            ..SkuWrite::default()
        });
        back.skus.push(*id);
    }
    back
}
