//! Cells, deletion, undo, lists and search.

use crate::support::House;
use domain::id::{ProductId, SkuId};
use engine::library::catalog::{Filter, Sort, View};
use engine::library::edit::{Edit, NewGoods};
use std::collections::HashSet;
use storage::product::SkuData;

fn goods(house: &House, name: &str, code: &str, barcode: &str, price: i64) -> (ProductId, SkuId) {
    let sku = SkuData {
        item_code: code.into(),
        barcode: barcode.into(),
        price_fen: Some(price),
        base_quantity_milli: 1000,
        ..SkuData::default()
    };
    let new = NewGoods {
        name: name.into(),
        category: "饮料/牛奶".into(),
        skus: vec![sku],
    };
    let (product, _) = house.engine.create_product(&new).unwrap();
    let product = house
        .engine
        .db()
        .read(|c| storage::product::get(c, product))
        .unwrap();
    (product.id, product.skus[0].id)
}

fn edit(sku: SkuId, field: &str, value: &str) -> Edit {
    Edit {
        sku,
        field: field.into(),
        value: value.into(),
    }
}

#[test]
fn good_cells_are_taken_and_bad_ones_are_named() {
    let house = House::new();
    let (_, sku) = goods(&house, "纯牛奶", "1", "", 100);
    let outcome = house
        .engine
        .edit_library(&[
            edit(sku, "price", "￥１２.５"),
            edit(sku, "cost", "面议"),
            edit(sku, "name", "  "),
            edit(sku, "category", "乳品 > 常温"),
            edit(sku, "colour", "red"),
            edit(SkuId(999), "unit", "瓶"),
        ])
        .unwrap();
    let codes: Vec<&str> = outcome.refused.iter().map(|refusal| refusal.code).collect();
    assert_eq!(
        codes,
        ["not_an_amount", "empty_name", "unknown_field", "not_found"]
    );
    assert_eq!(
        house.dump(),
        ["纯牛奶|单规格||1||乳品/常温||Some(1250)|None|None|1000"]
    );
    let same = house.engine.edit_library(&[edit(sku, "price", "12.50")]).unwrap();
    assert_eq!(
        (same.batch, same.changed),
        (None, 0),
        "the same value is no change"
    );
}

#[test]
fn undo_and_redo_bring_cells_back_and_forth() {
    let house = House::new();
    let (_, sku) = goods(&house, "纯牛奶", "1", "", 100);
    let first = house.dump();
    house.engine.edit_library(&[edit(sku, "price", "2")]).unwrap();
    let second = house.dump();
    house.engine.undo(None).unwrap();
    assert_eq!(house.dump(), first);
    house.engine.redo().unwrap();
    assert_eq!(house.dump(), second);
    let history = house.engine.history(None, None, 10).unwrap();
    assert_eq!(history[0].title, "batch.redo");
}

#[test]
fn undoing_what_was_edited_later_is_refused() {
    let house = House::new();
    let (_, sku) = goods(&house, "纯牛奶", "1", "", 100);
    let early = house.engine.edit_library(&[edit(sku, "price", "2")]).unwrap();
    house.engine.edit_library(&[edit(sku, "price", "3")]).unwrap();
    let refused = house.engine.undo(early.batch).unwrap_err();
    assert_eq!(refused.code(), "changed_since");
}

#[test]
fn lists_search_and_counts_follow_every_write() {
    let house = House::new();
    let (milk, sku) = goods(&house, "蒙牛纯牛奶", "01162", "6923644266066", 350);
    let (cola, _) = goods(&house, "可口可乐", "", "", 300);
    assert_eq!(house.search("牛奶"), ["蒙牛纯牛奶"]);
    assert_eq!(house.search("kkkl"), ["可口可乐"]);
    house
        .engine
        .edit_library(&[edit(sku, "name", "伊利酸奶")])
        .unwrap();
    assert!(house.search("牛奶").is_empty());
    assert_eq!(house.search("suannai"), ["伊利酸奶"]);
    house.engine.undo(None).unwrap();
    assert_eq!(house.search("mengniu"), ["蒙牛纯牛奶"]);

    let find = |filter: Filter| {
        house
            .engine
            .library_find(&filter, &HashSet::new())
            .unwrap()
            .ids
            .to_vec()
    };
    let by_price = Filter {
        sort: Sort::Price,
        ..Filter::default()
    };
    assert_eq!(find(by_price.clone()), [cola, milk]);
    assert_eq!(
        find(Filter {
            descending: true,
            ..by_price
        }),
        [milk, cola]
    );
    assert_eq!(
        find(Filter {
            view: View::NoCode,
            ..Filter::default()
        }),
        [cola]
    );
    assert_eq!(
        find(Filter {
            view: View::Recent,
            ..Filter::default()
        })
        .len(),
        2
    );
    let counts = house.engine.library_counts(&HashSet::new()).unwrap();
    assert_eq!(
        (
            counts.views["all"],
            counts.views["no_barcode"],
            counts.views["no_picture"]
        ),
        (2, 1, 2)
    );
    let tree: Vec<(String, i64)> = counts
        .categories
        .into_iter()
        .map(|(node, count)| (node.name, count))
        .collect();
    assert_eq!(tree, [("饮料".to_owned(), 2), ("牛奶".to_owned(), 2)]);

    let deletion = house
        .engine
        .delete_products(&[cola, cola, ProductId(77)])
        .unwrap();
    assert_eq!((deletion.deleted, deletion.bound.len()), (1, 0));
    assert_eq!(find(Filter::default()), [milk]);
    house.engine.undo(deletion.batch).unwrap();
    assert_eq!(house.search("可乐"), ["可口可乐"]);
}
