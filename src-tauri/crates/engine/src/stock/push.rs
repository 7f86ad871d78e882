//! One round of stock: read the ERP, work out what each store shall show, write what differs.

use super::full_push_key;
use super::rule::{StockRule, pieces};
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use crate::jobs::Job;
use crate::sync::facts::StoreFacts;
use crate::sync::outbox::{
    CODES, CODES_FIRST, ListingTask, Ordered, STOCK, STOCK_FIRST, StockTask, TaskSubject,
};
use crate::sync::preflight::named;
use crate::sync::report::{SyncReport, WAITS_FOR};
use crate::sync::steps::coding;
use domain::id::{AccountId, JobId, ListingId, SkuId, StoreId};
use domain::product::{Sku, SpecKind};
use domain::store::Store;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use storage::listing::ListingSkuRow;
use storage::task::{NewTask, TaskState};

/// Codes asked for in one call to the ERP.
const AT_ONCE: usize = 200;

/// What a round did in one store.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StockPushed {
    /// The store.
    pub store: i64,
    /// Its name.
    pub name: String,
    /// The job; 0 when none was started.
    pub job: i64,
    /// Rows that the platform took.
    pub sent: usize,
    /// Rows it did not take.
    pub rejected: usize,
    /// Rows that were right already.
    pub same: usize,
    /// Rows left alone, because 体检 found that a write could hit other goods (F40, F58).
    pub held: usize,
    /// Why the store could not be pushed: code and values of its words.
    pub error: Option<(&'static str, BTreeMap<String, String>)>,
}

impl Engine {
    /// Pushes stock of stores (all when none is named): what differs from what the platform was last told, or
    /// everything bound when `full`. A store that fails tells why and does not stop the others.
    pub async fn push_stock(&self, stores: &[StoreId], full: bool) -> Result<Vec<StockPushed>> {
        let mut pushed = Vec::new();
        for store in self.stores_meant(stores)? {
            pushed.push(self.push_stock_of(store, full).await?);
        }
        self.events().changed(&[Tag::Stock, Tag::Listings]);
        Ok(pushed)
    }

    async fn push_stock_of(&self, id: StoreId, full: bool) -> Result<StockPushed> {
        let store = self.db().read(|c| storage::store::get(c, id))?.store;
        let mut told = StockPushed {
            store: id.0,
            name: store.name.clone(),
            ..StockPushed::default()
        };
        if !store.switches.stock {
            // F04a: the switch is off, and nothing else is wrong.
            told.error = Some((
                "stock_switch_off",
                BTreeMap::from([("store".to_owned(), store.name)]),
            ));
            return Ok(told);
        }
        match self.push_store_stock(&store, full).await {
            Ok((report, left)) => {
                told.job = report.job;
                (told.sent, told.rejected) = self.rows_taken(JobId(report.job))?;
                (told.same, told.held) = (left.same, left.held);
            }
            Err(error) => {
                let mut params = error.params();
                params.insert("store".to_owned(), store.name);
                told.error = Some((error.code(), params));
            }
        }
        Ok(told)
    }

    async fn push_store_stock(&self, store: &Store, full: bool) -> Result<(SyncReport, Left)> {
        let params = serde_json::json!({ "store": store.name });
        let job = self.start_job("stock", Some(store.id), 0, &params)?;
        let id = job.id();
        let mut left = Left::default();
        let outcome = self.stock_round(&job, store, full, &mut left).await;
        let report = self.end_writing(job, id, outcome.err())?;
        Ok((report, left))
    }

    /// Rows of a job that the platform took, and rows that it did not: refused, or waiting for codes it refused.
    fn rows_taken(&self, job: JobId) -> Result<(usize, usize)> {
        let tasks = self.db().read(|c| storage::task::of_job(c, job))?;
        let rows = || tasks.iter().filter(|task| task.kind == STOCK);
        let taken = rows().filter(|task| task.state == TaskState::Confirmed).count();
        let open = |task: &&storage::task::TaskRow| {
            task.state == TaskState::Rejected || (task.state == TaskState::Queued && task.cause == WAITS_FOR)
        };
        Ok((taken, rows().filter(open).count()))
    }

