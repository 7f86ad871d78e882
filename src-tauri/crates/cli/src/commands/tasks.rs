//! `tasks`: long work and what it left open.

use super::sync::{rejection, reported};
use crate::data::Place;
use crate::outcome::{Done, Outcome};
use crate::table::table;
use clap::Subcommand;
use engine::Engine;
use serde_json::{Value, json};
use storage::task::TaskState;

/// Open and refused tasks shown of each state.
const SHOWN: i64 = 500;

/// 任务中心的命令
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 最近的任务，以及没发完和被拒绝的写入
    List {
        /// 最多几个任务
        #[arg(long, default_value_t = 50)]
        limit: i64,
    },
    /// 把没发完、结果未知的写入核对并发完，被拒绝的再发一次
    Retry {
        /// 被拒绝的只再发这种原因的，例如 F44
        #[arg(long, value_name = "ID", conflicts_with = "open_only")]
        cause: Option<String>,
        /// 只管没发完和结果未知的，被拒绝的不动
        #[arg(long)]
        open_only: bool,
    },
}

pub(crate) async fn run(command: Command, place: &Place) -> Done {
    match command {
        Command::List { limit } => list(&place.read()?, limit),
        Command::Retry { cause, open_only } => {
            let engine = place.write()?;
            if !open_only {
                engine.requeue_rejected(None, cause.as_deref().unwrap_or_default())?;
            }
            let report = engine.sync_resume(&[]).await?;
            reported(&engine, &report)
        }
    }
}

fn list(engine: &Engine, limit: i64) -> Done {
    let jobs = engine
        .db()
        .read(|c| storage::job::recent(c, limit.clamp(0, 1_000)))?;
    let mut open: Vec<Value> = Vec::new();
    let states = [
        TaskState::Queued,
        TaskState::Sending,
        TaskState::Unknown,
        TaskState::Rejected,
    ];
    for state in states {
        for task in engine.db().read(|c| storage::task::in_state(c, state, SHOWN))? {
            let mut row = rejection(&task);
            row["state"] = json!(state.as_str());
            row["kind"] = json!(task.kind);
            row["store"] = json!(task.store);
            row["job"] = json!(task.job);
            open.push(row);
        }
    }
    let rows: Vec<Value> = jobs
        .iter()
        .map(|job| {
            let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
            json!({ "id": job.id, "kind": job.kind, "store": job.store, "state": job.state, "done": job.done,
                "total": job.total, "params": parsed(&job.params), "result": parsed(&job.result),
                "created_at": job.created_at, "finished_at": job.finished_at })
        })
        .collect();
    let shown: Vec<Vec<String>> = jobs
        .iter()
        .map(|job| {
            let progress = format!("{}/{}", job.done, job.total);
            vec![job.id.to_string(), job.kind.clone(), job.state.clone(), progress]
        })
        .collect();
    let text = format!(
        "{}没完成或被拒绝的写入 {} 条\n",
        table(&["编号", "任务", "状态", "进度"], &shown),
        open.len()
    );
    Ok(Outcome::well(json!({ "jobs": rows, "tasks": open }), text))
}
