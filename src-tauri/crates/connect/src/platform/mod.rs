//! The port every sales platform implements.

mod card;
mod goods;
mod grant;
mod orders;
mod probe;
mod push;
mod visibility;

pub use card::{Capabilities, CredentialField, Descriptor};
pub use domain::store::StoreField;
pub use goods::{
    GroupPlace, ListingPage, ListingRef, ListingWrite, PriceWrite, RemoteAttribute, RemoteCategory,
    RemoteGroup, RemoteListing, RemoteSku, RemoteStore, SkuRef, SkuWrite, StockWrite, WriteOutcome,
};
pub use grant::{ConsentAnswer, RefreshedToken};
pub use orders::{OrderBatch, RemoteOrder, RemoteOrderLine, RemoteRefund, RemoteRefundLine};
pub use probe::{Probe, signature_passed};
pub use push::{Inbound, News, Received};
pub use visibility::{Condition, ConditionKind};

use crate::error::{Layer, RemoteError};
use crate::session::Session;
use async_trait::async_trait;
use url::Url;

/// A sales platform.
#[async_trait]
pub trait Platform: Send + Sync {
    /// Facts as data.
    fn descriptor(&self) -> &Descriptor;

    /// Tests one layer; layers are called inner to outer and stop at the first that fails.
    async fn probe(&self, session: &Session, layer: Layer) -> Result<Probe, RemoteError>;

    /// Fresh credential fields when the token nears its end; `None` when there is nothing to refresh.
    async fn refresh(&self, session: &Session) -> Result<Option<RefreshedToken>, RemoteError>;

    /// Stores of the account.
    async fn stores(&self, session: &Session) -> Result<Vec<RemoteStore>, RemoteError>;

    /// Groups of the store; none where the platform has no groups (`capabilities.group_levels` 0).
    async fn groups(&self, _session: &Session) -> Result<Vec<RemoteGroup>, RemoteError> {
        Ok(Vec::new())
    }

    /// One page of listings; start with `None`.
    async fn listings(&self, session: &Session, cursor: Option<&str>) -> Result<ListingPage, RemoteError>;

    /// One listing by our code (or the platform's id), for reading back. `Ok(None)` when it is certainly not there.
    async fn listing(
        &self,
        session: &Session,
        remote_id: Option<&str>,
        outer_code: &str,
    ) -> Result<Option<RemoteListing>, RemoteError>;

    /// What has to hold for customers to see one product, and whether it does now. `Ok(None)` when the product is
    /// certainly not there. Where a platform tells more than its products show, the connector says so.
    async fn visibility(
        &self,
        session: &Session,
        listing: &ListingRef,
    ) -> Result<Option<Vec<Condition>>, RemoteError> {
        let there = self
            .listing(session, Some(&listing.remote_id), &listing.outer_code)
            .await?;
        let Some(there) = there else {
            return Ok(None);
        };
        let levels = self.descriptor().capabilities.group_levels;
        let open = self.is_open(session).await?;
        Ok(Some(visibility::of_listing(&there, levels, open)))
    }

    /// Whether the store takes orders now; `None` where the platform does not tell.
    async fn is_open(&self, session: &Session) -> Result<Option<bool>, RemoteError> {
        let stores = self.stores(session).await?;
        let own = stores
            .into_iter()
            .find(|store| store.remote_id == session.remote_id);
        Ok(own.and_then(|store| store.open))
    }

    /// Makes a group; gives its remote id.
    async fn create_group(
        &self,
        _session: &Session,
        _path: &[String],
        _sequence: i64,
    ) -> Result<String, RemoteError> {
        Err(unsupported("groups"))
    }

    /// Uploads a picture; gives the reference to use in writes.
    async fn upload_picture(
        &self,
        session: &Session,
        name: &str,
        jpeg: bytes::Bytes,
    ) -> Result<String, RemoteError>;

    /// Creates or changes products, at most `capabilities.batch`; one outcome for each, in order. A platform whose call
    /// carries one product names [`Platform::write_one`] instead.
    async fn write(
        &self,
        session: &Session,
        products: &[ListingWrite],
    ) -> Result<Vec<WriteOutcome>, RemoteError> {
        match only(products)? {
            Some(product) => Ok(vec![self.write_one(session, product).await?]),
            None => Ok(Vec::new()),
        }
    }

    /// Creates or changes one product.
    async fn write_one(
        &self,
        _session: &Session,
        _product: &ListingWrite,
    ) -> Result<WriteOutcome, RemoteError> {
        Err(unsupported("write"))
    }

