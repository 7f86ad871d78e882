//! Stores, groups, 类目 and products: as a platform holds them, and as they are written to it.

use domain::money::Money;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A store the account can see.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RemoteStore {
    /// The platform's id.
    pub remote_id: String,
    /// Its name there.
    pub name: String,
    /// Whether it takes orders now, when told.
    pub open: Option<bool>,
}

/// A group as the platform holds it. Parents come before children.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RemoteGroup {
    /// The platform's id; its name where it has no id.
    pub remote_id: String,
    /// Name.
    pub name: String,
    /// The parent's `remote_id`.
    pub parent: Option<String>,
    /// Position number there.
    pub sequence: i64,
}

/// A product as the platform holds it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RemoteListing {
    /// The platform's own product id, or our code there when it shows no other. Never empty, unique in the store.
    pub remote_id: String,
    /// Our product code there, may be empty.
    pub outer_code: String,
    /// 商品名称.
    pub name: String,
    /// Group names from the first level; empty when in none.
    pub group_path: Vec<String>,
    /// 类目 id, may be empty.
    pub category_id: String,
    /// Picture addresses or ids, main one first.
    pub pictures: Vec<String>,
    /// On the shelf.
    pub on_sale: bool,
    /// Picture or product in review.
    pub review: domain::listing::ReviewState,
    /// Description; `None` where the platform tells none.
    pub description: Option<String>,
    /// Specifications.
    pub skus: Vec<RemoteSku>,
}

/// A specification as the platform holds it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RemoteSku {
    /// The platform's own SKU id, or 第三方SKU编码, or an ordinal inside the product when it shows neither.
    pub remote_id: String,
    /// 第三方SKU编码, may be empty (F17).
    pub outer_sku_code: String,
    /// 规格名称; 单规格 where the platform shows a product without specs.
    pub spec_name: String,
    /// Barcode.
    pub barcode: String,
    /// Price.
    pub price: Option<Money>,
    /// Stock.
    pub stock: Option<i64>,
    /// Packing fee (餐盒费) of one piece; `None` where the platform tells none.
    pub packing_fee: Option<Money>,
}

/// A 类目 of the platform's own taxonomy. Parents come before children.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RemoteCategory {
    /// The platform's id.
    pub remote_id: String,
    /// Name.
    pub name: String,
    /// The parent's `remote_id`.
    pub parent: Option<String>,
    /// Products can be put into it.
    pub leaf: bool,
    /// Whether this merchant may sell in it (经营权限, F64); `None` when not told.
    pub permitted: Option<bool>,
}

/// What a 类目 asks of a product.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RemoteAttribute {
    /// Key in writes.
    pub key: String,
    /// Name for a person.
    pub name: String,
    /// A product without it is refused.
    pub required: bool,
    /// More than one of the values may be given.
    pub several: bool,
    /// Values to choose from; empty for free text.
    pub values: Vec<String>,
    /// The connector makes it itself or the account's settings name it: nobody has to be asked.
    pub given: bool,
}

/// Where a group stands in its store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupPlace {
    /// The group's `remote_id`.
    pub remote_id: String,
    /// Its names from the first level, for platforms that have no ids.
    pub path: Vec<String>,
    /// Position among its siblings, from 1.
    pub position: i64,
}

impl GroupPlace {
    /// The children of one parent in their new order: those that are named at their places, the others in between as
    /// they stood. `siblings` are their `remote_id`s in the present order; places of other groups are passed over.
    pub fn arranged<'a>(mut siblings: Vec<&'a str>, places: &'a [Self]) -> Vec<&'a str> {
        let mut moved: Vec<&Self> = places
            .iter()
            .filter(|place| siblings.contains(&place.remote_id.as_str()))
            .collect();
        moved.sort_by_key(|place| place.position);
        siblings.retain(|id| !moved.iter().any(|place| place.remote_id == *id));
        for place in moved {
            let at = usize::try_from(place.position - 1).unwrap_or(0);
            siblings.insert(at.min(siblings.len()), &place.remote_id);
        }
        siblings
    }
}

/// Names one product that is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListingRef {
    /// The platform's product id.
    pub remote_id: String,
    /// Our product code there, may be empty.
    pub outer_code: String,
}

