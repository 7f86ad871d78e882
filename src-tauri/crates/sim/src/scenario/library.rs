//! The demo library, and the reading of library sheets in its form.

use std::collections::BTreeMap;

use super::ScenarioItem;
use crate::error::WorldError;

/// `assets/demo/library.csv` as it is shipped: UTF-8 with a byte order mark, Chinese header.
pub const DEMO_LIBRARY: &str = include_str!("../../../../../assets/demo/library.csv");

/// Reads a sheet in the demo library's form; columns are found by their names and may stand in any order.
/// Only 商品名称 must be there.
pub fn parse_library(text: &str) -> Result<Vec<ScenarioItem>, WorldError> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader
        .headers()
        .map_err(|error| unreadable(1, error.to_string()))?;
    let columns: BTreeMap<String, usize> = header
        .iter()
        .enumerate()
        .map(|(at, name)| (name.trim().to_owned(), at))
        .collect();
    if !columns.contains_key("商品名称") {
        return Err(unreadable(1, "there is no column 商品名称".to_owned()));
    }
    let mut items = Vec::new();
    for (line, record) in (2..).zip(reader.records()) {
        let record = record.map_err(|error| unreadable(line, error.to_string()))?;
        let cell = |name: &str| {
            columns
                .get(name)
                .and_then(|at| record.get(*at))
                .unwrap_or_default()
        };
        let money = |name: &str| {
            fen(cell(name)).ok_or_else(|| unreadable(line, format!("{name} is no amount: {}", cell(name))))
        };
        items.push(ScenarioItem {
            spu: cell("SPU编码").to_owned(),
            name: cell("商品名称").to_owned(),
            spec_name: cell("规格名称").to_owned(),
            item_code: cell("商品编码").to_owned(),
            barcode: cell("规格编码").to_owned(),
            category: cell("分类").to_owned(),
            price_fen: money("售价")?,
            cost_fen: money("成本")?,
            unit: cell("单位").to_owned(),
            base_quantity: cell("基本数量").parse().unwrap_or(1),
            stock: cell("库存").parse().unwrap_or(0),
            picture: cell("图片").to_owned(),
        });
    }
    Ok(items)
}

fn unreadable(line: usize, reason: String) -> WorldError {
    WorldError::Unreadable {
        what: format!("line {line} of the library"),
        reason,
    }
}

