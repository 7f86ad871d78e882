//! 旺店通: what only it has, and what tells the editions apart.

use crate::erps::{APPLE, Desk, PEAR, line, order, said};
use crate::kit::{assert_layer, keyed, strike};
use connect::erp::{ErpOrder, ErpOrderLine};
use connect::error::{Effect, Layer, RemoteError};
use domain::money::Money;
use sim::FaultKind;
use sim::world::{DocumentKind, ErpSystem, OrderMode};

const BOTH: [ErpSystem; 2] = [ErpSystem::WangdiantongEnterprise, ErpSystem::WangdiantongFlagship];

#[tokio::test]
async fn an_order_of_enterprise_is_written_field_by_field_without_emoji() {
    let desk = Desk::open(ErpSystem::WangdiantongEnterprise);
    desk.erp
        .push_order(&desk.session, &order("401", APPLE))
        .await
        .unwrap();
    let world = desk.kit.world();
    let held = world.erp.documents_for(DocumentKind::Sale, "401")[0];
    assert_eq!((held.branch.as_str(), held.money_fen), ("99", 2480));
    let sent = &held.upload;
    assert_eq!(sent["trade_time"], "2026-11-21 12:00:00");
    assert_eq!(sent["buyer_message"], "谢谢，放门口");
    let area =
        ["receiver_province", "receiver_city", "receiver_district"].map(|name| sent[name].as_str().unwrap());
    assert_eq!(area, ["北京", "北京市", "朝阳区"]);
    let money = ["paid", "post_amount", "other_amount"].map(|name| sent[name].as_f64());
    assert_eq!(money, [24.8, 5.0, 1.0].map(Some));
    let line = &sent["order_list"][0];
    assert_eq!(
        (line["oid"].as_str(), line["num"].as_f64()),
        (Some("401-1"), Some(2.0))
    );
    // 19.80 and 6.00 less 1.00.
    assert_eq!(
        (line["price"].as_f64(), line["share_discount"].as_f64()),
        (Some(9.9), Some(1.0))
    );
    let left = world.erp.stock[&("99".to_owned(), APPLE.to_owned())];
    assert_eq!(left, 12_345 - 2000);
}

#[tokio::test]
async fn an_order_of_flagship_is_written_field_by_field() {
    let desk = Desk::open(ErpSystem::WangdiantongFlagship);
    desk.erp
        .push_order(&desk.session, &order("401", APPLE))
        .await
        .unwrap();
    let world = desk.kit.world();
    let held = world.erp.documents_for(DocumentKind::Sale, "401")[0];
    let (sent, line) = (&held.upload["order"], &held.upload["lines"][0]);
    assert_eq!(sent["receiver_area"], "北京 北京市 朝阳区");
    assert_eq!(sent["buyer_message"], "谢谢😀，放门口");
    let money = ["receivable", "post_amount", "other_amount", "discount"].map(|name| sent[name].as_f64());
    assert_eq!(money, [24.8, 5.0, 1.0, 1.0].map(Some));
    assert_eq!(
        (sent["order_count"].as_i64(), sent["goods_count"].as_f64()),
        (Some(1), Some(2.0))
    );
    assert_eq!(
        (line["spec_no"].as_str(), line["total_amount"].as_f64()),
        (Some(APPLE), Some(19.8))
    );
}

#[tokio::test]
async fn sums_come_out_with_parts_of_a_unit() {
    for system in BOTH {
        let desk = Desk::open(system);
        for (at, base) in [(0, 525), (1, 333), (2, 12_000), (3, 7)] {
            let odd = ErpOrder {
                paid: Money(2481),
                lines: vec![
                    ErpOrderLine {
                        base_quantity_milli: base,
                        ..line(APPLE, 3, 667)
                    },
                    line(APPLE, 1, 333),
                ],
                ..order(&format!("U{at}"), APPLE)
            };
            let outcome = desk.erp.push_order(&desk.session, &odd).await;
            assert!(outcome.is_ok(), "{system:?} {base}: {outcome:?}");
        }
        assert_eq!(desk.documents(), 4);
    }
}

