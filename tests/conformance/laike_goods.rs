//! 抖音来客: products made and changed, audits, and the price rule of packages (F69).

use crate::kit::{Kit, LK, SHOP, all, by_code, leaf, named, reference, with};
use crate::laike::{at_other, connector};
use connect::platform::{ListingWrite, Platform, PriceWrite, SkuWrite, WriteOutcome};
use connect::session::Session;
use domain::listing::ReviewState;
use domain::money::Money;
use domain::rules::ErrorDictionary;
use platforms::douyin_laike::DouyinLaike;
use sim::world::LaikeDish;

const SAVE: &str = "douyin_laike/goodlife/v1/goods/product/save";

/// A product that the platform takes.
fn new_product(kit: &Kit, code: &str) -> ListingWrite {
    ListingWrite {
        outer_code: code.to_owned(),
        name: Some(format!("新品 {code}")),
        category_id: Some(leaf(&kit.world())),
        pictures: Some(vec!["https://img.example.com/new.jpg".to_owned()]),
        description: Some("说明".to_owned()),
        on_sale: Some(true),
        skus: vec![SkuWrite {
            outer_sku_code: code.to_owned(),
            spec_name: Some("单规格".to_owned()),
            price: Some(Money(1990)),
            stock: Some(7),
            ..SkuWrite::default()
        }],
        ..ListingWrite::default()
    }
}

async fn write_one(laike: &DouyinLaike, session: &Session, write: &ListingWrite) -> WriteOutcome {
    let outcomes = laike.write(session, std::slice::from_ref(write)).await.unwrap();
    outcomes.into_iter().next().unwrap()
}

fn why(outcome: &WriteOutcome) -> &str {
    match outcome {
        WriteOutcome::Rejected { text, .. } => text,
        other => panic!("{other:?}"),
    }
}

fn wait_for_audits(kit: &Kit) {
    kit.world().clock.advance(3_600_000);
}

fn dish(name: &str, price_fen: i64, count: i64) -> LaikeDish {
    LaikeDish {
        name: name.to_owned(),
        price_fen,
        count,
    }
}

#[tokio::test]
async fn a_product_goes_out_as_a_package_of_itself_and_is_audited() {
    let (kit, laike, session) = connector();
    let product = new_product(&kit, "N-1");
    let outcome = write_one(&laike, &session, &product).await;
    let WriteOutcome::InReview { remote_id: Some(id) } = &outcome else {
        panic!("{outcome:?}");
    };
    let read = by_code(&laike, &session, "N-1").await;
    assert_eq!(
        (&read.remote_id, read.review, read.on_sale),
        (id, ReviewState::Pending, true)
    );
    assert_eq!(Some(&read.category_id), product.category_id.as_ref());
    assert_eq!(Some(&read.pictures), product.pictures.as_ref());
    assert_eq!(read.description, product.description);
    assert_eq!(
        (read.skus[0].price, read.skus[0].stock),
        (Some(Money(1990)), Some(7))
    );
    // It is no more expensive than it must be.
    assert_eq!(kit.world().laike.dishes[id], [dish("新品 N-1", 1991, 1)]);
    // The reading of the store shows it before it is online, and once.
    assert_eq!(all(&laike, &session).await.len(), 5);
    wait_for_audits(&kit);
    let listings = all(&laike, &session).await;
    assert_eq!(
        (listings.len(), named(&listings, "新品 N-1").review),
        (5, ReviewState::None)
    );
}

#[tokio::test]
async fn two_stores_have_a_product_each_under_the_same_code() {
    let (kit, laike, session) = connector();
    let other = at_other(&kit, &session);
    let product = new_product(&kit, "N-2");
    for session in [&session, &other] {
        assert!(matches!(
            write_one(&laike, session, &product).await,
            WriteOutcome::InReview { .. }
        ));
    }
    let (here, there) = (
        by_code(&laike, &session, "N-2").await,
        by_code(&laike, &other, "N-2").await,
    );
    assert_ne!(here.remote_id, there.remote_id);
    assert_eq!(
        (here.outer_code.as_str(), there.outer_code.as_str()),
        ("N-2", "N-2")
    );
    // The same once more overwrites and doubles nothing.
    write_one(&laike, &other, &product).await;
    assert_eq!(all(&laike, &other).await.len(), 1);
}

