//! The outbox: writes to platforms, each recorded before its first byte leaves.

use crate::db::Tx;
use crate::error::Result;
use domain::id::{JobId, ProductId, StoreId, TaskId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// Where a task stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// To be sent.
    Queued,
    /// Bytes may have left.
    Sending,
    /// Done, as read back.
    Confirmed,
    /// Not taken, with a cause.
    Rejected,
    /// Taken, in the platform's review.
    InReview,
    /// The answer never came: read back before anything is sent again.
    Unknown,
    /// Taken back before it was sent.
    Cancelled,
}

impl TaskState {
    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Confirmed => "confirmed",
            Self::Rejected => "rejected",
            Self::InReview => "in_review",
            Self::Unknown => "unknown",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A task to queue.
#[derive(Clone, Debug)]
pub struct NewTask {
    /// Its job.
    pub job: Option<JobId>,
    /// The store.
    pub store: StoreId,
    /// What is done: `codes`, `listing`, `price`, `stock`, `group`, `delete`.
    pub kind: &'static str,
    /// Orders come before stock before price before content: smaller first.
    pub priority: i64,
    /// What it is about, as JSON of the caller.
    pub subject: String,
    /// What is written, as JSON of the caller.
    pub payload: String,
    /// What was there before, as JSON of the caller, for undo.
    pub previous: String,
    /// The task whose effect this one takes back.
    pub undoes: Option<TaskId>,
}

/// A task as stored.
#[derive(Clone, Debug)]
pub struct TaskRow {
    /// Row id.
    pub id: TaskId,
    /// Its job.
    pub job: Option<JobId>,
    /// The store.
    pub store: StoreId,
    /// Kind.
    pub kind: String,
    /// Smaller goes first.
    pub priority: i64,
    /// Subject JSON.
    pub subject: String,
    /// Payload JSON.
    pub payload: String,
    /// Previous JSON.
    pub previous: String,
    /// State.
    pub state: TaskState,
    /// Row of problems.md when rejected.
    pub cause: String,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
    /// The platform's text.
    pub raw: String,
    /// Sends tried.
    pub attempts: i64,
    /// Identical failures in a row.
    pub same_failures: i64,
    /// Not before, UTC ms.
    pub not_before: i64,
    /// UTC ms.
    pub created_at: i64,
    /// UTC ms.
    pub done_at: Option<i64>,
}

const COLUMNS: &str = "id, job_id, store_id, kind, subject, payload, previous, state, cause, params, raw, attempts, \
     same_failures, not_before, created_at, done_at, priority";
const COLUMN_COUNT: usize = 17;

fn task(row: &Row<'_>) -> rusqlite::Result<TaskRow> {
    Ok(TaskRow {
        id: TaskId(row.get(0)?),
        job: row.get::<_, Option<i64>>(1)?.map(JobId),
        store: StoreId(row.get(2)?),
        kind: row.get(3)?,
        subject: row.get(4)?,
        payload: row.get(5)?,
        previous: row.get(6)?,
        state: serde_json::from_value(Value::String(row.get(7)?)).unwrap_or(TaskState::Unknown),
        cause: row.get(8)?,
        params: serde_json::from_str(&row.get::<_, String>(9)?).unwrap_or_default(),
        raw: row.get(10)?,
        attempts: row.get(11)?,
        same_failures: row.get(12)?,
        not_before: row.get(13)?,
        created_at: row.get(14)?,
        done_at: row.get(15)?,
        priority: row.get(16)?,
    })
}

/// Queues a task.
pub fn insert(tx: &Tx<'_>, at: i64, new: &NewTask) -> Result<TaskId> {
    tx.prepare_cached(
        "INSERT INTO task (job_id, store_id, kind, priority, subject, payload, previous, state, undoes, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'queued', ?8, ?9)",
    )?
    .execute(params![
        new.job.map(|j| j.0),
        new.store.0,
        new.kind,
        new.priority,
        new.subject,
        new.payload,
        new.previous,
        new.undoes.map(|t| t.0),
        at
    ])?;
    Ok(TaskId(tx.last_insert_rowid()))
}

/// Makes a task wait for another one: it is not due before that one is confirmed or in review.
pub fn wait_for(tx: &Tx<'_>, task: TaskId, first: TaskId) -> Result<()> {
    tx.prepare_cached("INSERT OR IGNORE INTO task_after (task_id, after_id) VALUES (?1, ?2)")?
        .execute([task.0, first.0])?;
    Ok(())
}

/// A queued task waits while one of those before it has not been taken. What was sent already is looked at in any case.
const WAITS: &str =
    "task.state = 'queued' AND EXISTS (SELECT 1 FROM task_after o JOIN task f ON f.id = o.after_id
      WHERE o.task_id = task.id AND f.state NOT IN ('confirmed', 'in_review'))";

