//! 门店与授权.

use super::shared::WordsView;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Platforms and ERPs as data.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct Descriptors {
    /// Sales platforms in the house order.
    pub platforms: Vec<ServiceView>,
    /// ERPs.
    pub erps: Vec<ServiceView>,
}

/// A platform or an ERP.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ServiceView {
    /// Stable id.
    pub id: String,
    /// As merchants know it.
    pub name: String,
    /// What authorizing asks for.
    pub fields: Vec<CredentialFieldView>,
    /// What each store is asked for beside.
    pub store_fields: Vec<StoreFieldView>,
    /// The platform with which its stores are confused; a store can be changed over to it.
    pub sister: Option<String>,
    /// A merchant can agree on the platform's own page.
    pub consent: bool,
    /// Capability card.
    pub facts: Vec<FactView>,
    /// Date of the rule pack.
    pub rules_date: String,
}

/// One field of the form.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct CredentialFieldView {
    /// Key.
    pub key: String,
    /// Label in the merchant's words.
    pub label: String,
    /// Masked.
    pub secret: bool,
    /// May stay empty.
    pub optional: bool,
    /// `digits`, `hex`, `any`.
    pub shape: String,
    /// The values there are; empty where anything can be typed.
    pub choices: Vec<ChoiceView>,
    /// Asked for only then; always where there is nothing.
    pub asked_with: Option<AskedWith>,
}

/// Another field has this value; one with choices has its first while nothing is chosen.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct AskedWith {
    /// The other field.
    pub field: String,
    /// Its value.
    pub value: String,
}

/// A value that can be chosen.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ChoiceView {
    /// The value.
    pub value: String,
    /// As people call it.
    pub label: String,
}

/// One field of a store.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct StoreFieldView {
    /// Key in the store's settings.
    pub key: String,
    /// Label in the merchant's words.
    pub label: String,
    /// `phone`, `money`, `any`.
    pub shape: String,
    /// The platform refuses new goods without it.
    pub needed: bool,
}

/// One line of the capability card.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct FactView {
    /// `fact.<code>` with `value`.
    pub words: WordsView,
    /// Supported.
    pub can: bool,
}

/// An account.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct AccountView {
    /// Row id.
    pub id: i64,
    /// `platform` or `erp`.
    pub kind: String,
    /// Platform or ERP id.
    pub service: String,
    /// Label.
    pub name: String,
    /// `none`, `valid`, `expired`, `revoked`, `vault_unavailable`.
    pub state: String,
    /// The platform's own words for it.
    pub state_text: String,
    /// UTC ms.
    pub state_since: i64,
    /// End of the token's life, UTC ms.
    pub expires_at: Option<i64>,
    /// Own endpoint; may be empty.
    pub endpoint: String,
    /// Settings that are no secrets.
    pub settings: BTreeMap<String, String>,
    /// Which credential fields are set, masked.
    pub masked: BTreeMap<String, String>,
    /// Of an ERP: when its items were read last, UTC ms.
    pub items_read_at: Option<i64>,
}

/// A store.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct StoreView {
    /// Row id.
    pub id: i64,
    /// Platform id.
    pub platform: String,
    /// The platform's id.
    pub remote_id: String,
    /// Label.
    pub name: String,
    /// Own endpoint; may be empty.
    pub endpoint: String,
    /// Its account.
    pub account: AccountView,
    /// The ERP that takes its orders.
    pub erp: Option<AccountView>,
    /// 线下门店编号.
    pub offline_code: String,
    /// The ERP could not read that number (F19b).
    pub offline_code_fault: bool,
    /// What is synced.
    pub switches: Switches,
    /// What the platform wants to know of the store, by key.
    pub settings: BTreeMap<String, String>,
    /// UTC ms.
    pub orders_read_at: Option<i64>,
    /// Why the last pull failed; nothing when it did not.
    pub orders_error: Option<WordsView>,
    /// What speaks for another device having the authorization (F32).
    pub taken: Option<TakenView>,
    /// The last comparison of its orders with the platform's list.
    pub compared: Option<ComparedView>,
    /// UTC ms.
    pub listings_read_at: Option<i64>,
    /// Listing SKUs.
    pub listings: i64,
    /// Bound ones.
    pub bound: i64,
    /// Exception orders.
    pub exceptions: i64,
    /// What its platform lets be done.
    pub can: StoreCan,
}

/// Signs of another device that has a store's authorization.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, TS)]
pub struct TakenView {
    /// It has it at this moment.
    pub now: bool,
    /// How often the authorization was lost within a week.
    pub times: i64,
    /// Orders that the last comparison found missing.
    pub missing: i64,
    /// All signs are there.
    pub certain: bool,
}

/// A comparison of a store's orders with the platform's list.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, TS)]
pub struct ComparedView {
    /// UTC ms.
    pub at: i64,
    /// Orders that the platform listed.
    pub listed: i64,
    /// Those that were missing here; they are here now.
    pub missing: i64,
}

/// What the platform of a store lets be done.
#[expect(clippy::struct_excessive_bools, reason = "each is a yes or no of its own")]
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, TS)]
pub struct StoreCan {
    /// Products can be deleted there.
    pub delete: bool,
    /// A product there is the account's, one for all of its stores.
    pub shared_products: bool,
    /// Groups can be put into another order.
    pub order_groups: bool,
    /// Its 类目 can be chosen from a list.
    pub categories: bool,
}

/// All stores and accounts.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct Stores {
    /// Stores.
    pub stores: Vec<StoreView>,
    /// Accounts, those without a store too.
    pub accounts: Vec<AccountView>,
}

