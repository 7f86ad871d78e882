//! Wrong usage, refused input, and two programs on one folder.

use crate::kit::{Desk, finish, program};
use storage::db::{Access, Db};

#[test]
fn wrong_usage_exits_2() {
    for words in [
        &["no-such-command"][..],
        &["library", "import"],
        &["exceptions", "repush"],
        &["orders", "list", "--view", "no-such-view"],
        &["simulator", "serve", "--library", "a.csv", "--scenario", "b.toml"],
    ] {
        let mut command = program();
        command.args(words);
        assert_eq!(finish(command, "").code, 2, "{words:?}");
    }
}

#[test]
fn refused_input_exits_2_with_a_code_and_a_sentence() {
    let desk = Desk::new();
    let ran = desk.run(&["library", "list"]);
    assert_eq!(
        (ran.code, ran.json()["error"]["code"].as_str()),
        (2, Some("no_data"))
    );
    assert!(!ran.err.trim().is_empty());

    let damaged = desk.file("damaged.xlsx", b"PK\x03\x04 this is no workbook");
    let ran = desk.run(&["library", "import", &damaged]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.json()["error"]["message"].is_string());
    assert_eq!(desk.run(&["pull", "7"]).json()["error"]["code"], "not_found");
}

#[test]
fn a_second_writer_is_refused_by_the_holders_name_and_reading_works() {
    let desk = Desk::new();
    let sheet = desk.file("a.csv", "商品名称,条码\n可乐,6901234567892\n");
    assert_eq!(desk.run(&["library", "import", &sheet]).code, 0);

    let window = Db::open(&desk.data(), Access::Write, "guitai-window").unwrap();
    let ran = desk.run(&["library", "import", &sheet]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("guitai-window"), "{}", ran.err);
    assert_eq!(ran.json()["error"]["code"], "in_use");
    let listed = desk.run(&["library", "list"]);
    assert_eq!((listed.code, listed.json()["total"].as_i64()), (0, Some(1)));
    drop(window);
    assert_eq!(desk.run(&["library", "import", &sheet]).code, 0);
}

#[test]
fn the_folder_may_be_named_by_the_environment() {
    let desk = Desk::new();
    let mut command = program();
    command
        .env("GUITAI_DATA_DIR", desk.at("elsewhere"))
        .args(["--json", "library", "import"]);
    command.arg(desk.file("a.csv", "商品名称\n可乐\n"));
    assert_eq!(finish(command, "").code, 0);
    assert!(Db::file(&desk.at("elsewhere")).exists());
}
