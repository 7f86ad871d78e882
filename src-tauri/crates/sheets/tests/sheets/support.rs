//! Building workbooks part by part, and reading them whole.

use std::io::{Cursor, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use sheets::{Cell, CellFlags, CellKind, Limits, SheetError, SheetTail, Workbook};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A cell as the tests compare it.
pub(crate) type Seen = (u32, String, CellKind);
/// A row as the tests compare it: number, hidden, cells.
pub(crate) type SeenRow = (u32, bool, Vec<Seen>);

pub(crate) const NS: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";

/// The shared data beside the repository, or `None` with a line that says so.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("GUITAI_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared"),
        PathBuf::from,
    );
    let full = root.join(path);
    if full.exists() {
        Some(full)
    } else {
        println!("skipped: no shared data ({path})");
        None
    }
}

/// An archive of the given parts.
pub(crate) fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        zip.start_file(*name, options).expect("starts");
        zip.write_all(content).expect("writes");
    }
    zip.finish().expect("finishes").into_inner()
}

/// A workbook with one sheet; `strings` and `styles` are whole parts.
pub(crate) fn workbook(sheet: &str, strings: Option<&[u8]>, styles: Option<&str>) -> Vec<u8> {
    workbook_with("", sheet.as_bytes(), strings, styles)
}

/// As [`workbook`], with settings in the workbook part and the sheet as bytes.
pub(crate) fn workbook_with(
    settings: &str,
    sheet: &[u8],
    strings: Option<&[u8]>,
    styles: Option<&str>,
) -> Vec<u8> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let root = format!(
        "<Relationships><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let book = format!(
        "<workbook {NS}>{settings}<sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let relations = format!(
        "<Relationships><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    if let Some(strings) = strings {
        parts.push(("xl/sharedStrings.xml", strings));
    }
    if let Some(styles) = styles {
        parts.push(("xl/styles.xml", styles.as_bytes()));
    }
    archive(&parts)
}

/// A sheet part around its rows.
pub(crate) fn sheet(rows: &str) -> String {
    format!("<worksheet {NS}><dimension ref=\"A1\"/><sheetData>{rows}</sheetData></worksheet>")
}

pub(crate) fn open(bytes: Vec<u8>) -> Result<Workbook, SheetError> {
    Workbook::from_bytes(bytes, Limits::default())
}

/// All rows of a sheet.
pub(crate) fn rows(book: &mut Workbook, index: usize) -> Result<(Vec<SeenRow>, SheetTail), SheetError> {
    let mut all = Vec::new();
    let tail = book.read(index, &mut |row| {
        let cells = row
            .cells()
            .iter()
            .map(|cell| (cell.column, cell.text.clone(), cell.kind))
            .collect();
        all.push((row.number(), row.hidden(), cells));
        ControlFlow::Continue(())
    })?;
    Ok((all, tail))
}

/// All cells of a sheet, with their flags.
pub(crate) fn cells(book: &mut Workbook, index: usize) -> Result<Vec<(u32, Cell)>, SheetError> {
    let mut all = Vec::new();
    book.read(index, &mut |row| {
        all.extend(row.cells().iter().map(|cell| (row.number(), cell.clone())));
        ControlFlow::Continue(())
    })?;
    Ok(all)
}

/// The texts of a text file's rows, by line.
pub(crate) fn texts(bytes: &[u8]) -> (Vec<(u32, Vec<String>)>, SheetTail) {
    let mut book = open(bytes.to_vec()).expect("opens");
    let mut all = Vec::new();
    let tail = book
        .read(0, &mut |row| {
            let width = row.cells().last().map_or(0, |cell| cell.column + 1);
            all.push((
                row.number(),
                (0..width).map(|column| row.text(column).to_owned()).collect(),
            ));
            ControlFlow::Continue(())
        })
        .expect("reads");
    (all, tail)
}

pub(crate) fn flagged(cell: &Cell, flag: CellFlags) -> bool {
    cell.flags.has(flag)
}
