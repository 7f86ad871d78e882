use super::{Input, PictureFinding, RULES, check};
use crate::erp_codes::ErpCodes;
use crate::finding::{EditField, Finding, Remedy, Severity, Subject};
use crate::id::{AccountId, GroupId, ListingId, ListingSkuId, OfferId, ProductId, SkuId, StoreId};
use crate::listing::{Listing, ListingSku, PictureReview, ReviewState, StoreGroup};
use crate::money::Money;
use crate::product::{Product, Sku};
use crate::rules::ListingRules;
use crate::store::{FieldSwitches, Offer, Store, StoreField};
use crate::wanted::Wanted;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

struct Shop {
    store: Store,
    rules: ListingRules,
    products: Vec<Product>,
    offers: Vec<Offer>,
    group: Vec<String>,
    listings: Vec<Listing>,
    groups: Vec<StoreGroup>,
    pictures: HashMap<String, Vec<PictureFinding>>,
    reviews: HashMap<ListingId, PictureReview>,
    barcodes_left_out: HashSet<ProductId>,
    store_fields: Vec<StoreField>,
}

fn product(id: i64, name: &str) -> Product {
    let sku = Sku {
        id: SkuId(id),
        spec_name: "单规格".into(),
        size_text: String::new(),
        item_code: "1022".into(),
        barcode: "6901234567892".into(),
        unit: String::new(),
        price: Some(Money(350)),
        cost: None,
        stock: None,
        base_quantity_milli: 1000,
        weight_g: None,
    };
    Product {
        id: ProductId(id),
        name: name.into(),
        spu_code: String::new(),
        category: None,
        brand: String::new(),
        description: String::new(),
        pictures: vec!["h".into()],
        skus: vec![sku],
    }
}

impl Shop {
    /// One product that breaks no rule.
    fn clean() -> Self {
        let store = Store {
            id: StoreId(1),
            account: AccountId(1),
            platform: "p".into(),
            remote_id: "1".into(),
            name: "店".into(),
            endpoint: None,
            erp_account: None,
            offline_code: "1001".into(),
            switches: FieldSwitches::default(),
            settings: std::collections::BTreeMap::new(),
        };
        let rules = ListingRules {
            name_max: Some(10),
            group_name_max: Some(4),
            group_levels: Some(2),
            group_products_or_children: true,
            group_rule_ids: vec!["F57a".into(), "F41".into()],
            price_max_fen: Some(3_000_000),
            picture_required: true,
            barcode_missing: Some(Severity::Error),
            barcode_invalid: Some(Severity::Warning),
            barcode_unique: true,
            single_spec_name_required: true,
            multi_spec_category_locked: true,
            ..ListingRules::default()
        };
        Self {
            store,
            rules,
            products: vec![product(1, "面包")],
            offers: vec![offer(1)],
            group: Vec::new(),
            listings: Vec::new(),
            groups: Vec::new(),
            pictures: HashMap::new(),
            reviews: HashMap::new(),
            store_fields: Vec::new(),
            barcodes_left_out: HashSet::new(),
        }
    }

    fn sku(&mut self) -> &mut Sku {
        &mut self.products[0].skus[0]
    }

    fn findings(&self) -> Vec<Finding> {
        let skus = self
            .products
            .iter()
            .flat_map(|p| p.skus.iter().map(move |s| (p, s)));
        let wanted: Vec<Wanted<'_>> = skus
            .filter_map(|(product, sku)| {
                let offer = self.offers.iter().find(|o| o.sku == sku.id)?;
                Some(Wanted {
                    offer,
                    product,
                    sku,
                    outer_code: format!("P{}", product.id),
                    outer_sku_code: format!("S{}", sku.id),
                    group: self.group.clone(),
                    category_id: String::new(),
                })
            })
            .collect();
        let erp = ErpCodes::new([("1022".into(), false), ("1023".into(), true)]);
        check(&Input {
            store: &self.store,
            rules: &self.rules,
            wanted: &wanted,
            library: &self.products,
            groups: &self.groups,
            listings: &self.listings,
            erp: Some(&erp),
            pictures: &self.pictures,
            store_fields: &self.store_fields,
            reviews: &self.reviews,
            lists_categories: self.barcodes_left_out.is_empty(),
            has_sister: true,
            barcodes_left_out: &self.barcodes_left_out,
        })
    }

