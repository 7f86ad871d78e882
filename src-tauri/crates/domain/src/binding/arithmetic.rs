//! The sums of a match, as the manager asks for them (F22: "1890 里为什么只成功 135").

use serde::{Deserialize, Serialize};

/// The arithmetic of one match of one store.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Arithmetic {
    /// Listing SKUs without a binding before.
    pub unmatched_before: usize,
    /// Rows that share a key with the other side, counted on the side that has more of them in each key.
    pub candidates: usize,
    /// Bindings made.
    pub bound: usize,
    /// Rows left over because their key is shared: only one of them can bind (选哪一个).
    pub surplus: usize,
    /// Bindings that were tried and not made.
    pub failed: usize,
    /// Listing SKUs without a binding after.
    pub unmatched_after: usize,
}

impl Arithmetic {
    /// Whether the sums are right: candidates = bound + surplus + failed, and after = before − bound.
    pub fn holds(&self) -> bool {
        self.candidates == self.bound + self.surplus + self.failed
            && self.unmatched_before == self.bound + self.unmatched_after
    }

    /// The same sums when `count` of the bound could not be written after all.
    #[must_use]
    pub fn with_failed(mut self, count: usize) -> Self {
        let count = count.min(self.bound);
        self.bound -= count;
        self.failed += count;
        self.unmatched_after += count;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Arithmetic;

    #[test]
    fn what_failed_is_unmatched_again() {
        let sums = Arithmetic {
            unmatched_before: 10,
            candidates: 5,
            bound: 4,
            surplus: 1,
            failed: 0,
            unmatched_after: 6,
        };
        assert!(sums.holds());
        let after = sums.with_failed(2);
        assert!(after.holds());
        assert_eq!((after.bound, after.failed, after.unmatched_after), (2, 2, 8));
    }
}
