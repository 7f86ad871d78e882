//! 库存: ERP stock through the safety rule to every platform, acknowledged.
//!
//! Read [`rule`] for the arithmetic and [`push`] for a round.

pub mod lines;
pub mod push;
pub mod rule;

use domain::id::StoreId;

/// The setting that asks for a full push of a store's stock at the next round (F04d, F04e).
pub(crate) fn full_push_key(store: StoreId) -> String {
    format!("stock.full_push.{store}")
}
