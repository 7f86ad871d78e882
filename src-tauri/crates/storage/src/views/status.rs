//! The frame and the workbench: counts over all tables, each by an index or over a small table.

use crate::error::Result;
use domain::id::StoreId;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::collections::HashMap;

/// What the frame shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Status {
    /// Library products.
    pub products: i64,
    /// Library SKUs.
    pub skus: i64,
    /// Stores in use.
    pub stores: i64,
    /// Listing SKUs on the platforms.
    pub listings: i64,
    /// Of them without a binding.
    pub unbound: i64,
    /// Orders.
    pub orders: i64,
    /// Exception orders.
    pub exceptions: i64,
    /// Their money.
    pub exceptions_fen: i64,
    /// Accounts whose authorization the platform called dead.
    pub dead_authorizations: i64,
    /// Tasks and orders waiting to be sent.
    pub outbox: i64,
    /// Jobs running.
    pub running_jobs: i64,
    /// Last reading of orders of any store, UTC ms.
    pub orders_read_at: Option<i64>,
    /// Last reading of listings of any store, UTC ms.
    pub listings_read_at: Option<i64>,
}

/// Counts of everything.
pub fn status(connection: &Connection) -> Result<Status> {
    Ok(connection
        .prepare_cached(
            "SELECT
              (SELECT count(*) FROM product WHERE deleted_at IS NULL),
              (SELECT count(*) FROM sku JOIN product ON product.id = sku.product_id WHERE product.deleted_at IS NULL),
              (SELECT count(*) FROM store WHERE removed_at IS NULL),
              (SELECT count(*) FROM listing_sku l JOIN store s ON s.id = l.store_id
                WHERE l.gone_at IS NULL AND s.removed_at IS NULL),
              (SELECT count(*) FROM binding b JOIN listing_sku l ON l.id = b.listing_sku_id JOIN store s ON s.id = l.store_id
                WHERE l.gone_at IS NULL AND s.removed_at IS NULL),
              (SELECT count(*) FROM orders),
              (SELECT count(*) FROM orders WHERE push_state = 'exception'),
              (SELECT coalesce(sum(total_fen), 0) FROM orders WHERE push_state = 'exception'),
              (SELECT count(*) FROM account WHERE state IN ('expired', 'revoked')),
              (SELECT count(*) FROM orders WHERE push_state IN ('waiting', 'sending'))
                + (SELECT count(*) FROM task WHERE state IN ('queued', 'sending', 'unknown')),
              (SELECT count(*) FROM job WHERE state IN ('running', 'paused')),
              (SELECT max(orders_read_at) FROM store WHERE removed_at IS NULL),
              (SELECT max(listings_read_at) FROM store WHERE removed_at IS NULL)",
        )?
        .query_row([], |row| {
            let listings: i64 = row.get(3)?;
            let bound: i64 = row.get(4)?;
            Ok(Status {
                products: row.get(0)?,
                skus: row.get(1)?,
                stores: row.get(2)?,
                listings,
                unbound: listings - bound,
                orders: row.get(5)?,
                exceptions: row.get(6)?,
                exceptions_fen: row.get(7)?,
                dead_authorizations: row.get(8)?,
                outbox: row.get(9)?,
                running_jobs: row.get(10)?,
                orders_read_at: row.get(11)?,
                listings_read_at: row.get(12)?,
            })
        })?)
}

/// Counts of one store.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct StoreCounts {
    /// Listing SKUs there.
    pub listings: i64,
    /// Of them bound.
    pub bound: i64,
    /// Exception orders.
    pub exceptions: i64,
}

