//! 库存.

use super::shared::{StoreBadge, WordsView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// What the grid shows.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StockQuery {
    /// Row ids; empty means all.
    pub stores: Vec<i64>,
    /// Name, code, barcode.
    pub search: String,
    /// `all`, `different`, `oversold`, `unacknowledged`, `unknown`.
    pub view: String,
    /// Rows to skip.
    pub offset: i64,
    /// Rows to give, at most 500.
    pub limit: i64,
}

/// One page.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct StockPage {
    /// Rows that match.
    pub total: i64,
    /// Counts of the views.
    pub counts: BTreeMap<String, i64>,
    /// Stores whose stock switch is off (F04a).
    pub switches_off: Vec<StoreBadge>,
    /// Rows.
    pub rows: Vec<StockRow>,
    /// When the ERP's stock was read, UTC ms: of several branches the longest ago; `None` where one was never read.
    pub erp_read_at: Option<i64>,
    /// That is too long ago to be relied on.
    pub erp_old: bool,
}

/// One SKU in one store.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct StockRow {
    /// Row id.
    pub listing_sku: i64,
    /// Where.
    pub store: StoreBadge,
    /// Product and spec.
    pub name: String,
    /// 商品编码.
    pub item_code: String,
    /// ERP stock in pieces, after 基本数量.
    pub erp: Option<i64>,
    /// What will be pushed, after the safety rule.
    pub wanted: Option<i64>,
    /// Stock on the platform.
    pub platform: Option<i64>,
    /// Last acknowledged push.
    pub pushed: Option<i64>,
    /// UTC ms.
    pub pushed_at: Option<i64>,
    /// `same`, `different`, `oversold`, `unknown`.
    pub state: String,
}

/// Push stock.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StockPushRequest {
    /// Row ids; empty means all.
    pub stores: Vec<i64>,
    /// All bound items, not only different ones.
    pub full: bool,
}

/// What a push did.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct StockPushView {
    /// Jobs, one a store.
    pub jobs: Vec<i64>,
    /// Rows written.
    pub sent: i64,
    /// Rows not taken.
    pub rejected: i64,
    /// Rows that were right already.
    pub same: i64,
    /// Rows left alone, because a write could hit other goods; 体检 names them.
    pub held: i64,
    /// Stores that could not be pushed.
    pub errors: Vec<WordsView>,
}
