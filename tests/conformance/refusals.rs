//! What goes wrong, classified the same way whoever says it, and the same over real HTTP.

use crate::kit::{EB, EL, JD, Kit, MT, WM, assert_layer, keyed, strike};
use connect::error::{Effect, Layer, RemoteError};
use connect::platform::{ListingWrite, Platform, SkuWrite};
use connect::session::Session;
use connect::transport::{HttpTransport, install_crypto};
use domain::money::Money;
use sim::{ErrorShape, FaultKind, Quota, Service, ServiceQuotas};
use std::sync::Arc;

/// Each with an account of its own; 美团外卖 by both of its protocols.
fn platforms(kit: &Kit) -> [(Service, Arc<dyn Platform>, Session); 6] {
    let registry = platforms::registry::registry(kit.gateway.clone());
    let opened = |service: Service| (service, kit.session(service));
    [
        opened(Service::MeituanShangou),
        opened(Service::Ebai),
        opened(Service::Eleme),
        opened(Service::MeituanWaimai),
        (Service::MeituanWaimai, kit.vendor("2")),
        opened(Service::Jddj),
    ]
    .map(|(service, session)| (service, registry.get(service.as_str()).unwrap(), session))
}

fn write() -> [ListingWrite; 1] {
    [ListingWrite {
        outer_code: "P-1".to_owned(),
        remote_id: Some("1".to_owned()),
        name: Some("x".to_owned()),
        skus: vec![SkuWrite {
            outer_sku_code: "P-1".to_owned(),
            price: Some(Money(990)),
            ..SkuWrite::default()
        }],
        ..ListingWrite::default()
    }]
}

#[tokio::test]
async fn an_html_page_a_cut_answer_and_a_lost_one_leave_the_outcome_open() {
    let kit = Kit::new();
    for (service, platform, session) in platforms(&kit) {
        strike(&kit, service, FaultKind::HtmlPage);
        let error = platform.write(&session, &write()).await.unwrap_err();
        assert!(
            matches!(&error, RemoteError::Malformed { raw } if raw.contains('<')),
            "{error:?}"
        );
        assert_eq!(error.effect(), Effect::Unknown);
        for fault in [
            FaultKind::TruncatedBody,
            FaultKind::LostAnswer,
            FaultKind::LostRequest,
        ] {
            strike(&kit, service, fault);
            let error = platform.write(&session, &write()).await.unwrap_err();
            assert_eq!(error.effect(), Effect::Unknown, "{error:?}");
            assert!(error.is_transient());
        }
    }
}

