//! What every ERP is asked alike: 聚水潭 and both editions of 旺店通, over the same books.

use crate::kit::{BRANCH, Kit, NOON, with};
use connect::erp::{Erp, ErpItem, ErpOrder, ErpOrderLine, ErpRefund};
use connect::error::{Layer, RemoteError};
use connect::session::Session;
use domain::money::Money;
use sim::Service;
use sim::world::{DocumentKind, ErpSystem, OrderMode};
use std::sync::Arc;

pub(crate) const APPLE: &str = "1022311150004734";
pub(crate) const PEAR: &str = "1022311150004735";
pub(crate) const ALL: [ErpSystem; 3] = [
    ErpSystem::Jushuitan,
    ErpSystem::WangdiantongEnterprise,
    ErpSystem::WangdiantongFlagship,
];

/// An ERP over a small world, its connector and a session of the only branch. Its own limits of calls are off: the clock
/// stands.
pub(crate) struct Desk {
    pub(crate) kit: Kit,
    pub(crate) erp: Arc<dyn Erp>,
    pub(crate) session: Session,
    pub(crate) service: Service,
}

impl Desk {
    pub(crate) fn open(system: ErpSystem) -> Self {
        let kit = Kit::new();
        kit.world().erp.system = system;
        kit.world().erp.jushuitan.rates.quotas.clear();
        kit.world().erp.wangdiantong.rates.quotas.clear();
        let service = system.service();
        let session = kit.session(service);
        let session = Session {
            remote_id: BRANCH.to_owned(),
            ..session
        };
        Self {
            erp: connector(&kit.gateway, service),
            kit,
            session,
            service,
        }
    }

    /// Every item.
    pub(crate) async fn items(&self) -> Vec<ErpItem> {
        let (mut items, mut cursor) = (Vec::new(), None);
        loop {
            let page = self.erp.items(&self.session, cursor.as_deref()).await.unwrap();
            items.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                return items;
            }
        }
    }

    pub(crate) fn documents(&self) -> usize {
        self.kit.world().erp.documents.len()
    }
}

pub(crate) fn connector(gateway: &connect::gateway::Gateway, service: Service) -> Arc<dyn Erp> {
    let registry = erp::registry::registry(gateway.clone());
    registry.get(service.as_str()).unwrap()
}

pub(crate) fn line(item: &str, quantity: i64, price: i64) -> ErpOrderLine {
    ErpOrderLine {
        item_code: item.to_owned(),
        product_name: "示例苹果".to_owned(),
        spec_name: "单规格".to_owned(),
        barcode: "6901234567892".to_owned(),
        product_ref: "P-1".to_owned(),
        spec_ref: "P-1".to_owned(),
        quantity,
        base_quantity_milli: 1000,
        price: Money(price),
    }
}

/// Two pieces at 9.90 and fees of 6.00, of which 24.80 were paid.
pub(crate) fn order(number: &str, item: &str) -> ErpOrder {
    ErpOrder {
        number: number.to_owned(),
        branch: BRANCH.to_owned(),
        platform_store: "32267001".to_owned(),
        store_name: "禾记便利 三里屯店".to_owned(),
        placed_at: NOON,
        paid: Money(2480),
        original: Money(2580),
        income: Money(2100),
        shipping_fee: Money(500),
        packing_fee: Money(100),
        remark: "谢谢😀，放门口".to_owned(),
        receiver_name: "张(先生)".to_owned(),
        receiver_phone: "13800000000".to_owned(),
        receiver_address: "北京市朝阳区某街 1 号".to_owned(),
        lines: vec![line(item, 2, 990)],
    }
}

pub(crate) fn said<T: std::fmt::Debug>(answer: Result<T, RemoteError>) -> String {
    match answer {
        Err(RemoteError::Rejected { text, .. }) => text,
        other => panic!("a refusal expected, got {other:?}"),
    }
}

#[tokio::test]
async fn every_layer_of_the_connection_is_tested() {
    for system in ALL {
        let desk = Desk::open(system);
        for layer in [
            Layer::Key,
            Layer::Signature,
            Layer::Permission,
            Layer::Store,
            Layer::Orders,
        ] {
            let probe = desk.erp.probe(&desk.session, layer).await.unwrap();
            assert_eq!(probe.layer, layer, "{system:?}");
        }
        let stranger = Session {
            remote_id: "77".to_owned(),
            ..desk.session.clone()
        };
        let missing = desk.erp.probe(&stranger, Layer::Store).await;
        crate::kit::assert_layer(missing, Layer::Store);
    }
}

