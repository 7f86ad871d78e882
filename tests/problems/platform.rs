//! Rows in which the platform's own answer is the news: what is retried, what is healed, what is explained.

use crate::kit::{WATER, counter, gone, only, set, sync};
use connect::session::Credentials;
use domain::finding::{EditField, Remedy};
use domain::id::SkuId;
use domain::product::SINGLE_SPEC;
use domain::store::AuthorizationState;
use sim::PlatformId::{Ebai, MeituanShangou};
use sim::world::{Authorization, NewListing, NewSpec};
use sim::{ErrorShape, FaultKind, FaultRule, FaultWhen, Service};
use storage::change::Changes;
use storage::product::{NewProduct, SkuData};
use suites::{Counter, EBAI, GOODS, NOON, SHANGOU};

use engine::sync::plan::Choices;

fn next(counter: &Counter, service: Service, call: &str, count: u32, fault: FaultKind) {
    counter.world().faults.add(FaultRule {
        service: Some(service),
        call: Some(call.to_owned()),
        fault,
        when: FaultWhen::Next { count, skip: 0 },
    });
}

fn price_there(counter: &Counter) -> i64 {
    let (listing, _) = &counter.listings[&(Ebai, WATER)];
    counter.world().listing(Ebai, EBAI, listing).unwrap().specs[0].price_fen
}

async fn raise_price(counter: &Counter) -> engine::sync::report::SyncReport {
    let sku = counter.skus[WATER];
    counter
        .engine()
        .set_sku_field(sku, EditField::Price, "260")
        .unwrap();
    counter
        .engine()
        .sync_apply(&[counter.ebai], &Choices::default())
        .await
        .unwrap()
}

/// The words of the step at which a connection test failed.
async fn failed_step(counter: &Counter) -> (String, String) {
    let tested = counter.engine().test_store(counter.ebai).await.unwrap();
    let step = tested
        .steps
        .iter()
        .find(|step| step.state == "failed")
        .expect("a step failed");
    let said = api::words::words("zh-CN").sentence(&step.words, &step.params);
    assert!(said != step.words && !said.contains(['{', '}']), "{said}");
    (step.words.clone(), said)
}

#[tokio::test(start_paused = true)]
async fn f16_a_throttled_sync_waits_and_goes_on_where_it_stopped() {
    for shape in [ErrorShape::Envelope, ErrorShape::Bare] {
        let counter = counter().await;
        next(&counter, Service::Ebai, "*", 2, FaultKind::Throttle { shape });
        let report = raise_price(&counter).await;
        assert_eq!(
            (report.rejected, report.unknown, report.queued),
            (0, 0, 0),
            "{report:?}"
        );
        assert_eq!(price_there(&counter), 260);
    }
}

