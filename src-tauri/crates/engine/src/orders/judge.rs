//! Judging an order before it is pushed: every line must find its listing, its binding and an item code that the ERP
//! can take. What fails gets its cause from evidence, not from guessing.

use super::payload::ResolvedLine;
use super::states::Refusal;
use super::{BY_DEFAULT, DEFAULT_ITEM};
use crate::engine::Engine;
use crate::error::Result;
use domain::cause::{Cause, StoreFacts, line_causes};
use domain::erp_codes::{ErpCodes, Standing};
use domain::id::{AccountId, ListingSkuId, OrderLineId, SkuId, StoreId};
use domain::listing::{Listing, ListingSku};
use domain::money::Money;
use domain::product::SpecKind;
use domain::resolve::{Candidate, Healed, LineText, ListingIndex, Outcome, Stage};
use domain::store::Store;
use std::collections::{BTreeMap, HashMap};
use storage::listing::ListingSkuRow;
use storage::order::{LineRow, OrderRow};
use storage::product::SkuData;

/// Everything about one store that judging needs, read once for a round of orders.
pub(super) struct StoreKnowledge {
    pub(super) index: ListingIndex,
    pub(super) item_codes: HashMap<SkuId, String>,
    pub(super) erp: Option<ErpCodes>,
    pub(super) offline_code: String,
    pub(super) store: StoreId,
    pub(super) twin_store: Option<StoreId>,
    pub(super) was_read: bool,
    /// The ERP item that stands in for what is bound to nothing; `None` unless the manager set one (F15b).
    pub(super) default_item: Option<String>,
}

impl StoreKnowledge {
    pub(super) fn facts(&self) -> StoreFacts<'_> {
        StoreFacts {
            store: self.store,
            index: &self.index,
            item_codes: &self.item_codes,
            erp: self.erp.as_ref(),
            offline_code: &self.offline_code,
            twin_store: self.twin_store,
        }
    }
}

impl StoreKnowledge {
    /// The default item in the place of a line that is bound to nothing. A line that is bound has an item of its own, which
    /// is to be mended; and an item that the ERP does not have stands for nothing.
    fn stand_in(&self, line: &LineRow, causes: &[Cause]) -> Option<ResolvedLine> {
        let code = self.default_item.as_ref()?;
        if causes.iter().any(|cause| cause.id == "F19b") {
            return None;
        }
        let outcome = self.index.resolve(&line_text(line), Stage::FirstPush).outcome;
        let (listing_sku, bound_to) = match outcome {
            Outcome::One {
                listing_sku,
                bound_to,
                ..
            } => (Some(listing_sku), bound_to),
            Outcome::Ambiguous { .. } | Outcome::None => (None, None),
        };
        let gone = self
            .erp
            .as_ref()
            .is_some_and(|erp| erp.standing(code) != Standing::Known);
        if bound_to.is_some() || gone {
            return None;
        }
        Some(ResolvedLine {
            line: line.clone(),
            listing_sku,
            sku: None,
            data: SkuData {
                item_code: code.clone(),
                base_quantity_milli: 1_000,
                ..SkuData::default()
            },
            healed: Some(BY_DEFAULT),
        })
    }
}

/// The verdict on an order.
pub(super) enum Verdict {
    /// Every line is ready.
    Good(Vec<ResolvedLine>),
    /// A line is not, and why.
    Failed(Box<Refusal>),
}

/// Cause of an order whose store was never read.
const NOT_READ: &str = "NOT_READ";

