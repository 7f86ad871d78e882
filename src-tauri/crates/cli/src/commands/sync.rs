//! `sync`: what would be written to a store, writing it, taking it back.

use crate::data::{self, Place};
use crate::outcome::{Done, Failure, Outcome};
use crate::table::{add, table, yuan};
use crate::words;
use clap::{Args, Subcommand};
use domain::id::{JobId, StoreId};
use domain::plan::{Action, Value as FieldValue};
use engine::Engine;
use engine::sync::outbox::TaskSubject;
use engine::sync::plan::{Choices, field_name, step_key};
use engine::sync::report::{SyncReport, WAITS_FOR};
use serde_json::{Value, json};
use storage::task::{TaskRow, TaskState};

/// So many jobs back a sync is looked for to take it back.
const RECENT: i64 = 500;

/// 同步的命令
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 逐字段列出会写什么、跳过什么
    Plan {
        /// 门店编号
        store: i64,
        #[command(flatten)]
        choices: Ticks,
    },
    /// 执行，写完读回来核对
    Apply {
        /// 门店编号；可以写多个，一家接一家
        #[arg(required = true)]
        stores: Vec<i64>,
        #[command(flatten)]
        choices: Ticks,
    },
    /// 撤销这家门店最近一次同步
    Undo {
        /// 门店编号
        store: i64,
    },
}

/// What is decided about single steps.
#[derive(Debug, Args)]
pub(crate) struct Ticks {
    /// 勾选某一步（plan 给出的 key），例如清空一个字段；可以写多次
    #[arg(long, value_name = "KEY")]
    tick: Vec<String>,
    /// 不做某一步；可以写多次
    #[arg(long, value_name = "KEY")]
    untick: Vec<String>,
}

impl Ticks {
    fn parse(&self) -> Result<Choices, Failure> {
        Ok(Choices::parse(&self.tick, &self.untick)?)
    }
}

pub(crate) async fn run(command: Command, place: &Place) -> Done {
    match command {
        Command::Plan { store, choices } => plan(&place.read()?, store, &choices.parse()?),
        Command::Apply { stores, choices } => {
            let choices = choices.parse()?;
            let engine = place.write()?;
            let ids = stores
                .iter()
                .map(|store| data::store(&engine, *store))
                .collect::<Result<Vec<_>, _>>()?;
            let report = engine.sync_apply(&ids, &choices).await?;
            reported(&engine, &report)
        }
        Command::Undo { store } => {
            let engine = place.write()?;
            let id = data::store(&engine, store)?;
            let report = engine.sync_undo(last_sync(&engine, id)?).await?;
            reported(&engine, &report)
        }
    }
}

fn plan(engine: &Engine, store: i64, choices: &Choices) -> Done {
    let id = data::store(engine, store)?;
    let plans = engine.sync_plan(&[id], choices)?;
    let mut steps = Vec::new();
    let mut shown = Vec::new();
    let mut done = 0;
    for plan in &plans {
        for step in &plan.plan.steps {
            let subject = plan.subject(step);
            let reason = step
                .reason
                .as_ref()
                .map(|reason| words::reason(&reason.code, &reason.params));
            if step.ticked {
                done += 1;
                shown.push(vec![
                    subject.clone(),
                    field_name(step.key.field).to_owned(),
                    action(step.action).to_owned(),
                    value_text(&step.old),
                    value_text(&step.new),
                ]);
            }
            steps.push(json!({
                "subject": subject, "field": field_name(step.key.field), "action": step.action,
                "old": value_json(&step.old), "new": value_json(&step.new), "reason": reason, "ticked": step.ticked,
                "key": step_key(plan.store.id, &step.key),
            }));
        }
    }
    let text = format!(
        "{}会写 {done} 处，跳过 {} 处\n",
        table(&["商品", "字段", "动作", "现在", "改为"], &shown),
        steps.len() - done
    );
    Ok(Outcome::well(json!({ "steps": steps }), text))
}

fn action(action: Action) -> &'static str {
    match action {
        Action::Add => "新增",
        Action::Change => "修改",
        Action::Clear => "清空",
        Action::Skip => "跳过",
    }
}

/// A field as plain JSON: prices in fen.
fn value_json(value: &FieldValue) -> Value {
    match value {
        FieldValue::Empty => Value::Null,
        FieldValue::Text(text) => json!(text),
        FieldValue::List(list) => json!(list),
        FieldValue::Price(price) => json!(price.0),
        FieldValue::Count(count) => json!(count),
        FieldValue::Flag(flag) => json!(flag),
    }
}

fn value_text(value: &FieldValue) -> String {
    match value {
        FieldValue::Empty => "（空）".to_owned(),
        FieldValue::Text(text) => text.clone(),
        FieldValue::List(list) => list.join(" > "),
        FieldValue::Price(price) => yuan(price.0),
        FieldValue::Count(count) => count.to_string(),
        FieldValue::Flag(flag) => if *flag { "是" } else { "否" }.to_owned(),
    }
}

/// The newest sync of a store that ended.
fn last_sync(engine: &Engine, store: StoreId) -> Result<JobId, Failure> {
    let jobs = engine.db().read(|c| storage::job::recent(c, RECENT))?;
    jobs.iter()
        .find(|job| job.kind == "sync" && job.store == Some(store))
        .map(|job| job.id)
        .ok_or_else(|| Failure::refused("nothing_to_undo", "这家门店没有可以撤销的同步"))
}

/// What a job that wrote to a platform did, task by task where it did not go well.
pub(super) fn reported(engine: &Engine, report: &SyncReport) -> Done {
    let job = JobId(report.job);
    let tasks = engine.db().read(|c| storage::task::of_job(c, job))?;
    let rejected: Vec<Value> = tasks
        .iter()
        .filter(|task| task.state == TaskState::Rejected)
        .map(rejection)
        .collect();
    let waiting: Vec<Value> = tasks
        .iter()
        .filter(|task| task.state == TaskState::Queued && task.cause == WAITS_FOR)
        .map(rejection)
        .collect();
    let mut text = format!(
        "已确认 {}，被拒绝 {}，审核中 {}，结果未知 {}",
        report.confirmed,
        rejected.len(),
        report.in_review,
        report.unknown
    );
    if report.queued > 0 {
        add(&mut text, format_args!("，还没发 {}", report.queued));
    }
    if !waiting.is_empty() {
        add(&mut text, format_args!("，其中 {} 个在等前一步", waiting.len()));
    }
    for one in rejected.iter().chain(&waiting).take(50) {
        let field = |name: &str| one[name].as_str().unwrap_or_default();
        add(
            &mut text,
            format_args!("\n{}：{}", field("subject"), field("message")),
        );
    }
    let ok = rejected.is_empty() && report.unknown == 0 && report.queued == 0;
    let document = json!({
        "confirmed": report.confirmed, "rejected": rejected, "in_review": report.in_review,
        "unknown": report.unknown, "queued": report.queued, "waiting": waiting, "cancelled": report.cancelled, "job": report.job,
    });
    Ok(Outcome::judged(document, text, ok))
}

/// A task that was not taken.
pub(super) fn rejection(task: &TaskRow) -> Value {
    let subject: TaskSubject = serde_json::from_str(&task.subject).unwrap_or_default();
    json!({ "task": task.id, "subject": subject.name, "id": task.cause, "message": message(task), "raw": task.raw })
}

/// What went wrong with a task: our words when the cause is known, else what the platform said.
fn message(task: &TaskRow) -> String {
    let text = words::finding(&task.cause, &task.params);
    if text == task.cause && !task.raw.is_empty() {
        task.raw.clone()
    } else {
        text
    }
}