/// Queued tasks of a job in a store that wait for one that was not taken, with that one: they go on when it is tried
/// again and taken.
pub fn stuck(connection: &Connection, store: StoreId, job: JobId) -> Result<Vec<(TaskId, TaskRow)>> {
    let columns: Vec<String> = COLUMNS
        .split(',')
        .map(|name| format!("f.{}", name.trim()))
        .collect();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {}, t.id FROM task t JOIN task_after o ON o.task_id = t.id JOIN task f ON f.id = o.after_id
          WHERE t.store_id = ?1 AND t.job_id = ?2 AND t.state = 'queued'
            AND f.state NOT IN ('confirmed', 'in_review') ORDER BY t.id, f.state = 'queued', f.id",
        columns.join(", ")
    ))?;
    let rows = statement.query_map([store.0, job.0], |row| {
        Ok((TaskId(row.get(COLUMN_COUNT)?), task(row)?))
    })?;
    let mut stuck: Vec<(TaskId, TaskRow)> = rows.collect::<rusqlite::Result<_>>()?;
    stuck.dedup_by_key(|(id, _)| *id);
    Ok(stuck)
}

/// Takes back queued tasks of some kinds in a store that wait for one that was not taken: a new plan writes them anew.
/// Gives the count.
pub fn cancel_stuck(tx: &Tx<'_>, store: StoreId, kinds: &[&str], at: i64) -> Result<usize> {
    // What waits for a task that waits itself goes with it.
    let mut cancelled = 0;
    loop {
        let round = tx.execute(
            "UPDATE task SET state = 'cancelled', done_at = ?2
              WHERE store_id = ?1 AND state = 'queued' AND kind IN (SELECT value FROM json_each(?3))
                AND EXISTS (SELECT 1 FROM task_after o JOIN task f ON f.id = o.after_id
                     WHERE o.task_id = task.id AND f.state IN ('rejected', 'cancelled'))",
            params![store.0, at, serde_json::to_string(kinds)?],
        )?;
        if round == 0 {
            return Ok(cancelled);
        }
        cancelled += round;
    }
}

/// Takes back what of products in a store waits or was not taken, of some kinds: what they carry is replaced. Tasks on
/// their way stay. Gives the count.
pub fn cancel_of_products(
    tx: &Tx<'_>,
    store: StoreId,
    kinds: &[&str],
    products: &[ProductId],
    at: i64,
) -> Result<usize> {
    let ids: Vec<i64> = products.iter().map(|product| product.0).collect();
    Ok(tx.execute(
        "UPDATE task SET state = 'cancelled', done_at = ?2
          WHERE store_id = ?1 AND state IN ('queued', 'rejected') AND kind IN (SELECT value FROM json_each(?3))
            AND subject ->> '$.product' IN (SELECT value FROM json_each(?4))",
        params![
            store.0,
            at,
            serde_json::to_string(kinds)?,
            serde_json::to_string(&ids)?
        ],
    )?)
}

/// Tasks of a store that are due, unknown ones first, then by priority. What is `sending` is in somebody's hands, and
/// what waits for another task is not due ([`wait_for`]).
pub fn due(
    connection: &Connection,
    store: StoreId,
    job: Option<JobId>,
    now: i64,
    limit: i64,
) -> Result<Vec<TaskRow>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM task WHERE store_id = ?1 AND state IN ('queued', 'unknown') AND not_before <= ?2
           AND (?4 IS NULL OR job_id = ?4) AND NOT ({WAITS})
         ORDER BY state = 'queued', priority, id LIMIT ?3"
    ))?;
    let rows = statement.query_map(params![store.0, now, limit, job.map(|j| j.0)], task)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// When the next task of a job in a store becomes due, UTC ms; `None` when none is left but those that wait for one
/// that was not taken.
pub fn next_due(connection: &Connection, store: StoreId, job: JobId) -> Result<Option<i64>> {
    Ok(connection
        .prepare_cached(&format!(
            "SELECT min(not_before) FROM task WHERE store_id = ?1 AND job_id = ?2 AND state IN ('queued', 'unknown')
                AND NOT ({WAITS})",
        ))?
        .query_row([store.0, job.0], |row| row.get(0))?)
}

