//! F32: a store's authorization that is taken by another device, usually a printer. Three signs tell: the platform calls
//! the token foreign, it does so again and again, and orders were missing.

use crate::engine::Engine;
use crate::error::Result;
use domain::id::{AccountId, StoreId};
use storage::account::AccountRow;
use storage::db::Tx;

/// Losses older than this say nothing about now.
const KEPT_MS: i64 = 7 * 24 * 3_600_000;
/// The cause that the error dictionary gives to the platform's words.
const TAKEN: &str = "F32";

/// What speaks for another device.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Taken {
    /// It holds the authorization at this moment.
    pub now: bool,
    /// How often the authorization was lost within a week.
    pub times: usize,
    /// Orders that the last comparison found missing.
    pub missing: usize,
    /// All three signs are there: it is certainly so.
    pub certain: bool,
}

fn key(account: AccountId) -> String {
    format!("account.taken.{account}")
}

/// When the authorization was lost, UTC ms, within the week before `now`.
fn losses(kept: Option<&str>, now: i64) -> Vec<i64> {
    let all: Vec<i64> = kept
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    all.into_iter().filter(|at| now - at < KEPT_MS).collect()
}

/// Keeps that an account's authorization was lost just now.
pub(crate) fn note_loss(tx: &Tx<'_>, account: AccountId, now: i64) -> Result<()> {
    let key = key(account);
    let mut times = losses(storage::setting::get(tx, &key)?.as_deref(), now);
    times.push(now);
    storage::setting::set(tx, &key, Some(&serde_json::to_string(&times)?))?;
    Ok(())
}

impl Engine {
    /// Whether the platform's words mean that another device has the authorization.
    pub(crate) fn says_taken(&self, text: &str) -> bool {
        self.rules()
            .recognize(text)
            .is_some_and(|known| known.cause == TAKEN)
    }

    /// What speaks for another device having a store's authorization; nothing where it was not lost within a week.
    pub fn taken(&self, store: StoreId, account: &AccountRow) -> Result<Option<Taken>> {
        let kept = self.db().read(|c| storage::setting::get(c, &key(account.id)))?;
        let now = self.now();
        let times = losses(kept.as_deref(), now).len();
        if times == 0 {
            return Ok(None);
        }
        let compared = self.orders_compared(store)?.filter(|one| now - one.at < KEPT_MS);
        let missing = compared.map_or(0, |one| one.missing);
        Ok(Some(Taken {
            now: self.says_taken(&account.state_text),
            times,
            missing,
            certain: times > 1 && missing > 0,
        }))
    }
}
