//! What the ERP holds, as last read: items with the deleted ones marked, and stock with its age.

use crate::db::Tx;
use crate::error::Result;
use domain::id::AccountId;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use std::collections::HashMap;

/// An item of the ERP.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ErpItemRow {
    /// 系统编码.
    pub code: String,
    /// Short code.
    pub short_code: String,
    /// Name.
    pub name: String,
    /// Barcode.
    pub barcode: String,
    /// Unit.
    pub unit: String,
    /// Price in fen.
    pub price_fen: Option<i64>,
    /// Deleted there.
    pub deleted: bool,
}

fn item(row: &Row<'_>) -> rusqlite::Result<ErpItemRow> {
    Ok(ErpItemRow {
        code: row.get(0)?,
        short_code: row.get(1)?,
        name: row.get(2)?,
        barcode: row.get(3)?,
        unit: row.get(4)?,
        price_fen: row.get(5)?,
        deleted: row.get(6)?,
    })
}

const COLUMNS: &str = "code, short_code, name, barcode, unit, price_fen, deleted";

/// Puts one page of items in; `seen_at` marks the reading they came with.
pub fn put_items(tx: &Tx<'_>, account: AccountId, seen_at: i64, items: &[ErpItemRow]) -> Result<()> {
    let mut put = tx.prepare_cached(
        "INSERT INTO erp_item (account_id, code, short_code, name, barcode, barcode_key, unit, price_fen, deleted, seen_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (account_id, code) DO UPDATE SET short_code = ?3, name = ?4, barcode = ?5, barcode_key = ?6, unit = ?7,
             price_fen = ?8, deleted = ?9, seen_at = ?10",
    )?;
    for row in items {
        put.execute(params![
            account.0,
            row.code,
            row.short_code,
            row.name,
            row.barcode,
            domain::code::barcode_key(&row.barcode).unwrap_or_default(),
            row.unit,
            row.price_fen,
            row.deleted,
            seen_at
        ])?;
    }
    Ok(())
}

/// Ends a whole reading: what it did not show is gone (F03 before an order meets it). Gives the codes that vanished.
pub fn finish_reading(tx: &Tx<'_>, account: AccountId, seen_at: i64) -> Result<Vec<String>> {
    let vanished = tx
        .prepare("SELECT code FROM erp_item WHERE account_id = ?1 AND seen_at < ?2 AND NOT deleted")?
        .query_map(params![account.0, seen_at], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    tx.execute(
        "UPDATE erp_item SET deleted = 1 WHERE account_id = ?1 AND seen_at < ?2",
        params![account.0, seen_at],
    )?;
    tx.execute(
        "UPDATE account SET items_read_at = ?2 WHERE id = ?1",
        params![account.0, seen_at],
    )?;
    Ok(vanished)
}

/// Notes that one code is not there any more, as the ERP itself said.
pub fn mark_deleted(tx: &Tx<'_>, account: AccountId, code: &str) -> Result<()> {
    tx.execute(
        "UPDATE erp_item SET deleted = 1 WHERE account_id = ?1 AND code = ?2",
        params![account.0, code],
    )?;
    Ok(())
}

/// All codes of an account, true when deleted.
pub fn codes(connection: &Connection, account: AccountId) -> Result<HashMap<String, bool>> {
    let mut statement =
        connection.prepare_cached("SELECT code, deleted FROM erp_item WHERE account_id = ?1")?;
    let rows = statement.query_map([account.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// All items in use.
pub fn in_use(connection: &Connection, account: AccountId) -> Result<Vec<ErpItemRow>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM erp_item WHERE account_id = ?1 AND NOT deleted ORDER BY code"
    ))?;
    let rows = statement.query_map([account.0], item)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One item.
pub fn get(connection: &Connection, account: AccountId, code: &str) -> Result<Option<ErpItemRow>> {
    Ok(connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM erp_item WHERE account_id = ?1 AND code = ?2"
        ))?
        .query_row(params![account.0, code], item)
        .optional()?)
}

/// Items in use with this barcode.
pub fn by_barcode(connection: &Connection, account: AccountId, barcode: &str) -> Result<Vec<ErpItemRow>> {
    let Some(key) = domain::code::barcode_key(barcode) else {
        return Ok(Vec::new());
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM erp_item WHERE account_id = ?1 AND barcode_key = ?2 AND NOT deleted ORDER BY code"
    ))?;
    let rows = statement.query_map(params![account.0, key], item)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Items in use whose name, code or barcode holds a text.
pub fn search(
    connection: &Connection,
    account: AccountId,
    text: &str,
    limit: i64,
) -> Result<Vec<ErpItemRow>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM erp_item WHERE account_id = ?1 AND NOT deleted
           AND (instr(name, ?2) > 0 OR instr(code, ?2) > 0 OR instr(barcode, ?2) > 0)
         ORDER BY name = ?2 DESC, length(name), code LIMIT ?3"
    ))?;
    let rows = statement.query_map(params![account.0, text, limit], item)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Puts stock of one branch in.
pub fn put_stock(
    tx: &Tx<'_>,
    account: AccountId,
    branch: &str,
    at: i64,
    rows: &[(String, i64)],
) -> Result<()> {
    let mut put = tx.prepare_cached(
        "INSERT INTO erp_stock (account_id, branch, code, available_milli, read_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (account_id, branch, code) DO UPDATE SET available_milli = ?4, read_at = ?5",
    )?;
    for (code, available) in rows {
        put.execute(params![account.0, branch, code, available, at])?;
    }
    Ok(())
}

/// When stock was read last: of one branch, or the oldest of an account's branches; `None` where it never was.
pub fn stock_read_at(
    connection: &Connection,
    account: AccountId,
    branch: Option<&str>,
) -> Result<Option<i64>> {
    Ok(connection
        .prepare_cached(
            "SELECT min(newest) FROM (SELECT max(read_at) AS newest FROM erp_stock
             WHERE account_id = ?1 AND (?2 IS NULL OR branch = ?2) GROUP BY branch)",
        )?
        .query_row(params![account.0, branch], |row| row.get(0))?)
}

/// Stock of one branch by code, in thousandths.
pub fn stock(connection: &Connection, account: AccountId, branch: &str) -> Result<HashMap<String, i64>> {
    let mut statement = connection.prepare_cached(
        "SELECT code, available_milli FROM erp_stock WHERE account_id = ?1 AND branch = ?2",
    )?;
    let rows = statement.query_map(params![account.0, branch], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
