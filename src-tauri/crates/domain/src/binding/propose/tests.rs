use super::{LibrarySku, Method, Options, StoreSku, propose};
use crate::binding::similarity::Goods;
use crate::code::check_digit;
use crate::id::{ListingId, ListingSkuId, SkuId};
use std::collections::HashSet;

fn goods(name: &str, spec: &str, barcode: &str, code: &str) -> Goods {
    Goods {
        name: name.into(),
        spec: spec.into(),
        barcode: barcode.into(),
        code: code.into(),
        ..Goods::default()
    }
}

fn store(id: i64, goods: Goods) -> StoreSku {
    StoreSku {
        listing: ListingId(id),
        id: ListingSkuId(id),
        goods,
        bound_to: None,
    }
}

fn library(id: i64, goods: Goods) -> LibrarySku {
    LibrarySku {
        id: SkuId(id),
        goods,
        outer_sku_code: String::new(),
    }
}

fn gtin(number: usize) -> String {
    let body = format!("69{number:010}");
    format!("{body}{}", check_digit(&body))
}

/// F22: 1890 unmatched, 150 library rows share a code with the store, 135 bind, 15 are surplus.
#[test]
fn the_sums_of_f22_hold() {
    let shop: Vec<StoreSku> = (0..1890)
        .map(|n| {
            store(
                i64::try_from(n).unwrap(),
                goods(&format!("甲{n}乙"), "", &gtin(n), ""),
            )
        })
        .collect();
    let mut ours: Vec<LibrarySku> = (0..135)
        .map(|n| {
            library(
                i64::try_from(n).unwrap(),
                goods(&format!("丙{n}丁"), "", &gtin(n), ""),
            )
        })
        .collect();
    ours.extend((0..15).map(|n| library(1000 + i64::try_from(n).unwrap(), goods("戊", "", &gtin(n), ""))));
    let report = propose(
        &shop,
        &ours,
        &Options {
            similar: false,
            ..Options::default()
        },
    );
    let sums = report.arithmetic;
    assert!(sums.holds(), "{sums:?}");
    assert_eq!(
        (
            sums.unmatched_before,
            sums.candidates,
            sums.bound,
            sums.surplus,
            sums.failed,
            sums.unmatched_after
        ),
        (1890, 150, 135, 15, 0, 1755)
    );
    assert_eq!(report.surplus.len(), 15);
    assert!(
        report
            .surplus
            .iter()
            .all(|group| group.skus.len() == 2 && group.left_over == 1)
    );
}

#[test]
fn the_row_of_a_shared_code_whose_name_fits_is_chosen() {
    let shop = [store(1, goods("可口可乐 500ml", "", &gtin(1), ""))];
    let ours = [
        library(1, goods("雪碧 500ml", "", &gtin(1), "")),
        library(2, goods("可口可乐", "500毫升", &gtin(1), "")),
    ];
    let report = propose(&shop, &ours, &Options::default());
    assert_eq!(report.proposals[0].sku, SkuId(2));
    assert_eq!(report.surplus[0].left_over, 1);
}

#[test]
fn keys_are_tried_in_order_and_each_says_why() {
    let shop = [
        store(1, goods("甲", "", &gtin(1), "")),
        store(2, goods("乙", "", "", "1022")),
        store(3, goods("农夫山泉饮用水", "550ml", "", "")),
        store(4, goods("【包邮】康师傅红烧牛肉面大食桶", "", "", "")),
    ];
    let ours = [
        library(1, goods("甲", "", &format!("0{}", gtin(1)), "")),
        library(2, goods("完全不同", "", "", "1022")),
        library(3, goods("农夫山泉饮用水550毫升", "单规格", "", "")),
        library(4, goods("康师傅红烧牛肉面大食桶装", "", "", "")),
        library(5, goods("康师傅香辣牛肉面大食桶装", "", "", "")),
    ];
    let report = propose(
        &shop,
        &ours,
        &Options {
            accept: 0.6,
            ..Options::default()
        },
    );
    let methods: Vec<(i64, i64, Method)> = report
        .proposals
        .iter()
        .map(|p| (p.listing_sku.0, p.sku.0, p.method))
        .collect();
    assert_eq!(
        methods,
        [
            (1, 1, Method::Barcode),
            (2, 2, Method::Code),
            (3, 3, Method::NameSpec),
            (4, 4, Method::Similar)
        ]
    );
    assert!(
        report.proposals[1]
            .against
            .iter()
            .any(|reason| reason.code == "name_differs")
    );
    assert!(report.arithmetic.holds());
}

