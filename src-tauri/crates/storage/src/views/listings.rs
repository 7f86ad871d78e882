//! 门店商品 as pages show it.

use crate::error::Result;
use domain::id::StoreId;
use rusqlite::Connection;

/// Products that a store has, as last read.
pub fn count(connection: &Connection, store: StoreId) -> Result<i64> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM listing WHERE store_id = ?1 AND gone_at IS NULL")?
        .query_row([store.0], |row| row.get(0))?)
}
