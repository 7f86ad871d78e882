//! The port every kind of printer implements: a printer cloud, or a printer in the shop's own network.

use crate::error::RemoteError;
use crate::platform::CredentialField;
use crate::session::Session;
use async_trait::async_trait;
use domain::receipt::Page;
use serde::Serialize;

/// Facts of a kind of printer as data.
#[derive(Clone, Debug, Serialize)]
pub struct PrinterDescriptor {
    /// Stable id, as in design.md.
    pub id: &'static str,
    /// Name as merchants know it.
    pub name: &'static str,
    /// What the account asks for; empty where there is no account.
    pub credential_fields: Vec<CredentialField>,
    /// What the printer's number is: code of the words (`number` on a sticker, `address` in the network).
    pub number_kind: &'static str,
    /// Each printer has a key of its own beside its number.
    pub keyed: bool,
    /// What it can do.
    pub capabilities: PrinterCapabilities,
}

/// What can be known of a ticket that was sent.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a capability card is a list of yes and no"
)]
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct PrinterCapabilities {
    /// A ticket that was taken only waits: whether it was printed has to be asked for.
    pub ticket_state: bool,
    /// How many tickets wait and were printed on a day can be asked for.
    pub day_counts: bool,
    /// The waiting tickets can be dropped.
    pub queue: bool,
    /// A ticket can be given an end of its life, UTC ms.
    pub expires: bool,
    /// Its cloud can tell us of a printed ticket, signed with the key in the account's setting `public_key`.
    pub callbacks: bool,
}

/// A printer as its cloud wants it told.
#[derive(Clone)]
pub struct NewPrinter {
    /// Number on the sticker, or the address in the network.
    pub number: String,
    /// Key on the sticker. A secret.
    pub key: secrecy::SecretString,
    /// Label shown there.
    pub name: String,
}

/// How adding or removing one printer went.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PrinterOutcome {
    /// Its number.
    pub number: String,
    /// Why not, in the other side's words; none when it went well.
    pub refused: Option<String>,
}

/// One ticket to print.
#[derive(Clone, Copy, Debug)]
pub struct Ticket<'a> {
    /// The printer's number.
    pub number: &'a str,
    /// What to print.
    pub page: &'a Page,
    /// Copies, 1 and more.
    pub copies: u8,
    /// Not to be printed after this moment, UTC ms.
    pub expires_at: Option<i64>,
}

/// Where a ticket stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    /// On paper.
    Printed,
    /// Taken, not printed yet.
    Waiting,
}

/// Counts of one printer on one day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct DayCounts {
    /// Tickets on paper.
    pub printed: i64,
    /// Tickets that wait.
    pub waiting: i64,
}

/// How a printer stands: the light.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PrinterState {
    /// Online and well.
    Ready,
    /// Online, but not working: paper, lid, heat.
    Faulty,
    /// Not reached.
    Offline,
}

/// A ticket that was taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Taken {
    /// Its id there; empty where there is none.
    pub ticket: String,
    /// What is known of it at once.
    pub state: TicketState,
}

/// A message of a printer cloud about a ticket, checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TicketNews {
    /// Which ticket.
    pub ticket: String,
    /// Where it stands now.
    pub state: TicketState,
    /// The answer that it wants to hear.
    pub reply: &'static str,
}

/// A kind of printer.
#[async_trait]
pub trait Printer: Send + Sync {
    /// Facts as data.
    fn descriptor(&self) -> &PrinterDescriptor;

    /// Whether one ticket can carry the page.
    fn fits(&self, page: &Page) -> bool;

    /// Tells the account of printers; one outcome for each, in order.
    async fn add(
        &self,
        session: &Session,
        printers: &[NewPrinter],
    ) -> Result<Vec<PrinterOutcome>, RemoteError>;

    /// Takes printers away from the account; one outcome for each, in order.
    async fn remove(&self, session: &Session, numbers: &[String])
    -> Result<Vec<PrinterOutcome>, RemoteError>;

    /// Sends one ticket. A failure whose effect is unknown may have printed.
    async fn print(&self, session: &Session, ticket: Ticket<'_>) -> Result<Taken, RemoteError>;

    /// Where a ticket stands; only with `ticket_state`.
    async fn ticket_state(&self, session: &Session, ticket: &str) -> Result<TicketState, RemoteError>;

    /// Counts of a printer on the day of a moment (UTC ms); only with `day_counts`.
    async fn day_counts(&self, session: &Session, number: &str, at: i64) -> Result<DayCounts, RemoteError>;

    /// The light.
    async fn status(&self, session: &Session, number: &str) -> Result<PrinterState, RemoteError>;

    /// Drops what waits; only with `queue`.
    async fn clear(&self, session: &Session, number: &str) -> Result<(), RemoteError>;

    /// Reads a message about a ticket (a form as it was on the wire); refused unless it is really theirs.
    fn receive(&self, session: &Session, body: &[u8]) -> Result<TicketNews, RemoteError>;
}