#[tokio::test]
async fn branches_items_and_sellable_stock_are_read() {
    for system in ALL {
        let desk = Desk::open(system);
        let branches = desk.erp.branches(&desk.session).await.unwrap();
        assert_eq!((branches[0].code.as_str(), branches[0].active), (BRANCH, true));
        let items = desk.items().await;
        let apple = items.iter().find(|item| item.code == APPLE).unwrap();
        assert_eq!(
            (apple.short_code.as_str(), apple.barcode.as_str(), apple.price),
            ("0734", "6901234567892", Some(Money(900))),
            "{system:?}"
        );
        assert!(!apple.deleted);
        assert!(
            items.iter().any(|item| item.code == PEAR && item.deleted),
            "{system:?}"
        );
        // What is promised and what lies damaged there does not count; what is not known is left out.
        let codes = [APPLE.to_owned(), "404".to_owned()];
        let stock = desk.erp.stock(&desk.session, &codes).await.unwrap();
        assert_eq!(stock.len(), 1, "{system:?}");
        let expected = if system == ErpSystem::Jushuitan {
            12_000
        } else {
            12_345
        };
        assert_eq!(
            (stock[0].code.as_str(), stock[0].available_milli),
            (APPLE, expected)
        );
    }
}

#[tokio::test]
async fn stock_is_that_of_the_branch_s_warehouse_where_one_is_set() {
    for (system, setting) in [
        (ErpSystem::Jushuitan, "wms_co_id"),
        (ErpSystem::WangdiantongEnterprise, "warehouse_no"),
        (ErpSystem::WangdiantongFlagship, "warehouse_no"),
    ] {
        let desk = Desk::open(system);
        desk.kit.world().erp_add_branch("98", "B98", "工体店").unwrap();
        desk.kit.world().erp_set_stock("98", APPLE, 7000).unwrap();
        let of = async |session: &Session| {
            let stock = desk.erp.stock(session, &[APPLE.to_owned()]).await.unwrap();
            stock[0].available_milli / 1000
        };
        assert_eq!(of(&desk.session).await, 19, "{system:?}: all together");
        assert_eq!(of(&with(&desk.session, setting, "98")).await, 7, "{system:?}");
        let own = with(
            &with(&desk.session, setting, "98"),
            &format!("{setting}.{BRANCH}"),
            BRANCH,
        );
        assert_eq!(of(&own).await, 12, "{system:?}: the branch's own");
    }
}

#[tokio::test]
async fn items_come_in_windows_and_pages_and_none_is_missed() {
    for system in ALL {
        let desk = Desk::open(system);
        for number in 0..230_u64 {
            let item = sim::world::ErpItem {
                num: format!("{}", 2_000_000 + number),
                code: String::from("K"),
                name: format!("商品 {number}"),
                barcode: String::new(),
                unit: String::new(),
                price_fen: 1,
                deleted: false,
                updated_at: 0,
            };
            if number == 150 {
                // The rest is three months younger.
                desk.kit.world().clock.advance(90 * 86_400_000);
            }
            desk.kit.world().erp_add_item(item).unwrap();
        }
        let mut codes: Vec<String> = desk.items().await.into_iter().map(|item| item.code).collect();
        let read = codes.len();
        codes.sort();
        codes.dedup();
        assert_eq!((read, codes.len()), (232, 232), "{system:?}");
        let since = with(&desk.session, "items_since", "20270101");
        let young = desk.erp.items(&since, None).await.unwrap();
        assert!(young.items.len() + usize::from(young.next.is_some()) <= 101);
    }
}

#[tokio::test]
async fn an_order_that_was_refused_leaves_no_document_and_says_why() {
    for (system, unknown, shop, closed) in [
        (
            ErpSystem::Jushuitan,
            "商品编码[1022311150004735]不存在或已停用",
            "店铺编号[77]不存在",
            "店铺[99]的类型不支持上传订单",
        ),
        (
            ErpSystem::WangdiantongEnterprise,
            "商家编码[1022311150004735]不存在或已删除",
            "无效店铺编号",
            "只有自有平台店铺才支持推送",
        ),
        (
            ErpSystem::WangdiantongFlagship,
            "商家编码[1022311150004735]不存在或已删除",
            "店铺编号不存在或已停用",
            "店铺平台不是自有平台",
        ),
    ] {
        let desk = Desk::open(system);
        let push = async |order: &ErpOrder| said(desk.erp.push_order(&desk.session, order).await);
        assert!(push(&order("1", PEAR)).await.contains(unknown), "{system:?}");
        let elsewhere = ErpOrder {
            branch: "77".to_owned(),
            ..order("1", APPLE)
        };
        assert!(push(&elsewhere).await.contains(shop), "{system:?}");
        desk.kit.world().erp_set_receive(BRANCH, false).unwrap();
        assert!(push(&order("1", APPLE)).await.contains(closed), "{system:?}");
        assert_eq!(desk.documents(), 0);
    }
}

#[tokio::test]
async fn rows_that_failed_in_a_good_answer_are_refused_and_the_others_are_taken() {
    for system in ALL {
        let desk = Desk::open(system);
        let orders = [order("1", APPLE), order("2", PEAR), order("3", APPLE)];
        let outcomes = desk.erp.push_orders(&desk.session, &orders).await;
        assert_eq!(outcomes.len(), 3);
        assert_eq!(outcomes[0].as_ref().unwrap().reference, "1", "{system:?}");
        assert!(said(outcomes[1].clone()).contains(PEAR), "{system:?}");
        assert_eq!(outcomes[2].as_ref().unwrap().reference, "3");
        let world = desk.kit.world();
        for (number, documents) in [("1", 1), ("2", 0), ("3", 1)] {
            let held = world.erp.documents_for(DocumentKind::Sale, number).len();
            assert_eq!(held, documents, "{system:?} {number}");
        }
    }
}

