use super::{Candidate, Healed, LineText, ListingIndex, Outcome, Stage, resolve};
use crate::id::{ListingId, ListingSkuId, SkuId};
use crate::product::SpecKind;
use crate::rules::{KeyField, MatchRules};

fn line(code: &str, name: &str, spec: &str) -> LineText {
    LineText {
        outer_sku_code: code.into(),
        product_name: name.into(),
        spec_name: spec.into(),
    }
}

fn candidate(id: i64, text: LineText, spec_kind: SpecKind) -> Candidate {
    Candidate {
        listing: ListingId(id),
        listing_sku: ListingSkuId(id),
        text,
        spec_kind,
        bound_to: Some(SkuId(id)),
    }
}

fn found(outcome: &Outcome) -> Option<i64> {
    match outcome {
        Outcome::One { listing_sku, .. } => Some(listing_sku.0),
        _ => None,
    }
}

/// 饿百: 第三方SKU编码 + 规格名称 for multi-spec.
fn code_and_spec() -> MatchRules {
    let mut rules = MatchRules::default();
    rules.first_push.multi = vec![KeyField::OuterSkuCode, KeyField::SpecName];
    rules
}

/// 美团外卖: 商品名称 alone for single-spec.
fn name_only() -> MatchRules {
    let mut rules = MatchRules::default();
    rules.repush.single = vec![KeyField::ProductName];
    rules
}

#[test]
fn the_first_push_wants_code_name_and_spec() {
    let shop = [
        candidate(1, line("S1", "面包", "60g"), SpecKind::Multi),
        candidate(2, line("S2", "面包", "60g"), SpecKind::Multi),
    ];
    let hit = resolve(
        &line("S2", "面包", "60g"),
        &shop,
        &MatchRules::default(),
        Stage::FirstPush,
    );
    assert_eq!((found(&hit.outcome), hit.by), (Some(2), Some(Stage::FirstPush)));
    let again = resolve(
        &line("S2", "面包", "60g"),
        &shop,
        &MatchRules::default(),
        Stage::Repush,
    );
    assert_eq!(
        again.outcome,
        Outcome::Ambiguous {
            listing_skus: vec![ListingSkuId(1), ListingSkuId(2)]
        }
    );
}

#[test]
fn a_changed_code_is_got_over_by_the_repush_rule_and_said() {
    let shop = [candidate(1, line("old", "面包", "60g"), SpecKind::Multi)];
    let hit = resolve(
        &line("new", "面包", "60g"),
        &shop,
        &MatchRules::default(),
        Stage::FirstPush,
    );
    assert_eq!((found(&hit.outcome), hit.by), (Some(1), Some(Stage::Repush)));
    assert_eq!(
        hit.healed,
        [Healed::CodeChanged {
            old: "old".into(),
            new: "new".into()
        }]
    );
}

#[test]
fn multi_spec_by_code_and_spec_does_not_need_the_name() {
    let shop = [candidate(1, line("S1", "面包", "60g"), SpecKind::Multi)];
    let renamed = line("S1", "新名面包", "60g");
    assert_eq!(
        found(&resolve(&renamed, &shop, &code_and_spec(), Stage::FirstPush).outcome),
        Some(1)
    );
    assert_eq!(
        resolve(&renamed, &shop, &MatchRules::default(), Stage::FirstPush).outcome,
        Outcome::None
    );
}

#[test]
fn without_code_and_name_nothing_matches() {
    let shop = [candidate(1, line("", "面包", "60g"), SpecKind::Multi)];
    assert_eq!(
        resolve(
            &line("", "蛋糕", "60g"),
            &shop,
            &code_and_spec(),
            Stage::FirstPush
        )
        .outcome,
        Outcome::None
    );
}

