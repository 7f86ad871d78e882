//! 为什么看不见.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a product stands with its customers.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct VisibilityView {
    /// The store.
    pub store: i64,
    /// 商品名称 there.
    pub name: String,
    /// The library product it is bound to.
    pub product: Option<i64>,
    /// The platform still has it.
    pub there: bool,
    /// What has to hold.
    pub conditions: Vec<ConditionView>,
}

/// One condition.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ConditionView {
    /// `on_shelf`, `sellable`, `group`, `stock`, `review`, `store_open`.
    pub kind: String,
    /// Whether it holds; nothing where the platform does not tell.
    pub holds: Option<bool>,
    /// Pieces in stock.
    pub number: Option<i64>,
    /// The group it stands in; of a review `pending` or `rejected`.
    pub text: String,
    /// What helps: `put_on_shelf` (a command), `stock`, `sync`, `bind` (pages), `back_office`, `review` (advice); empty
    /// when it holds.
    pub way: String,
}
