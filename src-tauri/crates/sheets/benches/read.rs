//! Reading 100,000 rows of 10 columns against the limit (inflating the same file) and against openpyxl, both in
//! the same run, and how long each bomb takes to be refused. Ratios are what counts; the times are this
//! machine's.
#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]

use std::error::Error;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use sheets::{ColumnSpec, Limits, Value, Workbook, XlsxWriter};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

type Outcome<T> = Result<T, Box<dyn Error>>;

const ROWS: u32 = 100_000;
const NS: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, command, path] = arguments.as_slice()
        && command == "read-file"
    {
        let cells = read(Path::new(path))?;
        println!("{cells} {}", peak_kilobytes());
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let shared = folder.path().join("shared.xlsx");
    let inline = folder.path().join("inline.xlsx");
    fs::write(&shared, shared_workbook()?)?;
    fs::write(&inline, inline_workbook()?)?;
    for (name, path) in [("shared strings", &shared), ("inline strings", &inline)] {
        let inflate = best(5, || inflate_only(path))?;
        let ours = best(5, || read(path).map(drop))?;
        println!(
            "P3 read 100k x 10, {name}: {:.2} x inflate only (goal <= 3.0); {} ms against {} ms",
            ours.as_secs_f64() / inflate.as_secs_f64(),
            ours.as_millis(),
            inflate.as_millis()
        );
        let (whole, peak) = whole_process(path)?;
        println!(
            "   whole process {} ms, peak {} MB (goal <= 64)",
            whole.as_millis(),
            peak / 1024
        );
        match openpyxl(path) {
            Some(peer) => println!(
                "   {:.3} x openpyxl read-only, whole processes (goal <= 0.06)",
                whole.as_secs_f64() / peer.as_secs_f64()
            ),
            None => println!("   openpyxl is not installed: not compared"),
        }
    }
    bombs()
}

fn best(rounds: usize, mut work: impl FnMut() -> Outcome<()>) -> Outcome<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..rounds {
        let start = Instant::now();
        work()?;
        best = best.min(start.elapsed());
    }
    Ok(best)
}

fn read(path: &Path) -> Outcome<u64> {
    let mut book = Workbook::open(path)?;
    let mut bytes = 0_usize;
    let tail = book.read(0, &mut |row| {
        bytes += row.cells().iter().map(|cell| cell.text.len()).sum::<usize>();
        ControlFlow::Continue(())
    })?;
    std::hint::black_box(bytes);
    Ok(tail.cells)
}

fn inflate_only(path: &Path) -> Outcome<()> {
    let mut archive = ZipArchive::new(fs::File::open(path)?)?;
    let mut buffer = vec![0; 64 << 10];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index)?;
        while part.read(&mut buffer)? > 0 {
            std::hint::black_box(&buffer);
        }
    }
    Ok(())
}

fn whole_process(path: &Path) -> Outcome<(Duration, u64)> {
    let (mut fastest, mut peak) = (Duration::MAX, 0);
    for _ in 0..3 {
        let start = Instant::now();
        let output = Command::new(std::env::current_exe()?)
            .arg("read-file")
            .arg(path)
            .output()?;
        fastest = fastest.min(start.elapsed());
        let text = String::from_utf8(output.stdout)?;
        peak = text.split_whitespace().nth(1).unwrap_or("0").parse()?;
    }
    Ok((fastest, peak))
}

fn openpyxl(path: &Path) -> Option<Duration> {
    const SCRIPT: &str = "import sys, openpyxl\nn = 0\nfor row in openpyxl.load_workbook(sys.argv[1], read_only=True).worksheets[0].iter_rows(values_only=True):\n    n += len(row)\nprint(n)";
    let start = Instant::now();
    let output = Command::new("python3")
        .args(["-c", SCRIPT])
        .arg(path)
        .output()
        .ok()?;
    output.status.success().then(|| start.elapsed())
}

