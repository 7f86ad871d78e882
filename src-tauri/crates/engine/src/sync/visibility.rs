//! 为什么看不见: what has to hold for customers to see a product, asked of the platform now, with a way out of each that
//! does not.

use super::plan::Choices;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::library::offers::OfferEdit;
use connect::platform::{Condition, ConditionKind, ListingRef};
use domain::id::{JobId, ListingId, ProductId, SkuId, StoreId};
use storage::error::StorageError;
use storage::listing::ListingSkuRow;

/// How a product stands with its customers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Visibility {
    /// The store.
    pub store: StoreId,
    /// 商品名称 there.
    pub name: String,
    /// The library product it is bound to.
    pub product: Option<ProductId>,
    /// The platform still has it.
    pub there: bool,
    /// What has to hold; none when it is not there.
    pub conditions: Vec<Checked>,
}

/// One condition and what helps when it does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checked {
    /// As the platform has it.
    pub condition: Condition,
    /// The way out; `None` when it holds or nobody knows.
    pub way: Option<Way>,
}

/// What helps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// [`Engine::put_on_shelf`].
    PutOnShelf,
    /// Set or push its stock, on the page of stock.
    Stock,
    /// Sync it: the plan has the group that the library wants.
    Sync,
    /// It is not bound: nothing can be written before it is.
    Bind,
    /// Only the platform's back office does it.
    BackOffice,
    /// Send other pictures.
    Review,
}

impl Engine {
    /// Asks the platform why customers may not see a product.
    pub async fn why_not_visible(&self, listing: ListingId) -> Result<Visibility> {
        let (row, bound) = self.listing_with_bound(listing)?;
        let product = match bound.first() {
            Some(sku) => self.db().read(|c| storage::product::of_sku(c, *sku))?,
            None => None,
        };
        let store = self.db().read(|c| storage::store::get(c, row.store))?.store;
        let platform = self.platform(&store.platform)?;
        let session = self.store_session(store.id).await?;
        let meant = ListingRef {
            remote_id: row.listing_remote_id,
            outer_code: row.outer_code,
        };
        let answer = platform.visibility(&session, &meant).await;
        self.note_outcome(store.account, answer.as_ref().map(|_| ()))?;
        let conditions = answer?;
        Ok(Visibility {
            store: store.id,
            name: row.name,
            product,
            there: conditions.is_some(),
            conditions: conditions
                .unwrap_or_default()
                .into_iter()
                .map(|condition| Checked {
                    way: way(&condition, product.is_some()),
                    condition,
                })
                .collect(),
        })
    }

    /// Offers what a listing is bound to in its store and syncs it, in the background; gives the job.
    ///
    /// # Errors
    /// Refused as `not_bound` when it is bound to nothing.
    pub fn put_on_shelf(&self, listing: ListingId) -> Result<JobId> {
        let (row, bound) = self.listing_with_bound(listing)?;
        let mut products = Vec::new();
        for sku in &bound {
            products.extend(self.db().read(|c| storage::product::of_sku(c, *sku))?);
        }
        if products.is_empty() {
            return Err(EngineError::refused("not_bound"));
        }
        let edits: Vec<OfferEdit> = bound
            .into_iter()
            .map(|sku| OfferEdit {
                store: row.store,
                sku,
                on: Some(true),
                price: None,
                skip_barcode: None,
            })
            .collect();
        self.edit_offers(&edits)?;
        self.sync_spawn(&[row.store], Choices::only(&products))
    }

    fn listing_with_bound(&self, listing: ListingId) -> Result<(ListingSkuRow, Vec<SkuId>)> {
        let rows = self.db().read(|c| storage::listing::of_listing(c, listing))?;
        let bound = rows.iter().filter_map(|row| row.bound_to).collect();
        let first = rows.into_iter().next();
        let first = first.ok_or(StorageError::NotFound { what: "listing" })?;
        Ok((first, bound))
    }
}

fn way(condition: &Condition, bound: bool) -> Option<Way> {
    if condition.holds != Some(false) {
        return None;
    }
    Some(match condition.kind {
        ConditionKind::StoreOpen => Way::BackOffice,
        ConditionKind::Review => Way::Review,
        _ if !bound => Way::Bind,
        ConditionKind::OnShelf | ConditionKind::Sellable => Way::PutOnShelf,
        ConditionKind::Stock => Way::Stock,
        ConditionKind::Group => Way::Sync,
    })
}
