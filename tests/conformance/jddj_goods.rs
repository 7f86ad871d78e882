//! 京东到家: creating, changing and deleting products, whose results come later.

use crate::jddj::{OTHER, all, connector, in_store};
use crate::kit::{JD, Kit, SHOP, keyed, leaf, strike, with};
use connect::error::RemoteError;
use connect::platform::{ListingRef, ListingWrite, Platform, SkuWrite, WriteOutcome};
use connect::session::Session;
use domain::listing::ReviewState;
use domain::money::Money;
use platforms::jddj::Jddj;
use sim::{FaultKind, Service};

const PICTURE: &str = "https://img.example.com/new-800.jpg";

fn new(kit: &Kit, code: &str) -> ListingWrite {
    ListingWrite {
        outer_code: code.to_owned(),
        name: Some("新到的橙子".to_owned()),
        group_path: Some(vec!["水果".to_owned()]),
        category_id: Some(leaf(&kit.world())),
        pictures: Some(vec![PICTURE.to_owned()]),
        on_sale: Some(true),
        skus: vec![SkuWrite {
            outer_sku_code: code.to_owned(),
            spec_name: Some("单规格".to_owned()),
            barcode: Some("6901234567892".to_owned()),
            price: Some(Money(1290)),
            stock: Some(8),
            weight_g: Some(1250),
            ..SkuWrite::default()
        }],
        ..ListingWrite::default()
    }
}

async fn one(jddj: &Jddj, session: &Session, write: ListingWrite) -> WriteOutcome {
    jddj.write(session, &[write]).await.unwrap().remove(0)
}

fn refusal(outcome: &WriteOutcome) -> &str {
    match outcome {
        WriteOutcome::Rejected { text, .. } | WriteOutcome::Flawed { text, .. } => text,
        other => panic!("a refusal expected, got {other:?}"),
    }
}

#[tokio::test]
async fn a_product_is_made_later_and_its_pictures_later_still() {
    let (kit, jddj, session) = connector();
    let outcome = one(&jddj, &session, new(&kit, "P-9")).await;
    let WriteOutcome::InReview { remote_id: Some(id) } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(kit.world().ledger.calls("jddj/pms/getSkuStatus"), 2);
    let made = jddj.listing(&session, Some(&id), "").await.unwrap().unwrap();
    assert_eq!((made.outer_code.as_str(), made.on_sale), ("P-9", true));
    assert_eq!(
        (made.review, &made.pictures),
        (ReviewState::Pending, &vec![PICTURE.to_owned()])
    );
    let sku = &made.skus[0];
    assert_eq!((sku.price, sku.stock), (Some(Money(1290)), Some(8)));
    kit.world().clock.advance(300_000);
    let made = jddj.listing(&session, None, "P-9").await.unwrap().unwrap();
    assert_eq!(made.review, ReviewState::None);
    assert_eq!(
        kit.world().listing(JD, SHOP, &id).unwrap().specs[0].weight_g,
        1250
    );
}

#[tokio::test]
async fn a_product_that_is_long_in_the_making_stays_open() {
    let (kit, jddj, session) = connector();
    kit.world().jddj.ticket_asks = 50;
    let outcome = one(&jddj, &session, new(&kit, "P-9")).await;
    assert_eq!(outcome, WriteOutcome::InReview { remote_id: None });
}

#[tokio::test]
async fn the_older_call_answers_at_once() {
    let (kit, jddj, session) = connector();
    kit.world().jddj.picture_ms = 0;
    let session = with(&session, "add_call", "pms/sku/addSku");
    let outcome = one(&jddj, &session, new(&kit, "P-9")).await;
    assert!(
        matches!(outcome, WriteOutcome::Accepted { remote_id: Some(_) }),
        "{outcome:?}"
    );
    assert_eq!(kit.world().ledger.calls("jddj/pms/getSkuStatus"), 0);
}

#[tokio::test]
async fn what_another_store_has_made_is_taken_and_given_a_price_of_its_own() {
    let (kit, jddj, session) = connector();
    kit.world().jddj.picture_ms = 0;
    kit.world().add_store(JD, OTHER, "二店").unwrap();
    let first = one(&jddj, &session, new(&kit, "P-9")).await;
    let mut write = new(&kit, "P-9");
    write.skus[0].price = Some(Money(1490));
    let second = one(&jddj, &in_store(&session, OTHER), write).await;
    assert_eq!(first, second);
    let WriteOutcome::Accepted { remote_id: Some(id) } = first else {
        panic!("{first:?}")
    };
    let price = |store: &str| kit.world().listing(JD, store, &id).unwrap().specs[0].price_fen;
    assert_eq!((price(SHOP), price(OTHER)), (1290, 1490));
}