/// Jobs that have tasks of a store still open; `None` stands for tasks without a job.
pub fn open_jobs(connection: &Connection, store: StoreId) -> Result<Vec<Option<JobId>>> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT job_id FROM task WHERE store_id = ?1 AND state IN ('queued', 'sending', 'unknown') ORDER BY 1",
    )?;
    let rows = statement.query_map([store.0], |row| Ok(row.get::<_, Option<i64>>(0)?.map(JobId)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Hands the open tasks of a store that belong to one job (or to none) to another job; what was `sending` there is
/// `unknown` from now on. Gives the count.
pub fn hand_over(tx: &Tx<'_>, store: StoreId, from: Option<JobId>, to: JobId) -> Result<usize> {
    Ok(tx.execute(
        "UPDATE task SET job_id = ?3, not_before = 0, state = CASE state WHEN 'sending' THEN 'unknown' ELSE state END
         WHERE store_id = ?1 AND job_id IS ?2 AND state IN ('queued', 'sending', 'unknown')",
        params![store.0, from.map(|j| j.0), to.0],
    )?)
}

/// Keeps what a job that ended early left of a kind from being done later by another: what was never sent is taken back,
/// and what was on its way is marked with a cause, so that whoever looks at it does not send it again.
pub fn interrupt(
    tx: &Tx<'_>,
    store: StoreId,
    of: Option<JobId>,
    kind: &str,
    cause: &str,
    at: i64,
) -> Result<()> {
    let of = of.map(|job| job.0);
    tx.execute(
        "UPDATE task SET state = 'cancelled', done_at = ?4
          WHERE store_id = ?1 AND job_id IS ?2 AND kind = ?3 AND state = 'queued' AND attempts = 0",
        params![store.0, of, kind, at],
    )?;
    tx.execute(
        "UPDATE task SET cause = ?4
          WHERE store_id = ?1 AND job_id IS ?2 AND kind = ?3 AND state IN ('sending', 'unknown')",
        params![store.0, of, kind, cause],
    )?;
    Ok(())
}

/// The pictures that successful writes put on products of a store, newest last: library product and content hashes.
pub fn sent_pictures(connection: &Connection, store: StoreId) -> Result<Vec<(ProductId, Vec<String>)>> {
    let mut statement = connection.prepare_cached(
        "SELECT subject ->> '$.product', payload ->> '$.hashes' FROM task
          WHERE store_id = ?1 AND kind = 'listing' AND state IN ('confirmed', 'in_review')
            AND payload ->> '$.hashes' IS NOT NULL ORDER BY id",
    )?;
    let rows = statement.query_map([store.0], |row| {
        let hashes: String = row.get(1)?;
        Ok((
            ProductId(row.get(0)?),
            serde_json::from_str(&hashes).unwrap_or_default(),
        ))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The values for their 类目 that successful writes sent last to products of a store.
pub fn sent_attributes(
    connection: &Connection,
    store: StoreId,
) -> Result<HashMap<ProductId, BTreeMap<String, String>>> {
    let mut statement = connection.prepare_cached(
        "SELECT subject ->> '$.product', payload ->> '$.write.attributes' FROM task
          WHERE store_id = ?1 AND kind = 'listing' AND state IN ('confirmed', 'in_review')
            AND payload ->> '$.write.attributes' IS NOT NULL AND subject ->> '$.product' IS NOT NULL ORDER BY id",
    )?;
    let rows = statement.query_map([store.0], |row| {
        let values: String = row.get(1)?;
        Ok((
            ProductId(row.get(0)?),
            serde_json::from_str(&values).unwrap_or_default(),
        ))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How the pictures that were sent to a product last stand in the platform's review.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Review {
    /// The library product.
    pub product: ProductId,
    /// UTC ms: when they were taken, or refused.
    pub since: i64,
    /// Refused.
    pub refused: bool,
}

/// The pictures of a store that the platform still looks at or has refused (with that cause), unless others were sent
/// after them.
pub fn picture_reviews(connection: &Connection, store: StoreId, refused: &str) -> Result<Vec<Review>> {
    let mut statement = connection.prepare_cached(
        "SELECT t.subject ->> '$.product', coalesce(t.done_at, t.created_at), t.state = 'rejected' FROM task t
          WHERE t.store_id = ?1 AND t.kind = 'listing' AND t.subject ->> '$.product' IS NOT NULL
            AND (t.state = 'in_review' OR (t.state = 'rejected' AND t.cause = ?2))
            AND NOT EXISTS (SELECT 1 FROM task l WHERE l.store_id = t.store_id AND l.kind = 'listing' AND l.id > t.id
                 AND l.state IN ('confirmed', 'in_review') AND l.payload ->> '$.hashes' IS NOT NULL
                 AND l.subject ->> '$.product' = t.subject ->> '$.product') ORDER BY t.id",
    )?;
    let rows = statement.query_map(params![store.0, refused], |row| {
        Ok(Review {
            product: ProductId(row.get(0)?),
            since: row.get(1)?,
            refused: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Tasks of a store that the platform has taken and still reviews, oldest first.
pub fn in_review(connection: &Connection, store: StoreId) -> Result<Vec<TaskRow>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM task WHERE state = 'in_review' AND store_id = ?1 ORDER BY id"
    ))?;
    let rows = statement.query_map([store.0], task)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One task.
pub fn get(connection: &Connection, id: TaskId) -> Result<Option<TaskRow>> {
    Ok(connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM task WHERE id = ?1"))?
        .query_row([id.0], task)
        .optional()?)
}

/// The tasks of a job in order.
pub fn of_job(connection: &Connection, job: JobId) -> Result<Vec<TaskRow>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM task WHERE job_id = ?1 ORDER BY id"
    ))?;
    let rows = statement.query_map([job.0], task)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Tasks of a state, newest first.
pub fn in_state(connection: &Connection, state: TaskState, limit: i64) -> Result<Vec<TaskRow>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM task WHERE state = ?1 ORDER BY id DESC LIMIT ?2"
    ))?;
    let rows = statement.query_map(params![state.as_str(), limit], task)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Takes tasks for sending; written before the first byte leaves.
pub fn take(tx: &Tx<'_>, at: i64, ids: &[TaskId]) -> Result<()> {
    let mut take = tx.prepare_cached(
        "UPDATE task SET state = 'sending', sent_at = ?2, attempts = attempts + 1 WHERE id = ?1 AND state = 'queued'",
    )?;
    for id in ids {
        take.execute(params![id.0, at])?;
    }
    Ok(())
}

/// How a task ended or goes on.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// Row of problems.md.
    pub cause: String,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
    /// The platform's text.
    pub raw: String,
    /// Not before, UTC ms.
    pub not_before: i64,
}

/// Moves a task to a state. An identical verdict again counts up.
pub fn set_state(tx: &Tx<'_>, id: TaskId, at: i64, state: TaskState, verdict: &Verdict) -> Result<()> {
    let done = !matches!(state, TaskState::Queued | TaskState::Sending | TaskState::Unknown);
    tx.prepare_cached(
        "UPDATE task SET same_failures = CASE WHEN ?3 = '' AND ?5 = '' THEN 0 WHEN cause = ?3 AND raw = ?5 THEN same_failures + 1 ELSE 1 END,
                state = ?2, cause = ?3, params = ?4, raw = ?5, not_before = ?6, done_at = ?7 WHERE id = ?1",
    )?
    .execute(params![
        id.0,
        state.as_str(),
        verdict.cause,
        serde_json::to_string(&verdict.params)?,
        verdict.raw,
        verdict.not_before,
        done.then_some(at)
    ])?;
    Ok(())
}

/// Queues a rejected or cancelled task again, as if nothing had been said to it yet.
pub fn requeue(tx: &Tx<'_>, id: TaskId) -> Result<bool> {
    let queued = tx.execute(
        "UPDATE task SET state = 'queued', not_before = 0, same_failures = 0, done_at = NULL,
                cause = '', params = '{}', raw = ''
         WHERE id = ?1 AND state IN ('rejected', 'cancelled')",
        [id.0],
    )?;
    Ok(queued > 0)
}

/// Takes back what of a store is not on its way yet; gives the count.
pub fn cancel_of_store(tx: &Tx<'_>, store: StoreId, at: i64) -> Result<usize> {
    Ok(tx.execute(
        "UPDATE task SET state = 'cancelled', done_at = ?2 WHERE store_id = ?1 AND state IN ('queued', 'unknown')",
        params![store.0, at],
    )?)
}

/// Products that the platform of a store took but for what the cause says, which it left out.
pub fn taken_but(connection: &Connection, store: StoreId, cause: &str) -> Result<Vec<ProductId>> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT subject ->> '$.product' FROM task
          WHERE store_id = ?1 AND kind = 'listing' AND state = 'confirmed' AND cause = ?2
            AND subject ->> '$.product' IS NOT NULL",
    )?;
    let rows = statement.query_map(params![store.0, cause], |row| Ok(ProductId(row.get(0)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Takes back what a job has not sent yet; gives the count.
pub fn cancel_queued(tx: &Tx<'_>, job: JobId, at: i64) -> Result<usize> {
    Ok(tx.execute(
        "UPDATE task SET state = 'cancelled', done_at = ?2 WHERE job_id = ?1 AND state = 'queued'",
        params![job.0, at],
    )?)
}

/// What was found `sending` when the app started: nobody knows whether it arrived.
pub fn sending_to_unknown(tx: &Tx<'_>) -> Result<usize> {
    Ok(tx.execute("UPDATE task SET state = 'unknown' WHERE state = 'sending'", [])?)
}

/// Tasks by state, of one job or of all.
pub fn counts(connection: &Connection, job: Option<JobId>) -> Result<BTreeMap<String, i64>> {
    let mut statement = connection
        .prepare_cached("SELECT state, count(*) FROM task WHERE ?1 IS NULL OR job_id = ?1 GROUP BY state")?;
    let rows = statement.query_map([job.map(|j| j.0)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
