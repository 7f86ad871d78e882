//! Candidates by the hash of their keys.

use super::{Candidate, Healed, LineText, Outcome, Resolution, Stage};
use crate::product::{SINGLE_SPEC, SpecKind};
use crate::rules::{KeyField, KeyRule, MatchRules};
use crate::text;
use std::collections::HashMap;

/// The candidates of one store, ready to be asked.
#[derive(Debug)]
pub struct ListingIndex {
    pub(super) candidates: Vec<Candidate>,
    pub(super) normal: Vec<LineText>,
    rules: MatchRules,
    first_push: Keys,
    repush: Keys,
    by_code: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
}

/// Positions by key, for single- and multi-spec candidates apart, since their keys are made of other fields.
#[derive(Debug, Default)]
struct Keys {
    single: HashMap<String, Vec<usize>>,
    multi: HashMap<String, Vec<usize>>,
}

impl ListingIndex {
    /// Indexes the candidates of one store under its platform's rules.
    pub fn new(candidates: Vec<Candidate>, rules: MatchRules) -> Self {
        let normal: Vec<LineText> = candidates.iter().map(|c| normal(&c.text)).collect();
        let mut first_push = Keys::default();
        let mut repush = Keys::default();
        let mut by_code: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, (candidate, text)) in candidates.iter().zip(&normal).enumerate() {
            for (keys, rule) in [(&mut first_push, &rules.first_push), (&mut repush, &rules.repush)] {
                if let Some(key) = key(text, fields(rule, candidate.spec_kind)) {
                    let map = match candidate.spec_kind {
                        SpecKind::Single => &mut keys.single,
                        SpecKind::Multi => &mut keys.multi,
                    };
                    map.entry(key).or_default().push(at);
                }
            }
            by_code.entry(text.outer_sku_code.clone()).or_default().push(at);
            by_name.entry(text.product_name.clone()).or_default().push(at);
        }
        Self {
            candidates,
            normal,
            rules,
            first_push,
            repush,
            by_code,
            by_name,
        }
    }

    /// The candidates in the order they were given.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// The verdict on a line.
    pub fn resolve(&self, line: &LineText, stage: Stage) -> Resolution {
        let text = normal(line);
        let (mut by, mut hits) = (stage, self.hits(&text, stage));
        if hits.is_empty() && stage == Stage::FirstPush {
            (by, hits) = (Stage::Repush, self.hits(&text, Stage::Repush));
        }
        match hits.as_slice() {
            [] => Resolution {
                outcome: Outcome::None,
                by: None,
                only_by_normalizing: false,
                healed: Vec::new(),
            },
            [one] => self.verdict(line, &text, *one, by),
            several => Resolution {
                outcome: Outcome::Ambiguous {
                    listing_skus: several
                        .iter()
                        .map(|at| self.candidates[*at].listing_sku)
                        .collect(),
                },
                by: Some(by),
                only_by_normalizing: false,
                healed: Vec::new(),
            },
        }
    }

    fn verdict(&self, line: &LineText, text: &LineText, at: usize, by: Stage) -> Resolution {
        let hit = &self.candidates[at];
        let fields = self.fields(by, hit.spec_kind);
        let mut healed = Vec::new();
        if text.outer_sku_code != self.normal[at].outer_sku_code && !text.outer_sku_code.is_empty() {
            healed.push(Healed::CodeChanged {
                old: hit.text.outer_sku_code.clone(),
                new: line.outer_sku_code.clone(),
            });
        }
        if text.spec_name != self.normal[at].spec_name && !fields.contains(&KeyField::SpecName) {
            healed.push(Healed::SpecChanged {
                old: hit.text.spec_name.clone(),
                new: line.spec_name.clone(),
            });
        }
        Resolution {
            outcome: Outcome::One {
                listing: hit.listing,
                listing_sku: hit.listing_sku,
                bound_to: hit.bound_to,
            },
            by: Some(by),
            only_by_normalizing: fields
                .iter()
                .any(|field| line.field(*field) != hit.text.field(*field)),
            healed,
        }
    }

    /// The fields of the key of a stage.
    pub(super) fn fields(&self, stage: Stage, kind: SpecKind) -> &[KeyField] {
        match stage {
            Stage::FirstPush => fields(&self.rules.first_push, kind),
            Stage::Repush => fields(&self.rules.repush, kind),
        }
    }

    /// Positions of the candidates that one stage alone finds for a normalised line.
    pub(super) fn hits(&self, line: &LineText, stage: Stage) -> Vec<usize> {
        let keys = match stage {
            Stage::FirstPush => &self.first_push,
            Stage::Repush => &self.repush,
        };
        let mut hits: Vec<usize> = Vec::new();
        for (map, kind) in [(&keys.single, SpecKind::Single), (&keys.multi, SpecKind::Multi)] {
            if let Some(found) = key(line, self.fields(stage, kind)).and_then(|key| map.get(&key)) {
                hits.extend(found);
            }
        }
        hits.sort_unstable();
        hits
    }

    /// Positions of the candidates with this normalised 第三方SKU编码; none for an empty one.
    pub(crate) fn with_code(&self, code: &str) -> &[usize] {
        if code.is_empty() {
            &[]
        } else {
            self.by_code.get(code).map_or(&[], Vec::as_slice)
        }
    }

    /// Positions of the candidates with this normalised 商品名称.
    pub(crate) fn with_name(&self, name: &str) -> &[usize] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }
}

/// A line with every text normalised. Platforms show a product without specs with no spec text at all in orders and as
/// 单规格 in listings: both are the same spec.
pub(crate) fn normal(line: &LineText) -> LineText {
    let spec_name = text::normalized(&line.spec_name);
    LineText {
        outer_sku_code: text::normalized(&line.outer_sku_code),
        product_name: text::normalized(&line.product_name),
        spec_name: if spec_name.is_empty() {
            SINGLE_SPEC.to_owned()
        } else {
            spec_name
        },
    }
}

fn fields(rule: &KeyRule, kind: SpecKind) -> &[KeyField] {
    match kind {
        SpecKind::Single => &rule.single,
        SpecKind::Multi => &rule.multi,
    }
}

/// The key of a normalised text, or `None` where it would name nothing: with neither code nor name any two goods
/// would be equal.
fn key(line: &LineText, fields: &[KeyField]) -> Option<String> {
    let naming = |field: &KeyField| *field != KeyField::SpecName && !line.field(*field).is_empty();
    if !fields.iter().any(naming) {
        return None;
    }
    let mut key = String::new();
    for field in fields {
        key.push_str(line.field(*field));
        // Normalised text holds no control characters, so this separates.
        key.push('\u{1}');
    }
    Some(key)
}
