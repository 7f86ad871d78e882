//! The matcher on labelled data, when the data folder is there. Prints the figures; the floors are those that the
//! cross-validation of the constants reached, less a margin, and never more.

use super::files::{FileMatch, match_files};
use super::model;
use super::similarity::{Goods, Library, Prepared};
use crate::money::Money;
use std::collections::HashMap;
use std::path::PathBuf;

type Row = HashMap<String, String>;

/// `None`, with a word about it, where the data folder is not there.
fn load(file: &str) -> Option<Vec<Row>> {
    let shared = std::env::var_os("GUITAI_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared"),
        PathBuf::from,
    );
    let path = shared.join("data").join(file);
    let Ok(mut reader) = csv::Reader::from_path(&path) else {
        println!("skipped: no {}", path.display());
        return None;
    };
    Some(reader.deserialize().map(|row| row.unwrap()).collect())
}

fn goods(row: &Row, prefix: &str) -> Goods {
    let get = |name: &str| row.get(&format!("{prefix}{name}")).cloned().unwrap_or_default();
    Goods {
        name: get("name"),
        spec: get("spec"),
        unit: get("unit"),
        price: Money::parse_yuan(&get("price")).ok(),
        category: get("category"),
        ..Goods::default()
    }
}

struct Score {
    answered: usize,
    right: usize,
    answers: usize,
}

impl Score {
    fn of(found: &[FileMatch], is_right: impl Fn(&FileMatch) -> bool, answers: usize) -> Self {
        Self {
            answered: found.len(),
            right: found.iter().filter(|m| is_right(m)).count(),
            answers,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "hundreds")]
    fn figures(&self) -> (f64, f64, f64) {
        let precision = self.right as f64 / self.answered.max(1) as f64;
        let recall = self.right as f64 / self.answers.max(1) as f64;
        (
            precision,
            recall,
            2.0 * self.right as f64 / (self.answered + self.answers).max(1) as f64,
        )
    }
}

#[test]
fn open_queries_find_their_product_or_stay_silent() {
    let (Some(queries), Some(library)) = (
        load("matching/zh_open_queries.csv"),
        load("products_market_a.csv"),
    ) else {
        return;
    };
    let left: Vec<Goods> = queries.iter().map(|row| goods(row, "")).collect();
    let right: Vec<Goods> = library.iter().map(|row| goods(row, "")).collect();
    let found = match_files(&left, &right);
    let answers = queries
        .iter()
        .filter(|row| !row["gold_barcode"].is_empty())
        .count();
    let score = Score::of(
        &found,
        |m| queries[m.left]["gold_barcode"] == library[m.right]["barcode"],
        answers,
    );
    let (precision, recall, f1) = score.figures();
    println!("zh_open_queries: precision {precision:.3} recall {recall:.3} F1 {f1:.3}");
    assert!(
        precision >= 0.75 && f1 >= 0.6,
        "precision {precision:.3}, F1 {f1:.3}"
    );
}

#[test]
#[expect(clippy::cast_precision_loss, reason = "hundreds")]
fn pairs_of_grocery_names_are_told_apart() {
    let (Some(pairs), Some(library)) = (
        load("matching/zh_grocery_pairs.csv"),
        load("products_market_a.csv"),
    ) else {
        return;
    };
    let index = Library::new(library.iter().map(|row| Prepared::new(&goods(row, ""))).collect());
    let judged: Vec<(f64, bool)> = pairs
        .iter()
        .map(|row| {
            let side = |prefix| Prepared::new(&goods(row, prefix));
            (
                model::pair_probability(&index, &side("left_"), &side("right_")),
                row["label"] == "1",
            )
        })
        .collect();
    let said = judged.iter().filter(|(p, _)| *p >= 0.4).count();
    let right = judged.iter().filter(|(p, label)| *p >= 0.4 && *label).count();
    let all = judged.iter().filter(|(_, label)| *label).count();
    let f1 = 2.0 * right as f64 / (said + all) as f64;
    println!("zh_grocery_pairs: F1 {f1:.3}, {right} of {all} found, {said} said");
    assert!(f1 >= 0.62, "F1 {f1:.3}");
}

#[test]
fn paint_siblings_find_their_number_and_strangers_none() {
    let (Some(gold), Some(all)) = (
        load("matching/jd_listing_gold.csv"),
        load("products_erp_multispec.csv"),
    ) else {
        return;
    };
    let families = ["B-1088", "B-1167", "B-1168"];
    let library: Vec<Row> = all
        .into_iter()
        .filter(|row| families.contains(&row["spu_code"].as_str()))
        .collect();
    let left: Vec<Goods> = gold
        .iter()
        .map(|row| Goods {
            name: row["title"].clone(),
            spec: row["net_content"].clone(),
            ..Goods::default()
        })
        .collect();
    let right: Vec<Goods> = library.iter().map(|row| goods(row, "")).collect();
    let found = match_files(&left, &right);
    let answers = gold.iter().filter(|row| !row["gold_sku_code"].is_empty()).count();
    let score = Score::of(
        &found,
        |m| gold[m.left]["gold_sku_code"] == library[m.right]["sku_code"],
        answers,
    );
    let (precision, recall, f1) = score.figures();
    println!("jd_listing_gold: precision {precision:.3} recall {recall:.3} F1 {f1:.3}");
    let strangers = found
        .iter()
        .filter(|m| gold[m.left]["gold_sku_code"].is_empty())
        .count();
    assert_eq!(
        strangers, 0,
        "listings that are not in the library were given a sibling"
    );
    assert!(
        precision >= 0.98 && recall >= 0.95,
        "precision {precision:.3}, recall {recall:.3}"
    );
}
