//! A wrong secret, and a platform that answers with a page for browsers.

use crate::kit::Desk;
use serde_json::{Value, json};
use sim::{FaultKind, FaultRule, FaultWhen, Service};
use std::collections::BTreeMap;

fn always(desk: &Desk, service: Service, fault: FaultKind) {
    desk.counter.world().faults.add(FaultRule {
        service: Some(service),
        call: None,
        fault,
        when: FaultWhen::Always,
    });
}

/// The words of a view as a reader gets them.
fn said(view: &Value) -> String {
    let params: BTreeMap<String, String> = serde_json::from_value(view["params"].clone()).unwrap();
    let code = view["code"].as_str().unwrap();
    let text = api::words::words("zh-CN").sentence(code, &params);
    assert!(text != code && !text.contains(['{', '}']), "{code}: {text}");
    text
}

#[tokio::test]
async fn a_wrong_secret_fails_at_the_signature_and_the_right_one_mends_it() {
    for (store_of, service, field) in [(0, "meituan_shangou", "app_secret"), (1, "ebai", "secret")] {
        let desk = Desk::open().await;
        let before = desk.goods();
        let store = [desk.counter.shangou, desk.counter.ebai][store_of].0;
        let accounts = desk.counter.engine().db().read(storage::account::all).unwrap();
        let account = accounts.iter().find(|row| row.service == service).unwrap().id.0;
        let announced = desk.counter.sim.announcement("http://127.0.0.1:9");
        let right = announced.services[service].credentials[field].clone();
        let wrong =
            json!({ "account": account, "credentials": { field: "0123456789abcdef0123456789abcdef" } });
        desk.page.done("account_authorize", wrong).await;

        let tested = desk.page.done("store_test", json!({ "id": store })).await;
        let failed = tested["steps"]
            .as_array()
            .unwrap()
            .iter()
            .find(|step| step["state"] == "failed")
            .unwrap();
        assert_eq!(failed["step"], "signature", "{tested}");
        assert!(!said(&failed["words"]).is_empty());
        let pulled = desk
            .page
            .done("listings_pull", json!({ "stores": [store] }))
            .await;
        assert!(!said(&pulled["stores"][0]["error"]).is_empty());
        assert_eq!(desk.goods(), before, "what was read stays");

        let mended = json!({ "account": account, "credentials": { field: right } });
        desk.page.done("account_authorize", mended).await;
        let tested = desk.page.done("store_test", json!({ "id": store })).await;
        assert!(
            tested["steps"]
                .as_array()
                .unwrap()
                .iter()
                .all(|step| step["state"] == "ok"),
            "{tested}"
        );
    }
}

#[tokio::test]
async fn a_page_instead_of_an_answer_is_told_and_changes_nothing() {
    for (service, store_of) in [(Service::MeituanShangou, 0), (Service::Ebai, 1)] {
        let desk = Desk::open().await;
        let store = [desk.counter.shangou, desk.counter.ebai][store_of].0;
        let number = desk.counter.order(
            [sim::PlatformId::MeituanShangou, sim::PlatformId::Ebai][store_of],
            &[0],
        );
        let before = desk.goods();
        always(&desk, service, FaultKind::HtmlPage);
        let pulled = desk
            .page
            .done("listings_pull", json!({ "stores": [store] }))
            .await;
        let error = &pulled["stores"][0]["error"];
        assert_eq!(error["code"], "error.malformed_answer", "{pulled}");
        assert!(said(error).contains("看不懂"));
        let orders = desk.page.done("orders_pull", json!({ "stores": [store] })).await;
        assert!(orders.to_string().contains("malformed_answer"), "{orders}");
        let tested = desk.page.done("store_test", json!({ "id": store })).await;
        assert!(
            tested["steps"]
                .as_array()
                .unwrap()
                .iter()
                .any(|step| step["state"] == "failed"),
            "{tested}"
        );
        assert_eq!(desk.goods(), before);

        // The page is gone, and everything that waited is done.
        desk.counter.world().faults.clear();
        desk.page
            .done("listings_pull", json!({ "stores": [store] }))
            .await;
        desk.counter.round().await;
        assert_eq!(desk.counter.documents(&number), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn an_erp_that_answers_with_a_page_leaves_the_order_waiting_and_gets_it_once() {
    let desk = Desk::open().await;
    always(&desk, Service::Ama, FaultKind::HtmlPage);
    let number = desk.counter.order(sim::PlatformId::Ebai, &[0, 3]);
    for _ in 0..3 {
        desk.counter.round().await;
        tokio::time::advance(std::time::Duration::from_mins(5)).await;
    }
    assert_eq!(desk.counter.documents(&number), 0);
    desk.counter.world().faults.clear();
    for _ in 0..3 {
        tokio::time::advance(std::time::Duration::from_hours(2)).await;
        desk.counter.round().await;
    }
    let payload = json!({ "orders": [desk.counter.stored(&number).id.0] });
    let repushed = desk.page.call("exceptions_repush", &payload).await;
    assert_eq!(desk.counter.documents(&number), 1, "{repushed:?}");
}
