//! Products that the platform holds without our codes: whether a sync can write them (F17, F40).

use super::context::Context;
use super::listings::about;
use crate::finding::{Finding, Remedy, Severity};
use crate::id::{GroupId, ListingId};
use crate::listing::{Listing, ListingSku, StoreGroup};
use crate::rules::ListingRules;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Products that an older program made without 第三方SKU编码. Where the platform finds them by name, group and spec,
/// codes can be written only while the group read with one is still there and nothing else answers to the same texts
/// (F40).
pub(super) fn empty_codes(context: &Context<'_>, out: &mut Vec<Finding>) {
    let input = context.input;
    let texts = input
        .rules
        .codes_by_group
        .then(|| Texts::new(input.listings, input.groups));
    for listing in input.listings {
        let reread = Remedy::Reread { store: listing.store };
        if let Some((sku, count)) = texts.as_ref().and_then(|texts| texts.twins(listing)) {
            let finding = about("F40b", Severity::Error, listing)
                .with("spec", &sku.spec_name)
                .with("count", count.to_string());
            out.push(
                finding
                    .remedy(reread)
                    .remedy(Remedy::Unbind { listing_sku: sku.id }),
            );
            continue;
        }
        let empty: Vec<&ListingSku> = listing
            .skus
            .iter()
            .filter(|sku| sku.outer_sku_code.trim().is_empty())
            .collect();
        let Some(first) = empty.first() else { continue };
        let bound = first.bound_to.is_some();
        let lost = texts.is_some() && listing.group.is_none() && bound;
        let finding = about(if lost { "F40" } else { "F17" }, Severity::Warning, listing)
            .with("count", empty.len().to_string());
        out.push(finding.remedy(if bound {
            reread
        } else {
            Remedy::ChooseBinding {
                listing_sku: first.id,
            }
        }));
    }
}

/// Bound listings without our codes that share name, group and spec with another, so that a platform which finds them
/// by these texts takes no code for them (F40).
pub fn indistinct(rules: &ListingRules, listings: &[Listing], groups: &[StoreGroup]) -> HashSet<ListingId> {
    if !rules.codes_by_group {
        return HashSet::new();
    }
    let texts = Texts::new(listings, groups);
    let shared = listings.iter().filter(|listing| texts.twins(listing).is_some());
    shared.map(|listing| listing.id).collect()
}

/// How many specs answer to the texts by which a platform finds goods without codes. Texts are compared exactly, as
/// the platform does.
struct Texts<'a> {
    own_group: HashMap<GroupId, &'a str>,
    counts: HashMap<(&'a str, &'a str, &'a str), usize>,
}

impl<'a> Texts<'a> {
    fn new(listings: &'a [Listing], groups: &'a [StoreGroup]) -> Self {
        let own_group: HashMap<GroupId, &str> = groups.iter().map(|g| (g.id, g.name.as_str())).collect();
        // A product of the second level answers to the name of the group above as well.
        let names_of_groups: HashMap<GroupId, BTreeSet<&str>> = groups
            .iter()
            .map(|group| {
                let above = group.parent.and_then(|id| own_group.get(&id).copied());
                (group.id, above.into_iter().chain([group.name.as_str()]).collect())
            })
            .collect();
        let mut counts: HashMap<(&str, &str, &str), usize> = HashMap::new();
        for listing in listings {
            let groups = listing.group.and_then(|id| names_of_groups.get(&id));
            for group in groups.into_iter().flatten() {
                for sku in &listing.skus {
                    *counts.entry((group, &listing.name, &sku.spec_name)).or_default() += 1;
                }
            }
        }
        Self { own_group, counts }
    }

    /// A bound spec that lacks a code and does not stand alone, and how many share its texts.
    fn twins(&self, listing: &'a Listing) -> Option<(&'a ListingSku, usize)> {
        let group = *self.own_group.get(&listing.group?)?;
        let bare = |sku: &&ListingSku| {
            let empty = |code: &String| code.trim().is_empty();
            sku.bound_to.is_some() && (empty(&listing.outer_code) || empty(&sku.outer_sku_code))
        };
        listing.skus.iter().filter(bare).find_map(|sku| {
            let texts = (group, listing.name.as_str(), sku.spec_name.as_str());
            let count = self.counts.get(&texts).copied().filter(|count| *count > 1)?;
            Some((sku, count))
        })
    }
}
