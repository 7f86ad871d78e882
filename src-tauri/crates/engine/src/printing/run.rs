//! The printing round: what waits is asked for, what is queued is sent, and a spare takes over where it must.

use super::accounts::Reached;
use super::{CLEARED, EXPIRED, LIFE_MS, NOT_OURS, PRINTER_DOWN, UNKNOWN};
use crate::clock::back_off_ms;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use connect::error::{Effect, RemoteError};
use connect::printer::{Taken, Ticket, TicketState};
use domain::id::{PrinterId, TicketId};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use storage::ticket::{Move, TicketRow, TicketStage};

/// A slip waits so long at a printer that is down before its spare takes over.
const PATIENCE_MS: i64 = 60_000;

/// When [`Engine::print_soon`] looks, one pause after the other.
const SOON: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(6),
    Duration::from_secs(12),
];

/// What a round did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PrintReport {
    /// Slips that a printer or its cloud took.
    pub sent: usize,
    /// Slips known to be on paper since.
    pub printed: usize,
    /// Slips moved to a spare printer.
    pub moved: usize,
    /// Slips that are still on their way.
    pub open: usize,
    /// Slips of which only the manager can say what became.
    pub undecided: usize,
}

/// What sending came to.
enum Sent {
    Taken(Taken),
    /// Certainly not printed there.
    Not(RemoteError),
    /// Nobody knows.
    Unknown(RemoteError),
}

impl Engine {
    /// Sends every slip that is due, asks for those that wait, and lets spares take over.
    pub async fn print_due(&self) -> Result<PrintReport> {
        let _one_at_a_time = self.0.printing.lock().await;
        let mut report = PrintReport::default();
        self.ask_for_waiting(&mut report).await?;
        self.relieve(&mut report).await?;
        for ticket in self.db().read(|c| storage::ticket::due(c, self.now()))? {
            self.send_slip(&ticket, &mut report).await?;
        }
        let (open, undecided) = self.db().read(storage::ticket::open_counts)?;
        report.open = usize::try_from(open).unwrap_or(0);
        report.undecided = usize::try_from(undecided).unwrap_or(0);
        Ok(report)
    }

