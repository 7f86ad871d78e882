//! A secret with every way in which it could slip out, and the byte scan that looks for it.

use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use std::fmt::Write as _;
use std::io::{Cursor, Read as _};
use std::path::Path;

/// Written forms shorter than this would stand in honest bytes by chance.
const SHORTEST: usize = 6;

/// A secret to look for. `Debug` is not implemented: it would be a leak of its own.
pub struct Canary {
    name: String,
    forms: Vec<(&'static str, Vec<u8>)>,
}

/// Fields of credentials that only name an application, a merchant or a host. A list of its own: what the program holds
/// for a name is not taken on trust.
pub const NAMING: [&str; 12] = [
    "account_id",
    "app_id",
    "app_key",
    "businessId",
    "client_key",
    "developerId",
    "ePoiId",
    "merchant_id",
    "picture_host",
    "service_id",
    "source",
    "vender_id",
];

/// Where a secret was seen.
#[derive(Debug, PartialEq, Eq)]
pub struct Hit {
    /// Name of the secret.
    pub secret: String,
    /// Form in which it stood.
    pub form: &'static str,
    /// File, part of an archive, or stream.
    pub place: String,
}

impl Canary {
    /// All forms of a secret.
    pub fn new(name: &str, secret: &str) -> Self {
        let bytes = secret.as_bytes();
        let mut forms: Vec<(&'static str, Vec<u8>)> = vec![
            ("clear", bytes.to_vec()),
            ("reversed", secret.chars().rev().collect::<String>().into_bytes()),
            ("hex", hex(bytes, false).into_bytes()),
            ("HEX", hex(bytes, true).into_bytes()),
            ("url", percent(bytes, true, false).into_bytes()),
            ("url lower case", percent(bytes, false, false).into_bytes()),
            ("url of every byte", percent(bytes, true, true).into_bytes()),
            (
                "url of every byte, lower case",
                percent(bytes, false, true).into_bytes(),
            ),
            (
                "form",
                percent(bytes, true, false).replace("%20", "+").into_bytes(),
            ),
            ("UTF-16 little endian", utf16(secret, u16::to_le_bytes)),
            ("UTF-16 big endian", utf16(secret, u16::to_be_bytes)),
            ("JSON", json(secret).into_bytes()),
            ("JSON inside JSON", json(&json(secret)).into_bytes()),
            ("JSON escapes", escapes(secret, false).into_bytes()),
            ("JSON escapes, upper case", escapes(secret, true).into_bytes()),
            (
                "bytes as a list",
                bytes
                    .iter()
                    .map(u8::to_string)
                    .collect::<Vec<_>>()
                    .join(",")
                    .into_bytes(),
            ),
            (
                "bytes as a spaced list",
                bytes
                    .iter()
                    .map(u8::to_string)
                    .collect::<Vec<_>>()
                    .join(", ")
                    .into_bytes(),
            ),
        ];
        for before in 0..3 {
            forms.push(("base64", base64(&STANDARD_NO_PAD, bytes, before)));
            forms.push(("base64 for URLs", base64(&URL_SAFE_NO_PAD, bytes, before)));
        }
        assert!(
            forms.iter().all(|(_, form)| form.len() >= SHORTEST),
            "{name} is too short to be looked for"
        );
        Self {
            name: name.to_owned(),
            forms,
        }
    }

    /// The first form that stands in the bytes.
    pub fn form_in(&self, bytes: &[u8]) -> Option<&'static str> {
        let found = self
            .forms
            .iter()
            .find(|(_, form)| memchr::memmem::find(bytes, form).is_some());
        found.map(|(form, _)| *form)
    }

    /// The forms by name, for proving the scan.
    pub fn forms(&self) -> &[(&'static str, Vec<u8>)] {
        &self.forms
    }
}

/// Looks for every secret in bytes; archives (zip, xlsx) are looked into.
pub fn scan(canaries: &[Canary], place: &str, bytes: &[u8]) -> Vec<Hit> {
    let mut hits: Vec<Hit> = canaries
        .iter()
        .filter_map(|canary| {
            Some(Hit {
                secret: canary.name.clone(),
                form: canary.form_in(bytes)?,
                place: place.to_owned(),
            })
        })
        .collect();
    if bytes.starts_with(b"PK\x03\x04") {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive of ours opens");
        for at in 0..archive.len() {
            let mut entry = archive.by_index(at).expect("it has so many parts");
            let name = format!("{place}!{}", String::from_utf8_lossy(entry.name_raw()));
            let mut inner = Vec::new();
            entry.read_to_end(&mut inner).expect("a part reads");
            drop(entry);
            hits.extend(scan(canaries, &name, &inner));
        }
    }
    hits
}

/// Looks through every file below a folder; how many files there were.
pub fn scan_folder(canaries: &[Canary], folder: &Path, hits: &mut Vec<Hit>) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it lists").path();
        if path.is_dir() {
            files += scan_folder(canaries, &path, hits);
        } else if path.is_file() {
            // A lock or a shared-memory file may go while it is read.
            if let Ok(bytes) = std::fs::read(&path) {
                files += 1;
                hits.extend(scan(canaries, &path.to_string_lossy(), &bytes));
            }
        }
    }
    files
}

/// What of a secret stands in the base64 of a longer text for certain: with so many bytes before it and any after it.
fn base64(engine: &impl base64::Engine, secret: &[u8], before: usize) -> Vec<u8> {
    let padded = [&vec![0; before], secret].concat();
    let text = engine.encode(&padded);
    // The first characters carry bits of what stands before, the last one bits of what follows.
    let start = (before * 8).div_ceil(6);
    let end = padded.len() * 8 / 6;
    text.as_bytes()[start..end].to_vec()
}

fn hex(bytes: &[u8], upper: bool) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let written = if upper {
            write!(text, "{byte:02X}")
        } else {
            write!(text, "{byte:02x}")
        };
        written.expect("a text grows");
        text
    })
}

fn percent(bytes: &[u8], upper: bool, all: bool) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        if !all && (byte.is_ascii_alphanumeric() || b"-_.~".contains(byte)) {
            text.push(char::from(*byte));
        } else {
            text.push('%');
            text.push_str(&hex(&[*byte], upper));
        }
        text
    })
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

fn escapes(text: &str, upper: bool) -> String {
    text.encode_utf16().fold(String::new(), |mut out, unit| {
        let written = if upper {
            write!(out, "\\u{unit:04X}")
        } else {
            write!(out, "\\u{unit:04x}")
        };
        written.expect("a text grows");
        out
    })
}
