//! Over a real loopback socket.

use serde_json::{Value, json};
use sim::{FaultKind, FaultRule, Service};

use crate::kit::{Kit, sale};

const SALE: &str = "nhsoft.oms.saleorder.upload";

/// A client for plain loopback HTTP; the builder asks for a TLS provider all the same.
fn client() -> reqwest::Client {
    // Another test of this process may have installed it already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

async fn upload(base: &str, token: &str, order: &str) -> reqwest::Result<Value> {
    let client = client();
    let request = client
        .post(format!("{base}/ama/api/{SALE}"))
        .bearer_auth(token)
        .json(&sale(order));
    request.send().await?.json().await
}

#[tokio::test]
async fn a_lost_answer_closes_the_connection_after_the_effect_and_the_next_call_works() {
    let kit = Kit::new();
    let serving = kit.simulator.serve(0).await.unwrap();
    let base = serving.base_url();
    let token = kit.simulator.world().erp.tokens.access.clone();
    kit.simulator
        .world()
        .faults
        .add(FaultRule::once(Service::Ama, SALE, FaultKind::LostAnswer));
    let lost = upload(&base, &token, "1").await.unwrap_err();
    assert!(lost.is_request() && lost.status().is_none(), "{lost:?}");
    assert_eq!(kit.simulator.world().erp.documents.len(), 1);
    kit.simulator
        .world()
        .faults
        .add(FaultRule::once(Service::Ama, SALE, FaultKind::LostRequest));
    assert!(upload(&base, &token, "2").await.unwrap_err().status().is_none());
    assert_eq!(kit.simulator.world().erp.documents.len(), 1);
    assert_eq!(upload(&base, &token, "2").await.unwrap()["code"], 0);
    serving.stop().await;
    assert!(upload(&base, &token, "3").await.is_err());
}

#[tokio::test]
async fn the_signed_url_is_rebuilt_from_the_host_header() {
    let kit = Kit::new();
    let serving = kit.simulator.serve(0).await.unwrap();
    let announced = serde_json::to_value(kit.simulator.announcement(&serving.base_url())).unwrap();
    let service = &announced["services"]["meituan_shangou"];
    let url = format!("{}/poi/getids", service["url"].as_str().unwrap());
    let app = kit.simulator.world().meituan.app.clone();
    assert_eq!(service["credentials"]["app_id"], app.id);
    let params = [
        ("app_id".to_owned(), app.id),
        ("timestamp".to_owned(), "1700000000".to_owned()),
    ];
    let sig = sim::meituan::verify::signature(&url, &params, &app.secret);
    let query = format!("app_id={}&timestamp=1700000000&sig={sig}", params[0].1);
    let answer: Value = client()
        .get(format!("{url}?{query}"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(answer["data"], json!(["T001"]));
    assert_eq!(
        announced["services"]["ebai"]["stores"][0]["remote_id"],
        "32267000001"
    );
    assert_eq!(announced["services"]["ama"]["stores"][0]["remote_id"], "1001");
    assert!(announced["services"]["ama"]["credentials"]["refresh_token"].is_string());
}

#[tokio::test]
async fn the_admin_api_acts_counts_moves_the_clock_and_plants_faults() {
    let kit = Kit::new();
    let serving = kit.simulator.serve(0).await.unwrap();
    let admin = format!("{}/admin", serving.base_url());
    let client = client();
    let post = async |path: &str, body: Value| {
        let response = client
            .post(format!("{admin}/{path}"))
            .json(&body)
            .send()
            .await
            .unwrap();
        let status = response.status().as_u16();
        (status, response.json::<Value>().await.unwrap_or(Value::Null))
    };
    let act = json!({
        "act": "place_order", "platform": "meituan_shangou", "shop": "T001",
        "order": {"lines": [{"listing": kit.mt_listing, "quantity": 1}]},
    });
    let (status, made) = post("act", act).await;
    assert_eq!(status, 200);
    let number = made["result"].as_str().unwrap().to_owned();
    let ledger: Value = client
        .get(format!("{admin}/ledger"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        (
            ledger["orders_due"].clone(),
            ledger["orders"][0]["number"].clone()
        ),
        (json!(1), json!(number))
    );
    assert_eq!(
        post("act", json!({"act": "cancel_order", "number": "none"}))
            .await
            .0,
        409
    );
    assert_eq!(post("act", json!({"act": "nonsense"})).await.0, 400);
    assert_eq!(
        post("clock", json!({"advance_ms": 1000})).await.1["now_ms"],
        1_700_000_001_000_i64
    );
    let rule = json!({"rules": [{"service": "ama", "fault": {"kind": "html_page"}, "when": "always"}]});
    assert_eq!(post("faults", rule).await.1["rules"].as_array().unwrap().len(), 1);
    assert_eq!(post("faults", json!({"clear": true})).await.1["rules"], json!([]));
    let state: Value = client
        .get(format!("{admin}/state"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(state["platforms"]["meituan_shangou"]["orders"], 1);
    assert_eq!(post("reset", json!({})).await.0, 204);
    let state: Value = client
        .get(format!("{admin}/state"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert!(
        state["erp"]["items"].as_u64().unwrap() > 100,
        "the demo chain took the place of the small world"
    );
}
