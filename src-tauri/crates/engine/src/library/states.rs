//! Where a SKU stands in its stores: as wanted, on its way, refused.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use domain::id::{ProductId, SkuId};
use domain::listing::ReviewState;
use domain::product::{Product, SINGLE_SPEC, Sku};
use std::collections::{HashMap, HashSet};
use storage::task::TaskState;
use storage::views::library::{self, PlaceListed, PlaceRow};

/// State of one SKU in one store, from good to bad.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PlaceState {
    /// Not wanted there.
    None,
    /// Wanted off the shelf.
    Off,
    /// As wanted, as last read.
    Synced,
    /// In the platform's review.
    Review,
    /// Differs from what is wanted, or is on its way.
    Pending,
    /// Gone from the platform.
    Warning,
    /// Refused.
    Rejected,
}

impl PlaceState {
    /// All states, from good to bad.
    pub const ALL: [Self; 7] = [
        Self::None,
        Self::Off,
        Self::Synced,
        Self::Review,
        Self::Pending,
        Self::Warning,
        Self::Rejected,
    ];

    /// By name; empty is none in particular.
    pub fn parse(name: &str) -> Result<Option<Self>> {
        if name.is_empty() {
            return Ok(None);
        }
        let found = Self::ALL.into_iter().find(|state| state.name() == name);
        match found {
            Some(state) => Ok(Some(state)),
            None => Err(EngineError::refused_with(
                "unknown_state",
                [("state", name.to_owned())],
            )),
        }
    }

    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Off => "off",
            Self::Synced => "synced",
            Self::Review => "review",
            Self::Pending => "pending",
            Self::Warning => "warning",
            Self::Rejected => "rejected",
        }
    }
}

/// One SKU in one store with its state.
#[derive(Clone, Debug)]
pub struct Place {
    /// What is wanted and what is there.
    pub row: PlaceRow,
    /// How they compare.
    pub state: PlaceState,
}

impl Engine {
    /// Where the SKUs of products are wanted or bound.
    pub fn places(&self, products: &[Product]) -> Result<HashMap<SkuId, Vec<Place>>> {
        let skus: Vec<SkuId> = products
            .iter()
            .flat_map(|p| p.skus.iter().map(|s| s.id))
            .collect();
        let rows = self.db().read(|c| library::places(c, &skus))?;
        if rows.is_empty() {
            return Ok(HashMap::new());
        }
        let tasks = self.db().read(library::open_tasks)?;
        let of: HashMap<SkuId, (&Product, &Sku)> = products
            .iter()
            .flat_map(|p| p.skus.iter().map(move |s| (s.id, (p, s))))
            .collect();
        let mut places: HashMap<SkuId, Vec<Place>> = HashMap::new();
        for row in rows {
            let Some((product, sku)) = of.get(&row.sku) else {
                continue;
            };
            let state = state(&row, product, sku, tasks.get(&(row.store, product.id)).copied());
            places.entry(row.sku).or_default().push(Place { row, state });
        }
        Ok(places)
    }

    /// Products with a SKU in a place that fits.
    pub(crate) fn placed_products(&self, fits: impl Fn(&Place) -> bool) -> Result<HashSet<ProductId>> {
        let placed = self.db().read(library::placed_skus)?;
        let mut products: Vec<ProductId> = placed.into_iter().map(|(_, product)| product).collect();
        products.sort_unstable();
        products.dedup();
        let mut found = HashSet::new();
        for some in products.chunks(1_000) {
            let some = self.library_products(some)?;
            let owner: HashMap<SkuId, ProductId> = some
                .iter()
                .flat_map(|p| p.skus.iter().map(|s| (s.id, p.id)))
                .collect();
            for (sku, places) in self.places(&some)? {
                if places.iter().any(&fits) {
                    found.extend(owner.get(&sku));
                }
            }
        }
        Ok(found)
    }
}

/// How what is wanted compares with what is there, with the latest task that did not end well.
fn state(row: &PlaceRow, product: &Product, sku: &Sku, task: Option<TaskState>) -> PlaceState {
    // Only offers are planned and synced: what is merely bound needs no hand, as long as it is there.
    let Some(offer) = &row.offer else {
        return match &row.listed {
            Some(listed) if listed.gone => PlaceState::Warning,
            _ => PlaceState::None,
        };
    };
    if matches!(
        task,
        Some(TaskState::Queued | TaskState::Sending | TaskState::Unknown)
    ) {
        return PlaceState::Pending;
    }
    let review = row
        .listed
        .as_ref()
        .map_or(ReviewState::None, |listed| listed.review);
    match review {
        ReviewState::Pending => return PlaceState::Review,
        ReviewState::Rejected => return PlaceState::Rejected,
        ReviewState::None => {}
    }
    let same = match &row.listed {
        Some(listed) if listed.gone => return PlaceState::Warning,
        Some(listed) if !offer.on => !listed.on_sale,
        Some(listed) => as_wanted(row, product, sku, listed),
        None => !offer.on,
    };
    match (same, task) {
        (true, _) if offer.on => PlaceState::Synced,
        (true, _) => PlaceState::Off,
        (false, Some(TaskState::Rejected)) => PlaceState::Rejected,
        (false, Some(TaskState::InReview)) => PlaceState::Review,
        (false, _) => PlaceState::Pending,
    }
}

