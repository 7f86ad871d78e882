//! Authorizing on the platform's own page: the browser goes there, the manager agrees, and the page leads back to us
//! with a code that is traded for tokens.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use connect::platform::ConsentAnswer;
use domain::id::AccountId;
use rand::TryRng as _;
use rand::rngs::SysRng;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use url::Url;

/// A page left open so long is not waited for any more.
const PATIENCE_MS: i64 = 10 * 60_000;

/// A question that was asked.
pub(super) struct Waiting {
    state: String,
    return_to: Url,
    begun_at: i64,
    outcome: Option<Outcome>,
}

type Outcome = std::result::Result<(), (String, BTreeMap<String, String>)>;

/// Where the manager agrees.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConsentStarted {
    /// The platform's page.
    pub page: Url,
    /// Where it leads back to: the application has to be registered with this address.
    pub return_to: Url,
}

/// How a consent stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ConsentState {
    /// Nobody asked.
    None,
    /// The page is open.
    Waiting,
    /// The tokens are here.
    Done,
    /// It did not work: code and values of the words.
    Failed(String, BTreeMap<String, String>),
}

impl Engine {
    /// Opens the return address and says where the manager agrees. An earlier question of the account is forgotten.
    ///
    /// # Errors
    /// Refused as `no_consent_page` where the platform has none, as `inbox_port_taken` when another program listens
    /// there.
    pub async fn consent_begin(&self, account: AccountId) -> Result<ConsentStarted> {
        let row = self.db().read(|c| storage::account::get(c, account))?;
        let platform = self.platform(&row.service)?;
        if !platform.descriptor().capabilities.consent {
            return Err(EngineError::refused("no_consent_page"));
        }
        let session = self.account_session(account, "").await?;
        let return_to = self.inbox_address("authorized").await?;
        let state = secret()?;
        let page = platform.consent(&session, &return_to, &state)?;
        let waiting = Waiting {
            state,
            return_to: return_to.clone(),
            begun_at: self.now(),
            outcome: None,
        };
        self.0.inbox.consents.lock().insert(account, waiting);
        Ok(ConsentStarted { page, return_to })
    }

    /// How the consent of an account stands.
    pub fn consent_state(&self, account: AccountId) -> ConsentState {
        let held = self.0.inbox.consents.lock();
        let Some(waiting) = held.get(&account) else {
            return ConsentState::None;
        };
        match &waiting.outcome {
            Some(Ok(())) => ConsentState::Done,
            Some(Err((code, params))) => ConsentState::Failed(code.clone(), params.clone()),
            None if self.now() - waiting.begun_at > PATIENCE_MS => {
                ConsentState::Failed("error.consent_too_late".to_owned(), BTreeMap::new())
            }
            None => ConsentState::Waiting,
        }
    }

    /// Does not wait any more.
    pub async fn consent_end(&self, account: AccountId) {
        self.0.inbox.consents.lock().remove(&account);
        self.inbox_rest().await;
    }

    /// Whether anybody is waited for.
    pub(super) fn consents_wait(&self) -> bool {
        let held = self.0.inbox.consents.lock();
        held.values()
            .any(|one| one.outcome.is_none() && self.now() - one.begun_at <= PATIENCE_MS)
    }

    /// What came back. An answer without the secret of a question that waits changes nothing.
    pub(super) async fn consent_answer(&self, answer: &ConsentAnswer) -> ConsentState {
        let given = answer.get("state").unwrap_or_default();
        let (account, return_to) = {
            let held = self.0.inbox.consents.lock();
            let found = held
                .iter()
                .find(|(_, one)| one.outcome.is_none() && !given.is_empty() && same(&one.state, given));
            match found {
                Some((account, one)) if self.now() - one.begun_at <= PATIENCE_MS => {
                    (*account, one.return_to.clone())
                }
                _ => return ConsentState::None,
            }
        };
        let outcome = match self.redeem(account, answer, &return_to).await {
            Ok(()) => Ok(()),
            Err(EngineError::Remote(error)) => Err(self.told(error)),
            Err(error) => Err((format!("error.{}", error.code()), error.params())),
        };
        if let Some(waiting) = self.0.inbox.consents.lock().get_mut(&account) {
            waiting.outcome = Some(outcome);
        }
        self.events().changed(&[crate::event::Tag::Stores]);
        self.consent_state(account)
    }

    async fn redeem(&self, account: AccountId, answer: &ConsentAnswer, return_to: &Url) -> Result<()> {
        let row = self.db().read(|c| storage::account::get(c, account))?;
        let session = self.account_session(account, "").await?;
        let token = self
            .platform(&row.service)?
            .redeem(&session, answer, return_to)
            .await?;
        let credentials = session.credentials.with(token.fields);
        self.keep_credentials(account, credentials, token.expires_at)
            .await?;
        Ok(())
    }
}

/// 128 bits that nobody can guess, as hex.
fn secret() -> Result<String> {
    let mut bytes = [0_u8; 16];
    SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| EngineError::Secrets(secrets::Error::Random(error)))?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// Compares without telling by its time how much was right.
fn same(a: &str, b: &str) -> bool {
    let differing = a.bytes().zip(b.bytes()).fold(0, |seen, (a, b)| seen | (a ^ b));
    a.len() == b.len() && differing == 0
}
