//! A thousand orders through each ERP while requests and answers are lost, in each of the three ways in which an unknown
//! outcome can be settled.

use crate::dying::play;
use domain::order::PushState;
use engine::clock::Chance;
use sim::PlatformId::{Ebai, MeituanShangou};
use sim::world::{ErpSystem, OrderMode};
use sim::{FaultKind, FaultRule, FaultWhen};
use std::collections::HashMap;
use std::time::Duration;
use storage::exception::Which;
use suites::{Counter, GOODS};

const ORDERS: usize = 1_000;

/// How many orders are in each state.
fn states(counter: &Counter) -> HashMap<PushState, Vec<String>> {
    let rows = counter.engine().db().read(|c| {
        let mut statement = c.prepare("SELECT number FROM orders ORDER BY id")?;
        let numbers = statement.query_map([], |row| row.get::<_, String>(0))?;
        Ok(numbers.collect::<Result<Vec<_>, _>>()?)
    });
    let mut states: HashMap<PushState, Vec<String>> = HashMap::new();
    for number in rows.unwrap() {
        let state = counter.stored(&number).push_state;
        states.entry(state).or_default().push(number);
    }
    states
}

/// Pushes until nothing is due any more.
async fn settle(counter: &Counter) {
    for _ in 0..60 {
        counter.engine().push_due().await.unwrap();
        tokio::time::sleep(Duration::from_secs(30)).await;
        let left = counter.engine().db().read(storage::order::next_due).unwrap();
        if left.is_none() {
            return;
        }
    }
    panic!("orders are still due: {:?}", states(counter));
}

/// Gives how many orders were left to the manager.
async fn a_thousand(system: ErpSystem, mode: OrderMode) -> usize {
    let counter = Counter::open_with(system, mode, 1_000).await;
    let chance = Chance::seeded(1_000);
    for at in 0..ORDERS {
        let platform = if at % 2 == 0 { MeituanShangou } else { Ebai };
        let goods: Vec<usize> = (0..=chance.below(2))
            .map(|_| usize::try_from(chance.below(GOODS.len() as u64)).unwrap())
            .collect();
        counter.order(platform, &goods);
    }
    // A call that carries many orders is one of few.
    let per_mille = if system == ErpSystem::Ama { 60 } else { 250 };
    for fault in [FaultKind::LostRequest, FaultKind::LostAnswer] {
        counter.world().faults.add(FaultRule {
            service: Some(system.service()),
            call: None,
            fault,
            when: FaultWhen::Chance { per_mille },
        });
    }
    counter.round().await;
    settle(&counter).await;
    let doubts = states(&counter).remove(&PushState::Exception).unwrap_or_default();
    for number in &doubts {
        assert_eq!(counter.cause(number).as_deref(), Some("UNKNOWN"), "{number}");
    }
    // Nothing goes again by itself, however often it is tried.
    let report = counter.engine().repush(&Which::All).await.unwrap();
    assert_eq!((report.pushed.len(), report.undecided), (0, doubts.len()));
    // The manager looks each of them up in the ERP.
    let (there, missing): (Vec<_>, Vec<_>) = doubts
        .iter()
        .map(|number| counter.stored(number))
        .partition(|row| counter.documents(&row.number) == 1);
    for row in &there {
        let booked = domain::finding::Remedy::CloseOrder { order: row.id };
        counter.engine().run_remedy(&booked).await.unwrap();
    }
    counter.world().faults.clear();
    let ids: Vec<_> = missing.iter().map(|row| row.id).collect();
    if !ids.is_empty() {
        counter.engine().repush_orders(&ids).await.unwrap();
    }
    settle(&counter).await;
    let all = states(&counter);
    let booked = all.get(&PushState::Pushed).map_or(0, Vec::len);
    assert_eq!((all.len(), booked), (1, ORDERS), "{system:?} {mode:?}: {all:?}");
    for number in &all[&PushState::Pushed] {
        assert_eq!(counter.documents(number), 1, "{system:?} {mode:?}: {number}");
    }
    let uploads = counter.world().ledger_report().calls;
    let uploads: u64 = uploads
        .iter()
        .filter(|(call, _)| {
            call.ends_with("upload") || call.ends_with("trade_push") || call.ends_with("pushSelf2")
        })
        .map(|(_, count)| count)
        .sum();
    println!(
        "{system:?} {mode:?}: {ORDERS} orders in {uploads} uploads, {} asked about",
        doubts.len()
    );
    assert!(
        system == ErpSystem::Ama || uploads < 150,
        "{system:?} {mode:?}: {uploads} uploads of {ORDERS} orders"
    );
    doubts.len()
}

fn in_all_modes(system: ErpSystem) {
    for mode in [OrderMode::Lookup, OrderMode::Idempotent, OrderMode::Neither] {
        let doubts = play(&format!("{system:?} {mode:?}"), 1_000, a_thousand(system, mode));
        assert_eq!(
            doubts > 0,
            mode == OrderMode::Neither,
            "{system:?} {mode:?}: only who can neither look up nor repeat leaves doubts"
        );
    }
}

#[test]
fn a_thousand_orders_reach_ama_once_each() {
    in_all_modes(ErpSystem::Ama);
}

#[test]
fn a_thousand_orders_reach_jushuitan_once_each() {
    in_all_modes(ErpSystem::Jushuitan);
}

#[test]
fn a_thousand_orders_reach_wangdiantong_enterprise_once_each() {
    in_all_modes(ErpSystem::WangdiantongEnterprise);
}

#[test]
fn a_thousand_orders_reach_wangdiantong_flagship_once_each() {
    in_all_modes(ErpSystem::WangdiantongFlagship);
}
