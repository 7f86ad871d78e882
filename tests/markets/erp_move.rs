//! The shop moves from one ERP to another: what is in the old books stays there, what waits goes to the new ones.

use domain::id::{SkuId, StoreId};
use domain::order::PushState;
use engine::erp_move::{ErpMove, ErpMovePlan, MovedOrders, Way};
use sim::PlatformId::MeituanShangou;
use sim::world::{DocumentKind, ErpItem, ErpSystem};
use sim::{FaultKind, FaultRule};
use std::collections::BTreeMap;
use std::time::Duration;
use storage::order::OrderRow;
use suites::BRANCH;
use suites::market::{Market as _, Stage};

const NEW_BRANCH: &str = "8801";

fn item(num: &str, like: &domain::product::Sku, name: &str, barcode: &str) -> ErpItem {
    ErpItem {
        num: num.to_owned(),
        code: format!("S{num}"),
        name: name.to_owned(),
        barcode: barcode.to_owned(),
        unit: like.unit.clone(),
        price_fen: 500,
        deleted: false,
        updated_at: 0,
    }
}

struct Moving {
    stage: Stage,
    store: StoreId,
    to: domain::id::AccountId,
    /// One SKU for each way: barcode, code, name, ambiguous, none.
    skus: [domain::product::Sku; 5],
}

impl Moving {
    /// A shop at AMA, and a new ERP that numbers five of its goods in a way of its own.
    async fn about_to() -> Self {
        let sim = Stage::world_with(ErpSystem::Ama, &[MeituanShangou]);
        let mut stage = Stage::open(sim, Vec::new()).await;
        let store = stage.join(Box::new(stage.shop_on(MeituanShangou))).await;
        let goods = stage.goods();
        let mut alone = stage.everywhere().into_iter().filter_map(|(product, sku)| {
            let product = goods.iter().find(|one| one.id == product)?;
            (product.skus.len() == 1 && !sku.barcode.is_empty()).then_some(sku)
        });
        let skus: [domain::product::Sku; 5] = std::array::from_fn(|_| alone.next().unwrap());
        {
            let mut world = stage.sim.world();
            world.erp.system = ErpSystem::Jushuitan;
            world.erp_add_branch(NEW_BRANCH, "WJL", "望江路").unwrap();
        }
        let to = stage.authorize("jushuitan").await;
        Self {
            stage,
            store,
            to,
            skus,
        }
    }

    /// The books are one in the simulator, so what the new ERP has is what there is from now on.
    fn renumber(&self) {
        let name = |sku: SkuId| {
            let goods = self.stage.goods();
            let product = goods.iter().find(|one| one.skus.iter().any(|own| own.id == sku));
            product.unwrap().name.clone()
        };
        let [barcode, code, named, twice, gone] = &self.skus;
        let mut world = self.stage.sim.world();
        for sku in [barcode, named, twice, gone] {
            world.erp_delete_item(&sku.item_code).unwrap();
        }
        world
            .erp_add_item(item("90001", barcode, "另一个名字", &barcode.barcode))
            .unwrap();
        world
            .erp_change_item(&code.item_code, |item| item.barcode.clear())
            .unwrap();
        world
            .erp_add_item(item("90003", named, &name(named.id), ""))
            .unwrap();
        for num in ["90004", "90005"] {
            world
                .erp_add_item(item(num, twice, &format!("同码 {num}"), &twice.barcode))
                .unwrap();
        }
    }

    fn buy(&self, sku: &domain::product::Sku) -> String {
        self.stage.shop_on(MeituanShangou).buy(&sku.item_code)
    }

    async fn settle(&self) {
        for _ in 0..4 {
            self.stage.engine.pull_orders(self.store).await.unwrap();
            self.stage.engine.push_due().await.unwrap();
            tokio::time::sleep(Duration::from_mins(2)).await;
        }
    }

    fn stored(&self, number: &str) -> OrderRow {
        let rows = self
            .stage
            .engine
            .db()
            .read(|c| storage::order::by_number(c, number));
        rows.unwrap().remove(0)
    }

