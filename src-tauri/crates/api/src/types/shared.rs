//! Types that several features use.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Words by code with their values; the window looks the code up in the messages.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct WordsView {
    /// Code of the words, e.g. `finding.F41`, `order.pushed`.
    pub code: String,
    /// Values for `{name}` in the words.
    pub params: BTreeMap<String, String>,
}

/// A way out that can be run.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct RemedyView {
    /// Words are `remedy.<kind>`.
    pub kind: String,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
    /// Opaque; hand it to `remedy_run` as it is.
    #[ts(type = "unknown")]
    pub action: serde_json::Value,
    /// When not empty the remedy needs the manager: which page or dialog opens (`sku`, `matching`, `erp_picker`, `authorize`, `store`, `category`).
    pub opens: String,
    /// The app is sure of the values: it may be run without looking.
    pub sure: bool,
}

/// One thing to tell the manager.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct FindingView {
    /// Stable id, words are `finding.<id>`.
    pub id: String,
    /// `error`, `warning` or `hint`.
    pub severity: String,
    /// What it is about, as text a person knows (product and spec name, order number, store name).
    pub subject: String,
    /// Product, when it is about one.
    pub product: Option<i64>,
    /// SKU, when it is about one.
    pub sku: Option<i64>,
    /// Store, when it is about one.
    pub store: Option<i64>,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
    /// The platform's own text, may be empty.
    pub raw: String,
    /// Best first.
    pub remedies: Vec<RemedyView>,
}

/// A store as a mark with a name.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct StoreBadge {
    /// Row id.
    pub id: i64,
    /// Platform id, for the mark.
    pub platform: String,
    /// Label.
    pub name: String,
}

/// A picture of a product.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PictureView {
    /// Content hash; address by the host.
    pub hash: String,
    /// Pixels.
    pub width: i64,
    /// Pixels.
    pub height: i64,
    /// File size.
    pub bytes: i64,
    /// Real format.
    pub format: String,
    /// What platforms would say, worst first.
    pub findings: Vec<FindingView>,
}

/// One undoable change.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct BatchView {
    /// Batch id.
    pub id: i64,
    /// UTC ms.
    pub at: i64,
    /// Who; `auto` is the app itself.
    pub actor: String,
    /// What.
    pub title: WordsView,
    /// Rows changed.
    pub changes: i64,
    /// Taken back already.
    pub undone: bool,
    /// Can be undone now.
    pub undoable: bool,
}

/// Nothing.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct Empty {}

/// One row.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct IdRequest {
    /// Row id.
    pub id: i64,
}

/// Some stores.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct StoreIds {
    /// Row ids; empty means all.
    pub stores: Vec<i64>,
}

/// How many.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct Count {
    /// Number.
    pub count: i64,
}

/// One text.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct Text {
    /// The text.
    pub text: String,
}

/// A file on this machine.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PathRequest {
    /// Full path.
    pub path: String,
}

impl WordsView {
    /// Words without values.
    pub fn of(code: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            params: BTreeMap::new(),
        }
    }

    /// Words with their values.
    pub fn with(code: impl Into<String>, params: BTreeMap<String, String>) -> Self {
        Self {
            code: code.into(),
            params,
        }
    }

    /// The words of a failure: `error.<code>`.
    pub fn of_error(error: &engine::error::EngineError) -> Self {
        Self::with(format!("error.{}", error.code()), error.params())
    }
}
