//! Remedies of preflight findings.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::orders::RemedyOutcome;
use domain::finding::{EditField, Remedy};
use domain::id::{BatchId, ProductId, SkuId, StoreId};
use domain::product::SINGLE_SPEC;
use storage::change::Changes;
use storage::offer::OfferPatch;

impl Engine {
    /// Runs a remedy that changes the library or an offer. Those that only a person can finish are refused with the
    /// name of the page that does it.
    pub(crate) async fn run_library_remedy(&self, remedy: &Remedy) -> Result<RemedyOutcome> {
        let batch = match remedy {
            Remedy::SkipBarcode { store, sku } => self.skip_barcode(*store, *sku)?,
            Remedy::NameSingleSpec { product } => self.name_single_spec(*product)?,
            other => {
                return Err(EngineError::refused_with("remedy_needs_you", [("kind", crate::orders::remedy_kind(other))]));
            }
        };
        Ok(RemedyOutcome { batch: Some(batch), ..RemedyOutcome::default() })
    }

    fn skip_barcode(&self, store: StoreId, sku: SkuId) -> Result<BatchId> {
        let origin = self.by_user("batch.skip_barcode");
        self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            let patch = OfferPatch { skip_barcode: Some(true), ..OfferPatch::default() };
            storage::offer::put(&mut changes, store, sku, &patch)?;
            let batch = changes.id();
            changes.finish(false)?;
            Ok::<_, EngineError>(batch)
        })
    }

    fn name_single_spec(&self, product: ProductId) -> Result<BatchId> {
        let row = self.db().read(|c| storage::product::get(c, product))?;
        let [only] = row.skus.as_slice() else { return Err(EngineError::refused("several_specs")) };
        self.set_sku_field(only.id, EditField::SpecName, SINGLE_SPEC)
    }
}
