//! The change log: every write is a batch with before and after, so it can be undone and told as history.

use crate::db::Tx;
use crate::error::{Result, StorageError};
use crate::merge::{WrittenAgain, without};
use domain::id::BatchId;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Kinds of rows that a batch can bring back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// A product with its SKUs and pictures.
    Product,
    /// A category.
    Category,
    /// An offer.
    Offer,
    /// A binding, by listing SKU.
    Binding,
    /// A store's own settings (name, number, switches).
    Store,
    /// The 类目 chosen for a product on a platform.
    CategoryChoice,
}

impl Entity {
    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Category => "category",
            Self::Offer => "offer",
            Self::Binding => "binding",
            Self::Store => "store",
            Self::CategoryChoice => "category_choice",
        }
    }

    fn parse(name: &str) -> Result<Self> {
        serde_json::from_value(Value::String(name.to_owned())).map_err(StorageError::from)
    }

    fn snapshot(self, connection: &Connection, id: i64) -> Result<Option<Value>> {
        match self {
            Self::Product => crate::product::snapshot(connection, id),
            Self::Category => crate::category::snapshot(connection, id),
            Self::Offer => crate::offer::snapshot(connection, id),
            Self::Binding => crate::listing::binding_snapshot(connection, id),
            Self::Store => crate::store::snapshot(connection, id),
            Self::CategoryChoice => crate::platform_category::snapshot(connection, id),
        }
    }

    /// The snapshot as the log keeps it.
    fn snapshot_text(self, connection: &Connection, id: i64) -> Result<Option<String>> {
        match self {
            // What an import writes by the hundred thousand.
            Self::Product => crate::product::snapshot_text(connection, id),
            _ => Ok(self.snapshot(connection, id)?.map(|value| value.to_string())),
        }
    }

    fn restore(self, tx: &Tx<'_>, id: i64, value: Option<&Value>) -> Result<()> {
        match self {
            Self::Product => crate::product::restore(tx, id, value),
            Self::Category => crate::category::restore(tx, id, value),
            Self::Offer => crate::offer::restore(tx, id, value),
            Self::Binding => crate::listing::binding_restore(tx, id, value),
            Self::Store => crate::store::restore(tx, id, value),
            Self::CategoryChoice => crate::platform_category::restore(tx, id, value),
        }
    }
}

/// Who did it, from where, and how it is told: a title code with parameters.
#[derive(Clone, Debug)]
pub struct Origin {
    /// UTC ms.
    pub at: i64,
    /// A person's name, or `auto`.
    pub actor: String,
    /// `user`, `import`, `pull`, `sync`, `rule`, `undo`.
    pub origin: &'static str,
    /// Words by code: `batch.import`, `batch.edit_price` …
    pub title: &'static str,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
}

/// A batch being written. Call [`Changes::touch`] before the first write to a row, [`Changes::finish`] at the end.
pub struct Changes<'a> {
    tx: &'a Tx<'a>,
    id: BatchId,
    before: BTreeMap<(Entity, i64), Option<Value>>,
    order: Vec<(Entity, i64)>,
}

impl<'a> Changes<'a> {
    /// Opens a batch.
    pub fn begin(tx: &'a Tx<'a>, origin: &Origin) -> Result<Self> {
        tx.prepare_cached(
            "INSERT INTO batch (at, actor, origin, title, params) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            origin.at,
            origin.actor,
            origin.origin,
            origin.title,
            serde_json::to_string(&origin.params)?
        ])?;
        Ok(Self {
            tx,
            id: BatchId(tx.last_insert_rowid()),
            before: BTreeMap::new(),
            order: Vec::new(),
        })
    }

    /// Goes on with an earlier batch (an import that writes in several transactions is one batch).
    pub fn resume(tx: &'a Tx<'a>, id: BatchId) -> Self {
        Self {
            tx,
            id,
            before: BTreeMap::new(),
            order: Vec::new(),
        }
    }

    /// The batch's id.
    pub fn id(&self) -> BatchId {
        self.id
    }

    /// The transaction.
    pub fn tx(&self) -> &'a Tx<'a> {
        self.tx
    }

    /// Remembers how the row is now, if this batch has not yet.
    pub fn touch(&mut self, entity: Entity, id: i64) -> Result<()> {
        if !self.before.contains_key(&(entity, id)) {
            let value = entity.snapshot(self.tx, id)?;
            self.before.insert((entity, id), value);
            self.order.push((entity, id));
        }
        Ok(())
    }

    /// Notes a row that this batch has made: before it there was nothing.
    pub fn created(&mut self, entity: Entity, id: i64) {
        if self.before.insert((entity, id), None).is_none() {
            self.order.push((entity, id));
        }
    }

    /// Writes the log; rows that did not change leave no trace, and neither does a batch without changes unless
    /// `keep` says that it stands for more than rows. Gives the number of changed rows.
    pub fn finish(self, keep: bool) -> Result<usize> {
        let mut seq: i64 = self.tx.query_row(
            "SELECT coalesce(max(seq), 0) FROM change WHERE batch_id = ?1",
            [self.id.0],
            |row| row.get(0),
        )?;
        let mut changed = 0;
        let mut insert = self.tx.prepare_cached(
            "INSERT INTO change (batch_id, seq, entity, entity_id, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        for key in &self.order {
            let before = self.before.get(key).and_then(Option::as_ref);
            let after = match before {
                None => key.0.snapshot_text(self.tx, key.1)?,
                Some(before) => {
                    let after = key.0.snapshot(self.tx, key.1)?;
                    if after.as_ref() == Some(before) {
                        continue;
                    }
                    after.map(|value| value.to_string())
                }
            };
            if before.is_none() && after.is_none() {
                continue;
            }
            seq += 1;
            changed += 1;
            insert.execute(params![
                self.id.0,
                seq,
                key.0.as_str(),
                key.1,
                before.map(Value::to_string),
                after
            ])?;
        }
        if seq == 0 && !keep {
            self.tx.execute("DELETE FROM batch WHERE id = ?1", [self.id.0])?;
        }
        Ok(changed)
    }
}

