//! 商品库.

use super::shared::{BatchView, FindingView, PictureView, StoreBadge, WordsView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// What the grid shows.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct LibraryQuery {
    /// Name, pinyin initials or full pinyin, item code, barcode; empty shows all.
    pub search: String,
    /// A category and what is below it.
    #[ts(optional = nullable)]
    pub category: Option<i64>,
    /// `all`, `no_barcode`, `no_code`, `no_picture`, `findings`, `unsynced`, `recent`.
    pub view: String,
    /// With a SKU in this state in one of `stores`: `none`, `off`, `synced`, `review`, `pending`, `warning`, `rejected`;
    /// empty shows all.
    pub state: String,
    /// With a price from here up.
    #[ts(optional = nullable)]
    pub price_from_fen: Option<i64>,
    /// With a price up to here.
    #[ts(optional = nullable)]
    pub price_to_fen: Option<i64>,
    /// `id`, `name`, `price`, `updated`; empty is `id`.
    pub sort: String,
    /// Reverse.
    pub descending: bool,
    /// Limit the states to these stores.
    pub stores: Vec<i64>,
    /// Rows to skip.
    pub offset: i64,
    /// Rows to give, at most 500.
    pub limit: i64,
}

/// One page of the grid.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct LibraryPage {
    /// Products that match.
    pub total: i64,
    /// Their SKUs.
    pub total_skus: i64,
    /// Rows.
    pub products: Vec<ProductRow>,
}

/// A product in the grid.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ProductRow {
    /// Row id.
    pub id: i64,
    /// 商品名称.
    pub name: String,
    /// Path with slashes; may be empty.
    pub category: String,
    /// Hash of the main picture; may be empty.
    pub picture: String,
    /// Lowest price.
    pub price_min_fen: Option<i64>,
    /// Highest price.
    pub price_max_fen: Option<i64>,
    /// Worst finding: `error`, `warning` or empty.
    pub worst: String,
    /// Specifications.
    pub skus: Vec<SkuRow>,
}

/// A SKU in the grid.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct SkuRow {
    /// Row id.
    pub id: i64,
    /// 规格名称.
    pub spec_name: String,
    /// Size text of a single-spec product.
    pub size_text: String,
    /// 商品编码.
    pub item_code: String,
    /// 规格编码.
    pub barcode: String,
    /// 单位.
    pub unit: String,
    /// 售价.
    pub price_fen: Option<i64>,
    /// 成本.
    pub cost_fen: Option<i64>,
    /// 库存.
    pub stock: Option<i64>,
    /// 基本数量 in thousandths.
    pub base_quantity_milli: i64,
    /// What is wrong with the item code (`empty`, `unclean`, `not_digits`, `too_large`); empty when good.
    pub code_fault: String,
    /// What is wrong with the barcode (`empty`, `wrong_check_digit`, `wrong_length`, `unclean`, `not_digits`); empty when good.
    pub barcode_fault: String,
    /// One per platform with a store.
    pub states: Vec<PlatformState>,
}

/// State of one SKU on one platform, worst over its stores.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PlatformState {
    /// Platform id.
    pub platform: String,
    /// `synced`, `pending`, `review`, `warning`, `rejected`, `off`, `none`.
    pub state: String,
}

/// Counts of the saved views.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct LibraryCounts {
    /// View name to products.
    pub views: BTreeMap<String, i64>,
    /// The tree with counts.
    pub categories: Vec<CategoryNode>,
}

/// A category with its count.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct CategoryNode {
    /// Row id.
    pub id: i64,
    /// Node above.
    pub parent: Option<i64>,
    /// Name of this level.
    pub name: String,
    /// Products in it and below.
    pub products: i64,
}

/// The drawer.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ProductDetail {
    /// Row id.
    pub id: i64,
    /// 商品名称.
    pub name: String,
    /// Brand.
    pub brand: String,
    /// Description.
    pub description: String,
    /// Path with slashes.
    pub category: String,
    /// Row id.
    pub category_id: Option<i64>,
    /// SPU code.
    pub spu_code: String,
    /// Specifications.
    pub skus: Vec<SkuRow>,
    /// Main one first.
    pub pictures: Vec<PictureView>,
    /// Where it is bound or wanted.
    pub places: Vec<ProductPlace>,
    /// SKU places with a binding.
    pub bound_places: i64,
    /// SKU places wanted.
    pub wanted_places: i64,
    /// SKUs whose code is in the ERP.
    pub erp_linked: i64,
    /// Worst first.
    pub findings: Vec<FindingView>,
    /// Newest first.
    pub history: Vec<BatchView>,
}

/// One SKU in one store.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ProductPlace {
    /// Where.
    pub store: StoreBadge,
    /// Which SKU.
    pub sku: i64,
    /// Its spec.
    pub spec_name: String,
    /// Bound to.
    pub listing_sku: Option<i64>,
    /// Price that applies there.
    pub price_fen: Option<i64>,
    /// The price is the store's own.
    pub own_price: bool,
    /// Price on the platform.
    pub platform_price_fen: Option<i64>,
    /// Stock on the platform.
    pub platform_stock: Option<i64>,
    /// As in `PlatformState`.
    pub state: String,
    /// State in words, with its time.
    pub words: WordsView,
    /// Wanted there.
    pub offered: bool,
    /// 本商品不同步UPC.
    pub skip_barcode: bool,
}