#[tokio::test]
async fn an_update_leaves_alone_what_it_does_not_name_and_is_audited() {
    let (kit, laike, session) = connector();
    let before = by_code(&laike, &session, "P-1").await;
    let change = ListingWrite {
        remote_id: Some(before.remote_id.clone()),
        outer_code: "P-1".to_owned(),
        name: Some("红富士苹果".to_owned()),
        pictures: Some(vec!["https://img.example.com/b.jpg".to_owned()]),
        ..ListingWrite::default()
    };
    let outcome = write_one(&laike, &session, &change).await;
    assert!(matches!(outcome, WriteOutcome::InReview { .. }), "{outcome:?}");
    let mut expected = before.clone();
    expected.name = "红富士苹果".to_owned();
    expected.pictures = vec!["https://img.example.com/b.jpg".to_owned()];
    expected.review = ReviewState::Pending;
    assert_eq!(by_code(&laike, &session, "P-1").await, expected);
    assert_eq!(named(&all(&laike, &session).await, "红富士苹果"), &expected);
    // A refused change leaves what was online, and says so.
    kit.world().laike_refuse(&before.remote_id, "图片不清晰").unwrap();
    expected = before.clone();
    expected.review = ReviewState::Rejected;
    assert_eq!(by_code(&laike, &session, "P-1").await, expected);
    write_one(&laike, &session, &change).await;
    wait_for_audits(&kit);
    let passed = by_code(&laike, &session, "P-1").await;
    assert_eq!(
        (passed.name.as_str(), passed.review),
        ("红富士苹果", ReviewState::None)
    );
}

