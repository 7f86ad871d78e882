//! Refunds of orders on their way into the ERP.

use super::RefundData;
use crate::db::Tx;
use crate::error::Result;
use domain::id::OrderId;
use rusqlite::{Connection, Row, params};

/// A refund due for the ERP: done, with quantity, its order pushed.
#[derive(Clone, Debug)]
pub struct RefundRow {
    /// Row id.
    pub id: i64,
    /// Its order.
    pub order: OrderId,
    /// The refund.
    pub data: RefundData,
    /// `waiting`, `sending`, `pushed`, `skipped`, `exception`.
    pub push_state: String,
    /// ERP document.
    pub document: String,
}

fn refund(row: &Row<'_>) -> rusqlite::Result<RefundRow> {
    Ok(RefundRow {
        id: row.get(0)?,
        order: OrderId(row.get(1)?),
        data: RefundData {
            number: row.get(2)?,
            at: row.get(3)?,
            amount_fen: row.get(4)?,
            full: row.get(5)?,
            done: row.get(6)?,
            difference_only: row.get(7)?,
            reason: row.get(8)?,
        },
        push_state: row.get(9)?,
        document: row.get(10)?,
    })
}

const REFUND: &str = "SELECT r.id, r.order_id, r.number, r.at, r.amount_fen, r.full, r.done, r.difference_only, r.reason, r.push_state, r.document FROM refund r";

/// Refunds that the ERP should get: done, with quantity, of orders that are in the ERP. A whole order goes back once: a
/// cancellation may be told a second time, as a refund.
pub fn refunds_due(connection: &Connection, limit: i64) -> Result<Vec<RefundRow>> {
    let mut statement = connection.prepare_cached(&format!(
        "{REFUND} JOIN orders o ON o.id = r.order_id
         WHERE r.push_state IN ('waiting', 'sending') AND r.done AND NOT r.difference_only AND o.push_state = 'pushed'
           AND NOT (r.full AND EXISTS (SELECT 1 FROM refund f WHERE f.order_id = r.order_id AND f.id <> r.id AND f.full
                                       AND f.push_state IN ('sending', 'pushed')))
         ORDER BY r.id LIMIT ?1"
    ))?;
    let rows = statement.query_map([limit], refund)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The refunds of an order.
pub fn refunds(connection: &Connection, id: OrderId) -> Result<Vec<RefundRow>> {
    let mut statement =
        connection.prepare_cached(&format!("{REFUND} WHERE r.order_id = ?1 ORDER BY r.id"))?;
    let rows = statement.query_map([id.0], refund)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Moves a refund on.
pub fn set_refund(tx: &Tx<'_>, id: i64, state: &str, document: &str) -> Result<()> {
    tx.prepare_cached("UPDATE refund SET push_state = ?2, document = ?3 WHERE id = ?1")?
        .execute(params![id, state, document])?;
    Ok(())
}
