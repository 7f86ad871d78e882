//! 体检: every rule over one store or all, and the result kept for the grid.

use super::facts::{Library, StoreFacts};
use crate::engine::Engine;
use crate::error::Result;
use crate::event::Tag;
use domain::finding::{Finding, Severity, Subject};
use domain::id::{ProductId, SkuId, StoreId};
use domain::preflight::{Input, check};
use domain::product::SINGLE_SPEC;
use std::collections::HashMap;
use std::sync::Arc;
use storage::views::library::Mark;

/// One finding with the store it was found in and what a person calls its subject.
#[derive(Clone, Debug)]
pub struct Noted {
    /// Where.
    pub store: StoreId,
    /// The store's platform.
    pub platform: String,
    /// What.
    pub finding: Finding,
    /// Product and spec name, group path, store name.
    pub subject: String,
    /// The product, when it is about one.
    pub product: Option<ProductId>,
    /// The SKU, when it is about one.
    pub sku: Option<SkuId>,
}

/// The last 体检 of every store that had one.
#[derive(Clone, Debug, Default)]
pub struct PreflightCache {
    /// UTC ms.
    pub at: i64,
    /// How long the last run took.
    pub took_ms: i64,
    /// Products of the library.
    pub products: usize,
    /// Stores looked at, with what they were when they were.
    pub stores: HashMap<StoreId, Version>,
    /// Findings, store by store; what blocks first.
    pub findings: Vec<Noted>,
    by_product: HashMap<ProductId, Vec<usize>>,
}

/// What a 体检 of a store was made from. Another version means that it may find something else.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Version {
    /// End of the change log.
    pub mark: Mark,
    /// When the store was last read, UTC ms.
    pub read_at: i64,
}

impl PreflightCache {
    /// What was found about a product or any of its SKUs.
    pub fn of_product(&self, id: ProductId) -> impl Iterator<Item = &Noted> {
        let at = self.by_product.get(&id).into_iter().flatten();
        at.filter_map(|at| self.findings.get(*at))
    }

    /// Products that anything was found about.
    pub fn products_with_findings(&self) -> impl Iterator<Item = ProductId> {
        self.by_product.keys().copied()
    }

    /// Findings of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|noted| noted.finding.severity == severity)
            .count()
    }

    fn index(&mut self) {
        self.by_product.clear();
        for (at, noted) in self.findings.iter().enumerate() {
            if let Some(product) = noted.product {
                self.by_product.entry(product).or_default().push(at);
            }
        }
    }
}

impl Engine {
    /// Checks stores (all when none is named) and keeps what was found.
    pub fn preflight(&self, stores: &[StoreId]) -> Result<Arc<PreflightCache>> {
        let started = std::time::Instant::now();
        let library = self.library_facts()?;
        let known: Vec<StoreId> = self
            .db()
            .read(storage::store::all)?
            .iter()
            .map(|row| row.store.id)
            .collect();
        let chosen: Vec<StoreId> = if stores.is_empty() {
            known.clone()
        } else {
            stores.to_vec()
        };
        let mut cache = self
            .preflight_cache()
            .map(|cache| (*cache).clone())
            .unwrap_or_default();
        cache.stores.retain(|store, _| known.contains(store));
        cache
            .findings
            .retain(|noted| known.contains(&noted.store) && !chosen.contains(&noted.store));
        for store in chosen {
            let version = self.preflight_version(store)?;
            let facts = self.store_facts(store, &library)?;
            cache.findings.extend(noted(&facts, &library));
            cache.stores.insert(store, version);
        }
        cache.findings.sort_by(|a, b| {
            let order = b.finding.severity.cmp(&a.finding.severity);
            order
                .then_with(|| a.finding.id.cmp(&b.finding.id))
                .then_with(|| a.store.cmp(&b.store))
        });
        cache.at = self.now();
        cache.products = library.products.len();
        cache.took_ms = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
        cache.index();
        let cache = Arc::new(cache);
        *self.0.sync.preflight.lock() = Some(Arc::clone(&cache));
        self.events().changed(&[Tag::Findings]);
        Ok(cache)
    }

