//! Proposals for one store: its listing SKUs against the library, one to one.

use crate::binding::arithmetic::Arithmetic;
use crate::binding::files::barcodes_contradict;
use crate::binding::goods_text::GoodsText;
use crate::binding::model;
use crate::binding::reasons::reasons;
use crate::binding::similarity::{Goods, Library, Prepared, indel_ratio};
use crate::code;
use crate::id::{ListingId, ListingSkuId, SkuId};
use crate::listing::Listing;
use crate::product::Product;
use crate::reason::Reason;
use crate::text;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// A listing SKU as the matcher sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoreSku {
    /// Its listing.
    pub listing: ListingId,
    /// Itself.
    pub id: ListingSkuId,
    /// Its texts; `code` is the 第三方SKU编码.
    pub goods: Goods,
    /// The library SKU it is bound to already.
    pub bound_to: Option<SkuId>,
}

impl StoreSku {
    /// The SKUs of a listing. Where a lone SKU has no code of its own, the product's code stands for it.
    pub fn of(listing: &Listing) -> Vec<Self> {
        let lone = listing.skus.len() == 1;
        let one = |sku: &crate::listing::ListingSku| Self {
            listing: listing.id,
            id: sku.id,
            goods: Goods {
                name: listing.name.clone(),
                spec: sku.spec_name.clone(),
                unit: String::new(),
                price: sku.price,
                category: String::new(),
                barcode: sku.barcode.clone(),
                code: if sku.outer_sku_code.is_empty() && lone {
                    listing.outer_code.clone()
                } else {
                    sku.outer_sku_code.clone()
                },
            },
            bound_to: sku.bound_to,
        };
        listing.skus.iter().map(one).collect()
    }
}

/// A library SKU as the matcher sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LibrarySku {
    /// Itself.
    pub id: SkuId,
    /// Its texts; `code` is the 商品编码.
    pub goods: Goods,
    /// The code we give it on platforms, where that is not the 商品编码; may be empty.
    pub outer_sku_code: String,
}

impl LibrarySku {
    /// The SKUs of a product. The size text of a single-spec product counts as its spec.
    pub fn of(product: &Product) -> Vec<Self> {
        let one = |sku: &crate::product::Sku| Self {
            id: sku.id,
            goods: Goods {
                name: product.name.clone(),
                spec: if crate::binding::goods_text::is_empty_spec(&sku.spec_name) {
                    sku.size_text.clone()
                } else {
                    sku.spec_name.clone()
                },
                unit: sku.unit.clone(),
                price: sku.price,
                category: String::new(),
                barcode: sku.barcode.clone(),
                code: sku.item_code.clone(),
            },
            outer_sku_code: String::new(),
        };
        product.skus.iter().map(one).collect()
    }
}

/// How far to go.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Options {
    /// Give all reasons for and against with every pair. Without, pairs joined by a key carry only that key: for very
    /// large stores, where [`crate::binding::reasons::reasons`] explains single pairs when they are looked at.
    pub reasons: bool,
    /// Search by similarity for what no key joins.
    pub similar: bool,
    /// From this probability on a similar pair may be bound in bulk.
    pub accept: f64,
    /// From this probability on a similar pair is shown.
    pub suggest: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            reasons: true,
            similar: true,
            accept: 0.95,
            suggest: 0.5,
        }
    }
}

/// What joined a pair.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// 规格编码.
    Barcode,
    /// 第三方SKU编码 against 商品编码.
    Code,
    /// 商品名称 + 规格名称 after normalising.
    NameSpec,
    /// Similarity.
    Similar,
}

/// One pair.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Proposal {
    /// The platform's.
    pub listing_sku: ListingSkuId,
    /// Ours.
    pub sku: SkuId,
    /// What joined them.
    pub method: Method,
    /// Probability that it is right.
    pub score: f64,
    /// Whether it may be bound in bulk.
    pub accept: bool,
    /// Reasons for.
    pub reasons: Vec<Reason>,
    /// Reasons against.
    pub against: Vec<Reason>,
}

/// Rows that share a key with more rows than can bind: 选哪一个.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Surplus {
    /// What they share.
    pub method: Method,
    /// The shared code, or the shared name and spec as normalised.
    pub key: String,
    /// All listing SKUs with the key that were free.
    pub listing_skus: Vec<ListingSkuId>,
    /// All library SKUs with the key that were free.
    pub skus: Vec<SkuId>,
    /// How many rows of the larger side are left over.
    pub left_over: usize,
}