#[tokio::test]
async fn a_busy_server_leaves_a_write_open_and_a_read_harmless() {
    let kit = Kit::new();
    let mut faults = vec![
        (Service::MeituanShangou, FaultKind::ServerError { status: 502 }),
        (Service::MeituanWaimai, FaultKind::ServerError { status: 503 }),
        (Service::Jddj, FaultKind::ServerError { status: 502 }),
    ];
    for code in ["-1", "-10000", "100022"] {
        let (code, shape) = (code.to_owned(), ErrorShape::Envelope);
        faults.push((Service::Jddj, FaultKind::Gateway { code, shape }));
    }
    for code in ["gw.ISPInvokeError", "gw.ISPConnectError", "gw.ISPInvokeTimeout"] {
        for shape in [ErrorShape::Envelope, ErrorShape::Bare] {
            let code = code.to_owned();
            faults.push((Service::Ebai, FaultKind::Gateway { code, shape }));
        }
    }
    for (service, fault) in faults {
        let (_, platform, session) = platforms(&kit)
            .into_iter()
            .find(|(held, ..)| *held == service)
            .unwrap();
        strike(&kit, service, fault.clone());
        let read = platform.groups(&session).await.unwrap_err();
        assert!(
            matches!(
                &read,
                RemoteError::Busy {
                    effect: Effect::None,
                    ..
                }
            ),
            "{read:?}"
        );
        strike(&kit, service, fault);
        let written = platform.write(&session, &write()).await.unwrap_err();
        assert!(
            matches!(
                &written,
                RemoteError::Busy {
                    effect: Effect::Unknown,
                    ..
                }
            ),
            "{written:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn too_many_calls_are_throttled_and_slow_the_store_down() {
    let kit = Kit::new();
    for shape in [ErrorShape::Envelope, ErrorShape::Bare] {
        for (service, platform, session) in platforms(&kit) {
            let session = Session {
                account: service.as_str().to_owned(),
                store: format!(
                    "{}-{shape:?}-{}",
                    service.as_str(),
                    session.credentials.get("signKey").is_some()
                ),
                ..session
            };
            strike(&kit, service, FaultKind::Throttle { shape });
            let error = platform.groups(&session).await.unwrap_err();
            assert!(matches!(&error, RemoteError::Throttled { .. }), "{error:?}");
            let wait = kit.gateway.pacer().wait(&session.account, &session.store);
            assert!(wait.as_secs() >= 1, "{wait:?}");
            // The next call waits its turn and goes through.
            platform.groups(&session).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_quota_of_the_platform_is_told_as_such() {
    let kit = Kit::new();
    let quotas = ServiceQuotas {
        per_app: Some(Quota {
            calls: 2,
            window_ms: 60_000,
        }),
        ..ServiceQuotas::default()
    };
    kit.world().faults.set_quotas(Service::Ebai, quotas.clone());
    kit.world().faults.set_quotas(Service::Eleme, quotas.clone());
    kit.world().faults.set_quotas(Service::Jddj, quotas);
    let [_, (_, ebai, session), (_, eleme, third), _, _, (_, jddj, fourth)] = platforms(&kit);
    ebai.stores(&session).await.unwrap();
    ebai.stores(&session).await.unwrap();
    let error = ebai.stores(&session).await.unwrap_err();
    assert!(
        matches!(&error, RemoteError::Throttled { text, .. } if text.contains("gw.QosAPIFrequencyLimit"))
    );
    eleme.groups(&third).await.unwrap();
    eleme.groups(&third).await.unwrap();
    let error = eleme.groups(&third).await.unwrap_err();
    assert!(matches!(&error, RemoteError::Throttled { text, .. } if text.contains("EXCEED_LIMIT")));
    jddj.groups(&fourth).await.unwrap();
    jddj.groups(&fourth).await.unwrap();
    let error = jddj.groups(&fourth).await.unwrap_err();
    assert!(matches!(&error, RemoteError::Throttled { text, .. } if text.contains("10032")));
}

#[tokio::test]
async fn keys_signatures_and_rights_name_their_layer() {
    let kit = Kit::new();
    let [
        (_, meituan, mt),
        (_, ebai, eb),
        (_, eleme, el),
        (_, waimai, wm),
        (_, _, vendor),
        (_, jddj, jd),
    ] = platforms(&kit);
    for (platform, session, id, secret) in [
        (&meituan, &mt, "app_id", "app_secret"),
        (&ebai, &eb, "source", "secret"),
        (&eleme, &el, "app_key", "app_secret"),
        (&waimai, &wm, "app_id", "app_secret"),
        (&waimai, &vendor, "developerId", "signKey"),
        (&jddj, &jd, "app_key", "app_secret"),
    ] {
        let wrong = keyed(session, secret, "0123456789abcdef0123456789abcdef");
        assert_layer(platform.probe(&wrong, Layer::Signature).await, Layer::Signature);
        let stranger = keyed(session, id, "1");
        assert_layer(platform.probe(&stranger, Layer::Signature).await, Layer::Key);
        let login = keyed(session, id, "店长小王");
        assert_layer(platform.probe(&login, Layer::Key).await, Layer::Key);
        let empty = keyed(session, secret, "");
        assert!(matches!(
            platform.probe(&empty, Layer::Key).await,
            Err(RemoteError::MissingCredential { .. })
        ));
        let elsewhere = Session {
            remote_id: "404".to_owned(),
            ..session.clone()
        };
        assert_layer(platform.probe(&elsewhere, Layer::Store).await, Layer::Store);
    }
    strike(&kit, Service::MeituanShangou, FaultKind::IllegalToken);
    assert_layer(meituan.groups(&mt).await, Layer::Permission);
    kit.world().ebai.denied_commands.insert("order.list".to_owned());
    assert_layer(ebai.probe(&eb, Layer::Orders).await, Layer::Permission);
    let mut world = kit.world();
    world
        .eleme
        .denied_actions
        .insert("eleme.order.getAllOrders".to_owned());
    world.jddj.denied_calls.insert("order/es/query".to_owned());
    drop(world);
    assert_layer(jddj.probe(&jd, Layer::Orders).await, Layer::Permission);
    assert_layer(eleme.probe(&el, Layer::Orders).await, Layer::Permission);
    // A login of digits alone is still recognised.
    assert_layer(
        eleme
            .probe(&keyed(&el, "app_key", "13800000000"), Layer::Key)
            .await,
        Layer::Key,
    );
    assert_layer(
        ebai.probe(&keyed(&eb, "source", "13800000000"), Layer::Key).await,
        Layer::Key,
    );
}

#[tokio::test]
async fn an_expired_authorization_is_told_apart_from_a_revoked_one() {
    let kit = Kit::new();
    for (service, platform, session) in platforms(&kit) {
        strike(&kit, service, FaultKind::ExpiredToken);
        let error = platform.groups(&session).await.unwrap_err();
        assert!(matches!(error, RemoteError::Expired { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_wrong_clock_shows_as_a_signature_and_the_offset_mends_it() {
    let kit = Kit::new();
    let [first, _, third, fourth, fifth, sixth] = platforms(&kit);
    let behind = kit.gateway_behind(20 * 60_000);
    let registry = platforms::registry::registry(behind);
    for (service, platform, session) in [first, third, fourth, fifth, sixth] {
        let slow = registry.get(service.as_str()).unwrap();
        assert_layer(slow.probe(&session, Layer::Signature).await, Layer::Signature);
        let mended = Session {
            clock_offset_ms: 20 * 60_000,
            ..session.clone()
        };
        slow.probe(&mended, Layer::Permission).await.unwrap();
        platform.probe(&session, Layer::Permission).await.unwrap();
    }
}

#[tokio::test]
async fn a_text_of_the_platform_s_own_is_kept_with_its_code() {
    let kit = Kit::new();
    for (service, platform, session) in platforms(&kit) {
        let fault = FaultKind::Refuse {
            code: 1022,
            message: "门店审核驳回".to_owned(),
        };
        strike(&kit, service, fault);
        let error = platform.groups(&session).await.unwrap_err();
        assert_eq!(
            error,
            RemoteError::Rejected {
                code: "1022".to_owned(),
                text: "门店审核驳回".to_owned()
            }
        );
    }
}

#[tokio::test]
async fn the_erp_s_statuses_are_told_apart() {
    let kit = Kit::new();
    let session = kit.session(Service::Ama);
    let ama = erp::registry::registry(kit.gateway.clone()).get("ama").unwrap();
    let next = |fault| strike(&kit, Service::Ama, fault);
    next(FaultKind::Throttle {
        shape: ErrorShape::Bare,
    });
    assert!(matches!(
        ama.branches(&session).await,
        Err(RemoteError::Throttled { .. })
    ));
    next(FaultKind::ExpiredToken);
    assert!(matches!(
        ama.branches(&session).await,
        Err(RemoteError::Expired { .. })
    ));
    next(FaultKind::ServerError { status: 504 });
    assert!(matches!(
        ama.branches(&session).await,
        Err(RemoteError::Busy {
            effect: Effect::None,
            ..
        })
    ));
    next(FaultKind::HtmlPage);
    assert!(matches!(
        ama.branches(&session).await,
        Err(RemoteError::Malformed { .. })
    ));
    let wrong = keyed(&session, "access_token", "not-the-token");
    assert!(matches!(
        ama.probe(&wrong, Layer::Signature).await,
        Err(RemoteError::Expired { .. })
    ));
}

#[tokio::test]
async fn nothing_secret_is_in_an_error() {
    let kit = Kit::new();
    for (service, platform, session) in platforms(&kit) {
        let secrets: Vec<String> = session
            .credentials
            .expose()
            .into_iter()
            .filter(|(name, _)| {
                ["secret", "oken", "signKey"]
                    .iter()
                    .any(|word| name.contains(word))
            })
            .map(|(_, text)| text)
            .collect();
        let faults = [
            FaultKind::HtmlPage,
            FaultKind::ExpiredToken,
            FaultKind::ClockSkew,
            FaultKind::LostAnswer,
        ];
        for fault in faults {
            strike(&kit, service, fault);
            let error = platform.write(&session, &write()).await.unwrap_err();
            let shown = format!("{error:?} {error} {session:?}");
            assert!(secrets.iter().all(|secret| !shown.contains(secret)), "{shown}");
        }
    }
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
    for (service, platform, session) in platforms(&kit) {
        for layer in [
            Layer::Key,
            Layer::Signature,
            Layer::Permission,
            Layer::Store,
            Layer::Orders,
        ] {
            platform.probe(&session, layer).await.unwrap();
        }
        // Where there are no specs, each is a product of its own.
        let goods = if service == Service::Jddj { 4 } else { 3 };
        let listings = platform.listings(&session, None).await.unwrap().listings;
        assert_eq!(listings.len(), goods);
        strike(&kit, service, FaultKind::LostAnswer);
        let error = platform.groups(&session).await.unwrap_err();
        assert!(matches!(error, RemoteError::NoAnswer { .. }), "{error:?}");
        let shop = match service {
            Service::Ebai => EB,
            Service::Eleme => EL,
            Service::MeituanWaimai => WM,
            Service::Jddj => JD,
            _ => MT,
        };
        let number = kit.order(shop);
        assert_eq!(platform.order(&session, &number).await.unwrap().number, number);
        let refused = Session {
            endpoint: Some("http://127.0.0.1:1/".parse().unwrap()),
            ..session
        };
        let error = platform.stores(&refused).await.unwrap_err();
        assert!(matches!(error, RemoteError::Unreachable { .. }), "{error:?}");
    }
    serving.stop().await;
}
