//! One worksheet, cell by cell. The declared dimension is never looked at: it is wrong often enough.

use std::io::Read;

use crate::SheetError;
use crate::guard::{Counted, Limits};
use crate::model::{
    Cell, CellFlags, CellKind, MAX_COLUMNS, MAX_ROWS, Merge, Row, RowVisitor, SheetTail, column_index,
};
use crate::number::{self, NumberFormat};
use crate::xml::{Scanner, Tag, Token, decode_escapes, unescape};

use super::strings::{Strings, read_rich};

/// What a sheet needs from the rest of the workbook.
pub(crate) struct Settings<'a> {
    pub(crate) strings: &'a Strings,
    pub(crate) formats: &'a [NumberFormat],
    pub(crate) date1904: bool,
    pub(crate) limits: &'a Limits,
}

/// The type attribute of a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stored {
    Number,
    Shared,
    Inline,
    Formula,
    Bool,
    Error,
    IsoDate,
}

struct CellHead {
    column: u32,
    row: Option<u32>,
    style: usize,
    stored: Stored,
}

/// Streams the rows of one sheet part.
pub(crate) fn stream<R: Read>(
    part: Counted<R>,
    settings: &Settings<'_>,
    visit: &mut RowVisitor<'_>,
) -> Result<SheetTail, SheetError> {
    let mut reader = SheetReader {
        scanner: Scanner::new(part, settings.limits.text_bytes)?,
        settings,
        tail: SheetTail::default(),
        value: String::new(),
    };
    reader.run(visit)?;
    Ok(reader.tail)
}

struct SheetReader<'a, R> {
    scanner: Scanner<R>,
    settings: &'a Settings<'a>,
    tail: SheetTail,
    value: String,
}

