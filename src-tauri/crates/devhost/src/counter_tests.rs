//! A counter on real files, without a network: no store is added, so nothing is called.

use super::{Counter, CounterOptions, Notice};
use serde_json::{Value, json};
use std::path::Path;
use storage::db::{Access, Db};

fn counter(folder: &Path) -> Counter {
    Counter::open(CounterOptions {
        folder: folder.to_owned(),
        program: "test",
        version: "0",
        rounds: false,
        browser: false,
        seed: 1,
    })
}

async fn refused(counter: &Counter, name: &str, payload: Value) -> String {
    counter.dispatch(name, payload).await.unwrap_err().code
}

#[tokio::test]
async fn a_command_that_is_unknown_or_misshapen_is_refused_by_code() {
    let folder = tempfile::tempdir().unwrap();
    let counter = counter(folder.path());
    assert_eq!(refused(&counter, "no_such", json!({})).await, "unknown_command");
    let canary = counter
        .dispatch("account_add", json!({ "credentials": "canary-3" }))
        .await
        .unwrap_err();
    assert_eq!(canary.code, "wrong_payload");
    assert!(!format!("{canary:?}").contains("canary"), "{canary:?}");
    let large = vec![b' '; api::router::PAYLOAD_LIMIT + 1];
    let api = counter.api().unwrap();
    let error = api::router::dispatch_text(&api, "app_status", &large)
        .await
        .unwrap_err();
    assert_eq!(error.code, "payload_too_large");
    let status = counter.dispatch("app_status", json!({})).await.unwrap();
    assert_eq!(status["can_write"], json!(true));
}

#[tokio::test]
async fn a_backup_comes_back_while_the_program_runs_and_the_pages_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let counter = counter(folder.path());
    let before = json!({ "values": { "lang": "en" } });
    counter.dispatch("settings_set", before).await.unwrap();
    let backup = counter.dispatch("backup_create", json!({})).await.unwrap();
    let after = json!({ "values": { "lang": "zh-CN" } });
    counter.dispatch("settings_set", after).await.unwrap();
    let mut notices = counter.notices();
    counter
        .dispatch("backup_restore", json!({ "path": backup["path"] }))
        .await
        .unwrap();
    loop {
        if matches!(notices.recv().await.unwrap(), Notice::Reloaded) {
            break;
        }
    }
    let settings = counter.dispatch("settings_get", json!({})).await.unwrap();
    assert_eq!(settings["values"]["lang"], json!("en"));
    let kept = counter.dispatch("backups_list", json!({})).await.unwrap();
    let kept = kept["backups"].as_array().unwrap();
    assert!(
        kept.iter()
            .any(|one| one["name"].as_str().unwrap().starts_with("before-restore-"))
    );
}

#[tokio::test]
async fn a_backup_that_is_no_database_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let counter = counter(folder.path());
    let bad = folder.path().join("bad.sqlite");
    std::fs::write(&bad, vec![7_u8; 4096]).unwrap();
    assert_eq!(
        refused(&counter, "backup_restore", json!({ "path": bad })).await,
        "file_damaged"
    );
    assert!(counter.dispatch("app_status", json!({})).await.is_ok());
}

#[tokio::test]
async fn damaged_data_leave_words_backups_and_diagnostics() {
    let folder = tempfile::tempdir().unwrap();
    let first = counter(folder.path());
    let backup = first.dispatch("backup_create", json!({})).await.unwrap();
    drop(first);
    std::fs::write(Db::file(folder.path()), vec![7_u8; 8192]).unwrap();
    let counter = counter(folder.path());
    assert_eq!(refused(&counter, "app_status", json!({})).await, "file_damaged");
    let words = counter
        .dispatch("messages_get", json!({ "lang": "en" }))
        .await
        .unwrap();
    assert!(words["words"]["error"]["file_damaged"]["title"].is_string());
    let target = folder.path().join("bundle.zip");
    let bundle = counter
        .dispatch("diagnostics_export", json!({ "path": target }))
        .await
        .unwrap();
    assert!(
        bundle["files"]
            .as_array()
            .unwrap()
            .contains(&json!("not_open.txt"))
    );
    counter
        .dispatch("backup_restore", json!({ "path": backup["path"] }))
        .await
        .unwrap();
    assert!(counter.dispatch("app_status", json!({})).await.is_ok());
}

#[tokio::test]
async fn a_second_copy_reads_only_and_names_the_holder() {
    let folder = tempfile::tempdir().unwrap();
    let held = Db::open(folder.path(), Access::Write, "柜台").unwrap();
    let second = counter(folder.path());
    let status = second.dispatch("app_status", json!({})).await.unwrap();
    assert_eq!(status["can_write"], json!(false));
    assert!(second.holder().unwrap().starts_with("柜台 (pid "));
    let write = json!({ "values": { "lang": "en" } });
    assert_eq!(refused(&second, "settings_set", write).await, "read_only");
    drop(held);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_shop_opens_from_a_page_and_anew_from_within_itself() {
    let folder = tempfile::tempdir().unwrap();
    let counter = counter(folder.path());
    for _ in 0..2 {
        counter.dispatch("demo_open", json!({})).await.unwrap();
        let status = counter.dispatch("app_status", json!({})).await.unwrap();
        assert_eq!(status["demo"], json!(true), "{status}");
        assert_eq!(status["can_write"], json!(true), "{status}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_demo_shop_still_holds_the_data_above_it() {
    let folder = tempfile::tempdir().unwrap();
    let first = counter(folder.path());
    for _ in 0..2 {
        first.dispatch("demo_open", json!({})).await.unwrap();
        let second = counter(folder.path());
        let status = second.dispatch("app_status", json!({})).await.unwrap();
        assert_eq!(status["can_write"], json!(false));
        assert!(second.holder().unwrap().starts_with("test (pid "));
        let write = json!({ "values": { "lang": "en" } });
        assert_eq!(refused(&second, "settings_set", write).await, "read_only");
    }
    drop(first);
}