/// Largest resident size of this process so far, as Linux counts it; 0 elsewhere.
fn peak_kilobytes() -> u64 {
    fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            status.lines().find_map(|line| {
                line.strip_prefix("VmHWM:")?
                    .split_whitespace()
                    .next()?
                    .parse()
                    .ok()
            })
        })
        .unwrap_or(0)
}

fn name(row: u32) -> String {
    format!(
        "可口可乐汽水罐装{}号{}ml*{}瓶",
        row,
        row % 900 + 100,
        row % 24 + 1
    )
}

fn archive(parts: &[(&str, &[u8])]) -> Outcome<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(
            *name,
            SimpleFileOptions::default().compression_method(CompressionMethod::Deflated),
        )?;
        zip.write_all(content)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn workbook(sheet: &[u8], strings: &[u8]) -> Outcome<Vec<u8>> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let book = format!(
        "<workbook {NS} xmlns:r=\"{office}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let relations = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{office}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
    );
    archive(&[
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
        ("[Content_Types].xml", br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"#),
        ("_rels/.rels", format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>").as_bytes()),
    ])
}

/// As Excel writes it: four text columns as shared strings, six of numbers.
fn shared_workbook() -> Outcome<Vec<u8>> {
    let mut strings = format!("<sst {NS}>");
    let mut sheet = format!("<worksheet {NS}><sheetData>");
    for row in 1..=ROWS {
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

fn inline_workbook() -> Outcome<Vec<u8>> {
    let titles = [
        "条码", "名称", "规格", "单位", "售价", "进价", "库存", "a", "b", "c",
    ];
    let columns: Vec<ColumnSpec<'_>> = titles.iter().map(|title| ColumnSpec::new(title)).collect();
    let mut writer = XlsxWriter::new(Cursor::new(Vec::new()));
    writer.sheet("商品", &columns)?;
    for row in 1..ROWS {
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

fn bombs() -> Outcome<()> {
    let head = format!("<sst {NS}><si><t>");
    let corners = format!(
        "<worksheet {NS}><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData></worksheet>"
    );
    let mut nested = format!("<worksheet {NS}>").into_bytes();
    nested.extend(b"<x>".repeat(1_000_000));
    let empty = format!("<worksheet {NS}><sheetData/></worksheet>");
    let entities = format!("<!DOCTYPE x [<!ENTITY a \"aaaa\">]><worksheet {NS}/>");
    let list: Vec<(&str, Vec<u8>)> = vec![
        (
            "cells in far corners (read, not refused)",
            workbook(corners.as_bytes(), b"")?,
        ),
        (
            "one shared string of 600 MB",
            huge_string(&head, &vec![b'a'; 1 << 20], 600)?,
        ),
        (
            "40 M strings of one letter",
            huge_string(&format!("<sst {NS}>"), &b"<si><t>a</t></si>".repeat(65_536), 610)?,
        ),
        ("entity declarations", workbook(entities.as_bytes(), b"")?),
        ("1 M nested tags", workbook(&nested, b"")?),
        (
            "lying dimension (read, not refused)",
            workbook(empty.as_bytes(), b"")?,
        ),
    ];
    for (name, bytes) in list {
        let size = bytes.len();
        let start = Instant::now();
        let mut inflated = 0;
        let result = Workbook::from_bytes(bytes, Limits::default()).and_then(|mut book| {
            let result = book.read(0, &mut |_| ControlFlow::Continue(()));
            inflated = book.inflated_bytes();
            result
        });
        let verdict = result.map_or_else(|error| error.code(), |_| "read");
        println!(
            "bomb {name}: {verdict}, {size} bytes, {inflated} inflated, {} us",
            start.elapsed().as_micros()
        );
    }
    Ok(())
}

fn huge_string(head: &str, block: &[u8], count: usize) -> Outcome<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file("xl/sharedStrings.xml", options)?;
    zip.write_all(head.as_bytes())?;
    for _ in 0..count {
        zip.write_all(block)?;
    }
    Ok(zip.finish()?.into_inner())
}
