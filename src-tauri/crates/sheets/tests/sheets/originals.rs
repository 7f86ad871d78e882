//! The files as their programs wrote them: row counts, columns, and every cell against another reader.

use std::ops::ControlFlow;

use calamine::{Data, Reader};
use sheets::{Field, Mapping, Workbook, inspect, read_products};

use crate::support::shared;

const FILES: [(&str, usize); 5] = [
    ("market_a_BASEITEM.xlsx", 8622),
    ("market_b_商品资料.xlsx", 302),
    ("erp_商品资料.xlsx", 3387),
    ("bike_shop_商品资料.xls", 348),
    ("jd_发品模板.xls", 70),
];

#[test]
fn every_original_yields_its_rows() {
    for (name, count) in FILES {
        let Some(path) = shared(&format!("data/originals/{name}")) else {
            return;
        };
        let mut book = Workbook::open(&path).expect("opens");
        let sheet = read_products(&mut book, &Mapping::default()).expect("reads");
        println!(
            "{name}: {} rows, {} skipped, {} rejected, {:?}",
            sheet.rows.len(),
            sheet.skipped.len(),
            sheet.rejected.len(),
            sheet.mapping.columns
        );
        assert_eq!(
            sheet.rows.len(),
            count,
            "{name}: {:?} {:?}",
            sheet.skipped,
            sheet.rejected
        );
        let again = read_products(&mut book, &sheet.mapping).expect("reads by its own mapping");
        assert_eq!(again.rows, sheet.rows);
    }
}

#[test]
fn columns_are_recognised_as_a_person_would() {
    let expected: [(&str, &[(Field, &str)]); 5] = [
        (
            FILES[0].0,
            &[
                (Field::Name, "D"),
                (Field::Barcode, "A"),
                (Field::ItemCode, "B"),
                (Field::Unit, "I"),
                (Field::Spec, "J"),
                (Field::Cost, "L"),
                (Field::Price, "M"),
                (Field::Category, "F"),
            ],
        ),
        (
            FILES[1].0,
            &[
                (Field::Name, "A"),
                (Field::Category, "B"),
                (Field::Barcode, "C"),
                (Field::Stock, "D"),
                (Field::Cost, "E"),
                (Field::Price, "F"),
            ],
        ),
        (
            FILES[2].0,
            &[
                (Field::Spu, "B"),
                (Field::ItemCode, "C"),
                (Field::Name, "D"),
                (Field::Spec, "F"),
                (Field::Price, "I"),
                (Field::Brand, "M"),
                (Field::Barcode, "Q"),
                (Field::Unit, "Z"),
            ],
        ),
        (
            FILES[3].0,
            &[
                (Field::Barcode, "A"),
                (Field::Name, "B"),
                (Field::ItemCode, "C"),
                (Field::Spec, "D"),
                (Field::Cost, "F"),
                (Field::Price, "G"),
                (Field::Unit, "H"),
            ],
        ),
        (
            FILES[4].0,
            &[
                (Field::Name, "B"),
                (Field::Brand, "C"),
                (Field::Unit, "F"),
                (Field::Spec, "AK"),
            ],
        ),
    ];
    for (name, fields) in expected {
        let Some(path) = shared(&format!("data/originals/{name}")) else {
            return;
        };
        let mapping = inspect(&mut Workbook::open(&path).expect("opens")).expect("finds the table");
        for (field, column) in fields {
            assert_eq!(
                mapping.columns.get(field).map(String::as_str),
                Some(*column),
                "{name} {field:?}: {:#?}",
                mapping.evidence
            );
        }
    }
}

#[test]
fn the_jd_template_begins_in_row_eight() {
    let Some(path) = shared("data/originals/jd_发品模板.xls") else {
        return;
    };
    let mut book = Workbook::open(&path).expect("opens");
    assert!(book.sheets()[1].hidden);
    let mapping = inspect(&mut book).expect("finds the table");
    assert_eq!((mapping.header_row, mapping.header_rows), (Some(8), Some(1)));
}

