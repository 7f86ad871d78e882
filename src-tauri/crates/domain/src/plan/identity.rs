//! Whether a bound platform product is still the goods it was bound to (F58).

use crate::binding::similarity::indel_ratio;
use crate::code;
use crate::id::{ListingId, SkuId};
use crate::listing::{Listing, ListingSku};
use crate::rules::ListingRules;
use crate::text;
use crate::wanted::Wanted;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// How id, name and barcode of a bound pair stand. `None`: one side has none, so nothing is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Identity {
    /// Our code there is ours.
    pub id: Option<bool>,
    /// The names are equal.
    pub name: bool,
    /// The barcodes are equal.
    pub barcode: Option<bool>,
    /// The names differ and are still alike, as after a rename.
    pub name_alike: bool,
}

/// Names at least this alike may be a rename.
const ALIKE: f64 = 0.5;

/// Compares what is wanted with what it is bound to.
pub fn identity(wanted: &Wanted<'_>, listing: &Listing, sku: &ListingSku, rules: &ListingRules) -> Identity {
    let there = text::cleaned_code(&sku.outer_sku_code);
    let ours = [&wanted.outer_sku_code, &wanted.sku.item_code].map(|code| text::cleaned_code(code));
    let names = [wanted.title(rules).as_ref(), &wanted.product.name].map(text::normalized);
    let theirs = text::normalized(&listing.name);
    let name = names.contains(&theirs);
    let chars = |text: &str| text.chars().collect::<Vec<_>>();
    let alike = |name: &String| indel_ratio(&chars(name), &chars(&theirs)) >= ALIKE;
    let barcode = match (
        code::barcode_key(&wanted.sku.barcode),
        code::barcode_key(&sku.barcode),
    ) {
        (Some(a), Some(b)) => Some(a == b),
        _ => None,
    };
    Identity {
        id: (!there.is_empty()).then(|| ours.contains(&there)),
        name,
        barcode,
        name_alike: name || names.iter().any(alike),
    }
}

/// Bound listings that are not the goods they are bound to any more.
pub fn strangers(wanted: &[Wanted<'_>], listings: &[Listing], rules: &ListingRules) -> HashSet<ListingId> {
    let wanted: HashMap<SkuId, &Wanted<'_>> = wanted.iter().map(|one| (one.sku.id, one)).collect();
    let stranger = |listing: &&Listing| {
        listing.skus.iter().any(|sku| {
            let ours = sku.bound_to.and_then(|bound| wanted.get(&bound));
            ours.is_some_and(|ours| !identity(ours, listing, sku, rules).is_same())
        })
    };
    listings
        .iter()
        .filter(stranger)
        .map(|listing| listing.id)
        .collect()
}

impl Identity {
    /// Two of three must agree. What one side does not have counts for the pair only when nothing contradicts: a
    /// rename without barcodes passes when our own code stands there and the names are still alike, a product
    /// without codes when the name is equal.
    pub fn is_same(self) -> bool {
        let agree = [self.id == Some(true), self.name, self.barcode == Some(true)];
        let contradict = self.id == Some(false) || self.barcode == Some(false);
        let count = agree.iter().filter(|set| **set).count();
        count >= 2 || (!contradict && (self.name || (count == 1 && self.name_alike)))
    }
}
