//! Where the table begins: which sheet, which row is the header, one row or two.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use crate::SheetError;
use crate::model::{Row, column_letters};
use crate::workbook::Workbook;

use super::columns::{Choice, Field, Header, Look, assign};
use super::mapping::{Evidence, Mapping};

/// Rows looked at to find the header and to see what the columns look like.
const SAMPLE_ROWS: usize = 240;
/// The header must begin within this many rows with content.
const HEADER_WITHIN: usize = 30;

/// A sampled row, compact.
#[derive(Debug, Clone)]
struct Sampled {
    number: u32,
    cells: Vec<(u32, String)>,
}

impl Sampled {
    fn text(&self, column: u32) -> &str {
        self.cells
            .iter()
            .find(|cell| cell.0 == column)
            .map_or("", |cell| cell.1.as_str())
    }
}

/// A place where a product table was found.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) sheet: usize,
    pub(crate) header_row: u32,
    pub(crate) header_rows: u32,
    pub(crate) headers: Vec<Header>,
    pub(crate) chosen: BTreeMap<Field, Choice>,
    score: f64,
}

impl Table {
    /// The table as a mapping to show and to keep.
    pub(crate) fn mapping(&self, sheet_name: &str) -> Mapping {
        let columns = self
            .chosen
            .iter()
            .map(|(field, choice)| (*field, choice.column))
            .collect();
        Mapping {
            sheet: (!sheet_name.is_empty()).then(|| sheet_name.to_owned()),
            header_row: Some(self.header_row),
            header_rows: Some(self.header_rows),
            columns: Mapping::letters(&columns),
            evidence: self
                .chosen
                .iter()
                .map(|(field, choice)| Evidence {
                    field: *field,
                    column: column_letters(choice.column),
                    header: self
                        .headers
                        .iter()
                        .find(|header| header.column == choice.column)
                        .map(|header| header.text.clone())
                        .unwrap_or_default(),
                    confidence: percent(choice.score),
                    reasons: choice.reasons.clone(),
                })
                .collect(),
        }
    }
}

fn percent(score: f64) -> u8 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=100"
    )]
    let percent = (score * 100.0).round().clamp(0.0, 100.0) as u8;
    percent
}

/// Finds the table: on the sheet the mapping names, or on the visible sheet that looks most like products.
pub(crate) fn locate(book: &mut Workbook, mapping: &Mapping) -> Result<Table, SheetError> {
    let wanted: Vec<usize> = if let Some(name) = &mapping.sheet {
        let found = book.sheets().iter().position(|sheet| sheet.name == *name);
        vec![found.ok_or_else(|| SheetError::NoSuchSheet { name: name.clone() })?]
    } else {
        let all = 0..book.sheets().len();
        let visible: Vec<usize> = all
            .clone()
            .filter(|&index| !book.sheets()[index].hidden)
            .collect();
        if visible.is_empty() {
            all.collect()
        } else {
            visible
        }
    };
    let mut best: Option<Table> = None;
    for sheet in wanted.into_iter().take(50) {
        let rows = sample(book, sheet)?;
        let found = match mapping.header_row {
            Some(row) => given_header(sheet, &rows, row, mapping.header_rows.unwrap_or(1)),
            None => best_header(sheet, &rows),
        };
        if let Some(table) = found
            && best.as_ref().is_none_or(|best| table.score > best.score)
        {
            best = Some(table);
        }
    }
    best.ok_or(SheetError::NoHeader)
}

