//! What goes wrong on demand.

use std::time::Duration;

use serde_json::{Value, json};
use sim::{CallFault, ErrorShape, FaultKind, FaultRule, FaultWhen, Quota, Service, ServiceQuotas};

use crate::kit::{Kit, NOW_MS, sale};

const SALE: &str = "nhsoft.oms.saleorder.upload";

fn once(kit: &Kit, service: Service, call: &str, fault: FaultKind) {
    kit.simulator
        .world()
        .faults
        .add(FaultRule::once(service, call, fault));
}

fn documents(kit: &Kit) -> usize {
    kit.simulator.world().erp.documents.len()
}

#[tokio::test]
async fn a_lost_request_has_no_effect_and_a_lost_answer_has_one() {
    let kit = Kit::new();
    for (fault, lost, effect) in [
        (FaultKind::LostRequest, CallFault::LostRequest, 0),
        (FaultKind::Reset, CallFault::Reset, 0),
        (FaultKind::LostAnswer, CallFault::LostAnswer, 1),
    ] {
        once(&kit, Service::Ama, SALE, fault);
        let request = kit.ama_request(SALE, &sale(&format!("order-{lost:?}")));
        assert_eq!(kit.simulator.call(request).await.unwrap_err(), lost);
        assert_eq!(documents(&kit), effect);
    }
    assert_eq!(
        kit.ama(SALE, &sale("after")).await["code"],
        0,
        "each rule struck once"
    );
}

#[tokio::test(start_paused = true)]
async fn latency_and_silence_take_their_time() {
    let kit = Kit::new();
    let start = tokio::time::Instant::now();
    once(&kit, Service::Ama, SALE, FaultKind::Latency { ms: 1500 });
    assert_eq!(kit.ama(SALE, &sale("1")).await["code"], 0);
    assert_eq!(start.elapsed(), Duration::from_millis(1500));
    once(
        &kit,
        Service::Ama,
        SALE,
        FaultKind::TimedOut {
            ms: 30_000,
            effect: true,
        },
    );
    let fault = kit
        .simulator
        .call(kit.ama_request(SALE, &sale("2")))
        .await
        .unwrap_err();
    assert_eq!(
        (fault, start.elapsed()),
        (CallFault::TimedOut, Duration::from_millis(31_500))
    );
    assert_eq!(documents(&kit), 2);
}

#[tokio::test]
async fn a_request_that_arrives_twice_makes_two_documents() {
    let kit = Kit::new();
    once(&kit, Service::Ama, SALE, FaultKind::DuplicateRequest);
    kit.ama(SALE, &sale("1")).await;
    assert_eq!(kit.simulator.world().ledger_report().duplicated, 1);
}

#[tokio::test]
async fn broken_answers_are_broken_in_the_way_asked_for() {
    let kit = Kit::new();
    once(&kit, Service::Ama, SALE, FaultKind::ServerError { status: 503 });
    let response = kit
        .simulator
        .call(kit.ama_request(SALE, &sale("1")))
        .await
        .unwrap();
    assert_eq!((response.status().as_u16(), documents(&kit)), (503, 0));
    once(&kit, Service::Ama, SALE, FaultKind::HtmlPage);
    let response = kit
        .simulator
        .call(kit.ama_request(SALE, &sale("1")))
        .await
        .unwrap();
    assert!(response.status().is_success() && response.body().starts_with(b"<html"));
    once(&kit, Service::Ama, SALE, FaultKind::TruncatedBody);
    let response = kit
        .simulator
        .call(kit.ama_request(SALE, &sale("1")))
        .await
        .unwrap();
    assert!(serde_json::from_slice::<Value>(response.body()).is_err());
    assert_eq!(documents(&kit), 1, "the effect happened");
}