impl Engine {
    /// Reads what judging a store's orders needs.
    pub(super) fn store_knowledge(
        &self,
        store: &Store,
        account: Option<AccountId>,
    ) -> Result<StoreKnowledge> {
        let rules = self.rules().matching(&store.platform);
        let read = self.db().read(|c| {
            let rows = storage::listing::of_store(c, store.id)?;
            let products = storage::product::all(c)?;
            let erp = match account {
                Some(account) if storage::account::get(c, account)?.items_read_at.is_some() => {
                    Some(ErpCodes::new(storage::erp_cache::codes(c, account)?))
                }
                _ => None,
            };
            let row = storage::store::get(c, store.id)?;
            let stores = storage::store::all(c)?;
            Ok((rows, products, erp, row.listings_read_at.is_some(), stores))
        })?;
        let (rows, products, erp, was_read, stores) = read;
        let mut kinds: HashMap<SkuId, SpecKind> = HashMap::new();
        let mut item_codes = HashMap::new();
        for product in &products {
            let kind = product.spec_kind();
            for sku in &product.skus {
                kinds.insert(sku.id, kind);
                item_codes.insert(sku.id, sku.item_code.clone());
            }
        }
        let candidates: Vec<Candidate> = listings(&rows)
            .iter()
            .flat_map(|listing| Candidate::of(listing, |sku| kinds.get(&sku).copied()))
            .collect();
        let twin_store = stores
            .iter()
            .find(|other| {
                other.store.id != store.id
                    && other.store.platform == store.platform
                    && other.store.name == store.name
            })
            .map(|other| other.store.id);
        Ok(StoreKnowledge {
            index: ListingIndex::new(candidates, rules),
            item_codes,
            erp,
            offline_code: store.offline_code.clone(),
            store: store.id,
            twin_store,
            was_read,
            default_item: store
                .settings
                .get(DEFAULT_ITEM)
                .filter(|code| !code.is_empty())
                .cloned(),
        })
    }

    /// Judges one order.
    pub(super) fn judge(&self, row: &OrderRow, known: &StoreKnowledge) -> Result<Verdict> {
        let lines = self.db().read(|c| storage::order::lines(c, row.id))?;
        if !known.was_read {
            return Ok(Verdict::Failed(Box::new(Refusal::about(
                NOT_READ,
                &known.store.to_string(),
            ))));
        }
        let mut resolved = Vec::with_capacity(lines.len());
        for line in lines {
            let text = line_text(&line);
            let causes = line_causes(row.id, &text, &known.facts());
            if let Some(first) = causes.first() {
                if let Some(stand_in) = known.stand_in(&line, &causes) {
                    resolved.push(stand_in);
                    continue;
                }
                return Ok(Verdict::Failed(Box::new(refusal(
                    first, &causes, &line, &text, known,
                )?)));
            }
            let resolution = known.index.resolve(&text, Stage::FirstPush);
            let Outcome::One {
                listing_sku,
                bound_to: Some(sku),
                ..
            } = resolution.outcome
            else {
                // `line_causes` is empty only for a bound hit; anything else means the two disagree.
                return Ok(Verdict::Failed(Box::new(Refusal::about(
                    "F02b",
                    &text.product_name,
                ))));
            };
            let data = self.db().read(|c| storage::product::sku_of(c, sku))?;
            let healed = resolution.healed.first().map(|healed| match healed {
                Healed::CodeChanged { .. } => "F02a",
                Healed::SpecChanged { .. } => "F01c",
            });
            resolved.push(ResolvedLine {
                line,
                listing_sku: Some(listing_sku),
                sku: Some(sku),
                data,
                healed,
            });
        }
        Ok(Verdict::Good(resolved))
    }
}

/// Finds the line that an ERP's refusal speaks of, by the code it names.
pub(super) fn place_refusal(
    cause: &str,
    params: BTreeMap<String, String>,
    raw: String,
    lines: &[ResolvedLine],
    branch: &str,
) -> Refusal {
    let named = params
        .values()
        .find_map(|value| lines.iter().find(|line| line.data.item_code == *value));
    // F19 stands for two rows: a code the ERP cannot read, or the branch number itself.
    let cause = match cause {
        "F19" if named.is_none() && params.values().any(|value| value == branch) => "F19b",
        "F19" => "F19a",
        other => other,
    };
    let about_line = named.or(if matches!(cause, "F03" | "F01d" | "F19a") {
        lines.first()
    } else {
        None
    });
    let behind = match about_line {
        Some(line) => line
            .sku
            .map_or_else(|| line.data.item_code.clone(), |sku| sku.to_string()),
        None => branch.to_owned(),
    };
    let mut params = params;
    if let Some(line) = about_line {
        params
            .entry("name".to_owned())
            .or_insert_with(|| line.line.data.product_name.clone());
        params
            .entry("spec".to_owned())
            .or_insert_with(|| line.line.data.spec_name.clone());
        params
            .entry("code".to_owned())
            .or_insert_with(|| line.data.item_code.clone());
    }
    params
        .entry("branch".to_owned())
        .or_insert_with(|| branch.to_owned());
    Refusal {
        cause: cause.to_owned(),
        group_key: format!("{cause}|{behind}"),
        line: about_line.map(|line| line.line.id),
        listing_sku: about_line.and_then(|line| line.listing_sku),
        sku: about_line.and_then(|line| line.sku),
        params,
        evidence: "[]".to_owned(),
        raw,
    }
}

