//! F42a, F42b and F56: pictures that a new product lacks, that are too large, or that wait for the platform's eyes.

use crate::kit::{counter, findings, gone, only, sync};
use domain::finding::{Remedy, Severity};
use domain::id::{ProductId, StoreId};
use domain::product::SINGLE_SPEC;
use domain::store::FieldSwitches;
use engine::sync::review::Reviewed;
use sim::PlatformId::{self, Ebai, MeituanShangou};
use std::path::PathBuf;
use std::time::Duration;
use storage::change::Changes;
use storage::offer::OfferPatch;
use storage::picture::PictureRow;
use storage::product::{NewProduct, SkuData};
use storage::store::StorePatch;
use suites::{Counter, EBAI, NOON, SHANGOU};

const CODE: &str = "1022311150001901";
const FIVE_MB: i64 = 5 * 1024 * 1024;

/// A product that no platform has, offered in one store.
fn new_product(counter: &Counter, store: StoreId) -> ProductId {
    let origin = counter.engine().by_user("batch.edit");
    let new = NewProduct {
        name: "松针手工皂 100g".to_owned(),
        skus: vec![SkuData {
            spec_name: SINGLE_SPEC.to_owned(),
            item_code: CODE.to_owned(),
            barcode: "6901234567892".to_owned(),
            unit: "块".to_owned(),
            price_fen: Some(1_290),
            stock: Some(8),
            base_quantity_milli: 1_000,
            ..SkuData::default()
        }],
        ..NewProduct::default()
    };
    let wanted = OfferPatch {
        on: Some(true),
        group: Some(Some(vec!["饮料零食".to_owned()])),
        ..OfferPatch::default()
    };
    counter
        .engine()
        .db()
        .write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            let (product, skus) = storage::product::insert(&mut changes, NOON, &new)?;
            storage::offer::put(&mut changes, store, skus[0], &wanted)?;
            changes.finish(false)?;
            Ok::<_, storage::error::StorageError>(product)
        })
        .unwrap()
}

