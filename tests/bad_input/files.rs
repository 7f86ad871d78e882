//! Data from a newer version, damaged data, and a second copy of the app.

use engine::error::EngineError;
use rusqlite::Connection;
use sim::world::OrderMode;
use std::path::Path;
use storage::db::{Access, Db};
use storage::error::StorageError;
use suites::Counter;
use suites::page::{Told, rows_of};
use suites::program::{finish, guitai_cli, on};

/// A closed data folder with goods in it.
async fn closed() -> Counter {
    let mut counter = Counter::open(OrderMode::Lookup, 7).await;
    counter.crash();
    counter
}

fn told(error: StorageError) -> Told {
    Told::of(EngineError::from(error).into())
}

fn refused(folder: &Path, access: Access) -> StorageError {
    match Db::open(folder, access, "second") {
        Ok(_) => panic!("it opened"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn data_of_a_newer_version_are_refused_and_not_a_byte_of_them_changes() {
    for journal in ["wal", "delete"] {
        let counter = closed().await;
        let folder = counter.folder.path();
        let file = Db::file(folder);
        let newer = Connection::open(&file).unwrap();
        newer.pragma_update(None, "journal_mode", journal).unwrap();
        newer.pragma_update(None, "user_version", 999).unwrap();
        drop(newer);
        let before = std::fs::read(&file).unwrap();
        for access in [Access::Write, Access::Read] {
            let told = told(refused(folder, access));
            assert_eq!(told.error.code, "file_newer");
            assert!(
                told.what.contains("999") && told.advice.contains("新版"),
                "{told:?}"
            );
        }
        if let Some(program) = guitai_cli("files::data_of_a_newer_version_are_refused") {
            for words in [&["library", "list"][..], &["library", "undo"], &["stock", "push"]] {
                let ran = finish(on(&program, folder, words), "", |_| {});
                assert_eq!(ran.code, Some(2), "{}", ran.told());
                assert_eq!(ran.json()["error"]["code"], "file_newer");
                assert!(ran.told().contains("新版"), "{}", ran.told());
            }
        }
        assert!(
            std::fs::read(&file).unwrap() == before,
            "{journal}: the file was touched"
        );
    }
}

#[tokio::test]
async fn a_damaged_file_is_refused_with_the_way_to_the_backups() {
    let counter = closed().await;
    let folder = counter.folder.path();
    let file = Db::file(folder);
    let good = std::fs::read(&file).unwrap();
    for bytes in [vec![0x5a; 8192], [&b"not a database"[..], &good[14..]].concat()] {
        std::fs::write(&file, &bytes).unwrap();
        let told = told(refused(folder, Access::Write));
        assert_eq!(told.error.code, "file_damaged", "{}", told.error);
        assert!(told.advice.contains("备份"), "{told:?}");
        assert!(std::fs::read(&file).unwrap() == bytes, "left for rescue");
    }
}

#[tokio::test]
async fn a_second_copy_of_the_app_is_told_who_writes_and_may_read() {
    let counter = Counter::open(OrderMode::Lookup, 7).await;
    let folder = counter.folder.path();
    let before = rows_of(counter.engine(), &["product", "sku", "binding"]);
    let told = told(refused(folder, Access::Write));
    assert_eq!(told.error.code, "in_use");
    assert!(told.what.contains("suites (pid"), "{told:?}");
    let second = Db::open(folder, Access::Read, "second").unwrap();
    let skus = second.read(|c| Ok(c.query_row("SELECT count(*) FROM sku", [], |row| row.get::<_, i64>(0))?));
    assert_eq!(skus.unwrap(), 5);
    let wrote = second.write(|tx| Ok::<_, StorageError>(tx.execute("DELETE FROM product", [])?));
    assert!(matches!(wrote, Err(StorageError::Conflict { what: "read_only" })));
    if let Some(program) = guitai_cli("files::a_second_copy_of_the_app") {
        let ran = finish(on(&program, folder, &["library", "undo"]), "", |_| {});
        assert_eq!(
            (ran.code, ran.json()["error"]["code"].as_str()),
            (Some(2), Some("in_use"))
        );
        assert!(ran.told().contains("suites (pid"), "{}", ran.told());
        assert_eq!(
            finish(on(&program, folder, &["library", "list"]), "", |_| {}).code,
            Some(0)
        );
    }
    assert_eq!(rows_of(counter.engine(), &["product", "sku", "binding"]), before);
}