/// The result for one store.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct MatchReport {
    /// Pairs, each side at most once, sorted by listing SKU.
    pub proposals: Vec<Proposal>,
    /// Shared keys, sorted.
    pub surplus: Vec<Surplus>,
    /// The sums of the pairs that may be bound in bulk.
    pub arithmetic: Arithmetic,
    /// The sums of each kind of key, in the order they were tried: the after of one is the before of the next.
    pub by_method: Vec<(Method, Arithmetic)>,
    /// Pairs shown for a decision only.
    pub suggested: usize,
}

const SAME_BARCODE: f64 = 0.99;
const SAME_CODE: f64 = 0.98;
const SAME_NAME: f64 = 0.97;
/// One of several rows that share a key, chosen because its texts fit clearly better.
const CHOSEN: f64 = 0.9;
/// One of several rows that share a key and nothing sets it apart.
const ARBITRARY: f64 = 0.5;
/// Log-odds by which the chosen row of a shared key must lead.
const CLEAR_LEAD: f64 = 1.0;
/// Names less alike than this have nothing to do with each other.
const RELATED_NAMES: f64 = 0.25;
/// Names at least this alike may be two ways to write one product.
const LIKE_NAMES: f64 = 0.6;
/// What is left of a probability when two good barcodes differ.
const BARCODES_DIFFER: f64 = 0.3;

/// Proposes bindings. Existing bindings stay: neither their listing SKU nor their library SKU is proposed again.
pub fn propose(store: &[StoreSku], library: &[LibrarySku], options: &Options) -> MatchReport {
    let mut work = Work::new(store, library, options.reasons);
    work.join(
        Method::Barcode,
        |s| code::barcode_key(&s.goods.barcode),
        |l| keys(code::barcode_key(&l.goods.barcode), None),
    );
    work.join(
        Method::Code,
        |s| code_key(&s.goods.code),
        |l| keys(code_key(&l.goods.code), code_key(&l.outer_sku_code)),
    );
    work.join(
        Method::NameSpec,
        |s| GoodsText::parse(&s.goods.name, &s.goods.spec).key(),
        |l| keys(GoodsText::parse(&l.goods.name, &l.goods.spec).key(), None),
    );
    if options.similar {
        work.search(options);
    }
    work.report()
}

/// Whether an equal code is a slip of somebody's hand: the names have next to nothing in common, or little while the
/// barcodes differ as well. Bound unseen, the next sync would rename another product.
fn names_contradict(left: &Goods, right: &Goods) -> bool {
    let core = |goods: &Goods| GoodsText::parse(&goods.name, &goods.spec).core;
    let (a, b) = (core(left), core(right));
    if a.is_empty() || b.is_empty() {
        return false;
    }
    let needed = if barcodes_contradict(left, right) {
        LIKE_NAMES
    } else {
        RELATED_NAMES
    };
    indel_ratio(&a, &b) < needed
}

fn code_key(code: &str) -> Option<String> {
    let clean = text::cleaned_code(code);
    (!clean.is_empty()).then_some(clean)
}

/// The keys of a library row: at most two, each once.
type Keys = [Option<String>; 2];

fn keys(first: Option<String>, second: Option<String>) -> Keys {
    let second = if second == first { None } else { second };
    [first, second]
}

/// Rows of both sides that share a key.
#[derive(Default)]
struct Group {
    store: Vec<usize>,
    library: Vec<usize>,
}

struct Work<'a> {
    store: &'a [StoreSku],
    library: &'a [LibrarySku],
    free_store: Vec<bool>,
    free_library: Vec<bool>,
    proposals: Vec<(usize, Proposal)>,
    surplus: Vec<Surplus>,
    by_method: Vec<(Method, Arithmetic)>,
    unmatched: usize,
    before: usize,
    explain: bool,
}

impl<'a> Work<'a> {
    fn new(store: &'a [StoreSku], library: &'a [LibrarySku], explain: bool) -> Self {
        let bound: HashSet<SkuId> = store.iter().filter_map(|s| s.bound_to).collect();
        let free_store: Vec<bool> = store.iter().map(|s| s.bound_to.is_none()).collect();
        let unmatched = free_store.iter().filter(|free| **free).count();
        Self {
            store,
            library,
            free_store,
            free_library: library.iter().map(|l| !bound.contains(&l.id)).collect(),
            proposals: Vec::new(),
            surplus: Vec::new(),
            by_method: Vec::new(),
            unmatched,
            before: unmatched,
            explain,
        }
    }

