//! F48: the platform will not make a product because another of the shop has its barcode.

use super::kit::{EB, Kit, SHOP};
use domain::id::SkuId;
use domain::product::SINGLE_SPEC;
use engine::sync::plan::Choices;
use engine::sync::report::SyncReport;
use sim::world::{NewListing, NewSpec};
use storage::offer::OfferPatch;

const BARCODE: &str = "6901234567908";

/// A product of the library that is to be made, and one with its barcode that came to the shop unseen.
async fn synced_beside(name_there: &str) -> (Kit, SkuId, SyncReport) {
    let kit = Kit::new(EB).await;
    let (_, sku) = kit.product("示例新橙", "55", BARCODE, 1_290);
    let origin = kit.engine.by_user("batch.edit");
    kit.engine
        .db()
        .write(|tx| {
            let mut changes = storage::change::Changes::begin(tx, &origin)?;
            let patch = OfferPatch {
                on: Some(true),
                ..OfferPatch::default()
            };
            storage::offer::put(&mut changes, kit.store, sku, &patch)?;
            changes.finish(false)?;
            Ok::<_, storage::error::StorageError>(())
        })
        .unwrap();
    let spec = NewSpec {
        code: "X-1".to_owned(),
        name: SINGLE_SPEC.to_owned(),
        upc: BARCODE.to_owned(),
        price_fen: 1_290,
        stock: 3,
        weight_g: 500,
    };
    let group = {
        let world = kit.simulator.world();
        let shop = world.shop(EB, SHOP).unwrap();
        shop.listings.values().next().unwrap().group_ids.clone()
    };
    let listing = NewListing {
        code: "X-1".to_owned(),
        name: name_there.to_owned(),
        group_ids: group,
        specs: vec![spec],
        ..NewListing::default()
    };
    kit.simulator.world().add_listing(EB, SHOP, listing).unwrap();
    let report = kit
        .engine
        .sync_apply(&[kit.store], &Choices::default())
        .await
        .unwrap();
    (kit, sku, report)
}

#[tokio::test(start_paused = true)]
async fn f48_a_product_that_is_there_already_is_bound_to_after_the_tries() {
    let (kit, sku, report) = synced_beside("示例新橙").await;
    assert!(
        kit.calls("ebai/sku.create") >= 2,
        "it is tried again first: {report:?}"
    );
    assert_eq!(kit.listed("示例新橙").bound_to, Some(sku));
    assert_eq!((report.rejected, report.confirmed), (0, 1), "{report:?}");
    let told = &report.rejections[0];
    assert_eq!((told.id.as_str(), told.taken), ("F48", true));
    assert_eq!(kit.simulator.world().ledger.synced(EB).created, 0);
}

#[tokio::test(start_paused = true)]
async fn f48_quite_another_product_with_that_barcode_is_left_to_the_manager() {
    let (kit, _, report) = synced_beside("电动牙刷替换头").await;
    assert!(kit.calls("ebai/sku.create") >= 2, "{report:?}");
    assert_eq!(kit.listed("电动牙刷替换头").bound_to, None);
    assert_eq!((report.rejected, report.confirmed), (1, 0), "{report:?}");
}
