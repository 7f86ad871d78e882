//! What an authorization gives.

use std::collections::BTreeMap;

/// What the platform's page sent to our return address: the parameters of the address, decoded.
#[derive(Clone, Default)]
pub struct ConsentAnswer(pub BTreeMap<String, String>);

impl ConsentAnswer {
    /// A parameter; empty counts as absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }
}

impl std::fmt::Debug for ConsentAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// New credential fields and their life.
#[derive(Clone)]
pub struct RefreshedToken {
    /// Fields to replace.
    pub fields: Vec<(String, String)>,
    /// End of life, UTC ms, when told.
    pub expires_at: Option<i64>,
}

impl std::fmt::Debug for RefreshedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RefreshedToken")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
