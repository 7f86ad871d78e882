//! 抖音来客: keys, rights, quotas and what goes wrong on the way.

use crate::asked::Asked;
use crate::kit::{Kit, LK, SHOP, assert_layer, keyed, strike};
use crate::laike::connector;
use connect::error::{Layer, RemoteError};
use connect::gateway::Gateway;
use connect::platform::{ListingWrite, Platform};
use connect::session::Session;
use connect::transport::{HttpTransport, install_crypto};
use platforms::douyin_laike::DouyinLaike;
use sim::world::Authorization;
use sim::{ErrorShape, FaultKind, FaultRule, FaultWhen, Quota, Service, ServiceQuotas};
use std::sync::Arc;

/// With a token in hand, so that the next call is the one that is asked; taking a product off is one call.
async fn asked<'a>(kit: &'a Kit, platform: &'a DouyinLaike, session: &'a Session) -> Asked<'a> {
    platform.stores(session).await.unwrap();
    let write = ListingWrite {
        remote_id: Some("1".to_owned()),
        on_sale: Some(false),
        ..ListingWrite::default()
    };
    Asked {
        kit,
        service: Service::DouyinLaike,
        platform,
        session,
        write,
    }
}

fn always(kit: &Kit, fault: FaultKind) {
    kit.world().faults.clear();
    kit.world().faults.add(FaultRule {
        service: Some(Service::DouyinLaike),
        call: Some("goodlife/*".to_owned()),
        fault,
        when: FaultWhen::Always,
    });
}

#[tokio::test]
async fn what_goes_wrong_on_the_way_is_told_as_everywhere() {
    let (kit, laike, session) = connector();
    let asked = asked(&kit, &laike, &session).await;
    asked.outcome_stays_open().await;
    let gateway = |code: &str| FaultKind::Gateway {
        code: code.to_owned(),
        shape: ErrorShape::Envelope,
    };
    asked
        .busy(&[
            FaultKind::ServerError { status: 502 },
            gateway("2100004"),
            gateway("28001005"),
        ])
        .await;
    asked.keeps_the_text().await;
    let mut secrets = vec![session.credentials.get("client_secret").unwrap().to_owned()];
    secrets.extend(kit.world().laike.tokens.iter().map(|(token, _)| token.clone()));
    asked.keeps_secrets(&secrets, &[]).await;
}

