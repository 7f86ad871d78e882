//! Steps of one product that need one another: our codes before its numbers, a group before what stands in it.

use crate::kit::{Kit, MT, SHOP};
use domain::finding::EditField;
use engine::sync::plan::Choices;
use sim::{FaultKind, FaultRule, FaultWhen, Service};
use std::time::Duration;

/// Listed there without any code of ours.
const PLATTER: &str = "现切水果拼盘";
const CODING: &str = "retail/updateAppFoodCode*";

fn refusal() -> FaultKind {
    FaultKind::Refuse {
        code: 1,
        message: "绑定自定义商品编码失败".to_owned(),
    }
}

/// Every giving of codes is refused from now on.
fn refuse_codes(kit: &Kit) {
    let rule = FaultRule {
        when: FaultWhen::Next {
            count: u32::MAX,
            skip: 0,
        },
        ..FaultRule::once(Service::MeituanShangou, CODING, refusal())
    };
    kit.simulator.world().faults.add(rule);
}

fn code_there(kit: &Kit) -> String {
    let world = kit.simulator.world();
    let shop = world.shop(MT, SHOP).unwrap();
    let listing = shop.listings.values().find(|one| one.name == PLATTER).unwrap();
    listing.specs[0].code.clone()
}

#[tokio::test(start_paused = true)]
async fn stock_of_a_product_without_codes_waits_for_its_codes() {
    let kit = Kit::new(MT).await;
    kit.simulator.world().erp_set_stock("99", "55", 6_000).unwrap();
    let (_, sku) = kit.product(PLATTER, "55", "", 2_680);
    let row = kit.listed(PLATTER);
    // Binding pushes the stock at once, before any sync has written codes.
    kit.engine.bind_pairs(&[(row.id, sku)], false).await.unwrap();
    assert_eq!(code_there(&kit), "55");
    assert_eq!(kit.there(MT, PLATTER).1, 6);
    let states = kit.engine.db().read(|c| storage::task::counts(c, None)).unwrap();
    assert_eq!(states.get("rejected"), None, "{states:?}");
    let again = kit.engine.push_stock(&[kit.store], false).await.unwrap();
    assert_eq!((again[0].sent, again[0].rejected, again[0].same), (0, 0, 1));
}

#[tokio::test(start_paused = true)]
async fn numbers_wait_for_codes_that_were_refused_and_go_when_those_are_taken() {
    let kit = Kit::new(MT).await;
    kit.bound(PLATTER, "55", "", 2_880);
    refuse_codes(&kit);
    let report = kit
        .engine
        .sync_apply(&[kit.store], &Choices::default())
        .await
        .unwrap();
    assert_eq!((report.rejected, report.confirmed), (1, 0), "{report:?}");
    assert!(
        report.waiting >= 1 && report.waiting == report.queued,
        "{report:?}"
    );
    let waits = report.rejections.last().unwrap();
    assert_eq!(
        (waits.id.as_str(), waits.params["what"].as_str()),
        ("waits_for", PLATTER)
    );
    assert_eq!(kit.calls("meituan_shangou/retail/sku/price"), 0);

    // A second look without anything settled changes nothing.
    let idle = kit.engine.sync_resume(&[kit.store]).await.unwrap();
    assert_eq!((idle.waiting, idle.rejected), (report.waiting, 0), "{idle:?}");

    kit.simulator.world().faults.clear();
    assert_eq!(kit.engine.requeue_rejected(None, "").unwrap().count, 1);
    let resumed = kit.engine.sync_resume(&[kit.store]).await.unwrap();
    assert_eq!(
        (resumed.rejected, resumed.queued, resumed.waiting),
        (0, 0, 0),
        "{resumed:?}"
    );
    assert_eq!(
        (code_there(&kit).as_str(), kit.there(MT, PLATTER).0),
        ("55", 2_880)
    );
}

#[tokio::test(start_paused = true)]
async fn a_new_plan_takes_the_place_of_what_waited_with_older_values() {
    let kit = Kit::new(MT).await;
    let (sku, _) = kit.bound(PLATTER, "55", "", 2_880);
    refuse_codes(&kit);
    let choices = Choices::default();
    let report = kit.engine.sync_apply(&[kit.store], &choices).await.unwrap();
    assert!(report.waiting >= 1, "{report:?}");
    kit.simulator.world().faults.clear();
    kit.engine.set_sku_field(sku, EditField::Price, "2780").unwrap();
    let report = kit.engine.sync_apply(&[kit.store], &choices).await.unwrap();
    assert_eq!(
        (report.rejected, report.queued, report.waiting),
        (0, 0, 0),
        "{report:?}"
    );
    assert_eq!(kit.there(MT, PLATTER).0, 2_780);
    // The old price is gone for good, also when the old codes are tried again.
    kit.engine.requeue_rejected(None, "").unwrap();
    kit.engine.sync_resume(&[kit.store]).await.unwrap();
    assert_eq!(kit.there(MT, PLATTER).0, 2_780);
}

#[tokio::test(start_paused = true)]
async fn the_order_survives_a_crash_while_the_codes_are_on_their_way() {
    for effect in [false, true] {
        let kit = Kit::new(MT).await;
        kit.bound(PLATTER, "55", "", 2_880);
        let silence = FaultKind::TimedOut { ms: 600_000, effect };
        kit.fault(Service::MeituanShangou, CODING, silence);
        {
            let choices = Choices::default();
            let stores = [kit.store];
            let dying = kit.engine.sync_apply(&stores, &choices);
            assert!(tokio::time::timeout(Duration::from_secs(5), dying).await.is_err());
        }
        assert_eq!(kit.calls("meituan_shangou/retail/sku/price"), 0);
        let kit = kit.reopened().await;
        let report = kit.engine.sync_resume(&[kit.store]).await.unwrap();
        assert_eq!(
            (report.rejected, report.unknown, report.queued),
            (0, 0, 0),
            "{effect}: {report:?}"
        );
        assert_eq!(
            (code_there(&kit).as_str(), kit.there(MT, PLATTER).0),
            ("55", 2_880)
        );
    }
}
