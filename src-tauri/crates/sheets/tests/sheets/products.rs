//! Product sheets of one's own making: what is taken, skipped, rejected, and the workbook of failures.

use std::io::Cursor;

use sheets::{
    ColumnSpec, CsvWriter, Field, Mapping, ProductSheet, RejectionCode, Scope, SheetError, SkipReason, Value,
    inspect, read_products, write_rejects,
};

use crate::support::{NS, open, workbook};

fn read(text: &str) -> ProductSheet {
    read_products(
        &mut open(text.as_bytes().to_vec()).expect("opens"),
        &Mapping::default(),
    )
    .expect("reads")
}

#[test]
fn english_headers_are_read_too() {
    let sheet = read(
        "barcode,name,spec,unit,price,category,code\n06901028184793,Cola,500ml,btl,3.5,Drinks/Soda,A-1\n",
    );
    let row = &sheet.rows[0];
    assert_eq!(row.barcode.as_ref().expect("a code").text, "06901028184793");
    assert_eq!(row.item_code.as_ref().expect("a code").text, "A-1");
    assert_eq!(
        (row.name.as_str(), row.spec_text.as_str(), row.unit.as_str()),
        ("Cola", "500ml", "btl")
    );
    assert_eq!(
        (row.price_fen, row.category.join(">")),
        (Some(350), "Drinks>Soda".to_owned())
    );
}

#[test]
fn rows_join_by_number_only_and_sizes_stay_apart() {
    let sheet =
        read("商品名称,规格,SPU编码,售价\n可乐,500ml,,3\n可乐,1.25L,,6\n雪碧,小,S1,3\n雪碧,大,S1,5\n");
    assert_eq!(
        sheet.rows.iter().map(|row| row.group).collect::<Vec<_>>(),
        [2, 3, 4, 4]
    );
    assert_eq!(sheet.rows[1].spec_text, "1.25L");
}

#[test]
fn levels_of_a_category_become_a_path() {
    let sheet = read("名称,一级分类,二级分类,售价\n可乐,饮料,汽水,3\n");
    assert_eq!(sheet.rows[0].category, ["饮料", "汽水"]);
}

#[test]
fn each_bad_row_has_its_reason_and_place() {
    let sheet = read(
        "条码,品名,售价,库存\n6.90103E+12,甲,3,1\n6901028184793,,3,1\n6901028315425,乙,面议,1\n6901028062008,丙,-3,1.5\n条码,品名,售价,库存\n,小计,88,\n\n6901028111263,丁,¥4,2\n",
    );
    assert_eq!(
        sheet.rows.iter().map(|row| row.row).collect::<Vec<_>>(),
        [4, 5, 9]
    );
    let rejected: Vec<_> = sheet
        .rejected
        .iter()
        .map(|one| (one.row, one.field, one.reason, one.scope, one.value.as_str()))
        .collect();
    assert_eq!(
        rejected,
        [
            (
                2,
                Some(Field::Barcode),
                RejectionCode::DigitsLost,
                Scope::Row,
                "6.90103E+12"
            ),
            (3, Some(Field::Name), RejectionCode::NameMissing, Scope::Row, ""),
            (
                4,
                Some(Field::Price),
                RejectionCode::NotAnAmount,
                Scope::Value,
                "面议"
            ),
            (5, Some(Field::Price), RejectionCode::Negative, Scope::Value, "-3"),
            (
                5,
                Some(Field::Stock),
                RejectionCode::NotAnAmount,
                Scope::Value,
                "1.5"
            ),
        ]
    );
    let skipped: Vec<_> = sheet.skipped.iter().map(|skip| (skip.row, skip.reason)).collect();
    assert_eq!(skipped, [(6, SkipReason::RepeatedHeader), (7, SkipReason::Total)]);
    assert_eq!((sheet.blank_rows, sheet.rows[2].price_fen), (1, Some(400)));
}

