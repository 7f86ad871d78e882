//! What may be shown of credentials: which fields are set, and the values of those that are no secrets.

use crate::engine::Engine;
use connect::platform::CredentialField;
use connect::session::Credentials;
use std::collections::BTreeMap;
use storage::account::AccountRow;

/// Stands for a secret that is set. Its length says nothing about the secret's.
const MASK: &str = "••••••••";

impl Engine {
    /// The fields that an account's service asks for and that are set: secrets masked, the others in clear while the
    /// credentials are open in this run. Never asks the keychain.
    pub fn masked_credentials(&self, account: &AccountRow) -> BTreeMap<String, String> {
        let opened = self.0.opened.lock().get(&account.id).cloned();
        let fields = self.credential_fields(&account.service);
        masked(&fields, opened.as_ref(), account.has_secret)
    }

    /// What authorizing at a service asks for; empty for an unknown one.
    pub fn credential_fields(&self, service: &str) -> Vec<CredentialField> {
        let connectors = self.connectors();
        connectors
            .platforms
            .get(service)
            .map(|platform| platform.descriptor().credential_fields.clone())
            .or_else(|| {
                let erp = connectors.erps.get(service)?;
                Some(erp.descriptor().credential_fields.clone())
            })
            .unwrap_or_default()
    }
}

/// Those of the fields that are set, secrets masked; `opened` where the credentials are open in this run.
pub(crate) fn masked(
    fields: &[CredentialField],
    opened: Option<&Credentials>,
    has_secret: bool,
) -> BTreeMap<String, String> {
    let shown = fields.iter().filter_map(|field| {
        let text = match opened {
            Some(held) if field.secret => held.get(field.key).map(|_| MASK.to_owned()),
            Some(held) => held.get(field.key).map(str::to_owned),
            // Sealed: which optional fields are set is not known before they are opened.
            None => (has_secret && !field.optional).then(|| MASK.to_owned()),
        };
        text.map(|text| (field.key.to_owned(), text))
    });
    shown.collect()
}
