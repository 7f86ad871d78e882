//! From features to a probability.
//!
//! The constants were fitted once, outside this crate, on the labelled files of the project's test data: the 1,005
//! pairs of `zh_grocery_pairs`, the twelve nearest library entries of each of the 390 `zh_open_queries`, and of each
//! of the 70 rows of `jd_listing_gold` (each also once without its answer, as an example of "not in the library").
//! Logistic regression by Newton's method, L2 = 1; then a second logistic over (best score, lead over the second)
//! turns the best candidate of a search into the probability that it is the right one.
//!
//! Five-fold cross-validation, folds by barcode: pairs F1 0.68; open queries 136 of 195 right at rank 1, and above a
//! probability of 0.5 precision 0.82, recall 0.55, F1 0.66; paint listings 65 of 66 answered, all right, the four
//! that are not in the library silent. Said and seen frequency agree within 0.15 in every tenth from 0.6 up.

use crate::binding::similarity::{FEATURE_COUNT, Library, Prepared};

/// One weight for each of [`crate::binding::similarity::FEATURES`].
const WEIGHTS: [f64; FEATURE_COUNT] = [
    0.553,  // bigram cosine
    1.308,  // bigram containment
    0.861,  // indel ratio
    -0.634, // substituted
    0.033,  // left over
    0.667,  // size equal
    -3.332, // size differs
    -0.883, // size on one side
    0.931,  // pack equal
    -1.487, // pack differs
    -1.243, // pack on one side
    -2.121, // numbers differ
    -0.168, // number on one side
    -0.671, // price distance
    1.324,  // price equal
    -0.065, // same head
    -0.501, // same tail
    1.526,  // shared weight
    1.244,  // same words
    -2.211, // variant differs
    -0.079, // variant on one side
    -1.931, // largest common run
];
const BIAS: f64 = -1.481;
/// For the best score, its lead over the second, and the constant.
const TOP: [f64; 3] = [0.948, 0.726, -1.163];
/// A lead beyond this says nothing more.
const LEAD_MAX: f64 = 4.0;
/// So many entries are scored for each query.
const COMPARED: usize = 32;
/// The lead of a candidate without a second: that nothing else is near says little in a small library.
const LEAD_ALONE: f64 = 1.0;

/// How alike a pair is, as log-odds; only the order means something.
pub fn log_odds(library: &Library, query: &Prepared, entry: &Prepared) -> f64 {
    let features = library.features(query, entry);
    BIAS + WEIGHTS
        .iter()
        .zip(features)
        .map(|(weight, value)| weight * value)
        .sum::<f64>()
}

/// The probability that a pair, looked at alone, is the same goods.
pub fn pair_probability(library: &Library, left: &Prepared, right: &Prepared) -> f64 {
    logistic(log_odds(library, left, right))
}

/// The best partner of a query.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Best {
    /// Position in the library.
    pub at: usize,
    /// Calibrated probability that it is the right one.
    pub probability: f64,
    /// The second best, when there is one.
    pub second: Option<usize>,
}

/// Searches the library for the goods of the query. `open` says which entries may be chosen; the closed ones still
/// count as rivals, for a sibling that is taken is a reason to doubt.
pub fn best(library: &Library, query: &Prepared, open: impl Fn(usize) -> bool) -> Option<Best> {
    let mut scored: Vec<(f64, usize)> = library
        .nearest(query, COMPARED)
        .into_iter()
        .map(|at| (log_odds(library, query, library.entry(at)), at))
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let (score, at) = *scored.first()?;
    if !open(at) {
        return None;
    }
    let second = scored.get(1);
    let lead = second.map_or(LEAD_ALONE, |second| (score - second.0).min(LEAD_MAX));
    Some(Best {
        at,
        probability: logistic(TOP[0] * score + TOP[1] * lead + TOP[2]),
        second: second.map(|s| s.1),
    })
}

fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}
