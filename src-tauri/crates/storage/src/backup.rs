//! Verified copies of the file: before every migration, on request, and back.

use crate::db::Db;
use crate::error::{Result, StorageError};
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};

/// A backup that was read back and found whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Backup {
    /// The file.
    pub path: PathBuf,
    /// Bytes.
    pub bytes: u64,
    /// Its schema number.
    pub schema: i64,
    /// Products in it.
    pub products: i64,
    /// Orders in it.
    pub orders: i64,
}

/// What is in a backup, without reading all of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Products.
    pub products: i64,
    /// Orders.
    pub orders: i64,
}

/// Looks into a backup without checking it.
///
/// # Errors
/// When the file is no database of ours.
pub fn counts(path: &Path) -> Result<Counts> {
    counted(&open(path)?)
}

fn open(path: &Path) -> Result<Connection> {
    if !path.exists() {
        return Err(StorageError::NoData);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(path, flags)?)
}

fn counted(connection: &Connection) -> Result<Counts> {
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    Ok(Counts {
        products: count("SELECT count(*) FROM product WHERE deleted_at IS NULL")?,
        orders: count("SELECT count(*) FROM orders")?,
    })
}

/// Copies the database to a file with SQLite's own backup, then opens and checks the copy. The copy appears under
/// its name only when it is whole.
pub fn create(db: &Db, target: &Path) -> Result<Backup> {
    if let Some(folder) = target.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let draft = target.with_extension("part");
    if draft.exists() {
        std::fs::remove_file(&draft)?;
    }
    db.with_writer(|connection| copy(connection, &draft))?;
    let checked = verify(&draft)?;
    std::fs::rename(&draft, target)?;
    Ok(Backup {
        path: target.to_owned(),
        ..checked
    })
}

/// Opens a backup read-only and checks all of it.
pub fn verify(path: &Path) -> Result<Backup> {
    let connection = open(path)?;
    let verdict: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(StorageError::Damaged(verdict));
    }
    let schema: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let counts = counted(&connection)?;
    Ok(Backup {
        path: path.to_owned(),
        bytes: std::fs::metadata(path)?.len(),
        schema,
        products: counts.products,
        orders: counts.orders,
    })
}

/// Puts a checked backup in the place of the database of a folder that nobody has open; what was there is kept
/// beside it under the given name.
pub fn restore(folder: &Path, backup: &Path, keep_as: &Path) -> Result<Backup> {
    let checked = verify(backup)?;
    if checked.schema > crate::db::SCHEMA {
        return Err(StorageError::Newer {
            found: checked.schema,
            known: crate::db::SCHEMA,
        });
    }
    {
        // Proves that nobody else writes, and folds the WAL in so that the kept file is whole.
        let held = Db::open(folder, crate::db::Access::Write, "restore")?;
        create(&held, keep_as)?;
        held.with_writer(|connection| {
            Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
        })?;
    }
    let file = Db::file(folder);
    let draft = file.with_extension("restoring");
    std::fs::copy(backup, &draft)?;
    std::fs::File::open(&draft)?.sync_all()?;
    for suffix in ["-wal", "-shm"] {
        let side = PathBuf::from(format!("{}{suffix}", file.display()));
        if side.exists() {
            std::fs::remove_file(side)?;
        }
    }
    std::fs::rename(&draft, &file)?;
    Ok(checked)
}

pub(crate) fn before_migration(folder: &Path, connection: &Connection, from: i64) -> Result<PathBuf> {
    let shelf = folder.join("backups");
    std::fs::create_dir_all(&shelf)?;
    let mut target = shelf.join(format!("before-schema-{}.sqlite", from + 1));
    let mut round = 1;
    while target.exists() {
        round += 1;
        target = shelf.join(format!("before-schema-{}-{round}.sqlite", from + 1));
    }
    copy(connection, &target)?;
    verify(&target)?;
    Ok(target)
}

fn copy(from: &Connection, target: &Path) -> Result<()> {
    let mut to = Connection::open(target)?;
    let copying = rusqlite::backup::Backup::new(from, &mut to)?;
    copying.run_to_completion(1000, std::time::Duration::ZERO, None)?;
    drop(copying);
    // The copy is one file: in WAL mode every look at it would leave two more beside it.
    to.pragma_update(None, "journal_mode", "DELETE")?;
    Ok(())
}
