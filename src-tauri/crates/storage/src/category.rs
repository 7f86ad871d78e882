//! The library's category tree.

use crate::change::{Changes, Entity};
use crate::db::Tx;
use crate::error::Result;
use domain::id::CategoryId;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;

/// A node of the tree.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CategoryRow {
    /// Row id.
    pub id: CategoryId,
    /// The node above.
    pub parent: Option<CategoryId>,
    /// Name of this level.
    pub name: String,
    /// Order among its siblings.
    pub position: i64,
}

fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<CategoryRow> {
    Ok(CategoryRow {
        id: CategoryId(row.get(0)?),
        parent: row.get::<_, Option<i64>>(1)?.map(CategoryId),
        name: row.get(2)?,
        position: row.get(3)?,
    })
}

/// The whole tree, parents before children.
pub fn all(connection: &Connection) -> Result<Vec<CategoryRow>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, parent_id, name, position FROM category ORDER BY parent_id IS NOT NULL, parent_id, position, id",
    )?;
    let rows = statement.query_map([], row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Names from the first level, by id.
pub fn paths(connection: &Connection) -> Result<HashMap<CategoryId, Vec<String>>> {
    let nodes: HashMap<CategoryId, CategoryRow> = all(connection)?.into_iter().map(|n| (n.id, n)).collect();
    Ok(nodes
        .keys()
        .map(|id| {
            let mut path = Vec::new();
            let mut at = Some(*id);
            // Bounded: a damaged tree with a loop must not hang the app.
            while let Some(node) = at.and_then(|id| nodes.get(&id)).filter(|_| path.len() < 16) {
                path.push(node.name.clone());
                at = node.parent;
            }
            path.reverse();
            (*id, path)
        })
        .collect())
}

/// Finds or makes the node at a path of names; `None` for an empty path.
pub fn ensure(changes: &mut Changes<'_>, path: &[String]) -> Result<Option<CategoryId>> {
    let tx = changes.tx();
    let mut at: Option<i64> = None;
    for name in path.iter().filter(|name| !name.is_empty()) {
        let found: Option<i64> = tx
            .prepare_cached(
                "SELECT id FROM category WHERE coalesce(parent_id, 0) = coalesce(?1, 0) AND name = ?2",
            )?
            .query_row(params![at, name], |row| row.get(0))
            .optional()?;
        at = Some(if let Some(id) = found {
            id
        } else {
            tx.prepare_cached(
                "INSERT INTO category (parent_id, name, position)
                 SELECT ?1, ?2, coalesce(max(position), 0) + 1 FROM category WHERE coalesce(parent_id, 0) = coalesce(?1, 0)",
            )?
            .execute(params![at, name])?;
            let id = tx.last_insert_rowid();
            changes.created(Entity::Category, id);
            id
        });
    }
    Ok(at.map(CategoryId))
}

/// Renames a node.
pub fn rename(changes: &mut Changes<'_>, id: CategoryId, name: &str) -> Result<()> {
    changes.touch(Entity::Category, id.0)?;
    changes
        .tx()
        .execute("UPDATE category SET name = ?2 WHERE id = ?1", params![id.0, name])?;
    Ok(())
}

pub(crate) fn snapshot(connection: &Connection, id: i64) -> Result<Option<Value>> {
    let found = connection
        .prepare_cached("SELECT id, parent_id, name, position FROM category WHERE id = ?1")?
        .query_row([id], row)
        .optional()?;
    Ok(found.map(serde_json::to_value).transpose()?)
}

pub(crate) fn restore(tx: &Tx<'_>, id: i64, value: Option<&Value>) -> Result<()> {
    match value {
        Some(value) => {
            let node: CategoryRow = serde_json::from_value(value.clone())?;
            tx.execute(
                "INSERT INTO category (id, parent_id, name, position) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (id) DO UPDATE SET parent_id = ?2, name = ?3, position = ?4",
                params![id, node.parent.map(|p| p.0), node.name, node.position],
            )?;
        }
        None => {
            // A later product may live in it by now; then the node stays, which harms nobody.
            tx.execute(
                "DELETE FROM category WHERE id = ?1
                   AND NOT EXISTS (SELECT 1 FROM product WHERE category_id = ?1)
                   AND NOT EXISTS (SELECT 1 FROM category c WHERE c.parent_id = ?1)",
                [id],
            )?;
        }
    }
    Ok(())
}
