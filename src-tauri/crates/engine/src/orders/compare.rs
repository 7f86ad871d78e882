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
    /// was missing. What is merely new is read before, so that it does not count.
    pub async fn compare_orders(&self, store: StoreId) -> Result<Compared> {
        self.pull_orders(store).await?;
        let OrdersPulled { new, changed, same } = self.read_orders(store, None).await?;
        let compared = Compared {
            at: self.now(),
            listed: new + changed + same,
            missing: new,
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