fn sample(book: &mut Workbook, sheet: usize) -> Result<Vec<Sampled>, SheetError> {
    let mut rows = Vec::new();
    let mut blank = 0_u32;
    book.read(sheet, &mut |row: &Row| {
        if row.is_blank() {
            blank += 1;
            // A long blank stretch in front of everything: there is nothing to find.
            return if blank > 20_000 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            };
        }
        let cells = row
            .cells()
            .iter()
            .filter(|cell| !cell.text.trim().is_empty())
            .take(512)
            .map(|cell| (cell.column, cell.text.chars().take(2048).collect()))
            .collect();
        rows.push(Sampled {
            number: row.number(),
            cells,
        });
        if rows.len() >= SAMPLE_ROWS {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    Ok(rows)
}

fn given_header(sheet: usize, rows: &[Sampled], header_row: u32, header_rows: u32) -> Option<Table> {
    let at = rows.iter().position(|row| row.number == header_row)?;
    Some(table(sheet, rows, at, header_rows.clamp(1, 2)))
}

fn best_header(sheet: usize, rows: &[Sampled]) -> Option<Table> {
    let mut best: Option<Table> = None;
    for at in 0..rows.len().min(HEADER_WITHIN) {
        for header_rows in [1, 2] {
            if header_rows == 2 && !continues_header(rows, at) {
                continue;
            }
            let mut table = table(sheet, rows, at, header_rows);
            if !table.chosen.contains_key(&Field::Name) {
                continue;
            }
            // The same table seen from further down has less to show for it.
            table.score -= f64::from(u32::try_from(at).unwrap_or(u32::MAX)) * 0.01;
            if best.as_ref().is_none_or(|best| table.score > best.score) {
                best = Some(table);
            }
        }
    }
    best.filter(|table| table.score >= 0.75)
}

/// Whether the next row is the lower half of a header: right below, a few words only, each known or at least
/// under a wider cell, and no value that belongs to data.
fn continues_header(rows: &[Sampled], at: usize) -> bool {
    let (Some(upper), Some(lower)) = (rows.get(at), rows.get(at + 1)) else {
        return false;
    };
    lower.number == upper.number + 1
        && lower.cells.len() <= upper.cells.len() + 4
        && lower
            .cells
            .iter()
            .all(|(_, text)| !text.chars().any(|character| character.is_ascii_digit()))
        && lower
            .cells
            .iter()
            .any(|(column, text)| Header::new(*column, text.clone()).clarity() >= 0.5)
        && lower
            .cells
            .iter()
            .filter(|(column, text)| Header::new(*column, text.clone()).clarity() >= 0.5)
            .count()
            * 2
            > lower.cells.len()
}

fn table(sheet: usize, rows: &[Sampled], at: usize, header_rows: u32) -> Table {
    let upper = &rows[at];
    let lower = (header_rows == 2).then(|| rows.get(at + 1)).flatten();
    let headers = headers(upper, lower);
    let data = rows.get(at + header_rows as usize..).unwrap_or_default();
    let mut looks: BTreeMap<u32, Look> = BTreeMap::new();
    for row in data {
        for header in &headers {
            let look = looks.entry(header.column).or_default();
            look.rows += 1;
            let text = row.text(header.column);
            if !text.is_empty() {
                look.add(text);
            }
        }
    }
    let chosen = assign(&headers, &looks);
    let known: f64 = headers
        .iter()
        .map(Header::clarity)
        .filter(|clarity| *clarity >= 0.5)
        .sum();
    let share = known / f64::from(u32::try_from(headers.len().max(1)).unwrap_or(u32::MAX));
    let score = chosen.values().map(|choice| choice.score.min(1.0)).sum::<f64>() + share;
    Table {
        sheet,
        header_row: upper.number,
        header_rows,
        headers,
        chosen,
        score,
    }
}

fn headers(upper: &Sampled, lower: Option<&Sampled>) -> Vec<Header> {
    let Some(lower) = lower else {
        return upper
            .cells
            .iter()
            .map(|(column, text)| Header::new(*column, text.clone()))
            .collect();
    };
    let mut columns: Vec<u32> = upper
        .cells
        .iter()
        .chain(&lower.cells)
        .map(|(column, _)| *column)
        .collect();
    columns.sort_unstable();
    columns.dedup();
    let mut wide = "";
    let mut headers = Vec::new();
    for column in columns {
        let (above, below) = (upper.text(column), lower.text(column));
        // An upper cell merged over several lower ones stands in the first of its columns only.
        if above.is_empty() {
            headers.push(Header::over_two_rows(column, wide, below));
        } else {
            wide = if below.is_empty() { "" } else { above };
            headers.push(Header::over_two_rows(column, above, below));
        }
    }
    headers
}