    /// The last 体检 as it was found; `None` before the first. Nothing is computed.
    pub fn preflight_cache(&self) -> Option<Arc<PreflightCache>> {
        self.0.sync.preflight.lock().clone()
    }

    /// Whether nothing was written or read since the last 体检 of a store.
    pub fn preflight_is_current(&self, store: StoreId) -> Result<bool> {
        let version = self.preflight_version(store)?;
        Ok(self
            .preflight_cache()
            .is_some_and(|cache| cache.stores.get(&store) == Some(&version)))
    }

    fn preflight_version(&self, store: StoreId) -> Result<Version> {
        let version = self.db().read(|c| {
            Ok(Version {
                mark: storage::views::library::mark(c)?,
                read_at: storage::store::get(c, store)?.listings_read_at.unwrap_or(0),
            })
        })?;
        Ok(version)
    }
}

/// Runs the rules over a store.
pub(crate) fn findings(facts: &StoreFacts, library: &Library) -> Vec<Finding> {
    let wanted = facts.wanted();
    check(&Input {
        store: facts.store(),
        rules: &facts.rules,
        wanted: &wanted,
        library: &library.products,
        groups: &facts.groups,
        listings: &facts.listings,
        erp: facts.erp.as_ref(),
        pictures: &facts.pictures,
        store_fields: &facts.store_fields,
        reviews: &facts.reviews,
        lists_categories: facts.lists_categories,
        has_sister: facts.has_sister,
        barcodes_left_out: &facts.barcodes_left_out,
    })
}

fn noted(facts: &StoreFacts, library: &Library) -> Vec<Noted> {
    let store = facts.store();
    findings(facts, library)
        .into_iter()
        .map(|finding| {
            let (subject, product, sku) = subject(&finding.subject, facts, library);
            Noted {
                store: store.id,
                platform: store.platform.clone(),
                finding,
                subject,
                product,
                sku,
            }
        })
        .collect()
}

/// What a person calls the subject of a finding.
fn subject(
    subject: &Subject,
    facts: &StoreFacts,
    library: &Library,
) -> (String, Option<ProductId>, Option<SkuId>) {
    match subject {
        Subject::Product { id } => {
            let product = library.products.iter().find(|product| product.id == *id);
            (
                product.map(|p| p.name.clone()).unwrap_or_default(),
                Some(*id),
                None,
            )
        }
        Subject::Sku { id } | Subject::Offer { sku: id, .. } => {
            let product = library.product_of(*id);
            let name = product.map(|product| {
                let spec = product
                    .skus
                    .iter()
                    .find(|sku| sku.id == *id)
                    .map(|sku| sku.spec_name.as_str());
                named(&product.name, spec.unwrap_or_default())
            });
            (name.unwrap_or_default(), product.map(|p| p.id), Some(*id))
        }
        Subject::Listing { id } => {
            let listing = facts.listing(*id);
            let sku = listing.and_then(|l| l.skus.iter().find_map(|sku| sku.bound_to));
            let product = sku
                .and_then(|sku| library.product_of(sku))
                .map(|product| product.id);
            (listing.map(|l| l.name.clone()).unwrap_or_default(), product, sku)
        }
        Subject::Store { .. } => (facts.store().name.clone(), None, None),
        Subject::Group { path, .. } => (path.join("/"), None, None),
        Subject::Picture { name } => (name.clone(), None, None),
        Subject::Order { id } => (id.to_string(), None, None),
    }
}

/// Product and spec as one text; 单规格 is not worth saying.
pub(crate) fn named(name: &str, spec: &str) -> String {
    if spec.is_empty() || spec == SINGLE_SPEC {
        name.to_owned()
    } else {
        format!("{name} {spec}")
    }
}
