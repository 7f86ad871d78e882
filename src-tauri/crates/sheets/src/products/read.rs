//! The reading itself: one pass over the rows, then what merged cells say is filled in.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use crate::SheetError;
use crate::model::{Cell, CellFlags, CellKind, LossKind, Merge, Row};
use crate::workbook::Workbook;

use super::amount::{self, AmountError};
use super::code::{self, Code};
use super::columns::{Field, normalise};
use super::header::{Table, locate};
use super::mapping::Mapping;
use super::row::{
    Note, NoteKind, ProductRow, ProductSheet, Rejection, RejectionCode, Scope, Skip, SkipReason,
};

/// Proposes how to read the workbook as products.
///
/// # Errors
/// [`SheetError::NoHeader`] when no sheet has a row that could be a header with a product name.
pub fn inspect(book: &mut Workbook) -> Result<Mapping, SheetError> {
    let table = locate(book, &Mapping::default())?;
    Ok(table.mapping(&book.sheets()[table.sheet].name))
}

/// Reads the product rows. What the mapping leaves open is found out; `&Mapping::default()` finds out all.
///
/// # Errors
/// The file as a whole cannot be read, has no header, or lacks a sheet or column the mapping names. Single rows
/// never make it fail: they are in [`ProductSheet::rejected`] and [`ProductSheet::skipped`].
pub fn read_products(book: &mut Workbook, mapping: &Mapping) -> Result<ProductSheet, SheetError> {
    let table = locate(book, mapping)?;
    let mut used = table.mapping(&book.sheets()[table.sheet].name);
    let columns = if mapping.columns.is_empty() {
        table
            .chosen
            .iter()
            .map(|(field, choice)| (*field, choice.column))
            .collect()
    } else {
        let columns = mapping.resolve(&table.headers)?;
        used.columns = Mapping::letters(&columns);
        used.evidence.clear();
        columns
    };
    let mut reader = Reader::new(&table, columns);
    let first_data = table.header_row + table.header_rows;
    let tail = book.read(table.sheet, &mut |row: &Row| {
        if row.number() >= first_data {
            reader.row(row);
        }
        ControlFlow::Continue(())
    })?;
    let mut sheet = reader.finish(&tail.merges);
    for loss in tail
        .losses
        .iter()
        .filter(|loss| loss.kind == LossKind::LineTooLong)
    {
        sheet.rejected.push(Rejection {
            row: loss.line,
            column: None,
            field: None,
            reason: RejectionCode::LineTooLong,
            value: String::new(),
            scope: Scope::Row,
        });
    }
    sheet.rejected.sort_by_key(|rejection| rejection.row);
    sheet.losses = tail.losses;
    sheet.mapping = used;
    Ok(sheet)
}

/// A row on its way: it is judged for its name only after merged cells are known.
struct Draft {
    row: ProductRow,
    has_code_or_price: bool,
}

struct Reader {
    columns: BTreeMap<Field, u32>,
    headers: HashMap<u32, String>,
    drafts: Vec<Draft>,
    sheet: ProductSheet,
    lost: BTreeMap<Field, (u64, u64)>,
}

impl Reader {
    fn new(table: &Table, columns: BTreeMap<Field, u32>) -> Self {
        let headers = table
            .headers
            .iter()
            .map(|header| (header.column, normalise(&header.text)))
            .collect();
        Self {
            columns,
            headers,
            drafts: Vec::new(),
            sheet: ProductSheet::default(),
            lost: BTreeMap::new(),
        }
    }

