use crate::kit::{EB, Kit, MT};
use domain::finding::EditField;
use domain::id::JobId;
use engine::sync::plan::Choices;
use sim::{FaultKind, Service};
use std::time::Duration;
use storage::offer::OfferPatch;

const APPLE: (&str, &str, &str) = ("示例苹果", "1022311150004734", "6901234567892");

async fn bound_apple(kit: &Kit, price_fen: i64) -> domain::id::SkuId {
    kit.bound(APPLE.0, APPLE.1, APPLE.2, price_fen).0
}

#[tokio::test(start_paused = true)]
async fn a_changed_price_is_written_and_read_back_on_both_platforms() {
    for platform in [MT, EB] {
        let kit = Kit::new(platform).await;
        bound_apple(&kit, 1_090).await;
        let report = kit
            .engine
            .sync_apply(&[kit.store], &Choices::default())
            .await
            .unwrap();
        assert_eq!(
            (report.rejected, report.unknown, report.queued),
            (0, 0, 0),
            "{report:?}"
        );
        assert_eq!(kit.there(platform, APPLE.0).0, 1_090);
        assert_eq!(kit.listed(APPLE.0).price_fen, Some(1_090));
        let plan = kit.engine.sync_plan(&[kit.store], &Choices::default()).unwrap();
        assert!(plan[0].plan.is_empty(), "{:?}", plan[0].plan.steps);
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_read_back_and_not_sent_again() {
    let kit = Kit::new(MT).await;
    bound_apple(&kit, 1_090).await;
    kit.fault(Service::MeituanShangou, "retail/sku/price", FaultKind::LostAnswer);
    let report = kit
        .engine
        .sync_apply(&[kit.store], &Choices::default())
        .await
        .unwrap();
    assert_eq!(
        (report.confirmed, report.rejected, report.unknown),
        (1, 0, 0),
        "{report:?}"
    );
    assert_eq!(kit.there(MT, APPLE.0).0, 1_090);
    assert_eq!(kit.calls("meituan_shangou/retail/sku/price"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_lost_request_is_sent_again() {
    let kit = Kit::new(MT).await;
    bound_apple(&kit, 1_090).await;
    kit.fault(
        Service::MeituanShangou,
        "retail/sku/price",
        FaultKind::LostRequest,
    );
    let report = kit
        .engine
        .sync_apply(&[kit.store], &Choices::default())
        .await
        .unwrap();
    assert_eq!((report.confirmed, report.unknown), (1, 0), "{report:?}");
    assert_eq!(kit.there(MT, APPLE.0).0, 1_090);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_call_waits_and_goes_through() {
    let kit = Kit::new(MT).await;
    bound_apple(&kit, 1_090).await;
    let throttle = FaultKind::Throttle {
        shape: sim::ErrorShape::Envelope,
    };
    kit.fault(Service::MeituanShangou, "retail/sku/price", throttle);
    let report = kit
        .engine
        .sync_apply(&[kit.store], &Choices::default())
        .await
        .unwrap();
    assert_eq!((report.confirmed, report.rejected), (1, 0), "{report:?}");
    assert_eq!(kit.there(MT, APPLE.0).0, 1_090);
}

#[tokio::test(start_paused = true)]
async fn a_dead_authorization_keeps_the_queue_for_the_next_run() {
    let kit = Kit::new(MT).await;
    bound_apple(&kit, 1_090).await;
    kit.fault(
        Service::MeituanShangou,
        "retail/sku/price",
        FaultKind::ExpiredToken,
    );
    assert!(
        kit.engine
            .sync_apply(&[kit.store], &Choices::default())
            .await
            .is_err()
    );
    assert_eq!(kit.there(MT, APPLE.0).0, 990);
    let report = kit.engine.sync_resume(&[kit.store]).await.unwrap();
    assert_eq!((report.confirmed, report.queued), (1, 0), "{report:?}");
    assert_eq!(kit.there(MT, APPLE.0).0, 1_090);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_gets_its_cause_from_the_dictionary() {
    let kit = Kit::new(MT).await;
    bound_apple(&kit, 1_090).await;
    let refuse = FaultKind::Refuse {
        code: 705,
        message: "已存在该UPC,请先处理".to_owned(),
    };
    kit.fault(Service::MeituanShangou, "retail/sku/price", refuse);
    let report = kit
        .engine
        .sync_apply(&[kit.store], &Choices::default())
        .await
        .unwrap();
    assert_eq!(
        (report.rejected, report.rejections[0].id.as_str()),
        (1, "F44"),
        "{report:?}"
    );
    assert!(!report.rejections[0].retry);
    assert_eq!(report.rejections[0].subjects, [APPLE.0]);
}

#[tokio::test(start_paused = true)]
async fn a_crash_while_the_answer_is_awaited_resumes_without_a_second_write() {
    let kit = Kit::new(MT).await;
    bound_apple(&kit, 1_090).await;
    let silence = FaultKind::TimedOut {
        ms: 600_000,
        effect: true,
    };
    kit.fault(Service::MeituanShangou, "retail/sku/price", silence);
    {
        let choices = Choices::default();
        let stores = [kit.store];
        let dying = kit.engine.sync_apply(&stores, &choices);
        assert!(tokio::time::timeout(Duration::from_secs(5), dying).await.is_err());
    }
    let kit = kit.reopened().await;
    let report = kit.engine.sync_resume(&[kit.store]).await.unwrap();
    assert_eq!(
        (report.confirmed, report.unknown, report.queued),
        (1, 0, 0),
        "{report:?}"
    );
    assert_eq!(kit.there(MT, APPLE.0).0, 1_090);
    assert_eq!(kit.calls("meituan_shangou/retail/sku/price"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_product_without_codes_gets_ours_first() {
    let kit = Kit::new(MT).await;
    kit.bound("现切水果拼盘", "55", "", 2_880);
    let report = kit
        .engine
        .sync_apply(&[kit.store], &Choices::default())
        .await
        .unwrap();
    assert_eq!(
        (report.rejected, report.unknown, report.queued),
        (0, 0, 0),
        "{report:?}"
    );
    let world = kit.simulator.world();
    let shop = world.shop(MT, crate::kit::SHOP).unwrap();
    let listing = shop.listing_by_code("55").expect("the code is there");
    assert_eq!(
        (listing.specs[0].code.as_str(), listing.specs[0].price_fen),
        ("55", 2_880)
    );
}

#[tokio::test(start_paused = true)]
async fn a_new_product_whose_answer_was_lost_is_made_once_and_bound() {
    let kit = Kit::new(EB).await;
    let (_, sku) = kit.product("示例新橙", "77001", "6901234567878", 690);
    let origin = kit.engine.by_user("batch.edit");
    kit.engine
        .db()
        .write(|tx| {
            let mut changes = storage::change::Changes::begin(tx, &origin)?;
            let patch = OfferPatch {
                on: Some(true),
                ..OfferPatch::default()
            };
            storage::offer::put(&mut changes, kit.store, sku, &patch)?;
            changes.finish(false)?;
            Ok::<_, storage::error::StorageError>(())
        })
        .unwrap();
    kit.fault(Service::Ebai, "sku.create", FaultKind::LostAnswer);
    let report = kit
        .engine
        .sync_apply(&[kit.store], &Choices::default())
        .await
        .unwrap();
    assert_eq!(
        (report.rejected, report.unknown, report.queued),
        (0, 0, 0),
        "{report:?}"
    );
    assert_eq!(kit.simulator.world().ledger.synced(EB).created, 1);
    assert_eq!(kit.calls("ebai/sku.create"), 1);
    assert_eq!(kit.listed("示例新橙").bound_to, Some(sku));
}

#[tokio::test(start_paused = true)]
async fn undo_writes_the_old_values_back() {
    let kit = Kit::new(MT).await;
    let sku = bound_apple(&kit, 1_090).await;
    kit.engine
        .set_sku_field(sku, EditField::Name, "示例红苹果")
        .unwrap();
    let report = kit
        .engine
        .sync_apply(&[kit.store], &Choices::default())
        .await
        .unwrap();
    assert_eq!(report.rejected, 0, "{report:?}");
    assert_eq!(kit.there(MT, "示例红苹果").0, 1_090);
    let undone = kit.engine.sync_undo(JobId(report.job)).await.unwrap();
    assert_eq!((undone.rejected, undone.unknown), (0, 0), "{undone:?}");
    assert_eq!(kit.there(MT, APPLE.0).0, 990);
}

#[tokio::test(start_paused = true)]
async fn preflight_is_kept_and_a_group_fix_is_one_batch() {
    let kit = Kit::new(MT).await;
    kit.bound(APPLE.0, " 1022311150004734", APPLE.2, 990);
    let cache = kit.engine.preflight(&[]).unwrap();
    assert!(kit.engine.preflight_is_current(kit.store).unwrap());
    let found = cache
        .findings
        .iter()
        .find(|noted| noted.finding.id == "F19a")
        .expect("a blank in the code");
    assert_eq!(found.subject, APPLE.0);
    let fix = kit.engine.fix_findings("F19a", None).await.unwrap();
    assert_eq!((fix.fixed, fix.left), (1, 0));
    assert!(fix.batch.is_some());
}
