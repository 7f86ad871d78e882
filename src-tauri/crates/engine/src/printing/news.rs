//! What a printer cloud tells by itself: believed only with the cloud's signature, and only of slips that wait there.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use connect::printer::TicketState;
use domain::id::PrinterAccountId;
use url::Url;

impl Engine {
    /// The address to tell the cloud of an account, as far as this machine goes.
    pub async fn printed_address(&self, account: PrinterAccountId) -> Result<Url> {
        self.inbox_address(&format!("printed/{account}")).await
    }

    /// Takes a cloud's message about a slip; gives the answer that the cloud wants to hear. What it tells is noted once
    /// the printing round under way is over. A message that is lost meanwhile is no loss: rounds go on asking.
    ///
    /// # Errors
    /// [`EngineError::Remote`] for one that is not the cloud's; nothing happens then.
    pub async fn take_ticket_news(&self, account: PrinterAccountId, body: &[u8]) -> Result<&'static str> {
        let (kind, session) = self.printer_account_session(account).await?;
        let news = kind.receive(&session, body)?;
        if news.state == TicketState::Printed {
            let engine = self.clone();
            tokio::spawn(async move {
                if let Err(error) = engine.note_printed(account, &news.ticket).await {
                    tracing::info!(
                        code = error.code(),
                        account = account.0,
                        "a slip's message could not be noted"
                    );
                }
            });
        }
        Ok(news.reply)
    }

    async fn note_printed(&self, account: PrinterAccountId, ticket: &str) -> Result<()> {
        // A round holds rows that it read before: what it decides of them must not undo this, nor the other way round.
        let _one_at_a_time = self.0.printing.lock().await;
        let at = self.now();
        let noted = self
            .db()
            .write(|tx| storage::ticket::printed(tx, account, ticket, at).map_err(EngineError::from))?;
        if noted {
            self.events().changed(&[Tag::Printing]);
        }
        Ok(())
    }
}
