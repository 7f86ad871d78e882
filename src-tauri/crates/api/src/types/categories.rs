//! 类目 of the platforms.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Whose 类目.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CategoriesRequest {
    /// The store.
    pub store: i64,
    /// Read them from the platform now; otherwise as last read.
    pub fresh: bool,
    /// The product whose present choice is asked for.
    #[ts(optional = nullable)]
    pub product: Option<i64>,
}

/// The platform's tree.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct CategoriesView {
    /// When it was read, UTC ms.
    pub read_at: i64,
    /// All of it, parents before children.
    pub categories: Vec<CategoryView>,
    /// The platform tells what a 类目 asks of a product.
    pub asks: bool,
    /// What was chosen for the product before, or what the platform has; may be empty.
    pub chosen: String,
    /// What was given for it.
    pub attributes: BTreeMap<String, String>,
}

/// One 类目.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct CategoryView {
    /// Platform id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Platform id of the parent; empty at the first level.
    pub parent: String,
    /// Products can be put into it.
    pub leaf: bool,
    /// The platform says that this merchant may not sell in it.
    pub forbidden: bool,
}

/// What one 类目 asks for.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct CategoryRequest {
    /// The store.
    pub store: i64,
    /// Platform id of the 类目.
    pub category: String,
}

/// What a 类目 asks of a product and nobody gives but the manager.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct CategoryAsks {
    /// The list.
    pub attributes: Vec<AttributeView>,
}

/// One attribute.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct AttributeView {
    /// Key in requests.
    pub key: String,
    /// Name for a person.
    pub name: String,
    /// A product without it is refused.
    pub required: bool,
    /// Values to choose from; empty for free text.
    pub values: Vec<String>,
}

/// A 类目 for products, and what it asks for.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct CategoryChange {
    /// The store; the choice is kept for its platform.
    pub store: i64,
    /// Library products.
    pub products: Vec<i64>,
    /// Platform id of the 类目.
    pub category: String,
    /// Values by key.
    pub attributes: BTreeMap<String, String>,
}

/// It is kept, and the products are on their way.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct CategoryChanged {
    /// The undoable batch.
    pub batch: Option<i64>,
    /// The sync of these products.
    pub job: i64,
}

/// A product whose 类目 a platform did not take.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct CategoryTarget {
    /// Where.
    pub store: i64,
    /// Which.
    pub product: i64,
    /// What a person calls it.
    pub name: String,
}
