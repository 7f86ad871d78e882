//! The kinds of TIFF the image crate leaves out: palettes, `YCbCr` with or without subsampling, Lab, and odd
//! bit depths, in strips, uncompressed or by LZW, deflate or `PackBits` (TIFF 6.0, sections 9, 14, 20 to 23).

use std::io::Read;

use crate::checked::{Budget, CheckedImage};
use crate::decode::{DecodeError, Raster, Samples};
use crate::probe::Tiff;
use crate::rgb::lab_to_srgb;
use crate::source::Head;

/// The tags of one directory that matter here.
struct Page {
    width: usize,
    height: usize,
    bits: usize,
    samples: usize,
    photometric: u32,
    compression: u32,
    predictor: u32,
    reversed_bits: bool,
    big_endian: bool,
    rows_per_strip: usize,
    offsets: Vec<u32>,
    counts: Vec<u32>,
    color_map: Vec<u32>,
    subsampling: (usize, usize),
}

pub(super) fn decode(image: &CheckedImage<'_>, budget: &mut Budget) -> Result<Raster, DecodeError> {
    let page = page(image).ok_or(DecodeError::Unsupported("TIFF layout"))?;
    let samples = if matches!(page.photometric, 0 | 1) {
        Samples::Grey
    } else {
        Samples::Rgb
    };
    let size = budget.grant(image.buffer_size(samples.channels() as u64))?;
    let mut data = Vec::with_capacity(size);
    for (index, (offset, count)) in page.offsets.iter().zip(&page.counts).enumerate() {
        let first = index * page.rows_per_strip;
        let rows = page.rows_per_strip.min(page.height.saturating_sub(first));
        if rows == 0 {
            break;
        }
        let packed = strip_bytes(image.bytes(), *offset, *count)?;
        let wanted = page
            .strip_len(rows)
            .ok_or(DecodeError::Unsupported("TIFF strip"))?;
        budget.grant(Some(wanted as u64))?;
        let mut strip = unpack(&page, packed, wanted)?;
        if strip.len() < wanted {
            return Err(DecodeError::Truncated);
        }
        page.undo_prediction(&mut strip, rows)?;
        page.convert(&strip, rows, &mut data)?;
    }
    // A colour profile describes the stored colours, which are no longer there for Lab and YCbCr.
    Ok(Raster {
        width: image.probe().width,
        height: image.probe().height,
        samples,
        data,
        icc: None,
    })
}

fn strip_bytes(bytes: &[u8], offset: u32, count: u32) -> Result<&[u8], DecodeError> {
    let from = offset as usize;
    let to = from.saturating_add(count as usize).min(bytes.len());
    bytes
        .get(from..to)
        .filter(|strip| !strip.is_empty())
        .ok_or(DecodeError::Truncated)
}

fn page(image: &CheckedImage<'_>) -> Option<Page> {
    /// More strips than rows make no sense.
    const MOST: usize = 16_000;
    let head = &mut Head::slice(image.bytes());
    let (tiff, first) = Tiff::open(head, 0)?;
    let (entries, _) = tiff.directory(head, first)?;
    let mut all = |tag: u16, most: usize| {
        entries
            .iter()
            .find(|e| e.tag == tag)
            .map(|e| tiff.numbers(head, e, most))
            .unwrap_or_default()
    };
    let mut one = |tag: u16, default: u32| all(tag, 1).first().copied().unwrap_or(default);
    let (width, height) = (one(256, 0) as usize, one(257, 0) as usize);
    let page = Page {
        width,
        height,
        bits: one(258, 1) as usize,
        samples: one(277, 1) as usize,
        photometric: one(262, 0),
        compression: one(259, 1),
        predictor: one(317, 1),
        reversed_bits: one(266, 1) == 2,
        big_endian: tiff.big_endian(),
        rows_per_strip: (one(278, u32::MAX) as usize).clamp(1, height.max(1)),
        subsampling: match all(530, 2)[..] {
            [h, v] => (h as usize, v as usize),
            // The standard's default.
            _ => (2, 2),
        },
        offsets: all(273, MOST),
        counts: all(279, MOST),
        color_map: all(320, 3 * 256),
    };
    let planar = all(284, 1).first().copied().unwrap_or(1) == 2 && page.samples > 1;
    page.is_known().then_some(page).filter(|_| !planar)
}

