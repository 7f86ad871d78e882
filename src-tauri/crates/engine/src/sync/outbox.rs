//! What the tasks of the outbox carry.

use connect::platform::ListingWrite;
use domain::id::{ListingId, ListingSkuId, ProductId, SkuId};
use serde::{Deserialize, Serialize};
use storage::task::NewTask;

/// What a task is about. Pages read `product` and `name`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskSubject {
    /// The library product.
    pub product: Option<ProductId>,
    /// The library SKU of a price or stock task.
    pub sku: Option<SkuId>,
    /// The platform's product, when it was there.
    pub listing: Option<ListingId>,
    /// The platform's SKU of a price or stock task.
    pub listing_sku: Option<ListingSkuId>,
    /// What a person calls it.
    pub name: String,
}

/// Kind of a task that writes our codes onto one product that has none yet (F17).
pub const CODES: &str = "codes";
/// Kind of a content task: one product.
pub const LISTING: &str = "listing";
/// Kind of a price task: one SKU.
pub const PRICE: &str = "price";
/// Kind of a stock task: one SKU.
pub const STOCK: &str = "stock";
/// Kind of a group task.
pub const GROUP: &str = "group";

/// Kind of a task that takes one product away on the platform.
pub const DELETE: &str = "delete";

/// Codes go first, because all else of such a product waits for them; then stock before price before content. What
/// needs another task is bound to it by [`Ordered::after`], not by these numbers.
pub(crate) const CODES_FIRST: i64 = 5;
pub(crate) const STOCK_FIRST: i64 = 10;
pub(crate) const THEN_PRICE: i64 = 20;
pub(crate) const THEN_GROUP: i64 = 30;
pub(crate) const THEN_LISTING: i64 = 40;
pub(crate) const THEN_DELETE: i64 = 50;

/// A task to queue, with the places in the same list of those that must have been taken before it goes out.
#[derive(Clone, Debug)]
pub(crate) struct Ordered {
    pub(crate) task: NewTask,
    pub(crate) after: Vec<usize>,
}

impl From<NewTask> for Ordered {
    fn from(task: NewTask) -> Self {
        Self {
            task,
            after: Vec::new(),
        }
    }
}

/// Whether a task carries a [`ListingTask`].
pub(crate) fn is_content(kind: &str) -> bool {
    matches!(kind, LISTING | CODES)
}

/// Payload of a [`LISTING`] or [`CODES`] task.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ListingTask {
    /// What is written. Ids and codes are taken anew from the cache when it is sent; pictures are filled in then.
    pub write: ListingWrite,
    /// The library SKU behind each SKU of the write.
    pub skus: Vec<SkuId>,
    /// Content hashes of the pictures to upload; absent when pictures are not touched, empty when the addresses in the
    /// write are sent as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hashes: Option<Vec<String>>,
}

impl ListingTask {
    /// Whether anything but codes is written.
    pub(crate) fn writes_fields(&self) -> bool {
        let write = &self.write;
        let sku_fields = write.skus.iter().any(|sku| {
            sku.spec_name.is_some()
                || sku.barcode.is_some()
                || sku.price.is_some()
                || sku.stock.is_some()
                || sku.packing_fee.is_some()
        });
        sku_fields
            || write.name.is_some()
            || write.group_path.is_some()
            || write.category_id.is_some()
            || write.pictures.is_some()
            || self.hashes.is_some()
            || write.on_sale.is_some()
            || write.description.is_some()
            || write.attributes.is_some()
    }

    /// Whether something is written whose arrival cannot be seen by looking: pictures get addresses of the platform's
    /// own making, the platform may choose another 类目, and tells nothing of its attributes.
    pub(crate) fn writes_unseen(&self) -> bool {
        let write = &self.write;
        self.hashes.is_some()
            || write.pictures.is_some()
            || write.category_id.is_some()
            || write.attributes.is_some()
    }
}

/// Payload of a [`PRICE`] task.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PriceTask {
    /// The new price in fen.
    pub price_fen: i64,
}

/// Payload of a [`STOCK`] task.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StockTask {
    /// The new stock.
    pub stock: i64,
}

/// Payload of a [`GROUP`] task.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GroupTask {
    /// Names from the first level.
    pub path: Vec<String>,
    /// Position.
    pub sequence: i64,
}

/// Payload of a [`DELETE`] task: how the platform knows the product.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeleteTask {
    /// Its id there.
    pub remote_id: String,
    /// Our product code there, may be empty.
    pub outer_code: String,
}
