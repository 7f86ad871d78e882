//! How alike two goods are: features of a pair, and the few library entries worth comparing.
//!
//! Blocking takes the rarest bigrams of the query, because a rare pair of characters (`辛拉`, `04`) tells more than
//! ten common ones; only the entries that share most of that weight get their features computed.

use crate::binding::goods_text::{Dimension, GoodsText};
use crate::binding::variant;
use crate::money::Money;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// What is compared: one row of a sheet, one SKU of the library, one SKU of a listing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Goods {
    /// 商品名称.
    pub name: String,
    /// 规格名称 or size text, may be empty.
    pub spec: String,
    /// 单位, may be empty.
    pub unit: String,
    /// Price, when known.
    pub price: Option<Money>,
    /// Category by name, may be empty.
    pub category: String,
    /// Barcode as typed, may be empty.
    pub barcode: String,
    /// Our own code, may be empty.
    pub code: String,
}

/// Hashing of a key that is already well spread after one multiplication.
#[derive(Default)]
pub struct GramHasher(u64);

impl Hasher for GramHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }
    fn write_u64(&mut self, value: u64) {
        let mixed = (self.0 ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 29);
    }
}

type GramMap<V> = HashMap<u64, V, BuildHasherDefault<GramHasher>>;

/// [`Goods`] taken apart once, to be compared many times.
#[derive(Clone, Debug)]
pub struct Prepared {
    text: GoodsText,
    grams: Vec<u64>,
    singles: Vec<u64>,
    price: Option<Money>,
}

impl Prepared {
    /// Takes goods apart.
    pub fn new(goods: &Goods) -> Self {
        let text = GoodsText::parse(&goods.name, &goods.spec);
        let mut grams: Vec<u64> = text.core.windows(2).map(|pair| gram(pair[0], pair[1])).collect();
        if let [only] = text.core.as_slice() {
            grams.push(gram('\0', *only));
        }
        let mut singles: Vec<u64> = text.core.iter().map(|c| u64::from(u32::from(*c))).collect();
        for list in [&mut grams, &mut singles] {
            list.sort_unstable();
            list.dedup();
        }
        Self {
            text,
            grams,
            singles,
            price: goods.price,
        }
    }

    /// The words, sizes and numbers.
    pub fn text(&self) -> &GoodsText {
        &self.text
    }
}

fn gram(first: char, second: char) -> u64 {
    (u64::from(u32::from(first)) << 32) | u64::from(u32::from(second))
}

/// The names of the features of a pair, in the order of [`Library::features`].
pub const FEATURES: [&str; 22] = [
    "bigram cosine",
    "bigram containment",
    "indel ratio",
    "substituted",
    "left over",
    "size equal",
    "size differs",
    "size on one side",
    "pack equal",
    "pack differs",
    "pack on one side",
    "numbers differ",
    "number on one side",
    "price distance",
    "price equal",
    "same head",
    "same tail",
    "shared weight",
    "same words",
    "variant differs",
    "variant on one side",
    "largest common run",
];

/// How many features a pair has.
pub const FEATURE_COUNT: usize = FEATURES.len();

/// The side that is searched, with how rare each bigram is in it.
#[derive(Debug)]
pub struct Library {
    entries: Vec<Prepared>,
    postings: GramMap<Vec<u32>>,
    singles: GramMap<u32>,
}

/// At most so many of a query's rarest bigrams are looked up.
const RAREST: usize = 12;
/// A smaller library is taken to be part of one of this size: in a sheet of five rows every word looks common.
const SMALLEST: usize = 400;
/// At most so many postings are walked for one query, so that a common bigram cannot make a search slow.
const POSTINGS: usize = 6_000;

impl Library {
    /// Indexes entries; their positions are the answers of [`Self::nearest`].
    pub fn new(entries: Vec<Prepared>) -> Self {
        let mut postings: GramMap<Vec<u32>> = GramMap::default();
        let mut singles: GramMap<u32> = GramMap::default();
        for (at, entry) in entries.iter().enumerate() {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            for gram in &entry.grams {
                postings.entry(*gram).or_default().push(at);
            }
            for single in &entry.singles {
                *singles.entry(*single).or_default() += 1;
            }
        }
        Self {
            entries,
            postings,
            singles,
        }
    }

