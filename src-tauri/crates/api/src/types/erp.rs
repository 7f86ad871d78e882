//! ERP accounts: their items, and moving from one to another.

use super::stores::BranchView;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Where to, and what the manager chose.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ErpMoveRequest {
    /// ERP account to leave.
    pub from: i64,
    /// ERP account to go to.
    pub to: i64,
    /// The new branch of each old one.
    pub branches: BTreeMap<String, String>,
    /// Codes chosen for SKUs, by row id; an empty one leaves the SKU without a code.
    pub choices: BTreeMap<i64, String>,
}

/// What a move would do.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ErpMoveView {
    /// When the new ERP's items were read, UTC ms.
    pub items_read_at: i64,
    /// Branches there.
    pub there: Vec<BranchView>,
    /// Branches to be found again.
    pub branches: Vec<ErpMoveBranch>,
    /// SKUs by how they were found, the most urgent way first.
    pub ways: Vec<ErpMoveWay>,
    /// Orders in the old books: they stay.
    pub booked: i64,
    /// Orders whose outcome at the old ERP is unknown: settled there first.
    pub unsettled: i64,
    /// Orders in no books: they go to the new ERP.
    pub waiting: i64,
}

/// A branch of the old ERP.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ErpMoveBranch {
    /// 线下门店编号; empty for stores that have none.
    pub old: String,
    /// The new one; `None` while it is not known.
    pub new: Option<String>,
    /// Names of its stores.
    pub stores: Vec<String>,
}

/// SKUs that were found in one way.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ErpMoveWay {
    /// `ambiguous`, `none`, `chosen`, `name`, `code`, `barcode`.
    pub way: String,
    /// How many.
    pub count: i64,
    /// The first of them, at most 500.
    pub rows: Vec<ErpMoveRow>,
}

/// One SKU.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ErpMoveRow {
    /// Row id.
    pub sku: i64,
    /// Product and spec.
    pub name: String,
    /// Its barcode.
    pub barcode: String,
    /// Its code now.
    pub old_code: String,
    /// Its code afterwards.
    pub new_code: String,
    /// The item it becomes, or all that could be meant.
    pub items: Vec<ErpMoveItem>,
}

/// An item of the new ERP.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ErpMoveItem {
    /// 系统编码.
    pub code: String,
    /// Name.
    pub name: String,
    /// Barcode.
    pub barcode: String,
}

/// What a move did.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ErpMovedView {
    /// The batch that undoes it.
    pub batch: Option<i64>,
    /// SKUs whose code changed.
    pub relinked: i64,
    /// Stores that moved.
    pub stores: i64,
    /// Exceptions that are tried again.
    pub repushed: i64,
}

/// What a reading of an ERP's items brought.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ErpReadView {
    /// Items read.
    pub items: i64,
    /// Codes that were there last time and are not any more.
    pub vanished: Vec<String>,
    /// Orders that are pushed again because of it.
    pub repushed: i64,
}
