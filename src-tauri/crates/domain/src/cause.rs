//! Why an order line does not go through, judged from evidence only.
//!
//! Read [`line_causes`]: it ranks what the store's own data say. What the ERP answered is recognised by
//! [`refusal_cause`] with the error dictionary.

use crate::code::{self, ItemCodeFault};
use crate::erp_codes::{ErpCodes, Standing};
use crate::finding::{EditField, Finding, Remedy, Severity, Subject};
use crate::id::{ListingSkuId, OrderId, SkuId, StoreId};
use crate::reason::Reason;
use crate::resolve::{LineText, ListingIndex, Outcome, Stage, normal};
use crate::rules::{ErrorDictionary, Retry};
use crate::text;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// A possible cause.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Cause {
    /// The row of problems.md, e.g. `F01a`.
    pub id: String,
    /// How sure the evidence makes it, 0 to 1.
    pub confidence: f64,
    /// Values for the words of the id.
    pub params: BTreeMap<String, String>,
    /// What was seen.
    pub evidence: Vec<Reason>,
    /// What can be done, best first.
    pub remedies: Vec<Remedy>,
}

impl Cause {
    fn new(id: &str, confidence: f64, line: &LineText) -> Self {
        let mut cause = Self {
            id: id.to_owned(),
            confidence,
            params: BTreeMap::new(),
            evidence: Vec::new(),
            remedies: Vec::new(),
        };
        cause.params.insert("name".into(), line.product_name.clone());
        cause.params.insert("spec".into(), line.spec_name.clone());
        cause
    }

    fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.params.insert(key.to_owned(), value.into());
        self
    }

    fn because(mut self, reason: Reason) -> Self {
        self.evidence.push(reason);
        self
    }

    fn remedy(mut self, remedy: Remedy) -> Self {
        self.remedies.push(remedy);
        self
    }

    /// The cause as a finding about its order.
    pub fn finding(&self, order: OrderId) -> Finding {
        let mut finding = Finding::new(&self.id, Severity::Error, Subject::Order { id: order });
        finding.params.clone_from(&self.params);
        finding.remedies.clone_from(&self.remedies);
        finding
    }
}

/// What is known about the store of an order.
#[derive(Clone, Copy, Debug)]
pub struct StoreFacts<'a> {
    /// The store.
    pub store: StoreId,
    /// Its listings as last read.
    pub index: &'a ListingIndex,
    /// 商品编码 of every SKU that the library still has.
    pub item_codes: &'a HashMap<SkuId, String>,
    /// The ERP's items, when they were listed at all.
    pub erp: Option<&'a ErpCodes>,
    /// 线下门店编号.
    pub offline_code: &'a str,
    /// A store whose bindings could be copied, when there is one with the same name (F01f).
    pub twin_store: Option<StoreId>,
}

/// The possible causes of one line, surest first. Empty when nothing is wrong with it now (then a repush goes
/// through, F02b).
pub fn line_causes(order: OrderId, line: &LineText, facts: &StoreFacts<'_>) -> Vec<Cause> {
    let mut causes = Vec::new();
    let cleaned = code::cleaned_offline_code(facts.offline_code);
    if cleaned != facts.offline_code {
        causes.push(
            Cause::new("F19b", 0.9, line)
                .with("code", facts.offline_code)
                .because(Reason::new("offline_code_unclean").with("code", facts.offline_code))
                .remedy(Remedy::CleanOfflineCode {
                    store: facts.store,
                    value: cleaned,
                }),
        );
    }
    match facts.index.resolve(line, Stage::FirstPush).outcome {
        Outcome::None => no_hit(order, line, facts, &mut causes),
        Outcome::Ambiguous { listing_skus } => causes.push(ambiguous(line, &listing_skus, facts)),
        Outcome::One {
            listing_sku,
            bound_to: None,
            ..
        } => unbound(line, listing_sku, facts, &mut causes),
        Outcome::One {
            listing_sku,
            bound_to: Some(sku),
            ..
        } => match facts.item_codes.get(&sku) {
            None => causes.push(
                Cause::new("F01e", 0.95, line)
                    .because(Reason::new("product_gone"))
                    .remedy(Remedy::SweepOrphans { store: facts.store })
                    .remedy(Remedy::ChooseBinding { listing_sku }),
            ),
            Some(item_code) => causes.extend(item_code_cause(line, sku, item_code, facts)),
        },
    }
    causes.sort_by(|a, b| {
        b.confidence
            .total_cmp(&a.confidence)
            .then_with(|| a.id.cmp(&b.id))
    });
    causes
}