    fn join(
        &mut self,
        method: Method,
        store_key: impl Fn(&StoreSku) -> Option<String>,
        library_keys: impl Fn(&LibrarySku) -> Keys,
    ) {
        let mut slots: HashMap<String, usize> = HashMap::new();
        let mut groups: Vec<Group> = Vec::new();
        for (at, row) in self
            .store
            .iter()
            .enumerate()
            .filter(|(at, _)| self.free_store[*at])
        {
            if let Some(key) = store_key(row) {
                let slot = *slots.entry(key).or_insert(groups.len());
                if slot == groups.len() {
                    groups.push(Group::default());
                }
                groups[slot].store.push(at);
            }
        }
        for (at, row) in self
            .library
            .iter()
            .enumerate()
            .filter(|(at, _)| self.free_library[*at])
        {
            for key in library_keys(row).into_iter().flatten() {
                if let Some(slot) = slots.get(&key) {
                    groups[*slot].library.push(at);
                }
            }
        }
        let before = self.unmatched;
        let mut sums = Arithmetic {
            unmatched_before: before,
            ..Arithmetic::default()
        };
        let mut shared: Vec<(String, usize)> = Vec::new();
        let mut alone: Vec<(usize, usize)> = Vec::new();
        for (key, slot) in slots {
            match (groups[slot].store.as_slice(), groups[slot].library.as_slice()) {
                (_, []) => {}
                ([one], [other]) => alone.push((*one, *other)),
                _ => shared.push((key, slot)),
            }
        }
        alone.sort_unstable();
        shared.sort_unstable();
        for (one, other) in alone {
            // A library row with two keys may have been taken by the other one.
            if self.free_library[other] {
                let accept = self.bind(method, one, other, None);
                sums.candidates += usize::from(accept);
                sums.bound += usize::from(accept);
            }
        }
        for (key, slot) in shared {
            let (bound, left_over) = self.choose(method, &key, &groups[slot]);
            sums.candidates += bound + left_over;
            sums.bound += bound;
            sums.surplus += left_over;
        }
        self.unmatched -= sums.bound;
        sums.unmatched_after = self.unmatched;
        self.by_method.push((method, sums));
    }

    /// Binds as many rows of a shared key as can bind, best texts first. A shared name binds nothing: it would be a
    /// guess. Returns how many were bound and how many are left over; pairs to be asked about count as neither.
    fn choose(&mut self, method: Method, key: &str, group: &Group) -> (usize, usize) {
        let shop: Vec<usize> = group
            .store
            .iter()
            .copied()
            .filter(|at| self.free_store[*at])
            .collect();
        let library: Vec<usize> = group
            .library
            .iter()
            .copied()
            .filter(|at| self.free_library[*at])
            .collect();
        if shop.is_empty() || library.is_empty() {
            return (0, 0);
        }
        let larger = shop.len().max(library.len());
        let (mut bound, mut asked) = (0, 0);
        if method != Method::NameSpec {
            for (one, other, lead) in self.best_pairs(&shop, &library) {
                let score = if lead >= CLEAR_LEAD { CHOSEN } else { ARBITRARY };
                let accept = self.bind(method, one, other, Some(score));
                bound += usize::from(accept);
                asked += usize::from(!accept);
            }
        }
        self.surplus.push(Surplus {
            method,
            key: if method == Method::NameSpec {
                let goods = &self.store[shop[0]].goods;
                text::normalized(&format!("{} {}", goods.name, goods.spec))
            } else {
                key.to_owned()
            },
            listing_skus: shop.iter().map(|at| self.store[*at].id).collect(),
            skus: library.iter().map(|at| self.library[*at].id).collect(),
            left_over: larger - bound - asked,
        });
        (bound, larger - bound - asked)
    }

    /// One-to-one pairs of a shared key with the lead of each over the next free rival.
    fn best_pairs(&self, store: &[usize], library: &[usize]) -> Vec<(usize, usize, f64)> {
        let index = Library::new(
            library
                .iter()
                .map(|at| Prepared::new(&self.library[*at].goods))
                .collect(),
        );
        let mut scored: Vec<(f64, usize, usize)> = Vec::with_capacity(store.len() * library.len());
        for one in store {
            let query = Prepared::new(&self.store[*one].goods);
            for (at, other) in library.iter().enumerate() {
                scored.push((model::log_odds(&index, &query, index.entry(at)), *one, *other));
            }
        }
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let (mut taken_store, mut taken_library) = (HashSet::new(), HashSet::new());
        let mut pairs = Vec::new();
        for (score, one, other) in &scored {
            if taken_store.contains(one) || taken_library.contains(other) {
                continue;
            }
            let rival = scored.iter().find(|(_, a, b)| {
                (a, b) != (one, other)
                    && ((a == one && !taken_library.contains(b)) || (b == other && !taken_store.contains(a)))
            });
            pairs.push((*one, *other, rival.map_or(f64::INFINITY, |r| score - r.0)));
            taken_store.insert(*one);
            taken_library.insert(*other);
        }
        pairs
    }

