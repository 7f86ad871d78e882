//! Damaged, cut, lying and enormous files.

use image::ImageFormat;
use images::{
    Budget, CheckedImage, Defect, Format, Refused, RepairError, RepairOptions, Severity, check, probe,
    probe_deep, probe_deep_within, probe_file, repair,
};
use jpeg_encoder::ColorType;

use crate::pictures::{exif, ids, jpeg, judged, photo, photo_jpeg, profile, written};

#[test]
fn a_cut_picture_is_found_at_every_sixteenth() {
    let photo = photo(320, 240);
    let full = [
        photo_jpeg(320, 240),
        written(photo.clone(), ImageFormat::Png),
        written(photo.clone(), ImageFormat::WebP),
        written(photo.clone(), ImageFormat::Gif),
        written(photo.clone(), ImageFormat::Bmp),
        written(photo, ImageFormat::Tiff),
    ];
    for bytes in &full {
        assert_eq!(probe_deep(bytes, None).readable, Some(true));
        for sixteenth in 0..16 {
            let cut = &bytes[..bytes.len() * sixteenth / 16];
            let found = probe_deep(cut, None);
            assert_eq!(
                found.readable,
                Some(false),
                "{:?} at {sixteenth}/16",
                found.format
            );
            let findings = check(&found, &profile("taobao"));
            assert!(
                ids(&findings).contains(&("IMG01", Severity::Error)),
                "{findings:?}"
            );
            assert!(repair(cut, &profile("taobao"), RepairOptions::default()).is_err());
        }
    }
}

/// A PNG of 66 bytes whose head promises any size.
fn liar(width: u32, height: u32) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    out.extend(width.to_be_bytes());
    out.extend(height.to_be_bytes());
    out.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    out.extend(b"\0\0\0\x09IDAT\x78\x9c\x63\0\0\0\x01\0\x01\0\0\0\0\0\0\0\0");
    out.resize(66, 0);
    out
}

#[test]
fn bombs_are_refused_before_a_byte_is_granted() {
    let gif = |w: u16, h: u16| {
        [
            b"GIF89a".as_slice(),
            &w.to_le_bytes(),
            &h.to_le_bytes(),
            &[0, 0, 0],
        ]
        .concat()
    };
    let bombs = [
        (liar(30_000, 30_000), "pixels"),
        (liar(u32::MAX, u32::MAX), "pixels"),
        (liar(16_001, 1000), "side"),
        (liar(30_000, 20), "side"),
        (liar(2100, 100), "ratio"),
        (gif(65_535, 65_535), "pixels"),
    ];
    for (bytes, reason) in bombs {
        let mut budget = Budget::default();
        let found = probe_deep_within(&bytes, Some("a.png"), &mut budget);
        assert_eq!((budget.granted(), budget.decoders()), (0, 0));
        assert_eq!(
            (found.readable, found.defect),
            (Some(false), Some(Defect::TooLarge))
        );
        let findings = check(&found, &profile("ebai"));
        let seventh = findings.iter().find(|f| f.id == "IMG07").unwrap();
        assert_eq!(seventh.params["reason"], reason);
        assert!(
            !findings
                .iter()
                .any(|f| f.id == "IMG01" && found.format == Format::Png),
            "{findings:?}"
        );
        assert!(matches!(CheckedImage::new(&bytes), Err(Refused::TooLarge { .. })));
        assert!(matches!(
            repair(&bytes, &profile("ebai"), RepairOptions::default()),
            Err(RepairError::Refused(Refused::TooLarge { .. }))
        ));
    }
}

#[test]
fn a_liar_within_the_limits_is_damaged_not_a_panic() {
    let found = probe_deep(&liar(800, 800), None);
    assert_eq!((found.format, found.readable), (Format::Png, Some(false)));
    assert_eq!(judged(&liar(800, 800), "taobao")[0], ("IMG01", Severity::Error));
}

