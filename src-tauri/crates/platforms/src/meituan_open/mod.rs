//! What 美团外卖 and 美团闪购 have in common: one open platform, two protocol families. No platform itself.
//!
//! Family A (`waimaiopen`, MD5 `sig`) serves both, with `retail*` calls for one and `food*` for the other; family B
//! (MTOp, SHA-1 `sign`) serves 外卖 alone and shares the shapes of products and orders.

pub(crate) mod auth;
pub(crate) mod batch;
pub(crate) mod client;
pub(crate) mod codes;
pub(crate) mod map;
pub(crate) mod order_map;
pub(crate) mod orders;
pub(crate) mod push;
pub(crate) mod read;
pub mod sign;
pub(crate) mod wire;
