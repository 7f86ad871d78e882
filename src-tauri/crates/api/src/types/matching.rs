//! 匹配绑定.

use super::shared::{StoreBadge, WordsView};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which store.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct MatchRequest {
    /// Row id.
    pub store: i64,
}

/// Proposals of a store with the arithmetic of F22.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct MatchView {
    /// Which.
    pub store: StoreBadge,
    /// Listings read, UTC ms.
    pub read_at: Option<i64>,
    /// Listing SKUs.
    pub total: i64,
    /// Bound already.
    pub bound: i64,
    /// Not bound.
    pub unmatched: i64,
    /// Of those, with a partner by code.
    pub candidates: i64,
    /// Proposals by barcode, code or name and spec that are one to one.
    pub exact: i64,
    /// Rows that share a code with another and cannot all bind.
    pub surplus: i64,
    /// Codes they share.
    pub surplus_groups: i64,
    /// Proposals from 0.95.
    pub sure: i64,
    /// Proposals worth a look.
    pub look: i64,
    /// Without any proposal.
    pub without: i64,
    /// All of them; the window filters.
    pub rows: Vec<MatchRow>,
}

/// One listing SKU with its candidates.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct MatchRow {
    /// Row id.
    pub listing_sku: i64,
    /// 商品名称 there.
    pub name: String,
    /// 规格名称 there.
    pub spec_name: String,
    /// Barcode there.
    pub barcode: String,
    /// Code there.
    pub outer_sku_code: String,
    /// Price there.
    pub price_fen: Option<i64>,
    /// Platform id.
    pub remote_id: String,
    /// `sure`, `look`, `without`, `surplus`.
    pub kind: String,
    /// Exception orders that wait for it.
    pub waiting_orders: i64,
    /// Best first, at most five.
    pub candidates: Vec<MatchCandidate>,
}

/// A library SKU that may be the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct MatchCandidate {
    /// Row id.
    pub sku: i64,
    /// Its product.
    pub product: i64,
    /// 商品名称.
    pub name: String,
    /// 规格名称.
    pub spec_name: String,
    /// Size text.
    pub size_text: String,
    /// 商品编码.
    pub item_code: String,
    /// 规格编码.
    pub barcode: String,
    /// Price.
    pub price_fen: Option<i64>,
    /// Hash; may be empty.
    pub picture: String,
    /// Calibrated probability, 0 to 1.
    pub score: f64,
    /// For and against.
    pub reasons: Vec<MatchReason>,
    /// Name of the listing it is bound to in this store; empty when free.
    pub bound_elsewhere: String,
}

/// Why a pair is or is not the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct MatchReason {
    /// Words are `reason.<code>`.
    pub code: String,
    /// Value for the words; may be empty.
    pub value: String,
    /// For (true) or against.
    pub supports: bool,
}

/// Pairs to bind.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct BindRequest {
    /// The pairs.
    pub pairs: Vec<BindPair>,
    /// Take the library SKU away from where it is bound in that store.
    pub rebind: bool,
}

/// One pair.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct BindPair {
    /// Theirs.
    pub listing_sku: i64,
    /// Ours.
    pub sku: i64,
}

/// What binding did.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct BindReport {
    /// The undoable batch.
    pub batch: Option<i64>,
    /// Bound now.
    pub bound: i64,
    /// Not bound.
    pub refused: Vec<BindRefusal>,
    /// Orders pushed again because of it.
    pub repushed: i64,
}

/// A pair that was not bound.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct BindRefusal {
    /// Theirs.
    pub listing_sku: i64,
    /// Ours.
    pub sku: i64,
    /// Why.
    pub words: WordsView,
}

/// Bindings to remove.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct UnbindRequest {
    /// Row ids.
    pub listing_skus: Vec<i64>,
}

/// Bind every sure proposal from a score up.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct MatchApplyRequest {
    /// Row id.
    pub store: i64,
    /// From here up; the window offers 0.95.
    pub min_score: f64,
}

/// Make library products of listings that have none (adoption): images, names, codes and groups come along.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct LinkRequest {
    /// Row ids.
    pub listing_skus: Vec<i64>,
}

/// Bindings to write into a sheet.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct BindingsExport {
    /// Target file, xlsx or csv by its extension.
    pub path: String,
    /// Row ids; empty means all.
    pub stores: Vec<i64>,
}

/// What importing bindings would do, or did.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct BindingsView {
    /// Rows with anything in them.
    pub rows: i64,
    /// Bindings made.
    pub bound: i64,
    /// There already.
    pub unchanged: i64,
    /// Rows not taken.
    pub rejected: Vec<BindingsRejection>,
    /// How many there are in all.
    pub rejected_total: i64,
    /// The undoable batch, after a run.
    pub batch: Option<i64>,
    /// Orders pushed again because of it.
    pub repushed: i64,
}

/// A row not taken.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct BindingsRejection {
    /// Row in the file, as the sheet program numbers it.
    pub row: i64,
    /// What was looked for.
    pub value: String,
    /// Why.
    pub words: WordsView,
}
