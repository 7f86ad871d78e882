//! Taking the metadata out of a JPEG without touching its pixels.

use crate::format::Format;
use crate::probe::{Model, Probe};

/// The JPEG without EXIF, XMP, comments and whatever follows its end, or `None` where that would change how
/// it looks (an EXIF turn, a colour profile, Adobe colours) or the file is not plain enough.
pub(super) fn metadata(bytes: &[u8], probe: &Probe) -> Option<Vec<u8>> {
    let upright = probe.orientation.is_none_or(|o| o == 1);
    let plain = probe.format == Format::Jpeg && probe.color.model == Model::Rgb;
    if !upright || probe.icc || !plain {
        return None;
    }
    let mut out = bytes.get(..2)?.to_vec();
    let mut at = 2;
    loop {
        let [0xFF, marker, h, l] = *bytes.get(at..at + 4)?.first_chunk::<4>()? else {
            return None;
        };
        let end = at + 2 + usize::from(u16::from_be_bytes([h, l]));
        match marker {
            // From the first scan on everything is picture.
            0xDA => {
                out.extend_from_slice(&bytes[at..]);
                return Some(out);
            }
            // APP1 to APP13, APP15 and comments; APP0 and Adobe's APP14 say how to read the colours.
            0xE1..=0xED | 0xEF | 0xFE => {}
            0xC0..=0xCF | 0xDB | 0xDD | 0xE0 | 0xEE => out.extend_from_slice(bytes.get(at..end)?),
            _ => return None,
        }
        at = end;
    }
}
