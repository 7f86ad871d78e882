//! What a platform is and can do, as data.

use domain::store::StoreField;
use serde::Serialize;

/// What the engine and the window need to know of a platform, as data.
#[derive(Clone, Debug, Serialize)]
pub struct Descriptor {
    /// Stable id, as in design.md.
    pub id: &'static str,
    /// Name as merchants know it.
    pub name: &'static str,
    /// The platform of the same house that stores are confused with: a store authorized as one may be the other's (F37, F46).
    pub sister: Option<&'static str>,
    /// What authorizing asks for.
    pub credential_fields: Vec<CredentialField>,
    /// What each store is asked for beside; sessions carry it as settings.
    pub store_fields: Vec<StoreField>,
    /// What it can do.
    pub capabilities: Capabilities,
    /// Calls a second for one app and for one store, where the account's settings name none: documented or assumed, as
    /// the connector says.
    pub pace: (f64, f64),
    /// 平台编号 in the numbers of refunds that we make ourselves (F20). The chain's own list is not public: these are ours.
    pub order_prefix: &'static str,
    /// Facts shown on the capability card: code of the words and a value.
    pub facts: Vec<(&'static str, String)>,
    /// The built-in rule pack: the text of `assets/rules/<id>.toml` (a `domain::rules::RulePack`), by `include_str!`.
    #[serde(skip)]
    pub rules: &'static str,
}

/// One field of the authorization form.
#[derive(Clone, Default, Debug, Serialize)]
pub struct CredentialField {
    /// Key in the credentials, as the fact sheet names it.
    pub key: &'static str,
    /// Label in the merchant's words.
    pub label: &'static str,
    /// Whether it is masked.
    pub secret: bool,
    /// Whether it may stay empty.
    pub optional: bool,
    /// What a value looks like, for the early warning (F53): `digits`, `hex`, `any`.
    pub shape: &'static str,
    /// The values there are, each with its label; none where anything can be typed.
    pub choices: &'static [(&'static str, &'static str)],
    /// Asked for only where this other field has this value. A field with choices has its first while nothing is chosen.
    pub asked_with: Option<(&'static str, &'static str)>,
}

/// What a platform can do. The engine decides by these, never by name. What a connector does not name, it cannot do.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a capability card is a list of yes and no"
)]
#[derive(Clone, Debug, Default, Serialize)]
pub struct Capabilities {
    /// Products with several specs.
    pub multi_spec: bool,
    /// Most pictures of a product.
    pub pictures: usize,
    /// Levels of groups inside a store.
    pub group_levels: usize,
    /// Products have a description ([`super::ListingWrite::description`]).
    pub details: bool,
    /// Products carry a packing fee (餐盒费).
    pub packing_fee: bool,
    /// Products can be deleted.
    pub delete: bool,
    /// A product is the account's, one for all of its stores: deleted in one it is gone in all.
    pub shared_products: bool,
    /// Groups can be put in another order.
    pub group_order: bool,
    /// The platform's own 类目 can be listed.
    pub categories: bool,
    /// What a 类目 asks of a product can be read.
    pub attributes: bool,
    /// Pictures are uploaded first and referred to by an id.
    pub picture_upload: bool,
    /// Orders can be listed by time; otherwise the connector walks what there is.
    pub order_list: bool,
    /// A write's result can be read back by our own code, so an unknown outcome can be settled.
    pub readable_by_code: bool,
    /// Most products in one write.
    pub batch: usize,
    /// Most rows in one price or stock call.
    pub row_batch: usize,
    /// A merchant agrees on the platform's own page, which leads back to an address of ours.
    pub consent: bool,
    /// The platform tells us of orders at an address of ours, beside being asked.
    pub pushes: bool,
}
