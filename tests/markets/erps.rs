//! A shop's orders land in the ERP that the chain has, whoever made it, and what the ERP minds is told with its remedy.

use connect::session::Credentials;
use engine::stores::ConnectionTest;
use sim::PlatformId::MeituanShangou;
use sim::world::{DocumentKind, ErpSystem};
use sim::{FaultKind, FaultRule};
use std::time::Duration;
use storage::exception::Which;
use suites::BRANCH;
use suites::market::{Market as _, Stage};

const ALL: [(ErpSystem, &str); 4] = [
    (ErpSystem::Ama, "nhsoft.oms.saleorder.upload"),
    (ErpSystem::Jushuitan, "open/jushuitan/orders/upload"),
    (ErpSystem::WangdiantongEnterprise, "trade_push"),
    (ErpSystem::WangdiantongFlagship, "sales.RawTrade.pushSelf2"),
];

async fn opened(system: ErpSystem) -> (Stage, domain::id::StoreId) {
    let sim = Stage::world_with(system, &[MeituanShangou]);
    let mut stage = Stage::open(sim, Vec::new()).await;
    let store = stage.join(Box::new(stage.shop_on(MeituanShangou))).await;
    (stage, store)
}

/// Reads the shop's orders and pushes them until nothing is due any more.
async fn settle(stage: &Stage, store: domain::id::StoreId) {
    for _ in 0..4 {
        stage.engine.pull_orders(store).await.unwrap();
        stage.engine.push_due().await.unwrap();
        tokio::time::sleep(Duration::from_mins(7)).await;
    }
}

fn causes(stage: &Stage) -> Vec<String> {
    let open = stage
        .engine
        .db()
        .read(|c| storage::exception::list(c, &Which::All));
    open.unwrap().into_iter().map(|one| one.cause).collect()
}

fn failed(tested: &ConnectionTest) -> (String, String) {
    let step = tested.steps.iter().find(|step| step.state == "failed").unwrap();
    let ip = step.params.get("ip").or_else(|| step.params.get("other"));
    (step.words.clone(), ip.cloned().unwrap_or_default())
}

