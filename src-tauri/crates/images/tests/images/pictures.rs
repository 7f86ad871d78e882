//! How the pictures of these tests are made and judged.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use images::{
    ImageFinding, Profile, RepairOptions, RulePack, Severity, StepCode, check, is_ok, probe_deep, repair,
};
use jpeg_encoder::{ColorType, Encoder};

pub(crate) fn rules() -> RulePack {
    RulePack::built_in().unwrap()
}

pub(crate) fn profile(id: &str) -> Profile {
    rules().profile(id).unwrap().clone()
}

/// A photo-like picture: two slopes and a red square in the upper left.
pub(crate) fn photo(width: u32, height: u32) -> RgbImage {
    let byte = |n: u32| u8::try_from(n & 255).unwrap();
    RgbImage::from_fn(width, height, |x, y| {
        if x < width / 4 && y < height / 4 {
            Rgb([220, 20, 20])
        } else {
            Rgb([byte(x * 200 / width), byte(y * 200 / height), byte((x ^ y) / 8)])
        }
    })
}

pub(crate) fn written(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.into().write_to(&mut out, format).unwrap();
    out.into_inner()
}

pub(crate) fn jpeg(width: u16, height: u16, color: ColorType, data: &[u8], exif: Option<&[u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, 90);
    if let Some(exif) = exif {
        encoder.add_exif_metadata(exif).unwrap();
    }
    encoder.encode(data, width, height, color).unwrap();
    out
}

pub(crate) fn photo_jpeg(width: u16, height: u16) -> Vec<u8> {
    jpeg(
        width,
        height,
        ColorType::Rgb,
        &photo(width.into(), height.into()),
        None,
    )
}

/// An EXIF block with an orientation and, if wanted, a GPS latitude.
pub(crate) fn exif(orientation: u8, gps: bool) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    let entries: u16 = if gps { 2 } else { 1 };
    out.extend(entries.to_le_bytes());
    out.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    if gps {
        out.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]);
        out.extend(0_u32.to_le_bytes());
        // At 38: one entry, the hemisphere of the latitude.
        out.extend([1, 0, 1, 0, 2, 0, 2, 0, 0, 0, b'N', 0, 0, 0]);
    }
    out.extend(0_u32.to_le_bytes());
    out
}

pub(crate) fn ids(findings: &[ImageFinding]) -> Vec<(&str, Severity)> {
    findings.iter().map(|f| (f.id, f.severity)).collect()
}

pub(crate) fn judged(bytes: &[u8], platform: &str) -> Vec<(&'static str, Severity)> {
    check(&probe_deep(bytes, None), &profile(platform))
        .iter()
        .map(|f| (f.id, f.severity))
        .collect()
}

/// Repairs for a platform, decodes the result, and returns its pixels with the steps.
pub(crate) fn repaired(bytes: &[u8], platform: &str) -> (RgbImage, Vec<StepCode>) {
    let done = repair(bytes, &profile(platform), RepairOptions::default()).unwrap();
    let again = probe_deep(&done.bytes, None);
    assert_eq!(again.readable, Some(true));
    assert!(
        is_ok(&check(&again, &profile(platform))),
        "{:?}",
        check(&again, &profile(platform))
    );
    let pixels = image::load_from_memory(&done.bytes).unwrap().to_rgb8();
    (pixels, done.steps.iter().map(|s| s.code).collect())
}

pub(crate) fn near(pixel: Rgb<u8>, wanted: [u8; 3]) -> bool {
    pixel.0.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) < 24)
}
