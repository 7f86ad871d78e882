//! What preflight forbids, by product, spec, listing and group.

use super::Field;
use crate::finding::{Finding, Severity, Subject};
use crate::id::{ListingId, ProductId, SkuId};
use std::collections::HashMap;

/// The errors of a preflight, ready to be asked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Blocked {
    products: HashMap<ProductId, Vec<String>>,
    skus: HashMap<SkuId, Vec<String>>,
    listings: HashMap<ListingId, Vec<String>>,
    groups: Vec<(Vec<String>, String)>,
    /// What forbids making anything in the store.
    store: Vec<String>,
}

impl Blocked {
    /// Takes the errors out of findings; hints and warnings block nothing.
    pub fn from_findings(findings: &[Finding]) -> Self {
        let mut out = Self::default();
        for finding in findings.iter().filter(|f| f.severity == Severity::Error) {
            let id = finding.id.clone();
            match &finding.subject {
                Subject::Product { id: product } => out.products.entry(*product).or_default().push(id),
                Subject::Sku { id: sku } | Subject::Offer { sku, .. } => {
                    out.skus.entry(*sku).or_default().push(id);
                }
                Subject::Listing { id: listing } => out.listings.entry(*listing).or_default().push(id),
                Subject::Group { path, .. } => out.groups.push((path.clone(), id)),
                Subject::Store { .. } => out.store.push(id),
                Subject::Order { .. } | Subject::Picture { .. } => {}
            }
        }
        out
    }

    /// The finding that forbids making a product with these SKUs in this group.
    pub(super) fn creation(&self, product: ProductId, skus: &[SkuId], group: &[String]) -> Option<&str> {
        let of_product = self.products.get(&product).into_iter();
        let of_skus = skus.iter().filter_map(|sku| self.skus.get(sku));
        let ids = of_product.chain(of_skus).flatten().map(String::as_str);
        let of_store = self.store.iter().map(String::as_str);
        ids.chain(of_store).chain(self.group(group)).min()
    }

    /// The finding that forbids writing one field of something that exists.
    pub(super) fn field(
        &self,
        product: ProductId,
        sku: Option<SkuId>,
        listing: ListingId,
        group: &[String],
        field: Field,
    ) -> Option<&str> {
        let of_product = self.products.get(&product).into_iter();
        let of_sku = sku.and_then(|sku| self.skus.get(&sku)).into_iter();
        let of_listing = self.listings.get(&listing).into_iter();
        let ids = of_product
            .chain(of_sku)
            .chain(of_listing)
            .flatten()
            .map(String::as_str);
        let group = self.group(group).filter(|_| field == Field::Group);
        ids.filter(|id| forbids(id, field)).chain(group).min()
    }

    fn group(&self, path: &[String]) -> Option<&str> {
        self.groups
            .iter()
            .find(|(blocked, _)| path.starts_with(blocked))
            .map(|(_, id)| id.as_str())
    }
}

/// Whether a finding forbids this field: a bad barcode is no reason to hold a new price back.
fn forbids(id: &str, field: Field) -> bool {
    match id {
        "F23" | "F39" | "F27" | "F44" | "F06" => field == Field::Barcode,
        "F09" | "price_missing" => field == Field::Price,
        // The plan holds the whole product by itself, and a tick overrules it.
        "F58" => false,
        "F38" | "F60" => field == Field::Category,
        "F42a" | "F42b" => field == Field::Pictures,
        "name_missing" | "name_too_long" => field == Field::Name,
        "spec_name_too_long" => field == Field::SpecName,
        "outer_code_too_long" => field == Field::OuterSkuCode,
        _ => !id.starts_with("IMG") || field == Field::Pictures,
    }
}
