//! What is wanted of one SKU in one store: the offer with what it inherits from the library.

use crate::money::Money;
use crate::product::{Product, SINGLE_SPEC, Sku};
use crate::rules::ListingRules;
use crate::store::{FieldSwitches, Offer};
use std::borrow::Cow;

/// One SKU as it shall stand in one store.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// The offer.
    pub offer: &'a Offer,
    /// The product of its SKU.
    pub product: &'a Product,
    /// Its SKU.
    pub sku: &'a Sku,
    /// Our stable product code on the platform.
    pub outer_code: String,
    /// 第三方SKU编码: our stable SKU code on the platform.
    pub outer_sku_code: String,
    /// The group it shall stand in by names from the first level (own, else mapped from the category); empty when
    /// there is none.
    pub group: Vec<String>,
    /// 类目 id mapped from the category; empty when there is none.
    pub category_id: String,
}

impl Wanted<'_> {
    /// 商品名称: the offer's own, else the library's.
    pub fn name(&self) -> &str {
        self.offer.name.as_deref().unwrap_or(&self.product.name)
    }

    /// 商品名称 as the platform shall show it: where products have no specs, a spec of its own name stands behind it
    /// (F67), unless the offer has a name of its own.
    pub fn title(&self, rules: &ListingRules) -> Cow<'_, str> {
        let spec = self.sku.spec_name.as_str();
        let plain = spec.is_empty() || spec == SINGLE_SPEC || self.offer.name.is_some();
        if plain || !rules.single_spec_only {
            return Cow::Borrowed(self.name());
        }
        Cow::Owned(format!("{}{spec}", self.name()))
    }

    /// Price: the offer's own, else the library's.
    pub fn price(&self) -> Option<Money> {
        self.offer.price.or(self.sku.price)
    }

    /// Whether the barcode is sent: the platform takes one, the store's switch is on and the offer does not opt out.
    pub fn sends_barcode(&self, switches: &FieldSwitches, rules: &ListingRules) -> bool {
        !rules.no_barcodes && switches.barcode && !self.offer.skip_barcode
    }
}
