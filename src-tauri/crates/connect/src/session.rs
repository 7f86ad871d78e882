//! Whose behalf a call is made on.

use crate::error::RemoteError;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::sync::Arc;
use url::Url;

/// Credentials by field name, as each platform's descriptor names them. Debug shows names only.
#[derive(Clone, Default)]
pub struct Credentials(Arc<BTreeMap<String, SecretString>>);

impl Credentials {
    /// From plain pairs; the texts are moved, not copied.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(Arc::new(
            pairs
                .into_iter()
                .map(|(name, text)| (name, SecretString::from(text)))
                .collect(),
        ))
    }

    /// A field that must be there.
    pub fn need(&self, field: &str) -> Result<&str, RemoteError> {
        self.get(field).ok_or_else(|| RemoteError::MissingCredential {
            field: field.to_owned(),
        })
    }

    /// A field that may be there; empty counts as absent.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.0
            .get(field)
            .map(ExposeSecret::expose_secret)
            .filter(|text| !text.is_empty())
    }

    /// The names of the fields that are there.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A copy with some fields replaced (after a token refresh).
    #[must_use]
    pub fn with(&self, pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut all: BTreeMap<String, SecretString> = (*self.0).clone();
        all.extend(
            pairs
                .into_iter()
                .map(|(name, text)| (name, SecretString::from(text))),
        );
        Self(Arc::new(all))
    }

    /// All fields in clear, for sealing. Nothing else may call this.
    pub fn expose(&self) -> BTreeMap<String, String> {
        self.0
            .iter()
            .map(|(name, secret)| (name.clone(), secret.expose_secret().to_owned()))
            .collect()
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// One account, and one store of it where the call needs a store.
#[derive(Clone, Debug)]
pub struct Session {
    /// Key for pacing per app: platform and account row id.
    pub account: String,
    /// Key for pacing per store; empty for calls that concern no store.
    pub store: String,
    /// The platform's id of the store; for an ERP the branch number (线下门店编号).
    pub remote_id: String,
    /// Where to call. `None` is the connector's own address.
    pub endpoint: Option<Url>,
    /// The account's credentials.
    pub credentials: Credentials,
    /// Settings of the account that are no secrets (order mode, uncertain protocol facts).
    pub settings: Arc<BTreeMap<String, String>>,
    /// What to add to the local clock to get the server's, in milliseconds.
    pub clock_offset_ms: i64,
}

impl Session {
    /// A setting, or its default.
    pub fn setting<'a>(&'a self, name: &str, default: &'a str) -> &'a str {
        self.settings.get(name).map_or(default, String::as_str)
    }
}
