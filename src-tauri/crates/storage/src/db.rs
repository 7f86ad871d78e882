//! Opening the file: one writer, several readers, WAL, `synchronous=FULL`.

use crate::error::{Result, StorageError};
use parking_lot::{Mutex, MutexGuard};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations};
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const FILE: &str = "guitai.sqlite";
const READERS: usize = 3;

/// The migrations, forward only. A released one is never edited: the layout tests hold their hashes.
fn migrations() -> Migrations<'static> {
    Migrations::new(vec![
        M::up(include_str!("../migrations/0001_init.sql")),
        M::up(include_str!("../migrations/0002_task_order.sql")),
        M::up(include_str!("../migrations/0003_store_settings.sql")),
        M::up(include_str!("../migrations/0004_listing_fields.sql")),
        M::up(include_str!("../migrations/0005_platform_categories.sql")),
        M::up(include_str!("../migrations/0006_printing.sql")),
        M::up(include_str!("../migrations/0007_orders_sent_to.sql")),
    ])
}

/// The schema number this app knows.
pub const SCHEMA: i64 = 7;

/// How the file is opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// May write; takes the lock.
    Write,
    /// Reads only; always works.
    Read,
}

/// The open database of one data folder.
pub struct Db {
    folder: PathBuf,
    writer: Option<Mutex<Connection>>,
    readers: Vec<Mutex<Connection>>,
    turn: AtomicUsize,
    _lock: Option<File>,
}

/// A write transaction. Reads take `&Connection`, writes take `&Tx`.
pub struct Tx<'a>(Transaction<'a>);

impl std::ops::Deref for Tx<'_> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl Tx<'_> {
    /// Does a part of the transaction that may fail alone: when it does, only what it wrote is taken back, and the rest
    /// of the transaction goes on.
    ///
    /// # Errors
    /// The outer one is the file's; the inner one is the part's own.
    pub fn attempt<T, E>(
        &self,
        part: impl FnOnce() -> std::result::Result<T, E>,
    ) -> Result<std::result::Result<T, E>> {
        self.execute_batch("SAVEPOINT part")?;
        let done = part();
        let end = if done.is_ok() {
            "RELEASE part"
        } else {
            "ROLLBACK TO part; RELEASE part"
        };
        self.execute_batch(end)?;
        Ok(done)
    }
}

impl Db {
    /// Opens the data folder, makes it when it is new, migrates after a backup.
    ///
    /// # Errors
    /// [`StorageError::InUse`] names the holder when another process writes; [`StorageError::Newer`] when the file is
    /// from a newer version (nothing is touched); [`StorageError::Damaged`] when it is no database.
    pub fn open(folder: &Path, access: Access, program: &str) -> Result<Self> {
        let file = folder.join(FILE);
        if access == Access::Read {
            if !file.exists() {
                return Err(StorageError::NoData);
            }
            refuse_newer(&file)?;
            let readers = (0..READERS).map(|_| reader(&file)).collect::<Result<Vec<_>>>()?;
            check_version(&readers[0].lock())?;
            return Ok(Self {
                folder: folder.into(),
                writer: None,
                readers,
                turn: AtomicUsize::new(0),
                _lock: None,
            });
        }
        std::fs::create_dir_all(folder)?;
        let lock = take_lock(folder, program)?;
        refuse_newer(&file)?;
        let mut writer = connect(&file, OpenFlags::default())?;
        let found = check_version(&writer)?;
        if found > 0 && found < SCHEMA {
            crate::backup::before_migration(folder, &writer, found)?;
        }
        migrations().to_latest(&mut writer)?;
        let readers = (0..READERS).map(|_| reader(&file)).collect::<Result<Vec<_>>>()?;
        Ok(Self {
            folder: folder.into(),
            writer: Some(Mutex::new(writer)),
            readers,
            turn: AtomicUsize::new(0),
            _lock: Some(lock),
        })
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The database file of a data folder.
    pub fn file(folder: &Path) -> PathBuf {
        folder.join(FILE)
    }

    /// Whether this process may write.
    pub fn can_write(&self) -> bool {
        self.writer.is_some()
    }

    /// Reads on one of the read-only connections.
    pub fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        work(&self.reader())
    }

    fn reader(&self) -> MutexGuard<'_, Connection> {
        let start = self.turn.fetch_add(1, Ordering::Relaxed);
        for at in 0..self.readers.len() {
            if let Some(free) = self.readers[(start + at) % self.readers.len()].try_lock() {
                return free;
            }
        }
        self.readers[start % self.readers.len()].lock()
    }

    /// Writes in one immediate transaction: all of it or nothing.
    pub fn write<T, E: From<StorageError>>(
        &self,
        work: impl FnOnce(&Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let Some(writer) = &self.writer else {
            return Err(StorageError::Conflict { what: "read_only" }.into());
        };
        let mut connection = writer.lock();
        let tx = Tx(connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StorageError::from)?);
        let value = work(&tx)?;
        tx.0.commit().map_err(StorageError::from)?;
        Ok(value)
    }

    /// The writing connection itself, for backup and integrity checks.
    pub(crate) fn with_writer<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        match &self.writer {
            Some(writer) => work(&writer.lock()),
            None => self.read(work),
        }
    }
}

fn reader(file: &Path) -> Result<Mutex<Connection>> {
    // Not SQLITE_OPEN_READ_ONLY alone: a WAL file left by a crash needs its shared-memory file made anew.
    let connection = connect(
        file,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(Mutex::new(connection))
}

fn connect(file: &Path, flags: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    // FULL: with NORMAL a power cut loses acknowledged orders (measured, up to 162 transactions).
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", 4000)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// Refuses a newer file by its head alone: connecting would already set its journal mode. What stands in a WAL is seen
/// by [`check_version`] afterwards.
fn refuse_newer(file: &Path) -> Result<()> {
    const USER_VERSION: usize = 60;
    let mut head = [0; USER_VERSION + 4];
    match File::open(file).and_then(|mut file| file.read_exact(&mut head)) {
        Ok(()) if head.starts_with(b"SQLite format 3\0") => {}
        // No file yet, an empty one or no database: opening it says which.
        _ => return Ok(()),
    }
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&head[USER_VERSION..]);
    let found = i64::from(i32::from_be_bytes(bytes));
    if found > SCHEMA {
        return Err(StorageError::Newer { found, known: SCHEMA });
    }
    Ok(())
}

fn check_version(connection: &Connection) -> Result<i64> {
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > SCHEMA {
        Err(StorageError::Newer { found, known: SCHEMA })
    } else {
        Ok(found)
    }
}

fn take_lock(folder: &Path, program: &str) -> Result<File> {
    let path = folder.join("guitai.lock");
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(std::fs::TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // On Windows a locked file cannot be read; the lock itself is message enough then.
            if file.read_to_string(&mut holder).is_err() {
                holder.clear();
            }
            return Err(StorageError::InUse { holder });
        }
        Err(std::fs::TryLockError::Error(error)) => return Err(error.into()),
    }
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "{program} (pid {})", std::process::id())?;
    file.flush()?;
    Ok(file)
}
