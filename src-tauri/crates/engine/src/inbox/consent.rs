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
        let side = self.side_of(&row)?;
        if !side.has_consent() {
            return Err(EngineError::refused("no_consent_page"));
        }
        let session = self.account_session(account, "").await?;
        let return_to = self.inbox_address("authorized").await?;
        let state = secret()?;
        let page = side.consent(&session, &return_to, &state)?;
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

    /// Takes what the manager copied from the page that the browser ended on: the whole address, or the code alone. For
    /// applications whose return address is somewhere else than here.
    ///
    /// # Errors
    /// Refused as `consent_not_waiting` when no page is open, as `consent_unreadable` when the text is neither.
    pub async fn consent_paste(&self, account: AccountId, text: &str) -> Result<ConsentState> {
        let state = {
            let held = self.0.inbox.consents.lock();
            let waits = held
                .get(&account)
                .filter(|one| one.outcome.is_none() && self.now() - one.begun_at <= PATIENCE_MS);
            waits.map(|one| one.state.clone())
        };
        let Some(state) = state else {
            return Err(EngineError::refused("consent_not_waiting"));
        };
        let answer = pasted(text.trim(), state).ok_or(EngineError::refused("consent_unreadable"))?;
        match self.consent_answer(&answer).await {
            // The address of another question.
            ConsentState::None => Err(EngineError::refused("consent_unreadable")),
            told => Ok(told),
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
        let token = self.side_of(&row)?.redeem(&session, answer, return_to).await?;
        let credentials = session.credentials.with(token.fields);
        self.keep_credentials(account, credentials, token.expires_at)
            .await?;
        Ok(())
    }
}

/// What stands in a copied text. An address without a state is taken for the answer to the question that waits, as a bare
/// code is: the manager put it there.
fn pasted(text: &str, state: String) -> Option<ConsentAnswer> {
    let mut fields: BTreeMap<String, String> = match Url::parse(text) {
        Ok(address) => address.query_pairs().into_owned().collect(),
        Err(_) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) => {
            BTreeMap::from([("code".to_owned(), text.to_owned())])
        }
        Err(_) => return None,
    };
    if fields.is_empty() {
        return None;
    }
    fields.entry("state".to_owned()).or_insert(state);
    Some(ConsentAnswer(fields))
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

#[cfg(test)]
mod tests {
    use super::pasted;

    #[test]
    fn a_code_or_a_whole_address_may_be_pasted() {
        let of = |text: &str| {
            let answer = pasted(text, "ours".to_owned())?;
            Some((answer.get("code")?.to_owned(), answer.get("state")?.to_owned()))
        };
        let both = |code: &str, state: &str| Some((code.to_owned(), state.to_owned()));
        assert_eq!(of("c0de"), both("c0de", "ours"));
        assert_eq!(
            of("https://shop.example/back?code=c0de&app_key=1"),
            both("c0de", "ours")
        );
        // What it says of itself stays, so that the answer to another question is not taken for this one's.
        assert_eq!(
            of("https://shop.example/back?code=c0de&state=other"),
            both("c0de", "other")
        );
        for text in ["", "去授权 c0de", "https://shop.example/back"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
