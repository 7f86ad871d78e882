//! Calls are spread so that each platform's quota is used and never overrun, and a busy store delays no other. Time is
//! tokio's and paused, so what is measured is our own spacing and nothing of this machine.

use connect::error::RemoteError;
use connect::platform::Platform;
use connect::session::Session;
use sim::{PlatformId, Quota, Service, ServiceQuotas, Simulator};
use std::sync::Arc;
use std::time::Duration;
use suites::market::{Market as _, Stage};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// The connector of a platform with a session of its shop, at the pace it has by itself.
async fn opened(platform: PlatformId) -> (Simulator, Arc<dyn Platform>, Session) {
    let mut stage = Stage::open(Stage::world(&[platform]), Vec::new()).await;
    let shop = stage.shop_on(platform);
    let store = stage.join(Box::new(stage.shop_on(platform))).await;
    let session = stage.engine.store_session(store).await.unwrap();
    let connector = stage.engine.platform(shop.platform()).unwrap();
    (stage.sim.clone(), connector, session)
}

fn service(platform: PlatformId) -> Service {
    serde_json::from_value(platform.as_str().into()).unwrap()
}

/// A strict window that holds exactly what the rate allows in it.
fn quota(rate: f64) -> Quota {
    let window_ms = if rate < 1.0 { 60_000 } else { 1_000 };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small whole number"
    )]
    let calls = (rate * f64::from(window_ms) / 1_000.0).round() as usize;
    Quota {
        calls,
        window_ms: i64::from(window_ms),
    }
}

/// Calls that arrived for a service so far.
fn arrived(sim: &Simulator, service: Service) -> u64 {
    let start = format!("{}/", service.as_str());
    let report = serde_json::to_value(sim.world().ledger_report()).unwrap();
    let calls = report["calls"].as_object().unwrap();
    let ours = calls.iter().filter(|(name, _)| name.starts_with(&start));
    ours.map(|(_, count)| count.as_u64().unwrap()).sum()
}

/// Reads without a pause of its own until the time is over; how often it was told that this is too often.
async fn read_on(platform: Arc<dyn Platform>, session: Session, until: Instant) -> usize {
    let mut refused = 0;
    while Instant::now() < until {
        match platform.listings(&session, None).await {
            Err(RemoteError::Throttled { .. }) => refused += 1,
            other => drop(other.unwrap()),
        }
    }
    refused
}

#[tokio::test(start_paused = true)]
async fn p11_every_platforms_quota_is_used_and_never_overrun() {
    for id in PlatformId::ALL {
        let (sim, platform, session) = opened(id).await;
        let service = service(id);
        let (account, store) = platform.descriptor().pace;
        assert!(account > 0.0 && store > 0.0, "{id} says at what pace it calls");
        let quotas = ServiceQuotas {
            per_app: Some(quota(account)),
            per_shop: Some(quota(store)),
            ..ServiceQuotas::default()
        };
        // What joining has used up is forgotten first.
        tokio::time::sleep(Duration::from_mins(2)).await;
        sim.world().faults.set_quotas(service, quotas);
        let (before, begun) = (arrived(&sim, service), Instant::now());
        let until = begun + Duration::from_mins(5);
        let mut readers = JoinSet::new();
        for _ in 0..4 {
            readers.spawn(read_on(platform.clone(), session.clone(), until));
        }
        let refused: usize = readers.join_all().await.into_iter().sum();
        assert_eq!(refused, 0, "{id}");
        #[expect(clippy::cast_precision_loss, reason = "some thousands")]
        let used =
            (arrived(&sim, service) - before) as f64 / (account.min(store) * begun.elapsed().as_secs_f64());
        assert!((0.95..=1.0).contains(&used), "{id} uses {used:.3} of its quota");
    }
}

#[tokio::test(start_paused = true)]
async fn p11_a_busy_store_delays_no_other() {
    for id in PlatformId::ALL {
        let (_, platform, session) = opened(id).await;
        let (account, _) = platform.descriptor().pace;
        let other = Session {
            store: "another".to_owned(),
            ..session.clone()
        };
        let until = Instant::now() + Duration::from_mins(10);
        let busy = tokio::spawn(read_on(platform.clone(), session, until));
        tokio::time::sleep(Duration::from_mins(1)).await;
        let begun = Instant::now();
        // One call, whatever else a reading takes.
        let first = platform.probe(&other, connect::error::Layer::Signature);
        first.await.unwrap();
        // Its own turn, and at most the one that the busy store has taken before it.
        let turns = begun.elapsed().as_secs_f64() * account;
        assert!(turns <= 3.0, "{id} waited for {turns:.1} turns");
        busy.abort();
    }
}
