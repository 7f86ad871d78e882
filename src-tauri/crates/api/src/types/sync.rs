//! 体检与同步.

use super::categories::CategoryTarget;
use super::shared::{FindingView, RemedyView, StoreBadge, WordsView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// All findings.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PreflightView {
    /// Products checked.
    pub products: i64,
    /// Stores checked.
    pub stores: i64,
    /// How long.
    pub took_ms: i64,
    /// Findings that block.
    pub errors: i64,
    /// Findings that warn.
    pub warnings: i64,
    /// One cause is one row; blocking ones first.
    pub groups: Vec<FindingGroup>,
}

/// Findings of one id.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct FindingGroup {
    /// Stable id, words are `finding.<id>`.
    pub id: String,
    /// `error`, `warning` or `hint`.
    pub severity: String,
    /// How many.
    pub count: i64,
    /// Values of the first one, for the words.
    pub params: BTreeMap<String, String>,
    /// Platforms concerned.
    pub platforms: Vec<String>,
    /// The remedy that fits all, when there is one.
    pub remedy: Option<RemedyView>,
    /// The first hundred.
    pub samples: Vec<FindingView>,
}

/// Run the sure remedy of every finding of one id.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct FixGroupRequest {
    /// Finding id.
    pub id: String,
    /// Only in this store.
    pub store: Option<i64>,
}

/// What it did.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct FixGroupReport {
    /// The undoable batch.
    pub batch: Option<i64>,
    /// Findings dealt with.
    pub fixed: i64,
    /// Findings that need the manager.
    pub left: i64,
}

/// Which stores, and what is ticked by hand.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PlanRequest {
    /// Row ids; empty means all.
    pub stores: Vec<i64>,
    /// Step keys of 清空 steps that the manager ticked.
    pub ticked: Vec<String>,
    /// Step keys that the manager took out.
    pub unticked: Vec<String>,
}

/// What a sync would write.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PlanView {
    /// All steps.
    pub steps_total: i64,
    /// 新增.
    pub adds: i64,
    /// 修改.
    pub changes: i64,
    /// 清空 (unticked unless said).
    pub clears: i64,
    /// 跳过.
    pub skips: i64,
    /// Steps that will run.
    pub will_run: i64,
    /// By store.
    pub stores: Vec<PlanStore>,
    /// The first two thousand.
    pub steps: Vec<PlanStep>,
}

/// Plan of one store.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PlanStore {
    /// Which.
    pub store: StoreBadge,
    /// Steps that will run.
    pub will_run: i64,
    /// Skipped.
    pub skips: i64,
    /// Clears not ticked.
    pub clears: i64,
}

/// One field of one thing.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PlanStep {
    /// Stable key, for ticking.
    pub key: String,
    /// Which store.
    pub store: i64,
    /// Product and spec.
    pub subject: String,
    /// Library SKU.
    pub sku: Option<i64>,
    /// Words are `field.<field>`.
    pub field: String,
    /// `add`, `change`, `clear`, `skip`.
    pub action: String,
    /// Platform now; may be empty.
    pub old: String,
    /// Will be written; may be empty.
    pub new: String,
    /// Why it is skipped.
    pub reason: Option<WordsView>,
    /// Will run.
    pub ticked: bool,
}

/// What a sync did.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct SyncReport {
    /// The job.
    pub job: i64,
    /// Confirmed by reading back.
    pub confirmed: i64,
    /// Not taken.
    pub rejected: i64,
    /// In review.
    pub in_review: i64,
    /// Outcome not known yet.
    pub unknown: i64,
    /// Still to be sent.
    pub queued: i64,
    /// Taken back.
    pub cancelled: i64,
    /// By cause.
    pub rejections: Vec<SyncRejection>,
}

/// Rejections of one cause.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct SyncRejection {
    /// Row of problems.md, or `OTHER`.
    pub id: String,
    /// How many.
    pub count: i64,
    /// The first names.
    pub subjects: Vec<String>,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
    /// The platform's own text of the first.
    pub raw: String,
    /// Trying again can help.
    pub retry: bool,
    /// The products are gone there and can be made anew.
    pub anew: bool,
    /// Products that another 类目 may help, the first two hundred.
    pub categories: Vec<CategoryTarget>,
}
