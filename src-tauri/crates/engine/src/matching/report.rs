//! Proposals of one store, with the arithmetic of F22.

use crate::engine::Engine;
use crate::error::Result;
use domain::binding::arithmetic::Arithmetic;
use domain::binding::propose::{LibrarySku, MatchReport, Method, Options, Proposal, StoreSku, propose};
use domain::id::{ListingSkuId, ProductId, SkuId, StoreId};
use domain::listing::Listing;
use domain::product::Product;
use domain::reason::Reason;
use domain::store::Store;
use std::collections::{HashMap, HashSet};
use storage::exception::Which;
use storage::listing::ListingSkuRow;

/// So many candidates are shown for a row.
const SHOWN: usize = 5;

/// What a row of the matching page is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum MatchKind {
    /// May be bound in bulk.
    Sure,
    /// Worth a look.
    Look,
    /// Shares a code with others and cannot bind by itself: 选哪一个.
    Surplus,
    /// Nothing like it in the library.
    Without,
}

impl MatchKind {
    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sure => "sure",
            Self::Look => "look",
            Self::Surplus => "surplus",
            Self::Without => "without",
        }
    }
}

/// A library SKU that may be the same goods.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its product.
    pub product: ProductId,
    /// Itself.
    pub sku: SkuId,
    /// Calibrated probability.
    pub score: f64,
    /// Reasons for.
    pub reasons: Vec<Reason>,
    /// Reasons against.
    pub against: Vec<Reason>,
    /// The listing it is bound to in this store; empty when free.
    pub bound_elsewhere: String,
}

/// One unbound listing SKU.
#[derive(Clone, Debug)]
pub struct MatchLine {
    /// The platform's.
    pub row: ListingSkuRow,
    /// What can be done with it.
    pub kind: MatchKind,
    /// Exception orders that wait for it.
    pub waiting: usize,
    /// Best first.
    pub candidates: Vec<Candidate>,
}

/// The proposals of a store.
#[derive(Clone, Debug)]
pub struct StoreMatch {
    /// The store.
    pub store: Store,
    /// When it was last read, UTC ms.
    pub read_at: Option<i64>,
    /// Listing SKUs.
    pub total: usize,
    /// Bound already.
    pub bound: usize,
    /// The sums of binding everything that may be bound in bulk.
    pub arithmetic: Arithmetic,
    /// Proposals joined by barcode, code or name and spec.
    pub exact: usize,
    /// Keys that more rows share than can bind.
    pub surplus_groups: usize,
    /// Every unbound row, those with the most sense first.
    pub lines: Vec<MatchLine>,
    /// The products that candidates belong to.
    pub products: HashMap<ProductId, Product>,
}

impl StoreMatch {
    /// Rows of a kind.
    pub fn count(&self, kind: MatchKind) -> usize {
        self.lines.iter().filter(|line| line.kind == kind).count()
    }

    /// Rows left over because their key is shared: a row of the larger side each (F22).
    pub fn surplus(&self) -> usize {
        self.arithmetic.surplus
    }

    /// The pairs that the page shows as sure, from a score up, best first, each side once. A score alone does not make a
    /// pair sure: one that is contradicted, or chosen among several with the same code, waits for a look.
    pub fn sure(&self, min_score: f64) -> Vec<(ListingSkuId, SkuId)> {
        let mut pairs: Vec<(f64, ListingSkuId, SkuId)> = self
            .lines
            .iter()
            .filter(|line| line.kind == MatchKind::Sure)
            .filter_map(|line| {
                let best = line.candidates.first()?;
                (best.score >= min_score).then_some((best.score, line.row.id, best.sku))
            })
            .collect();
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut taken = HashSet::new();
        pairs
            .into_iter()
            .filter(|(_, _, sku)| taken.insert(*sku))
            .map(|(_, row, sku)| (row, sku))
            .collect()
    }
}