impl<R: Read> SheetReader<'_, R> {
    fn run(&mut self, visit: &mut RowVisitor<'_>) -> Result<(), SheetError> {
        let mut row = Row::default();
        let mut last_row = 0;
        let mut open = false;
        let mut sheet = false;
        loop {
            match self.scanner.next()? {
                Token::Start(tag) => match tag.name {
                    b"c" if open => {
                        let next = row.cells().last().map_or(0, |cell| cell.column + 1);
                        let head = head(tag, next);
                        let empty = tag.empty;
                        self.cell(&head, empty, &mut row)?;
                    }
                    b"row" => {
                        let (number, hidden) = row_head(tag, last_row);
                        if number > MAX_ROWS || number == 0 {
                            return Err(self.scanner.damaged("row number out of range"));
                        }
                        last_row = number;
                        row.reset(number, hidden);
                        open = !tag.empty;
                    }
                    b"mergeCell" => {
                        if let Some(merge) = tag.attribute(b"ref").and_then(|text| parse_merge(&text)) {
                            self.tail.merges.push(merge);
                        }
                    }
                    b"col" => note_hidden_columns(tag, &mut self.tail.hidden_columns),
                    b"worksheet" => sheet = true,
                    _ => {}
                },
                Token::End(b"row") if open => {
                    open = false;
                    row.settle();
                    self.tail.rows += 1;
                    self.tail.cells += row.cells().len() as u64;
                    if visit(&row).is_break() {
                        return Ok(());
                    }
                }
                Token::Eof if open || !sheet => return Err(self.scanner.damaged("ends inside the sheet")),
                Token::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// Reads one cell up to its end tag; cells that show nothing are not added.
    fn cell(&mut self, head: &CellHead, empty: bool, row: &mut Row) -> Result<(), SheetError> {
        if head.column >= MAX_COLUMNS || head.row.is_some_and(|number| number != row.number()) {
            return Err(self.scanner.damaged("cell reference out of place"));
        }
        if empty {
            return Ok(());
        }
        let limits = self.settings.limits;
        if self.tail.cells + row.cells().len() as u64 >= limits.cells {
            return Err(SheetError::TooManyCells { limit: limits.cells });
        }
        self.value.clear();
        let (mut in_value, mut has_value, mut formula) = (false, false, false);
        let cell = row.push(head.column);
        loop {
            match self.scanner.next()? {
                Token::Text(text) if in_value && !unescape(text, &mut self.value) => {
                    return Err(self.scanner.damaged("unknown entity"));
                }
                Token::Raw(text) if in_value => self.value.push_str(&String::from_utf8_lossy(text)),
                Token::Start(tag) => match tag.name {
                    b"v" => {
                        in_value = !tag.empty;
                        has_value |= in_value;
                    }
                    b"f" => formula = true,
                    b"is" if !tag.empty => {
                        read_rich(&mut self.scanner, b"is", &mut cell.text, limits)?;
                        cell.kind = CellKind::Text;
                    }
                    _ => {}
                },
                Token::End(b"v") => in_value = false,
                Token::End(b"c") => break,
                Token::Eof => return Err(self.scanner.damaged("ends inside a cell")),
                _ => {}
            }
        }
        if formula {
            cell.flags.add(CellFlags::FORMULA);
            if !has_value && cell.kind == CellKind::Empty {
                cell.flags.add(CellFlags::FORMULA_WITHOUT_VALUE);
                return Ok(());
            }
        }
        if has_value && cell.kind == CellKind::Empty && !fill(cell, head, &self.value, self.settings) {
            return Err(self.scanner.damaged("string index out of range"));
        }
        if cell.kind == CellKind::Text && number::digits_lost(&cell.text) {
            cell.flags.add(CellFlags::DIGITS_LOST);
        }
        if cell.text.is_empty() {
            row.pop();
        }
        Ok(())
    }
}

/// Puts the stored value into the cell; false when it points at a string that is not there.
fn fill(cell: &mut Cell, head: &CellHead, value: &str, settings: &Settings<'_>) -> bool {
    match head.stored {
        Stored::Shared => {
            let text = value
                .trim()
                .parse()
                .ok()
                .and_then(|index| settings.strings.get(index));
            cell.kind = CellKind::Text;
            match text {
                Some(text) => cell.text.push_str(text),
                None => return false,
            }
        }
        Stored::Formula | Stored::Inline => {
            cell.kind = CellKind::Text;
            cell.text.push_str(value);
            decode_escapes(&mut cell.text, 0);
        }
        Stored::Bool => {
            cell.kind = CellKind::Bool;
            cell.text.push_str(if matches!(value.trim(), "1" | "true") {
                "TRUE"
            } else {
                "FALSE"
            });
        }
        Stored::Error => {
            cell.kind = CellKind::Error;
            cell.text.push_str(value);
        }
        Stored::IsoDate => {
            cell.kind = CellKind::Date;
            let text = value.trim().trim_end_matches('Z').replacen('T', " ", 1);
            cell.text
                .push_str(text.strip_suffix(" 00:00:00").unwrap_or(&text));
        }
        Stored::Number => {
            let format = settings.formats.get(head.style).copied().unwrap_or_default();
            cell.kind = number::show(value, format, settings.date1904, &mut cell.text, &mut cell.flags);
        }
    }
    true
}

fn head(tag: Tag<'_>, next_column: u32) -> CellHead {
    let mut head = CellHead {
        column: next_column,
        row: None,
        style: 0,
        stored: Stored::Number,
    };
    tag.attributes(|name, value| match name {
        b"r" => {
            let split = value.iter().position(u8::is_ascii_digit).unwrap_or(value.len());
            let (letters, digits) = value.split_at(split);
            head.column = std::str::from_utf8(letters)
                .ok()
                .and_then(column_index)
                .unwrap_or(MAX_COLUMNS);
            head.row = Some(decimal(digits).unwrap_or(0));
        }
        b"s" => head.style = decimal(value).unwrap_or(0) as usize,
        b"t" => {
            head.stored = match value {
                b"s" => Stored::Shared,
                b"inlineStr" => Stored::Inline,
                b"str" => Stored::Formula,
                b"b" => Stored::Bool,
                b"e" => Stored::Error,
                b"d" => Stored::IsoDate,
                _ => Stored::Number,
            }
        }
        _ => {}
    });
    head
}

fn row_head(tag: Tag<'_>, last: u32) -> (u32, bool) {
    let (mut number, mut hidden) = (last.saturating_add(1), false);
    tag.attributes(|name, value| match name {
        b"r" => number = decimal(value).unwrap_or(0),
        b"hidden" => hidden = matches!(value, b"1" | b"true"),
        _ => {}
    });
    (number, hidden)
}

fn decimal(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    digits.iter().try_fold(0_u32, |sum, digit| {
        digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0'))
    })
}

fn note_hidden_columns(tag: Tag<'_>, columns: &mut Vec<u32>) {
    let number = |name: &[u8]| tag.attribute(name).and_then(|text| decimal(text.as_bytes()));
    let hidden = tag
        .attribute(b"hidden")
        .is_some_and(|value| value == "1" || value == "true");
    if let (true, Some(first), Some(last)) = (hidden, number(b"min"), number(b"max")) {
        let room = (MAX_COLUMNS as usize).saturating_sub(columns.len());
        columns.extend(
            (first.max(1)..=last.min(MAX_COLUMNS))
                .map(|column| column - 1)
                .take(room),
        );
    }
}

fn parse_merge(text: &str) -> Option<Merge> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let (left, top) = parse_reference(first)?;
    let (right, bottom) = parse_reference(last)?;
    Some(Merge {
        top,
        bottom,
        left,
        right,
    })
}

fn parse_reference(text: &str) -> Option<(u32, u32)> {
    let split = text.find(|character: char| character.is_ascii_digit())?;
    Some((column_index(&text[..split])?, decimal(&text.as_bytes()[split..])?))
}
