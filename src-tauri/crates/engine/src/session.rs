//! From an account's row to a session that a connector can use; and what a failed call says about the account.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::{Event, Tag};
use connect::error::RemoteError;
use connect::session::{Credentials, Session};
use domain::id::{AccountId, StoreId};
use domain::store::AuthorizationState;
use std::collections::BTreeMap;
use std::sync::Arc;
use storage::account::AccountRow;
use url::Url;

/// A token is refreshed this long before its end.
const REFRESH_AHEAD_MS: i64 = 24 * 3_600_000;

impl Engine {
    /// A session for a store on its platform.
    pub async fn store_session(&self, id: StoreId) -> Result<Session> {
        let row = self.db().read(|c| storage::store::get(c, id))?;
        let account = self.db().read(|c| storage::account::get(c, row.store.account))?;
        let credentials = self.credentials(&account).await?;
        let endpoint = row.store.endpoint.as_deref().or(account.endpoint.as_deref());
        let mut session = session(
            &account,
            credentials,
            &format!("store-{id}"),
            &row.store.remote_id,
            endpoint,
        )?;
        if !row.store.settings.is_empty() {
            let mut settings = account.settings;
            settings.extend(row.store.settings);
            session.settings = Arc::new(settings);
        }
        Ok(session)
    }

    /// A session for an account without a store, or for an ERP's branch.
    pub async fn account_session(&self, id: AccountId, branch: &str) -> Result<Session> {
        let account = self.db().read(|c| storage::account::get(c, id))?;
        let credentials = self.credentials(&account).await?;
        let store = if branch.is_empty() {
            String::new()
        } else {
            format!("branch-{id}-{branch}")
        };
        session(&account, credentials, &store, branch, account.endpoint.as_deref())
    }

    /// The account's credentials, opened once per run; refreshed ahead of the end of their life.
    pub(crate) async fn credentials(&self, account: &AccountRow) -> Result<Credentials> {
        let opened = self.0.opened.lock().get(&account.id).cloned();
        let credentials = match opened {
            Some(credentials) => credentials,
            None => self.open_sealed(account).await?,
        };
        let ends_soon = account
            .expires_at
            .is_some_and(|end| end - self.now() < REFRESH_AHEAD_MS);
        if ends_soon && account.state != AuthorizationState::Expired {
            return self.refreshed(account, credentials).await;
        }
        Ok(credentials)
    }

    async fn open_sealed(&self, account: &AccountRow) -> Result<Credentials> {
        let Some(sealed) = account.sealed.clone() else {
            return Err(EngineError::NotAuthorized(account.id));
        };
        let credentials = self.unsealed(account.id.to_string(), sealed).await?;
        self.0.opened.lock().insert(account.id, credentials.clone());
        Ok(credentials)
    }

    async fn refreshed(&self, account: &AccountRow, credentials: Credentials) -> Result<Credentials> {
        let _one_at_a_time = self.0.refreshing.lock().await;
        let now = self.db().read(|c| storage::account::get(c, account.id))?;
        if now.expires_at != account.expires_at {
            return Ok(self
                .0
                .opened
                .lock()
                .get(&account.id)
                .cloned()
                .unwrap_or(credentials));
        }
        let asking = session(account, credentials.clone(), "", "", account.endpoint.as_deref())?;
        let fresh = match account.kind {
            storage::account::AccountKind::Platform => {
                self.platform(&account.service)?.refresh(&asking).await
            }
            storage::account::AccountKind::Erp => self.erp(&account.service)?.refresh(&asking).await,
        };
        match fresh {
            Ok(Some(token)) => {
                let credentials = credentials.with(token.fields);
                self.keep_credentials(account.id, credentials.clone(), token.expires_at)
                    .await?;
                Ok(credentials)
            }
            Ok(None) => Ok(credentials),
            // The old token may still live for a while: the call itself will tell.
            Err(error) => {
                tracing::warn!(%error, account = account.id.0, "the token could not be refreshed ahead of time");
                Ok(credentials)
            }
        }
    }

    /// A token that was typed in comes without its end: renewing it once tells, so that the countdown can be shown and the
    /// next renewal is in time. Where nothing can be renewed all stays.
    pub(crate) async fn learn_end(&self, id: AccountId) -> Result<()> {
        let account = self.db().read(|c| storage::account::get(c, id))?;
        if account.expires_at.is_none() {
            let credentials = self.credentials(&account).await?;
            self.refreshed(&account, credentials).await?;
        }
        Ok(())
    }

    /// Seals credentials and stores them; keeps them for this run only when the machine has no keychain. True when
    /// they will be there next time.
    pub async fn keep_credentials(
        &self,
        id: AccountId,
        credentials: Credentials,
        expires_at: Option<i64>,
    ) -> Result<bool> {
        let (sealed, lasting) = self.sealed(id.to_string(), &credentials).await?;
        let now = self.now();
        self.db().write(|tx| {
            storage::account::set_secret(tx, id, sealed.as_deref(), expires_at)?;
            storage::account::set_state(tx, id, now, AuthorizationState::Valid, "")?;
            Ok::<_, EngineError>(())
        })?;
        self.0.opened.lock().insert(id, credentials);
        self.events().changed(&[Tag::Stores]);
        Ok(sealed.is_some() && lasting)
    }

