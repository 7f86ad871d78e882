//! Making bindings and what they set going: orders that waited go again (F02b), stock is pushed at once (F04d).

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use domain::id::{BatchId, ListingSkuId, SkuId, StoreId};
use std::collections::{BTreeMap, BTreeSet};
use storage::change::Changes;
use storage::error::StorageError;
use storage::exception::Which;

/// Pairs of one transaction: short enough that pages go on meanwhile.
const CHUNK: usize = 500;

/// A pair to bind: theirs and ours.
pub type Pair = (ListingSkuId, SkuId);

/// A pair that was not bound.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// Theirs.
    pub listing_sku: ListingSkuId,
    /// Ours.
    pub sku: SkuId,
    /// Words: `F07` with `name`, `ours`, `theirs` when one side is bound already, else a code of its own.
    pub code: &'static str,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
}

/// What binding did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BindReport {
    /// The undoable batch.
    pub batch: Option<BatchId>,
    /// Pairs bound now.
    pub bound: usize,
    /// Pairs not bound.
    pub refused: Vec<Refusal>,
    /// Orders pushed again because of it.
    pub repushed: usize,
}

impl Engine {
    /// Binds pairs as one batch. A side that is bound already refuses its pair (F07), unless `rebind` takes it away
    /// from where it is.
    pub async fn bind_pairs(&self, pairs: &[Pair], rebind: bool) -> Result<BindReport> {
        let mut report = self.bind_in_chunks(pairs, rebind, "manual")?;
        self.after_binding(pairs, &mut report).await?;
        Ok(report)
    }

    /// Binds every sure proposal of a store from a score up, as a job and one batch.
    pub async fn bind_proposals(&self, store: StoreId, min_score: f64) -> Result<BindReport> {
        let row = self.db().read(|c| storage::store::get(c, store))?;
        let params = serde_json::json!({ "store": row.store.name });
        let job = self.start_job("match", Some(store), 0, &params)?;
        let outcome = async {
            let pairs = self.match_store(store).await?.sure(min_score);
            job.set_total(i64::try_from(pairs.len()).unwrap_or(i64::MAX));
            let mut report = self.bind_in_chunks(&pairs, false, "proposal")?;
            job.advance(i64::try_from(pairs.len()).unwrap_or(0));
            self.after_binding(&pairs, &mut report).await?;
            Ok(report)
        }
        .await;
        let told = outcome
            .as_ref()
            .map(|report: &BindReport| serde_json::json!({ "bound": report.bound, "refused": report.refused.len() }));
        match told {
            Ok(result) => job.finish_as("done", &result)?,
            Err(_) => job.finish_as("failed", &serde_json::json!({}))?,
        }
        outcome
    }

    /// Remembers that pairs are not the same goods (不是).
    pub fn refuse_pairs(&self, pairs: &[Pair]) -> Result<usize> {
        self.db().write(|tx| {
            for (listing_sku, sku) in pairs {
                storage::listing::refuse_match(tx, *listing_sku, *sku)?;
            }
            Ok::<_, EngineError>(())
        })?;
        self.events().changed(&[Tag::Bindings]);
        Ok(pairs.len())
    }

    /// Takes refusals back, so that the pairs may be proposed again; gives how many there were.
    pub fn allow_pairs(&self, pairs: &[Pair]) -> Result<usize> {
        let allowed = self.db().write(|tx| {
            let mut allowed = 0;
            for (listing_sku, sku) in pairs {
                allowed += usize::from(storage::listing::allow_match(tx, *listing_sku, *sku)?);
            }
            Ok::<_, EngineError>(allowed)
        })?;
        self.events().changed(&[Tag::Bindings]);
        Ok(allowed)
    }

