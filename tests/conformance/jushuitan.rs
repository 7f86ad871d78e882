//! 聚水潭: what only it has.

use crate::erps::{APPLE, Desk, line, order, said};
use crate::kit::{NOON, agreed, assert_layer, keyed, strike, with};
use connect::erp::{ErpOrder, ErpOrderLine};
use connect::error::{Layer, RemoteError};
use domain::money::Money;
use serde_json::{Value, json};
use sim::FaultKind;
use sim::world::{DocumentKind, ErpSystem};

fn desk() -> Desk {
    Desk::open(ErpSystem::Jushuitan)
}

/// The gateway's `data`, asked past the connector.
async fn asked(desk: &Desk, path: &str, biz: &Value) -> Value {
    let credentials = desk.session.credentials.expose();
    let mut params: Vec<(String, String)> = [
        ("app_key", credentials["app_key"].clone()),
        ("access_token", credentials["access_token"].clone()),
        ("charset", "utf-8".to_owned()),
        ("version", "2".to_owned()),
        ("timestamp", (NOON / 1000).to_string()),
        ("biz", biz.to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    let sign = sim::jushuitan::verify::signature(&params, &credentials["app_secret"]);
    params.push(("sign".to_owned(), sign));
    let request = http::Request::post(format!("{}/jushuitan/{path}", desk.kit.base))
        .header("content-type", connect::wire::FORM)
        .body(connect::wire::form(params).into())
        .unwrap();
    let response = desk.kit.simulator.call(request).await.unwrap();
    let answer: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(answer["code"], 0, "{answer}");
    answer["data"].clone()
}

#[tokio::test]
async fn an_order_arrives_as_paid_and_its_amounts_add_up() {
    let desk = desk();
    let sale = ErpOrder {
        lines: vec![line(APPLE, 2, 990), line(APPLE, 1, 333)],
        ..order("401", APPLE)
    };
    let document = desk.erp.push_order(&desk.session, &sale).await.unwrap();
    let world = desk.kit.world();
    let held = world.erp.documents_for(DocumentKind::Sale, "401")[0];
    assert_eq!(document.number, held.number);
    assert_eq!((held.branch.as_str(), held.money_fen), ("99", 2480));
    let sent = &held.upload;
    assert_eq!(sent["shop_id"].as_i64(), Some(99));
    assert_eq!(sent["order_date"], "2026-11-21 12:00:00");
    // 23.13 of goods and 6.00 of fees, 4.33 of which a discount takes off the goods.
    assert_eq!(
        (sent["pay_amount"].as_f64(), sent["freight"].as_f64()),
        (Some(24.8), Some(6.0))
    );
    assert_eq!(sent["pay"]["amount"].as_f64(), Some(24.8));
    let amounts: Vec<f64> = sent["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["amount"].as_f64().unwrap())
        .collect();
    assert_eq!(amounts, [16.09, 2.71]);
    assert_eq!(sent["items"][0]["base_price"].as_f64(), Some(9.9));
    assert!(
        sent.get("receiver_state").is_none(),
        "left out rather than sent empty"
    );
    drop(world);
    // Without the payment it would wait for it.
    let state = async || {
        let biz = json!({"so_ids": ["401"]});
        asked(&desk, "open/orders/single/query", &biz).await["orders"][0]["status"].clone()
    };
    assert_eq!(state().await, "WaitConfirm");
    desk.kit.world().erp.documents[0].upload["pay"] = Value::Null;
    assert_eq!(state().await, "WaitPay");
}

#[tokio::test]
async fn a_multiple_of_the_unit_is_whole_and_a_part_of_it_is_refused_before_it_is_sent() {
    let desk = desk();
    let of = |base| ErpOrder {
        paid: Money(1980),
        shipping_fee: Money::ZERO,
        packing_fee: Money::ZERO,
        lines: vec![ErpOrderLine {
            base_quantity_milli: base,
            ..line(APPLE, 2, 990)
        }],
        ..order(&format!("B{base}"), APPLE)
    };
    desk.erp.push_order(&desk.session, &of(6000)).await.unwrap();
    assert_eq!(desk.kit.world().erp.documents[0].upload["items"][0]["qty"], 12);
    let text = said(desk.erp.push_order(&desk.session, &of(525)).await);
    assert!(
        text.contains("ERP只收整数数量：商品编码[1022311150004734]"),
        "{text}"
    );
    // Beside others in one upload it alone is left behind.
    let outcomes = desk.erp.push_orders(&desk.session, &[of(525), of(1000)]).await;
    assert!(outcomes[0].is_err() && outcomes[1].as_ref().unwrap().reference == "B1000");
    assert_eq!(desk.documents(), 2);
}

#[tokio::test]
async fn a_dead_token_is_replaced_and_the_call_made_once_more() {
    let desk = desk();
    desk.kit.world().erp.jushuitan.tokens.access_until = 0;
    desk.erp
        .push_order(&desk.session, &order("401", APPLE))
        .await
        .unwrap();
    assert_eq!(desk.documents(), 1);
    // The session still carries the old pair; what was made since is remembered.
    let calls = |desk: &Desk| {
        desk.kit
            .world()
            .ledger
            .calls("jushuitan/openWeb/auth/refreshToken")
    };
    let before = calls(&desk);
    desk.erp.branches(&desk.session).await.unwrap();
    assert_eq!((before, calls(&desk)), (1, 1));
    // The new refresh token is the one that holds.
    desk.kit.world().erp.jushuitan.tokens.access_until = 0;
    desk.erp.branches(&desk.session).await.unwrap();
    assert_eq!(calls(&desk), 2);
}

#[tokio::test]
async fn a_pair_that_is_wholly_dead_is_begun_anew_by_a_merchant_s_own_application() {
    let desk = desk();
    desk.kit.world().erp.jushuitan.tokens.access = "others".to_owned();
    desk.kit.world().erp.jushuitan.tokens.refresh = "others".to_owned();
    desk.erp.branches(&desk.session).await.unwrap();
    let calls = desk
        .kit
        .world()
        .ledger
        .calls("jushuitan/openWeb/auth/getInitToken");
    assert_eq!(calls, 1);
}

#[tokio::test]
async fn the_first_token_is_taken_for_the_asking() {
    let desk = desk();
    let bare = keyed(&keyed(&desk.session, "access_token", ""), "refresh_token", "");
    assert!(!desk.erp.branches(&bare).await.unwrap().is_empty());
    let fresh = desk.erp.refresh(&desk.session).await.unwrap().unwrap();
    assert_eq!(fresh.fields.len(), 2);
    let life = fresh.expires_at.unwrap() - desk.kit.world().now_ms();
    assert_eq!(life, 2_592_000_000);
}

#[tokio::test]
async fn a_service_provider_s_application_must_be_authorized_again() {
    let desk = desk();
    desk.kit.world().erp.jushuitan.provider = true;
    desk.kit.world().erp.jushuitan.tokens.access_until = 0;
    let error = desk.erp.branches(&desk.session).await.unwrap_err();
    assert!(matches!(error, RemoteError::Expired { .. }), "{error:?}");
    let error = desk.erp.probe(&desk.session, Layer::Signature).await.unwrap_err();
    assert!(matches!(error, RemoteError::Expired { .. }), "{error:?}");
    let error = desk.erp.refresh(&desk.session).await.unwrap_err();
    assert!(matches!(error, RemoteError::Expired { .. }), "150: {error:?}");
    let bare = keyed(&keyed(&desk.session, "access_token", ""), "refresh_token", "");
    crate::kit::assert_layer(desk.erp.branches(&bare).await, Layer::Permission);
}

#[tokio::test(start_paused = true)]
async fn numbers_of_two_tables_are_read_with_their_texts() {
    let desk = desk();
    let answer = async |code: i64, text: &str| {
        let fault = FaultKind::Refuse {
            code,
            message: text.to_owned(),
        };
        strike(&desk.kit, desk.service, fault);
        desk.erp
            .push_order(&desk.session, &order("401", APPLE))
            .await
            .unwrap_err()
    };
    let text = answer(140, "参数错误:so_id").await;
    assert!(matches!(text, RemoteError::Rejected { .. }), "{text:?}");
    let clock = answer(140, "时间戳超出范围").await;
    assert!(
        matches!(
            clock,
            RemoteError::Refused {
                layer: Layer::Signature,
                ..
            }
        ),
        "{clock:?}"
    );
    let wait = async |code| match answer(code, "超过调用次数限制").await {
        RemoteError::Throttled { wait, .. } => wait.unwrap().as_secs(),
        other => panic!("{other:?}"),
    };
    assert_eq!((wait(199).await, wait(200).await), (1, 60));
    let right = answer(190, "没有接口权限").await;
    assert!(
        matches!(
            right,
            RemoteError::Refused {
                layer: Layer::Permission,
                ..
            }
        ),
        "{right:?}"
    );
    let busy = answer(150, "内部错误").await;
    assert!(matches!(busy, RemoteError::Busy { .. }), "{busy:?}");
}

#[tokio::test]
async fn a_row_that_the_answer_leaves_out_has_no_known_outcome() {
    let desk = desk();
    // Two orders of one number: the answer's rows cannot be told apart, both have the same outcome.
    let twins = [order("401", APPLE), order("401", APPLE)];
    let outcomes = desk.erp.push_orders(&desk.session, &twins).await;
    assert!(outcomes.iter().all(Result::is_ok));
    let long = order(&"9".repeat(51), APPLE);
    let text = said(desk.erp.push_order(&desk.session, &long).await);
    assert!(text.contains("so_id超过50个字符"), "{text}");
}

#[tokio::test]
async fn a_merchant_who_agrees_on_the_page_gives_a_service_provider_a_pair_that_works_and_ends() {
    let desk = desk();
    let home: url::Url = "https://shop.example/back".parse().unwrap();
    desk.kit.world().erp.jushuitan.provider = true;
    let bare = keyed(&keyed(&desk.session, "access_token", ""), "refresh_token", "");
    let page = with(
        &bare,
        "consent_page",
        &format!("{}/jushuitan/auth", desk.kit.base),
    );
    let page = desk.erp.consent(&page, &home, "s t&1").unwrap();
    // The address to lead back to is the one that the app has registered, and none is without it.
    let request = http::Request::get(page.as_str())
        .body(bytes::Bytes::new())
        .unwrap();
    let told = desk.kit.simulator.call(request).await.unwrap();
    assert_eq!(told.status(), 400);
    desk.kit.world().erp.jushuitan.return_to = Some(home.clone());
    let (to, answer) = agreed(&desk.kit, &page).await;
    assert!(to.as_str().starts_with(home.as_str()), "{to}");
    assert_eq!(answer.get("state"), Some("s t&1"));
    let granted = desk.erp.redeem(&bare, &answer, &home).await.unwrap();
    assert_eq!(granted.expires_at, Some(NOON + 2_592_000_000));
    let mut renewed = bare.clone();
    renewed.credentials = bare.credentials.with(granted.fields);
    desk.erp.branches(&renewed).await.unwrap();
    // A code works once, and without one nothing was agreed.
    assert_layer(desk.erp.redeem(&bare, &answer, &home).await, Layer::Permission);
    assert_layer(
        desk.erp
            .redeem(&bare, &connect::platform::ConsentAnswer::default(), &home)
            .await,
        Layer::Permission,
    );
    // The page itself is the vendor's unless a setting names another.
    let page = desk.erp.consent(&bare, &home, "1").unwrap();
    assert!(
        page.as_str()
            .starts_with("https://openweb.jushuitan.com/auth?app_key="),
        "{page}"
    );
}
