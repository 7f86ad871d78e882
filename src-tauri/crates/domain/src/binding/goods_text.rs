//! Names of goods as shops type them, taken apart: the words, the sizes, the pack count, the model numbers.
//!
//! `可口可乐500ml`, `可口可乐 0.5L` and `【整箱】可口可乐` with the spec `500毫升×24` must meet; `11舰灰` and
//! `12舰灰` must not. Units, `×` and `*`, brackets, pack words and full-width twins are understood here and nowhere
//! else.

use crate::product::SINGLE_SPEC;
use crate::text;
use std::collections::BTreeSet;

/// What a size measures.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Dimension {
    /// Thousandths of a millilitre.
    Volume,
    /// Milligrams.
    Mass,
    /// Thousandths of a millimetre.
    Length,
}

/// A size found in a text, in the small unit of its dimension.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Measure {
    /// What is measured.
    pub dimension: Dimension,
    /// How much.
    pub value: u64,
}

/// A name with its spec, taken apart.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct GoodsText {
    /// What is left when sizes, packs, brackets, blanks and signs are taken out; lower case.
    pub core: Vec<char>,
    /// Sizes of the name and the spec.
    pub measures: BTreeSet<Measure>,
    /// Pieces in the pack (`*12`, `12个装`), when one is named.
    pub packs: BTreeSet<u32>,
    /// Numbers and letter-number codes that are neither size nor pack: model, colour number, percentage.
    pub numbers: BTreeSet<String>,
}

impl GoodsText {
    /// Takes a name and its spec apart. A spec that only says 单规格 (or 默认, 无, 标准) says nothing.
    pub fn parse(name: &str, spec: &str) -> Self {
        let mut out = Self::default();
        out.read(name);
        if !is_empty_spec(spec) {
            out.read(spec);
        }
        out
    }

    /// One key for texts that mean the same: words, sizes, packs and numbers, whatever their order of size and pack.
    pub fn key(&self) -> Option<String> {
        if self.core.is_empty() {
            return None;
        }
        let mut key: String = self.core.iter().collect();
        for measure in &self.measures {
            key.push_str(match measure.dimension {
                Dimension::Volume => "\u{1}v",
                Dimension::Mass => "\u{1}m",
                Dimension::Length => "\u{1}l",
            });
            key.push_str(&measure.value.to_string());
        }
        for pack in self.packs.iter().filter(|pack| **pack > 1) {
            key.push_str("\u{1}*");
            key.push_str(&pack.to_string());
        }
        Some(key)
    }

    fn read(&mut self, text: &str) {
        let chars = prepared(text);
        let start = usize::from(
            matches!(chars.as_slice(), [mark, next, ..] if mark.is_ascii_lowercase() && is_han(*next)),
        );
        Reader {
            chars: &chars,
            at: start,
            out: self,
        }
        .run();
    }
}

/// Whether a spec name says nothing about the goods.
pub fn is_empty_spec(spec: &str) -> bool {
    let spec = text::normalized(spec);
    matches!(
        spec.as_str(),
        "" | SINGLE_SPEC | "默认" | "无" | "标准" | "默认规格" | "统一规格" | "null" | "NULL" | "-" | "1"
    )
}

fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

/// Lower case, one sign for "times", no promotional brackets.
fn prepared(text: &str) -> Vec<char> {
    let mut chars: Vec<char> = text::normalized(text).to_lowercase().chars().collect();
    for at in 0..chars.len() {
        let between_numbers = at > 0
            && (chars[at - 1].is_alphanumeric() || chars[at - 1] == ' ')
            && chars[at + 1..]
                .iter()
                .find(|c| **c != ' ')
                .is_some_and(char::is_ascii_digit);
        if matches!(chars[at], '×' | '✕' | '✖' | '╳')
            || (chars[at] == 'x' && between_numbers && !chars[at - 1].is_ascii_lowercase())
            || (chars[at] == 'x'
                && between_numbers
                && matches!(chars[..at], [.., digit, 'g' | 'l'] | [.., digit, 'm', 'l'] | [.., digit, 'k', 'g'] if digit.is_ascii_digit()))
        {
            chars[at] = '*';
        }
    }
    without_promotion(&chars)
}

