//! Work for many: reading goes on at all stores or printers at once, so that one that is slow, throttled or out of reach
//! delays no other. What writes goes store by store, so that nothing new is sent while an answer is still awaited.

use crate::error::{EngineError, Result};
use domain::id::StoreId;
use futures_util::{StreamExt as _, stream};
use std::future::Future;

/// So many are asked at once. Each waits for its own other side most of the time.
const AT_ONCE: usize = 8;

/// Runs `read` for each of `these`, side by side; gives what came of each, in their order.
pub(crate) async fn side_by_side<K, T, F>(these: &[K], read: impl Fn(K) -> F) -> Vec<(K, T)>
where
    K: Copy + PartialEq,
    F: Future<Output = T>,
{
    let read = &read;
    // By value: a closure over references would not do for a task that is spawned.
    let all = these
        .iter()
        .copied()
        .map(|one| async move { (one, read(one).await) });
    let mut done: Vec<(K, T)> = stream::iter(all).buffer_unordered(AT_ONCE).collect().await;
    done.sort_by_key(|(one, _)| these.iter().position(|other| other == one));
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
