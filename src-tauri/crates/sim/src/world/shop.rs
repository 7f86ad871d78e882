//! What one platform shop holds: groups, listings, and who may touch it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Spec name of a product that has only one SKU. 饿百 makes a product multi-spec when its only spec is named otherwise.
pub const SINGLE_SPEC: &str = "单规格";

/// Stock without an end (美团外卖 writes `*`). Orders take from it without being noticed.
pub const UNLIMITED: i64 = i64::MAX;

/// Whether the platform still lets our application act for the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authorization {
    /// All is well.
    #[default]
    Valid,
    /// The merchant has to authorize again (F43).
    Expired,
    /// Another system, typically a printer, took the shop over (F32a).
    Taken,
    /// The app was never linked to the shop, or is not its main app (F49a, F49b).
    NotLinked,
}

/// One shop on one platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shop {
    /// The id the calls name it by: 美团 `app_poi_code`, 饿百 `baidu_shop_id`, 饿了么 shop id. Text, always.
    pub remote_id: String,
    /// The merchant's own code for the shop (饿百 `shop_id`); equals `remote_id` when none was set.
    pub own_code: String,
    /// The shop's name as the platform shows it.
    pub name: String,
    /// Open for business.
    pub open: bool,
    /// Whether our app may act for it.
    pub authorization: Authorization,
    /// Stores the barcodes that are sent. A 外卖 shop that became one of 闪购 and is still called as 外卖 leaves them
    /// blank without a word (F31a).
    pub keeps_barcodes: bool,
    /// Groups of both levels by id.
    pub groups: BTreeMap<String, Group>,
    /// Listings by the platform's own listing id.
    pub listings: BTreeMap<String, Listing>,
}

impl Shop {
    /// Children of a first-level group, or the first level itself for `None`, in platform order.
    pub fn groups_under(&self, parent: Option<&str>) -> Vec<&Group> {
        let mut found: Vec<&Group> = self
            .groups
            .values()
            .filter(|group| group.parent.as_deref() == parent)
            .collect();
        found.sort_by(|a, b| a.sequence.cmp(&b.sequence).then_with(|| a.id.cmp(&b.id)));
        found
    }

    /// The group of that name under `parent` (`None` = first level).
    pub fn group_named(&self, parent: Option<&str>, name: &str) -> Option<&Group> {
        self.groups
            .values()
            .find(|group| group.parent.as_deref() == parent && group.name == name)
    }

    /// Number of listings that sit directly in the group.
    pub fn listings_in(&self, group_id: &str) -> usize {
        self.listings
            .values()
            .filter(|listing| listing.group_ids.iter().any(|id| id == group_id))
            .count()
    }

    /// The listing that carries this merchant code; an empty code finds nothing.
    pub fn listing_by_code(&self, code: &str) -> Option<&Listing> {
        if code.is_empty() {
            return None;
        }
        self.listings.values().find(|listing| listing.code == code)
    }

    /// As [`Shop::listing_by_code`], for changing.
    pub fn listing_by_code_mut(&mut self, code: &str) -> Option<&mut Listing> {
        if code.is_empty() {
            return None;
        }
        self.listings.values_mut().find(|listing| listing.code == code)
    }

    /// Whether any spec outside the listing `except` carries this barcode.
    pub fn barcode_taken(&self, barcode: &str, except: Option<&str>) -> bool {
        !barcode.is_empty()
            && self
                .listings
                .values()
                .filter(|listing| Some(listing.id.as_str()) != except)
                .any(|listing| listing.specs.iter().any(|spec| spec.upc == barcode))
    }
}

/// A group (分组) of a shop; two levels at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The platform's own id.
    pub id: String,
    /// The merchant's code (美团 `category_code`); empty when none.
    pub code: String,
    /// Shown name.
    pub name: String,
    /// Place: 美团 shows smaller first, 饿百 `rank` shows larger first.
    pub sequence: i64,
    /// Id of the first-level group this one sits in.
    pub parent: Option<String>,
}

