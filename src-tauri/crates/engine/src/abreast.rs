//! Work for many stores: reading goes on at all of them at once, so that one that is slow, throttled or out of reach delays
//! no other. What writes goes store by store, so that nothing new is sent while an answer is still awaited.

use crate::error::{EngineError, Result};
use domain::id::StoreId;
use futures_util::{StreamExt as _, stream};
use std::future::Future;

/// So many stores are read at once. Each waits for its own platform most of the time.
const AT_ONCE: usize = 8;

/// Runs `read` for every store, side by side; gives what came of each, in the order of `stores`.
pub(crate) async fn side_by_side<T, F>(stores: &[StoreId], read: impl Fn(StoreId) -> F) -> Vec<(StoreId, T)>
where
    F: Future<Output = T>,
{
    let read = &read;
    let all = stores
        .iter()
        .map(|store| async move { (*store, read(*store).await) });
    let mut done: Vec<(StoreId, T)> = stream::iter(all).buffer_unordered(AT_ONCE).collect().await;
    done.sort_by_key(|(store, _)| stores.iter().position(|one| one == store));
    done
}

/// Runs `write` for one store after the other; gives the first error. One store that fails does not keep the others
/// waiting; a cancelling ends it for all.
pub(crate) async fn one_by_one<F>(stores: &[StoreId], write: impl Fn(StoreId) -> F) -> Option<EngineError>
where
    F: Future<Output = Result<()>>,
{
    let mut first = None;
    for store in stores {
        let Err(error) = write(*store).await else {
            continue;
        };
        tracing::warn!(%error, store = store.0, "the work for a store did not come to its end");
        if matches!(error, EngineError::Cancelled) {
            return Some(error);
        }
        first = first.or(Some(error));
    }
    first
}
