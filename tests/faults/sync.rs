//! Products, prices, stock, pictures and codes onto both platforms.

use crate::dying::{is_whole, play, seeds, seeds_from, until_dead};
use crate::goods::shops;
use crate::shop::Shop;
use engine::clock::Chance;
use engine::error::EngineError;
use engine::sync::plan::Choices;
use engine::sync::report::SyncReport;
use sim::{ErrorShape, FaultKind, FaultRule, FaultWhen, PlatformId, Service};
use std::time::Duration;

/// A settled outbox looks after two seconds: what was on the wire longer is beyond what can be told.
const LATEST: Duration = Duration::from_millis(1_500);
/// The platform shows new pictures after its review.
const REVIEW: Duration = Duration::from_mins(11);

/// What a run came to.
#[derive(Default)]
struct Told {
    deaths: usize,
    made: usize,
    refused: usize,
}

/// Faults at both platforms, in a weather of 1 (light) to 3 (heavy).
pub(crate) fn storm(shop: &Shop, weather: u32, seed: u64) {
    let throttle = |shape| FaultKind::Throttle { shape };
    let silence = |effect| FaultKind::TimedOut { ms: 20_000, effect };
    let faults = [
        (FaultKind::LostRequest, 25),
        (FaultKind::LostAnswer, 30),
        (FaultKind::Reset, 5),
        (FaultKind::ServerError { status: 502 }, 15),
        (FaultKind::HtmlPage, 10),
        (FaultKind::TruncatedBody, 10),
        (FaultKind::DuplicateRequest, 15),
        (FaultKind::Latency { ms: 4_000 }, 20),
        (throttle(ErrorShape::Envelope), 15),
        (throttle(ErrorShape::Bare), 5),
        (silence(true), 5),
        (silence(false), 5),
        (FaultKind::ExpiredToken, 3),
    ];
    let mut world = shop.counter.world();
    for service in [Service::MeituanShangou, Service::Ebai] {
        for (fault, per_mille) in &faults {
            world.faults.add(FaultRule {
                service: Some(service),
                call: None,
                fault: fault.clone(),
                when: FaultWhen::Chance {
                    per_mille: per_mille * weather,
                },
            });
        }
    }
    world.faults.reseed(seed);
    drop(world);
    shop.counter.line.straggle(8 * u64::from(weather), LATEST, seed);
}

/// A sync and a stock round; only the other side may fail them.
async fn sync(shop: &Shop) {
    let engine = shop.counter.engine();
    match engine.sync_apply(&[], &Choices::default()).await {
        Ok(_) | Err(EngineError::Remote(_)) => {}
        Err(error) => panic!("only the other side may fail a sync: {error}"),
    }
    engine.push_stock(&[], false).await.unwrap();
}

fn is_through(report: &SyncReport) -> bool {
    (report.unknown, report.queued) == (0, 0)
}

async fn one_run(seed: u64) -> Told {
    let mut shop = Shop::open(seed).await;
    let chance = Chance::seeded(seed ^ 0x5eed);
    let weather = 1 + u32::try_from(chance.below(3)).unwrap();
    storm(&shop, weather, seed);
    let mut told = Told::default();
    for round in 0..4 {
        let edits = if round == 0 { 0 } else { 1 + chance.below(4) };
        for _ in 0..edits {
            shop.edit(&chance);
        }
        let long = 1 << (4 + chance.below(7));
        if until_dead(sync(&shop), 3 + chance.below(long)).await {
            told.deaths += 1;
            // One in four is not killed but left: a request that is dropped half way while the app goes on.
            if chance.below(4) > 0 {
                shop.counter.crash();
                shop.counter.start();
            }
        }
        tokio::time::sleep(Duration::from_secs(20)).await;
        shop.what_is_done_is_there();
    }
    told.refused = shop.refused().len();
    calm(&shop);
    told.made = converge(&shop).await;
    told
}

/// No fault strikes any more.
pub(crate) fn calm(shop: &Shop) {
    shop.counter.world().faults.clear();
    shop.counter.line.hurry();
}

/// In good weather everything ends: nothing stays open, what is called done is there, and both platforms hold what is
/// wanted. Gives how many products were made.
pub(crate) async fn converge(shop: &Shop) -> usize {
    let engine = shop.counter.engine().clone();
    let report = engine.sync_resume(&[]).await.unwrap();
    assert!(is_through(&report), "{report:?}");
    shop.nothing_in_limbo();
    shop.what_is_done_is_there();
    for _ in 0..3 {
        tokio::time::sleep(REVIEW).await;
        for (_, _, store) in shops(&shop.counter) {
            engine.pull_store(store).await.unwrap();
        }
        let report = engine.sync_apply(&[], &Choices::default()).await.unwrap();
        assert!(is_through(&report), "{report:?}");
        engine.push_stock(&[], false).await.unwrap();
    }
    for plan in engine.sync_plan(&[], &Choices::default()).unwrap() {
        assert!(plan.plan.is_empty(), "still to do: {:?}", plan.plan.steps);
    }
    shop.nothing_in_limbo();
    shop.what_is_done_is_there();
    shop.platforms_hold_what_is_wanted();
    let world = shop.counter.world();
    let made = PlatformId::ALL
        .map(|platform| world.ledger.synced(platform).created)
        .iter()
        .sum();
    assert_eq!(made, 6, "three new products on two platforms, each made once");
    made
}

fn run(suite: &str, all: std::ops::Range<u64>) {
    let runs = all.end - all.start;
    let mut sum = Told::default();
    for seed in all {
        let told = play(suite, seed, one_run(seed));
        sum.deaths += told.deaths;
        sum.made += told.made;
        sum.refused += told.refused;
    }
    println!(
        "{suite}: {runs} runs, {} deaths, {} products made, {} writes refused on the way, none lost, none twice",
        sum.deaths, sum.made, sum.refused
    );
    assert!(
        !is_whole() || sum.deaths > 0,
        "nobody died, so nothing was tested"
    );
}

// In two halves, for they run side by side.

#[test]
fn a_sync_that_is_struck_and_dies_is_taken_up_and_ends_with_what_is_wanted() {
    run("sync", seeds(18));
}

#[test]
fn a_second_lot_of_syncs_ends_with_what_is_wanted() {
    run("sync, second lot", seeds_from(10_000_000, 18));
}
