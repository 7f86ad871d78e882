//! A shop for the sync: goods that are there, goods without codes, goods of nobody, goods still to be made; and what
//! must be true of the platforms when all is done.

use crate::goods::{
    DESCRIPTION, NEW, STRANGER, UNCODED, WEIGHT, furnish, gtin, item_code, picture_files, shops,
};
use domain::id::{ProductId, SkuId, StoreId};
use domain::product::Product;
use engine::clock::Chance;
use engine::library::edit::{Edit, NewGoods};
use engine::library::offers::OfferEdit;
use engine::sync::outbox::{CODES, LISTING, ListingTask, PRICE, PriceTask, STOCK, StockTask, TaskSubject};
use sim::PlatformId;
use sim::world::{Listing, ListingSpec, OrderMode};
use std::collections::{BTreeMap, HashMap};
use storage::product::SkuData;
use storage::task::{TaskRow, TaskState};
use suites::{BRANCH, Counter};

/// The shop of one run.
pub(crate) struct Shop {
    pub(crate) counter: Counter,
    /// Hashes of two pictures.
    pictures: Vec<String>,
    /// Products of `suites::GOODS`, then [`UNCODED`], then [`NEW`].
    products: Vec<ProductId>,
    edits: u64,
}

impl Shop {
    /// Everything is read, bound and offered; nothing of ours is written yet.
    pub(crate) async fn open(seed: u64) -> Self {
        let counter = Counter::open(OrderMode::Lookup, seed).await;
        furnish(&counter);
        let mut shop = Self {
            products: Vec::new(),
            pictures: Vec::new(),
            counter,
            edits: 0,
        };
        shop.fill().await;
        shop
    }

    async fn fill(&mut self) {
        let engine = self.counter.engine().clone();
        let held = engine.db().read(storage::product::all).unwrap();
        self.products = held.iter().map(|product| product.id).collect();
        let uncoded = UNCODED.iter().map(|(name, specs)| (*name, "", *specs));
        let all = uncoded.chain(NEW);
        for (product, (name, category, specs)) in all.enumerate() {
            let skus = specs.iter().enumerate().map(|(at, (spec, barcode))| SkuData {
                spec_name: (*spec).to_owned(),
                item_code: item_code(product, at),
                barcode: (*barcode).to_owned(),
                unit: "份".to_owned(),
                price_fen: Some(1_000 + 10 * i64::try_from(product).unwrap()),
                base_quantity_milli: 1_000,
                weight_g: Some(WEIGHT),
                ..SkuData::default()
            });
            let goods = NewGoods {
                name: name.to_owned(),
                category: category.to_owned(),
                skus: skus.collect(),
            };
            self.products.push(engine.create_product(&goods).unwrap().0);
        }
        let newest = self.products.len() - NEW.len();
        for product in self.products.clone().into_iter().skip(newest) {
            let outcome = engine
                .add_pictures(product, picture_files(&self.counter))
                .await
                .unwrap();
            assert!(outcome.failed.is_empty(), "{:?}", outcome.failed);
        }
        let rows = engine.picture_rows(self.products[newest]).unwrap();
        self.pictures = rows.into_iter().map(|row| row.hash).collect();
        engine.pull_erp_items(self.counter.erp).await.unwrap();
        for (_, _, store) in shops(&self.counter) {
            engine.pull_store(store).await.unwrap();
            self.bind_by_name(store);
            engine.offer_all(store, &[]).unwrap();
        }
    }

    fn bind_by_name(&self, store: StoreId) {
        let engine = self.counter.engine();
        let rows = engine
            .db()
            .read(|c| storage::listing::of_store(c, store))
            .unwrap();
        for product in engine.db().read(storage::product::all).unwrap() {
            for sku in &product.skus {
                let same = |row: &&storage::listing::ListingSkuRow| {
                    row.bound_to.is_none() && row.name == product.name && row.spec_name == sku.spec_name
                };
                if let Some(row) = rows.iter().find(same) {
                    engine.rebind(row.id, sku.id).unwrap();
                }
            }
        }
    }

    fn library(&self) -> Vec<Product> {
        self.counter.engine().db().read(storage::product::all).unwrap()
    }

