//! What the acts of the platform side can refuse.

use crate::world::PlatformId;

/// An act named something the world does not hold, or would break it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorldError {
    /// No such shop on that platform.
    #[error("no shop {shop} on {platform}")]
    UnknownShop {
        /// The platform that was asked.
        platform: PlatformId,
        /// The remote shop id that was given.
        shop: String,
    },
    /// No such group in the shop.
    #[error("no group {0} in the shop")]
    UnknownGroup(String),
    /// No such listing in the shop.
    #[error("no listing {0} in the shop")]
    UnknownListing(String),
    /// No such spec in the listing.
    #[error("no spec {0} in the listing")]
    UnknownSpec(String),
    /// No such order on the platform.
    #[error("no order {0}")]
    UnknownOrder(String),
    /// No such branch in the ERP.
    #[error("no branch {0} in the ERP")]
    UnknownBranch(String),
    /// No such item in the ERP.
    #[error("no item {0} in the ERP")]
    UnknownItem(String),
    /// No such printer was sold.
    #[error("no printer {0}")]
    UnknownPrinter(String),
    /// The id is already taken.
    #[error("{what} {id} exists already")]
    Exists {
        /// Kind of thing.
        what: &'static str,
        /// The id that is taken.
        id: String,
    },
    /// The act makes no sense in the present state.
    #[error("{0}")]
    Refused(&'static str),
    /// A script or a scenario could not be read.
    #[error("cannot read {what}: {reason}")]
    Unreadable {
        /// What was being read.
        what: String,
        /// Why it could not be.
        reason: String,
    },
}
