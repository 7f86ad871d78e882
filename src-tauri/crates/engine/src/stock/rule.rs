//! The safety rule: how much of what the ERP has a platform is shown.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use domain::store::Store;
use domain::text::cleaned_code;
use std::collections::HashMap;

/// The setting with the pieces that are kept back (安全库存); empty or absent keeps none.
pub const SAFETY_KEY: &str = "safety_stock";

/// Pieces that an amount of the basic unit makes, rounded down: 7.9 of 2 are 3. Both in thousandths; less than
/// nothing is nothing, and a basic quantity of zero counts as one.
pub fn pieces(available_milli: i64, base_quantity_milli: i64) -> i64 {
    let base = if base_quantity_milli > 0 {
        base_quantity_milli
    } else {
        1_000
    };
    available_milli.max(0) / base
}

/// What a store's stock is worked out from.
#[derive(Clone, Debug, Default)]
pub struct StockRule {
    /// Stock of the store's branch by 商品编码, in thousandths; `None` without an ERP.
    erp: Option<HashMap<String, i64>>,
    /// Pieces kept back.
    safety: i64,
    /// Highest number that the platform takes.
    most: Option<i64>,
}

impl StockRule {
    /// A rule without an ERP: the library's own numbers count.
    pub fn without_erp(safety: i64, most: Option<i64>) -> Self {
        Self {
            erp: None,
            safety,
            most,
        }
    }

    /// Whether the numbers come from an ERP.
    pub fn has_erp(&self) -> bool {
        self.erp.is_some()
    }

    /// What the ERP has, in thousandths; `None` when it told nothing of this code.
    pub fn available(&self, item_code: &str) -> Option<i64> {
        self.erp.as_ref()?.get(&cleaned_code(item_code)).copied()
    }

    /// What is shown of so many pieces.
    pub fn shown(&self, pieces: i64) -> i64 {
        let left = pieces.saturating_sub(self.safety).max(0);
        self.most.map_or(left, |most| left.min(most))
    }
}

impl Engine {
    /// The rule of a store from what was last read of its ERP.
    pub(crate) fn stock_rule_of(&self, store: &Store, most: Option<i64>) -> Result<StockRule> {
        self.db()
            .read(|c| {
                let safety = storage::setting::get(c, SAFETY_KEY)?;
                let safety = safety
                    .and_then(|text| text.trim().parse::<i64>().ok())
                    .unwrap_or(0)
                    .max(0);
                let erp = match store.erp_account {
                    Some(account) if !store.offline_code.is_empty() => Some(
                        storage::erp_cache::stock(c, account, &store.offline_code)?
                            .into_iter()
                            .map(|(code, milli)| (cleaned_code(&code), milli))
                            .collect(),
                    ),
                    _ => None,
                };
                Ok(StockRule { erp, safety, most })
            })
            .map_err(EngineError::from)
    }
}

#[cfg(test)]
mod tests {
    use super::{StockRule, pieces};

    #[test]
    fn pieces_are_rounded_down_and_never_below_zero() {
        assert_eq!(pieces(7_900, 2_000), 3);
        assert_eq!(pieces(12_345, 1_000), 12);
        assert_eq!(pieces(-500, 1_000), 0);
        assert_eq!(pieces(5_000, 0), 5);
    }

    #[test]
    fn safety_comes_off_before_the_platforms_limit() {
        let rule = StockRule::without_erp(3, Some(10));
        assert_eq!([2, 3, 5, 13, 40].map(|n| rule.shown(n)), [0, 0, 2, 10, 10]);
    }
}