#[tokio::test]
async fn more_orders_than_a_call_takes_go_in_several() {
    for (system, most, path) in [
        (ErpSystem::Jushuitan, 50, "jushuitan/open/jushuitan/orders/upload"),
        (ErpSystem::WangdiantongEnterprise, 50, "wangdiantong/trade_push"),
        (
            ErpSystem::WangdiantongFlagship,
            100,
            "wangdiantong/sales.RawTrade.pushSelf2",
        ),
    ] {
        let desk = Desk::open(system);
        assert_eq!(desk.erp.capabilities(&desk.session).orders_per_call, most);
        let orders: Vec<ErpOrder> = (0..=most).map(|n| order(&format!("N{n}"), APPLE)).collect();
        let outcomes = desk.erp.push_orders(&desk.session, &orders).await;
        assert!(outcomes.iter().all(Result::is_ok), "{system:?} {outcomes:?}");
        let world = desk.kit.world();
        assert_eq!(world.erp.documents.len(), most + 1);
        assert_eq!(world.ledger.calls(path), 2, "{system:?}");
    }
}

#[tokio::test]
async fn a_refund_is_booked_for_an_order_that_is_there() {
    for system in ALL {
        let desk = Desk::open(system);
        let refund = ErpRefund {
            number: "900001".to_owned(),
            order: "401".to_owned(),
            amount: Money(990),
            reason: "少送".to_owned(),
            lines: Vec::new(),
        };
        let early = desk.erp.push_refund(&desk.session, &refund).await;
        assert!(said(early).contains("订单[401]不存在"), "{system:?}");
        desk.erp
            .push_order(&desk.session, &order("401", APPLE))
            .await
            .unwrap();
        let whole = desk.erp.push_refund(&desk.session, &refund).await.unwrap();
        assert_eq!(whole.reference, "900001");
        let returned = ErpRefund {
            number: "900002".to_owned(),
            lines: vec![line(APPLE, 1, 990)],
            ..refund
        };
        desk.erp.push_refund(&desk.session, &returned).await.unwrap();
        let world = desk.kit.world();
        let held = world.erp.documents_for(DocumentKind::Refund, "401");
        let money: Vec<i64> = held.iter().map(|document| document.money_fen).collect();
        assert_eq!(money, [990, 990], "{system:?}");
    }
}

#[tokio::test]
async fn two_pushes_of_one_order_make_one_document_where_that_is_relied_on() {
    for system in ALL {
        let desk = Desk::open(system);
        desk.kit.world().erp.order_mode = OrderMode::Idempotent;
        let session = with(&desk.session, "order_mode", "idempotent");
        assert!(desk.erp.capabilities(&session).idempotent_upload);
        let sale = order("401", APPLE);
        let first = desk.erp.push_order(&session, &sale).await.unwrap();
        assert_eq!(desk.erp.push_order(&session, &sale).await.unwrap(), first);
        assert_eq!(desk.documents(), 1, "{system:?}");
    }
}

#[tokio::test]
async fn orders_are_looked_up_by_number_where_the_erp_can() {
    for system in ALL {
        let desk = Desk::open(system);
        let lookup = desk.erp.capabilities(&desk.session).order_lookup;
        if system == ErpSystem::WangdiantongEnterprise {
            // It answers windows of time only, whatever anybody sets.
            let asked = with(&desk.session, "order_mode", "lookup");
            assert!(!lookup && !desk.erp.capabilities(&asked).order_lookup);
            assert!(matches!(
                desk.erp.find_order(&asked, "401").await,
                Err(RemoteError::Unsupported { .. })
            ));
            continue;
        }
        assert!(lookup, "{system:?}");
        assert_eq!(desk.erp.find_order(&desk.session, "401").await.unwrap(), None);
        desk.erp
            .push_order(&desk.session, &order("401", APPLE))
            .await
            .unwrap();
        let found = desk.erp.find_order(&desk.session, "401").await.unwrap().unwrap();
        let number = desk.kit.world().erp.documents[0].number.clone();
        assert_eq!(
            (found.reference.as_str(), found.number),
            ("401", number),
            "{system:?}"
        );
        // A number is one shop's own.
        let other = Session {
            remote_id: "77".to_owned(),
            ..desk.session.clone()
        };
        assert_eq!(desk.erp.find_order(&other, "401").await.unwrap(), None);
        let neither = with(&desk.session, "order_mode", "neither");
        assert!(!desk.erp.capabilities(&neither).order_lookup);
        assert!(!desk.erp.capabilities(&neither).idempotent_upload);
    }
}
