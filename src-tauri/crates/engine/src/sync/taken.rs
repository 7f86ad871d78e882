//! 商家产品已存在 (F48): the platform will not make a product because another of the shop has its barcode, however
//! often it is asked. When the store, read again, has that product and it certainly is the same goods, ours is bound to
//! it; the next plan brings its fields in line.

use super::outbox::{LISTING, ListingTask};
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::jobs::Job;
use crate::matching::report::MatchKind;
use domain::id::{ListingSkuId, SkuId, StoreId};
use std::collections::BTreeMap;
use storage::task::{TaskRow, TaskState, Verdict};

/// The cause by the error dictionary.
const TAKEN: &str = "F48";

impl Engine {
    /// Binds what a job could not make in a store to the products that are there already. Called after the run: binding
    /// may push stock, which takes the store's turn.
    pub(super) async fn bind_to_what_is_there(&self, job: &Job, store: StoreId) -> Result<()> {
        let refused = self.refused_as_there(job, store)?;
        if refused.is_empty() {
            return Ok(());
        }
        if let Err(error) = self.pull_store(store).await {
            tracing::warn!(%error, store = store.0, "the store was not read for products that are there already");
            return Ok(());
        }
        let sure = self.sure_partners(store).await?;
        let mut pairs = Vec::new();
        let mut done = Vec::new();
        for (task, skus) in refused {
            let partners: Option<Vec<(ListingSkuId, SkuId)>> = skus
                .iter()
                .map(|sku| sure.get(sku).map(|listing_sku| (*listing_sku, *sku)))
                .collect();
            // All of a product or nothing: half a product bound would hide that the rest was refused.
            if let Some(partners) = partners.filter(|partners| !partners.is_empty()) {
                pairs.extend(partners);
                done.push((task, skus));
            }
        }
        let report = self.bind_pairs(&pairs, false).await?;
        // Somebody may have bound one of them meanwhile.
        done.retain(|(_, skus)| !report.refused.iter().any(|no| skus.contains(&no.sku)));
        let now = self.now();
        self.db().write(|tx| {
            for (task, _) in done {
                let verdict = Verdict {
                    cause: task.cause,
                    params: task.params,
                    raw: task.raw,
                    not_before: 0,
                };
                storage::task::set_state(tx, task.id, now, TaskState::Confirmed, &verdict)?;
            }
            Ok::<_, EngineError>(())
        })
    }

    fn refused_as_there(&self, job: &Job, store: StoreId) -> Result<Vec<(TaskRow, Vec<SkuId>)>> {
        let tasks = self.db().read(|c| storage::task::of_job(c, job.id()))?;
        let mut refused = Vec::new();
        for task in tasks {
            if task.store == store
                && task.kind == LISTING
                && task.state == TaskState::Rejected
                && task.cause == TAKEN
            {
                let content: ListingTask = serde_json::from_str(&task.payload)?;
                if content.write.remote_id.is_none() {
                    refused.push((task, content.skus));
                }
            }
        }
        Ok(refused)
    }

    /// Unbound products of a store by the library SKU that each certainly is: the barcode is not enough, nothing but
    /// the price may speak against it (F58).
    async fn sure_partners(&self, store: StoreId) -> Result<BTreeMap<SkuId, ListingSkuId>> {
        let found = self.match_store(store).await?;
        let sure = found.lines.iter().filter(|line| line.kind == MatchKind::Sure);
        Ok(sure
            .filter_map(|line| Some((line.candidates.first()?, line.row.id)))
            .filter(|(candidate, _)| {
                candidate
                    .against
                    .iter()
                    .all(|reason| reason.code == "price_differs")
            })
            .map(|(candidate, listing_sku)| (candidate.sku, listing_sku))
            .collect())
    }
}
