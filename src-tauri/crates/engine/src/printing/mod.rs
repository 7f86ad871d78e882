//! 小票打印: each slip of an order once, or visibly waiting.
//!
//! A slip's row is committed before the first byte leaves. A cloud that took it is asked until the slip is on paper. Where
//! nobody can know (the answer was lost, and no cloud recognizes a slip that comes twice), the slip stands as waiting with
//! [`UNKNOWN`] and the manager says which it was. Read first: [`slips`] (what is queued, and when), then [`run`].

mod accounts;
mod light;
mod news;
mod run;
mod slips;

pub use accounts::{AddedPrinter, Key, PrinterRequest, WantedPrinter};
pub use run::PrintReport;
pub use slips::SlipId;

/// Cause of a slip of which nobody knows whether it was printed.
pub const UNKNOWN: &str = "print.unknown";
/// Cause of a slip that was too old when it could have been printed.
pub const EXPIRED: &str = "print.expired";
/// Cause of a slip that the manager dropped from the queue.
pub const CLEARED: &str = "print.cleared";
/// Cause of a slip that waits for its printer.
pub const PRINTER_DOWN: &str = "print.printer_down";
/// A slip is not printed by itself any more after so long: yesterday's orders shall not pour out in the morning.
pub(crate) const LIFE_MS: i64 = 4 * 3_600_000;
/// The row of problems.md for a printer that its cloud does not know under the account any more.
pub(crate) const NOT_OURS: &str = "F26";
