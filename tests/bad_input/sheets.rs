//! Damaged workbooks, and those that unpack to more than a machine has.

use crate::kit::{
    Desk, Part, archive, assert_bounded, cell, frame, product_sheet, products, strings_open, workbook,
    workbook_of_strings, worksheet,
};
use serde_json::json;
use std::ops::ControlFlow;
use std::path::Path;
use suites::page::memory_now;

const SHEET: &str = "xl/worksheets/sheet1.xml";
const STRINGS: &str = "xl/sharedStrings.xml";
/// Small parts (workbook, relations, styles) and one window of the part at fault.
const FEW_BYTES: u64 = 1 << 20;

/// Bytes inflated by reading all of a file, as far as it reads.
fn inflated(path: &Path) -> u64 {
    let Ok(mut book) = sheets::Workbook::open(path) else {
        // Refused by its directory alone.
        return 0;
    };
    let read = book.read(0, &mut |_| ControlFlow::Continue(()));
    drop(read);
    book.inflated_bytes()
}

#[tokio::test]
async fn a_damaged_workbook_is_named_damaged_and_changes_nothing() {
    let desk = Desk::open().await;
    let good = workbook(Part::text(SHEET, &product_sheet(400)));
    let mut hurt = good.clone();
    let middle = hurt.len() / 2;
    for byte in &mut hurt[middle..middle + 64] {
        *byte ^= 0x5a;
    }
    let wrong_sum = workbook(Part::text(SHEET, &product_sheet(400)).with_wrong_sum());
    let cases = [
        ("cut.xlsx", good[..good.len() / 2].to_vec()),
        ("nearly.xlsx", good[..good.len() - 8].to_vec()),
        ("hurt.xlsx", hurt),
        ("head.xlsx", b"PK\x03\x04 this is no workbook".to_vec()),
    ];
    for (name, bytes) in cases {
        let told = desk.refuses_sheet(&desk.file(name, bytes)).await;
        assert_eq!(told.error.code, "sheet_damaged", "{name}: {}", told.error);
        assert!(
            told.what.contains("损坏") && told.advice.contains("再导入"),
            "{told:?}"
        );
    }
    for (name, bytes) in [
        ("garbage.xlsx", vec![3; 4096]),
        (
            "page.xlsx",
            b"<!DOCTYPE html><html><body>404</body></html>".to_vec(),
        ),
        ("empty.xlsx", Vec::new()),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n0000000000".to_vec()),
    ] {
        let told = desk.refuses_sheet(&desk.file(name, bytes)).await;
        assert_eq!(
            told.error.code, "sheet_not_a_spreadsheet",
            "{name}: {}",
            told.error
        );
    }
    let gone = desk
        .page
        .refused(
            "import_run",
            json!({ "path": desk.at("gone.xlsx"), "columns": {} }),
        )
        .await;
    assert_eq!(gone.error.code, "file_unusable");
    assert!(gone.what.contains("gone.xlsx"));

    // A wrong checksum shows at the end of the part only: looking at the first rows cannot see it, importing must.
    let before = desk.goods();
    let path = desk.file("sum.xlsx", wrong_sum);
    for name in ["import_preview", "import_run"] {
        let told = desk
            .page
            .refused(name, json!({ "path": path, "columns": {} }))
            .await;
        assert_eq!(told.error.code, "sheet_damaged", "{}", told.error);
    }
    assert_eq!(desk.goods(), before);

    // The same sheet unhurt goes in.
    let had = products(&desk.page).await;
    let report = desk
        .page
        .done(
            "import_run",
            json!({ "path": desk.file("good.xlsx", good), "columns": {} }),
        )
        .await;
    assert_eq!(report["created"], 400);
    assert_eq!(products(&desk.page).await, had + 400);
}

#[tokio::test]
async fn a_workbook_that_unpacks_to_gigabytes_is_refused_by_its_directory() {
    let desk = Desk::open().await;
    let block = vec![b'a'; 1 << 20];
    let one_string = workbook_of_strings(Part::new(STRINGS, |out| {
        write!(out, "{}<si><t>", strings_open()).unwrap();
        for _ in 0..600 {
            out.write_all(&block).unwrap();
        }
        write!(out, "</t></si></sst>").unwrap();
    }));
    let many = "<si><t>a</t></si>".repeat(1 << 16);
    let many_strings = workbook_of_strings(Part::new(STRINGS, |out| {
        write!(out, "{}", strings_open()).unwrap();
        for _ in 0..520 {
            out.write_all(many.as_bytes()).unwrap();
        }
        write!(out, "</sst>").unwrap();
    }));
    let mut crowd = frame();
    crowd.extend((0..2_001).map(|at| Part::text(&format!("xl/media/{at}.bin"), "")));
    for (name, bytes) in [
        ("one.xlsx", one_string),
        ("many.xlsx", many_strings),
        ("crowd.xlsx", archive(&crowd)),
    ] {
        assert!(bytes.len() < 16 << 20, "{name}: small to look at");
        let path = desk.file(name, bytes);
        let told = desk.refuses_sheet(&path).await;
        assert_eq!(told.error.code, "sheet_bomb", "{name}: {}", told.error);
        assert!(told.advice.contains("重新导出"), "{told:?}");
        assert_eq!(inflated(&path), 0, "{name}: not a byte was inflated");
    }
}

