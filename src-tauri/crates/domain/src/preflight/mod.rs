//! 体检: every rule that needs no network, over one store, before anything is sent.
//!
//! Read [`check`] and [`RULES`], the registry: one line for each rule with the ids it reports and the function that
//! looks. A platform's limits arrive as [`ListingRules`]; no platform is named here.

mod barcodes;
mod categories;
mod codeless;
mod codes;
mod context;
mod groups;
mod listings;
mod names;
mod pictures;
mod prices;
mod switches;

use crate::erp_codes::ErpCodes;
use crate::finding::{Finding, Severity};
use crate::id::{ListingId, ProductId};
use crate::listing::{Listing, PictureReview, StoreGroup};
use crate::product::Product;
use crate::rules::ListingRules;
use crate::store::{Store, StoreField};
use crate::wanted::Wanted;
pub use codeless::indistinct;
use context::Context;
pub(crate) use context::{group_paths, normal_path};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a picture check found, by the picture's content hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PictureFinding {
    /// `IMG01` to `IMG09`.
    pub id: String,
    /// What it weighs on this store's platform.
    pub severity: Severity,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
}

/// Everything the rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The store with its switches.
    pub store: &'a Store,
    /// What its platform asks.
    pub rules: &'a ListingRules,
    /// What is wanted there.
    pub wanted: &'a [Wanted<'a>],
    /// The whole library, for duplicates and orphans.
    pub library: &'a [Product],
    /// The groups of the store as last read.
    pub groups: &'a [StoreGroup],
    /// Its listings as last read.
    pub listings: &'a [Listing],
    /// The ERP's items, when they were listed.
    pub erp: Option<&'a ErpCodes>,
    /// Findings of the picture check by content hash.
    pub pictures: &'a HashMap<String, Vec<PictureFinding>>,
    /// What the platform wants to know of the store.
    pub store_fields: &'a [StoreField],
    /// Listings whose new pictures the platform still looks at, or has refused.
    pub reviews: &'a HashMap<ListingId, PictureReview>,
    /// The platform's 类目 can be chosen from a list.
    pub lists_categories: bool,
    /// The platform has a sister with which its stores are confused.
    pub has_sister: bool,
    /// Products that the platform took without the barcodes which were sent with them.
    pub barcodes_left_out: &'a HashSet<ProductId>,
}

/// One line of the registry.
#[derive(Clone, Copy)]
pub struct Rule {
    /// The ids it reports.
    pub ids: &'static [&'static str],
    /// What looks.
    check: fn(&Context<'_>, &mut Vec<Finding>),
}

/// All rules. To find a rule, find its id here.
pub const RULES: &[Rule] = &[
    Rule {
        ids: &["F01d", "F03", "F19a"],
        check: codes::item_codes,
    },
    Rule {
        ids: &["F19b"],
        check: switches::offline_code,
    },
    Rule {
        ids: &["F70"],
        check: switches::needed_fields,
    },
    Rule {
        ids: &["F31c"],
        check: switches::barcode_switch,
    },
    Rule {
        ids: &["F31a"],
        check: switches::other_family,
    },
    Rule {
        ids: &["F35"],
        check: switches::not_created,
    },
    Rule {
        ids: &["F23", "F31b", "F39", "barcode_in_store"],
        check: barcodes::validity,
    },
    Rule {
        ids: &["F27"],
        check: barcodes::shared,
    },
    Rule {
        ids: &["F44", "F06"],
        check: barcodes::on_platform,
    },
    Rule {
        ids: &["F09", "price_missing"],
        check: prices::range,
    },
    Rule {
        ids: &["F42a"],
        check: pictures::required,
    },
    Rule {
        ids: &[
            "F42b", "IMG01", "IMG02", "IMG03", "IMG04", "IMG05", "IMG06", "IMG07", "IMG08", "IMG09",
        ],
        check: pictures::passed_in,
    },
    Rule {
        ids: &["F56", "picture_refused"],
        check: pictures::reviewed,
    },
    Rule {
        ids: &["F59", "group_too_deep"],
        check: groups::names,
    },
    Rule {
        ids: &["F41", "F57a", "F57b"],
        check: groups::products_or_children,
    },
    Rule {
        ids: &["F29"],
        check: groups::not_there_yet,
    },
    Rule {
        ids: &[
            "name_missing",
            "name_too_long",
            "spec_name_too_long",
            "outer_code_too_long",
        ],
        check: names::lengths,
    },
    Rule {
        ids: &["F31b"],
        check: names::hidden,
    },
    Rule {
        ids: &["F51"],
        check: names::single_spec,
    },
    Rule {
        ids: &["F67", "F67b"],
        check: names::spec_in_title,
    },
    Rule {
        ids: &["F38"],
        check: categories::missing,
    },
    Rule {
        ids: &["F60"],
        check: categories::locked,
    },
    Rule {
        ids: &["F14"],
        check: listings::platform_first,
    },
    Rule {
        ids: &["F17", "F40", "F40b"],
        check: codeless::empty_codes,
    },
    Rule {
        ids: &["F25"],
        check: listings::repeated_codes,
    },
    Rule {
        ids: &["F01b"],
        check: listings::repeated_names,
    },
    Rule {
        ids: &["F01e"],
        check: listings::orphans,
    },
    Rule {
        ids: &["F58"],
        check: listings::strangers,
    },
];

/// Runs every rule. Sorted: what blocks first, then by id and subject; the same input gives the same list.
pub fn check(input: &Input<'_>) -> Vec<Finding> {
    let context = Context::new(input);
    let mut findings = Vec::new();
    for rule in RULES {
        (rule.check)(&context, &mut findings);
    }
    findings.sort_by(|a, b| {
        b.severity
            .cmp(&a.severity)
            .then_with(|| a.id.cmp(&b.id))
            .then_with(|| a.subject.cmp(&b.subject))
    });
    findings
}

#[cfg(test)]
mod tests;
