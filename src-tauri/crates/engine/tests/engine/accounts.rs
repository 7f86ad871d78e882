//! Accounts and stores: the layered test of an ERP, changing and taking away a store's ERP, what the line is like.

use super::kit::{EB, Kit, MT};
use domain::id::AccountId;
use engine::error::EngineError;
use engine::stores::ConnectionTest;
use sim::{FaultKind, Service};
use storage::store::StorePatch;

fn account(kit: &Kit, service: &str) -> AccountId {
    let accounts = kit.engine.db().read(storage::account::all).unwrap();
    accounts.iter().find(|row| row.service == service).unwrap().id
}

fn steps(test: &ConnectionTest) -> Vec<(&'static str, &'static str)> {
    test.steps.iter().map(|step| (step.name, step.state)).collect()
}

fn erp_patch(erp: Option<AccountId>) -> StorePatch {
    StorePatch {
        erp_account: Some(erp),
        ..StorePatch::default()
    }
}

#[tokio::test(start_paused = true)]
async fn an_erp_account_is_tested_up_to_the_branches_that_stores_name_and_its_items() {
    let kit = Kit::new(MT).await;
    let erp = account(&kit, "ama");
    let test = kit.engine.test_account(erp).await.unwrap();
    let all = ["key", "signature", "permission", "branch", "items"];
    assert_eq!(steps(&test), all.map(|name| (name, "ok")), "{test:?}");
    assert_eq!(test.steps[3].params["name"], "三里屯店");
    assert!(test.is_ok());

    let nowhere = StorePatch {
        offline_code: Some("404".to_owned()),
        ..StorePatch::default()
    };
    kit.engine.update_store(kit.store, &nowhere).unwrap();
    let test = kit.engine.test_account(erp).await.unwrap();
    assert_eq!(steps(&test)[3..], [("branch", "failed"), ("items", "not_tested")]);
    assert!(!test.is_ok());
    let state = kit
        .engine
        .db()
        .read(|c| storage::account::get(c, erp))
        .unwrap()
        .state;
    assert_eq!(
        state,
        domain::store::AuthorizationState::Valid,
        "a wrong branch number is no dead authorization"
    );

    kit.engine.update_store(kit.store, &erp_patch(None)).unwrap();
    let test = kit.engine.test_account(erp).await.unwrap();
    assert_eq!(steps(&test)[3..], [("branch", "not_tested"), ("items", "ok")]);
    assert!(test.is_ok(), "nothing names a branch yet");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_names_an_inner_layer_puts_that_one_in_the_place_of_what_looked_good() {
    let kit = Kit::new(MT).await;
    kit.fault(
        Service::MeituanShangou,
        "order/getOrderDaySeq",
        FaultKind::IllegalToken,
    );
    let test = kit.engine.test_store(kit.store).await.unwrap();
    assert_eq!(
        steps(&test),
        [
            ("key", "ok"),
            ("signature", "ok"),
            ("permission", "failed"),
            ("store", "not_tested"),
            ("orders", "not_tested")
        ]
    );
    let platform = account(&kit, "meituan_shangou");
    let test = kit.engine.test_account(platform).await.unwrap();
    assert_eq!(
        steps(&test),
        ["key", "signature", "permission"].map(|name| (name, "ok"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_stores_erp_can_be_taken_away_and_brought_back_and_must_be_an_erp() {
    let kit = Kit::new(MT).await;
    let (erp, platform) = (account(&kit, "ama"), account(&kit, "meituan_shangou"));
    let erp_of = || {
        let read = |c: &_| storage::store::get(c, kit.store);
        kit.engine.db().read(read).unwrap().store.erp_account
    };
    let batch = kit.engine.update_store(kit.store, &erp_patch(None)).unwrap();
    assert_eq!(erp_of(), None);
    kit.engine.undo(Some(batch)).unwrap();
    assert_eq!(erp_of(), Some(erp));
    let refused = kit.engine.update_store(kit.store, &erp_patch(Some(platform)));
    assert!(matches!(
        refused,
        Err(EngineError::Refused {
            code: "not_an_erp",
            ..
        })
    ));
    assert_eq!(erp_of(), Some(erp));
}

#[tokio::test(start_paused = true)]
async fn a_refused_pair_is_proposed_again_after_the_refusal_is_taken_back() {
    let kit = Kit::new(MT).await;
    let (_, sku) = kit.product("示例苹果", "1022311150004734", "6901234567892", 990);
    let pair = (kit.listed("示例苹果").id, sku);
    let is_proposed = async || {
        let found = kit.engine.match_store(kit.store).await.unwrap();
        let line = found.lines.iter().find(|line| line.row.id == pair.0).unwrap();
        line.candidates.iter().any(|candidate| candidate.sku == sku)
    };
    assert!(is_proposed().await);
    kit.engine.refuse_pairs(&[pair]).unwrap();
    assert!(!is_proposed().await);
    assert_eq!(kit.engine.allow_pairs(&[pair]).unwrap(), 1);
    assert!(is_proposed().await);
    assert_eq!(kit.engine.allow_pairs(&[pair]).unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_failed_pull_is_kept_as_words_and_gone_after_a_good_one() {
    let kit = Kit::new(EB).await;
    kit.fault(
        Service::Ebai,
        "order.list",
        FaultKind::ServerError { status: 503 },
    );
    assert!(kit.engine.pull_orders(kit.store).await.is_err());
    let kept = || {
        let read = |c: &_| storage::store::get(c, kit.store);
        engine::orders::pull_failure(&kit.engine.db().read(read).unwrap().orders_error)
    };
    assert_eq!(kept().unwrap().0, "error.platform_busy");
    kit.engine.pull_orders(kit.store).await.unwrap();
    assert_eq!(kept(), None);
}

#[tokio::test(start_paused = true)]
async fn the_live_checks_tell_which_service_is_not_reached() {
    let kit = Kit::new(EB).await;
    let told = async || -> Vec<(&'static str, String)> {
        let checks = kit.engine.live_health().await.unwrap();
        let line = checks
            .into_iter()
            .filter(|check| check.code.ends_with("reachable"));
        line.map(|check| (check.code, check.params["name"].clone()))
            .collect()
    };
    assert_eq!(
        told().await,
        [
            ("reachable", "乐檬 AMA".to_owned()),
            ("reachable", "饿百零售".to_owned())
        ]
    );
    kit.fault(Service::Ebai, "shop.list", FaultKind::Reset);
    assert_eq!(told().await[1].0, "unreachable");
}
