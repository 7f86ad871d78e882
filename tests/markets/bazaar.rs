//! A platform that exists in this suite alone: it has no protocol, its connector keeps the goods itself. Whatever the
//! journey does there, the engine does by the port and the rule pack.

use async_trait::async_trait;
use bytes::Bytes;
use connect::error::{Layer, RemoteError};
use connect::platform::{
    Capabilities, ConsentAnswer, CredentialField, Descriptor, Inbound, ListingPage, ListingWrite, News,
    OrderBatch, Platform, PriceWrite, Probe, Received, RefreshedToken, RemoteListing, RemoteOrder,
    RemoteOrderLine, RemoteSku, RemoteStore, SkuRef, StockWrite, WriteOutcome,
};
use connect::session::Session;
use domain::money::Money;
use domain::order::OrderState;
use parking_lot::Mutex;
use sim::{PlatformId, Simulator};
use std::collections::BTreeMap;
use std::sync::Arc;
use suites::NOON;
use suites::market::{Market, Shown};
use url::Url;

const SHOP: &str = "stall-7";
const KEY: &str = "stall_key";
pub(crate) const TOKEN: &str = "stall_token";
const PAGE: usize = 10;

#[derive(Default)]
struct Stall {
    listings: Vec<RemoteListing>,
    orders: Vec<RemoteOrder>,
    pictures: usize,
}

/// The shop, as its customers see it.
#[derive(Clone)]
pub(crate) struct BazaarShop(Arc<Mutex<Stall>>);

/// Its connector.
pub(crate) struct Bazaar(pub(crate) BazaarShop);

impl BazaarShop {
    /// A stall with the goods that a simulated shop shows.
    pub(crate) fn of(sim: &Simulator) -> Self {
        let world = sim.world();
        let shops = world.shops(PlatformId::MeituanShangou);
        let goods = shops.values().flat_map(|shop| shop.listings.values());
        let listings = goods.map(|listing| RemoteListing {
            remote_id: format!("b-{}", listing.id),
            outer_code: listing.code.clone(),
            name: listing.name.clone(),
            on_sale: !listing.sold_out,
            pictures: vec![format!("bazaar:{}", listing.id)],
            skus: listing
                .specs
                .iter()
                .map(|spec| RemoteSku {
                    remote_id: format!("b-{}", spec.id),
                    outer_sku_code: spec.code.clone(),
                    spec_name: spec.name.clone(),
                    barcode: spec.upc.clone(),
                    price: Some(Money(spec.price_fen)),
                    stock: Some(spec.stock),
                    packing_fee: None,
                })
                .collect(),
            ..RemoteListing::default()
        });
        let stall = Stall {
            listings: listings.collect(),
            ..Stall::default()
        };
        Self(Arc::new(Mutex::new(stall)))
    }

    fn change(&self, sku: &SkuRef, change: impl FnOnce(&mut RemoteSku)) -> WriteOutcome {
        let mut stall = self.0.lock();
        let skus = stall.listings.iter_mut().flat_map(|listing| &mut listing.skus);
        match skus.into_iter().find(|held| held.remote_id == sku.sku_id) {
            Some(held) => {
                change(held);
                WriteOutcome::Accepted { remote_id: None }
            }
            None => WriteOutcome::Rejected {
                code: "404".to_owned(),
                text: "no such goods".to_owned(),
            },
        }
    }
}

impl Market for BazaarShop {
    fn platform(&self) -> &'static str {
        "bazaar"
    }

    fn remote_id(&self) -> &str {
        SHOP
    }

    fn access(&self) -> (Option<String>, BTreeMap<String, String>) {
        (None, BTreeMap::from([(KEY.to_owned(), "open sesame".to_owned())]))
    }

    fn shown(&self, code: &str) -> Option<Shown> {
        let stall = self.0.lock();
        let listing = stall
            .listings
            .iter()
            .find(|listing| listing.skus.iter().any(|sku| sku.outer_sku_code == code))?;
        let sku = listing.skus.iter().find(|sku| sku.outer_sku_code == code)?;
        Some(Shown {
            price_fen: sku.price?.0,
            stock: sku.stock?,
            pictures: listing.pictures.clone(),
        })
    }

    fn buy(&self, code: &str) -> String {
        let mut stall = self.0.lock();
        let listing = stall
            .listings
            .iter_mut()
            .find(|listing| listing.skus.iter().any(|sku| sku.outer_sku_code == code))
            .unwrap();
        let (product_ref, product_name) = (listing.remote_id.clone(), listing.name.clone());
        let sku = listing
            .skus
            .iter_mut()
            .find(|sku| sku.outer_sku_code == code)
            .unwrap();
        sku.stock = sku.stock.map(|stock| stock - 1);
        let price = sku.price.unwrap();
        let line = RemoteOrderLine {
            product_ref,
            outer_sku_code: sku.outer_sku_code.clone(),
            product_name,
            spec_name: sku.spec_name.clone(),
            barcode: sku.barcode.clone(),
            quantity: 1,
            price,
        };
        let number = format!("B{:018}", stall.orders.len() + 1);
        let day_seq = i64::try_from(stall.orders.len() + 1).unwrap();
        stall.orders.push(RemoteOrder {
            number: number.clone(),
            day_seq,
            state: OrderState::Placed,
            placed_at: NOON,
            changed_at: NOON,
            total: price,
            original_total: price,
            income: Some(price),
            shipping_fee: Money(0),
            packing_fee: Money(0),
            remark: String::new(),
            receiver_name: "张(先生)".to_owned(),
            receiver_phone: "138****0000".to_owned(),
            receiver_address: "望江路 7 号".to_owned(),
            incomplete: false,
            fully_refunded: false,
            lines: vec![line],
            refunds: Vec::new(),
        });
        number
    }
}

