//! 订单: stored once by (store, number); newest state wins, never backwards.

mod refunds;

pub use refunds::{RefundRow, refunds, refunds_due, set_refund};

use crate::db::Tx;
use crate::error::{Result, StorageError};
use domain::id::{AccountId, ListingSkuId, OrderId, OrderLineId, SkuId, StoreId};
use domain::order::{OrderState, PushState};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::Value;
use std::collections::BTreeMap;

/// An order as it was read. `payload` is the canonical remote order as JSON, from which the ERP order is built.
#[derive(Clone, Debug)]
pub struct OrderData {
    /// Order number.
    pub number: String,
    /// Running number of the day.
    pub day_seq: i64,
    /// State on the platform.
    pub state: OrderState,
    /// UTC ms.
    pub placed_at: i64,
    /// Last change there, UTC ms.
    pub changed_at: i64,
    /// Paid, in fen.
    pub total_fen: i64,
    /// Everything refunded.
    pub fully_refunded: bool,
    /// Not whole: read again before pushing.
    pub incomplete: bool,
    /// Buyer's words.
    pub remark: String,
    /// Canonical JSON.
    pub payload: String,
    /// Lines.
    pub lines: Vec<LineData>,
    /// Refunds.
    pub refunds: Vec<RefundData>,
}

/// A line as it was read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LineData {
    /// Product reference the order carries.
    pub product_ref: String,
    /// 第三方SKU编码.
    pub outer_sku_code: String,
    /// 商品名称.
    pub product_name: String,
    /// 规格名称.
    pub spec_name: String,
    /// Barcode.
    pub barcode: String,
    /// Pieces.
    pub quantity: i64,
    /// Price of one in fen.
    pub price_fen: i64,
}

/// A refund as it was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RefundData {
    /// Its number.
    pub number: String,
    /// UTC ms.
    pub at: i64,
    /// Money in fen.
    pub amount_fen: i64,
    /// Whole order.
    pub full: bool,
    /// Done.
    pub done: bool,
    /// 退差单.
    pub difference_only: bool,
    /// Why.
    pub reason: String,
}

/// An order as stored.
#[derive(Clone, Debug)]
pub struct OrderRow {
    /// Row id.
    pub id: OrderId,
    /// Store.
    pub store: StoreId,
    /// Number.
    pub number: String,
    /// Running number of the day.
    pub day_seq: i64,
    /// State there.
    pub state: OrderState,
    /// UTC ms.
    pub placed_at: i64,
    /// Last change there, UTC ms.
    pub changed_at: i64,
    /// Paid, in fen.
    pub total_fen: i64,
    /// Everything refunded.
    pub fully_refunded: bool,
    /// Not whole.
    pub incomplete: bool,
    /// Buyer's words.
    pub remark: String,
    /// Canonical JSON.
    pub payload: String,
    /// Way into the ERP.
    pub push_state: PushState,
    /// ERP document number.
    pub document: String,
    /// Pushes tried.
    pub attempts: i64,
    /// Not to be tried before, UTC ms.
    pub not_before: i64,
    /// In the ERP since, UTC ms.
    pub pushed_at: Option<i64>,
    /// What was healed on the way (`F02a`, `F01c`, …); empty when nothing.
    pub healed: String,
    /// Why it was closed.
    pub closed_reason: String,
    /// The ERP account that it was sent to last; `None` when it never was. What an ERP has or may have stays its business,
    /// whatever the store is linked to later.
    pub sent_to: Option<AccountId>,
    /// The branch there.
    pub sent_branch: String,
}

/// A line as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineRow {
    /// Row id.
    pub id: OrderLineId,
    /// The line.
    pub data: LineData,
    /// Listing SKU it resolved to.
    pub listing_sku: Option<ListingSkuId>,
    /// Library SKU it resolved to.
    pub sku: Option<SkuId>,
    /// Item code used at the push (F15a).
    pub sent_item_code: String,
}