impl Engine {
    /// What may be bound in a store. Refused pairs (不是) are not proposed again; existing bindings stay.
    pub async fn match_store(&self, store: StoreId) -> Result<StoreMatch> {
        let engine = self.clone();
        tokio::task::spawn_blocking(move || engine.match_now(store)).await?
    }

    fn match_now(&self, id: StoreId) -> Result<StoreMatch> {
        let (row, rows, products, refused) = self.db().read(|c| {
            Ok((
                storage::store::get(c, id)?,
                storage::listing::of_store(c, id)?,
                storage::product::all(c)?,
                storage::listing::refused_matches(c, id)?,
            ))
        })?;
        let waiting = self.waiting_for(id)?;
        let listings = crate::orders::judge::listings(&rows);
        let (report, library) = proposals(&listings, &products, &refused);
        let mut lines = Lines::new(&rows, &products, &waiting);
        for proposal in &report.proposals {
            lines.propose(proposal);
        }
        for surplus in &report.surplus {
            for listing_sku in &surplus.listing_skus {
                for sku in &surplus.skus {
                    lines.choice(*listing_sku, *sku, &refused);
                }
            }
        }
        drop(library);
        let exact = report
            .proposals
            .iter()
            .filter(|p| p.method != Method::Similar)
            .count();
        let (lines, used) = lines.finish();
        let products = products
            .into_iter()
            .filter(|p| used.contains(&p.id))
            .map(|p| (p.id, p))
            .collect();
        Ok(StoreMatch {
            store: row.store,
            read_at: row.listings_read_at,
            total: rows.len(),
            bound: rows.iter().filter(|row| row.bound_to.is_some()).count(),
            arithmetic: report.arithmetic,
            exact,
            surplus_groups: report.surplus.len(),
            lines,
            products,
        })
    }

    fn waiting_for(&self, store: StoreId) -> Result<HashMap<ListingSkuId, usize>> {
        let mut waiting = HashMap::new();
        for row in self
            .db()
            .read(|c| storage::exception::list(c, &Which::Store(store)))?
        {
            if let Some(listing_sku) = row.listing_sku {
                *waiting.entry(listing_sku).or_insert(0) += 1;
            }
        }
        Ok(waiting)
    }
}

/// Proposes, and once more without the refused partners for the rows whose proposal was refused before.
fn proposals(
    listings: &[Listing],
    products: &[Product],
    refused: &[(ListingSkuId, SkuId)],
) -> (MatchReport, Vec<LibrarySku>) {
    let store: Vec<StoreSku> = listings.iter().flat_map(StoreSku::of).collect();
    let library: Vec<LibrarySku> = products.iter().flat_map(LibrarySku::of).collect();
    let mut report = propose(&store, &library, &Options::default());
    let no: HashSet<(ListingSkuId, SkuId)> = refused.iter().copied().collect();
    let (stay, gone): (Vec<Proposal>, Vec<Proposal>) = report
        .proposals
        .into_iter()
        .partition(|p| !no.contains(&(p.listing_sku, p.sku)));
    report.proposals = stay;
    if gone.is_empty() {
        return (report, library);
    }
    let bulk = gone.iter().filter(|p| p.accept).count();
    report.arithmetic = report.arithmetic.with_failed(bulk);
    let again: HashSet<ListingSkuId> = gone.iter().map(|p| p.listing_sku).collect();
    let taken: HashSet<SkuId> = report.proposals.iter().map(|p| p.sku).collect();
    let turned_down: HashSet<SkuId> = refused
        .iter()
        .filter(|(row, _)| again.contains(row))
        .map(|(_, sku)| *sku)
        .collect();
    let bound: HashSet<SkuId> = store.iter().filter_map(|s| s.bound_to).collect();
    let rows: Vec<StoreSku> = store.into_iter().filter(|s| again.contains(&s.id)).collect();
    let rest: Vec<LibrarySku> = library
        .iter()
        .filter(|l| !taken.contains(&l.id) && !turned_down.contains(&l.id) && !bound.contains(&l.id))
        .cloned()
        .collect();
    report
        .proposals
        .extend(propose(&rows, &rest, &Options::default()).proposals);
    (report, library)
}