/// Nothing has the key of the line.
fn no_hit(order: OrderId, line: &LineText, facts: &StoreFacts<'_>, causes: &mut Vec<Cause>) {
    let wholly_unbound = store_unbound(facts);
    causes.extend(wholly_unbound.then(|| store_cause(line, facts, 0.7)));
    let text = normal(line);
    if let Some(at) = facts.index.nearest(&text) {
        let near = &facts.index.candidates()[at];
        let other = normal(&near.text);
        let same_code = !text.outer_sku_code.is_empty() && text.outer_sku_code == other.outer_sku_code;
        let same_name = text.product_name == other.product_name;
        let confidence = match (same_code, same_name) {
            (true, _) => 0.95,
            (false, true) => 0.85,
            (false, false) => 0.65,
        };
        let mut cause = Cause::new(
            "F01a",
            if wholly_unbound {
                confidence - 0.3
            } else {
                confidence
            },
            line,
        )
        .with("listing_name", &near.text.product_name)
        .with("listing_spec", &near.text.spec_name);
        if same_code {
            cause = cause.because(Reason::new("same_code").with("code", &near.text.outer_sku_code));
        }
        if !same_name {
            cause = cause.because(
                Reason::new("order_name_differs")
                    .with("order", &line.product_name)
                    .with("listing", &near.text.product_name),
            );
        }
        if text.spec_name != other.spec_name {
            cause = cause.because(
                Reason::new("order_spec_differs")
                    .with("order", &line.spec_name)
                    .with("listing", &near.text.spec_name),
            );
        }
        causes.push(
            cause
                .remedy(Remedy::AdoptOrderText { order })
                .remedy(Remedy::Reread { store: facts.store }),
        );
    } else if !wholly_unbound {
        causes.push(
            Cause::new("F02b", 0.4, line)
                .because(Reason::new("no_listing_like_it"))
                .remedy(Remedy::Reread { store: facts.store })
                .remedy(Remedy::Repush { order }),
        );
    }
}

fn ambiguous(line: &LineText, hits: &[ListingSkuId], facts: &StoreFacts<'_>) -> Cause {
    let of = |hit: &ListingSkuId| facts.index.candidates().iter().find(|c| c.listing_sku == *hit);
    let bound = hits
        .iter()
        .filter_map(of)
        .filter(|c| c.bound_to.is_some())
        .count();
    let mut cause = Cause::new("F01b", 0.9, line)
        .with("count", hits.len().to_string())
        .because(
            Reason::new("several_with_this_key")
                .with("count", hits.len().to_string())
                .with("bound", bound.to_string()),
        )
        .remedy(Remedy::Reread { store: facts.store });
    for hit in hits.iter().filter_map(of).filter(|c| c.bound_to.is_none()) {
        cause = cause.remedy(Remedy::ChooseBinding {
            listing_sku: hit.listing_sku,
        });
    }
    cause
}

/// The line is a listing SKU that nobody bound.
fn unbound(line: &LineText, hit: ListingSkuId, facts: &StoreFacts<'_>, causes: &mut Vec<Cause>) {
    let candidates = facts.index.candidates();
    let Some(own) = candidates
        .iter()
        .find(|c| c.listing_sku == hit)
        .map(|c| normal(&c.text))
    else {
        return;
    };
    let twin = facts
        .index
        .with_name(&own.product_name)
        .iter()
        .map(|at| &candidates[*at])
        .find(|c| {
            c.listing_sku != hit
                && c.bound_to.is_some()
                && text::normalized(&c.text.spec_name) == own.spec_name
        });
    if let Some(twin) = twin {
        causes.push(
            Cause::new("F01b", 0.92, line)
                .with("count", "2")
                .because(Reason::new("twin_is_bound").with("code", &twin.text.outer_sku_code))
                .remedy(Remedy::ChooseBinding { listing_sku: hit })
                .remedy(Remedy::Reread { store: facts.store }),
        );
        return;
    }
    let wholly_unbound = store_unbound(facts);
    causes.extend(wholly_unbound.then(|| store_cause(line, facts, 0.85)));
    causes.push(
        Cause::new("F02b", if wholly_unbound { 0.5 } else { 0.9 }, line)
            .because(Reason::new("listing_unbound"))
            .remedy(Remedy::ChooseBinding { listing_sku: hit }),
    );
}

fn store_unbound(facts: &StoreFacts<'_>) -> bool {
    facts.index.candidates().iter().all(|c| c.bound_to.is_none())
}

