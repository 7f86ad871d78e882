//! The number of a refund as it stands in the ERP (F20): 平台编号 + "1" + 订单号.

use serde::{Deserialize, Serialize};

/// A refund number taken apart.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RefundNumber {
    /// 平台编号.
    pub platform: String,
    /// The number of the order that was refunded.
    pub order: String,
}

/// The number of a refund that the platform gave none: an order that was cancelled after the ERP had it.
pub fn cancellation(platform: &str, order: &str) -> String {
    format!("{platform}1{order}")
}

/// Takes a refund number apart. `platforms` are the 平台编号 in use; the longest that fits wins. `None` when none
/// fits or nothing is left for the order.
pub fn refund_number(number: &str, platforms: &[&str]) -> Option<RefundNumber> {
    platforms
        .iter()
        .filter(|platform| !platform.is_empty())
        .filter_map(|platform| {
            let order = number.strip_prefix(platform)?.strip_prefix('1')?;
            (!order.is_empty()).then(|| RefundNumber {
                platform: (*platform).to_owned(),
                order: order.to_owned(),
            })
        })
        .max_by_key(|found| found.platform.len())
}

#[cfg(test)]
mod tests {
    use super::{cancellation, refund_number};

    #[test]
    fn the_three_parts_are_found() {
        let found = refund_number("MT11700000000000000001", &["MT", "M", "EB"]).unwrap();
        assert_eq!(
            (found.platform.as_str(), found.order.as_str()),
            ("MT", "1700000000000000001")
        );
        assert_eq!(
            cancellation("MT", "1700000000000000001"),
            "MT11700000000000000001"
        );
    }

    #[test]
    fn other_numbers_are_not_taken_for_refunds() {
        for number in ["MT21", "MT1", "XX1123", ""] {
            assert_eq!(refund_number(number, &["MT", ""]), None, "{number}");
        }
    }
}
