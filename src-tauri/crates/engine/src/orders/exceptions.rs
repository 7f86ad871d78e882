//! 异常订单 by cause, and the match simulator on one of them.

use super::judge::{line_text, shown_name};
use super::remedy::remedies_for;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use domain::cause::{Cause, line_causes};
use domain::finding::Remedy;
use domain::id::{OrderId, StoreId};
use domain::resolve::{CharDiff, FieldRow, Stage, char_diff};
use domain::rules::KeyField;
use std::collections::{BTreeMap, BTreeSet};
use storage::exception::{ExceptionRow, Which};

/// Exceptions of one cause.
#[derive(Clone, Debug)]
pub struct ExceptionGroup {
    /// Row of problems.md.
    pub cause: String,
    /// Orders.
    pub orders: Vec<OrderId>,
    /// Their money in fen.
    pub total_fen: i64,
    /// Oldest order, UTC ms.
    pub oldest_at: i64,
    /// Stores concerned.
    pub stores: BTreeSet<StoreId>,
    /// Different things behind it (products, branches).
    pub items: usize,
    /// Values of the first, for the words.
    pub params: BTreeMap<String, String>,
    /// Remedies of the first, best first.
    pub remedies: Vec<Remedy>,
    /// Orders whose automatic retries stopped.
    pub stopped: usize,
    /// How sure the diagnosis is.
    pub confidence: f64,
}

/// One row of the match simulator.
pub type MatchField = FieldRow;
/// A possible cause with how sure it is.
pub type RankedCause = Cause;

/// Why one order is not in the ERP, with all evidence.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The exception as stored.
    pub exception: ExceptionRow,
    /// The order's number.
    pub number: String,
    /// The line it is about, as shown.
    pub line_name: String,
    /// The simulator's table; empty when the cause is not about matching.
    pub fields: Vec<MatchField>,
    /// Hits of the first-push rule.
    pub first_hits: usize,
    /// Hits of the repush rule.
    pub repush_hits: usize,
    /// Texts that differ, character by character.
    pub diffs: Vec<(KeyField, Vec<CharDiff>)>,
    /// Causes by evidence now, surest first; the stored one when the evidence is gone.
    pub causes: Vec<RankedCause>,
    /// Remedies, best first.
    pub remedies: Vec<Remedy>,
}

/// Causes that lose orders or money first come first; then by money.
const URGENT: [&str; 2] = ["F24", super::UNKNOWN_OUTCOME];

impl Engine {
    /// Exceptions by cause, most urgent first.
    pub fn exception_groups(&self, stores: &[StoreId]) -> Result<Vec<ExceptionGroup>> {
        let rows = self.db().read(|c| {
            let mut rows = Vec::new();
            for exception in storage::exception::list(c, &Which::All)? {
                let order = storage::order::get(c, exception.order)?;
                if stores.is_empty() || stores.contains(&order.store) {
                    rows.push((exception, order));
                }
            }
            Ok(rows)
        })?;
        let mut groups: BTreeMap<String, ExceptionGroup> = BTreeMap::new();
        let mut behind: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (exception, order) in rows {
            behind
                .entry(exception.cause.clone())
                .or_default()
                .insert(exception.group_key.clone());
            let known = groups.get_mut(&exception.cause);
            if let Some(group) = known {
                group.orders.push(order.id);
                group.total_fen += order.total_fen;
                group.oldest_at = group.oldest_at.min(order.placed_at);
                group.stores.insert(order.store);
                group.stopped += usize::from(exception.stopped);
            } else {
                let remedies = remedies_for(self, &exception, order.store)?;
                let causes: Vec<StoredCause> = serde_json::from_str(&exception.evidence).unwrap_or_default();
                groups.insert(
                    exception.cause.clone(),
                    ExceptionGroup {
                        cause: exception.cause.clone(),
                        orders: vec![order.id],
                        total_fen: order.total_fen,
                        oldest_at: order.placed_at,
                        stores: BTreeSet::from([order.store]),
                        items: 0,
                        params: exception.params,
                        remedies,
                        stopped: usize::from(exception.stopped),
                        confidence: causes.first().map_or(0.97, |cause| cause.confidence),
                    },
                );
            }
        }
        let mut groups: Vec<ExceptionGroup> = groups.into_values().collect();
        for group in &mut groups {
            group.items = behind.get(&group.cause).map_or(0, BTreeSet::len);
        }
        groups.sort_by_key(|group| {
            (
                !URGENT.contains(&group.cause.as_str()),
                -group.total_fen,
                group.cause.clone(),
            )
        });
        Ok(groups)
    }

    /// Runs the real rules on the failing line of one order and shows what they saw.
    pub fn explain(&self, id: OrderId) -> Result<Explanation> {
        let (exception, order, lines) = self.db().read(|c| {
            let exception = storage::exception::get(c, id)?;
            Ok((
                exception,
                storage::order::get(c, id)?,
                storage::order::lines(c, id)?,
            ))
        })?;
        let exception = exception
            .ok_or_else(|| EngineError::refused_with("no_exception", [("order", order.number.clone())]))?;
        let remedies = remedies_for(self, &exception, order.store)?;
        let mut explained = Explanation {
            number: order.number.clone(),
            line_name: shown_name(exception.line, &lines),
            fields: Vec::new(),
            first_hits: 0,
            repush_hits: 0,
            diffs: Vec::new(),
            causes: Vec::new(),
            remedies,
            exception,
        };
        let Some(line) = lines
            .iter()
            .find(|line| Some(line.id) == explained.exception.line)
        else {
            return Ok(explained);
        };
        let store = self.db().read(|c| storage::store::get(c, order.store))?.store;
        let known = self.store_knowledge(&store, store.erp_account)?;
        let text = line_text(line);
        let simulation = known.index.simulate(&text, Stage::FirstPush);
        explained.first_hits = simulation.first_push_hits.len();
        explained.repush_hits = simulation.repush_hits.len();
        for row in &simulation.rows {
            if let Some(listing) = row
                .listing
                .as_ref()
                .filter(|listing| **listing != row.order && row.field != KeyField::OuterSkuCode)
            {
                explained.diffs.push((row.field, char_diff(&row.order, listing)));
            }
        }
        explained.fields = simulation.rows;
        explained.causes = line_causes(id, &text, &known.facts());
        Ok(explained)
    }
}

/// The part of a stored cause that is read back.
#[derive(serde::Deserialize)]
struct StoredCause {
    confidence: f64,
}
