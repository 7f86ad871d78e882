//! The messy files against the truth about them, row by row.

use std::collections::{BTreeMap, HashMap};

use sheets::{CodeMark, Field, Mapping, ProductSheet, RejectionCode, Workbook, read_products};

use crate::support::shared;

struct Truth {
    file: String,
    row: u32,
    barcode: String,
    shown: String,
    suggested: String,
    name: String,
    name_tag: String,
    price: String,
    price_tag: String,
}

fn truth() -> Option<Vec<Truth>> {
    let path = shared("data/messy/truth.csv")?;
    let mut reader = csv::Reader::from_path(path).expect("opens");
    let headers = reader.headers().expect("has headers").clone();
    let at: HashMap<&str, usize> = headers
        .iter()
        .enumerate()
        .map(|(index, name)| (name.trim_start_matches('\u{FEFF}'), index))
        .collect();
    let rows = reader
        .records()
        .map(|record| {
            let record = record.expect("reads");
            let text = |name: &str| record.get(at[name]).expect("a column").to_owned();
            Truth {
                file: text("file"),
                row: text("row").parse().expect("a row"),
                barcode: text("true_barcode"),
                shown: text("shown_barcode"),
                suggested: text("suggested"),
                name: text("true_name"),
                name_tag: text("name_tag"),
                price: text("true_price"),
                price_tag: text("price_tag"),
            }
        })
        .collect();
    Some(rows)
}

/// Whether the row was treated as the truth suggests.
fn treated_well(truth: &Truth, sheet: &ProductSheet) -> bool {
    let row = sheet.rows.iter().find(|row| row.row == truth.row);
    let code = row.and_then(|row| row.barcode.as_ref());
    let lost = sheet
        .rejected
        .iter()
        .any(|rejection| rejection.row == truth.row && rejection.reason == RejectionCode::DigitsLost);
    match truth.suggested.as_str() {
        "skip" => row.is_none() && sheet.skipped.iter().any(|skip| skip.row == truth.row),
        "ok" | "recover" => code.is_some_and(|code| code.best() == truth.barcode),
        "reject_code" => row.is_none() && lost,
        "no_code" => row.is_some() && code.is_none(),
        "reject_check_digit" => {
            code.is_some_and(|code| code.best() == truth.shown && code.marks.contains(&CodeMark::CheckDigit))
        }
        "ask" => code.is_some_and(|code| {
            code.text == truth.shown
                && code.marks.iter().any(|mark| {
                    matches!(
                        mark,
                        CodeMark::LeadingZeroLost | CodeMark::DigitMissing | CodeMark::SeveralCodes
                    )
                })
        }),
        other => panic!("unknown suggestion {other}"),
    }
}

fn plain(text: &str) -> String {
    text.replace("&amp;", "&")
        .replace("_x002B_", "+")
        .chars()
        .map(|character| match character {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0).expect("in range"),
            other => other,
        })
        .filter(|character| {
            !character.is_whitespace() && !matches!(character, '\u{200B}' | '\u{200D}' | '\u{FEFF}')
        })
        .collect()
}

