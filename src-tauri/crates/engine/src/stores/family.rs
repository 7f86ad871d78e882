//! 换绑: a store that is authorized as one platform of a family and belongs to the other (F31a, F37, F46). It stays the
//! same store here, so that its orders, its offers and its place in the ERP stay, and no order is booked twice.

use super::ConnectionTest;
use super::connection::{LAYERS, Side};
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use crate::session::session;
use domain::id::{AccountId, StoreId};
use std::collections::BTreeMap;
use storage::account::AccountRow;
use storage::store::StoreRow;

/// What came of changing a store's platform.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlatformChange {
    /// How the new authorization stands. Nothing was changed unless every layer is good.
    pub test: ConnectionTest,
    /// Bindings before.
    pub bound_before: usize,
    /// Bindings now, after the store was read again.
    pub bound: usize,
}

impl Engine {
    /// Makes a store one of the sister platform, under an account of that platform. The account is tried first; then the
    /// store is read again and its bindings go over to what is found there (F02a). Work that waited for the old platform
    /// is taken back. Asking again after a failure in the middle goes on where it broke off.
    ///
    /// # Errors
    /// Refused as `not_a_sister` when the account is of no sister platform; a conflict when that platform has the store
    /// already.
    pub async fn change_platform(&self, id: StoreId, account: AccountId) -> Result<PlatformChange> {
        let (row, target) = self
            .db()
            .read(|c| Ok((storage::store::get(c, id)?, storage::account::get(c, account)?)))?;
        let done_already = row.store.account == account;
        let sister = self.platform(&row.store.platform)?.descriptor().sister;
        if !done_already && sister != Some(target.service.as_str()) {
            return Err(EngineError::Refused {
                code: "not_a_sister",
                params: BTreeMap::from([("service".to_owned(), target.service)]),
            });
        }
        let bound_before = self.bound_in(id)?;
        let test = self.test_as(&row, &target).await?;
        if !test.is_ok() {
            return Ok(PlatformChange {
                test,
                bound_before,
                bound: bound_before,
            });
        }
        if !done_already {
            let now = self.now();
            self.db().write(|tx| {
                storage::store::change_platform(tx, id, account, &target.service)?;
                // What was on its way carries the old platform's numbers.
                storage::task::cancel_of_store(tx, id, now)?;
                storage::setting::set(tx, &crate::stock::full_push_key(id), Some("1"))?;
                Ok::<_, EngineError>(())
            })?;
        }
        self.events()
            .changed(&[Tag::Stores, Tag::Tasks, Tag::Findings, Tag::Stock]);
        self.pull_store(id).await?;
        Ok(PlatformChange {
            test,
            bound_before,
            bound: self.bound_in(id)?,
        })
    }

    /// Tests a store as if it belonged to another account.
    async fn test_as(&self, row: &StoreRow, account: &AccountRow) -> Result<ConnectionTest> {
        let side = Side::Platform(self.platform(&account.service)?);
        let session = self.credentials(account).await.and_then(|credentials| {
            let store = format!("store-{}", row.store.id);
            let endpoint = account.endpoint.as_deref();
            session(account, credentials, &store, &row.store.remote_id, endpoint)
        });
        self.test_layers(&side, account.id, session, &LAYERS).await
    }

    fn bound_in(&self, id: StoreId) -> Result<usize> {
        let rows = self.db().read(|c| storage::listing::of_store(c, id))?;
        Ok(rows.iter().filter(|row| row.bound_to.is_some()).count())
    }
}
