//! What has to hold for customers to see a product.

use super::goods::RemoteListing;
use domain::listing::ReviewState;
use serde::Serialize;

/// One thing that has to hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ConditionKind {
    /// 上架.
    OnShelf,
    /// 可售, where the platform tells it apart from 上架.
    Sellable,
    /// 在店内分类里.
    Group,
    /// 有库存.
    Stock,
    /// 审核过了.
    Review,
    /// 门店营业中.
    StoreOpen,
}

/// How it stands with one product.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Condition {
    /// Which.
    pub kind: ConditionKind,
    /// Whether it holds; `None` where the platform does not tell.
    pub holds: Option<bool>,
    /// Pieces in stock, groups it stands in; where a number says more than yes or no.
    pub number: Option<i64>,
    /// Names of the group from the first level, joined by `/`; of a review `pending` or `rejected`. Empty where there is
    /// nothing to name.
    pub text: String,
}

impl Condition {
    /// One that is yes or no.
    pub fn new(kind: ConditionKind, holds: Option<bool>) -> Self {
        Self {
            kind,
            holds,
            number: None,
            text: String::new(),
        }
    }

    /// Pieces in stock; unknown where the platform tells none.
    pub fn stock(pieces: Option<i64>) -> Self {
        Self {
            number: pieces,
            ..Self::new(ConditionKind::Stock, pieces.map(|pieces| pieces > 0))
        }
    }

    /// The group that a product stands in.
    pub fn group(path: &[String]) -> Self {
        Self {
            text: path.join("/"),
            ..Self::new(ConditionKind::Group, Some(!path.is_empty()))
        }
    }

    /// Review of the product and its pictures. Whether customers see it meanwhile no platform tells: a new product they
    /// do not, of a changed one they may see how it was.
    pub fn review(review: ReviewState) -> Self {
        let (holds, text) = match review {
            ReviewState::None => (Some(true), ""),
            ReviewState::Pending => (None, "pending"),
            ReviewState::Rejected => (Some(false), "rejected"),
        };
        Self {
            text: text.to_owned(),
            ..Self::new(ConditionKind::Review, holds)
        }
    }
}

/// The conditions as a product itself shows them. `open` is whether its store takes orders.
pub(super) fn of_listing(listing: &RemoteListing, group_levels: usize, open: Option<bool>) -> Vec<Condition> {
    let told: Vec<i64> = listing.skus.iter().filter_map(|sku| sku.stock).collect();
    let pieces = (!told.is_empty()).then(|| told.iter().sum());
    let mut conditions = vec![Condition::new(ConditionKind::OnShelf, Some(listing.on_sale))];
    if group_levels > 0 {
        conditions.push(Condition::group(&listing.group_path));
    }
    conditions.push(Condition::stock(pieces));
    conditions.push(Condition::review(listing.review));
    conditions.push(Condition::new(ConditionKind::StoreOpen, open));
    conditions
}

#[cfg(test)]
mod tests {
    use super::{ConditionKind, of_listing};
    use crate::platform::{RemoteListing, RemoteSku};

    #[test]
    fn one_spec_in_stock_is_enough_and_nothing_told_is_no_answer() {
        let sku = |stock| RemoteSku {
            stock,
            ..RemoteSku::default()
        };
        let stock = |skus: Vec<RemoteSku>| {
            let listing = RemoteListing {
                skus,
                ..RemoteListing::default()
            };
            let all = of_listing(&listing, 0, None);
            let found = all.into_iter().find(|one| one.kind == ConditionKind::Stock);
            found.map(|one| (one.holds, one.number)).unwrap()
        };
        assert_eq!(stock(vec![sku(Some(0)), sku(Some(3))]), (Some(true), Some(3)));
        assert_eq!(stock(vec![sku(Some(0))]), (Some(false), Some(0)));
        assert_eq!(stock(vec![sku(None)]), (None, None));
    }

    #[test]
    fn what_is_still_looked_at_is_no_answer_and_what_was_refused_is_a_no() {
        use crate::platform::Condition;
        use domain::listing::ReviewState;
        let holds = |state| Condition::review(state).holds;
        assert_eq!(holds(ReviewState::None), Some(true));
        assert_eq!(holds(ReviewState::Pending), None);
        assert_eq!(holds(ReviewState::Rejected), Some(false));
    }

    #[test]
    fn where_there_are_no_groups_none_is_asked_for() {
        let asks = |levels| {
            let all = of_listing(&RemoteListing::default(), levels, Some(true));
            all.iter().any(|one| one.kind == ConditionKind::Group)
        };
        assert_eq!((asks(0), asks(2)), (false, true));
    }
}
