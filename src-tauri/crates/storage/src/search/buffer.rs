//! One contiguous buffer of rows with a memmem scan, and posting lists of character pairs when it is large.

use memchr::memmem::Finder;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Keeps the rows apart; no folded text holds it.
const END: u8 = b'\n';

/// Where in a row a term may begin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scan {
    /// At any byte.
    Anywhere,
    /// Only where the row says that something begins.
    AtStarts,
}

/// Rows one behind the other.
#[derive(Default)]
pub(super) struct Buffer {
    bytes: String,
    /// Where each row begins; its end is one byte before the next one.
    rows: Vec<usize>,
    /// One bit a byte: something begins here. Empty when the buffer has no starts.
    starts: Vec<u64>,
    postings: Option<Postings>,
}

/// Slots by pair of neighbouring characters, ascending.
type Postings = HashMap<u64, Vec<u32>, BuildHasherDefault<PairHasher>>;

/// A pair is a number already: one multiplication spreads it well enough.
#[derive(Default)]
struct PairHasher(u64);

impl Hasher for PairHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 ^= self.0 >> 29;
    }
}

fn pair(first: char, second: char) -> u64 {
    (u64::from(u32::from(first)) << 32) | u64::from(u32::from(second))
}

fn pairs(text: &str) -> impl Iterator<Item = u64> + '_ {
    text.chars().zip(text.chars().skip(1)).map(|(a, b)| pair(a, b))
}

impl Buffer {
    pub(super) fn push(&mut self, row: &str, starts: Option<&[u32]>) {
        let from = self.bytes.len();
        let slot = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.rows.push(from);
        self.bytes.push_str(row);
        self.bytes.push(char::from(END));
        if let Some(starts) = starts {
            self.starts.resize(self.bytes.len() / 64 + 1, 0);
            for at in starts {
                let at = from + *at as usize;
                self.starts[at / 64] |= 1 << (at % 64);
            }
        }
        if let Some(mut postings) = self.postings.take() {
            self.post(&mut postings, slot);
            self.postings = Some(postings);
        }
    }

    pub(super) fn row(&self, slot: usize) -> &str {
        let end = self.rows.get(slot + 1).copied().unwrap_or(self.bytes.len());
        &self.bytes[self.rows[slot]..end - 1]
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes.len() + self.starts.len() * 8 + self.rows.len() * 8
    }

    pub(super) fn keep_postings(&mut self) {
        if self.postings.is_some() {
            return;
        }
        let mut postings = Postings::default();
        for slot in 0..self.rows.len() {
            self.post(&mut postings, u32::try_from(slot).unwrap_or(u32::MAX));
        }
        self.postings = Some(postings);
    }

    fn post(&self, postings: &mut Postings, slot: u32) {
        let row = self.row(slot as usize);
        let mut add = |key: u64| {
            let slots = postings.entry(key).or_default();
            if slots.last() != Some(&slot) {
                slots.push(slot);
            }
        };
        if self.starts.is_empty() {
            pairs(row).for_each(&mut add);
            return;
        }
        // A buffer with starts is only asked for terms that begin there, so their first pair is enough.
        let from = self.rows[slot as usize];
        let bytes = row.as_bytes();
        for at in 0..bytes.len().saturating_sub(1) {
            if self.is_start(from + at) {
                add(pair(char::from(bytes[at]), char::from(bytes[at + 1])));
            }
        }
    }

    fn is_start(&self, at: usize) -> bool {
        self.starts
            .get(at / 64)
            .is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    pub(super) fn holds(&self, slot: u32, term: &Finder<'_>, scan: Scan) -> bool {
        let row = self.row(slot as usize);
        match scan {
            Scan::Anywhere => term.find(row.as_bytes()).is_some(),
            Scan::AtStarts => {
                let from = self.rows[slot as usize];
                overlapping(row, term).any(|at| self.is_start(from + at))
            }
        }
    }

    /// The slots that hold a term, ascending, each once.
    pub(super) fn find(&self, term: &str, scan: Scan) -> Vec<u32> {
        if let Some(postings) = &self.postings
            && term.chars().nth(1).is_some()
        {
            let keys = pairs(term).take(if scan == Scan::AtStarts { 1 } else { usize::MAX });
            let mut rarest: Option<&Vec<u32>> = None;
            for key in keys {
                let Some(slots) = postings.get(&key) else {
                    return Vec::new();
                };
                if rarest.is_none_or(|other| slots.len() < other.len()) {
                    rarest = Some(slots);
                }
            }
            let finder = Finder::new(term);
            let slots = rarest.map(Vec::as_slice).unwrap_or_default();
            return slots
                .iter()
                .copied()
                .filter(|slot| self.holds(*slot, &finder, scan))
                .collect();
        }
        self.scan(term, scan)
    }

    fn scan(&self, term: &str, scan: Scan) -> Vec<u32> {
        let finder = Finder::new(term.as_bytes());
        let bytes = self.bytes.as_bytes();
        let mut found = Vec::new();
        let (mut at, mut slot) = (0, 0_usize);
        while let Some(hit) = bytes.get(at..).and_then(|rest| finder.find(rest)) {
            let hit = at + hit;
            if scan == Scan::AtStarts && !self.is_start(hit) {
                at = hit + 1;
                continue;
            }
            // Hits come in order: gallop from the last row to the one of this hit.
            let mut step = 1;
            while self.rows.get(slot + step).is_some_and(|start| *start <= hit) {
                slot += step;
                step *= 2;
            }
            slot += self.rows[slot..(slot + step).min(self.rows.len())]
                .partition_point(|start| *start <= hit)
                - 1;
            found.push(u32::try_from(slot).unwrap_or(u32::MAX));
            at = self.rows.get(slot + 1).copied().unwrap_or(bytes.len());
        }
        found
    }
}

/// Positions of a term that overlap earlier ones, which a plain search skips.
fn overlapping<'a>(row: &'a str, term: &'a Finder<'_>) -> impl Iterator<Item = usize> + 'a {
    let mut at = 0;
    std::iter::from_fn(move || {
        let hit = at + term.find(row.as_bytes().get(at..)?)?;
        at = hit + 1;
        Some(hit)
    })
}
