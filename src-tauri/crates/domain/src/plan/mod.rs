//! The plan: what a sync would do to one store, field by field, before it does it.
//!
//! Read [`plan`], [`Step`] and [`ProductWrite`]. A plan never blanks a field that the platform has filled unless that
//! step was ticked (F14), never writes to what may be another product (F58), and says of everything it leaves out
//! why.

mod blocked;
mod diff;
mod identity;
mod write;

pub use blocked::Blocked;
pub use identity::{Identity, identity, strangers};
pub use write::{ProductWrite, SkuWrite};

use crate::id::{ListingId, ListingSkuId, ProductId, SkuId};
use crate::listing::{Listing, PictureReview, StoreGroup};
use crate::money::Money;
use crate::reason::Reason;
use crate::rules::ListingRules;
use crate::store::Store;
use crate::wanted::Wanted;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A field of the platform's product, in the order in which a plan shows them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The product or spec as a whole: it does not exist yet.
    Whole,
    /// 商品名称.
    Name,
    /// 分组.
    Group,
    /// 类目.
    Category,
    /// 图片.
    Pictures,
    /// 上下架.
    OnSale,
    /// 商品描述.
    Description,
    /// What its 类目 asks of it.
    Attributes,
    /// 规格名称.
    SpecName,
    /// 第三方SKU编码.
    OuterSkuCode,
    /// UPC.
    Barcode,
    /// 售价.
    Price,
    /// 库存.
    Stock,
    /// 包装费.
    PackingFee,
}

/// What is done to a field.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// 新增: it was empty.
    Add,
    /// 修改.
    Change,
    /// 清空: only when ticked.
    Clear,
    /// 跳过, for the reason given.
    Skip,
}

/// The value of a field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum Value {
    /// Nothing there.
    Empty,
    /// A name or a code.
    Text(String),
    /// A group path from the first level, or picture hashes (ours) or addresses (theirs).
    List(Vec<String>),
    /// A price.
    Price(Money),
    /// A stock.
    Count(i64),
    /// On sale or not.
    Flag(bool),
}

impl Value {
    fn text(text: &str) -> Self {
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(text.to_owned())
        }
    }

    fn list(list: &[String]) -> Self {
        if list.is_empty() {
            Self::Empty
        } else {
            Self::List(list.to_vec())
        }
    }
}

/// Names one step, so that a tick survives a new plan.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct StepKey {
    /// The library product.
    pub product: ProductId,
    /// Its SKU; `None` for fields of the product.
    pub sku: Option<SkuId>,
    /// The field.
    pub field: Field,
}

/// One field of one product or spec.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Step {
    /// Which.
    pub key: StepKey,
    /// 商品名称 as wanted, for showing.
    pub name: String,
    /// The platform's product when there is one.
    pub listing: Option<ListingId>,
    /// The platform's spec when there is one.
    pub listing_sku: Option<ListingSkuId>,
    /// What is done.
    pub action: Action,
    /// As it stands there.
    pub old: Value,
    /// As it shall stand.
    pub new: Value,
    /// Why it is skipped, or why it is not ticked.
    pub reason: Option<Reason>,
    /// Whether it will be done.
    pub ticked: bool,
}

/// What the manager decided about single steps.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Ticks {
    /// Ticked by hand: a clearing, or a write to what may be another product (tick its `whole`).
    pub on: BTreeSet<StepKey>,
    /// Unticked by hand.
    pub off: BTreeSet<StepKey>,
}

/// What a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct PlanInput<'a> {
    /// The store with its switches.
    pub store: &'a Store,
    /// What its platform asks.
    pub rules: &'a ListingRules,
    /// What is wanted there.
    pub wanted: &'a [Wanted<'a>],
    /// Its listings as last read.
    pub listings: &'a [Listing],
    /// Its groups as last read.
    pub groups: &'a [StoreGroup],
    /// Content hashes of the pictures that a confirmed sync put on each listing.
    pub sent_pictures: &'a HashMap<ListingId, Vec<String>>,
    /// How many values a product's 类目 was given that the store was not sent yet. Platforms do not tell what they hold.
    pub unsent_attributes: &'a HashMap<ProductId, i64>,
    /// Listings whose new pictures the platform still looks at, or has refused.
    pub reviews: &'a HashMap<ListingId, PictureReview>,
    /// What preflight forbids.
    pub blocked: &'a Blocked,
    /// What the manager decided.
    pub ticks: &'a Ticks,
}

/// The plan of one store.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Plan {
    /// Steps, sorted by product, spec and field.
    pub steps: Vec<Step>,
    /// Group paths that must be made first, parents before children.
    pub new_groups: Vec<Vec<String>>,
}

/// How many steps of each kind a plan has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Counts {
    /// 新增, ticked.
    pub add: usize,
    /// 修改, ticked.
    pub change: usize,
    /// 清空, ticked.
    pub clear: usize,
    /// 跳过 and everything not ticked.
    pub skip: usize,
}

impl Plan {
    /// How much will be done.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for step in &self.steps {
            match (step.ticked, step.action) {
                (true, Action::Add) => counts.add += 1,
                (true, Action::Change) => counts.change += 1,
                (true, Action::Clear) => counts.clear += 1,
                _ => counts.skip += 1,
            }
        }
        counts
    }

    /// Whether nothing would be sent.
    pub fn is_empty(&self) -> bool {
        self.steps.iter().all(|step| !step.ticked)
    }
}

/// Plans one store. The same input gives the same plan, whatever the order of its lists.
pub fn plan(input: &PlanInput<'_>) -> Plan {
    let mut products: BTreeMap<ProductId, Vec<&Wanted<'_>>> = BTreeMap::new();
    for wanted in input.wanted {
        products.entry(wanted.product.id).or_default().push(wanted);
    }
    let differ = diff::Differ::new(input);
    let mut steps = Vec::new();
    for wanted in products.values_mut() {
        wanted.sort_by_key(|w| w.sku.id);
        differ.product(wanted, &mut steps);
    }
    steps.sort_by_key(|step| (step.key.product, step.key.sku, step.key.field));
    let new_groups = differ.new_groups(&steps);
    Plan { steps, new_groups }
}

#[cfg(test)]
mod tests;
