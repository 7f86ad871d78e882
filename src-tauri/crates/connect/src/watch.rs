//! Orders that have to be read again, for platforms that do not tell what changed.
//!
//! A connector keeps this list inside its cursor. Orders that still move are read often, finished ones now and then
//! (a refund may follow days later), and each in its turn, so that no pull grows without bound.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// One order that is watched.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Watched {
    /// The platform's order number.
    #[serde(rename = "n")]
    pub number: String,
    /// UTC ms.
    #[serde(rename = "at")]
    pub placed_at: i64,
    /// The platform's state as last read, in its own words.
    #[serde(rename = "s", default)]
    pub state: String,
    /// Finished or cancelled.
    #[serde(rename = "d", default)]
    pub done: bool,
}

/// The list, longest unread first.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Watch(VecDeque<Watched>);

impl Watch {
    /// What is known of an order.
    pub fn get(&self, number: &str) -> Option<&Watched> {
        self.0.iter().find(|order| order.number == number)
    }

    /// Notes a reading: the order goes to the end.
    pub fn put(&mut self, order: Watched) {
        self.0.retain(|held| held.number != order.number);
        self.0.push_back(order);
    }

    /// The next numbers to read again: at most `open` that still move and `done` that do not. They go to the end.
    pub fn turn(&mut self, open: usize, done: usize) -> Vec<String> {
        let (mut open, mut done) = (open, done);
        let (next, rest): (VecDeque<_>, VecDeque<_>) =
            std::mem::take(&mut self.0).into_iter().partition(|order| {
                let left = if order.done { &mut done } else { &mut open };
                let taken = *left > 0;
                *left = left.saturating_sub(1);
                taken
            });
        let numbers = next.iter().map(|order| order.number.clone()).collect();
        self.0 = rest;
        self.0.extend(next);
        numbers
    }

    /// Forgets orders placed before a moment (UTC ms).
    pub fn forget_before(&mut self, ms: i64) {
        self.0.retain(|order| order.placed_at >= ms);
    }

    /// How many are watched.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is watched.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{Watch, Watched};

    fn order(number: &str, done: bool) -> Watched {
        Watched {
            number: number.into(),
            placed_at: 1,
            state: String::new(),
            done,
        }
    }

    #[test]
    fn every_order_gets_its_turn_and_moving_ones_more_often() {
        let mut watch = Watch::default();
        for (number, done) in [("a", false), ("b", true), ("c", false), ("d", true), ("e", false)] {
            watch.put(order(number, done));
        }
        assert_eq!(watch.turn(2, 1), ["a", "b", "c"]);
        assert_eq!(watch.turn(2, 1), ["d", "e", "a"]);
        assert_eq!(watch.len(), 5);
    }

    #[test]
    fn a_new_reading_replaces_the_old_one() {
        let mut watch = Watch::default();
        watch.put(order("a", false));
        watch.put(order("a", true));
        assert_eq!(watch.len(), 1);
        assert!(watch.get("a").unwrap().done);
        watch.forget_before(2);
        assert!(watch.is_empty());
    }
}
