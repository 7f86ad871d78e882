//! What is wrong with a picture, as data; the words live in `assets/messages`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How much a finding matters. Ordered: a hint is less than a warning, a warning less than an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Could be better.
    Hint,
    /// Will probably be taken, but should be looked at.
    Warning,
    /// The platform will refuse it or not show it.
    Error,
}

/// Named evidence for a message, e.g. `width` → `599`. Numbers are decimal without grouping.
pub type Params = BTreeMap<&'static str, String>;

/// One finding about one picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImageFinding {
    /// Stable id, `IMG01` to `IMG09`.
    pub id: &'static str,
    /// How much it matters on the platform that was asked about.
    pub severity: Severity,
    /// The evidence; which keys each id carries is said at [`crate::check`].
    pub params: Params,
}

impl ImageFinding {
    pub(crate) fn new<const N: usize>(
        id: &'static str,
        severity: Severity,
        params: [(&'static str, String); N],
    ) -> Self {
        Self {
            id,
            severity,
            params: params.into_iter().collect(),
        }
    }
}
