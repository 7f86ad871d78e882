//! Picture files.

use crate::kit::{Desk, text};
use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

#[test]
fn a_plain_square_picture_is_ok_and_a_grey_one_is_not_until_it_is_fixed() {
    let desk = Desk::new();
    let (good, bad) = (desk.at("good.jpg"), desk.at("bad.png"));
    RgbImage::from_pixel(900, 900, Rgb([200, 30, 30]))
        .save_with_format(&good, ImageFormat::Jpeg)
        .unwrap();
    RgbaImage::from_pixel(900, 900, Rgba([200, 30, 30, 90]))
        .save_with_format(&bad, ImageFormat::Png)
        .unwrap();

    let ran = desk.run(&["images", "check", &text(&good), "--platform", "meituan_shangou"]);
    let row = ran.json()[0].clone();
    assert_eq!((ran.code, &row["ok"]), (0, &true.into()));
    assert_eq!(
        (&row["format"], &row["width"], &row["color"]),
        (&"JPEG".into(), &900.into(), &"rgb".into())
    );

    let ran = desk.run(&[
        "images",
        "check",
        &text(&good),
        &text(&bad),
        "--platform",
        "meituan_shangou",
    ]);
    let row = ran.json()[1].clone();
    assert_eq!((ran.code, &row["ok"]), (1, &false.into()));
    let finding = &row["findings"][0];
    assert_eq!(
        (&finding["id"], &finding["severity"]),
        (&"IMG05".into(), &"error".into())
    );
    assert!(!finding["message"].as_str().unwrap().contains('{'), "{finding}");

    let out = text(&desk.at("fixed"));
    let ran = desk.run(&[
        "images",
        "fix",
        &text(&bad),
        "--platform",
        "meituan_shangou",
        "--out",
        &out,
    ]);
    let row = ran.json()[0].clone();
    assert_eq!((ran.code, &row["ok"]), (0, &true.into()), "{row}");
    let written = row["written"].as_str().unwrap();
    assert_eq!(
        desk.run(&["images", "check", written, "--platform", "meituan_shangou"])
            .code,
        0
    );
}

#[test]
fn what_is_no_picture_is_told_and_a_platform_nobody_knows_is_refused() {
    let desk = Desk::new();
    let page = desk.file("page.jpg", "<html><body>404</body></html>");
    let ran = desk.run(&["images", "check", &page, "--platform", "ebai"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.json()[0]["findings"][0]["id"], "IMG01");
    let ran = desk.run(&[
        "images",
        "fix",
        &page,
        "--platform",
        "ebai",
        "--out",
        &text(&desk.at("out")),
    ]);
    assert_eq!(ran.code, 1);
    assert!(ran.json()[0]["written"].is_null() && ran.json()[0]["error"].is_string());
    assert_eq!(
        desk.run(&["images", "check", &page, "--platform", "nobody"]).code,
        2
    );
    assert_eq!(
        desk.run(&[
            "images",
            "check",
            &text(&desk.at("none.jpg")),
            "--platform",
            "ebai"
        ])
        .code,
        2
    );
}
