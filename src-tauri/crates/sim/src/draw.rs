//! A small portable random source: the same seed gives the same draws on every machine and crate version.

use std::fmt::Write as _;

/// Seeded draws (`SplitMix64`). Cloning it forks the sequence at its present point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    state: u64,
}

impl Draw {
    /// Starts the sequence that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but not including, `bound`; 0 when `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.next_u64() % bound }
    }

    /// True with a probability of `per_mille` in a thousand.
    pub fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < u64::from(per_mille)
    }

    /// `bytes` random bytes as lower-case hex, for made-up secrets and tokens.
    pub fn hex(&mut self, bytes: usize) -> String {
        let mut text = String::with_capacity(bytes * 2);
        for _ in 0..bytes {
            let _ = write!(text, "{:02x}", self.below(256));
        }
        text
    }

    /// A UUID-shaped upper-case text, as the 饿百 `ticket` field wants it.
    pub fn ticket(&mut self) -> String {
        let digits = self.hex(16).to_uppercase();
        format!(
            "{}-{}-{}-{}-{}",
            &digits[0..8],
            &digits[8..12],
            &digits[12..16],
            &digits[16..20],
            &digits[20..32]
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Draw;

    #[test]
    fn the_same_seed_draws_the_same_numbers_and_another_seed_does_not() {
        let take = |seed| {
            let mut draw = Draw::new(seed);
            (0..8).map(|_| draw.next_u64()).collect::<Vec<_>>()
        };
        assert_eq!(take(7), take(7));
        assert_ne!(take(7), take(8));
    }

    #[test]
    fn a_chance_of_nothing_never_comes_and_of_a_thousand_always() {
        let mut draw = Draw::new(1);
        assert!((0..500).all(|_| !draw.chance(0)));
        assert!((0..500).all(|_| draw.chance(1000)));
    }
}
