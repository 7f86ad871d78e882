//! 打印.

use super::shared::{StoreBadge, WordsView};
use super::stores::CredentialFieldView;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Printers with their lights, and which store prints where.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PrintersView {
    /// Kinds of printer that can be added.
    pub kinds: Vec<PrinterKindView>,
    /// Accounts.
    pub accounts: Vec<PrinterAccountView>,
    /// Printers in use.
    pub printers: Vec<PrinterView>,
    /// Every store, those that do not print too.
    pub stores: Vec<StorePrintingView>,
}

/// A kind of printer.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PrinterKindView {
    /// Stable id.
    pub id: String,
    /// As merchants know it.
    pub name: String,
    /// What an account asks for; empty where there is no account.
    pub fields: Vec<CredentialFieldView>,
    /// What a printer's number is: `number` on a sticker, `address` in the network.
    pub number_kind: String,
    /// Each printer has a key of its own.
    pub keyed: bool,
    /// Its cloud can tell of printed slips by itself.
    pub callbacks: bool,
}

/// An account of printers.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PrinterAccountView {
    /// Row id.
    pub id: i64,
    /// Kind of printer, by id.
    pub service: String,
    /// Own endpoint; may be empty.
    pub endpoint: String,
    /// Settings that are no secrets.
    pub settings: BTreeMap<String, String>,
    /// Which credential fields are set, masked.
    pub masked: BTreeMap<String, String>,
    /// The address on this machine for its cloud's messages; empty while none are received.
    pub callback: String,
}

/// A printer.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PrinterView {
    /// Row id.
    pub id: i64,
    /// Its account.
    pub account: i64,
    /// Kind of printer, by id.
    pub service: String,
    /// Number on the sticker, or the address in the network.
    pub number: String,
    /// Label.
    pub name: String,
    /// `mm58` or `mm80`.
    pub paper: String,
    /// The light as last asked for: `ready`, `faulty`, `offline`; empty before.
    pub state: String,
    /// When it was asked for, UTC ms.
    pub state_at: Option<i64>,
    /// What is wrong.
    pub cause: Option<WordsView>,
    /// The other side's own text.
    pub raw: String,
    /// Slips on their way.
    pub open: i64,
    /// Slips that wait for the manager.
    pub asks: i64,
}

/// How a store prints.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct StorePrintingView {
    /// The store.
    pub store: StoreBadge,
    /// Its printer; nothing when it does not print.
    pub printer: Option<i64>,
    /// The one that takes over.
    pub spare: Option<i64>,
    /// `off`, `placed`, `accepted`: when a receipt is printed by itself.
    pub receipts: String,
    /// Refund slips are printed.
    pub refunds: bool,
    /// Cancel slips are printed.
    pub cancels: bool,
    /// Copies of a receipt.
    pub copies: i64,
}

/// How a store is to print.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StorePrintingSet {
    /// The store.
    pub store: i64,
    /// Its printer; nothing: it does not print.
    #[ts(optional = nullable)]
    pub printer: Option<i64>,
    /// The one that takes over.
    #[ts(optional = nullable)]
    pub spare: Option<i64>,
    /// `off`, `placed`, `accepted`.
    pub receipts: String,
    /// Refund slips.
    pub refunds: bool,
    /// Cancel slips.
    pub cancels: bool,
    /// Copies of a receipt, 1 to 9.
    pub copies: i64,
}

/// Printers to add. It is read only: what crossed inward is neither written nor shown again.
#[derive(Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct PrintersAdd {
    /// Kind of printer, by id.
    pub service: String,
    /// An account that is there; a new one without it.
    #[ts(optional = nullable)]
    pub account: Option<i64>,
    /// Own endpoint of a new account.
    #[ts(optional = nullable)]
    pub endpoint: Option<String>,
    /// Fields of a new account. They cross once, inward, and are never sent back.
    pub credentials: BTreeMap<String, String>,
    /// The printers.
    pub printers: Vec<PrinterAdd>,
}

impl std::fmt::Debug for PrintersAdd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrintersAdd")
            .field("service", &self.service)
            .field("credentials", &self.credentials.keys())
            .field("printers", &self.printers.len())
            .finish_non_exhaustive()
    }
}

/// One of them. It is read only, as its key is.
#[derive(Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct PrinterAdd {
    /// Number on the sticker, or the address in the network.
    pub number: String,
    /// Key on the sticker.
    pub key: String,
    /// Label; the number without one.
    pub name: String,
    /// `mm58` or `mm80`.
    pub paper: String,
}

/// What came of each.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PrintersAdded {
    /// In the order they were given.
    pub printers: Vec<PrinterAdded>,
}