    fn row(&mut self, row: &Row) {
        if row.is_blank() {
            self.sheet.blank_rows += 1;
            return;
        }
        let number = row.number();
        let skip = if self.repeats_header(row) {
            Some(SkipReason::RepeatedHeader)
        } else if self.is_total(row) {
            Some(SkipReason::Total)
        } else {
            None
        };
        if let Some(reason) = skip {
            self.sheet.skipped.push(Skip { row: number, reason });
            return;
        }
        let mut draft = Draft {
            row: ProductRow {
                row: number,
                hidden: row.hidden(),
                group: number,
                ..ProductRow::default()
            },
            has_code_or_price: false,
        };
        let mut any = false;
        let mut refused = false;
        let columns: Vec<(Field, u32)> = self
            .columns
            .iter()
            .map(|(field, column)| (*field, *column))
            .collect();
        for (field, column) in columns {
            let Some(cell) = row.get(column) else { continue };
            any |= !cell.text.trim().is_empty() || cell.flags.has(CellFlags::FORMULA_WITHOUT_VALUE);
            refused |= !self.take(field, cell, &mut draft);
        }
        if !any {
            self.sheet.skipped.push(Skip {
                row: number,
                reason: SkipReason::NoField,
            });
        } else if !refused {
            self.drafts.push(draft);
        }
    }

    /// The same words as in the header, in at least two of the mapped columns and in most filled ones.
    fn repeats_header(&self, row: &Row) -> bool {
        let (mut same, mut filled) = (0, 0);
        for (seen, column) in self.columns.values().enumerate() {
            let text = row.text(*column);
            if text.trim().is_empty() {
                continue;
            }
            // Hardly a row repeats anything: it is let go as soon as the cells to come cannot change that.
            let to_come = self.columns.len() - seen;
            if filled - same >= same + to_come {
                return false;
            }
            filled += 1;
            let normal = normalise(text);
            let header = self.headers.get(column).map(String::as_str).unwrap_or_default();
            same += usize::from(!normal.is_empty() && (normal == header || header.starts_with(&normal)));
        }
        same >= 2 && same * 2 > filled
    }

    /// `小计`, `合计：`, `Total` in one of the cells and no code to go with it.
    fn is_total(&self, row: &Row) -> bool {
        let coded = [Field::Barcode, Field::ItemCode].iter().any(|field| {
            self.columns.get(field).is_some_and(|column| {
                let text = row.text(*column).trim();
                text.chars().any(|character| character.is_ascii_digit()) && !names_total(text)
            })
        });
        !coded
            && row
                .cells()
                .iter()
                .any(|cell| cell.kind == CellKind::Text && names_total(&cell.text))
    }

    /// Puts one cell into the draft; false when the row cannot be taken.
    fn take(&mut self, field: Field, cell: &Cell, draft: &mut Draft) -> bool {
        if cell.flags.has(CellFlags::FORMULA_WITHOUT_VALUE) {
            self.reject(
                draft.row.row,
                field,
                cell,
                RejectionCode::FormulaWithoutValue,
                Scope::Value,
            );
            return true;
        }
        if cell.kind == CellKind::Error {
            self.reject(draft.row.row, field, cell, RejectionCode::ErrorCell, Scope::Value);
            return true;
        }
        match field {
            Field::ItemCode | Field::Barcode => return self.take_code(field, cell, draft),
            Field::Price | Field::Cost => self.take_price(field, cell, draft),
            Field::Stock | Field::BaseQuantity => self.take_number(field, cell, draft),
            _ => take_text(field, cell, &mut draft.row),
        }
        true
    }

    fn take_code(&mut self, field: Field, cell: &Cell, draft: &mut Draft) -> bool {
        let count = self.lost.entry(field).or_default();
        count.0 += 1;
        if code::is_lost(cell) {
            count.1 += 1;
            self.reject(draft.row.row, field, cell, RejectionCode::DigitsLost, Scope::Row);
            return false;
        }
        let code = Code::read(cell);
        draft.has_code_or_price |= code.is_some();
        if cell.flags.has(CellFlags::DAMAGED_TEXT) {
            draft.row.notes.push(Note {
                field,
                kind: NoteKind::DamagedText,
            });
        }
        match field {
            Field::ItemCode => draft.row.item_code = code,
            _ => draft.row.barcode = code,
        }
        true
    }