    /// Prints in the background what a person just asked for, and asks a few times what became of it: whoever asked
    /// stands beside the printer. What is still on its way then, the rounds follow.
    pub fn print_soon(&self) {
        // Between its looks it must not keep the data open that somebody wants to put away.
        let held = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            for pause in SOON {
                tokio::time::sleep(pause).await;
                let Some(engine) = held.upgrade().map(Engine) else {
                    return;
                };
                match engine.print_due().await {
                    Ok(report) if report.open == report.undecided => return,
                    Ok(_) => {}
                    Err(error) => {
                        tracing::warn!(code = error.code(), "what was asked for waits for the next round");
                        return;
                    }
                }
            }
        });
    }

    /// Asks for every slip that a cloud has.
    async fn ask_for_waiting(&self, report: &mut PrintReport) -> Result<()> {
        let waiting = self
            .db()
            .read(|c| storage::ticket::in_state(c, TicketStage::Waiting))?;
        for ticket in waiting.iter().filter(|ticket| !ticket.remote.is_empty()) {
            // One account whose keys cannot be opened now must not stop the other printers.
            let Some(reached) = self.reached(ticket.printer).await else {
                continue;
            };
            match reached.kind.ticket_state(&reached.session, &ticket.remote).await {
                Ok(TicketState::Printed) => {
                    self.finish(ticket, TicketStage::Printed, "")?;
                    report.printed += 1;
                }
                Ok(TicketState::Waiting) if self.now() >= ticket.sent_at.unwrap_or(0) + LIFE_MS => {
                    self.finish(ticket, TicketStage::Failed, EXPIRED)?;
                }
                Ok(TicketState::Waiting) => {}
                // What cannot be asked for now is asked for in the next round.
                Err(error) => tracing::info!(ticket = ticket.id.0, %error, "a slip could not be asked for"),
            }
        }
        Ok(())
    }

    /// Lets the spare take over what waits at a printer that is down. The first printer's queue is dropped before, and
    /// each slip is asked for once more after that: what came out meanwhile is not printed again.
    async fn relieve(&self, report: &mut PrintReport) -> Result<()> {
        let now = self.now();
        let waiting = self
            .db()
            .read(|c| storage::ticket::in_state(c, TicketStage::Waiting))?;
        let stuck = waiting
            .iter()
            .filter(|ticket| !ticket.remote.is_empty() && now - ticket.sent_at.unwrap_or(now) >= PATIENCE_MS);
        let printers: BTreeSet<PrinterId> = stuck.map(|ticket| ticket.printer).collect();
        for printer in printers {
            if !self.is_down(printer)? {
                continue;
            }
            let here: Vec<&TicketRow> = waiting
                .iter()
                .filter(|ticket| ticket.printer == printer && !ticket.remote.is_empty())
                .collect();
            let mut to_spare = Vec::new();
            for ticket in &here {
                if let Some(spare) = self.spare_of(ticket)? {
                    to_spare.push((*ticket, spare));
                }
            }
            // Dropping the queue drops all of it: only where every slip in it has somewhere to go.
            if to_spare.len() < here.len() {
                continue;
            }
            let Some(reached) = self.reached(printer).await else {
                continue;
            };
            if let Err(error) = reached.kind.clear(&reached.session, &reached.row.number).await {
                tracing::info!(printer = printer.0, %error, "the queue could not be dropped");
                continue;
            }
            for (ticket, spare) in to_spare {
                match reached.kind.ticket_state(&reached.session, &ticket.remote).await {
                    Ok(TicketState::Printed) => {
                        self.finish(ticket, TicketStage::Printed, "")?;
                        report.printed += 1;
                    }
                    Ok(TicketState::Waiting) => {
                        self.slip_again(ticket, PRINTER_DOWN, "", 0)?;
                        let row = self.db().read(|c| storage::ticket::get(c, ticket.id))?;
                        report.moved += 1;
                        self.slip_to(&row, spare, report).await?;
                    }
                    // Dropped or printed, nobody can say now.
                    Err(error) => self.wait(ticket, UNKNOWN, error.text())?,
                }
            }
        }
        Ok(())
    }

    async fn send_slip(&self, ticket: &TicketRow, report: &mut PrintReport) -> Result<()> {
        if self.now() >= ticket.created_at + LIFE_MS {
            return self.finish(ticket, TicketStage::Failed, EXPIRED);
        }
        if let Some(spare) = self.spare_of(ticket)?
            && self.is_down(ticket.printer)?
        {
            report.moved += 1;
            return self.slip_to(ticket, spare, report).await;
        }
        self.slip_to(ticket, ticket.printer, report).await
    }

    async fn slip_to(&self, ticket: &TicketRow, printer: PrinterId, report: &mut PrintReport) -> Result<()> {
        let reached = match self.reach_printer(printer).await {
            Ok(reached) => reached,
            Err(error) => {
                let cause = format!("error.{}", error.code());
                return self.slip_again(ticket, &cause, "", self.now() + PATIENCE_MS);
            }
        };
        let taken = self
            .db()
            .write(|tx| storage::ticket::take(tx, ticket.id, printer).map_err(EngineError::from))?;
        if !taken {
            return Ok(());
        }
        let row = TicketRow {
            printer,
            attempts: ticket.attempts + 1,
            ..ticket.clone()
        };
        match self.call(&reached, &row).await? {
            Sent::Taken(taken) => {
                report.sent += 1;
                self.took(&row, &taken, report)
            }
            Sent::Unknown(error) => self.wait(&row, UNKNOWN, error.text()),
            Sent::Not(error) => {
                let (cause, _) = self.told(error.clone());
                // A spare gets a slip once; what it could not print either comes back to its own printer later.
                let spare = self.spare_of(&row)?.filter(|_| printer == ticket.printer);
                self.slip_again(&row, &cause, error.text(), self.next_try(&row))?;
                match spare {
                    Some(spare) => {
                        report.moved += 1;
                        Box::pin(self.slip_to(&row, spare, report)).await
                    }
                    None if error.is_transient() || is_curable(&error) => Ok(()),
                    None => self.finish_with(&row, TicketStage::Failed, &cause, error.text()),
                }
            }
        }
    }

    /// Sends; a cloud that does not know the printer any more is told of it once, and then once more asked to print.
    async fn call(&self, reached: &Reached, ticket: &TicketRow) -> Result<Sent> {
        for again in [false, true] {
            let answer = reached
                .kind
                .print(
                    &reached.session,
                    Ticket {
                        number: &reached.row.number,
                        page: &ticket.page,
                        copies: u8::try_from(ticket.copies).unwrap_or(1),
                        expires_at: Some(ticket.created_at + LIFE_MS),
                    },
                )
                .await;
            let error = match answer {
                Ok(taken) => return Ok(Sent::Taken(taken)),
                Err(error) if error.effect() == Effect::Unknown => return Ok(Sent::Unknown(error)),
                Err(error) => error,
            };
            if again || !self.is_not_ours(&error) || !self.restore(reached).await? {
                return Ok(Sent::Not(error));
            }
        }
        Err(EngineError::refused("no_printer"))
    }

    /// The printer, unless its keys cannot be opened now.
    async fn reached(&self, printer: PrinterId) -> Option<Reached> {
        let reached = self.reach_printer(printer).await;
        if let Err(error) = &reached {
            tracing::info!(
                printer = printer.0,
                code = error.code(),
                "a printer cannot be reached"
            );
        }
        reached.ok()
    }

    fn took(&self, ticket: &TicketRow, taken: &Taken, report: &mut PrintReport) -> Result<()> {
        if taken.state == TicketState::Printed {
            report.printed += 1;
            return self.finish(ticket, TicketStage::Printed, "");
        }
        // Taken without an id and not printed whole: paper that ran out on the way.
        let cause = if taken.ticket.is_empty() { UNKNOWN } else { "" };
        self.move_ticket(
            ticket.id,
            &Move {
                state: TicketStage::Waiting,
                remote: &taken.ticket,
                cause,
                raw: "",
                not_before: 0,
            },
        )
    }

    pub(super) fn is_not_ours(&self, error: &RemoteError) -> bool {
        let known = self.rules().recognize(error.text());
        known.is_some_and(|known| known.cause == NOT_OURS)
    }

    fn next_try(&self, ticket: &TicketRow) -> i64 {
        self.now() + back_off_ms(ticket.attempts.min(6), &self.0.chance)
    }

    /// The spare of the slip's store, unless the slip is there already.
    fn spare_of(&self, ticket: &TicketRow) -> Result<Option<PrinterId>> {
        let Some(order) = ticket.order else {
            return Ok(None);
        };
        let printing = self.db().read(|c| {
            let order = storage::order::get(c, order)?;
            storage::printer::printing_of(c, order.store)
        })?;
        Ok(printing
            .and_then(|printing| printing.spare)
            .filter(|spare| *spare != ticket.printer))
    }

    /// The light, as last asked for, is not green.
    fn is_down(&self, printer: PrinterId) -> Result<bool> {
        let row = self.db().read(|c| storage::printer::get(c, printer))?;
        Ok(matches!(row.state.as_str(), "offline" | "faulty"))
    }

    fn move_ticket(&self, id: TicketId, to: &Move<'_>) -> Result<()> {
        let at = self.now();
        self.db()
            .write(|tx| storage::ticket::set(tx, id, at, to).map_err(EngineError::from))?;
        self.events().changed(&[Tag::Printing]);
        Ok(())
    }

    fn finish(&self, ticket: &TicketRow, state: TicketStage, cause: &str) -> Result<()> {
        self.finish_with(ticket, state, cause, "")
    }

    fn finish_with(&self, ticket: &TicketRow, state: TicketStage, cause: &str, raw: &str) -> Result<()> {
        let to = Move {
            state,
            remote: &ticket.remote,
            cause,
            raw,
            not_before: 0,
        };
        self.move_ticket(ticket.id, &to)
    }

    /// Waits for the manager: its id there, if it had one, says nothing any more.
    fn wait(&self, ticket: &TicketRow, cause: &str, raw: &str) -> Result<()> {
        let to = Move {
            state: TicketStage::Waiting,
            remote: "",
            cause,
            raw,
            not_before: 0,
        };
        self.move_ticket(ticket.id, &to)
    }

    fn slip_again(&self, ticket: &TicketRow, cause: &str, raw: &str, not_before: i64) -> Result<()> {
        let to = Move {
            state: TicketStage::Queued,
            remote: "",
            cause,
            raw,
            not_before,
        };
        self.move_ticket(ticket.id, &to)
    }

    /// Drops everything that is on its way to a printer, there and here. What came out meanwhile is noted as printed.
    pub async fn clear_printer(&self, id: PrinterId) -> Result<usize> {
        let _one_at_a_time = self.0.printing.lock().await;
        let reached = self.reach_printer(id).await?;
        let (queued, waiting) = self.db().read(|c| {
            Ok((
                storage::ticket::in_state(c, TicketStage::Queued)?,
                storage::ticket::in_state(c, TicketStage::Waiting)?,
            ))
        })?;
        if reached.kind.descriptor().capabilities.queue {
            reached.kind.clear(&reached.session, &reached.row.number).await?;
        }
        let mut dropped = 0;
        for ticket in queued
            .iter()
            .chain(&waiting)
            .filter(|ticket| ticket.printer == id)
        {
            let on_paper = !ticket.remote.is_empty()
                && reached
                    .kind
                    .ticket_state(&reached.session, &ticket.remote)
                    .await?
                    == TicketState::Printed;
            if on_paper {
                self.finish(ticket, TicketStage::Printed, "")?;
            } else {
                self.finish(ticket, TicketStage::Failed, CLEARED)?;
                dropped += 1;
            }
        }
        self.events().changed(&[Tag::Printing]);
        Ok(dropped)
    }
}

/// Whether a failure goes away when somebody puts paper in or sets the cloud right, without a new slip.
fn is_curable(error: &RemoteError) -> bool {
    matches!(error, RemoteError::Rejected { code, .. } if code == "no_paper")
}
