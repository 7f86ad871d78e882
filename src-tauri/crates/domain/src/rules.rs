//! Rule packs: what platforms ask, as data (assets/rules/*.toml), so that a newer pack needs no release.

use crate::finding::Severity;
use serde::{Deserialize, Serialize};

/// One text that enters a matching key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyField {
    /// 第三方SKU编码.
    OuterSkuCode,
    /// 商品名称.
    ProductName,
    /// 规格名称.
    SpecName,
}

/// A key by the spec kind of the library product.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KeyRule {
    /// For single-spec products.
    pub single: Vec<KeyField>,
    /// For multi-spec products.
    pub multi: Vec<KeyField>,
}

/// How order lines find their listing (problems.md 1.4.1).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MatchRules {
    /// The first time.
    pub first_push: KeyRule,
    /// When the first way found nothing, and on every repush.
    pub repush: KeyRule,
}

impl Default for MatchRules {
    fn default() -> Self {
        use KeyField::{OuterSkuCode, ProductName, SpecName};
        let all = vec![OuterSkuCode, ProductName, SpecName];
        let names = vec![ProductName, SpecName];
        Self {
            first_push: KeyRule {
                single: all.clone(),
                multi: all,
            },
            repush: KeyRule {
                single: names.clone(),
                multi: names,
            },
        }
    }
}

/// What a platform asks of listings. A limit that is `None` is not known and not checked.
#[expect(clippy::struct_excessive_bools, reason = "each is one line of a rule pack")]
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListingRules {
    /// Longest 商品名称 in characters.
    pub name_max: Option<usize>,
    /// Longest 规格名称 in characters.
    pub spec_name_max: Option<usize>,
    /// Longest group name per level in characters (F59).
    pub group_name_max: Option<usize>,
    /// Levels of groups.
    pub group_levels: Option<usize>,
    /// A first-level group with products cannot get children (F41), a parent with children takes no products (F57).
    pub group_products_or_children: bool,
    /// Which problems.md row the two sides of that rule are: products directly in a parent, children under a full one.
    pub group_rule_ids: Vec<String>,
    /// Lowest price in fen.
    pub price_min_fen: Option<i64>,
    /// Highest price in fen (F09).
    pub price_max_fen: Option<i64>,
    /// Highest stock.
    pub stock_max: Option<i64>,
    /// A new product needs a picture (F42a).
    pub picture_required: bool,
    /// Most pictures.
    pub pictures_max: Option<usize>,
    /// New pictures are shown only after a review; not shown for so many hours they count as refused (F56).
    pub picture_review_hours: Option<i64>,
    /// Category (类目) should be given; with what severity its absence is told (F38).
    pub category_missing: Option<Severity>,
    /// Products have no field for a barcode that we know of: none is sent, and none is asked for.
    pub no_barcodes: bool,
    /// What an empty barcode weighs while the UPC switch is on (F23).
    pub barcode_missing: Option<Severity>,
    /// What an invalid barcode weighs (F39: it would be stored blank).
    pub barcode_invalid: Option<Severity>,
    /// Barcodes must be unique within the store (F27, F44).
    pub barcode_unique: bool,
    /// A lone SKU must be called 单规格 or becomes multi-spec (F51).
    pub single_spec_name_required: bool,
    /// Longest 第三方SKU编码.
    pub outer_sku_code_max: Option<usize>,
    /// A product without codes is found by its name and group when it gets them, so its group must be known (F40).
    pub codes_by_group: bool,
    /// 类目 of a synced multi-spec product is locked (F60).
    pub multi_spec_category_locked: bool,
    /// Products have one spec that shows no name: any other stands in the title, and several have no place (F67).
    pub single_spec_only: bool,
}

/// One platform's rule pack.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulePack {
    /// Platform id.
    pub platform: String,
    /// Date of the pack, `YYYY-MM-DD`.
    pub date: String,
    /// Where its facts come from.
    pub source: String,
    /// How lines find listings.
    #[serde(default)]
    pub matching: MatchRules,
    /// What listings must satisfy.
    #[serde(default)]
    pub listing: ListingRules,
}