    /// The branches of an order's documents, whichever ERP has them.
    fn booked(&self, number: &str) -> Vec<String> {
        let world = self.stage.sim.world();
        let documents = world.erp.documents_for(DocumentKind::Sale, number);
        documents.iter().map(|one| one.branch.clone()).collect()
    }

    fn codes(&self) -> BTreeMap<SkuId, String> {
        let goods = self.stage.goods();
        let skus = goods.iter().flat_map(|product| &product.skus);
        skus.map(|sku| (sku.id, sku.item_code.clone())).collect()
    }

    fn wanted(&self) -> ErpMove {
        ErpMove {
            branches: BTreeMap::from([(BRANCH.to_owned(), NEW_BRANCH.to_owned())]),
            ..ErpMove::to(self.to)
        }
    }
}

fn way(plan: &ErpMovePlan, sku: &domain::product::Sku) -> (Way, String, usize) {
    let moved = plan.skus.iter().find(|one| one.sku == sku.id).unwrap();
    (moved.way, moved.new_code.clone(), moved.items.len())
}

#[tokio::test(start_paused = true)]
async fn goods_are_found_again_by_barcode_then_code_then_name_and_only_where_one_is_meant() {
    let shop = Moving::about_to().await;
    shop.renumber();
    let before = shop.codes();
    let plan = shop
        .stage
        .engine
        .erp_move_plan(&ErpMove::to(shop.to))
        .await
        .unwrap();
    let [barcode, code, named, twice, gone] = &shop.skus;
    assert_eq!(way(&plan, barcode), (Way::Barcode, "90001".to_owned(), 1));
    assert_eq!(way(&plan, code), (Way::Code, code.item_code.clone(), 1));
    assert_eq!(way(&plan, named), (Way::Name, "90003".to_owned(), 1));
    assert_eq!(way(&plan, twice), (Way::Ambiguous, twice.item_code.clone(), 2));
    assert_eq!(way(&plan, gone), (Way::None, gone.item_code.clone(), 0));
    assert_eq!((plan.found(Way::Ambiguous), plan.found(Way::None)), (1, 1));
    // The store's branch is asked for; the only one of its name is proposed.
    assert_eq!(plan.branches.len(), 1);
    assert_eq!(
        (plan.branches[0].old.as_str(), plan.branches[0].new.as_deref()),
        (BRANCH, Some(NEW_BRANCH))
    );
    let nowhere = ErpMove {
        branches: BTreeMap::from([(BRANCH.to_owned(), "7777".to_owned())]),
        ..ErpMove::to(shop.to)
    };
    let refused = shop.stage.engine.erp_move(&nowhere).await.unwrap_err();
    assert_eq!(refused.code(), "erp_move_branch");
    assert_eq!(
        shop.codes(),
        before,
        "neither a plan nor a refused move writes anything"
    );
}

#[tokio::test(start_paused = true)]
async fn a_code_that_means_other_goods_there_is_taken_off_instead_of_booked() {
    let shop = Moving::about_to().await;
    let sku = &shop.skus[0];
    shop.stage
        .sim
        .world()
        .erp_change_item(&sku.item_code, |item| {
            "6901028075862".clone_into(&mut item.barcode);
            "别的商品".clone_into(&mut item.name);
        })
        .unwrap();
    let plan = shop
        .stage
        .engine
        .erp_move_plan(&ErpMove::to(shop.to))
        .await
        .unwrap();
    assert_eq!(way(&plan, sku), (Way::None, String::new(), 0));
}

