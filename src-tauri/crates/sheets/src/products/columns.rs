//! Which column is which: words of the header first, then whether the column looks the part.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::code::{fold, is_gtin};
use super::words::{AVOID, WORDS};

/// What a column of a product sheet can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Product name.
    Name,
    /// Size or variant text.
    Spec,
    /// Own code (商品编码), the link to the ERP.
    ItemCode,
    /// Barcode (规格编码): what platforms verify.
    Barcode,
    /// Number that rows of one product share.
    Spu,
    /// Category, or the whole path when levels are joined by `>` or `/`.
    Category,
    /// First category level.
    Category1,
    /// Second category level.
    Category2,
    /// Third category level.
    Category3,
    /// Selling price in yuan.
    Price,
    /// Purchase price in yuan.
    Cost,
    /// Unit of sale.
    Unit,
    /// Stock on hand.
    Stock,
    /// How many ERP units one sale takes.
    BaseQuantity,
    /// Picture address or file name.
    Picture,
    /// Brand.
    Brand,
    /// Description.
    Description,
    /// Weight, as written.
    Weight,
}

impl Field {
    /// All fields, in the order they are shown.
    pub const ALL: [Self; 18] = [
        Self::Name,
        Self::Spec,
        Self::ItemCode,
        Self::Barcode,
        Self::Spu,
        Self::Category,
        Self::Category1,
        Self::Category2,
        Self::Category3,
        Self::Price,
        Self::Cost,
        Self::Unit,
        Self::Stock,
        Self::BaseQuantity,
        Self::Picture,
        Self::Brand,
        Self::Description,
        Self::Weight,
    ];

    /// The name used in mapping files and in [`crate::Rejection::field`].
    pub const fn id(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Spec => "spec",
            Self::ItemCode => "item_code",
            Self::Barcode => "barcode",
            Self::Spu => "spu",
            Self::Category => "category",
            Self::Category1 => "category1",
            Self::Category2 => "category2",
            Self::Category3 => "category3",
            Self::Price => "price",
            Self::Cost => "cost",
            Self::Unit => "unit",
            Self::Stock => "stock",
            Self::BaseQuantity => "base_quantity",
            Self::Picture => "picture",
            Self::Brand => "brand",
            Self::Description => "description",
            Self::Weight => "weight",
        }
    }
}

/// Why a column was taken for a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The header is one of the names used for the field.
    HeaderWord,
    /// The header contains such a name.
    HeaderContains,
    /// Most values are codes with a right check digit.
    LooksLikeBarcodes,
    /// Most values are amounts.
    LooksLikeAmounts,
    /// Hardly any value is there.
    MostlyEmpty,
    /// The values do not look like the field.
    LooksOtherwise,
}

/// What the values of one column look like, from a sample.
#[derive(Debug, Clone, Default)]
pub(crate) struct Look {
    pub(crate) rows: u32,
    pub(crate) filled: u32,
    gtins: u32,
    digits: u32,
    amounts: u32,
    long_text: u32,
}

impl Look {
    pub(crate) fn add(&mut self, text: &str) {
        self.filled += 1;
        let folded: String = text.chars().map(fold).collect();
        let compact = folded.trim().trim_matches(['\'', '\t', '=', '"']);
        let compact = compact.strip_suffix(".0").unwrap_or(compact);
        self.gtins += u32::from(is_gtin(compact));
        self.digits += u32::from(compact.len() >= 5 && compact.bytes().all(|byte| byte.is_ascii_digit()));
        self.amounts += u32::from(super::amount::price(text).is_ok_and(|amount| amount.is_some()));
        self.long_text += u32::from(
            compact
                .chars()
                .any(|character| character.is_alphabetic() && !character.is_ascii())
                || compact.split_whitespace().count() > 1,
        );
    }

    fn share(&self, part: u32) -> f64 {
        if self.filled == 0 {
            0.0
        } else {
            f64::from(part) / f64::from(self.filled)
        }
    }

    fn fill(&self) -> f64 {
        if self.rows == 0 {
            0.0
        } else {
            f64::from(self.filled) / f64::from(self.rows)
        }
    }
}

/// One header cell: its text and what it says.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub(crate) column: u32,
    pub(crate) text: String,
    scores: Vec<(Field, f64, Reason)>,
}

