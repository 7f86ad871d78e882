//! 任务中心: long work that survives a restart.

use crate::db::Tx;
use crate::error::{Result, StorageError};
use domain::id::{JobId, StoreId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

/// A job as the task centre shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JobRow {
    /// Row id.
    pub id: JobId,
    /// Kind: `import`, `pull`, `sync`, `stock`, `pictures`, `undo_sync`, `repush`.
    pub kind: String,
    /// Its store, when it is about one.
    pub store: Option<StoreId>,
    /// `running`, `paused`, `done`, `cancelled`, `failed`, `interrupted`.
    pub state: String,
    /// Units of work in all.
    pub total: i64,
    /// Units done.
    pub done: i64,
    /// Parameters as JSON.
    pub params: String,
    /// Result as JSON.
    pub result: String,
    /// UTC ms.
    pub created_at: i64,
    /// UTC ms.
    pub finished_at: Option<i64>,
}

fn job(row: &Row<'_>) -> rusqlite::Result<JobRow> {
    Ok(JobRow {
        id: JobId(row.get(0)?),
        kind: row.get(1)?,
        store: row.get::<_, Option<i64>>(2)?.map(StoreId),
        state: row.get(3)?,
        total: row.get(4)?,
        done: row.get(5)?,
        params: row.get(6)?,
        result: row.get(7)?,
        created_at: row.get(8)?,
        finished_at: row.get(9)?,
    })
}

const COLUMNS: &str = "id, kind, store_id, state, total, done, params, result, created_at, finished_at";

/// Starts a job.
pub fn insert(
    tx: &Tx<'_>,
    at: i64,
    kind: &str,
    store: Option<StoreId>,
    total: i64,
    params_: &str,
) -> Result<JobId> {
    tx.execute(
        "INSERT INTO job (kind, store_id, state, total, params, created_at) VALUES (?1, ?2, 'running', ?3, ?4, ?5)",
        params![kind, store.map(|s| s.0), total, params_, at],
    )?;
    Ok(JobId(tx.last_insert_rowid()))
}

/// One job.
pub fn get(connection: &Connection, id: JobId) -> Result<JobRow> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM job WHERE id = ?1"))?
        .query_row([id.0], job)
        .optional()?
        .ok_or(StorageError::NotFound { what: "job" })
}

/// The latest jobs.
pub fn recent(connection: &Connection, limit: i64) -> Result<Vec<JobRow>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM job ORDER BY created_at DESC, id DESC LIMIT ?1"
    ))?;
    let rows = statement.query_map([limit], job)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Notes progress.
pub fn set_progress(tx: &Tx<'_>, id: JobId, done: i64, total: i64) -> Result<()> {
    tx.prepare_cached("UPDATE job SET done = ?2, total = ?3 WHERE id = ?1")?
        .execute(params![id.0, done, total])?;
    Ok(())
}

/// Moves a running or paused job to another state with its result so far.
pub fn set_state(tx: &Tx<'_>, id: JobId, at: i64, state: &str, result: &str) -> Result<()> {
    let finished = !matches!(state, "running" | "paused");
    tx.execute(
        "UPDATE job SET state = ?2, result = ?3, finished_at = ?4 WHERE id = ?1",
        params![id.0, state, result, finished.then_some(at)],
    )?;
    Ok(())
}

/// Jobs that were running when the app died.
pub fn mark_interrupted(tx: &Tx<'_>, at: i64) -> Result<Vec<JobId>> {
    let ids = tx
        .prepare("SELECT id FROM job WHERE state = 'running'")?
        .query_map([], |row| row.get(0).map(JobId))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    tx.execute(
        "UPDATE job SET state = 'interrupted', finished_at = ?1 WHERE state = 'running'",
        [at],
    )?;
    Ok(ids)
}
