//! What reaches a person: a finding with its words by id, evidence, and remedies that run.
//!
//! Words are data (assets/messages): this crate carries ids and parameters only.

use crate::id::{BatchId, ListingId, ListingSkuId, OrderId, ProductId, SkuId, StoreId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How much a finding weighs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Hint,
    /// Works, but perhaps not as wanted.
    Warning,
    /// Will be refused; not sent.
    Error,
}

/// What a finding is about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Subject {
    /// A library product.
    Product {
        /// Which.
        id: ProductId,
    },
    /// A library SKU.
    Sku {
        /// Which.
        id: SkuId,
    },
    /// A SKU as wanted in one store.
    Offer {
        /// The store.
        store: StoreId,
        /// The SKU.
        sku: SkuId,
    },
    /// A platform product.
    Listing {
        /// Which.
        id: ListingId,
    },
    /// An order.
    Order {
        /// Which.
        id: OrderId,
    },
    /// A store.
    Store {
        /// Which.
        id: StoreId,
    },
    /// A group or category by its path of names.
    Group {
        /// The store.
        store: StoreId,
        /// Names from the first level.
        path: Vec<String>,
    },
    /// A picture file or a stored picture by its hash.
    Picture {
        /// Content hash or file name.
        name: String,
    },
}

/// One thing to tell the manager.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// Stable id: a row of problems.md (`F41`, `F01a`), a picture rule (`IMG03`), or a word of our own.
    pub id: String,
    /// How much it weighs.
    pub severity: Severity,
    /// About what.
    pub subject: Subject,
    /// Values for the words of this id.
    pub params: BTreeMap<String, String>,
    /// The platform's or ERP's own text, to be folded away.
    pub raw: Option<String>,
    /// What can be done, best first.
    pub remedies: Vec<Remedy>,
}

impl Finding {
    /// A finding without parameters or remedies yet.
    pub fn new(id: impl Into<String>, severity: Severity, subject: Subject) -> Self {
        Self {
            id: id.into(),
            severity,
            subject,
            params: BTreeMap::new(),
            raw: None,
            remedies: Vec::new(),
        }
    }

    /// Adds a value for the words.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.params.insert(key.to_owned(), value.into());
        self
    }

    /// Adds a remedy.
    #[must_use]
    pub fn remedy(mut self, remedy: Remedy) -> Self {
        self.remedies.push(remedy);
        self
    }
}

/// A field of a SKU or product that a remedy can set.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditField {
    /// 商品名称.
    Name,
    /// 规格名称.
    SpecName,
    /// 商品编码.
    ItemCode,
    /// 规格编码.
    Barcode,
    /// 售价, in fen as decimal text.
    Price,
}

/// A way out, typed so that the window and the CLI can run it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Remedy {
    /// Set a field of a SKU (or of its product) to a value we are sure of.
    SetField {
        /// The SKU.
        sku: SkuId,
        /// Which field.
        field: EditField,
        /// The new value.
        value: String,
    },
    /// Let the manager type a value; opens the SKU at that field.
    EditField {
        /// The SKU.
        sku: SkuId,
        /// Which field.
        field: EditField,
    },
    /// Do not send this SKU's barcode to this store.
    SkipBarcode {
        /// The store.
        store: StoreId,
        /// The SKU.
        sku: SkuId,
    },
    /// Bind a platform SKU to a library SKU, then repush what waited for it.
    Bind {
        /// The platform's.
        listing_sku: ListingSkuId,
        /// Ours.
        sku: SkuId,
    },
    /// Remove a binding.
    Unbind {
        /// The platform's.
        listing_sku: ListingSkuId,
    },
    /// Open the matching page at this platform SKU.
    ChooseBinding {
        /// The platform's.
        listing_sku: ListingSkuId,
    },
    /// Read the store again, then repush what waits.
    Reread {
        /// The store.
        store: StoreId,
    },
    /// Take the order's texts into the library, sync the listing, repush (F01a).
    AdoptOrderText {
        /// The order whose line shows the new text.
        order: OrderId,
    },
    /// Take what the platform has (pictures, group) into the library (F14).
    AdoptFromPlatform {
        /// The listing.
        listing: ListingId,
    },
    /// Link the SKU to another ERP item, then repush (F03, F01d).
    RelinkErp {
        /// The SKU.
        sku: SkuId,
        /// The ERP's system number, when one is sure; else the picker opens.
        item_code: Option<String>,
    },
    /// Strip what the ERP cannot read from 线下门店编号, then repush (F19b).
    CleanOfflineCode {
        /// The store.
        store: StoreId,
        /// The cleaned code.
        value: String,
    },
    /// The manager says the ERP switch is on now: verify, then repush all of the cause (F24).
    VerifyErpSwitch {
        /// The store.
        store: StoreId,
    },
    /// Repair the product's pictures for what its platforms ask (IMG02 … IMG08).
    RepairPictures {
        /// The product.
        product: ProductId,
    },
    /// Let the store's sync send pictures again: take the tick off 不同步图片 (F42a).
    SyncPictures {
        /// The store.
        store: StoreId,
    },
    /// Give a single-spec product's SKU the name 单规格 (F51).
    NameSingleSpec {
        /// The product.
        product: ProductId,
    },
    /// Shorten a group's name (F59).
    RenameGroup {
        /// Names from the first level.
        path: Vec<String>,
        /// The proposed short name of the last level.
        value: String,
    },
    /// Choose another of the platform's 类目 for the product, and sync it again (F38, F64, F66).
    ChooseCategory {
        /// The store.
        store: StoreId,
        /// The product.
        product: ProductId,
    },
    /// Fill in what the platform wants to know of the store; opens its page at that field (F70).
    EditStore {
        /// The store.
        store: StoreId,
        /// Key of the field.
        field: String,
    },
    /// Authorize the store as one of the sister platform, where it belongs (F31a, F37, F46).
    ChangePlatform {
        /// The store.
        store: StoreId,
    },
    /// Authorize again.
    Authorize {
        /// The store.
        store: StoreId,
    },
    /// Push the order again.
    Repush {
        /// The order.
        order: OrderId,
    },
    /// Close the order without pushing: it is in the ERP already, or shall not go there.
    CloseOrder {
        /// The order.
        order: OrderId,
    },
    /// Undo a change batch.
    Undo {
        /// The batch.
        batch: BatchId,
    },
    /// Remove the binding rows whose product is gone (F01e).
    SweepOrphans {
        /// The store.
        store: StoreId,
    },
    /// Copy the bindings of one store to another (F01f).
    CopyBindings {
        /// From.
        from: StoreId,
        /// To.
        to: StoreId,
    },
    /// Collect a redacted diagnostic bundle for support.
    ExportDiagnostics,
}
