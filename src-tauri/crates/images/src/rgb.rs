//! Plain sRGB pictures: from any decoded samples, turned upright, resized, cut, padded.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, ResizeOptions, Resizer};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use crate::decode::{Raster, Samples};

/// A picture of three channels of eight bits in sRGB.
#[derive(Clone)]
pub(crate) struct Rgb {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) data: Vec<u8>,
}

/// What became of an embedded colour profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProfileUse {
    None,
    Applied,
    /// It did not parse or does not belong to these samples; the values were taken as sRGB.
    Ignored,
}

/// A resize that could not be done; sizes are checked before, so it is a fault of this program.
#[derive(Debug, thiserror::Error)]
#[error("the picture could not be resized")]
pub struct ResizeError(#[source] Box<dyn std::error::Error + Send + Sync>);

/// Converts decoded samples to sRGB, transparent parts on white.
pub(crate) fn to_rgb(raster: &Raster) -> (Rgb, ProfileUse) {
    let mut data = Vec::with_capacity(raster.width as usize * raster.height as usize * 3);
    let used = match &raster.icc {
        None => ProfileUse::None,
        Some(icc) if through_profile(raster, icc, &mut data).is_some() => ProfileUse::Applied,
        Some(_) => ProfileUse::Ignored,
    };
    if used != ProfileUse::Applied {
        data.clear();
        plain(raster, &mut data);
    }
    (
        Rgb {
            width: raster.width,
            height: raster.height,
            data,
        },
        used,
    )
}

/// Row by row through the embedded profile. `None` when it does not fit.
fn through_profile(raster: &Raster, icc: &[u8], data: &mut Vec<u8>) -> Option<()> {
    let source = ColorProfile::new_from_slice(icc).ok()?;
    let (from, to) = match (raster.samples, source.color_space) {
        (Samples::Grey, DataColorSpace::Gray) => (Layout::Gray, Layout::Rgb),
        (Samples::GreyAlpha, DataColorSpace::Gray) => (Layout::GrayAlpha, Layout::Rgba),
        (Samples::Rgb, DataColorSpace::Rgb) => (Layout::Rgb, Layout::Rgb),
        (Samples::Rgba, DataColorSpace::Rgb) => (Layout::Rgba, Layout::Rgba),
        (Samples::Cmyk, DataColorSpace::Cmyk) => (Layout::Rgba, Layout::Rgb),
        _ => return None,
    };
    let target = ColorProfile::new_srgb();
    let transform = source
        .create_transform_8bit(from, &target, to, TransformOptions::default())
        .ok()?;
    let row_len = raster.width as usize * raster.samples.channels();
    let mut row = vec![0; raster.width as usize * if to == Layout::Rgba { 4 } else { 3 }];
    for stored in raster.data.chunks_exact(row_len) {
        transform.transform(stored, &mut row).ok()?;
        if to == Layout::Rgba {
            flatten_rgba(&row, data);
        } else {
            data.extend_from_slice(&row);
        }
    }
    Some(())
}

fn plain(raster: &Raster, data: &mut Vec<u8>) {
    match raster.samples {
        Samples::Rgb => data.extend_from_slice(&raster.data),
        Samples::Rgba => flatten_rgba(&raster.data, data),
        Samples::Grey => data.extend(raster.data.iter().flat_map(|v| [*v; 3])),
        Samples::GreyAlpha => {
            data.extend(
                raster
                    .data
                    .as_chunks::<2>()
                    .0
                    .iter()
                    .flat_map(|[v, a]| [on_white(*v, *a); 3]),
            );
        }
        Samples::Cmyk => data.extend(
            raster
                .data
                .as_chunks::<4>()
                .0
                .iter()
                .flat_map(|[c, m, y, k]| [c, m, y].map(|ink| times(255 - ink, 255 - k))),
        ),
    }
}

fn flatten_rgba(rgba: &[u8], data: &mut Vec<u8>) {
    data.extend(
        rgba.as_chunks::<4>()
            .0
            .iter()
            .flat_map(|[r, g, b, a]| [r, g, b].map(|v| on_white(*v, *a))),
    );
}

/// a x b / 255, to the nearest.
fn times(a: u8, b: u8) -> u8 {
    let product = u16::from(a) * u16::from(b) + 128;
    ((product + (product >> 8)) >> 8).to_be_bytes()[1]
}

fn on_white(value: u8, alpha: u8) -> u8 {
    255 - times(255 - value, alpha)
}

/// One pixel of eight-bit Lab (a and b shifted by 128, light D50) to sRGB, by the Bradford-adapted matrix.
pub(crate) fn lab_to_srgb(lab: [u8; 3]) -> [u8; 3] {
    let [light, red_green, yellow_blue] = lab.map(f32::from);
    let middle = (light * (100.0 / 255.0) + 16.0) / 116.0;
    // The inverse of the CIE 1976 function; below 6/29 it is a straight line.
    let cube = |t: f32| {
        if t > 6.0 / 29.0 {
            t * t * t
        } else {
            3.0 * (6.0_f32 / 29.0).powi(2) * (t - 4.0 / 29.0)
        }
    };
    let xyz = [
        0.964_22 * cube(middle + (red_green - 128.0) / 500.0),
        cube(middle),
        0.825_21 * cube(middle - (yellow_blue - 128.0) / 200.0),
    ];
    let rows: [[f32; 3]; 3] = [
        [3.133_856, -1.616_867, -0.490_615],
        [-0.978_768, 1.916_142, 0.033_454],
        [0.071_945, -0.228_991, 1.405_243],
    ];
    rows.map(|row| encode_srgb(row.iter().zip(xyz).map(|(factor, value)| factor * value).sum()))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=255 first"
)]
fn encode_srgb(linear: f32) -> u8 {
    let v = linear.clamp(0.0, 1.0);
    let v = if v <= 0.003_130_8 {
        12.92 * v
    } else {
        1.055 * v.powf(1.0 / 2.4) - 0.055
    };
    (v * 255.0).round().clamp(0.0, 255.0) as u8
}

