//! Remedies of preflight findings.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::orders::RemedyOutcome;
use domain::finding::{EditField, Remedy};
use domain::id::{BatchId, ListingId, ProductId, StoreId};
use domain::product::SINGLE_SPEC;
use domain::store::FieldSwitches;
use domain::text::normalized;
use storage::change::Changes;
use storage::error::StorageError;
use storage::offer::OfferPatch;
use storage::product::ProductPatch;
use storage::store::StorePatch;

impl Engine {
    /// Runs a remedy that changes the library or an offer. Those that only a person can finish are refused with the
    /// name of the page that does it.
    pub(crate) async fn run_library_remedy(&self, remedy: &Remedy) -> Result<RemedyOutcome> {
        let batch = match remedy {
            Remedy::SkipBarcode { .. } => Some(self.one_edit("batch.skip_barcode", remedy)?),
            Remedy::NameSingleSpec { .. } => Some(self.one_edit("batch.edit", remedy)?),
            Remedy::RenameGroup { .. } => Some(self.one_edit("batch.rename_group", remedy)?),
            Remedy::SyncPictures { store } => Some(self.sync_pictures_again(*store)?),
            Remedy::RepairPictures { product } => self.repair_pictures(&[*product], true).await?.batch,
            Remedy::AdoptFromPlatform { listing } => self.adopt_from_platform(*listing).await?,
            Remedy::Undo { batch } => {
                let origin = self.by_user("batch.undo");
                let undone = self
                    .db()
                    .write(|tx| storage::change::undo(tx, *batch, &origin).map_err(EngineError::from))?;
                Some(undone.0)
            }
            other => {
                return Err(EngineError::refused_with(
                    "remedy_needs_you",
                    [("kind", crate::orders::remedy_kind(other))],
                ));
            }
        };
        Ok(RemedyOutcome {
            batch,
            ..RemedyOutcome::default()
        })
    }

    fn one_edit(&self, title: &'static str, remedy: &Remedy) -> Result<BatchId> {
        let origin = self.by_user(title);
        self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            edit(&mut changes, origin.at, remedy)?;
            let batch = changes.id();
            changes.finish(false)?;
            Ok::<_, EngineError>(batch)
        })
    }

    /// Takes the tick off 不同步图片 (F42a).
    fn sync_pictures_again(&self, store: StoreId) -> Result<BatchId> {
        let row = self.db().read(|c| storage::store::get(c, store))?;
        let patch = StorePatch {
            switches: Some(FieldSwitches {
                pictures: true,
                ..row.store.switches
            }),
            ..StorePatch::default()
        };
        self.update_store(store, &patch)
    }

    /// Takes the pictures and the group of a platform's product where the library has none (F14).
    async fn adopt_from_platform(&self, listing: ListingId) -> Result<Option<BatchId>> {
        let rows = self.db().read(|c| storage::listing::of_listing(c, listing))?;
        let Some(first) = rows.first().cloned() else {
            return Err(StorageError::NotFound { what: "listing" }.into());
        };
        let Some(sku) = rows.iter().find_map(|row| row.bound_to) else {
            return Err(EngineError::refused("not_bound"));
        };
        let product = self.db().read(|c| {
            let id = storage::product::of_sku(c, sku)?.ok_or(StorageError::NotFound { what: "sku" })?;
            storage::product::get(c, id)
        })?;
        let pictures = if product.pictures.is_empty() {
            self.fetch_pictures(first.store, &first.pictures).await?
        } else {
            Vec::new()
        };
        let origin = self.by_user("batch.adopt");
        let (batch, changed) = self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            let hashes = crate::matching::adopt::keep_pictures(tx, origin.at, &pictures)?;
            let category = if product.category.is_none() {
                storage::category::ensure(&mut changes, &first.group_path)?
            } else {
                None
            };
            let patch = ProductPatch {
                category: category.map(Some),
                pictures: (!hashes.is_empty()).then_some(hashes),
                ..ProductPatch::default()
            };
            storage::product::update(&mut changes, origin.at, product.id, &patch)?;
            let batch = changes.id();
            Ok::<_, EngineError>((batch, changes.finish(false)?))
        })?;
        Ok((changed > 0).then_some(batch))
    }
}

/// Runs an edit inside a batch.
pub(super) fn edit(changes: &mut Changes<'_>, at: i64, remedy: &Remedy) -> Result<()> {
    match remedy {
        Remedy::SetField { sku, field, value } => {
            crate::orders::set_field(changes, at, *sku, *field, value)?;
        }
        Remedy::RelinkErp {
            sku,
            item_code: Some(code),
        } => crate::orders::set_field(changes, at, *sku, EditField::ItemCode, code)?,
        Remedy::SkipBarcode { store, sku } => {
            let patch = OfferPatch {
                skip_barcode: Some(true),
                ..OfferPatch::default()
            };
            storage::offer::keep_bound(changes, *store)?;
            storage::offer::put(changes, *store, *sku, &patch)?;
        }
        Remedy::NameSingleSpec { product } => name_single_spec(changes, at, *product)?,
        Remedy::RenameGroup { path, value } => rename_group(changes, path, value)?,
        Remedy::Unbind { listing_sku } => {
            storage::listing::unbind(changes, *listing_sku)?;
        }
        other => {
            return Err(EngineError::refused_with(
                "remedy_needs_you",
                [("kind", crate::orders::remedy_kind(other))],
            ));
        }
    }
    Ok(())
}

fn name_single_spec(changes: &mut Changes<'_>, at: i64, product: ProductId) -> Result<()> {
    let row = storage::product::get(changes.tx(), product)?;
    let [only] = row.skus.as_slice() else {
        return Err(EngineError::refused("several_specs"));
    };
    crate::orders::set_field(changes, at, only.id, EditField::SpecName, SINGLE_SPEC)
}

/// Renames the category that gives the group its name, and the group of every offer that has one of its own.
fn rename_group(changes: &mut Changes<'_>, path: &[String], value: &str) -> Result<()> {
    let same = |a: &[String], b: &[String]| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| normalized(a) == normalized(b))
    };
    let paths = storage::category::paths(changes.tx())?;
    let mut found = false;
    for (id, own) in &paths {
        if same(own, path) {
            storage::category::rename(changes, *id, value)?;
            found = true;
        }
    }
    for store in storage::store::all(changes.tx())? {
        for offer in storage::offer::of_store(changes.tx(), store.store.id)? {
            let Some(mut group) = offer.group.clone().filter(|group| group.len() >= path.len()) else {
                continue;
            };
            if !same(&group[..path.len()], path) {
                continue;
            }
            if let Some(last) = group.get_mut(path.len() - 1) {
                value.clone_into(last);
            }
            let renamed = OfferPatch {
                group: Some(Some(group)),
                ..OfferPatch::default()
            };
            storage::offer::put(changes, offer.store, offer.sku, &renamed)?;
            found = true;
        }
    }
    if found {
        Ok(())
    } else {
        Err(StorageError::NotFound { what: "group" }.into())
    }
}