    fn ids(&self) -> Vec<String> {
        self.findings().into_iter().map(|f| f.id).collect()
    }
}

fn offer(sku: i64) -> Offer {
    let (id, store, sku) = (OfferId(sku), StoreId(1), SkuId(sku));
    Offer {
        id,
        store,
        sku,
        on: true,
        price: None,
        name: None,
        group: None,
        skip_barcode: false,
    }
}

fn listing(id: i64, name: &str, code: &str, barcode: &str, bound: Option<i64>) -> Listing {
    Listing {
        id: ListingId(id),
        store: StoreId(1),
        remote_id: id.to_string(),
        outer_code: String::new(),
        name: name.into(),
        group: None,
        category_id: String::new(),
        pictures: Vec::new(),
        on_sale: true,
        review: ReviewState::None,
        description: None,
        read_at: 0,
        skus: vec![ListingSku {
            id: ListingSkuId(id),
            remote_id: id.to_string(),
            outer_sku_code: code.into(),
            spec_name: "单规格".into(),
            barcode: barcode.into(),
            price: None,
            stock: None,
            packing_fee: None,
            bound_to: bound.map(SkuId),
        }],
    }
}

fn store_group(id: i64, name: &str, parent: Option<i64>) -> StoreGroup {
    let parent = parent.map(GroupId);
    StoreGroup {
        id: GroupId(id),
        remote_id: id.to_string(),
        name: name.into(),
        parent,
        sequence: 0,
    }
}

/// What one change to the clean shop makes preflight say.
fn after(change: impl FnOnce(&mut Shop)) -> Vec<String> {
    let mut shop = Shop::clean();
    change(&mut shop);
    shop.ids()
}

#[test]
fn a_clean_shop_has_no_findings() {
    assert!(Shop::clean().findings().is_empty());
}

#[test]
fn item_codes_are_checked_against_their_shape_and_the_erp() {
    for (code, id) in [
        ("", "F01d"),
        ("5555", "F01d"),
        ("1023", "F03"),
        ("A1", "F19a"),
        ("99999999999999999999", "F19a"),
    ] {
        assert_eq!(after(|s| s.sku().item_code = code.into()), [id], "{code}");
    }
    assert_eq!(after(|s| s.store.offline_code = "门店#1".into()), ["F19b"]);
}

#[test]
fn barcodes_are_checked_and_the_right_digit_is_offered() {
    assert_eq!(after(|s| s.sku().barcode = String::new()), ["F23"]);
    assert_eq!(
        after(|s| s.sku().barcode = "690123\u{200b}4567892".into()),
        ["F31b"]
    );
    assert_eq!(after(|s| s.sku().barcode = "12345".into()), ["F39"]);
    assert_eq!(
        after(|s| s.sku().barcode = "2200123003607".into()),
        ["barcode_in_store"]
    );
    let mut shop = Shop::clean();
    shop.sku().barcode = "6901234567890".into();
    let right = Remedy::SetField {
        sku: SkuId(1),
        field: EditField::Barcode,
        value: "6901234567892".into(),
    };
    assert_eq!(shop.findings()[0].remedies[0], right);
    shop.offers[0].skip_barcode = true;
    assert!(shop.findings().is_empty(), "本商品不同步UPC");
    assert_eq!(after(|s| s.store.switches.barcode = false), ["F31c"]);
}