    /// Takes both rows. Returns whether the pair may be bound in bulk.
    fn bind(&mut self, method: Method, one: usize, other: usize, score: Option<f64>) -> bool {
        let (left, right) = (&self.store[one].goods, &self.library[other].goods);
        let contradicted = match method {
            Method::NameSpec => barcodes_contradict(left, right),
            Method::Code => names_contradict(left, right),
            Method::Barcode | Method::Similar => false,
        };
        let usual = match method {
            Method::Barcode => SAME_BARCODE,
            Method::Code => SAME_CODE,
            Method::NameSpec | Method::Similar => SAME_NAME,
        };
        let score = if contradicted {
            ARBITRARY
        } else {
            score.unwrap_or(usual)
        };
        self.free_store[one] = false;
        self.free_library[other] = false;
        self.propose_pair(method, one, other, score, !contradicted);
        !contradicted
    }

    fn propose_pair(&mut self, method: Method, one: usize, other: usize, score: f64, accept: bool) {
        let (left, right) = (&self.store[one].goods, &self.library[other].goods);
        let (pro, against) = match method {
            Method::Barcode if !self.explain => (
                vec![Reason::new("same_barcode").with("barcode", &left.barcode)],
                Vec::new(),
            ),
            Method::Code if !self.explain => (
                vec![Reason::new("same_code").with("code", &left.code)],
                Vec::new(),
            ),
            Method::NameSpec if !self.explain => (vec![Reason::new("same_name_spec")], Vec::new()),
            _ => reasons(left, &Prepared::new(left), right, &Prepared::new(right)),
        };
        self.proposals.push((
            one,
            Proposal {
                listing_sku: self.store[one].id,
                sku: self.library[other].id,
                method,
                score,
                accept,
                reasons: pro,
                against,
            },
        ));
    }

    /// Searches by similarity for what is left. Library rows that are taken still count as rivals.
    fn search(&mut self, options: &Options) {
        let open: Vec<usize> = (0..self.store.len()).filter(|at| self.free_store[*at]).collect();
        let mut sums = Arithmetic {
            unmatched_before: self.unmatched,
            ..Arithmetic::default()
        };
        if !open.is_empty() && self.free_library.iter().any(|free| *free) {
            let index = Library::new(self.library.iter().map(|row| Prepared::new(&row.goods)).collect());
            let mut found: Vec<(f64, usize, usize)> = Vec::new();
            for one in open {
                let query = Prepared::new(&self.store[one].goods);
                let Some(best) = model::best(&index, &query, |at| self.free_library[at]) else {
                    continue;
                };
                let contradicted = barcodes_contradict(&self.store[one].goods, &self.library[best.at].goods);
                let probability = best.probability * if contradicted { BARCODES_DIFFER } else { 1.0 };
                if probability >= options.suggest {
                    found.push((probability, one, best.at));
                }
            }
            found.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
            for (probability, one, other) in found {
                if self.free_library[other] {
                    let accept = probability >= options.accept;
                    self.free_store[one] = false;
                    self.free_library[other] = false;
                    self.propose_pair(Method::Similar, one, other, probability, accept);
                    sums.bound += usize::from(accept);
                }
            }
        }
        sums.candidates = sums.bound;
        self.unmatched -= sums.bound;
        sums.unmatched_after = self.unmatched;
        self.by_method.push((Method::Similar, sums));
    }

    fn report(mut self) -> MatchReport {
        self.proposals.sort_by_key(|(one, _)| *one);
        let proposals: Vec<Proposal> = self.proposals.into_iter().map(|(_, p)| p).collect();
        let bound = proposals.iter().filter(|p| p.accept).count();
        let surplus = self.by_method.iter().map(|(_, sums)| sums.surplus).sum();
        MatchReport {
            suggested: proposals.len() - bound,
            arithmetic: Arithmetic {
                unmatched_before: self.before,
                candidates: bound + surplus,
                bound,
                surplus,
                failed: 0,
                unmatched_after: self.unmatched,
            },
            proposals,
            surplus: self.surplus,
            by_method: self.by_method,
        }
    }
}

#[cfg(test)]
mod tests;
