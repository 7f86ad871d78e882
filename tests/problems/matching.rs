//! F22: the sums of a match by 规格编码, as the manager asks for them.

use domain::product::SINGLE_SPEC;
use engine::matching::report::MatchKind;
use sim::PlatformId::MeituanShangou;
use sim::world::{NewListing, NewSpec, OrderMode};
use storage::change::Changes;
use storage::product::{NewProduct, SkuData};
use suites::{Counter, SHANGOU};

/// Unmatched on the platform, codes on both sides, and how many library products share one of these codes with another.
const THERE: usize = 1_890;
const CODES: usize = 135;
const SHARING: usize = 15;

/// The n-th valid 13-digit barcode.
fn barcode(at: usize) -> String {
    let body = format!("{:012}", 690_100_000_000_u64 + at as u64);
    let sum: u32 = body
        .bytes()
        .enumerate()
        .map(|(at, digit)| u32::from(digit - b'0') * if at % 2 == 0 { 1 } else { 3 })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// A name that is like no other: a number written in signs of its own.
fn name(prefix: &str, at: usize) -> String {
    const SIGNS: [char; 10] = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];
    let signs: String = at
        .to_string()
        .bytes()
        .map(|digit| SIGNS[usize::from(digit - b'0')])
        .collect();
    format!("{prefix}{signs}")
}

fn fill_shop(counter: &Counter) {
    let (listing, _) = counter.listings[&(MeituanShangou, 0)].clone();
    let group = counter
        .world()
        .listing(MeituanShangou, SHANGOU, &listing)
        .unwrap()
        .group_ids
        .clone();
    for at in 0..THERE {
        let new = NewListing {
            code: format!("P{at}"),
            name: name("架上", at),
            group_ids: group.clone(),
            specs: vec![NewSpec {
                code: format!("P{at}"),
                name: SINGLE_SPEC.into(),
                upc: barcode(at),
                price_fen: 500,
                stock: 5,
                ..NewSpec::default()
            }],
            ..NewListing::default()
        };
        counter.world().add_listing(MeituanShangou, SHANGOU, new).unwrap();
    }
}

fn fill_library(counter: &Counter) {
    let origin = counter.engine().by_user("batch.import");
    counter
        .engine()
        .db()
        .write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            // The last ones share the codes of the first ones.
            for at in 0..CODES + SHARING {
                let new = NewProduct {
                    name: name("库里", at + 5_000),
                    skus: vec![SkuData {
                        spec_name: SINGLE_SPEC.to_owned(),
                        barcode: barcode(at % CODES),
                        price_fen: Some(500),
                        base_quantity_milli: 1_000,
                        ..SkuData::default()
                    }],
                    ..NewProduct::default()
                };
                storage::product::insert(&mut changes, origin.at, &new)?;
            }
            changes.finish(false)?;
            Ok::<_, storage::error::StorageError>(())
        })
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn f22_1890_unmatched_150_candidates_135_bound_and_15_that_share_a_code() {
    let counter = Counter::open(OrderMode::Lookup, 7).await;
    fill_shop(&counter);
    fill_library(&counter);
    counter.engine().pull_store(counter.shangou).await.unwrap();
    let found = counter.engine().match_store(counter.shangou).await.unwrap();
    let sums = found.arithmetic;
    assert!(sums.holds());
    assert_eq!(
        (
            sums.unmatched_before,
            sums.candidates,
            sums.bound,
            sums.surplus,
            sums.failed,
            sums.unmatched_after
        ),
        (THERE, CODES + SHARING, CODES, SHARING, 0, THERE - CODES)
    );
    assert_eq!(found.surplus(), SHARING);

    // What is unshared binds in bulk; the shared codes are listed with 选哪一个.
    let report = counter
        .engine()
        .bind_proposals(counter.shangou, 0.95)
        .await
        .unwrap();
    assert_eq!(report.refused.len(), 0);
    let after = counter.engine().match_store(counter.shangou).await.unwrap();
    assert_eq!(after.bound - found.bound, report.bound);
    let choices: Vec<_> = after
        .lines
        .iter()
        .filter(|line| !line.candidates.is_empty())
        .collect();
    let kinds = [MatchKind::Sure, MatchKind::Look, MatchKind::Surplus].map(|kind| after.count(kind));
    assert_eq!(
        report.bound + choices.len(),
        CODES,
        "bound {}, or to be chosen: {kinds:?}",
        report.bound
    );
    for line in &choices {
        let pair = (line.row.id, line.candidates[0].sku);
        assert_eq!(
            counter.engine().bind_pairs(&[pair], false).await.unwrap().bound,
            1
        );
    }
    let done = counter.engine().match_store(counter.shangou).await.unwrap();
    assert_eq!(done.bound - found.bound, CODES);
    assert_eq!(done.total - done.bound, THERE - CODES);
}