/// Which fields a sync writes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[expect(clippy::struct_excessive_bools, reason = "each is shown or set on its own")]
pub struct Switches {
    /// Names.
    pub name: bool,
    /// Pictures.
    pub pictures: bool,
    /// Group and 类目.
    pub category: bool,
    /// UPC.
    pub barcode: bool,
    /// Price.
    pub price: bool,
    /// Stock.
    pub stock: bool,
    /// Create missing products.
    pub create: bool,
}

/// An account to add. It is read only: what crossed inward is neither written nor shown again.
#[derive(Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct AccountAdd {
    /// Platform or ERP id.
    pub service: String,
    /// Label; may be empty.
    pub name: String,
    /// Own endpoint.
    #[ts(optional = nullable)]
    pub endpoint: Option<String>,
    /// Settings.
    pub settings: BTreeMap<String, String>,
    /// Fields by key. They cross once, inward, and are never sent back.
    pub credentials: BTreeMap<String, String>,
}

impl std::fmt::Debug for AccountAdd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountAdd")
            .field("service", &self.service)
            .field("credentials", &self.credentials.keys())
            .finish_non_exhaustive()
    }
}

/// What came of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct AccountAdded {
    /// Row id.
    pub account: i64,
    /// Credentials outlive this run.
    pub kept: bool,
}

/// A store to add.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StoreAdd {
    /// Its account.
    pub account: i64,
    /// Platform id.
    pub platform: String,
    /// The platform's id.
    pub remote_id: String,
    /// Label; may be empty.
    pub name: String,
    /// Own endpoint.
    #[ts(optional = nullable)]
    pub endpoint: Option<String>,
    /// ERP account.
    #[ts(optional = nullable)]
    pub erp_account: Option<i64>,
    /// 线下门店编号.
    pub offline_code: String,
    /// What the platform wants to know of the store, by key.
    pub settings: BTreeMap<String, String>,
}

/// What to change; left out means unchanged.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StoreEdit {
    /// Store.
    pub id: i64,
    /// Label.
    #[ts(optional = nullable)]
    pub name: Option<String>,
    /// 线下门店编号.
    #[ts(optional = nullable)]
    pub offline_code: Option<String>,
    /// ERP account; 0 takes it away.
    #[ts(optional = nullable)]
    pub erp_account: Option<i64>,
    /// Switches.
    #[ts(optional = nullable)]
    pub switches: Option<Switches>,
    /// What the platform wants to know of the store, by key; keys left out stay.
    #[ts(optional = nullable)]
    pub settings: Option<BTreeMap<String, String>>,
}

/// New credentials for an account. It is read only: what crossed inward is neither written nor shown again.
#[derive(Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct AuthorizeRequest {
    /// Account.
    pub account: i64,
    /// Fields to replace.
    pub credentials: BTreeMap<String, String>,
}

impl std::fmt::Debug for AuthorizeRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthorizeRequest")
            .field("account", &self.account)
            .field("credentials", &self.credentials.keys())
            .finish()
    }
}

/// Where the manager agrees.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ConsentPage {
    /// The platform's page.
    pub page: String,
    /// Where it leads back to: the application has to be registered with this address.
    pub return_to: String,
    /// The browser was opened.
    pub shown: bool,
}

/// How a consent stands.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ConsentView {
    /// `none`, `waiting`, `done`, `failed`.
    pub state: String,
    /// Why it failed.
    pub words: Option<WordsView>,
}

/// What was copied from where a consent led to. It is read only: the code opens the account.
#[derive(Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct ConsentPaste {
    /// Account.
    pub account: i64,
    /// The whole address, or the code alone.
    pub text: String,
}

impl std::fmt::Debug for ConsentPaste {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConsentPaste")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

/// Whether platforms may tell us of orders, and where.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PushesView {
    /// They are received.
    pub on: bool,
    /// Where, for each account whose platform pushes.
    pub addresses: Vec<PushAddress>,
}

/// The address to tell one platform.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PushAddress {
    /// Account.
    pub account: i64,
    /// Platform id.
    pub service: String,
    /// Its label.
    pub name: String,
    /// The address on this machine; a relay that the platform reaches leads there.
    pub address: String,
}

/// Receive pushes or not.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PushesSet {
    /// Receive them.
    pub on: bool,
}

/// Stores an account can see.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct RemoteStores {
    /// The list.
    pub stores: Vec<RemoteStoreView>,
}

/// A store there.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct RemoteStoreView {
    /// The platform's id.
    pub remote_id: String,
    /// Name there.
    pub name: String,
    /// Is here already.
    pub added: bool,
}

/// Branches of an ERP.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct Branches {
    /// The list.
    pub branches: Vec<BranchView>,
}

/// A branch.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct BranchView {
    /// 线下门店编号.
    pub code: String,
    /// Name.
    pub name: String,
    /// In use.
    pub active: bool,
}

/// A connection test.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ConnectionView {
    /// UTC ms.
    pub at: i64,
    /// Every layer is good.
    pub ok: bool,
    /// Layers, inner to outer.
    pub steps: Vec<ConnectionStepView>,
}

/// Put a store under an account of the sister platform.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct StoreChangePlatform {
    /// Store.
    pub id: i64,
    /// Account of the sister platform.
    pub account: i64,
}

/// What came of it. Nothing was changed unless the test is good.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct PlatformChangeView {
    /// The new authorization.
    pub test: ConnectionView,
    /// Bindings before.
    pub bound_before: i64,
    /// Bindings now.
    pub bound: i64,
}

/// One layer.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ConnectionStepView {
    /// `key`, `signature`, `permission`, `store`, `orders`; of an ERP `branch`, `items` in place of the last two.
    pub step: String,
    /// `ok`, `failed`, `not_tested`.
    pub state: String,
    /// What was found.
    pub words: WordsView,
    /// The platform's own text.
    pub raw: String,
    /// How long.
    pub took_ms: i64,
}
