use super::{StoreFacts, line_causes, order_causes, refusal_cause};
use crate::erp_codes::ErpCodes;
use crate::finding::Remedy;
use crate::id::{ListingId, ListingSkuId, OrderId, SkuId, StoreId};
use crate::product::SpecKind;
use crate::resolve::{Candidate, LineText, ListingIndex};
use crate::rules::{ErrorDictionary, ErrorPattern, MatchRules, Retry};
use std::collections::HashMap;

const ORDER: OrderId = OrderId(7);

fn line(code: &str, name: &str, spec: &str) -> LineText {
    LineText {
        outer_sku_code: code.into(),
        product_name: name.into(),
        spec_name: spec.into(),
    }
}

fn candidate(id: i64, text: LineText, bound_to: Option<i64>) -> Candidate {
    Candidate {
        listing: ListingId(id),
        listing_sku: ListingSkuId(id),
        text,
        spec_kind: SpecKind::Multi,
        bound_to: bound_to.map(SkuId),
    }
}

/// The ids of the causes of one line, in a store with one bound bystander.
fn ids(mut shop: Vec<Candidate>, codes: &[(i64, &str)], sold: &LineText) -> Vec<String> {
    shop.push(candidate(99, line("S99", "旁边的货", "1kg"), Some(99)));
    let index = ListingIndex::new(shop, MatchRules::default());
    let mut item_codes: HashMap<SkuId, String> =
        codes.iter().map(|(id, c)| (SkuId(*id), (*c).into())).collect();
    item_codes.insert(SkuId(99), "99".into());
    let erp = ErpCodes::new([("1022".into(), false), ("1023".into(), true)]);
    let facts = StoreFacts {
        store: StoreId(1),
        index: &index,
        item_codes: &item_codes,
        erp: Some(&erp),
        offline_code: "1001",
        twin_store: None,
    };
    line_causes(ORDER, sold, &facts)
        .into_iter()
        .map(|c| c.id)
        .collect()
}

#[test]
fn each_state_of_the_chain_has_its_cause() {
    let bread = || line("S1", "红豆面包", "60g");
    let bound = || vec![candidate(1, bread(), Some(1))];
    assert!(
        ids(bound(), &[(1, "1022")], &bread()).is_empty(),
        "nothing is wrong"
    );
    assert_eq!(
        ids(bound(), &[(1, "1022")], &line("S1", "红豆软面包", "60g")),
        ["F01a"]
    );
    assert_eq!(
        ids(bound(), &[(1, "1022")], &line("S8", "红豆面包", "90g")),
        ["F01a"]
    );
    assert_eq!(ids(bound(), &[], &bread()), ["F01e"]);
    assert_eq!(ids(bound(), &[(1, "")], &bread()), ["F01d"]);
    assert_eq!(ids(bound(), &[(1, "5555")], &bread()), ["F01d"]);
    assert_eq!(ids(bound(), &[(1, "1023")], &bread()), ["F03"]);
    assert_eq!(ids(bound(), &[(1, "99999999999999999999")], &bread()), ["F19a"]);
    assert_eq!(ids(bound(), &[(1, "1022\u{200b}")], &bread()), ["F19a"]);
    assert_eq!(ids(vec![candidate(1, bread(), None)], &[], &bread()), ["F02b"]);
    assert_eq!(ids(Vec::new(), &[], &line("S1", "没有的东西", "60g")), ["F02b"]);
}

#[test]
fn two_of_one_name_are_told_as_such() {
    let twins = vec![
        candidate(1, line("S1", "红豆面包", "60g"), Some(1)),
        candidate(2, line("S2", "红豆面包", "60g"), None),
    ];
    assert_eq!(
        ids(twins.clone(), &[(1, "1022")], &line("S2", "红豆面包", "60g")),
        ["F01b"],
        "the unbound twin"
    );
    assert_eq!(
        ids(twins, &[(1, "1022")], &line("S9", "红豆面包", "60g")),
        ["F01b"],
        "either of them"
    );
}

#[test]
fn a_store_without_any_binding_is_probably_a_new_one() {
    let index = ListingIndex::new(
        vec![candidate(1, line("S1", "面包", "60g"), None)],
        MatchRules::default(),
    );
    let facts = StoreFacts {
        store: StoreId(1),
        index: &index,
        item_codes: &HashMap::new(),
        erp: None,
        offline_code: "门店#1",
        twin_store: Some(StoreId(2)),
    };
    let causes = order_causes(
        ORDER,
        &[line("S1", "面包", "60g"), line("S1", "面包", "60g")],
        &facts,
    );
    let ids: Vec<&str> = causes.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(ids, ["F19b", "F01f", "F02b"]);
    assert_eq!(
        causes[1].remedies[0],
        Remedy::CopyBindings {
            from: StoreId(2),
            to: StoreId(1)
        }
    );
    assert!(causes.windows(2).all(|w| w[0].confidence >= w[1].confidence));
}

#[test]
fn the_words_of_the_erp_are_recognised() {
    let pattern = |contains: &str, cause: &str| ErrorPattern {
        contains: contains.into(),
        cause: cause.into(),
        retry: Retry::AfterFix,
        anew: false,
        category: false,
        source: String::new(),
    };
    let dictionary = ErrorDictionary {
        date: "2026-01-01".into(),
        pattern: vec![
            pattern("商品编号[{code}]没有匹配商品", "F03"),
            pattern("订单聚合参数未开启", "F24"),
        ],
    };
    let ask = |text| refusal_cause(ORDER, text, &dictionary, StoreId(1), Some(SkuId(5)));
    let (gone, retry) = ask("商品编号[1023]没有匹配商品或商品已删除").unwrap();
    assert_eq!(
        (gone.id.as_str(), gone.params["code"].as_str(), retry),
        ("F03", "1023", Retry::AfterFix)
    );
    assert_eq!(
        ask("订单聚合参数未开启").unwrap().0.remedies[0],
        Remedy::VerifyErpSwitch { store: StoreId(1) }
    );
    assert!(ask("别的话").is_none());
}
