//! `match-files`: two product sheets, no store needed.

use super::listings::reasons;
use super::sheet_rows::rows;
use crate::outcome::{Done, Outcome};
use crate::table::table;
use domain::binding::files::match_files;
use domain::binding::similarity::Goods;
use domain::money::Money;
use serde_json::{Value, json};
use sheets::{Code, ProductRow};
use std::path::Path;

pub(crate) fn run(left: &Path, right: &Path) -> Done {
    let (left, right) = (rows(left)?, rows(right)?);
    let (ours, theirs) = (goods(&left), goods(&right));
    let found = match_files(&ours, &theirs);
    let pairs: Vec<Value> = found
        .iter()
        .map(|pair| {
            json!({ "left": left[pair.left].row, "right": right[pair.right].row, "score": pair.score,
                "reason": reasons(&pair.reason) })
        })
        .collect();
    let shown: Vec<Vec<String>> = found
        .iter()
        .map(|pair| {
            vec![
                left[pair.left].row.to_string(),
                left[pair.left].name.clone(),
                right[pair.right].row.to_string(),
                right[pair.right].name.clone(),
                format!("{:.0}%", pair.score * 100.0),
            ]
        })
        .collect();
    let text = format!(
        "{}左表 {} 行，配上 {} 行\n",
        table(&["左行", "左表", "右行", "右表", "把握"], &shown),
        left.len(),
        pairs.len()
    );
    Ok(Outcome::well(Value::Array(pairs), text))
}

fn goods(rows: &[ProductRow]) -> Vec<Goods> {
    let code = |code: &Option<Code>| code.as_ref().map(|code| code.text.clone()).unwrap_or_default();
    rows.iter()
        .map(|row| Goods {
            name: row.name.clone(),
            spec: row.spec_text.clone(),
            unit: row.unit.clone(),
            price: row.price_fen.map(Money),
            category: row.category.last().cloned().unwrap_or_default(),
            barcode: code(&row.barcode),
            code: code(&row.item_code),
        })
        .collect()
}
