//! Who may open what.

use crate::support::{folder, names, open, product};
use storage::db::{Access, Db, SCHEMA};
use storage::error::StorageError;

#[test]
fn a_new_folder_gets_the_newest_schema_and_the_safe_settings() {
    let folder = folder();
    let db = open(&folder);
    let ask = |what: &str| -> String {
        let sql = format!("PRAGMA {what}");
        db.write(|tx| {
            Ok::<_, StorageError>(tx.query_row(&sql, [], |row| row.get::<_, rusqlite::types::Value>(0))?)
        })
        .map(|value| match value {
            rusqlite::types::Value::Integer(number) => number.to_string(),
            rusqlite::types::Value::Text(text) => text,
            other => format!("{other:?}"),
        })
        .unwrap()
    };
    assert_eq!(ask("user_version"), SCHEMA.to_string());
    assert_eq!(ask("journal_mode"), "wal");
    assert_eq!(
        ask("synchronous"),
        "2",
        "FULL: an acknowledged order survives a power cut"
    );
    assert_eq!(ask("foreign_keys"), "1");
}

#[test]
fn a_second_writer_is_told_who_holds_the_folder_and_readers_still_read() {
    let folder = folder();
    let db = open(&folder);
    product(&db, "纯牛奶", "1");
    match Db::open(folder.path(), Access::Write, "second") {
        Err(StorageError::InUse { holder }) => {
            assert!(
                holder.contains("test") && holder.contains(&std::process::id().to_string()),
                "{holder}"
            );
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("two writers"),
    }
    let reader = Db::open(folder.path(), Access::Read, "reader").unwrap();
    assert_eq!(names(&reader), ["纯牛奶"]);
    let refused = reader.write(|_| Ok::<_, StorageError>(()));
    assert!(matches!(
        refused,
        Err(StorageError::Conflict { what: "read_only" })
    ));
    drop(db);
    open(&folder);
}

#[test]
fn a_file_of_a_newer_version_is_refused_and_not_touched() {
    let folder = folder();
    drop(open(&folder));
    let file = Db::file(folder.path());
    let raw = rusqlite::Connection::open(&file).unwrap();
    raw.pragma_update(None, "journal_mode", "DELETE").unwrap();
    raw.pragma_update(None, "user_version", SCHEMA + 1).unwrap();
    drop(raw);
    let before = std::fs::read(&file).unwrap();
    for access in [Access::Write, Access::Read] {
        match Db::open(folder.path(), access, "test") {
            Err(StorageError::Newer { found, known }) => assert_eq!((found, known), (SCHEMA + 1, SCHEMA)),
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("opened"),
        }
    }
    let tables = |bytes: &[u8]| {
        let copy = folder.path().join("copy.sqlite");
        std::fs::write(&copy, bytes).unwrap();
        let raw = rusqlite::Connection::open(&copy).unwrap();
        let mut all = raw
            .prepare("SELECT sql FROM sqlite_schema ORDER BY name")
            .unwrap();
        let rows = all.query_map([], |row| row.get::<_, Option<String>>(0)).unwrap();
        rows.map(Result::unwrap).collect::<Vec<_>>()
    };
    assert_eq!(tables(&std::fs::read(&file).unwrap()), tables(&before));
}

#[test]
fn what_is_no_database_is_called_damaged_and_an_empty_folder_has_no_data() {
    let folder = folder();
    assert!(matches!(
        Db::open(folder.path(), Access::Read, "test"),
        Err(StorageError::NoData)
    ));
    std::fs::write(
        Db::file(folder.path()),
        b"this is no database, only a text of some length, whatever its name",
    )
    .unwrap();
    assert!(matches!(
        Db::open(folder.path(), Access::Write, "test"),
        Err(StorageError::Damaged(_))
    ));
}
