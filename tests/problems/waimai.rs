//! Rows of 美团外卖.

use connect::session::Credentials;
use domain::finding::{EditField, Remedy};

use domain::id::StoreId;
use engine::sync::plan::Choices;
use sim::PlatformId::{MeituanShangou, MeituanWaimai};
use sim::world::{Authorization, NewListing, NewSpec};
use suites::market::{Market as _, Simulated, Stage};

/// A store on 外卖; `partner`: by the protocol of the technical partners.
async fn stage(partner: bool) -> (Stage, Simulated, StoreId) {
    let mut stage = Stage::open(Stage::world(&[MeituanWaimai]), Vec::new()).await;
    let opened = |stage: &Stage| {
        if partner {
            Simulated {
                access: stage.announced_otherwise(MeituanWaimai.as_str()),
                ..stage.shop_on(MeituanWaimai)
            }
        } else {
            stage.shop_on(MeituanWaimai)
        }
    };
    let shop = opened(&stage);
    let store = stage.join(Box::new(opened(&stage))).await;
    (stage, shop, store)
}

/// The words of the step at which the connection test stops.
async fn stops_at(stage: &Stage, store: StoreId) -> String {
    let tested = stage.engine.test_store(store).await.unwrap();
    let step = tested.steps.iter().find(|step| step.state == "failed");
    let step = step.unwrap_or_else(|| panic!("{tested:?}"));
    let said = api::words::words("zh-CN").sentence(&step.words, &step.params);
    assert!(said != step.words && !said.contains(['{', '}']), "{said}");
    step.words.clone()
}

/// The platform makes the shop one of 闪购, with the goods it had.
fn upgrade(stage: &Stage, shop: &Simulated) {
    let mut world = stage.sim.world();
    let held = world.shops_mut(MeituanWaimai).remove(shop.remote_id()).unwrap();
    world
        .add_store(MeituanShangou, shop.remote_id(), &held.name)
        .unwrap();
    let group = world
        .add_group(MeituanShangou, shop.remote_id(), "饮料", None)
        .unwrap();
    for listing in held.listings.values() {
        let spec = |spec: &sim::world::ListingSpec| NewSpec {
            code: spec.code.clone(),
            name: spec.name.clone(),
            upc: spec.upc.clone(),
            price_fen: spec.price_fen,
            stock: spec.stock,
            weight_g: spec.weight_g,
        };
        let new = NewListing {
            code: listing.code.clone(),
            name: listing.name.clone(),
            group_ids: vec![group.clone()],
            specs: listing.specs.iter().map(spec).collect(),
            ..NewListing::default()
        };
        world.add_listing(MeituanShangou, shop.remote_id(), new).unwrap();
    }
}

fn bound(stage: &Stage, store: StoreId) -> usize {
    let read = |c: &_| storage::listing::of_store(c, store);
    let rows = stage.engine.db().read(read).unwrap();
    rows.iter().filter(|row| row.bound_to.is_some()).count()
}

/// 换绑: the store goes under an account of the sister, with all that hangs on it.
async fn change_over(stage: &Stage, store: StoreId, code: &str) {
    let bound_before = bound(stage, store);
    let account = stage.authorize(MeituanShangou.as_str()).await;
    let changed = stage.engine.change_platform(store, account).await.unwrap();
    assert!(changed.test.is_ok(), "{:?}", changed.test);
    assert_eq!(
        (changed.bound_before, changed.bound),
        (bound_before, bound_before)
    );
    assert!(stage.engine.test_store(store).await.unwrap().is_ok());

    // Orders of the new platform come in and go to the same ERP.
    let number = stage.shop_on(MeituanShangou).buy(code);
    stage.engine.pull_orders(store).await.unwrap();
    stage.engine.push_due().await.unwrap();
    assert_eq!(stage.documents(&number), 1);
}

#[tokio::test(start_paused = true)]
async fn f31a_f37_a_store_that_became_one_of_the_sister_platform_is_told_and_changed_over_with_its_bindings()
{
    let (stage, shop, store) = stage(false).await;
    let code = stage.everywhere()[0].1.item_code.clone();
    assert!(bound(&stage, store) > 10);
    upgrade(&stage, &shop);
    assert_eq!(stops_at(&stage, store).await, "finding.F37");
    change_over(&stage, store, &code).await;
}

#[tokio::test(start_paused = true)]
async fn f31a_good_barcodes_stored_blank_by_a_platform_without_categories_lead_to_the_sister() {
    let (stage, shop, store) = stage(false).await;
    let found = |stage: &Stage| {
        let cache = stage.engine.preflight(&[store]).unwrap();
        let mut told = cache.findings.iter().filter(|noted| noted.finding.id == "F31a");
        let first = told.next().map(|noted| noted.finding.clone());
        assert!(told.next().is_none());
        first
    };
    // The platform has made it one of 闪购; called as 外卖 it still answers, and keeps no barcode that is sent to it.
    stage
        .sim
        .world()
        .shops_mut(MeituanWaimai)
        .get_mut(shop.remote_id())
        .unwrap()
        .keeps_barcodes = false;
    assert!(found(&stage).is_none());
    let (_, sku) = stage.everywhere()[0].clone();
    stage
        .engine
        .set_sku_field(sku.id, EditField::Barcode, "6901234567892")
        .unwrap();
    stage
        .engine
        .sync_apply(&[store], &Choices::default())
        .await
        .unwrap();
    let told = found(&stage).expect("the blank barcode is told");
    assert_eq!(told.remedies, [Remedy::ChangePlatform { store }]);

    upgrade(&stage, &shop);
    change_over(&stage, store, &sku.item_code).await;
    assert!(found(&stage).is_none());
}

