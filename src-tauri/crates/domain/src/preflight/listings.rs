//! What the store already holds (F14, F25, F58, F01b, F01e).

use super::context::Context;
use crate::finding::{Finding, Remedy, Severity, Subject};
use crate::listing::{Listing, ListingSku};
use crate::plan::identity;
use crate::text;
use std::collections::BTreeMap;

pub(super) fn about(id: &str, severity: Severity, listing: &Listing) -> Finding {
    Finding::new(id, severity, Subject::Listing { id: listing.id }).with("name", &listing.name)
}

/// The platform has pictures or a group where the library has none: a sync must not blank them.
pub(super) fn platform_first(context: &Context<'_>, out: &mut Vec<Finding>) {
    for wanted in context.products() {
        let Some(listing) = context.product_listing.get(&wanted.product.id) else {
            continue;
        };
        let pictures = !listing.pictures.is_empty() && wanted.product.pictures.is_empty();
        let group = listing.group.is_some() && wanted.group.is_empty();
        let category = !listing.category_id.is_empty() && wanted.category_id.is_empty();
        if pictures || group || category {
            let fields = [(pictures, "pictures"), (group, "group"), (category, "category")];
            let named: Vec<&str> = fields
                .iter()
                .filter(|(set, _)| *set)
                .map(|(_, name)| *name)
                .collect();
            out.push(
                about("F14", Severity::Warning, listing)
                    .with("fields", named.join(","))
                    .with("count", listing.pictures.len().to_string())
                    .remedy(Remedy::AdoptFromPlatform { listing: listing.id }),
            );
        }
    }
}

/// One 第三方SKU编码 on several SKUs: there, or in what would be sent.
pub(super) fn repeated_codes(context: &Context<'_>, out: &mut Vec<Finding>) {
    let mut there: BTreeMap<String, Vec<&Listing>> = BTreeMap::new();
    for listing in context.input.listings {
        for sku in &listing.skus {
            let code = text::cleaned_code(&sku.outer_sku_code);
            if !code.is_empty() {
                there.entry(code).or_default().push(listing);
            }
        }
    }
    for (code, listings) in there.iter().filter(|(_, listings)| listings.len() > 1) {
        let names: Vec<&str> = listings
            .iter()
            .skip(1)
            .take(3)
            .map(|listing| listing.name.as_str())
            .collect();
        out.push(
            about("F25", Severity::Error, listings[0])
                .with("code", code)
                .with("count", listings.len().to_string())
                .with("other", names.join("、"))
                .remedy(Remedy::Reread {
                    store: context.input.store.id,
                }),
        );
    }
    let mut ours: BTreeMap<&str, usize> = BTreeMap::new();
    for wanted in context.on().filter(|w| !w.outer_sku_code.is_empty()) {
        *ours.entry(&wanted.outer_sku_code).or_default() += 1;
    }
    for wanted in context.on() {
        let count = ours.get(wanted.outer_sku_code.as_str()).copied().unwrap_or(0);
        if count > 1 {
            out.push(
                context
                    .about("F25", Severity::Error, wanted)
                    .with("code", &wanted.outer_sku_code)
                    .with("count", count.to_string())
                    .with("other", ""),
            );
        }
    }
}

/// Two platform SKUs with the same name and spec: an order cannot tell them apart.
pub(super) fn repeated_names(context: &Context<'_>, out: &mut Vec<Finding>) {
    let mut by_key: BTreeMap<(String, String), Vec<(&Listing, &ListingSku)>> = BTreeMap::new();
    for listing in context.input.listings {
        let name = text::normalized(&listing.name);
        for sku in &listing.skus {
            by_key
                .entry((name.clone(), text::normalized(&sku.spec_name)))
                .or_default()
                .push((listing, sku));
        }
    }
    for twins in by_key.values().filter(|twins| twins.len() > 1) {
        let (listing, sku) = twins[0];
        let bound = twins.iter().filter(|(_, sku)| sku.bound_to.is_some()).count();
        let mut finding = about("F01b", Severity::Warning, listing)
            .with("spec", &sku.spec_name)
            .with("count", twins.len().to_string())
            .with("bound", bound.to_string());
        for (_, sku) in twins.iter().filter(|(_, sku)| sku.bound_to.is_none()) {
            finding = finding.remedy(Remedy::ChooseBinding { listing_sku: sku.id });
        }
        out.push(finding);
    }
}

/// Bindings to SKUs that the library no longer has.
pub(super) fn orphans(context: &Context<'_>, out: &mut Vec<Finding>) {
    for listing in context.input.listings {
        let gone = |sku: &&ListingSku| {
            sku.bound_to
                .is_some_and(|bound| !context.library.contains_key(&bound))
        };
        let count = listing.skus.iter().filter(gone).count();
        if count > 0 {
            out.push(
                about("F01e", Severity::Error, listing)
                    .with("count", count.to_string())
                    .remedy(Remedy::SweepOrphans { store: listing.store }),
            );
        }
    }
}

/// A bound platform product of which neither two of id, name and barcode agree: writing to it could overwrite other
/// goods. The plan leaves it alone, so this blocks no field of its own.
pub(super) fn strangers(context: &Context<'_>, out: &mut Vec<Finding>) {
    for wanted in context.on() {
        let Some((listing, sku)) = context.listed.get(&wanted.sku.id) else {
            continue;
        };
        let identity = identity(wanted, listing, sku, context.input.rules);
        if identity.is_same() {
            continue;
        }
        let says = |agree: Option<bool>| match agree {
            Some(true) => "same",
            Some(false) => "differs",
            None => "unknown",
        };
        out.push(
            context
                .about("F58", Severity::Error, wanted)
                .with("theirs", &listing.name)
                .with("id", says(identity.id))
                .with("name_agrees", says(Some(identity.name)))
                .with("barcode", says(identity.barcode))
                .with("our_barcode", &wanted.sku.barcode)
                .with("their_barcode", &sku.barcode)
                .remedy(Remedy::ChooseBinding { listing_sku: sku.id })
                .remedy(Remedy::Unbind { listing_sku: sku.id })
                .remedy(Remedy::Reread {
                    store: context.input.store.id,
                }),
        );
    }
}
