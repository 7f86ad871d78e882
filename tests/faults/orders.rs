//! Orders into the ERP.

use crate::dying::{is_whole, play, seeds, until_dead};
use domain::order::PushState;
use engine::clock::Chance;
use sim::PlatformId::{Ebai, MeituanShangou};
use sim::world::{ErpSystem, OrderMode};
use sim::{FaultKind, FaultRule, FaultWhen, Service};
use std::time::Duration;
use storage::exception::Which;
use suites::{Counter, GOODS};

/// An order without an answer is looked for after five seconds: what was on the wire longer is beyond what can be told.
const LATEST: Duration = Duration::from_secs(4);

async fn one_run(seed: u64, system: ErpSystem, mode: OrderMode) -> (usize, usize) {
    let mut counter = Counter::open_with(system, mode, seed).await;
    let chance = Chance::seeded(seed);
    for (fault, per_mille) in [
        (FaultKind::LostRequest, 60),
        (FaultKind::LostAnswer, 60),
        (FaultKind::ServerError { status: 502 }, 30),
        (FaultKind::HtmlPage, 20),
    ] {
        counter.world().faults.add(FaultRule {
            service: Some(system.service()),
            call: None,
            fault,
            when: FaultWhen::Chance { per_mille },
        });
    }
    for service in [Service::MeituanShangou, Service::Ebai] {
        counter.world().faults.add(FaultRule {
            service: Some(service),
            call: None,
            fault: FaultKind::LostAnswer,
            when: FaultWhen::Chance { per_mille: 30 },
        });
    }
    if mode == OrderMode::Idempotent {
        // The same upload twice, as a proxy does it. Of the others only such an ERP makes one document of them.
        counter.world().faults.add(FaultRule {
            service: Some(system.service()),
            call: None,
            fault: FaultKind::DuplicateRequest,
            when: FaultWhen::Chance { per_mille: 60 },
        });
    }
    counter.line.straggle(30, LATEST, seed);
    let mut numbers = Vec::new();
    for _ in 0..6 {
        let platform = if chance.below(2) == 0 {
            MeituanShangou
        } else {
            Ebai
        };
        let goods: Vec<usize> = (0..=chance.below(3))
            .map(|_| usize::try_from(chance.below(GOODS.len() as u64)).unwrap())
            .collect();
        numbers.push(counter.order(platform, &goods));
        if chance.below(8) == 0 {
            let last = numbers.last().unwrap().clone();
            counter.world().cancel_order(&last).unwrap();
        }
        let died = until_dead(counter.round(), 3 + chance.below(120)).await;
        // One in four is not killed but left: a request that is dropped half way while the app goes on.
        if died && chance.below(4) > 0 {
            counter.crash();
            counter.start();
        }
        tokio::time::sleep(Duration::from_secs(20)).await;
    }
    counter.world().faults.clear();
    counter.line.hurry();
    for _ in 0..12 {
        counter.round().await;
        tokio::time::sleep(Duration::from_secs(400)).await;
    }
    let undecided = judge(&counter, &numbers, seed, mode);
    (numbers.len(), undecided)
}

/// Every order is in the ERP once, or closed, or left to the manager in doubt; gives how many are left.
fn judge(counter: &Counter, numbers: &[String], seed: u64, mode: OrderMode) -> usize {
    let mut undecided = 0;
    for number in numbers {
        let row = counter.stored(number);
        let documents = counter.documents(number);
        let due = counter.world().order(number).unwrap().is_due();
        assert!(
            documents <= 1,
            "seed {seed} {mode:?}: {number} is in the ERP {documents} times"
        );
        match row.push_state {
            PushState::Pushed => assert_eq!(
                documents, 1,
                "seed {seed} {mode:?}: {number} is said to be in the ERP"
            ),
            PushState::Closed => assert!(!due, "seed {seed} {mode:?}: {number} was closed and is due"),
            PushState::Exception => {
                assert_eq!(
                    counter.cause(number).as_deref(),
                    Some("UNKNOWN"),
                    "seed {seed} {mode:?}: {number}"
                );
                assert_eq!(
                    mode,
                    OrderMode::Neither,
                    "seed {seed}: only an ERP without look-up leaves a doubt"
                );
                undecided += 1;
            }
            other => panic!("seed {seed} {mode:?}: {number} was left {other:?}"),
        }
    }
    let open = counter
        .engine()
        .db()
        .read(|c| storage::exception::list(c, &Which::All))
        .unwrap();
    assert_eq!(open.len(), undecided);
    let stored = counter
        .engine()
        .db()
        .read(|c| Ok(c.query_row("SELECT count(*) FROM orders", [], |row| row.get::<_, i64>(0))?))
        .unwrap();
    assert_eq!(
        usize::try_from(stored).unwrap(),
        numbers.len(),
        "seed {seed} {mode:?}: every order is stored once, however often it is read"
    );
    undecided
}

fn run(system: ErpSystem, mode: OrderMode, share: u64) -> (usize, usize) {
    let mut orders = 0;
    let mut undecided = 0;
    let all = seeds(share);
    let runs = all.end - all.start;
    for seed in all {
        let (placed, doubt) = play(&format!("{system:?} {mode:?}"), seed, one_run(seed, system, mode));
        orders += placed;
        undecided += doubt;
    }
    println!(
        "{system:?} {mode:?}: {runs} runs, {orders} orders, {undecided} left to the manager, none lost, none twice"
    );
    (orders, undecided)
}

#[test]
fn an_erp_with_lookup_gets_every_order_exactly_once() {
    assert_eq!(run(ErpSystem::Ama, OrderMode::Lookup, 25).1, 0);
}

#[test]
fn an_erp_with_idempotent_upload_gets_every_order_exactly_once() {
    assert_eq!(run(ErpSystem::Ama, OrderMode::Idempotent, 20).1, 0);
}

#[test]
fn an_erp_with_neither_gets_no_order_twice_and_doubts_are_shown() {
    let (orders, undecided) = run(ErpSystem::Ama, OrderMode::Neither, 15);
    assert!(
        undecided > 0 || !is_whole(),
        "with lost answers there must be doubts among {orders} orders, or nothing was tested"
    );
}

#[test]
fn each_of_the_other_erps_gets_every_order_exactly_once_by_its_own_nature() {
    for (system, mode) in [
        // Looked up by number; a second upload would make a second document.
        (ErpSystem::Jushuitan, OrderMode::Lookup),
        (ErpSystem::WangdiantongFlagship, OrderMode::Lookup),
        // No look-up by number; an order that is there is changed.
        (ErpSystem::WangdiantongEnterprise, OrderMode::Idempotent),
    ] {
        assert_eq!(run(system, mode, 4).1, 0, "{system:?}");
    }
}

#[test]
fn where_neither_is_relied_on_they_get_no_order_twice_and_doubts_are_shown() {
    let mut all = (0, 0);
    for system in [
        ErpSystem::Jushuitan,
        ErpSystem::WangdiantongFlagship,
        ErpSystem::WangdiantongEnterprise,
    ] {
        let (orders, undecided) = run(system, OrderMode::Neither, 3);
        all = (all.0 + orders, all.1 + undecided);
    }
    assert!(
        all.1 > 0 || !is_whole(),
        "with lost answers there must be doubts among {} orders, or nothing was tested",
        all.0
    );
}
