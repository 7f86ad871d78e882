//! The disk is full in the middle of an import.

use crate::kit::{Desk, Part, product_sheet, products, workbook};
use serde_json::json;

/// Sets how many pages the file may grow to: what a full disk does to it.
fn allow_pages(desk: &Desk, pages: i64) -> i64 {
    desk.counter
        .engine()
        .db()
        .write(|tx| {
            let held: i64 = tx.query_row("PRAGMA page_count", [], |row| row.get(0))?;
            let pages = if pages == 0 { held + 40 } else { pages };
            tx.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
            Ok::<_, storage::error::StorageError>(held)
        })
        .unwrap()
}

fn integrity(desk: &Desk) -> String {
    let checked = desk
        .counter
        .engine()
        .db()
        .read(|c| Ok(c.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0))?));
    checked.unwrap()
}

#[tokio::test]
async fn a_full_disk_stops_an_import_without_losing_anything_and_it_goes_on_when_there_is_room() {
    let desk = Desk::open().await;
    let path = desk.file(
        "many.xlsx",
        workbook(Part::text("xl/worksheets/sheet1.xml", &product_sheet(3_000))),
    );
    let had = products(&desk.page).await;
    let orders = desk.counter.order(sim::PlatformId::Ebai, &[0]);
    desk.counter.round().await;
    allow_pages(&desk, 0);

    let told = desk
        .page
        .refused("import_run", json!({ "path": path, "columns": {} }))
        .await;
    assert_eq!(told.error.code, "disk_full", "{}", told.error);
    assert!(
        told.what.contains("磁盘满了") && told.advice.contains("腾出空间"),
        "{told:?}"
    );
    assert_eq!(integrity(&desk), "ok");
    let kept = products(&desk.page).await;
    assert!(kept >= had && kept < had + 3_000, "{kept} of {}", had + 3_000);
    assert_eq!(kept % 1_000, had % 1_000, "whole steps only");
    assert_eq!(desk.counter.documents(&orders), 1, "what was there is there");

    // Everything else goes on meanwhile: reading, and the import again says the same.
    desk.page.done("workbench_get", json!({})).await;
    let again = desk
        .page
        .refused("import_run", json!({ "path": path, "columns": {} }))
        .await;
    assert_eq!(again.error.code, "disk_full");

    allow_pages(&desk, 1_000_000);
    let report = desk
        .page
        .done("import_run", json!({ "path": path, "columns": {} }))
        .await;
    let done = ["created", "updated", "unchanged"].map(|key| report[key].as_i64().unwrap());
    assert_eq!(done.iter().sum::<i64>(), 3_000, "{report}");
    assert_eq!(done[0], had + 3_000 - kept, "only what was missing");
    assert_eq!(products(&desk.page).await, had + 3_000);
    assert_eq!(integrity(&desk), "ok");
    let third = desk
        .page
        .done("import_run", json!({ "path": path, "columns": {} }))
        .await;
    assert_eq!(
        third["unchanged"], 3_000,
        "and the same file again changes nothing"
    );
}
