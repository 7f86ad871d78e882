//! The stock grid: what the ERP has, what is to be shown, what the platform shows.

use super::push::wanted_stock;
use super::rule::pieces;
use crate::engine::Engine;
use crate::error::Result;
use crate::sync::preflight::named;
use domain::id::{ListingSkuId, StoreId};
use domain::store::Store;

/// One bound SKU in one store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StockLine {
    /// Row id.
    pub listing_sku: ListingSkuId,
    /// Product and spec.
    pub name: String,
    /// 商品编码.
    pub item_code: String,
    /// Barcode of the library.
    pub barcode: String,
    /// ERP stock in pieces, after 基本数量; `None` when the ERP told nothing of it.
    pub erp: Option<i64>,
    /// What the platform shall show, after the safety rule.
    pub wanted: Option<i64>,
    /// What it shows.
    pub platform: Option<i64>,
    /// What it acknowledged last.
    pub pushed: Option<i64>,
}

impl StockLine {
    /// `same`, `different`, `oversold` (the platform shows more than there is) or `unknown`.
    pub fn state(&self) -> &'static str {
        match (self.wanted, self.platform) {
            (None, _) | (_, None) => "unknown",
            (Some(wanted), Some(there)) if wanted == there => "same",
            (Some(wanted), Some(there)) if there > wanted => "oversold",
            _ => "different",
        }
    }
}

impl Engine {
    /// The bound SKUs of stores (all when none is named), store by store.
    pub fn stock_lines(&self, stores: &[StoreId]) -> Result<Vec<(Store, Vec<StockLine>)>> {
        let library = self.library_facts()?;
        let mut all = Vec::new();
        for id in self.stores_meant(stores)? {
            let store = self.db().read(|c| storage::store::get(c, id))?.store;
            let rule = self.stock_rule_of(&store, self.rules().listing(&store.platform).stock_max)?;
            let mut lines = Vec::new();
            for row in self.db().read(|c| storage::listing::of_store(c, id))? {
                let Some(product) = row.bound_to.and_then(|sku| library.product_of(sku)) else {
                    continue;
                };
                let Some(sku) = product.skus.iter().find(|sku| Some(sku.id) == row.bound_to) else {
                    continue;
                };
                let told = rule.available(&sku.item_code);
                lines.push(StockLine {
                    listing_sku: row.id,
                    name: named(&product.name, &sku.spec_name),
                    item_code: sku.item_code.clone(),
                    barcode: sku.barcode.clone(),
                    erp: told.map(|milli| pieces(milli, sku.base_quantity_milli)),
                    wanted: wanted_stock(&rule, sku),
                    platform: row.stock,
                    pushed: row.pushed_stock,
                });
            }
            all.push((store, lines));
        }
        Ok(all)
    }
}
