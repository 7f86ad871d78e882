//! 门店商品.

use super::shared::{StoreBadge, WordsView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// What the grid shows.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListingQuery {
    /// Row ids; empty means all.
    pub stores: Vec<i64>,
    /// Name, code, barcode, platform id.
    pub search: String,
    /// `all`, `bound`, `unbound`, `no_code`, `off`, `review`, `duplicate`, `changed`, `gone`.
    pub view: String,
    /// Rows to skip.
    pub offset: i64,
    /// Rows to give, at most 500.
    pub limit: i64,
}

/// One page.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ListingPage {
    /// Listing SKUs that match.
    pub total: i64,
    /// Counts of the views.
    pub counts: BTreeMap<String, i64>,
    /// Rows.
    pub rows: Vec<ListingRow>,
}

/// One listing SKU.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ListingRow {
    /// Listing SKU row id.
    pub id: i64,
    /// Where.
    pub store: StoreBadge,
    /// Listing row id.
    pub listing: i64,
    /// The platform's id.
    pub remote_id: String,
    /// 商品名称 there.
    pub name: String,
    /// 规格名称 there.
    pub spec_name: String,
    /// 第三方SKU编码 there.
    pub outer_sku_code: String,
    /// Code it had before.
    pub code_was: String,
    /// Spec name it had before.
    pub spec_was: String,
    /// Barcode there.
    pub barcode: String,
    /// Price there.
    pub price_fen: Option<i64>,
    /// Stock there.
    pub stock: Option<i64>,
    /// Group path with slashes.
    pub group: String,
    /// Address there; may be empty. Not loaded by the window.
    pub picture: String,
    /// On the shelf.
    pub on_sale: bool,
    /// `none`, `pending`, `rejected`.
    pub review: String,
    /// UTC ms.
    pub review_since: Option<i64>,
    /// UTC ms.
    pub read_at: i64,
    /// Bound library SKU.
    pub sku: Option<i64>,
    /// Its product.
    pub product: Option<i64>,
    /// Product and spec it is bound to.
    pub bound_name: String,
    /// Its library price.
    pub bound_price_fen: Option<i64>,
}

/// What a reading brought.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PullView {
    /// Which store.
    pub store: i64,
    /// Listings read.
    pub listings: i64,
    /// New listing SKUs.
    pub new: i64,
    /// Changed.
    pub changed: i64,
    /// Gone.
    pub gone: i64,
    /// Bindings healed by themselves.
    pub healed: i64,
    /// Orders pushed again because of it.
    pub repushed: i64,
    /// Why it failed.
    pub error: Option<WordsView>,
}

/// One line a store.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PullReports {
    /// The list.
    pub stores: Vec<PullView>,
}

/// Listings to delete on their platforms, for good.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ListingsDelete {
    /// Listing row ids (products, not specs).
    pub listings: Vec<i64>,
    /// How many products the manager has confirmed by typing; refused when it is another number.
    pub confirmed: i64,
}
