//! 京东到家: the open platform at openapi.jddj.com.
//!
//! Signed forms; answers are JSON text inside JSON text inside JSON. Products and groups belong to the merchant, price,
//! stock and sale to each store; a product has one spec; pictures are fetched from addresses, and both they and new
//! products are settled later. Money is fen. What is uncertain is a setting of the account: `v`, `empty_body` (`omit`),
//! `product_list` (`querySkuInfos`), `add_call` (`pms/sku/addSku`), `do_sale` (`text`), `brand_id` and `user_pin`.

mod auth;
mod client;
mod groups;
mod layers;
mod map;
mod numbers;
mod orders;
mod pushes;
mod read;
pub mod sign;
mod wire;
mod write;

use async_trait::async_trait;
use client::Client;
use connect::error::{Layer, RemoteError};
use connect::gateway::Gateway;
use connect::groups::{GroupsById, Known};
use connect::hosted;
use connect::platform::{
    Capabilities, Condition, Descriptor, GroupPlace, Inbound, ListingPage, ListingRef, ListingWrite,
    OrderBatch, Platform, PriceWrite, Probe, Received, RefreshedToken, RemoteCategory, RemoteGroup,
    RemoteListing, RemoteOrder, RemoteSku, RemoteStore, StockWrite, WriteOutcome, at_most, signature_passed,
};
use connect::session::Session;
use connect::wire::{List, Text};
use parking_lot::Mutex;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

/// The connector.
pub struct Jddj {
    gateway: Gateway,
    descriptor: Descriptor,
    /// The merchants' groups as last read, by account: products name their group by id, the port by names.
    groups: Known,
    /// The platform's ids by account and our code, as last seen: no call finds a product by our code. What they say is
    /// checked before it is believed.
    ids: Mutex<HashMap<(String, String), String>>,
}

impl Jddj {
    /// The connector over a gateway.
    pub fn new(gateway: Gateway) -> Self {
        Self {
            gateway,
            descriptor: descriptor(),
            groups: Known::default(),
            ids: Mutex::default(),
        }
    }

    fn client<'a>(&'a self, session: &'a Session) -> Client<'a> {
        Client::new(&self.gateway, session)
    }

