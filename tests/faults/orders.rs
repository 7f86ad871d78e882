//! Orders into the ERP.

use domain::order::PushState;
use engine::clock::Chance;
use sim::PlatformId::{Ebai, MeituanShangou};
use sim::world::OrderMode;
use sim::{FaultKind, FaultRule, FaultWhen, Service};
use std::future::Future as _;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use storage::exception::Which;
use suites::{Counter, GOODS};

fn seeds() -> u64 {
    std::env::var("GUITAI_SEEDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(500)
}

/// Runs a future to its end, or lets the process die after so many polls.
async fn until_dead(future: impl Future<Output = ()>, polls: u64) -> bool {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(move |context: &mut Context<'_>| {
        if left == 0 {
            return Poll::Ready(true);
        }
        left -= 1;
        future.as_mut().poll(context).map(|()| false)
    })
    .await
}

async fn one_run(seed: u64, mode: OrderMode) -> (usize, usize) {
    let mut counter = Counter::open(mode, seed).await;
    let chance = Chance::seeded(seed);
    for (fault, per_mille) in [
        (FaultKind::LostRequest, 60),
        (FaultKind::LostAnswer, 60),
        (FaultKind::ServerError { status: 502 }, 30),
        (FaultKind::HtmlPage, 20),
    ] {
        counter.world().faults.add(FaultRule {
            service: Some(Service::Ama),
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
        if died {
            counter.crash();
            counter.start();
        }
        tokio::time::advance(Duration::from_secs(20)).await;
    }
    counter.world().faults.clear();
    for _ in 0..12 {
        counter.round().await;
        tokio::time::advance(Duration::from_secs(400)).await;
    }
    let mut undecided = 0;
    for number in &numbers {
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
    (numbers.len(), undecided)
}

fn run(mode: OrderMode, share: u64) -> (usize, usize) {
    let mut orders = 0;
    let mut undecided = 0;
    for seed in 0..share {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        let (placed, doubt) = runtime.block_on(one_run(seed, mode));
        orders += placed;
        undecided += doubt;
    }
    println!(
        "{mode:?}: {share} runs, {orders} orders, {undecided} left to the manager, none lost, none twice"
    );
    (orders, undecided)
}

#[test]
fn an_erp_with_lookup_gets_every_order_exactly_once() {
    assert_eq!(run(OrderMode::Lookup, seeds() * 2 / 5).1, 0);
}

#[test]
fn an_erp_with_idempotent_upload_gets_every_order_exactly_once() {
    assert_eq!(run(OrderMode::Idempotent, seeds() * 2 / 5).1, 0);
}

#[test]
fn an_erp_with_neither_gets_no_order_twice_and_doubts_are_shown() {
    let (orders, undecided) = run(OrderMode::Neither, seeds() / 5);
    assert!(
        undecided > 0,
        "with lost answers there must be doubts among {orders} orders, or nothing was tested"
    );
}

/// The harness itself: a process that dies at its first await point has done nothing.
#[test]
fn dying_at_once_stops_the_work() {
    let mut died = pin!(until_dead(async {}, 0));
    let mut context = Context::from_waker(Waker::noop());
    assert_eq!(died.as_mut().poll(&mut context), Poll::Ready(true));
}
