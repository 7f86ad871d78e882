//! 门店与授权: adding accounts and stores, authorizing them, testing the connection layer by layer.

mod connection;
mod family;
mod masked;
mod taken;

pub use connect::platform::CredentialField;
pub use connect::session::Credentials;
pub use connection::{ConnectionStep, ConnectionTest};
pub use family::PlatformChange;
pub(crate) use masked::masked;
pub use taken::Taken;
pub(crate) use taken::note_loss;

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use domain::id::{AccountId, BatchId, StoreId};
use std::collections::BTreeMap;
use storage::account::AccountKind;
use storage::change::Changes;
use storage::store::{NewStore, StorePatch};

/// An account to add.
#[derive(Clone, Debug)]
pub struct AccountRequest {
    /// Platform or ERP id.
    pub service: String,
    /// Label; the service's own name when empty.
    pub name: String,
    /// Own endpoint.
    pub endpoint: Option<String>,
    /// Settings that are no secrets.
    pub settings: BTreeMap<String, String>,
    /// Credentials as the descriptor names them.
    pub credentials: Credentials,
}

/// A store to add.
#[derive(Clone, Debug, Default)]
pub struct StoreRequest {
    /// Platform id.
    pub platform: String,
    /// The platform's id of the shop.
    pub remote_id: String,
    /// Label.
    pub name: String,
    /// Own endpoint.
    pub endpoint: Option<String>,
    /// ERP account.
    pub erp_account: Option<AccountId>,
    /// 线下门店编号.
    pub offline_code: String,
    /// What the platform wants to know of the store ([`connect::platform::Descriptor::store_fields`]).
    pub settings: BTreeMap<String, String>,
}

/// What came of authorizing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Authorized {
    /// The account.
    pub account: AccountId,
    /// The credentials will be there at the next start; false when this machine has no keychain.
    pub kept: bool,
}

impl Engine {
    /// Adds an account with its credentials. The fields are checked against the descriptor first (F53).
    pub async fn add_account(&self, request: AccountRequest) -> Result<Authorized> {
        let kind = self.check_account(&request)?;
        let now = self.now();
        let name = if request.name.is_empty() {
            request.service.clone()
        } else {
            request.name.clone()
        };
        let account = self.db().write(|tx| {
            let id = storage::account::insert(
                tx,
                now,
                kind,
                &request.service,
                &name,
                request.endpoint.as_deref(),
            )?;
            storage::account::set_settings(tx, id, &request.settings)?;
            Ok::<_, EngineError>(id)
        })?;
        match self.keep_credentials(account, request.credentials, None).await {
            Ok(kept) => Ok(Authorized { account, kept }),
            Err(error) => {
                // An account that could not keep its credentials would only confuse: take it away again.
                self.db()
                    .write(|tx| storage::account::delete(tx, account).map_err(EngineError::from))?;
                Err(error)
            }
        }
    }

    fn check_account(&self, request: &AccountRequest) -> Result<AccountKind> {
        let (kind, fields) = if let Some(platform) = self.connectors().platforms.get(&request.service) {
            (AccountKind::Platform, &platform.descriptor().credential_fields)
        } else if let Some(erp) = self.connectors().erps.get(&request.service) {
            (AccountKind::Erp, &erp.descriptor().credential_fields)
        } else {
            return Err(EngineError::UnknownService(request.service.clone()));
        };
        if let Some(field) = missing_field(fields, request) {
            return Err(EngineError::refused_with(
                "credential_missing",
                [("field", field.label.to_owned())],
            ));
        }
        if let Some(endpoint) = &request.endpoint {
            crate::session::endpoint_url(endpoint)?;
        }
        Ok(kind)
    }

    /// Replaces the credentials of an account: authorizing again. Work that waited for it goes on by itself.
    pub async fn authorize(&self, account: AccountId, credentials: Credentials) -> Result<Authorized> {
        let known = self.db().read(|c| storage::account::get(c, account))?;
        // Fields that were not given again keep their value, so that renewing one token does not ask for all keys.
        let old = self.0.opened.lock().get(&account).cloned().unwrap_or_default();
        let merged = old.with(credentials.expose());
        self.check_account(&AccountRequest {
            service: known.service,
            name: known.name,
            endpoint: None,
            settings: BTreeMap::new(),
            credentials: merged.clone(),
        })?;
        let kept = self.keep_credentials(account, merged, None).await?;
        Ok(Authorized { account, kept })
    }