    /// An entry.
    pub fn entry(&self, at: usize) -> &Prepared {
        &self.entries[at]
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of rows, far below 2^52")]
    fn rarity(&self, count: usize) -> f64 {
        ((self.entries.len().max(SMALLEST) + 1) as f64 / (count as f64 + 0.5))
            .ln()
            .max(0.05)
    }

    fn gram_weight(&self, gram: u64) -> f64 {
        self.rarity(self.postings.get(&gram).map_or(0, Vec::len))
    }

    fn single_weight(&self, single: u64) -> f64 {
        self.rarity(self.singles.get(&single).map_or(0, |count| *count as usize))
    }

    /// The entries most alike by the weight of shared rare bigrams, best first, at most `limit`.
    pub fn nearest(&self, query: &Prepared, limit: usize) -> Vec<usize> {
        let mut lists: Vec<&Vec<u32>> = query.grams.iter().filter_map(|g| self.postings.get(g)).collect();
        lists.sort_by_key(|list| list.len());
        let mut weights: GramMap<f64> = GramMap::default();
        let mut walked = 0;
        for (rank, list) in lists.iter().enumerate() {
            if rank >= RAREST || (rank >= 2 && walked + list.len() > POSTINGS) {
                break;
            }
            walked += list.len();
            let weight = self.rarity(list.len());
            for at in *list {
                *weights.entry(u64::from(*at)).or_default() += weight;
            }
        }
        let mut found: Vec<(f64, usize)> = weights
            .into_iter()
            .filter_map(|(at, weight)| usize::try_from(at).ok().map(|at| (weight, at)))
            .map(|(weight, at)| (weight / (4.0 + total(&self.entries[at].grams)).sqrt(), at))
            .collect();
        let order = |a: &(f64, usize), b: &(f64, usize)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if found.len() > limit {
            found.select_nth_unstable_by(limit, order);
            found.truncate(limit);
        }
        found.sort_by(order);
        found.into_iter().map(|(_, at)| at).collect()
    }

    /// The features of a pair, in the order of [`FEATURES`]; every one between -1 and 3.
    pub fn features(&self, left: &Prepared, right: &Prepared) -> [f64; FEATURE_COUNT] {
        let grams = Overlap::of(&left.grams, &right.grams, |g| self.gram_weight(g));
        let singles = Overlap::of(&left.singles, &right.singles, |s| self.single_weight(s));
        let (size_equal, size_differs, size_one) = compare_sizes(&left.text, &right.text);
        let (pack_equal, pack_differs, pack_one) = compare_packs(&left.text, &right.text);
        let (numbers_differ, number_one) = compare_numbers(&left.text, &right.text);
        let (price_distance, price_equal) = compare_prices(left.price, right.price);
        let (variant_differs, variant_one) = variant::compare(&left.text.core, &right.text.core);
        let smaller_rest = singles.left_only.min(singles.right_only);
        let larger_rest = singles.left_only.max(singles.right_only);
        let (a, b) = (&left.text.core, &right.text.core);
        [
            grams.cosine(),
            grams.containment(),
            indel_ratio(a, b),
            (smaller_rest / 6.0).min(3.0),
            (larger_rest / 12.0).min(3.0),
            size_equal,
            size_differs,
            size_one,
            pack_equal,
            pack_differs,
            pack_one,
            numbers_differ,
            number_one,
            price_distance,
            price_equal,
            flag(a.len() > 1 && b.len() > 1 && a[..2] == b[..2]),
            flag(a.len() > 1 && b.len() > 1 && a[a.len() - 2..] == b[b.len() - 2..]),
            (grams.shared / 30.0).min(2.0),
            flag(a == b),
            flag(variant_differs),
            flag(variant_one),
            common_run(a, b),
        ]
    }
}

fn total(grams: &[u64]) -> f64 {
    f64::from(u32::try_from(grams.len()).unwrap_or(u32::MAX))
}

fn flag(set: bool) -> f64 {
    if set { 1.0 } else { 0.0 }
}

struct Overlap {
    shared: f64,
    left_only: f64,
    right_only: f64,
    shared_squares: f64,
    left_squares: f64,
    right_squares: f64,
}

impl Overlap {
    /// Both lists sorted.
    fn of(left: &[u64], right: &[u64], weight: impl Fn(u64) -> f64) -> Self {
        let mut out = Self {
            shared: 0.0,
            left_only: 0.0,
            right_only: 0.0,
            shared_squares: 0.0,
            left_squares: 0.0,
            right_squares: 0.0,
        };
        let (mut i, mut j) = (0, 0);
        while i < left.len() || j < right.len() {
            let take_left = j == right.len() || (i < left.len() && left[i] <= right[j]);
            let take_right = i == left.len() || (j < right.len() && right[j] <= left[i]);
            let w = weight(if take_left { left[i] } else { right[j] });
            match (take_left, take_right) {
                (true, true) => {
                    out.shared += w;
                    out.shared_squares += w * w;
                }
                (true, false) => {
                    out.left_only += w;
                    out.left_squares += w * w;
                }
                _ => {
                    out.right_only += w;
                    out.right_squares += w * w;
                }
            }
            i += usize::from(take_left);
            j += usize::from(take_right);
        }
        out
    }

