//! A printer in the shop's own network: ESC/POS bytes over raw TCP, by habit on port 9100.
//!
//! There is no ticket number and no queue. A printer that answers to `DLE EOT 4` tells of its paper before and after a
//! ticket; many cheap ones answer nothing, and for those a ticket counts as printed once the printer took all of it.

mod bytes;

pub use bytes::bytes;

use async_trait::async_trait;
use connect::error::RemoteError;
use connect::printer::{
    DayCounts, NewPrinter, Printer, PrinterCapabilities, PrinterDescriptor, PrinterOutcome, PrinterState,
    Taken, Ticket, TicketNews, TicketState,
};
use connect::session::Session;
use domain::receipt::Page;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The port where none is named.
const PORT: u16 = 9_100;
const CONNECT: Duration = Duration::from_secs(5);
const WRITE: Duration = Duration::from_secs(20);
/// A printer that answers does so at once, or is busy printing.
const ANSWER: Duration = Duration::from_millis(800);
/// Real-time question for the paper sensor.
const ASK_PAPER: &[u8] = b"\x10\x04\x04";
/// The two bits of its answer that mean "no paper".
const PAPER_END: u8 = 0x60;
/// Code of the refusal when the printer says that its paper is out.
pub const NO_PAPER: &str = "no_paper";

/// The connector.
pub struct EscPos {
    descriptor: PrinterDescriptor,
}

impl Default for EscPos {
    fn default() -> Self {
        Self {
            descriptor: PrinterDescriptor {
                id: "escpos",
                name: "网络打印机（ESC/POS）",
                credential_fields: Vec::new(),
                number_kind: "address",
                keyed: false,
                capabilities: PrinterCapabilities {
                    ticket_state: false,
                    day_counts: false,
                    queue: false,
                    expires: false,
                    callbacks: false,
                },
            },
        }
    }
}

/// `host` or `host:port`.
fn address(number: &str) -> Result<(String, u16), RemoteError> {
    let wrong = || RemoteError::Unsupported {
        what: "address: host or host:port".to_owned(),
    };
    let number = number.trim();
    let (host, port) = match number.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().map_err(|_| wrong())?),
        None => (number, PORT),
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if host.is_empty() || !host.chars().all(fits) {
        return Err(wrong());
    }
    Ok((host.to_owned(), port))
}

async fn connect(number: &str) -> Result<TcpStream, RemoteError> {
    let (host, port) = address(number)?;
    let unreachable = |detail: String| RemoteError::Unreachable { detail };
    match timeout(CONNECT, TcpStream::connect((host.as_str(), port))).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(unreachable(error.to_string())),
        Err(_) => Err(unreachable("no connection in time".to_owned())),
    }
}

/// What the printer says of its paper: `None` when it does not answer.
async fn paper(stream: &mut TcpStream) -> Result<Option<bool>, std::io::Error> {
    stream.write_all(ASK_PAPER).await?;
    let mut answer = [0_u8; 1];
    match timeout(ANSWER, stream.read_exact(&mut answer)).await {
        Ok(Ok(_)) => Ok(Some(answer[0] & PAPER_END == 0)),
        Ok(Err(error)) => Err(error),
        Err(_) => Ok(None),
    }
}

fn no_queue() -> RemoteError {
    RemoteError::Unsupported {
        what: "queue of a network printer".to_owned(),
    }
}

fn no_paper() -> RemoteError {
    RemoteError::Rejected {
        code: NO_PAPER.to_owned(),
        text: "打印机缺纸".to_owned(),
    }
}

#[async_trait]
impl Printer for EscPos {
    fn descriptor(&self) -> &PrinterDescriptor {
        &self.descriptor
    }

    fn fits(&self, _page: &Page) -> bool {
        true
    }

    /// There is no account: an address that reads is enough.
    async fn add(
        &self,
        _session: &Session,
        printers: &[NewPrinter],
    ) -> Result<Vec<PrinterOutcome>, RemoteError> {
        let outcome = |printer: &NewPrinter| PrinterOutcome {
            number: printer.number.clone(),
            refused: address(&printer.number)
                .err()
                .map(|_| "地址应为 主机 或 主机:端口".to_owned()),
        };
        Ok(printers.iter().map(outcome).collect())
    }

    async fn remove(
        &self,
        _session: &Session,
        numbers: &[String],
    ) -> Result<Vec<PrinterOutcome>, RemoteError> {
        let outcome = |number: &String| PrinterOutcome {
            number: number.clone(),
            refused: None,
        };
        Ok(numbers.iter().map(outcome).collect())
    }

    async fn print(&self, _session: &Session, ticket: Ticket<'_>) -> Result<Taken, RemoteError> {
        let mut stream = connect(ticket.number).await?;
        let cut = |error: std::io::Error| RemoteError::NoAnswer {
            detail: error.to_string(),
        };
        // Only a question was sent: nothing is on paper yet.
        let before = paper(&mut stream)
            .await
            .map_err(|error| RemoteError::Unreachable {
                detail: error.to_string(),
            })?;
        if before == Some(false) {
            return Err(no_paper());
        }
        let commands = bytes(ticket.page).repeat(usize::from(ticket.copies.max(1)));
        match timeout(WRITE, stream.write_all(&commands)).await {
            Ok(written) => written.map_err(cut)?,
            Err(_) => {
                return Err(RemoteError::NoAnswer {
                    detail: "the printer stopped taking the ticket".to_owned(),
                });
            }
        }
        let after = if before.is_some() {
            paper(&mut stream).await.map_err(cut)?
        } else {
            stream.shutdown().await.map_err(cut)?;
            None
        };
        Ok(Taken {
            ticket: String::new(),
            // Paper that ran out during the ticket: part of it may be missing, which only a person can see.
            state: if after == Some(false) {
                TicketState::Waiting
            } else {
                TicketState::Printed
            },
        })
    }

    async fn ticket_state(&self, _session: &Session, _ticket: &str) -> Result<TicketState, RemoteError> {
        Err(no_queue())
    }

    async fn day_counts(
        &self,
        _session: &Session,
        _number: &str,
        _at: i64,
    ) -> Result<DayCounts, RemoteError> {
        Err(no_queue())
    }

    async fn status(&self, _session: &Session, number: &str) -> Result<PrinterState, RemoteError> {
        let mut stream = match connect(number).await {
            Ok(stream) => stream,
            Err(RemoteError::Unreachable { .. }) => return Ok(PrinterState::Offline),
            Err(error) => return Err(error),
        };
        Ok(match paper(&mut stream).await {
            Ok(Some(false)) => PrinterState::Faulty,
            Ok(_) => PrinterState::Ready,
            Err(_) => PrinterState::Offline,
        })
    }

    async fn clear(&self, _session: &Session, _number: &str) -> Result<(), RemoteError> {
        Err(no_queue())
    }

    fn receive(&self, _session: &Session, _body: &[u8]) -> Result<TicketNews, RemoteError> {
        Err(no_queue())
    }
}