/// Drops `【…】` that carries no number: 【包邮】, 【整箱】, 【热卖】.
fn without_promotion(chars: &[char]) -> Vec<char> {
    let mut out = Vec::with_capacity(chars.len());
    let mut at = 0;
    while at < chars.len() {
        if chars[at] == '【'
            && let Some(length) = chars[at..].iter().position(|c| *c == '】')
        {
            let inside = &chars[at + 1..at + length];
            if inside.iter().any(char::is_ascii_digit) {
                out.extend_from_slice(inside);
            }
            at += length + 1;
            continue;
        }
        out.push(chars[at]);
        at += 1;
    }
    if out.iter().any(|c| c.is_alphanumeric()) {
        out
    } else {
        chars.to_vec()
    }
}

/// Size units, longest first, with what one is worth in the small unit.
const SIZES: &[(&str, Dimension, u64)] = &[
    ("毫升", Dimension::Volume, 1_000),
    ("公升", Dimension::Volume, 1_000_000),
    ("千克", Dimension::Mass, 1_000_000),
    ("公斤", Dimension::Mass, 1_000_000),
    ("毫克", Dimension::Mass, 1),
    ("厘米", Dimension::Length, 10_000),
    ("公分", Dimension::Length, 10_000),
    ("毫米", Dimension::Length, 1_000),
    ("ml", Dimension::Volume, 1_000),
    ("cc", Dimension::Volume, 1_000),
    ("kg", Dimension::Mass, 1_000_000),
    ("mg", Dimension::Mass, 1),
    ("cm", Dimension::Length, 10_000),
    ("mm", Dimension::Length, 1_000),
    ("升", Dimension::Volume, 1_000_000),
    ("克", Dimension::Mass, 1_000),
    ("斤", Dimension::Mass, 500_000),
    ("两", Dimension::Mass, 50_000),
    ("米", Dimension::Length, 1_000_000),
    ("l", Dimension::Volume, 1_000_000),
    ("g", Dimension::Mass, 1_000),
    ("m", Dimension::Length, 1_000_000),
];

/// Words that count pieces.
const PIECES: &[&str] = &[
    "连包", "联包", "小包", "小袋", "个", "只", "片", "包", "袋", "瓶", "罐", "支", "枚", "粒", "盒", "听",
    "条", "卷", "根", "块", "桶", "杯", "张", "双", "对", "套", "提", "箱", "件", "入", "联", "连", "排",
    "板",
];

struct Reader<'a> {
    chars: &'a [char],
    at: usize,
    out: &'a mut GoodsText,
}

