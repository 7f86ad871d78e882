//! Trying again what platforms did not take.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use domain::id::{JobId, StoreId};
use std::collections::BTreeSet;
use storage::task::TaskState;

/// At most so many at once; the rest can be asked for again.
const MOST: i64 = 100_000;

/// Tasks that wait again.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Requeued {
    /// How many.
    pub count: usize,
    /// The stores whose outbox has work now.
    pub stores: Vec<StoreId>,
}

impl Engine {
    /// Queues rejected tasks again: of one job or of all, of one cause or of every cause when it is empty. They are
    /// sent when the stores' outbox is run ([`Engine::sync_resume`]).
    pub fn requeue_rejected(&self, job: Option<JobId>, cause: &str) -> Result<Requeued> {
        let rejected = self
            .db()
            .read(|c| storage::task::in_state(c, TaskState::Rejected, MOST))?;
        let meant = rejected
            .iter()
            .filter(|task| job.is_none() || task.job == job)
            .filter(|task| cause.is_empty() || task.cause == cause);
        let (mut count, mut stores) = (0, BTreeSet::new());
        self.db().write(|tx| {
            for task in meant {
                if storage::task::requeue(tx, task.id)? {
                    count += 1;
                    stores.insert(task.store);
                }
            }
            Ok::<_, EngineError>(())
        })?;
        if count > 0 {
            self.events().changed(&[Tag::Tasks]);
        }
        Ok(Requeued {
            count,
            stores: stores.into_iter().collect(),
        })
    }
}
