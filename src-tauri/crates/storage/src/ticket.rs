//! Slips on their way to paper.

use crate::db::Tx;
use crate::error::{Result, StorageError};
use crate::order::enum_of;
use domain::id::{OrderId, PrinterAccountId, PrinterId, TicketId};
use domain::receipt::{Page, SlipKind};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Where a slip stands. The closed set; text in SQLite.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketStage {
    /// To be sent.
    Queued,
    /// Bytes may have left.
    Sending,
    /// Taken and not known to be on paper; without a remote id nobody can be asked, and the manager decides.
    Waiting,
    /// On paper.
    Printed,
    /// Not printed and not to be, with its cause.
    Failed,
}

impl TicketStage {
    /// The name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Waiting => "waiting",
            Self::Printed => "printed",
            Self::Failed => "failed",
        }
    }
}

/// A slip to be printed.
#[derive(Clone, Debug)]
pub struct NewTicket<'a> {
    /// Its order; none for a test page.
    pub order: Option<OrderId>,
    /// Where.
    pub printer: PrinterId,
    /// What.
    pub kind: SlipKind,
    /// The refund's number; empty for others.
    pub subject: &'a str,
    /// 0, or the how-manieth 补打 it is.
    pub reprint: i64,
    /// The how-manieth part of a long slip, from 1.
    pub part: i64,
    /// Copies.
    pub copies: i64,
    /// What will be printed.
    pub page: &'a Page,
}

/// A slip as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TicketRow {
    /// Row id.
    pub id: TicketId,
    /// Its order; none for a test page.
    pub order: Option<OrderId>,
    /// Where.
    pub printer: PrinterId,
    /// What.
    pub kind: SlipKind,
    /// The refund's number.
    pub subject: String,
    /// 0, or the how-manieth 补打 it is.
    pub reprint: i64,
    /// Part, from 1.
    pub part: i64,
    /// Copies.
    pub copies: i64,
    /// What is printed.
    pub page: Page,
    /// Where it stands.
    pub state: TicketStage,
    /// Its id there; empty when none is known.
    pub remote: String,
    /// Words by code for why it waits or failed.
    pub cause: String,
    /// The other side's words.
    pub raw: String,
    /// Sends tried.
    pub attempts: i64,
    /// UTC ms.
    pub created_at: i64,
    /// When it was taken, UTC ms.
    pub sent_at: Option<i64>,
    /// When it was known to be on paper, or given up, UTC ms.
    pub done_at: Option<i64>,
}

impl TicketRow {
    /// Whether only the manager can say what became of it.
    pub fn is_undecided(&self) -> bool {
        self.state == TicketStage::Waiting && self.remote.is_empty()
    }
}

const TICKET: &str = "SELECT id, order_id, printer_id, kind, subject, reprint, part, copies, page, state, remote, cause, \
     raw, attempts, created_at, sent_at, done_at FROM ticket";

fn ticket(row: &Row<'_>) -> rusqlite::Result<TicketRow> {
    let page: String = row.get(8)?;
    let page = serde_json::from_str(&page).map_err(|e| {
        rusqlite::Error::FromSqlConversionFailure(8, rusqlite::types::Type::Text, Box::new(e))
    })?;
    Ok(TicketRow {
        id: TicketId(row.get(0)?),
        order: row.get::<_, Option<i64>>(1)?.map(OrderId),
        printer: PrinterId(row.get(2)?),
        kind: enum_of(row, 3)?,
        subject: row.get(4)?,
        reprint: row.get(5)?,
        part: row.get(6)?,
        copies: row.get(7)?,
        page,
        state: enum_of(row, 9)?,
        remote: row.get(10)?,
        cause: row.get(11)?,
        raw: row.get(12)?,
        attempts: row.get(13)?,
        created_at: row.get(14)?,
        sent_at: row.get(15)?,
        done_at: row.get(16)?,
    })
}

fn rows(connection: &Connection, rest: &str, with: impl rusqlite::Params) -> Result<Vec<TicketRow>> {
    let mut statement = connection.prepare_cached(&format!("{TICKET} {rest}"))?;
    let rows = statement.query_map(with, ticket)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Queues a slip, once: nothing happens when this slip of the order is there already. True when it was not.
pub fn queue(tx: &Tx<'_>, at: i64, new: &NewTicket<'_>) -> Result<bool> {
    let added = tx
        .prepare_cached(
            "INSERT INTO ticket (order_id, printer_id, kind, subject, reprint, part, copies, page, state, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'queued', ?9) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            new.order.map(|order| order.0),
            new.printer.0,
            new.kind.as_str(),
            new.subject,
            new.reprint,
            new.part,
            new.copies,
            serde_json::to_string(new.page)?,
            at
        ])?;
    Ok(added > 0)
}

