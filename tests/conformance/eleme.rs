//! 饿了么: the connection, what is read, and whole products that are written.

use crate::kit::{EL, Kit, NOON, SHOP, keyed, with};
use connect::error::{Effect, Layer, RemoteError};
use connect::platform::{ListingWrite, Platform, RemoteListing, SkuWrite, WriteOutcome};
use connect::session::Session;
use domain::money::Money;
use platforms::eleme::Eleme;
use sim::{ErrorShape, FaultKind, FaultRule, Service};
use std::collections::BTreeSet;

pub(crate) fn connector() -> (Kit, Eleme, Session) {
    let kit = Kit::new();
    let eleme = Eleme::new(kit.gateway.clone());
    let session = kit.session(Service::Eleme);
    (kit, eleme, session)
}

pub(crate) async fn all(eleme: &Eleme, session: &Session) -> Vec<RemoteListing> {
    eleme.listings(session, None).await.unwrap().listings
}

pub(crate) fn named<'a>(listings: &'a [RemoteListing], name: &str) -> &'a RemoteListing {
    listings.iter().find(|listing| listing.name == name).unwrap()
}

pub(crate) async fn by_code(eleme: &Eleme, session: &Session, code: &str) -> RemoteListing {
    eleme.listing(session, None, code).await.unwrap().unwrap()
}

fn new_product(code: &str) -> ListingWrite {
    ListingWrite {
        outer_code: code.to_owned(),
        name: Some(format!("新品 {code}")),
        group_path: Some(vec!["饮料".to_owned(), "茶".to_owned()]),
        on_sale: Some(true),
        skus: vec![SkuWrite {
            outer_sku_code: code.to_owned(),
            spec_name: Some("单规格".to_owned()),
            barcode: Some("6901234567885".to_owned()),
            price: Some(Money(1990)),
            stock: Some(7),
            weight_g: Some(250),
            ..SkuWrite::default()
        }],
        ..ListingWrite::default()
    }
}

fn two_specs(code: &str) -> ListingWrite {
    let spec = |code: String, name: &str, price: i64| SkuWrite {
        outer_sku_code: code,
        spec_name: Some(name.to_owned()),
        price: Some(Money(price)),
        stock: Some(3),
        ..SkuWrite::default()
    };
    ListingWrite {
        multi_spec: true,
        skus: vec![
            spec(format!("{code}-S"), "小份", 900),
            spec(format!("{code}-L"), "大份", 1500),
        ],
        ..new_product(code)
    }
}

fn jpeg(width: u32, height: u32) -> bytes::Bytes {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(width, height)
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner().into()
}

#[tokio::test]
async fn every_layer_of_the_connection_is_tested() {
    let (_kit, eleme, session) = connector();
    for layer in [
        Layer::Key,
        Layer::Signature,
        Layer::Permission,
        Layer::Store,
        Layer::Orders,
    ] {
        assert_eq!(eleme.probe(&session, layer).await.unwrap().layer, layer);
    }
    // Seconds pass like milliseconds.
    let seconds = with(&session, "timestamp_unit", "s");
    eleme.probe(&seconds, Layer::Signature).await.unwrap();
}

#[tokio::test]
async fn an_expired_token_is_traded_for_a_new_pair() {
    let (kit, eleme, session) = connector();
    let now = kit.world().now_ms();
    kit.world().eleme.tokens.access_until = now;
    assert!(matches!(
        eleme.groups(&session).await,
        Err(RemoteError::Expired { .. })
    ));
    let fresh = eleme.refresh(&session).await.unwrap().unwrap();
    assert!(fresh.expires_at.unwrap() > NOON);
    let shown = format!("{fresh:?}");
    assert!(fresh.fields.iter().all(|(_, text)| !shown.contains(text)));
    let names: Vec<&str> = fresh.fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["access_token", "refresh_token"]);
    let renewed = Session {
        credentials: session.credentials.with(fresh.fields),
        ..session.clone()
    };
    eleme.groups(&renewed).await.unwrap();
    // The old refresh token is dead: the merchant has to authorize again.
    assert!(matches!(
        eleme.refresh(&session).await,
        Err(RemoteError::Refused {
            layer: Layer::Permission,
            ..
        })
    ));
    let stranger = keyed(&renewed, "app_secret", "0123456789abcdef0123456789abcdef");
    assert!(matches!(
        eleme.refresh(&stranger).await,
        Err(RemoteError::Refused {
            layer: Layer::Key,
            ..
        })
    ));
}

