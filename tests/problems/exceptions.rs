//! F01 to F03, F08, F19, F24: orders that the ERP did not take.

use domain::finding::Remedy;
use domain::order::PushState;
use sim::PlatformId::{Ebai, MeituanShangou};
use sim::world::{NewListing, NewSpec, OrderMode, RequestedLine};
use storage::exception::Which;
use suites::{BRANCH, Counter, GOODS, SHANGOU};

const WATER: usize = 0;
const MILK_BOX: usize = 1;
const BREAD: usize = 3;

pub(crate) async fn counter() -> Counter {
    Counter::open(OrderMode::Lookup, 7).await
}

/// The order is in the ERP once, and nothing is left of the exception.
pub(crate) fn assert_booked(counter: &Counter, number: &str) {
    let why = counter
        .engine()
        .db()
        .read(|c| storage::exception::get(c, counter.stored(number).id))
        .unwrap();
    assert_eq!(
        counter.stored(number).push_state,
        PushState::Pushed,
        "{number}: {why:?}"
    );
    assert_eq!(
        counter.documents(number),
        1,
        "{number} is in the ERP exactly once"
    );
    assert_eq!(counter.cause(number), None);
}

/// Runs the first remedy of a kind on the order's exception.
async fn remedy(counter: &Counter, number: &str, kind: &str) {
    let explained = counter.engine().explain(counter.stored(number).id).unwrap();
    let chosen = explained
        .remedies
        .iter()
        .find(|remedy| engine::orders::remedy_kind(remedy) == kind)
        .unwrap_or_else(|| panic!("{kind} among {:?}", explained.remedies));
    counter.engine().run_remedy(chosen).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_ordinary_order_goes_straight_into_the_erp() {
    let counter = counter().await;
    for platform in [MeituanShangou, Ebai] {
        let number = counter.order(platform, &[WATER, MILK_BOX, BREAD]);
        counter.round().await;
        assert_booked(&counter, &number);
        assert_eq!(counter.stored(&number).healed, "");
    }
}

#[tokio::test(start_paused = true)]
async fn f01a_a_renamed_listing_is_explained_character_by_character_and_mended() {
    let counter = counter().await;
    let (listing, spec) = counter.listings[&(MeituanShangou, MILK_BOX)].clone();
    counter
        .world()
        .rename_spec(MeituanShangou, SHANGOU, &listing, &spec, "250ml×12盒/件")
        .unwrap();
    // The platform issued a new code as well, so that neither rule finds it.
    counter
        .world()
        .change_sku_code(MeituanShangou, SHANGOU, &listing, &spec, "MT-NEW-1")
        .unwrap();
    let number = counter.order(MeituanShangou, &[MILK_BOX]);
    counter.round().await;
    assert_eq!(counter.cause(&number).as_deref(), Some("F01a"));

    let explained = counter.engine().explain(counter.stored(&number).id).unwrap();
    assert_eq!((explained.first_hits, explained.repush_hits), (0, 0));
    let (_, diff) = explained.diffs.first().expect("the texts are compared");
    assert!(
        diff.iter()
            .any(|c| c.character == '×' && c.code_point == "U+00D7")
    );

    remedy(&counter, &number, "reread").await;
    assert_booked(&counter, &number);
}

#[tokio::test(start_paused = true)]
async fn f01a_the_library_can_take_the_orders_text_and_that_can_be_undone() {
    let counter = counter().await;
    let (listing, spec) = counter.listings[&(MeituanShangou, MILK_BOX)].clone();
    counter
        .world()
        .rename_spec(MeituanShangou, SHANGOU, &listing, &spec, "250ml×12盒/件")
        .unwrap();
    counter
        .world()
        .change_sku_code(MeituanShangou, SHANGOU, &listing, &spec, "MT-NEW-1")
        .unwrap();
    let number = counter.order(MeituanShangou, &[MILK_BOX]);
    counter.round().await;
    remedy(&counter, &number, "adopt_order_text").await;
    assert_booked(&counter, &number);
    let sku = counter
        .engine()
        .db()
        .read(|c| storage::product::sku_of(c, counter.skus[MILK_BOX]))
        .unwrap();
    assert_eq!(sku.spec_name, "250ml×12盒/件");
}

#[tokio::test(start_paused = true)]
async fn f01b_the_unbound_twin_in_the_order_is_named_and_bound_instead() {
    let counter = counter().await;
    let (listing, _) = counter.listings[&(MeituanShangou, BREAD)].clone();
    let group = counter
        .world()
        .listing(MeituanShangou, SHANGOU, &listing)
        .unwrap()
        .group_ids
        .clone();
    let twin = NewListing {
        code: "TWIN-1".into(),
        name: GOODS[BREAD].0.into(),
        group_ids: group,
        specs: vec![NewSpec {
            code: "TWIN-1".into(),
            name: "单规格".into(),
            price_fen: 990,
            stock: 9,
            ..NewSpec::default()
        }],
        ..NewListing::default()
    };
    let twin = counter
        .world()
        .add_listing(MeituanShangou, SHANGOU, twin)
        .unwrap();
    counter.engine().pull_store(counter.shangou).await.unwrap();
    let number = counter.order_of(MeituanShangou, vec![RequestedLine::of(&twin, 1)]);
    counter.round().await;
    assert_eq!(counter.cause(&number).as_deref(), Some("F01b"));

    remedy(&counter, &number, "bind").await;
    assert_booked(&counter, &number);
    let bound = counter
        .bound(counter.shangou, counter.skus[BREAD])
        .expect("the twin took the binding");
    let row = counter
        .engine()
        .db()
        .read(|c| storage::listing::sku(c, bound))
        .unwrap();
    assert_eq!(row.outer_sku_code, "TWIN-1");
}

#[tokio::test(start_paused = true)]
async fn f01c_a_single_spec_whose_spec_became_grams_heals_by_itself_with_a_badge() {
    let counter = counter().await;
    let (listing, spec) = counter.listings[&(MeituanShangou, BREAD)].clone();
    counter
        .world()
        .rename_spec(MeituanShangou, SHANGOU, &listing, &spec, "360克")
        .unwrap();
    let number = counter.order(MeituanShangou, &[BREAD]);
    counter.round().await;
    assert_booked(&counter, &number);
    assert_eq!(counter.stored(&number).healed, "F01c");
}

/// A newer rule pack, as it can be dropped into the data folder, in which single specs repush by name and spec too.
fn keep_f01c_to_waimai(counter: &mut Counter) {
    let ours = include_str!("../../assets/rules/meituan_shangou.toml");
    let by_name = "\nsingle = [\"product_name\"]\n";
    assert!(ours.contains(by_name));
    let newer = ours
        .replace(by_name, "\nsingle = [\"product_name\", \"spec_name\"]\n")
        .replace("date = \"2026", "date = \"2027");
    let rules = counter.folder.path().join("rules");
    std::fs::create_dir_all(&rules).unwrap();
    std::fs::write(rules.join("meituan_shangou.toml"), newer).unwrap();
    counter.crash();
    counter.start();
}

#[tokio::test(start_paused = true)]
async fn f01c_with_its_flag_off_the_changed_spec_is_an_exception_that_shows_both_texts() {
    let mut counter = counter().await;
    keep_f01c_to_waimai(&mut counter);
    let (listing, spec) = counter.listings[&(MeituanShangou, BREAD)].clone();
    counter
        .world()
        .rename_spec(MeituanShangou, SHANGOU, &listing, &spec, "360克")
        .unwrap();
    let number = counter.order(MeituanShangou, &[BREAD]);
    counter.round().await;
    assert_eq!(counter.cause(&number).as_deref(), Some("F01a"));
    assert_eq!(counter.documents(&number), 0);
    assert_eq!(counter.stored(&number).healed, "");

    let explained = counter.engine().explain(counter.stored(&number).id).unwrap();
    assert_eq!((explained.first_hits, explained.repush_hits), (0, 0));
    let params = &explained.exception.params;
    assert_eq!(
        (params["listing_name"].as_str(), params["listing_spec"].as_str()),
        (GOODS[BREAD].0, GOODS[BREAD].1)
    );

    remedy(&counter, &number, "reread").await;
    assert_booked(&counter, &number);
}

#[tokio::test(start_paused = true)]
async fn f01d_an_empty_item_code_is_suggested_from_the_erp_by_barcode() {
    let counter = counter().await;
    counter
        .engine()
        .set_sku_field(counter.skus[WATER], domain::finding::EditField::ItemCode, "")
        .unwrap();
    let number = counter.order(Ebai, &[WATER]);
    counter.round().await;
    assert_eq!(counter.cause(&number).as_deref(), Some("F01d"));

    remedy(&counter, &number, "relink_erp").await;
    assert_booked(&counter, &number);
    let sku = counter
        .engine()
        .db()
        .read(|c| storage::product::sku_of(c, counter.skus[WATER]))
        .unwrap();
    assert_eq!(sku.item_code, GOODS[WATER].2);
}

#[tokio::test(start_paused = true)]
async fn f01e_a_binding_that_survived_its_product_is_swept_and_bound_again() {
    let counter = counter().await;
    let bound = counter.bound(counter.shangou, counter.skus[BREAD]).unwrap();
    let product = counter
        .engine()
        .db()
        .read(|c| storage::product::of_sku(c, counter.skus[BREAD]))
        .unwrap()
        .unwrap();
    let origin = counter.engine().by_user("batch.delete");
    // Refused while bindings exist …
    let refused: Result<(), storage::error::StorageError> = counter.engine().db().write(|tx| {
        let mut changes = storage::change::Changes::begin(tx, &origin)?;
        storage::product::delete(&mut changes, suites::NOON, product)
    });
    assert!(matches!(
        refused,
        Err(storage::error::StorageError::Conflict {
            what: "product_bound"
        })
    ));
    // … so the situation is made the way old data brings it: the product row is gone, the binding is not.
    counter
        .engine()
        .db()
        .write(|tx| {
            tx.execute("UPDATE product SET deleted_at = 1 WHERE id = ?1", [product.0])?;
            Ok::<_, storage::error::StorageError>(())
        })
        .unwrap();
    let number = counter.order(MeituanShangou, &[BREAD]);
    counter.round().await;
    assert_eq!(counter.cause(&number).as_deref(), Some("F01e"));

    remedy(&counter, &number, "sweep_orphans").await;
    assert_eq!(
        counter.cause(&number).as_deref(),
        Some("F02b"),
        "now it is plainly unbound"
    );
    counter
        .engine()
        .run_remedy(&Remedy::Bind {
            listing_sku: bound,
            sku: counter.skus[WATER],
        })
        .await
        .unwrap();
    assert_booked(&counter, &number);
}

#[tokio::test(start_paused = true)]
async fn f01f_renaming_a_store_changes_a_label_and_nothing_else() {
    let counter = counter().await;
    let patch = storage::store::StorePatch {
        name: Some("禾记便利·江畔店".into()),
        ..Default::default()
    };
    counter.engine().update_store(counter.shangou, &patch).unwrap();
    let number = counter.order(MeituanShangou, &[WATER]);
    counter.round().await;
    assert_booked(&counter, &number);
}

#[tokio::test(start_paused = true)]
async fn f01f_a_store_without_any_binding_is_told_as_one_cause_and_bindings_are_copied() {
    let counter = counter().await;
    for sku in &counter.skus {
        let bound = counter.bound(counter.shangou, *sku).unwrap();
        counter
            .engine()
            .run_remedy(&Remedy::Unbind { listing_sku: bound })
            .await
            .unwrap();
    }
    let number = counter.order(MeituanShangou, &[WATER]);
    counter.round().await;
    assert_eq!(counter.cause(&number).as_deref(), Some("F01f"));
    // Both stores sell the same goods: the bindings of the one serve the other.
    let copy = Remedy::CopyBindings {
        from: counter.ebai,
        to: counter.shangou,
    };
    counter.engine().run_remedy(&copy).await.unwrap();
    assert_booked(&counter, &number);
}

#[tokio::test(start_paused = true)]
async fn f02a_a_renumbered_sku_goes_by_the_repush_rule_at_once() {
    let counter = counter().await;
    for platform in [MeituanShangou, Ebai] {
        let shop = if platform == Ebai { suites::EBAI } else { SHANGOU };
        let (listing, spec) = counter.listings[&(platform, WATER)].clone();
        counter
            .world()
            .change_sku_code(platform, shop, &listing, &spec, "RENUMBERED")
            .unwrap();
        let number = counter.order(platform, &[WATER]);
        counter.round().await;
        assert_booked(&counter, &number);
        assert_eq!(counter.stored(&number).healed, "F02a", "{platform}");
    }
}

#[tokio::test(start_paused = true)]
async fn f02b_f08_binding_repushes_the_orders_that_waited_for_it() {
    let counter = counter().await;
    let bound = counter.bound(counter.ebai, counter.skus[WATER]).unwrap();
    counter
        .engine()
        .run_remedy(&Remedy::Unbind { listing_sku: bound })
        .await
        .unwrap();
    let numbers: Vec<String> = (0..3).map(|_| counter.order(Ebai, &[WATER])).collect();
    counter.round().await;
    for number in &numbers {
        assert_eq!(counter.cause(number).as_deref(), Some("F02b"));
    }
    counter
        .engine()
        .run_remedy(&Remedy::Bind {
            listing_sku: bound,
            sku: counter.skus[WATER],
        })
        .await
        .unwrap();
    for number in &numbers {
        assert_booked(&counter, number);
    }
    let told = counter
        .engine()
        .db()
        .read(|c| storage::order::events(c, counter.stored(&numbers[0]).id))
        .unwrap();
    let kinds: Vec<&str> = told.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "order.placed",
            "order.read",
            "order.exception",
            "order.repush",
            "order.pushed"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn f03_a_deleted_erp_item_is_named_by_the_erps_own_words_and_relinked() {
    let counter = counter().await;
    let code = GOODS[BREAD].2;
    counter.world().erp_delete_item(code).unwrap();
    let number = counter.order(MeituanShangou, &[BREAD]);
    counter.round().await;
    assert_eq!(counter.cause(&number).as_deref(), Some("F03"));
    let explained = counter.engine().explain(counter.stored(&number).id).unwrap();
    assert!(
        explained.exception.raw.contains("没有匹配商品"),
        "{}",
        explained.exception.raw
    );
    assert_eq!(
        explained.exception.params.get("code").map(String::as_str),
        Some(code)
    );

    // The owner made the item anew under another number; its barcode is the same.
    let mut item = counter.world().erp.items[code].clone();
    item.num = "1022611180000217".into();
    item.code.clone_from(&item.num);
    item.deleted = false;
    counter.world().erp_add_item(item).unwrap();
    counter.engine().pull_erp_items(counter.erp).await.unwrap();
    remedy(&counter, &number, "relink_erp").await;
    assert_booked(&counter, &number);
}

#[tokio::test(start_paused = true)]
async fn f03_vanished_codes_are_told_before_an_order_meets_them() {
    let counter = counter().await;
    counter.world().erp_delete_item(GOODS[BREAD].2).unwrap();
    counter.engine().pull_erp_items(counter.erp).await.unwrap();
    let codes = counter
        .engine()
        .db()
        .read(|c| storage::erp_cache::codes(c, counter.erp))
        .unwrap();
    assert_eq!(codes.get(GOODS[BREAD].2), Some(&true));
}

#[tokio::test(start_paused = true)]
async fn f19a_a_code_beyond_64_bits_is_caught_before_the_erp_chokes_on_it() {
    let counter = counter().await;
    let long = "10223111500047340021";
    counter
        .engine()
        .set_sku_field(counter.skus[WATER], domain::finding::EditField::ItemCode, long)
        .unwrap();
    let number = counter.order(MeituanShangou, &[WATER]);
    counter.round().await;
    assert_eq!(counter.cause(&number).as_deref(), Some("F19a"));
    remedy(&counter, &number, "relink_erp").await;
    assert_booked(&counter, &number);
}

#[tokio::test(start_paused = true)]
async fn f19b_a_branch_number_with_special_characters_is_stripped() {
    let counter = counter().await;
    let patch = storage::store::StorePatch {
        offline_code: Some(format!("{BRANCH}\u{3000}")),
        ..Default::default()
    };
    counter.engine().update_store(counter.shangou, &patch).unwrap();
    let number = counter.order(MeituanShangou, &[WATER]);
    counter.round().await;
    assert_eq!(counter.cause(&number).as_deref(), Some("F19b"));
    remedy(&counter, &number, "clean_offline_code").await;
    assert_booked(&counter, &number);
}

#[tokio::test(start_paused = true)]
async fn f24_opening_the_switch_is_verified_with_one_order_and_then_all_go() {
    let counter = counter().await;
    counter.world().erp_set_receive(BRANCH, false).unwrap();
    let numbers: Vec<String> = (0..4).map(|_| counter.order(Ebai, &[BREAD])).collect();
    counter.round().await;
    for number in &numbers {
        assert_eq!(counter.cause(number).as_deref(), Some("F24"));
    }
    let verify = Remedy::VerifyErpSwitch { store: counter.ebai };
    // Not opened yet: one try, no storm.
    let before = counter.world().ledger.calls("ama/nhsoft.oms.saleorder.upload");
    counter.engine().run_remedy(&verify).await.unwrap();
    assert_eq!(
        counter.world().ledger.calls("ama/nhsoft.oms.saleorder.upload"),
        before + 1
    );

    counter.world().erp_set_receive(BRANCH, true).unwrap();
    counter.engine().run_remedy(&verify).await.unwrap();
    for number in &numbers {
        assert_booked(&counter, number);
    }
}

#[tokio::test(start_paused = true)]
async fn one_click_repushes_all_and_three_identical_failures_stop_the_automatic_ones() {
    let counter = counter().await;
    counter.world().erp_set_receive(BRANCH, false).unwrap();
    let number = counter.order(MeituanShangou, &[BREAD]);
    counter.round().await;
    for _ in 0..2 {
        // The store is read again and again; each time the order is tried by itself.
        counter.engine().pull_store(counter.shangou).await.unwrap();
        counter.round().await;
    }
    let id = counter.stored(&number).id;
    let stopped = |counter: &Counter| {
        counter
            .engine()
            .db()
            .read(|c| storage::exception::get(c, id))
            .unwrap()
            .unwrap()
    };
    assert!(stopped(&counter).stopped);
    let tried = counter.world().ledger.calls("ama/nhsoft.oms.saleorder.upload");
    counter.engine().pull_store(counter.shangou).await.unwrap();
    counter.round().await;
    assert_eq!(
        counter.world().ledger.calls("ama/nhsoft.oms.saleorder.upload"),
        tried,
        "it waits for a person now"
    );

    counter.world().erp_set_receive(BRANCH, true).unwrap();
    let report = counter.engine().repush(&Which::All).await.unwrap();
    assert_eq!(report.pushed, vec![number.clone()]);
    assert_booked(&counter, &number);
}

#[tokio::test(start_paused = true)]
async fn an_order_cancelled_while_it_waited_is_closed_and_never_pushed() {
    let counter = counter().await;
    counter.world().erp_set_receive(BRANCH, false).unwrap();
    let number = counter.order(MeituanShangou, &[BREAD]);
    counter.round().await;
    assert_eq!(counter.cause(&number).as_deref(), Some("F24"));
    counter.world().cancel_order(&number).unwrap();
    counter.world().erp_set_receive(BRANCH, true).unwrap();
    counter.round().await;
    assert_eq!(counter.stored(&number).push_state, PushState::Closed);
    assert_eq!(counter.stored(&number).closed_reason, "cancelled");
    assert_eq!(counter.documents(&number), 0);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_without_lookup_waits_for_the_manager() {
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
    let report = counter.engine().repush(&Which::All).await.unwrap();
    assert_eq!((report.pushed.len(), report.undecided), (0, 1), "never by itself");
    // The manager looked into the ERP and saw it there.
    remedy(&counter, &number, "close_order").await;
    assert_eq!(counter.documents(&number), 1);
}