#[tokio::test]
async fn a_creation_whose_answer_was_lost_is_not_made_twice() {
    let (kit, jddj, session) = connector();
    kit.world().jddj.picture_ms = 0;
    let session = with(&session, "brand_id", "35247");
    jddj.groups(&session).await.unwrap();
    strike(&kit, Service::Jddj, FaultKind::LostAnswer);
    let lost = jddj.write(&session, &[new(&kit, "P-9")]).await.unwrap_err();
    assert!(matches!(lost, RemoteError::NoAnswer { .. }), "{lost:?}");
    let outcome = one(&jddj, &session, new(&kit, "P-9")).await;
    assert!(matches!(outcome, WriteOutcome::Accepted { .. }), "{outcome:?}");
    let there = all(&jddj, &session).await;
    assert_eq!(
        there.iter().filter(|listing| listing.outer_code == "P-9").count(),
        1
    );
}

#[tokio::test]
async fn refusals_keep_the_platform_s_words() {
    let (kit, jddj, session) = connector();
    let category = leaf(&kit.world());
    let asking = {
        let world = kit.world();
        let mut leaves = world.jddj.taxonomy.values();
        leaves
            .find(|taxon| taxon.depth == 3 && taxon.barcode_required)
            .unwrap()
            .id
            .clone()
    };
    let write = |change: &dyn Fn(&mut ListingWrite)| {
        let mut write = new(&kit, "P-9");
        change(&mut write);
        write
    };
    for (write, text) in [
        (write(&|w| w.category_id = None), "类目ID不能为空"),
        (write(&|w| w.pictures = None), "商品图片不能为空"),
        (
            write(&|w| w.skus[0].barcode = Some("6901234567893".to_owned())),
            "商品条码信息不正确",
        ),
        (
            write(&|w| {
                w.category_id = Some(asking.clone());
                w.skus[0].barcode = None;
            }),
            "商品条码信息不能为空",
        ),
        (
            write(&|w| w.group_path = Some(vec!["没有的分类".to_owned()])),
            "店内分类不存在: 没有的分类",
        ),
    ] {
        assert_eq!(refusal(&one(&jddj, &session, write).await), text);
    }
    // F64 comes with the later result.
    kit.world().jddj.unlicensed.insert(category);
    let outcome = one(&jddj, &session, new(&kit, "P-9")).await;
    assert_eq!(refusal(&outcome), "贵司无此商品经营权限");
}

#[tokio::test]
async fn several_specs_are_held_back_and_a_spec_s_name_is_not_sent() {
    let (kit, jddj, session) = connector();
    let mut write = new(&kit, "P-9");
    write.multi_spec = true;
    write.skus.push(write.skus[0].clone());
    let outcome = one(&jddj, &session, write.clone()).await;
    assert!(refusal(&outcome).contains("只支持单规格商品"), "{outcome:?}");
    assert_eq!(kit.world().ledger.calls("jddj/pms/addSku"), 0);
    // The title says it, where it is not 单规格.
    write.skus.pop();
    write.skus[0].spec_name = Some("500g".to_owned());
    one(&jddj, &session, write).await;
    let made = jddj.listing(&session, None, "P-9").await.unwrap().unwrap();
    assert_eq!(
        (made.name.as_str(), made.skus[0].spec_name.as_str()),
        ("新到的橙子", "单规格")
    );
}

#[tokio::test]
async fn a_standard_barcode_imposes_its_category() {
    let (kit, jddj, session) = connector();
    let own = {
        let mut world = kit.world();
        let leaf = world
            .jddj
            .taxonomy
            .values()
            .find(|taxon| taxon.name == "啤酒" && taxon.depth == 3);
        let own = leaf.unwrap().id.clone();
        world
            .jddj
            .standard_upcs
            .insert("6901234567892".to_owned(), own.clone());
        own
    };
    one(&jddj, &session, new(&kit, "P-9")).await;
    let made = jddj.listing(&session, None, "P-9").await.unwrap().unwrap();
    assert_eq!(made.category_id, own);
}

