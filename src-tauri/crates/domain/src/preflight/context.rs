//! What several rules need, computed once.

use super::Input;
use crate::code;
use crate::finding::{Finding, Severity, Subject};
use crate::id::{GroupId, ProductId, SkuId};
use crate::listing::{Listing, ListingSku};
use crate::text;
use crate::wanted::Wanted;
use std::collections::{HashMap, HashSet};

/// The input with its indexes.
pub(super) struct Context<'a> {
    pub(super) input: &'a Input<'a>,
    /// Where each library SKU stands on the platform.
    pub(super) listed: HashMap<SkuId, (&'a Listing, &'a ListingSku)>,
    /// The listing of each library product.
    pub(super) product_listing: HashMap<ProductId, &'a Listing>,
    /// Every SKU of the library with its product's position.
    pub(super) library: HashMap<SkuId, usize>,
    /// Library SKUs by barcode key.
    pub(super) library_barcodes: HashMap<String, Vec<SkuId>>,
    /// Listing SKUs by barcode key.
    pub(super) platform_barcodes: HashMap<String, Vec<(&'a Listing, &'a ListingSku)>>,
    /// Group ids by normalised path.
    pub(super) group_ids: HashMap<Vec<String>, GroupId>,
    /// Listings directly in each group.
    pub(super) in_group: HashMap<GroupId, usize>,
}

impl<'a> Context<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Self {
        let mut out = Self {
            input,
            listed: HashMap::new(),
            product_listing: HashMap::new(),
            library: HashMap::new(),
            library_barcodes: HashMap::new(),
            platform_barcodes: HashMap::new(),
            group_ids: group_paths(input.groups)
                .into_iter()
                .map(|(id, path)| (path, id))
                .collect(),
            in_group: HashMap::new(),
        };
        for (at, product) in input.library.iter().enumerate() {
            for sku in &product.skus {
                out.library.insert(sku.id, at);
                if let Some(key) = code::barcode_key(&sku.barcode) {
                    out.library_barcodes.entry(key).or_default().push(sku.id);
                }
            }
        }
        for listing in input.listings {
            if let Some(group) = listing.group {
                *out.in_group.entry(group).or_default() += 1;
            }
            for sku in &listing.skus {
                if let Some(key) = code::barcode_key(&sku.barcode) {
                    out.platform_barcodes.entry(key).or_default().push((listing, sku));
                }
                if let Some(bound) = sku.bound_to {
                    out.listed.insert(bound, (listing, sku));
                    if let Some(at) = out.library.get(&bound) {
                        out.product_listing
                            .entry(input.library[*at].id)
                            .or_insert(listing);
                    }
                }
            }
        }
        out
    }

    /// What is wanted and on sale: what is off is not sent with its fields.
    pub(super) fn on(&self) -> impl Iterator<Item = &'a Wanted<'a>> {
        self.input.wanted.iter().filter(|wanted| wanted.offer.on)
    }

    /// The first wanted SKU of each product on sale.
    pub(super) fn products(&self) -> impl Iterator<Item = &'a Wanted<'a>> {
        let mut seen = HashSet::new();
        self.on().filter(move |wanted| seen.insert(wanted.product.id))
    }

    /// Whether the product is on the platform.
    pub(super) fn is_listed(&self, product: ProductId) -> bool {
        self.product_listing.contains_key(&product)
    }

    /// A finding about one wanted SKU, with its name and spec.
    pub(super) fn about(&self, id: &str, severity: Severity, wanted: &Wanted<'_>) -> Finding {
        let subject = Subject::Offer {
            store: self.input.store.id,
            sku: wanted.sku.id,
        };
        Finding::new(id, severity, subject)
            .with("name", wanted.name())
            .with("spec", &wanted.sku.spec_name)
    }

    /// A finding about a whole product.
    pub(super) fn about_product(&self, id: &str, severity: Severity, wanted: &Wanted<'_>) -> Finding {
        Finding::new(
            id,
            severity,
            Subject::Product {
                id: wanted.product.id,
            },
        )
        .with("name", wanted.name())
        .with("store", &self.input.store.name)
    }

    /// The name of the product of a library SKU.
    pub(super) fn name_of(&self, sku: SkuId) -> &'a str {
        self.library
            .get(&sku)
            .map_or("", |at| self.input.library[*at].name.as_str())
    }
}

/// The path of names of each group, first level first, normalised. A loop in what the platform says ends at the
/// depth no platform has.
pub(crate) fn group_paths(groups: &[crate::listing::StoreGroup]) -> Vec<(GroupId, Vec<String>)> {
    let by_id: HashMap<GroupId, &crate::listing::StoreGroup> = groups.iter().map(|g| (g.id, g)).collect();
    let path = |group: &crate::listing::StoreGroup| {
        let mut names = vec![text::normalized(&group.name)];
        let mut parent = group.parent;
        while let Some(above) = parent.and_then(|id| by_id.get(&id)) {
            if names.len() >= 8 {
                break;
            }
            names.push(text::normalized(&above.name));
            parent = above.parent;
        }
        names.reverse();
        names
    };
    groups.iter().map(|group| (group.id, path(group))).collect()
}

/// A path as compared.
pub(crate) fn normal_path(path: &[String]) -> Vec<String> {
    path.iter().map(|name| text::normalized(name)).collect()
}