    async fn stock_round(&self, job: &Job, store: &Store, full: bool, left: &mut Left) -> Result<()> {
        self.read_erp_stock(job, store).await?;
        let key = full_push_key(store.id);
        let asked = self.db().read(|c| storage::setting::get(c, &key))?.is_some();
        let tasks = self.stock_tasks(job, store, full || asked, left)?;
        self.queue_anew(job, store.id, &[CODES, STOCK], &tasks)?;
        if asked {
            // Queued is as good as done: the outbox loses nothing.
            self.db()
                .write(|tx| storage::setting::set(tx, &key, None).map_err(EngineError::from))?;
        }
        self.run_outbox(job, store.id).await
    }

    /// Reads the stock of everything bound in the store from its ERP branch.
    async fn read_erp_stock(&self, job: &Job, store: &Store) -> Result<()> {
        let Some(account) = store.erp_account.filter(|_| !store.offline_code.is_empty()) else {
            return Ok(());
        };
        let codes = self.bound_codes(store.id)?;
        let service = self.db().read(|c| storage::account::get(c, account))?.service;
        let erp = self.erp(&service)?;
        let session = self.account_session(account, &store.offline_code).await?;
        for chunk in codes.chunks(AT_ONCE) {
            let mut tries = 0;
            let rows = loop {
                job.checkpoint().await?;
                match erp.stock(&session, chunk).await {
                    Ok(rows) => break rows,
                    Err(error) => {
                        self.note_outcome(account, Err(&error))?;
                        self.before_next_try(job, &error, &mut tries).await?;
                    }
                }
            };
            self.keep_erp_stock(account, &store.offline_code, rows)?;
        }
        Ok(())
    }

    /// An item that the ERP does not know is left out by it: nothing is claimed of its stock, and nothing is pushed.
    fn keep_erp_stock(
        &self,
        account: AccountId,
        branch: &str,
        rows: Vec<connect::erp::ErpStock>,
    ) -> Result<()> {
        let now = self.now();
        let rows: Vec<(String, i64)> = rows
            .into_iter()
            .map(|row| (row.code, row.available_milli))
            .collect();
        self.db().write(|tx| {
            storage::erp_cache::put_stock(tx, account, branch, now, &rows).map_err(EngineError::from)
        })
    }

    fn bound_codes(&self, store: StoreId) -> Result<Vec<String>> {
        let library = self.library_facts()?;
        let rows = self.db().read(|c| storage::listing::of_store(c, store))?;
        let codes: BTreeSet<String> = rows
            .iter()
            .filter_map(|row| row.bound_to)
            .filter_map(|id| {
                let product = library.product_of(id)?;
                let sku = product.skus.iter().find(|sku| sku.id == id)?;
                Some(domain::text::cleaned_code(&sku.item_code)).filter(|code| !code.is_empty())
            })
            .collect();
        Ok(codes.into_iter().collect())
    }

    fn stock_tasks(&self, job: &Job, store: &Store, full: bool, left: &mut Left) -> Result<Vec<Ordered>> {
        let rule = self.stock_rule_of(store, self.rules().listing(&store.platform).stock_max)?;
        let library = self.library_facts()?;
        let rows = self.db().read(|c| storage::listing::of_store(c, store.id))?;
        let mut tasks: Vec<Ordered> = Vec::new();
        // Read when the first row differs: most rounds send nothing.
        let mut goods: Option<Goods> = None;
        for row in &rows {
            let Some(sku) = row.bound_to else { continue };
            let Some(product) = library.product_of(sku) else {
                continue;
            };
            let Some(held) = product.skus.iter().find(|held| held.id == sku) else {
                continue;
            };
            let Some(stock) = wanted_stock(&rule, held) else {
                continue;
            };
            // Both must agree: what was pushed last may have been sold or edited there since.
            if !full && row.stock == Some(stock) && row.pushed_stock.is_none_or(|pushed| pushed == stock) {
                left.same += 1;
                continue;
            }
            let goods = match &mut goods {
                Some(goods) => goods,
                none => none.insert(Goods::read(&self.store_facts(store.id, &library)?)),
            };
            if goods.untouchable.contains(&row.listing) {
                left.held += 1;
                continue;
            }
            let subject = TaskSubject {
                product: Some(product.id),
                sku: Some(sku),
                listing: Some(row.listing),
                listing_sku: Some(row.id),
                name: named(&product.name, &held.spec_name),
            };
            let task = NewTask {
                job: Some(job.id()),
                store: store.id,
                kind: STOCK,
                priority: STOCK_FIRST,
                subject: serde_json::to_string(&subject)?,
                payload: serde_json::to_string(&StockTask { stock })?,
                previous: serde_json::to_string(&row.stock.map(|stock| StockTask { stock }))?,
                undoes: None,
            };
            let codes = goods.codes_first(&rows, row, &task, &mut tasks)?;
            tasks.push(Ordered {
                task,
                after: codes.into_iter().collect(),
            });
        }
        Ok(tasks)
    }