#[test]
fn one_name_used_twice_is_never_guessed() {
    let shop = [store(1, goods("大麻辣", "", "", ""))];
    let ours = [
        library(1, goods("大麻辣", "", "", "")),
        library(2, goods("大麻辣", "", "", "")),
    ];
    let report = propose(&shop, &ours, &Options::default());
    assert!(report.proposals.is_empty());
    assert_eq!(report.surplus[0].skus, [SkuId(1), SkuId(2)]);
    assert_eq!((report.arithmetic.candidates, report.arithmetic.surplus), (2, 2));
}

#[test]
fn equal_names_with_different_good_barcodes_are_only_suggested() {
    let shop = [store(1, goods("黄山", "", &gtin(1), ""))];
    let ours = [library(1, goods("黄山", "", &gtin(2), ""))];
    let report = propose(&shop, &ours, &Options::default());
    assert!(!report.proposals[0].accept);
    assert!(
        report.proposals[0]
            .against
            .iter()
            .any(|reason| reason.code == "barcode_differs")
    );
    assert_eq!((report.arithmetic.bound, report.suggested), (0, 1));
}

#[test]
fn existing_bindings_are_respected_on_both_sides() {
    let mut bound = store(1, goods("甲", "", &gtin(1), ""));
    bound.bound_to = Some(SkuId(1));
    let shop = [bound, store(2, goods("甲", "", &gtin(1), ""))];
    let report = propose(
        &shop,
        &[library(1, goods("甲", "", &gtin(1), ""))],
        &Options::default(),
    );
    assert!(report.proposals.is_empty());
    assert_eq!(report.arithmetic.unmatched_before, 1);
}

proptest::proptest! {
    #[test]
    fn every_side_is_used_at_most_once_and_the_sums_hold(
        left in proptest::collection::vec(("[可乐雪碧水]{1,3}", 0..6_usize, 0..4_usize), 0..25),
        right in proptest::collection::vec(("[可乐雪碧水]{1,3}", 0..6_usize, 0..4_usize), 0..25),
    ) {
        let row = |(name, barcode, code): &(String, usize, usize)| goods(
            name,
            "",
            &if *barcode == 0 { String::new() } else { gtin(*barcode) },
            &if *code == 0 { String::new() } else { format!("C{code}") },
        );
        let shop: Vec<StoreSku> = left.iter().enumerate()
            .map(|(at, r)| store(i64::try_from(at).unwrap(), row(r))).collect();
        let ours: Vec<LibrarySku> = right.iter().enumerate()
            .map(|(at, r)| library(i64::try_from(at).unwrap(), row(r))).collect();
        let report = propose(&shop, &ours, &Options::default());
        let listings: HashSet<_> = report.proposals.iter().map(|p| p.listing_sku).collect();
        let skus: HashSet<_> = report.proposals.iter().map(|p| p.sku).collect();
        proptest::prop_assert_eq!(listings.len(), report.proposals.len());
        proptest::prop_assert_eq!(skus.len(), report.proposals.len());
        proptest::prop_assert!(report.arithmetic.holds(), "{:?}", report.arithmetic);
        for (method, sums) in &report.by_method {
            proptest::prop_assert!(sums.holds(), "{:?} {:?}", method, sums);
        }
        for window in report.by_method.windows(2) {
            proptest::prop_assert_eq!(window[0].1.unmatched_after, window[1].1.unmatched_before);
        }
    }
}

#[test]
fn an_equal_code_on_another_product_is_asked_about_and_never_bound_in_bulk() {
    let shop = [
        store(1, goods("山溪东方乌龙茶", "无糖", "", "133")),
        store(2, goods("气泡水海盐荔枝（云岭）480ml", "", &gtin(2), "134")),
        store(3, goods("青柠汽水", "", &gtin(3), "135")),
        store(4, goods("", "", "", "136")),
    ];
    let ours = [
        library(1, goods("云岭气泡水海盐荔枝 480ml", "", &gtin(1), "133")),
        library(2, goods("云岭气泡水海盐荔枝 480ml", "", &gtin(9), "134")),
        library(3, goods("青柠味硬糖", "", &gtin(8), "135")),
        library(4, goods("白桃乌龙茶", "", &gtin(7), "136")),
    ];
    let report = propose(&shop, &ours, &Options::default());
    let accepted: Vec<(i64, bool)> = report
        .proposals
        .iter()
        .map(|pair| (pair.sku.0, pair.accept))
        .collect();
    assert_eq!(accepted, [(1, false), (2, true), (3, false), (4, true)]);
    assert!(
        report.proposals[0]
            .against
            .iter()
            .any(|reason| reason.code == "name_differs")
    );
    assert_eq!(report.arithmetic.bound, 2);
}
