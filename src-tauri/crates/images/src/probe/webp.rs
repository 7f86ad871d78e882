//! WebP chunks (RFC 9649).

use crate::probe::{Color, Model, Probe, ifd};
use crate::source::Head;

const MOST_CHUNKS: usize = 100_000;

pub(super) fn read(head: &mut Head<'_>, found: &mut Probe) -> Option<()> {
    let mut color = Color::new(Model::Rgb, false, 8);
    match &head.array::<4>(12)? {
        b"VP8 " => {
            let [_, _, _, 0x9D, 0x01, 0x2A, w0, w1, h0, h1] = head.array(20)? else {
                return None;
            };
            found.size(
                (u16::from_le_bytes([w0, w1]) & 0x3FFF).into(),
                (u16::from_le_bytes([h0, h1]) & 0x3FFF).into(),
            );
        }
        b"VP8L" => {
            let [0x2F, b0, b1, b2, b3] = head.array(20)? else {
                return None;
            };
            let bits = u32::from_le_bytes([b0, b1, b2, b3]);
            found.size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1);
            color.alpha = bits >> 28 & 1 == 1;
        }
        b"VP8X" => {
            let [flags, _, _, _, w0, w1, w2, h0, h1, h2] = head.array(20)?;
            found.size(
                u32::from_le_bytes([w0, w1, w2, 0]) + 1,
                u32::from_le_bytes([h0, h1, h2, 0]) + 1,
            );
            color.alpha = flags & 0x10 != 0;
            found.icc = flags & 0x20 != 0;
            let (animated, exif) = (flags & 0x02 != 0, flags & 0x08 != 0);
            if animated || exif {
                walk(head, found, animated);
            }
        }
        _ => return None,
    }
    found.color = color;
    Some(())
}

fn walk(head: &mut Head<'_>, found: &mut Probe, animated: bool) {
    let mut at = 12;
    let mut frames: u32 = 0;
    for _ in 0..MOST_CHUNKS {
        let (Some(kind), Some(len)) = (head.array::<4>(at), head.le32(at + 4)) else {
            break;
        };
        match &kind {
            b"ANMF" => frames += 1,
            b"EXIF" => {
                let base = if head.upto(at + 8, 6) == b"Exif\0\0" {
                    at + 14
                } else {
                    at + 8
                };
                let exif = ifd::exif(head, base);
                found.exif(exif);
            }
            _ => {}
        }
        at += 8 + u64::from(len) + u64::from(len & 1);
    }
    if animated {
        found.frames = frames.max(1);
    }
}
