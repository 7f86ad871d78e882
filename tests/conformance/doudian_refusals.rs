//! 抖店小时达: tokens, signatures, and what goes wrong on the way.

use crate::asked::Asked;
use crate::doudian::connector;
use crate::kit::{DD, Kit, SHOP, assert_layer, keyed, strike};
use connect::error::{Layer, RemoteError};
use connect::platform::{ListingWrite, Platform};
use connect::session::Session;
use connect::transport::{HttpTransport, install_crypto};
use platforms::doudian::Doudian;
use sim::world::Authorization;
use sim::{ErrorShape, FaultKind, Quota, Service, ServiceQuotas};
use std::sync::Arc;

fn asked<'a>(kit: &'a Kit, platform: &'a Doudian, session: &'a Session) -> Asked<'a> {
    let write = ListingWrite {
        outer_code: "P-1".to_owned(),
        remote_id: Some("1".to_owned()),
        name: Some("x".to_owned()),
        ..ListingWrite::default()
    };
    Asked {
        kit,
        service: Service::Doudian,
        platform,
        session,
        write,
    }
}

#[tokio::test]
async fn what_goes_wrong_on_the_way_is_told_as_everywhere() {
    let (kit, doudian, session) = connector();
    let asked = asked(&kit, &doudian, &session);
    asked.outcome_stays_open().await;
    let gateway = FaultKind::Gateway {
        code: "服务繁忙".to_owned(),
        shape: ErrorShape::Envelope,
    };
    asked
        .busy(&[FaultKind::ServerError { status: 502 }, gateway])
        .await;
    asked.keeps_the_text().await;
    let secrets: Vec<String> = session
        .credentials
        .expose()
        .into_iter()
        .filter(|(name, _)| name.contains("secret") || name.contains("token"))
        .map(|(_, text)| text)
        .collect();
    assert_eq!(secrets.len(), 3);
    let beside = [
        FaultKind::ExpiredToken,
        FaultKind::IllegalToken,
        FaultKind::ClockSkew,
    ];
    asked.keeps_secrets(&secrets, &beside).await;
}

#[tokio::test]
async fn an_expired_token_is_told_and_refreshed() {
    let (kit, doudian, session) = connector();
    kit.world().doudian_token_expire();
    let error = doudian.stores(&session).await.unwrap_err();
    assert!(matches!(error, RemoteError::Expired { .. }), "{error:?}");
    let token = doudian.refresh(&session).await.unwrap().unwrap();
    let week = kit.world().now_ms() + 7 * 86_400_000;
    assert_eq!(token.expires_at, Some(week));
    assert_eq!(token.fields.len(), 2);
    let fresh = Session {
        credentials: session.credentials.with(token.fields),
        ..session.clone()
    };
    assert_eq!(doudian.stores(&fresh).await.unwrap()[0].remote_id, SHOP);
    // The refresh token worked once.
    assert!(doudian.refresh(&session).await.is_err());
}

#[tokio::test]
async fn a_self_use_app_gets_its_tokens_by_itself() {
    let (kit, doudian, session) = connector();
    let shop_id = kit.world().doudian.shop_id.clone();
    let own = keyed(&keyed(&session, "access_token", ""), "refresh_token", "");
    assert!(matches!(
        doudian.stores(&own).await,
        Err(RemoteError::MissingCredential { .. })
    ));
    assert!(doudian.refresh(&own).await.unwrap().is_none());
    let own = keyed(&own, "shop_id", &shop_id);
    doudian.probe(&own, Layer::Key).await.unwrap();
    doudian.stores(&own).await.unwrap();
    doudian.stores(&own).await.unwrap();
    assert_eq!(kit.world().ledger.calls("doudian/token.create"), 1);
    // After seven days a new one is made without anybody noticing.
    kit.world().clock.advance(8 * 86_400_000);
    doudian.stores(&own).await.unwrap();
    assert_eq!(kit.world().ledger.calls("doudian/token.create"), 2);
    assert!(doudian.refresh(&own).await.unwrap().is_some());
    let stranger = keyed(&own, "shop_id", "1");
    let stranger = Session {
        account: "2".to_owned(),
        ..stranger
    };
    assert_layer(doudian.stores(&stranger).await, Layer::Permission);
}

