//! The bundle for support: one zip with versions, counts, settings, the latest order events and logs, blacked out and
//! bounded. It can be made when the database does not open: then it says so and holds the logs.

use super::redact::redact;
use crate::engine::Engine;
use crate::error::{EngineError, Result, file_name};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// At most so many bytes of one log file, from its end.
const LOG_BYTES: u64 = 512 * 1024;
/// At most so many log files, newest first.
const LOGS: usize = 4;
const EVENTS: i64 = 200;
const JOBS: i64 = 50;
/// Longest raw text of one event.
const RAW: usize = 2_000;

/// The program that makes the bundle.
#[derive(Clone, Debug)]
pub struct Program {
    /// Name and version.
    pub version: String,
}

/// A written bundle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bundle {
    /// Where it was written.
    pub path: PathBuf,
    /// Bytes.
    pub bytes: u64,
    /// Names inside.
    pub files: Vec<String>,
    /// Values that were blacked out.
    pub redactions: usize,
}

/// Where the logs of a data folder lie.
pub fn logs(folder: &Path) -> PathBuf {
    folder.join("logs")
}

impl Engine {
    /// Writes the bundle to a file.
    pub async fn export_diagnostics(&self, program: Program, target: &Path) -> Result<Bundle> {
        let health = self.health().await?;
        let engine = self.clone();
        let target = target.to_owned();
        tokio::task::spawn_blocking(move || {
            let mut parts = engine.parts()?;
            let checks: Vec<Value> = health
                .iter()
                .map(|check| json!({ "check": check.code, "ok": check.ok, "params": check.params }))
                .collect();
            parts.push(("health.json".to_owned(), pretty(&json!(checks))?));
            write(engine.folder(), &program, parts, &engine.clear_secrets(), &target)
        })
        .await?
    }

    /// Secrets that this run holds in clear, to be looked for in everything that leaves.
    fn clear_secrets(&self) -> Vec<String> {
        let opened = self.0.opened.lock();
        opened
            .values()
            .flat_map(|held| held.expose().into_values())
            .collect()
    }

    fn parts(&self) -> Result<Vec<(String, String)>> {
        let (counts, settings, accounts, stores, jobs, events) = self.db().read(|c| {
            Ok((
                table_counts(c)?,
                storage::setting::all(c)?,
                storage::account::all(c)?,
                storage::store::all(c)?,
                storage::job::recent(c, JOBS)?,
                latest_events(c)?,
            ))
        })?;
        let accounts: Vec<Value> = accounts
            .iter()
            .map(|account| {
                json!({
                    "id": account.id.0, "service": account.service, "state": account.state,
                    "state_text": account.state_text, "state_since": account.state_since,
                    "expires_at": account.expires_at, "clock_offset_ms": account.clock_offset_ms,
                    "own_endpoint": account.endpoint.is_some(), "has_secret": account.has_secret,
                    "settings": account.settings,
                })
            })
            .collect();
        let stores: Vec<Value> = stores
            .iter()
            .map(|row| {
                json!({
                    "id": row.store.id.0, "platform": row.store.platform, "remote_id": row.store.remote_id,
                    "name": row.store.name, "account": row.store.account.0,
                    "erp_account": row.store.erp_account.map(|id| id.0), "offline_code": row.store.offline_code,
                    "switches": row.store.switches, "orders_read_at": row.orders_read_at,
                    "orders_error": row.orders_error, "listings_read_at": row.listings_read_at,
                })
            })
            .collect();
        let jobs: Vec<Value> = jobs
            .iter()
            .map(|job| {
                json!({
                    "id": job.id.0, "kind": job.kind, "store": job.store.map(|id| id.0), "state": job.state,
                    "total": job.total, "done": job.done, "result": job.result, "at": job.created_at,
                    "finished_at": job.finished_at,
                })
            })
            .collect();
        Ok(vec![
            ("counts.json".to_owned(), pretty(&counts)?),
            ("settings.json".to_owned(), pretty(&json!(settings))?),
            ("accounts.json".to_owned(), pretty(&json!(accounts))?),
            ("stores.json".to_owned(), pretty(&json!(stores))?),
            ("jobs.json".to_owned(), pretty(&json!(jobs))?),
            ("order_events.json".to_owned(), pretty(&events)?),
        ])
    }
}

/// The bundle of a data folder whose database does not open: why, and the logs.
pub fn export_closed(folder: &Path, program: &Program, why: &EngineError, target: &Path) -> Result<Bundle> {
    let text = format!("{}\n{why}\n", why.code());
    write(
        folder,
        program,
        vec![("not_open.txt".to_owned(), text)],
        &[],
        target,
    )
}

