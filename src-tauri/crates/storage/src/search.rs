//! Search over the whole library in memory: exact, also for two characters, where a word index finds nothing.
//!
//! Three buffers hold the same rows: the text itself (name, spec, size, codes, normalised and in lower case), the
//! pinyin initials, and the full pinyin. A row matches when each term of the query is found in one of them; a term in
//! full pinyin must begin where a syllable begins. Read [`SearchIndex`].

mod buffer;

use buffer::{Buffer, Scan};
use domain::product::Product;
use memchr::memmem::Finder;
use pinyin::ToPinyin as _;
use std::collections::HashMap;

/// From this many rows on, posting lists of character pairs are kept beside the buffers (measured: below it a plain
/// scan is as fast and needs less memory).
pub const POSTINGS_FROM: usize = 300_000;

/// Searchable rows by id.
#[derive(Default)]
pub struct SearchIndex {
    ids: Vec<i64>,
    alive: Vec<bool>,
    slots: HashMap<i64, usize>,
    dead: usize,
    text: Buffer,
    initials: Buffer,
    pinyin: Buffer,
    postings_from: usize,
}

/// Text as it is compared: no hidden characters, no full-width twins, lower case, single blanks.
pub fn folded(text: &str) -> String {
    domain::text::normalized(text).to_lowercase()
}

/// What of a product can be searched, the parts kept apart by tabs.
pub fn searchable(product: &Product) -> String {
    let mut text = product.name.clone();
    for sku in &product.skus {
        for part in [&sku.spec_name, &sku.size_text, &sku.item_code, &sku.barcode] {
            if !part.is_empty() && part != domain::product::SINGLE_SPEC {
                text.push('\t');
                text.push_str(part);
            }
        }
    }
    text
}

impl SearchIndex {
    /// An empty index that begins to keep posting lists at `postings_from` rows.
    pub fn new(postings_from: usize) -> Self {
        Self {
            postings_from,
            ..Self::default()
        }
    }

    /// Rows that can be found.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether nothing can be found.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Adds a row or replaces it. The parts of `text` that a term must not span are separated by tabs.
    pub fn put(&mut self, id: i64, text: &str) {
        self.remove(id);
        if self.dead > 1_000 && self.dead > self.slots.len() {
            self.compact();
        }
        let parts: Vec<String> = text.split('\t').map(folded).collect();
        let text = parts.join("\t");
        let (initials, pinyin, starts) = romanised(&text);
        self.slots.insert(id, self.ids.len());
        self.ids.push(id);
        self.alive.push(true);
        self.text.push(&text, None);
        self.initials.push(&initials, None);
        self.pinyin.push(&pinyin, Some(&starts));
        if self.ids.len() >= self.postings_from {
            self.text.keep_postings();
            self.initials.keep_postings();
            self.pinyin.keep_postings();
        }
    }

    /// Takes a row out.
    pub fn remove(&mut self, id: i64) {
        if let Some(slot) = self.slots.remove(&id) {
            self.alive[slot] = false;
            self.dead += 1;
        }
    }

    /// Bytes held in the buffers, for the memory budget.
    pub fn bytes(&self) -> usize {
        self.text.bytes() + self.initials.bytes() + self.pinyin.bytes()
    }

    /// Ids of all rows that match every term, in ascending order; all rows for a query without terms.
    pub fn find(&self, query: &str) -> Vec<i64> {
        let folded = folded(query);
        let mut terms: Vec<&str> = folded.split_whitespace().collect();
        // The longest term leaves the fewest rows for the others.
        terms.sort_by_key(|term| std::cmp::Reverse(term.len()));
        let Some((first, rest)) = terms.split_first() else {
            let mut all: Vec<i64> = self.slots.keys().copied().collect();
            all.sort_unstable();
            return all;
        };
        let rest: Vec<(Finder<'_>, bool)> = rest
            .iter()
            .map(|term| (Finder::new(*term), is_roman(term)))
            .collect();
        let mut slots = self.candidates(first);
        slots.retain(|&slot| {
            self.alive[slot as usize] && rest.iter().all(|(term, roman)| self.holds(slot, term, *roman))
        });
        let mut found: Vec<i64> = slots.into_iter().map(|slot| self.ids[slot as usize]).collect();
        found.sort_unstable();
        found
    }

    /// Slots that hold a term in any buffer, each once, dead ones among them.
    fn candidates(&self, term: &str) -> Vec<u32> {
        let mut slots = self.text.find(term, Scan::Anywhere);
        if is_roman(term) {
            slots.extend(self.initials.find(term, Scan::Anywhere));
            slots.extend(self.pinyin.find(term, Scan::AtStarts));
            slots.sort_unstable();
            slots.dedup();
        }
        slots
    }

    fn holds(&self, slot: u32, term: &Finder<'_>, roman: bool) -> bool {
        self.text.holds(slot, term, Scan::Anywhere)
            || (roman
                && (self.initials.holds(slot, term, Scan::Anywhere)
                    || self.pinyin.holds(slot, term, Scan::AtStarts)))
    }

    /// Writes the living rows into fresh buffers.
    fn compact(&mut self) {
        let mut fresh = Self::new(usize::MAX);
        for (slot, id) in self.ids.iter().enumerate() {
            if self.alive[slot] {
                fresh.put(*id, self.text.row(slot));
            }
        }
        fresh.postings_from = self.postings_from;
        *self = fresh;
    }
}

/// Terms that can be pinyin: Latin letters and digits, at least one letter.
fn is_roman(term: &str) -> bool {
    term.bytes().all(|b| b.is_ascii_alphanumeric()) && term.bytes().any(|b| b.is_ascii_lowercase())
}

/// Initials, full pinyin, and where in the full pinyin a syllable begins. Letters and digits stay as they are (a run
/// of them counts as one syllable); everything else is left out, only tabs stay, to keep the parts apart.
fn romanised(text: &str) -> (String, String, Vec<u32>) {
    let mut initials = String::with_capacity(text.len() / 3);
    let mut full = String::with_capacity(text.len());
    let mut starts = Vec::new();
    let mut in_run = false;
    let at = |full: &String| u32::try_from(full.len()).unwrap_or(u32::MAX);
    for character in text.chars() {
        if let Some(reading) = character.to_pinyin() {
            starts.push(at(&full));
            initials.push_str(reading.first_letter());
            // ü is typed as v.
            full.extend(reading.plain().chars().map(|c| if c == 'ü' { 'v' } else { c }));
            in_run = false;
        } else if character.is_ascii_alphanumeric() {
            if !in_run {
                starts.push(at(&full));
            }
            in_run = true;
            initials.push(character);
            full.push(character);
        } else {
            in_run = false;
            if character == '\t' {
                initials.push('\t');
                full.push('\t');
            }
        }
    }
    (initials, full, starts)
}

#[cfg(test)]
mod tests {
    use super::{POSTINGS_FROM, SearchIndex, folded, romanised};
    use proptest::prelude::*;