#[tokio::test]
async fn keys_signatures_and_rights_name_their_layer() {
    let (kit, doudian, session) = connector();
    let wrong = keyed(&session, "app_secret", "0123456789abcdef");
    assert_layer(doudian.probe(&wrong, Layer::Signature).await, Layer::Signature);
    let stranger = keyed(&session, "app_key", "7000000000000000000");
    assert_layer(doudian.probe(&stranger, Layer::Signature).await, Layer::Key);
    for login in ["店长小王", "13800000000"] {
        let login = keyed(&session, "app_key", login);
        assert_layer(doudian.probe(&login, Layer::Key).await, Layer::Key);
    }
    let empty = keyed(&session, "app_secret", "");
    assert!(matches!(
        doudian.probe(&empty, Layer::Key).await,
        Err(RemoteError::MissingCredential { .. })
    ));
    let old = keyed(&session, "access_token", "an-old-token");
    assert_layer(doudian.probe(&old, Layer::Permission).await, Layer::Permission);
    doudian.probe(&old, Layer::Signature).await.unwrap();
    let elsewhere = Session {
        remote_id: "404".to_owned(),
        ..session.clone()
    };
    assert_layer(doudian.probe(&elsewhere, Layer::Store).await, Layer::Store);
    assert_layer(doudian.listings(&elsewhere, None).await, Layer::Store);
    kit.world()
        .doudian
        .denied_methods
        .insert("order.searchList".to_owned());
    assert_layer(doudian.probe(&session, Layer::Orders).await, Layer::Permission);
    kit.world()
        .set_authorization(DD, SHOP, Authorization::Expired)
        .unwrap();
    assert_layer(doudian.listings(&session, None).await, Layer::Permission);
}

#[tokio::test]
async fn a_wrong_clock_shows_as_a_signature_and_the_offset_mends_it() {
    let (kit, _, session) = connector();
    let slow = Doudian::new(kit.gateway_behind(20 * 60_000));
    assert_layer(slow.probe(&session, Layer::Signature).await, Layer::Signature);
    let mended = Session {
        clock_offset_ms: 20 * 60_000,
        ..session
    };
    slow.probe(&mended, Layer::Permission).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn too_many_calls_are_throttled_and_slow_the_store_down() {
    let (kit, doudian, session) = connector();
    strike(
        &kit,
        Service::Doudian,
        FaultKind::Throttle {
            shape: ErrorShape::Envelope,
        },
    );
    let error = doudian.stores(&session).await.unwrap_err();
    assert!(matches!(&error, RemoteError::Throttled { .. }), "{error:?}");
    let wait = kit.gateway.pacer().wait(&session.account, &session.store);
    assert!(wait.as_secs() >= 1, "{wait:?}");
    doudian.stores(&session).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_quota_of_the_platform_is_told_as_such() {
    let (kit, doudian, session) = connector();
    let quota = |calls| {
        Some(Quota {
            calls,
            window_ms: 60_000,
        })
    };
    kit.world().faults.set_quotas(
        Service::Doudian,
        ServiceQuotas {
            per_app: quota(3),
            per_shop: quota(1),
            ..ServiceQuotas::default()
        },
    );
    // The list names the store, products and stores do not.
    doudian.listing(&session, None, "P-404").await.unwrap();
    let error = doudian.listing(&session, None, "P-404").await.unwrap_err();
    assert!(matches!(&error, RemoteError::Throttled { .. }), "{error:?}");
    doudian.stores(&session).await.unwrap();
    doudian.stores(&session).await.unwrap();
    let error = doudian.stores(&session).await.unwrap_err();
    assert!(matches!(&error, RemoteError::Throttled { .. }), "{error:?}");
}

#[tokio::test]
async fn the_same_over_real_http() {
    install_crypto();
    let mut kit = Kit::new();
    let serving = kit.simulator.serve(0).await.unwrap();
    kit.base = serving.base_url();
    let clock = kit.simulator.clone();
    kit.gateway = connect::gateway::Gateway::new(
        Arc::new(HttpTransport::new().unwrap()),
        Arc::new(move || clock.world().now_ms()),
    );
    let doudian = Doudian::new(kit.gateway.clone());
    let session = kit.session(Service::Doudian);
    for layer in [
        Layer::Key,
        Layer::Signature,
        Layer::Permission,
        Layer::Store,
        Layer::Orders,
    ] {
        doudian.probe(&session, layer).await.unwrap();
    }
    assert_eq!(doudian.listings(&session, None).await.unwrap().listings.len(), 3);
    strike(&kit, Service::Doudian, FaultKind::LostAnswer);
    let error = doudian.stores(&session).await.unwrap_err();
    assert!(matches!(error, RemoteError::NoAnswer { .. }), "{error:?}");
    let number = kit.order(DD);
    assert_eq!(doudian.order(&session, &number).await.unwrap().number, number);
    let refused = Session {
        endpoint: Some("http://127.0.0.1:1/".parse().unwrap()),
        ..session
    };
    let error = doudian.stores(&refused).await.unwrap_err();
    assert!(matches!(error, RemoteError::Unreachable { .. }), "{error:?}");
    serving.stop().await;
}