#[test]
fn barcodes_are_unique_in_product_library_and_store() {
    let twins = after(|s| {
        s.products.push(product(2, "蛋糕"));
        s.offers.push(offer(2));
    });
    assert_eq!(twins, ["F27", "F27"]);
    let mut shop = Shop::clean();
    shop.listings
        .push(listing(7, "老面包", "S7", "6901234567892", None));
    let found = shop.findings();
    assert_eq!(
        (found[0].id.as_str(), found[0].severity),
        ("F44", Severity::Error)
    );
    assert_eq!(
        found[0].remedies[0],
        Remedy::Bind {
            listing_sku: ListingSkuId(7),
            sku: SkuId(1)
        }
    );
    shop.rules.barcode_unique = false;
    assert_eq!(shop.ids(), ["F06"]);
}

#[test]
fn prices_out_of_range_or_pasted_are_called_out() {
    assert_eq!(after(|s| s.sku().price = Some(Money(3_000_001))), ["F09"]);
    assert_eq!(after(|s| s.sku().price = None), ["price_missing"]);
    let mut shop = Shop::clean();
    shop.rules.price_max_fen = None;
    shop.sku().price = Some(Money(690_123_456_789_200));
    assert_eq!(shop.findings()[0].params["pasted_barcode"], "true");
}

#[test]
fn new_products_need_a_picture_that_may_travel() {
    assert_eq!(after(|s| s.products[0].pictures.clear()), ["F42a"]);
    assert_eq!(after(|s| s.store.switches.pictures = false), ["F42a"]);
    let with = |id: &str| {
        let found = PictureFinding {
            id: id.into(),
            severity: Severity::Error,
            params: BTreeMap::new(),
        };
        after(|s| drop(s.pictures.insert("h".into(), vec![found])))
    };
    assert_eq!(with("IMG04"), ["F42b"]);
    assert_eq!(with("IMG05"), ["IMG05"]);
}

#[test]
fn pictures_in_review_are_a_hint_and_refused_ones_a_warning() {
    let with = |refused| {
        let mut shop = Shop::clean();
        shop.listings
            .push(listing(7, "老面包", "S1", "6901234567892", Some(1)));
        let since = "2026-11-21 12:00:00".to_owned();
        shop.reviews
            .insert(ListingId(7), PictureReview { since, refused });
        let found = shop.findings().remove(0);
        (found.id.clone(), found.severity, found.params["since"].clone())
    };
    let since = || "2026-11-21 12:00:00".to_owned();
    assert_eq!(with(false), ("F56".to_owned(), Severity::Hint, since()));
    assert_eq!(
        with(true),
        ("picture_refused".to_owned(), Severity::Warning, since())
    );
}

#[test]
fn a_bound_listing_that_became_other_goods_is_told_with_what_differs() {
    let mut shop = Shop::clean();
    shop.listings
        .push(listing(7, "双层牛奶巧克力", "S1", "6907992507385", Some(1)));
    let found = shop.findings().remove(0);
    assert_eq!((found.id.as_str(), found.severity), ("F58", Severity::Error));
    assert_eq!(
        (found.params["id"].as_str(), found.params["barcode"].as_str()),
        ("same", "differs")
    );
    shop.listings[0].skus[0].barcode = "6901234567892".into();
    assert!(shop.findings().is_empty(), "two of three agree: it was renamed");
}

#[test]
fn groups_are_checked_against_those_that_are_there() {
    let group = |path: &[&str]| path.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>();
    assert_eq!(after(|s| s.group = group(&["烘焙"])), ["F29"]);
    assert_eq!(after(|s| s.group = group(&["现烤新鲜面包"])), ["F59", "F29"]);
    assert_eq!(
        after(|s| s.group = group(&["a", "b", "c"])),
        ["group_too_deep", "F29"]
    );
    let full = after(|s| {
        s.group = group(&["烘焙", "面包"]);
        s.groups.push(store_group(1, "烘焙", None));
        let mut there = listing(7, "蛋糕", "S7", "", None);
        there.group = Some(GroupId(1));
        s.listings.push(there);
    });
    assert_eq!(full, ["F41", "F29"]);
    let parent = after(|s| {
        s.group = group(&["烘焙"]);
        s.groups = vec![store_group(1, "烘焙", None), store_group(2, "面包", Some(1))];
    });
    assert_eq!(parent, ["F57a"]);
}