#[tokio::test]
async fn a_product_is_taken_off_and_put_back_without_an_audit() {
    let (kit, laike, session) = connector();
    let held = by_code(&laike, &session, "P-1").await;
    for on in [false, true] {
        let change = ListingWrite {
            remote_id: Some(held.remote_id.clone()),
            on_sale: Some(on),
            ..ListingWrite::default()
        };
        let outcome = write_one(&laike, &session, &change).await;
        assert!(matches!(outcome, WriteOutcome::Accepted { .. }), "{outcome:?}");
        let after = by_code(&laike, &session, "P-1").await;
        assert_eq!((after.on_sale, after.review), (on, ReviewState::None));
    }
    assert_eq!(kit.world().ledger.calls(SAVE), 0);
    // What has not passed its first audit cannot be put on the shelf; a change of it carries the wish.
    let mut fresh = new_product(&kit, "N-3");
    fresh.on_sale = Some(false);
    write_one(&laike, &session, &fresh).await;
    let waiting = by_code(&laike, &session, "N-3").await;
    assert!(!waiting.on_sale);
    let mut change = ListingWrite {
        remote_id: Some(waiting.remote_id),
        on_sale: Some(true),
        ..ListingWrite::default()
    };
    let outcome = write_one(&laike, &session, &change).await;
    assert!(why(&outcome).contains("未审核通过"), "{outcome:?}");
    change.name = Some("新名".to_owned());
    let outcome = write_one(&laike, &session, &change).await;
    assert!(matches!(outcome, WriteOutcome::InReview { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_required_attribute_that_nobody_gives_is_named_before_anything_is_sent() {
    let (kit, laike, session) = connector();
    kit.world().laike.required = [("use_date".to_owned(), "使用日期".to_owned())].into();
    let mut product = new_product(&kit, "N-4");
    let outcome = write_one(&laike, &session, &product).await;
    assert_eq!(why(&outcome), "缺少必填属性：使用日期（use_date）");
    assert_eq!(kit.world().ledger.calls(SAVE), 0);
    let date = r#"{"use_date_type":2,"day_duration":30}"#;
    // The account's setting fills it for all, the write for one.
    let set = with(&session, "attribute_use_date", date);
    assert!(matches!(
        write_one(&laike, &set, &product).await,
        WriteOutcome::InReview { .. }
    ));
    product.outer_code = "N-5".to_owned();
    product.attributes = Some([("use_date".to_owned(), date.to_owned())].into());
    let outcome = write_one(&laike, &session, &product).await;
    let WriteOutcome::InReview { remote_id: Some(id) } = &outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(kit.world().laike.attributes[id]["use_date"], date);
}

#[tokio::test]
async fn refused_products_hear_why() {
    let (kit, laike, session) = connector();
    let good = new_product(&kit, "N-6");
    let of = |change: &dyn Fn(&mut ListingWrite)| {
        let mut write = good.clone();
        change(&mut write);
        write
    };
    for (write, expected) in [
        (of(&|write| write.category_id = None), "类目ID不能为空"),
        (
            of(&|write| write.category_id = Some("200000001".to_owned())),
            "叶子类目",
        ),
        (
            of(&|write| write.pictures = Some(vec!["a.jpg".to_owned()])),
            "图片链接",
        ),
        (of(&|write| write.skus[0].price = Some(Money(0))), "actual_amount"),
        (
            of(&|write| write.skus.push(write.skus[0].clone())),
            "只支持单规格商品",
        ),
    ] {
        let outcome = write_one(&laike, &session, &write).await;
        assert!(why(&outcome).contains(expected), "{expected}: {outcome:?}");
    }
    assert_eq!(all(&laike, &session).await.len(), 4);
}

#[tokio::test]
async fn f69_a_price_above_the_dishes_is_refused_until_they_are_raised_or_it_is_lowered() {
    let (kit, laike, session) = connector();
    let listings = all(&laike, &session).await;
    let (apple, combo) = (named(&listings, "示例苹果"), named(&listings, "现切水果拼盘"));
    let set = async |session: &Session, held: &connect::platform::RemoteListing, fen| {
        let sku = reference(held, &held.skus[0]);
        let row = PriceWrite {
            sku,
            price: Money(fen),
        };
        laike.set_prices(session, &[row]).await.unwrap().remove(0)
    };
    // A package of itself: its price on paper follows, by a save that is audited.
    let done = WriteOutcome::Accepted { remote_id: None };
    assert_eq!(set(&session, apple, 2000).await, done);
    assert_eq!(
        kit.world().laike.dishes[&apple.remote_id],
        [dish("示例苹果", 2001, 1)]
    );
    assert_eq!(
        by_code(&laike, &session, "P-1").await.skus[0].price,
        Some(Money(2000))
    );
    // The merchant's own package of 50 yuan at 60 is refused by the platform's rule, and the dictionary knows it.
    let dishes = vec![dish("哈密瓜", 1500, 2), dish("西瓜", 2000, 1)];
    kit.world().laike_pack(&combo.remote_id, dishes).unwrap();
    let refused = set(&session, combo, 6000).await;
    assert!(why(&refused).contains("实付价不能大于最高售价"), "{refused:?}");
    let words = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../assets/rules/errors.toml"
    ))
    .unwrap();
    let dictionary: ErrorDictionary = toml::from_str(&words).unwrap();
    assert_eq!(dictionary.recognize(why(&refused)).unwrap().cause, "F69");
    let price = async || {
        let held = laike
            .listing(&session, Some(&combo.remote_id), "")
            .await
            .unwrap()
            .unwrap();
        held.skus[0].price
    };
    assert_eq!(price().await, Some(Money(2680)));
    // Exactly the sum is too much while "greater than" holds; a fen less is not.
    assert!(why(&set(&session, combo, 5000).await).contains("最高售价"));
    // First end of the remedy: the price is lowered.
    assert_eq!(set(&session, combo, 4999).await, done);
    assert_eq!(price().await, Some(Money(4999)));
    // Second: the merchant raises the dishes in its console.
    let dearer = vec![dish("哈密瓜", 2000, 2), dish("西瓜", 2500, 1)];
    kit.world().laike_pack(&combo.remote_id, dearer).unwrap();
    assert_eq!(set(&session, combo, 6000).await, done);
    // Third: the account lets them be raised in proportion.
    let raising = with(&session, "raise_dishes", "on");
    assert_eq!(set(&raising, combo, 13_000).await, done);
    assert_eq!(price().await, Some(Money(13_000)));
    assert_eq!(
        kit.world().laike.dishes[&combo.remote_id],
        [dish("哈密瓜", 4001, 2), dish("西瓜", 5001, 1)]
    );
}

#[tokio::test]
async fn f69_where_equal_is_enough_a_setting_says_so() {
    let (kit, laike, session) = connector();
    kit.world().laike.strict_price = false;
    let equal = with(&session, "price_rule", "equal");
    let outcome = write_one(&laike, &equal, &new_product(&kit, "N-7")).await;
    let WriteOutcome::InReview { remote_id: Some(id) } = &outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(kit.world().laike.dishes[id], [dish("新品 N-7", 1990, 1)]);
    assert!(kit.world().listing(LK, SHOP, id).is_ok());
    // Where more is asked for, the platform says what is wrong.
    kit.world().laike.strict_price = true;
    let refused = write_one(&laike, &equal, &new_product(&kit, "N-8")).await;
    assert_eq!(why(&refused), "实付价不能大于最高售价");
}
