//! 订单 and 异常订单: from the platform into the ERP, exactly once, or into an exception with a cause.

mod compare;
mod exceptions;
mod group;
pub(crate) mod judge;
mod payload;
mod pull;
mod push;
mod refunds;
mod remedy;
mod repush;
mod send;
mod states;

pub use compare::Compared;
pub use exceptions::{ExceptionGroup, Explanation, MatchField, RankedCause};
pub use group::FixReport;
pub use pull::{OrdersPulled, pull_failure};
pub use push::PushReport;
pub(crate) use remedy::set_field;
pub use remedy::{RemedyOutcome, remedy_kind};
pub use repush::{RepushReport, Scope};

/// Setting of a store: the ERP item that a line is booked as when it is bound to nothing (F15b). Without it such a line makes
/// its order an exception.
pub const DEFAULT_ITEM: &str = "default_item";
/// The mark of an order with such a line.
pub const BY_DEFAULT: &str = storage::order::BY_DEFAULT;
/// Cause of an order whose outcome nobody knows and that must not be sent again by itself (结果未知).
pub const UNKNOWN_OUTCOME: &str = "UNKNOWN";
/// Cause of a refusal whose text the dictionary does not know.
pub const UNRECOGNIZED: &str = "OTHER";
/// Cause of an order of a store that has no ERP or no 线下门店编号.
pub const NO_ERP: &str = "NO_ERP";