const COLUMNS: &str = "id, store_id, number, day_seq, state, placed_at, changed_at, total_fen, fully_refunded, incomplete, \
     remark, payload, push_state, document, attempts, not_before, pushed_at, healed, closed_reason, \
     sent_account_id, sent_branch";

pub(crate) fn enum_of<T: serde::de::DeserializeOwned>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    let name: String = row.get(at)?;
    serde_json::from_value(Value::String(name))
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(at, rusqlite::types::Type::Text, Box::new(e)))
}

fn order(row: &Row<'_>) -> rusqlite::Result<OrderRow> {
    Ok(OrderRow {
        id: OrderId(row.get(0)?),
        store: StoreId(row.get(1)?),
        number: row.get(2)?,
        day_seq: row.get(3)?,
        state: enum_of(row, 4)?,
        placed_at: row.get(5)?,
        changed_at: row.get(6)?,
        total_fen: row.get(7)?,
        fully_refunded: row.get(8)?,
        incomplete: row.get(9)?,
        remark: row.get(10)?,
        payload: row.get(11)?,
        push_state: enum_of(row, 12)?,
        document: row.get(13)?,
        attempts: row.get(14)?,
        not_before: row.get(15)?,
        pushed_at: row.get(16)?,
        healed: row.get(17)?,
        closed_reason: row.get(18)?,
        sent_to: row.get::<_, Option<i64>>(19)?.map(AccountId),
        sent_branch: row.get(20)?,
    })
}

fn state_name(state: OrderState) -> Result<String> {
    Ok(serde_json::to_value(state)?
        .as_str()
        .unwrap_or_default()
        .to_owned())
}

/// The mark in `healed` of an order with a line that was booked as its store's default item (F15b).
pub const BY_DEFAULT: &str = "F15b";

/// What storing a read order did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stored {
    /// It was not known.
    New(OrderId),
    /// Known, something changed.
    Changed(OrderId),
    /// Known and the same, or older than what is known.
    Same(OrderId),
}

impl Stored {
    /// The order's row.
    pub fn id(self) -> OrderId {
        match self {
            Self::New(id) | Self::Changed(id) | Self::Same(id) => id,
        }
    }
}

/// Stores an order as it was read: once by (store, number); an older reading changes nothing.
pub fn store(tx: &Tx<'_>, store: StoreId, at: i64, data: &OrderData) -> Result<Stored> {
    let known: Option<(i64, i64, String, bool, String)> = tx
        .prepare_cached(
            "SELECT id, changed_at, payload, incomplete, push_state FROM orders WHERE store_id = ?1 AND number = ?2",
        )?
        .query_row(params![store.0, data.number], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)))
        .optional()?;
    let Some((id, changed_at, payload, was_incomplete, push_state)) = known else {
        return insert(tx, store, at, data).map(Stored::New);
    };
    let older = data.changed_at < changed_at;
    let same = data.changed_at == changed_at && payload == data.payload;
    if older || same || (data.incomplete && !was_incomplete) {
        tx.prepare_cached("UPDATE orders SET read_at = ?2 WHERE id = ?1")?
            .execute(params![id, at])?;
        put_refunds(tx, id, &data.refunds)?;
        return Ok(Stored::Same(OrderId(id)));
    }
    tx.prepare_cached(
        "UPDATE orders SET state = ?2, changed_at = ?3, read_at = ?4, total_fen = ?5, fully_refunded = ?6, incomplete = ?7,
                payload = ?8, remark = ?9, day_seq = ?10 WHERE id = ?1",
    )?
    .execute(params![
        id,
        state_name(data.state)?,
        data.changed_at,
        at,
        data.total_fen,
        data.fully_refunded,
        data.incomplete,
        data.payload,
        data.remark,
        data.day_seq
    ])?;
    // Lines of an order that is in the ERP already stay as they were sent.
    if push_state != "pushed" {
        put_lines(tx, id, &data.lines)?;
    }
    put_refunds(tx, id, &data.refunds)?;
    Ok(Stored::Changed(OrderId(id)))
}