    /// The manager changes something; each kind keeps to products of its own, so that no edit looks like other goods.
    pub(crate) fn edit(&mut self, chance: &Chance) {
        self.edits += 1;
        let edit = self.edits;
        let library = self.library();
        let product = |at: usize| {
            library
                .iter()
                .find(|product| product.id == self.products[at])
                .unwrap()
        };
        let any =
            |from: &Product| from.skus[usize::try_from(chance.below(from.skus.len() as u64)).unwrap()].id;
        let some = usize::try_from(chance.below(self.products.len() as u64)).unwrap();
        match chance.below(9) {
            0 => self.set(
                any(product(0)),
                "name",
                &format!("山溪饮用天然水 550ml 第{edit}版"),
            ),
            1 => self.set(any(product(1)), "spec_name", &format!("250ml*{}盒", 10 + edit)),
            2 => self.set(any(product(3)), "barcode", &gtin(700_000 + edit)),
            3 => {
                let on = chance.below(2) == 0;
                let sku = any(product(2));
                for (_, _, store) in shops(&self.counter) {
                    let wish = OfferEdit {
                        store,
                        sku,
                        on: Some(on),
                        price: None,
                        skip_barcode: None,
                    };
                    self.counter.engine().edit_offers(&[wish]).unwrap();
                }
            }
            4 => {
                let many = usize::try_from(1 + chance.below(2)).unwrap();
                let id = product(some).id;
                self.counter
                    .engine()
                    .set_pictures(id, &self.pictures[..many])
                    .unwrap();
            }
            5 => self.add_spec(product(1)),
            6 => {
                let all: Vec<&str> = library
                    .iter()
                    .flat_map(|p| &p.skus)
                    .map(|s| s.item_code.as_str())
                    .collect();
                let code = all[usize::try_from(chance.below(all.len() as u64)).unwrap()];
                let milli = i64::try_from(chance.below(90)).unwrap() * 1_000;
                self.counter.world().erp_set_stock(BRANCH, code, milli).unwrap();
            }
            _ => {
                let yuan = format!("{}.{:02}", 3 + chance.below(60), chance.below(100));
                self.set(any(product(some)), "price", &yuan);
            }
        }
    }

    fn set(&self, sku: SkuId, field: &str, value: &str) {
        let edit = Edit {
            sku,
            field: field.to_owned(),
            value: value.to_owned(),
        };
        let outcome = self.counter.engine().edit_library(&[edit]).unwrap();
        assert!(outcome.refused.is_empty(), "{:?}", outcome.refused);
    }

    /// A third spec for a product that is on the platforms, once.
    fn add_spec(&self, product: &Product) {
        if product.skus.len() > 2 {
            return;
        }
        let engine = self.counter.engine();
        let origin = engine.by_user("batch.edit");
        let data = SkuData {
            spec_name: "200ml*24盒".to_owned(),
            item_code: item_code(9, 9),
            barcode: gtin(800_000),
            unit: "份".to_owned(),
            price_fen: Some(6_600),
            base_quantity_milli: 1_000,
            weight_g: Some(WEIGHT),
            ..SkuData::default()
        };
        let made = engine.db().write(|tx| {
            let mut changes = storage::change::Changes::begin(tx, &origin)?;
            let sku = storage::product::add_sku(&mut changes, origin.at, product.id, &data)?;
            changes.finish(false)?;
            Ok::<_, storage::error::StorageError>(sku)
        });
        made.unwrap();
        for (_, _, store) in shops(&self.counter) {
            engine.offer_all(store, &[product.id]).unwrap();
        }
    }

    fn tasks(&self) -> Vec<TaskRow> {
        let states = [
            TaskState::Queued,
            TaskState::Sending,
            TaskState::Unknown,
            TaskState::Confirmed,
            TaskState::Rejected,
            TaskState::InReview,
            TaskState::Cancelled,
        ];
        let read = |state| {
            let rows = self
                .counter
                .engine()
                .db()
                .read(|c| storage::task::in_state(c, state, 100_000));
            rows.unwrap()
        };
        states.into_iter().flat_map(read).collect()
    }

    /// Nothing is left that nobody knows the end of.
    pub(crate) fn nothing_in_limbo(&self) {
        for task in self.tasks() {
            let open = matches!(
                task.state,
                TaskState::Queued | TaskState::Sending | TaskState::Unknown
            );
            assert!(!open, "left open: {task:?}");
        }
    }

