//! The one error of this crate. It carries codes and parameters, never words for a person: those are data in
//! the message files, keyed by [`SheetError::code`].

use std::io;

/// Why a sheet could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SheetError {
    /// The file could not be opened, read or written.
    #[error("the file could not be read or written")]
    Io(#[from] io::Error),
    /// The file is larger than this crate reads.
    #[error("file of {bytes} bytes, limit {limit}")]
    TooLarge {
        /// Size of the file in bytes.
        bytes: u64,
        /// Largest size read, in bytes.
        limit: u64,
    },
    /// An archive that would unpack to far more than its size (a decompression bomb), or lies about its size.
    #[error("archive part {part} unpacks to {declared} bytes, limit {limit}")]
    Bomb {
        /// The part that broke the limit, empty when it is the sum of all parts.
        part: String,
        /// Bytes the archive declares (or had delivered when the declaration proved false).
        declared: u64,
        /// Largest number of bytes accepted.
        limit: u64,
    },
    /// The workbook needs a password.
    #[error("the workbook is encrypted")]
    Encrypted,
    /// The content is none of xlsx, xls, csv, whatever the name says.
    #[error("not a spreadsheet but {found}")]
    NotASpreadsheet {
        /// What the content looks like: `html`, `pdf`, `zip`, `ole`, `xlsb`, `ods`, `image`, `binary`, `empty`.
        found: &'static str,
    },
    /// The file has the right kind but its inside is broken.
    #[error("damaged at {place}: {what}")]
    Damaged {
        /// Part or stream in which the damage was found.
        place: String,
        /// What was wrong, in technical English for the log.
        what: String,
    },
    /// More text cells than this crate keeps.
    #[error("more than {limit} strings")]
    TooManyStrings {
        /// Largest number accepted.
        limit: u64,
    },
    /// More cells than this crate reads from one sheet.
    #[error("more than {limit} cells")]
    TooManyCells {
        /// Largest number accepted.
        limit: u64,
    },
    /// One text is longer than a cell may be.
    #[error("a text of more than {limit} units")]
    TextTooLong {
        /// Largest size accepted: bytes when reading, UTF-16 units when writing xlsx (Excel's own limit).
        limit: u64,
    },
    /// The workbook has no sheet of that name.
    #[error("no sheet named {name}")]
    NoSuchSheet {
        /// The name asked for.
        name: String,
    },
    /// No row was found that could be the header of a product table.
    #[error("no header row found")]
    NoHeader,
    /// The mapping names a column that the sheet does not have.
    #[error("no column {column} for {field}")]
    NoSuchColumn {
        /// Field the mapping wants to fill.
        field: &'static str,
        /// Header text or letters given in the mapping.
        column: String,
    },
    /// The mapping file is not valid.
    #[error("the mapping cannot be read")]
    Mapping(#[from] toml::de::Error),
    /// The mapping could not be written as TOML.
    #[error("the mapping cannot be written")]
    MappingWrite(#[from] toml::ser::Error),
}

impl SheetError {
    /// The stable code under which the words for this error are kept.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "sheet_io",
            Self::TooLarge { .. } => "sheet_too_large",
            Self::Bomb { .. } => "sheet_bomb",
            Self::Encrypted => "sheet_encrypted",
            Self::NotASpreadsheet { .. } => "sheet_not_a_spreadsheet",
            Self::Damaged { .. } => "sheet_damaged",
            Self::TooManyStrings { .. } => "sheet_too_many_strings",
            Self::TooManyCells { .. } => "sheet_too_many_cells",
            Self::TextTooLong { .. } => "sheet_text_too_long",
            Self::NoSuchSheet { .. } => "sheet_no_such_sheet",
            Self::NoHeader => "sheet_no_header",
            Self::NoSuchColumn { .. } => "sheet_no_such_column",
            Self::Mapping(_) => "sheet_mapping",
            Self::MappingWrite(_) => "sheet_mapping_write",
        }
    }

    /// Values for the words, by the names the words use. Sizes are in MB, rounded up.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        let mb = |bytes: u64| bytes.div_ceil(1 << 20).to_string();
        match self {
            Self::TooLarge { bytes, limit } => vec![("mb", mb(*bytes)), ("limit", mb(*limit))],
            Self::NotASpreadsheet { found } => vec![("found", (*found).to_owned())],
            Self::Damaged { place, .. } => vec![("place", place.clone())],
            Self::TooManyStrings { limit } | Self::TooManyCells { limit } | Self::TextTooLong { limit } => {
                vec![("limit", limit.to_string())]
            }
            Self::NoSuchSheet { name } => vec![("name", name.clone())],
            Self::NoSuchColumn { field, column } => {
                vec![("field", (*field).to_owned()), ("column", column.clone())]
            }
            Self::Io(_)
            | Self::Bomb { .. }
            | Self::Encrypted
            | Self::NoHeader
            | Self::Mapping(_)
            | Self::MappingWrite(_) => Vec::new(),
        }
    }

    pub(crate) fn damaged(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Damaged {
            place: place.into(),
            what: what.into(),
        }
    }
}
