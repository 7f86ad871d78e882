//! A counter with goods in it, and how bad files are made without holding them.

use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};
use serde_json::{Value, json};
use sim::world::OrderMode;
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};
use suites::Counter;
use suites::page::{GOODS_TABLES, Page, Told, memory_now, peak_memory, rows_of};

/// What reading one bad file may add to the most memory this process ever held.
pub(crate) const MEMORY: u64 = 64 << 20;

/// A counter with its goods, and a page on it.
pub(crate) struct Desk {
    pub(crate) counter: Counter,
    pub(crate) page: Page,
    files: tempfile::TempDir,
}

impl Desk {
    pub(crate) async fn open() -> Self {
        let counter = Counter::open(OrderMode::Lookup, 7).await;
        Self {
            page: Page::of(counter.engine()),
            counter,
            files: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.at(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Everything that a manager would miss.
    pub(crate) fn goods(&self) -> String {
        rows_of(self.counter.engine(), GOODS_TABLES)
    }

    /// Looking at, previewing and importing a file are refused alike; nothing changes and memory stays bounded.
    pub(crate) async fn refuses_sheet(&self, path: &Path) -> Told {
        let before = self.goods();
        let held = memory_now();
        let payload = json!({ "path": path, "columns": {} });
        let looked = self.page.refused("sheet_open", payload.clone()).await;
        let shown = self.page.refused("import_preview", payload.clone()).await;
        let told = self.page.refused("import_run", payload).await;
        assert_eq!(looked.error.code, told.error.code);
        assert_eq!(shown.error.code, told.error.code);
        assert_bounded(held, path);
        assert_eq!(self.goods(), before, "{}", path.display());
        told
    }
}

pub(crate) fn assert_bounded(held: Option<u64>, path: &Path) {
    if let (Some(before), Some(after)) = (held, peak_memory()) {
        assert!(
            after.saturating_sub(before) <= MEMORY,
            "{}: {} MB more than before",
            path.display(),
            after.saturating_sub(before) >> 20
        );
    }
}

/// The number of products that the api counts.
pub(crate) async fn products(page: &Page) -> i64 {
    let listed: Value = page.done("library_list", json!({ "limit": 1 })).await;
    listed["total"].as_i64().unwrap()
}

/// One part of an archive written by hand: bytes as they lie in it, and what is claimed of them.
pub(crate) struct Part {
    name: String,
    packed: Vec<u8>,
    crc: u32,
    size: u32,
}

impl Part {
    /// A part whose content is written by a closure, packed while it is made.
    pub(crate) fn new(name: &str, write: impl FnOnce(&mut dyn Write)) -> Self {
        let mut out = Counting {
            inner: DeflateEncoder::new(Vec::new(), Compression::fast()),
            crc: flate2::Crc::new(),
        };
        write(&mut out);
        Self {
            name: name.to_owned(),
            packed: out.inner.finish().unwrap(),
            crc: out.crc.sum(),
            size: out.crc.amount(),
        }
    }

    pub(crate) fn text(name: &str, text: &str) -> Self {
        Self::new(name, |out| out.write_all(text.as_bytes()).unwrap())
    }

    /// Claims another size than it has.
    pub(crate) fn claiming(mut self, size: u32) -> Self {
        self.size = size;
        self
    }

    /// Claims another checksum than it has.
    pub(crate) fn with_wrong_sum(mut self) -> Self {
        self.crc ^= 1;
        self
    }
}

struct Counting {
    inner: DeflateEncoder<Vec<u8>>,
    crc: flate2::Crc,
}

impl Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.crc.update(bytes);
        self.inner.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The archive of some parts, its directory saying what each part claims.
pub(crate) fn archive(parts: &[Part]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for part in parts {
        let at = u32::try_from(out.len()).unwrap();
        let mut head = Vec::new();
        for word in [20_u16, 0, 8, 0, 0x21] {
            head.extend(word.to_le_bytes());
        }
        for word in [part.crc, u32::try_from(part.packed.len()).unwrap(), part.size] {
            head.extend(word.to_le_bytes());
        }
        head.extend(u16::try_from(part.name.len()).unwrap().to_le_bytes());
        head.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&head);
        out.extend(part.name.as_bytes());
        out.extend(&part.packed);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&head);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(part.name.as_bytes());
    }
    let (at, length) = (out.len(), directory.len());
    let count = u16::try_from(parts.len()).unwrap().to_le_bytes();
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count, count].concat());
    out.extend(u32::try_from(length).unwrap().to_le_bytes());
    out.extend(u32::try_from(at).unwrap().to_le_bytes());
    out.extend([0, 0]);
    out
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The small parts that every workbook has.
pub(crate) fn frame() -> Vec<Part> {
    vec![
        Part::text(
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        ),
        Part::text(
            "_rels/.rels",
            &format!(
                "<Relationships xmlns=\"{RELATIONS}\"><Relationship Id=\"r1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        Part::text(
            "xl/_rels/workbook.xml.rels",
            &format!(
                "<Relationships xmlns=\"{RELATIONS}\"><Relationship Id=\"r1\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{OFFICE}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
            ),
        ),
        Part::text(
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"商品\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
    ]
}

/// A worksheet around some rows.
pub(crate) fn worksheet(rows: &str) -> String {
    format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>")
}

/// A cell with its own text.
pub(crate) fn cell(at: &str, text: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

/// A product sheet of so many rows.
pub(crate) fn product_sheet(rows: usize) -> String {
    let mut text = format!(
        "<row r=\"1\">{}{}{}</row>",
        cell("A1", "商品名称"),
        cell("B1", "条码"),
        cell("C1", "价格")
    );
    for at in 2..rows + 2 {
        let cells = [
            cell(&format!("A{at}"), &format!("第 {at} 种商品")),
            cell(
                &format!("B{at}"),
                &format!("{:013}", 6_900_000_000_000_u64 + at as u64),
            ),
            cell(&format!("C{at}"), "2.50"),
        ];
        write!(text, "<row r=\"{at}\">{}</row>", cells.concat()).unwrap();
    }
    worksheet(&text)
}

/// A workbook of this sheet.
pub(crate) fn workbook(sheet: Part) -> Vec<u8> {
    let mut parts = frame();
    parts.push(sheet);
    archive(&parts)
}

/// A workbook with these shared strings and one row that uses the first.
pub(crate) fn workbook_of_strings(strings: Part) -> Vec<u8> {
    let sheet = worksheet("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>");
    let mut parts = frame();
    parts.push(Part::text("xl/worksheets/sheet1.xml", &sheet));
    parts.push(strings);
    archive(&parts)
}

/// The opening of a strings part.
pub(crate) fn strings_open() -> String {
    format!("<sst xmlns=\"{MAIN}\">")
}

/// A PNG of one bit or eight bits a sample whose every pixel is 0, packed while it is made.
pub(crate) fn png(width: u32, height: u32, bits: u8, kind: u8, bytes_per_row: usize) -> Vec<u8> {
    let mut data = ZlibEncoder::new(Vec::new(), Compression::fast());
    let row = vec![0; bytes_per_row + 1];
    for _ in 0..height {
        data.write_all(&row).unwrap();
    }
    png_of(width, height, bits, kind, &data.finish().unwrap())
}

/// A PNG with this head and these packed bytes.
pub(crate) fn png_of(width: u32, height: u32, bits: u8, kind: u8, data: &[u8]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = [width.to_be_bytes(), height.to_be_bytes()].concat();
    head.extend([bits, kind, 0, 0, 0]);
    for (name, content) in [(b"IHDR", head.as_slice()), (b"IDAT", data), (b"IEND", &[])] {
        out.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        let mut crc = flate2::Crc::new();
        for part in [name.as_slice(), content] {
            crc.update(part);
            out.extend(part);
        }
        out.extend(crc.sum().to_be_bytes());
    }
    out
}
