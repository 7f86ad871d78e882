//! The demo shop as the window opens it, with a few pictures.

use super::{FIRST_PICTURES, open_with};
use storage::task::TaskState;

/// More than are hung up first, so that both lots are drawn.
const PICTURES: usize = FIRST_PICTURES + 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_shop_opens_hangs_up_its_pictures_closes_and_opens_again() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("demo");
    let mut demo = open_with(&folder, 5, "test", PICTURES).await.unwrap();
    let db = demo.engine.db();
    let stores = db.read(storage::store::all).unwrap();
    assert_eq!(stores.len(), 5);
    for store in &stores {
        let rows = db
            .read(|c| storage::listing::of_store(c, store.store.id))
            .unwrap();
        let bound = rows.iter().filter(|row| row.bound_to.is_some()).count();
        let share = 100 * bound / rows.len();
        assert!(
            (60..100).contains(&share),
            "{}: {bound} of {}",
            store.store.name,
            rows.len()
        );
    }
    demo.dressed().await;
    let hung = demo.engine.db().read(storage::picture::in_use).unwrap();
    assert_eq!(hung.len(), PICTURES);
    let rejected = demo
        .engine
        .db()
        .read(|c| storage::task::in_state(c, TaskState::Rejected, 10))
        .unwrap();
    assert!(rejected.is_empty(), "{rejected:?}");
    demo.close().await;

    // Closed while the pictures are still being drawn, it can be opened again at once.
    open_with(&folder, 5, "test", PICTURES)
        .await
        .unwrap()
        .close()
        .await;
    let third = open_with(&folder, 5, "test", 0).await.unwrap();
    assert!(third.engine.db().can_write());
    let hung = third.engine.db().read(storage::picture::in_use).unwrap();
    assert!(hung.is_empty(), "the folder begins empty each time");
}

#[tokio::test]
async fn a_folder_that_holds_something_else_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let letter = home.path().join("letter.txt");
    std::fs::write(&letter, "mine").unwrap();
    let error = open_with(home.path(), 5, "test", 0).await.err().unwrap();
    assert_eq!(error.code(), "demo_folder_not_ours");
    assert_eq!(std::fs::read_to_string(letter).unwrap(), "mine");
}
