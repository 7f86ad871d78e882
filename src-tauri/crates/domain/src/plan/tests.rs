use super::{Action, Blocked, Field, Plan, PlanInput, ProductWrite, Step, StepKey, Ticks, Value, plan};
use crate::finding::{Finding, Severity, Subject};
use crate::id::{AccountId, GroupId, ListingId, ListingSkuId, OfferId, ProductId, SkuId, StoreId};
use crate::listing::{Listing, ListingSku, PictureReview, ReviewState, StoreGroup};
use crate::money::Money;
use crate::product::{Product, Sku};
use crate::rules::ListingRules;
use crate::store::{FieldSwitches, Offer, Store};
use crate::wanted::Wanted;
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use std::collections::HashMap;

/// A library of its own, a store, and what the store's platform holds: a model that writes can be applied to.
#[derive(Clone, Debug)]
struct World {
    store: Store,
    rules: ListingRules,
    products: Vec<Product>,
    offers: Vec<Offer>,
    groups_wanted: HashMap<ProductId, Vec<String>>,
    listings: Vec<Listing>,
    groups: Vec<StoreGroup>,
    sent: HashMap<ListingId, Vec<String>>,
    reviews: HashMap<ListingId, PictureReview>,
    blocked: Blocked,
    ticks: Ticks,
}

fn sku(id: i64, spec: &str, barcode: &str, price: i64) -> Sku {
    Sku {
        id: SkuId(id),
        spec_name: spec.into(),
        size_text: String::new(),
        item_code: format!("{id}"),
        barcode: barcode.into(),
        unit: String::new(),
        price: Some(Money(price)),
        cost: None,
        stock: Some(5),
        base_quantity_milli: 1000,
        weight_g: Some(100),
    }
}

fn product(id: i64, name: &str, pictures: &[&str], skus: Vec<Sku>) -> Product {
    Product {
        id: ProductId(id),
        name: name.into(),
        spu_code: String::new(),
        category: None,
        brand: String::new(),
        description: String::new(),
        pictures: pictures.iter().map(|p| (*p).to_owned()).collect(),
        skus,
    }
}

impl World {
    fn new(products: Vec<Product>) -> Self {
        let offers = products.iter().flat_map(|p| &p.skus).map(|sku| Offer {
            id: OfferId(sku.id.0),
            store: StoreId(1),
            sku: sku.id,
            on: true,
            price: None,
            name: None,
            group: None,
            skip_barcode: false,
        });
        Self {
            store: Store {
                id: StoreId(1),
                account: AccountId(1),
                platform: "p".into(),
                remote_id: "1".into(),
                name: "店".into(),
                endpoint: None,
                erp_account: None,
                offline_code: "1".into(),
                switches: FieldSwitches::default(),
                settings: std::collections::BTreeMap::new(),
            },
            rules: ListingRules::default(),
            offers: offers.collect(),
            products,
            groups_wanted: HashMap::new(),
            listings: Vec::new(),
            groups: Vec::new(),
            sent: HashMap::new(),
            reviews: HashMap::new(),
            blocked: Blocked::default(),
            ticks: Ticks::default(),
        }
    }