/// Whether and how a refusal is tried again (problems.md 1.6).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// Never by itself.
    Never,
    /// Once the data it names has changed.
    AfterFix,
    /// After the store was read again.
    AfterReread,
    /// Later, with growing pauses.
    BackOff,
    /// At once, a few times.
    Few,
}

/// One line of the error dictionary: first match wins, most specific first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorPattern {
    /// Text that the refusal contains. `{name}` stands for a value that is kept as a parameter of that name.
    pub contains: String,
    /// The row of problems.md.
    pub cause: String,
    /// Whether to try again.
    pub retry: Retry,
    /// The product is gone there: once the store was read again it can be made anew (F71).
    #[serde(default)]
    pub anew: bool,
    /// Another 类目, or what it asks for, is a way out (F64, F66).
    #[serde(default)]
    pub category: bool,
    /// Where the text was seen.
    #[serde(default)]
    pub source: String,
}

impl ErrorPattern {
    /// Matches a text; the values of the placeholders by name.
    pub fn matches(&self, text: &str) -> Option<Vec<(String, String)>> {
        let mut values = Vec::new();
        let mut pattern = self.contains.as_str();
        let mut open: Option<String> = None;
        let mut rest = text;
        let mut anchored = false;
        loop {
            let (literal, placeholder, after) = match pattern.find('{') {
                Some(at) => {
                    let end = pattern[at..].find('}').map(|e| at + e)?;
                    (
                        &pattern[..at],
                        Some(pattern[at + 1..end].to_owned()),
                        &pattern[end + 1..],
                    )
                }
                None => (pattern, None, ""),
            };
            let found = if literal.is_empty() && placeholder.is_none() {
                rest.len()
            } else {
                rest.find(literal)?
            };
            if let Some(name) = open.take() {
                values.push((name, rest[..found].to_owned()));
            } else if anchored && found != 0 {
                return None;
            }
            rest = &rest[found + literal.len()..];
            anchored = true;
            match placeholder {
                Some(name) => open = Some(name),
                None => return Some(values),
            }
            pattern = after;
        }
    }
}

/// The whole dictionary.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorDictionary {
    /// Date of the file, `YYYY-MM-DD`.
    pub date: String,
    /// Lines in order.
    pub pattern: Vec<ErrorPattern>,
}

/// A refusal recognised.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recognized {
    /// The row of problems.md.
    pub cause: String,
    /// Whether to try again.
    pub retry: Retry,
    /// The product is gone there and can be made anew.
    pub anew: bool,
    /// Another 类目 is a way out.
    pub category: bool,
    /// Values found in the text.
    pub params: Vec<(String, String)>,
}

impl ErrorDictionary {
    /// The first line that fits.
    pub fn recognize(&self, text: &str) -> Option<Recognized> {
        self.pattern.iter().find_map(|line| {
            line.matches(text).map(|params| Recognized {
                cause: line.cause.clone(),
                retry: line.retry,
                anew: line.anew,
                category: line.category,
                params,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{ErrorPattern, Retry};

    fn pattern(contains: &str) -> ErrorPattern {
        ErrorPattern {
            contains: contains.into(),
            cause: "F03".into(),
            retry: Retry::Never,
            anew: false,
            category: false,
            source: String::new(),
        }
    }

    #[test]
    fn placeholders_keep_what_stood_there() {
        let found = pattern("商品编号[{code}]没有匹配商品")
            .matches("重推失败: 商品编号[1022]没有匹配商品或商品已删除");
        assert_eq!(found, Some(vec![("code".into(), "1022".into())]));
    }

    #[test]
    fn a_placeholder_at_the_end_takes_the_rest() {
        assert_eq!(
            pattern("category_name={name}").matches("x category_name=饮料"),
            Some(vec![("name".into(), "饮料".into())])
        );
    }

    #[test]
    fn other_texts_do_not_match() {
        assert_eq!(
            pattern("商品编号[{code}]没有匹配商品").matches("商品编号[1022]已停用"),
            None
        );
        assert_eq!(pattern("picture字段未上传").matches("图片"), None);
    }
}
