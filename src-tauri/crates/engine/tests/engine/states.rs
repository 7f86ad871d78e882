//! What the library shows of a store and what would be sent to it are one thing.

use crate::kit::{Kit, MT};
use domain::id::{ProductId, SkuId};
use domain::plan::Field;
use engine::library::offers::OfferEdit;
use engine::library::states::PlaceState;
use engine::sync::plan::Choices;
use std::collections::BTreeMap;

const APPLE: (&str, &str, &str) = ("示例苹果", "1022311150004734", "6901234567892");
const BANANA: (&str, &str, &str) = ("示例香蕉", "1022311150004736", "6901234567885");

fn products(kit: &Kit) -> Vec<domain::product::Product> {
    kit.engine.db().read(storage::product::all).unwrap()
}

fn states(kit: &Kit) -> BTreeMap<SkuId, PlaceState> {
    let places = kit.engine.places(&products(kit)).unwrap();
    let of = places.into_iter().map(|(sku, places)| (sku, places[0].state));
    of.collect()
}

/// Prices that would be written.
fn planned(kit: &Kit) -> usize {
    let plan = kit.engine.sync_plan(&[kit.store], &Choices::default()).unwrap();
    let steps = plan[0].plan.steps.iter();
    steps.filter(|step| step.key.field == Field::Price).count()
}

#[tokio::test(start_paused = true)]
async fn what_is_bound_in_a_store_without_offers_is_wanted_as_it_stands() {
    let kit = Kit::new(MT).await;
    let (apple, _) = kit.bound(APPLE.0, APPLE.1, APPLE.2, 990);
    let (banana, _) = kit.bound(BANANA.0, BANANA.1, BANANA.2, 650);
    assert_eq!(states(&kit)[&apple], PlaceState::Synced, "healthy is quiet");
    assert_eq!(states(&kit)[&banana], PlaceState::Pending, "its price differs");
    assert_eq!(planned(&kit), 1, "and that is what would be sent");
    let platforms = kit.engine.db().read(|c| {
        let product = storage::product::of_sku(c, apple)?.unwrap_or(ProductId(0));
        storage::views::library::offered_platforms(c, product)
    });
    assert_eq!(platforms.unwrap(), ["meituan_shangou"]);
}

#[tokio::test(start_paused = true)]
async fn the_first_offer_of_a_store_does_not_make_the_rest_unwanted() {
    let kit = Kit::new(MT).await;
    let (apple, _) = kit.bound(APPLE.0, APPLE.1, APPLE.2, 990);
    let (banana, _) = kit.bound(BANANA.0, BANANA.1, BANANA.2, 650);
    let own_price = OfferEdit {
        store: kit.store,
        sku: banana,
        on: None,
        price: Some("5.90".to_owned()),
        skip_barcode: None,
    };
    let outcome = kit.engine.edit_offers(&[own_price]).unwrap();
    assert_eq!(states(&kit)[&apple], PlaceState::Synced);
    assert_eq!(states(&kit)[&banana], PlaceState::Synced);
    assert_eq!(planned(&kit), 0);
    kit.engine.undo(outcome.batch).unwrap();
    assert_eq!(states(&kit)[&banana], PlaceState::Pending);
    assert!(
        kit.engine
            .db()
            .read(|c| storage::offer::of_store(c, kit.store))
            .unwrap()
            .is_empty()
    );
}
