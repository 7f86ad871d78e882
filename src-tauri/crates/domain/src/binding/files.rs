//! Two product sheets, no store needed: each left row finds its right row, or none when unsure.

use crate::binding::model;
use crate::binding::reasons::reasons;
use crate::binding::similarity::{Goods, Library, Prepared};
use crate::code;
use crate::reason::Reason;
use crate::text;
use serde::Serialize;
use std::collections::HashMap;

/// One left row and its partner.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct FileMatch {
    /// Position of the left row.
    pub left: usize,
    /// Position of the right row.
    pub right: usize,
    /// Calibrated probability that they are the same goods.
    pub score: f64,
    /// Why.
    pub reason: Vec<Reason>,
}

/// Below this probability nothing is said. Chosen where precision and recall balance in cross-validation.
pub const SURE: f64 = 0.5;
/// What an equal barcode is worth when the names do not contradict it: shops do re-use codes (4 of 90 pairs read).
const SAME_BARCODE: f64 = 0.98;
/// An equal barcode with names that have nothing in common.
const BARCODE_ALONE: f64 = 0.8;
/// An equal code of our own with a name that fits.
const SAME_CODE: f64 = 0.97;
/// Log-odds under which an equal code is chance: two shops number their goods from 1.
const CODE_NEEDS: f64 = -1.0;
/// What is left of a probability when two good barcodes differ.
const BARCODES_DIFFER: f64 = 0.3;

/// Finds for each left row its right row. Rows without a sure partner are left out; several left rows may share one
/// right row.
pub fn match_files(left: &[Goods], right: &[Goods]) -> Vec<FileMatch> {
    let library = Library::new(right.iter().map(Prepared::new).collect());
    let barcodes = positions(right, |goods| code::barcode_key(&goods.barcode));
    let codes = positions(right, |goods| code_key(&goods.code));
    let mut found = Vec::new();
    for (at, goods) in left.iter().enumerate() {
        let query = Prepared::new(goods);
        let shared = code::barcode_key(&goods.barcode).and_then(|key| barcodes.get(&key));
        let same_code = code_key(&goods.code).and_then(|key| codes.get(&key));
        let best = nearest_of(&library, &query, shared)
            .map(|(at, odds)| (at, if odds > -4.0 { SAME_BARCODE } else { BARCODE_ALONE }))
            .or_else(|| {
                let (at, odds) = nearest_of(&library, &query, same_code)?;
                (odds > CODE_NEEDS).then_some((at, SAME_CODE))
            })
            .or_else(|| {
                let best = model::best(&library, &query, |_| true)?;
                let doubt = if barcodes_contradict(goods, &right[best.at]) {
                    BARCODES_DIFFER
                } else {
                    1.0
                };
                Some((best.at, best.probability * doubt))
            });
        if let Some((partner, score)) = best
            && score >= SURE
        {
            found.push(FileMatch {
                left: at,
                right: partner,
                score,
                reason: reasons(goods, &query, &right[partner], library.entry(partner)).0,
            });
        }
    }
    found
}

/// Two barcodes that are both good and not the same.
pub fn barcodes_contradict(left: &Goods, right: &Goods) -> bool {
    code::is_gtin(&text::cleaned_code(&left.barcode))
        && code::is_gtin(&text::cleaned_code(&right.barcode))
        && code::barcode_key(&left.barcode) != code::barcode_key(&right.barcode)
}

fn code_key(code: &str) -> Option<String> {
    let clean = text::cleaned_code(code);
    (!clean.is_empty()).then_some(clean)
}

fn positions(goods: &[Goods], key: impl Fn(&Goods) -> Option<String>) -> HashMap<String, Vec<usize>> {
    let mut map: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, goods) in goods.iter().enumerate() {
        if let Some(key) = key(goods) {
            map.entry(key).or_default().push(at);
        }
    }
    map
}

fn nearest_of(library: &Library, query: &Prepared, among: Option<&Vec<usize>>) -> Option<(usize, f64)> {
    among?
        .iter()
        .map(|at| (*at, model::log_odds(library, query, library.entry(*at))))
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
}

#[cfg(test)]
mod tests {
    use super::{FileMatch, match_files};
    use crate::binding::similarity::Goods;

    fn goods(name: &str, spec: &str, barcode: &str) -> Goods {
        Goods {
            name: name.into(),
            spec: spec.into(),
            barcode: barcode.into(),
            ..Goods::default()
        }
    }

    fn pairs(found: &[FileMatch]) -> Vec<(usize, usize)> {
        found.iter().map(|m| (m.left, m.right)).collect()
    }

    #[test]
    fn a_barcode_finds_its_row_whatever_the_name_says() {
        let right = [
            goods("雪碧", "500ml", "6901234567892"),
            goods("可口可乐", "500ml", ""),
        ];
        let found = match_files(&[goods("柠檬味汽水", "", "06901234567892")], &right);
        assert_eq!(pairs(&found), [(0, 0)]);
        assert_eq!(found[0].reason[0].code, "same_barcode");
    }

    #[test]
    fn a_name_finds_its_row_through_units_and_promotion() {
        let right = [
            goods("农夫山泉饮用天然水", "550ml", ""),
            goods("农夫山泉饮用天然水", "1.5L", ""),
            goods("怡宝纯净水", "555ml", ""),
        ];
        let found = match_files(&[goods("【包邮】农夫山泉 饮用天然水 1500毫升", "", "")], &right);
        assert_eq!(pairs(&found), [(0, 1)]);
    }

    #[test]
    fn twins_and_strangers_stay_silent() {
        let right = [
            goods("黄山", "", ""),
            goods("黄山", "", ""),
            goods("自动喷漆 B-1088 11舰灰 400ml", "", ""),
        ];
        assert!(match_files(&[goods("黄山", "", "")], &right).is_empty());
        assert!(match_files(&[goods("自动喷漆 B-1088 12草绿 400ml", "", "")], &right).is_empty());
        assert!(match_files(&[goods("", "", "")], &right).is_empty());
    }

    #[test]
    fn numbers_that_two_shops_gave_alike_by_chance_do_not_match() {
        let coded = |name: &str| Goods {
            code: "000001".into(),
            ..goods(name, "", "")
        };
        assert!(match_files(&[coded("电饭煲")], &[coded("洗发露")]).is_empty());
    }
}
