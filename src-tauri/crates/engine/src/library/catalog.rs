//! The library in memory: light facts of every product and the search index, kept current from the change log, so
//! that lists, counts and search never walk the file.

use super::standing::{self, Kept, Standing};
use super::states::PlaceState;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use domain::id::{CategoryId, ProductId, StoreId};
use domain::product::Product;
use parking_lot::Mutex;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use storage::category::CategoryRow;
use storage::search::{POSTINGS_FROM, SearchIndex};
use storage::views::library::{self, Fact, Mark};

/// Products written within this time are `recent`.
const RECENT_MS: i64 = 7 * 24 * 3_600_000;

/// A view of the grid that everybody has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum View {
    /// Everything.
    #[default]
    All,
    /// A SKU lacks its 规格编码.
    NoBarcode,
    /// A SKU lacks its 商品编码.
    NoCode,
    /// No picture.
    NoPicture,
    /// Something was found by 体检.
    Findings,
    /// Not everywhere as wanted.
    Unsynced,
    /// Written within the last seven days.
    Recent,
}

impl View {
    /// All views in the order of the page.
    pub const ALL: [Self; 7] = [
        Self::All,
        Self::NoBarcode,
        Self::NoCode,
        Self::NoPicture,
        Self::Findings,
        Self::Unsynced,
        Self::Recent,
    ];

    /// The name in requests.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::NoBarcode => "no_barcode",
            Self::NoCode => "no_code",
            Self::NoPicture => "no_picture",
            Self::Findings => "findings",
            Self::Unsynced => "unsynced",
            Self::Recent => "recent",
        }
    }

    /// By name; empty is [`View::All`].
    pub fn parse(name: &str) -> Result<Self> {
        if name.is_empty() {
            return Ok(Self::All);
        }
        let found = Self::ALL.into_iter().find(|view| view.name() == name);
        found.ok_or_else(|| EngineError::refused_with("unknown_view", [("view", name.to_owned())]))
    }
}

/// How a list is sorted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Sort {
    /// As they were added.
    #[default]
    Id,
    /// By 商品名称.
    Name,
    /// By the lowest price; without price last.
    Price,
    /// By the time of the last change.
    Updated,
}

impl Sort {
    /// By name; empty is [`Sort::Id`].
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "" | "id" => Ok(Self::Id),
            "name" => Ok(Self::Name),
            "price" => Ok(Self::Price),
            "updated" => Ok(Self::Updated),
            _ => Err(EngineError::refused_with(
                "unknown_sort",
                [("sort", name.to_owned())],
            )),
        }
    }
}

/// Which products, in which order.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Filter {
    /// Name, pinyin, code or barcode; empty finds all.
    pub search: String,
    /// A node and what is below it.
    pub category: Option<CategoryId>,
    /// One of the views.
    pub view: View,
    /// With a SKU in this state in one of `stores`.
    pub state: Option<PlaceState>,
    /// Where `state` is looked at; everywhere when none are named.
    pub stores: Vec<StoreId>,
    /// With a price from here up, in fen.
    pub price_from: Option<i64>,
    /// With a price up to here, in fen.
    pub price_to: Option<i64>,
    /// Order.
    pub sort: Sort,
    /// Reversed.
    pub descending: bool,
}

/// The products that a filter finds.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// In order.
    pub ids: Arc<Vec<ProductId>>,
    /// Their SKUs.
    pub skus: i64,
}

/// How many products each saved view and each category holds.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// By view name.
    pub views: BTreeMap<&'static str, i64>,
    /// The tree, parents before children, each with the products in it and below.
    pub categories: Vec<(CategoryRow, i64)>,
}

/// The state behind [`Engine::library_find`].
#[derive(Default)]
pub(crate) struct Catalog(Mutex<State>);

#[derive(Default)]
struct State {
    loaded: bool,
    mark: Mark,
    facts: BTreeMap<ProductId, Fact>,
    index: SearchIndex,
    last: Option<(Filter, Found)>,
    standings: Vec<Kept>,
}

impl Engine {
    /// The products that a filter finds. `findings` are the products of [`View::Findings`].
    pub fn library_find(&self, filter: &Filter, findings: &HashSet<ProductId>) -> Result<Found> {
        let mut state = self.current_library()?;
        // Findings, states and the clock change without a change batch.
        let lasting =
            filter.state.is_none() && !matches!(filter.view, View::Findings | View::Unsynced | View::Recent);
        if lasting && let Some((_, found)) = state.last.as_ref().filter(|(last, _)| last == filter) {
            return Ok(found.clone());
        }
        let mark = state.mark;
        let mut ask = |of| self.standing(&mut state.standings, mark, of);
        let unsynced = (filter.view == View::Unsynced)
            .then(|| ask(Standing::Unsynced))
            .transpose()?;
        let standing = filter
            .state
            .map(|wanted| ask(Standing::In(wanted, filter.stores.clone())))
            .transpose()?;
        let below = filter.category.map(|id| self.categories_below(id)).transpose()?;
        let now = self.now();
        let keep = |fact: &Fact| {
            below
                .as_ref()
                .is_none_or(|below| fact.category.is_some_and(|id| below.contains(&id)))
                && in_view(filter.view, fact, now, findings, unsynced.as_ref())
                && standing.as_ref().is_none_or(|found| found.holds(fact.id))
                && in_prices(filter, fact)
        };
        let mut facts: Vec<&Fact> = if filter.search.trim().is_empty() {
            state.facts.values().filter(|fact| keep(fact)).collect()
        } else {
            let ids = state.index.find(&filter.search);
            ids.iter()
                .filter_map(|id| state.facts.get(&ProductId(*id)))
                .filter(|fact| keep(fact))
                .collect()
        };
        sort(&mut facts, filter);
        let found = Found {
            skus: facts.iter().map(|fact| i64::from(fact.skus)).sum(),
            ids: Arc::new(facts.iter().map(|fact| fact.id).collect()),
        };
        state.last = Some((filter.clone(), found.clone()));
        Ok(found)
    }