#[test]
fn names_and_spec_names_are_checked() {
    assert_eq!(
        after(|s| s.products[0].name = "一个非常非常长的面包名字".into()),
        ["name_too_long"]
    );
    assert_eq!(after(|s| s.products[0].name = " ".into()), ["name_missing"]);
    assert_eq!(after(|s| s.products[0].name = "面\u{200b}包".into()), ["F31b"]);
    assert_eq!(after(|s| s.sku().spec_name = "60g".into()), ["F51"]);
    let mut shop = Shop::clean();
    shop.rules.single_spec_name_required = false;
    shop.rules.single_spec_only = true;
    assert!(shop.findings().is_empty());
    shop.sku().spec_name = "60g".into();
    let found = shop.findings();
    assert_eq!(
        (found[0].id.as_str(), found[0].severity),
        ("F67", Severity::Warning)
    );
    assert_eq!(found[0].params["title"], "面包60g");
}

#[test]
fn categories_follow_the_rule_pack() {
    assert_eq!(
        after(|s| s.rules.category_missing = Some(Severity::Warning)),
        ["F38"]
    );
    assert_eq!(after(|s| s.store.switches.create = false), ["F35"]);
}

#[test]
fn what_the_store_holds_is_checked_too() {
    let held = |change: fn(&mut Vec<Listing>)| after(|s| change(&mut s.listings));
    assert_eq!(held(|l| l.push(listing(1, "面包", "S1", "", Some(99)))), ["F01e"]);
    assert_eq!(held(|l| l.push(listing(1, "面包", "", "", Some(1)))), ["F17"]);
    let by_group = |group: Option<GroupId>, bound: Option<i64>| {
        after(|s| {
            s.rules.codes_by_group = true;
            let mut there = listing(1, "面包", "", "", bound);
            there.group = group;
            s.listings.push(there);
        })
    };
    assert_eq!(by_group(None, Some(1)), ["F40"]);
    assert_eq!(by_group(Some(GroupId(1)), Some(1)), ["F14", "F17"]);
    assert_eq!(by_group(None, None), ["F17"]);
    let shared = |name: &str, group: i64| {
        after(|s| {
            s.rules.codes_by_group = true;
            s.groups = vec![
                store_group(1, "主食", None),
                store_group(2, "面点", Some(1)),
                store_group(3, "糕点", Some(1)),
            ];
            for (id, name, group, bound) in [(1, "面包", 2, Some(1)), (2, name, group, None)] {
                let mut there = listing(id, name, "", "", bound);
                there.group = Some(GroupId(group));
                s.listings.push(there);
            }
        })
    };
    assert!(shared("面包", 2).contains(&"F40b".to_owned()));
    assert!(
        !shared("面包", 3).contains(&"F40b".to_owned()),
        "another group tells them apart"
    );
    assert!(!shared("馒头", 2).contains(&"F40b".to_owned()));
    let twins = held(|l| {
        l.extend([
            listing(1, "面包", "S1", "", Some(1)),
            listing(2, "面包 ", "S2", "", None),
        ]);
    });
    assert_eq!(twins, ["F01b"]);
    assert_eq!(
        held(|l| l.extend([listing(1, "a", "S1", "", None), listing(2, "b", "S1", "", None)])),
        ["F25"]
    );
    let mut shop = Shop::clean();
    let mut there = listing(1, "面包", "S1", "", Some(1));
    there.pictures = vec!["http://a".into()];
    shop.listings.push(there);
    shop.products[0].pictures.clear();
    assert_eq!(shop.ids(), ["F14"]);
    assert_eq!(
        shop.findings()[0].remedies,
        [Remedy::AdoptFromPlatform {
            listing: ListingId(1)
        }]
    );
}

