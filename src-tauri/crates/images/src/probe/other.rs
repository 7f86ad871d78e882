//! Kinds that are named and measured but not decoded.

use crate::probe::{Color, Model, Probe};
use crate::source::Head;

/// Photoshop file header (Adobe Photoshop File Formats Specification).
pub(super) fn read_psd(head: &mut Head<'_>, found: &mut Probe) -> Option<()> {
    let channels = head.be16(12)?;
    found.size(head.be32(18)?, head.be32(14)?);
    let depth = u8::try_from(head.be16(22)?).ok()?;
    let (model, plain) = match head.be16(24)? {
        0 => (Model::Bilevel, 1),
        1 | 8 => (Model::Grey, 1),
        2 => (Model::Palette, 1),
        3 => (Model::Rgb, 3),
        4 => (Model::Cmyk, 4),
        9 => (Model::Lab, 3),
        _ => (Model::Unknown, channels),
    };
    found.color = Color::new(model, channels > plain, depth);
    Some(())
}

/// Icon directory: the largest picture counts.
pub(super) fn read_ico(head: &mut Head<'_>, found: &mut Probe) -> Option<()> {
    let count = head.le16(4)?;
    let mut best: Option<(u32, u32, u64)> = None;
    for i in 0..u64::from(count.min(256)) {
        let Some(entry) = head.array::<16>(6 + i * 16) else {
            break;
        };
        let side = |b: u8| if b == 0 { 256 } else { u32::from(b) };
        let (width, height) = (side(entry[0]), side(entry[1]));
        if best.is_none_or(|(w, h, _)| width * height > w * h) {
            let at = u32::from_le_bytes([entry[12], entry[13], entry[14], entry[15]]);
            best = Some((width, height, at.into()));
        }
    }
    let (mut width, mut height, at) = best?;
    // A PNG inside says its own size.
    if head.array::<8>(at) == Some(*b"\x89PNG\r\n\x1A\n") {
        (width, height) = (head.be32(at + 16)?, head.be32(at + 20)?);
    }
    found.size(width, height);
    found.color = Color::new(Model::Rgb, true, 8);
    Some(())
}
