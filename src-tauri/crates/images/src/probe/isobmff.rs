//! Boxes of HEIF, AVIF (ISO 14496-12, 23008-12) and JPEG 2000 (ISO 15444-1), as far as a finding needs:
//! the size and colours of the main picture and how many there are.

use crate::format::Format;
use crate::probe::{Color, Model, Probe, ifd};
use crate::source::Head;

const MOST_BOXES: usize = 4096;

/// A box: its type, where its content starts, where it ends.
#[derive(Clone, Copy)]
struct Block {
    kind: [u8; 4],
    at: u64,
    end: u64,
}

fn boxes(head: &mut Head<'_>, from: u64, to: u64) -> Vec<Block> {
    let mut found = Vec::new();
    let mut at = from;
    while at + 8 <= to && found.len() < MOST_BOXES {
        let (Some(size), Some(kind)) = (head.be32(at), head.array::<4>(at + 4)) else {
            break;
        };
        let (len, skip) = match size {
            0 => (to - at, 8),
            1 => (head.array(at + 8).map_or(0, u64::from_be_bytes), 16),
            n => (u64::from(n), 8),
        };
        if len < skip {
            break;
        }
        let end = at.saturating_add(len).min(to);
        found.push(Block {
            kind,
            at: at + skip,
            end,
        });
        at = end;
    }
    found
}

fn find(blocks: &[Block], kind: [u8; 4]) -> Option<Block> {
    blocks.iter().copied().find(|b| b.kind == kind)
}

/// Items of a HEIF `meta` box.
struct Items {
    /// Number and type of each item that is not hidden.
    shown: Vec<(u32, [u8; 4])>,
    /// Numbers of items that only serve another one: thumbnails, alpha planes, tiles.
    serving: Vec<u32>,
    /// Numbers of items with an alpha plane or depth map hanging on them.
    masked: Vec<u32>,
}

pub(super) fn read(head: &mut Head<'_>, found: &mut Probe) -> Option<()> {
    let len = head.len();
    let top = boxes(head, 0, len);
    let meta = find(&top, *b"meta")?;
    let inner = boxes(head, meta.at + 4, meta.end);
    let primary = find(&inner, *b"pitm").and_then(|b| item_number(head, b.at))?;
    let items = items(head, &inner);
    let pictures = items
        .shown
        .iter()
        .filter(|(id, kind)| !items.serving.contains(id) && is_picture(*kind))
        .count();
    found.frames = u32::try_from(pictures).unwrap_or(1).max(1);
    let properties = find(&inner, *b"iprp").map(|b| boxes(head, b.at, b.end))?;
    let all = find(&properties, *b"ipco").map(|b| boxes(head, b.at, b.end))?;
    let own = find(&properties, *b"ipma").map(|b| associations(head, b, primary))?;
    let mut channels = 3;
    let mut depth = 8;
    let mut turn = 0;
    let mut mirror = None;
    for property in own
        .iter()
        .filter_map(|i| all.get(usize::from(*i).checked_sub(1)?))
    {
        match &property.kind {
            b"ispe" => found.size(head.be32(property.at + 4)?, head.be32(property.at + 8)?),
            b"pixi" => {
                [channels, depth] = head.array(property.at + 4)?;
            }
            b"irot" => turn = head.array::<1>(property.at)?[0] & 3,
            b"imir" => mirror = Some(head.array::<1>(property.at)?[0] & 1),
            b"colr" => found.icc |= matches!(&head.array::<4>(property.at)?, b"prof" | b"rICC"),
            _ => {}
        }
    }
    if found.format == Format::Avif {
        found.orientation = as_exif(turn, mirror);
    } else if turn % 2 == 1 {
        // HEIF readers hand out the picture already turned.
        found.size(found.height, found.width);
    }
    let model = if channels == 1 { Model::Grey } else { Model::Rgb };
    found.color = Color::new(model, items.masked.contains(&primary), depth);
    if let Some(exif) = items.shown.iter().find(|(_, kind)| kind == b"Exif")
        && let Some(at) = find(&inner, *b"iloc").and_then(|b| location(head, b, exif.0))
        && let Some(skip) = head.be32(at)
    {
        let exif = ifd::exif(head, at + 4 + u64::from(skip));
        // The container's own turn counts, so the EXIF one must not be applied again.
        found.gps |= exif.gps;
    }
    Some(())
}

/// A container's turn (anticlockwise quarters) and mirror axis as the EXIF number of the same meaning.
fn as_exif(turn: u8, mirror: Option<u8>) -> Option<u8> {
    match (turn, mirror) {
        (0, None) => None,
        (1, None) => Some(8),
        (2, None) => Some(3),
        (_, None) => Some(6),
        (0, Some(1)) | (2, Some(_)) if turn == 0 || mirror == Some(0) => Some(2),
        (0 | 2, Some(_)) => Some(4),
        (1, Some(0)) | (3, Some(1)) => Some(5),
        _ => Some(7),
    }
}

fn is_picture(kind: [u8; 4]) -> bool {
    matches!(
        &kind,
        b"hvc1" | b"hev1" | b"av01" | b"grid" | b"iovl" | b"iden" | b"jpeg" | b"unci"
    )
}

/// A full box with an item number behind it: 16 bits in version 0, else 32.
fn item_number(head: &mut Head<'_>, at: u64) -> Option<u32> {
    if head.array::<1>(at)?[0] == 0 {
        head.be16(at + 4).map(u32::from)
    } else {
        head.be32(at + 4)
    }
}