fn insert(tx: &Tx<'_>, store: StoreId, at: i64, data: &OrderData) -> Result<OrderId> {
    tx.prepare_cached(
        "INSERT INTO orders (store_id, number, day_seq, state, placed_at, changed_at, read_at, total_fen, fully_refunded,
                             incomplete, remark, payload, push_state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'waiting')",
    )?
    .execute(params![
        store.0,
        data.number,
        data.day_seq,
        state_name(data.state)?,
        data.placed_at,
        data.changed_at,
        at,
        data.total_fen,
        data.fully_refunded,
        data.incomplete,
        data.remark,
        data.payload
    ])?;
    let id = tx.last_insert_rowid();
    put_lines(tx, id, &data.lines)?;
    put_refunds(tx, id, &data.refunds)?;
    Ok(OrderId(id))
}

fn put_lines(tx: &Tx<'_>, order: i64, lines: &[LineData]) -> Result<()> {
    let mut put = tx.prepare_cached(
        "INSERT INTO order_line (order_id, position, product_ref, outer_sku_code, product_name, spec_name, barcode, quantity, price_fen)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (order_id, position) DO UPDATE SET product_ref = ?3, outer_sku_code = ?4, product_name = ?5,
             spec_name = ?6, barcode = ?7, quantity = ?8, price_fen = ?9",
    )?;
    for (position, line) in lines.iter().enumerate() {
        put.execute(params![
            order,
            i64::try_from(position).unwrap_or(i64::MAX),
            line.product_ref,
            line.outer_sku_code,
            line.product_name,
            line.spec_name,
            line.barcode,
            line.quantity,
            line.price_fen
        ])?;
    }
    tx.prepare_cached("DELETE FROM order_line WHERE order_id = ?1 AND position >= ?2")?
        .execute(params![order, i64::try_from(lines.len()).unwrap_or(i64::MAX)])?;
    Ok(())
}

fn put_refunds(tx: &Tx<'_>, order: i64, refunds: &[RefundData]) -> Result<()> {
    let mut put = tx.prepare_cached(
        "INSERT INTO refund (order_id, number, at, amount_fen, full, done, difference_only, reason)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (order_id, number) DO UPDATE SET done = max(done, ?6), amount_fen = ?4",
    )?;
    for refund in refunds {
        put.execute(params![
            order,
            refund.number,
            refund.at,
            refund.amount_fen,
            refund.full,
            refund.done,
            refund.difference_only,
            refund.reason
        ])?;
    }
    Ok(())
}

/// One order.
pub fn get(connection: &Connection, id: OrderId) -> Result<OrderRow> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM orders WHERE id = ?1"))?
        .query_row([id.0], order)
        .optional()?
        .ok_or(StorageError::NotFound { what: "order" })
}

/// Orders of any store with this number.
pub fn by_number(connection: &Connection, number: &str) -> Result<Vec<OrderRow>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM orders WHERE number = ?1 ORDER BY id"
    ))?;
    let rows = statement.query_map([number], order)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The lines of an order.
