//! What goes wrong with an ERP, asked of each alike: the way there, the clock, the address, rights, secrets and the pace.

use crate::erps::{ALL, APPLE, Desk, connector, order};
use crate::kit::{BRANCH, Kit, NOON, strike, with};
use connect::error::{Effect, Layer, RemoteError};
use connect::session::Session;
use sim::world::ErpSystem;
use sim::{ErrorShape, FaultKind};
use std::sync::Arc;

#[tokio::test(start_paused = true)]
async fn what_goes_wrong_on_the_way_is_told_apart() {
    for system in ALL {
        let desk = Desk::open(system);
        let next = |fault| strike(&desk.kit, desk.service, fault);
        let sale = order("401", APPLE);
        next(FaultKind::Throttle {
            shape: ErrorShape::Envelope,
        });
        assert!(
            matches!(
                desk.erp.push_order(&desk.session, &sale).await,
                Err(RemoteError::Throttled { wait: Some(_), .. })
            ),
            "{system:?}"
        );
        next(FaultKind::HtmlPage);
        let error = desk.erp.push_order(&desk.session, &sale).await.unwrap_err();
        assert!(matches!(error, RemoteError::Malformed { .. }), "{system:?}");
        assert_eq!(error.effect(), Effect::Unknown);
        assert_eq!(desk.documents(), 0, "{system:?}: nothing happened so far");
        next(FaultKind::ServerError { status: 502 });
        let error = desk.erp.branches(&desk.session).await.unwrap_err();
        assert!(matches!(error, RemoteError::Busy { .. }), "{system:?}");
        assert_eq!(error.effect(), Effect::None, "reading changes nothing");
        next(FaultKind::TruncatedBody);
        let error = desk.erp.push_order(&desk.session, &sale).await.unwrap_err();
        assert!(matches!(error, RemoteError::Malformed { .. }), "{system:?}");
        assert_eq!(desk.documents(), 1, "the effect was there, the answer cut");
        next(FaultKind::LostAnswer);
        let other = order("402", APPLE);
        let error = desk.erp.push_order(&desk.session, &other).await.unwrap_err();
        assert!(matches!(error, RemoteError::NoAnswer { .. }), "{system:?}");
        assert_eq!(desk.documents(), 2);
        next(FaultKind::LostRequest);
        let both = [order("403", APPLE), order("404", APPLE)];
        let outcomes = desk.erp.push_orders(&desk.session, &both).await;
        assert_eq!(outcomes.len(), 2);
        let unknown = |outcome: &Result<_, RemoteError>| {
            outcome
                .as_ref()
                .is_err_and(|error| error.effect() == Effect::Unknown)
        };
        assert!(
            outcomes.iter().all(unknown),
            "{system:?}: of every row nobody knows"
        );
    }
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_as_such_and_nothing_happens() {
    for (system, behind) in [
        (ErpSystem::Jushuitan, 16 * 60_000),
        (ErpSystem::WangdiantongEnterprise, 6 * 60_000),
        (ErpSystem::WangdiantongFlagship, 3 * 60_000),
    ] {
        let desk = Desk::open(system);
        let late = connector(&desk.kit.gateway_behind(behind), desk.service);
        let answer = late.push_order(&desk.session, &order("401", APPLE)).await;
        let text = match answer {
            Err(RemoteError::Refused {
                layer: Layer::Signature,
                text,
            }) => text,
            other => panic!("{system:?} {other:?}"),
        };
        assert!(text.contains("电脑的时间和ERP差得太多"), "{text}");
        assert_eq!(desk.documents(), 0);
        // A little off is nothing.
        let near = connector(&desk.kit.gateway_behind(behind - 90_000), desk.service);
        near.push_order(&desk.session, &order("401", APPLE))
            .await
            .unwrap();
        // And so is a measured offset, once it is reckoned with.
        let measured = Session {
            clock_offset_ms: behind,
            ..desk.session.clone()
        };
        late.branches(&measured).await.unwrap();
    }
}

#[tokio::test]
async fn an_address_outside_the_white_list_is_named() {
    for system in ALL {
        let desk = Desk::open(system);
        desk.kit.world().erp.jushuitan.ip_listed = false;
        desk.kit.world().erp.wangdiantong.ip_listed = false;
        let answer = desk.erp.probe(&desk.session, Layer::Permission).await;
        match answer {
            Err(RemoteError::Refused {
                layer: Layer::Permission,
                text,
            }) => assert!(text.contains("出口IP[203.0.113.9]"), "{system:?} {text}"),
            other => panic!("{system:?} {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_missing_right_is_told_at_its_layer_and_the_signature_is_good() {
    for (system, path) in [
        (ErpSystem::Jushuitan, "open/shops/query"),
        (ErpSystem::WangdiantongEnterprise, "shop"),
        (ErpSystem::WangdiantongFlagship, "setting.Shop.queryShop"),
    ] {
        let desk = Desk::open(system);
        desk.kit
            .world()
            .erp
            .jushuitan
            .denied_calls
            .insert(path.to_owned());
        desk.kit
            .world()
            .erp
            .wangdiantong
            .denied_calls
            .insert(path.to_owned());
        desk.erp.probe(&desk.session, Layer::Signature).await.unwrap();
        let answer = desk.erp.probe(&desk.session, Layer::Permission).await;
        crate::kit::assert_layer(answer, Layer::Permission);
    }
}

#[tokio::test]
async fn a_wrong_secret_is_refused_with_no_effect() {
    for (system, field, wrong) in [
        (ErpSystem::Jushuitan, "app_secret", "not-the-secret"),
        (ErpSystem::WangdiantongEnterprise, "appsecret", "not-the-secret"),
        (
            ErpSystem::WangdiantongFlagship,
            "appsecret",
            "not-the-secret:nor-salt",
        ),
    ] {
        let desk = Desk::open(system);
        let session = crate::kit::keyed(&desk.session, field, wrong);
        let answer = desk.erp.push_order(&session, &order("401", APPLE)).await;
        crate::kit::assert_layer(answer, Layer::Signature);
        let answer = desk.erp.probe(&session, Layer::Signature).await;
        crate::kit::assert_layer(answer, Layer::Signature);
        assert_eq!(desk.documents(), 0);
    }
}

#[tokio::test]
async fn nothing_secret_is_in_an_error() {
    for system in ALL {
        let desk = Desk::open(system);
        let held = desk.session.credentials.expose();
        let secrets: Vec<&str> = held
            .iter()
            .filter(|(name, _)| name.contains("secret") || name.contains("oken"))
            .flat_map(|(_, text)| text.split(':'))
            .collect();
        assert!(!secrets.is_empty());
        for fault in [
            FaultKind::HtmlPage,
            FaultKind::ExpiredToken,
            FaultKind::ClockSkew,
            FaultKind::LostAnswer,
            FaultKind::Refuse {
                code: 100,
                message: format!("坏了 {}", secrets.join(" ")),
            },
        ] {
            strike(&desk.kit, desk.service, fault);
            desk.kit.world().erp.jushuitan.provider = true;
            let answer = desk.erp.push_order(&desk.session, &order("401", APPLE)).await;
            let shown = format!("{answer:?} {:?}", desk.session);
            assert!(secrets.iter().all(|secret| !shown.contains(secret)), "{shown}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_pace_keeps_within_what_each_erp_allows() {
    for (system, calls) in [
        (ErpSystem::Jushuitan, 130),
        (ErpSystem::WangdiantongEnterprise, 70),
        (ErpSystem::WangdiantongFlagship, 70),
    ] {
        let kit = Kit::new();
        kit.world().clock = sim::SimClock::starting_at(NOON);
        kit.world().erp.system = system;
        let announced = kit.simulator.announcement(&kit.base);
        let service = &announced.services[announced.erp];
        let pairs = service.credentials.iter();
        let pairs = pairs.map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned()));
        let session = Session {
            credentials: connect::session::Credentials::new(pairs),
            endpoint: Some(service.url.parse().unwrap()),
            account: "1".to_owned(),
            store: "1".to_owned(),
            remote_id: BRANCH.to_owned(),
            settings: Arc::default(),
            clock_offset_ms: 0,
        };
        let erp = connector(&kit.gateway, system.service());
        for _ in 0..calls {
            erp.branches(&session).await.unwrap();
        }
        // As fast as it goes, both run into the limit.
        let hasty = with(&session, "calls_per_second", "0");
        let mut refused = false;
        for _ in 0..calls {
            refused |= matches!(
                connector(&kit.gateway_behind(0), system.service())
                    .branches(&hasty)
                    .await,
                Err(RemoteError::Throttled { wait: Some(_), .. })
            );
        }
        assert!(refused, "{system:?}: the quota is enforced");
    }
}
