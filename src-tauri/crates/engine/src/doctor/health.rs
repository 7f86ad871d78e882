//! Checks of the app's own health. Each answers with words by code and whether it is well.

use crate::engine::Engine;
use crate::error::Result;
use domain::store::AuthorizationState;
use std::collections::BTreeMap;

/// A backup older than this is worth a word.
const STALE_BACKUP_MS: i64 = 2 * 86_400_000;
/// Platforms refuse requests signed further than this from their clock.
pub(super) const CLOCK_OFF_MS: i64 = 300_000;

/// One check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Check {
    /// Words are `doctor.<code>`.
    pub code: &'static str,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
    /// Well.
    pub ok: bool,
}

pub(super) fn check(ok: bool, good: &'static str, bad: &'static str) -> Check {
    Check {
        code: if ok { good } else { bad },
        params: BTreeMap::new(),
        ok,
    }
}

impl Check {
    pub(super) fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }
}

impl Engine {
    /// Runs all checks. Nothing is changed and no platform is called.
    pub async fn health(&self) -> Result<Vec<Check>> {
        let vault = self.vault_state().await?;
        let engine = self.clone();
        tokio::task::spawn_blocking(move || {
            let mut checks = vec![engine.database()?];
            checks.push(check(engine.db().can_write(), "writable", "read_only"));
            checks.push(
                check(vault.is_ready(), "vault_ready", "vault_unavailable").with("state", vault.code()),
            );
            if !engine.vault_is_lasting() {
                checks.push(check(false, "vault_lasting", "vault_this_run_only"));
            }
            checks.push(engine.pictures()?);
            checks.push(engine.backup_age()?);
            checks.extend(engine.accounts()?);
            checks.push(engine.unknown_outcomes()?);
            Ok(checks)
        })
        .await?
    }

    fn database(&self) -> Result<Check> {
        let verdict = self.db().read(|connection| {
            let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            let orphans: i64 =
                connection.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| {
                    row.get(0)
                })?;
            Ok(if verdict == "ok" && orphans > 0 {
                format!("{orphans} orphans")
            } else {
                verdict
            })
        })?;
        let ok = verdict == "ok";
        Ok(check(ok, "database_whole", "database_damaged").with("text", verdict))
    }

    fn pictures(&self) -> Result<Check> {
        let used = self.db().read(storage::picture::in_use)?;
        let missing = used
            .iter()
            .filter(|row| !storage::picture::path(self.folder(), &row.hash).is_ok_and(|path| path.is_file()))
            .count();
        Ok(check(missing == 0, "pictures_there", "pictures_missing")
            .with("missing", missing)
            .with("count", used.len()))
    }

    fn backup_age(&self) -> Result<Check> {
        let last = self
            .db()
            .read(|c| storage::setting::get(c, super::backup::LAST))?
            .and_then(|text| text.parse::<i64>().ok());
        let age = last.map(|at| self.now() - at);
        let fresh = age.is_some_and(|age| age < STALE_BACKUP_MS);
        let days = age.map_or_else(String::new, |age| (age / 86_400_000).to_string());
        Ok(check(
            fresh,
            "backup_fresh",
            if last.is_some() {
                "backup_stale"
            } else {
                "backup_none"
            },
        )
        .with("days", days))
    }

    fn accounts(&self) -> Result<Vec<Check>> {
        let accounts = self.db().read(storage::account::all)?;
        let mut checks = Vec::new();
        for account in accounts {
            let ok = matches!(account.state, AuthorizationState::Valid);
            checks.push(check(ok, "account_valid", "account_dead").with("name", &account.name));
            if account.clock_offset_ms.abs() > CLOCK_OFF_MS {
                let seconds = account.clock_offset_ms / 1000;
                checks.push(check(false, "clock_right", "clock_off").with("seconds", seconds));
            }
        }
        Ok(checks)
    }

    fn unknown_outcomes(&self) -> Result<Check> {
        let count = self.db().read(|c| {
            storage::exception::list(
                c,
                &storage::exception::Which::Cause(crate::orders::UNKNOWN_OUTCOME.to_owned()),
            )
        })?;
        Ok(check(count.is_empty(), "outcomes_known", "outcomes_unknown").with("count", count.len()))
    }
}
