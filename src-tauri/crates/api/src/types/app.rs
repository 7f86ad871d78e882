//! The frame, the workbench, settings and care of the data.

use super::shared::{StoreBadge, WordsView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Which words.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct MessagesRequest {
    /// `zh-CN` or `en`.
    pub lang: String,
}

/// Words by code, nested.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct Messages {
    /// Nested tables of texts.
    #[ts(type = "unknown")]
    pub words: serde_json::Value,
}

/// What the frame shows.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[expect(clippy::struct_excessive_bools, reason = "each is shown or set on its own")]
pub struct AppStatus {
    /// Program version.
    pub version: String,
    /// A demo shop is open.
    pub demo: bool,
    /// False in a second copy: reading only.
    pub can_write: bool,
    /// Library products.
    pub products: i64,
    /// Library SKUs.
    pub skus: i64,
    /// Stores in use.
    pub stores: i64,
    /// Listing SKUs.
    pub listings: i64,
    /// Listing SKUs without a binding.
    pub unbound: i64,
    /// Preflight findings that block, from the last run.
    pub blocks: i64,
    /// Orders stored.
    pub orders: i64,
    /// Exception orders.
    pub exceptions: i64,
    /// Their money.
    pub exceptions_fen: i64,
    /// Accounts whose authorization is dead.
    pub dead_authorizations: i64,
    /// Printers in use.
    pub printers: i64,
    /// Labels of those that are offline or do not print.
    pub printers_down: Vec<String>,
    /// Slips of which only the manager can say what became, and slips that were not printed.
    pub slips_asking: i64,
    /// Tasks and orders waiting to be sent.
    pub outbox: i64,
    /// Jobs running.
    pub running_jobs: i64,
    /// The last call got through.
    pub online: bool,
    /// State of the keychain, `vault.ready` and so on.
    pub vault: WordsView,
    /// Credentials outlive this run.
    pub vault_lasting: bool,
    /// Last reading of orders, UTC ms.
    pub orders_read_at: Option<i64>,
    /// Last reading of listings, UTC ms.
    pub listings_read_at: Option<i64>,
    /// Last verified backup, UTC ms.
    pub backup_at: Option<i64>,
    /// A store, or a whole service, that waits because the other side asks to.
    pub throttled: Option<StoreBadge>,
    /// For how long yet.
    pub throttled_ms: i64,
    /// The app's clock, UTC ms.
    pub now: i64,
}

/// Which stores and time.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct WorkbenchRequest {
    /// Row ids; empty means all.
    pub stores: Vec<i64>,
    /// Orders placed since, UTC ms.
    pub from: i64,
    /// Orders placed before, UTC ms.
    pub to: i64,
}

/// 工作台: how is today, what must I do, is everything alive.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct Workbench {
    /// Orders placed.
    pub orders: i64,
    /// Paid by customers.
    pub paid_fen: i64,
    /// Orders in the same span before.
    pub orders_before: i64,
    /// Paid in the same span before.
    pub paid_before_fen: i64,
    /// Refunds.
    pub refunds: i64,
    /// Money refunded.
    pub refunds_fen: i64,
    /// Orders in the ERP.
    pub in_erp: i64,
    /// Orders on their way.
    pub waiting: i64,
    /// Exceptions of this span.
    pub exceptions: i64,
    /// Their money.
    pub exceptions_fen: i64,
    /// Orders healed by themselves.
    pub healed: i64,
    /// Causes, most urgent first.
    pub todo: Vec<super::exceptions::ExceptionGroupView>,
    /// Other things worth knowing.
    pub warnings: Vec<WordsView>,
    /// Authorizations by urgency.
    pub stores: Vec<super::stores::StoreView>,
    /// Sync by platform.
    pub sync: Vec<SyncState>,
    /// Where platform and ERP disagree dangerously.
    pub stock_alarms: Vec<super::stock::StockRow>,
    /// Orders by hour of the span's first day, Shanghai time.
    pub hourly: Vec<i64>,
    /// The same one day before.
    pub hourly_before: Vec<i64>,
}

/// Sync of one platform.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct SyncState {
    /// Platform id.
    pub platform: String,
    /// Waiting.
    pub queued: i64,
    /// In the platform's review.
    pub in_review: i64,
    /// Not taken.
    pub rejected: i64,
    /// Confirmed since midnight in Shanghai.
    pub confirmed_today: i64,
    /// Last confirmed, UTC ms.
    pub last_at: Option<i64>,
}

/// Settings by key.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct SettingsView {
    /// Known keys: `theme` (system, light, dark), `lang`, `sound` (on, off), `notify` (on, off), `auto_push` (on, off), `pull_minutes`, `quiet_from`, `quiet_to`, `safety_stock`, `erp_old_minutes` (minutes after which what was read from the ERP counts as old).
    pub values: BTreeMap<String, String>,
}

/// A verified backup.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct BackupView {
    /// Full path.
    pub path: String,
    /// File name.
    pub name: String,
    /// Size.
    pub bytes: i64,
    /// UTC ms.
    pub at: i64,
    /// Products in it; unknown when the file cannot be read as a backup.
    pub products: Option<i64>,
    /// Orders in it; unknown when the file cannot be read as a backup.
    pub orders: Option<i64>,
}

/// Backups at hand, newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct Backups {
    /// The list.
    pub backups: Vec<BackupView>,
}

/// One check of the app's own health.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct DoctorCheck {
    /// What was checked and how it is.
    pub words: WordsView,
    /// Good.
    pub ok: bool,
}

/// All checks.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct DoctorReport {
    /// In order.
    pub checks: Vec<DoctorCheck>,
}

/// What an exported bundle holds.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct DiagnosticsView {
    /// Where it was written.
    pub path: String,
    /// Size.
    pub bytes: i64,
    /// Names inside.
    pub files: Vec<String>,
    /// Values that were blacked out.
    pub redactions: i64,
}
