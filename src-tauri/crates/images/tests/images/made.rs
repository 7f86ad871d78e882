//! Pictures made here: every colour model, every turn, every limit.

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use images::{
    CheckedImage, Format, RepairError, RepairOptions, Severity, Squaring, StepCode, check, master, probe,
    probe_deep, repair, thumbnail,
};
use jpeg_encoder::ColorType;

use crate::pictures::{exif, ids, jpeg, judged, near, photo, photo_jpeg, profile, repaired, rules, written};

#[test]
fn every_colour_model_is_told_and_becomes_rgb() {
    let photo = photo(700, 700);
    let dynamic = DynamicImage::ImageRgb8(photo.clone());
    let ink: Vec<u8> = photo
        .pixels()
        .flat_map(|p| [255 - p.0[0], 255 - p.0[1], 255 - p.0[2], 0])
        .collect();
    let red = [220, 20, 20];
    let grey_of_red = [70, 70, 70];
    let cases: Vec<(&str, Vec<u8>, [u8; 3])> = vec![
        ("rgba", written(dynamic.to_rgba8(), ImageFormat::Png), red),
        ("grey", written(dynamic.to_luma8(), ImageFormat::Png), grey_of_red),
        (
            "grey-alpha",
            written(dynamic.to_luma_alpha8(), ImageFormat::Png),
            grey_of_red,
        ),
        (
            "grey16",
            written(dynamic.to_luma16(), ImageFormat::Png),
            grey_of_red,
        ),
        ("rgb16", written(dynamic.to_rgb16(), ImageFormat::Png), red),
        ("rgba16", written(dynamic.to_rgba16(), ImageFormat::Png), red),
        ("rgb16", written(dynamic.to_rgb16(), ImageFormat::Tiff), red),
        (
            "grey",
            jpeg(700, 700, ColorType::Luma, &dynamic.to_luma8(), None),
            grey_of_red,
        ),
        ("cmyk", jpeg(700, 700, ColorType::Cmyk, &ink, None), red),
        ("ycck", jpeg(700, 700, ColorType::CmykAsYcck, &ink, None), red),
    ];
    for (color, bytes, corner) in cases {
        let found = probe_deep(&bytes, None);
        assert_eq!((found.color.code().as_str(), found.readable), (color, Some(true)));
        let findings = check(&found, &profile("taobao"));
        assert!(
            ids(&findings).contains(&("IMG05", Severity::Error)),
            "{color}: {findings:?}"
        );
        let (pixels, steps) = repaired(&bytes, "taobao");
        assert!(
            near(*pixels.get_pixel(50, 50), corner),
            "{color}: {:?}",
            pixels.get_pixel(50, 50)
        );
        assert!(
            steps.contains(&StepCode::ConvertedColor) || steps.contains(&StepCode::FlattenedAlpha),
            "{color}: {steps:?}"
        );
    }
}

#[test]
fn palettes_and_single_bits_are_told_and_repaired() {
    for (kind, depth, palette, color) in [
        (png::ColorType::Indexed, png::BitDepth::Eight, true, "palette"),
        (png::ColorType::Grayscale, png::BitDepth::One, false, "1-bit"),
    ] {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, 640, 640);
        encoder.set_color(kind);
        encoder.set_depth(depth);
        if palette {
            encoder.set_palette(vec![0, 0, 255, 255, 255, 0]);
        }
        let row = if palette { 640 } else { 80 };
        encoder
            .write_header()
            .unwrap()
            .write_image_data(&vec![0; row * 640])
            .unwrap();
        let found = probe_deep(&out, Some("a.png"));
        assert_eq!(
            (found.color.code().as_str(), found.readable, found.ext_matches),
            (color, Some(true), Some(true))
        );
        let (pixels, _) = repaired(&out, "amazon");
        assert!(near(
            *pixels.get_pixel(300, 300),
            if palette { [0, 0, 255] } else { [0, 0, 0] }
        ));
    }
}

#[test]
fn every_turn_ends_upright_and_without_metadata() {
    for orientation in 1..=8_u8 {
        let bytes = jpeg(
            700,
            650,
            ColorType::Rgb,
            &photo(700, 650),
            Some(&exif(orientation, true)),
        );
        let found = probe(&bytes, None);
        assert_eq!((found.orientation, found.gps), (Some(orientation), true));
        let seen = if orientation >= 5 { (650, 700) } else { (700, 650) };
        assert_eq!(found.oriented_size(), seen);
        assert_eq!(
            judged(&bytes, "taobao"),
            [("IMG02", Severity::Hint), ("IMG08", Severity::Warning)]
        );
        let (pixels, _) = repaired(&bytes, "taobao");
        assert_eq!(pixels.dimensions(), seen);
        // The stored upper left corner, where a person sees it after the turn.
        let (right, low) = (seen.0 - 60, seen.1 - 60);
        let at = [
            (60, 60),
            (right, 60),
            (right, low),
            (60, low),
            (60, 60),
            (right, 60),
            (right, low),
            (60, low),
        ];
        let (x, y) = at[usize::from(orientation) - 1];
        assert!(
            near(*pixels.get_pixel(x, y), [220, 20, 20]),
            "orientation {orientation}"
        );
        let done = repair(&bytes, &profile("taobao"), RepairOptions::default()).unwrap();
        assert!(!done.probe.gps && memchr::memmem::find(&done.bytes, b"Exif").is_none());
    }
}

