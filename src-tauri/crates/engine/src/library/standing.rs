//! Products by where they stand in stores, kept until something that they were found from changes.

use super::states::PlaceState;
use crate::engine::Engine;
use crate::error::Result;
use domain::id::{ProductId, StoreId};
use std::collections::HashSet;
use std::sync::Arc;
use storage::views::library::{self, Mark};

/// So many answers are kept: the views' and those of the filters that are tried in turn.
const KEPT: usize = 3;

/// Which products are asked for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Standing {
    /// Not everywhere as wanted.
    Unsynced,
    /// With a SKU in this state in one of the stores, or in any when none are named; [`PlaceState::None`] means in none
    /// of them anything else.
    In(PlaceState, Vec<StoreId>),
}

impl Standing {
    fn is_inverse(&self) -> bool {
        matches!(self, Self::In(PlaceState::None, _))
    }

    fn fits(&self, store: StoreId, state: PlaceState) -> bool {
        match self {
            Self::Unsynced => state >= PlaceState::Pending,
            Self::In(wanted, stores) => {
                let here = stores.is_empty() || stores.contains(&store);
                here && if self.is_inverse() {
                    state != PlaceState::None
                } else {
                    state == *wanted
                }
            }
        }
    }
}

/// The products that were found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    products: Arc<HashSet<ProductId>>,
    inverse: bool,
}

impl Found {
    pub(crate) fn holds(&self, product: ProductId) -> bool {
        self.products.contains(&product) != self.inverse
    }
}

/// What was found for whom, with the marks of what it was found from.
pub(crate) struct Kept {
    of: Standing,
    mark: Mark,
    beside: (i64, i64, i64),
    found: Found,
}

impl Engine {
    /// The products that stand like this; `mark` is how far the library was read.
    pub(crate) fn standing(&self, kept: &mut Vec<Kept>, mark: Mark, of: Standing) -> Result<Found> {
        let beside = self.db().read(library::states_mark)?;
        kept.retain(|one| one.mark == mark && one.beside == beside);
        if let Some(known) = kept.iter().find(|one| one.of == of) {
            return Ok(known.found.clone());
        }
        let products = self.placed_products(|place| of.fits(place.row.store, place.state))?;
        let found = Found {
            products: Arc::new(products),
            inverse: of.is_inverse(),
        };
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push(Kept {
            of,
            mark,
            beside,
            found: found.clone(),
        });
        Ok(found)
    }
}
