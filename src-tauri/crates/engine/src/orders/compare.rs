//! Comparing what a platform lists with what is here: an order that no reading and no push brought is found once a day,
//! and the finding is kept, because it tells who else gets the store's orders (F32a).

use super::OrdersPulled;
use crate::engine::Engine;
use crate::error::Result;
use crate::event::Tag;
use domain::id::StoreId;
use serde::{Deserialize, Serialize};

/// What the last comparison of a store found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Compared {
    /// UTC ms.
    pub at: i64,
    /// Orders that the platform listed.
    pub listed: usize,
    /// Those that were missing here; they are here now.
    pub missing: usize,
}

/// The setting that keeps it.
fn key(store: StoreId) -> String {
    format!("orders.compared.{store}")
}

impl Engine {
    /// Reads a store's orders as if for the first time (one day back, or what `first_pull_days` says) and takes in what
    /// was missing: placed well before the last reading, and not here.
    pub async fn compare_orders(&self, store: StoreId) -> Result<Compared> {
        let read = self.read_orders(store, true).await?;
        self.keep_comparison(store, &read)
    }

    /// Keeps what a reading found that went over orders which should have been here.
    pub(super) fn keep_comparison(&self, store: StoreId, read: &OrdersPulled) -> Result<Compared> {
        let compared = Compared {
            at: self.now(),
            listed: read.new + read.changed + read.same,
            missing: read.late,
        };
        let text = serde_json::to_string(&compared)?;
        self.db()
            .write(|tx| storage::setting::set(tx, &key(store), Some(&text)))?;
        if compared.missing > 0 {
            tracing::warn!(store = store.0, missing = compared.missing, "orders were missing");
        }
        self.events().changed(&[Tag::Stores]);
        Ok(compared)
    }

    /// What the last comparison of a store found; nothing before the first.
    pub fn orders_compared(&self, store: StoreId) -> Result<Option<Compared>> {
        let kept = self.db().read(|c| storage::setting::get(c, &key(store)))?;
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()))
    }
}
