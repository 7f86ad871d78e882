//! What sheets may hold, one thing at a time.

use sheets::{CellFlags, CellKind, FileKind, Limits, LossKind, Merge, SheetError, TextEncoding, Workbook};

use crate::support::{
    NS, archive, cells, flagged, open, rows, shared, sheet, texts, workbook, workbook_with,
};

fn one(book: Vec<u8>) -> Vec<(String, CellKind)> {
    let mut book = open(book).expect("opens");
    cells(&mut book, 0)
        .expect("reads")
        .into_iter()
        .map(|(_, cell)| (cell.text, cell.kind))
        .collect()
}

#[test]
fn strings_of_every_form() {
    let strings = format!(
        "<sst {NS}><si><t>甲</t></si><si><r><rPr><b/></rPr><t>富</t></r><r><t xml:space=\"preserve\"> 文</t></r><rPh sb=\"0\" eb=\"1\"><t>フ</t></rPh></si><si><t>8kg_x002B_2kg&amp;</t></si><si/></sst>"
    );
    let body = sheet(
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" t=\"s\"><v>2</v></c><c r=\"D1\" t=\"s\"><v>3</v></c><c r=\"E1\" t=\"inlineStr\"><is><t><![CDATA[<b>]]></t></is></c><c r=\"F1\" t=\"str\"><f>A1</f><v>算</v></c></row>",
    );
    let seen = one(workbook(&body, Some(strings.as_bytes()), None));
    let texts: Vec<&str> = seen.iter().map(|cell| cell.0.as_str()).collect();
    assert_eq!(texts, ["甲", "富 文", "8kg+2kg&", "<b>", "算"]);
    assert!(seen.iter().all(|cell| cell.1 == CellKind::Text));
}

#[test]
fn numbers_dates_booleans_errors_and_formulas() {
    let styles = format!(
        "<styleSheet {NS}><numFmts count=\"2\"><numFmt numFmtId=\"170\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/><numFmt numFmtId=\"171\" formatCode=\"0000000000000\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/><xf numFmtId=\"171\"/></cellXfs></styleSheet>"
    );
    let body = sheet(
        "<row r=\"2\" hidden=\"1\"><c r=\"A2\"><v>6.901028184793E+12</v></c><c r=\"B2\" s=\"1\"><v>45641</v></c><c r=\"C2\" s=\"2\"><v>45641.5</v></c><c r=\"D2\" s=\"3\"><v>1162</v></c><c r=\"E2\" t=\"b\"><v>1</v></c><c r=\"F2\" t=\"e\"><v>#N/A</v></c><c r=\"G2\"><f>A2*2</f></c><c r=\"H2\"><f>1+1</f><v>2</v></c><c r=\"I2\" t=\"d\"><v>2024-05-31T00:00:00</v></c><c r=\"J2\" t=\"inlineStr\"><is><t>6.90103E+12</t></is></c></row>",
    );
    let mut book = open(workbook(&body, None, Some(&styles))).expect("opens");
    let (seen, _) = rows(&mut book, 0).expect("reads");
    assert!(seen[0].1, "the row is hidden");
    let cells = cells(&mut book, 0).expect("reads");
    let found: Vec<(&str, CellKind)> = cells
        .iter()
        .map(|(_, cell)| (cell.text.as_str(), cell.kind))
        .collect();
    assert_eq!(
        found,
        [
            ("6901028184793", CellKind::Number),
            ("2024-12-15", CellKind::Date),
            ("2024-12-15 12:00:00", CellKind::Date),
            ("0000000001162", CellKind::Number),
            ("TRUE", CellKind::Bool),
            ("#N/A", CellKind::Error),
            ("", CellKind::Empty),
            ("2", CellKind::Number),
            ("2024-05-31", CellKind::Date),
            ("6.90103E+12", CellKind::Text),
        ]
    );
    assert!(flagged(&cells[6].1, CellFlags::FORMULA_WITHOUT_VALUE));
    assert!(flagged(&cells[7].1, CellFlags::FORMULA));
    assert!(flagged(&cells[9].1, CellFlags::DIGITS_LOST));
}

#[test]
fn the_1904_calendar_is_honoured() {
    let styles = format!("<styleSheet {NS}><cellXfs><xf numFmtId=\"14\"/></cellXfs></styleSheet>");
    let body = sheet("<row r=\"1\"><c r=\"A1\" s=\"0\"><v>44179</v></c></row>");
    let bytes = workbook_with(
        "<workbookPr date1904=\"1\"/>",
        body.as_bytes(),
        None,
        Some(&styles),
    );
    assert_eq!(one(bytes), [("2024-12-15".to_owned(), CellKind::Date)]);
}