#[tokio::test]
async fn a_token_that_stays_dead_is_told() {
    let (kit, laike, session) = connector();
    laike.stores(&session).await.unwrap();
    for fault in [FaultKind::ExpiredToken, FaultKind::IllegalToken] {
        // Once is mended without a word.
        strike(&kit, Service::DouyinLaike, fault.clone());
        laike.stores(&session).await.unwrap();
        always(&kit, fault);
        let error = laike.stores(&session).await.unwrap_err();
        assert!(matches!(error, RemoteError::Expired { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn keys_and_rights_name_their_layer() {
    let (kit, laike, session) = connector();
    let wrong = keyed(&session, "client_secret", "0123456789abcdef0123456789abcdef");
    assert_layer(laike.probe(&wrong, Layer::Signature).await, Layer::Signature);
    let stranger = keyed(&session, "client_key", "awstranger");
    assert_layer(laike.probe(&stranger, Layer::Signature).await, Layer::Key);
    for login in ["店长小王", "13800000000"] {
        let login = keyed(&session, "client_key", login);
        assert_layer(laike.probe(&login, Layer::Key).await, Layer::Key);
    }
    assert_layer(
        laike
            .probe(&keyed(&session, "account_id", "店长"), Layer::Key)
            .await,
        Layer::Key,
    );
    for name in ["client_key", "client_secret", "account_id"] {
        let empty = keyed(&session, name, "");
        assert!(matches!(
            laike.probe(&empty, Layer::Key).await,
            Err(RemoteError::MissingCredential { .. })
        ));
    }
    let unbound = keyed(&session, "account_id", "7100");
    laike.probe(&unbound, Layer::Signature).await.unwrap();
    assert_layer(laike.probe(&unbound, Layer::Permission).await, Layer::Permission);
    let elsewhere = Session {
        remote_id: "404".to_owned(),
        ..session.clone()
    };
    assert_layer(laike.probe(&elsewhere, Layer::Store).await, Layer::Store);
    let orders = "goodlife/v1/trade/order/query".to_owned();
    kit.world().laike.denied_calls.insert(orders);
    assert_layer(laike.probe(&session, Layer::Orders).await, Layer::Permission);
    kit.world()
        .set_authorization(LK, SHOP, Authorization::Expired)
        .unwrap();
    assert_layer(laike.listings(&session, None).await, Layer::Permission);
}

/// Calls carry no time and no signature: a clock that is off does no harm.
#[tokio::test]
async fn a_wrong_clock_does_no_harm() {
    for ms in [20 * 60_000, -20 * 60_000] {
        let (kit, _, session) = connector();
        let slow = DouyinLaike::new(kit.gateway_behind(ms));
        slow.probe(&session, Layer::Signature).await.unwrap();
        slow.probe(&session, Layer::Permission).await.unwrap();
        slow.listings(&session, None).await.unwrap();
        // Two hours on, a new token is asked for in time by either clock.
        kit.world().clock.advance(7_000_000);
        slow.listings(&session, None).await.unwrap();
        assert_eq!(kit.world().ledger.calls("douyin_laike/oauth/client_token"), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn too_many_calls_are_throttled_and_slow_the_store_down() {
    let (kit, laike, session) = connector();
    laike.stores(&session).await.unwrap();
    let shape = ErrorShape::Envelope;
    strike(&kit, Service::DouyinLaike, FaultKind::Throttle { shape });
    let error = laike.stores(&session).await.unwrap_err();
    assert!(
        matches!(&error, RemoteError::Throttled { text, .. } if text.contains("quota")),
        "{error:?}"
    );
    let wait = kit.gateway.pacer().wait(&session.account, &session.store);
    assert!(wait.as_secs() >= 1, "{wait:?}");
    laike.stores(&session).await.unwrap();
    // A quota of the platform is told the same way; the token call counts too.
    let quotas = ServiceQuotas {
        per_app: Some(Quota {
            calls: 2,
            window_ms: 60_000,
        }),
        ..ServiceQuotas::default()
    };
    kit.world().faults.set_quotas(Service::DouyinLaike, quotas);
    laike.stores(&session).await.unwrap();
    laike.stores(&session).await.unwrap();
    let error = laike.stores(&session).await.unwrap_err();
    assert!(matches!(&error, RemoteError::Throttled { .. }), "{error:?}");
}

#[tokio::test]
async fn tokens_for_the_asking_have_a_quota_of_their_own() {
    let (kit, laike, session) = connector();
    for _ in 0..500 {
        laike.probe(&session, Layer::Signature).await.unwrap();
    }
    let error = laike.probe(&session, Layer::Signature).await.unwrap_err();
    assert!(matches!(&error, RemoteError::Throttled { .. }), "{error:?}");
    // No more than the two newest live.
    assert_eq!(kit.world().laike.tokens.len(), 2);
}

#[tokio::test]
async fn the_same_over_real_http() {
    install_crypto();
    let mut kit = Kit::new();
    let serving = kit.simulator.serve(0).await.unwrap();
    kit.base = serving.base_url();
    let clock = kit.simulator.clone();
    kit.gateway = Gateway::new(
        Arc::new(HttpTransport::new().unwrap()),
        Arc::new(move || clock.world().now_ms()),
    );
    let laike = DouyinLaike::new(kit.gateway.clone());
    let session = kit.session(Service::DouyinLaike);
    for layer in [
        Layer::Key,
        Layer::Signature,
        Layer::Permission,
        Layer::Store,
        Layer::Orders,
    ] {
        laike.probe(&session, layer).await.unwrap();
    }
    assert_eq!(laike.listings(&session, None).await.unwrap().listings.len(), 0);
    let page = laike.listings(&session, Some("1:")).await.unwrap();
    assert_eq!(page.listings.len(), 4);
    strike(&kit, Service::DouyinLaike, FaultKind::LostAnswer);
    let error = laike.stores(&session).await.unwrap_err();
    assert!(matches!(error, RemoteError::NoAnswer { .. }), "{error:?}");
    let number = kit.order(LK);
    assert_eq!(laike.order(&session, &number).await.unwrap().number, number);
    let refused = Session {
        endpoint: Some("http://127.0.0.1:1/".parse().unwrap()),
        ..session
    };
    let error = laike.stores(&refused).await.unwrap_err();
    assert!(matches!(error, RemoteError::Unreachable { .. }), "{error:?}");
    serving.stop().await;
}
