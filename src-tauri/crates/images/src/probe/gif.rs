//! GIF blocks (`GIF89a` specification).

use crate::probe::{Color, Model, Probe};
use crate::source::Head;

/// A GIF on disk is walked this far; it has no table of frames.
const FARTHEST: u64 = 32 * 1024 * 1024;
const MOST_BLOCKS: usize = 10_000_000;

pub(super) fn read(head: &mut Head<'_>, found: &mut Probe) -> Option<()> {
    let [w0, w1, h0, h1, flags] = head.array(6)?;
    found.size(
        u16::from_le_bytes([w0, w1]).into(),
        u16::from_le_bytes([h0, h1]).into(),
    );
    let global = flags & 0x80 != 0;
    let depth = (flags & 7) + 1;
    let mut at = 13 + table(flags);
    let mut walk = Walk {
        frames: 0,
        alpha: false,
        interlaced: false,
        local: false,
    };
    for _ in 0..MOST_BLOCKS {
        if !head.in_memory() && at > FARTHEST {
            break;
        }
        let Some(next) = block(head, at, &mut walk) else {
            break;
        };
        at = next;
    }
    found.frames = walk.frames.max(1);
    found.progressive = walk.interlaced;
    // Without any colour table the indexes are shown as grey.
    let model = if global || walk.local {
        Model::Palette
    } else {
        Model::Grey
    };
    found.color = Color::new(model, walk.alpha, if global { depth } else { 8 });
    Some(())
}

struct Walk {
    frames: u32,
    alpha: bool,
    interlaced: bool,
    local: bool,
}

fn table(flags: u8) -> u64 {
    if flags & 0x80 == 0 {
        0
    } else {
        3 << ((flags & 7) + 1)
    }
}

fn block(head: &mut Head<'_>, at: u64, walk: &mut Walk) -> Option<u64> {
    match head.array::<1>(at)?[0] {
        0x21 => {
            let label = head.array::<1>(at + 1)?[0];
            if label == 0xF9 && walk.frames == 0 {
                walk.alpha = head.array::<1>(at + 3)?[0] & 1 == 1;
            }
            sub_blocks(head, at + 2)
        }
        0x2C => {
            let flags = head.array::<1>(at + 9)?[0];
            if walk.frames == 0 {
                walk.interlaced = flags & 0x40 != 0;
                walk.local = flags & 0x80 != 0;
            }
            walk.frames += 1;
            // After the table one byte of LZW code size, then the data.
            sub_blocks(head, at + 10 + table(flags) + 1)
        }
        _ => None,
    }
}

fn sub_blocks(head: &mut Head<'_>, mut at: u64) -> Option<u64> {
    loop {
        let len = head.array::<1>(at)?[0];
        at += 1 + u64::from(len);
        if len == 0 {
            return Some(at);
        }
    }
}
