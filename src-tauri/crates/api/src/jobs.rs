//! 任务中心: bodies of the `jobs_*`, `job_*` and `tasks_*` commands.

use crate::Api;
use crate::error::{ApiError, Result};
use crate::orders::{badges, count};
use crate::types::jobs::{JobDetail, JobList, JobView, PauseRequest, RetryRequest, TaskView};
use crate::types::shared::{Count, Empty, IdRequest, StoreBadge, WordsView};
use domain::id::{JobId, StoreId};
use engine::sync::outbox::TaskSubject;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use storage::job::JobRow;
use storage::task::TaskRow;

const JOBS: i64 = 200;
const TASKS: usize = 500;

/// Jobs, newest first, and the outbox in numbers.
pub async fn list(api: &Api, _: Empty) -> Result<JobList> {
    let (rows, outbox, badges) = api.engine.db().read(|c| {
        Ok((
            storage::job::recent(c, JOBS)?,
            storage::task::counts(c, None)?,
            badges(c)?,
        ))
    })?;
    Ok(JobList {
        jobs: rows.into_iter().map(|row| job_view(row, &badges)).collect(),
        outbox,
    })
}

/// One job with its tasks and what the platforms did not take.
pub async fn get(api: &Api, request: IdRequest) -> Result<JobDetail> {
    let id = JobId(request.id);
    let (row, states, tasks, badges) = api.engine.db().read(|c| {
        Ok((
            storage::job::get(c, id)?,
            storage::task::counts(c, Some(id))?,
            storage::task::of_job(c, id)?,
            badges(c)?,
        ))
    })?;
    Ok(JobDetail {
        job: job_view(row, &badges),
        states,
        rejections: api
            .engine
            .sync_report(id)?
            .rejections
            .into_iter()
            .map(crate::sync::rejection)
            .collect(),
        tasks: tasks.iter().take(TASKS).map(task_view).collect(),
    })
}

/// Asks a job to stop at its next safe point.
pub async fn cancel(api: &Api, request: IdRequest) -> Result<Empty> {
    if api.engine.cancel_job(JobId(request.id)) {
        Ok(Empty {})
    } else {
        Err(ApiError::new("job_not_running"))
    }
}

/// Pauses a job or goes on.
pub async fn pause(api: &Api, request: PauseRequest) -> Result<Empty> {
    if api.engine.pause_job(JobId(request.id), request.paused) {
        Ok(Empty {})
    } else {
        Err(ApiError::new("job_not_running"))
    }
}

/// Queues rejected tasks again and sends them in the background.
pub async fn retry(api: &Api, request: RetryRequest) -> Result<Count> {
    let requeued = api
        .engine
        .requeue_rejected(request.job.map(JobId), &request.cause)?;
    if !requeued.stores.is_empty() {
        let engine = api.engine.clone();
        tokio::spawn(async move {
            if let Err(error) = engine.sync_resume(&requeued.stores).await {
                // A running sync takes the tasks along; anything else stands in the task centre.
                tracing::info!(
                    code = error.code(),
                    "what was queued again waits for the next sync"
                );
            }
        });
    }
    Ok(Count {
        count: count(requeued.count),
    })
}

pub(crate) fn job_view(row: JobRow, badges: &HashMap<StoreId, StoreBadge>) -> JobView {
    let result: Value = serde_json::from_str(&row.result).unwrap_or_default();
    let error = result.get("error").and_then(Value::as_str).map(|code| WordsView {
        code: if code.starts_with("vault.") {
            code.to_owned()
        } else {
            format!("error.{code}")
        },
        params: texts(result.get("params")),
    });
    JobView {
        id: row.id.0,
        kind: row.kind,
        store: row.store.and_then(|id| badges.get(&id).cloned()),
        state: row.state,
        total: row.total,
        done: row.done,
        created_at: row.created_at,
        finished_at: row.finished_at,
        params: texts(serde_json::from_str(&row.params).ok().as_ref()),
        result,
        error,
    }
}

/// The texts and numbers of an object.
fn texts(value: Option<&Value>) -> BTreeMap<String, String> {
    let fields = value.and_then(Value::as_object).into_iter().flatten();
    fields
        .filter_map(|(key, value)| match value {
            Value::String(text) => Some((key.clone(), text.clone())),
            Value::Number(number) => Some((key.clone(), number.to_string())),
            _ => None,
        })
        .collect()
}

fn task_view(task: &TaskRow) -> TaskView {
    TaskView {
        id: task.id.0,
        subject: serde_json::from_str::<TaskSubject>(&task.subject)
            .unwrap_or_default()
            .name,
        kind: task.kind.clone(),
        state: task.state.as_str().to_owned(),
        cause: task.cause.clone(),
        params: task.params.clone(),
        raw: task.raw.clone(),
        attempts: task.attempts,
    }
}
