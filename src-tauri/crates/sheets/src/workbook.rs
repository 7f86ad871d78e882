//! The front door: a file of any kind, told by its content, read row by row.

use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::path::Path;

use serde::Serialize;

use crate::SheetError;
use crate::guard::{Limits, Package, Source};
use crate::model::{RowVisitor, SheetInfo, SheetTail};
use crate::text::{TextFile, TextShape, head};
use crate::xls::Xls;
use crate::xlsx::Xlsx;

/// What kind of file it really is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Office Open XML workbook.
    Xlsx,
    /// Old binary workbook.
    Xls,
    /// Separated text, with its encoding and separator.
    Text(TextShape),
}

#[derive(Debug)]
enum Inner {
    Xlsx(Box<Xlsx>),
    Xls(Box<Xls>),
    Text(TextFile),
}

/// A spreadsheet from outside.
#[derive(Debug)]
pub struct Workbook {
    inner: Inner,
    text_sheet: [SheetInfo; 1],
}

impl Workbook {
    /// Opens a file with the default [`Limits`].
    ///
    /// # Errors
    /// Whatever makes the file unreadable as a whole: see [`SheetError`].
    pub fn open(path: &Path) -> Result<Self, SheetError> {
        Self::open_with(path, Limits::default())
    }

    /// Opens a file with limits of one's own.
    ///
    /// # Errors
    /// As [`Workbook::open`].
    pub fn open_with(path: &Path, limits: Limits) -> Result<Self, SheetError> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(SheetError::NotASpreadsheet { found: "folder" });
        }
        Self::from_source(Box::new(BufReader::new(file)), metadata.len(), limits)
    }

    /// Opens a file that is already in memory.
    ///
    /// # Errors
    /// As [`Workbook::open`].
    pub fn from_bytes(bytes: Vec<u8>, limits: Limits) -> Result<Self, SheetError> {
        let length = bytes.len() as u64;
        Self::from_source(Box::new(Cursor::new(bytes)), length, limits)
    }

    fn from_source(mut source: Box<dyn Source>, length: u64, limits: Limits) -> Result<Self, SheetError> {
        if length > limits.file_bytes {
            return Err(SheetError::TooLarge {
                bytes: length,
                limit: limits.file_bytes,
            });
        }
        let head = head(source.as_mut(), 1024)?;
        let inner = match sniff(&head) {
            Sniffed::Zip => Inner::Xlsx(Box::new(open_zip(source, limits)?)),
            Sniffed::Compound => {
                if length > limits.xls_bytes {
                    return Err(SheetError::TooLarge {
                        bytes: length,
                        limit: limits.xls_bytes,
                    });
                }
                let mut bytes = Vec::new();
                source.take(limits.xls_bytes).read_to_end(&mut bytes)?;
                Inner::Xls(Box::new(Xls::open(&bytes, limits)?))
            }
            Sniffed::Text => Inner::Text(TextFile::open(source, limits)?),
            Sniffed::Other(found) => return Err(SheetError::NotASpreadsheet { found }),
        };
        Ok(Self {
            inner,
            text_sheet: [SheetInfo {
                name: String::new(),
                hidden: false,
            }],
        })
    }

    /// What the file really is, whatever its name says.
    pub fn kind(&self) -> FileKind {
        match &self.inner {
            Inner::Xlsx(_) => FileKind::Xlsx,
            Inner::Xls(_) => FileKind::Xls,
            Inner::Text(file) => FileKind::Text(file.shape()),
        }
    }

    /// The worksheets in tab order (hidden ones too); a text file has one without a name.
    pub fn sheets(&self) -> &[SheetInfo] {
        match &self.inner {
            Inner::Xlsx(file) => file.sheets(),
            Inner::Xls(file) => file.sheets(),
            Inner::Text(_) => &self.text_sheet,
        }
    }

    /// Streams the sheet at `index` (tab order, from 0) through `visit`, row by row.
    ///
    /// # Errors
    /// Damage, limits, or no such sheet. Rows seen before the error were right.
    pub fn read(&mut self, index: usize, visit: &mut RowVisitor<'_>) -> Result<SheetTail, SheetError> {
        match &mut self.inner {
            Inner::Xlsx(file) => file.read(index, visit),
            Inner::Xls(file) => file.read(index, visit),
            Inner::Text(file) if index == 0 => file.read(visit),
            Inner::Text(_) => Err(SheetError::NoSuchSheet {
                name: (index + 1).to_string(),
            }),
        }
    }

    /// Bytes inflated from the archive so far: what the bomb guard is measured by. 0 for other kinds.
    pub fn inflated_bytes(&self) -> u64 {
        match &self.inner {
            Inner::Xlsx(file) => file.inflated(),
            Inner::Xls(_) | Inner::Text(_) => 0,
        }
    }
}

enum Sniffed {
    Zip,
    Compound,
    Text,
    Other(&'static str),
}

fn sniff(head: &[u8]) -> Sniffed {
    match head {
        [] => return Sniffed::Other("empty"),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => return Sniffed::Zip,
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => return Sniffed::Compound,
        [b'%', b'P', b'D', b'F', ..] => return Sniffed::Other("pdf"),
        [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] | [b'G', b'I', b'F', b'8', ..] => {
            return Sniffed::Other("image");
        }
        [0x1F, 0x8B, ..] | [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xBC, 0xAF, ..] => {
            return Sniffed::Other("archive");
        }
        _ => {}
    }
    let text = String::from_utf8_lossy(head)
        .trim_start_matches(['\u{FEFF}', ' ', '\r', '\n', '\t'])
        .to_lowercase();
    if [
        "<html",
        "<!doctype html",
        "<table",
        "<meta",
        "<head",
        "<body",
        "<style",
    ]
    .iter()
    .any(|mark| text.starts_with(mark))
        || (text.starts_with('<') && text.contains("<html"))
    {
        return Sniffed::Other("html");
    }
    if text.starts_with("<?xml") {
        return Sniffed::Other("xml");
    }
    if text.starts_with('{') && text.contains("\":") {
        return Sniffed::Other("json");
    }
    // Text has no control characters but a few; UTF-16 has zero bytes, which are not counted here.
    let count = |wanted: fn(u8) -> bool| head.iter().filter(|&&byte| wanted(byte)).count();
    let controls = count(|byte| byte < 32 && !matches!(byte, 0 | 9..=13 | 26 | 27));
    let zeros = count(|byte| byte == 0);
    let wide = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    if !wide && (controls * 20 > head.len() || zeros * 10 > head.len() * 6) {
        return Sniffed::Other("binary");
    }
    Sniffed::Text
}

fn open_zip(source: Box<dyn Source>, limits: Limits) -> Result<Xlsx, SheetError> {
    let package = Package::open(source, &limits)?;
    for (part, found) in [
        ("xl/workbook.bin", "xlsb"),
        ("content.xml", "ods"),
        ("word/document.xml", "docx"),
    ] {
        if package.find(part).is_some() {
            return Err(SheetError::NotASpreadsheet { found });
        }
    }
    Xlsx::open(package, limits)
}