impl Header {
    pub(crate) fn new(column: u32, text: String) -> Self {
        let scores = judge(&text);
        Self { column, text, scores }
    }

    /// A header over two rows: the lower cell decides when it says anything.
    pub(crate) fn over_two_rows(column: u32, upper: &str, lower: &str) -> Self {
        let text = [upper, lower]
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" ");
        let mut scores = judge(lower);
        if scores.is_empty() {
            scores = judge(&text);
        }
        Self { column, text, scores }
    }

    /// How clearly the cell is a header of something known, 0 to 1.
    pub(crate) fn clarity(&self) -> f64 {
        self.scores.iter().map(|score| score.1).fold(0.0, f64::max)
    }

    #[cfg(test)]
    fn field(&self) -> Option<Field> {
        self.scores
            .iter()
            .max_by(|left, right| left.1.total_cmp(&right.1))
            .map(|score| score.0)
    }
}

/// A header without what only decorates it: required marks, notes in brackets, notes on further lines.
pub(crate) fn normalise(text: &str) -> String {
    let folded: String = text.chars().map(fold).collect::<String>().to_lowercase();
    let first = folded
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let mut out = String::new();
    let mut depth = 0_u32;
    for character in first.chars() {
        match character {
            '(' | '[' | '【' | '{' => depth += 1,
            ')' | ']' | '】' | '}' => depth = depth.saturating_sub(1),
            ' ' | '_' if depth == 0 => out.push(' '),
            '*' | '※' | ':' | ' ' | '\t' | '"' | '\'' | '_' | '\u{200B}' | '\u{FEFF}' => {}
            other if depth == 0 => out.push(other),
            _ => {}
        }
    }
    let mut out = out.split_whitespace().collect::<Vec<_>>().join(" ");
    for tail in ["-下拉选择", "-多选", "必填", "选填"] {
        if let Some(at) = out.find(tail) {
            out.truncate(at);
        }
    }
    if let Some((_, attribute)) = out.strip_prefix("类目属性").and_then(|rest| rest.split_once('-')) {
        out = attribute.to_owned();
    }
    if out.contains(|character: char| !character.is_ascii()) {
        out.retain(|character| character != ' ');
    }
    out
}

fn judge(text: &str) -> Vec<(Field, f64, Reason)> {
    let plain = normalise(text);
    if plain.is_empty() || plain.chars().count() > 24 {
        return Vec::new();
    }
    if AVOID.iter().any(|word| plain == *word) {
        return Vec::new();
    }
    // A platform's own attribute columns (`类目属性0-涂层类别`) only count when they say exactly the word.
    let attribute = text.starts_with("类目属性");
    let squeezed: String = plain.chars().filter(|character| *character != ' ').collect();
    let mut scores = Vec::new();
    for (field, words) in WORDS {
        let mut best: Option<(f64, Reason)> = None;
        for (word, weight) in *words {
            let found = if squeezed == word.replace(' ', "") {
                Some((*weight, Reason::HeaderWord))
            } else if !attribute && contains(&plain, word) {
                Some((*weight * 0.6, Reason::HeaderContains))
            } else {
                None
            };
            if let Some(found) = found
                && best.is_none_or(|best| found.0 > best.0)
            {
                best = Some(found);
            }
        }
        if let Some((score, reason)) = best {
            scores.push((*field, score, reason));
        }
    }
    scores
}

/// Whether the header ends or begins with the word (Chinese), or has it as a word of its own (Latin).
fn contains(plain: &str, word: &str) -> bool {
    if word.is_ascii() {
        return plain.split([' ', '-', '.', '/']).any(|part| part == word)
            && !AVOID.iter().any(|avoid| plain.contains(avoid));
    }
    word.chars().count() >= 2
        && (plain.ends_with(word) || plain.starts_with(word))
        && !AVOID
            .iter()
            .any(|avoid| !avoid.is_ascii() && plain.contains(avoid))
}

/// A column taken for a field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Choice {
    pub(crate) column: u32,
    pub(crate) score: f64,
    pub(crate) reasons: Vec<Reason>,
}