#[tokio::test(start_paused = true)]
async fn f54_a_busy_gateway_is_asked_again() {
    for code in ["gw.ISPInvokeError", "gw.ISPConnectError", "gw.ISPInvokeTimeout"] {
        let counter = counter().await;
        let fault = FaultKind::Gateway {
            code: code.to_owned(),
            shape: ErrorShape::Envelope,
        };
        next(&counter, Service::Ebai, "*", 1, fault);
        let report = raise_price(&counter).await;
        assert_eq!(
            (report.rejected, report.unknown, report.queued),
            (0, 0, 0),
            "{code}: {report:?}"
        );
        assert_eq!(price_there(&counter), 260, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn f52_f53_f55_a_refused_application_is_told_apart_and_works_when_it_is_mended() {
    for (code, words) in [
        ("gw.APIACLDecline", "finding.F52"),
        ("gw.AppKeyNotFound", "finding.F53"),
        ("gw.SignatureInvalid", "finding.F55"),
    ] {
        let counter = counter().await;
        counter.world().faults.add(FaultRule {
            service: Some(Service::Ebai),
            call: None,
            fault: FaultKind::Gateway {
                code: code.to_owned(),
                shape: ErrorShape::Envelope,
            },
            when: FaultWhen::Always,
        });
        let (told, said) = failed_step(&counter).await;
        assert_eq!(told, words, "{code}: {said}");
        let calls = || counter.world().ledger.calls("ebai/sku.list");
        let before = calls();
        assert!(counter.engine().pull_store(counter.ebai).await.is_err());
        assert!(calls() <= before + 1, "{code} is not retried");
        counter.world().faults.clear();
        assert!(counter.engine().test_store(counter.ebai).await.unwrap().is_ok());
        counter.engine().pull_store(counter.ebai).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn f28_a_code_that_changed_there_is_read_again_and_its_stock_arrives() {
    let counter = counter().await;
    let (listing, spec) = counter.listings[&(MeituanShangou, WATER)].clone();
    counter
        .world()
        .erp_set_stock(suites::BRANCH, GOODS[WATER].2, 17_000)
        .unwrap();
    counter
        .world()
        .change_sku_code(MeituanShangou, SHANGOU, &listing, &spec, "CHANGED-1")
        .unwrap();
    let pushed = counter
        .engine()
        .push_stock(&[counter.shangou], true)
        .await
        .unwrap();
    assert_eq!(
        (pushed[0].rejected, pushed[0].error.clone()),
        (0, None),
        "{pushed:?}"
    );
    let world = counter.world();
    let there = world.listing(MeituanShangou, SHANGOU, &listing).unwrap();
    assert_eq!(there.specs[0].stock, 17);
    drop(world);
    assert!(
        counter.bound(counter.shangou, counter.skus[WATER]).is_some(),
        "still bound"
    );
}

/// What the app thinks of the authorization of a store.
fn authorization(counter: &Counter) -> (AuthorizationState, String) {
    let read = counter.engine().db().read(|c| {
        let account = storage::store::get(c, counter.shangou)?.store.account;
        storage::account::get(c, account)
    });
    let account = read.unwrap();
    (account.state, account.state_text)
}

#[tokio::test(start_paused = true)]
async fn f43_an_expired_authorization_stops_the_sync_and_the_new_one_finishes_it() {
    let counter = counter().await;
    let store = counter.shangou;
    let authorize = |state| {
        let mut world = counter.world();
        world.set_authorization(MeituanShangou, SHANGOU, state).unwrap();
    };
    authorize(Authorization::Expired);
    set(&counter, WATER, EditField::Price, "230");
    let ended = counter.engine().sync_apply(&[store], &Choices::default()).await;
    assert!(ended.is_err(), "{ended:?}");
    let (state, text) = authorization(&counter);
    assert_eq!(state, AuthorizationState::Expired, "{text}");
    let tested = counter.engine().test_store(store).await.unwrap();
    let failed = tested.steps.iter().find(|step| step.state == "failed").unwrap();
    assert_eq!(failed.words, "finding.F43", "{failed:?}");

    // 去授权, and the interrupted action goes on: nothing has to be planned anew.
    authorize(Authorization::Valid);
    let account = counter.engine().db().read(|c| storage::store::get(c, store));
    let account = account.unwrap().store.account;
    let renewed = counter.engine().authorize(account, Credentials::default()).await;
    assert!(renewed.unwrap().kept || authorization(&counter).0 == AuthorizationState::Valid);
    let report = counter.engine().sync_resume(&[store]).await.unwrap();
    assert_eq!((report.confirmed, report.rejected), (1, 0), "{report:?}");
    let (listing, _) = &counter.listings[&(MeituanShangou, WATER)];
    let world = counter.world();
    let there = world.listing(MeituanShangou, SHANGOU, listing).unwrap();
    assert_eq!(there.specs[0].price_fen, 230);
}

/// A product that the shop made by hand in the platform's console, without codes, bound to one of the library.
async fn bound_by_hand(counter: &Counter, group: &str) -> (String, SkuId) {
    let listing = NewListing {
        name: "手工馒头".to_owned(),
        group_ids: vec![group.to_owned()],
        pictures: vec!["http://127.0.0.1:9/pictures/1.jpg".to_owned()],
        specs: vec![NewSpec {
            name: SINGLE_SPEC.to_owned(),
            upc: "6901234567892".to_owned(),
            price_fen: 300,
            stock: 9,
            ..NewSpec::default()
        }],
        ..NewListing::default()
    };
    let listing = counter
        .world()
        .add_listing(MeituanShangou, SHANGOU, listing)
        .unwrap();
    let new = NewProduct {
        name: "手工馒头".to_owned(),
        skus: vec![SkuData {
            spec_name: SINGLE_SPEC.to_owned(),
            item_code: "1022311150001902".to_owned(),
            barcode: "6901234567892".to_owned(),
            price_fen: Some(350),
            stock: Some(9),
            base_quantity_milli: 1_000,
            ..SkuData::default()
        }],
        ..NewProduct::default()
    };
    let origin = counter.engine().by_user("batch.edit");
    let made = counter.engine().db().write(|tx| {
        let mut changes = Changes::begin(tx, &origin)?;
        let (_, skus) = storage::product::insert(&mut changes, NOON, &new)?;
        changes.finish(false)?;
        Ok::<_, storage::error::StorageError>(skus[0])
    });
    let sku = made.unwrap();
    counter.engine().pull_store(counter.shangou).await.unwrap();
    let rows = counter
        .engine()
        .db()
        .read(|c| storage::listing::of_store(c, counter.shangou))
        .unwrap();
    let row = rows.iter().find(|row| row.name == "手工馒头").unwrap();
    let bind = Remedy::Bind {
        listing_sku: row.id,
        sku,
    };
    counter.engine().run_remedy(&bind).await.unwrap();
    (listing, sku)
}

#[tokio::test(start_paused = true)]
async fn f40_a_stale_group_is_read_again_and_the_codes_are_bound_at_the_second_try() {
    let counter = counter().await;
    let group = counter
        .world()
        .add_group(MeituanShangou, SHANGOU, "面点", None)
        .unwrap();
    let (listing, _) = bound_by_hand(&counter, &group).await;
    // Renamed there after we read it: the platform finds no such product in the old group.
    counter
        .world()
        .rename_group(MeituanShangou, SHANGOU, &group, "主食面点")
        .unwrap();
    let calls = |call: &str| counter.world().ledger.calls(call);
    let read = calls("meituan_shangou/retail/list");
    let report = sync(&counter, counter.shangou).await;
    assert_eq!((report.rejected, report.unknown), (0, 0), "{report:?}");
    assert!(
        calls("meituan_shangou/retail/list") > read,
        "the store was read again"
    );
    let world = counter.world();
    let there = world.listing(MeituanShangou, SHANGOU, &listing).unwrap();
    assert_eq!(there.specs[0].code, "1022311150001902");
    assert_eq!(
        there.specs[0].price_fen, 350,
        "and what waited for the codes went too"
    );
}
#[tokio::test(start_paused = true)]
async fn f40_twins_that_the_platform_cannot_tell_apart_are_left_alone_until_one_has_another_name() {
    let counter = counter().await;
    let group = counter
        .world()
        .add_group(MeituanShangou, SHANGOU, "面点", None)
        .unwrap();
    let (listing, _) = bound_by_hand(&counter, &group).await;
    // Made there after we read: the platform refuses to guess which of the two is meant.
    let twin = counter
        .world()
        .duplicate_listing(MeituanShangou, SHANGOU, &listing)
        .unwrap();
    let refused = sync(&counter, counter.shangou).await;
    assert_eq!(refused.rejected, 1, "{refused:?}");
    let finding = only(&counter, counter.shangou, "F40b");
    assert_eq!(finding.params["name"], "手工馒头");
    assert_eq!(finding.params["count"], "2");
    let held = sync(&counter, counter.shangou).await;
    assert_eq!((held.rejected, held.unknown), (0, 0), "{held:?}");
    counter
        .world()
        .rename_listing(MeituanShangou, SHANGOU, &twin, "手工馒头（旧）")
        .unwrap();
    counter.engine().run_remedy(&finding.remedies[0]).await.unwrap();
    gone(&counter, counter.shangou, "F40b");
    let report = sync(&counter, counter.shangou).await;
    assert_eq!((report.rejected, report.unknown), (0, 0), "{report:?}");
    let world = counter.world();
    let there = world.listing(MeituanShangou, SHANGOU, &listing).unwrap();
    assert_eq!(there.specs[0].code, "1022311150001902");
    assert_eq!(there.specs[0].price_fen, 350);
}
