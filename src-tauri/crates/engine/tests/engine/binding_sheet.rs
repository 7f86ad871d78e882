//! Bindings out into a sheet and in again.

use crate::kit::{Kit, MT, SHOP};
use std::path::PathBuf;

const APPLE: (&str, &str, &str) = ("示例苹果", "1022311150004734", "6901234567892");
const BANANA: (&str, &str, &str) = ("示例香蕉", "1022311150004736", "6901234567885");

fn sheet(kit: &Kit, rows: &[&str]) -> PathBuf {
    let path = kit.folder.path().join("绑定.csv");
    let head = "平台,门店ID,第三方SKU编码,平台商品名称,商品编码,规格编码";
    std::fs::write(&path, format!("{head}\n{}\n", rows.join("\n"))).unwrap();
    path
}

#[tokio::test(start_paused = true)]
async fn what_is_written_comes_back_as_one_batch() {
    for extension in ["xlsx", "csv"] {
        let kit = Kit::new(MT).await;
        let (apple, _) = kit.bound(APPLE.0, APPLE.1, APPLE.2, 990);
        let (banana, _) = kit.bound(BANANA.0, BANANA.1, BANANA.2, 590);
        let path = kit.folder.path().join(format!("绑定.{extension}"));
        assert_eq!(kit.engine.export_bindings(&path, &[]).await.unwrap(), 2);
        let same = kit.engine.preview_bindings(&path).await.unwrap();
        assert_eq!((same.rows, same.bound, same.unchanged), (2, 0, 2), "{same:?}");
        let rows = [kit.listed(APPLE.0).id, kit.listed(BANANA.0).id];
        kit.engine.unbind(&rows).unwrap();
        let preview = kit.engine.preview_bindings(&path).await.unwrap();
        assert_eq!((preview.bound, preview.batch), (2, None), "{preview:?}");
        assert_eq!(kit.listed(APPLE.0).bound_to, None, "a preview writes nothing");
        let done = kit.engine.import_bindings(&path).await.unwrap();
        assert_eq!((done.bound, done.rejected.len()), (2, 0), "{done:?}");
        assert_eq!(kit.listed(APPLE.0).bound_to, Some(apple));
        assert_eq!(kit.listed(BANANA.0).bound_to, Some(banana));
        kit.engine.undo(done.batch).unwrap();
        assert_eq!(kit.listed(BANANA.0).bound_to, None);
    }
}

#[tokio::test(start_paused = true)]
async fn each_row_that_does_not_fit_says_why_and_the_rest_is_bound() {
    let kit = Kit::new(MT).await;
    let (apple, _) = kit.bound(APPLE.0, APPLE.1, APPLE.2, 990);
    kit.product(BANANA.0, BANANA.1, BANANA.2, 590);
    let ours = |store: &str, outer: &str, name: &str, item: &str, barcode: &str| {
        format!("meituan_shangou,{store},{outer},{name},{item},{barcode}")
    };
    let rows = [
        ours("404", APPLE.1, APPLE.0, APPLE.1, ""),
        ours(SHOP, "", "没有这个", APPLE.1, ""),
        ours(SHOP, BANANA.1, "", "999", ""),
        ours(SHOP, BANANA.1, "", "", ""),
        ours(SHOP, BANANA.1, BANANA.0, APPLE.1, ""),
        ours(SHOP, "", BANANA.0, BANANA.1, BANANA.2),
        ours(SHOP, BANANA.1, "改过的名字", BANANA.1, ""),
        ours(SHOP, APPLE.1, APPLE.0, APPLE.1, APPLE.2),
    ];
    let path = sheet(&kit, &rows.each_ref().map(String::as_str));
    let done = kit.engine.import_bindings(&path).await.unwrap();
    let told: Vec<(u32, &str)> = done.rejected.iter().map(|no| (no.row, no.fault.name())).collect();
    assert_eq!(
        told,
        [
            (2, "no_store"),
            (3, "no_listing"),
            (4, "no_product"),
            (5, "no_code"),
            (6, "taken"),
            (8, "twice")
        ]
    );
    assert_eq!((done.rows, done.bound, done.unchanged), (8, 1, 1));
    assert_eq!(kit.listed(APPLE.0).bound_to, Some(apple));
    assert!(kit.listed(BANANA.0).bound_to.is_some());
}

#[tokio::test(start_paused = true)]
async fn another_sheet_is_refused_by_its_columns() {
    let kit = Kit::new(MT).await;
    let path = kit.folder.path().join("商品.csv");
    std::fs::write(&path, "商品名称,售价\n苹果,9.9\n").unwrap();
    let refused = kit.engine.preview_bindings(&path).await.unwrap_err();
    assert_eq!(refused.code(), "bindings_columns");
}