/// Collects candidates by row.
struct Lines<'a> {
    found: Vec<MatchLine>,
    at: HashMap<ListingSkuId, usize>,
    owner: HashMap<SkuId, &'a Product>,
    bound: HashMap<SkuId, &'a str>,
}

impl<'a> Lines<'a> {
    fn new(
        rows: &'a [ListingSkuRow],
        products: &'a [Product],
        waiting: &HashMap<ListingSkuId, usize>,
    ) -> Self {
        let free = rows.iter().filter(|row| row.bound_to.is_none());
        let lines: Vec<MatchLine> = free
            .map(|row| MatchLine {
                row: row.clone(),
                kind: MatchKind::Without,
                waiting: waiting.get(&row.id).copied().unwrap_or(0),
                candidates: Vec::new(),
            })
            .collect();
        Self {
            at: lines
                .iter()
                .enumerate()
                .map(|(at, line)| (line.row.id, at))
                .collect(),
            found: lines,
            owner: products
                .iter()
                .flat_map(|p| p.skus.iter().map(move |s| (s.id, p)))
                .collect(),
            bound: rows
                .iter()
                .filter_map(|row| Some((row.bound_to?, row.name.as_str())))
                .collect(),
        }
    }

    fn propose(&mut self, proposal: &Proposal) {
        let Some(at) = self.at.get(&proposal.listing_sku).copied() else {
            return;
        };
        let Some(candidate) = self.candidate(proposal.sku, proposal.score) else {
            return;
        };
        let line = &mut self.found[at];
        line.kind = if proposal.accept {
            MatchKind::Sure
        } else {
            MatchKind::Look
        };
        line.candidates.insert(
            0,
            Candidate {
                reasons: proposal.reasons.clone(),
                against: proposal.against.clone(),
                ..candidate
            },
        );
    }

    /// One of several rows that share a key.
    fn choice(&mut self, listing_sku: ListingSkuId, sku: SkuId, refused: &[(ListingSkuId, SkuId)]) {
        let Some(at) = self.at.get(&listing_sku).copied() else {
            return;
        };
        let known = self.found[at].candidates.iter().any(|c| c.sku == sku);
        if known || self.found[at].candidates.len() >= SHOWN || refused.contains(&(listing_sku, sku)) {
            return;
        }
        let Some(candidate) = self.candidate(sku, 0.0) else {
            return;
        };
        let line = &mut self.found[at];
        if line.kind == MatchKind::Without {
            line.kind = MatchKind::Surplus;
        }
        line.candidates.push(candidate);
    }

    fn candidate(&self, sku: SkuId, score: f64) -> Option<Candidate> {
        let product = self.owner.get(&sku)?;
        Some(Candidate {
            product: product.id,
            sku,
            score,
            reasons: Vec::new(),
            against: Vec::new(),
            bound_elsewhere: self
                .bound
                .get(&sku)
                .map(|name| (*name).to_owned())
                .unwrap_or_default(),
        })
    }

    fn finish(mut self) -> (Vec<MatchLine>, HashSet<ProductId>) {
        let best = |line: &MatchLine| line.candidates.first().map_or(0.0, |c| c.score);
        self.found.sort_by(|a, b| {
            let waiting = b.waiting.cmp(&a.waiting);
            waiting
                .then(a.kind.cmp(&b.kind))
                .then(best(b).total_cmp(&best(a)))
                .then(a.row.id.cmp(&b.row.id))
        });
        let used = self
            .found
            .iter()
            .flat_map(|l| l.candidates.iter().map(|c| c.product))
            .collect();
        (self.found, used)
    }
}
