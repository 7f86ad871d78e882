//! Pushes: checked by the connector, answered at once, and taken as a reason to ask the platform.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use connect::error::RemoteError;
use connect::platform::{Inbound, News, Received};
use domain::id::{AccountId, StoreId};
use domain::store::AuthorizationState;
use url::Url;

/// Setting of an account: the address that was told to its platform, where a relay stands before ours. Signatures are
/// over it.
const PUSH_ADDRESS: &str = "push_address";

impl Engine {
    /// Turns receiving on or off; polling goes on either way.
    pub async fn set_pushes(&self, on: bool) -> Result<()> {
        self.db().write(|tx| {
            storage::setting::set(tx, super::PUSHES_KEY, Some(if on { "1" } else { "0" }))
                .map_err(EngineError::from)
        })?;
        if on {
            self.inbox_address("").await?;
        } else {
            self.inbox_rest().await;
        }
        Ok(())
    }

    /// Whether pushes are received.
    pub fn receives_pushes(&self) -> Result<bool> {
        Ok(self
            .db()
            .read(|c| storage::setting::get(c, super::PUSHES_KEY))?
            .as_deref()
            == Some("1"))
    }

    /// Listens where pushes are to be received, as at the start of the program.
    pub(crate) async fn open_for_pushes(&self) {
        let outcome = match self.receives_pushes() {
            Ok(true) => self.inbox_address("").await.map(|_| ()),
            other => other.map(|_| ()),
        };
        if let Err(error) = outcome {
            // Polling reads the orders all the same; the settings page tells it when it is looked at.
            tracing::warn!(code = error.code(), "pushes cannot be received");
        }
    }

    /// The address to tell a platform for an account, as far as this machine goes.
    pub async fn push_address(&self, account: AccountId) -> Result<Url> {
        self.inbox_address(&format!("push/{account}")).await
    }

    /// Takes one push: what it tells is asked for in the background, so that the platform has its answer in time.
    ///
    /// # Errors
    /// [`EngineError::Remote`] for one that is not the platform's; nothing happens then.
    pub async fn take_push(&self, account: AccountId, mut push: Inbound) -> Result<Received> {
        let row = self.db().read(|c| storage::account::get(c, account))?;
        if let Some(known) = row.settings.get(PUSH_ADDRESS) {
            let query = push.address.query().map(str::to_owned);
            push.address = crate::session::endpoint_url(known)?;
            push.address.set_query(query.as_deref());
        }
        let session = self.account_session(account, "").await?;
        let received = self.platform(&row.service)?.receive(&session, &push)?;
        let (engine, news) = (self.clone(), received.news.clone());
        tokio::spawn(async move {
            for one in news {
                if let Err(error) = engine.follow(account, one).await {
                    // The next round of polling reads it all the same.
                    tracing::info!(
                        code = error.code(),
                        account = account.0,
                        "a push could not be followed at once"
                    );
                }
            }
        });
        Ok(received)
    }

    async fn follow(&self, account: AccountId, news: News) -> Result<()> {
        match news {
            News::Order { store, number } => {
                for id in self.stores_of(account, &store)? {
                    match self.reread_order(id, &number).await {
                        // It is another store's.
                        Err(EngineError::Remote(RemoteError::Rejected { .. })) => {}
                        other => {
                            other?;
                            break;
                        }
                    }
                }
                self.push_due().await?;
                self.print_soon();
            }
            News::Listing { store, .. } => {
                for id in self.stores_of(account, &store)? {
                    self.look_at_reviews(id).await?;
                }
            }
            News::Token(token) => {
                let session = self.account_session(account, "").await?;
                let credentials = session.credentials.with(token.fields);
                self.keep_credentials(account, credentials, token.expires_at)
                    .await?;
            }
            News::Revoked => {
                let now = self.now();
                self.db().write(|tx| {
                    storage::account::set_state(tx, account, now, AuthorizationState::Revoked, "")
                        .map_err(EngineError::from)
                })?;
                self.events().changed(&[crate::event::Tag::Stores]);
            }
        }
        Ok(())
    }

    /// The stores of an account by the platform's id; all of them when it is empty.
    fn stores_of(&self, account: AccountId, remote_id: &str) -> Result<Vec<StoreId>> {
        let stores = self
            .db()
            .read(storage::store::all)?
            .into_iter()
            .map(|row| row.store);
        let meant = stores.filter(|store| {
            store.account == account && (remote_id.is_empty() || store.remote_id == remote_id)
        });
        Ok(meant.map(|store| store.id).collect())
    }
}
