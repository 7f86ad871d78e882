//! Sheets in and out.

use crate::kit::{Desk, text};

const SHEET: &str = "商品名称,规格名称,商品编码,规格编码,分类,单位,售价\n\
    可乐,330ml,000123,06901234567892,饮料>碳酸,罐,3.50\n\
    雪碧,500ml,000124,6901234567892,饮料>碳酸,瓶,4\n";

#[test]
fn an_import_keeps_leading_zeros_and_the_second_time_changes_nothing() {
    let desk = Desk::new();
    let sheet = desk.file("library.csv", SHEET);
    let looked = desk.run(&["library", "import", &sheet, "--dry-run"]).json();
    assert_eq!(
        (&looked["created"], &looked["batch"]),
        (&2.into(), &serde_json::Value::Null)
    );

    let first = desk.run(&["library", "import", &sheet]);
    assert_eq!(first.code, 0, "{}", first.err);
    let first = first.json();
    for (field, count) in [("rows", 2), ("created", 2), ("updated", 0), ("unchanged", 0)] {
        assert_eq!(first[field], count, "{field}");
    }
    assert_eq!(first["rejected"].as_array().unwrap().len(), 0);

    let second = desk.run(&["library", "import", &sheet]).json();
    assert_eq!(
        (&second["unchanged"], &second["created"], &second["updated"]),
        (&2.into(), &0.into(), &0.into())
    );

    let listed = desk.run(&["library", "list", "--search", "可乐"]).json();
    assert_eq!(listed["total"], 1);
    let product = &listed["products"][0];
    assert_eq!(product["name"], "可乐");
    assert_eq!(product["category"], "饮料>碳酸");
    let sku = &product["skus"][0];
    assert_eq!(sku["item_code"], "000123");
    assert_eq!(sku["barcode"], "06901234567892");
    assert_eq!((&sku["price_fen"], &sku["unit"]), (&350.into(), &"罐".into()));
    for field in ["id", "spec_name", "stock"] {
        assert!(sku.get(field).is_some(), "{field}");
    }
}

#[test]
fn pages_do_not_overlap_and_the_total_stays() {
    let desk = Desk::new();
    let sheet = desk.file("library.csv", SHEET);
    desk.run(&["library", "import", &sheet]);
    let first = desk.run(&["library", "list", "--limit", "1"]).json();
    let second = desk
        .run(&["library", "list", "--limit", "1", "--offset", "1"])
        .json();
    assert_eq!((&first["total"], &second["total"]), (&2.into(), &2.into()));
    assert_ne!(first["products"][0]["id"], second["products"][0]["id"]);
}

#[test]
fn a_row_that_was_not_taken_exits_1_and_says_which() {
    let desk = Desk::new();
    let sheet = desk.file("library.csv", "商品名称,商品编码,售价\n可乐,A1,面议\n雪碧,A2,3\n");
    let ran = desk.run(&["library", "import", &sheet]);
    assert_eq!(ran.code, 1);
    let rejected = ran.json()["rejected"][0].clone();
    assert_eq!(
        (&rejected["row"], &rejected["reason"], &rejected["value"]),
        (&2.into(), &"not_an_amount".into(), &"面议".into())
    );
    assert_eq!(rejected["column"], "售价");
}

#[test]
fn an_import_can_be_undone_and_stands_in_the_history() {
    let desk = Desk::new();
    let sheet = desk.file("library.csv", SHEET);
    let batch = desk.run(&["library", "import", &sheet]).json()["batch"].clone();
    let undone = desk.run(&["library", "undo"]).json();
    assert_eq!(undone["undone"], batch);
    assert_eq!(desk.run(&["library", "list"]).json()["total"], 0);
    let history = desk.run(&["library", "history"]).json();
    assert_eq!(history["batches"].as_array().unwrap().len(), 2);
    assert!(desk.run(&["library", "undo", "9999"]).code == 2);
}

#[test]
fn an_export_reads_back_unchanged() {
    let desk = Desk::new();
    desk.run(&["library", "import", &desk.file("library.csv", SHEET)]);
    let out = text(&desk.at("out.xlsx"));
    assert_eq!(desk.run(&["library", "export", &out]).json()["rows"], 2);
    let again = desk.run(&["library", "import", &out]).json();
    assert_eq!((&again["unchanged"], &again["updated"]), (&2.into(), &0.into()));
    assert_eq!(
        desk.run(&["library", "export", &text(&desk.at("out.pdf"))]).code,
        2
    );
}

#[test]
fn a_backup_brings_back_what_was_there() {
    let desk = Desk::new();
    desk.run(&["library", "import", &desk.file("library.csv", SHEET)]);
    let made = desk.run(&["backup", "create"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let path = made.json()["path"].as_str().unwrap().to_owned();
    assert_eq!(desk.run(&["backup", "verify", &path]).json()["products"], 2);
    desk.run(&["library", "undo"]);
    assert_eq!(desk.run(&["library", "list"]).json()["total"], 0);
    assert_eq!(desk.run(&["backup", "restore", &path]).code, 0);
    assert_eq!(desk.run(&["library", "list"]).json()["total"], 2);
}