fn items(head: &mut Head<'_>, inner: &[Block]) -> Items {
    let mut items = Items {
        shown: Vec::new(),
        serving: Vec::new(),
        masked: Vec::new(),
    };
    if let Some(info) = find(inner, *b"iinf") {
        let wide = head.array::<1>(info.at).is_some_and(|v| v[0] != 0);
        for entry in boxes(head, info.at + if wide { 8 } else { 6 }, info.end) {
            let version_flags = head.be32(entry.at).unwrap_or(0);
            let wide = version_flags >> 24 >= 3;
            let id = if wide {
                head.be32(entry.at + 4)
            } else {
                head.be16(entry.at + 4).map(u32::from)
            };
            let kind = head.array::<4>(entry.at + if wide { 10 } else { 8 });
            if let (Some(id), Some(kind), 0) = (id, kind, version_flags & 1) {
                items.shown.push((id, kind));
            }
        }
    }
    if let Some(refs) = find(inner, *b"iref") {
        let wide = head.array::<1>(refs.at).is_some_and(|v| v[0] != 0);
        let step = if wide { 4 } else { 2 };
        let id = |head: &mut Head<'_>, at: u64| {
            if wide {
                head.be32(at)
            } else {
                head.be16(at).map(u32::from)
            }
        };
        for link in boxes(head, refs.at + 4, refs.end) {
            let Some(from) = id(head, link.at) else { continue };
            let count = head.be16(link.at + step).unwrap_or(0);
            let to: Vec<u32> = (0..u64::from(count))
                .map_while(|i| id(head, link.at + step + 2 + i * step))
                .collect();
            match &link.kind {
                b"thmb" => items.serving.push(from),
                b"auxl" => {
                    items.serving.push(from);
                    items.masked.extend(to);
                }
                b"dimg" => items.serving.extend(to),
                _ => {}
            }
        }
    }
    items
}

/// The property numbers (from 1) that belong to an item.
fn associations(head: &mut Head<'_>, block: Block, item: u32) -> Vec<u16> {
    let version_flags = head.be32(block.at).unwrap_or(0);
    let (wide_id, wide_index) = (version_flags >> 24 != 0, version_flags & 1 == 1);
    let count = head.be32(block.at + 4).unwrap_or(0);
    let mut at = block.at + 8;
    for _ in 0..count.min(65_536) {
        let id = if wide_id {
            head.be32(at)
        } else {
            head.be16(at).map(u32::from)
        };
        at += if wide_id { 4 } else { 2 };
        let (Some(id), Some([links])) = (id, head.array::<1>(at)) else {
            break;
        };
        at += 1;
        let step = if wide_index { 2 } else { 1 };
        if id == item {
            return (0..u64::from(links))
                .map_while(|i| {
                    // The top bit only says whether a reader must understand the property.
                    if wide_index {
                        head.be16(at + i * 2).map(|n| n & 0x7FFF)
                    } else {
                        head.array::<1>(at + i).map(|n| u16::from(n[0] & 0x7F))
                    }
                })
                .collect();
        }
        at += u64::from(links) * step;
    }
    Vec::new()
}

/// Where the first extent of an item starts in the file; only the common layout (offsets of four bytes from
/// the file's start).
fn location(head: &mut Head<'_>, block: Block, item: u32) -> Option<u64> {
    let version = head.array::<1>(block.at)?[0];
    let sizes = head.be16(block.at + 4)?;
    let (offset_size, length_size) = (sizes >> 12, sizes >> 8 & 15);
    let (base_size, index_size) = (u64::from(sizes >> 4 & 15), u64::from(sizes & 15));
    if version > 1 || offset_size != 4 || length_size != 4 || index_size != 0 {
        return None;
    }
    let count = head.be16(block.at + 6)?;
    let mut at = block.at + 8;
    for _ in 0..count {
        let id = head.be16(at)?;
        at += if version == 1 { 4 } else { 2 } + 2 + base_size;
        let extents = head.be16(at)?;
        if u32::from(id) == item {
            return head.be32(at + 2).map(u64::from);
        }
        at += 2 + u64::from(extents) * 8;
    }
    None
}

/// JPEG 2000: the image header box, or the SIZ marker of a bare code stream.
pub(super) fn read_jp2(head: &mut Head<'_>, found: &mut Probe) -> Option<()> {
    let channels;
    let depth;
    if head.array::<4>(0)? == [0xFF, 0x4F, 0xFF, 0x51] {
        let (x0, y0) = (head.be32(16)?, head.be32(20)?);
        found.size(head.be32(8)?.checked_sub(x0)?, head.be32(12)?.checked_sub(y0)?);
        channels = head.be16(40)?;
        depth = head.array::<1>(42)?[0];
    } else {
        let len = head.len();
        let top = boxes(head, 0, len);
        let header = find(&top, *b"jp2h")?;
        let inner = boxes(head, header.at, header.end);
        let image = find(&inner, *b"ihdr")?;
        found.size(head.be32(image.at + 4)?, head.be32(image.at)?);
        channels = head.be16(image.at + 8)?;
        depth = head.array::<1>(image.at + 10)?[0];
    }
    let model = if channels <= 2 { Model::Grey } else { Model::Rgb };
    found.color = Color::new(model, channels == 2 || channels == 4, (depth & 0x7F) + 1);
    Some(())
}