#[test]
fn messy_rows_are_treated_as_the_truth_suggests() {
    let Some(truth) = truth() else { return };
    let mut files: BTreeMap<String, ProductSheet> = BTreeMap::new();
    let mut per_kind: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let (mut right, mut same_names, mut all_names, mut same_prices, mut all_prices) = (0, 0, 0, 0, 0);
    let mut wrong = Vec::new();
    for line in &truth {
        let sheet = files.entry(line.file.clone()).or_insert_with(|| {
            let path = shared(&format!("data/messy/{}", line.file)).expect("beside the truth");
            let sheet = read_products(&mut Workbook::open(&path).expect("opens"), &Mapping::default())
                .expect("reads");
            println!(
                "{}: {} rows, {} skipped, {} rejected, {} blank, header {:?}+{:?}, {:?}, ruined {:?}",
                line.file,
                sheet.rows.len(),
                sheet.skipped.len(),
                sheet.rejected.len(),
                sheet.blank_rows,
                sheet.mapping.header_row,
                sheet.mapping.header_rows,
                sheet.mapping.columns,
                sheet.ruined
            );
            sheet
        });
        let good = treated_well(line, sheet);
        let count = per_kind.entry(line.suggested.clone()).or_default();
        count.0 += usize::from(good);
        count.1 += 1;
        right += usize::from(good);
        if !good {
            wrong.push(format!(
                "{} row {} {} {}",
                line.file, line.row, line.suggested, line.shown
            ));
        }
        let Some(row) = sheet.rows.iter().find(|row| row.row == line.row) else {
            continue;
        };
        // A merged cell holds the name of the product, not that of each of its sizes.
        if !line.name.is_empty() && !line.name_tag.contains("merged") {
            all_names += 1;
            // Quotes and promotion marks were added to some names: every letter of the true one must be there.
            let shown = plain(&row.name);
            let same = plain(&line.name)
                .chars()
                .filter(|character| character.is_alphanumeric())
                .all(|character| shown.contains(character));
            same_names += usize::from(same);
            if !same {
                println!(
                    "name {} row {}: {:?} for {:?}",
                    line.file, line.row, row.name, line.name
                );
            }
        }
        if matches!(
            line.price_tag.as_str(),
            "number" | "text" | "yuan_sign" | "yuan_suffix" | "fullwidth"
        ) {
            all_prices += 1;
            let yuan: f64 = line.price.parse().expect("a price");
            #[expect(clippy::cast_possible_truncation, reason = "prices of a shop")]
            let fen = (yuan * 100.0).round() as i64;
            if row.price_fen == Some(fen) {
                same_prices += 1;
            } else {
                println!(
                    "price {} row {}: {:?} for {} ({})",
                    line.file, line.row, row.price_fen, line.price, line.price_tag
                );
            }
        } else if matches!(
            line.price_tag.as_str(),
            "not_a_price" | "negative" | "error_cell" | "formula_no_cached_value"
        ) {
            assert_eq!(row.price_fen, None, "{} row {}", line.file, line.row);
            assert!(
                sheet
                    .rejected
                    .iter()
                    .any(|rejection| rejection.row == line.row && rejection.field == Some(Field::Price)),
                "{} row {}: no reason given",
                line.file,
                line.row
            );
        }
    }
    println!(
        "rows treated well: {right} of {}; by kind (right, all): {per_kind:?}",
        truth.len()
    );
    println!("names: {same_names} of {all_names}; prices: {same_prices} of {all_prices}");
    for line in wrong.iter().take(40) {
        println!("  not: {line}");
    }
    assert!(right * 1000 >= truth.len() * 995, "{right} of {}", truth.len());
    assert_eq!(same_prices, all_prices);
    assert_eq!(same_names, all_names);
    assert_eq!(files["messy_5_excel_resaved.csv"].ruined, [Field::Barcode]);
}

/// Whatever a code becomes, its own digits and letters are those of the cell, in the same order.
#[test]
fn no_code_is_changed_silently() {
    let Some(truth) = truth() else { return };
    let mut files: HashMap<String, ProductSheet> = HashMap::new();
    let mut checked = 0;
    for line in truth.iter().filter(|line| !line.shown.is_empty()) {
        let sheet = files.entry(line.file.clone()).or_insert_with(|| {
            let path = shared(&format!("data/messy/{}", line.file)).expect("beside the truth");
            read_products(&mut Workbook::open(&path).expect("opens"), &Mapping::default()).expect("reads")
        });
        let Some(code) = sheet
            .rows
            .iter()
            .find(|row| row.row == line.row)
            .and_then(|row| row.barcode.as_ref())
        else {
            continue;
        };
        let shown = line.shown.replace("<TAB>", "\t");
        let stripped = shown.trim_matches(['\t', '=', '"', '\'']);
        let stripped = stripped.strip_suffix(".0").unwrap_or(stripped);
        assert_eq!(code.text, stripped, "{} row {}", line.file, line.row);
        assert!(code.best() == code.text || !code.marks.is_empty());
        checked += 1;
    }
    assert!(checked > 1000);
}

#[test]
fn the_multispec_file_groups_by_number_and_merged_names() {
    let Some(path) = shared("data/messy/messy_2_multispec.xlsx") else {
        return;
    };
    let sheet =
        read_products(&mut Workbook::open(&path).expect("opens"), &Mapping::default()).expect("reads");
    assert_eq!(sheet.rows.len(), 118);
    let at = |row: u32| sheet.rows.iter().find(|found| found.row == row).expect("a row");
    assert_eq!((at(3).group, at(4).group), (3, 3));
    assert_eq!(at(4).name, at(3).name);
    assert_ne!(at(4).spec_text, at(3).spec_text);
    assert_eq!(at(7).group, 7);
    assert!(at(14).name.contains("8kg+2kg"));
}
