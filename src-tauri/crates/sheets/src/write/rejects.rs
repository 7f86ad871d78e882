//! The failed rows as a workbook to fix and import again: the header as it was, the rows as they were, the wrong
//! cells marked, the reason behind them.

use std::collections::BTreeMap;
use std::io::{Seek, Write};
use std::ops::ControlFlow;

use crate::SheetError;
use crate::model::Row;
use crate::products::{Mapping, Rejection};
use crate::workbook::Workbook;

use super::{ColumnSpec, Value, XlsxWriter};

/// Writes the rows named in `rejected` with a last column called `reason_title` (`失败原因`); `words` gives the
/// sentence for each rejection. `mapping` is the one that was used, as [`crate::ProductSheet::mapping`] has it.
/// Everything above the data is kept, so the result is read by the same mapping. Returns the rows written and
/// the writer.
///
/// # Errors
/// The source cannot be read again, or the writer fails.
pub fn write_rejects<W: Write + Seek>(
    book: &mut Workbook,
    mapping: &Mapping,
    rejected: &[Rejection],
    reason_title: &str,
    words: &dyn Fn(&Rejection) -> String,
    out: W,
) -> Result<(u64, W), SheetError> {
    let name = mapping.sheet.clone().unwrap_or_default();
    let index = book
        .sheets()
        .iter()
        .position(|sheet| sheet.name == name)
        .ok_or_else(|| SheetError::NoSuchSheet { name: name.clone() })?;
    let header_row = mapping.header_row.unwrap_or(1);
    let data_from = header_row + mapping.header_rows.unwrap_or(1);
    let mut by_row: BTreeMap<u32, Vec<&Rejection>> = BTreeMap::new();
    for rejection in rejected {
        by_row.entry(rejection.row).or_default().push(rejection);
    }
    let mut width = 0;
    book.read(index, &mut |row: &Row| {
        if row.number() < data_from || by_row.contains_key(&row.number()) {
            width = width.max(row.cells().last().map_or(0, |cell| cell.column + 1));
        }
        ControlFlow::Continue(())
    })?;
    let mut writer = XlsxWriter::new(out);
    let columns = vec![ColumnSpec::new(""); width as usize + 1];
    writer.bare_sheet(&name, &columns, false)?;
    let mut written = 0_u64;
    let mut next = 1;
    let mut failure = None;
    book.read(index, &mut |row: &Row| {
        let reasons = by_row.get(&row.number());
        let heading = row.number() < data_from;
        if !heading && reasons.is_none() {
            return ControlFlow::Continue(());
        }
        let mut step = || -> Result<(), SheetError> {
            while heading && next < row.number() {
                writer.row(&[])?;
                next += 1;
            }
            let reasons = reasons.map(Vec::as_slice).unwrap_or_default();
            let sentence = if heading && row.number() + 1 == data_from {
                reason_title.to_owned()
            } else {
                reasons
                    .iter()
                    .map(|rejection| words(rejection))
                    .collect::<Vec<_>>()
                    .join("; ")
            };
            let mut values = vec![Value::Empty; width as usize + 1];
            for cell in row.cells() {
                if let Some(slot) = values.get_mut(cell.column as usize) {
                    let wrong = reasons
                        .iter()
                        .any(|rejection| rejection.column == Some(cell.column));
                    *slot = if wrong {
                        Value::Marked(&cell.text)
                    } else {
                        Value::Text(&cell.text)
                    };
                }
            }
            if let Some(last) = values.last_mut() {
                *last = if sentence.is_empty() {
                    Value::Empty
                } else {
                    Value::Text(&sentence)
                };
            }
            writer.row(&values)?;
            next += 1;
            written += u64::from(!heading);
            Ok(())
        };
        match step() {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    match failure {
        Some(error) => Err(error),
        None => Ok((written, writer.finish()?)),
    }
}