    fn remember<'l>(&self, session: &Session, listings: impl IntoIterator<Item = &'l RemoteListing>) {
        let mut ids = self.ids.lock();
        for listing in listings {
            if !listing.outer_code.is_empty() {
                let key = (session.account.clone(), listing.outer_code.clone());
                ids.insert(key, listing.remote_id.clone());
            }
        }
    }

    async fn by_code(&self, session: &Session, code: &str) -> Result<Option<wire::Product>, RemoteError> {
        let client = self.client(session);
        let key = (session.account.clone(), code.to_owned());
        let known = self.ids.lock().get(&key).cloned();
        if let Some(id) = known {
            let there = read::by_id(&client, &id).await?;
            if let Some(product) = there.filter(|product| product.out_sku_id.as_str() == code) {
                return Ok(Some(product));
            }
        }
        read::by_code(&client, code).await
    }

    async fn numbers(&self, session: &Session) -> Result<Vec<String>, RemoteError> {
        let numbers: Option<List<Text>> = self
            .client(session)
            .read("store/getStationsByVenderId", json!({}))
            .await?;
        Ok(numbers
            .unwrap_or_default()
            .0
            .into_iter()
            .map(|number| number.0)
            .collect())
    }

    /// The store's own data; `None` when the platform says that there is no such store of ours.
    async fn station(&self, session: &Session, number: &str) -> Result<Option<wire::Station>, RemoteError> {
        let found: Result<Option<wire::Station>, _> = self
            .client(session)
            .read("storeapi/getStoreInfoByStationNo", json!({"StoreNo": number}))
            .await;
        match found {
            Ok(station) => Ok(station.filter(|station| !station.station_no.is_empty())),
            Err(RemoteError::Rejected { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn descriptor() -> Descriptor {
    Descriptor {
        id: "jddj",
        name: "京东到家",
        sister: None,
        credential_fields: auth::fields(),
        store_fields: Vec::new(),
        capabilities: Capabilities {
            // F67: one product, one spec.
            multi_spec: false,
            pictures: 6,
            group_levels: 3,
            details: true,
            delete: true,
            shared_products: true,
            group_order: true,
            categories: true,
            // Pictures go by address; there is no call that takes a product's picture.
            picture_upload: false,
            order_list: true,
            readable_by_code: true,
            batch: 1,
            row_batch: write::ROWS,
            // The merchant agrees in the platform's own console, and the token comes as a push.
            pushes: true,
            ..Capabilities::default()
        },
        pace: client::PACE,
        order_prefix: "JD",
        facts: vec![
            ("pictures_reviewed", "true".to_owned()),
            ("group_name_max", "12".to_owned()),
        ],
        rules: include_str!("../../../../../assets/rules/jddj.toml"),
    }
}

#[async_trait]
impl GroupsById for Jddj {
    fn known(&self) -> &Known {
        &self.groups
    }

    /// Groups are the merchant's, for all its stores.
    fn owner(&self, session: &Session) -> String {
        session.account.clone()
    }

    async fn fetch_groups(&self, session: &Session) -> Result<Vec<RemoteGroup>, RemoteError> {
        groups::read(&self.client(session)).await
    }
}

#[async_trait]
impl Platform for Jddj {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn probe(&self, session: &Session, layer: Layer) -> Result<Probe, RemoteError> {
        let mut params = BTreeMap::new();
        match layer {
            Layer::Key => auth::well_formed(session)?,
            Layer::Signature => signature_passed(self.numbers(session).await)?,
            Layer::Permission => {
                let stores = self.numbers(session).await?.len();
                params.insert("stores".to_owned(), stores.to_string());
            }
            Layer::Store => {
                let Some(station) = self.station(session, &session.remote_id).await? else {
                    return Err(RemoteError::Refused {
                        layer: Layer::Store,
                        text: format!("授权的商家下没有门店 {}", session.remote_id),
                    });
                };
                params.insert("name".to_owned(), station.station_name.0);
            }
            Layer::Orders => {
                let orders = orders::readable(&self.client(session)).await?;
                params.insert("orders".to_owned(), orders.to_string());
            }
        }
        Ok(Probe::measured(layer, params, &self.gateway, session))
    }

    async fn refresh(&self, session: &Session) -> Result<Option<RefreshedToken>, RemoteError> {
        auth::refresh(&self.client(session)).await
    }

    /// The list holds numbers alone; each store is asked for its name.
    async fn stores(&self, session: &Session) -> Result<Vec<RemoteStore>, RemoteError> {
        let mut stores = Vec::new();
        for number in self.numbers(session).await? {
            let station = self.station(session, &number).await?;
            let station = station.unwrap_or_default();
            stores.push(RemoteStore {
                open: station.close_status.0.map(|status| status == 0),
                name: station.station_name.filled().unwrap_or(&number).to_owned(),
                remote_id: number,
            });
        }
        Ok(stores)
    }

    async fn groups(&self, session: &Session) -> Result<Vec<RemoteGroup>, RemoteError> {
        Ok(self.read_groups(session).await?.to_vec())
    }

    async fn listings(&self, session: &Session, cursor: Option<&str>) -> Result<ListingPage, RemoteError> {
        let groups = match cursor {
            None => self.read_groups(session).await?,
            Some(_) => self.known_groups(session).await?,
        };
        // `page:last product`.
        let (at, after) = cursor
            .and_then(|cursor| cursor.split_once(':'))
            .unwrap_or(("1", ""));
        let client = self.client(session);
        let page = read::page(&client, at.parse().unwrap_or(1), after).await?;
        let there = read::shelf(&client, &page.products).await?;
        let listings: Vec<RemoteListing> = page
            .products
            .into_iter()
            .map(|product| map::listing(product, &there, &groups))
            .collect();
        self.remember(session, &listings);
        Ok(ListingPage {
            listings,
            next: page.next.map(|(at, after)| format!("{at}:{after}")),
            total: page.total,
        })
    }

    async fn listing(
        &self,
        session: &Session,
        remote_id: Option<&str>,
        outer_code: &str,
    ) -> Result<Option<RemoteListing>, RemoteError> {
        let client = self.client(session);
        let found = match remote_id {
            Some(id) => read::by_id(&client, id).await?,
            None if outer_code.is_empty() => None,
            None => self.by_code(session, outer_code).await?,
        };
        let Some(product) = found else {
            return Ok(None);
        };
        let mut groups = self.known_groups(session).await?;
        let strange = |id: &Text| connect::groups::path(&groups, id.as_str()).is_empty();
        if product.shop_categories.0.iter().any(strange) {
            groups = self.read_groups(session).await?;
        }
        let listing = read::listing(&client, product, &groups).await?;
        self.remember(session, [&listing]);
        Ok(Some(listing))
    }

    /// Customers see a product that is on the shelf, sold by the store, in a group and in stock: four conditions, of
    /// which [`RemoteListing::on_sale`] joins the first two.
    async fn visibility(
        &self,
        session: &Session,
        listing: &ListingRef,
    ) -> Result<Option<Vec<Condition>>, RemoteError> {
        let client = self.client(session);
        let Some(product) = read::by_id(&client, &listing.remote_id).await? else {
            return Ok(None);
        };
        let groups = self.read_groups(session).await?;
        let held = read::shelf(&client, std::slice::from_ref(&product)).await?;
        let open = self.is_open(session).await?;
        Ok(Some(map::conditions(product, &held, &groups, open)))
    }

    /// The list of stores is a call for each; only the store's own is asked for.
    async fn is_open(&self, session: &Session) -> Result<Option<bool>, RemoteError> {
        let station = self.station(session, &session.remote_id).await?;
        let closed = station.and_then(|station| station.close_status.0);
        Ok(closed.map(|status| status == 0))
    }

    async fn create_group(
        &self,
        session: &Session,
        path: &[String],
        _sequence: i64,
    ) -> Result<String, RemoteError> {
        let known = self.read_groups(session).await?;
        let made = groups::create(&self.client(session), &known, path).await;
        self.forget_groups(session);
        made
    }

    /// Pictures go by address (fact sheet 10), and the platform has no place for them: the account's field
    /// `picture_host` names an address of the merchant's own under which they lie by name.
    async fn upload_picture(
        &self,
        session: &Session,
        name: &str,
        _jpeg: bytes::Bytes,
    ) -> Result<String, RemoteError> {
        hosted::address(session, name)
    }

    async fn write_one(
        &self,
        session: &Session,
        product: &ListingWrite,
    ) -> Result<WriteOutcome, RemoteError> {
        let group = match self.group_of(session, product).await? {
            Ok(group) => group,
            Err(refused) => return Ok(refused),
        };
        let outcome = write::product(&self.client(session), product, group.as_deref()).await;
        self.written(session, outcome)
    }

    async fn bind_codes(
        &self,
        session: &Session,
        listing: &RemoteListing,
        outer_code: &str,
        sku_codes: &[(RemoteSku, String)],
    ) -> Result<(), RemoteError> {
        write::bind_codes(&self.client(session), listing, outer_code, sku_codes).await
    }

    async fn set_prices(
        &self,
        session: &Session,
        rows: &[PriceWrite],
    ) -> Result<Vec<WriteOutcome>, RemoteError> {
        at_most(rows.len(), write::ROWS)?;
        numbers::prices(&self.client(session), rows).await
    }

    async fn set_stocks(
        &self,
        session: &Session,
        rows: &[StockWrite],
    ) -> Result<Vec<WriteOutcome>, RemoteError> {
        at_most(rows.len(), write::ROWS)?;
        numbers::stocks(&self.client(session), rows).await
    }

    async fn orders(&self, session: &Session, cursor: &str) -> Result<OrderBatch, RemoteError> {
        orders::orders(&self.client(session), cursor).await
    }

    async fn order(&self, session: &Session, number: &str) -> Result<RemoteOrder, RemoteError> {
        orders::order(&self.client(session), number).await
    }

    /// Takes it away from all stores of the account: there is one product for them.
    async fn delete_one(&self, session: &Session, listing: &ListingRef) -> Result<WriteOutcome, RemoteError> {
        write::delete(&self.client(session), listing).await
    }

    async fn order_groups(&self, session: &Session, places: &[GroupPlace]) -> Result<(), RemoteError> {
        let known = self.read_groups(session).await?;
        let done = groups::order(&self.client(session), &known, places).await;
        self.forget_groups(session);
        done
    }

    async fn categories(&self, session: &Session) -> Result<Vec<RemoteCategory>, RemoteError> {
        groups::categories(&self.client(session)).await
    }

    fn receive(&self, session: &Session, push: &Inbound) -> Result<Received, RemoteError> {
        pushes::receive(session, push, self.gateway.now(session))
    }
}
