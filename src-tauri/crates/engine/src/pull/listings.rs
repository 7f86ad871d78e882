//! Reading a store's groups and listings.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::{Event, Tag};
use crate::jobs::Job;
use connect::error::RemoteError;
use connect::platform::{RemoteGroup, RemoteListing};
use domain::id::StoreId;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use storage::listing::{GroupRow, ListingData, ListingSkuData};

/// What a reading of a store brought.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PullReport {
    /// Listings read.
    pub listings: usize,
    /// Listing SKUs that were new.
    pub new: usize,
    /// Listings that changed.
    pub changed: usize,
    /// Listing SKUs that are gone.
    pub gone: usize,
    /// Bindings that moved to the renumbered listing by themselves (F02a, F28).
    pub healed: usize,
    /// Orphan bindings removed (F01e).
    pub swept: usize,
    /// Orders that are pushed again because of what was read.
    pub repushed: usize,
}

/// A read is tried again this often before the pull gives up.
const TRIES: u32 = 4;

impl Engine {
    /// Reads stores (all when none is named), side by side.
    pub async fn pull_stores(&self, stores: &[StoreId]) -> Result<Vec<(StoreId, Result<PullReport>)>> {
        let stores = self.stores_meant(stores)?;
        Ok(crate::abreast::side_by_side(&stores, |store| self.pull_store(store)).await)
    }

    /// Reads a store: groups, then every page of listings, then puts all of it in the place of the last reading.
    /// Nothing changes locally unless the whole reading came through.
    pub async fn pull_store(&self, id: StoreId) -> Result<PullReport> {
        let row = self.db().read(|c| storage::store::get(c, id))?;
        let job = self.start_job(
            "pull",
            Some(id),
            0,
            &serde_json::json!({ "store": row.store.name }),
        )?;
        let outcome = self.pull_store_in(&job, id).await;
        job.finish(&outcome)?;
        outcome
    }

    async fn pull_store_in(&self, job: &Job, id: StoreId) -> Result<PullReport> {
        let row = self.db().read(|c| storage::store::get(c, id))?;
        let platform = self.platform(&row.store.platform)?;
        let session = self.store_session(id).await?;
        let mut tries = 0;
        let groups = loop {
            let answer = platform.groups(&session).await;
            self.note_outcome(row.store.account, answer.as_ref().map(|_| ()))?;
            match answer {
                Ok(groups) => break groups,
                Err(error) => self.before_next_try(job, &error, &mut tries).await?,
            }
        };
        let mut reading: Vec<RemoteListing> = Vec::new();
        let mut cursor: Option<String> = None;
        tries = 0;
        loop {
            job.checkpoint().await?;
            let page = match platform.listings(&session, cursor.as_deref()).await {
                Ok(page) => page,
                Err(error) => {
                    self.note_outcome(row.store.account, Err(&error))?;
                    self.before_next_try(job, &error, &mut tries).await?;
                    continue;
                }
            };
            tries = 0;
            if let Some(total) = page.total {
                job.set_total(i64::try_from(total).unwrap_or(i64::MAX));
            }
            job.advance(i64::try_from(page.listings.len()).unwrap_or(0));
            reading.extend(page.listings);
            match page.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        self.events().send(Event::Connection { online: true });
        self.store_reading(id, &groups, &reading)
    }

    /// Puts a whole reading in place, heals, sweeps, and pushes again what waited for it.
    pub(crate) fn store_reading(
        &self,
        id: StoreId,
        groups: &[RemoteGroup],
        reading: &[RemoteListing],
    ) -> Result<PullReport> {
        let at = self.now();
        let groups: Vec<GroupRow> = groups.iter().map(group_row).collect();
        // A page that shifted while we read may show a product twice; the later sight is the newer one.
        let mut unique: std::collections::BTreeMap<&str, &RemoteListing> = std::collections::BTreeMap::new();
        for listing in reading {
            unique.insert(&listing.remote_id, listing);
        }
        let data: Vec<ListingData> = unique.values().map(|listing| listing_data(listing)).collect();
        let origin = self.by_itself("pull", "batch.heal_bindings");
        let (applied, healed, swept) = self.db().write(|tx| {
            storage::listing::replace_groups(tx, id, &groups)?;
            let applied = storage::listing::apply_reading(tx, id, at, &data)?;
            let healed = super::heal::renumbered(tx, &origin, &applied)?;
            let swept = super::heal::sweep_orphans(tx, &origin, id)?;
            storage::store::set_listings_read(tx, id, at)?;
            Ok::<_, EngineError>((applied, healed, swept))
        })?;
        self.settle_reviews(id)?;
        let repushed = self.repush_waiting(&storage::exception::Which::Store(id))?;
        self.events()
            .changed(&[Tag::Listings, Tag::Bindings, Tag::Stores]);
        Ok(PullReport {
            listings: applied.listings,
            new: applied.new.len(),
            changed: applied.changed,
            gone: applied.gone.len(),
            healed,
            swept,
            repushed,
        })
    }

    /// Waits before a failed read is tried again, or gives the failure back when trying again cannot help.
    pub(crate) async fn before_next_try(
        &self,
        job: &Job,
        error: &RemoteError,
        tries: &mut u32,
    ) -> Result<()> {
        *tries += 1;
        if !error.is_transient() || *tries >= TRIES {
            if matches!(
                error,
                RemoteError::Unreachable { .. } | RemoteError::NoAnswer { .. }
            ) {
                self.events().send(Event::Connection { online: false });
            }
            return Err(error.clone().into());
        }
        let (why, pause) = match error {
            RemoteError::Throttled { wait, .. } => ("throttled", wait.unwrap_or(Duration::from_secs(2))),
            RemoteError::Unreachable { .. } | RemoteError::NoAnswer { .. } => {
                ("offline", Duration::from_millis(500))
            }
            _ => ("busy", Duration::from_millis(300)),
        };
        job.sleep(why, pause * *tries).await
    }
}

pub(crate) fn group_row(group: &RemoteGroup) -> GroupRow {
    GroupRow {
        remote_id: group.remote_id.clone(),
        name: group.name.clone(),
        parent: group.parent.clone(),
        sequence: group.sequence,
    }
}

pub(crate) fn listing_data(listing: &RemoteListing) -> ListingData {
    ListingData {
        remote_id: listing.remote_id.clone(),
        outer_code: listing.outer_code.clone(),
        name: listing.name.clone(),
        group_path: listing.group_path.clone(),
        category_id: listing.category_id.clone(),
        pictures: listing.pictures.clone(),
        on_sale: listing.on_sale,
        review: listing.review,
        description: listing.description.clone(),
        skus: listing
            .skus
            .iter()
            .map(|sku| ListingSkuData {
                remote_id: sku.remote_id.clone(),
                outer_sku_code: sku.outer_sku_code.clone(),
                spec_name: sku.spec_name.clone(),
                barcode: sku.barcode.clone(),
                price_fen: sku.price.map(|price| price.0),
                stock: sku.stock,
                packing_fee_fen: sku.packing_fee.map(|fee| fee.0),
            })
            .collect(),
    }
}
