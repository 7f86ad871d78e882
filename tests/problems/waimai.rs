//! Rows of 美团外卖.

use connect::session::Credentials;
use domain::finding::Remedy;
use domain::id::StoreId;
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

#[tokio::test(start_paused = true)]
async fn f31a_f37_a_store_that_became_one_of_the_sister_platform_is_told_and_carries_its_bindings_over() {
    let (stage, shop, store) = stage(false).await;
    let bound = |stage: &Stage, store: StoreId| {
        let rows = stage
            .engine
            .db()
            .read(|c| storage::listing::of_store(c, store))
            .unwrap();
        rows.iter().filter(|row| row.bound_to.is_some()).count()
    };
    let before = bound(&stage, store);
    assert!(before > 10);
    upgrade(&stage, &shop);
    assert_eq!(stops_at(&stage, store).await, "finding.F37");

    // Authorized as what it is now, it is read and gets the bindings of before.
    let request = engine::stores::StoreRequest {
        platform: MeituanShangou.as_str().to_owned(),
        remote_id: shop.remote_id().to_owned(),
        name: "禾记便利·望江路店".to_owned(),
        erp_account: Some(stage.erp),
        offline_code: suites::BRANCH.to_owned(),
        ..engine::stores::StoreRequest::default()
    };
    let account = stage.authorize(MeituanShangou.as_str()).await;
    let new = stage.engine.add_store(account, &request).unwrap();
    assert!(stage.engine.test_store(new).await.unwrap().is_ok());
    stage.engine.pull_store(new).await.unwrap();
    let remedy = Remedy::CopyBindings { from: store, to: new };
    stage.engine.run_remedy(&remedy).await.unwrap();
    assert_eq!(bound(&stage, new), before);
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
