//! Which listings a story may use.

use std::collections::{BTreeMap, BTreeSet};

use crate::draw::Draw;
use crate::pictures::Look;
use crate::scenario::codes::{clean, fits_erp};
use crate::scenario::{Scenario, ScenarioStore, erp_numbers, shared_barcodes};
use crate::world::{Listing, PlatformId, World};

/// One spec of one listing, and the library row it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Good {
    pub(super) platform: PlatformId,
    pub(super) shop: String,
    pub(super) branch: String,
    pub(super) listing: String,
    pub(super) spec: String,
    pub(super) row: usize,
    pub(super) single: bool,
}

/// The goods of all shops, sorted by what they are good for.
pub(super) struct Goods {
    /// The ERP's number of every row.
    pub(super) numbers: Vec<String>,
    /// Listings that carry our code, stand alone under their name, and whose item the ERP knows by that code.
    pub(super) sure: Vec<Good>,
    /// Unbound twins of sure goods.
    pub(super) twins: Vec<Good>,
    /// Goods whose library code is empty or unknown to the ERP.
    pub(super) unknown: Vec<Good>,
    /// Goods whose library code is no 64-bit number.
    pub(super) unreadable: Vec<Good>,
    /// Listings made by hand, which only a person can bind.
    pub(super) hand_made: Vec<Good>,
    used_listings: BTreeSet<(PlatformId, String, String)>,
    used_rows: BTreeSet<usize>,
}

impl Goods {
    pub(super) fn new(world: &World, scenario: &Scenario) -> Self {
        let (numbers, wrong) = erp_numbers(scenario);
        let mut goods = Self {
            numbers,
            sure: Vec::new(),
            twins: Vec::new(),
            unknown: Vec::new(),
            unreadable: Vec::new(),
            hand_made: Vec::new(),
            used_listings: BTreeSet::new(),
            used_rows: BTreeSet::new(),
        };
        let index = Index::new(scenario, &wrong);
        for store in &scenario.stores {
            goods.sort_shop(world, store, &index);
        }
        goods
    }

    fn sort_shop(&mut self, world: &World, store: &ScenarioStore, index: &Index<'_>) {
        let Ok(shop) = world.shop(store.platform, &store.remote_id) else {
            return;
        };
        let mut names: BTreeMap<(&str, &str), Vec<(&Listing, usize)>> = BTreeMap::new();
        for listing in shop.listings.values().filter(|listing| !listing.sold_out) {
            for (at, spec) in listing.specs.iter().enumerate() {
                names
                    .entry((listing.name.as_str(), spec.name.as_str()))
                    .or_default()
                    .push((listing, at));
            }
        }
        let good = |listing: &Listing, at: usize, row: usize| Good {
            platform: store.platform,
            shop: store.remote_id.clone(),
            branch: store.branch.clone(),
            listing: listing.id.clone(),
            spec: listing
                .specs
                .get(at)
                .map(|spec| spec.id.clone())
                .unwrap_or_default(),
            row,
            single: listing.specs.len() == 1,
        };
        for (key, same) in names {
            let row_of = |(listing, at): &(&Listing, usize)| index.row(listing, *at, key);
            match same.as_slice() {
                [one] => match row_of(one) {
                    Found::Sure(row) => self.sure.push(good(one.0, one.1, row)),
                    Found::Unknown(row) => self.unknown.push(good(one.0, one.1, row)),
                    Found::Unreadable(row) => self.unreadable.push(good(one.0, one.1, row)),
                    Found::HandMade(row) => self.hand_made.push(good(one.0, one.1, row)),
                    Found::Nothing => {}
                },
                [a, b] => match (row_of(a), row_of(b)) {
                    (Found::Sure(row), Found::Nothing) if !b.0.code.is_empty() => {
                        self.twins.push(good(b.0, b.1, row));
                    }
                    (Found::Nothing, Found::Sure(row)) if !a.0.code.is_empty() => {
                        self.twins.push(good(a.0, a.1, row));
                    }
                    _ => {}
                },
                _ => {}
            }
        }
    }

