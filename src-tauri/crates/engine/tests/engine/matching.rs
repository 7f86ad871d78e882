use crate::kit::{Kit, MT};
use engine::matching::report::MatchKind;

#[tokio::test(start_paused = true)]
async fn proposals_bind_one_to_one_and_the_sums_hold() {
    let kit = Kit::new(MT).await;
    kit.product("示例苹果", "1022311150004734", "6901234567892", 990);
    kit.product("示例香蕉 特级", "1022311150004736", "", 590);
    let found = kit.engine.match_store(kit.store).await.unwrap();
    assert!(found.arithmetic.holds());
    assert_eq!(
        (found.total, found.bound, found.count(MatchKind::Sure)),
        (3, 0, 2)
    );
    let report = kit.engine.bind_proposals(kit.store, 0.95).await.unwrap();
    assert_eq!((report.bound, report.refused.len()), (2, 0));
    let again = kit.engine.match_store(kit.store).await.unwrap();
    assert_eq!((again.bound, again.count(MatchKind::Sure)), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn only_what_the_page_shows_as_sure_is_bound_in_bulk() {
    let kit = Kit::new(MT).await;
    kit.product("示例苹果", "1022311150004734", "6901234567892", 990);
    kit.product("示例香蕉", "1022311150004736", "6901234567885", 590);
    let mut found = kit.engine.match_store(kit.store).await.unwrap();
    let pairs = found.sure(0.95);
    assert_eq!(pairs.len(), 2);
    for kind in [MatchKind::Look, MatchKind::Surplus] {
        let line = found
            .lines
            .iter_mut()
            .find(|line| line.row.id == pairs[0].0)
            .unwrap();
        assert!(line.candidates[0].score >= 0.95, "the score alone would do");
        line.kind = kind;
        assert_eq!(found.sure(0.95), pairs[1..], "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_pair_that_is_contradicted_waits_for_a_look() {
    let kit = Kit::new(MT).await;
    kit.product("示例苹果", "1022311150004734", "6901234567892", 990);
    kit.product("示例香蕉 6盒装", "1022311150004736", "6901234567885", 3_590);
    let found = kit.engine.match_store(kit.store).await.unwrap();
    let shown = found.count(MatchKind::Sure);
    let report = kit.engine.bind_proposals(kit.store, 0.0).await.unwrap();
    assert_eq!(report.bound, shown);
    let left = kit.engine.match_store(kit.store).await.unwrap();
    assert_eq!(left.count(MatchKind::Look), found.count(MatchKind::Look));
}

#[tokio::test(start_paused = true)]
async fn a_refused_pair_is_not_proposed_again() {
    let kit = Kit::new(MT).await;
    let (_, sku) = kit.product("示例苹果", "1022311150004734", "6901234567892", 990);
    let row = kit.listed("示例苹果");
    kit.engine.refuse_pairs(&[(row.id, sku)]).unwrap();
    let found = kit.engine.match_store(kit.store).await.unwrap();
    let line = found.lines.iter().find(|line| line.row.id == row.id).unwrap();
    assert!(line.candidates.is_empty(), "{:?}", line.candidates);
    assert!(found.arithmetic.holds());
}

#[tokio::test(start_paused = true)]
async fn a_side_that_is_bound_refuses_unless_it_is_rebound() {
    let kit = Kit::new(MT).await;
    let (sku, _) = kit.bound("示例苹果", "1022311150004734", "6901234567892", 990);
    let banana = kit.listed("示例香蕉");
    let refused = kit.engine.bind_pairs(&[(banana.id, sku)], false).await.unwrap();
    assert_eq!((refused.bound, refused.refused[0].code), (0, "F07"));
    assert_eq!(refused.refused[0].params["name"], "示例苹果");
    let moved = kit.engine.bind_pairs(&[(banana.id, sku)], true).await.unwrap();
    assert_eq!(moved.bound, 1);
    assert_eq!(kit.listed("示例苹果").bound_to, None);
    assert_eq!(kit.listed("示例香蕉").bound_to, Some(sku));
}

#[tokio::test(start_paused = true)]
async fn a_listing_becomes_a_library_product_with_its_group() {
    let kit = Kit::new(MT).await;
    let row = kit.listed("示例香蕉");
    let report = kit.engine.adopt(&[row.id]).await.unwrap();
    assert_eq!(report.bound, 1);
    let sku = kit.listed("示例香蕉").bound_to.unwrap();
    let product = kit
        .engine
        .db()
        .read(|c| {
            let id = storage::product::of_sku(c, sku)?.unwrap();
            storage::product::get(c, id)
        })
        .unwrap();
    assert_eq!(
        (product.name.as_str(), product.skus[0].barcode.as_str()),
        ("示例香蕉", "6901234567885")
    );
    assert!(product.category.is_some());
}