/// A plain 24-bit bitmap, as an old camera program makes them: about three bytes for each pixel.
fn bitmap(counter: &Counter, name: &str, width: u32, height: u32) -> PathBuf {
    let size = 54 + (width * 3).div_ceil(4) * 4 * height;
    let (offset, planes_and_depth) = (54, 1 | (24 << 16));
    let header = [
        size,
        0,
        offset,
        40,
        width,
        height,
        planes_and_depth,
        0,
        size - 54,
        2835,
        2835,
        0,
        0,
    ];
    let mut bytes = b"BM".to_vec();
    for number in header {
        bytes.extend(number.to_le_bytes());
    }
    // A slope of greys, so that another cut would show.
    let body = (0..size - 54).map(|at| (at / 3 % width * 255 / width).to_le_bytes()[0]);
    bytes.extend(body);
    let path = counter.folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

async fn add_picture(counter: &Counter, product: ProductId, width: u32, height: u32) -> PictureRow {
    let file = bitmap(counter, &format!("{width}.bmp"), width, height);
    let outcome = counter.engine().add_pictures(product, vec![file]).await.unwrap();
    assert_eq!(outcome.failed.len(), 0, "{outcome:?}");
    counter.engine().picture_rows(product).unwrap().remove(0)
}

/// The pictures of the new product on the platform; `None` while it is not there.
fn pictures_there(counter: &Counter, platform: PlatformId, shop: &str) -> Option<usize> {
    let world = counter.world();
    let listing = world.shop(platform, shop).unwrap().listing_by_code(CODE)?;
    Some(listing.pictures.len())
}

#[tokio::test(start_paused = true)]
async fn f42a_a_new_product_without_a_picture_is_held_back_until_it_has_one() {
    let counter = counter().await;
    let store = counter.shangou;
    let product = new_product(&counter, store);
    let finding = only(&counter, store, "F42a");
    assert_eq!(
        (finding.severity, finding.params["cause"].as_str()),
        (Severity::Error, "no_picture")
    );
    assert_eq!(
        sync(&counter, store).await.rejected,
        0,
        "the platform is not asked"
    );
    assert_eq!(pictures_there(&counter, MeituanShangou, SHANGOU), None);

    add_picture(&counter, product, 800, 800).await;
    gone(&counter, store, "F42a");
    let report = sync(&counter, store).await;
    assert_eq!((report.confirmed, report.rejected), (1, 0), "{report:?}");
    assert_eq!(pictures_there(&counter, MeituanShangou, SHANGOU), Some(1));
}

#[tokio::test(start_paused = true)]
async fn f42a_不同步图片_is_named_as_the_cause_and_its_tick_comes_off_in_one_click() {
    let counter = counter().await;
    let store = counter.shangou;
    let switches = FieldSwitches {
        pictures: false,
        ..FieldSwitches::default()
    };
    let patch = StorePatch {
        switches: Some(switches),
        ..StorePatch::default()
    };
    counter.engine().update_store(store, &patch).unwrap();
    let product = new_product(&counter, store);
    add_picture(&counter, product, 800, 800).await;
    let finding = only(&counter, store, "F42a");
    assert_eq!(finding.params["cause"], "switch_off");
    assert_eq!(finding.remedies, [Remedy::SyncPictures { store }]);
    sync(&counter, store).await;
    assert_eq!(pictures_there(&counter, MeituanShangou, SHANGOU), None);

    let fixed = counter.engine().fix_findings("F42a", Some(store)).await.unwrap();
    assert_eq!((fixed.fixed, fixed.left), (1, 0));
    assert_eq!(sync(&counter, store).await.rejected, 0);
    assert_eq!(pictures_there(&counter, MeituanShangou, SHANGOU), Some(1));
    // It was the manager's own setting: undo puts the tick back.
    counter.engine().undo(fixed.batch).unwrap();
    let row = counter
        .engine()
        .db()
        .read(|c| storage::store::get(c, store))
        .unwrap();
    assert!(!row.store.switches.pictures);
}

#[tokio::test(start_paused = true)]
async fn f42b_a_picture_over_5_mb_is_compressed_and_keeps_its_long_side() {
    let counter = counter().await;
    let store = counter.shangou;
    let product = new_product(&counter, store);
    let original = add_picture(&counter, product, 1_600, 1_200).await;
    assert!(original.bytes > FIVE_MB, "{}", original.bytes);
    let finding = only(&counter, store, "F42b");
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!(
        (
            finding.params["max"].as_str(),
            finding.params["position"].as_str()
        ),
        ("5 MB", "1")
    );
    assert_eq!(finding.remedies, [Remedy::RepairPictures { product }]);
    assert!(findings(&counter, counter.ebai, "F42b").is_empty());

    let fixed = counter.engine().fix_findings("F42b", Some(store)).await.unwrap();
    assert_eq!((fixed.fixed, fixed.left), (1, 0));
    let repaired = counter.engine().picture_rows(product).unwrap().remove(0);
    assert!(repaired.bytes <= FIVE_MB, "{}", repaired.bytes);
    assert_eq!(
        (repaired.width, repaired.height),
        (original.width, original.height),
        "compressed, not shrunk"
    );
    assert_eq!(repaired.made_from, Some(original.hash));
    assert_eq!(sync(&counter, store).await.rejected, 0);
    assert_eq!(pictures_there(&counter, MeituanShangou, SHANGOU), Some(1));
}

/// A product that 饿百 lacks, with a picture of a kind that it takes.
async fn new_product_with_picture(counter: &Counter) -> ProductId {
    let product = new_product(counter, counter.ebai);
    add_picture(counter, product, 800, 800).await;
    counter.engine().repair_pictures(&[product], false).await.unwrap();
    product
}

/// Looks at pictures in review the way the rounds do, after some time has passed.
async fn look_after(counter: &Counter, minutes: u64) -> Reviewed {
    tokio::time::advance(Duration::from_mins(minutes)).await;
    counter.engine().look_at_reviews(counter.ebai).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn f56_a_picture_under_review_is_said_to_be_and_shows_up_by_itself() {
    let counter = counter().await;
    let store = counter.ebai;
    new_product_with_picture(&counter).await;
    let report = sync(&counter, store).await;
    assert_eq!((report.in_review, report.rejected), (1, 0), "{report:?}");
    let finding = only(&counter, store, "F56");
    assert_eq!(finding.severity, Severity::Hint, "nothing is wrong");
    assert!(
        finding.params["since"].starts_with("2026-11-21 12:0"),
        "{finding:?}"
    );

    // Another sync does not send the picture again, which would only start the review anew.
    let calls = |call: &str| counter.world().ledger.calls(call);
    let sent = (calls("ebai/sku.update"), calls("ebai/picture.upload"));
    let again = sync(&counter, store).await;
    assert_eq!(
        (again.in_review, again.confirmed, again.rejected),
        (0, 0, 0),
        "{again:?}"
    );
    assert_eq!((calls("ebai/sku.update"), calls("ebai/picture.upload")), sent);
    counter.engine().pull_store(store).await.unwrap();
    only(&counter, store, "F56");

    // The rounds look again without a word; the review takes ten minutes.
    let rounds = counter.engine().start_rounds();
    tokio::time::sleep(Duration::from_mins(40)).await;
    rounds.stop().await;
    gone(&counter, store, "F56");
    gone(&counter, store, "picture_refused");
    let left = counter
        .engine()
        .sync_report(domain::id::JobId(report.job))
        .unwrap();
    assert_eq!((left.in_review, left.confirmed), (0, 1), "{left:?}");
}

#[tokio::test(start_paused = true)]
async fn f56_a_refused_picture_is_told_and_another_one_goes_through() {
    let counter = counter().await;
    let store = counter.ebai;
    let product = new_product_with_picture(&counter).await;
    sync(&counter, store).await;
    {
        let mut world = counter.world();
        let shop = world.shop(Ebai, EBAI).unwrap();
        let listing = shop.listing_by_code(CODE).unwrap().id.clone();
        let refuse = world.change_listing(Ebai, EBAI, &listing, |held| {
            held.pictures.clear();
            Ok(())
        });
        refuse.unwrap();
    }
    // The platform never says that it refused: it only never shows the picture.
    let looked = look_after(&counter, 60).await;
    assert_eq!(
        (looked.waiting, looked.refused),
        (1, 0),
        "no alarm while it may still come"
    );
    gone(&counter, store, "picture_refused");
    let looked = look_after(&counter, 72 * 60).await;
    assert_eq!((looked.waiting, looked.refused), (0, 1));
    gone(&counter, store, "F56");
    let finding = only(&counter, store, "picture_refused");
    assert_eq!(finding.severity, Severity::Warning);

    // Another picture is the way out.
    let second = bitmap(&counter, "second.bmp", 900, 900);
    counter
        .engine()
        .add_pictures(product, vec![second])
        .await
        .unwrap();
    counter.engine().repair_pictures(&[product], false).await.unwrap();
    let rows = counter.engine().picture_rows(product).unwrap();
    counter
        .engine()
        .set_pictures(product, &[rows[1].hash.clone()])
        .unwrap();
    let report = sync(&counter, store).await;
    assert_eq!((report.in_review, report.rejected), (1, 0), "{report:?}");
    gone(&counter, store, "picture_refused");
    only(&counter, store, "F56");
    assert_eq!(look_after(&counter, 11).await.shown, 1);
    gone(&counter, store, "F56");
    assert_eq!(pictures_there(&counter, Ebai, EBAI), Some(1));
}