pub fn lines(connection: &Connection, id: OrderId) -> Result<Vec<LineRow>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, product_ref, outer_sku_code, product_name, spec_name, barcode, quantity, price_fen, listing_sku_id, sku_id,
                sent_item_code FROM order_line WHERE order_id = ?1 ORDER BY position",
    )?;
    let rows = statement.query_map([id.0], |row| {
        Ok(LineRow {
            id: OrderLineId(row.get(0)?),
            data: LineData {
                product_ref: row.get(1)?,
                outer_sku_code: row.get(2)?,
                product_name: row.get(3)?,
                spec_name: row.get(4)?,
                barcode: row.get(5)?,
                quantity: row.get(6)?,
                price_fen: row.get(7)?,
            },
            listing_sku: row.get::<_, Option<i64>>(8)?.map(ListingSkuId),
            sku: row.get::<_, Option<i64>>(9)?.map(SkuId),
            sent_item_code: row.get(10)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Notes what a line resolved to, and with which code it was sent.
pub fn set_line(
    tx: &Tx<'_>,
    id: OrderLineId,
    listing_sku: Option<ListingSkuId>,
    sku: Option<SkuId>,
    code: &str,
) -> Result<()> {
    tx.prepare_cached(
        "UPDATE order_line SET listing_sku_id = ?2, sku_id = ?3, sent_item_code = ?4 WHERE id = ?1",
    )?
    .execute(params![id.0, listing_sku.map(|l| l.0), sku.map(|s| s.0), code])?;
    Ok(())
}

/// Orders due for pushing now, oldest first: waiting ones whose time has come. Those found `sending` come first,
/// because their outcome is unknown and must be settled before anything else.
pub fn due(connection: &Connection, now: i64, limit: i64) -> Result<Vec<OrderRow>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM orders WHERE push_state IN ('waiting', 'sending') AND not_before <= ?1
           AND store_id IN (SELECT id FROM store WHERE removed_at IS NULL)
         ORDER BY push_state = 'waiting', placed_at, id LIMIT ?2"
    ))?;
    let rows = statement.query_map([now, limit], order)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Orders that were cancelled or fully refunded before the ERP had them (true: cancelled). Those with an exception of
/// the cause `except` are left out: nobody knows whether the ERP has them.
pub fn withdrawn(connection: &Connection, except: &str) -> Result<Vec<(OrderId, bool)>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, state = 'cancelled' FROM orders
         WHERE push_state IN ('waiting', 'exception') AND (state = 'cancelled' OR fully_refunded)
           AND id NOT IN (SELECT order_id FROM exception WHERE cause = ?1)",
    )?;
    let rows = statement.query_map([except], |row| Ok((OrderId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many orders of a store are in each state, those with an exception of the cause `cause` (true) apart.
pub fn push_states(
    connection: &Connection,
    store: StoreId,
    cause: &str,
) -> Result<Vec<(PushState, bool, usize)>> {
    let mut statement = connection.prepare_cached(
        "SELECT push_state, id IN (SELECT order_id FROM exception WHERE cause = ?2) AS apart, count(*)
         FROM orders WHERE store_id = ?1 GROUP BY push_state, apart",
    )?;
    let rows = statement.query_map(params![store.0, cause], |row| {
        let count: i64 = row.get(2)?;
        Ok((enum_of(row, 0)?, row.get(1)?, usize::try_from(count).unwrap_or(0)))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Orders that were cancelled after the ERP had them and that no refund of the whole takes back yet.
pub fn cancelled_in_books(connection: &Connection) -> Result<Vec<OrderRow>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM orders WHERE push_state = 'pushed' AND state = 'cancelled'
           AND store_id IN (SELECT id FROM store WHERE removed_at IS NULL)
           AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.order_id = orders.id AND r.full)"
    ))?;
    let rows = statement.query_map([], order)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds a refund to an order, or brings one with that number up to date.
pub fn add_refund(tx: &Tx<'_>, order: OrderId, refund: &RefundData) -> Result<()> {
    put_refunds(tx, order.0, std::slice::from_ref(refund))
}

/// Moves the time before which an order is not touched; its state stays.
pub fn set_not_before(tx: &Tx<'_>, id: OrderId, not_before: i64) -> Result<()> {
    tx.prepare_cached("UPDATE orders SET not_before = ?2 WHERE id = ?1")?
        .execute(params![id.0, not_before])?;
    Ok(())
}

/// When the next order becomes due, UTC ms.
pub fn next_due(connection: &Connection) -> Result<Option<i64>> {
    Ok(connection.query_row(
        "SELECT min(not_before) FROM orders WHERE push_state IN ('waiting', 'sending')",
        [],
        |r| r.get(0),
    )?)
}

/// Orders of a store that are not finished on the platform and were placed since, oldest first.
pub fn open_numbers(connection: &Connection, store: StoreId, since: i64) -> Result<Vec<String>> {
    let mut statement = connection.prepare_cached(
        "SELECT number FROM orders WHERE store_id = ?1 AND placed_at >= ?2 AND state NOT IN ('completed', 'cancelled') ORDER BY placed_at",
    )?;
    let rows = statement.query_map(params![store.0, since], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Takes the order for sending to a branch of an ERP: true when it was waiting (or sending), nobody else has it, and it
/// still is what `row` says.
pub fn take(tx: &Tx<'_>, row: &OrderRow, account: AccountId, branch: &str) -> Result<bool> {
    let taken = tx
        .prepare_cached(
            "UPDATE orders SET push_state = 'sending', attempts = attempts + 1, sent_account_id = ?2, sent_branch = ?3
             WHERE id = ?1 AND push_state IN ('waiting', 'sending') AND changed_at = ?4 AND state = ?5
               AND fully_refunded = ?6",
        )?
        .execute(params![
            row.id.0,
            account.0,
            branch,
            row.changed_at,
            state_name(row.state)?,
            row.fully_refunded
        ])?;
    Ok(taken > 0)
}

/// The ERP has it.
pub fn set_pushed(tx: &Tx<'_>, id: OrderId, at: i64, document: &str) -> Result<()> {
    tx.prepare_cached(
        "UPDATE orders SET push_state = 'pushed', document = ?2, pushed_at = ?3 WHERE id = ?1",
    )?
    .execute(params![id.0, document, at])?;
    crate::exception::clear(tx, id)
}

/// Back to waiting, not before a time.
pub fn set_waiting(tx: &Tx<'_>, id: OrderId, not_before: i64) -> Result<()> {
    tx.prepare_cached("UPDATE orders SET push_state = 'waiting', not_before = ?2 WHERE id = ?1 AND push_state IN ('waiting', 'sending', 'exception')")?
        .execute(params![id.0, not_before])?;
    Ok(())
}

/// It becomes an exception; its row is written by [`crate::exception::put`].
pub fn set_exception(tx: &Tx<'_>, id: OrderId) -> Result<()> {
    tx.prepare_cached("UPDATE orders SET push_state = 'exception' WHERE id = ?1 AND push_state <> 'pushed'")?
        .execute([id.0])?;
    Ok(())
}

/// Closed without the ERP, with the reason.
pub fn set_closed(tx: &Tx<'_>, id: OrderId, reason: &str) -> Result<()> {
    tx.prepare_cached("UPDATE orders SET push_state = 'closed', closed_reason = ?2 WHERE id = ?1 AND push_state <> 'pushed'")?
        .execute(params![id.0, reason])?;
    crate::exception::clear(tx, id)
}

/// Notes what was healed on the way.
pub fn set_healed(tx: &Tx<'_>, id: OrderId, what: &str) -> Result<()> {
    tx.prepare_cached("UPDATE orders SET healed = ?2 WHERE id = ?1")?
        .execute(params![id.0, what])?;
    Ok(())
}

/// One thing that happened to an order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventRow {
    /// UTC ms.
    pub at: i64,
    /// Words by code.
    pub kind: String,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
    /// Raw text, folded away.
    pub raw: String,
}

/// Adds to an order's timeline.
pub fn add_event(
    tx: &Tx<'_>,
    id: OrderId,
    at: i64,
    kind: &str,
    params_: &[(&str, String)],
    raw: &str,
) -> Result<()> {
    let map: BTreeMap<&str, &String> = params_.iter().map(|(k, v)| (*k, v)).collect();
    tx.prepare_cached(
        "INSERT INTO order_event (order_id, at, kind, params, raw) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![id.0, at, kind, serde_json::to_string(&map)?, raw])?;
    Ok(())
}

/// An order's timeline.
pub fn events(connection: &Connection, id: OrderId) -> Result<Vec<EventRow>> {
    let mut statement = connection
        .prepare_cached("SELECT at, kind, params, raw FROM order_event WHERE order_id = ?1 ORDER BY id")?;
    let rows = statement.query_map([id.0], |row| {
        Ok(EventRow {
            at: row.get(0)?,
            kind: row.get(1)?,
            params: serde_json::from_str(&row.get::<_, String>(2)?).unwrap_or_default(),
            raw: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
