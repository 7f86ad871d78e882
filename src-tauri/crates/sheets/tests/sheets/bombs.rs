//! Hostile files. What is asserted is bytes, not time: how much was inflated before the refusal, and that
//! nothing was laid out as a grid.

use std::io::{Cursor, Write};
use std::ops::ControlFlow;

use sheets::{CellFlags, Limits, SheetError, Workbook};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::support::{NS, archive, open, rows, sheet, workbook, workbook_with};

/// Small parts (workbook, relations, styles) may be read before a bomb is met.
const SMALL: u64 = 256 << 10;

fn repeat(start: &str, middle: &str, count: usize, end: &str) -> Vec<u8> {
    let mut bytes = start.as_bytes().to_vec();
    for _ in 0..count {
        bytes.extend_from_slice(middle.as_bytes());
    }
    bytes.extend_from_slice(end.as_bytes());
    bytes
}

#[test]
fn two_cells_in_the_far_corners_are_two_cells() {
    let body = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row>";
    let mut book = open(workbook(&sheet(body), None, None)).expect("opens");
    let (seen, tail) = rows(&mut book, 0).expect("reads");
    assert_eq!((seen.len(), tail.cells), (2, 2));
    assert_eq!(seen[1].2[0].0, 16_383);
    assert!(book.inflated_bytes() < SMALL);
}

#[test]
fn one_huge_shared_string_is_refused_before_a_byte_is_inflated() {
    // 600 MB of one letter, deflated while it is made.
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file("xl/sharedStrings.xml", options).expect("starts");
    zip.write_all(format!("<sst {NS}><si><t>").as_bytes())
        .expect("writes");
    let block = vec![b'a'; 1 << 20];
    for _ in 0..600 {
        zip.write_all(&block).expect("writes");
    }
    let bytes = zip.finish().expect("finishes").into_inner();
    assert!(bytes.len() < 4 << 20);
    let error = open(bytes).expect_err("refused");
    assert!(
        matches!(error, SheetError::Bomb { declared, .. } if declared > 600 << 20),
        "{error}"
    );
}

#[test]
fn a_smaller_huge_string_is_refused_by_its_ratio() {
    let strings = repeat(
        &format!("<sst {NS}><si><t>"),
        "aaaaaaaaaaaaaaaa",
        1 << 20,
        "</t></si></sst>",
    );
    let error = open(workbook(&sheet(""), Some(&strings), None)).expect_err("refused");
    assert!(
        matches!(error, SheetError::Bomb { ref part, .. } if part == "xl/sharedStrings.xml"),
        "{error}"
    );
}

/// Text that hardly compresses passes the gate; the longest token bounds what is held of it.
#[test]
fn a_long_string_that_hardly_compresses_is_refused_after_two_limits_of_bytes() {
    let mut strings = format!("<sst {NS}><si><t>").into_bytes();
    let mut state = 1_u64;
    for _ in 0..8 << 20 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        strings.push(b'a' + u8::try_from((state >> 33) % 26).expect("a letter"));
    }
    strings.extend_from_slice(b"</t></si></sst>");
    let body = sheet("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>");
    let mut book = open(workbook(&body, Some(&strings), None)).expect("passes the gate");
    let error = rows(&mut book, 0).expect_err("refused");
    assert!(matches!(error, SheetError::TextTooLong { .. }), "{error}");
    assert!(book.inflated_bytes() < 3 << 20, "{}", book.inflated_bytes());
}

#[test]
fn millions_of_tiny_strings_are_refused_at_the_count() {
    let strings = repeat(&format!("<sst {NS}>"), "<si><t>a</t></si>", 400_000, "</sst>");
    let scaled = Limits {
        ratio: 2_000,
        strings: 100_000,
        ..Limits::default()
    };
    let mut book = Workbook::from_bytes(workbook(&sheet(""), Some(&strings), None), scaled)
        .expect("passes a lenient gate");
    let error = rows(&mut book, 0).expect_err("refused");
    assert!(
        matches!(error, SheetError::TooManyStrings { limit: 100_000 }),
        "{error}"
    );
    assert!(book.inflated_bytes() < 100_000 * 17 + SMALL);
}

#[test]
fn a_lying_directory_is_caught_at_the_declared_size() {
    let strings = repeat(
        &format!("<sst {NS}>"),
        "<si><t>aaaaaaaaaaaaaaaaaaaaaaaa</t></si>",
        100_000,
        "</sst>",
    );
    let real = u32::try_from(strings.len()).expect("small").to_le_bytes();
    let mut bytes = workbook(
        &sheet("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>"),
        Some(&strings),
        None,
    );
    let claimed = 1000_u32.to_le_bytes();
    let mut changed = 0;
    for at in 0..bytes.len() - 4 {
        if bytes[at..at + 4] == real {
            bytes[at..at + 4].copy_from_slice(&claimed);
            changed += 1;
        }
    }
    assert!(changed >= 1, "the size stands in the directory");
    let mut book = open(bytes).expect("the claim is harmless");
    let error = rows(&mut book, 0).expect_err("refused");
    assert!(
        matches!(error, SheetError::Bomb { .. } | SheetError::Damaged { .. }),
        "{error}"
    );
    assert!(book.inflated_bytes() < SMALL, "{}", book.inflated_bytes());
}

#[test]
fn entity_declarations_are_refused() {
    let bomb = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;&lol;\">]><worksheet {NS}><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&lol2;</t></is></c></row></sheetData></worksheet>"
    );
    let mut book = open(workbook(&bomb, None, None)).expect("opens");
    assert!(matches!(rows(&mut book, 0), Err(SheetError::Damaged { .. })));
    let undeclared = sheet("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&lol2;</t></is></c></row>");
    let mut book = open(workbook(&undeclared, None, None)).expect("opens");
    assert!(matches!(rows(&mut book, 0), Err(SheetError::Damaged { .. })));
}

