//! xlsx in one pass straight into the archive: inline strings, a handful of styles, memory for one row.

use std::io::{Seek, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::SheetError;
use crate::model::{MAX_COLUMNS, MAX_ROWS, column_letters};
use crate::text::needs_escape;

use super::{ColumnSpec, Value, yuan};

/// Longest text Excel keeps in a cell, in UTF-16 units.
const MOST_UNITS: usize = 32_767;

// Indices into `cellXfs` of the styles below. 0 is plain.
const TEXT: u8 = 1;
const INERT: u8 = 2;
const HEADER: u8 = 3;
const HEADER_REQUIRED: u8 = 4;
const MONEY: u8 = 5;
const WHOLE: u8 = 6;
const MARKED: u8 = 7;
const MARKED_INERT: u8 = 8;

const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="3"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><color rgb="FFC00000"/><name val="Calibri"/></font></fonts><fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFEDEFF2"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFD6D6"/></patternFill></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="9"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/><xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" quotePrefix="1"/><xf numFmtId="49" fontId="2" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" quotePrefix="1"/><xf numFmtId="2" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="1" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="0" fillId="3" borderId="0" xfId="0" applyNumberFormat="1" applyFill="1"/><xf numFmtId="49" fontId="0" fillId="3" borderId="0" xfId="0" applyNumberFormat="1" applyFill="1" quotePrefix="1"/></cellXfs></styleSheet>"#;

const ROOT_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

/// Writes a workbook, sheet after sheet, row after row.
pub struct XlsxWriter<W: Write + Seek> {
    zip: ZipWriter<W>,
    sheets: Vec<String>,
    open: bool,
    row: u32,
    line: String,
    letters: Vec<String>,
}

impl<W: Write + Seek> std::fmt::Debug for XlsxWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("XlsxWriter")
            .field("sheets", &self.sheets)
            .field("row", &self.row)
            .finish_non_exhaustive()
    }
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(3))
}

fn zip_error(error: ZipError) -> SheetError {
    match error {
        ZipError::Io(source) => SheetError::Io(source),
        other => SheetError::Io(std::io::Error::other(other)),
    }
}

impl<W: Write + Seek> XlsxWriter<W> {
    /// Begins a workbook. Wrap a file in a [`std::io::BufWriter`].
    pub fn new(out: W) -> Self {
        Self {
            zip: ZipWriter::new(out),
            sheets: Vec::new(),
            open: false,
            row: 0,
            line: String::new(),
            letters: Vec::new(),
        }
    }

