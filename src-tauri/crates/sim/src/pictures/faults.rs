//! Encoding, sound or spoiled in one of the ways that platforms refuse.

use std::collections::HashMap;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat};
use jpeg_encoder::{ColorType, Encoder};
use serde::{Deserialize, Serialize};

use super::PictureError;
use super::look::hash;
use crate::draw::Draw;

/// What is wrong with a picture file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Nothing: a square RGB JPEG.
    None,
    /// 800 × 600 pixels: not square.
    Wide,
    /// 599 × 600 pixels: one short of the smallest size, and not square.
    Short,
    /// A PNG with a transparent background.
    Alpha,
    /// A greyscale JPEG.
    Grey,
    /// A JPEG in the four printing inks, as a print shop hands it out.
    Cmyk,
    /// A PNG of 16 bits a channel.
    Deep,
    /// A noisy JPEG above 5 MB (5 × 1024 × 1024 bytes).
    Heavy,
    /// A JPEG lying on its side with EXIF orientation 6, which says to turn it a quarter clockwise.
    Turned,
    /// A JPEG whose EXIF block tells the GPS position where it was taken.
    Located,
}

/// How many pictures of a demo library carry each fault.
const SHARES: [(Fault, usize); 9] = [
    (Fault::Heavy, 3),
    (Fault::Wide, 9),
    (Fault::Short, 6),
    (Fault::Alpha, 6),
    (Fault::Grey, 4),
    (Fault::Cmyk, 4),
    (Fault::Deep, 3),
    (Fault::Turned, 4),
    (Fault::Located, 3),
];

/// Which of the named files are faulty; a library below 60 pictures gets proportionally fewer.
pub(super) fn spread<'a>(names: impl Iterator<Item = &'a str>) -> HashMap<String, Fault> {
    let mut order: Vec<&str> = names.collect();
    let room = order.len() / 10;
    order.sort_by_key(|name| (hash(name), *name));
    // Round by round, so that a small folder has some of each kind too.
    let most = SHARES.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let faults = (0..most).flat_map(|round| {
        SHARES
            .iter()
            .filter(move |(_, count)| *count > round)
            .map(|(fault, _)| *fault)
    });
    order
        .into_iter()
        .map(str::to_owned)
        .zip(faults)
        .take(room)
        .collect()
}

/// Writes `picture` as a file with `fault`.
pub(super) fn encode(picture: &DynamicImage, seed: u32, fault: Fault) -> Result<Vec<u8>, PictureError> {
    match fault {
        Fault::None => jpeg(picture, 88),
        Fault::Wide => jpeg(
            &picture
                .resize_exact(800, 800, FilterType::CatmullRom)
                .crop_imm(0, 100, 800, 600),
            88,
        ),
        Fault::Short => jpeg(&picture.resize_exact(599, 600, FilterType::CatmullRom), 88),
        Fault::Alpha => png(&cut_out(picture)),
        Fault::Grey => jpeg(&DynamicImage::ImageLuma8(picture.to_luma8()), 88),
        Fault::Cmyk => cmyk(picture),
        Fault::Deep => png(&DynamicImage::ImageRgb16(picture.to_rgb16())),
        Fault::Heavy => heavy(picture, seed),
        Fault::Turned => Ok(with_exif(&jpeg(&picture.rotate270(), 88)?, Some(6), false)),
        Fault::Located => Ok(with_exif(&jpeg(picture, 88)?, None, true)),
    }
}

fn jpeg(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, PictureError> {
    let mut file = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut file, quality);
    picture.write_with_encoder(encoder)?;
    Ok(file)
}

/// Inks from light: black takes what the three colours have in common.
fn cmyk(picture: &DynamicImage) -> Result<Vec<u8>, PictureError> {
    let rgb = picture.to_rgb8();
    let inks: Vec<u8> = rgb
        .pixels()
        .flat_map(|pixel| {
            let [cyan, magenta, yellow] = pixel.0.map(|light| 255 - light);
            let black = cyan.min(magenta).min(yellow);
            [cyan - black, magenta - black, yellow - black, black]
        })
        .collect();
    let side = |length: u32| u16::try_from(length).unwrap_or(u16::MAX);
    let mut file = Vec::new();
    Encoder::new(&mut file, 90).encode(&inks, side(rgb.width()), side(rgb.height()), ColorType::Cmyk)?;
    Ok(file)
}

fn png(picture: &DynamicImage) -> Result<Vec<u8>, PictureError> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png)?;
    Ok(file.into_inner())
}

/// The background made transparent: whatever is nearly as light as paper.
fn cut_out(picture: &DynamicImage) -> DynamicImage {
    let mut image = picture.to_rgba8();
    for pixel in image.pixels_mut() {
        let darkest = pixel.0[0].min(pixel.0[1]).min(pixel.0[2]);
        pixel.0[3] = 255 - darkest.saturating_sub(232).saturating_mul(11);
    }
    DynamicImage::ImageRgba8(image)
}

/// Grain makes a JPEG large: the picture is enlarged and shaken until it passes 5 MB.
fn heavy(picture: &DynamicImage, seed: u32) -> Result<Vec<u8>, PictureError> {
    let mut image = picture.resize_exact(2600, 2600, FilterType::Triangle).to_rgb8();
    let mut draw = Draw::new(u64::from(seed));
    for values in image.as_flat_samples_mut().samples.chunks_mut(8) {
        for (value, noise) in values.iter_mut().zip(draw.next_u64().to_le_bytes()) {
            *value = value.saturating_sub(noise / 8).saturating_add(noise / 16);
        }
    }
    jpeg(&DynamicImage::ImageRgb8(image), 97)
}