    /// What the index must answer, the slow way.
    fn matches(text: &str, query: &str) -> bool {
        let text: Vec<String> = text.split('\t').map(folded).collect();
        let (initials, pinyin, starts) = romanised(&text.join("\t"));
        folded(query).split_whitespace().all(|term| {
            let roman = term.bytes().all(|b| b.is_ascii_alphanumeric())
                && term.bytes().any(|b| b.is_ascii_lowercase());
            text.iter().any(|part| part.contains(term))
                || (roman
                    && (initials.contains(term)
                        || starts.iter().any(|at| pinyin[*at as usize..].starts_with(term))))
        })
    }

    fn found(rows: &[(i64, &str)], query: &str) -> Vec<i64> {
        let mut index = SearchIndex::new(POSTINGS_FROM);
        for (id, text) in rows {
            index.put(*id, text);
        }
        index.find(query)
    }

    #[test]
    fn two_characters_codes_initials_and_pinyin_are_found() {
        let rows = [
            (1, "蒙牛 纯牛奶 250ml*12\t01162\t6923644266066"),
            (2, "伊利酸奶　５００ML\t01163"),
            (3, "女儿红 花雕酒"),
        ];
        assert_eq!(found(&rows, "牛奶"), [1]);
        assert_eq!(found(&rows, "cnn"), [1]);
        assert_eq!(found(&rows, "chunniu"), [1]);
        assert_eq!(
            found(&rows, "unniu"),
            Vec::<i64>::new(),
            "not from the middle of a syllable"
        );
        assert_eq!(found(&rows, "nver"), [3], "ü is typed as v");
        assert_eq!(found(&rows, "500ml"), [2], "full width and case do not matter");
        assert_eq!(found(&rows, "0116"), [1, 2]);
        assert_eq!(found(&rows, "伊利 500"), [2], "all terms must be there");
        assert_eq!(found(&rows, ""), [1, 2, 3]);
        assert_eq!(found(&rows, "牛奶 酸奶"), Vec::<i64>::new());
    }

    #[test]
    fn a_term_never_spans_two_parts() {
        assert_eq!(found(&[(1, "可乐\t01"), (2, "可乐01")], "乐01"), [2]);
    }

    fn row() -> impl Strategy<Value = String> {
        proptest::collection::vec(
            proptest::sample::select(vec![
                "牛", "奶", "蒙", "绿", "酸", "a", "B", "ml", "5", "0", "12", " ", "\t", "５", "Ｂ",
                "\u{200b}", "×", "女",
            ]),
            0..12,
        )
        .prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn the_index_answers_exactly_what_brute_force_answers(
            rows in proptest::collection::vec(row(), 1..40),
            queries in proptest::collection::vec(
                prop_oneof![row(), "[a-z]{1,4}", "[a-z0-9]{1,3}", Just("niunai".to_owned()), Just("nn".to_owned())], 1..8),
            changed in proptest::collection::vec((0_usize..40, proptest::option::of(row())), 0..20),
            postings_from in prop_oneof![Just(1_usize), Just(10), Just(usize::MAX)],
        ) {
            let mut index = SearchIndex::new(postings_from);
            let mut truth = std::collections::BTreeMap::new();
            for (at, text) in rows.iter().enumerate() {
                let id = i64::try_from(at).unwrap();
                index.put(id, text);
                truth.insert(id, text.clone());
            }
            for (at, text) in changed {
                let id = i64::try_from(at).unwrap();
                if let Some(text) = text {
                    index.put(id, &text);
                    truth.insert(id, text);
                } else {
                    index.remove(id);
                    truth.remove(&id);
                }
            }
            for query in queries {
                let wanted: Vec<i64> =
                    truth.iter().filter(|(_, text)| matches(text, &query)).map(|(id, _)| *id).collect();
                prop_assert_eq!(index.find(&query), wanted, "{:?}", query);
            }
        }
    }

    #[test]
    fn rows_replaced_again_and_again_do_not_pile_up() {
        let mut index = SearchIndex::new(usize::MAX);
        for round in 0..50_i64 {
            for id in 0..100 {
                index.put(id, &format!("商品{id}第{round}回"));
            }
        }
        assert_eq!(index.len(), 100);
        assert!(index.bytes() < 100_000, "{}", index.bytes());
        assert_eq!(index.find("第49回").len(), 100);
        assert!(index.find("第48回").is_empty());
    }
}
