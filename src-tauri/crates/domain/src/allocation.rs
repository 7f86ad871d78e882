//! 分摊: what each bill line carries of the manager's discount (problems.md 1.4.2, F05).

use crate::money::Money;
use serde::{Deserialize, Serialize};

/// One line of a bill.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BillLine {
    /// List price of the line.
    pub price: Money,
    /// Its own discount, which is inside 经理折扣.
    pub discount: Money,
}

/// Why a bill cannot be shared out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AllocationError {
    /// A price, a discount or the total below zero, or a discount above its price.
    #[error("an amount of the bill is impossible")]
    Impossible,
    /// No line to carry the amount.
    #[error("the bill has no lines")]
    NoLines,
    /// 经理折扣 smaller than the lines' own discounts, which it contains.
    #[error("the manager's discount is smaller than the item discounts")]
    TooSmall,
}

/// Shares 经理折扣 `manager` over the lines: `(p − d) / (B − D) × (M − D) + d`, in fen, exact to the fen by largest
/// remainder, equal remainders to the earlier line. B is the sum of the prices. Where every price is discounted away
/// (B = D) the rest is shared by price, and where all prices are zero, evenly.
pub fn allocate(lines: &[BillLine], manager: Money) -> Result<Vec<Money>, AllocationError> {
    if lines.is_empty() {
        return Err(AllocationError::NoLines);
    }
    let fair = |line: &BillLine| line.discount >= Money::ZERO && line.price >= line.discount;
    if manager < Money::ZERO || !lines.iter().all(fair) {
        return Err(AllocationError::Impossible);
    }
    let own: i128 = lines.iter().map(|line| i128::from(line.discount.0)).sum();
    let rest = i128::from(manager.0) - own;
    if rest < 0 {
        return Err(AllocationError::TooSmall);
    }
    let mut weights: Vec<i128> = lines
        .iter()
        .map(|l| i128::from(l.price.0) - i128::from(l.discount.0))
        .collect();
    if weights.iter().all(|weight| *weight == 0) {
        weights = lines.iter().map(|line| i128::from(line.price.0)).collect();
    }
    if weights.iter().all(|weight| *weight == 0) {
        weights = vec![1; lines.len()];
    }
    let total: i128 = weights.iter().sum();
    let mut shares: Vec<i128> = weights.iter().map(|weight| weight * rest / total).collect();
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(weights[*at] * rest % total), *at));
    let missing = rest - shares.iter().sum::<i128>();
    for at in order.into_iter().take(usize::try_from(missing).unwrap_or(0)) {
        shares[at] += 1;
    }
    lines
        .iter()
        .zip(shares)
        .map(|(line, share)| {
            let fen = share + i128::from(line.discount.0);
            i64::try_from(fen)
                .map(Money)
                .map_err(|_| AllocationError::Impossible)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{AllocationError, BillLine, allocate};
    use crate::money::Money;

    fn line(price: i64, discount: i64) -> BillLine {
        BillLine {
            price: Money(price),
            discount: Money(discount),
        }
    }

    /// The bill of F05: B 29.30, M 12.22, D 2.58.
    #[test]
    fn the_example_of_the_rule_comes_out() {
        let shares = allocate(&[line(350, 258), line(480, 0), line(2100, 0)], Money(1222)).unwrap();
        assert_eq!(shares[..2], [Money(291), Money(173)]);
        assert_eq!(shares.into_iter().sum::<Money>(), Money(1222));
    }

    #[test]
    fn a_bill_discounted_to_nothing_is_shared_by_price() {
        assert_eq!(
            allocate(&[line(100, 100), line(300, 300)], Money(404)),
            Ok(vec![Money(101), Money(303)])
        );
        assert_eq!(
            allocate(&[line(0, 0), line(0, 0)], Money(3)),
            Ok(vec![Money(2), Money(1)])
        );
    }

    #[test]
    fn impossible_bills_are_refused_with_the_reason() {
        assert_eq!(allocate(&[], Money(1)), Err(AllocationError::NoLines));
        assert_eq!(
            allocate(&[line(100, 200)], Money(300)),
            Err(AllocationError::Impossible)
        );
        assert_eq!(
            allocate(&[line(100, 50)], Money(10)),
            Err(AllocationError::TooSmall)
        );
    }

    proptest::proptest! {
        #[test]
        fn the_shares_sum_to_the_discount_and_no_line_is_off_by_a_fen(
            bill in proptest::collection::vec((0..100_000_i64, 0..=100_i64), 1..30), extra in 0..1_000_000_i64,
        ) {
            let lines: Vec<BillLine> = bill.iter().map(|(p, percent)| line(*p, p * percent / 100)).collect();
            let own: i64 = lines.iter().map(|l| l.discount.0).sum();
            let shares = allocate(&lines, Money(own + extra)).unwrap();
            proptest::prop_assert_eq!(shares.iter().copied().sum::<Money>(), Money(own + extra));
            let base: i64 = lines.iter().map(|l| l.price.0 - l.discount.0).sum();
            if base > 0 {
                for (l, share) in lines.iter().zip(&shares) {
                    let exact = i128::from(l.price.0 - l.discount.0) * i128::from(extra);
                    let off = i128::from(share.0 - l.discount.0) * i128::from(base) - exact;
                    proptest::prop_assert!(off.abs() < i128::from(base));
                }
            }
        }
    }
}