    /// Adds a store to an account.
    pub fn add_store(&self, account: AccountId, request: &StoreRequest) -> Result<StoreId> {
        self.platform(&request.platform)?;
        let owner = self.db().read(|c| storage::account::get(c, account))?;
        if owner.service != request.platform {
            return Err(EngineError::refused_with(
                "account_of_other_platform",
                [("service", owner.service)],
            ));
        }
        self.must_be_erp(request.erp_account)?;
        if request.remote_id.trim().is_empty() {
            return Err(EngineError::refused("remote_id_missing"));
        }
        if let Some(endpoint) = &request.endpoint {
            crate::session::endpoint_url(endpoint)?;
        }
        let now = self.now();
        let name = if request.name.is_empty() {
            &request.remote_id
        } else {
            &request.name
        };
        let id = self.db().write(|tx| {
            storage::store::insert(
                tx,
                now,
                &NewStore {
                    account,
                    platform: &request.platform,
                    remote_id: request.remote_id.trim(),
                    name,
                    endpoint: request.endpoint.as_deref(),
                    erp_account: request.erp_account,
                    offline_code: &request.offline_code,
                    settings: &request.settings,
                },
            )
            .map_err(EngineError::from)
        })?;
        self.events().changed(&[Tag::Stores]);
        Ok(id)
    }

    /// Changes a store's label, ERP, number or switches, as an undoable batch. Orders that waited for it are pushed
    /// again; opening the stock switch pushes a full snapshot at the next round (F04e).
    pub fn update_store(&self, id: StoreId, patch: &StorePatch) -> Result<BatchId> {
        if let Some(Some(endpoint)) = &patch.endpoint {
            crate::session::endpoint_url(endpoint)?;
        }
        self.must_be_erp(patch.erp_account.flatten())?;
        let before = self.db().read(|c| storage::store::get(c, id))?;
        let origin = self.by_user("batch.edit_store");
        let batch = self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            storage::store::update(&mut changes, id, patch)?;
            let batch = changes.id();
            changes.finish(false)?;
            let opened_stock = patch.switches.is_some_and(|s| s.stock) && !before.store.switches.stock;
            if opened_stock {
                storage::setting::set(tx, &crate::stock::full_push_key(id), Some("1"))?;
            }
            Ok::<_, EngineError>(batch)
        })?;
        let default_item = |settings: &BTreeMap<String, String>| {
            settings
                .get(crate::orders::DEFAULT_ITEM)
                .cloned()
                .unwrap_or_default()
        };
        let stands_in = patch.settings.contains_key(crate::orders::DEFAULT_ITEM)
            && default_item(&patch.settings) != default_item(&before.store.settings);
        if patch.offline_code.is_some() || patch.erp_account.is_some() || stands_in {
            self.repush_waiting(&storage::exception::Which::Store(id))?;
        }
        self.events().changed(&[Tag::Stores]);
        Ok(batch)
    }

    fn must_be_erp(&self, account: Option<AccountId>) -> Result<()> {
        let Some(account) = account else {
            return Ok(());
        };
        let row = self.db().read(|c| storage::account::get(c, account))?;
        if row.kind == AccountKind::Erp {
            Ok(())
        } else {
            Err(EngineError::refused_with("not_an_erp", [("name", row.name)]))
        }
    }

    /// Takes a store out of use. Local data stays for history; the platform is untouched.
    pub fn remove_store(&self, id: StoreId) -> Result<()> {
        let now = self.now();
        self.db()
            .write(|tx| storage::store::remove(tx, id, now).map_err(EngineError::from))?;
        self.events().changed(&[Tag::Stores]);
        Ok(())
    }

    /// The stores that an account can see on its platform, for the wizard.
    pub async fn remote_stores(&self, account: AccountId) -> Result<Vec<connect::platform::RemoteStore>> {
        let row = self.db().read(|c| storage::account::get(c, account))?;
        let session = self.account_session(account, "").await?;
        let answer = self.platform(&row.service)?.stores(&session).await;
        self.note_outcome(account, answer.as_ref().map(|_| ()))?;
        Ok(answer?)
    }

    /// The branches of an ERP, for choosing 线下门店编号.
    pub async fn erp_branches(&self, account: AccountId) -> Result<Vec<connect::erp::Branch>> {
        let row = self.db().read(|c| storage::account::get(c, account))?;
        let session = self.account_session(account, "").await?;
        let answer = self.erp(&row.service)?.branches(&session).await;
        self.note_outcome(account, answer.as_ref().map(|_| ()))?;
        Ok(answer?)
    }
}

/// The first field that an account needs and does not have. Where a choice decides what is asked for and none was made,
/// the fields of any one answer will do.
fn missing_field<'a>(fields: &'a [CredentialField], request: &AccountRequest) -> Option<&'a CredentialField> {
    let given = |key: &str| {
        let named = request.settings.get(key).map(String::as_str);
        request.credentials.get(key).or(named)
    };
    let missing = |answer: Option<&str>| {
        fields.iter().filter(|field| !field.optional).find(|field| {
            let asked = field
                .asked_with
                .is_none_or(|(decides, value)| given(decides).or(answer) == Some(value));
            asked && request.credentials.get(field.key).is_none()
        })
    };
    let answers = fields.iter().flat_map(|field| field.choices);
    let mut found: Vec<_> = answers.map(|(value, _)| missing(Some(value))).collect();
    if found.is_empty() {
        found.push(missing(None));
    }
    if found.iter().any(Option::is_none) {
        return None;
    }
    found.into_iter().next().flatten()
}
