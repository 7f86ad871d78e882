//! The manager pauses and cancels a sync in the middle.

use crate::dying::{play, seeds};
use crate::shop::Shop;
use crate::sync::{calm, converge, storm};
use domain::id::JobId;
use engine::clock::Chance;
use engine::sync::plan::Choices;
use sim::{FaultKind, FaultRule, FaultWhen};
use std::time::Duration;
use storage::task::TaskState;

/// Every call takes this long, so that there is a middle.
const CALL: u64 = 150;
/// A call under way when the pause began may have tries and a read-back behind it.
const SETTLED: Duration = Duration::from_mins(2);

fn calls(shop: &Shop) -> u64 {
    shop.counter.world().ledger_report().calls.values().sum()
}

async fn ended(shop: &Shop, job: JobId) {
    while shop.counter.engine().is_running(job) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn state(shop: &Shop, job: JobId) -> String {
    shop.counter
        .engine()
        .db()
        .read(|c| storage::job::get(c, job))
        .unwrap()
        .state
}

async fn one_run(seed: u64) -> bool {
    let mut shop = Shop::open(seed).await;
    let chance = Chance::seeded(seed ^ 0xca11);
    if chance.below(2) == 0 {
        storm(&shop, 1, seed);
    }
    shop.counter.world().faults.add(FaultRule {
        service: None,
        call: None,
        fault: FaultKind::Latency { ms: CALL },
        when: FaultWhen::Always,
    });
    for _ in 0..chance.below(4) {
        shop.edit(&chance);
    }
    let engine = shop.counter.engine().clone();
    let job = engine.sync_spawn(&[], Choices::default()).unwrap();
    tokio::time::sleep(Duration::from_millis(chance.below(12_000))).await;
    let pauses = chance.below(2) == 0 && engine.pause_job(job, true);
    if pauses {
        tokio::time::sleep(SETTLED).await;
        let before = calls(&shop);
        tokio::time::sleep(SETTLED).await;
        assert!(
            !engine.is_running(job) || calls(&shop) == before,
            "a paused sync calls nobody"
        );
    }
    let cancelled = chance.below(3) > 0 && engine.cancel_job(job);
    if !cancelled {
        engine.pause_job(job, false);
    }
    ended(&shop, job).await;
    let mine = engine.db().read(|c| storage::task::of_job(c, job)).unwrap();
    if cancelled && state(&shop, job) == "cancelled" {
        let queued = mine.iter().filter(|task| task.state == TaskState::Queued).count();
        assert_eq!(queued, 0, "what a cancelled sync has not sent is taken back");
    }
    // What was on its way late has arrived.
    tokio::time::sleep(Duration::from_secs(5)).await;
    shop.what_is_done_is_there();
    calm(&shop);
    converge(&shop).await;
    cancelled
}

#[test]
fn a_sync_that_is_paused_or_cancelled_half_way_goes_on_cleanly() {
    let cancelled = seeds(4)
        .map(|seed| usize::from(play("cancel", seed, one_run(seed))))
        .sum::<usize>();
    println!("cancel: {cancelled} syncs cancelled half way, none lost, none twice");
}
