//! Work for many stores at once: a store that is slow, throttled or out of reach delays no other.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use domain::id::{AccountId, StoreId};
use futures_util::{StreamExt as _, stream};
use std::collections::HashMap;
use std::future::Future;

/// So many stores are worked for at once. Each waits for its own platform most of the time.
const AT_ONCE: usize = 8;

impl Engine {
    /// Runs `work` for every store, side by side; gives what came of each, in the order of `stores`. Stores whose
    /// platform has one product for all of an account take their turns instead: two of them would make it twice.
    pub(crate) async fn for_each_store<T, F>(
        &self,
        stores: &[StoreId],
        work: impl Fn(StoreId) -> F,
    ) -> Result<Vec<(StoreId, T)>>
    where
        F: Future<Output = T>,
    {
        let work = &work;
        let lanes = self.lanes(stores)?.into_iter().map(|lane| async move {
            let mut done = Vec::with_capacity(lane.len());
            for store in lane {
                done.push((store, work(store).await));
            }
            done
        });
        let mut done: Vec<(StoreId, T)> = stream::iter(lanes)
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await
            .into_iter()
            .flatten()
            .collect();
        done.sort_by_key(|(store, _)| stores.iter().position(|one| one == store));
        Ok(done)
    }

    /// [`Engine::for_each_store`] for work that only succeeds or fails: gives the first error. A cancelling goes before
    /// the others, because it was meant for all.
    pub(crate) async fn first_error<F>(
        &self,
        stores: &[StoreId],
        work: impl Fn(StoreId) -> F,
    ) -> Result<Option<EngineError>>
    where
        F: Future<Output = Result<()>>,
    {
        let mut first = None;
        for (store, outcome) in self.for_each_store(stores, work).await? {
            let Err(error) = outcome else { continue };
            tracing::warn!(%error, store = store.0, "the work for a store did not come to its end");
            if matches!(error, EngineError::Cancelled) {
                return Ok(Some(error));
            }
            first = first.or(Some(error));
        }
        Ok(first)
    }

    /// The stores in lanes that may run side by side.
    fn lanes(&self, stores: &[StoreId]) -> Result<Vec<Vec<StoreId>>> {
        let mut lanes: Vec<Vec<StoreId>> = Vec::new();
        let mut of_account: HashMap<AccountId, usize> = HashMap::new();
        for id in stores {
            let store = self.db().read(|c| storage::store::get(c, *id))?.store;
            let shares = self
                .platform(&store.platform)
                .is_ok_and(|platform| platform.descriptor().capabilities.shared_products);
            if let Some(at) = of_account.get(&store.account).filter(|_| shares) {
                lanes[*at].push(*id);
            } else {
                of_account.insert(store.account, lanes.len());
                lanes.push(vec![*id]);
            }
        }
        Ok(lanes)
    }
}