/// A JPEG with an EXIF block put right after its start marker (CIPA DC-008, little endian).
fn with_exif(file: &[u8], orientation: Option<u16>, gps: bool) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    let count = u16::from(orientation.is_some()) + u16::from(gps);
    tiff.extend(count.to_le_bytes());
    if let Some(value) = orientation {
        entry(&mut tiff, 0x0112, 3, 1, u32::from(value));
    }
    // Header, count, entries and the link to the next directory come before the GPS directory.
    let after = 8 + 2 + 12 * u32::from(count) + 4;
    if gps {
        entry(&mut tiff, 0x8825, 4, 1, after);
    }
    tiff.extend(0_u32.to_le_bytes());
    if gps {
        let values = after + 2 + 12 * 4 + 4;
        tiff.extend(4_u16.to_le_bytes());
        entry(&mut tiff, 1, 2, 2, u32::from(b'N'));
        entry(&mut tiff, 2, 5, 3, values);
        entry(&mut tiff, 3, 2, 2, u32::from(b'E'));
        entry(&mut tiff, 4, 5, 3, values + 24);
        tiff.extend(0_u32.to_le_bytes());
        for part in [30_u32, 1, 15, 1, 2400, 100, 120, 1, 9, 1, 600, 100] {
            tiff.extend(part.to_le_bytes());
        }
    }
    let length = u16::try_from(tiff.len() + 8).unwrap_or(u16::MAX);
    let mut out = file.get(..2).unwrap_or_default().to_vec();
    out.extend([0xFF, 0xE1]);
    out.extend(length.to_be_bytes());
    out.extend(b"Exif\0\0");
    out.extend(tiff);
    out.extend(file.get(2..).unwrap_or_default());
    out
}

fn entry(tiff: &mut Vec<u8>, tag: u16, kind: u16, count: u32, value: u32) {
    tiff.extend(tag.to_le_bytes());
    tiff.extend(kind.to_le_bytes());
    tiff.extend(count.to_le_bytes());
    tiff.extend(value.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use image::{ColorType, ImageDecoder, ImageFormat, ImageReader, metadata::Orientation};
    use std::io::Cursor;

    use super::super::{Kind, draw};
    use super::{Fault, spread};

    fn file(fault: Fault) -> Vec<u8> {
        draw("海湾苏打水", Kind::Bottle, 800, fault).unwrap()
    }

    #[test]
    fn each_fault_is_what_its_name_says() {
        for (fault, size, color, format) in [
            (Fault::Wide, (800, 600), ColorType::Rgb8, ImageFormat::Jpeg),
            (Fault::Short, (599, 600), ColorType::Rgb8, ImageFormat::Jpeg),
            (Fault::Alpha, (800, 800), ColorType::Rgba8, ImageFormat::Png),
            (Fault::Grey, (800, 800), ColorType::L8, ImageFormat::Jpeg),
            (Fault::Deep, (800, 800), ColorType::Rgb16, ImageFormat::Png),
            (Fault::Turned, (800, 800), ColorType::Rgb8, ImageFormat::Jpeg),
            (Fault::Located, (800, 800), ColorType::Rgb8, ImageFormat::Jpeg),
        ] {
            let bytes = file(fault);
            assert_eq!(image::guess_format(&bytes).unwrap(), format, "{fault:?}");
            let image = image::load_from_memory(&bytes).unwrap();
            assert_eq!(
                ((image.width(), image.height()), image.color()),
                (size, color),
                "{fault:?}"
            );
        }
    }

    #[test]
    fn a_heavy_picture_passes_five_megabytes() {
        let bytes = file(Fault::Heavy);
        assert!(
            bytes.len() > 5 * 1024 * 1024 && bytes.len() < 16 * 1024 * 1024,
            "{}",
            bytes.len()
        );
    }

    #[test]
    fn a_printed_picture_holds_four_inks() {
        let bytes = file(Fault::Cmyk);
        // The start of frame says 800 × 800 in four components (T.81, B.2.2).
        let frame = [8, 0x03, 0x20, 0x03, 0x20, 4];
        assert!(bytes.windows(6).any(|window| window == frame));
    }

    #[test]
    fn a_transparent_picture_really_has_clear_pixels() {
        let image = image::load_from_memory(&file(Fault::Alpha)).unwrap().to_rgba8();
        assert!(image.pixels().any(|pixel| pixel.0[3] < 40) && image.pixels().any(|pixel| pixel.0[3] == 255));
    }

    #[test]
    fn a_turned_picture_says_how_to_turn_it_back() {
        let bytes = file(Fault::Turned);
        let mut decoder = ImageReader::new(Cursor::new(&bytes))
            .with_guessed_format()
            .unwrap()
            .into_decoder()
            .unwrap();
        assert_eq!(decoder.orientation().unwrap(), Orientation::Rotate90);
    }

    #[test]
    fn faults_are_spread_over_at_most_a_tenth_of_the_files() {
        let names: Vec<String> = (0..640).map(|nth| format!("{nth}.jpg")).collect();
        let all = spread(names.iter().map(String::as_str));
        assert_eq!(all.len(), 42);
        assert_eq!(all.values().filter(|fault| **fault == Fault::Heavy).count(), 3);
        assert_eq!(spread(names.iter().take(30).map(String::as_str)).len(), 3);
    }
}
