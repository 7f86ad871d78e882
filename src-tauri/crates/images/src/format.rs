//! What kind of file it is, judged by its first bytes.

use serde::{Deserialize, Serialize};

/// The real kind of a file. The codes ([`Format::code`]) are part of the CLI's JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "&'static str", from = "String")]
pub enum Format {
    /// JPEG with one picture.
    Jpeg,
    /// Multi-picture JPEG (CIPA DC-007): a JPEG with further JPEGs behind it.
    Mpo,
    /// PNG or APNG.
    Png,
    /// WebP, lossy, lossless or extended.
    Webp,
    /// GIF 87a or 89a.
    Gif,
    /// Windows or OS/2 bitmap.
    Bmp,
    /// TIFF, little or big endian; `BigTIFF` is recognised but not read further.
    Tiff,
    /// HEIF or HEIC (what phones save by default).
    Heif,
    /// AVIF.
    Avif,
    /// Photoshop document.
    Psd,
    /// SVG drawing.
    Svg,
    /// Windows icon or cursor.
    Ico,
    /// JPEG 2000, boxed or bare code stream.
    Jpeg2000,
    /// JPEG XL.
    Jxl,
    /// A web page saved under a picture's name.
    Html,
    /// No bytes at all.
    Empty,
    /// Nothing known.
    Unknown,
}

impl Format {
    /// The stable code, as shown to people and written to JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Mpo => "MPO",
            Self::Png => "PNG",
            Self::Webp => "WEBP",
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
            Self::Heif => "HEIF",
            Self::Avif => "AVIF",
            Self::Psd => "PSD",
            Self::Svg => "SVG",
            Self::Ico => "ICO",
            Self::Jpeg2000 => "JPEG2000",
            Self::Jxl => "JXL",
            Self::Html => "HTML",
            Self::Empty => "EMPTY",
            Self::Unknown => "UNKNOWN",
        }
    }

    /// The extension a file of this kind should have, without the dot; `None` where there is no picture.
    pub fn extension(self) -> Option<&'static str> {
        self.extensions().first().copied()
    }

    /// Whether this crate can decode it, and so repair it.
    pub fn decodable(self) -> bool {
        matches!(
            self,
            Self::Jpeg | Self::Mpo | Self::Png | Self::Webp | Self::Gif | Self::Bmp | Self::Tiff
        )
    }

    /// Whether it is a picture at all, decodable here or not.
    pub fn is_picture(self) -> bool {
        !matches!(self, Self::Html | Self::Empty | Self::Unknown)
    }

    fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Mpo => &["jpg", "jpeg", "mpo", "jpe", "jfif"],
            Self::Png => &["png", "apng"],
            Self::Webp => &["webp"],
            Self::Gif => &["gif"],
            Self::Bmp => &["bmp", "dib"],
            Self::Tiff => &["tif", "tiff"],
            Self::Heif => &["heic", "heif", "hif", "heics", "heifs"],
            Self::Avif => &["avif", "avifs"],
            Self::Psd => &["psd", "psb"],
            Self::Svg => &["svg"],
            Self::Ico => &["ico", "cur"],
            Self::Jpeg2000 => &["jp2", "jpf", "jpx", "j2k", "jpc", "j2c", "jpm"],
            Self::Jxl => &["jxl"],
            Self::Html | Self::Empty | Self::Unknown => &[],
        }
    }

    /// Whether a file name's extension fits this content; upper and lower case are the same, and a name
    /// without an extension never fits.
    pub fn fits_name(self, name: &str) -> bool {
        extension_of(name).is_some_and(|ext| self.extensions().contains(&ext.as_str()))
    }
}

impl From<Format> for &'static str {
    fn from(format: Format) -> Self {
        format.code()
    }
}

impl From<String> for Format {
    /// The kind with this code; a code of a newer version is nothing known.
    fn from(code: String) -> Self {
        [
            Self::Jpeg,
            Self::Mpo,
            Self::Png,
            Self::Webp,
            Self::Gif,
            Self::Bmp,
            Self::Tiff,
            Self::Heif,
            Self::Avif,
            Self::Psd,
            Self::Svg,
            Self::Ico,
            Self::Jpeg2000,
            Self::Jxl,
            Self::Html,
            Self::Empty,
        ]
        .into_iter()
        .find(|format| format.code() == code)
        .unwrap_or(Self::Unknown)
    }
}

