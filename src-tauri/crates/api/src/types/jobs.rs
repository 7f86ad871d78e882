//! 任务中心.

use super::shared::{StoreBadge, WordsView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Jobs, newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct JobList {
    /// The list.
    pub jobs: Vec<JobView>,
    /// Outbox tasks by state.
    pub outbox: BTreeMap<String, i64>,
}

/// One job.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct JobView {
    /// Row id.
    pub id: i64,
    /// Words are `job.<kind>`.
    pub kind: String,
    /// Its store.
    pub store: Option<StoreBadge>,
    /// `running`, `paused`, `done`, `cancelled`, `failed`, `interrupted`.
    pub state: String,
    /// Units in all.
    pub total: i64,
    /// Units done.
    pub done: i64,
    /// UTC ms.
    pub created_at: i64,
    /// UTC ms.
    pub finished_at: Option<i64>,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
    /// Result by kind.
    #[ts(type = "unknown")]
    pub result: serde_json::Value,
    /// Why it failed.
    pub error: Option<WordsView>,
}

/// A job with its tasks.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct JobDetail {
    /// Head.
    pub job: JobView,
    /// Tasks by state.
    pub states: BTreeMap<String, i64>,
    /// By cause.
    pub rejections: Vec<super::sync::SyncRejection>,
    /// The first five hundred.
    pub tasks: Vec<TaskView>,
}

/// One task of the outbox.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct TaskView {
    /// Row id.
    pub id: i64,
    /// What it is about.
    pub subject: String,
    /// `codes`, `listing`, `price`, `stock`, `group`, `delete`.
    pub kind: String,
    /// As in the outbox.
    pub state: String,
    /// Row of problems.md when rejected.
    pub cause: String,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
    /// The platform's own text.
    pub raw: String,
    /// Sends tried.
    pub attempts: i64,
}

/// Pause a job or go on.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PauseRequest {
    /// Job.
    pub id: i64,
    /// Paused.
    pub paused: bool,
}

/// Tasks to try again.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RetryRequest {
    /// Of one job.
    #[ts(optional = nullable)]
    pub job: Option<i64>,
    /// Of one cause; empty means all rejected.
    pub cause: String,
}