impl Reader<'_> {
    fn run(mut self) {
        while let Some(&character) = self.chars.get(self.at) {
            if character.is_ascii_digit() {
                self.number();
            } else if character.is_ascii_lowercase() {
                self.letters();
            } else {
                if character.is_alphanumeric() {
                    self.out.core.push(character);
                }
                self.at += 1;
            }
        }
    }

    /// Letters, with the digits that belong to them (`b-1088`, `k704nb`).
    fn letters(&mut self) {
        let start = self.at;
        let mut digits = false;
        while let Some(&character) = self.chars.get(self.at) {
            let joins = character.is_ascii_alphanumeric()
                || (character == '-'
                    && !digits
                    && self.at - start <= 3
                    && self.chars.get(self.at + 1).is_some_and(char::is_ascii_digit));
            if !joins {
                break;
            }
            digits |= character.is_ascii_digit();
            self.at += 1;
        }
        let word: String = self.chars[start..self.at].iter().filter(|c| **c != '-').collect();
        self.out.core.extend(word.chars());
        if digits {
            self.out.numbers.insert(word);
        }
    }

    fn number(&mut self) {
        let (digits, milli) = self.digits();
        self.blanks();
        if let Some((dimension, unit)) = self.size() {
            self.out.measures.insert(Measure {
                dimension,
                value: milli.saturating_mul(unit) / 1_000,
            });
            self.times();
            self.per_piece();
        } else if self.piece() {
            self.pack(milli);
            self.times();
        } else if self.chars.get(self.at) == Some(&'*') {
            let save = self.at;
            self.at += 1;
            self.blanks();
            if self.chars.get(self.at).is_some_and(char::is_ascii_digit) {
                self.crossed(&digits, milli);
            } else {
                self.at = save;
                self.plain(&digits);
            }
        } else {
            self.plain(&digits);
        }
    }

    /// `a*b`: `12*34g` is a pack of 12, `750*12瓶` a size without unit and a pack of 12.
    fn crossed(&mut self, first: &str, first_milli: u64) {
        let (_, milli) = self.digits();
        self.blanks();
        if let Some((dimension, unit)) = self.size() {
            self.pack(first_milli);
            self.out.measures.insert(Measure {
                dimension,
                value: milli.saturating_mul(unit) / 1_000,
            });
        } else {
            self.piece();
            if first_milli >= 1_000 * 10 || first.contains('.') {
                self.out.numbers.insert(first.to_owned());
                self.pack(milli);
            } else {
                self.pack(first_milli);
                self.pack(milli);
            }
        }
        self.times();
        self.per_piece();
    }

    fn plain(&mut self, digits: &str) {
        let mut word = digits.to_owned();
        while let Some(&letter) = self.chars.get(self.at) {
            if !(letter.is_ascii_alphanumeric() || letter == '%') {
                break;
            }
            word.push(letter);
            self.at += 1;
        }
        self.out.core.extend(word.chars().filter(|c| c.is_alphanumeric()));
        self.out.numbers.insert(word);
    }

    fn digits(&mut self) -> (String, u64) {
        let start = self.at;
        while self.chars.get(self.at).is_some_and(|c| {
            c.is_ascii_digit()
                || (*c == '.'
                    && self.at > start
                    && self.chars.get(self.at + 1).is_some_and(char::is_ascii_digit)
                    && !self.chars[start..self.at].contains(&'.'))
        }) {
            self.at += 1;
        }
        let text: String = self.chars[start..self.at].iter().collect();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let mut thousandths: String = fraction.chars().take(3).collect();
        while thousandths.len() < 3 {
            thousandths.push('0');
        }
        let milli = whole
            .parse::<u64>()
            .unwrap_or(u64::MAX)
            .saturating_mul(1_000)
            .saturating_add(thousandths.parse().unwrap_or(0));
        (text, milli)
    }

    fn blanks(&mut self) {
        while self.chars.get(self.at) == Some(&' ') {
            self.at += 1;
        }
    }

    fn size(&mut self) -> Option<(Dimension, u64)> {
        let rest = &self.chars[self.at..];
        let (word, dimension, unit) = SIZES.iter().find(|(word, ..)| {
            let after = rest.get(word.chars().count());
            // `315米黄色` is a colour and `3米粉` is food, no length.
            let part_of_a_word = *word == "米" && after.is_some_and(|c| "黄白色粉饭线花棕灰".contains(*c));
            let longer_latin = word.is_ascii() && after.is_some_and(char::is_ascii_lowercase);
            starts_with(rest, word) && !part_of_a_word && !longer_latin
        })?;
        self.at += word.chars().count();
        Some((*dimension, *unit))
    }

    fn piece(&mut self) -> bool {
        let rest = &self.chars[self.at..];
        let Some(word) = PIECES.iter().find(|word| starts_with(rest, word)) else {
            return false;
        };
        self.at += word.chars().count();
        while matches!(self.chars.get(self.at), Some('装' | '入')) {
            self.at += 1;
        }
        true
    }

    fn pack(&mut self, milli: u64) {
        if let Ok(count) = u32::try_from(milli / 1_000)
            && count > 0
        {
            self.out.packs.insert(count);
        }
    }

    /// `*12瓶` after a size.
    fn times(&mut self) {
        loop {
            let save = self.at;
            self.blanks();
            if self.chars.get(self.at) != Some(&'*') {
                self.at = save;
                return;
            }
            self.at += 1;
            self.blanks();
            if !self.chars.get(self.at).is_some_and(char::is_ascii_digit) {
                return;
            }
            let (_, milli) = self.digits();
            self.blanks();
            if let Some((dimension, unit)) = self.size() {
                self.out.measures.insert(Measure {
                    dimension,
                    value: milli.saturating_mul(unit) / 1_000,
                });
            } else {
                self.piece();
                self.pack(milli);
            }
        }
    }

    /// `/瓶` and `瓶装` after a size say nothing more.
    fn per_piece(&mut self) {
        let save = self.at;
        if self.chars.get(self.at) == Some(&'/') {
            self.at += 1;
            if !self.piece() {
                self.at = save;
            }
        } else if matches!(self.chars.get(self.at), Some('装')) {
            self.at += 1;
        } else if self.chars.get(self.at + 1) == Some(&'装') {
            self.piece();
        }
    }
}