fn descriptor() -> Descriptor {
    Descriptor {
        id: "bazaar",
        name: "集市",
        credential_fields: vec![CredentialField {
            key: KEY,
            label: "摊位钥匙",
            secret: true,
            optional: false,
            shape: "any",
            ..CredentialField::default()
        }],
        store_fields: Vec::new(),
        capabilities: Capabilities {
            multi_spec: true,
            pictures: 3,
            picture_upload: true,
            order_list: true,
            readable_by_code: true,
            batch: 4,
            row_batch: 8,
            consent: true,
            pushes: true,
            ..Capabilities::default()
        },
        pace: (0.0, 0.0),
        sister: None,
        order_prefix: "BZ",
        facts: Vec::new(),
        rules: "platform = \"bazaar\"\ndate = \"2026-11-28\"\nsource = \"this suite\"\n",
    }
}

#[async_trait]
impl Platform for Bazaar {
    fn descriptor(&self) -> &Descriptor {
        static CARD: std::sync::LazyLock<Descriptor> = std::sync::LazyLock::new(descriptor);
        &CARD
    }

    async fn probe(&self, session: &Session, layer: Layer) -> Result<Probe, RemoteError> {
        session.credentials.need(KEY)?;
        Ok(Probe {
            layer,
            params: BTreeMap::new(),
        })
    }

    async fn refresh(&self, _: &Session) -> Result<Option<RefreshedToken>, RemoteError> {
        Ok(None)
    }

    async fn stores(&self, _: &Session) -> Result<Vec<RemoteStore>, RemoteError> {
        Ok(vec![RemoteStore {
            remote_id: SHOP.to_owned(),
            name: "望江路摊位".to_owned(),
            open: Some(true),
        }])
    }

    async fn listings(&self, _: &Session, cursor: Option<&str>) -> Result<ListingPage, RemoteError> {
        let from: usize = cursor.map_or(0, |text| text.parse().unwrap());
        let stall = self.0.0.lock();
        let total = stall.listings.len();
        let listings = stall.listings.iter().skip(from).take(PAGE).cloned().collect();
        Ok(ListingPage {
            listings,
            next: (from + PAGE < total).then(|| (from + PAGE).to_string()),
            total: Some(total),
        })
    }

    async fn listing(
        &self,
        _: &Session,
        remote_id: Option<&str>,
        outer_code: &str,
    ) -> Result<Option<RemoteListing>, RemoteError> {
        let stall = self.0.0.lock();
        let meant = |listing: &&RemoteListing| match remote_id {
            Some(id) => listing.remote_id == id,
            None => listing.outer_code == outer_code,
        };
        Ok(stall.listings.iter().find(meant).cloned())
    }

    async fn upload_picture(&self, _: &Session, _: &str, _: Bytes) -> Result<String, RemoteError> {
        let mut stall = self.0.0.lock();
        stall.pictures += 1;
        Ok(format!("bazaar:upload-{}", stall.pictures))
    }

    async fn write(&self, _: &Session, products: &[ListingWrite]) -> Result<Vec<WriteOutcome>, RemoteError> {
        let mut stall = self.0.0.lock();
        let mut told = Vec::new();
        for write in products {
            let fresh = format!("b-new-{}", stall.listings.len());
            let id = write.remote_id.clone().unwrap_or(fresh);
            if !stall.listings.iter().any(|listing| listing.remote_id == id) {
                stall.listings.push(RemoteListing {
                    remote_id: id.clone(),
                    ..RemoteListing::default()
                });
            }
            let listing = stall
                .listings
                .iter_mut()
                .find(|listing| listing.remote_id == id)
                .unwrap();
            apply(listing, write);
            told.push(WriteOutcome::Accepted { remote_id: Some(id) });
        }
        Ok(told)
    }

