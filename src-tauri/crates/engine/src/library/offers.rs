//! 铺货: what is wanted in which store.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use crate::library::edit::typed_price;
use domain::id::{BatchId, ProductId, SkuId, StoreId};
use std::collections::BTreeSet;
use storage::change::Changes;
use storage::offer::OfferPatch;

/// What a store wants of a SKU; what is `None` stays as it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OfferEdit {
    /// Where.
    pub store: StoreId,
    /// What.
    pub sku: SkuId,
    /// On the shelf.
    pub on: Option<bool>,
    /// Own price in yuan; empty inherits again.
    pub price: Option<String>,
    /// 本商品不同步UPC.
    pub skip_barcode: Option<bool>,
}

/// What changing offers did.
#[derive(Clone, Debug, Default)]
pub struct OffersOutcome {
    /// The undoable batch; none when nothing changed.
    pub batch: Option<BatchId>,
    /// Offers made or changed, with those that were written down because the store had none of its own.
    pub changed: usize,
    /// Edits that were not taken, with a code as in [`crate::library::edit::EditRefusal`].
    pub refused: Vec<(OfferEdit, &'static str)>,
}

impl Engine {
    /// Changes offers as one batch.
    pub fn edit_offers(&self, edits: &[OfferEdit]) -> Result<OffersOutcome> {
        let mut outcome = OffersOutcome::default();
        let mut wanted = Vec::new();
        for edit in edits {
            match edit.price.as_deref().map(typed_price).transpose() {
                Ok(price) => wanted.push((
                    edit.store,
                    edit.sku,
                    OfferPatch {
                        on: edit.on,
                        price,
                        skip_barcode: edit.skip_barcode,
                        ..OfferPatch::default()
                    },
                )),
                Err(code) => outcome.refused.push((edit.clone(), code)),
            }
        }
        self.put_offers("batch.offers", &wanted, &mut outcome)?;
        Ok(outcome)
    }

    /// Offers products in a store, all of the library when none are named. What is offered there already stays.
    pub fn offer_all(&self, store: StoreId, products: &[ProductId]) -> Result<OffersOutcome> {
        let all = if products.is_empty() {
            self.db().read(storage::product::all)?
        } else {
            self.library_products(products)?
        };
        let patch = OfferPatch {
            on: Some(true),
            ..OfferPatch::default()
        };
        let skus = all.iter().flat_map(|product| &product.skus);
        let wanted: Vec<_> = skus.map(|sku| (store, sku.id, patch.clone())).collect();
        let mut outcome = OffersOutcome::default();
        self.put_offers("batch.offer_all", &wanted, &mut outcome)?;
        Ok(outcome)
    }

    fn put_offers(
        &self,
        title: &'static str,
        wanted: &[(StoreId, SkuId, OfferPatch)],
        outcome: &mut OffersOutcome,
    ) -> Result<()> {
        let origin = self.by_user(title);
        let (batch, changed) = self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            let stores: BTreeSet<StoreId> = wanted.iter().map(|(store, ..)| *store).collect();
            for store in stores {
                storage::store::get(tx, store)?;
                storage::offer::keep_bound(&mut changes, store)?;
            }
            for (store, sku, patch) in wanted {
                let product = storage::product::of_sku(tx, *sku)?;
                product.ok_or(storage::error::StorageError::NotFound { what: "sku" })?;
                storage::offer::put(&mut changes, *store, *sku, patch)?;
            }
            let id = changes.id();
            Ok::<_, EngineError>((id, changes.finish(false)?))
        })?;
        outcome.changed = changed;
        outcome.batch = (changed > 0).then_some(batch);
        if changed > 0 {
            self.events().changed(&[Tag::Products, Tag::Findings]);
        }
        Ok(())
    }
}