/// Yuan with up to two decimals as fen; an empty cell is nothing.
fn fen(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.is_empty() {
        return Some(0);
    }
    let (yuan, rest) = text.split_once('.').unwrap_or((text, ""));
    if rest.len() > 2 || !rest.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let cents: i64 = format!("{rest:0<2}").parse().ok()?;
    yuan.parse::<i64>()
        .ok()
        .filter(|yuan| *yuan >= 0)?
        .checked_mul(100)?
        .checked_add(cents)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::super::codes::{clean, fits_erp, gtin_holds};
    use super::{DEMO_LIBRARY, ScenarioItem, fen, parse_library};

    fn demo() -> Vec<ScenarioItem> {
        parse_library(DEMO_LIBRARY).unwrap()
    }

    fn products(items: &[ScenarioItem]) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for (row, item) in items.iter().enumerate() {
            let key = if item.spu.is_empty() {
                format!("row {row}")
            } else {
                item.spu.clone()
            };
            *counts.entry(key).or_default() += 1;
        }
        counts
    }

    #[test]
    fn amounts_are_read_exactly() {
        assert_eq!(fen("3.5"), Some(350));
        assert_eq!(fen("0.07"), Some(7));
        assert_eq!(fen("119"), Some(11_900));
        assert_eq!(fen(""), Some(0));
        for bad in ["3.501", "-1", "1,5", "面议"] {
            assert_eq!(fen(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_sheet_without_names_or_with_a_word_for_a_price_is_refused_with_its_line() {
        assert!(
            parse_library("名称,售价\n水,1\n")
                .unwrap_err()
                .to_string()
                .contains("商品名称")
        );
        let error = parse_library("商品名称,售价\n水,1\n茶,面议\n")
            .unwrap_err()
            .to_string();
        assert!(error.contains("line 3") && error.contains("面议"), "{error}");
    }

    #[test]
    fn the_demo_library_has_the_size_of_a_real_shop() {
        let items = demo();
        let products = products(&items);
        assert!(products.len() >= 620, "{}", products.len());
        assert!(products.values().filter(|rows| **rows > 1).count() >= 38);
        let categories: BTreeSet<&str> = items.iter().map(|item| item.category.as_str()).collect();
        assert!(categories.len() >= 25);
        assert!(categories.iter().all(|category| category.split('/').count() == 2));
        let long = |category: &&&str| category.split('/').any(|level| level.chars().count() > 12);
        assert!(
            categories.iter().filter(long).count() >= 2,
            "F59 needs long names"
        );
        assert!(items.iter().any(|item| item.name.chars().count() >= 36));
    }

    #[test]
    fn most_barcodes_are_sound_and_each_named_fault_is_there() {
        let items = demo();
        let sound = items.iter().filter(|item| gtin_holds(&item.barcode)).count();
        assert!(sound * 100 >= items.len() * 85, "{sound} of {}", items.len());
        let count = |test: &dyn Fn(&ScenarioItem) -> bool| items.iter().filter(|item| test(item)).count();
        assert!(count(&|item| item.barcode.is_empty()) >= 40, "without barcode");
        assert!(
            count(&|item| item.barcode.starts_with("20") && gtin_holds(&item.barcode)) >= 6,
            "weighed"
        );
        assert!(count(&|item| item.barcode.starts_with('0')) >= 4, "leading zero");
        assert!(
            count(&|item| clean(&item.barcode) != item.barcode) >= 8,
            "full-width or hidden"
        );
        let wrong = |item: &ScenarioItem| {
            item.barcode.len() == 13 && item.barcode.is_ascii() && !gtin_holds(&item.barcode)
        };
        assert!((5..=9).contains(&count(&wrong)), "wrong check digit");
        assert!(
            count(&|item| item.barcode.len() == 13
                && !("200".."210").contains(&&item.barcode[..3])
                && !item.barcode.starts_with("69")
                && item.barcode.is_ascii())
                == 0,
            "invented numbers only"
        );
    }

    #[test]
    fn codes_are_unique_and_the_ones_meant_for_trouble_are_there() {
        let items = demo();
        let codes: Vec<&str> = items
            .iter()
            .map(|item| item.item_code.as_str())
            .filter(|code| !code.is_empty())
            .collect();
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
        assert!(
            codes
                .iter()
                .filter(|code| code.len() == 16 && code.starts_with("1022311150"))
                .count()
                * 100
                >= codes.len() * 95
        );
        assert_eq!(items.len() - codes.len(), 4, "empty codes");
        assert_eq!(
            codes
                .iter()
                .filter(|code| code.len() == 20 && !fits_erp(code))
                .count(),
            3,
            "beyond 64 bits"
        );
        assert!(
            codes.iter().filter(|code| code.starts_with("000")).count() >= 4,
            "leading zeros"
        );
        assert_eq!(
            codes.iter().filter(|code| clean(code) != **code).count(),
            2,
            "full-width or hidden"
        );
    }

    #[test]
    fn several_products_share_a_barcode_so_that_some_are_surplus() {
        let items = demo();
        let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
        for item in items.iter().filter(|item| !item.barcode.is_empty()) {
            *rows.entry(item.barcode.as_str()).or_default() += 1;
        }
        assert_eq!(rows.values().map(|count| count - 1).sum::<usize>(), 15);
    }

    #[test]
    fn every_row_has_a_price_and_a_picture_name_that_stays_in_its_folder() {
        for item in demo() {
            assert!(
                item.price_fen > 0 && item.cost_fen < item.price_fen,
                "{}",
                item.name
            );
            assert!(!item.name.trim().is_empty() && !item.spec_name.is_empty() && !item.unit.is_empty());
            assert!(!item.picture.contains(['/', '\\', ':']), "{}", item.picture);
        }
    }
}
