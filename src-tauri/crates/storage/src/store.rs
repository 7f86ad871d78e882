//! 门店.

use crate::change::{Changes, Entity};
use crate::db::Tx;
use crate::error::{Result, StorageError};
use domain::id::{AccountId, StoreId};
use domain::store::{FieldSwitches, Store};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A store with what pulling has left behind.
#[derive(Clone, Debug)]
pub struct StoreRow {
    /// The store.
    pub store: Store,
    /// Where order pulling goes on.
    pub order_cursor: String,
    /// Orders last read, UTC ms.
    pub orders_read_at: Option<i64>,
    /// Why the last pull of orders failed; empty when it did not.
    pub orders_error: String,
    /// Listings last read, UTC ms.
    pub listings_read_at: Option<i64>,
    /// When it was added, UTC ms.
    pub created_at: i64,
}

#[derive(Serialize, Deserialize)]
struct Snapshot {
    name: String,
    endpoint: Option<String>,
    erp: Option<i64>,
    offline_code: String,
    switches: FieldSwitches,
    /// Absent in batches of before there were any.
    #[serde(default)]
    settings: BTreeMap<String, String>,
}

const COLUMNS: &str = "id, account_id, platform, remote_id, name, endpoint, erp_account_id, offline_code, switches, \
     order_cursor, orders_read_at, orders_error, listings_read_at, settings, created_at";

fn store(row: &Row<'_>) -> rusqlite::Result<StoreRow> {
    let switches: String = row.get(8)?;
    let settings: String = row.get(13)?;
    Ok(StoreRow {
        store: Store {
            id: StoreId(row.get(0)?),
            account: AccountId(row.get(1)?),
            platform: row.get(2)?,
            remote_id: row.get(3)?,
            name: row.get(4)?,
            endpoint: row.get(5)?,
            erp_account: row.get::<_, Option<i64>>(6)?.map(AccountId),
            offline_code: row.get(7)?,
            switches: serde_json::from_str(&switches).unwrap_or_default(),
            settings: serde_json::from_str(&settings).unwrap_or_default(),
        },
        order_cursor: row.get(9)?,
        orders_read_at: row.get(10)?,
        orders_error: row.get(11)?,
        listings_read_at: row.get(12)?,
        created_at: row.get(14)?,
    })
}

/// The stores in use.
pub fn all(connection: &Connection) -> Result<Vec<StoreRow>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM store WHERE removed_at IS NULL ORDER BY id"
    ))?;
    let rows = statement.query_map([], store)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One store.
pub fn get(connection: &Connection, id: StoreId) -> Result<StoreRow> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM store WHERE id = ?1 AND removed_at IS NULL"
        ))?
        .query_row([id.0], store)
        .optional()?
        .ok_or(StorageError::NotFound { what: "store" })
}

/// A store to add.
#[derive(Clone, Debug)]
pub struct NewStore<'a> {
    /// Its account.
    pub account: AccountId,
    /// Platform id.
    pub platform: &'a str,
    /// The platform's id of the shop.
    pub remote_id: &'a str,
    /// Label.
    pub name: &'a str,
    /// Own endpoint.
    pub endpoint: Option<&'a str>,
    /// ERP account.
    pub erp_account: Option<AccountId>,
    /// 线下门店编号.
    pub offline_code: &'a str,
    /// What the platform wants to know of the store.
    pub settings: &'a BTreeMap<String, String>,
}

/// Adds a store; refused when (platform, remote id) is there already.
pub fn insert(tx: &Tx<'_>, at: i64, new: &NewStore<'_>) -> Result<StoreId> {
    let there: bool = tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM store WHERE platform = ?1 AND remote_id = ?2 AND removed_at IS NULL)",
        [new.platform, new.remote_id],
        |row| row.get(0),
    )?;
    if there {
        return Err(StorageError::Conflict { what: "store_exists" });
    }
    tx.execute(
        "INSERT INTO store (account_id, platform, remote_id, name, endpoint, erp_account_id, offline_code, switches, created_at,
             settings)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            new.account.0,
            new.platform,
            new.remote_id,
            new.name,
            new.endpoint,
            new.erp_account.map(|a| a.0),
            new.offline_code,
            serde_json::to_string(&FieldSwitches::default())?,
            at,
            serde_json::to_string(new.settings)?
        ],
    )?;
    Ok(StoreId(tx.last_insert_rowid()))
}

/// What the manager can change; `None` leaves it alone.
#[derive(Clone, Debug, Default)]
pub struct StorePatch {
    /// Label.
    pub name: Option<String>,
    /// Own endpoint.
    pub endpoint: Option<Option<String>>,
    /// ERP account.
    pub erp_account: Option<Option<AccountId>>,
    /// 线下门店编号.
    pub offline_code: Option<String>,
    /// Field switches.
    pub switches: Option<FieldSwitches>,
    /// Settings to set, by key; those that are not named stay.
    pub settings: BTreeMap<String, String>,
}