    fn wanted(&self) -> Vec<Wanted<'_>> {
        let mut out = Vec::new();
        for product in &self.products {
            for sku in &product.skus {
                out.extend(
                    self.offers
                        .iter()
                        .filter(|o| o.sku == sku.id)
                        .map(|offer| Wanted {
                            offer,
                            product,
                            sku,
                            outer_code: format!("P{}", product.id.0),
                            outer_sku_code: format!("S{}", sku.id.0),
                            group: self.groups_wanted.get(&product.id).cloned().unwrap_or_default(),
                            category_id: String::new(),
                        }),
                );
            }
        }
        out
    }

    fn plan(&self) -> Plan {
        plan(&PlanInput {
            store: &self.store,
            rules: &self.rules,
            wanted: &self.wanted(),
            listings: &self.listings,
            groups: &self.groups,
            sent_pictures: &self.sent,
            unsent_attributes: &HashMap::new(),
            reviews: &self.reviews,
            blocked: &self.blocked,
            ticks: &self.ticks,
        })
    }

    /// Does what a platform would do with the writes of the plan.
    fn apply(&mut self) {
        let plan = self.plan();
        let writes = plan.writes(&self.wanted());
        for path in &plan.new_groups {
            let parent = self.group_id(&path[..path.len() - 1]);
            let id = GroupId(i64::try_from(self.groups.len()).unwrap() + 1);
            let name = path.last().unwrap().clone();
            self.groups.push(StoreGroup {
                id,
                remote_id: id.to_string(),
                name,
                parent,
                sequence: 0,
            });
        }
        for write in writes {
            self.write(write);
        }
    }

    fn group_id(&self, path: &[String]) -> Option<GroupId> {
        let paths = crate::preflight::group_paths(&self.groups);
        paths
            .into_iter()
            .find(|(_, known)| known == path)
            .map(|(id, _)| id)
    }

    fn write(&mut self, write: ProductWrite) {
        let group = write.group.as_deref().map(|path| self.group_id(path));
        let id = write.listing.unwrap_or_else(|| {
            let id = ListingId(i64::try_from(self.listings.len()).unwrap() + 1);
            self.listings.push(listing(id.0, "", Vec::new()));
            id
        });
        let there = self.listings.iter_mut().find(|l| l.id == id).unwrap();
        if let Some(name) = write.name {
            there.name = name;
        }
        if let Some(group) = group {
            there.group = group;
        }
        if let Some(pictures) = write.pictures {
            there.pictures = pictures.iter().map(|hash| format!("http://{hash}")).collect();
            self.sent.insert(id, pictures);
        }
        if let Some(on) = write.on_sale {
            there.on_sale = on;
        }
        for sku in write.skus {
            if sku.listing_sku.is_none() {
                there
                    .skus
                    .push(listing_sku(sku.sku.0 + 1000, "", "", "", sku.sku.0));
            }
            let row = there
                .skus
                .iter_mut()
                .find(|s| s.bound_to == Some(sku.sku))
                .unwrap();
            row.outer_sku_code = sku.outer_sku_code;
            row.spec_name = sku.spec_name.unwrap_or_else(|| row.spec_name.clone());
            row.barcode = sku.barcode.unwrap_or_else(|| row.barcode.clone());
            row.price = sku.price.or(row.price);
            row.stock = sku.stock.or(row.stock);
        }
    }
}

fn listing(id: i64, name: &str, skus: Vec<ListingSku>) -> Listing {
    Listing {
        id: ListingId(id),
        store: StoreId(1),
        remote_id: format!("{id}"),
        outer_code: String::new(),
        name: name.into(),
        group: None,
        category_id: String::new(),
        pictures: Vec::new(),
        on_sale: true,
        review: ReviewState::None,
        description: None,
        read_at: 0,
        skus,
    }
}

fn listing_sku(id: i64, code: &str, spec: &str, barcode: &str, bound: i64) -> ListingSku {
    ListingSku {
        id: ListingSkuId(id),
        remote_id: format!("{id}"),
        outer_sku_code: code.into(),
        spec_name: spec.into(),
        barcode: barcode.into(),
        price: None,
        stock: None,
        packing_fee: None,
        bound_to: Some(SkuId(bound)),
    }
}

fn step(plan: &Plan, field: Field) -> Option<&Step> {
    plan.steps.iter().find(|step| step.key.field == field)
}