#[tokio::test]
async fn throttling_and_expiry_speak_each_platforms_language() {
    let kit = Kit::new();
    once(
        &kit,
        Service::MeituanShangou,
        "poi/getids",
        FaultKind::Throttle {
            shape: ErrorShape::Envelope,
        },
    );
    assert_eq!(kit.mt("poi/getids", &[]).await["error"]["code"], 711);
    once(&kit, Service::MeituanShangou, "poi/*", FaultKind::ExpiredToken);
    assert_eq!(kit.mt("poi/getids", &[]).await["error"]["code"], 4001);
    once(
        &kit,
        Service::MeituanShangou,
        "poi/getids",
        FaultKind::IllegalToken,
    );
    assert_eq!(kit.mt("poi/getids", &[]).await["error"]["msg"], "非法令牌");
    once(
        &kit,
        Service::Ebai,
        "shop.list",
        FaultKind::Throttle {
            shape: ErrorShape::Envelope,
        },
    );
    assert_eq!(
        kit.eb("shop.list", json!({})).await["body"]["error"],
        "gw.QosAPIFrequencyLimit"
    );
    once(
        &kit,
        Service::Ebai,
        "shop.list",
        FaultKind::Throttle {
            shape: ErrorShape::Bare,
        },
    );
    assert_eq!(
        kit.eb("shop.list", json!({})).await["error_code"],
        "gw.QosAPIFrequencyLimit"
    );
    let gateway = FaultKind::Gateway {
        code: "gw.ISPInvokeError".to_owned(),
        shape: ErrorShape::Envelope,
    };
    once(&kit, Service::Ebai, "shop.list", gateway);
    assert_eq!(
        kit.eb("shop.list", json!({})).await["body"]["error"],
        "gw.ISPInvokeError"
    );
    once(&kit, Service::Ama, SALE, FaultKind::ExpiredToken);
    assert_eq!(
        kit.simulator
            .call(kit.ama_request(SALE, &sale("1")))
            .await
            .unwrap()
            .status(),
        401
    );
    let text = FaultKind::Refuse {
        code: 9,
        message: "随便".to_owned(),
    };
    once(&kit, Service::Ama, SALE, text);
    assert_eq!(kit.ama(SALE, &sale("1")).await["msg"], "随便");
}

#[tokio::test]
async fn quotas_are_enforced_on_the_worlds_clock() {
    let kit = Kit::new();
    let quota = Some(Quota {
        calls: 2,
        window_ms: 1000,
    });
    let quotas = ServiceQuotas {
        per_app: quota,
        per_shop: None,
        ..ServiceQuotas::default()
    };
    kit.simulator
        .world()
        .faults
        .set_quotas(Service::MeituanShangou, quotas);
    for expected in [None, None, Some(711)] {
        assert_eq!(
            kit.mt("poi/getids", &[]).await["error"]["code"].as_i64(),
            expected
        );
    }
    kit.simulator.world().clock.set(NOW_MS + 1000);
    assert!(kit.mt("poi/getids", &[]).await["data"].is_array());
    let per_shop = ServiceQuotas {
        per_app: None,
        per_shop: Some(Quota {
            calls: 1,
            window_ms: 1000,
        }),
        ..ServiceQuotas::default()
    };
    kit.simulator.world().faults.set_quotas(Service::Ebai, per_shop);
    assert_eq!(
        kit.eb("shop.get", json!({"shop_id": "32267000001"})).await["body"]["errno"],
        0
    );
    let second = kit.eb("shop.get", json!({"shop_id": "32267000001"})).await;
    assert_eq!(second["body"]["error"], "gw.QosAPIFrequencyLimit");
    assert_eq!(
        kit.eb("shop.list", json!({})).await["body"]["errno"],
        0,
        "no shop is named"
    );
}

#[tokio::test]
async fn one_seed_plays_the_same_run_twice() {
    let run = async || {
        let kit = Kit::new();
        kit.simulator.world().faults.add(FaultRule {
            service: None,
            call: None,
            fault: FaultKind::LostAnswer,
            when: FaultWhen::Chance { per_mille: 400 },
        });
        let mut seen = Vec::new();
        for number in 0..20 {
            let answer = kit
                .simulator
                .call(kit.ama_request(SALE, &sale(&number.to_string())))
                .await;
            seen.push(answer.map(|response| response.body().clone()));
        }
        seen
    };
    let first = run().await;
    assert_eq!(first, run().await);
    assert!(first.iter().any(Result::is_err) && first.iter().any(Result::is_ok));
}
