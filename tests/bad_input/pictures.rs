//! Pictures that would fill the machine's memory, and files that only look like pictures.

use crate::kit::{Desk, assert_bounded, png, png_of};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use suites::page::memory_now;

/// Adding a picture to a product is refused with this code; what the reader is told of it.
async fn refuses(desk: &Desk, path: &Path, code: &str) {
    let before = desk.goods();
    let product = desk.page.done("library_list", json!({ "limit": 1 })).await["products"][0]["id"].clone();
    let held = memory_now();
    let report = desk
        .page
        .done("pictures_add", json!({ "product": product, "paths": [path] }))
        .await;
    assert_bounded(held, path);
    let failed = &report["failed"][0];
    assert_eq!(
        (&report["added"], &failed["words"]["code"]),
        (&json!(0), &json!(code)),
        "{report}"
    );
    let params: BTreeMap<String, String> = serde_json::from_value(failed["words"]["params"].clone()).unwrap();
    let told = api::words::words("zh-CN").sentence(code, &params);
    assert!(told != code && !told.contains(['{', '}']), "{told}");
    assert_eq!(desk.goods(), before, "{}", path.display());
    // Nothing of it stays on the shelf either.
    let shelf = desk.counter.folder.path().join("pictures");
    assert!(!shelf.exists() || std::fs::read_dir(shelf).unwrap().next().is_none());
}

#[tokio::test]
async fn a_picture_of_400_megapixels_is_refused_before_it_is_decoded() {
    let desk = Desk::open().await;
    // 20,000 × 20,000 at one bit: 50 MB unpacked, 400 MB or more decoded, a few kilobytes as a file.
    let path = desk.file("huge.png", png(20_000, 20_000, 1, 0, 2_500));
    assert!(path.metadata().unwrap().len() < 4 << 20);
    refuses(&desk, &path, "picture.IMG07").await;
}

#[tokio::test]
async fn heads_that_promise_more_than_a_machine_has_are_refused_by_the_head() {
    let desk = Desk::open().await;
    for (name, width, height, kind) in [
        ("rgba.png", 30_000, 30_000, 6),
        ("rgb.png", 12_000, 12_000, 2),
        ("billion.png", 1_000_000_000, 1_000_000_000, 2),
        ("line.png", 2_000_000_000, 1, 2),
        ("none.png", 0, 0, 2),
    ] {
        let path = desk.file(
            name,
            png_of(width, height, 8, kind, b"\x78\x9c\x63\0\0\0\x01\0\x01"),
        );
        let code = if width == 0 {
            "picture.IMG01"
        } else {
            "picture.IMG07"
        };
        refuses(&desk, &path, code).await;
    }
}

#[tokio::test]
async fn what_is_no_picture_is_named_and_not_shelved() {
    let desk = Desk::open().await;
    let cases: [(&str, &[u8]); 4] = [
        ("page.jpg", b"<!DOCTYPE html><html><body>404</body></html>"),
        ("cut.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF"),
        ("empty.png", b""),
        ("heic.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
    ];
    for (name, bytes) in cases {
        refuses(&desk, &desk.file(name, bytes), "picture.IMG01").await;
    }
    let folder: Value = desk.page.done("library_list", json!({ "limit": 1 })).await;
    assert!(folder["total"].as_i64().unwrap() > 0);
}