fn store_cause(line: &LineText, facts: &StoreFacts<'_>, confidence: f64) -> Cause {
    let count = facts.index.candidates().len();
    let mut cause = Cause::new("F01f", confidence, line)
        .with("count", count.to_string())
        .because(Reason::new("store_unbound").with("count", count.to_string()));
    if let Some(from) = facts.twin_store {
        cause = cause.remedy(Remedy::CopyBindings {
            from,
            to: facts.store,
        });
    }
    cause.remedy(Remedy::Reread { store: facts.store })
}

/// The line is bound; the chain may still break between the library and the ERP.
fn item_code_cause(line: &LineText, sku: SkuId, item_code: &str, facts: &StoreFacts<'_>) -> Option<Cause> {
    let relink = Remedy::RelinkErp { sku, item_code: None };
    let edit = Remedy::EditField {
        sku,
        field: EditField::ItemCode,
    };
    let start = |id, confidence| Cause::new(id, confidence, line).with("code", item_code);
    let evidence = |reason: &str| Reason::new(reason).with("code", item_code);
    match code::item_code_fault(item_code) {
        Some(ItemCodeFault::Empty) => {
            return Some(
                start("F01d", 0.95)
                    .because(Reason::new("item_code_empty"))
                    .remedy(relink)
                    .remedy(edit),
            );
        }
        Some(ItemCodeFault::Unclean) => {
            let value = text::cleaned_code(item_code);
            let clean = Remedy::SetField {
                sku,
                field: EditField::ItemCode,
                value,
            };
            return Some(
                start("F19a", 0.95)
                    .because(evidence("item_code_unclean"))
                    .remedy(clean)
                    .remedy(edit),
            );
        }
        Some(ItemCodeFault::TooLarge) => {
            return Some(
                start("F19a", 0.95)
                    .because(evidence("item_code_too_large"))
                    .remedy(relink)
                    .remedy(edit),
            );
        }
        Some(ItemCodeFault::NotDigits) => {
            return Some(
                start("F19a", 0.9)
                    .because(evidence("item_code_not_digits"))
                    .remedy(relink)
                    .remedy(edit),
            );
        }
        None => {}
    }
    match facts.erp?.standing(item_code) {
        Standing::Known => None,
        Standing::Deleted => Some(
            start("F03", 0.95)
                .because(evidence("erp_item_deleted"))
                .remedy(relink),
        ),
        Standing::Unknown => Some(
            start("F01d", 0.9)
                .because(evidence("erp_item_unknown"))
                .remedy(relink)
                .remedy(edit),
        ),
    }
}

/// The causes of a whole order: those of its lines, each id once with its highest confidence, surest first.
pub fn order_causes(order: OrderId, lines: &[LineText], facts: &StoreFacts<'_>) -> Vec<Cause> {
    let mut causes: Vec<Cause> = Vec::new();
    for cause in lines.iter().flat_map(|line| line_causes(order, line, facts)) {
        match causes.iter_mut().find(|known| known.id == cause.id) {
            Some(known) if known.confidence < cause.confidence => *known = cause,
            Some(_) => {}
            None => causes.push(cause),
        }
    }
    causes.sort_by(|a, b| {
        b.confidence
            .total_cmp(&a.confidence)
            .then_with(|| a.id.cmp(&b.id))
    });
    causes
}

/// What an ERP's or platform's own text means, with the advice whether to try again. `sku` and `store` are what the
/// refused line was about, where known.
pub fn refusal_cause(
    order: OrderId,
    answer: &str,
    dictionary: &ErrorDictionary,
    store: StoreId,
    sku: Option<SkuId>,
) -> Option<(Cause, Retry)> {
    let recognized = dictionary.recognize(answer)?;
    let mut cause = Cause {
        id: recognized.cause.clone(),
        confidence: 0.97,
        params: recognized.params.into_iter().collect(),
        evidence: vec![Reason::new("their_words").with("text", answer.trim())],
        remedies: Vec::new(),
    };
    let edit = sku.map(|sku| Remedy::EditField {
        sku,
        field: EditField::ItemCode,
    });
    match recognized.cause.as_str() {
        "F03" | "F01d" => {
            cause
                .remedies
                .extend(sku.map(|sku| Remedy::RelinkErp { sku, item_code: None }));
            cause.remedies.extend(edit);
        }
        "F19" | "F19a" => cause.remedies.extend(edit),
        "F24" => cause.remedies.push(Remedy::VerifyErpSwitch { store }),
        "F32" | "F43" => cause.remedies.push(Remedy::Authorize { store }),
        _ => {}
    }
    cause.remedies.push(Remedy::Repush { order });
    Some((cause, recognized.retry))
}

#[cfg(test)]
mod tests;
