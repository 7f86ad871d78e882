//! 打印机: accounts at their clouds, the printers, and which store prints where.

use crate::db::Tx;
use crate::error::{Result, StorageError};
use crate::order::enum_of;
use domain::id::{PrinterAccountId, PrinterId, StoreId};
use domain::receipt::Paper;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An account. The sealed credentials are opaque here.
#[derive(Clone, Debug)]
pub struct PrinterAccountRow {
    /// Row id.
    pub id: PrinterAccountId,
    /// Id of the kind of printer.
    pub service: String,
    /// Own endpoint.
    pub endpoint: Option<String>,
    /// Settings that are no secrets.
    pub settings: BTreeMap<String, String>,
    /// Sealed credentials; none when there are none or they live for this run only.
    pub sealed: Option<Vec<u8>>,
    /// A secret exists for it.
    pub has_secret: bool,
}

/// A printer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PrinterRow {
    /// Row id.
    pub id: PrinterId,
    /// Its account.
    pub account: PrinterAccountId,
    /// Number on the sticker, or the address in the network.
    pub number: String,
    /// Label.
    pub name: String,
    /// Paper.
    pub paper: Paper,
    /// The light: `ready`, `faulty`, `offline`; empty before it was asked.
    pub state: String,
    /// When it was asked, UTC ms.
    pub state_at: Option<i64>,
    /// Words by code for what is wrong; empty when nothing is.
    pub cause: String,
    /// The other side's words for it.
    pub raw: String,
}

/// When a receipt is printed by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipts {
    /// Never.
    Off,
    /// As soon as the order is read.
    Placed,
    /// Once the shop has accepted it.
    Accepted,
}

impl Receipts {
    /// The name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Placed => "placed",
            Self::Accepted => "accepted",
        }
    }
}

/// How a store prints.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StorePrinting {
    /// The store.
    pub store: StoreId,
    /// Its printer.
    pub printer: PrinterId,
    /// The one that takes over.
    pub spare: Option<PrinterId>,
    /// Receipts.
    pub receipts: Receipts,
    /// 退款单.
    pub refunds: bool,
    /// 取消单 (F34).
    pub cancels: bool,
    /// Copies of a receipt.
    pub copies: i64,
    /// Orders placed before are not printed by themselves, UTC ms.
    pub since: i64,
}

fn account(row: &Row<'_>) -> rusqlite::Result<PrinterAccountRow> {
    let settings: String = row.get(3)?;
    Ok(PrinterAccountRow {
        id: PrinterAccountId(row.get(0)?),
        service: row.get(1)?,
        endpoint: row.get(2)?,
        settings: serde_json::from_str(&settings).unwrap_or_default(),
        sealed: row.get(4)?,
        has_secret: row.get(5)?,
    })
}

const ACCOUNT: &str = "SELECT id, service, endpoint, settings, sealed, has_secret FROM printer_account";
const PRINTER: &str = "SELECT id, account_id, number, name, paper, state, state_at, cause, raw FROM printer";
const PRINTING: &str =
    "SELECT store_id, printer_id, spare_id, receipts, refunds, cancels, copies, since FROM store_printing";

fn printer(row: &Row<'_>) -> rusqlite::Result<PrinterRow> {
    Ok(PrinterRow {
        id: PrinterId(row.get(0)?),
        account: PrinterAccountId(row.get(1)?),
        number: row.get(2)?,
        name: row.get(3)?,
        paper: enum_of(row, 4)?,
        state: row.get(5)?,
        state_at: row.get(6)?,
        cause: row.get(7)?,
        raw: row.get(8)?,
    })
}

fn printing(row: &Row<'_>) -> rusqlite::Result<StorePrinting> {
    Ok(StorePrinting {
        store: StoreId(row.get(0)?),
        printer: PrinterId(row.get(1)?),
        spare: row.get::<_, Option<i64>>(2)?.map(PrinterId),
        receipts: enum_of(row, 3)?,
        refunds: row.get(4)?,
        cancels: row.get(5)?,
        copies: row.get(6)?,
        since: row.get(7)?,
    })
}

