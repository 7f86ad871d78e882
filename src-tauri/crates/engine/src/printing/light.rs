//! The printer light: how each printer stands, and the repair that needs nobody (F26).

use super::accounts::Reached;
use crate::abreast::side_by_side;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::{Event, Tag};
use connect::error::RemoteError;
use connect::printer::PrinterState;
use domain::id::PrinterId;
use storage::printer::PrinterRow;

/// A light younger than this is not asked for again.
const FRESH_MS: i64 = 45_000;

impl Engine {
    /// Asks how every printer stands whose light is not fresh. A printer its cloud has forgotten is added again and asked
    /// for once more.
    pub async fn look_at_printers(&self) -> Result<()> {
        let now = self.now();
        self.look_where(|row| row.state_at.is_none_or(|at| now - at >= FRESH_MS))
            .await
    }

    /// The same of every printer, however short ago it was asked.
    pub async fn look_at_every_printer(&self) -> Result<()> {
        self.look_where(|_| true).await
    }

    /// One that does not answer keeps nobody waiting but itself.
    async fn look_where(&self, asked: impl Fn(&PrinterRow) -> bool) -> Result<()> {
        let rows = self.db().read(storage::printer::all)?;
        let ids: Vec<PrinterId> = rows.iter().filter(|row| asked(row)).map(|row| row.id).collect();
        let looked = side_by_side(&ids, |id| self.look_at_printer(id)).await;
        looked.into_iter().try_for_each(|(_, outcome)| outcome)
    }

    /// Asks how one printer stands, however short ago it was asked.
    pub async fn look_at_printer(&self, id: PrinterId) -> Result<()> {
        // One account whose keys cannot be opened now must not keep the other lights dark.
        let reached = match self.reach_printer(id).await {
            Ok(reached) => reached,
            Err(error) => {
                let (now, cause) = (self.now(), format!("error.{}", error.code()));
                self.db().write(|tx| {
                    let state = storage::printer::get(tx, id)?.state;
                    storage::printer::set_state(tx, id, now, &state, &cause, "")?;
                    Ok::<_, EngineError>(())
                })?;
                self.events().changed(&[Tag::Printing]);
                return Ok(());
            }
        };
        let number = &reached.row.number;
        let mut answer = reached.kind.status(&reached.session, number).await;
        if let Err(error) = &answer
            && self.is_not_ours(error)
            && self.restore(&reached).await?
        {
            answer = reached.kind.status(&reached.session, number).await;
        }
        self.note_light(&reached, answer)
    }

    /// Adds a printer again that its cloud does not know under the account any more; false when the cloud will not.
    pub(super) async fn restore(&self, reached: &Reached) -> Result<bool> {
        match self.add_again(reached).await {
            Ok(None) => {
                tracing::info!(
                    printer = reached.row.id.0,
                    "a printer was added to its cloud again"
                );
                Ok(true)
            }
            Ok(Some(reason)) => {
                tracing::warn!(
                    printer = reached.row.id.0,
                    reason,
                    "a printer cannot be added again"
                );
                Ok(false)
            }
            Err(EngineError::Remote(error)) => {
                tracing::warn!(printer = reached.row.id.0, %error, "a printer cannot be added again");
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    fn note_light(
        &self,
        reached: &Reached,
        answer: std::result::Result<PrinterState, RemoteError>,
    ) -> Result<()> {
        let before = &reached.row;
        let (state, cause, raw) = match answer {
            Ok(PrinterState::Ready) => ("ready", String::new(), String::new()),
            Ok(PrinterState::Faulty) => ("faulty", String::new(), String::new()),
            Ok(PrinterState::Offline) => ("offline", String::new(), String::new()),
            // The line to the cloud says nothing about the printer: its light stays as it was, with the cause.
            Err(error) if error.is_transient() => {
                let (cause, _) = self.told(error.clone());
                (before.state.as_str(), cause, error.text().to_owned())
            }
            Err(error) => {
                let (cause, _) = self.told(error.clone());
                ("faulty", cause, error.text().to_owned())
            }
        };
        let (id, now) = (before.id, self.now());
        let changed = self.db().write(|tx| {
            storage::printer::set_state(tx, id, now, state, &cause, &raw).map_err(EngineError::from)
        })?;
        if changed {
            self.events().send(Event::Printer {
                id,
                ready: state == "ready",
            });
            self.events().changed(&[Tag::Printing]);
        }
        Ok(())
    }
}