#[test]
fn a_decoder_gets_no_more_than_its_budget() {
    let bytes = written(photo(400, 400), ImageFormat::Png);
    let mut budget = Budget::new(400 * 400 * 3 - 1);
    let found = probe_deep_within(&bytes, None, &mut budget);
    assert_eq!((found.readable, budget.granted()), (Some(false), 0));
}

#[test]
fn what_is_no_picture_is_named() {
    let cases: [(&[u8], &str, Format, &str); 4] = [
        (b"", "a.jpg", Format::Empty, "empty"),
        (
            b"<!DOCTYPE html><html><body>404</body></html>",
            "a.jpg",
            Format::Html,
            "not_a_picture",
        ),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "a.svg",
            Format::Svg,
            "format",
        ),
        (b"\xFF\xD8\xFF\xE0", "a.jpg", Format::Jpeg, "header"),
    ];
    for (bytes, name, format, reason) in cases {
        let found = probe_deep(bytes, Some(name));
        assert_eq!((found.format, found.readable), (format, Some(false)));
        let findings = check(&found, &profile("jddj"));
        assert_eq!(
            (findings[0].id, findings[0].params["reason"].as_str()),
            ("IMG01", reason)
        );
        assert!(repair(bytes, &profile("jddj"), RepairOptions::default()).is_err());
    }
}

#[test]
fn files_that_are_no_files_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    assert!(probe_file(folder.path()).is_err());
    assert!(probe_file(&folder.path().join("missing.jpg")).is_err());
    let empty = folder.path().join("空.jpg");
    std::fs::write(&empty, b"").unwrap();
    assert_eq!(probe_file(&empty).unwrap().format, Format::Empty);
}

#[test]
fn damaged_bytes_anywhere_never_panic_the_probe() {
    let photo = photo(64, 48);
    let heif = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x40meta\0\0\0\0\0\0\0\x0epitm\0\0\0\0\0\x01\
        \0\0\0\x26iprp\0\0\0\x14ipco\0\0\0\x0cispe\0\0\0\x0aipma";
    let mut seeds = vec![
        jpeg(64, 48, ColorType::Rgb, &photo, Some(&exif(6, true))),
        heif.to_vec(),
        b"8BPS\0\x01\0\0\0\0\0\0\0\x03\0\0\0\x10\0\0\0\x10\0\x08\0\x03\0\0".to_vec(),
        b"\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0\0\0\0\0\x16\0\0\0".to_vec(),
        b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x1ejp2h\0\0\0\x16ihdr\0\0\0\x10\0\0\0\x10\0\x03\x07\x07\0\0"
            .to_vec(),
    ];
    for format in [
        ImageFormat::Png,
        ImageFormat::WebP,
        ImageFormat::Gif,
        ImageFormat::Bmp,
        ImageFormat::Tiff,
    ] {
        seeds.push(written(photo.clone(), format));
    }
    let jddj = profile("jddj");
    let mut state = 7_u32;
    let mut next = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    for (number, seed) in seeds.iter().enumerate() {
        for round in 0..3000 {
            let mut bytes = seed.clone();
            for _ in 0..=next(6) {
                // Mostly in the head, where the sizes and offsets are.
                let at = if round % 4 == 0 {
                    next(bytes.len())
                } else {
                    next(bytes.len().min(160))
                };
                bytes[at] = [0, 0xFF, 0x7F, 0x80, u8::try_from(next(256)).unwrap()][next(5)];
            }
            bytes.truncate(bytes.len() - next(bytes.len() / 4 + 1));
            let found = probe(&bytes, Some("a.jpg"));
            let _ = check(&found, &jddj);
            if round % 100 == 0 {
                let deep = probe_deep(&bytes, None);
                assert_eq!(
                    deep.readable == Some(true),
                    deep.defect.is_none(),
                    "seed {number}, round {round}"
                );
            }
        }
    }
}