    fn cosine(&self) -> f64 {
        let norm =
            ((self.shared_squares + self.left_squares) * (self.shared_squares + self.right_squares)).sqrt();
        if norm > 0.0 {
            self.shared_squares / norm
        } else {
            0.0
        }
    }

    fn containment(&self) -> f64 {
        let smaller = self.shared + self.left_only.min(self.right_only);
        if smaller > 0.0 { self.shared / smaller } else { 0.0 }
    }
}

/// Characters in common, in order, over all characters: 1 for equal texts, 0 for nothing in common. Texts are cut at
/// 128 characters, beyond which no name goes.
#[expect(clippy::cast_precision_loss, reason = "at most 128")]
pub fn indel_ratio(left: &[char], right: &[char]) -> f64 {
    let left = &left[..left.len().min(128)];
    let right = &right[..right.len().min(128)];
    if left.is_empty() && right.is_empty() {
        return 1.0;
    }
    // Hyyrö's bit-parallel longest common subsequence, one bit for each character of `left`.
    let mut row: u128 = u128::MAX;
    for character in right {
        let mut matches: u128 = 0;
        for (at, other) in left.iter().enumerate() {
            matches |= u128::from(other == character) << at;
        }
        let both = row & matches;
        row = row.wrapping_add(both) | (row & !matches);
    }
    let mask = if left.len() == 128 {
        u128::MAX
    } else {
        (1 << left.len()) - 1
    };
    let common = (!row & mask).count_ones();
    2.0 * f64::from(common) / (left.len() + right.len()) as f64
}

/// The longest run of characters that both texts have, as a share of the shorter text.
#[expect(clippy::cast_precision_loss, reason = "at most 128")]
fn common_run(left: &[char], right: &[char]) -> f64 {
    let left = &left[..left.len().min(128)];
    let right = &right[..right.len().min(128)];
    let mut row = [0_u8; 129];
    let mut longest = 0;
    for a in left {
        let mut before = 0;
        for (at, b) in right.iter().enumerate() {
            let length = if a == b { before + 1 } else { 0 };
            before = row[at + 1];
            row[at + 1] = length;
            longest = longest.max(length);
        }
    }
    f64::from(longest) / left.len().min(right.len()).max(1) as f64
}

fn compare_sizes(left: &GoodsText, right: &GoodsText) -> (f64, f64, f64) {
    if left.measures.is_empty() && right.measures.is_empty() {
        return (0.0, 0.0, 0.0);
    }
    let mut equal = false;
    let mut differs = false;
    for dimension in [Dimension::Volume, Dimension::Mass, Dimension::Length] {
        let of = |text: &GoodsText| -> Vec<u64> {
            let wanted = text.measures.iter().filter(|m| m.dimension == dimension);
            wanted.map(|m| m.value).collect()
        };
        let (a, b) = (of(left), of(right));
        if a.is_empty() || b.is_empty() {
            continue;
        }
        if a.iter().any(|x| b.iter().any(|y| x == y)) {
            equal = true;
        } else {
            differs = true;
        }
    }
    // A size that agrees outweighs a stale one beside it (the spec column often holds a default text).
    (flag(equal), flag(differs && !equal), flag(!equal && !differs))
}

fn compare_packs(left: &GoodsText, right: &GoodsText) -> (f64, f64, f64) {
    let of = |text: &GoodsText| -> Vec<u32> { text.packs.iter().copied().filter(|p| *p > 1).collect() };
    let (a, b) = (of(left), of(right));
    match (a.is_empty(), b.is_empty()) {
        (true, true) => (0.0, 0.0, 0.0),
        (false, false) => {
            let equal = a.iter().any(|x| b.contains(x));
            (flag(equal), flag(!equal), 0.0)
        }
        _ => (0.0, 0.0, 1.0),
    }
}

fn compare_numbers(left: &GoodsText, right: &GoodsText) -> (f64, f64) {
    let left_only = left.numbers.difference(&right.numbers).count();
    let right_only = right.numbers.difference(&left.numbers).count();
    (
        flag(left_only > 0 && right_only > 0),
        flag((left_only > 0) != (right_only > 0)),
    )
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a ratio of prices needs no more than 52 bits"
)]
fn compare_prices(left: Option<Money>, right: Option<Money>) -> (f64, f64) {
    match (left, right) {
        (Some(Money(a)), Some(Money(b))) if a > 0 && b > 0 => {
            ((a as f64 / b as f64).ln().abs().min(2.0), flag(a == b))
        }
        _ => (0.0, 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::{Goods, Library, Prepared, indel_ratio};

    fn prepared(name: &str) -> Prepared {
        Prepared::new(&Goods {
            name: name.into(),
            ..Goods::default()
        })
    }

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn the_indel_ratio_is_that_of_the_longest_common_subsequence() {
        for (left, right, ratio) in [
            ("abc", "abc", 1.0),
            ("abc", "xyz", 0.0),
            ("abcd", "abxd", 0.75),
            ("", "", 1.0),
        ] {
            assert!(
                (indel_ratio(&chars(left), &chars(right)) - ratio).abs() < 1e-9,
                "{left} {right}"
            );
        }
        let long = "好".repeat(300);
        assert!((indel_ratio(&chars(&long), &chars(&long)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_nearest_entry_shares_the_rare_words() {
        let library = Library::new(
            ["农心辛拉面", "康师傅红烧牛肉面", "康师傅香辣牛肉面"]
                .map(prepared)
                .to_vec(),
        );
        assert_eq!(library.nearest(&prepared("辛拉面 进口"), 5).first(), Some(&0));
        assert!(library.nearest(&prepared("洗发露"), 5).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn the_ratio_is_symmetric_and_bounded(left in "[a-e可乐面]{0,20}", right in "[a-e可乐面]{0,20}") {
            let (a, b) = (chars(&left), chars(&right));
            let ratio = indel_ratio(&a, &b);
            proptest::prop_assert!((0.0..=1.0).contains(&ratio));
            proptest::prop_assert!((ratio - indel_ratio(&b, &a)).abs() < 1e-12);
        }

        #[test]
        fn features_stay_in_their_bounds(left in "\\PC{0,20}", right in "\\PC{0,20}") {
            let library = Library::new(vec![prepared(&right)]);
            for value in library.features(&prepared(&left), library.entry(0)) {
                proptest::prop_assert!((-1.0..=3.0).contains(&value));
            }
        }
    }
}
