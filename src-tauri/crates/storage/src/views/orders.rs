//! 订单 pages: filtered, newest first, by keyset, with the counts of the tabs.

use crate::error::Result;
use domain::id::{OrderId, StoreId};
use domain::order::{OrderState, PushState};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::collections::BTreeMap;

/// Which orders.
#[derive(Clone, Debug, Default)]
pub struct OrderFilter {
    /// Stores; empty means all.
    pub stores: Vec<StoreId>,
    /// Tab: `all`, `open`, `exception`, `waiting`, `pushed`, `closed`, `healed`, `by_default`, `late`.
    pub view: String,
    /// Order number, `#` and the number of the day, or a product name.
    pub search: String,
    /// Placed since, UTC ms.
    pub from: Option<i64>,
    /// Placed before, UTC ms.
    pub to: Option<i64>,
    /// Only orders older than this one: placed at, id.
    pub before: Option<(i64, i64)>,
    /// Cause, for exceptions.
    pub cause: String,
    /// Accepted before this moment and not finished counts as late, UTC ms (F30).
    pub late_before: i64,
}

/// An order in a list.
#[derive(Clone, Debug)]
pub struct OrderListRow {
    /// Row id.
    pub id: OrderId,
    /// Store.
    pub store: StoreId,
    /// Order number.
    pub number: String,
    /// Number of the day.
    pub day_seq: i64,
    /// State on the platform.
    pub state: OrderState,
    /// Way into the ERP.
    pub push_state: PushState,
    /// UTC ms.
    pub placed_at: i64,
    /// Paid, in fen.
    pub total_fen: i64,
    /// Pieces.
    pub items: i64,
    /// First product.
    pub first_product: String,
    /// Lines.
    pub lines: i64,
    /// ERP document.
    pub document: String,
    /// Cause when it is an exception.
    pub cause: String,
    /// What healed.
    pub healed: String,
    /// Refunded, in fen.
    pub refunded_fen: i64,
}

/// The tabs with counts.
pub const VIEWS: [&str; 9] = [
    "all",
    "open",
    "exception",
    "waiting",
    "pushed",
    "closed",
    "healed",
    "by_default",
    "late",
];

fn view_condition(view: &str) -> &'static str {
    match view {
        "open" => "o.state NOT IN ('completed', 'cancelled')",
        "exception" => "o.push_state = 'exception'",
        "waiting" => "o.push_state IN ('waiting', 'sending')",
        "pushed" => "o.push_state = 'pushed'",
        "closed" => "o.push_state = 'closed'",
        "healed" => "o.healed NOT IN ('', 'F15b')",
        "by_default" => "o.healed = 'F15b'",
        "late" => "o.state IN ('accepted', 'delivering') AND o.placed_at < ?late",
        _ => "1",
    }
}

struct Query {
    sql: String,
    values: Vec<Value>,
}

impl Query {
    fn push(&mut self, condition: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        let at = format!("?{}", self.values.len());
        self.sql.push_str(" AND ");
        self.sql.push_str(&condition.replace("?!", &at));
    }
}

fn conditions(filter: &OrderFilter, view: &str) -> Query {
    let mut query = Query {
        sql: "1".to_owned(),
        values: Vec::new(),
    };
    let condition = view_condition(view);
    if condition.contains("?late") {
        query.push(&condition.replace("?late", "?!"), filter.late_before);
    } else {
        condition.clone_into(&mut query.sql);
    }
    if !filter.stores.is_empty() {
        let ids: Vec<String> = filter.stores.iter().map(ToString::to_string).collect();
        query.sql.push_str(" AND o.store_id IN (");
        query.sql.push_str(&ids.join(", "));
        query.sql.push(')');
    }
    if let Some(from) = filter.from {
        query.push("o.placed_at >= ?!", from);
    }
    if let Some(to) = filter.to {
        query.push("o.placed_at < ?!", to);
    }
    if !filter.cause.is_empty() {
        query.push(
            "o.id IN (SELECT order_id FROM exception WHERE cause = ?!)",
            filter.cause.clone(),
        );
    }
    let search = filter.search.trim();
    if let Some(seq) = search.strip_prefix('#').and_then(|n| n.parse::<i64>().ok()) {
        query.push("o.day_seq = ?!", seq);
    } else if search.len() >= 6 && search.bytes().all(|b| b.is_ascii_digit()) {
        // A range on the index instead of a scan: numbers that begin with these digits.
        query.push("o.number >= ?!", search.to_owned());
        query.push("o.number < ?!", format!("{search}:"));
    } else if !search.is_empty() {
        query.push(
            "EXISTS (SELECT 1 FROM order_line n WHERE n.order_id = o.id AND instr(n.product_name, ?!) > 0)",
            search.to_owned(),
        );
    }
    query
}