#[tokio::test]
async fn keys_of_one_edition_are_seen_to_be_no_good_in_the_other_before_a_call_is_made() {
    for (system, chosen, told) in [
        (ErpSystem::WangdiantongFlagship, "enterprise", "密钥像是旗舰版的"),
        (ErpSystem::WangdiantongEnterprise, "flagship", "密钥像是企业版的"),
    ] {
        let desk = Desk::open(system);
        let wrong = keyed(&desk.session, "edition", chosen);
        let answer = desk.erp.probe(&wrong, Layer::Key).await;
        match answer {
            Err(RemoteError::Refused {
                layer: Layer::Key,
                text,
            }) => assert!(text.contains(told), "{text}"),
            other => panic!("{other:?}"),
        }
        let push = desk.erp.push_order(&wrong, &order("401", APPLE)).await;
        assert_eq!(push.unwrap_err().effect(), Effect::None);
        // Where nobody chose, the secret tells.
        let open = keyed(&desk.session, "edition", "");
        desk.erp.probe(&open, Layer::Permission).await.unwrap();
        assert_layer(
            desk.erp
                .probe(&keyed(&desk.session, "edition", "web"), Layer::Key)
                .await,
            Layer::Key,
        );
    }
}

#[tokio::test]
async fn an_unknown_account_or_key_is_told_at_its_layer() {
    for system in BOTH {
        let desk = Desk::open(system);
        let stranger = keyed(&desk.session, "sid", "nobody");
        assert_layer(desk.erp.branches(&stranger).await, Layer::Key);
        let keyless = keyed(&desk.session, "appkey", "nobody-gw");
        assert!(matches!(
            desk.erp.branches(&keyless).await,
            Err(RemoteError::Refused {
                layer: Layer::Key | Layer::Signature,
                ..
            })
        ));
    }
}

#[tokio::test(start_paused = true)]
async fn numbers_of_flagship_and_texts_of_both_are_told_apart() {
    let desk = Desk::open(ErpSystem::WangdiantongFlagship);
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
    for code in [4, 5, 99] {
        let error = answer(code, "数据库错误").await;
        assert_eq!(error.effect(), Effect::Unknown, "{code} {error:?}");
    }
    let token = answer(3, "需要动态口令").await;
    assert!(
        matches!(
            token,
            RemoteError::Refused {
                layer: Layer::Key,
                ..
            }
        ),
        "{token:?}"
    );
    let version = answer(8, "版本错误").await;
    assert!(matches!(version, RemoteError::Rejected { .. }), "{version:?}");
    let often = answer(100, "超过每分钟最大并发次数限制，请稍后重试").await;
    assert!(
        matches!(&often, RemoteError::Throttled { wait: Some(wait), .. } if wait.as_secs() == 300),
        "{often:?}"
    );
}

#[tokio::test]
async fn one_bad_order_does_not_hold_up_the_strict_call_s_others() {
    let desk = Desk::open(ErpSystem::WangdiantongEnterprise);
    let orders = [order("1", APPLE), order("2", PEAR), order("3", APPLE)];
    let outcomes = desk.erp.push_orders(&desk.session, &orders).await;
    assert!(outcomes[0].is_ok() && outcomes[1].is_err() && outcomes[2].is_ok());
    // All together once, then one by one.
    assert_eq!(desk.kit.world().ledger.calls("wangdiantong/trade_push"), 4);
}

#[tokio::test]
async fn pushing_again_is_two_orders_only_where_the_erp_is_told_to_play_so() {
    for system in BOTH {
        let desk = Desk::open(system);
        for (mode, documents) in [(OrderMode::Idempotent, 1), (OrderMode::Neither, 3)] {
            desk.kit.world().erp.order_mode = mode;
            for _ in 0..2 {
                desk.erp
                    .push_order(&desk.session, &order("401", APPLE))
                    .await
                    .unwrap();
            }
            assert_eq!(desk.documents(), documents, "{system:?} {mode:?}");
        }
    }
}

#[tokio::test]
async fn the_vendor_s_addresses_are_taken_with_or_without_their_path() {
    for (system, path) in [
        (ErpSystem::WangdiantongEnterprise, "/openapi2/"),
        (ErpSystem::WangdiantongFlagship, "/openapi"),
    ] {
        let desk = Desk::open(system);
        let mut session = desk.session.clone();
        let host = session.endpoint.unwrap();
        session.endpoint = Some(
            format!("{}{path}", host.as_str().trim_end_matches('/'))
                .parse()
                .unwrap(),
        );
        desk.erp.branches(&session).await.unwrap();
    }
}

#[tokio::test]
async fn a_refused_order_leaves_its_words() {
    let desk = Desk::open(ErpSystem::WangdiantongFlagship);
    let long = order(&"9".repeat(41), APPLE);
    let text = said(desk.erp.push_order(&desk.session, &long).await);
    assert!(text.contains("Data too long for column tid"), "{text}");
}
