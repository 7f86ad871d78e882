//! 异常订单.

use super::shared::{RemedyView, StoreBadge, WordsView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Which exceptions.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ExceptionQuery {
    /// Row ids; empty means all.
    pub stores: Vec<i64>,
}

/// Exceptions by cause.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ExceptionsView {
    /// Orders.
    pub total: i64,
    /// Their money.
    pub total_fen: i64,
    /// Most urgent first.
    pub groups: Vec<ExceptionGroupView>,
    /// What solved itself today.
    pub healed_today: Vec<HealedView>,
}

/// Orders that healed by themselves.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct HealedView {
    /// Row of problems.md.
    pub cause: String,
    /// How many.
    pub orders: i64,
}

/// One cause.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ExceptionGroupView {
    /// Row of problems.md; words are `finding.<cause>`.
    pub cause: String,
    /// Orders.
    pub orders: i64,
    /// Their money.
    pub total_fen: i64,
    /// Oldest order, UTC ms.
    pub oldest_at: i64,
    /// Stores concerned.
    pub stores: Vec<StoreBadge>,
    /// Products concerned.
    pub items: i64,
    /// Values of the first, for the words.
    pub params: BTreeMap<String, String>,
    /// Best first; each runs for the whole group.
    pub remedies: Vec<RemedyView>,
    /// Orders whose automatic retries stopped.
    pub stopped: i64,
    /// How sure the diagnosis is, 0 to 1.
    pub confidence: f64,
}

/// The orders of one cause.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ExceptionOrders {
    /// Row of problems.md; empty means all.
    pub cause: String,
    /// Row ids; empty means all.
    pub stores: Vec<i64>,
}

/// Orders, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ExceptionOrderPage {
    /// Rows.
    pub rows: Vec<super::orders::OrderRow>,
}

/// One order's exception with its evidence.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ExceptionView {
    /// Order row id.
    pub order: i64,
    /// Order number.
    pub number: String,
    /// Row of problems.md.
    pub cause: String,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
    /// The ERP's own text.
    pub raw: String,
    /// UTC ms.
    pub since: i64,
    /// Identical failures in a row.
    pub same_failures: i64,
    /// Automatic retries stopped.
    pub stopped: bool,
    /// The line it is about; may be empty.
    pub line_name: String,
    /// 匹配模拟; empty when it is not about matching.
    pub match_table: Vec<MatchFieldView>,
    /// Hits of the first-push rule.
    pub hits_first: i64,
    /// Hits of the repush rule.
    pub hits_repush: i64,
    /// 逐字对比.
    pub diff: Vec<CharDiffRow>,
    /// 可能的原因.
    pub causes: Vec<RankedCauseView>,
    /// 处理办法, best first.
    pub remedies: Vec<RemedyView>,
}

/// One row of the match simulator.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct MatchFieldView {
    /// `outer_sku_code`, `product_name`, `spec_name`.
    pub field: String,
    /// Text of the order.
    pub order: String,
    /// Text of the nearest listing.
    pub listing: String,
    /// `yes`, `no`, `ignored` under the first-push rule.
    pub first: String,
    /// `yes`, `no`, `ignored` under the repush rule.
    pub repush: String,
}

/// Two texts, character by character.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct CharDiffRow {
    /// Which field.
    pub field: String,
    /// The order's text.
    pub order: Vec<CharCell>,
    /// The other one.
    pub listing: Vec<CharCell>,
}

/// One character.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct CharCell {
    /// The character; a mark where it cannot be seen.
    pub text: String,
    /// `same`, `different`, `missing`, `hidden`.
    pub state: String,
    /// `U+00D7` where it differs; else empty.
    pub code_point: String,
}

/// A possible cause.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct RankedCauseView {
    /// Row of problems.md.
    pub cause: String,
    /// 0 to 1.
    pub confidence: f64,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
}

/// What to push again.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RepushRequest {
    /// Order row ids; or
    pub orders: Vec<i64>,
    /// a cause; or
    pub cause: String,
    /// everything.
    pub all: bool,
    /// A cause or everything of these stores only; empty means all stores.
    pub stores: Vec<i64>,
}

/// What it did.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct RepushView {
    /// Now in the ERP.
    pub pushed: i64,
    /// Exceptions again.
    pub failed: Vec<RepushFailure>,
    /// Wait for the line or the ERP.
    pub waiting: i64,
    /// Closed meanwhile.
    pub closed: i64,
    /// 结果未知, left for the manager.
    pub undecided: i64,
}

/// An order that failed again.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct RepushFailure {
    /// Row id.
    pub order: i64,
    /// Number.
    pub number: String,
    /// Row of problems.md.
    pub cause: String,
}

/// A remedy to run, for one thing or for a whole cause.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RemedyRequest {
    /// As given with the remedy.
    #[ts(type = "unknown")]
    pub action: serde_json::Value,
    /// Run it for every exception of this cause; empty runs it once.
    pub cause: String,
    /// Of a cause: of these stores only; empty means all stores.
    pub stores: Vec<i64>,
    /// Of a cause: for these orders only; empty means all.
    pub orders: Vec<i64>,
}

/// What a remedy did.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct RemedyReport {
    /// The undoable batch, when it changed data.
    pub batch: Option<i64>,
    /// Things dealt with.
    pub fixed: i64,
    /// Things that need the manager.
    pub left: i64,
    /// Orders pushed again because of it.
    pub repush: RepushView,
    /// What to say, when there is more.
    pub words: Option<WordsView>,
}