#[test]
fn the_category_of_multi_spec_products_is_locked() {
    let mut shop = Shop::clean();
    let mut second = product(2, "x").skus.remove(0);
    second.barcode = "6901234567885".into();
    shop.products[0].skus.push(second);
    shop.offers.push(offer(2));
    let mut there = listing(1, "面包", "S1", "", Some(1));
    there.category_id = "10".into();
    shop.listings.push(there);
    let wanted: Vec<Wanted<'_>> = (0..2)
        .map(|at| Wanted {
            offer: &shop.offers[at],
            product: &shop.products[0],
            sku: &shop.products[0].skus[at],
            outer_code: "P1".into(),
            outer_sku_code: format!("S{at}"),
            group: Vec::new(),
            category_id: "11".into(),
        })
        .collect();
    let (rules, pictures) = (&shop.rules, HashMap::new());
    let (store, library, listings) = (&shop.store, &shop.products, &shop.listings);
    let found = check(&Input {
        store,
        rules,
        wanted: &wanted,
        library,
        groups: &[],
        listings,
        erp: None,
        pictures: &pictures,
        store_fields: &[],
        reviews: &HashMap::new(),
        lists_categories: true,
        has_sister: false,
        barcodes_left_out: &HashSet::new(),
    });
    assert!(
        found
            .iter()
            .any(|f| f.id == "F60" && f.subject == Subject::Product { id: ProductId(1) })
    );
}

#[test]
fn what_is_off_is_not_checked_and_the_list_is_sorted() {
    assert!(
        after(|s| {
            s.offers[0].on = false;
            s.sku().barcode = String::new();
        })
        .is_empty()
    );
    let mut shop = Shop::clean();
    shop.sku().barcode = String::new();
    shop.sku().item_code = String::new();
    let found = shop.findings();
    assert!(found.windows(2).all(|w| w[0].severity >= w[1].severity));
    assert_eq!(found, shop.findings());
}

#[test]
fn the_registry_names_every_rule_that_was_asked_for() {
    let ids: BTreeSet<&str> = RULES.iter().flat_map(|rule| rule.ids).copied().collect();
    for id in [
        "F01d", "F03", "F06", "F09", "F14", "F17", "F40", "F40b", "F19a", "F19b", "F23", "F25", "F27",
        "F31b", "F41", "F44", "F51", "F57a", "F59", "F60", "F67",
    ] {
        assert!(ids.contains(id), "{id}");
    }
}

#[test]
fn a_store_without_its_service_phone_is_told_before_anything_is_sent() {
    let mut world = Shop::clean();
    world.listings.clear();
    world.store_fields = vec![StoreField {
        key: "mobile",
        label: "客服电话",
        shape: "phone",
        needed: Some("F70"),
    }];
    let found = world.findings();
    let told = found.iter().find(|finding| finding.id == "F70").unwrap();
    assert_eq!(told.severity, Severity::Error, "there are goods to be made");
    assert_eq!(
        told.remedies,
        [Remedy::EditStore {
            store: world.store.id,
            field: "mobile".into()
        }]
    );
    world
        .store
        .settings
        .insert("mobile".into(), " 0571-88888888 ".into());
    assert!(world.findings().iter().all(|finding| finding.id != "F70"));
}

#[test]
fn good_barcodes_that_a_platform_leaves_out_may_mean_that_the_store_is_its_sisters() {
    let mut world = Shop::clean();
    world.barcodes_left_out = HashSet::from([world.products[0].id]);
    world.listings = vec![listing(1, "面包", "S1", "", Some(1))];
    let found = world.findings();
    let told = found.iter().find(|finding| finding.id == "F31a").unwrap();
    let store = world.store.id;
    assert_eq!(told.remedies, [Remedy::ChangePlatform { store }]);

    // It keeps them now, or they never were good: nothing to ask.
    world.listings[0].skus[0].barcode = world.products[0].skus[0].barcode.clone();
    assert!(world.findings().iter().all(|finding| finding.id != "F31a"));
    world.listings[0].skus[0].barcode = String::new();
    world.sku().barcode = "6901234".into();
    assert!(world.findings().iter().all(|finding| finding.id != "F31a"));
}
