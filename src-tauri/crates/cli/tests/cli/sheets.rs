//! Two sheets matched with one another.

use crate::kit::Desk;

#[test]
fn rows_find_each_other_by_the_numbers_that_a_spreadsheet_shows() {
    let desk = Desk::new();
    let left = desk.file(
        "left.csv",
        "barcode,name,spec,unit,price,category,code\n\
         6903148091425,潘婷乳液修复洗发露,200ml,瓶,19.5,洗护,1\n\
         ,完全不相干的五金扳手,,把,7,五金,2\n",
    );
    let right = desk.file(
        "right.csv",
        "名称,规格,条码\n好丽友薯片,40g,6920907808513\nA潘婷乳液修复洗发露,200ml,6903148091425\n",
    );
    let ran = desk.run(&["match-files", &left, &right]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let pairs = ran.json();
    assert_eq!(pairs.as_array().unwrap().len(), 1, "{pairs}");
    assert_eq!((&pairs[0]["left"], &pairs[0]["right"]), (&2.into(), &3.into()));
    assert!(pairs[0]["score"].as_f64().unwrap() > 0.5);
    assert!(!pairs[0]["reason"].as_str().unwrap().is_empty());
}

#[test]
fn a_sheet_with_nothing_but_names_is_enough() {
    let desk = Desk::new();
    let left = desk.file("left.csv", "name\n可口可乐330ml罐装\n");
    let right = desk.file("right.csv", "name\n可口可乐330ml罐装\n");
    let pairs = desk.run(&["match-files", &left, &right]).json();
    assert_eq!((&pairs[0]["left"], &pairs[0]["right"]), (&2.into(), &2.into()));
}

#[test]
fn a_file_that_is_no_sheet_is_refused_by_name() {
    let desk = Desk::new();
    let page = desk.file("page.xlsx", "<html></html>");
    let ran = desk.run(&["match-files", &page, &page]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("page.xlsx"), "{}", ran.err);
}