fn write(
    folder: &Path,
    program: &Program,
    mut parts: Vec<(String, String)>,
    secrets: &[String],
    target: &Path,
) -> Result<Bundle> {
    let about = json!({
        "program": program.version, "schema": storage::db::SCHEMA,
        "system": std::env::consts::OS, "machine": std::env::consts::ARCH,
    });
    parts.insert(0, ("about.json".to_owned(), pretty(&about)?));
    parts.extend(log_files(folder)?);
    let mut redactions = 0;
    for (_, text) in &mut parts {
        let clean = redact(text, secrets);
        redactions += clean.count;
        *text = clean.text;
    }
    let name = file_name(target);
    let unusable = |source: std::io::Error| EngineError::File {
        path: name.clone(),
        source,
    };
    let draft = target.with_extension("part");
    let file = File::create(&draft).map_err(unusable)?;
    let written = pack(file, &parts).map_err(unusable);
    if let Err(error) = written {
        // A half bundle helps nobody; that it cannot be removed either changes nothing about the failure.
        let removed = std::fs::remove_file(&draft);
        tracing::debug!(?removed, "the half bundle was removed");
        return Err(error);
    }
    std::fs::rename(&draft, target).map_err(unusable)?;
    Ok(Bundle {
        bytes: std::fs::metadata(target).map_err(unusable)?.len(),
        path: target.to_owned(),
        files: parts.into_iter().map(|(name, _)| name).collect(),
        redactions,
    })
}

fn pack(file: File, parts: &[(String, String)]) -> std::io::Result<()> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut zip = ZipWriter::new(file);
    for (name, text) in parts {
        zip.start_file(name.as_str(), options)
            .map_err(std::io::Error::other)?;
        zip.write_all(text.as_bytes())?;
    }
    zip.finish().map_err(std::io::Error::other)?.sync_all()
}

/// The newest logs, each from its end, by name.
fn log_files(folder: &Path) -> Result<Vec<(String, String)>> {
    let shelf = logs(folder);
    if !shelf.is_dir() {
        return Ok(Vec::new());
    }
    let unusable = |source| EngineError::File {
        path: "logs".to_owned(),
        source,
    };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(shelf)
        .map_err(unusable)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.is_file())
        .collect();
    // Names end in the day, so the order of names is the order of time.
    paths.sort();
    let mut found = Vec::new();
    for path in paths.iter().rev().take(LOGS) {
        let mut file = File::open(path).map_err(unusable)?;
        let length = file.metadata().map_err(unusable)?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(LOG_BYTES)))
            .map_err(unusable)?;
        let mut bytes = Vec::new();
        file.take(LOG_BYTES).read_to_end(&mut bytes).map_err(unusable)?;
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        found.push((
            format!("logs/{name}"),
            String::from_utf8_lossy(&bytes).into_owned(),
        ));
    }
    Ok(found)
}

fn table_counts(connection: &storage::Connection) -> storage::error::Result<Value> {
    let mut statement = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )?;
    let names = statement
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<std::result::Result<Vec<_>, _>>()?;
    let mut counts = serde_json::Map::new();
    for name in names {
        // Names come from the schema itself, never from outside.
        let count: i64 =
            connection.query_row(&format!("SELECT count(*) FROM \"{name}\""), [], |row| row.get(0))?;
        counts.insert(name, count.into());
    }
    Ok(Value::Object(counts))
}

fn latest_events(connection: &storage::Connection) -> storage::error::Result<Value> {
    let mut statement = connection.prepare(
        "SELECT o.number, e.at, e.kind, e.params, e.raw FROM order_event e JOIN orders o ON o.id = e.order_id
          ORDER BY e.id DESC LIMIT ?1",
    )?;
    let rows = statement.query_map([EVENTS], |row| {
        let params: String = row.get(3)?;
        let raw: String = row.get(4)?;
        Ok(json!({
            "order": row.get::<_, String>(0)?, "at": row.get::<_, i64>(1)?, "kind": row.get::<_, String>(2)?,
            "params": serde_json::from_str::<Value>(&params).unwrap_or(Value::Null),
            "raw": raw.chars().take(RAW).collect::<String>(),
        }))
    })?;
    Ok(Value::Array(rows.collect::<std::result::Result<_, _>>()?))
}

fn pretty(value: &Value) -> Result<String> {
    Ok(serde_json::to_string_pretty(value)?)
}

#[cfg(test)]
mod tests {
    use super::{LOG_BYTES, Program, export_closed, logs};
    use crate::error::EngineError;
    use std::io::Read as _;

    #[test]
    fn a_folder_whose_database_does_not_open_still_gives_its_logs_without_secrets() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(logs(folder.path())).unwrap();
        let long = "x ".repeat(usize::try_from(LOG_BYTES).unwrap());
        std::fs::write(
            logs(folder.path()).join("guitai.2026-11-22.log"),
            format!("{long}\ntoken=canary-9 phone 13812345678 order 300012345678901234\n"),
        )
        .unwrap();
        let target = folder.path().join("out.zip");
        let program = Program {
            version: "guitai 0.1.0".to_owned(),
        };
        let why = EngineError::Storage(storage::error::StorageError::Damaged(
            "file is not a database".into(),
        ));
        let bundle = export_closed(folder.path(), &program, &why, &target).unwrap();
        assert_eq!(bundle.redactions, 2);
        assert!(bundle.bytes < LOG_BYTES, "bounded");
        let mut zip = zip::ZipArchive::new(std::fs::File::open(&target).unwrap()).unwrap();
        let mut all = String::new();
        for at in 0..zip.len() {
            zip.by_index(at).unwrap().read_to_string(&mut all).unwrap();
        }
        assert!(!all.contains("canary") && !all.contains("13812345678"));
        assert!(all.contains("file_damaged") && all.contains("300012345678901234"));
    }
}
