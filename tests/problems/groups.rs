//! One click for a whole cause: what it changes is one undo, and it keeps to the stores and orders that are chosen.

use crate::exceptions::{assert_booked, counter};
use domain::id::OrderId;
use domain::order::PushState;
use engine::orders::Scope;
use sim::PlatformId::{Ebai, MeituanShangou};
use sim::world::{NewListing, NewSpec, OrderMode, RequestedLine};
use storage::exception::Which;
use suites::{BRANCH, Counter, GOODS, SHANGOU};

const WATER: usize = 0;
const BREAD: usize = 3;

/// The owner made ERP items anew under other numbers; orders of both fail and both can be linked by barcode.
async fn with_renumbered_items() -> (Counter, [String; 2]) {
    let counter = counter().await;
    for at in [WATER, BREAD] {
        let code = GOODS[at].2;
        let mut item = counter.world().erp.items[code].clone();
        counter.world().erp_delete_item(code).unwrap();
        item.num = format!("90000{at}");
        item.code.clone_from(&item.num);
        counter.world().erp_add_item(item).unwrap();
    }
    let numbers = [
        counter.order(MeituanShangou, &[WATER]),
        counter.order(Ebai, &[BREAD]),
    ];
    counter.round().await;
    for number in &numbers {
        assert_eq!(counter.cause(number).as_deref(), Some("F03"));
    }
    counter.engine().pull_erp_items(counter.erp).await.unwrap();
    (counter, numbers)
}

fn item_code(counter: &Counter, at: usize) -> String {
    let read = |c: &_| storage::product::sku_of(c, counter.skus[at]);
    counter.engine().db().read(read).unwrap().item_code
}

