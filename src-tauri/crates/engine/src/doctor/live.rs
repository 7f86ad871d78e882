//! Checks that look outside: room on the disk, whether each service is reached, and how far its clock is from ours.

use super::health::{CLOCK_OFF_MS, Check, check};
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use connect::error::{Layer, RemoteError};
use futures_util::future::join_all;
use std::collections::BTreeSet;
use std::time::Duration;
use storage::account::AccountRow;

/// Below this an import or a backup may fill the disk.
const ROOM: u64 = 1_000_000_000;
/// A service that has not answered after this long counts as not reached.
const PATIENCE: Duration = Duration::from_secs(8);

impl Engine {
    /// Runs the checks that look outside. Every service is asked once, all at the same time, and nothing is changed.
    pub async fn live_health(&self) -> Result<Vec<Check>> {
        let folder = self.folder().to_path_buf();
        let free = tokio::task::spawn_blocking(move || fs4::available_space(folder)).await?;
        let free = free.map_err(|source| EngineError::File {
            path: "guitai.sqlite".to_owned(),
            source,
        })?;
        let mut checks = vec![room(free)];
        let accounts = self.db().read(storage::account::all)?;
        let mut seen = BTreeSet::new();
        let asked = accounts
            .iter()
            .filter(|account| seen.insert((&account.service, &account.endpoint)))
            .map(|account| self.reach(account));
        for reached in join_all(asked).await {
            checks.extend(reached?);
        }
        Ok(checks)
    }

    async fn reach(&self, account: &AccountRow) -> Result<Vec<Check>> {
        // That an account is not authorized is told by a check of its own.
        let Ok(session) = self.account_session(account.id, "").await else {
            return Ok(Vec::new());
        };
        let side = self.side_of(account)?;
        let answer = tokio::time::timeout(PATIENCE, side.probe(&session, Layer::Signature)).await;
        let reached = match answer {
            Ok(Err(RemoteError::MissingCredential { .. } | RemoteError::Unsupported { .. })) => {
                return Ok(Vec::new());
            }
            Ok(Err(RemoteError::Unreachable { .. } | RemoteError::NoAnswer { .. })) | Err(_) => false,
            // A refusal came over the line as well.
            Ok(_) => true,
        };
        let name = self.service_name(&account.service);
        let mut checks = vec![check(reached, "reachable", "unreachable").with("name", &name)];
        if let Some(offset) = self
            .connectors()
            .gateway
            .clock_offset(&session)
            .filter(|_| reached)
        {
            let right = offset.abs() <= CLOCK_OFF_MS;
            let told = check(right, "clock_near", "clock_far").with("name", &name);
            checks.push(told.with("seconds", offset.abs() / 1000));
        }
        Ok(checks)
    }
}

fn room(free: u64) -> Check {
    let tenths = free / 100_000_000;
    check(free >= ROOM, "disk_room", "disk_tight").with("free", format!("{}.{} GB", tenths / 10, tenths % 10))
}

#[cfg(test)]
mod tests {
    use super::room;

    #[test]
    fn less_than_a_gigabyte_is_told() {
        for (free, code, text) in [
            (12_345_678_901, "disk_room", "12.3 GB"),
            (999_999_999, "disk_tight", "0.9 GB"),
        ] {
            let check = room(free);
            assert_eq!((check.code, check.params["free"].as_str()), (code, text));
        }
    }
}