/// One page of listings.
#[derive(Clone, Debug, Default)]
pub struct ListingPage {
    /// The products.
    pub listings: Vec<RemoteListing>,
    /// Where to go on; `None` at the end.
    pub next: Option<String>,
    /// How many there are in all, when told.
    pub total: Option<usize>,
}

/// A product to create or to change. `None` leaves the platform's value alone.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ListingWrite {
    /// The platform's product id when it exists there.
    pub remote_id: Option<String>,
    /// Our product code, stable: natural key for reading back.
    pub outer_code: String,
    /// 商品名称.
    pub name: Option<String>,
    /// Group names from the first level; the group exists already.
    pub group_path: Option<Vec<String>>,
    /// 类目 id.
    pub category_id: Option<String>,
    /// Picture references as [`Platform::upload_picture`] returned them, or addresses there.
    pub pictures: Option<Vec<String>>,
    /// On the shelf.
    pub on_sale: Option<bool>,
    /// Description.
    pub description: Option<String>,
    /// Attributes that the 类目 asks for, by the key of [`RemoteAttribute`].
    pub attributes: Option<BTreeMap<String, String>>,
    /// All SKUs for a creation, the changed ones for an update.
    pub skus: Vec<SkuWrite>,
    /// Whether the product has specs of its own on the platform.
    pub multi_spec: bool,
}

/// A specification to create or to change.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SkuWrite {
    /// The platform's SKU id when it exists there.
    pub remote_id: Option<String>,
    /// 第三方SKU编码, stable.
    pub outer_sku_code: String,
    /// 规格名称.
    pub spec_name: Option<String>,
    /// Barcode; `Some("")` clears it.
    pub barcode: Option<String>,
    /// Price.
    pub price: Option<Money>,
    /// Stock.
    pub stock: Option<i64>,
    /// Weight in grams.
    pub weight_g: Option<i64>,
    /// Packing fee (餐盒费) of one piece.
    pub packing_fee: Option<Money>,
}

/// What the platform said to one product of a write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WriteOutcome {
    /// Done, as it says. Reading back confirms it.
    Accepted {
        /// The platform's product id when it told one.
        remote_id: Option<String>,
    },
    /// Taken, but with a defect the platform names (美团 `blockFlag` 2): part of it may be missing there.
    Flawed {
        /// The platform's product id when it told one.
        remote_id: Option<String>,
        /// Its code, may be empty.
        code: String,
        /// Its own text.
        text: String,
    },
    /// Taken, waiting for its review.
    InReview {
        /// The platform's product id when it told one.
        remote_id: Option<String>,
    },
    /// Not taken.
    Rejected {
        /// Its code, may be empty.
        code: String,
        /// Its own text.
        text: String,
    },
}

/// Names one SKU in price and stock calls.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SkuRef {
    /// The platform's product id.
    pub listing_id: String,
    /// Our product code there.
    pub outer_code: String,
    /// The platform's SKU id.
    pub sku_id: String,
    /// 第三方SKU编码 there.
    pub outer_sku_code: String,
    /// Whether the product has several specs there.
    pub multi_spec: bool,
}

/// An absolute price for one SKU.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PriceWrite {
    /// Which.
    pub sku: SkuRef,
    /// The new price.
    pub price: Money,
}

/// An absolute stock for one SKU.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StockWrite {
    /// Which.
    pub sku: SkuRef,
    /// The new stock.
    pub stock: i64,
}

#[cfg(test)]
mod tests {
    use super::GroupPlace;

    #[test]
    fn groups_that_are_not_named_keep_their_order_around_those_that_are() {
        let place = |id: &str, position| GroupPlace {
            remote_id: id.to_owned(),
            path: vec![id.to_owned()],
            position,
        };
        let siblings = || vec!["1", "2", "3"];
        assert_eq!(
            GroupPlace::arranged(siblings(), &[place("3", 1)]),
            ["3", "1", "2"]
        );
        let both = [place("1", 9), place("3", 1), place("44", 2)];
        assert_eq!(GroupPlace::arranged(siblings(), &both), ["3", "2", "1"]);
    }
}
