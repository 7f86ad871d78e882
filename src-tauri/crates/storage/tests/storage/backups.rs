//! Copies that were read back.

use crate::support::{folder, names, open, product};
use storage::backup;
use storage::db::{Access, Db, SCHEMA};
use storage::error::StorageError;

#[test]
fn a_backup_is_whole_and_restores_what_was_there() {
    let folder = folder();
    let db = open(&folder);
    product(&db, "纯牛奶", "1");
    let copy = folder.path().join("backups/one.sqlite");
    let made = backup::create(&db, &copy).unwrap();
    assert_eq!(
        (made.products, made.schema, made.path.as_path()),
        (1, SCHEMA, copy.as_path())
    );
    product(&db, "酸奶", "2");
    let busy = backup::restore(folder.path(), &copy, &folder.path().join("backups/now.sqlite"));
    assert!(
        matches!(busy, Err(StorageError::InUse { .. })),
        "not while somebody writes"
    );
    drop(db);
    let kept = folder.path().join("backups/now.sqlite");
    backup::restore(folder.path(), &copy, &kept).unwrap();
    assert_eq!(names(&open(&folder)), ["纯牛奶"]);
    assert_eq!(
        backup::verify(&kept).unwrap().products,
        2,
        "what was there is kept"
    );
}

#[test]
fn a_damaged_backup_is_refused_before_anything_is_replaced() {
    let folder = folder();
    let db = open(&folder);
    product(&db, "纯牛奶", "1");
    let copy = folder.path().join("one.sqlite");
    backup::create(&db, &copy).unwrap();
    drop(db);
    let mut bytes = std::fs::read(&copy).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xAA);
    std::fs::write(&copy, bytes).unwrap();
    assert!(backup::verify(&copy).is_err());
    assert!(backup::restore(folder.path(), &copy, &folder.path().join("kept.sqlite")).is_err());
    assert_eq!(
        names(&Db::open(folder.path(), Access::Write, "test").unwrap()),
        ["纯牛奶"]
    );
    let missing = backup::verify(&folder.path().join("none.sqlite"));
    assert!(matches!(missing, Err(StorageError::NoData)));
}