    fn take_price(&mut self, field: Field, cell: &Cell, draft: &mut Draft) {
        match amount::price(&cell.text) {
            Ok(found) => {
                draft.has_code_or_price |= found.is_some();
                if found.is_some_and(|amount| amount.rounded) {
                    draft.row.notes.push(Note {
                        field,
                        kind: NoteKind::Rounded,
                    });
                }
                let fen = found.map(|amount| amount.value);
                if field == Field::Price {
                    draft.row.price_fen = fen;
                } else {
                    draft.row.cost_fen = fen;
                }
            }
            Err(error) => self.reject(draft.row.row, field, cell, code_of(error), Scope::Value),
        }
    }

    fn take_number(&mut self, field: Field, cell: &Cell, draft: &mut Draft) {
        match amount::whole(&cell.text) {
            Ok(number) if field == Field::Stock => draft.row.stock = number,
            Ok(Some(number)) if number < 1 => {
                self.reject(
                    draft.row.row,
                    field,
                    cell,
                    RejectionCode::NotAnAmount,
                    Scope::Value,
                );
            }
            Ok(number) => draft.row.base_quantity = number,
            Err(error) => self.reject(draft.row.row, field, cell, code_of(error), Scope::Value),
        }
    }

    fn reject(&mut self, row: u32, field: Field, cell: &Cell, reason: RejectionCode, scope: Scope) {
        self.sheet.rejected.push(Rejection {
            row,
            column: Some(cell.column),
            field: Some(field),
            reason,
            value: cell.text.chars().take(200).collect(),
            scope,
        });
    }

    fn finish(mut self, merges: &[Merge]) -> ProductSheet {
        let mut drafts = std::mem::take(&mut self.drafts);
        fill_merges(&mut drafts, &self.columns, merges);
        group_by_spu(&mut drafts);
        for draft in drafts {
            if draft.row.name.trim().is_empty() {
                if draft.has_code_or_price {
                    self.sheet.rejected.push(Rejection {
                        row: draft.row.row,
                        column: self.columns.get(&Field::Name).copied(),
                        field: Some(Field::Name),
                        reason: RejectionCode::NameMissing,
                        value: String::new(),
                        scope: Scope::Row,
                    });
                } else {
                    self.sheet.skipped.push(Skip {
                        row: draft.row.row,
                        reason: SkipReason::NoField,
                    });
                }
                continue;
            }
            self.sheet.rows.push(draft.row);
        }
        self.sheet.skipped.sort_by_key(|skip| skip.row);
        self.sheet.ruined = self
            .lost
            .iter()
            .filter(|(_, (all, lost))| *lost >= 3 && lost * 2 >= *all)
            .map(|(field, _)| *field)
            .collect();
        self.sheet
    }
}

fn code_of(error: AmountError) -> RejectionCode {
    match error {
        AmountError::NotANumber => RejectionCode::NotAnAmount,
        AmountError::Negative => RejectionCode::Negative,
        AmountError::TooLarge => RejectionCode::TooLarge,
    }
}

fn names_total(text: &str) -> bool {
    let plain: String = text
        .chars()
        .map(code::fold)
        .filter(|character| !character.is_whitespace() && !matches!(character, ':' | '-' | '='))
        .collect::<String>()
        .to_lowercase();
    [
        "小计",
        "合计",
        "总计",
        "共计",
        "本页小计",
        "本页合计",
        "subtotal",
        "total",
        "grandtotal",
    ]
    .iter()
    .any(|word| plain == *word)
        || (plain.chars().count() <= 24
            && (plain.ends_with("小计") || plain.ends_with("合计"))
            && !plain.chars().any(|character| character.is_ascii_digit()))
        || ["小计", "合计", "总计"].iter().any(|word| {
            plain.strip_prefix(word).is_some_and(|rest| {
                rest.starts_with(|character: char| {
                    character.is_ascii_digit() || character == '(' || character == '共'
                })
            })
        })
}