    /// Writes our codes onto a product that exists there without them (or with old ones).
    async fn bind_codes(
        &self,
        session: &Session,
        listing: &RemoteListing,
        outer_code: &str,
        sku_codes: &[(RemoteSku, String)],
    ) -> Result<(), RemoteError>;

    /// Sets prices, at most `capabilities.row_batch`; one result for each, in order.
    async fn set_prices(
        &self,
        session: &Session,
        rows: &[PriceWrite],
    ) -> Result<Vec<WriteOutcome>, RemoteError>;

    /// Sets stock, at most `capabilities.row_batch`; one result for each, in order.
    async fn set_stocks(
        &self,
        session: &Session,
        rows: &[StockWrite],
    ) -> Result<Vec<WriteOutcome>, RemoteError>;

    /// Orders since the cursor (`""` the first time).
    async fn orders(&self, session: &Session, cursor: &str) -> Result<OrderBatch, RemoteError>;

    /// One order, read again, with its refunds.
    async fn order(&self, session: &Session, number: &str) -> Result<RemoteOrder, RemoteError>;

    /// Takes products away for good, at most `capabilities.batch`; one outcome for each, in order. One that is not
    /// there any more counts as taken away. A platform whose call names one product names [`Platform::delete_one`]
    /// instead.
    async fn delete(
        &self,
        session: &Session,
        listings: &[ListingRef],
    ) -> Result<Vec<WriteOutcome>, RemoteError> {
        if !self.descriptor().capabilities.delete {
            return Err(unsupported("delete"));
        }
        match only(listings)? {
            Some(listing) => Ok(vec![self.delete_one(session, listing).await?]),
            None => Ok(Vec::new()),
        }
    }

    /// Takes one product away for good.
    async fn delete_one(
        &self,
        _session: &Session,
        _listing: &ListingRef,
    ) -> Result<WriteOutcome, RemoteError> {
        Err(unsupported("delete"))
    }

    /// Puts groups into another order. Groups that are not named keep their place.
    async fn order_groups(&self, _session: &Session, _groups: &[GroupPlace]) -> Result<(), RemoteError> {
        Err(unsupported("group_order"))
    }

    /// The platform's own 类目, the whole tree or what of it this merchant may use.
    async fn categories(&self, _session: &Session) -> Result<Vec<RemoteCategory>, RemoteError> {
        Err(unsupported("categories"))
    }

    /// What a 类目 asks of a product.
    async fn attributes(
        &self,
        _session: &Session,
        _category_id: &str,
    ) -> Result<Vec<RemoteAttribute>, RemoteError> {
        Err(unsupported("attributes"))
    }

    /// The page on which the merchant agrees. `return_to` is where it leads back to, `state` comes back unchanged and
    /// proves that the answer is to this question. Nothing is called.
    fn consent(&self, _session: &Session, _return_to: &Url, _state: &str) -> Result<Url, RemoteError> {
        Err(unsupported("consent"))
    }

    /// Turns what the platform's page brought back into credential fields. `return_to` as it was asked with.
    async fn redeem(
        &self,
        _session: &Session,
        _answer: &ConsentAnswer,
        _return_to: &Url,
    ) -> Result<RefreshedToken, RemoteError> {
        Err(unsupported("consent"))
    }

    /// Checks that a push is really the platform's and says what it tells. One with a wrong signature is
    /// [`RemoteError::Refused`] at [`Layer::Signature`] and has no effect. Nothing is called.
    fn receive(&self, _session: &Session, _push: &Inbound) -> Result<Received, RemoteError> {
        Err(unsupported("pushes"))
    }
}

pub(crate) fn unsupported(what: &str) -> RemoteError {
    RemoteError::Unsupported {
        what: what.to_owned(),
    }
}

/// Refuses a call of more entries than its capability allows. The engine cuts its calls to size, so this shows a
/// mistake of ours.
pub fn at_most(entries: usize, most: usize) -> Result<(), RemoteError> {
    if entries <= most {
        return Ok(());
    }
    Err(RemoteError::Unsupported {
        what: format!("{entries} entries in one call, {most} at most"),
    })
}

/// The product of a call where `capabilities.batch` is one; `None` of an empty call.
fn only<T>(entries: &[T]) -> Result<Option<&T>, RemoteError> {
    at_most(entries.len(), 1)?;
    Ok(entries.first())
}