    /// Takes bindings away as one batch; gives it and how many there were.
    pub fn unbind(&self, listing_skus: &[ListingSkuId]) -> Result<(Option<BatchId>, usize)> {
        let origin = self.by_user("batch.unbind");
        let (batch, changed) = self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            for id in listing_skus {
                storage::listing::unbind(&mut changes, *id)?;
            }
            let batch = changes.id();
            Ok::<_, EngineError>((batch, changes.finish(false)?))
        })?;
        self.events()
            .changed(&[Tag::Bindings, Tag::Listings, Tag::Findings]);
        Ok(((changed > 0).then_some(batch), changed))
    }

    fn bind_in_chunks(&self, pairs: &[Pair], rebind: bool, reason: &'static str) -> Result<BindReport> {
        let origin = self.by_user("batch.bind");
        let mut report = BindReport::default();
        let mut batch: Option<BatchId> = None;
        for chunk in pairs.chunks(CHUNK) {
            let (id, outcomes) = self.db().write(|tx| {
                let mut changes = match batch {
                    Some(batch) => Changes::resume(tx, batch),
                    None => Changes::begin(tx, &origin)?,
                };
                let mut outcomes = Vec::new();
                for pair in chunk {
                    outcomes.push(bind_one(&mut changes, origin.at, *pair, rebind, reason)?);
                }
                let id = changes.id();
                // A batch that goes on must be there for the next chunk.
                let written = changes.finish(batch.is_some())?;
                Ok::<_, EngineError>(((written > 0 || batch.is_some()).then_some(id), outcomes))
            })?;
            batch = batch.or(id);
            for outcome in outcomes {
                match outcome {
                    None => report.bound += 1,
                    Some(refusal) => report.refused.push(refusal),
                }
            }
        }
        report.batch = batch.filter(|_| report.bound > 0);
        Ok(report)
    }

    /// What waited for the pairs goes again, and their stock is pushed where stock is synced.
    pub(crate) async fn after_binding(&self, pairs: &[Pair], report: &mut BindReport) -> Result<()> {
        let mut stores: BTreeSet<StoreId> = BTreeSet::new();
        for (listing_sku, sku) in pairs {
            if report
                .refused
                .iter()
                .any(|no| no.listing_sku == *listing_sku && no.sku == *sku)
            {
                continue;
            }
            // An order may wait for both sides of the pair: it is one order.
            let theirs = self.repush_waiting(&Which::ListingSku(*listing_sku))?;
            report.repushed += theirs.max(self.repush_waiting(&Which::Sku(*sku))?);
            stores.insert(self.db().read(|c| storage::listing::sku(c, *listing_sku))?.store);
        }
        self.events()
            .changed(&[Tag::Bindings, Tag::Listings, Tag::Findings]);
        if report.repushed > 0 {
            self.push_due().await?;
        }
        for store in stores {
            self.stock_after_binding(store).await;
        }
        Ok(())
    }
}

fn bind_one(
    changes: &mut Changes<'_>,
    at: i64,
    (listing_sku, sku): Pair,
    rebind: bool,
    reason: &str,
) -> Result<Option<Refusal>> {
    let refuse = |code, params| {
        Ok(Some(Refusal {
            listing_sku,
            sku,
            code,
            params,
        }))
    };
    let row = match storage::listing::sku(changes.tx(), listing_sku) {
        Ok(row) => row,
        Err(StorageError::NotFound { .. }) => return refuse("listing_gone", BTreeMap::new()),
        Err(error) => return Err(error.into()),
    };
    if storage::product::of_sku(changes.tx(), sku)?.is_none() {
        return refuse("product_gone", BTreeMap::new());
    }
    if rebind {
        for place in storage::listing::bound_places(changes.tx(), sku)? {
            if place.store == row.store && place.id != listing_sku {
                storage::listing::unbind(changes, place.id)?;
            }
        }
        if row.bound_to.is_some_and(|bound| bound != sku) {
            storage::listing::unbind(changes, listing_sku)?;
        }
    }
    match storage::listing::bind(changes, at, listing_sku, sku, reason) {
        Ok(()) => Ok(None),
        Err(StorageError::Conflict { what }) => {
            let places = storage::listing::bound_places(changes.tx(), sku)?;
            let other = places
                .iter()
                .find(|place| place.store == row.store && place.id != listing_sku);
            let params = BTreeMap::from([
                ("item".to_owned(), other.unwrap_or(&row).name.clone()),
                ("name".to_owned(), other.unwrap_or(&row).name.clone()),
                (
                    "ours".to_owned(),
                    storage::product::sku_of(changes.tx(), sku)?.item_code,
                ),
                ("theirs".to_owned(), row.outer_sku_code.clone()),
                ("conflict".to_owned(), what.to_owned()),
            ]);
            refuse("F07", params)
        }
        Err(error) => Err(error.into()),
    }
}