#[test]
fn a_product_that_the_platform_lacks_is_created_with_its_group() {
    let mut world = World::new(vec![product(
        1,
        "面包",
        &["h1"],
        vec![sku(1, "单规格", "6901234567892", 350)],
    )]);
    world
        .groups_wanted
        .insert(ProductId(1), vec!["烘焙".into(), "面包".into()]);
    let plan = world.plan();
    assert_eq!(
        plan.new_groups,
        [vec!["烘焙".to_owned()], vec!["烘焙".into(), "面包".into()]]
    );
    let writes = plan.writes(&world.wanted());
    assert_eq!(writes[0].name.as_deref(), Some("面包"));
    assert_eq!(writes[0].skus[0].price, Some(Money(350)));
    assert!(!writes[0].multi_spec && writes[0].listing.is_none());
}

#[test]
fn a_filled_field_is_blanked_only_by_a_tick() {
    let mut world = World::new(vec![product(1, "面包", &[], vec![sku(1, "单规格", "", 350)])]);
    let mut there = listing(
        1,
        "面包",
        vec![listing_sku(1, "S1", "单规格", "6901234567892", 1)],
    );
    there.pictures = vec!["http://a".into()];
    world.listings.push(there);
    let before = world.plan();
    for field in [Field::Pictures, Field::Barcode] {
        let step = step(&before, field).unwrap();
        assert_eq!((step.action, step.ticked), (Action::Clear, false), "{field:?}");
    }
    world.apply();
    assert_eq!(
        (
            world.listings[0].pictures.len(),
            world.listings[0].skus[0].barcode.len()
        ),
        (1, 13)
    );
    world.ticks.on.insert(StepKey {
        product: ProductId(1),
        sku: None,
        field: Field::Pictures,
    });
    world.apply();
    assert!(world.listings[0].pictures.is_empty());
}

#[test]
fn switches_findings_and_reviews_are_reasons_to_skip() {
    let reason = |world: &World, field| {
        let plan = world.plan();
        let step = step(&plan, field).unwrap();
        (step.action, step.reason.as_ref().map(|r| r.code.clone()))
    };
    let skip = |why: &str| (Action::Skip, Some(why.to_owned()));
    let mut world = World::new(vec![product(
        1,
        "面包",
        &[],
        vec![sku(1, "单规格", "6901234567892", 350)],
    )]);
    world.store.switches.create = false;
    assert_eq!(reason(&world, Field::Whole), skip("switch_off"));
    world.store.switches.create = true;
    let subject = Subject::Offer {
        store: StoreId(1),
        sku: SkuId(1),
    };
    world.blocked = Blocked::from_findings(&[Finding::new("F39", Severity::Error, subject)]);
    assert_eq!(reason(&world, Field::Whole), skip("blocked"));
    world
        .listings
        .push(listing(1, "面包", vec![listing_sku(1, "S1", "单规格", "", 1)]));
    assert_eq!(reason(&world, Field::Barcode), skip("blocked"));
    assert_eq!(
        reason(&world, Field::Price),
        (Action::Add, None),
        "a bad barcode holds no price back"
    );
    world.store.switches.price = false;
    assert_eq!(reason(&world, Field::Price), skip("switch_off"));
    world.listings[0].review = ReviewState::Pending;
    assert_eq!(reason(&world, Field::Price), skip("in_review"));
}

#[test]
fn what_may_be_another_product_is_left_alone_until_ticked() {
    let mut world = World::new(vec![product(
        1,
        "红豆面包",
        &[],
        vec![sku(1, "单规格", "6901234567892", 350)],
    )]);
    world.listings.push(listing(
        1,
        "洗发露",
        vec![listing_sku(1, "S1", "单规格", "6901234567885", 1)],
    ));
    let held = world.plan();
    assert!(held.is_empty() && !held.steps.is_empty());
    assert_eq!(held.steps[0].reason.as_ref().unwrap().code, "not_same_goods");
    world.ticks.on.insert(StepKey {
        product: ProductId(1),
        sku: None,
        field: Field::Whole,
    });
    assert!(!world.plan().is_empty());
}