#[tokio::test]
async fn a_personal_application_gets_its_token_for_its_key() {
    let (kit, eleme, session) = connector();
    let session = keyed(&session, "refresh_token", "");
    assert!(eleme.refresh(&session).await.unwrap().is_none());
    kit.world().eleme.personal = true;
    let personal = with(&session, "grant", "client_credentials");
    let fresh = eleme.refresh(&personal).await.unwrap().unwrap();
    let session = Session {
        credentials: session.credentials.with(fresh.fields),
        ..session
    };
    eleme.groups(&session).await.unwrap();
}

#[tokio::test]
async fn stores_and_groups_are_read() {
    let (kit, eleme, session) = connector();
    let stores = eleme.stores(&session).await.unwrap();
    assert_eq!(
        (stores[0].remote_id.as_str(), stores[0].name.as_str()),
        (SHOP, "禾记便利 三里屯店")
    );
    assert_eq!(stores[0].open, Some(true));
    kit.world().shop_mut(EL, SHOP).unwrap().open = false;
    assert_eq!(eleme.stores(&session).await.unwrap()[0].open, Some(false));
    // Without the right to ask for it the list still stands.
    kit.world()
        .eleme
        .denied_actions
        .insert("eleme.shop.mgetShopStatus".to_owned());
    assert_eq!(eleme.stores(&session).await.unwrap()[0].open, None);
    let groups = eleme.groups(&session).await.unwrap();
    let tea = groups.iter().find(|group| group.name == "茶").unwrap();
    let parent = groups
        .iter()
        .find(|group| Some(&group.remote_id) == tea.parent.as_ref());
    assert_eq!(parent.unwrap().name, "饮料");
}