#[test]
fn single_spec_goods_match_on_the_name_where_the_pack_says_so() {
    let shop = [candidate(1, line("S1", "苹果", "单规格"), SpecKind::Single)];
    let sold = line("X", "苹果", "500克");
    let hit = resolve(&sold, &shop, &name_only(), Stage::Repush);
    assert_eq!(found(&hit.outcome), Some(1));
    assert!(hit.healed.contains(&Healed::SpecChanged {
        old: "单规格".into(),
        new: "500克".into()
    }));
    assert_eq!(
        resolve(&sold, &shop, &MatchRules::default(), Stage::Repush).outcome,
        Outcome::None
    );
}

#[test]
fn a_match_that_only_normalising_makes_is_said_to_be_one() {
    let shop = [candidate(1, line("S1", "面包（大）", "60g"), SpecKind::Multi)];
    let hit = resolve(
        &line("S1", "面包(大)\u{200b}", "60g"),
        &shop,
        &MatchRules::default(),
        Stage::FirstPush,
    );
    assert_eq!((found(&hit.outcome), hit.only_by_normalizing), (Some(1), true));
}

#[test]
fn the_simulator_shows_which_field_parts_them() {
    let shop = vec![
        candidate(1, line("S1", "红豆面包", "60g"), SpecKind::Multi),
        candidate(2, line("S2", "松松蛋糕", "80g"), SpecKind::Multi),
    ];
    let index = ListingIndex::new(shop, MatchRules::default());
    let shown = index.simulate(&line("S9", "红豆软面包", "60g"), Stage::Repush);
    assert_eq!(shown.best.map(|c| c.listing_sku), Some(ListingSkuId(1)));
    let verdicts: Vec<_> = shown
        .rows
        .iter()
        .map(|row| (row.first_push, row.repush))
        .collect();
    assert_eq!(
        verdicts,
        [
            (Some(false), None),
            (Some(false), Some(false)),
            (Some(true), Some(true))
        ]
    );
    assert!(shown.repush_hits.is_empty());
}

#[test]
fn a_store_without_listings_gives_an_empty_table() {
    let shown =
        ListingIndex::new(Vec::new(), MatchRules::default()).simulate(&line("S", "a", "b"), Stage::FirstPush);
    assert_eq!(shown.resolution.outcome, Outcome::None);
    assert!(shown.rows.iter().all(|row| row.listing.is_none()));
}

proptest::proptest! {
    /// The index answers what a search through all candidates answers.
    #[test]
    fn the_index_agrees_with_comparing_one_by_one(
        shop in proptest::collection::vec(("[ab]{0,1}", "[ab ]{0,2}", "[ab]{0,1}", proptest::bool::ANY), 0..8),
        sold in ("[ab]{0,1}", "[ab ]{0,2}", "[ab]{0,1}"),
    ) {
        let candidates: Vec<Candidate> = shop.iter().enumerate().map(|(at, (code, name, spec, single))| {
            let kind = if *single { SpecKind::Single } else { SpecKind::Multi };
            candidate(i64::try_from(at).unwrap(), line(code, name, spec), kind)
        }).collect();
        let mut rules = code_and_spec();
        rules.repush.single = vec![KeyField::ProductName];
        let sold = line(&sold.0, &sold.1, &sold.2);
        let by_hand: Vec<i64> = candidates.iter().filter(|c| {
            let fields = match c.spec_kind {
                SpecKind::Single => &rules.repush.single,
                SpecKind::Multi => &rules.repush.multi,
            };
            let normal = |text: &str| crate::text::normalized(text);
            fields.iter().all(|f| normal(sold.field(*f)) == normal(c.text.field(*f)))
                && !normal(&sold.product_name).is_empty()
        }).map(|c| c.listing_sku.0).collect();
        let said = match resolve(&sold, &candidates, &rules, Stage::Repush).outcome {
            Outcome::None => Vec::new(),
            Outcome::One { listing_sku, .. } => vec![listing_sku.0],
            Outcome::Ambiguous { listing_skus } => listing_skus.iter().map(|id| id.0).collect(),
        };
        proptest::prop_assert_eq!(said, by_hand);
    }
}
