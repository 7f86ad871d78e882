//! 账号, 门店 and 铺货.

use crate::id::{AccountId, OfferId, SkuId, StoreId};
use crate::money::Money;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One shop on one platform, identified by (platform, remote id), never by its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Store {
    /// Row id.
    pub id: StoreId,
    /// The account whose credentials open it.
    pub account: AccountId,
    /// Platform id, as the connector's descriptor names it.
    pub platform: String,
    /// The platform's id of the shop.
    pub remote_id: String,
    /// A label; renaming changes nothing else (F01f).
    pub name: String,
    /// Own endpoint (test environment, proxy, simulator); the connector's default when empty.
    pub endpoint: Option<String>,
    /// The ERP account that takes this store's orders.
    pub erp_account: Option<AccountId>,
    /// 线下门店编号: the shop's number in the ERP.
    pub offline_code: String,
    /// What is synced.
    pub switches: FieldSwitches,
    /// What this platform wants to know of each store, by [`StoreField::key`]; no secrets.
    pub settings: BTreeMap<String, String>,
}

/// What a platform wants to know of each store beside its number: the service phone of 抖店, the packing fee of 饿了么.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct StoreField {
    /// Key in [`Store::settings`].
    pub key: &'static str,
    /// Label in the merchant's words.
    pub label: &'static str,
    /// What a value looks like: `phone`, `money` (yuan), `any`.
    pub shape: &'static str,
    /// The row of problems.md that a store without it runs into; nothing when it may stay empty.
    pub needed: Option<&'static str>,
}

/// Key of the packing fee of one piece, in yuan ([`Store::settings`]).
pub const PACKING_FEE: &str = "packing_fee";

/// How a platform whose goods carry a packing fee asks for it.
pub const PACKING_FEE_FIELD: StoreField = StoreField {
    key: PACKING_FEE,
    label: "每件包装费（元，没有就不填）",
    shape: "money",
    needed: None,
};

impl Store {
    /// A setting of the store; empty counts as absent.
    pub fn setting(&self, key: &str) -> Option<&str> {
        self.settings
            .get(key)
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
    }

    /// The packing fee that goods of this store carry, where its manager named one.
    pub fn packing_fee(&self) -> Option<Money> {
        Money::parse_yuan(self.setting(PACKING_FEE)?).ok()
    }
}

/// Which fields a sync writes (不同步图片 and its siblings), per store.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch on the store's page"
)]
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldSwitches {
    /// 商品名称 and 规格名称.
    pub name: bool,
    /// 图片.
    pub pictures: bool,
    /// 分类: group inside the store and 类目.
    pub category: bool,
    /// UPC (规格编码).
    pub barcode: bool,
    /// 售价.
    pub price: bool,
    /// 库存.
    pub stock: bool,
    /// Whether products that the platform lacks are created.
    pub create: bool,
}

impl Default for FieldSwitches {
    fn default() -> Self {
        Self {
            name: true,
            pictures: true,
            category: true,
            barcode: true,
            price: true,
            stock: true,
            create: true,
        }
    }
}

/// One SKU wanted in one store. What is `None` inherits from the library.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    /// Row id.
    pub id: OfferId,
    /// Where.
    pub store: StoreId,
    /// What.
    pub sku: SkuId,
    /// On sale or off the shelf.
    pub on: bool,
    /// Price of its own in this store.
    pub price: Option<Money>,
    /// Name of its own in this store.
    pub name: Option<String>,
    /// Group of its own: path from the first level.
    pub group: Option<Vec<String>>,
    /// 本商品不同步UPC.
    pub skip_barcode: bool,
}

/// 授权: how the store's or account's credentials stand.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthorizationState {
    /// Never authorized.
    None,
    /// Works as far as known.
    Valid,
    /// The platform said the token is over (授权已经过期).
    Expired,
    /// The platform said the token is not ours any more (非法令牌).
    Revoked,
    /// Credentials exist but the keychain that opens them is not available now.
    VaultUnavailable,
}
