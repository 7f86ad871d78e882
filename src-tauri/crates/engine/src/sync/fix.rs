//! One click for all findings of an id: every sure remedy that only changes local data, as one batch.

use super::preflight::Noted;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use domain::finding::Remedy;
use domain::id::{BatchId, ProductId, StoreId};
use std::collections::BTreeSet;
use storage::change::Changes;
use storage::exception::Which;

/// What fixing all findings of an id did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct GroupFix {
    /// The undoable batch, when local data changed.
    pub batch: Option<BatchId>,
    /// Findings dealt with.
    pub fixed: usize,
    /// Findings that need the manager.
    pub left: usize,
}

impl Engine {
    /// Runs the first sure remedy of every finding of an id (in one store when it is named), checks again and gives
    /// what is left. Edits are one batch; pictures are repaired and stores read again once each.
    pub async fn fix_findings(&self, id: &str, store: Option<StoreId>) -> Result<GroupFix> {
        let stores: Vec<StoreId> = store.into_iter().collect();
        let before = self.preflight(&stores)?;
        let meant: Vec<&Noted> = before
            .findings
            .iter()
            .filter(|noted| noted.finding.id == id && store.is_none_or(|store| noted.store == store))
            .collect();
        if meant.is_empty() {
            return Ok(GroupFix::default());
        }
        let sure = |noted: &&Noted| {
            noted
                .finding
                .remedies
                .iter()
                .find(|remedy| Self::is_sure(remedy))
                .cloned()
        };
        let mut edits: Vec<Remedy> = Vec::new();
        let mut repairs: BTreeSet<ProductId> = BTreeSet::new();
        let mut others: Vec<Remedy> = Vec::new();
        for remedy in meant.iter().filter_map(sure) {
            match remedy {
                Remedy::RepairPictures { product } => {
                    repairs.insert(product);
                }
                remedy if Self::is_edit(&remedy) => {
                    if !edits.contains(&remedy) {
                        edits.push(remedy);
                    }
                }
                remedy => {
                    if !others.contains(&remedy) {
                        others.push(remedy);
                    }
                }
            }
        }
        let mut fix = GroupFix {
            batch: self.edit_all(&edits)?,
            ..GroupFix::default()
        };
        if !repairs.is_empty() {
            let products: Vec<ProductId> = repairs.into_iter().collect();
            let outcome = self.repair_pictures(&products, true).await?;
            fix.batch = fix.batch.or(outcome.batch);
        }
        for remedy in &others {
            // One thing that cannot be mended must not stop the others.
            match self.run_remedy(remedy).await {
                Ok(outcome) => fix.batch = fix.batch.or(outcome.batch),
                Err(error) => tracing::warn!(%error, id, "a remedy did not run"),
            }
        }
        let after = self.preflight(&stores)?;
        let still = after
            .findings
            .iter()
            .filter(|noted| noted.finding.id == id && store.is_none_or(|store| noted.store == store))
            .count();
        fix.left = still;
        fix.fixed = meant.len().saturating_sub(still);
        self.events()
            .changed(&[Tag::Products, Tag::Bindings, Tag::Findings]);
        self.push_due().await?;
        Ok(fix)
    }

    /// Whether a remedy only edits local data, so that many of them make one batch.
    fn is_edit(remedy: &Remedy) -> bool {
        matches!(
            remedy,
            Remedy::SetField { .. }
                | Remedy::SkipBarcode { .. }
                | Remedy::NameSingleSpec { .. }
                | Remedy::RenameGroup { .. }
                | Remedy::RelinkErp {
                    item_code: Some(_),
                    ..
                }
                | Remedy::Unbind { .. }
        )
    }

    /// Runs edits as one batch; orders that waited for the SKUs go back in the queue.
    fn edit_all(&self, edits: &[Remedy]) -> Result<Option<BatchId>> {
        if edits.is_empty() {
            return Ok(None);
        }
        let origin = self.by_user("batch.fix_findings");
        let (batch, changed) = self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            for edit in edits {
                super::remedy::edit(&mut changes, origin.at, edit)?;
            }
            let batch = changes.id();
            Ok::<_, EngineError>((batch, changes.finish(false)?))
        })?;
        for edit in edits {
            if let Remedy::SetField { sku, .. } | Remedy::RelinkErp { sku, .. } = edit {
                self.repush_waiting(&Which::Sku(*sku))?;
            }
        }
        Ok((changed > 0).then_some(batch))
    }
}