    /// Tasks that platforms refused, by their cause.
    pub(crate) fn refused(&self) -> Vec<TaskRow> {
        let tasks = self.tasks();
        tasks
            .into_iter()
            .filter(|task| task.state == TaskState::Rejected)
            .collect()
    }

    /// What the counter calls done stands on the platform: the latest word on every field is true, if it is a yes.
    pub(crate) fn what_is_done_is_there(&self) {
        let mut latest: HashMap<(StoreId, String, String), TaskRow> = HashMap::new();
        for task in self.tasks() {
            let subject: TaskSubject = serde_json::from_str(&task.subject).unwrap();
            let about = if matches!(task.kind.as_str(), LISTING | CODES) {
                format!("{:?}", subject.product)
            } else {
                format!(
                    "{:?}{}",
                    subject.sku,
                    if task.kind == "group" { &subject.name } else { "" }
                )
            };
            let key = (task.store, task.kind.clone(), about);
            let newer = latest.get(&key).is_none_or(|held| held.id < task.id);
            if newer {
                latest.insert(key, task);
            }
        }
        for task in latest.into_values() {
            if matches!(task.state, TaskState::Confirmed | TaskState::InReview) {
                self.is_there(&task);
            }
        }
    }

    fn is_there(&self, task: &TaskRow) {
        let subject: TaskSubject = serde_json::from_str(&task.subject).unwrap();
        assert_ne!(task.cause, "F39", "every barcode here is a good one: {task:?}");
        match task.kind.as_str() {
            PRICE => {
                let payload: PriceTask = serde_json::from_str(&task.payload).unwrap();
                let (_, spec) = self.spec(task.store, subject.sku.unwrap());
                assert_eq!(spec.price_fen, payload.price_fen, "called done: {task:?}");
            }
            STOCK => {
                let payload: StockTask = serde_json::from_str(&task.payload).unwrap();
                let (_, spec) = self.spec(task.store, subject.sku.unwrap());
                assert_eq!(spec.stock, payload.stock, "called done: {task:?}");
            }
            LISTING | CODES => {
                let content: ListingTask = serde_json::from_str(&task.payload).unwrap();
                self.content_is_there(task, &subject, &content);
            }
            _ => {}
        }
    }

    fn content_is_there(&self, task: &TaskRow, subject: &TaskSubject, content: &ListingTask) {
        let library = self.library();
        let product = library.iter().find(|p| Some(p.id) == subject.product).unwrap();
        let place = product.skus.iter().find_map(|sku| self.place(task.store, sku.id));
        let (platform, shop) = self.at(task.store);
        let remote = place
            .unwrap_or_else(|| panic!("called done and bound to nothing: {task:?}"))
            .0;
        let there = self
            .counter
            .world()
            .listing(platform, shop, &remote)
            .unwrap()
            .clone();
        if let Some(name) = &content.write.name {
            assert_eq!(&there.name, name, "called done: {task:?}");
        }
        if let Some(on) = content.write.on_sale {
            assert_eq!(!there.sold_out, on, "called done: {task:?}");
        }
        if let Some(hashes) = &content.hashes {
            assert_eq!(there.pictures.len(), hashes.len(), "called done: {task:?}");
        }
        for sku in &content.write.skus {
            let spec = there.specs.iter().find(|spec| spec.code == sku.outer_sku_code);
            let spec = spec.unwrap_or_else(|| panic!("called done, no such spec: {task:?} {there:?}"));
            if let Some(barcode) = &sku.barcode {
                assert_eq!(&spec.upc, barcode, "called done: {task:?}");
            }
            if let Some(name) = sku.spec_name.as_ref().filter(|_| there.multi_spec) {
                assert_eq!(&spec.name, name, "called done: {task:?}");
            }
        }
    }

    fn at(&self, store: StoreId) -> (PlatformId, &'static str) {
        let found = shops(&self.counter).into_iter().find(|(_, _, id)| *id == store);
        found.map(|(platform, shop, _)| (platform, shop)).unwrap()
    }