    /// Credentials that were sealed under a name.
    pub(crate) async fn unsealed(&self, name: String, sealed: Vec<u8>) -> Result<Credentials> {
        let vault = self.0.vault.clone();
        // A keychain may block on a prompt, so it is asked off the runtime; a vault in memory never does.
        let opened = if vault.is_lasting() {
            tokio::task::spawn_blocking(move || vault.open(&name, &sealed)).await?
        } else {
            vault.open(&name, &sealed)
        };
        let opened = opened.map_err(unavailable)?;
        Ok(Credentials::new(
            opened.iter().map(|(k, v)| (k.to_owned(), v.expose().to_owned())),
        ))
    }

    /// Seals credentials under a name; nothing when the machine has no keychain and none was ever needed. True when the
    /// key to them lasts beyond this run.
    pub(crate) async fn sealed(
        &self,
        name: String,
        credentials: &Credentials,
    ) -> Result<(Option<Vec<u8>>, bool)> {
        let vault = self.0.vault.clone();
        let marker = self.db().read(storage::account::any_secret)?;
        let mut plain = secrets::Credentials::new();
        for (name, text) in credentials.expose() {
            plain.insert(name, secrets::Secret::new(text));
        }
        let lasting = vault.is_lasting();
        let seal = move || vault.ensure_key(marker).and_then(|_| vault.seal(&name, &plain));
        let sealed = if lasting {
            tokio::task::spawn_blocking(seal).await?
        } else {
            seal()
        };
        let sealed = match sealed {
            // What a vault in memory sealed cannot be opened next time, but within a run the file must behave alike.
            Ok(sealed) => Some(sealed),
            Err(secrets::Error::Unavailable { state, .. }) if state.is_without_keychain() && !marker => None,
            Err(error) => return Err(unavailable(error)),
        };
        Ok((sealed, lasting))
    }

    /// Drops opened credentials, so that the next use asks the vault again.
    pub fn forget_credentials(&self, id: AccountId) {
        self.0.opened.lock().remove(&id);
    }

    /// Notes what a call's outcome says about the account: a dead token is told loudly, once.
    pub fn note_outcome(&self, id: AccountId, outcome: std::result::Result<(), &RemoteError>) -> Result<()> {
        let (state, text) = match outcome {
            Ok(()) => (AuthorizationState::Valid, String::new()),
            Err(RemoteError::Expired { text }) => (AuthorizationState::Expired, text.clone()),
            Err(RemoteError::Refused { text, .. }) => (AuthorizationState::Revoked, text.clone()),
            Err(_) => return Ok(()),
        };
        let now = self.now();
        let before = self.db().read(|c| storage::account::get(c, id))?;
        if before.state == state && before.state_text == text {
            return Ok(());
        }
        let lost = before.state == AuthorizationState::Valid && self.says_taken(&text);
        self.db().write(|tx| {
            storage::account::set_state(tx, id, now, state, &text)?;
            if lost {
                crate::stores::note_loss(tx, id, now)?;
            }
            Ok::<_, EngineError>(())
        })?;
        self.events().send(Event::Authorization {
            account: id,
            valid: state == AuthorizationState::Valid,
        });
        self.events().changed(&[Tag::Stores]);
        Ok(())
    }
}

pub(crate) fn session(
    account: &AccountRow,
    credentials: Credentials,
    store: &str,
    remote_id: &str,
    endpoint: Option<&str>,
) -> Result<Session> {
    let endpoint = endpoint
        .filter(|text| !text.is_empty())
        .map(endpoint_url)
        .transpose()?;
    Ok(Session {
        account: format!("{}-{}", account.service, account.id),
        store: store.to_owned(),
        remote_id: remote_id.to_owned(),
        endpoint,
        credentials,
        settings: Arc::new(account.settings.clone()),
        clock_offset_ms: account.clock_offset_ms,
    })
}

/// The service and the store behind the keys of a [`Session`].
pub(crate) fn whose(account: &str, store: &str) -> (String, Option<StoreId>) {
    let service = account.rsplit_once('-').map_or(account, |(service, _)| service);
    let store = store.strip_prefix("store-").and_then(|id| id.parse().ok());
    (service.to_owned(), store.map(StoreId))
}

/// An endpoint that a person typed: https anywhere, http on this machine only.
pub(crate) fn endpoint_url(text: &str) -> Result<Url> {
    let refused = || EngineError::Refused {
        code: "endpoint_not_allowed",
        params: BTreeMap::from([("endpoint".to_owned(), text.to_owned())]),
    };
    let url = Url::parse(text).map_err(|_| refused())?;
    let uri: http::Uri = url.as_str().parse().map_err(|_| refused())?;
    if connect::transport::allowed(&uri) && url.username().is_empty() && url.password().is_none() {
        Ok(url)
    } else {
        Err(refused())
    }
}

fn unavailable(error: secrets::Error) -> EngineError {
    match error {
        secrets::Error::Unavailable { state, .. } => EngineError::Vault(state),
        secrets::Error::TimedOut(_) => EngineError::Vault(secrets::VaultState::Locked),
        other => EngineError::Secrets(other),
    }
}
