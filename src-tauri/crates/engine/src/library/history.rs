//! Undo, redo and history of everything that is written as a change batch.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use domain::id::{BatchId, ProductId};
use storage::change::{self, BatchRow, Entity};

/// What undo or redo did.
#[derive(Clone, Debug)]
pub struct Undone {
    /// The batch that took it back; undoing that one brings it again.
    pub batch: BatchId,
    /// Rows put back.
    pub rows: usize,
    /// The batch that was taken back.
    pub of: BatchRow,
}

impl Engine {
    /// Takes a batch back, the newest of a person when none is named.
    ///
    /// # Errors
    /// Refused as `nothing_to_undo`; [`storage::error::StorageError::ChangedSince`] when something was edited later.
    pub fn undo(&self, batch: Option<BatchId>) -> Result<Undone> {
        let batch = match batch {
            Some(batch) => Some(batch),
            None => self.db().read(change::last_undoable)?,
        };
        self.take_back(
            batch.ok_or_else(|| EngineError::refused("nothing_to_undo"))?,
            "batch.undo",
        )
    }

    /// Brings back what the last undo took away.
    ///
    /// # Errors
    /// Refused as `nothing_to_redo`.
    pub fn redo(&self) -> Result<Undone> {
        let batch = self.db().read(change::last_redoable)?;
        self.take_back(
            batch.ok_or_else(|| EngineError::refused("nothing_to_redo"))?,
            "batch.redo",
        )
    }

    /// Batches, newest first, of one product when named; `before` continues a list.
    pub fn history(
        &self,
        product: Option<ProductId>,
        before: Option<BatchId>,
        limit: i64,
    ) -> Result<Vec<BatchRow>> {
        let of = product.map(|id| (Entity::Product, id.0));
        let before = before.map_or(i64::MAX, |batch| batch.0);
        Ok(self
            .db()
            .read(|c| change::history(c, of, before, limit.clamp(1, 500)))?)
    }

    fn take_back(&self, batch: BatchId, title: &'static str) -> Result<Undone> {
        let next = BatchId(batch.0.saturating_add(1));
        let known = self.history(None, Some(next), 1)?;
        let of = known.into_iter().find(|row| row.id == batch);
        let of = of.ok_or(storage::error::StorageError::NotFound { what: "batch" })?;
        let mut origin = self.by_user(title);
        origin.origin = "undo";
        origin.params.insert("title".to_owned(), of.title.clone());
        origin
            .params
            .extend(of.params.clone().into_iter().filter(|(key, _)| key != "title"));
        let (batch, rows) = self
            .db()
            .write(|tx| change::undo(tx, batch, &origin).map_err(EngineError::from))?;
        self.events()
            .changed(&[Tag::Products, Tag::Bindings, Tag::Stores, Tag::Findings]);
        Ok(Undone { batch, rows, of })
    }
}