/// A picture of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Address or picture id.
    pub url: String,
    /// UTC milliseconds until which the platform reviews it; reads leave it out before that (F56).
    #[serde(default)]
    pub in_review_until: Option<i64>,
}

/// A product as the platform holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listing {
    /// The platform's own id: digits, never ours.
    pub id: String,
    /// Our code as the platform stores it (美团 `app_spu_code`, 饿百 `custom_sku_id`); empty for goods made by hand.
    pub code: String,
    /// Product name.
    pub name: String,
    /// Ids of the groups it sits in.
    pub group_ids: Vec<String>,
    /// The platform's fixed taxonomy (美团 `tag_id`, 饿百 `cat3_id`).
    pub category_id: Option<String>,
    /// At least one.
    pub specs: Vec<ListingSpec>,
    /// Main picture first.
    pub pictures: Vec<Picture>,
    /// Off the shelf (美团 `is_sold_out` 1, 饿百 `status` 0).
    pub sold_out: bool,
    /// Free text.
    pub description: String,
    /// Sale unit, such as 份.
    pub unit: String,
    /// Whether the platform treats it as multi-spec (饿百, F51 and F60).
    pub multi_spec: bool,
    /// UTC milliseconds.
    pub created_at: i64,
    /// UTC milliseconds.
    pub updated_at: i64,
}

impl Listing {
    /// The spec with the platform's own id.
    pub fn spec(&self, id: &str) -> Option<&ListingSpec> {
        self.specs.iter().find(|spec| spec.id == id)
    }
}

/// One spec (规格) of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListingSpec {
    /// The platform's own id: digits.
    pub id: String,
    /// 第三方SKU编码 (美团 `sku_id`, 饿百 `sku_spec_custom_id`, or `custom_sku_id` of a single-spec product).
    pub code: String,
    /// 规格名称.
    pub name: String,
    /// Barcode as stored; empty when the platform refused it (F39).
    pub upc: String,
    /// Fen.
    pub price_fen: i64,
    /// Whole pieces; [`UNLIMITED`] and a little below it where the platform knows no end.
    pub stock: i64,
    /// Grams.
    pub weight_g: i64,
}

/// What is needed to put a listing into a shop by hand.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewListing {
    /// Our code; empty for goods made in the merchant's console.
    pub code: String,
    /// Product name.
    pub name: String,
    /// Ids of existing groups.
    pub group_ids: Vec<String>,
    /// Taxonomy id.
    pub category_id: Option<String>,
    /// At least one.
    pub specs: Vec<NewSpec>,
    /// Picture addresses, main first; taken as already reviewed.
    pub pictures: Vec<String>,
    /// Off the shelf.
    pub sold_out: bool,
    /// Free text.
    pub description: String,
    /// Sale unit; 份 when empty.
    pub unit: String,
}

impl NewListing {
    /// The same where products have no specs: each is a product of its own, with the spec in its title and the spec's
    /// code for both (F67).
    pub(crate) fn by_spec(&self) -> Vec<Self> {
        let alone = |spec: &NewSpec| {
            let code = if spec.code.is_empty() {
                &self.code
            } else {
                &spec.code
            };
            let mut one = self.clone();
            one.code.clone_from(code);
            if spec.name != SINGLE_SPEC {
                one.name = format!("{}{}", self.name, spec.name);
            }
            one.specs = vec![NewSpec {
                code: code.clone(),
                name: SINGLE_SPEC.to_owned(),
                ..spec.clone()
            }];
            one
        };
        self.specs.iter().map(alone).collect()
    }
}

/// One spec of a [`NewListing`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewSpec {
    /// 第三方SKU编码; may be empty.
    pub code: String,
    /// 规格名称; 单规格 for the only one.
    pub name: String,
    /// Barcode, stored as given.
    pub upc: String,
    /// Fen.
    pub price_fen: i64,
    /// Whole pieces.
    pub stock: i64,
    /// Grams.
    pub weight_g: i64,
}
