//! The workbooks that are read, and those that are not.

use std::error::Error;
use std::io::{Cursor, Write};

use sheets::{ColumnSpec, Value, XlsxWriter};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

type Outcome<T> = Result<T, Box<dyn Error>>;

const NS: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";

fn name(row: u32) -> String {
    format!(
        "可口可乐汽水罐装{}号{}ml*{}瓶",
        row,
        row % 900 + 100,
        row % 24 + 1
    )
}

/// A workbook of one sheet, all but its shared strings.
fn begin(sheet: &[u8]) -> Outcome<ZipWriter<Cursor<Vec<u8>>>> {
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let book = format!(
        "<workbook {NS} xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let relations = format!(
        "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"r1\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{OFFICE}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
    );
    let types = format!(
        "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{KIND}.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{KIND}.worksheet+xml\"/><Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"{KIND}.sharedStrings+xml\"/></Types>"
    );
    let root = format!(
        "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"r1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
    ] {
        part(&mut zip, name)?;
        zip.write_all(content)?;
    }
    Ok(zip)
}

fn part(zip: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str) -> Outcome<()> {
    let deflated = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    Ok(zip.start_file(name, deflated)?)
}

fn workbook(sheet: &[u8], strings: &[u8]) -> Outcome<Vec<u8>> {
    let mut zip = begin(sheet)?;
    part(&mut zip, "xl/sharedStrings.xml")?;
    zip.write_all(strings)?;
    Ok(zip.finish()?.into_inner())
}

/// As Excel writes it: four text columns as shared strings, six of numbers.
pub(crate) fn shared(rows: u32) -> Outcome<Vec<u8>> {
    let mut strings = format!("<sst {NS}>");
    let mut sheet = format!("<worksheet {NS}><sheetData>");
    for row in 1..=rows {
        strings.extend([format!(
            "<si><t>{}</t></si><si><t>{}</t></si>",
            name(row),
            6_900_000_000_000_u64 + u64::from(row) * 7
        )]);
        let base = (row - 1) * 2;
        sheet.extend([format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>{base}</v></c><c r=\"B{row}\" t=\"s\"><v>{}</v></c><c r=\"C{row}\" t=\"s\"><v>1</v></c><c r=\"D{row}\" t=\"s\"><v>3</v></c>", base + 1)]);
        for (column, factor) in ["E", "F", "G", "H", "I", "J"].iter().zip(3_u32..) {
            sheet.extend([format!(
                "<c r=\"{column}{row}\"><v>{}.{}</v></c>",
                row * factor % 1000,
                row % 100
            )]);
        }
        sheet.push_str("</row>");
    }
    strings.push_str("</sst>");
    sheet.push_str("</sheetData></worksheet>");
    workbook(sheet.as_bytes(), strings.as_bytes())
}

/// As our own writer writes it: strings stand in their cells.
pub(crate) fn inline(rows: u32) -> Outcome<Vec<u8>> {
    let titles = [
        "条码", "名称", "规格", "单位", "售价", "进价", "库存", "a", "b", "c",
    ];
    let columns: Vec<ColumnSpec<'_>> = titles.iter().map(|title| ColumnSpec::new(title)).collect();
    let mut writer = XlsxWriter::new(Cursor::new(Vec::new()));
    writer.sheet("商品", &columns)?;
    for row in 1..rows {
        let (code, name, spec) = (
            format!("{:013}", u64::from(row) * 7),
            name(row),
            format!("{}ml", row % 900),
        );
        let fen = i64::from(row) * 37 % 100_000;
        writer.row(&[
            Value::Text(&code),
            Value::Text(&name),
            Value::Text(&spec),
            Value::Text("瓶"),
            Value::Fen(fen),
            Value::Fen(fen / 2),
            Value::Integer(fen % 100),
            Value::Integer(fen),
            Value::Integer(fen),
            Value::Integer(fen),
        ])?;
    }
    Ok(writer.finish()?.into_inner())
}

/// One sheet that uses none of its shared strings, which are `head` and `count` times `block`.
fn huge_strings(head: &str, block: &[u8], count: usize) -> Outcome<Vec<u8>> {
    let sheet = format!(
        "<worksheet {NS}><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData></worksheet>"
    );
    let mut zip = begin(sheet.as_bytes())?;
    part(&mut zip, "xl/sharedStrings.xml")?;
    zip.write_all(head.as_bytes())?;
    for _ in 0..count {
        zip.write_all(block)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// The set of measurements.md 5.3 by name: the far corners and the lying dimension are read, which is harmless; the
/// others are refused. `part` of the hugest ones' size is taken: they take long to make.
pub(crate) fn bombs(part: usize) -> Outcome<Vec<(&'static str, Vec<u8>)>> {
    let corners = format!(
        "<worksheet {NS}><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData></worksheet>"
    );
    let mut nested = format!("<worksheet {NS}>").into_bytes();
    nested.extend(b"<x>".repeat(1_000_000));
    let entities = format!("<!DOCTYPE x [<!ENTITY a \"aaaa\">]><worksheet {NS}/>");
    Ok(vec![
        (
            "xlsx, cells A1 and XFD1048576",
            workbook(corners.as_bytes(), b"")?,
        ),
        (
            "xlsx, one 3 GB shared string",
            huge_strings(&format!("<sst {NS}><si><t>"), &vec![b'a'; 1 << 20], 3_072 / part)?,
        ),
        (
            "xlsx, 100 M one-letter strings",
            huge_strings(
                &format!("<sst {NS}>"),
                &b"<si><t>a</t></si>".repeat(65_536),
                1_526 / part,
            )?,
        ),
        ("xlsx, entity declarations", workbook(entities.as_bytes(), b"")?),
        ("xlsx, 1 M nested tags", workbook(&nested, b"")?),
        ("xlsx, lying dimension", lying_dimension()?),
    ])
}

/// Says that it has every row and column there can be, and has none.
pub(crate) fn lying_dimension() -> Outcome<Vec<u8>> {
    let sheet = format!("<worksheet {NS}><dimension ref=\"A1:XFD1048576\"/><sheetData/></worksheet>");
    workbook(sheet.as_bytes(), b"")
}
