//! A file as the import page shows it before anything is decided: sheets, header, columns with samples.

use crate::engine::Engine;
use crate::error::{EngineError, Result, file_name};
use sheets::{Field, FileKind, Mapping, Workbook, column_letters, inspect};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

const SAMPLES: usize = 5;
/// Rows looked at for samples.
const ROWS: u32 = 60;

/// What a file looks like.
#[derive(Clone, Debug)]
pub struct SheetLook {
    /// File name.
    pub name: String,
    /// Sheets in it that are not hidden.
    pub sheets: Vec<String>,
    /// The one read.
    pub sheet: String,
    /// First header row as Excel numbers it.
    pub header_row: u32,
    /// Its columns from the left.
    pub columns: Vec<ColumnLook>,
    /// How it was recognised.
    pub mapping: Mapping,
    /// Encoding of a text file; empty otherwise.
    pub encoding: String,
}

/// A column of the file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ColumnLook {
    /// From 0.
    pub index: u32,
    /// Header text.
    pub title: String,
    /// First values that are not empty.
    pub samples: Vec<String>,
    /// Field it was recognised as; empty when none.
    pub field: &'static str,
    /// 0 to 100.
    pub confidence: u8,
}

impl Engine {
    /// Looks at a file without importing it.
    pub async fn sheet_look(&self, path: &Path) -> Result<SheetLook> {
        let path = path.to_owned();
        tokio::task::spawn_blocking(move || look(&path)).await?
    }
}

/// The mapping that puts fields to columns (from 0), as the import page makes it; empty finds all out.
///
/// # Errors
/// Refused as `unknown_field` or `no_such_column`.
pub fn mapping_of(columns: &BTreeMap<String, i64>) -> Result<Mapping> {
    let mut mapping = Mapping::default();
    for (field, column) in columns {
        let known = Field::ALL.into_iter().find(|known| known.id() == field);
        let known =
            known.ok_or_else(|| EngineError::refused_with("unknown_field", [("field", field.clone())]))?;
        let index = u32::try_from(*column).ok().filter(|index| *index < 16_384);
        let index = index
            .ok_or_else(|| EngineError::refused_with("no_such_column", [("column", column.to_string())]))?;
        mapping.columns.insert(known, column_letters(index));
    }
    Ok(mapping)
}

/// The fields a column can be put to, with whether one is required.
pub fn fields() -> impl Iterator<Item = (&'static str, bool)> {
    Field::ALL
        .into_iter()
        .map(|field| (field.id(), field == Field::Name))
}

fn look(path: &Path) -> Result<SheetLook> {
    let unusable = EngineError::of_sheet(path);
    let mut book = Workbook::open(path).map_err(&unusable)?;
    let mapping = inspect(&mut book).map_err(&unusable)?;
    let sheet = mapping.sheet.clone().unwrap_or_default();
    let at = book
        .sheets()
        .iter()
        .position(|info| info.name == sheet)
        .unwrap_or(0);
    let header_row = mapping.header_row.unwrap_or(1);
    let first = header_row + mapping.header_rows.unwrap_or(1);
    let mut columns: BTreeMap<u32, ColumnLook> = BTreeMap::new();
    book.read(at, &mut |row| {
        if row.number() >= first + ROWS {
            return ControlFlow::Break(());
        }
        for cell in row
            .cells()
            .iter()
            .filter(|cell| row.number() >= header_row && !cell.text.trim().is_empty())
        {
            let column = columns.entry(cell.column).or_default();
            if row.number() >= first {
                if column.samples.len() < SAMPLES {
                    column.samples.push(cell.text.chars().take(80).collect());
                }
            } else if column.title.is_empty() {
                cell.text.trim().clone_into(&mut column.title);
            } else {
                column.title = format!("{} {}", column.title, cell.text.trim());
            }
        }
        ControlFlow::Continue(())
    })
    .map_err(&unusable)?;
    for (index, column) in &mut columns {
        column.index = *index;
        let letters = column_letters(*index);
        let evidence = mapping
            .evidence
            .iter()
            .find(|evidence| evidence.column == letters);
        if let Some(evidence) = evidence {
            column.field = evidence.field.id();
            column.confidence = evidence.confidence;
        }
    }
    let encoding = match book.kind() {
        FileKind::Text(shape) => encoding(shape),
        FileKind::Xlsx | FileKind::Xls => String::new(),
    };
    let shown = book
        .sheets()
        .iter()
        .filter(|info| !info.hidden)
        .map(|info| info.name.clone());
    Ok(SheetLook {
        sheets: shown.collect(),
        sheet,
        header_row,
        columns: columns.into_values().collect(),
        mapping,
        encoding,
        name: file_name(path),
    })
}

/// The encoding's name as it serialises (`utf8`, `gb18030`, …).
fn encoding(shape: sheets::TextShape) -> String {
    let value = serde_json::to_value(shape.encoding).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}