/// What came of one.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PrinterAdded {
    /// Its number.
    pub number: String,
    /// Its row, when it is there now.
    pub id: Option<i64>,
    /// Why not, in the other side's words.
    pub refused: String,
}

/// Label and paper of a printer.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PrinterEdit {
    /// Row id.
    pub id: i64,
    /// Label; the number without one.
    pub name: String,
    /// `mm58` or `mm80`.
    pub paper: String,
}

/// What to change of an account; fields left out keep their value. It is read only: what crossed inward is neither
/// written nor shown again.
#[derive(Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct PrinterAccountEdit {
    /// Row id.
    pub account: i64,
    /// Settings; an empty one goes.
    pub settings: BTreeMap<String, String>,
    /// Fields to replace.
    pub credentials: BTreeMap<String, String>,
}

impl std::fmt::Debug for PrinterAccountEdit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrinterAccountEdit")
            .field("account", &self.account)
            .field("credentials", &self.credentials.keys())
            .finish_non_exhaustive()
    }
}

/// What came of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PrinterAccountKept {
    /// Credentials outlive this run.
    pub kept: bool,
}

/// How slips look.
#[expect(clippy::struct_excessive_bools, reason = "a template is a list of yes and no")]
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct TemplateView {
    /// First line; the platform's name without it.
    pub header: String,
    /// Last line.
    pub footer: String,
    /// Goods in large letters.
    pub large_goods: bool,
    /// Prices beside the goods.
    pub prices: bool,
    /// Spec beside the name.
    pub specs: bool,
    /// Receiver's name, phone and address.
    pub receiver: bool,
}

/// What to look at.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ReceiptPreviewRequest {
    /// A template that is being changed; the one that is kept without it.
    #[ts(optional = nullable)]
    pub template: Option<TemplateView>,
    /// An order's number; an invented order without it.
    pub order: String,
}

/// The slip on both widths of paper, as printers would get it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ReceiptPreview {
    /// 58 and 80 mm.
    pub pages: Vec<SlipPageView>,
}

/// A finished slip.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct SlipPageView {
    /// `mm58` or `mm80`.
    pub paper: String,
    /// Half-width columns of a line.
    pub columns: i64,
    /// From top to bottom.
    pub lines: Vec<SlipLineView>,
}

/// One line of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct SlipLineView {
    /// What stands on it, blanks and all. ASCII takes one column, everything else two.
    pub text: String,
    /// Twice as high and wide.
    pub large: bool,
}

/// Which slips.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TicketQuery {
    /// `all`, `open`, `asks`.
    pub view: String,
    /// Of one printer.
    #[ts(optional = nullable)]
    pub printer: Option<i64>,
}

/// The queue, newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct TicketList {
    /// At most so many as a person looks through.
    pub tickets: Vec<TicketView>,
    /// Slips on their way, of all printers.
    pub open: i64,
    /// Slips that wait for the manager, of all printers.
    pub asks: i64,
}

/// A slip on its way to paper.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct TicketView {
    /// Row id.
    pub id: i64,
    /// Its order; nothing for a test page.
    pub order: Option<i64>,
    /// The order's number.
    pub number: String,
    /// The order's number of the day, 0 when there is none.
    pub day_seq: i64,
    /// The order's store.
    pub store: Option<StoreBadge>,
    /// `receipt`, `refund`, `cancel`, `test`.
    pub kind: String,
    /// The refund's number; empty for others.
    pub subject: String,
    /// 0, or the how-manieth 补打 it is.
    pub reprint: i64,
    /// The how-manieth part of a long slip, from 1.
    pub part: i64,
    /// Its printer.
    pub printer: i64,
    /// The printer's label.
    pub printer_name: String,
    /// `queued`, `sending`, `waiting`, `unknown`, `printed`, `failed`.
    pub state: String,
    /// It waits for the manager.
    pub asks: bool,
    /// Why it waits or failed.
    pub cause: Option<WordsView>,
    /// The other side's own text.
    pub raw: String,
    /// UTC ms.
    pub created_at: i64,
    /// When it was known to be on paper, or given up, UTC ms.
    pub done_at: Option<i64>,
}

/// What became of a slip of which nobody knew.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TicketDecide {
    /// Row id.
    pub id: i64,
    /// It is on paper; else it is printed once more.
    pub printed: bool,
}

/// A slip to print once more.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SlipRequest {
    /// Order.
    pub order: i64,
    /// `receipt`, `refund`, `cancel`.
    pub kind: String,
    /// The refund's number; empty for others.
    pub subject: String,
}