#[test]
fn a_gps_position_alone_costs_no_quality() {
    let bytes = jpeg(800, 800, ColorType::Rgb, &photo(800, 800), Some(&exif(1, true)));
    let done = repair(&bytes, &profile("jddj"), RepairOptions::default()).unwrap();
    let steps: Vec<_> = done.steps.iter().map(|s| s.code).collect();
    assert_eq!(steps, [StepCode::DroppedMetadata]);
    let pixels = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().to_rgb8();
    assert_eq!(pixels(&bytes), pixels(&done.bytes));
}

#[test]
fn the_smallest_side_is_judged_at_599_600_601() {
    let third = |w, h| {
        let found = judged(&photo_jpeg(w, h), "jddj");
        found
            .into_iter()
            .find(|(id, _)| *id == "IMG03")
            .map(|(_, severity)| severity)
    };
    assert_eq!(third(599, 599), Some(Severity::Error));
    assert_eq!(third(599, 600), Some(Severity::Error));
    assert_eq!(third(600, 600), Some(Severity::Warning));
    assert_eq!(third(600, 601), Some(Severity::Warning));
    assert_eq!(third(601, 601), None);
    assert!(judged(&photo_jpeg(599, 599), "ebai").is_empty());
}

#[test]
fn enlarging_is_a_warning_or_refused() {
    let small = photo_jpeg(500, 500);
    let done = repair(&small, &profile("jddj"), RepairOptions::default()).unwrap();
    assert_eq!((done.probe.width, done.probe.height), (800, 800));
    let enlarged = done.steps.iter().find(|s| s.code == StepCode::Enlarged).unwrap();
    assert_eq!(
        (enlarged.severity, enlarged.params["percent"].as_str()),
        (Severity::Warning, "160")
    );
    let never = RepairOptions {
        allow_enlarge: false,
        ..RepairOptions::default()
    };
    assert!(matches!(
        repair(&small, &profile("jddj"), never),
        Err(RepairError::WouldEnlarge { to: 800, .. })
    ));
    let at_limit = photo_jpeg(600, 600);
    assert_eq!(
        repair(&at_limit, &profile("jddj"), never).unwrap().bytes,
        at_limit
    );
    let grey = written(
        DynamicImage::ImageRgb8(photo(600, 600)).to_luma8(),
        ImageFormat::Png,
    );
    assert_eq!(repair(&grey, &profile("jddj"), never).unwrap().probe.width, 600);
    // Long enough in one direction: white is added instead.
    let (pixels, steps) = repaired(&photo_jpeg(900, 500), "jddj");
    assert_eq!(pixels.dimensions(), (900, 900));
    assert!(steps.contains(&StepCode::Padded) && !steps.contains(&StepCode::Enlarged));
}

#[test]
fn squares_are_padded_or_cut() {
    let wide = photo_jpeg(1000, 800);
    assert_eq!(judged(&wide, "eleme"), [("IMG02", Severity::Error)]);
    let (pixels, _) = repaired(&wide, "eleme");
    assert_eq!(pixels.dimensions(), (1000, 1000));
    assert!(near(*pixels.get_pixel(500, 20), [255; 3]));
    let cut = RepairOptions {
        squaring: Squaring::Crop,
        ..RepairOptions::default()
    };
    let done = repair(&wide, &profile("eleme"), cut).unwrap();
    assert_eq!((done.probe.width, done.probe.height), (800, 800));
    assert!(done.steps.iter().any(|s| s.code == StepCode::Cropped));
}

#[test]
fn the_byte_limit_is_exact() {
    let limit = 5 * 1024 * 1024;
    let base = photo_jpeg(800, 800);
    for (bytes, expected) in [(limit - 1, false), (limit, false), (limit + 1, true)] {
        let mut padded = base.clone();
        padded.resize(bytes, 0);
        let found = judged(&padded, "meituan_shangou");
        assert_eq!(found.contains(&("IMG04", Severity::Error)), expected, "{bytes}");
    }
}

