//! Windows and OS/2 bitmap headers.

use crate::probe::{Color, Model, Probe};
use crate::source::Head;

pub(super) fn read(head: &mut Head<'_>, found: &mut Probe) -> Option<()> {
    let header = head.le32(14)?;
    let bits = if header == 12 {
        found.size(head.le16(18)?.into(), head.le16(20)?.into());
        head.le16(24)?
    } else {
        // Rows stored from the top have a negative height.
        let width = i32::from_le_bytes(head.array(18)?);
        let height = i32::from_le_bytes(head.array(22)?);
        found.size(u32::try_from(width).ok()?, height.unsigned_abs());
        head.le16(28)?
    };
    let masked = header >= 56 && head.le32(30)? == 3;
    let alpha = bits == 32 && masked && head.le32(66)? != 0;
    found.color = match bits {
        1 | 2 | 4 | 8 => Color::new(Model::Palette, false, u8::try_from(bits).unwrap_or(8)),
        16 | 24 | 32 => Color::new(Model::Rgb, alpha, 8),
        _ => return None,
    };
    Some(())
}