/// A batch as history shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BatchRow {
    /// Row id.
    pub id: BatchId,
    /// UTC ms.
    pub at: i64,
    /// Who.
    pub actor: String,
    /// From where.
    pub origin: String,
    /// Words by code.
    pub title: String,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
    /// Rows it changed.
    pub changes: i64,
    /// Undone already.
    pub undone: bool,
}

/// The latest batches, newest first; of one row when `of` names it.
pub fn history(
    connection: &Connection,
    of: Option<(Entity, i64)>,
    before: i64,
    limit: i64,
) -> Result<Vec<BatchRow>> {
    let sql = match of {
        Some(_) => {
            "SELECT b.id, b.at, b.actor, b.origin, b.title, b.params, 1, b.undone_by IS NOT NULL
             FROM change c JOIN batch b ON b.id = c.batch_id
             WHERE c.entity = ?1 AND c.entity_id = ?2 AND b.id < ?3 ORDER BY b.id DESC LIMIT ?4"
        }
        None => {
            "SELECT b.id, b.at, b.actor, b.origin, b.title, b.params,
                    (SELECT count(*) FROM change c WHERE c.batch_id = b.id), b.undone_by IS NOT NULL
             FROM batch b WHERE b.id < ?3 AND ?1 = '' AND ?2 = 0 ORDER BY b.id DESC LIMIT ?4"
        }
    };
    let (entity, id) = of.map_or(("", 0), |(entity, id)| (entity.as_str(), id));
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![entity, id, before, limit], |row| {
        let params: String = row.get(5)?;
        Ok(BatchRow {
            id: BatchId(row.get(0)?),
            at: row.get(1)?,
            actor: row.get(2)?,
            origin: row.get(3)?,
            title: row.get(4)?,
            params: serde_json::from_str(&params).unwrap_or_default(),
            changes: row.get(6)?,
            undone: row.get(7)?,
        })
    })?;
    rows.collect::<rusqlite::Result<_>>().map_err(StorageError::from)
}

/// The newest batch that can be undone: of a person's doing and not undone, not itself an undo.
pub fn last_undoable(connection: &Connection) -> Result<Option<BatchId>> {
    Ok(connection
        .query_row(
            "SELECT id FROM batch WHERE undone_by IS NULL AND undoes IS NULL AND origin IN ('user', 'import', 'rule')
             ORDER BY id DESC LIMIT 1",
            [],
            |row| row.get(0).map(BatchId),
        )
        .optional()?)
}

/// The newest undo that can itself be undone (redo).
pub fn last_redoable(connection: &Connection) -> Result<Option<BatchId>> {
    Ok(connection
        .query_row(
            "SELECT id FROM batch b WHERE undoes IS NOT NULL AND undone_by IS NULL
               AND NOT EXISTS (SELECT 1 FROM batch l WHERE l.id > b.id AND l.undoes IS NULL AND l.origin = 'user')
             ORDER BY id DESC LIMIT 1",
            [],
            |row| row.get(0).map(BatchId),
        )
        .optional()?)
}

/// Puts every row of a batch back to how it was before, as a batch of its own. What later batches wrote into other
/// fields of the same rows stays. Refused as a whole when one wrote the same field, and then says which rows.
pub fn undo(tx: &Tx<'_>, batch: BatchId, origin: &Origin) -> Result<(BatchId, usize)> {
    let known: Option<Option<i64>> = tx
        .query_row("SELECT undone_by FROM batch WHERE id = ?1", [batch.0], |row| {
            row.get(0)
        })
        .optional()?;
    match known {
        None => return Err(StorageError::NotFound { what: "batch" }),
        Some(Some(_)) => {
            return Err(StorageError::Conflict {
                what: "undone_already",
            });
        }
        Some(None) => {}
    }
    let rows: Vec<(String, i64, Option<String>, Option<String>)> = tx
        .prepare("SELECT entity, entity_id, before, after FROM change WHERE batch_id = ?1 ORDER BY seq DESC")?
        .query_map([batch.0], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut later = Vec::new();
    let mut back = Vec::with_capacity(rows.len());
    for (name, id, before, after) in rows {
        let entity = Entity::parse(&name)?;
        let value = |text: Option<String>| text.as_deref().map(serde_json::from_str::<Value>).transpose();
        let (before, after) = (value(before)?, value(after)?);
        let now = entity.snapshot(tx, id)?;
        match without(before.as_ref(), after.as_ref(), now.as_ref()) {
            Ok(then) => back.push((entity, id, then)),
            Err(WrittenAgain) => later.push((name, id)),
        }
    }
    if !later.is_empty() {
        return Err(StorageError::ChangedSince { later });
    }
    let mut changes = Changes::begin(tx, origin)?;
    for (entity, id, then) in back {
        changes.touch(entity, id)?;
        entity.restore(tx, id, then.as_ref())?;
    }
    let id = changes.id();
    let count = changes.finish(true)?;
    tx.execute(
        "UPDATE batch SET undoes = ?2 WHERE id = ?1",
        params![id.0, batch.0],
    )?;
    tx.execute(
        "UPDATE batch SET undone_by = ?2 WHERE id = ?1",
        params![batch.0, id.0],
    )?;
    Ok((id, count))
}
