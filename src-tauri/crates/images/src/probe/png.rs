//! PNG chunks (W3C PNG third edition: IHDR, tRNS, acTL, iCCP, eXIf).

use crate::probe::{Color, Model, Probe, ifd};
use crate::source::Head;

const MOST_CHUNKS: usize = 200_000;

pub(super) fn read(head: &mut Head<'_>, found: &mut Probe) -> Option<()> {
    if head.array::<8>(8)? != *b"\0\0\0\x0DIHDR" {
        return None;
    }
    found.size(head.be32(16)?, head.be32(20)?);
    let [depth, kind, _, _, interlace] = head.array(24)?;
    let (model, alpha) = match kind {
        0 if depth == 1 => (Model::Bilevel, false),
        0 => (Model::Grey, false),
        2 => (Model::Rgb, false),
        3 => (Model::Palette, false),
        4 => (Model::Grey, true),
        6 => (Model::Rgb, true),
        _ => return None,
    };
    found.color = Color::new(model, alpha, depth);
    found.progressive = interlace == 1;
    chunks(head, found);
    Some(())
}

fn chunks(head: &mut Head<'_>, found: &mut Probe) {
    let mut at = 33;
    let mut pixels = false;
    let mut default_frame = false;
    for _ in 0..MOST_CHUNKS {
        let (Some(len), Some(kind)) = (head.be32(at), head.array::<4>(at + 4)) else {
            break;
        };
        match &kind {
            b"tRNS" if !pixels => found.color.alpha = true,
            b"iCCP" => found.icc = true,
            b"acTL" if !pixels => found.frames = head.be32(at + 8).unwrap_or(1).max(1),
            b"fcTL" if !pixels => default_frame = true,
            b"eXIf" => {
                let exif = ifd::exif(head, at + 8);
                found.exif(exif);
            }
            b"tEXt" => text_exif(head, at + 8, len, found),
            b"IDAT" => {
                pixels = true;
                if !head.in_memory() {
                    break;
                }
            }
            b"IEND" => break,
            _ => {}
        }
        at += 12 + u64::from(len);
    }
    // A still picture in front of an animation that does not include it is one picture more.
    if found.frames > 1 && pixels && !default_frame {
        found.frames = found.frames.saturating_add(1);
    }
}

/// `ImageMagick` keeps EXIF as hexadecimal text under this keyword.
fn text_exif(head: &mut Head<'_>, at: u64, len: u32, found: &mut Probe) {
    const KEY: &[u8] = b"Raw profile type exif\0";
    if head.upto(at, KEY.len()) != KEY {
        return;
    }
    let text = head.upto(
        at + KEY.len() as u64,
        (len as usize).saturating_sub(KEY.len()).min(65_536),
    );
    // A line with the name, a line with the length, then the bytes.
    let mut lines = text
        .split(|b| *b == b'\n')
        .filter(|line| !line.is_empty())
        .skip(2)
        .flatten();
    let mut bytes = Vec::new();
    while let Some(high) = lines.next() {
        let Some(low) = lines.next() else { break };
        let digit = |b: &u8| char::from(*b).to_digit(16).and_then(|d| u8::try_from(d).ok());
        let (Some(high), Some(low)) = (digit(high), digit(low)) else {
            break;
        };
        bytes.push(high << 4 | low);
    }
    let base = if bytes.starts_with(b"Exif\0\0") { 6 } else { 0 };
    let exif = ifd::exif(&mut Head::slice(&bytes), base);
    found.exif(exif);
}