impl Page {
    fn is_known(&self) -> bool {
        let layout = match self.photometric {
            0 | 1 => self.samples == 1 && matches!(self.bits, 1..=8 | 12 | 16),
            3 => self.samples == 1 && matches!(self.bits, 1..=8) && self.color_map.len() >= 3 << self.bits,
            6 => {
                let fine = |n| matches!(n, 1 | 2 | 4);
                self.samples == 3 && self.bits == 8 && fine(self.subsampling.0) && fine(self.subsampling.1)
            }
            8 | 9 => self.samples == 3 && self.bits == 8,
            _ => false,
        };
        let prediction =
            self.predictor == 1 || (self.predictor == 2 && self.bits == 8 && self.photometric != 6);
        layout && prediction && !self.reversed_bits && !self.offsets.is_empty()
    }

    fn row_len(&self) -> Option<usize> {
        Some(
            self.width
                .checked_mul(self.bits.checked_mul(self.samples)?)?
                .div_ceil(8),
        )
    }

    fn strip_len(&self, rows: usize) -> Option<usize> {
        if self.photometric == 6 {
            let (h, v) = self.subsampling;
            return self
                .width
                .div_ceil(h)
                .checked_mul(rows.div_ceil(v))?
                .checked_mul(h * v + 2);
        }
        self.row_len()?.checked_mul(rows)
    }

    fn undo_prediction(&self, strip: &mut [u8], rows: usize) -> Result<(), DecodeError> {
        if self.predictor == 2 {
            let len = self.row_len().ok_or(DecodeError::Unsupported("TIFF row"))?;
            for row in strip.chunks_exact_mut(len).take(rows) {
                for i in self.samples..row.len() {
                    row[i] = row[i].wrapping_add(row[i - self.samples]);
                }
            }
        }
        Ok(())
    }

    fn convert(&self, strip: &[u8], rows: usize, data: &mut Vec<u8>) -> Result<(), DecodeError> {
        if self.photometric == 6 {
            self.convert_ycbcr(strip, rows, data);
            return Ok(());
        }
        let len = self.row_len().ok_or(DecodeError::Unsupported("TIFF row"))?;
        for row in strip.chunks_exact(len).take(rows) {
            match self.photometric {
                8 | 9 => {
                    // CIE Lab stores a and b signed, ICC Lab shifted by 128.
                    let flip = if self.photometric == 8 { 0x80 } else { 0 };
                    for lab in row.as_chunks::<3>().0 {
                        data.extend(lab_to_srgb([lab[0], lab[1] ^ flip, lab[2] ^ flip]));
                    }
                }
                3 => {
                    let entries = 1 << self.bits;
                    for x in 0..self.width {
                        let index = self.sample(row, x) as usize;
                        let channel = |c: usize| high_byte(self.color_map[c * entries + index]);
                        data.extend([channel(0), channel(1), channel(2)]);
                    }
                }
                kind => {
                    let top = (1_u32 << self.bits) - 1;
                    data.extend((0..self.width).map(|x| {
                        let value = self.sample(row, x) * 255 / top;
                        let value = u8::try_from(value).unwrap_or(255);
                        if kind == 0 { 255 - value } else { value }
                    }));
                }
            }
        }
        Ok(())
    }

