//! Filters of the library that look at stores and prices.

use crate::kit::{Kit, MT};
use engine::library::catalog::Filter;
use engine::library::states::PlaceState;
use std::collections::HashSet;

const APPLE: (&str, &str, &str) = ("示例苹果", "1022311150004734", "6901234567892");
const BANANA: (&str, &str, &str) = ("示例香蕉", "1022311150004736", "6901234567885");

fn found(kit: &Kit, filter: &Filter) -> Vec<String> {
    let found = kit.engine.library_find(filter, &HashSet::new()).unwrap();
    let products = kit.engine.library_products(&found.ids).unwrap();
    products.into_iter().map(|product| product.name).collect()
}

#[tokio::test(start_paused = true)]
async fn the_library_narrows_by_state_and_price() {
    let kit = Kit::new(MT).await;
    kit.bound(APPLE.0, APPLE.1, APPLE.2, 990);
    let (banana, _) = kit.bound(BANANA.0, BANANA.1, BANANA.2, 650);
    kit.product("示例梨", "3", "", 100);
    let state = |state| Filter {
        state: Some(state),
        ..Filter::default()
    };
    assert_eq!(found(&kit, &state(PlaceState::Synced)), [APPLE.0]);
    assert_eq!(found(&kit, &state(PlaceState::Pending)), [BANANA.0]);
    assert_eq!(found(&kit, &state(PlaceState::None)), ["示例梨"]);
    assert!(found(&kit, &state(PlaceState::Rejected)).is_empty());
    let price = |from, to| Filter {
        price_from: from,
        price_to: to,
        ..Filter::default()
    };
    assert_eq!(found(&kit, &price(Some(650), None)), [APPLE.0, BANANA.0]);
    assert_eq!(found(&kit, &price(None, Some(650))), [BANANA.0, "示例梨"]);
    assert_eq!(found(&kit, &price(Some(650), Some(650))), [BANANA.0]);
    // The answer follows what it was found from.
    let edit = engine::library::edit::Edit {
        sku: banana,
        field: "price".to_owned(),
        value: "5.90".to_owned(),
    };
    kit.engine.edit_library(&[edit]).unwrap();
    assert_eq!(found(&kit, &state(PlaceState::Synced)), [APPLE.0, BANANA.0]);
}