#[tokio::test(start_paused = true)]
async fn orders_stay_in_the_books_they_are_in_and_those_that_wait_go_to_the_new_ones() {
    let shop = Moving::about_to().await;
    let goods = shop.stage.everywhere();
    let other = &goods.iter().find(|(_, sku)| !shop.skus.contains(sku)).unwrap().1;
    let booked = shop.buy(other);
    shop.settle().await;
    // One goes and its answer is lost; one has to wait.
    let upload = "nhsoft.oms.saleorder.upload";
    shop.stage
        .sim
        .world()
        .faults
        .add(FaultRule::once(sim::Service::Ama, upload, FaultKind::LostAnswer));
    let unsettled = shop.buy(other);
    shop.stage.engine.pull_orders(shop.store).await.unwrap();
    shop.stage.engine.push_due().await.unwrap();
    shop.stage.sim.world().erp_set_receive(BRANCH, false).unwrap();
    let waiting = shop.buy(&shop.skus[0]);
    shop.stage.engine.pull_orders(shop.store).await.unwrap();
    shop.stage.engine.push_due().await.unwrap();
    shop.stage.sim.world().erp_set_receive(BRANCH, true).unwrap();
    assert_eq!(shop.stored(&unsettled).push_state, PushState::Sending);
    assert_eq!(shop.stored(&waiting).push_state, PushState::Exception);

    shop.renumber();
    let plan = shop.stage.engine.erp_move_plan(&shop.wanted()).await.unwrap();
    let orders = MovedOrders {
        booked: 1,
        unsettled: 1,
        waiting: 1,
    };
    assert_eq!(plan.orders, orders);
    let before = shop.codes();
    let moved = shop.stage.engine.erp_move(&shop.wanted()).await.unwrap();
    assert_eq!((moved.relinked, moved.stores, moved.repushed), (2, 1, 1));
    shop.settle().await;
    let bought = shop.buy(other);
    shop.settle().await;
    let old = vec![BRANCH.to_owned()];
    assert_eq!(shop.booked(&booked), old);
    assert_eq!(
        shop.booked(&unsettled),
        old,
        "settled where it was sent, never sent to the new ERP"
    );
    assert_eq!(shop.stored(&unsettled).push_state, PushState::Pushed);
    assert_eq!(shop.booked(&waiting), [NEW_BRANCH]);
    assert_eq!(shop.booked(&bought), [NEW_BRANCH]);
    // A refund follows its order into the old books.
    shop.stage
        .sim
        .world()
        .part_refund(&booked, &[(0, 1)], "少送")
        .unwrap();
    let calls = |shop: &Moving| {
        shop.stage
            .sim
            .world()
            .ledger
            .calls("ama/nhsoft.oms.refundorder.upload")
    };
    let asked = calls(&shop);
    shop.settle().await;
    assert_eq!(calls(&shop), asked + 1);

    // Undone, codes and stores are as they were.
    shop.stage.engine.undo(moved.batch).unwrap();
    assert_eq!(shop.codes(), before);
    let row = shop
        .stage
        .engine
        .db()
        .read(|c| storage::store::get(c, shop.store))
        .unwrap();
    assert_eq!(
        (row.store.erp_account, row.store.offline_code.as_str()),
        (Some(shop.stage.erp), BRANCH)
    );
}

#[tokio::test(start_paused = true)]
async fn an_order_that_may_be_in_an_erp_without_look_up_is_sent_to_that_one_again_and_to_no_other() {
    let shop = Moving::about_to().await;
    shop.stage.sim.world().erp.order_mode = sim::world::OrderMode::Idempotent;
    let settings = BTreeMap::from([("order_mode".to_owned(), "idempotent".to_owned())]);
    let erp = shop.stage.erp;
    let set = shop
        .stage
        .engine
        .db()
        .write(|tx| storage::account::set_settings(tx, erp, &settings));
    set.unwrap();
    let upload = "nhsoft.oms.saleorder.upload";
    shop.stage
        .sim
        .world()
        .faults
        .add(FaultRule::once(sim::Service::Ama, upload, FaultKind::LostAnswer));
    let goods = shop.stage.everywhere();
    let other = &goods.iter().find(|(_, sku)| !shop.skus.contains(sku)).unwrap().1;
    let number = shop.buy(other);
    shop.stage.engine.pull_orders(shop.store).await.unwrap();
    shop.stage.engine.push_due().await.unwrap();
    assert_eq!(shop.stored(&number).push_state, PushState::Sending);
    shop.stage.engine.erp_move(&shop.wanted()).await.unwrap();
    shop.settle().await;
    assert_eq!(shop.booked(&number), [BRANCH]);
    let row = shop.stored(&number);
    assert_eq!((row.push_state, row.sent_to), (PushState::Pushed, Some(erp)));
}