    /// Binding pushes the current stock at once (F04d). A round that cannot start now is asked for in full at the next.
    pub(crate) async fn stock_after_binding(&self, store: StoreId) {
        let outcome = async {
            if !self
                .db()
                .read(|c| storage::store::get(c, store))?
                .store
                .switches
                .stock
            {
                return Ok(());
            }
            let key = full_push_key(store);
            let pushed = self.push_stock(&[store], false).await?;
            if pushed.iter().any(|pushed| pushed.error.is_some()) {
                self.db()
                    .write(|tx| storage::setting::set(tx, &key, Some("1")).map_err(EngineError::from))?;
            }
            Ok::<_, EngineError>(())
        }
        .await;
        if let Err(error) = outcome {
            tracing::warn!(%error, store = store.0, "stock could not be pushed after a binding");
        }
    }
}

/// Rows that a round did not send.
#[derive(Clone, Copy, Default)]
struct Left {
    same: usize,
    held: usize,
}

/// What is known of a store's goods, and the tasks that give them our codes before their stock is told: one for each
/// product, whatever its specs.
struct Goods {
    names: HashMap<SkuId, Names>,
    untouchable: HashSet<ListingId>,
    coding: HashMap<ListingId, Option<usize>>,
}

/// What we call a SKU and its product on the platform.
struct Names {
    outer_code: String,
    outer_sku_code: String,
    multi_spec: bool,
}

impl Goods {
    fn read(facts: &StoreFacts) -> Self {
        let names = facts.wanted().into_iter().map(|one| {
            let names = Names {
                multi_spec: one.product.spec_kind() == SpecKind::Multi,
                outer_code: one.outer_code,
                outer_sku_code: one.outer_sku_code,
            };
            (one.sku.id, names)
        });
        Self {
            names: names.collect(),
            untouchable: facts.untouchable(),
            coding: HashMap::new(),
        }
    }

    /// The place of the task that a row waits for; none when it needs none, or its codes are not known.
    fn codes_first(
        &mut self,
        rows: &[ListingSkuRow],
        row: &ListingSkuRow,
        stock: &NewTask,
        tasks: &mut Vec<Ordered>,
    ) -> Result<Option<usize>> {
        if !is_bare(row) {
            return Ok(None);
        }
        if let Some(place) = self.coding.get(&row.listing) {
            return Ok(*place);
        }
        let place = match payload(&self.names, rows, row) {
            Some(payload) => {
                let subject: TaskSubject = serde_json::from_str(&stock.subject)?;
                let subject = TaskSubject {
                    sku: None,
                    listing_sku: None,
                    name: row.name.clone(),
                    ..subject
                };
                let task = NewTask {
                    kind: CODES,
                    priority: CODES_FIRST,
                    subject: serde_json::to_string(&subject)?,
                    payload: serde_json::to_string(&payload)?,
                    previous: "{}".to_owned(),
                    ..stock.clone()
                };
                tasks.push(task.into());
                Some(tasks.len() - 1)
            }
            None => None,
        };
        self.coding.insert(row.listing, place);
        Ok(place)
    }
}

fn is_bare(row: &ListingSkuRow) -> bool {
    row.outer_sku_code.is_empty() || row.outer_code.is_empty()
}

fn payload(
    names: &HashMap<SkuId, Names>,
    rows: &[ListingSkuRow],
    row: &ListingSkuRow,
) -> Option<ListingTask> {
    let lead = names.get(&row.bound_to?)?;
    let skus = rows
        .iter()
        .filter(|other| other.listing == row.listing && is_bare(other))
        .filter_map(|other| {
            let sku = other.bound_to?;
            let code = &names.get(&sku)?.outer_sku_code;
            Some((sku, other.remote_id.as_str(), code.as_str()))
        });
    coding(&row.listing_remote_id, &lead.outer_code, lead.multi_spec, skus)
}

/// What a store shall show of a SKU; `None` while nobody told its stock.
pub fn wanted_stock(rule: &StockRule, sku: &Sku) -> Option<i64> {
    let pieces = if rule.has_erp() {
        rule.available(&sku.item_code)
            .map(|milli| pieces(milli, sku.base_quantity_milli))
    } else {
        sku.stock
    };
    pieces.map(|pieces| rule.shown(pieces))
}
