//! 账号: identities at platforms and ERPs with their sealed credentials.

use crate::db::Tx;
use crate::error::{Result, StorageError};
use domain::id::AccountId;
use domain::store::AuthorizationState;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::Value;
use std::collections::BTreeMap;

/// A platform's or an ERP's account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AccountKind {
    /// Sales platform.
    Platform,
    /// ERP.
    Erp,
}

/// An account. The sealed credentials are opaque here.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// Row id.
    pub id: AccountId,
    /// Which side.
    pub kind: AccountKind,
    /// Platform or ERP id.
    pub service: String,
    /// Label.
    pub name: String,
    /// Own endpoint.
    pub endpoint: Option<String>,
    /// Settings that are no secrets.
    pub settings: BTreeMap<String, String>,
    /// Sealed credentials; none when they live for this run only.
    pub sealed: Option<Vec<u8>>,
    /// A secret exists for it (the marker of measurements finding 3).
    pub has_secret: bool,
    /// How the authorization stands.
    pub state: AuthorizationState,
    /// The platform's words for that state.
    pub state_text: String,
    /// Since when, UTC ms.
    pub state_since: i64,
    /// End of the token's life, UTC ms.
    pub expires_at: Option<i64>,
    /// Server clock minus ours, ms.
    pub clock_offset_ms: i64,
    /// ERP items last read, UTC ms.
    pub items_read_at: Option<i64>,
}

const COLUMNS: &str = "id, kind, service, name, endpoint, settings, sealed, has_secret, state, state_text, state_since, \
     expires_at, clock_offset_ms, items_read_at";

fn account(row: &Row<'_>) -> rusqlite::Result<AccountRow> {
    let kind: String = row.get(1)?;
    let settings: String = row.get(5)?;
    let state: String = row.get(8)?;
    Ok(AccountRow {
        id: AccountId(row.get(0)?),
        kind: if kind == "erp" {
            AccountKind::Erp
        } else {
            AccountKind::Platform
        },
        service: row.get(2)?,
        name: row.get(3)?,
        endpoint: row.get(4)?,
        settings: serde_json::from_str(&settings).unwrap_or_default(),
        sealed: row.get(6)?,
        has_secret: row.get(7)?,
        state: serde_json::from_value(Value::String(state)).unwrap_or(AuthorizationState::None),
        state_text: row.get(9)?,
        state_since: row.get(10)?,
        expires_at: row.get(11)?,
        clock_offset_ms: row.get(12)?,
        items_read_at: row.get(13)?,
    })
}

/// All accounts.
pub fn all(connection: &Connection) -> Result<Vec<AccountRow>> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM account ORDER BY id"))?;
    let rows = statement.query_map([], account)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One account.
pub fn get(connection: &Connection, id: AccountId) -> Result<AccountRow> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM account WHERE id = ?1"))?
        .query_row([id.0], account)
        .optional()?
        .ok_or(StorageError::NotFound { what: "account" })
}

/// Whether any account, also of printers, has a secret: the marker for the vault.
pub fn any_secret(connection: &Connection) -> Result<bool> {
    Ok(connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM account WHERE has_secret AND sealed IS NOT NULL)
             OR EXISTS (SELECT 1 FROM printer_account WHERE has_secret AND sealed IS NOT NULL)",
        [],
        |r| r.get(0),
    )?)
}

/// Adds an account without credentials.
pub fn insert(
    tx: &Tx<'_>,
    at: i64,
    kind: AccountKind,
    service: &str,
    name: &str,
    endpoint: Option<&str>,
) -> Result<AccountId> {
    let kind = if kind == AccountKind::Erp {
        "erp"
    } else {
        "platform"
    };
    tx.execute(
        "INSERT INTO account (kind, service, name, endpoint, state_since, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
        params![kind, service, name, endpoint, at],
    )?;
    Ok(AccountId(tx.last_insert_rowid()))
}

/// Stores sealed credentials (`None`: they live for this run only) and the end of their life.
pub fn set_secret(tx: &Tx<'_>, id: AccountId, sealed: Option<&[u8]>, expires_at: Option<i64>) -> Result<()> {
    tx.execute(
        "UPDATE account SET sealed = ?2, has_secret = 1, expires_at = ?3 WHERE id = ?1",
        params![id.0, sealed, expires_at],
    )?;
    Ok(())
}

/// Forgets the credentials.
pub fn clear_secret(tx: &Tx<'_>, id: AccountId) -> Result<()> {
    tx.execute(
        "UPDATE account SET sealed = NULL, has_secret = 0, expires_at = NULL, state = 'none' WHERE id = ?1",
        [id.0],
    )?;
    Ok(())
}

/// Notes how the authorization stands; `since` moves only when the state changes.
pub fn set_state(tx: &Tx<'_>, id: AccountId, at: i64, state: AuthorizationState, text: &str) -> Result<bool> {
    let name = serde_json::to_value(state)?;
    let name = name.as_str().unwrap_or("none");
    let changed = tx.execute(
        "UPDATE account SET state = ?2, state_text = ?3, state_since = ?4 WHERE id = ?1 AND (state <> ?2 OR state_text <> ?3)",
        params![id.0, name, text, at],
    )?;
    Ok(changed > 0)
}

/// Notes the measured difference of clocks.
pub fn set_clock_offset(tx: &Tx<'_>, id: AccountId, offset_ms: i64) -> Result<()> {
    tx.execute(
        "UPDATE account SET clock_offset_ms = ?2 WHERE id = ?1",
        params![id.0, offset_ms],
    )?;
    Ok(())
}

/// Takes away an account that no store uses (one whose credentials could not be kept).
pub fn delete(tx: &Tx<'_>, id: AccountId) -> Result<()> {
    tx.execute("DELETE FROM account WHERE id = ?1", [id.0])?;
    Ok(())
}

/// Replaces the settings.
pub fn set_settings(tx: &Tx<'_>, id: AccountId, settings: &BTreeMap<String, String>) -> Result<()> {
    tx.execute(
        "UPDATE account SET settings = ?2 WHERE id = ?1",
        params![id.0, serde_json::to_string(settings)?],
    )?;
    Ok(())
}
