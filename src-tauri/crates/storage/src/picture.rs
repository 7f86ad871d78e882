//! Pictures by content hash. The files lie beside the database; originals are never changed.

use crate::db::Tx;
use crate::error::{Result, StorageError};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What is known of a stored picture.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PictureRow {
    /// SHA-256 of the bytes, hex.
    pub hash: String,
    /// Real format, lower case.
    pub format: String,
    /// Width in pixels as shown (after orientation).
    pub width: i64,
    /// Height in pixels as shown.
    pub height: i64,
    /// Size of the file.
    pub bytes: i64,
    /// The probe as JSON, so that checks need no decoding.
    pub probe: String,
    /// File name it came with.
    pub name: String,
    /// The original it was repaired from.
    pub made_from: Option<String>,
}

fn picture(row: &Row<'_>) -> rusqlite::Result<PictureRow> {
    Ok(PictureRow {
        hash: row.get(0)?,
        format: row.get(1)?,
        width: row.get(2)?,
        height: row.get(3)?,
        bytes: row.get(4)?,
        probe: row.get(5)?,
        name: row.get(6)?,
        made_from: row.get(7)?,
    })
}

const COLUMNS: &str = "hash, format, width, height, bytes, probe, name, made_from";

/// One picture.
pub fn get(connection: &Connection, hash: &str) -> Result<Option<PictureRow>> {
    Ok(connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM picture WHERE hash = ?1"))?
        .query_row([hash], picture)
        .optional()?)
}

/// All pictures that products use.
pub fn in_use(connection: &Connection) -> Result<Vec<PictureRow>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM picture WHERE hash IN (SELECT hash FROM product_picture) ORDER BY hash"
    ))?;
    let rows = statement.query_map([], picture)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds a picture's row; known ones stay as they are.
pub fn insert(tx: &Tx<'_>, at: i64, row: &PictureRow) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO picture (hash, format, width, height, bytes, probe, name, made_from, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (hash) DO NOTHING",
    )?
    .execute(params![
        row.hash,
        row.format,
        row.width,
        row.height,
        row.bytes,
        row.probe,
        row.name,
        row.made_from,
        at
    ])?;
    Ok(())
}

/// Where the bytes of a picture lie. Refuses what is no hash, so that no path can be smuggled in.
pub fn path(folder: &Path, hash: &str) -> Result<PathBuf> {
    if hash.len() != 64
        || !hash
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    {
        return Err(StorageError::NotFound { what: "picture" });
    }
    Ok(folder.join("pictures").join(&hash[..2]).join(hash))
}

/// Writes the bytes once: to a temporary name, synced, then renamed.
pub fn write_file(folder: &Path, hash: &str, bytes: &[u8]) -> Result<()> {
    let target = path(folder, hash)?;
    if target.exists() {
        return Ok(());
    }
    let shelf = target.parent().unwrap_or(folder);
    std::fs::create_dir_all(shelf)?;
    let draft = shelf.join(format!("{hash}.part"));
    let mut file = std::fs::File::create(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&draft, &target)?;
    Ok(())
}

/// Reads the bytes.
pub fn read_file(folder: &Path, hash: &str) -> Result<Vec<u8>> {
    Ok(std::fs::read(path(folder, hash)?)?)
}