/// Counts of every store that has any.
pub fn stores(connection: &Connection) -> Result<HashMap<StoreId, StoreCounts>> {
    let mut counts: HashMap<StoreId, StoreCounts> = HashMap::new();
    let mut statement = connection.prepare_cached(
        "SELECT l.store_id, count(*), count(b.listing_sku_id) FROM listing_sku l
           LEFT JOIN binding b ON b.listing_sku_id = l.id
          WHERE l.gone_at IS NULL GROUP BY l.store_id",
    )?;
    let rows = statement.query_map([], |row| Ok((StoreId(row.get(0)?), row.get(1)?, row.get(2)?)))?;
    for row in rows {
        let (store, listings, bound) = row?;
        let entry = counts.entry(store).or_default();
        (entry.listings, entry.bound) = (listings, bound);
    }
    let mut statement = connection.prepare_cached(
        "SELECT store_id, count(*) FROM orders WHERE push_state = 'exception' GROUP BY store_id",
    )?;
    let rows = statement.query_map([], |row| Ok((StoreId(row.get(0)?), row.get(1)?)))?;
    for row in rows {
        let (store, exceptions) = row?;
        counts.entry(store).or_default().exceptions = exceptions;
    }
    Ok(counts)
}

/// The orders of a span of time in numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Span {
    /// Orders placed, cancelled ones left out.
    pub orders: i64,
    /// Paid by customers.
    pub paid_fen: i64,
    /// Refunds that are done, of orders that were not cancelled: those are not among the sales either.
    pub refunds: i64,
    /// Money refunded.
    pub refunds_fen: i64,
    /// In the ERP.
    pub in_erp: i64,
    /// On their way.
    pub waiting: i64,
    /// Exceptions.
    pub exceptions: i64,
    /// Their money.
    pub exceptions_fen: i64,
    /// Healed on their way.
    pub healed: i64,
}

/// `AND column IN (…)` for stores; nothing when all are meant.
fn in_stores(column: &str, stores: &[StoreId]) -> String {
    if stores.is_empty() {
        String::new()
    } else {
        format!(" AND {column} IN ({})", vec!["?"; stores.len()].join(", "))
    }
}

fn values(from: i64, to: i64, stores: &[StoreId]) -> Vec<Value> {
    let ids = stores.iter().map(|store| Value::from(store.0));
    [Value::from(from), Value::from(to)]
        .into_iter()
        .chain(ids)
        .collect()
}

/// Orders placed from one moment up to, not including, another.
pub fn span(connection: &Connection, stores: &[StoreId], from: i64, to: i64) -> Result<Span> {
    let filter = in_stores("store_id", stores);
    let mut span = connection
        .prepare_cached(&format!(
            "SELECT count(*), coalesce(sum(total_fen), 0), count(*) FILTER (WHERE push_state = 'pushed'),
                    count(*) FILTER (WHERE push_state IN ('waiting', 'sending')),
                    count(*) FILTER (WHERE push_state = 'exception'),
                    coalesce(sum(total_fen) FILTER (WHERE push_state = 'exception'), 0),
                    count(*) FILTER (WHERE healed <> '')
               FROM orders WHERE placed_at >= ? AND placed_at < ? AND state <> 'cancelled'{filter}"
        ))?
        .query_row(params_from_iter(values(from, to, stores)), |row| {
            Ok(Span {
                orders: row.get(0)?,
                paid_fen: row.get(1)?,
                in_erp: row.get(2)?,
                waiting: row.get(3)?,
                exceptions: row.get(4)?,
                exceptions_fen: row.get(5)?,
                healed: row.get(6)?,
                ..Span::default()
            })
        })?;
    let filter = in_stores("o.store_id", stores);
    (span.refunds, span.refunds_fen) = connection
        .prepare_cached(&format!(
            "SELECT count(*), coalesce(sum(r.amount_fen), 0) FROM orders o JOIN refund r ON r.order_id = o.id
              WHERE o.placed_at >= ? AND o.placed_at < ? AND r.done AND o.state <> 'cancelled'{filter}"
        ))?
        .query_row(params_from_iter(values(from, to, stores)), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    Ok(span)
}

/// Orders by hour of the 24 hours from a moment, cancelled ones left out.
pub fn by_hour(connection: &Connection, stores: &[StoreId], from: i64) -> Result<Vec<i64>> {
    const HOUR: i64 = 3_600_000;
    let filter = in_stores("store_id", stores);
    let mut hours = vec![0; 24];
    let mut statement = connection.prepare_cached(&format!(
        "SELECT (placed_at - ?1) / {HOUR}, count(*) FROM orders
          WHERE placed_at >= ?1 AND placed_at < ?2 AND state <> 'cancelled'{filter} GROUP BY 1"
    ))?;
    let rows = statement.query_map(params_from_iter(values(from, from + 24 * HOUR, stores)), |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
    })?;
    for row in rows {
        let (hour, count) = row?;
        if let Some(slot) = usize::try_from(hour).ok().and_then(|hour| hours.get_mut(hour)) {
            *slot = count;
        }
    }
    Ok(hours)
}