    async fn bind_codes(
        &self,
        _: &Session,
        listing: &RemoteListing,
        outer_code: &str,
        sku_codes: &[(RemoteSku, String)],
    ) -> Result<(), RemoteError> {
        let mut stall = self.0.0.lock();
        let held = stall
            .listings
            .iter_mut()
            .find(|held| held.remote_id == listing.remote_id)
            .unwrap();
        outer_code.clone_into(&mut held.outer_code);
        for (sku, code) in sku_codes {
            for one in held.skus.iter_mut().filter(|one| one.remote_id == sku.remote_id) {
                code.clone_into(&mut one.outer_sku_code);
            }
        }
        Ok(())
    }

    async fn set_prices(&self, _: &Session, rows: &[PriceWrite]) -> Result<Vec<WriteOutcome>, RemoteError> {
        let set = |row: &PriceWrite| self.0.change(&row.sku, |sku| sku.price = Some(row.price));
        Ok(rows.iter().map(set).collect())
    }

    async fn set_stocks(&self, _: &Session, rows: &[StockWrite]) -> Result<Vec<WriteOutcome>, RemoteError> {
        let set = |row: &StockWrite| self.0.change(&row.sku, |sku| sku.stock = Some(row.stock));
        Ok(rows.iter().map(set).collect())
    }

    async fn orders(&self, _: &Session, cursor: &str) -> Result<OrderBatch, RemoteError> {
        let from: usize = cursor.parse().unwrap_or(0);
        let stall = self.0.0.lock();
        Ok(OrderBatch {
            orders: stall.orders.iter().skip(from).cloned().collect(),
            cursor: stall.orders.len().to_string(),
            more: false,
        })
    }

    fn consent(&self, _: &Session, return_to: &Url, state: &str) -> Result<Url, RemoteError> {
        let asked = [("return_to", return_to.as_str()), ("state", state)];
        let page = Url::parse_with_params("https://bazaar.example/agree", asked).unwrap();
        Ok(page)
    }

    async fn redeem(
        &self,
        _: &Session,
        answer: &ConsentAnswer,
        return_to: &Url,
    ) -> Result<RefreshedToken, RemoteError> {
        if answer.get("code") != Some("agreed") || return_to.path() != "/authorized" {
            return Err(RemoteError::Expired {
                text: "the code is used up".to_owned(),
            });
        }
        Ok(RefreshedToken {
            fields: vec![(TOKEN.to_owned(), "a fresh token".to_owned())],
            expires_at: Some(NOON + 30 * 86_400_000),
        })
    }

    fn receive(&self, session: &Session, push: &Inbound) -> Result<Received, RemoteError> {
        let signed = push.headers.get("x-stall-key").map(String::as_str);
        if signed != Some(session.credentials.need(KEY)?) {
            return Err(RemoteError::Refused {
                layer: Layer::Signature,
                text: "not ours".to_owned(),
            });
        }
        let number = String::from_utf8_lossy(&push.body).into_owned();
        let store = SHOP.to_owned();
        Ok(Received {
            news: vec![News::Order { store, number }],
            mark: String::new(),
            content_type: "text/plain",
            reply: "heard".to_owned(),
        })
    }

    async fn order(&self, _: &Session, number: &str) -> Result<RemoteOrder, RemoteError> {
        let stall = self.0.0.lock();
        let found = stall.orders.iter().find(|order| order.number == number);
        found.cloned().ok_or_else(|| RemoteError::Rejected {
            code: "404".to_owned(),
            text: "no such order".to_owned(),
        })
    }
}

fn apply(listing: &mut RemoteListing, write: &ListingWrite) {
    listing.outer_code.clone_from(&write.outer_code);
    if let Some(name) = &write.name {
        listing.name.clone_from(name);
    }
    if let Some(pictures) = &write.pictures {
        listing.pictures.clone_from(pictures);
    }
    if let Some(on_sale) = write.on_sale {
        listing.on_sale = on_sale;
    }
    for sku in &write.skus {
        let ours = |held: &RemoteSku| match &sku.remote_id {
            Some(id) => &held.remote_id == id,
            None => held.outer_sku_code == sku.outer_sku_code,
        };
        if !listing.skus.iter().any(ours) {
            listing.skus.push(RemoteSku {
                remote_id: format!("{}-{}", listing.remote_id, listing.skus.len()),
                ..RemoteSku::default()
            });
        }
        let at = listing
            .skus
            .iter()
            .position(ours)
            .unwrap_or(listing.skus.len() - 1);
        let held = &mut listing.skus[at];
        held.outer_sku_code.clone_from(&sku.outer_sku_code);
        if let Some(name) = &sku.spec_name {
            held.spec_name.clone_from(name);
        }
        if let Some(barcode) = &sku.barcode {
            held.barcode.clone_from(barcode);
        }
        held.price = sku.price.or(held.price);
        held.stock = sku.stock.or(held.stock);
    }
}