    /// One sample of a row of single-channel pixels.
    fn sample(&self, row: &[u8], x: usize) -> u32 {
        if self.bits == 16 {
            let pair = [row[x * 2], row[x * 2 + 1]];
            return if self.big_endian {
                u16::from_be_bytes(pair)
            } else {
                u16::from_le_bytes(pair)
            }
            .into();
        }
        (x * self.bits..(x + 1) * self.bits).fold(0, |value, bit| {
            value << 1 | u32::from(row[bit / 8] >> (7 - bit % 8) & 1)
        })
    }

    /// Blocks of h x v lumas followed by one Cb and one Cr.
    fn convert_ycbcr(&self, strip: &[u8], rows: usize, data: &mut Vec<u8>) {
        let (h, v) = self.subsampling;
        let block_len = h * v + 2;
        let blocks = self.width.div_ceil(h);
        for y in 0..rows {
            for x in 0..self.width {
                let block = &strip[((y / v) * blocks + x / h) * block_len..][..block_len];
                let [luma, cb, cr] =
                    [block[y % v * h + x % h], block[h * v], block[h * v + 1]].map(f32::from);
                let (cb, cr) = (cb - 128.0, cr - 128.0);
                data.extend(
                    [
                        luma + 1.402 * cr,
                        luma - 0.344_136 * cb - 0.714_136 * cr,
                        luma + 1.772 * cb,
                    ]
                    .map(to_byte),
                );
            }
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=255 first"
)]
fn to_byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

/// A colour map has sixteen bits a channel.
fn high_byte(value: u32) -> u8 {
    value.to_be_bytes()[2]
}

fn unpack(page: &Page, packed: &[u8], wanted: usize) -> Result<Vec<u8>, DecodeError> {
    let mut out = Vec::new();
    match page.compression {
        1 => out.extend_from_slice(&packed[..packed.len().min(wanted)]),
        5 => {
            let mut decoder = weezl::decode::Decoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
            out.resize(wanted, 0);
            let mut filled = 0;
            let mut used = 0;
            // A decoder that makes no more progress is at the end of what can be saved.
            while filled < wanted {
                let step = decoder.decode_bytes(&packed[used..], &mut out[filled..]);
                filled += step.consumed_out;
                used += step.consumed_in;
                if step.status.is_err() || (step.consumed_in == 0 && step.consumed_out == 0) {
                    break;
                }
            }
            out.truncate(filled);
        }
        8 | 32_946 => {
            flate2::read::ZlibDecoder::new(packed)
                .take(wanted as u64)
                .read_to_end(&mut out)
                .map_err(DecodeError::data)?;
        }
        32_773 => unpack_bits(packed, wanted, &mut out),
        _ => return Err(DecodeError::Unsupported("TIFF compression")),
    }
    Ok(out)
}

fn unpack_bits(packed: &[u8], wanted: usize, out: &mut Vec<u8>) {
    let mut at = 0;
    while out.len() < wanted
        && let Some(code) = packed.get(at)
    {
        let code = usize::from(*code);
        at += 1;
        match code {
            0..=127 => {
                let to = (at + code + 1).min(packed.len());
                out.extend_from_slice(&packed[at..to]);
                at = to;
            }
            129..=255 => {
                let Some(byte) = packed.get(at) else { break };
                out.resize(out.len() + 257 - code, *byte);
                at += 1;
            }
            _ => {}
        }
    }
    out.truncate(wanted);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pack_bits_follows_the_standards_example() {
        let packed = [
            0xFE, 0xAA, 0x02, 0x80, 0x00, 0x2A, 0xFD, 0xAA, 0x03, 0x80, 0x00, 0x2A, 0x22, 0xF7, 0xAA,
        ];
        let mut out = Vec::new();
        unpack_bits(&packed, 24, &mut out);
        let expected = [
            0xAA, 0xAA, 0xAA, 0x80, 0x00, 0x2A, 0xAA, 0xAA, 0xAA, 0xAA, 0x80, 0x00, 0x2A, 0x22, 0xAA, 0xAA,
            0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA,
        ];
        assert_eq!(out, expected);
    }
}