#[tokio::test(start_paused = true)]
async fn one_undo_takes_back_everything_that_a_group_remedy_changed() {
    let (counter, numbers) = with_renumbered_items().await;
    let engine = counter.engine();
    let report = engine
        .fix_cause("F03", Some("relink_erp"), &Scope::default())
        .await
        .unwrap();
    assert_eq!((report.fixed, report.left.len()), (2, 0));
    assert_eq!(report.repush.pushed.len(), 2);
    for number in &numbers {
        assert_booked(&counter, number);
    }
    assert_eq!(
        [item_code(&counter, WATER), item_code(&counter, BREAD)],
        ["900000", "900003"]
    );

    engine.undo(report.batch).unwrap();
    for at in [WATER, BREAD] {
        assert_eq!(item_code(&counter, at), GOODS[at].2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_group_remedy_runs_on_the_ticked_orders_only() {
    let (counter, numbers) = with_renumbered_items().await;
    let ticked = Scope {
        orders: vec![counter.stored(&numbers[1]).id],
        ..Scope::default()
    };
    let engine = counter.engine();
    let report = engine
        .fix_cause("F03", Some("relink_erp"), &ticked)
        .await
        .unwrap();
    assert_eq!((report.fixed, report.left.len()), (1, 0));
    assert_booked(&counter, &numbers[1]);
    assert_eq!(item_code(&counter, WATER), GOODS[WATER].2, "it was not ticked");
    assert_eq!(counter.cause(&numbers[0]).as_deref(), Some("F03"));
}

#[tokio::test(start_paused = true)]
async fn a_group_keeps_to_the_stores_of_the_store_switch() {
    let counter = counter().await;
    counter.world().erp_set_receive(BRANCH, false).unwrap();
    let here = counter.order(Ebai, &[BREAD]);
    let elsewhere = counter.order(MeituanShangou, &[BREAD]);
    counter.round().await;
    counter.world().erp_set_receive(BRANCH, true).unwrap();
    let shown = Scope {
        stores: vec![counter.ebai],
        ..Scope::default()
    };
    let engine = counter.engine();
    let report = engine
        .fix_cause("F24", Some("verify_erp_switch"), &shown)
        .await
        .unwrap();
    assert_eq!(report.repush.pushed, std::slice::from_ref(&here));
    assert_booked(&counter, &here);
    assert_eq!(counter.cause(&elsewhere).as_deref(), Some("F24"));

    let report = engine.repush_in(&Which::All, &shown).await.unwrap();
    assert_eq!(report.pushed, Vec::<String>::new());
    assert_eq!(counter.documents(&elsewhere), 0);
    let report = engine.repush_in(&Which::All, &Scope::default()).await.unwrap();
    assert_eq!(report.pushed, [elsewhere]);
}

#[tokio::test(start_paused = true)]
async fn an_order_with_an_unknown_outcome_never_goes_with_a_group() {
    let counter = Counter::open(OrderMode::Neither, 7).await;
    let number = counter.order(MeituanShangou, &[BREAD]);
    counter.world().faults.add(sim::FaultRule::once(
        sim::Service::Ama,
        "nhsoft.oms.saleorder.upload",
        sim::FaultKind::LostAnswer,
    ));
    counter.round().await;
    tokio::time::advance(std::time::Duration::from_mins(1)).await;
    counter.round().await;
    assert_eq!(counter.cause(&number).as_deref(), Some("UNKNOWN"));
    let report = counter
        .engine()
        .fix_cause("UNKNOWN", None, &Scope::default())
        .await
        .unwrap();
    assert_eq!((report.repush.pushed.len(), report.repush.undecided), (0, 1));
    assert_eq!(counter.documents(&number), 1);
}

#[tokio::test(start_paused = true)]
async fn of_two_twins_that_want_one_product_the_first_is_bound_and_the_other_left() {
    let counter = counter().await;
    let (listing, _) = counter.listings[&(MeituanShangou, BREAD)].clone();
    let group = counter
        .world()
        .listing(MeituanShangou, SHANGOU, &listing)
        .unwrap()
        .group_ids
        .clone();
    let mut numbers = Vec::new();
    let mut twins = Vec::new();
    for code in ["TWIN-1", "TWIN-2"] {
        let twin = NewListing {
            code: code.into(),
            name: GOODS[BREAD].0.into(),
            group_ids: group.clone(),
            specs: vec![NewSpec {
                code: code.into(),
                name: "单规格".into(),
                price_fen: 990,
                stock: 9,
                ..NewSpec::default()
            }],
            ..NewListing::default()
        };
        twins.push(
            counter
                .world()
                .add_listing(MeituanShangou, SHANGOU, twin)
                .unwrap(),
        );
    }
    counter.engine().pull_store(counter.shangou).await.unwrap();
    for twin in &twins {
        numbers.push(counter.order_of(MeituanShangou, vec![RequestedLine::of(twin, 1)]));
    }
    counter.round().await;
    for number in &numbers {
        assert_eq!(counter.cause(number).as_deref(), Some("F01b"));
    }
    let report = counter
        .engine()
        .fix_cause("F01b", Some("bind"), &Scope::default())
        .await
        .unwrap();
    assert_eq!((report.fixed, report.left.len()), (1, 1), "{report:?}");
    let bound = counter.bound(counter.shangou, counter.skus[BREAD]).unwrap();
    let row = counter
        .engine()
        .db()
        .read(|c| storage::listing::sku(c, bound))
        .unwrap();
    assert_eq!(row.outer_sku_code, "TWIN-1");
}

#[tokio::test(start_paused = true)]
async fn ticked_orders_of_which_one_went_meanwhile_are_still_repushed() {
    let counter = counter().await;
    let went = counter.order(Ebai, &[BREAD]);
    counter.round().await;
    counter.world().erp_set_receive(BRANCH, false).unwrap();
    let waits = counter.order(Ebai, &[BREAD]);
    counter.round().await;
    counter.world().erp_set_receive(BRANCH, true).unwrap();
    let ids: Vec<OrderId> = [&went, &waits].map(|number| counter.stored(number).id).into();
    counter.engine().repush_orders(&ids).await.unwrap();
    assert_eq!(counter.stored(&waits).push_state, PushState::Pushed);
    assert_eq!((counter.documents(&went), counter.documents(&waits)), (1, 1));
}