/// One slip.
pub fn get(connection: &Connection, id: TicketId) -> Result<TicketRow> {
    connection
        .prepare_cached(&format!("{TICKET} WHERE id = ?1"))?
        .query_row([id.0], ticket)
        .optional()?
        .ok_or(StorageError::NotFound { what: "ticket" })
}

/// The newest slips first.
pub fn newest(connection: &Connection, limit: i64) -> Result<Vec<TicketRow>> {
    rows(connection, "ORDER BY id DESC LIMIT ?1", [limit])
}

/// The slips of an order, in the order they were made.
pub fn of_order(connection: &Connection, order: OrderId) -> Result<Vec<TicketRow>> {
    rows(connection, "WHERE order_id = ?1 ORDER BY id", [order.0])
}

/// Slips in a state, oldest first.
pub fn in_state(connection: &Connection, state: TicketStage) -> Result<Vec<TicketRow>> {
    rows(
        connection,
        "WHERE state = ?1 ORDER BY id LIMIT 500",
        [state.as_str()],
    )
}

/// Slips to be sent now, oldest first.
pub fn due(connection: &Connection, now: i64) -> Result<Vec<TicketRow>> {
    rows(
        connection,
        "WHERE state = 'queued' AND not_before <= ?1 ORDER BY id LIMIT 200",
        [now],
    )
}

/// Whether a slip of a kind was ever made for an order.
pub fn has(connection: &Connection, order: OrderId, kind: SlipKind, subject: &str) -> Result<bool> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM ticket WHERE order_id = ?1 AND kind = ?2 AND subject = ?3)",
        )?
        .query_row(params![order.0, kind.as_str(), subject], |row| row.get(0))?)
}

/// How many times a slip was 补打 already.
pub fn reprints(connection: &Connection, order: OrderId, kind: SlipKind, subject: &str) -> Result<i64> {
    Ok(connection
        .prepare_cached(
            "SELECT coalesce(max(reprint), 0) FROM ticket WHERE order_id = ?1 AND kind = ?2 AND subject = ?3",
        )?
        .query_row(params![order.0, kind.as_str(), subject], |row| row.get(0))?)
}

/// Takes a queued slip for sending to a printer: true when it was still queued.
pub fn take(tx: &Tx<'_>, id: TicketId, printer: PrinterId) -> Result<bool> {
    let taken = tx
        .prepare_cached(
            "UPDATE ticket SET state = 'sending', printer_id = ?2, attempts = attempts + 1, cause = '', raw = ''
             WHERE id = ?1 AND state = 'queued'",
        )?
        .execute(params![id.0, printer.0])?;
    Ok(taken > 0)
}

/// What becomes of a slip.
#[derive(Clone, Debug)]
pub struct Move<'a> {
    /// State.
    pub state: TicketStage,
    /// Its id there.
    pub remote: &'a str,
    /// Words by code.
    pub cause: &'a str,
    /// The other side's words.
    pub raw: &'a str,
    /// Not before, UTC ms; for queued ones.
    pub not_before: i64,
}

/// Moves a slip on.
pub fn set(tx: &Tx<'_>, id: TicketId, at: i64, to: &Move<'_>) -> Result<()> {
    let done = matches!(to.state, TicketStage::Printed | TicketStage::Failed);
    tx.prepare_cached(
        "UPDATE ticket SET state = ?2, remote = ?3, cause = ?4, raw = ?5, not_before = ?6,
             sent_at = CASE WHEN ?2 IN ('waiting', 'printed') THEN coalesce(sent_at, ?7) END,
             done_at = CASE WHEN ?8 THEN ?7 END WHERE id = ?1",
    )?
    .execute(params![
        id.0,
        to.state.as_str(),
        to.remote,
        to.cause,
        to.raw,
        to.not_before,
        at,
        done
    ])?;
    Ok(())
}

/// What a crash left in `sending`: nobody knows whether it was printed.
pub fn sending_to_waiting(tx: &Tx<'_>, cause: &str) -> Result<usize> {
    Ok(tx.execute(
        "UPDATE ticket SET state = 'waiting', cause = ?1 WHERE state = 'sending'",
        [cause],
    )?)
}