#[tokio::test(start_paused = true)]
async fn f31a_an_account_that_does_not_open_the_store_changes_nothing() {
    let (stage, shop, store) = stage(false).await;
    let before = bound(&stage, store);
    // 闪购 does not know the shop: it is one of 外卖.
    let account = stage.authorize(MeituanShangou.as_str()).await;
    let changed = stage.engine.change_platform(store, account).await.unwrap();
    assert!(!changed.test.is_ok());
    assert_eq!(bound(&stage, store), before);
    let number = shop.buy(&stage.everywhere()[0].1.item_code);
    stage.engine.pull_orders(store).await.unwrap();
    stage.engine.push_due().await.unwrap();
    assert_eq!(stage.documents(&number), 1);
    // An account of a stranger is refused as such.
    let refused = stage.engine.change_platform(store, stage.erp).await.unwrap_err();
    assert_eq!(refused.code(), "not_a_sister");
}

#[tokio::test(start_paused = true)]
async fn f32_a_store_taken_by_a_printer_is_told_and_loses_no_order_once_it_is_authorized_again() {
    let (stage, shop, store) = stage(true).await;
    let code = stage.everywhere()[0].1.item_code.clone();
    let account = stage
        .engine
        .db()
        .read(|c| storage::store::get(c, store))
        .unwrap()
        .store
        .account;
    stage
        .sim
        .world()
        .set_authorization(MeituanWaimai, shop.remote_id(), Authorization::Taken)
        .unwrap();
    let number = shop.buy(&code);
    assert!(stage.engine.pull_orders(store).await.is_err());
    assert_eq!(stops_at(&stage, store).await, "finding.F32");
    let known = stage
        .engine
        .db()
        .read(|c| storage::account::get(c, account))
        .unwrap()
        .state;
    assert_eq!(known, domain::store::AuthorizationState::Revoked);

    // The manager takes the printer off and authorizes again.
    let token = {
        let mut world = stage.sim.world();
        world
            .set_authorization(MeituanWaimai, shop.remote_id(), Authorization::Valid)
            .unwrap();
        world.mtop.grant(shop.remote_id())
    };
    let fresh = Credentials::new([("appAuthToken".to_owned(), token)]);
    stage.engine.authorize(account, fresh).await.unwrap();
    for _ in 0..2 {
        stage.engine.pull_orders(store).await.unwrap();
        stage.engine.push_due().await.unwrap();
    }
    assert_eq!(stage.documents(&number), 1);
}

#[tokio::test(start_paused = true)]
async fn f32a_a_token_lost_again_and_orders_missing_in_the_comparison_are_surely_a_printer() {
    let (stage, shop, store) = stage(true).await;
    let code = stage.everywhere()[0].1.item_code.clone();
    let row = |stage: &Stage| {
        let read = |c: &_| {
            let account = storage::store::get(c, store)?.store.account;
            storage::account::get(c, account)
        };
        stage.engine.db().read(read).unwrap()
    };
    let signs = |stage: &Stage| stage.engine.taken(store, &row(stage)).unwrap();
    assert_eq!(signs(&stage), None);
    let breath = || tokio::time::sleep(std::time::Duration::from_secs(2));
    breath().await;
    let compared = stage.engine.compare_orders(store).await.unwrap();
    assert_eq!(compared.missing, 0);

    for times in 1..=2 {
        breath().await;
        let set = |to| {
            let mut world = stage.sim.world();
            world
                .set_authorization(MeituanWaimai, shop.remote_id(), to)
                .unwrap();
        };
        set(Authorization::Taken);
        assert!(stage.engine.pull_orders(store).await.is_err());
        assert!(
            stage.engine.pull_orders(store).await.is_err(),
            "still the same loss"
        );
        let told = signs(&stage).unwrap();
        assert_eq!((told.now, told.times, told.certain), (true, times, false));
        set(Authorization::Valid);
        let token = stage.sim.world().mtop.grant(shop.remote_id());
        let fresh = Credentials::new([("appAuthToken".to_owned(), token)]);
        stage.engine.authorize(row(&stage).id, fresh).await.unwrap();
    }
    breath().await;
    // The printer has had an order that no reading brought: the cursor is past it.
    stage.engine.pull_orders(store).await.unwrap();
    let number = shop.buy(&code);
    tokio::time::sleep(std::time::Duration::from_hours(2)).await;
    let cursor = stage
        .engine
        .db()
        .read(|c| storage::store::get(c, store))
        .unwrap()
        .order_cursor;
    let session = stage.engine.store_session(store).await.unwrap();
    let platform = stage.engine.platform(MeituanWaimai.as_str()).unwrap();
    let passed = platform.orders(&session, &cursor).await.unwrap();
    assert_eq!(passed.orders.len(), 1);
    let at = stage.engine.now();
    let write = |tx: &storage::db::Tx<'_>| storage::store::set_orders_read(tx, store, at, &passed.cursor);
    stage.engine.db().write(write).unwrap();
    let compared = stage.engine.compare_orders(store).await.unwrap();
    assert_eq!(compared.missing, 1, "{compared:?}");
    let told = signs(&stage).unwrap();
    assert_eq!(
        (told.now, told.times, told.missing, told.certain),
        (false, 2, 1, true)
    );
    stage.engine.push_due().await.unwrap();
    assert_eq!(stage.documents(&number), 1, "it was brought in and booked");
}