/// The fields that the store syncs are equal.
fn as_wanted(row: &PlaceRow, product: &Product, sku: &Sku, listed: &PlaceListed) -> bool {
    let Some(offer) = &row.offer else { return false };
    let switches = &row.switches;
    let name = offer.name.as_deref().unwrap_or(&product.name);
    let price = offer.price_fen.or(sku.price.map(|price| price.0));
    let spec = sku.spec_name == SINGLE_SPEC || !switches.name || listed.spec_name == sku.spec_name;
    let barcode = !switches.barcode
        || offer.skip_barcode
        || sku.barcode.is_empty()
        || domain::code::barcode_key(&listed.barcode) == domain::code::barcode_key(&sku.barcode);
    listed.on_sale
        && (!switches.name || listed.name == name)
        && spec
        && barcode
        && (!switches.price || price.is_none() || listed.price_fen == price)
}

#[cfg(test)]
mod tests {
    use super::{PlaceState, state};
    use domain::id::{ProductId, SkuId, StoreId};
    use domain::listing::ReviewState;
    use domain::money::Money;
    use domain::product::{Product, SINGLE_SPEC, Sku};
    use storage::task::TaskState;
    use storage::views::library::{PlaceListed, PlaceOffer, PlaceRow};

    fn goods() -> Product {
        let sku = Sku {
            id: SkuId(1),
            spec_name: SINGLE_SPEC.into(),
            size_text: "250ml".into(),
            item_code: "01162".into(),
            barcode: "6901234567892".into(),
            unit: "瓶".into(),
            price: Some(Money(350)),
            cost: None,
            stock: None,
            base_quantity_milli: 1000,
            weight_g: None,
        };
        Product {
            id: ProductId(1),
            name: "纯牛奶".into(),
            spu_code: String::new(),
            category: None,
            brand: String::new(),
            description: String::new(),
            pictures: Vec::new(),
            skus: vec![sku],
        }
    }

    fn place() -> PlaceRow {
        PlaceRow {
            sku: SkuId(1),
            store: StoreId(1),
            platform: "p".into(),
            store_name: "店".into(),
            switches: domain::store::FieldSwitches::default(),
            offer: Some(PlaceOffer {
                on: true,
                price_fen: None,
                name: None,
                skip_barcode: false,
            }),
            listed: Some(PlaceListed {
                listing_sku: 1,
                name: "纯牛奶".into(),
                spec_name: String::new(),
                barcode: "06901234567892".into(),
                price_fen: Some(350),
                stock: None,
                on_sale: true,
                review: ReviewState::None,
                read_at: 0,
                gone: false,
            }),
        }
    }

    fn judged(change: impl FnOnce(&mut PlaceRow), task: Option<TaskState>) -> PlaceState {
        let mut row = place();
        change(&mut row);
        let product = goods();
        state(&row, &product, &product.skus[0], task)
    }

    fn listed(row: &mut PlaceRow) -> &mut PlaceListed {
        row.listed.as_mut().unwrap()
    }

    #[test]
    fn each_state_has_its_reason() {
        assert_eq!(judged(|_| {}, None), PlaceState::Synced);
        assert_eq!(
            judged(|row| listed(row).price_fen = Some(360), None),
            PlaceState::Pending
        );
        assert_eq!(
            judged(
                |row| {
                    listed(row).price_fen = Some(360);
                    row.switches.price = false;
                },
                None
            ),
            PlaceState::Synced,
            "a switched-off field does not count"
        );
        assert_eq!(judged(|row| row.listed = None, None), PlaceState::Pending);
        assert_eq!(
            judged(|row| row.listed = None, Some(TaskState::Rejected)),
            PlaceState::Rejected
        );
        assert_eq!(
            judged(|_| {}, Some(TaskState::Rejected)),
            PlaceState::Synced,
            "repaired by other means"
        );
        assert_eq!(judged(|_| {}, Some(TaskState::Queued)), PlaceState::Pending);
        assert_eq!(
            judged(|row| listed(row).review = ReviewState::Pending, None),
            PlaceState::Review
        );
        assert_eq!(
            judged(|row| listed(row).review = ReviewState::Rejected, None),
            PlaceState::Rejected
        );
        assert_eq!(judged(|row| row.offer = None, None), PlaceState::None);
        let only_bound_and_gone = |row: &mut PlaceRow| {
            row.offer = None;
            listed(row).gone = true;
        };
        assert_eq!(judged(only_bound_and_gone, None), PlaceState::Warning);
        assert_eq!(judged(|row| listed(row).gone = true, None), PlaceState::Warning);
        let off = |row: &mut PlaceRow| {
            row.offer.as_mut().unwrap().on = false;
            listed(row).on_sale = false;
        };
        assert_eq!(judged(off, None), PlaceState::Off);
    }
}
