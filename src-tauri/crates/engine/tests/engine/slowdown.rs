//! A platform that asks to slow down: the window is told who waits and until when, whatever kind of call it was.

use super::kit::{EB, Kit, MT};
use engine::event::{Event, Throttled};
use sim::{ErrorShape, FaultKind, Service};

#[tokio::test(start_paused = true)]
async fn a_throttled_reading_tells_the_window_which_store_waits_until_when() {
    for (platform, service, call, id) in [
        (MT, Service::MeituanShangou, "retail/list", "meituan_shangou"),
        (EB, Service::Ebai, "sku.list", "ebai"),
    ] {
        let kit = Kit::new(platform).await;
        let mut events = kit.engine.events().subscribe();
        let throttle = FaultKind::Throttle {
            shape: ErrorShape::Envelope,
        };
        kit.fault(service, call, throttle);
        let before = kit.engine.now();
        kit.engine.pull_store(kit.store).await.unwrap();
        let mut told: Option<Throttled> = None;
        while let Ok(event) = events.try_recv() {
            if let Event::Throttled(throttled) = event {
                told = Some(throttled);
            }
        }
        let told = told.unwrap();
        assert_eq!((told.service.as_str(), told.store), (id, Some(kit.store)));
        assert!(told.until > before, "{told:?}");
        assert_eq!(kit.engine.events().line().throttled, Some(told));
    }
}
