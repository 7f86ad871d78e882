//! Out and in again: what we write, we read back exactly, and nothing in it is calculated.

use std::io::{Cursor, Read};

use proptest::prelude::*;
use sheets::{CellFlags, ColumnSpec, CsvWriter, SheetError, TargetFile, Value, XlsxWriter};
use zip::ZipArchive;

use crate::support::{cells, open, rows};

const COLUMNS: [ColumnSpec<'_>; 3] = [
    ColumnSpec::new("编码").required(),
    ColumnSpec::new("名称").wide(40),
    ColumnSpec::new("备注"),
];

fn xlsx(table: &[Vec<String>]) -> Vec<u8> {
    let mut writer = XlsxWriter::new(Cursor::new(Vec::new()));
    writer.sheet("商品", &COLUMNS).expect("begins");
    for row in table {
        let values: Vec<Value<'_>> = row.iter().map(|text| Value::Text(text)).collect();
        writer.row(&values).expect("writes");
    }
    writer.finish().expect("finishes").into_inner()
}

fn csv(table: &[Vec<String>]) -> Vec<u8> {
    let mut writer = CsvWriter::new(Vec::new(), &COLUMNS).expect("begins");
    for row in table {
        let values: Vec<Value<'_>> = row.iter().map(|text| Value::Text(text)).collect();
        writer.row(&values).expect("writes");
    }
    writer.finish().expect("finishes")
}

/// The texts below the header.
fn back(bytes: Vec<u8>) -> Vec<Vec<String>> {
    let (seen, _) = rows(&mut open(bytes).expect("opens"), 0).expect("reads");
    seen.into_iter()
        .skip(1)
        .map(|(_, _, cells)| {
            let mut row = vec![String::new(); COLUMNS.len()];
            for (column, text, _) in cells {
                row[column as usize] = text;
            }
            row
        })
        .collect()
}

const NASTY: &[&str] = &[
    "=cmd|' /C calc'!A0",
    "=1+1",
    "+1",
    "-5g",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\0=1",
    "'=1",
    "''=1",
    "'6901028184793",
    "=\"01162\"",
    "01162",
    "6901028184793",
    "<script>alert('x')</script>",
    "'; DROP TABLE sku; --",
    "a\r\nb\rc\nd",
    "_x002B_",
    "_x005F_x002B_",
    "_x_x0041_",
    "_x0041_x0042_",
    "_xD83D_",
    "e\u{301}é",
    "１２",
    "69\u{200B}01",
    "\u{FEFF}x",
    "\u{FFFE}\u{FFFF}",
    " edge ",
    "\u{3000}全角\u{3000}",
    "a,b;c|d\te\"f\"\"",
    "\"",
    "sep=;",
    "#N/A",
    "6.90103E+12",
    "\u{1F600}𠮷",
    "]]>&amp;&#65;",
];

#[test]
fn nasty_texts_survive_both_ways_unchanged() {
    let table: Vec<Vec<String>> = NASTY
        .iter()
        .map(|text| vec![(*text).to_owned(), String::new(), format!("x{text}")])
        .collect();
    assert_eq!(back(xlsx(&table)), table);
    assert_eq!(back(csv(&table)), table);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_survives_xlsx(table in prop::collection::vec(prop::collection::vec(any_text(), 3), 1..12)) {
        prop_assert_eq!(back(xlsx(&table)), table);
    }

    #[test]
    fn any_text_survives_csv(table in prop::collection::vec(prop::collection::vec(any_text(), 3), 1..12)) {
        prop_assert_eq!(back(csv(&table)), table);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        if let Ok(mut book) = open(bytes) {
            let _ = rows(&mut book, 0);
        }
    }
}

/// Anything at all, with what is dangerous made likely.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(|character| character.to_string()),
        prop::sample::select(vec![
            "=", "+", "-", "@", "'", "\"", ",", ";", "\t", "\r", "\n", "\0", "_x", "_x0041_", "_x005F_", "&",
            "<", " ", "69", "中", "E+12",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

#[test]
fn what_could_be_calculated_is_text_with_a_quote_prefix() {
    let table = vec![vec!["=1+1".to_owned(), "plain".to_owned(), "@x".to_owned()]];
    let bytes = xlsx(&table);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut sheet = String::new();
    archive
        .by_name("xl/worksheets/sheet1.xml")
        .expect("a sheet")
        .read_to_string(&mut sheet)
        .expect("utf-8");
    assert!(!sheet.contains("<f>"));
    assert!(
        sheet.contains("<c r=\"A2\" s=\"2\" t=\"inlineStr\"><is><t>=1+1</t></is></c>"),
        "{sheet}"
    );
    assert!(sheet.contains("<c r=\"B2\" s=\"1\" t=\"inlineStr\">"));
    let mut styles = String::new();
    archive
        .by_name("xl/styles.xml")
        .expect("styles")
        .read_to_string(&mut styles)
        .expect("utf-8");
    let formats: Vec<&str> = styles
        .split("<cellXfs")
        .nth(1)
        .expect("formats")
        .split("<xf ")
        .skip(1)
        .collect();
    assert!(formats[2].contains("quotePrefix=\"1\"") && formats[2].contains("numFmtId=\"49\""));
}

#[test]
fn money_is_a_number_with_two_places_and_long_texts_are_refused() {
    let mut writer = XlsxWriter::new(Cursor::new(Vec::new()));
    writer.sheet("a[b]:c*?/\\", &COLUMNS).expect("begins");
    writer
        .row(&[Value::Fen(1299), Value::Integer(-3), Value::Fen(-5)])
        .expect("writes");
    let long = "长".repeat(32_768);
    assert!(matches!(
        writer.row(&[Value::Text(&long)]),
        Err(SheetError::TextTooLong { limit: 32_767 })
    ));
    let mut book = open(writer.finish().expect("finishes").into_inner()).expect("opens");
    assert_eq!(book.sheets()[0].name, "abc");
    let found: Vec<String> = cells(&mut book, 0)
        .expect("reads")
        .into_iter()
        .skip(3)
        .map(|(_, cell)| cell.text)
        .collect();
    assert_eq!(found, ["12.99", "-3", "-0.05"]);
}

#[test]
fn formulas_of_others_in_csv_are_shown_as_excel_shows_them() {
    let mut book = open("条码,名\n=\"01162\",=1+1\n".as_bytes().to_vec()).expect("opens");
    let cells = cells(&mut book, 0).expect("reads");
    assert_eq!(cells[2].1.text, "01162");
    assert!(cells[2].1.flags.has(CellFlags::FORMULA));
    assert_eq!(cells[3].1.text, "=1+1");
}

#[test]
fn a_file_that_is_not_finished_leaves_the_old_one_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("导出.xlsx");
    std::fs::write(&path, "old").expect("writes");
    drop(XlsxWriter::new(TargetFile::create(&path).expect("begins")));
    assert_eq!(std::fs::read(&path).expect("reads"), b"old");
    let mut writer = XlsxWriter::new(TargetFile::create(&path).expect("begins"));
    writer.sheet("s", &COLUMNS).expect("begins");
    writer.finish().expect("finishes").commit().expect("commits");
    assert_eq!(std::fs::read(&path).expect("reads")[..2], *b"PK");
    assert_eq!(std::fs::read_dir(folder.path()).expect("reads").count(), 1);
}