    /// The platform's ids of a bound SKU: listing and spec.
    fn place(&self, store: StoreId, sku: SkuId) -> Option<(String, String)> {
        let read = self
            .counter
            .engine()
            .db()
            .read(|c| storage::listing::bound_places(c, sku));
        let rows = read.unwrap();
        let mut here = rows.into_iter().filter(|row| row.store == store);
        let row = here.next()?;
        assert!(here.next().is_none(), "{sku:?} is bound twice in {store:?}");
        Some((row.listing_remote_id, row.remote_id))
    }

    fn spec(&self, store: StoreId, sku: SkuId) -> (Listing, ListingSpec) {
        let (platform, shop) = self.at(store);
        let place = self.place(store, sku);
        let (listing, spec) = place.unwrap_or_else(|| {
            panic!(
                "{sku:?} is bound nowhere at {platform:?}; refused: {:#?}",
                self.refused()
            )
        });
        let there = self
            .counter
            .world()
            .listing(platform, shop, &listing)
            .unwrap()
            .clone();
        // A product without specs is known by its own id alone.
        let found = there
            .specs
            .iter()
            .find(|held| held.id == spec)
            .or(there.specs.first())
            .unwrap()
            .clone();
        (there, found)
    }

    /// Both platforms hold what is wanted, each product once, and nothing that they had of their own is lost.
    pub(crate) fn platforms_hold_what_is_wanted(&self) {
        let library = self.library();
        for (platform, shop, store) in shops(&self.counter) {
            let offers = self
                .counter
                .engine()
                .db()
                .read(|c| storage::offer::of_store(c, store))
                .unwrap();
            let on: BTreeMap<SkuId, bool> = offers.iter().map(|offer| (offer.sku, offer.on)).collect();
            let count = self.counter.world().shop(platform, shop).unwrap().listings.len();
            assert_eq!(
                count,
                library.len() + 1,
                "{platform:?}: one product each, and the stranger"
            );
            for (at, product) in library.iter().enumerate() {
                self.holds(store, product, on.get(&product.skus[0].id) == Some(&true), at);
            }
            self.is_left_alone(platform, shop);
        }
    }

    fn holds(&self, store: StoreId, product: &Product, on: bool, at: usize) {
        let (platform, _) = self.at(store);
        let (there, _) = self.spec(store, product.skus[0].id);
        let says = format!("{platform:?} {}: {there:?}", product.name);
        assert_eq!(there.sold_out, !on, "{says}");
        assert_eq!(there.specs.len(), product.skus.len(), "{says}");
        assert!(
            there.category_id.is_some() && !there.group_ids.is_empty(),
            "{says}"
        );
        assert!(!there.pictures.is_empty(), "{says}");
        let new = at >= self.products.len() - NEW.len();
        assert!(new || there.description == DESCRIPTION, "{says}");
        if !on {
            return;
        }
        assert_eq!(there.name, product.name, "{says}");
        if !product.pictures.is_empty() {
            assert_eq!(there.pictures.len(), product.pictures.len(), "{says}");
        }
        for sku in &product.skus {
            let (listing, spec) = self.spec(store, sku.id);
            assert_eq!(listing.id, there.id, "{says}");
            assert_eq!(
                (&spec.upc, Some(spec.price_fen)),
                (&sku.barcode, sku.price.map(|p| p.0)),
                "{says}"
            );
            assert_eq!(spec.weight_g, WEIGHT, "{says}");
            assert!(!spec.code.is_empty() && !there.code.is_empty(), "{says}");
            if product.skus.len() > 1 {
                assert_eq!(spec.name, sku.spec_name, "{says}");
            }
            let milli = self
                .counter
                .world()
                .erp
                .stock
                .get(&(BRANCH.to_owned(), sku.item_code.clone()))
                .copied();
            assert_eq!(spec.stock, milli.unwrap() / 1_000, "{says}");
        }
    }

    fn is_left_alone(&self, platform: PlatformId, shop: &str) {
        let world = self.counter.world();
        let held = world.shop(platform, shop).unwrap();
        let bag = held
            .listings
            .values()
            .find(|listing| listing.name == STRANGER)
            .unwrap();
        let spec = &bag.specs[0];
        assert_eq!(
            (
                bag.code.as_str(),
                spec.price_fen,
                spec.stock,
                bag.pictures.len(),
                bag.sold_out
            ),
            ("", 100, 20, 1, false)
        );
    }
}