#[tokio::test]
async fn a_directory_that_lies_is_caught_at_the_size_it_told() {
    let desk = Desk::open().await;
    let block = vec![b'a'; 1 << 20];
    let lying = Part::new(STRINGS, |out| {
        write!(out, "{}<si><t>", strings_open()).unwrap();
        for _ in 0..256 {
            out.write_all(&block).unwrap();
        }
        write!(out, "</t></si></sst>").unwrap();
    });
    let path = desk.file("liar.xlsx", workbook_of_strings(lying.claiming(4_000)));
    let told = desk.refuses_sheet(&path).await;
    assert!(
        ["sheet_bomb", "sheet_damaged"].contains(&told.error.code.as_str()),
        "{}",
        told.error
    );
    assert!(
        inflated(&path) < FEW_BYTES,
        "{} bytes were inflated",
        inflated(&path)
    );
}

#[tokio::test]
async fn far_corners_nesting_and_false_dimensions_cost_nothing() {
    let desk = Desk::open().await;
    let corners = format!(
        "<row r=\"1\">{}</row><row r=\"1048576\">{}</row>",
        cell("A1", "1"),
        cell("XFD1048576", "2")
    );
    let dimension = worksheet("").replace("<sheetData>", "<dimension ref=\"A1:XFD1048576\"/><sheetData>");
    let nested = format!("{}{}", "<a>".repeat(1_000_000), "</a>".repeat(1_000_000));
    let cases = [
        ("corners.xlsx", worksheet(&corners)),
        ("dimension.xlsx", dimension),
        ("nested.xlsx", worksheet(&nested)),
    ];
    for (name, sheet) in cases {
        let size = sheet.len() as u64;
        let path = desk.file(name, workbook(Part::text(SHEET, &sheet)));
        drop(sheet);
        let held = memory_now();
        // There are no goods in any of them; what matters is that nothing was laid out as a grid.
        let told = desk.refuses_sheet(&path).await;
        assert!(told.error.code.starts_with("sheet_"), "{name}: {}", told.error);
        assert_bounded(held, &path);
        assert!(inflated(&path) <= size + FEW_BYTES, "{name}");
    }
}

#[tokio::test]
async fn entities_that_multiply_are_not_expanded() {
    let desk = Desk::open().await;
    let mut laughs = String::from("<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a0 \"哈哈哈哈哈哈哈哈\">");
    for at in 1..10 {
        let before = format!("&a{};", at - 1).repeat(10);
        laughs += &["<!ENTITY a", &at.to_string(), " \"", &before, "\">"].concat();
    }
    laughs.push_str("]>");
    laughs.push_str(&worksheet(&format!(
        "<row r=\"1\">{}</row><row r=\"2\">{}</row>",
        cell("A1", "商品名称"),
        cell("A2", "&a9;")
    )));
    let path = desk.file("laughs.xlsx", workbook(Part::text(SHEET, &laughs)));
    let before = desk.goods();
    let held = memory_now();
    match desk
        .page
        .call("import_preview", &json!({ "path": path, "columns": {} }))
        .await
    {
        Err(error) => assert!(suites::page::Told::of(error).error.code.starts_with("sheet_")),
        Ok(preview) => assert!(preview.to_string().len() < 10_000, "{preview}"),
    }
    assert_bounded(held, &path);
    assert_eq!(desk.goods(), before);
}

#[tokio::test]
async fn more_texts_than_are_kept_are_refused_within_bounds() {
    let desk = Desk::open().await;
    // Hardly packable, so that the directory passes: only the count while reading can stop it.
    let mut state = 1_u64;
    let strings = Part::new(STRINGS, |out| {
        write!(out, "{}<si><t>", strings_open()).unwrap();
        let mut block = [0; 4096];
        for _ in 0..4096 {
            for byte in &mut block {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                *byte = b'a' + u8::try_from((state >> 33) % 26).unwrap();
            }
            out.write_all(&block).unwrap();
        }
        write!(out, "</t></si></sst>").unwrap();
    });
    let path = desk.file("long.xlsx", workbook_of_strings(strings));
    let told = desk.refuses_sheet(&path).await;
    assert_eq!(told.error.code, "sheet_text_too_long", "{}", told.error);
    assert!(
        inflated(&path) < 4 << 20,
        "stopped at the longest text, not at the end"
    );
}