/// All accounts.
pub fn accounts(connection: &Connection) -> Result<Vec<PrinterAccountRow>> {
    let mut statement = connection.prepare_cached(&format!("{ACCOUNT} ORDER BY id"))?;
    let rows = statement.query_map([], account)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One account.
pub fn get_account(connection: &Connection, id: PrinterAccountId) -> Result<PrinterAccountRow> {
    connection
        .prepare_cached(&format!("{ACCOUNT} WHERE id = ?1"))?
        .query_row([id.0], account)
        .optional()?
        .ok_or(StorageError::NotFound {
            what: "printer_account",
        })
}

/// Adds an account without credentials.
pub fn insert_account(
    tx: &Tx<'_>,
    at: i64,
    service: &str,
    endpoint: Option<&str>,
    settings: &BTreeMap<String, String>,
) -> Result<PrinterAccountId> {
    tx.execute(
        "INSERT INTO printer_account (service, endpoint, settings, created_at) VALUES (?1, ?2, ?3, ?4)",
        params![service, endpoint, serde_json::to_string(settings)?, at],
    )?;
    Ok(PrinterAccountId(tx.last_insert_rowid()))
}

/// Stores sealed credentials; `None`: they live for this run only.
pub fn set_secret(tx: &Tx<'_>, id: PrinterAccountId, sealed: Option<&[u8]>) -> Result<()> {
    tx.execute(
        "UPDATE printer_account SET sealed = ?2, has_secret = 1 WHERE id = ?1",
        params![id.0, sealed],
    )?;
    Ok(())
}

/// Replaces the settings of an account.
pub fn set_account_settings(
    tx: &Tx<'_>,
    id: PrinterAccountId,
    settings: &BTreeMap<String, String>,
) -> Result<()> {
    tx.execute(
        "UPDATE printer_account SET settings = ?2 WHERE id = ?1",
        params![id.0, serde_json::to_string(settings)?],
    )?;
    Ok(())
}

/// Takes away an account that has no printer and never had one.
pub fn delete_account(tx: &Tx<'_>, id: PrinterAccountId) -> Result<()> {
    tx.execute("DELETE FROM printer_account WHERE id = ?1", [id.0])?;
    Ok(())
}

/// Printers in use.
pub fn all(connection: &Connection) -> Result<Vec<PrinterRow>> {
    let mut statement =
        connection.prepare_cached(&format!("{PRINTER} WHERE removed_at IS NULL ORDER BY id"))?;
    let rows = statement.query_map([], printer)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One printer, in use or not.
pub fn get(connection: &Connection, id: PrinterId) -> Result<PrinterRow> {
    connection
        .prepare_cached(&format!("{PRINTER} WHERE id = ?1"))?
        .query_row([id.0], printer)
        .optional()?
        .ok_or(StorageError::NotFound { what: "printer" })
}

/// Adds a printer.
pub fn insert(
    tx: &Tx<'_>,
    account: PrinterAccountId,
    number: &str,
    name: &str,
    paper: Paper,
) -> Result<PrinterId> {
    tx.execute(
        "INSERT INTO printer (account_id, number, name, paper) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (account_id, number) WHERE removed_at IS NULL DO UPDATE SET name = ?3, paper = ?4",
        params![account.0, number, name, paper.as_str()],
    )?;
    let id = tx.query_row(
        "SELECT id FROM printer WHERE account_id = ?1 AND number = ?2 AND removed_at IS NULL",
        params![account.0, number],
        |row| row.get(0),
    )?;
    Ok(PrinterId(id))
}

/// Changes label and paper.
pub fn edit(tx: &Tx<'_>, id: PrinterId, name: &str, paper: Paper) -> Result<()> {
    tx.execute(
        "UPDATE printer SET name = ?2, paper = ?3 WHERE id = ?1",
        params![id.0, name, paper.as_str()],
    )?;
    Ok(())
}

/// Whether a printer is in use still.
pub fn is_used(connection: &Connection, id: PrinterId) -> Result<bool> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM printer WHERE id = ?1 AND removed_at IS NULL)")?
        .query_row([id.0], |row| row.get(0))?)
}

/// Takes a printer out of use; stores that printed there print nowhere, those it was the spare of have none. What was on
/// its way there is dropped, as `cause` says.
pub fn remove(tx: &Tx<'_>, id: PrinterId, at: i64, cause: &str) -> Result<()> {
    tx.execute(
        "UPDATE printer SET removed_at = ?2 WHERE id = ?1",
        params![id.0, at],
    )?;
    tx.execute(
        "UPDATE ticket SET state = 'failed', cause = ?3, done_at = ?2
          WHERE printer_id = ?1 AND state IN ('queued', 'sending', 'waiting')",
        params![id.0, at, cause],
    )?;
    tx.execute("DELETE FROM store_printing WHERE printer_id = ?1", [id.0])?;
    tx.execute(
        "UPDATE store_printing SET spare_id = NULL WHERE spare_id = ?1",
        [id.0],
    )?;
    Ok(())
}

/// Notes how the light stands; true when it changed.
pub fn set_state(tx: &Tx<'_>, id: PrinterId, at: i64, state: &str, cause: &str, raw: &str) -> Result<bool> {
    let before = get(tx, id)?;
    tx.prepare_cached("UPDATE printer SET state = ?2, state_at = ?3, cause = ?4, raw = ?5 WHERE id = ?1")?
        .execute(params![id.0, state, at, cause, raw])?;
    Ok(before.state != state || before.cause != cause)
}

/// How every store prints that prints at all.
pub fn printings(connection: &Connection) -> Result<Vec<StorePrinting>> {
    let mut statement = connection.prepare_cached(&format!("{PRINTING} ORDER BY store_id"))?;
    let rows = statement.query_map([], printing)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How a store prints; none when it does not.
pub fn printing_of(connection: &Connection, store: StoreId) -> Result<Option<StorePrinting>> {
    Ok(connection
        .prepare_cached(&format!("{PRINTING} WHERE store_id = ?1"))?
        .query_row([store.0], printing)
        .optional()?)
}

/// Sets how a store prints; `since` stays what it was.
pub fn assign(tx: &Tx<'_>, wanted: &StorePrinting) -> Result<()> {
    tx.execute(
        "INSERT INTO store_printing (store_id, printer_id, spare_id, receipts, refunds, cancels, copies, since)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (store_id) DO UPDATE SET printer_id = ?2, spare_id = ?3, receipts = ?4, refunds = ?5,
             cancels = ?6, copies = ?7",
        params![
            wanted.store.0,
            wanted.printer.0,
            wanted.spare.map(|spare| spare.0),
            wanted.receipts.as_str(),
            wanted.refunds,
            wanted.cancels,
            wanted.copies,
            wanted.since
        ],
    )?;
    Ok(())
}

/// The store prints no more.
pub fn unassign(tx: &Tx<'_>, store: StoreId) -> Result<()> {
    tx.execute("DELETE FROM store_printing WHERE store_id = ?1", [store.0])?;
    Ok(())
}