/// Which slips a list shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketView {
    /// All of them.
    #[default]
    All,
    /// On their way.
    Open,
    /// Waiting for the manager: nobody knows what became of them, or they were not printed.
    Asks,
}

/// The newest slips, as many as are looked through: nothing else than its id finds an old slip, and old ones ask nobody.
const NEWEST: &str = "id > (SELECT coalesce(max(id), 0) FROM ticket) - 5000";
/// Slips on their way, as the index of the open ones has them.
const OPEN: &str = "state IN ('queued', 'sending', 'waiting')";
/// Slips of which nobody knows what became.
const UNDECIDED: &str = "state IN ('queued', 'sending', 'waiting') AND state = 'waiting' AND remote = ''";
/// Slips that were not printed, since a moment; those that the manager dropped himself ask for nothing.
const FAILED: &str = "state = 'failed' AND cause <> 'print.cleared' AND done_at >= ?1";

/// The newest slips of a view first; of one printer where one is named. A failed slip asks for the manager when it
/// failed at `since` (UTC ms) or later.
pub fn list(
    connection: &Connection,
    view: TicketView,
    printer: Option<PrinterId>,
    since: i64,
    limit: i64,
) -> Result<Vec<TicketRow>> {
    let shown = match view {
        TicketView::All => NEWEST.to_owned(),
        TicketView::Open => OPEN.to_owned(),
        TicketView::Asks => format!(
            "id IN (SELECT id FROM ticket WHERE {UNDECIDED}
                    UNION ALL SELECT id FROM ticket WHERE {NEWEST} AND {FAILED})"
        ),
    };
    // Each view is given the moment, whether it asks for it or not.
    rows(
        connection,
        &format!(
            "WHERE {shown} AND (?2 IS NULL OR printer_id = ?2) AND ?1 IS NOT NULL ORDER BY id DESC LIMIT ?3"
        ),
        params![since, printer.map(|id| id.0), limit],
    )
}

/// Slips of one printer in numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TicketCounts {
    /// On their way.
    pub open: i64,
    /// Waiting for the manager, as in [`TicketView::Asks`].
    pub asks: i64,
}

/// The numbers of every printer that has any.
pub fn counts(connection: &Connection, since: i64) -> Result<HashMap<PrinterId, TicketCounts>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT printer_id, sum(open), sum(asks) FROM (
           SELECT printer_id, 1 AS open, state = 'waiting' AND remote = '' AS asks FROM ticket WHERE {OPEN}
           UNION ALL SELECT printer_id, 0, 1 FROM ticket WHERE {NEWEST} AND {FAILED})
         GROUP BY printer_id"
    ))?;
    let rows = statement.query_map([since], |row| {
        let counts = TicketCounts {
            open: row.get(1)?,
            asks: row.get(2)?,
        };
        Ok((PrinterId(row.get(0)?), counts))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Queues a slip anew at a printer, which a person asks for once more; its life begins anew with it.
pub fn renew(tx: &Tx<'_>, id: TicketId, printer: PrinterId, at: i64) -> Result<()> {
    tx.prepare_cached(
        "UPDATE ticket SET state = 'queued', printer_id = ?2, remote = '', cause = '', raw = '', not_before = 0,
             attempts = 0, created_at = ?3, sent_at = NULL, done_at = NULL WHERE id = ?1",
    )?
    .execute(params![id.0, printer.0, at])?;
    Ok(())
}

/// Notes that a cloud's slip is on paper, by its id there and the cloud's account; true when it was waited for.
pub fn printed(tx: &Tx<'_>, account: PrinterAccountId, remote: &str, at: i64) -> Result<bool> {
    let done = tx
        .prepare_cached(
            "UPDATE ticket SET state = 'printed', cause = '', raw = '', done_at = ?3
             WHERE remote = ?2 AND remote <> '' AND state = 'waiting'
               AND printer_id IN (SELECT id FROM printer WHERE account_id = ?1)",
        )?
        .execute(params![account.0, remote, at])?;
    Ok(done > 0)
}

/// How many slips are on their way, and how many of them need the manager.
pub fn open_counts(connection: &Connection) -> Result<(i64, i64)> {
    Ok(connection.query_row(
        "SELECT count(*), coalesce(sum(state = 'waiting' AND remote = ''), 0) FROM ticket
         WHERE state IN ('queued', 'sending', 'waiting')",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?)
}
