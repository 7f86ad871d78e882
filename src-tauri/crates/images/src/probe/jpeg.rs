//! JPEG segments up to the first scan (ITU T.81 annex B, EXIF 2.32, CIPA DC-007 for several pictures).

use crate::format::Format;
use crate::probe::{Color, Model, Probe, ifd};
use crate::source::Head;

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
/// No real picture has more segments before its first scan.
const MOST_SEGMENTS: usize = 4096;

/// A marker segment: its code, where its content starts, and how long that is.
struct Segment {
    marker: u8,
    at: u64,
    len: u64,
}

/// The segment at or after `at`, stepping over fill and stray bytes as every reader does.
fn segment(head: &mut Head<'_>, mut at: u64) -> Option<Segment> {
    loop {
        let chunk = head.upto(at, 512);
        if chunk.is_empty() {
            return None;
        }
        let Some(skip) = memchr::memchr(0xFF, chunk) else {
            at += chunk.len() as u64;
            continue;
        };
        at += skip as u64 + 1;
        let marker = head.array::<1>(at)?[0];
        match marker {
            0xFF | 0x00 => {}
            0x01 | 0xD0..=SOI => at += 1,
            EOI => {
                return Some(Segment {
                    marker,
                    at: at + 1,
                    len: 0,
                });
            }
            _ => {
                let len = u64::from(head.be16(at + 1)?).checked_sub(2)?;
                return Some(Segment {
                    marker,
                    at: at + 3,
                    len,
                });
            }
        }
    }
}

/// Whether a marker is a start of frame: C0 to CF without DHT, JPG and DAC.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

pub(super) fn read(head: &mut Head<'_>, found: &mut Probe) -> Option<()> {
    let mut at = 2;
    let mut adobe = None;
    let mut components = 0;
    let mut precision = 0;
    let mut pictures = 1;
    let mut gain_map = false;
    for _ in 0..MOST_SEGMENTS {
        let Some(seg) = segment(head, at) else { break };
        match seg.marker {
            SOS | EOI => break,
            marker if is_frame(marker) && components == 0 => {
                let [p, h1, h0, w1, w0, n] = head.array(seg.at)?;
                found.size(
                    u16::from_be_bytes([w1, w0]).into(),
                    u16::from_be_bytes([h1, h0]).into(),
                );
                found.progressive = matches!(marker, 0xC2 | 0xC6 | 0xCA | 0xCE);
                (precision, components) = (p, n);
            }
            0xE1 => app1(head, &seg, found, &mut gain_map),
            0xE2 => app2(head, &seg, found, &mut pictures),
            0xEE => adobe = adobe.or_else(|| adobe_in(head.upto(seg.at, 12))),
            _ => {}
        }
        at = seg.at + seg.len;
    }
    // A gain map for bright screens is a second picture by the letter, but every reader shows one.
    if pictures > 1 && !gain_map {
        found.format = Format::Mpo;
        found.frames = pictures;
    }
    found.color = Color::new(model(components, adobe), false, precision);
    (components > 0).then_some(())
}

fn model(components: u8, adobe: Option<u8>) -> Model {
    match (components, adobe) {
        (1, _) => Model::Grey,
        (3, _) => Model::Rgb,
        (4, Some(2)) => Model::Ycck,
        (4, _) => Model::Cmyk,
        _ => Model::Unknown,
    }
}

fn app1(head: &mut Head<'_>, seg: &Segment, found: &mut Probe, gain_map: &mut bool) {
    if head.upto(seg.at, 6) == b"Exif\0\0" {
        let exif = ifd::exif(head, seg.at + 6);
        found.exif(exif);
    } else if head.upto(seg.at, 29) == b"http://ns.adobe.com/xap/1.0/\0" {
        let len = usize::try_from(seg.len).unwrap_or(0);
        *gain_map |= memchr::memmem::find(head.upto(seg.at, len), b" hdrgm:Version=\"").is_some();
    }
}

fn app2(head: &mut Head<'_>, seg: &Segment, found: &mut Probe, pictures: &mut u32) {
    match head.upto(seg.at, 12) {
        b"ICC_PROFILE\0" => found.icc = true,
        mpf if mpf.starts_with(b"MPF\0") => {
            let base = seg.at + 4;
            if let Some((tiff, first)) = ifd::Tiff::open(head, base)
                && let Some((entries, _)) = tiff.directory(head, first)
                && let Some(number) = entries.iter().find(|e| e.tag == 0xB001)
            {
                *pictures = tiff.number(head, number).unwrap_or(1).clamp(1, 1000);
            }
        }
        _ => {}
    }
}

/// The colour transform an Adobe APP14 segment declares (0 none, 1 `YCbCr`, 2 YCCK).
fn adobe_in(segment: &[u8]) -> Option<u8> {
    segment
        .starts_with(b"Adobe")
        .then(|| segment.get(11).copied())
        .flatten()
}

/// The Adobe colour transform of a JPEG in memory; `None` without an Adobe segment. Adobe stores CMYK
/// inverted, so a decoder must know.
pub(crate) fn adobe_transform(bytes: &[u8]) -> Option<u8> {
    let mut head = Head::slice(bytes);
    let mut at = 2;
    for _ in 0..MOST_SEGMENTS {
        let seg = segment(&mut head, at)?;
        match seg.marker {
            SOS | EOI => return None,
            0xEE => {
                if let Some(transform) = adobe_in(head.upto(seg.at, 12)) {
                    return Some(transform);
                }
            }
            _ => {}
        }
        at = seg.at + seg.len;
    }
    None
}

/// Whether the compressed data runs to an end-of-image marker, so that nothing was cut off. Decoders that
/// fill the missing rows with grey do not say.
pub(crate) fn scan_ends(bytes: &[u8]) -> bool {
    let mut head = Head::slice(bytes);
    let mut at: u64 = 2;
    let mut in_scan = false;
    for _ in 0..MOST_SEGMENTS {
        if in_scan {
            let Some(next) = usize::try_from(at).ok().and_then(|from| entropy_end(bytes, from)) else {
                return false;
            };
            at = next as u64;
        }
        let Some(seg) = segment(&mut head, at) else {
            return false;
        };
        if seg.marker == EOI {
            return in_scan;
        }
        in_scan |= seg.marker == SOS;
        at = seg.at + seg.len;
    }
    false
}

/// Where the entropy-coded bytes from `from` end: at the first marker that is neither a stuffed zero nor a
/// restart.
fn entropy_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr(0xFF, bytes.get(at..)?)?;
        match bytes.get(at + 1)? {
            0x00 | 0xD0..=0xD7 => at += 2,
            0xFF => at += 1,
            _ => return Some(at),
        }
    }
}
