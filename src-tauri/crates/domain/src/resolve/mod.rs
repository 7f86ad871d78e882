//! From an order line to the listing SKU it was sold as (problems.md 1.4.1), and why not when not.
//!
//! Read [`ListingIndex`]: built once per store, it answers thousands of lines. [`ListingIndex::resolve`] gives the
//! verdict, [`ListingIndex::simulate`] adds the table of the match simulator.

mod diff;
mod index;
mod simulate;

pub use diff::{CharDiff, DiffKind, char_diff};
pub use index::ListingIndex;
pub(crate) use index::normal;
pub use simulate::{FieldRow, Simulation};

use crate::id::{ListingId, ListingSkuId, SkuId};
use crate::listing::Listing;
use crate::order::OrderLine;
use crate::product::{SINGLE_SPEC, SpecKind};
use crate::rules::{KeyField, MatchRules};
use crate::text;
use serde::{Deserialize, Serialize};

/// Which rule is applied.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 首推: the first-push rule, and where it finds nothing the repush rule.
    FirstPush,
    /// 重推: the repush rule only.
    Repush,
}

/// The texts of an order line that enter the keys.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct LineText {
    /// 第三方SKU编码.
    pub outer_sku_code: String,
    /// 商品名称.
    pub product_name: String,
    /// 规格名称.
    pub spec_name: String,
}

impl From<&OrderLine> for LineText {
    fn from(line: &OrderLine) -> Self {
        Self {
            outer_sku_code: line.outer_sku_code.clone(),
            product_name: line.product_name.clone(),
            spec_name: line.spec_name.clone(),
        }
    }
}

impl LineText {
    /// The text of one key field.
    pub fn field(&self, field: KeyField) -> &str {
        match field {
            KeyField::OuterSkuCode => &self.outer_sku_code,
            KeyField::ProductName => &self.product_name,
            KeyField::SpecName => &self.spec_name,
        }
    }
}

/// A listing SKU that a line may be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Candidate {
    /// Its listing.
    pub listing: ListingId,
    /// Itself.
    pub listing_sku: ListingSkuId,
    /// Its texts as last read.
    pub text: LineText,
    /// Single- or multi-spec, as the bound library product says, else as the listing looks.
    pub spec_kind: SpecKind,
    /// The library SKU it is bound to.
    pub bound_to: Option<SkuId>,
}

impl Candidate {
    /// The candidates of a listing. `library_kind` tells the spec kind of the product of a library SKU, `None` where
    /// that SKU is gone.
    pub fn of(listing: &Listing, library_kind: impl Fn(SkuId) -> Option<SpecKind>) -> Vec<Self> {
        let own = match listing.skus.as_slice() {
            [only] if matches!(text::normalized(&only.spec_name).as_str(), "" | SINGLE_SPEC) => {
                SpecKind::Single
            }
            _ => SpecKind::Multi,
        };
        let one = |sku: &crate::listing::ListingSku| Self {
            listing: listing.id,
            listing_sku: sku.id,
            text: LineText {
                outer_sku_code: sku.outer_sku_code.clone(),
                product_name: listing.name.clone(),
                spec_name: sku.spec_name.clone(),
            },
            spec_kind: sku.bound_to.and_then(&library_kind).unwrap_or(own),
            bound_to: sku.bound_to,
        };
        listing.skus.iter().map(one).collect()
    }
}

/// What a line turned out to be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Outcome {
    /// No candidate has the key: 未绑定.
    None,
    /// Exactly one has.
    One {
        /// Its listing.
        listing: ListingId,
        /// The listing SKU.
        listing_sku: ListingSkuId,
        /// What it is bound to; `None` is an exception too (商品未绑定).
        bound_to: Option<SkuId>,
    },
    /// Several have: never guessed.
    Ambiguous {
        /// All that have, in the order of the candidates.
        listing_skus: Vec<ListingSkuId>,
    },
}

/// Something that changed on the platform since the listing was read, and that the rule got over.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Healed {
    /// The order carries another 第三方SKU编码 than the listing (F02a): read again and rebind.
    CodeChanged {
        /// As last read.
        old: String,
        /// As the order has it.
        new: String,
    },
    /// 平台规格名已变 (F01c).
    SpecChanged {
        /// As last read.
        old: String,
        /// As the order has it.
        new: String,
    },
}

/// The verdict on one line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Resolution {
    /// What it is.
    pub outcome: Outcome,
    /// The rule that found it, when one did.
    pub by: Option<Stage>,
    /// Only normalising made it match: offer to clean.
    pub only_by_normalizing: bool,
    /// What the rule got over, for the badge.
    pub healed: Vec<Healed>,
}

/// Resolves one line. For many lines of one store build a [`ListingIndex`] instead.
pub fn resolve(line: &LineText, candidates: &[Candidate], rules: &MatchRules, stage: Stage) -> Resolution {
    ListingIndex::new(candidates.to_vec(), rules.clone()).resolve(line, stage)
}

#[cfg(test)]
mod tests;
