//! What comes out of a product sheet.

use serde::{Deserialize, Serialize};

use crate::model::Loss;

use super::code::Code;
use super::columns::Field;
use super::mapping::Mapping;

/// One product row: one SKU. Text is exactly what the cell shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ProductRow {
    /// Row as Excel numbers it; in text files the first physical line.
    pub row: u32,
    /// The row is hidden in the sheet.
    pub hidden: bool,
    /// Rows of one product carry the same number: the row of the first of them. Only an SPU number or merged
    /// name cells make rows belong together; a row on its own carries its own number.
    pub group: u32,
    /// Product name.
    pub name: String,
    /// Size or variant text, kept apart from the name.
    pub spec_text: String,
    /// Own code.
    pub item_code: Option<Code>,
    /// Barcode.
    pub barcode: Option<Code>,
    /// Number shared by the rows of one product.
    pub spu: String,
    /// Category path, outermost first.
    pub category: Vec<String>,
    /// Selling price in fen.
    pub price_fen: Option<i64>,
    /// Purchase price in fen.
    pub cost_fen: Option<i64>,
    /// Unit of sale.
    pub unit: String,
    /// Stock on hand.
    pub stock: Option<i64>,
    /// ERP units per sale.
    pub base_quantity: Option<i64>,
    /// Picture address or file name.
    pub picture: String,
    /// Brand.
    pub brand: String,
    /// Description.
    pub description: String,
    /// Weight as written.
    pub weight: String,
    /// Things to know about single values.
    pub notes: Vec<Note>,
}

/// Something to know about a value that was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The field.
    pub field: Field,
    /// What.
    pub kind: NoteKind,
}

/// Kinds of [`Note`]; marks of codes are in [`Code::marks`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// Digits behind the fen were rounded, half up.
    Rounded,
    /// Blanks at the ends of a text.
    EdgeBlank,
    /// Line breaks inside a name.
    LineBreak,
    /// Characters nobody sees.
    Hidden,
    /// Taken over from the merged cell above.
    FromMerge,
    /// Replacement characters: bytes of the file did not fit its encoding.
    DamagedText,
}

/// Whether a rejection costs the row or only the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The row is not among [`ProductSheet::rows`].
    Row,
    /// The row is there, this value is not (as if the cell were empty).
    Value,
}

/// Why something was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectionCode {
    /// A code whose digits Excel has already thrown away (`6.90123E+12`).
    DigitsLost,
    /// The row has codes or a price but no name.
    NameMissing,
    /// A formula that was never calculated.
    FormulaWithoutValue,
    /// An error cell such as `#N/A`.
    ErrorCell,
    /// Not an amount (`面议`).
    NotAnAmount,
    /// Below zero.
    Negative,
    /// More than 100 million yuan.
    TooLarge,
    /// A line longer than a record may be.
    LineTooLong,
}

impl RejectionCode {
    /// The stable code under which the words are kept.
    pub const fn id(self) -> &'static str {
        match self {
            Self::DigitsLost => "digits_lost",
            Self::NameMissing => "name_missing",
            Self::FormulaWithoutValue => "formula_without_value",
            Self::ErrorCell => "error_cell",
            Self::NotAnAmount => "not_an_amount",
            Self::Negative => "negative",
            Self::TooLarge => "too_large",
            Self::LineTooLong => "line_too_long",
        }
    }
}

/// A value or row that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejection {
    /// Row as Excel numbers it.
    pub row: u32,
    /// Column from 0.
    pub column: Option<u32>,
    /// Field the column stands for.
    pub field: Option<Field>,
    /// Why.
    pub reason: RejectionCode,
    /// The value as it stands in the cell, at most 200 characters.
    pub value: String,
    /// What it costs.
    pub scope: Scope,
}

/// Why a row is no product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// The header again.
    RepeatedHeader,
    /// A subtotal or total.
    Total,
    /// Cells of the row hold something, but none of the fields.
    NoField,
}

/// A row left out because it is no product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Skip {
    /// Row as Excel numbers it.
    pub row: u32,
    /// Why.
    pub reason: SkipReason,
}

/// A product sheet as read.
#[derive(Debug, Clone, Default)]
pub struct ProductSheet {
    /// The mapping that was used, complete: it can be shown, changed and given back.
    pub mapping: Mapping,
    /// Product rows in sheet order.
    pub rows: Vec<ProductRow>,
    /// Rows that are no products.
    pub skipped: Vec<Skip>,
    /// Rows without any content below the header.
    pub blank_rows: u64,
    /// Rows and values not taken over.
    pub rejected: Vec<Rejection>,
    /// Losses of a text file.
    pub losses: Vec<Loss>,
    /// Fields whose code column was ruined by Excel as a whole: at least half of its values have lost digits.
    pub ruined: Vec<Field>,
}