/// The outbox of one platform in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SyncCounts {
    /// Platform id.
    pub platform: String,
    /// To be sent, under way, or of unknown outcome.
    pub queued: i64,
    /// In the platform's review.
    pub in_review: i64,
    /// Not taken.
    pub rejected: i64,
    /// Confirmed since the moment asked for.
    pub confirmed: i64,
    /// When the last one was confirmed, UTC ms.
    pub last_at: Option<i64>,
}

/// The outbox by platform; confirmed ones are counted since a moment (UTC ms).
pub fn sync_counts(connection: &Connection, since: i64) -> Result<Vec<SyncCounts>> {
    let mut statement = connection.prepare_cached(
        "SELECT s.platform, count(*) FILTER (WHERE t.state IN ('queued', 'sending', 'unknown')),
                count(*) FILTER (WHERE t.state = 'in_review'), count(*) FILTER (WHERE t.state = 'rejected'),
                count(*) FILTER (WHERE t.state = 'confirmed' AND t.done_at >= ?1),
                max(t.done_at) FILTER (WHERE t.state = 'confirmed')
           FROM store s JOIN task t ON t.store_id = s.id WHERE s.removed_at IS NULL GROUP BY s.platform",
    )?;
    let rows = statement.query_map([since], |row| {
        Ok(SyncCounts {
            platform: row.get(0)?,
            queued: row.get(1)?,
            in_review: row.get(2)?,
            rejected: row.get(3)?,
            confirmed: row.get(4)?,
            last_at: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

#[cfg(test)]
mod tests {
    use super::{by_hour, span, status, stores};
    use crate::db::{Access, Db};
    use domain::id::StoreId;

    #[test]
    fn an_empty_file_counts_nothing_and_orders_are_counted_by_their_way() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(folder.path(), Access::Write, "test").unwrap();
        assert_eq!(db.read(status).unwrap(), super::Status::default());
        db.write(|tx| {
            tx.execute_batch(
                "INSERT INTO account (id, kind, service, name, created_at) VALUES (1, 'platform', 'p', 'a', 0);
                 INSERT INTO store (id, account_id, platform, remote_id, name, created_at) VALUES (1, 1, 'p', 'r', 's', 0);
                 INSERT INTO orders (id, store_id, number, state, placed_at, changed_at, read_at, total_fen, payload, push_state)
                 VALUES (1, 1, 'a', 'completed', 1000, 0, 0, 500, '{}', 'pushed'),
                        (2, 1, 'b', 'accepted', 3601000, 0, 0, 700, '{}', 'exception'),
                        (3, 1, 'c', 'cancelled', 2000, 0, 0, 900, '{}', 'closed');
                 INSERT INTO refund (order_id, number, at, amount_fen, full, done, difference_only) VALUES (1, 'r', 0, 120, 0, 1, 0);",
            )?;
            Ok::<_, crate::error::StorageError>(())
        })
        .unwrap();
        let day = db.read(|c| span(c, &[StoreId(1)], 0, 86_400_000)).unwrap();
        assert_eq!((day.orders, day.paid_fen, day.in_erp), (2, 1200, 1));
        assert_eq!((day.exceptions, day.exceptions_fen), (1, 700));
        assert_eq!((day.refunds, day.refunds_fen), (1, 120));
        let hours = db.read(|c| by_hour(c, &[], 0)).unwrap();
        assert_eq!((hours[0], hours[1], hours[2]), (1, 1, 0));
        assert_eq!(db.read(stores).unwrap()[&StoreId(1)].exceptions, 1);
        assert_eq!(
            db.read(|c| span(c, &[StoreId(9)], 0, 86_400_000)).unwrap().orders,
            0
        );
    }
}
