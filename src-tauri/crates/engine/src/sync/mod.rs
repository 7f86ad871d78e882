//! 体检与同步: preflight, plan, apply through the outbox, read back, undo.
//!
//! Read [`category`] for the platforms' own 类目, [`preflight`] for findings and their cache, [`plan`] for what a sync would write, [`delete`] for taking products away, [`group_order`] for 店内分类, [`visibility`] for what customers see, [`apply`] for queuing and
//! running it, [`review`] for pictures
//! that the platform looks at first, `steps` for which task waits for which, [`outbox`] for what a task carries. A task is committed as `sending` before its first byte leaves; what
//! was sent is read back before it counts, and what nobody knows about is read back before anything is sent again.

pub mod apply;
pub mod category;
mod confirm;
pub mod delete;
pub(crate) mod facts;
pub mod fix;
pub mod group_order;
mod listings;
pub mod outbox;
mod pictures;
pub mod plan;
pub mod preflight;
mod readback;
mod remedy;
pub mod report;
pub mod review;
mod run;
pub(crate) mod steps;
mod taken;
mod undo;
mod values;
pub mod visibility;

use domain::id::StoreId;
use images::Probe;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;

/// What syncing keeps in memory.
#[derive(Default)]
pub(crate) struct SyncState {
    /// The last 体检.
    preflight: Mutex<Option<Arc<preflight::PreflightCache>>>,
    /// One batch at a time is on its way to a store, whichever job it belongs to.
    lanes: Mutex<HashMap<StoreId, Arc<tokio::sync::Mutex<()>>>>,
    /// Pictures looked at, by content hash: content never changes under its hash.
    probes: Mutex<HashMap<String, Probe>>,
}

impl SyncState {
    fn lane(&self, store: StoreId) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(self.lanes.lock().entry(store).or_default())
    }
}
