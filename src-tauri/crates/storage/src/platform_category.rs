//! 类目: the platforms' own trees as last read, and what the manager chose of them for each product.

use crate::change::{Changes, Entity};
use crate::db::Tx;
use crate::error::Result;
use domain::id::{AccountId, ProductId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// A 类目 as it was read. Parents come before children.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CategoryNode {
    /// Platform id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Platform id of the parent.
    pub parent: Option<String>,
    /// Products can be put into it.
    pub leaf: bool,
    /// Whether the merchant may sell in it, where the platform tells.
    pub permitted: Option<bool>,
}

/// A tree and its age.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CategoryTree {
    /// When it was read, UTC ms.
    pub read_at: i64,
    /// All of it.
    pub categories: Vec<CategoryNode>,
}

/// The tree of an account as last read.
pub fn tree(connection: &Connection, account: AccountId) -> Result<Option<CategoryTree>> {
    let found: Option<(i64, String)> = connection
        .prepare_cached("SELECT read_at, categories FROM platform_category_tree WHERE account_id = ?1")?
        .query_row([account.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(read_at, text)| {
            Ok(CategoryTree {
                read_at,
                categories: serde_json::from_str(&text)?,
            })
        })
        .transpose()
}

/// Puts a reading in the place of the last one.
pub fn put_tree(tx: &Tx<'_>, account: AccountId, at: i64, categories: &[CategoryNode]) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO platform_category_tree (account_id, read_at, categories) VALUES (?1, ?2, ?3)
         ON CONFLICT (account_id) DO UPDATE SET read_at = ?2, categories = ?3",
    )?
    .execute(params![account.0, at, serde_json::to_string(categories)?])?;
    Ok(())
}

/// What was chosen for a product on one platform.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Choice {
    /// 类目 id.
    pub category_id: String,
    /// What the 类目 asks for, by the platform's key.
    pub attributes: BTreeMap<String, String>,
}

fn choice(row: &Row<'_>) -> rusqlite::Result<Choice> {
    let attributes: String = row.get(1)?;
    Ok(Choice {
        category_id: row.get(0)?,
        attributes: serde_json::from_str(&attributes).unwrap_or_default(),
    })
}

/// What was chosen for the products of a platform.
pub fn choices(connection: &Connection, platform: &str) -> Result<HashMap<ProductId, Choice>> {
    let mut statement = connection.prepare_cached(
        "SELECT category_id, attributes, product_id FROM category_choice WHERE platform = ?1",
    )?;
    let rows = statement.query_map([platform], |row| Ok((ProductId(row.get(2)?), choice(row)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What was chosen for one product on a platform.
pub fn chosen(connection: &Connection, product: ProductId, platform: &str) -> Result<Option<Choice>> {
    Ok(connection
        .prepare_cached(
            "SELECT category_id, attributes FROM category_choice WHERE product_id = ?1 AND platform = ?2",
        )?
        .query_row(params![product.0, platform], choice)
        .optional()?)
}

/// Keeps a choice in the place of an earlier one.
pub fn choose(changes: &mut Changes<'_>, product: ProductId, platform: &str, to: &Choice) -> Result<()> {
    let tx = changes.tx();
    let attributes = serde_json::to_string(&to.attributes)?;
    let known: Option<i64> = tx
        .prepare_cached("SELECT id FROM category_choice WHERE product_id = ?1 AND platform = ?2")?
        .query_row(params![product.0, platform], |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        changes.touch(Entity::CategoryChoice, id)?;
        tx.prepare_cached("UPDATE category_choice SET category_id = ?2, attributes = ?3 WHERE id = ?1")?
            .execute(params![id, to.category_id, attributes])?;
    } else {
        tx.prepare_cached(
            "INSERT INTO category_choice (product_id, platform, category_id, attributes) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![product.0, platform, to.category_id, attributes])?;
        changes.created(Entity::CategoryChoice, tx.last_insert_rowid());
    }
    Ok(())
}

pub(crate) fn snapshot(connection: &Connection, id: i64) -> Result<Option<Value>> {
    Ok(connection
        .prepare_cached(
            "SELECT product_id, platform, category_id, attributes FROM category_choice WHERE id = ?1",
        )?
        .query_row([id], |row| {
            Ok(json!({
                "product": row.get::<_, i64>(0)?,
                "platform": row.get::<_, String>(1)?,
                "category": row.get::<_, String>(2)?,
                "attributes": row.get::<_, String>(3)?,
            }))
        })
        .optional()?)
}

pub(crate) fn restore(tx: &Tx<'_>, id: i64, value: Option<&Value>) -> Result<()> {
    tx.execute("DELETE FROM category_choice WHERE id = ?1", [id])?;
    if let Some(then) = value {
        tx.execute(
            "INSERT INTO category_choice (id, product_id, platform, category_id, attributes) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                id,
                then["product"].as_i64(),
                then["platform"].as_str(),
                then["category"].as_str(),
                then["attributes"].as_str().unwrap_or("{}")
            ],
        )?;
    }
    Ok(())
}
