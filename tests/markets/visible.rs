//! 为什么看不见: each condition that does not hold is named, with its number and a way out that works.

use connect::platform::ConditionKind::{self, Group, OnShelf, Review, Sellable, Stock, StoreOpen};
use domain::id::{JobId, StoreId};
use engine::sync::visibility::{Checked, Visibility, Way};
use sim::PlatformId::{self, Ebai, Jddj, MeituanShangou};
use std::time::Duration;
use storage::listing::ListingSkuRow;
use suites::market::{Market as _, Simulated, Stage};

struct Scene {
    stage: Stage,
    shop: Simulated,
    store: StoreId,
    row: ListingSkuRow,
}

impl Scene {
    async fn open(platform: PlatformId) -> Self {
        let mut stage = Stage::open(Stage::world(&[platform]), Vec::new()).await;
        let shop = stage.shop_on(platform);
        let store = stage.join(Box::new(stage.shop_on(platform))).await;
        let rows = stage
            .engine
            .db()
            .read(|c| storage::listing::of_store(c, store))
            .unwrap();
        let fits = |row: &ListingSkuRow| row.bound_to.is_some() && row.on_sale && row.stock > Some(0);
        let row = rows.into_iter().find(fits).unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        Self {
            stage,
            shop,
            store,
            row,
        }
    }

    async fn ask(&self) -> Visibility {
        self.stage.engine.why_not_visible(self.row.listing).await.unwrap()
    }

    /// What does not hold, with its way out.
    async fn failing(&self) -> Vec<(ConditionKind, Option<Way>)> {
        let found = self.ask().await;
        let failing = found
            .conditions
            .iter()
            .filter(|one| one.condition.holds == Some(false));
        failing
            .map(|one: &Checked| (one.condition.kind, one.way))
            .collect()
    }

    /// Changes the product on the platform, behind our back.
    fn change(&self, act: impl FnOnce(&mut sim::world::Listing)) {
        let mut world = self.stage.sim.world();
        let id = self.row.listing_remote_id.clone();
        let done = world.change_listing(self.shop.platform, self.shop.remote_id(), &id, |listing| {
            act(listing);
            Ok(())
        });
        done.unwrap();
    }

    async fn done(&self, job: JobId) {
        while self.stage.engine.is_running(job) {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        let report = self.stage.engine.sync_report(job).unwrap();
        assert_eq!(
            (report.rejected, report.unknown, report.queued),
            (0, 0, 0),
            "{report:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_product_that_customers_see_has_nothing_against_it() {
    for platform in [Jddj, MeituanShangou, Ebai] {
        let scene = Scene::open(platform).await;
        let found = scene.ask().await;
        assert!(
            found.there && scene.failing().await.is_empty(),
            "{platform:?}: {found:?}"
        );
        let kinds: Vec<_> = found.conditions.iter().map(|one| one.condition.kind).collect();
        let asked = [OnShelf, Group, Stock, Review, StoreOpen];
        assert!(
            asked.iter().all(|kind| kinds.contains(kind)),
            "{platform:?}: {kinds:?}"
        );
        assert_eq!(kinds.contains(&Sellable), platform == Jddj, "{kinds:?}");
        let stock = found
            .conditions
            .iter()
            .find(|one| one.condition.kind == Stock)
            .unwrap();
        assert!(stock.condition.number > Some(0), "the number is told: {stock:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn jddj_off_the_shelf_is_told_and_put_on_again() {
    let scene = Scene::open(Jddj).await;
    scene
        .stage
        .sim
        .world()
        .jddj_set_shelf(&scene.row.listing_remote_id, false);
    assert_eq!(scene.failing().await, [(OnShelf, Some(Way::PutOnShelf))]);
    scene.stage.engine.pull_store(scene.store).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let job = scene.stage.engine.put_on_shelf(scene.row.listing).unwrap();
    scene.done(job).await;
    assert_eq!(scene.failing().await, []);
}

#[tokio::test(start_paused = true)]
async fn jddj_not_sold_by_the_store_is_told_apart_and_sold_again() {
    let scene = Scene::open(Jddj).await;
    scene.change(|listing| listing.sold_out = true);
    assert_eq!(scene.failing().await, [(Sellable, Some(Way::PutOnShelf))]);
    scene.stage.engine.pull_store(scene.store).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let job = scene.stage.engine.put_on_shelf(scene.row.listing).unwrap();
    scene.done(job).await;
    assert_eq!(scene.failing().await, []);
}

#[tokio::test(start_paused = true)]
async fn jddj_in_no_group_is_told_and_a_sync_of_its_plan_puts_it_into_one() {
    let scene = Scene::open(Jddj).await;
    scene.change(|listing| listing.group_ids.clear());
    assert_eq!(scene.failing().await, [(Group, Some(Way::Sync))]);
    scene.stage.engine.pull_store(scene.store).await.unwrap();
    let report = scene.stage.sync(scene.store).await;
    assert_eq!((report.rejected, report.unknown), (0, 0), "{report:?}");
    assert_eq!(scene.failing().await, []);
}

#[tokio::test(start_paused = true)]
async fn jddj_without_stock_is_told_with_the_number_and_the_librarys_stock_helps() {
    let scene = Scene::open(Jddj).await;
    scene.change(|listing| listing.specs[0].stock = 0);
    assert_eq!(scene.failing().await, [(Stock, Some(Way::Stock))]);
    let found = scene.ask().await;
    let stock = found
        .conditions
        .iter()
        .find(|one| one.condition.kind == Stock)
        .unwrap();
    assert_eq!(stock.condition.number, Some(0));
    scene.stage.engine.pull_store(scene.store).await.unwrap();
    let edit = engine::library::edit::Edit {
        sku: scene.row.bound_to.unwrap(),
        field: "stock".to_owned(),
        value: "7".to_owned(),
    };
    scene.stage.engine.edit_library(&[edit]).unwrap();
    let report = scene.stage.sync(scene.store).await;
    assert_eq!((report.rejected, report.unknown), (0, 0), "{report:?}");
    assert_eq!(scene.failing().await, []);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_bound_says_that_it_has_to_be_first_and_what_is_gone_says_so() {
    let scene = Scene::open(MeituanShangou).await;
    scene.change(|listing| listing.sold_out = true);
    assert_eq!(scene.failing().await, [(OnShelf, Some(Way::PutOnShelf))]);
    scene.stage.engine.unbind(&[scene.row.id]).unwrap();
    assert_eq!(scene.failing().await, [(OnShelf, Some(Way::Bind))]);
    let no = scene.stage.engine.put_on_shelf(scene.row.listing).unwrap_err();
    assert_eq!(no.code(), "not_bound");
    scene
        .stage
        .engine
        .delete_listings(&[scene.row.listing])
        .await
        .unwrap();
    let found = scene.ask().await;
    assert!(!found.there && found.conditions.is_empty(), "{found:?}");
}
