//! Import and export of sheets.

use super::shared::WordsView;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// What a file looks like before it is imported.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct SheetOpen {
    /// The file.
    pub path: String,
    /// File name.
    pub name: String,
    /// Sheets in it.
    pub sheets: Vec<String>,
    /// The one read.
    pub sheet: String,
    /// 1-based row of the header.
    pub header_row: i64,
    /// Its columns.
    pub columns: Vec<SheetColumn>,
    /// Opaque mapping to hand back, as recognised.
    #[ts(type = "unknown")]
    pub mapping: serde_json::Value,
    /// Fields that a column can be put to.
    pub fields: Vec<SheetField>,
    /// Encoding of a text file; empty otherwise.
    pub encoding: String,
}

/// A column of the file.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct SheetColumn {
    /// 0-based.
    pub index: i64,
    /// Header text.
    pub title: String,
    /// First values.
    pub samples: Vec<String>,
    /// Field it was recognised as; empty when none.
    pub field: String,
    /// 0 to 1.
    pub confidence: f64,
}

/// A field of the library.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct SheetField {
    /// Key; words are `field.<key>`.
    pub key: String,
    /// Must be mapped.
    pub required: bool,
}

/// Import with a mapping.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ImportRequest {
    /// The file.
    pub path: String,
    /// Field key to 0-based column; empty takes what was recognised.
    pub columns: BTreeMap<String, i64>,
}

/// What an import would do, or did.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ImportPreview {
    /// Product rows read.
    pub rows: i64,
    /// New.
    pub created: i64,
    /// Changed.
    pub updated: i64,
    /// The same.
    pub unchanged: i64,
    /// Rows or cells not taken.
    pub rejected: Vec<ImportRejection>,
    /// How many there are in all.
    pub rejected_total: i64,
    /// Rows that are no goods (headers, totals, blanks).
    pub skipped: i64,
    /// Some rows of each kind.
    pub samples: Vec<ImportSample>,
    /// The undoable batch, after a run.
    pub batch: Option<i64>,
}

/// A row of the preview.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ImportSample {
    /// Row in the file.
    pub row: i64,
    /// `created`, `updated`.
    pub kind: String,
    /// 商品名称.
    pub name: String,
    /// Spec or size.
    pub spec: String,
    /// `field: old → new` for changed ones.
    pub changes: Vec<String>,
}

/// A row or cell not taken.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ImportRejection {
    /// Row in the file, as the sheet program numbers it.
    pub row: i64,
    /// Column title.
    pub column: String,
    /// The value.
    pub value: String,
    /// Why.
    pub words: WordsView,
}

/// Long work was started.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct JobStarted {
    /// Its row in the task centre.
    pub job: i64,
}

/// What to write.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ExportRequest {
    /// Target file, xlsx or csv by its extension.
    pub path: String,
    /// As in the grid.
    pub search: String,
    /// As in the grid.
    #[ts(optional = nullable)]
    pub category: Option<i64>,
    /// As in the grid.
    pub view: String,
    /// As in the grid.
    pub state: String,
    /// As in the grid.
    pub stores: Vec<i64>,
    /// As in the grid.
    #[ts(optional = nullable)]
    pub price_from_fen: Option<i64>,
    /// As in the grid.
    #[ts(optional = nullable)]
    pub price_to_fen: Option<i64>,
}

/// What was written.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ExportReport {
    /// The file.
    pub path: String,
    /// Rows written.
    pub rows: i64,
}
