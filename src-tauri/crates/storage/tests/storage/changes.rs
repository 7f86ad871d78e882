//! Batches, undo, redo.

use crate::support::{folder, names, open, origin, product};
use storage::change::{self, Changes};
use storage::error::StorageError;
use storage::product::ProductPatch;

fn rename(db: &storage::db::Db, id: domain::id::ProductId, name: &str) -> domain::id::BatchId {
    db.write(|tx| {
        let mut changes = Changes::begin(tx, &origin("batch.edit"))?;
        let patch = ProductPatch {
            name: Some(name.into()),
            ..ProductPatch::default()
        };
        storage::product::update(&mut changes, 2_000, id, &patch)?;
        let batch = changes.id();
        changes.finish(false)?;
        Ok::<_, StorageError>(batch)
    })
    .unwrap()
}

#[test]
fn undo_puts_back_and_redo_brings_again() {
    let folder = folder();
    let db = open(&folder);
    let (id, _) = product(&db, "纯牛奶", "1");
    let batch = rename(&db, id, "酸奶");
    let (undone, rows) = db
        .write(|tx| change::undo(tx, batch, &origin("batch.undo")))
        .unwrap();
    assert_eq!((names(&db), rows), (vec!["纯牛奶".to_owned()], 1));
    let again = db.write(|tx| change::undo(tx, batch, &origin("batch.undo")));
    assert!(matches!(
        again,
        Err(StorageError::Conflict {
            what: "undone_already"
        })
    ));
    db.write(|tx| change::undo(tx, undone, &origin("batch.undo")))
        .unwrap();
    assert_eq!(names(&db), ["酸奶"]);
}

#[test]
fn undoing_a_creation_leaves_no_row_behind() {
    let folder = folder();
    let db = open(&folder);
    product(&db, "纯牛奶", "1");
    let batch = db.read(change::last_undoable).unwrap().unwrap();
    db.write(|tx| change::undo(tx, batch, &origin("batch.undo")))
        .unwrap();
    let left: i64 = db
        .read(|c| {
            Ok(c.query_row(
                "SELECT (SELECT count(*) FROM product) + (SELECT count(*) FROM sku) + (SELECT count(*) FROM category)",
                [],
                |row| row.get(0),
            )?)
        })
        .unwrap();
    assert_eq!(left, 0);
}

#[test]
fn what_was_edited_later_is_not_overwritten_and_is_named() {
    let folder = folder();
    let db = open(&folder);
    let (id, _) = product(&db, "纯牛奶", "1");
    let first = rename(&db, id, "酸奶");
    rename(&db, id, "老酸奶");
    match db.write(|tx| change::undo(tx, first, &origin("batch.undo"))) {
        Err(StorageError::ChangedSince { later }) => assert_eq!(later, [("product".to_owned(), id.0)]),
        other => panic!("{other:?}"),
    }
    assert_eq!(names(&db), ["老酸奶"]);
}

#[test]
fn what_came_in_between_stays_when_one_batch_is_taken_back() {
    let folder = folder();
    let db = open(&folder);
    let (id, _) = product(&db, "纯牛奶", "1");
    let (other, _) = product(&db, "豆浆", "2");
    let first = rename(&db, id, "酸奶");
    rename(&db, other, "甜豆浆");
    // The demo shop hangs up pictures meanwhile: the same product, another field.
    let described: Result<usize, StorageError> = db.write(|tx| {
        let mut changes = Changes::begin(tx, &origin("batch.edit"))?;
        let patch = ProductPatch {
            description: Some("冷藏".into()),
            ..ProductPatch::default()
        };
        storage::product::update(&mut changes, 3_000, id, &patch)?;
        changes.finish(false)
    });
    assert_eq!(described.unwrap(), 1);
    db.write(|tx| change::undo(tx, first, &origin("batch.undo")))
        .unwrap();
    assert_eq!(names(&db), ["纯牛奶", "甜豆浆"]);
    let now = db.read(|c| storage::product::get(c, id)).unwrap();
    assert_eq!(now.description, "冷藏");
}

#[test]
fn a_batch_that_changes_nothing_leaves_no_trace() {
    let folder = folder();
    let db = open(&folder);
    let (id, _) = product(&db, "纯牛奶", "1");
    let before = db.read(|c| change::history(c, None, i64::MAX, 10)).unwrap();
    rename(&db, id, "纯牛奶");
    assert_eq!(
        db.read(|c| change::history(c, None, i64::MAX, 10)).unwrap(),
        before
    );
}

#[test]
fn a_failing_write_leaves_nothing_of_itself() {
    let folder = folder();
    let db = open(&folder);
    let failed: Result<(), StorageError> = db.write(|tx| {
        let mut changes = Changes::begin(tx, &origin("batch.create"))?;
        storage::category::ensure(&mut changes, &["饮料".to_owned()])?;
        Err(StorageError::Conflict { what: "test" })
    });
    assert!(failed.is_err());
    assert!(db.read(storage::category::all).unwrap().is_empty());
    assert!(
        db.read(|c| change::history(c, None, i64::MAX, 10))
            .unwrap()
            .is_empty()
    );
}