    /// Takes up to `count` unused goods that pass `test`, going round the shops.
    pub(super) fn take(
        &mut self,
        from: &[Good],
        count: usize,
        draw: &mut Draw,
        test: impl Fn(&Good) -> bool,
    ) -> Vec<Good> {
        let mut shops: BTreeMap<(PlatformId, &str), Vec<&Good>> = BTreeMap::new();
        for good in from.iter().filter(|good| test(good) && self.is_free(good)) {
            shops
                .entry((good.platform, good.shop.as_str()))
                .or_default()
                .push(good);
        }
        let mut taken = Vec::new();
        while taken.len() < count && shops.values().any(|goods| !goods.is_empty()) {
            for goods in shops.values_mut() {
                if taken.len() == count || goods.is_empty() {
                    continue;
                }
                let at = usize::try_from(draw.below(u64::try_from(goods.len()).unwrap_or(1))).unwrap_or(0);
                let good = goods.swap_remove(at);
                if self.is_free(good) {
                    self.use_up(good);
                    taken.push(good.clone());
                }
            }
        }
        taken
    }

    /// Nobody else gets this listing, nor the same product anywhere.
    fn use_up(&mut self, good: &Good) {
        self.used_listings
            .insert((good.platform, good.shop.clone(), good.listing.clone()));
        self.used_rows.insert(good.row);
    }

    /// Whether no trouble has fallen on the listing or its product.
    pub(super) fn is_free(&self, good: &Good) -> bool {
        !self.used_rows.contains(&good.row)
            && !self
                .used_listings
                .contains(&(good.platform, good.shop.clone(), good.listing.clone()))
    }
}

enum Found {
    Sure(usize),
    Unknown(usize),
    Unreadable(usize),
    HandMade(usize),
    Nothing,
}

/// The library, by what a listing may show of it.
struct Index<'a> {
    scenario: &'a Scenario,
    wrong: &'a BTreeSet<usize>,
    shared: BTreeSet<&'a str>,
    by_code: BTreeMap<String, usize>,
    by_name: BTreeMap<&'a str, usize>,
    by_look: BTreeMap<String, usize>,
}

impl<'a> Index<'a> {
    fn new(scenario: &'a Scenario, wrong: &'a BTreeSet<usize>) -> Self {
        let rows = || scenario.items.iter().enumerate();
        Self {
            scenario,
            wrong,
            shared: shared_barcodes(&scenario.items),
            by_code: rows().map(|(row, item)| (clean(&item.item_code), row)).collect(),
            by_name: rows().map(|(row, item)| (item.name.trim(), row)).collect(),
            by_look: rows()
                .map(|(row, item)| (Look::of(&item.name, &item.category).id(), row))
                .collect(),
        }
    }

    /// Which library row a spec is, told by our code; by the name for rows without a code; and by the picture, as a
    /// person would see it, for listings made by hand.
    fn row(&self, listing: &Listing, at: usize, (name, _): (&str, &str)) -> Found {
        let Some(spec) = listing.specs.get(at) else {
            return Found::Nothing;
        };
        if spec.code.is_empty() {
            if let Some(row) = self.by_name.get(name).filter(|row| self.wrong.contains(row)) {
                let without = self
                    .scenario
                    .items
                    .get(*row)
                    .is_some_and(|item| item.item_code.is_empty());
                let recognised = !spec.upc.is_empty();
                return if without && recognised {
                    Found::Unknown(*row)
                } else {
                    Found::Nothing
                };
            }
            let known = self.by_name.contains_key(name) || !spec.upc.is_empty() || !listing.code.is_empty();
            let shown = listing.pictures.first().and_then(|picture| {
                let file = picture.url.rsplit('/').next()?;
                self.by_look.get(file.strip_suffix(".jpg")?)
            });
            return match shown {
                Some(row) if !known && listing.name.starts_with("店长推荐") => Found::HandMade(*row),
                _ => Found::Nothing,
            };
        }
        let Some(row) = self.by_code.get(&spec.code).copied() else {
            return Found::Nothing;
        };
        let Some(item) = self.scenario.items.get(row) else {
            return Found::Nothing;
        };
        if self.shared.contains(item.barcode.as_str()) {
            return Found::Nothing;
        }
        if !self.wrong.contains(&row) {
            return Found::Sure(row);
        }
        if fits_erp(&item.item_code) {
            Found::Unknown(row)
        } else {
            Found::Unreadable(row)
        }
    }
}
