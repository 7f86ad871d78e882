//! 店内分类.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The groups of a store.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct GroupsView {
    /// Parents before children, siblings in the order of the platform.
    pub groups: Vec<GroupView>,
    /// After a change: they stand as asked.
    pub as_asked: bool,
}

/// One group.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct GroupView {
    /// Platform id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Platform id of the parent; empty at the first level.
    pub parent: String,
}

/// Groups below one parent in a new order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct GroupsOrder {
    /// The store.
    pub store: i64,
    /// Platform id of the parent; empty at the first level.
    pub parent: String,
    /// Platform ids of all groups there, in the order wanted.
    pub ids: Vec<String>,
}