#[test]
fn a_rename_with_our_code_in_place_goes_through() {
    let mut world = World::new(vec![product(
        1,
        "红豆软面包",
        &[],
        vec![sku(1, "单规格", "", 350)],
    )]);
    world.listings.push(listing(
        1,
        "红豆面包",
        vec![listing_sku(1, "S1", "单规格", "", 1)],
    ));
    let plan = world.plan();
    let name = step(&plan, Field::Name).unwrap();
    assert_eq!(
        (name.action, &name.new),
        (Action::Change, &Value::Text("红豆软面包".into()))
    );
}

#[test]
fn what_is_off_only_leaves_the_shelf() {
    let mut world = World::new(vec![product(1, "面包", &[], vec![sku(1, "单规格", "", 350)])]);
    world.offers[0].on = false;
    assert!(world.plan().steps.is_empty());
    world
        .listings
        .push(listing(1, "面包", vec![listing_sku(1, "S1", "单规格", "", 1)]));
    let plan = world.plan();
    let fields: Vec<Field> = plan.steps.iter().map(|s| s.key.field).collect();
    assert_eq!(fields, [Field::OnSale]);
}

fn any_world() -> impl Strategy<Value = World> {
    let one = (
        "[ab]{1,3}",
        "[xy]{0,2}",
        0..3_i64,
        any::<bool>(),
        any::<bool>(),
        1..3_usize,
        any::<[bool; 4]>(),
    );
    proptest::collection::vec(one, 1..6).prop_map(|rows| {
        let mut next = 0;
        let products = rows.iter().enumerate().map(|(at, (name, pictures, price, ..))| {
            let skus = (0..rows[at].5).map(|n| {
                next += 1;
                sku(next, if n == 0 { "单规格" } else { "大" }, "", 100 + price)
            });
            let skus = skus.collect();
            let hashes: Vec<String> = pictures.chars().map(String::from).collect();
            product(
                i64::try_from(at).unwrap() + 1,
                name,
                &hashes.iter().map(String::as_str).collect::<Vec<_>>(),
                skus,
            )
        });
        let mut world = World::new(products.collect());
        for (at, (name, _, _, listed, grouped, _, switches)) in rows.iter().enumerate() {
            let product = world.products[at].clone();
            if *grouped {
                world
                    .groups_wanted
                    .insert(product.id, vec!["组".into(), name.clone()]);
            }
            if *listed {
                let first = product.skus[0].id.0;
                let mut there = listing(
                    i64::try_from(world.listings.len()).unwrap() + 1,
                    name,
                    vec![listing_sku(first, "", "旧", "6901234567892", first)],
                );
                there.pictures = vec!["http://old".into()];
                world.listings.push(there);
            }
            let own = &mut world.store.switches;
            (own.pictures, own.category, own.create, own.barcode) =
                (switches[0], switches[1], switches[2], switches[3]);
        }
        world
    })
}

proptest! {
    #[test]
    fn applying_a_plan_twice_is_applying_it_once(world in any_world()) {
        let mut once = world.clone();
        once.apply();
        let second = once.plan();
        prop_assert!(second.is_empty(), "{:?}", second.steps.iter().filter(|s| s.ticked).collect::<Vec<_>>());
        let mut twice = once.clone();
        twice.apply();
        prop_assert_eq!(once.listings, twice.listings);
    }

    #[test]
    fn no_filled_field_is_ever_blanked_without_a_tick(world in any_world()) {
        let mut after = world.clone();
        after.apply();
        for (old, new) in world.listings.iter().zip(&after.listings) {
            prop_assert!(old.pictures.is_empty() || !new.pictures.is_empty());
            prop_assert!(!new.name.is_empty());
            for (a, b) in old.skus.iter().zip(&new.skus) {
                prop_assert!(a.barcode.is_empty() || !b.barcode.is_empty());
            }
        }
    }

    #[test]
    fn the_order_of_the_input_does_not_matter(world in any_world()) {
        let mut turned = world.clone();
        turned.products.reverse();
        turned.offers.reverse();
        turned.listings.reverse();
        prop_assert_eq!(world.plan(), turned.plan());
    }
}
