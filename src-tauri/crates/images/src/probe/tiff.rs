//! TIFF 6.0 directories.

use crate::probe::{Color, Model, Probe, ifd};
use crate::source::Head;

const MOST_PAGES: u32 = 1000;

pub(super) fn read(head: &mut Head<'_>, found: &mut Probe) -> Option<()> {
    let (tiff, first) = ifd::Tiff::open(head, 0)?;
    let (entries, mut next) = tiff.directory(head, first)?;
    let number = |head: &mut Head<'_>, tag: u16| {
        entries
            .iter()
            .find(|e| e.tag == tag)
            .and_then(|e| tiff.number(head, e))
    };
    found.size(number(head, 256)?, number(head, 257)?);
    let bits = u8::try_from(number(head, 258).unwrap_or(1)).ok()?;
    let samples = number(head, 277).unwrap_or(1);
    let jpeg = number(head, 259) == Some(7);
    // Extra samples 1 and 2 are alpha, 0 is anything else.
    let extra = matches!(number(head, 338), Some(1 | 2));
    let (model, plain) = match number(head, 262)? {
        0 | 1 if bits == 1 => (Model::Bilevel, 1),
        0 | 1 => (Model::Grey, 1),
        2 => (Model::Rgb, 3),
        3 => (Model::Palette, 1),
        5 => (Model::Cmyk, 4),
        // Compressed as JPEG, the decoder hands out RGB.
        6 if jpeg => (Model::Rgb, 3),
        6 => (Model::Ycbcr, 3),
        8..=10 => (Model::Lab, 3),
        _ => (Model::Unknown, samples),
    };
    found.color = Color::new(model, extra && samples > plain, bits);
    found.icc = entries.iter().any(|e| e.tag == 34_675);
    let exif = ifd::exif_in(head, tiff, &entries);
    found.exif(exif);
    let mut seen = vec![first];
    while next != 0 && found.frames < MOST_PAGES && !seen.contains(&next) {
        seen.push(next);
        let Some((_, after)) = tiff.directory(head, next) else {
            break;
        };
        found.frames += 1;
        next = after;
    }
    Some(())
}