#[test]
fn merges_hidden_columns_and_cells_without_references() {
    let body = String::from(
        "\u{FEFF}<x:worksheet xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\"><x:cols><x:col min=\"2\" max=\"3\" hidden=\"1\"/></x:cols><x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c t=\"inlineStr\"><x:is><x:t>b</x:t></x:is></x:c></x:row><x:row/><x:row><x:c><x:v>3</x:v></x:c></x:row></x:sheetData><x:mergeCells><x:mergeCell ref=\"A1:B2\"/></x:mergeCells></x:worksheet>",
    );
    let strict = "http://purl.oclc.org/ooxml/officeDocument/relationships";
    let root = format!(
        "<Relationships><Relationship Id=\"r1\" Type=\"{strict}/officeDocument\" Target=\"/xl/workbook.xml\"/></Relationships>"
    );
    let book = "<workbook><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\" state=\"veryHidden\"/></sheets></workbook>";
    let relations = format!(
        "<Relationships><Relationship Id=\"r1\" Type=\"{strict}/worksheet\" Target=\"worksheets/Sheet1.xml\"/></Relationships>"
    );
    let mut book = open(archive(&[
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", body.as_bytes()),
    ]))
    .expect("a strict workbook opens");
    assert!(book.sheets()[0].hidden);
    let (seen, tail) = rows(&mut book, 0).expect("reads");
    assert_eq!(seen.iter().map(|row| row.0).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(seen[0].2[1], (1, "b".to_owned(), CellKind::Text));
    assert_eq!(
        tail.merges,
        [Merge {
            top: 1,
            bottom: 2,
            left: 0,
            right: 1
        }]
    );
    assert_eq!(tail.hidden_columns, [1, 2]);
}

#[test]
fn content_decides_and_not_the_name() {
    for (bytes, found) in [
        (&b""[..], "empty"),
        (b"%PDF-1.7", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\r\n<html><table><tr><td>1", "html"),
        (b"\x1F\x8B\x08", "archive"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08\x01\x02", "binary"),
    ] {
        assert!(
            matches!(open(bytes.to_vec()), Err(SheetError::NotASpreadsheet { found: seen }) if seen == found),
            "{found}"
        );
    }
    let docx = archive(&[("word/document.xml", b"<x/>")]);
    assert!(matches!(
        open(docx),
        Err(SheetError::NotASpreadsheet { found: "docx" })
    ));
    let other = archive(&[("readme.txt", b"hello")]);
    assert!(matches!(
        open(other),
        Err(SheetError::NotASpreadsheet { found: "zip" })
    ));
    let Some(path) = shared("data/originals/bike_shop_商品资料.xls") else {
        return;
    };
    let bytes = std::fs::read(path).expect("reads");
    let folder = tempfile::tempdir().expect("a folder");
    let renamed = folder.path().join("renamed.xlsx");
    std::fs::write(&renamed, &bytes).expect("writes");
    assert_eq!(Workbook::open(&renamed).expect("opens").kind(), FileKind::Xls);
    assert!(matches!(
        Workbook::open(folder.path()),
        Err(SheetError::NotASpreadsheet { .. } | SheetError::Io(_))
    ));
    let small = Limits {
        xls_bytes: 1000,
        ..Limits::default()
    };
    assert!(matches!(
        Workbook::from_bytes(bytes.clone(), small),
        Err(SheetError::TooLarge { .. })
    ));
    for cut in (0..bytes.len()).step_by(509) {
        if let Ok(mut book) = open(bytes[..cut].to_vec()) {
            let _ = rows(&mut book, 0);
        }
    }
    for at in (0..bytes.len()).step_by(173) {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0xA5;
        if let Ok(mut book) = open(bytes) {
            let _ = rows(&mut book, 0);
        }
    }
}

/// A compound file whose directory has one stream of the given name.
fn compound(name: &str) -> Vec<u8> {
    let mut bytes = vec![0_u8; 512 * 4];
    bytes[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    bytes[30] = 9;
    bytes[48..52].copy_from_slice(&1_u32.to_le_bytes());
    bytes[60..64].copy_from_slice(&0xFFFF_FFFE_u32.to_le_bytes());
    bytes[68..72].copy_from_slice(&0xFFFF_FFFE_u32.to_le_bytes());
    for index in 0..109 {
        let sector: u32 = if index == 0 { 0 } else { 0xFFFF_FFFF };
        bytes[76 + index * 4..80 + index * 4].copy_from_slice(&sector.to_le_bytes());
    }
    for (index, link) in [0xFFFF_FFFD_u32, 0xFFFF_FFFE, 0xFFFF_FFFE]
        .into_iter()
        .enumerate()
    {
        bytes[512 + index * 4..516 + index * 4].copy_from_slice(&link.to_le_bytes());
    }
    let entry = 1024;
    for (index, unit) in name.encode_utf16().enumerate() {
        bytes[entry + index * 2..entry + index * 2 + 2].copy_from_slice(&unit.to_le_bytes());
    }
    bytes[entry + 64] = u8::try_from(name.len() * 2 + 2).expect("short");
    bytes[entry + 66] = 2;
    bytes
}

#[test]
fn an_encrypted_workbook_is_told_apart() {
    assert!(matches!(
        open(compound("EncryptedPackage")),
        Err(SheetError::Encrypted)
    ));
    assert!(matches!(
        open(compound("WordDocument")),
        Err(SheetError::NotASpreadsheet { found: "ole" })
    ));
}

#[test]
fn every_encoding_and_separator_is_found() {
    let text = "条码,品名\r\n=\"01162\",麻花㍙\r\n";
    let gb = encoding(text, encoding_rs::GB18030);
    let wide: Vec<u8> = text
        .replace(',', "\t")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut marked = vec![0xFF, 0xFE];
    marked.extend(&wide);
    for (bytes, encoding, separator) in [
        (text.as_bytes().to_vec(), TextEncoding::Utf8, ','),
        (
            [b"\xEF\xBB\xBF", text.replace(',', ";").as_bytes()].concat(),
            TextEncoding::Utf8,
            ';',
        ),
        (gb, TextEncoding::Gb18030, ','),
        (marked, TextEncoding::Utf16Le, '\t'),
        (wide, TextEncoding::Utf16Le, '\t'),
        (big, TextEncoding::Utf16Be, ','),
    ] {
        let FileKind::Text(shape) = open(bytes.clone()).expect("opens").kind() else {
            panic!("not text")
        };
        assert_eq!((shape.encoding, shape.separator), (encoding, separator));
        assert_eq!(
            texts(&bytes).0[1],
            (2, vec!["01162".to_owned(), "麻花㍙".to_owned()])
        );
    }
}

fn encoding(text: &str, codec: &'static encoding_rs::Encoding) -> Vec<u8> {
    codec.encode(text).0.into_owned()
}

#[test]
fn broken_text_is_salvaged_line_by_line() {
    let (seen, tail) = texts("名,价\r甲,1\r乙,2\r".as_bytes());
    assert_eq!(seen.len(), 3, "CR alone ends lines");
    assert!(tail.losses.is_empty());
    let (seen, tail) = texts("名,价,注\n\"甲,1,a\n乙,2,b\n\"丙\",3\n丁\n\"x\ny\",4,z\n".as_bytes());
    let lines: Vec<(u32, usize)> = seen.iter().map(|row| (row.0, row.1.len())).collect();
    assert_eq!(lines, [(1, 3), (2, 3), (3, 3), (4, 2), (5, 1), (6, 3)]);
    assert_eq!(seen[1].1[0], "\"甲");
    assert_eq!(seen[5].1[0], "x\ny");
    assert_eq!(tail.losses.len(), 1);
    assert_eq!(
        (tail.losses[0].line, tail.losses[0].kind),
        (2, LossKind::BrokenQuotes)
    );
    let (seen, tail) = texts(
        &[
            b"name,price\n\xE5\x8F\xAF\xE4\xB9\x90".as_slice(),
            b"\xFF,3\n\0x,4\n",
        ]
        .concat(),
    );
    assert_eq!(seen[1].1[0], "可乐\u{FFFD}");
    assert_eq!(seen[2].1[0], "\0x");
    assert_eq!(
        tail.losses
            .iter()
            .map(|loss| (loss.line, loss.kind))
            .collect::<Vec<_>>(),
        [(2, LossKind::BadBytes)]
    );
    assert_eq!(
        texts(b"sep=;\na;b\n").0,
        [(2, vec!["a".to_owned(), "b".to_owned()])]
    );
}