#[tokio::test]
async fn listings_carry_codes_prices_groups_and_pictures() {
    let (_kit, eleme, session) = connector();
    let listings = all(&eleme, &session).await;
    let apple = named(&listings, "示例苹果");
    assert_eq!((apple.outer_code.as_str(), apple.on_sale), ("P-1", true));
    assert_eq!(apple.group_path, ["水果"]);
    assert_eq!(apple.pictures, ["https://img.example.com/a.jpg"]);
    let sku = &apple.skus[0];
    assert_eq!(
        (sku.price, sku.stock, sku.spec_name.as_str()),
        (Some(Money(990)), Some(20), "单规格")
    );
    assert_eq!(
        (sku.barcode.as_str(), sku.outer_sku_code.as_str()),
        ("6901234567892", "P-1")
    );
    let tea = named(&listings, "乌龙茶");
    assert_eq!(tea.group_path, ["饮料", "茶"]);
    // Items have no code of their own: the first spec's stands for it.
    assert_eq!(tea.outer_code, "P-2-S");
    let specs: Vec<(&str, &str)> = tea
        .skus
        .iter()
        .map(|sku| (sku.spec_name.as_str(), sku.outer_sku_code.as_str()))
        .collect();
    assert_eq!(specs, [("小杯", "P-2-S"), ("大杯", "P-2-L")]);
    assert_eq!(named(&listings, "现切水果拼盘").outer_code, "");
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap() {
    let (kit, eleme, session) = connector();
    {
        let mut world = kit.world();
        let held = world.shop(EL, SHOP).unwrap();
        let twin = held.listing_by_code("P-1").unwrap().id.clone();
        for _ in 0..250 {
            world.duplicate_listing(EL, SHOP, &twin).unwrap();
        }
    }
    for (limit, expected) in [("100", 4), ("30", 10)] {
        let session = with(&session, "items_per_page", limit);
        let (mut ids, mut cursor, mut pages) = (BTreeSet::new(), None, 0);
        loop {
            let page = eleme.listings(&session, cursor.as_deref()).await.unwrap();
            ids.extend(page.listings.into_iter().map(|listing| listing.remote_id));
            pages += 1;
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        // The last page is known by being empty.
        assert_eq!((ids.len(), pages), (253, expected));
    }
}

#[tokio::test]
async fn one_listing_is_read_by_code_or_by_id_and_absence_is_certain() {
    let (_kit, eleme, session) = connector();
    let found = by_code(&eleme, &session, "P-2-L").await;
    assert_eq!(found.name, "乌龙茶");
    assert_eq!(
        eleme.listing(&session, Some(&found.remote_id), "").await.unwrap(),
        Some(found)
    );
    assert_eq!(eleme.listing(&session, None, "P-404").await.unwrap(), None);
    assert_eq!(eleme.listing(&session, Some("1"), "").await.unwrap(), None);
    assert_eq!(eleme.listing(&session, None, "").await.unwrap(), None);
}

#[tokio::test]
async fn groups_are_made_on_both_levels_and_twice_is_once() {
    let (_kit, eleme, session) = connector();
    let first = ["零食".to_owned()];
    let second = ["零食".to_owned(), "薯片".to_owned()];
    let id = eleme.create_group(&session, &first, 5).await.unwrap();
    let child = eleme.create_group(&session, &second, 1).await.unwrap();
    let groups = eleme.groups(&session).await.unwrap();
    let made = groups.iter().find(|group| group.remote_id == child).unwrap();
    assert_eq!((made.name.as_str(), made.parent.as_ref()), ("薯片", Some(&id)));
    assert_eq!(eleme.create_group(&session, &first, 5).await.unwrap(), id);
    let refused = eleme.create_group(&session, &["长".repeat(51)], 1).await;
    assert!(refused.unwrap_err().text().contains("最多50个字符"));
}

#[tokio::test]
async fn a_product_is_created_with_its_picture_and_read_back() {
    let (kit, eleme, session) = connector();
    let picture = eleme
        .upload_picture(&session, "a.jpg", jpeg(800, 800))
        .await
        .unwrap();
    let product = ListingWrite {
        pictures: Some(vec![picture.clone()]),
        ..new_product("N-1")
    };
    let session = with(&session, "packing_fee", "0.5");
    let outcomes = eleme.write(&session, &[product]).await.unwrap();
    let [
        WriteOutcome::Accepted {
            remote_id: Some(id), ..
        },
    ] = outcomes.as_slice()
    else {
        panic!("{outcomes:?}");
    };
    let read = by_code(&eleme, &session, "N-1").await;
    assert_eq!((&read.remote_id, read.name.as_str()), (id, "新品 N-1"));
    assert_eq!(read.group_path, ["饮料", "茶"]);
    assert_eq!(
        (read.skus[0].price, read.skus[0].stock, read.on_sale),
        (Some(Money(1990)), Some(7), true)
    );
    assert!(read.pictures[0].contains(&picture), "{:?}", read.pictures);
    // F47: the packing fee that the account names for new goods.
    let world = kit.world();
    assert_eq!(world.eleme.packing_fen.get(&read.skus[0].remote_id), Some(&50));
}

#[tokio::test]
async fn a_picture_that_is_not_square_is_taken_and_not_shown() {
    let (_kit, eleme, session) = connector();
    let picture = eleme
        .upload_picture(&session, "a.jpg", jpeg(800, 600))
        .await
        .unwrap();
    let product = ListingWrite {
        pictures: Some(vec![picture]),
        ..new_product("N-1")
    };
    eleme.write(&session, &[product]).await.unwrap();
    assert!(by_code(&eleme, &session, "N-1").await.pictures.is_empty());
    let broken = eleme
        .upload_picture(&session, "a.jpg", bytes::Bytes::from_static(b"no picture"))
        .await;
    assert!(matches!(broken, Err(RemoteError::Rejected { .. })));
}

#[tokio::test]
async fn a_creation_whose_answer_is_lost_is_not_made_twice() {
    let (kit, eleme, session) = connector();
    for product in [new_product("N-1"), two_specs("N-2")] {
        let lost = FaultRule::once(
            Service::Eleme,
            "eleme.product.item.createItem",
            FaultKind::LostAnswer,
        );
        kit.world().faults.add(lost);
        let open = eleme
            .write(&session, std::slice::from_ref(&product))
            .await
            .unwrap_err();
        assert_eq!(open.effect(), Effect::Unknown);
        let again = eleme
            .write(&session, std::slice::from_ref(&product))
            .await
            .unwrap();
        assert!(
            matches!(&again[0], WriteOutcome::Accepted { remote_id: Some(_) }),
            "{again:?}"
        );
    }
    assert_eq!(all(&eleme, &session).await.len(), 5);
}

#[tokio::test]
async fn a_busy_server_leaves_a_write_open_and_a_read_harmless() {
    let (kit, eleme, session) = connector();
    for action in [
        "eleme.product.item.createItem",
        "eleme.product.item.getItemByShopIdAndExtendCode",
    ] {
        let fault = FaultKind::Gateway {
            code: "SERVER_ERROR".to_owned(),
            shape: ErrorShape::Envelope,
        };
        kit.world()
            .faults
            .add(FaultRule::once(Service::Eleme, action, fault));
        let error = eleme.write(&session, &[new_product("N-1")]).await.unwrap_err();
        let expected = if action.ends_with("createItem") {
            Effect::Unknown
        } else {
            Effect::None
        };
        assert!(
            matches!(&error, RemoteError::Busy { effect, .. } if *effect == expected),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_multi_spec_product_is_created_with_a_code_for_each_spec() {
    let (_kit, eleme, session) = connector();
    let outcomes = eleme.write(&session, &[two_specs("N-2")]).await.unwrap();
    assert!(
        matches!(&outcomes[0], WriteOutcome::Accepted { remote_id: Some(_) }),
        "{outcomes:?}"
    );
    let read = by_code(&eleme, &session, "N-2-L").await;
    let specs: Vec<_> = read
        .skus
        .iter()
        .map(|sku| (sku.spec_name.as_str(), sku.outer_sku_code.as_str(), sku.price))
        .collect();
    assert_eq!(
        specs,
        [
            ("小份", "N-2-S", Some(Money(900))),
            ("大份", "N-2-L", Some(Money(1500)))
        ]
    );
}

#[tokio::test]
async fn one_spec_of_several_is_changed_and_a_third_is_added() {
    let (kit, eleme, session) = connector();
    let before = by_code(&eleme, &session, "P-2-S").await;
    kit.world()
        .eleme
        .packing_fen
        .insert(before.skus[1].remote_id.clone(), 100);
    let change = ListingWrite {
        remote_id: Some(before.remote_id.clone()),
        outer_code: "P-2-S".to_owned(),
        multi_spec: true,
        skus: vec![
            SkuWrite {
                remote_id: Some(before.skus[0].remote_id.clone()),
                outer_sku_code: "P-2-S".to_owned(),
                spec_name: Some("迷你杯".to_owned()),
                barcode: Some("6901234567885".to_owned()),
                ..SkuWrite::default()
            },
            SkuWrite {
                outer_sku_code: "P-2-XL".to_owned(),
                spec_name: Some("特大杯".to_owned()),
                price: Some(Money(1_950)),
                stock: Some(4),
                ..SkuWrite::default()
            },
        ],
        ..ListingWrite::default()
    };
    let outcomes = eleme.write(&session, &[change]).await.unwrap();
    assert!(
        matches!(&outcomes[0], WriteOutcome::Accepted { .. }),
        "{outcomes:?}"
    );
    let after = by_code(&eleme, &session, "P-2-S").await;
    let specs: Vec<_> = after
        .skus
        .iter()
        .map(|sku| {
            (
                sku.spec_name.as_str(),
                sku.outer_sku_code.as_str(),
                sku.price,
                sku.stock,
            )
        })
        .collect();
    assert_eq!(
        specs,
        [
            ("迷你杯", "P-2-S", Some(Money(1250)), Some(20)),
            ("大杯", "P-2-L", Some(Money(1600)), Some(20)),
            ("特大杯", "P-2-XL", Some(Money(1950)), Some(4))
        ]
    );
    assert_eq!(after.skus[0].barcode, "6901234567885");
    assert_eq!(after.skus[1].remote_id, before.skus[1].remote_id);
    assert_eq!(
        (&after.name, &after.group_path),
        (&before.name, &before.group_path)
    );
    // What the write does not know of is sent back as it was.
    let world = kit.world();
    assert_eq!(world.eleme.packing_fen.get(&before.skus[1].remote_id), Some(&100));
}

#[tokio::test]
async fn an_update_leaves_alone_what_it_does_not_name() {
    let (_kit, eleme, session) = connector();
    let before = by_code(&eleme, &session, "P-1").await;
    let change = ListingWrite {
        remote_id: Some(before.remote_id.clone()),
        outer_code: "P-1".to_owned(),
        name: Some("红富士苹果".to_owned()),
        skus: vec![SkuWrite {
            remote_id: Some(before.skus[0].remote_id.clone()),
            outer_sku_code: "P-1".to_owned(),
            barcode: Some("6901234567885".to_owned()),
            ..SkuWrite::default()
        }],
        ..ListingWrite::default()
    };
    let outcomes = eleme.write(&session, &[change]).await.unwrap();
    assert!(
        matches!(&outcomes[0], WriteOutcome::Accepted { .. }),
        "{outcomes:?}"
    );
    let mut expected = before;
    expected.name = "红富士苹果".to_owned();
    expected.skus[0].barcode = "6901234567885".to_owned();
    assert_eq!(by_code(&eleme, &session, "P-1").await, expected);
}

#[tokio::test]
async fn a_product_goes_off_the_shelf_and_back_and_into_another_group() {
    let (_kit, eleme, session) = connector();
    let before = by_code(&eleme, &session, "P-1").await;
    let write = |change: ListingWrite| ListingWrite {
        remote_id: Some(before.remote_id.clone()),
        outer_code: "P-1".to_owned(),
        ..change
    };
    for on_sale in [false, true] {
        let change = write(ListingWrite {
            on_sale: Some(on_sale),
            ..ListingWrite::default()
        });
        let told = eleme.write(&session, &[change]).await.unwrap();
        assert!(matches!(&told[0], WriteOutcome::Accepted { .. }), "{told:?}");
        assert_eq!(by_code(&eleme, &session, "P-1").await.on_sale, on_sale);
    }
    let change = write(ListingWrite {
        group_path: Some(vec!["饮料".to_owned(), "茶".to_owned()]),
        ..ListingWrite::default()
    });
    eleme.write(&session, &[change]).await.unwrap();
    assert_eq!(by_code(&eleme, &session, "P-1").await.group_path, ["饮料", "茶"]);
}

#[tokio::test]
async fn refused_products_hear_why() {
    let (kit, eleme, session) = connector();
    let apple = by_code(&eleme, &session, "P-1").await;
    let rename = |id: &str| ListingWrite {
        remote_id: Some(id.to_owned()),
        outer_code: "P-1".to_owned(),
        name: Some("换名".to_owned()),
        ..ListingWrite::default()
    };
    let nowhere = ListingWrite {
        group_path: Some(vec!["没有".to_owned()]),
        ..new_product("N-5")
    };
    let homeless = ListingWrite {
        group_path: None,
        ..new_product("N-6")
    };
    let free = ListingWrite {
        skus: vec![SkuWrite {
            price: Some(Money(0)),
            ..new_product("N-7").skus[0].clone()
        }],
        ..new_product("N-7")
    };
    kit.world().eleme.locked_items.insert(apple.remote_id.clone());
    for (write, part) in [
        (rename("404"), "商品不存在"),
        (rename(&apple.remote_id), "商品正在参加活动"),
        (nowhere, "没有"),
        (homeless, "没有店内分类"),
        (free, "price"),
    ] {
        let told = eleme.write(&session, &[write]).await.unwrap();
        assert!(
            matches!(&told[0], WriteOutcome::Rejected { text, .. } if text.contains(part)),
            "{part}: {told:?}"
        );
    }
    assert!(eleme.write(&session, &[]).await.unwrap().is_empty());
}
