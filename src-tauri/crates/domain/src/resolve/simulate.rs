//! The match simulator: field by field, what the order says, what we have, and where they part.

use super::index::normal;
use super::{Candidate, LineText, ListingIndex, Resolution, Stage};
use crate::binding::similarity::indel_ratio;
use crate::id::ListingSkuId;
use crate::rules::KeyField;
use serde::{Deserialize, Serialize};

/// One line of the simulator's table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FieldRow {
    /// Which text.
    pub field: KeyField,
    /// As the order has it.
    pub order: String,
    /// As the best candidate has it, when there is a candidate at all.
    pub listing: Option<String>,
    /// Equal by the first-push rule; `None` where that rule does not look at this field.
    pub first_push: Option<bool>,
    /// Equal by the repush rule; `None` where that rule does not look at this field.
    pub repush: Option<bool>,
    /// The texts differ and only normalising makes them equal.
    pub only_by_normalizing: bool,
}

/// What the simulator shows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Simulation {
    /// The verdict of the stage that was asked for.
    pub resolution: Resolution,
    /// The candidate that comes nearest.
    pub best: Option<Candidate>,
    /// Code, name, spec.
    pub rows: Vec<FieldRow>,
    /// What the first-push rule alone finds.
    pub first_push_hits: Vec<ListingSkuId>,
    /// What the repush rule alone finds.
    pub repush_hits: Vec<ListingSkuId>,
}

/// A name less alike than this is no near candidate.
const NEAR: f64 = 0.6;

impl ListingIndex {
    /// The verdict with the table that explains it.
    pub fn simulate(&self, line: &LineText, stage: Stage) -> Simulation {
        let text = normal(line);
        let first = self.hits(&text, Stage::FirstPush);
        let again = self.hits(&text, Stage::Repush);
        let best = first
            .first()
            .or(again.first())
            .copied()
            .or_else(|| self.nearest(&text));
        let ids = |hits: &[usize]| hits.iter().map(|at| self.candidates[*at].listing_sku).collect();
        let fields = [KeyField::OuterSkuCode, KeyField::ProductName, KeyField::SpecName];
        Simulation {
            resolution: self.resolve(line, stage),
            best: best.map(|at| self.candidates[at].clone()),
            rows: fields
                .into_iter()
                .map(|field| self.row(line, &text, field, best))
                .collect(),
            first_push_hits: ids(&first),
            repush_hits: ids(&again),
        }
    }

    fn row(&self, line: &LineText, text: &LineText, field: KeyField, best: Option<usize>) -> FieldRow {
        let mut row = FieldRow {
            field,
            order: line.field(field).to_owned(),
            listing: None,
            first_push: None,
            repush: None,
            only_by_normalizing: false,
        };
        if let Some(at) = best {
            let candidate = &self.candidates[at];
            let equal = text.field(field) == self.normal[at].field(field);
            let looked = |stage| {
                self.fields(stage, candidate.spec_kind)
                    .contains(&field)
                    .then_some(equal)
            };
            row.first_push = looked(Stage::FirstPush);
            row.repush = looked(Stage::Repush);
            row.only_by_normalizing = equal && line.field(field) != candidate.text.field(field);
            row.listing = Some(candidate.text.field(field).to_owned());
        }
        row
    }

    /// The candidate that comes nearest to a normalised line that has no hit: the same code, else the same name, else
    /// the most alike name.
    pub(crate) fn nearest(&self, line: &LineText) -> Option<usize> {
        let spec: Vec<char> = line.spec_name.chars().collect();
        let name: Vec<char> = line.product_name.chars().collect();
        let by_spec = |at: &usize| {
            let other: Vec<char> = self.normal[*at].spec_name.chars().collect();
            indel_ratio(&spec, &other)
        };
        let by_name = |at: &usize| {
            let other: Vec<char> = self.normal[*at].product_name.chars().collect();
            indel_ratio(&name, &other)
        };
        let best_of = |among: &[usize], score: &dyn Fn(&usize) -> f64| {
            among
                .iter()
                .copied()
                .max_by(|a, b| score(a).total_cmp(&score(b)).then(b.cmp(a)))
        };
        best_of(self.with_code(&line.outer_sku_code), &|at| {
            by_name(at) + by_spec(at)
        })
        .or_else(|| best_of(self.with_name(&line.product_name), &by_spec))
        .or_else(|| {
            let near = (0..self.candidates.len())
                .map(|at| (by_name(&at), at))
                .filter(|(ratio, _)| *ratio >= NEAR)
                .map(|(ratio, at)| (ratio + by_spec(&at) / 10.0, at));
            near.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
                .map(|(_, at)| at)
        })
    }
}