fn take_text(field: Field, cell: &Cell, row: &mut ProductRow) {
    let text = &cell.text;
    let mut note = |kind| row.notes.push(Note { field, kind });
    if text.trim_matches(code::is_blank).len() != text.len() {
        note(NoteKind::EdgeBlank);
    }
    if text.contains(['\n', '\r']) {
        note(NoteKind::LineBreak);
    }
    if text.chars().any(code::is_hidden) {
        note(NoteKind::Hidden);
    }
    if cell.flags.has(CellFlags::DAMAGED_TEXT) {
        note(NoteKind::DamagedText);
    }
    match field {
        Field::Category | Field::Category1 | Field::Category2 | Field::Category3 => {
            // Fields come in their own order: a whole path first, single levels behind it in turn.
            if field == Field::Category {
                row.category = category_path(text);
            } else if !text.trim().is_empty() {
                row.category.push(text.trim().to_owned());
            }
        }
        _ => {
            if let Some(slot) = text_slot(field, row) {
                slot.clone_from(text);
            }
        }
    }
}

fn category_path(text: &str) -> Vec<String> {
    let separator = if text.contains('>') { '>' } else { '/' };
    text.split(separator)
        .map(str::trim)
        .filter(|level| !level.is_empty())
        .map(str::to_owned)
        .collect()
}

fn text_slot(field: Field, row: &mut ProductRow) -> Option<&mut String> {
    Some(match field {
        Field::Name => &mut row.name,
        Field::Spec => &mut row.spec_text,
        Field::Spu => &mut row.spu,
        Field::Unit => &mut row.unit,
        Field::Picture => &mut row.picture,
        Field::Brand => &mut row.brand,
        Field::Description => &mut row.description,
        Field::Weight => &mut row.weight,
        _ => return None,
    })
}

/// Gives the rows of a merged block the value that stands in its first row. Only text fields: a code or a price
/// merged over several rows would be the same for different goods, and is better missing than wrong.
fn fill_merges(drafts: &mut [Draft], columns: &BTreeMap<Field, u32>, merges: &[Merge]) {
    // Blocks cannot overlap in an honest sheet; a file with thousands over the same rows runs out of budget.
    let mut budget = drafts.len().saturating_mul(64);
    for merge in merges.iter().filter(|merge| merge.bottom > merge.top) {
        let from = drafts.partition_point(|draft| draft.row.row < merge.top);
        let to = drafts.partition_point(|draft| draft.row.row <= merge.bottom);
        budget = budget.saturating_sub(to.saturating_sub(from));
        if budget == 0 {
            return;
        }
        let Some((first, rest)) = drafts.get_mut(from..to).and_then(<[Draft]>::split_first_mut) else {
            continue;
        };
        if first.row.row != merge.top {
            continue;
        }
        for (field, column) in columns {
            if *column < merge.left || *column > merge.right {
                continue;
            }
            for draft in rest.iter_mut() {
                if *field == Field::Name && !first.row.name.trim().is_empty() {
                    draft.row.group = first.row.group;
                }
                if inherit(*field, &first.row, &mut draft.row) {
                    draft.row.notes.push(Note {
                        field: *field,
                        kind: NoteKind::FromMerge,
                    });
                }
            }
        }
    }
}

fn inherit(field: Field, first: &ProductRow, row: &mut ProductRow) -> bool {
    if matches!(
        field,
        Field::Category | Field::Category1 | Field::Category2 | Field::Category3
    ) {
        let missing = row.category.is_empty() && !first.category.is_empty();
        if missing {
            row.category.clone_from(&first.category);
        }
        return missing;
    }
    let mut source = first.clone();
    match (text_slot(field, &mut source), text_slot(field, row)) {
        (Some(from), Some(to)) if to.trim().is_empty() && !from.is_empty() => {
            to.clone_from(from);
            true
        }
        _ => false,
    }
}

fn group_by_spu(drafts: &mut [Draft]) {
    let mut first: HashMap<String, u32> = HashMap::new();
    for draft in drafts {
        let spu = draft.row.spu.trim();
        if !spu.is_empty() {
            draft.row.group = *first.entry(spu.to_owned()).or_insert(draft.row.group);
        }
    }
}
