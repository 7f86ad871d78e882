//! Rows in which the platform's own answer is the news: what is retried, what is healed, what is explained.

use sim::PlatformId::{Ebai, MeituanShangou};
use sim::world::OrderMode;
use sim::{ErrorShape, FaultKind, FaultRule, FaultWhen, Service};
use suites::{Counter, EBAI, GOODS, SHANGOU};

use domain::finding::EditField;
use engine::sync::plan::Choices;

const WATER: usize = 0;

async fn counter() -> Counter {
    Counter::open(OrderMode::Lookup, 7).await
}

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
