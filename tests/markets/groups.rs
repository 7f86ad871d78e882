//! 店内分类 in the order that the manager wants, as the platform has it afterwards.

use domain::id::StoreId;
use sim::PlatformId::{self, DouyinLaike, Ebai, Jddj, MeituanShangou};
use sim::{FaultKind, FaultRule, Service};
use storage::listing::GroupRow;
use suites::market::{Market as _, Stage};

async fn stage(platform: PlatformId) -> (Stage, StoreId) {
    let mut stage = Stage::open(Stage::world(&[platform]), Vec::new()).await;
    let shop = stage.shop_on(platform);
    if !stage
        .sim
        .world()
        .shop(platform, shop.remote_id())
        .unwrap()
        .groups
        .is_empty()
    {
        for name in ["时令水果", "休闲零食"] {
            let mut world = stage.sim.world();
            world.add_group(platform, shop.remote_id(), name, None).unwrap();
        }
    }
    let store = stage.join(Box::new(shop)).await;
    (stage, store)
}

fn first_level(groups: &[GroupRow]) -> Vec<String> {
    let first = groups.iter().filter(|group| group.parent.is_none());
    first.map(|group| group.remote_id.clone()).collect()
}

/// The order turned round: every group of the first level has another place, but for one in the middle.
fn turned(stage: &Stage, store: StoreId) -> Vec<String> {
    let mut ids = first_level(&stage.engine.store_groups(store).unwrap());
    assert!(ids.len() > 1, "{ids:?}");
    ids.reverse();
    ids
}

/// What the platform says when it is asked anew.
async fn reread(stage: &Stage, store: StoreId) -> Vec<String> {
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    stage.engine.pull_store(store).await.unwrap();
    first_level(&stage.engine.store_groups(store).unwrap())
}

#[tokio::test(start_paused = true)]
async fn groups_stand_as_asked_and_are_shown_as_they_were_read_back() {
    for platform in [MeituanShangou, Ebai, Jddj] {
        let (stage, store) = stage(platform).await;
        let wanted = turned(&stage, store);
        let done = stage.engine.order_groups(store, None, &wanted).await.unwrap();
        assert!(done.as_asked, "{platform:?}: {done:?}");
        assert_eq!(first_level(&done.groups), wanted, "{platform:?}");
        assert_eq!(reread(&stage, store).await, wanted, "{platform:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_whose_answer_is_lost_is_told_by_what_is_read_back() {
    let (stage, store) = stage(Jddj).await;
    let wanted = turned(&stage, store);
    let call = "pms/changeShopCategoryOrder";
    let rule = FaultRule::once(Service::Jddj, call, FaultKind::LostAnswer);
    stage.sim.world().faults.add(rule);
    let done = stage.engine.order_groups(store, None, &wanted).await.unwrap();
    assert!(done.as_asked && first_level(&done.groups) == wanted, "{done:?}");

    // One that never arrived is no success: it says so, and the old order is what stands here.
    let again = turned(&stage, store);
    let rule = FaultRule::once(Service::Jddj, call, FaultKind::LostRequest);
    stage.sim.world().faults.add(rule);
    let lost = stage.engine.order_groups(store, None, &again).await;
    assert!(lost.is_err(), "{lost:?}");
    assert_eq!(first_level(&stage.engine.store_groups(store).unwrap()), wanted);
    assert_eq!(reread(&stage, store).await, wanted);
}

#[tokio::test(start_paused = true)]
async fn groups_that_changed_there_meanwhile_are_read_and_nothing_is_moved() {
    let (stage, store) = stage(Jddj).await;
    let shop = stage.shop_on(Jddj);
    let before = turned(&stage, store);
    stage
        .sim
        .world()
        .add_group(Jddj, shop.remote_id(), "新货", None)
        .unwrap();
    let no = stage.engine.order_groups(store, None, &before).await.unwrap_err();
    assert_eq!(no.code(), "groups_changed");
    let known = stage.engine.store_groups(store).unwrap();
    assert!(
        known.iter().any(|group| group.name == "新货"),
        "the new one is shown"
    );
    let moved = first_level(&known);
    let kept: Vec<_> = moved.iter().filter(|id| before.contains(id)).rev().collect();
    assert_eq!(
        kept,
        before.iter().collect::<Vec<_>>(),
        "the old ones stand as they stood"
    );
}

#[tokio::test(start_paused = true)]
async fn where_groups_cannot_be_ordered_nothing_is_tried() {
    let (stage, store) = stage(DouyinLaike).await;
    let no = stage.engine.order_groups(store, None, &[]).await.unwrap_err();
    assert_eq!(no.code(), "group_order_unsupported");
}