#[tokio::test(start_paused = true)]
async fn orders_land_in_every_erp_once_though_an_answer_is_lost() {
    for (system, upload) in ALL {
        let (stage, store) = opened(system).await;
        let tested = stage.engine.test_account(stage.erp).await.unwrap();
        assert!(tested.is_ok(), "{system:?} {tested:?}");
        let codes: Vec<String> = stage
            .everywhere()
            .into_iter()
            .map(|(_, sku)| sku.item_code)
            .collect();
        let shop = stage.shop_on(MeituanShangou);
        let numbers: Vec<String> = codes.iter().take(3).map(|code| shop.buy(code)).collect();
        // The first answer is lost after the effect, the second upload never arrives.
        for fault in [FaultKind::LostAnswer, FaultKind::LostRequest] {
            let rule = FaultRule::once(system.service(), upload, fault);
            stage.sim.world().faults.add(rule);
        }
        settle(&stage, store).await;
        for number in &numbers {
            assert_eq!(
                stage.documents(number),
                1,
                "{system:?} {number}: {:?}",
                causes(&stage)
            );
        }
        assert!(causes(&stage).is_empty(), "{system:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn goods_that_are_gone_and_a_shop_that_takes_no_orders_become_exceptions_whose_remedies_work() {
    for (system, _) in &ALL[1..] {
        let (stage, store) = opened(*system).await;
        let sku = stage.everywhere().remove(0).1;
        stage.sim.world().erp_set_receive(BRANCH, false).unwrap();
        let number = stage.shop_on(MeituanShangou).buy(&sku.item_code);
        settle(&stage, store).await;
        assert_eq!(causes(&stage), ["ERP_SHOP"], "{system:?}");
        stage.sim.world().erp_set_receive(BRANCH, true).unwrap();
        stage.sim.world().erp_delete_item(&sku.item_code).unwrap();
        stage.engine.repush(&Which::All).await.unwrap();
        settle(&stage, store).await;
        assert_eq!(causes(&stage), ["F03"], "{system:?}");
        stage.sim.world().erp_restore_item(&sku.item_code).unwrap();
        stage.engine.repush(&Which::All).await.unwrap();
        settle(&stage, store).await;
        assert_eq!(
            (stage.documents(&number), causes(&stage).len()),
            (1, 0),
            "{system:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_bad_order_in_a_call_of_many_is_an_exception_alone() {
    for (system, upload) in &ALL[1..] {
        let (stage, store) = opened(*system).await;
        let goods = stage.everywhere();
        let gone = &goods[0].1.item_code;
        stage.sim.world().erp_delete_item(gone).unwrap();
        let shop = stage.shop_on(MeituanShangou);
        let bad = shop.buy(gone);
        let good: Vec<String> = goods[1..9]
            .iter()
            .map(|(_, sku)| shop.buy(&sku.item_code))
            .collect();
        stage.engine.pull_orders(store).await.unwrap();
        stage.engine.push_due().await.unwrap();
        let call = format!("{}/{upload}", system.service().as_str());
        let calls = stage.sim.world().ledger.calls(&call);
        // Where one bad order refuses the whole call, each goes by itself after it.
        let most = if *system == ErpSystem::WangdiantongEnterprise {
            10
        } else {
            1
        };
        assert_eq!(calls, most, "{system:?}");
        assert_eq!(
            (causes(&stage), stage.documents(&bad)),
            (vec!["F03".to_owned()], 0)
        );
        for number in &good {
            assert_eq!(stage.documents(number), 1, "{system:?} {number}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_shop_whose_kind_was_changed_is_verified_by_one_order_and_the_rest_follow() {
    let (stage, store) = opened(ErpSystem::Jushuitan).await;
    let goods = stage.everywhere();
    stage.sim.world().erp_set_receive(BRANCH, false).unwrap();
    let shop = stage.shop_on(MeituanShangou);
    let numbers: Vec<String> = goods[..3]
        .iter()
        .map(|(_, sku)| shop.buy(&sku.item_code))
        .collect();
    settle(&stage, store).await;
    assert_eq!(causes(&stage), ["ERP_SHOP"; 3]);
    stage.sim.world().erp_set_receive(BRANCH, true).unwrap();
    let verify = domain::finding::Remedy::VerifyErpSwitch { store };
    let outcome = stage.engine.run_remedy(&verify).await.unwrap();
    assert_eq!(outcome.repush.pushed.len(), 3);
    for number in &numbers {
        assert_eq!(stage.documents(number), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refund_follows_its_order_into_the_erp() {
    for (system, _) in &ALL[1..] {
        let (stage, store) = opened(*system).await;
        let code = stage.everywhere().remove(0).1.item_code;
        let number = stage.shop_on(MeituanShangou).buy(&code);
        settle(&stage, store).await;
        stage.sim.world().part_refund(&number, &[(0, 1)], "少送").unwrap();
        settle(&stage, store).await;
        let world = stage.sim.world();
        let refunds = world.erp.documents_for(DocumentKind::Refund, &number).len();
        assert_eq!(refunds, 1, "{system:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_address_to_list_is_told_with_the_address_and_a_clock_with_its_cause() {
    for (system, _) in &ALL[1..] {
        let (stage, _) = opened(*system).await;
        stage.sim.world().erp.jushuitan.ip_listed = false;
        stage.sim.world().erp.wangdiantong.ip_listed = false;
        let tested = stage.engine.test_account(stage.erp).await.unwrap();
        let told = ("finding.ERP_IP".to_owned(), "203.0.113.9".to_owned());
        assert_eq!(failed(&tested), told, "{system:?}");
        stage.sim.world().erp.jushuitan.ip_listed = true;
        stage.sim.world().erp.wangdiantong.ip_listed = true;
        stage.sim.world().clock.advance(20 * 60_000);
        let tested = stage.engine.test_account(stage.erp).await.unwrap();
        assert_eq!(failed(&tested).0, "finding.ERP_CLOCK", "{system:?}");
        stage.sim.world().clock.advance(-20 * 60_000);
        let tested = stage.engine.test_account(stage.erp).await.unwrap();
        assert!(tested.is_ok(), "{system:?} {tested:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn keys_of_the_other_edition_are_seen_and_choosing_it_is_the_remedy() {
    for (system, chosen, own, other) in [
        (
            ErpSystem::WangdiantongFlagship,
            "enterprise",
            "flagship",
            "旗舰版",
        ),
        (
            ErpSystem::WangdiantongEnterprise,
            "flagship",
            "enterprise",
            "企业版",
        ),
    ] {
        let (stage, _) = opened(system).await;
        let choose = |edition: &str| Credentials::new([("edition".to_owned(), edition.to_owned())]);
        stage.engine.authorize(stage.erp, choose(chosen)).await.unwrap();
        let tested = stage.engine.test_account(stage.erp).await.unwrap();
        assert_eq!(
            failed(&tested),
            ("finding.ERP_EDITION".to_owned(), other.to_owned())
        );
        stage.engine.authorize(stage.erp, choose(own)).await.unwrap();
        let tested = stage.engine.test_account(stage.erp).await.unwrap();
        assert!(tested.is_ok(), "{tested:?}");
    }
}