/// One cell to change.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct LibraryEdit {
    /// Which SKU.
    pub sku: i64,
    /// `name`, `category` (path with slashes), `brand`, `description`, `spec_name`, `size_text`, `item_code`, `barcode`, `unit`, `price`, `cost`, `stock`, `base_quantity`.
    pub field: String,
    /// New text; prices in yuan.
    pub value: String,
}

/// Cells to change as one batch.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct LibraryEdits {
    /// The cells.
    pub edits: Vec<LibraryEdit>,
}

/// What an edit did.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct EditReport {
    /// The undoable batch; none when nothing changed.
    pub batch: Option<i64>,
    /// Rows changed.
    pub changed: i64,
    /// Cells that were not taken.
    pub rejected: Vec<EditRejection>,
    /// What the change will lead to (orders that would stop matching, F01a).
    pub warnings: Vec<WordsView>,
}

/// A cell that was not taken.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct EditRejection {
    /// Which SKU.
    pub sku: i64,
    /// Which field.
    pub field: String,
    /// The value.
    pub value: String,
    /// Why.
    pub words: WordsView,
}

/// A product to make.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct NewProductRequest {
    /// 商品名称.
    pub name: String,
    /// Path with slashes.
    pub category: String,
    /// At least one.
    pub skus: Vec<NewSku>,
}

/// A SKU to make.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct NewSku {
    /// Empty becomes 单规格.
    pub spec_name: String,
    /// 商品编码.
    pub item_code: String,
    /// 规格编码.
    pub barcode: String,
    /// 单位.
    pub unit: String,
    /// Yuan.
    pub price: String,
}

/// Some products.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ProductIds {
    /// Row ids.
    pub products: Vec<i64>,
}

/// What a deletion did.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct DeleteReport {
    /// The undoable batch.
    pub batch: Option<i64>,
    /// Products taken out.
    pub deleted: i64,
    /// Products that are bound and were left (F01e).
    pub bound: Vec<i64>,
}

/// What to undo.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct UndoRequest {
    /// A batch; the last one when left out.
    #[ts(optional = nullable)]
    pub batch: Option<i64>,
    /// Redo the last undo instead.
    pub redo: bool,
}

/// What undo did.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct UndoReport {
    /// The new batch.
    pub batch: i64,
    /// Rows put back.
    pub changes: i64,
    /// What was undone.
    pub title: WordsView,
}

/// Which history.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct HistoryRequest {
    /// Of one product.
    #[ts(optional = nullable)]
    pub product: Option<i64>,
    /// Batches before this id.
    #[ts(optional = nullable)]
    pub before: Option<i64>,
    /// How many.
    pub limit: i64,
}

/// Batches, newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct History {
    /// The list.
    pub batches: Vec<BatchView>,
}

/// What a store wants of a SKU; left out means unchanged.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct OfferEdit {
    /// Where.
    pub store: i64,
    /// What.
    pub sku: i64,
    /// Wanted on the shelf.
    pub on: Option<bool>,
    /// Own price in yuan; empty inherits again.
    pub price: Option<String>,
    /// 本商品不同步UPC.
    pub skip_barcode: Option<bool>,
}

/// Offers to change as one batch.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct OfferEdits {
    /// The offers.
    pub edits: Vec<OfferEdit>,
}

/// Offer products in a store.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct OfferAllRequest {
    /// Where.
    pub store: i64,
    /// Row ids; empty means the whole library.
    pub products: Vec<i64>,
}

/// Files to add to a product.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PicturesAddRequest {
    /// Which.
    pub product: i64,
    /// Files.
    pub paths: Vec<String>,
}

/// The pictures of a product in order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PicturesSetRequest {
    /// Which.
    pub product: i64,
    /// Main one first; left out means taken off.
    pub hashes: Vec<String>,
}

/// A folder of pictures to put to products by the names the library sheet gave, or by item code or barcode.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PicturesImportRequest {
    /// The folder.
    pub folder: String,
}

/// Products to repair.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PicturesRepairRequest {
    /// Row ids; empty means all with findings.
    pub products: Vec<i64>,
    /// Small pictures may be enlarged (a loss).
    pub allow_enlarge: bool,
}

/// What happened to pictures.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PicturesReport {
    /// The undoable batch.
    pub batch: Option<i64>,
    /// Pictures added or made.
    pub added: i64,
    /// Files that belong to no product.
    pub unmatched: Vec<String>,
    /// Files that could not be used.
    pub failed: Vec<PictureFailure>,
}

/// A file that could not be used.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PictureFailure {
    /// File name.
    pub name: String,
    /// Why.
    pub words: WordsView,
}

/// Look for an ERP item.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ErpSearchRequest {
    /// Suggest for this SKU: by barcode, then name.
    pub sku: Option<i64>,
    /// Or by text.
    pub text: String,
}

/// ERP items.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ErpItems {
    /// Best first.
    pub items: Vec<ErpItemView>,
    /// When they were read from the ERP, UTC ms: of several ERPs the longest ago; `None` where one was never read.
    pub read_at: Option<i64>,
    /// That is too long ago to be relied on.
    pub old: bool,
}

/// An item of the ERP.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ErpItemView {
    /// 系统编码.
    pub code: String,
    /// Name.
    pub name: String,
    /// Barcode.
    pub barcode: String,
    /// Unit.
    pub unit: String,
    /// Price.
    pub price_fen: Option<i64>,
    /// Why it is suggested: `barcode`, `name`, `search`.
    pub reason: String,
}