pub(super) fn line_text(line: &LineRow) -> LineText {
    LineText {
        outer_sku_code: line.data.outer_sku_code.clone(),
        product_name: line.data.product_name.clone(),
        spec_name: line.data.spec_name.clone(),
    }
}

fn refusal(
    first: &Cause,
    all: &[Cause],
    line: &LineRow,
    text: &LineText,
    known: &StoreKnowledge,
) -> Result<Refusal> {
    let (listing_sku, sku) = concerned(text, known);
    let behind = match first.id.as_str() {
        "F19b" | "F01f" => known.store.to_string(),
        "F03" | "F01d" | "F19a" | "F01e" => sku.map(|s| s.to_string()).unwrap_or_default(),
        _ => listing_sku.map_or_else(|| text.product_name.clone(), |l| l.to_string()),
    };
    Ok(Refusal {
        cause: first.id.clone(),
        group_key: format!("{}|{behind}", first.id),
        line: Some(line.id),
        listing_sku,
        sku,
        params: first.params.clone(),
        evidence: serde_json::to_string(all)?,
        raw: String::new(),
    })
}

/// The platform SKU and the library SKU that a failing line is most likely about.
fn concerned(text: &LineText, known: &StoreKnowledge) -> (Option<ListingSkuId>, Option<SkuId>) {
    match known.index.resolve(text, Stage::FirstPush).outcome {
        Outcome::One {
            listing_sku,
            bound_to,
            ..
        } => (Some(listing_sku), bound_to),
        Outcome::Ambiguous { listing_skus } => (listing_skus.first().copied(), None),
        Outcome::None => {
            let best = known.index.simulate(text, Stage::FirstPush).best;
            (
                best.as_ref().map(|b| b.listing_sku),
                best.and_then(|b| b.bound_to),
            )
        }
    }
}

/// Rows of SKUs as the domain's listings.
pub(crate) fn listings(rows: &[ListingSkuRow]) -> Vec<Listing> {
    let mut listings: Vec<Listing> = Vec::new();
    for row in rows {
        if listings.last().is_none_or(|last| last.id != row.listing) {
            listings.push(Listing {
                id: row.listing,
                store: row.store,
                remote_id: row.listing_remote_id.clone(),
                outer_code: row.outer_code.clone(),
                name: row.name.clone(),
                group: None,
                category_id: row.category_id.clone(),
                pictures: row.pictures.clone(),
                on_sale: row.on_sale,
                review: row.review,
                description: row.description.clone(),
                read_at: row.read_at,
                skus: Vec::new(),
            });
        }
        if let Some(last) = listings.last_mut() {
            last.skus.push(ListingSku {
                id: row.id,
                remote_id: row.remote_id.clone(),
                outer_sku_code: row.outer_sku_code.clone(),
                spec_name: row.spec_name.clone(),
                barcode: row.barcode.clone(),
                price: row.price_fen.map(Money),
                stock: row.stock,
                packing_fee: row.packing_fee_fen.map(Money),
                bound_to: row.bound_to,
            });
        }
    }
    listings
}

/// The line a person is shown for an exception.
pub(super) fn shown_name(line: Option<OrderLineId>, lines: &[LineRow]) -> String {
    line.and_then(|id| lines.iter().find(|l| l.id == id))
        .map(|l| {
            if l.data.spec_name.is_empty() {
                l.data.product_name.clone()
            } else {
                format!("{} {}", l.data.product_name, l.data.spec_name)
            }
        })
        .unwrap_or_default()
}
