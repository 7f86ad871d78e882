//! 门店商品: what the platform really holds, as last read.

use crate::id::{GroupId, ListingId, ListingSkuId, SkuId, StoreId};
use crate::money::Money;
use serde::{Deserialize, Serialize};

/// Where a listing stands in the platform's own review.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// Nothing pending.
    #[default]
    None,
    /// 审核中.
    Pending,
    /// 审核驳回.
    Rejected,
}

/// How the pictures that were sent last stand where a platform looks at them before it shows them (F56).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PictureReview {
    /// Since when, as a person reads it.
    pub since: String,
    /// Refused, or not shown long after every review should be over.
    pub refused: bool,
}

/// A product as the platform holds it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listing {
    /// Row id.
    pub id: ListingId,
    /// Whose.
    pub store: StoreId,
    /// The platform's own id when it shows one, else our code there. Unique per store.
    pub remote_id: String,
    /// Our product code as the platform stores it (`app_spu_code`, `custom_sku_id`); may be empty.
    pub outer_code: String,
    /// 商品名称 there.
    pub name: String,
    /// Group path inside the store.
    pub group: Option<GroupId>,
    /// 类目 id of the platform's own taxonomy, may be empty.
    pub category_id: String,
    /// Picture addresses or ids there.
    pub pictures: Vec<String>,
    /// On the shelf.
    pub on_sale: bool,
    /// Review state and since when (UTC ms).
    pub review: ReviewState,
    /// Description there; `None` where the platform tells none.
    pub description: Option<String>,
    /// When the platform last told us (UTC ms).
    pub read_at: i64,
    /// Its specifications.
    pub skus: Vec<ListingSku>,
}

/// A specification as the platform holds it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListingSku {
    /// Row id.
    pub id: ListingSkuId,
    /// The platform's own SKU id, or its 第三方SKU编码 where it shows no other. Unique per listing.
    pub remote_id: String,
    /// 第三方SKU编码: our code as the platform stores it.
    pub outer_sku_code: String,
    /// 规格名称 there.
    pub spec_name: String,
    /// Barcode there.
    pub barcode: String,
    /// Price there.
    pub price: Option<Money>,
    /// Stock there.
    pub stock: Option<i64>,
    /// Packing fee of one piece there; `None` where the platform tells none.
    pub packing_fee: Option<Money>,
    /// The library SKU it is bound to.
    pub bound_to: Option<SkuId>,
}

/// A group inside a platform store (分组).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoreGroup {
    /// Row id.
    pub id: GroupId,
    /// The platform's id.
    pub remote_id: String,
    /// Its name.
    pub name: String,
    /// The group above, when second level.
    pub parent: Option<GroupId>,
    /// Position as the platform gives it.
    pub sequence: i64,
}