    /// The products named, whole, in that order.
    pub fn library_products(&self, ids: &[ProductId]) -> Result<Vec<Product>> {
        Ok(self.db().read(|c| library::products(c, ids))?)
    }

    /// Counts of all views and categories.
    pub fn library_counts(&self, findings: &HashSet<ProductId>) -> Result<Counts> {
        let mut state = self.current_library()?;
        let mark = state.mark;
        let unsynced = self.standing(&mut state.standings, mark, Standing::Unsynced)?;
        let tree = self.db().read(storage::category::all)?;
        let parents: HashMap<CategoryId, Option<CategoryId>> =
            tree.iter().map(|n| (n.id, n.parent)).collect();
        let now = self.now();
        let mut views = BTreeMap::new();
        let mut inside: HashMap<CategoryId, i64> = HashMap::new();
        for fact in state.facts.values() {
            for view in View::ALL {
                *views.entry(view.name()).or_insert(0) +=
                    i64::from(in_view(view, fact, now, findings, Some(&unsynced)));
            }
            let mut at = fact.category;
            // Bounded: a damaged tree with a loop must not hang the app.
            for _ in 0..16 {
                let Some(id) = at else { break };
                *inside.entry(id).or_insert(0) += 1;
                at = parents.get(&id).copied().flatten();
            }
        }
        for view in View::ALL {
            views.entry(view.name()).or_insert(0);
        }
        let categories = tree
            .into_iter()
            .map(|node| (inside.get(&node.id).copied().unwrap_or(0), node));
        Ok(Counts {
            views,
            categories: categories.map(|(count, node)| (node, count)).collect(),
        })
    }

    /// Lets the next list read everything anew: after writes in many transactions.
    pub(crate) fn forget_library(&self) {
        self.0.library.0.lock().loaded = false;
    }

    fn current_library(&self) -> Result<parking_lot::MutexGuard<'_, State>> {
        let mut state = self.0.library.0.lock();
        // The mark is read first: what is written meanwhile is read once more next time.
        let mark = self.db().read(library::mark)?;
        if !state.loaded || mark < state.mark {
            let facts = self.db().read(|c| library::facts(c, None))?;
            *state = State {
                loaded: true,
                mark,
                index: SearchIndex::new(POSTINGS_FROM),
                ..State::default()
            };
            for fact in facts {
                put(&mut state, fact);
            }
        } else if mark != state.mark {
            let since = state.mark;
            let changed = self.db().read(|c| library::changed_since(c, since))?;
            let facts = self.db().read(|c| library::facts(c, Some(&changed)))?;
            let mut gone: HashSet<ProductId> = changed.into_iter().collect();
            for fact in facts {
                gone.remove(&fact.id);
                put(&mut state, fact);
            }
            for id in gone {
                state.facts.remove(&id);
                state.index.remove(id.0);
            }
            state.mark = mark;
            state.last = None;
        }
        Ok(state)
    }

    fn categories_below(&self, top: CategoryId) -> Result<HashSet<CategoryId>> {
        let tree = self.db().read(storage::category::all)?;
        let mut below = HashSet::from([top]);
        loop {
            let before = below.len();
            let children = tree
                .iter()
                .filter(|node| node.parent.is_some_and(|parent| below.contains(&parent)));
            let children: Vec<CategoryId> = children.map(|node| node.id).collect();
            below.extend(children);
            if below.len() == before {
                return Ok(below);
            }
        }
    }
}

fn put(state: &mut State, mut fact: Fact) {
    let text = std::mem::take(&mut fact.text);
    state.index.put(fact.id.0, &text);
    state.facts.insert(fact.id, fact);
}

fn in_view(
    view: View,
    fact: &Fact,
    now: i64,
    findings: &HashSet<ProductId>,
    unsynced: Option<&standing::Found>,
) -> bool {
    match view {
        View::All => true,
        View::NoBarcode => fact.no_barcode,
        View::NoCode => fact.no_code,
        View::NoPicture => fact.no_picture,
        View::Findings => findings.contains(&fact.id),
        View::Unsynced => unsynced.is_some_and(|found| found.holds(fact.id)),
        View::Recent => now - fact.updated_at <= RECENT_MS,
    }
}

/// Whether the prices of a product reach into the range; without a price it is in no range.
fn in_prices(filter: &Filter, fact: &Fact) -> bool {
    let reaches = |end: Option<i64>, fits: &dyn Fn(i64) -> bool| end.is_some_and(fits);
    filter
        .price_from
        .is_none_or(|from| reaches(fact.price_max_fen, &|max| max >= from))
        && filter
            .price_to
            .is_none_or(|to| reaches(fact.price_min_fen, &|min| min <= to))
}

fn sort(facts: &mut [&Fact], filter: &Filter) {
    match filter.sort {
        Sort::Id => facts.sort_by_key(|fact| fact.id),
        Sort::Name => facts.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id))),
        Sort::Price => facts.sort_by_key(|fact| (fact.price_min_fen.unwrap_or(i64::MAX), fact.id)),
        Sort::Updated => facts.sort_by_key(|fact| (fact.updated_at, fact.id)),
    }
    if filter.descending {
        facts.reverse();
    }
}