#[tokio::test]
async fn a_picture_that_is_too_small_is_told_with_the_platform_s_words() {
    let (kit, jddj, session) = connector();
    kit.world().jddj.picture_ms = 0;
    kit.world().jddj.small_pictures.insert(PICTURE.to_owned());
    let outcome = one(&jddj, &session, new(&kit, "P-9")).await;
    assert!(refusal(&outcome).contains("800*800"), "{outcome:?}");
    let made = jddj.listing(&session, None, "P-9").await.unwrap().unwrap();
    assert_eq!(made.review, ReviewState::Rejected);
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_leaves_other_stores_on_sale() {
    let (kit, jddj, session) = connector();
    kit.world().add_store(JD, OTHER, "二店").unwrap();
    let there = jddj.listing(&session, None, "P-1").await.unwrap().unwrap();
    let update = |change: &dyn Fn(&mut ListingWrite)| {
        let mut write = ListingWrite {
            remote_id: Some(there.remote_id.clone()),
            outer_code: "P-1".to_owned(),
            ..ListingWrite::default()
        };
        change(&mut write);
        write
    };
    let done = WriteOutcome::Accepted {
        remote_id: Some(there.remote_id.clone()),
    };
    let renamed = update(&|w| {
        w.name = Some("红富士苹果".to_owned());
        w.group_path = Some(vec!["饮料".to_owned(), "茶".to_owned()]);
        w.description = Some("<p>脆甜</p>".to_owned());
    });
    assert_eq!(one(&jddj, &session, renamed).await, done);
    assert_eq!(
        one(&jddj, &session, update(&|w| w.on_sale = Some(false))).await,
        done
    );
    let here = jddj.listing(&session, None, "P-1").await.unwrap().unwrap();
    assert_eq!((here.name.as_str(), here.on_sale), ("红富士苹果", false));
    assert_eq!(here.group_path, ["饮料", "茶"]);
    assert_eq!(
        (&here.pictures, here.skus[0].price),
        (&there.pictures, Some(Money(990)))
    );
    let other = in_store(&session, OTHER);
    let other = jddj.listing(&other, None, "P-1").await.unwrap().unwrap();
    assert_eq!((other.name.as_str(), other.on_sale), ("红富士苹果", true));
    // Off the merchant's shelf, it comes back with the store's switch.
    kit.world().jddj_set_shelf(&there.remote_id, false);
    for form in ["bool", "text"] {
        let session = with(&session, "do_sale", form);
        assert_eq!(
            one(&jddj, &session, update(&|w| w.on_sale = Some(true))).await,
            done
        );
    }
    assert!(
        jddj.listing(&session, None, "P-1")
            .await
            .unwrap()
            .unwrap()
            .on_sale
    );
    assert_eq!(
        kit.world()
            .listing(JD, SHOP, &there.remote_id)
            .unwrap()
            .description,
        "<p>脆甜</p>"
    );
    let gone = update(&|w| {
        w.outer_code = "P-404".to_owned();
        w.name = Some("x".to_owned());
    });
    assert_eq!(refusal(&one(&jddj, &session, gone).await), "商品不存在");
}

#[tokio::test]
async fn a_deleted_product_is_gone_and_deleting_it_again_is_no_failure() {
    let (_kit, jddj, session) = connector();
    let there = jddj.listing(&session, None, "P-1").await.unwrap().unwrap();
    let named = |code: &str| ListingRef {
        remote_id: there.remote_id.clone(),
        outer_code: code.to_owned(),
    };
    for _ in 0..2 {
        let outcomes = jddj.delete(&session, &[named("P-1")]).await.unwrap();
        assert!(
            matches!(outcomes[..], [WriteOutcome::Accepted { .. }]),
            "{outcomes:?}"
        );
    }
    assert_eq!(jddj.listing(&session, None, "P-1").await.unwrap(), None);
    let bare = jddj.delete(&session, &[named("")]).await.unwrap();
    assert!(refusal(&bare[0]).contains("outSkuId"));
}

#[tokio::test]
async fn pictures_lie_at_an_address_of_the_merchant_s() {
    let (_kit, jddj, session) = connector();
    let jpeg = bytes::Bytes::from_static(b"jpeg");
    let bare = keyed(&session, "picture_host", "");
    assert!(matches!(
        jddj.upload_picture(&bare, "a b.jpg", jpeg.clone()).await,
        Err(RemoteError::Unsupported { .. })
    ));
    let hosted = keyed(&session, "picture_host", "https://img.example.com/goods/");
    assert_eq!(
        jddj.upload_picture(&hosted, "a b.jpg", jpeg).await.unwrap(),
        "https://img.example.com/goods/a%20b.jpg"
    );
}