#[test]
fn too_many_bytes_lower_the_quality_before_the_size() {
    // Noise is what a JPEG compresses worst.
    let mut state = 1_u32;
    let mut noise = |side: u32| {
        RgbImage::from_fn(side, side, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [a, b, c, _] = state.to_be_bytes();
            Rgb([a, b, c])
        })
    };
    let large = written(noise(1600), ImageFormat::Png);
    let (pixels, steps) = repaired(&large, "meituan_shangou");
    assert_eq!(
        pixels.dimensions(),
        (1600, 1600),
        "the long side stays: {steps:?}"
    );
    let done = repair(&large, &profile("doudian"), RepairOptions::default()).unwrap();
    assert!(done.bytes.len() <= 1024 * 1024 && done.probe.width >= 800 && done.probe.width < 1600);
    assert!(done.steps.iter().any(|s| s.code == StepCode::ScaledDown));
    let quality: u8 = done
        .steps
        .iter()
        .find_map(|s| s.params.get("quality"))
        .unwrap()
        .parse()
        .unwrap();
    assert!(quality >= 85);
}

#[test]
fn a_good_picture_is_left_alone() {
    let good = photo_jpeg(800, 800);
    for platform in rules().profiles() {
        let done = repair(&good, platform, RepairOptions::default()).unwrap();
        assert_eq!(done.bytes, good);
        assert!(!done.changed() && done.findings.is_empty() && done.extension == "jpg");
    }
}

#[test]
fn several_pictures_in_one_file_are_found_and_the_first_is_kept() {
    let mut gif = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut gif);
        for color in [[200, 0, 0, 255], [0, 200, 0, 255], [0, 0, 200, 255]] {
            let frame = image::RgbaImage::from_pixel(640, 640, image::Rgba(color));
            encoder.encode_frame(image::Frame::new(frame)).unwrap();
        }
    }
    let mut apng = Vec::new();
    {
        let mut encoder = png::Encoder::new(&mut apng, 640, 640);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_animated(2, 0).unwrap();
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&[200, 0, 0].repeat(640 * 640)).unwrap();
        writer.write_image_data(&[0, 200, 0].repeat(640 * 640)).unwrap();
    }
    for (bytes, frames) in [(gif, 3), (apng, 2)] {
        assert_eq!(probe(&bytes, None).frames, frames);
        assert!(judged(&bytes, "eleme").contains(&("IMG06", Severity::Error)));
        let (pixels, steps) = repaired(&bytes, "eleme");
        assert!(near(*pixels.get_pixel(320, 320), [200, 0, 0]));
        assert!(steps.contains(&StepCode::FirstFrame));
    }
}

#[test]
fn a_wrong_extension_is_a_warning_and_the_content_decides() {
    let webp = written(photo(800, 800), ImageFormat::WebP);
    let found = probe_deep(&webp, Some("main.jpg"));
    assert_eq!((found.format, found.ext_matches), (Format::Webp, Some(false)));
    let findings = check(&found, &profile("meituan_waimai"));
    assert_eq!(
        ids(&findings),
        [("IMG01", Severity::Error), ("IMG09", Severity::Warning)]
    );
    assert_eq!(findings[1].params["extension"], "webp");
    let (pixels, steps) = repaired(&webp, "meituan_waimai");
    assert_eq!(pixels.dimensions(), (800, 800));
    assert!(steps.contains(&StepCode::ConvertedFormat));
    assert_eq!(probe(&webp, Some("main")).ext_matches, Some(false));
    assert_eq!(probe(&webp, None).ext_matches, None);
}

#[test]
fn the_master_suits_every_platform() {
    let odd = written(
        DynamicImage::ImageRgb8(photo(1200, 500)).to_rgba16(),
        ImageFormat::Png,
    );
    let done = master(&odd, &rules(), RepairOptions::default()).unwrap();
    assert!(done.bytes.len() < 1_000_000 && done.probe.width == done.probe.height && done.probe.width >= 800);
    for platform in rules().profiles() {
        assert!(check(&done.probe, platform).is_empty(), "{}", platform.platform);
    }
}

#[test]
fn previews_are_small_and_upright() {
    let bytes = jpeg(600, 300, ColorType::Rgb, &photo(600, 300), Some(&exif(6, false)));
    let preview = thumbnail(&CheckedImage::new(&bytes).unwrap(), 120).unwrap();
    let found = probe_deep(&preview, None);
    assert_eq!((found.width, found.height, found.orientation), (60, 120, None));
    let tiny = photo_jpeg(10, 10);
    let preview = thumbnail(&CheckedImage::new(&tiny).unwrap(), 120).unwrap();
    assert_eq!(probe(&preview, None).width, 10);
}
