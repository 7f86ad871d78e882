//! 异常订单: why an order is not in the ERP.

use crate::db::Tx;
use crate::error::Result;
use domain::id::{ListingSkuId, OrderId, OrderLineId, SkuId, StoreId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use std::collections::BTreeMap;

/// The exception of one order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExceptionRow {
    /// The order.
    pub order: OrderId,
    /// Row of problems.md.
    pub cause: String,
    /// What makes exceptions one group: cause plus what is behind it.
    pub group_key: String,
    /// The line that failed.
    pub line: Option<OrderLineId>,
    /// The platform SKU meant.
    pub listing_sku: Option<ListingSkuId>,
    /// The library SKU meant.
    pub sku: Option<SkuId>,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
    /// Evidence as JSON (match table, ranked causes).
    pub evidence: String,
    /// The ERP's or platform's own text.
    pub raw: String,
    /// Since, UTC ms.
    pub since: i64,
    /// Identical failures in a row.
    pub same_failures: i64,
    /// Automatic retries stopped after three identical failures.
    pub stopped: bool,
}

const COLUMNS: &str = "order_id, cause, group_key, line_id, listing_sku_id, sku_id, params, evidence, raw, since, same_failures, stopped";

fn exception(row: &Row<'_>) -> rusqlite::Result<ExceptionRow> {
    Ok(ExceptionRow {
        order: OrderId(row.get(0)?),
        cause: row.get(1)?,
        group_key: row.get(2)?,
        line: row.get::<_, Option<i64>>(3)?.map(OrderLineId),
        listing_sku: row.get::<_, Option<i64>>(4)?.map(ListingSkuId),
        sku: row.get::<_, Option<i64>>(5)?.map(SkuId),
        params: serde_json::from_str(&row.get::<_, String>(6)?).unwrap_or_default(),
        evidence: row.get(7)?,
        raw: row.get(8)?,
        since: row.get(9)?,
        same_failures: row.get(10)?,
        stopped: row.get(11)?,
    })
}

/// Writes an exception. The same cause and group again counts up, and the third time stops automatic retries; another
/// cause starts anew. True when it was not an exception before or its cause changed.
pub fn put(tx: &Tx<'_>, row: &ExceptionRow) -> Result<bool> {
    let known = get(tx, row.order)?;
    let same = known
        .as_ref()
        .is_some_and(|k| k.cause == row.cause && k.group_key == row.group_key && k.raw == row.raw);
    let failures = if same {
        known.as_ref().map_or(1, |k| k.same_failures + 1)
    } else {
        1
    };
    let since = known.as_ref().map_or(row.since, |k| k.since);
    tx.prepare_cached(
        "INSERT INTO exception (order_id, cause, group_key, line_id, listing_sku_id, sku_id, params, evidence, raw, since, same_failures, stopped)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (order_id) DO UPDATE SET cause = ?2, group_key = ?3, line_id = ?4, listing_sku_id = ?5, sku_id = ?6,
             params = ?7, evidence = ?8, raw = ?9, same_failures = ?11, stopped = ?12",
    )?
    .execute(params![
        row.order.0,
        row.cause,
        row.group_key,
        row.line.map(|l| l.0),
        row.listing_sku.map(|l| l.0),
        row.sku.map(|s| s.0),
        serde_json::to_string(&row.params)?,
        row.evidence,
        row.raw,
        since,
        failures,
        failures >= 3
    ])?;
    crate::order::set_exception(tx, row.order)?;
    Ok(!same)
}

/// One order's exception.
pub fn get(connection: &Connection, order: OrderId) -> Result<Option<ExceptionRow>> {
    Ok(connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM exception WHERE order_id = ?1"))?
        .query_row([order.0], exception)
        .optional()?)
}

/// Which exceptions are meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Which {
    /// All of them.
    All,
    /// Of one cause.
    Cause(String),
    /// Of one group.
    Group(String),
    /// That wait for a library SKU.
    Sku(SkuId),
    /// That wait for a platform SKU.
    ListingSku(ListingSkuId),
    /// Of one store.
    Store(StoreId),
}

/// Exceptions, oldest order first.
pub fn list(connection: &Connection, which: &Which) -> Result<Vec<ExceptionRow>> {
    let (filter, value): (&str, rusqlite::types::Value) = match which {
        Which::All => ("?1 IS NOT NULL", 0.into()),
        Which::Cause(cause) => ("cause = ?1", cause.clone().into()),
        Which::Group(key) => ("group_key = ?1", key.clone().into()),
        Which::Sku(id) => ("sku_id = ?1", id.0.into()),
        Which::ListingSku(id) => ("listing_sku_id = ?1", id.0.into()),
        Which::Store(id) => (
            "order_id IN (SELECT id FROM orders WHERE store_id = ?1 AND push_state = 'exception')",
            id.0.into(),
        ),
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM exception WHERE {filter} ORDER BY order_id"
    ))?;
    let rows = statement.query_map([value], exception)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The data behind an exception changed: automatic retries may start again.
pub fn restart(tx: &Tx<'_>, order: OrderId) -> Result<()> {
    tx.prepare_cached("UPDATE exception SET stopped = 0, same_failures = 0 WHERE order_id = ?1")?
        .execute([order.0])?;
    Ok(())
}

/// The order is no exception any more.
pub fn clear(tx: &Tx<'_>, order: OrderId) -> Result<()> {
    tx.prepare_cached("DELETE FROM exception WHERE order_id = ?1")?
        .execute([order.0])?;
    Ok(())
}
