//! Reading stores and the ERP into the local cache, and healing what the platform renumbered.

mod erp;
mod heal;
mod listings;

pub use erp::ItemsRead;
pub use listings::PullReport;