/// The lower-case extension of a file name or path; `None` for a dot file or no dot.
pub(crate) fn extension_of(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let (stem, ext) = last.rsplit_once('.')?;
    (!stem.is_empty() && !ext.is_empty()).then(|| ext.to_ascii_lowercase())
}

/// How many bytes [`sniff`] looks at.
pub(crate) const SNIFF: usize = 512;

/// Names the kind of a file from its first bytes.
pub(crate) fn sniff(head: &[u8]) -> Format {
    match head {
        [] => Format::Empty,
        [0xFF, 0xD8, 0xFF, ..] => Format::Jpeg,
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Format::Png,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Format::Webp,
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Format::Gif,
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Format::Bmp,
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Format::Tiff,
        [b'8', b'B', b'P', b'S', 0, 1 | 2, ..] => Format::Psd,
        [0, 0, 1 | 2, 0, count, ..] if *count > 0 => Format::Ico,
        [0, 0, 0, 12, b'j', b'P', b' ' | 0x1A, ..] | [0xFF, 0x4F, 0xFF, 0x51, ..] => Format::Jpeg2000,
        [0xFF, 0x0A, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => Format::Jxl,
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => sniff_ftyp(head),
        _ => sniff_text(head),
    }
}

fn sniff_ftyp(head: &[u8]) -> Format {
    let size = head
        .first_chunk::<4>()
        .map_or(0, |b| u32::from_be_bytes(*b) as usize);
    let end = size.clamp(16, 128).min(head.len());
    // The major brand, then (after the version) the compatible ones.
    let brands = || {
        head[8..end]
            .chunks_exact(4)
            .enumerate()
            .filter(|(i, _)| *i != 1)
            .map(|(_, b)| b)
    };
    if brands().any(|b| b == b"avif" || b == b"avis") {
        Format::Avif
    } else if brands().any(|b| {
        matches!(
            b,
            b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"mif1" | b"msf1"
        )
    }) {
        Format::Heif
    } else {
        Format::Unknown
    }
}

fn sniff_text(head: &[u8]) -> Format {
    let head = &head[..head.len().min(SNIFF)];
    let text =
        String::from_utf8_lossy(head.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(head)).to_ascii_lowercase();
    let text = text.trim_start();
    if !text.starts_with('<') {
        return Format::Unknown;
    }
    // An XML prologue or comment may stand before either.
    match (
        text.find("<svg"),
        text.find("<html").or_else(|| text.find("<!doctype html")),
    ) {
        (Some(svg), Some(html)) if svg < html => Format::Svg,
        (_, Some(_)) => Format::Html,
        (Some(_), None) => Format::Svg,
        (None, None)
            if ["<head", "<body", "<title", "<script"]
                .iter()
                .any(|t| text.starts_with(t)) =>
        {
            Format::Html
        }
        (None, None) => Format::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_content() {
        assert_eq!(sniff(b""), Format::Empty);
        assert_eq!(sniff(b"\x00\x00\x00\x18ftypheic\0\0\0\0mif1heic"), Format::Heif);
        assert_eq!(
            sniff(b"\x00\x00\x00\x1cftypmif1\0\0\0\0avifmif1miaf"),
            Format::Avif
        );
        assert_eq!(
            sniff(b"\x00\x00\x00\x18ftypisom\0\0\0\0isomavc1"),
            Format::Unknown
        );
        assert_eq!(sniff(b"  <!DOCTYPE html><html>"), Format::Html);
        assert_eq!(
            sniff(b"\xEF\xBB\xBF<?xml version='1.0'?><svg width='1'>"),
            Format::Svg
        );
        assert_eq!(sniff(b"BMerely text"), Format::Unknown);
    }

    #[test]
    fn extensions_fit_whatever_their_case_and_never_when_missing() {
        assert!(Format::Jpeg.fits_name("主图 (1) 副本.JPG"));
        assert!(Format::Jpeg.fits_name("dir.png/a.jpeg"));
        assert!(!Format::Jpeg.fits_name("a.png"));
        assert!(!Format::Jpeg.fits_name("jpg"));
        assert!(!Format::Jpeg.fits_name(".jpg"));
        assert!(!Format::Html.fits_name("a.jpg"));
    }
}