#[test]
fn a_mapping_of_ones_own_decides() {
    let mut book = open("x,y,z\n可乐,6901028184793,3\n".as_bytes().to_vec()).expect("opens");
    assert!(matches!(inspect(&mut book), Err(SheetError::NoHeader)));
    let mapping =
        Mapping::from_toml("header_row = 1\n[columns]\nname = \"x\"\nbarcode = \"B\"\n").expect("valid");
    let sheet = read_products(&mut book, &mapping).expect("reads");
    assert_eq!(sheet.rows[0].name, "可乐");
    assert_eq!(sheet.rows[0].price_fen, None);
    assert_eq!(sheet.mapping.columns[&Field::Barcode], "B");
    let wrong = Mapping {
        sheet: Some("没有".to_owned()),
        ..Mapping::default()
    };
    assert!(matches!(
        read_products(&mut book, &wrong),
        Err(SheetError::NoSuchSheet { .. })
    ));
}

/// The numbers stored as floats of a real export: thirteen digits come back, and two rows of header are one.
#[test]
fn numbers_as_codes_and_a_header_over_two_rows() {
    let text = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let body = format!(
        "<worksheet {NS}><sheetData><row r=\"1\">{}</row><row r=\"3\">{}{}{}</row><row r=\"4\">{}{}</row><row r=\"5\"><c r=\"A5\"><v>6.901028184793E+12</v></c>{}<c r=\"C5\"><v>2.5</v></c><c r=\"D5\"><v>9.800000000000001</v></c></row></sheetData></worksheet>",
        text("A1", "惠民超市商品资料"),
        text("A3", "商品条码"),
        text("B3", "商品名称"),
        text("C3", "价格"),
        text("C4", "进价"),
        text("D4", "售价"),
        text("B5", "可乐"),
    );
    let sheet = read_products(
        &mut open(workbook(&body, None, None)).expect("opens"),
        &Mapping::default(),
    )
    .expect("reads");
    assert_eq!(
        (sheet.mapping.header_row, sheet.mapping.header_rows),
        (Some(3), Some(2))
    );
    let row = &sheet.rows[0];
    assert_eq!(row.barcode.as_ref().expect("a code").text, "6901028184793");
    assert_eq!((row.cost_fen, row.price_fen, row.row), (Some(250), Some(980), 5));
}

#[test]
fn the_workbook_of_failures_reads_back_by_the_same_mapping() {
    let mut out = CsvWriter::new(
        Vec::new(),
        &[
            ColumnSpec::new("条码"),
            ColumnSpec::new("品名"),
            ColumnSpec::new("售价"),
        ],
    )
    .expect("writes");
    for (code, name, price) in [
        ("6901028184793", "甲", "3"),
        ("6.90103E+12", "=乙", "4"),
        ("01162", "丙", "面议"),
    ] {
        out.row(&[Value::Text(code), Value::Text(name), Value::Text(price)])
            .expect("writes");
    }
    let bytes = out.finish().expect("flushes");
    let mut book = open(bytes).expect("opens");
    let sheet = read_products(&mut book, &Mapping::default()).expect("reads");
    assert_eq!(sheet.rejected.len(), 2);
    let (written, out) = write_rejects(
        &mut book,
        &sheet.mapping,
        &sheet.rejected,
        "失败原因",
        &|rejection| rejection.reason.id().to_owned(),
        Cursor::new(Vec::new()),
    )
    .expect("writes");
    assert_eq!(written, 2);
    let again = Mapping {
        sheet: None,
        ..sheet.mapping
    };
    let mut failures = open(out.into_inner()).expect("opens");
    let (rows, _) = crate::support::rows(&mut failures, 0).expect("reads");
    assert_eq!(rows[0].2.last().expect("a cell").1, "失败原因");
    assert_eq!(
        rows[1].2.iter().map(|cell| cell.1.as_str()).collect::<Vec<_>>(),
        ["6.90103E+12", "=乙", "4", "digits_lost"]
    );
    let back = read_products(&mut failures, &again).expect("reads");
    assert_eq!(back.rejected.len(), 2);
    assert_eq!(back.rows[0].barcode.as_ref().expect("a code").text, "01162");
}