fn starts_with(text: &[char], word: &str) -> bool {
    let mut at = 0;
    word.chars().all(|c| {
        at += 1;
        text.get(at - 1) == Some(&c)
    })
}

#[cfg(test)]
mod tests {
    use super::{Dimension, GoodsText, Measure};

    fn key(name: &str, spec: &str) -> String {
        GoodsText::parse(name, spec).key().unwrap_or_default()
    }

    #[test]
    fn the_same_goods_written_differently_share_a_key() {
        for (left, right) in [
            (("可口可乐500ml", ""), ("可口可乐", "500毫升")),
            (("可口可乐 0.5L", "单规格"), ("可口可乐（500ML）", "默认")),
            (("【整箱】可口可乐", "500毫升×24"), ("可口可乐", "24*500ml")),
            (("可乐 500ml x 24瓶/箱", ""), ("可乐", "500ML*24")),
            (("红糖１公斤", ""), ("红糖", "1000克")),
            (("硅密封胶 300ml/瓶", ""), ("硅密封胶", "300mL")),
            (("抽纸 3包装", ""), ("抽纸", "3包")),
        ] {
            assert_eq!(key(left.0, left.1), key(right.0, right.1), "{left:?} {right:?}");
        }
    }

    #[test]
    fn twins_that_differ_in_size_pack_or_number_do_not() {
        for (left, right) in [
            (("可口可乐", "500ml"), ("可口可乐", "330ml")),
            (("可口可乐", "500ml*12"), ("可口可乐", "500ml*24")),
            (("自动喷漆 11舰灰", ""), ("自动喷漆 12舰灰", "")),
            (("密封胶 K-704", ""), ("密封胶 K-704NB", "")),
        ] {
            assert_ne!(key(left.0, left.1), key(right.0, right.1), "{left:?} {right:?}");
        }
    }

    #[test]
    fn sizes_packs_and_numbers_are_told_apart() {
        let text = GoodsText::parse("保赐利 B-1088 11舰灰 200g/400mL", "");
        let measures: Vec<Measure> = text.measures.iter().copied().collect();
        assert_eq!(
            measures,
            [
                Measure {
                    dimension: Dimension::Volume,
                    value: 400_000
                },
                Measure {
                    dimension: Dimension::Mass,
                    value: 200_000
                }
            ]
        );
        assert_eq!(
            text.numbers.iter().map(String::as_str).collect::<Vec<_>>(),
            ["11", "b1088"]
        );
        assert_eq!(text.core.iter().collect::<String>(), "保赐利b108811舰灰");
        assert_eq!(GoodsText::parse("蛋黄派", "34g*12").packs.first(), Some(&12));
    }

    #[test]
    fn the_mark_that_a_shop_puts_before_its_names_is_dropped() {
        assert_eq!(key("A可可曲奇", ""), key("可可曲奇", ""));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken_apart_without_a_panic(name in "\\PC{0,40}", spec in "[0-9*×xgml克./ 装瓶.]{0,24}") {
            let text = GoodsText::parse(&name, &spec);
            proptest::prop_assert_eq!(&text, &GoodsText::parse(&name, &spec));
        }
    }
}
