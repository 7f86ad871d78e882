//! A reason for or against something: a code whose words are data, with the values the words need.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One reason. The words are in the `reason` sections of assets/messages, by [`Reason::code`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Reason {
    /// Stable code, e.g. `same_barcode`.
    pub code: String,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
}

impl Reason {
    /// A reason without values yet.
    pub fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            params: BTreeMap::new(),
        }
    }

    /// Adds a value for the words.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.params.insert(key.to_owned(), value.into());
        self
    }
}
