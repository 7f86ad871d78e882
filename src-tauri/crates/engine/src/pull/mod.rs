//! Reading stores and the ERP into the local cache, and healing what the platform renumbered.

mod erp;
pub(crate) mod heal;
pub(crate) mod listings;

pub use erp::ItemsRead;
pub use listings::PullReport;