    /// Ends the sheet before and begins the next one with its header row, which stays in view.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn sheet(&mut self, name: &str, columns: &[ColumnSpec<'_>]) -> Result<(), SheetError> {
        self.bare_sheet(name, columns, true)?;
        self.begin_row()?;
        for (column, spec) in (0_u32..).zip(columns) {
            self.push_text(
                column,
                spec.title,
                if spec.required { HEADER_REQUIRED } else { HEADER },
            )?;
        }
        self.end_row()
    }

    /// Begins a sheet without header row; only the widths of `columns` are used.
    pub(crate) fn bare_sheet(
        &mut self,
        name: &str,
        columns: &[ColumnSpec<'_>],
        frozen: bool,
    ) -> Result<(), SheetError> {
        self.end_sheet()?;
        self.sheets.push(sheet_name(name, self.sheets.len()));
        let path = format!("xl/worksheets/sheet{}.xml", self.sheets.len());
        self.zip.start_file(path, options()).map_err(zip_error)?;
        self.open = true;
        self.row = 0;
        let mut head = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">",
        );
        if frozen {
            head.push_str("<sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>");
        }
        if !columns.is_empty() {
            head.push_str("<cols>");
            for (index, column) in columns.iter().enumerate() {
                let (number, width) = (index + 1, column.width.clamp(1, 255));
                head.extend([format!(
                    "<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>"
                )]);
            }
            head.push_str("</cols>");
        }
        head.push_str("<sheetData>");
        self.zip.write_all(head.as_bytes())?;
        Ok(())
    }

    /// Writes one row.
    ///
    /// # Errors
    /// [`SheetError::TextTooLong`] for a text Excel cannot keep (32,767 UTF-16 units), [`SheetError::TooManyCells`]
    /// for more rows or columns than a sheet has, and those of the writer.
    pub fn row(&mut self, values: &[Value<'_>]) -> Result<(), SheetError> {
        self.begin_row()?;
        for (column, value) in (0_u32..).zip(values) {
            match value {
                Value::Empty => {}
                Value::Text(text) => {
                    self.push_text(column, text, if needs_escape(text) { INERT } else { TEXT })?;
                }
                Value::Marked(text) => {
                    self.push_text(
                        column,
                        text,
                        if needs_escape(text) { MARKED_INERT } else { MARKED },
                    )?;
                }
                Value::Fen(fen) => self.push_number(column, &yuan(*fen), MONEY)?,
                Value::Integer(number) => self.push_number(column, &number.to_string(), WHOLE)?,
            }
        }
        self.end_row()
    }

    fn begin_row(&mut self) -> Result<(), SheetError> {
        if self.row >= MAX_ROWS {
            return Err(SheetError::TooManyCells {
                limit: u64::from(MAX_ROWS),
            });
        }
        self.row += 1;
        self.line.clear();
        self.line.push_str("<row r=\"");
        self.line.push_str(&self.row.to_string());
        self.line.push_str("\">");
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), SheetError> {
        self.line.push_str("</row>");
        self.zip.write_all(self.line.as_bytes())?;
        Ok(())
    }

    fn begin_cell(&mut self, column: u32, style: u8) -> Result<(), SheetError> {
        if column >= MAX_COLUMNS {
            return Err(SheetError::TooManyCells {
                limit: u64::from(MAX_COLUMNS),
            });
        }
        while self.letters.len() <= column as usize {
            self.letters.push(column_letters(
                u32::try_from(self.letters.len()).unwrap_or(u32::MAX),
            ));
        }
        self.line.push_str("<c r=\"");
        self.line.push_str(&self.letters[column as usize]);
        self.line.push_str(&self.row.to_string());
        self.line.push_str("\" s=\"");
        self.line.push(char::from(b'0' + style));
        Ok(())
    }

    fn push_text(&mut self, column: u32, text: &str, style: u8) -> Result<(), SheetError> {
        if text.is_empty() && style < HEADER {
            return Ok(());
        }
        if text.len() > MOST_UNITS && text.encode_utf16().count() > MOST_UNITS {
            return Err(SheetError::TextTooLong {
                limit: MOST_UNITS as u64,
            });
        }
        self.begin_cell(column, style)?;
        self.line.push_str("\" t=\"inlineStr\"><is><t");
        if text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) {
            self.line.push_str(" xml:space=\"preserve\"");
        }
        self.line.push('>');
        escape(text, &mut self.line);
        self.line.push_str("</t></is></c>");
        Ok(())
    }

    fn push_number(&mut self, column: u32, digits: &str, style: u8) -> Result<(), SheetError> {
        self.begin_cell(column, style)?;
        self.line.push_str("\"><v>");
        self.line.push_str(digits);
        self.line.push_str("</v></c>");
        Ok(())
    }

    fn end_sheet(&mut self) -> Result<(), SheetError> {
        if std::mem::take(&mut self.open) {
            self.zip.write_all(b"</sheetData></worksheet>")?;
        }
        Ok(())
    }

    fn part(&mut self, name: &str, content: &str) -> Result<(), SheetError> {
        self.zip.start_file(name, options()).map_err(zip_error)?;
        self.zip.write_all(content.as_bytes())?;
        Ok(())
    }

    /// Ends the workbook and hands back the writer. A workbook must have a sheet: without any an empty one is
    /// added.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> Result<W, SheetError> {
        if self.sheets.is_empty() {
            self.bare_sheet("Sheet1", &[], false)?;
        }
        self.end_sheet()?;
        let (mut types, mut relations, mut sheets) = (String::new(), String::new(), String::new());
        for (index, name) in self.sheets.iter().enumerate() {
            let number = index + 1;
            types.extend([format!("<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>")]);
            relations.extend([format!("<Relationship Id=\"rId{number}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>")]);
            let mut escaped = String::new();
            escape(name, &mut escaped);
            sheets.extend([format!(
                "<sheet name=\"{}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>",
                escaped.replace('"', "&quot;")
            )]);
        }
        let styles = self.sheets.len() + 1;
        self.part("xl/workbook.xml", &format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>{sheets}</sheets></workbook>"))?;
        self.part("xl/_rels/workbook.xml.rels", &format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relations}<Relationship Id=\"rId{styles}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>"))?;
        self.part("xl/styles.xml", STYLES)?;
        self.part("_rels/.rels", ROOT_RELATIONS)?;
        self.part("[Content_Types].xml", &format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>{types}</Types>"))?;
        self.zip.finish().map_err(zip_error)
    }
}

/// A name Excel takes for a tab: 31 characters, none of `[]:*?/\`, no apostrophe at the ends.
fn sheet_name(name: &str, index: usize) -> String {
    let clean: String = name
        .chars()
        .filter(|character| !character.is_control() && !"[]:*?/\\".contains(*character))
        .take(31)
        .collect();
    let clean = clean.trim_matches(['\'', ' ']);
    if clean.is_empty() {
        format!("Sheet{}", index + 1)
    } else {
        clean.to_owned()
    }
}

/// XML text in which everything survives: what XML cannot hold is written `_xHHHH_`, and text that looks like
/// that is protected.
fn escape(text: &str, out: &mut String) {
    for (index, character) in text.char_indices() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' | '\n' => out.push(character),
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {
                out.extend([format!("_x{:04X}_", u32::from(character))]);
            }
            '_' if looks_escaped(&text.as_bytes()[index..]) => out.push_str("_x005F_"),
            other => out.push(other),
        }
    }
}

fn looks_escaped(bytes: &[u8]) -> bool {
    matches!(bytes, [b'_', b'x', digits @ .., ] if digits.len() >= 5
        && digits[..4].iter().all(u8::is_ascii_hexdigit)
        && digits[4] == b'_')
}