/// One page, newest first.
pub fn page(connection: &Connection, filter: &OrderFilter, limit: i64) -> Result<Vec<OrderListRow>> {
    let mut query = conditions(filter, &filter.view);
    if let Some((placed_at, id)) = filter.before {
        query.push("o.placed_at <= ?!", placed_at);
        query.values.push(placed_at.into());
        let first = query.values.len();
        query.values.push(id.into());
        let second = first + 1;
        let older = format!(" AND (o.placed_at, o.id) < (?{first}, ?{second})");
        query.sql.push_str(&older);
    }
    query.values.push(limit.into());
    let sql = format!(
        "SELECT o.id, o.store_id, o.number, o.day_seq, o.state, o.push_state, o.placed_at, o.total_fen,
                coalesce((SELECT sum(quantity) FROM order_line l WHERE l.order_id = o.id), 0),
                coalesce((SELECT product_name FROM order_line l WHERE l.order_id = o.id ORDER BY position LIMIT 1), ''),
                (SELECT count(*) FROM order_line l WHERE l.order_id = o.id),
                o.document, coalesce((SELECT cause FROM exception e WHERE e.order_id = o.id), ''), o.healed,
                coalesce((SELECT sum(amount_fen) FROM refund r WHERE r.order_id = o.id AND r.done), 0)
           FROM orders o WHERE {} ORDER BY o.placed_at DESC, o.id DESC LIMIT ?{}",
        query.sql,
        query.values.len()
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(query.values), |row| {
        Ok(OrderListRow {
            id: OrderId(row.get(0)?),
            store: StoreId(row.get(1)?),
            number: row.get(2)?,
            day_seq: row.get(3)?,
            state: crate::order::enum_of(row, 4)?,
            push_state: crate::order::enum_of(row, 5)?,
            placed_at: row.get(6)?,
            total_fen: row.get(7)?,
            items: row.get(8)?,
            first_product: row.get(9)?,
            lines: row.get(10)?,
            document: row.get(11)?,
            cause: row.get(12)?,
            healed: row.get(13)?,
            refunded_fen: row.get(14)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many orders match, and their money.
pub fn total(connection: &Connection, filter: &OrderFilter) -> Result<(i64, i64)> {
    let query = conditions(filter, &filter.view);
    let sql = format!(
        "SELECT count(*), coalesce(sum(o.total_fen), 0) FROM orders o WHERE {}",
        query.sql
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_row(params_from_iter(query.values), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?)
}

/// Counts of all tabs under the same filter.
pub fn counts(connection: &Connection, filter: &OrderFilter) -> Result<BTreeMap<String, i64>> {
    let mut counts = BTreeMap::new();
    for view in VIEWS {
        let query = conditions(filter, view);
        let sql = format!("SELECT count(*) FROM orders o WHERE {}", query.sql);
        let count = connection
            .prepare_cached(&sql)?
            .query_row(params_from_iter(query.values), |row| row.get(0))?;
        counts.insert(view.to_owned(), count);
    }
    Ok(counts)
}

/// Orders that healed since a moment, by cause.
pub fn healed_since(connection: &Connection, since: i64) -> Result<Vec<(String, i64)>> {
    let mut statement = connection.prepare_cached(
        "SELECT healed, count(*) FROM orders WHERE healed NOT IN ('', 'F15b') AND pushed_at >= ?1 GROUP BY healed ORDER BY 2 DESC",
    )?;
    let rows = statement.query_map([since], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Figures of a span of time for the workbench.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Figures {
    /// Orders placed, cancelled ones left out.
    pub orders: i64,
    /// What customers paid.
    pub paid_fen: i64,
    /// Refunds done, of orders that were not cancelled: those are not among the sales either.
    pub refunds: i64,
    /// Money refunded.
    pub refunds_fen: i64,
    /// Orders in the ERP.
    pub in_erp: i64,
    /// Orders on their way.
    pub waiting: i64,
    /// Exceptions.
    pub exceptions: i64,
    /// Their money.
    pub exceptions_fen: i64,
    /// Healed by themselves.
    pub healed: i64,
}

/// The figures of a span.
pub fn figures(connection: &Connection, stores: &[StoreId], from: i64, to: i64) -> Result<Figures> {
    let filter = OrderFilter {
        stores: stores.to_vec(),
        from: Some(from),
        to: Some(to),
        ..OrderFilter::default()
    };
    let query = conditions(&filter, "all");
    let sql = format!(
        "SELECT coalesce(sum(o.state <> 'cancelled'), 0), coalesce(sum(iif(o.state <> 'cancelled', o.total_fen, 0)), 0),
                coalesce(sum(iif(o.state <> 'cancelled', (SELECT count(*) FROM refund r WHERE r.order_id = o.id AND r.done), 0)), 0),
                coalesce(sum(iif(o.state <> 'cancelled', (SELECT sum(amount_fen) FROM refund r WHERE r.order_id = o.id AND r.done), 0)), 0),
                coalesce(sum(o.push_state = 'pushed'), 0), coalesce(sum(o.push_state IN ('waiting', 'sending')), 0),
                coalesce(sum(o.push_state = 'exception'), 0),
                coalesce(sum(iif(o.push_state = 'exception', o.total_fen, 0)), 0), coalesce(sum(o.healed <> ''), 0)
           FROM orders o WHERE {}",
        query.sql
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_row(params_from_iter(query.values), |row| {
            Ok(Figures {
                orders: row.get(0)?,
                paid_fen: row.get(1)?,
                refunds: row.get(2)?,
                refunds_fen: row.get(3)?,
                in_erp: row.get(4)?,
                waiting: row.get(5)?,
                exceptions: row.get(6)?,
                exceptions_fen: row.get(7)?,
                healed: row.get(8)?,
            })
        })?)
}

/// Orders by hour from a moment on, 24 of them.
pub fn hourly(connection: &Connection, stores: &[StoreId], from: i64) -> Result<Vec<i64>> {
    const HOUR: i64 = 3_600_000;
    let filter = OrderFilter {
        stores: stores.to_vec(),
        from: Some(from),
        to: Some(from + 24 * HOUR),
        ..OrderFilter::default()
    };
    let mut query = conditions(&filter, "all");
    query.values.push(from.into());
    let sql = format!(
        "SELECT (o.placed_at - ?{}) / 3600000, count(*) FROM orders o WHERE {} AND o.state <> 'cancelled' GROUP BY 1",
        query.values.len(),
        query.sql
    );
    let mut hours = vec![0; 24];
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(query.values))?;
    while let Some(row) = rows.next()? {
        let hour: u32 = row.get(0)?;
        if let Some(slot) = hours.get_mut(hour as usize) {
            *slot = row.get(1)?;
        }
    }
    Ok(hours)
}
