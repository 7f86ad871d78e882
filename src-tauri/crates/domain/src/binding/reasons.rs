//! Why two goods are taken for the same, and what speaks against it.

use crate::binding::goods_text::{Dimension, GoodsText};
use crate::binding::similarity::{Goods, Prepared, indel_ratio};
use crate::binding::variant;
use crate::code;
use crate::reason::Reason;
use crate::text;

/// Prices further apart than this factor are a reason against.
const PRICE_FACTOR: f64 = 1.5;

/// The reasons for and against a pair, strongest first.
pub fn reasons(left: &Goods, a: &Prepared, right: &Goods, b: &Prepared) -> (Vec<Reason>, Vec<Reason>) {
    let mut pro = Vec::new();
    let mut contra = Vec::new();
    barcodes(left, right, &mut pro, &mut contra);
    if !left.code.is_empty() && text::cleaned_code(&left.code) == text::cleaned_code(&right.code) {
        pro.push(Reason::new("same_code").with("code", left.code.trim()));
    }
    names(left, a.text(), right, b.text(), &mut pro, &mut contra);
    sizes(a.text(), b.text(), &mut pro, &mut contra);
    prices(left, right, &mut pro, &mut contra);
    (pro, contra)
}

fn barcodes(left: &Goods, right: &Goods, pro: &mut Vec<Reason>, contra: &mut Vec<Reason>) {
    let (Some(a), Some(b)) = (
        code::barcode_key(&left.barcode),
        code::barcode_key(&right.barcode),
    ) else {
        return;
    };
    if a == b {
        pro.push(Reason::new("same_barcode").with("barcode", text::cleaned_code(&left.barcode)));
    } else {
        contra.push(
            Reason::new("barcode_differs")
                .with("left", left.barcode.trim())
                .with("right", right.barcode.trim()),
        );
    }
}

fn names(
    left: &Goods,
    a: &GoodsText,
    right: &Goods,
    b: &GoodsText,
    pro: &mut Vec<Reason>,
    contra: &mut Vec<Reason>,
) {
    let ratio = indel_ratio(&a.core, &b.core);
    if a.key().is_some() && a.key() == b.key() {
        pro.push(Reason::new("same_name_spec"));
    } else if ratio >= 0.6 {
        pro.push(Reason::new("name").with("ratio", format!("{ratio:.2}")));
    } else {
        contra.push(Reason::new("name_differs").with("ratio", format!("{ratio:.2}")));
    }
    let (x, y) = (text::normalized(&left.spec), text::normalized(&right.spec));
    if !x.is_empty() && x == y {
        pro.push(Reason::new("same_spec").with("spec", x));
    }
    if variant::compare(&a.core, &b.core).0 {
        contra.push(
            Reason::new("variant_differs")
                .with("left", left.name.trim())
                .with("right", right.name.trim()),
        );
    }
    let only = |one: &GoodsText, other: &GoodsText| {
        one.numbers
            .difference(&other.numbers)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" ")
    };
    let (x, y) = (only(a, b), only(b, a));
    if !x.is_empty() && !y.is_empty() {
        contra.push(Reason::new("number_differs").with("left", x).with("right", y));
    }
}

fn sizes(a: &GoodsText, b: &GoodsText, pro: &mut Vec<Reason>, contra: &mut Vec<Reason>) {
    for dimension in [Dimension::Volume, Dimension::Mass, Dimension::Length] {
        let of = |text: &GoodsText| -> Vec<u64> {
            text.measures
                .iter()
                .filter(|m| m.dimension == dimension)
                .map(|m| m.value)
                .collect()
        };
        let (x, y) = (of(a), of(b));
        if let (Some(first), Some(second)) = (x.first(), y.first()) {
            if x.iter().any(|value| y.contains(value)) {
                pro.push(Reason::new("same_size"));
            } else {
                contra.push(
                    Reason::new("size_differs")
                        .with("left", size_words(dimension, *first))
                        .with("right", size_words(dimension, *second)),
                );
            }
        }
    }
    let of = |text: &GoodsText| -> Vec<u32> { text.packs.iter().copied().filter(|p| *p > 1).collect() };
    let (x, y) = (of(a), of(b));
    let count = |packs: &[u32]| packs.first().map_or_else(|| "1".to_owned(), u32::to_string);
    if (x.is_empty() != y.is_empty()) || (!x.is_empty() && !x.iter().any(|p| y.contains(p))) {
        contra.push(
            Reason::new("count_differs")
                .with("left", count(&x))
                .with("right", count(&y)),
        );
    } else if !x.is_empty() {
        pro.push(Reason::new("same_count").with("count", count(&x)));
    }
}

/// A size as people write it.
#[expect(
    clippy::cast_precision_loss,
    reason = "shown to people with the digits they typed"
)]
fn size_words(dimension: Dimension, value: u64) -> String {
    let (unit, per) = match dimension {
        Dimension::Volume => ("ml", 1_000.0),
        Dimension::Mass => ("g", 1_000.0),
        Dimension::Length => ("mm", 1_000.0),
    };
    format!("{}{unit}", value as f64 / per)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a ratio of prices needs no more than 52 bits"
)]
fn prices(left: &Goods, right: &Goods, pro: &mut Vec<Reason>, contra: &mut Vec<Reason>) {
    let (Some(a), Some(b)) = (left.price, right.price) else {
        return;
    };
    if a.0 <= 0 || b.0 <= 0 {
        return;
    }
    let factor = (a.0.max(b.0) as f64) / (a.0.min(b.0) as f64);
    if a == b {
        pro.push(Reason::new("same_price").with("price", a.to_yuan()));
    } else if factor > PRICE_FACTOR {
        contra.push(
            Reason::new("price_differs")
                .with("left", a.to_yuan())
                .with("right", b.to_yuan()),
        );
    }
}
