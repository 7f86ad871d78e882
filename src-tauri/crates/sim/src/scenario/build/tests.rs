//! A built world is what its report says.

use std::collections::{BTreeMap, BTreeSet};

use super::{Built, products, weight_g};
use crate::clock::SimClock;
use crate::scenario::{DriftKind, Scenario};
use crate::world::PlatformId;

const NOW: i64 = 1_700_000_000_000;

fn built(seed: u64) -> (Scenario, Built) {
    let scenario = Scenario::demo(seed).unwrap();
    let built = scenario
        .build(SimClock::standing_at(NOW), "http://127.0.0.1:9")
        .unwrap();
    (scenario, built)
}

#[test]
fn amounts_in_names_become_grams() {
    for (text, grams) in [
        ("水 380ml", 380),
        ("水 1.5L", 1500),
        ("米 2.5kg", 2500),
        ("饼 16g*8", 16),
        ("伞", 500),
        ("灯 2个", 500),
    ] {
        assert_eq!(weight_g(text), grams, "{text}");
    }
}

#[test]
fn the_same_seed_builds_the_same_world_and_another_seed_another() {
    let (first, second, other) = (built(7).1, built(7).1, built(8).1);
    assert_eq!(first.drift, second.drift);
    for platform in PlatformId::ALL {
        assert_eq!(first.world.shops(platform), second.world.shops(platform));
    }
    assert_eq!(first.world.erp.items, second.world.erp.items);
    assert_ne!(first.drift, other.drift);
}

#[test]
fn every_shop_is_filled_and_both_platforms_of_a_shop_share_a_branch() {
    let (scenario, built) = built(7);
    for store in &scenario.stores {
        let shop = built.world.shop(store.platform, &store.remote_id).unwrap();
        assert!(
            shop.listings.len() >= 300,
            "{}: {}",
            store.name,
            shop.listings.len()
        );
        assert!(shop.groups.values().all(|group| group.name.chars().count() <= 12));
        assert!(built.world.erp.branches.contains_key(&store.branch));
    }
    let branches: BTreeSet<&str> = scenario
        .stores
        .iter()
        .map(|store| store.branch.as_str())
        .collect();
    assert_eq!((branches.len(), scenario.stores.len()), (3, 5));
    assert_eq!(built.world.erp.items.len(), scenario.items.len());
}

#[test]
fn the_report_tells_the_truth_about_every_listing_it_names() {
    let (scenario, built) = built(11);
    for (kind, all) in &built.drift.kinds {
        assert!(!all.is_empty(), "{kind:?}");
        for one in all.iter().filter(|one| !one.listing.is_empty()) {
            let platform = one.platform.unwrap();
            let listing = built.world.listing(platform, &one.shop, &one.listing).unwrap();
            let item = one.row.map(|row| &scenario.items[row]);
            let spec = &listing.specs[0];
            let true_of_it = match kind {
                DriftKind::BrandPrefix
                | DriftKind::Bracket
                | DriftKind::FullWidth
                | DriftKind::Signs
                | DriftKind::HandMade => {
                    listing.name == one.there && listing.name != item.unwrap().name.trim()
                }
                DriftKind::NoBarcode => listing.specs.iter().all(|spec| spec.upc.is_empty()),
                DriftKind::NoCodes => {
                    listing.code.is_empty() && listing.specs.iter().all(|spec| spec.code.is_empty())
                }
                DriftKind::Twin => {
                    spec.code == one.there && spec.code != item.unwrap().item_code && spec.upc.is_empty()
                }
                DriftKind::OtherGroup => {
                    let group = &built.world.shop(platform, &one.shop).unwrap().groups[&listing.group_ids[0]];
                    group.name == one.there && !one.library.contains(&one.there)
                }
                DriftKind::Price => spec.price_fen != item.unwrap().price_fen,
                DriftKind::Stock => spec.stock != item.unwrap().stock,
                DriftKind::PlatformOnly => {
                    item.is_none() && scenario.items.iter().all(|item| item.name != listing.name)
                }
                DriftKind::LibraryOnly | DriftKind::SharedBarcode | DriftKind::ErpNumber => false,
            };
            assert!(true_of_it, "{kind:?} {one:?} {listing:?}");
        }
    }
    assert_eq!(
        built.drift.kinds.len(),
        15,
        "every kind happens: {:?}",
        built.drift.kinds.keys()
    );
}

#[test]
fn what_is_only_in_the_library_is_really_not_in_the_shop() {
    let (scenario, built) = built(11);
    for kind in [DriftKind::LibraryOnly, DriftKind::SharedBarcode] {
        for one in built.drift.of(kind) {
            let code = &scenario.items[one.row.unwrap()].item_code;
            let shop = built.world.shop(one.platform.unwrap(), &one.shop).unwrap();
            assert!(
                shop.listings
                    .values()
                    .flat_map(|listing| &listing.specs)
                    .all(|spec| spec.code != *code || code.is_empty()),
                "{one:?}"
            );
        }
    }
}

#[test]
fn the_erp_knows_every_good_though_not_always_by_the_librarys_code() {
    let (scenario, built) = built(7);
    let wrong = built.drift.of(DriftKind::ErpNumber);
    assert_eq!(
        wrong.len(),
        4 + 3 + 3 + 2,
        "empty, beyond 64 bits, unknown, hidden signs"
    );
    for one in wrong {
        assert!(built.world.erp.items.contains_key(&one.there));
        assert!(!built.world.erp.items.contains_key(&one.library), "{one:?}");
    }
    assert!(
        scenario
            .items
            .iter()
            .filter(|item| built.world.erp.items.contains_key(&item.item_code))
            .count()
            > 650
    );
}

#[test]
fn specs_of_one_product_stand_on_one_listing() {
    let (scenario, built) = built(7);
    let joined: BTreeMap<usize, usize> = products(&scenario.items)
        .into_iter()
        .map(|rows| (rows[0], rows.len()))
        .collect();
    assert_eq!(joined.values().sum::<usize>(), scenario.items.len());
    let shop = built.world.shop(PlatformId::MeituanShangou, "HJ1001").unwrap();
    let multi = shop
        .listings
        .values()
        .filter(|listing| listing.specs.len() > 1)
        .count();
    assert!(multi >= 30, "{multi}");
}

#[test]
fn no_shop_holds_two_products_under_one_code() {
    let (_, built) = built(1);
    let world = built.world;
    for platform in PlatformId::ALL {
        for shop in world.shops(platform).values() {
            let mut seen = BTreeSet::new();
            for listing in shop.listings.values().filter(|listing| !listing.code.is_empty()) {
                assert!(
                    seen.insert(&listing.code),
                    "{} twice in {}",
                    listing.code,
                    shop.name
                );
            }
        }
    }
}