/// Changes a store.
pub fn update(changes: &mut Changes<'_>, id: StoreId, patch: &StorePatch) -> Result<()> {
    changes.touch(Entity::Store, id.0)?;
    let tx = changes.tx();
    if let Some(name) = &patch.name {
        tx.execute("UPDATE store SET name = ?2 WHERE id = ?1", params![id.0, name])?;
    }
    if let Some(endpoint) = &patch.endpoint {
        tx.execute(
            "UPDATE store SET endpoint = ?2 WHERE id = ?1",
            params![id.0, endpoint],
        )?;
    }
    if let Some(erp) = patch.erp_account {
        tx.execute(
            "UPDATE store SET erp_account_id = ?2 WHERE id = ?1",
            params![id.0, erp.map(|a| a.0)],
        )?;
    }
    if let Some(code) = &patch.offline_code {
        tx.execute(
            "UPDATE store SET offline_code = ?2 WHERE id = ?1",
            params![id.0, code],
        )?;
    }
    if let Some(switches) = &patch.switches {
        tx.execute(
            "UPDATE store SET switches = ?2 WHERE id = ?1",
            params![id.0, serde_json::to_string(switches)?],
        )?;
    }
    if !patch.settings.is_empty() {
        let mut settings = get(tx, id)?.store.settings;
        settings.extend(patch.settings.clone());
        tx.execute(
            "UPDATE store SET settings = ?2 WHERE id = ?1",
            params![id.0, serde_json::to_string(&settings)?],
        )?;
    }
    Ok(())
}

/// Takes a store out of use; its data stays for history, the platform is untouched.
pub fn remove(tx: &Tx<'_>, id: StoreId, at: i64) -> Result<()> {
    tx.execute(
        "UPDATE store SET removed_at = ?2 WHERE id = ?1",
        params![id.0, at],
    )?;
    Ok(())
}

/// Puts a store under an account of another platform; refused when that platform has it already. How far orders were
/// read is a matter of the old platform, and so is an endpoint of the store's own.
pub fn change_platform(tx: &Tx<'_>, id: StoreId, account: AccountId, platform: &str) -> Result<()> {
    let there: bool = tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM store s JOIN store o ON o.id = ?1 AND o.id <> s.id
             WHERE s.platform = ?2 AND s.remote_id = o.remote_id AND s.removed_at IS NULL)",
        params![id.0, platform],
        |row| row.get(0),
    )?;
    if there {
        return Err(StorageError::Conflict { what: "store_exists" });
    }
    tx.execute(
        "UPDATE store SET account_id = ?2, platform = ?3, endpoint = NULL, order_cursor = '', orders_error = ''
          WHERE id = ?1",
        params![id.0, account.0, platform],
    )?;
    Ok(())
}

/// Notes how far orders have been read.
pub fn set_orders_read(tx: &Tx<'_>, id: StoreId, at: i64, cursor: &str) -> Result<()> {
    tx.prepare_cached(
        "UPDATE store SET orders_read_at = ?2, order_cursor = ?3, orders_error = '' WHERE id = ?1",
    )?
    .execute(params![id.0, at, cursor])?;
    Ok(())
}

/// Notes why orders could not be read.
pub fn set_orders_error(tx: &Tx<'_>, id: StoreId, text: &str) -> Result<()> {
    tx.execute(
        "UPDATE store SET orders_error = ?2 WHERE id = ?1",
        params![id.0, text],
    )?;
    Ok(())
}

/// Notes when listings were read.
pub fn set_listings_read(tx: &Tx<'_>, id: StoreId, at: i64) -> Result<()> {
    tx.execute(
        "UPDATE store SET listings_read_at = ?2 WHERE id = ?1",
        params![id.0, at],
    )?;
    Ok(())
}

pub(crate) fn snapshot(connection: &Connection, id: i64) -> Result<Option<Value>> {
    let found = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM store WHERE id = ?1"))?
        .query_row([id], store)
        .optional()?;
    let then = found.map(|row| Snapshot {
        name: row.store.name,
        endpoint: row.store.endpoint,
        erp: row.store.erp_account.map(|a| a.0),
        offline_code: row.store.offline_code,
        switches: row.store.switches,
        settings: row.store.settings,
    });
    Ok(then.map(serde_json::to_value).transpose()?)
}

pub(crate) fn restore(tx: &Tx<'_>, id: i64, value: Option<&Value>) -> Result<()> {
    let Some(value) = value else {
        return Err(StorageError::Conflict { what: "store_kept" });
    };
    let then: Snapshot = serde_json::from_value(value.clone())?;
    tx.execute(
        "UPDATE store SET name = ?2, endpoint = ?3, erp_account_id = ?4, offline_code = ?5, switches = ?6,
             settings = ?7 WHERE id = ?1",
        params![
            id,
            then.name,
            then.endpoint,
            then.erp,
            then.offline_code,
            serde_json::to_string(&then.switches)?,
            serde_json::to_string(&then.settings)?
        ],
    )?;
    Ok(())
}