#[test]
fn a_million_nested_tags_need_no_stack() {
    let mut deep = format!("<worksheet {NS}>").into_bytes();
    deep.extend(repeat("", "<x>", 1_000_000, ""));
    deep.extend(repeat(
        "",
        "</x>",
        1_000_000,
        "<sheetData><row r=\"1\"><c r=\"A1\"><v>7</v></c></row></sheetData></worksheet>",
    ));
    let bytes = workbook_with("", &deep, None, None);
    match open(bytes) {
        Err(SheetError::Bomb { .. }) => {}
        Ok(mut book) => assert_eq!(rows(&mut book, 0).expect("reads").1.cells, 1),
        Err(other) => panic!("{other}"),
    }
    let lenient = Limits {
        ratio: 2_000,
        ..Limits::default()
    };
    let mut book = Workbook::from_bytes(workbook_with("", &deep, None, None), lenient).expect("passes");
    assert_eq!(rows(&mut book, 0).expect("reads").1.cells, 1);
}

#[test]
fn a_lying_dimension_changes_nothing() {
    for dimension in ["A1", "A1:XFD1048576", "nonsense"] {
        let body =
            sheet("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"3\"><c r=\"C3\"><v>2</v></c></row>")
                .replace("ref=\"A1\"", &format!("ref=\"{dimension}\""));
        let mut book = open(workbook(&body, None, None)).expect("opens");
        assert_eq!(rows(&mut book, 0).expect("reads").1.cells, 2);
    }
}

#[test]
fn too_many_parts_and_too_many_cells_are_refused() {
    let names: Vec<String> = (0..2100).map(|index| format!("p{index}")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    assert!(matches!(
        open(archive(&parts)),
        Err(SheetError::Bomb { declared: 2100, .. })
    ));
    let cells = repeat("<row r=\"1\">", "<c><v>1</v></c>", 2_000, "</row>");
    let body = sheet(&String::from_utf8(cells).expect("ascii"));
    let small = Limits {
        cells: 1_000,
        ..Limits::default()
    };
    let mut book = Workbook::from_bytes(workbook(&body, None, None), small).expect("opens");
    assert!(matches!(
        rows(&mut book, 0),
        Err(SheetError::TooManyCells { limit: 1_000 })
    ));
}

/// A text file of one endless line is passed over in pieces, not held.
#[test]
fn an_endless_line_costs_one_row() {
    let mut bytes = "名称,价格\n可乐,3\n".as_bytes().to_vec();
    bytes.extend(std::iter::repeat_n(b'x', 5 << 20));
    bytes.extend_from_slice("\n雪碧,4\n".as_bytes());
    let mut book = open(bytes).expect("opens");
    let mut names = Vec::new();
    let tail = book
        .read(0, &mut |row| {
            names.push((row.number(), row.text(0).to_owned()));
            ControlFlow::Continue(())
        })
        .expect("reads");
    assert_eq!(
        names,
        [
            (1, "名称".to_owned()),
            (2, "可乐".to_owned()),
            (4, "雪碧".to_owned())
        ]
    );
    assert_eq!(tail.losses.len(), 1);
    assert_eq!(tail.losses[0].line, 3);
}

#[test]
fn a_row_of_a_million_fields_is_cut_at_the_last_column() {
    let line = ",x".repeat(400_000);
    let mut book = open(format!("a,b\n{line}\nc,d\n").into_bytes()).expect("opens");
    let (seen, tail) = rows(&mut book, 0).expect("reads");
    assert_eq!(
        seen.iter().map(|row| row.2.len()).collect::<Vec<_>>(),
        [2, 16_383, 2]
    );
    assert_eq!(tail.losses.len(), 1);
}

#[test]
fn a_million_empty_rows_are_only_counted() {
    let body = repeat("", "<row r=\"1\"/>", 1, "");
    assert!(!body.is_empty());
    let mut all = String::new();
    for number in 1..=200_000 {
        all.extend([
            "<row r=\"",
            &number.to_string(),
            "\"><c r=\"A",
            &number.to_string(),
            "\" s=\"1\"/></row>",
        ]);
    }
    let mut book = open(workbook(&sheet(&all), None, None)).expect("opens");
    let tail = rows(&mut book, 0).expect("reads").1;
    assert_eq!((tail.rows, tail.cells), (200_000, 0));
}

#[test]
fn truncation_anywhere_is_damage_and_never_a_panic() {
    let mut all = String::new();
    for number in 1..=300 {
        all.extend([format!("<row r=\"{number}\"><c r=\"A{number}\" t=\"s\"><v>0</v></c><c r=\"B{number}\"><v>{number}.5</v></c></row>")]);
    }
    let whole = workbook(
        &sheet(&all),
        Some(format!("<sst {NS}><si><t>x</t></si></sst>").as_bytes()),
        None,
    );
    for cut in (0..whole.len()).step_by(37) {
        if let Ok(mut book) = open(whole[..cut].to_vec()) {
            let _ = rows(&mut book, 0);
        }
    }
    // Bits turned over: whatever comes, it is a value or an error.
    for at in (0..whole.len()).step_by(11) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        if let Ok(mut book) = open(bytes) {
            let _ = rows(&mut book, 0);
        }
    }
    let mut book = open(whole).expect("opens");
    let cells = crate::support::cells(&mut book, 0).expect("reads");
    assert_eq!(cells.len(), 600);
    assert!(
        cells
            .iter()
            .all(|(_, cell)| !cell.flags.has(CellFlags::DIGITS_LOST))
    );
}