/// Gives each field the best column and each column one field at most.
pub(crate) fn assign(headers: &[Header], looks: &BTreeMap<u32, Look>) -> BTreeMap<Field, Choice> {
    let empty = Look::default();
    let mut offers = Vec::new();
    for header in headers {
        let look = looks.get(&header.column).unwrap_or(&empty);
        for (field, score, reason) in &header.scores {
            offers.push((*field, weigh(*field, header.column, *score, *reason, look)));
        }
        if look.share(look.gtins) >= 0.5 && look.filled >= 2 {
            let generic = matches!(
                normalise(&header.text).as_str(),
                "code" | "编码" | "编号" | "代码" | "码"
            );
            let score = if generic { 0.9 } else { 0.45 };
            let reasons = vec![Reason::LooksLikeBarcodes];
            offers.push((
                Field::Barcode,
                Choice {
                    column: header.column,
                    score,
                    reasons,
                },
            ));
        }
    }
    offers.sort_by(|left, right| {
        right
            .1
            .score
            .total_cmp(&left.1.score)
            .then(left.1.column.cmp(&right.1.column))
    });
    let mut chosen: BTreeMap<Field, Choice> = BTreeMap::new();
    for (field, choice) in offers {
        let taken = chosen.values().any(|other| other.column == choice.column);
        if choice.score >= 0.3 && !taken {
            chosen.entry(field).or_insert(choice);
        }
    }
    chosen
}

fn weigh(field: Field, column: u32, score: f64, reason: Reason, look: &Look) -> Choice {
    let mut score = score;
    let mut reasons = vec![reason];
    if look.rows >= 2 && look.fill() < 0.02 {
        score *= 0.6;
        reasons.push(Reason::MostlyEmpty);
    } else if look.filled >= 2 {
        let (factor, note) = match field {
            Field::Barcode if look.share(look.gtins) >= 0.5 => (1.1, Some(Reason::LooksLikeBarcodes)),
            Field::Price | Field::Cost | Field::Stock | Field::BaseQuantity
                if look.share(look.amounts) >= 0.6 =>
            {
                (1.05, Some(Reason::LooksLikeAmounts))
            }
            Field::Price | Field::Cost | Field::Stock | Field::BaseQuantity
                if look.share(look.amounts) < 0.2 =>
            {
                (0.5, Some(Reason::LooksOtherwise))
            }
            Field::Name if look.share(look.digits) > 0.8 => (0.4, Some(Reason::LooksOtherwise)),
            Field::ItemCode | Field::Barcode | Field::Spu if look.share(look.long_text) > 0.8 => {
                (0.7, Some(Reason::LooksOtherwise))
            }
            _ => (1.0, None),
        };
        score *= factor * (0.9 + 0.1 * look.fill());
        reasons.extend(note);
    }
    Choice {
        column,
        score,
        reasons,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_texts_point_at_their_fields() {
        for (text, field) in [
            ("名称（必填）", Some(Field::Name)),
            ("商品标题(必填)\n上限100字符", Some(Field::Name)),
            ("货品名称*", Some(Field::Name)),
            ("title", Some(Field::Name)),
            ("规格名称", Some(Field::Spec)),
            ("颜色及规格", Some(Field::Spec)),
            ("规格编码", Some(Field::Barcode)),
            ("SKU编码*", Some(Field::ItemCode)),
            ("商品编码", Some(Field::ItemCode)),
            ("国标码", Some(Field::Barcode)),
            ("bar_code", Some(Field::Barcode)),
            ("款式编码", Some(Field::Spu)),
            ("零售价（元）", Some(Field::Price)),
            ("价格 售价", Some(Field::Price)),
            ("价格 进价", Some(Field::Cost)),
            ("SALEPRICE", Some(Field::Price)),
            ("INPRICE", Some(Field::Cost)),
            ("销售单位-下拉选择(必填)", Some(Field::Unit)),
            ("一级分类", Some(Field::Category1)),
            ("ENLISH_NAME", None),
            ("供应商名称", None),
            ("会员价", None),
            ("备注", None),
            ("库存同步", None),
            ("类目属性0-涂层类别-下拉选择", None),
            ("类目属性2-净含量(必填)", Some(Field::Spec)),
        ] {
            assert_eq!(Header::new(0, text.to_owned()).field(), field, "{text}");
        }
    }
}