#[test]
fn codes_and_texts_are_those_of_the_extracted_table() {
    for (name, table, code) in [
        ("market_a_BASEITEM.xlsx", "products_market_a.csv", "barcode"),
        ("market_b_商品资料.xlsx", "products_market_b.csv", "barcode"),
        ("erp_商品资料.xlsx", "products_erp_multispec.csv", "sku_code"),
        ("bike_shop_商品资料.xls", "products_bike_shop.csv", "barcode"),
    ] {
        let (Some(path), Some(table)) = (
            shared(&format!("data/originals/{name}")),
            shared(&format!("data/{table}")),
        ) else {
            return;
        };
        let sheet =
            read_products(&mut Workbook::open(&path).expect("opens"), &Mapping::default()).expect("reads");
        let mut reader = csv::Reader::from_path(table).expect("opens");
        let headers = reader.headers().expect("has headers").clone();
        let at = |wanted: &str| {
            headers
                .iter()
                .position(|name| name.trim_start_matches('\u{FEFF}') == wanted)
        };
        let (code_at, name_at) = (at(code).expect("code"), at("name").expect("name"));
        for (record, row) in reader.records().zip(&sheet.rows) {
            let record = record.expect("reads");
            let found = if code == "barcode" {
                &row.barcode
            } else {
                &row.item_code
            };
            assert_eq!(
                found.as_ref().map(|code| code.text.as_str()),
                record.get(code_at),
                "{name} row {}",
                row.row
            );
            assert_eq!(
                Some(row.name.as_str()),
                record.get(name_at),
                "{name} row {}",
                row.row
            );
            if let Some(price) = at("price")
                .and_then(|at| record.get(at))
                .filter(|price| !price.is_empty())
            {
                let yuan: f64 = price.parse().expect("a number");
                #[expect(clippy::cast_possible_truncation, reason = "prices of a shop")]
                let fen = (yuan * 100.0).round() as i64;
                assert_eq!(row.price_fen, Some(fen), "{name} row {}", row.row);
            }
        }
    }
}

/// calamine is another reading of the same formats: every text and every number must agree.
#[test]
fn every_cell_agrees_with_another_reader() {
    for (name, _) in FILES {
        let Some(path) = shared(&format!("data/originals/{name}")) else {
            return;
        };
        let mut other = calamine::open_workbook_auto(&path).expect("opens");
        let mut book = Workbook::open(&path).expect("opens");
        let names: Vec<String> = book.sheets().iter().map(|sheet| sheet.name.clone()).collect();
        assert_eq!(names, other.sheet_names());
        for (index, sheet) in names.iter().enumerate() {
            let range = other
                .worksheet_range(sheet)
                .expect("a sheet of ours, not from outside");
            let (mut checked, mut cells) = (0_usize, 0_usize);
            book.read(index, &mut |row| {
                for cell in row.cells() {
                    cells += 1;
                    let theirs = range
                        .get_value((row.number() - 1, cell.column))
                        .unwrap_or(&Data::Empty);
                    match theirs {
                        // calamine leaves _xHHHH_ as it is written and keeps the blank lines of the XML.
                        Data::String(text) if text.contains("_x00") => {}
                        // It also drops blanks at the ends, which are in the file and which we keep.
                        Data::String(text) => {
                            assert_eq!(text.trim(), cell.text.trim(), "{name} {}", row.number());
                        }
                        Data::Float(number) => {
                            let ours: f64 = cell.text.parse().expect("a number");
                            assert!(
                                (ours - number).abs() <= number.abs() * 1e-14,
                                "{name} {}",
                                row.number()
                            );
                        }
                        Data::Int(number) => assert_eq!(number.to_string(), cell.text),
                        _ => continue,
                    }
                    checked += 1;
                }
                ControlFlow::Continue(())
            })
            .expect("reads");
            let theirs = range
                .used_cells()
                .filter(|cell| !matches!(cell.2, Data::String(text) if text.is_empty()));
            assert!(cells >= theirs.count(), "{name} {sheet}: nothing is lost");
            println!("{name} {sheet}: {checked} of {cells} cells compared");
        }
    }
}