impl Rgb {
    /// A white picture.
    pub(crate) fn white(width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            data: vec![255; width as usize * height as usize * 3],
        }
    }

    /// Turns an EXIF-oriented picture upright (EXIF 2.32, tag 0x0112).
    pub(crate) fn upright(self, orientation: u8) -> Self {
        let (w, h) = (self.width as usize, self.height as usize);
        // Of the first upright pixel: where it is stored; then how far to go in the stored picture for one
        // step right and one step down.
        let (start, right, down): (usize, isize, isize) = {
            let (row, last, end) = (w.cast_signed(), (w - 1), (h - 1) * w);
            match orientation {
                2 => (last, -1, row),
                3 => (end + last, -1, -row),
                4 => (end, 1, -row),
                5 => (0, row, 1),
                6 => (end, -row, 1),
                7 => (end + last, -row, -1),
                8 => (last, row, -1),
                _ => return self,
            }
        };
        let (width, height) = if orientation >= 5 {
            (self.height, self.width)
        } else {
            (self.width, self.height)
        };
        let mut data = Vec::with_capacity(self.data.len());
        let pixels = self.data.as_chunks::<3>().0;
        let mut line = start.cast_signed();
        for _ in 0..height {
            let mut at = line;
            for _ in 0..width {
                data.extend_from_slice(&pixels[at.cast_unsigned()]);
                at += right;
            }
            line += down;
        }
        Self { width, height, data }
    }

    /// Resizes a part of the picture to a new size (Lanczos).
    pub(crate) fn resized_part(&self, part: [u32; 4], width: u32, height: u32) -> Result<Self, ResizeError> {
        let fail = |error: Box<dyn std::error::Error + Send + Sync>| ResizeError(error);
        let [x, y, w, h] = part.map(f64::from);
        let source = ImageRef::new(self.width, self.height, &self.data, PixelType::U8x3)
            .map_err(|e| fail(Box::new(e)))?;
        let mut target = Image::new(width, height, PixelType::U8x3);
        let options = ResizeOptions::new().crop(x, y, w, h);
        Resizer::new()
            .resize(&source, &mut target, &options)
            .map_err(|e| fail(Box::new(e)))?;
        Ok(Self {
            width,
            height,
            data: target.into_vec(),
        })
    }

    /// Resizes the whole picture.
    pub(crate) fn resized(&self, width: u32, height: u32) -> Result<Self, ResizeError> {
        self.resized_part([0, 0, self.width, self.height], width, height)
    }

    /// Cuts a part out.
    pub(crate) fn cropped(&self, [x, y, w, h]: [u32; 4]) -> Self {
        let (from, len) = (x as usize * 3, w as usize * 3);
        let rows = self
            .data
            .chunks_exact(self.width as usize * 3)
            .skip(y as usize)
            .take(h as usize);
        let mut data = Vec::with_capacity(len * h as usize);
        for row in rows {
            data.extend_from_slice(&row[from..from + len]);
        }
        Self {
            width: w,
            height: h,
            data,
        }
    }

    /// Puts the picture in the middle of a white square.
    pub(crate) fn padded(&self, side: u32) -> Self {
        let mut canvas = Self::white(side, side);
        let left = (side - self.width) as usize / 2 * 3;
        let top = (side - self.height) as usize / 2;
        let len = self.width as usize * 3;
        let targets = canvas.data.chunks_exact_mut(side as usize * 3).skip(top);
        for (target, row) in targets.zip(self.data.chunks_exact(len)) {
            target[left..left + len].copy_from_slice(row);
        }
        canvas
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stored pictures of 3 x 2 pixels numbered as seen upright: 1 2 3 / 4 5 6.
    const STORED: [(u8, u32, [u8; 6]); 8] = [
        (1, 3, [1, 2, 3, 4, 5, 6]),
        (2, 3, [3, 2, 1, 6, 5, 4]),
        (3, 3, [6, 5, 4, 3, 2, 1]),
        (4, 3, [4, 5, 6, 1, 2, 3]),
        (5, 2, [1, 4, 2, 5, 3, 6]),
        (6, 2, [3, 6, 2, 5, 1, 4]),
        (7, 2, [6, 3, 5, 2, 4, 1]),
        (8, 2, [4, 1, 5, 2, 6, 3]),
    ];

    #[test]
    fn every_exif_turn_is_undone() {
        for (orientation, width, stored) in STORED {
            let data = stored.iter().flat_map(|v| [*v; 3]).collect();
            let upright = Rgb {
                width,
                height: 6 / width,
                data,
            }
            .upright(orientation);
            assert_eq!(
                (upright.width, upright.height),
                (3, 2),
                "orientation {orientation}"
            );
            let seen: Vec<u8> = upright.data.iter().step_by(3).copied().collect();
            assert_eq!(seen, [1, 2, 3, 4, 5, 6], "orientation {orientation}");
        }
    }

    #[test]
    fn transparency_shows_white() {
        let raster = |samples, data: &[u8]| Raster {
            width: 1,
            height: 1,
            samples,
            data: data.to_vec(),
            icc: None,
        };
        assert_eq!(to_rgb(&raster(Samples::Rgba, &[0, 0, 0, 0])).0.data, [255; 3]);
        assert_eq!(
            to_rgb(&raster(Samples::Rgba, &[10, 20, 30, 255])).0.data,
            [10, 20, 30]
        );
        assert_eq!(to_rgb(&raster(Samples::GreyAlpha, &[0, 128])).0.data, [127; 3]);
        assert_eq!(to_rgb(&raster(Samples::Cmyk, &[0, 0, 0, 0])).0.data, [255; 3]);
        assert_eq!(
            to_rgb(&raster(Samples::Cmyk, &[0, 255, 255, 0])).0.data,
            [255, 0, 0]
        );
        assert_eq!(to_rgb(&raster(Samples::Cmyk, &[9, 9, 9, 255])).0.data, [0; 3]);
    }

    #[test]
    fn lab_ends_are_black_white_and_red() {
        assert_eq!(lab_to_srgb([0, 128, 128]), [0, 0, 0]);
        assert!(lab_to_srgb([255, 128, 128]).iter().all(|v| *v >= 254));
        let [r, g, b] = lab_to_srgb([136, 208, 195]);
        assert!(r > 245 && g < 30 && b < 30, "{r} {g} {b}");
    }

    #[test]
    fn a_wide_gamut_profile_is_applied_and_a_broken_one_ignored() {
        let icc = ColorProfile::new_display_p3().encode().unwrap();
        let raster = |icc| Raster {
            width: 1,
            height: 1,
            samples: Samples::Rgb,
            data: vec![200, 50, 50],
            icc,
        };
        let (wide, used) = to_rgb(&raster(Some(icc)));
        assert_eq!(used, ProfileUse::Applied);
        assert!(
            wide.data[0] > 210,
            "P3 red is stronger than sRGB red: {:?}",
            wide.data
        );
        let (same, used) = to_rgb(&raster(Some(vec![1, 2, 3])));
        assert_eq!((same.data, used), (vec![200, 50, 50], ProfileUse::Ignored));
    }
}
