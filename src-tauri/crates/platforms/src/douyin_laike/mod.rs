//! 抖音来客: the open platform of life services at open.douyin.com, seen from one store of a merchant's root account.
//!
//! Calls are JSON with the application's token in a header and no signature; what the platform sends is signed. Money is
//! fen. A product is a package (团购套餐) with one SKU, bound to stores; ours are bound to one. There are no groups, no
//! barcodes, no upload of pictures and no deletion. What is uncertain is a setting of the account: `save_call`,
//! `order_call`, `product_type`, `product_sub_type`, `account_name`, `sold_days`, `price_rule` (`equal`), `raise_dishes`
//! (`on`), `picture_attribute`, `attribute_<key>`, `goods_creators`, `online_status`, `draft_waiting`, `draft_refused`
//! and the numbers of order states (`order_placed`, …).

mod auth;
mod client;
mod map;
mod orders;
mod package;
mod pushes;
mod read;
pub mod sign;
mod wire;
mod write;

use async_trait::async_trait;
use client::Client;
use connect::error::{Layer, RemoteError};
use connect::gateway::Gateway;
use connect::hosted;
use connect::platform::{
    Capabilities, Descriptor, Inbound, ListingPage, ListingWrite, OrderBatch, Platform, PriceWrite, Probe,
    Received, RefreshedToken, RemoteAttribute, RemoteCategory, RemoteListing, RemoteOrder, RemoteSku,
    RemoteStore, StockWrite, WriteOutcome,
};
use connect::session::Session;
use parking_lot::Mutex;
use std::collections::{BTreeMap, HashMap};

/// Stores of one page, and the most pages: a stop for a list that never ends.
const STORES: usize = 50;
const PAGES: usize = 200;
/// Where a reading of the store stands behind the products that are online.
const DRAFTS: &str = "drafts";

type Drafts = BTreeMap<String, wire::Row>;

/// The connector.
pub struct DouyinLaike {
    gateway: Gateway,
    descriptor: Descriptor,
    tokens: auth::Tokens,
    /// Drafts of the reading that is under way, by account and store: each leaves with the product that is online, and
    /// what is left at the end is new.
    drafts: Mutex<HashMap<(String, String), Drafts>>,
}

impl DouyinLaike {
    /// The connector over a gateway.
    pub fn new(gateway: Gateway) -> Self {
        Self {
            gateway,
            descriptor: descriptor(),
            tokens: auth::Tokens::default(),
            drafts: Mutex::default(),
        }
    }

    fn client<'a>(&'a self, session: &'a Session) -> Client<'a> {
        Client {
            gateway: &self.gateway,
            session,
            tokens: &self.tokens,
        }
    }

    /// A page of what is online, with the drafts of what is on it.
    async fn online(
        &self,
        session: &Session,
        creator: &str,
        cursor: &str,
    ) -> Result<ListingPage, RemoteError> {
        let client = self.client(session);
        let (rows, next) = read::page(&client, creator, cursor).await?;
        let mut drafts = self.drafts.lock();
        let waiting = drafts.entry(place(session)).or_default();
        let listings = rows
            .into_iter()
            .filter_map(|row| {
                let draft = waiting.remove(&row.id());
                read::Found::new(&client, Some(row), draft)
            })
            .map(|found| map::listing(&client, &found))
            .collect();
        Ok(ListingPage {
            listings,
            next: next.map(|next| format!("{creator}:{next}")),
            total: None,
        })
    }

    /// What is not online yet.
    fn left(&self, session: &Session) -> ListingPage {
        let client = self.client(session);
        let left = self.drafts.lock().remove(&place(session)).unwrap_or_default();
        let found = left
            .into_values()
            .filter_map(|row| read::Found::new(&client, None, Some(row)));
        ListingPage {
            listings: found.map(|found| map::listing(&client, &found)).collect(),
            ..ListingPage::default()
        }
    }
}

fn place(session: &Session) -> (String, String) {
    (session.account.clone(), session.remote_id.clone())
}

fn descriptor() -> Descriptor {
    Descriptor {
        id: "douyin_laike",
        name: "抖音来客",
        sister: None,
        credential_fields: auth::fields(),
        store_fields: Vec::new(),
        capabilities: Capabilities {
            // Price and stock are the product's; group buying has one SKU (fact sheet 6).
            multi_spec: false,
            // How many a product may have is not published; this is our own figure.
            pictures: 5,
            group_levels: 0,
            details: true,
            categories: true,
            attributes: true,
            // Attributes take addresses; no call takes a picture (fact sheet 6).
            picture_upload: false,
            order_list: true,
            readable_by_code: true,
            batch: 1,
            row_batch: write::ROWS,
            // The merchant binds the application in the platform's own console.
            pushes: true,
            ..Capabilities::default()
        },
        pace: client::PACE,
        order_prefix: "LK",
        facts: vec![("pictures_reviewed", "true".to_owned())],
        rules: include_str!("../../../../../assets/rules/douyin_laike.toml"),
    }
}

/// Who made the products that are read, one after the other: calls (0) and the console (1). Without a word the platform
/// lists the first alone.
fn creators(session: &Session) -> Vec<&str> {
    let named = session.setting("goods_creators", "0,1").split(',').map(str::trim);
    named.filter(|kind| !kind.is_empty()).collect()
}

async fn store_list(client: &Client<'_>) -> Result<Vec<RemoteStore>, RemoteError> {
    let size = STORES.to_string();
    let mut stores: Vec<RemoteStore> = Vec::new();
    for page in 1..=PAGES {
        let params = [("page", page.to_string()), ("size", size.clone())];
        let params = params.each_ref().map(|(name, value)| (*name, value.as_str()));
        let answer: wire::Pois = client.read("goodlife/v1/shop/poi/query", &params).await?;
        let full = answer.pois.0.len() >= STORES;
        stores.extend(answer.pois.0.into_iter().map(map::store));
        let all = answer.total.0.and_then(|total| usize::try_from(total).ok());
        if !full || all.is_some_and(|all| stores.len() >= all) {
            break;
        }
    }
    Ok(stores)
}

/// The session's store; `None` when the merchant has none of that id.
async fn own_store(client: &Client<'_>) -> Result<Option<RemoteStore>, RemoteError> {
    let params = [("page", "1"), ("size", "1"), ("poi_id", client.poi())];
    let answer: wire::Pois = client.read("goodlife/v1/shop/poi/query", &params).await?;
    let stores = answer.pois.0.into_iter().map(map::store);
    Ok(stores.into_iter().find(|store| store.remote_id == client.poi()))
}

#[async_trait]
impl Platform for DouyinLaike {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn probe(&self, session: &Session, layer: Layer) -> Result<Probe, RemoteError> {
        let client = self.client(session);
        let mut params = BTreeMap::new();
        match layer {
            Layer::Key => auth::well_formed(session)?,
            // Calls carry no signature: what proves the secret is the token made for it.
            Layer::Signature => {
                auth::ask(&client).await?;
            }
            Layer::Permission => {
                let stores = store_list(&client).await?.len();
                params.insert("stores".to_owned(), stores.to_string());
            }
            Layer::Store => {
                let Some(store) = own_store(&client).await? else {
                    return Err(RemoteError::Refused {
                        layer: Layer::Store,
                        text: format!("商家账户下没有门店 {}", session.remote_id),
                    });
                };
                params.insert("name".to_owned(), store.name);
            }
            Layer::Orders => {
                let orders = orders::readable(&client).await?;
                params.insert("orders".to_owned(), orders.to_string());
            }
        }
        Ok(Probe::measured(layer, params, &self.gateway, session))
    }

    /// None: the connector keeps its token itself and asks for a new one ahead of the end.
    async fn refresh(&self, _session: &Session) -> Result<Option<RefreshedToken>, RemoteError> {
        Ok(None)
    }

    async fn stores(&self, session: &Session) -> Result<Vec<RemoteStore>, RemoteError> {
        store_list(&self.client(session)).await
    }

    async fn listings(&self, session: &Session, cursor: Option<&str>) -> Result<ListingPage, RemoteError> {
        if cursor == Some(DRAFTS) {
            return Ok(self.left(session));
        }
        let creators = creators(session);
        let first = creators.first().copied().unwrap_or_default();
        // `creator:the platform's cursor`.
        let (creator, at) = cursor
            .and_then(|cursor| cursor.split_once(':'))
            .unwrap_or((first, ""));
        if cursor.is_none() {
            let drafts = read::drafts(&self.client(session)).await?;
            self.drafts.lock().insert(place(session), drafts);
        }
        let mut page = self.online(session, creator, at).await?;
        if page.next.is_none() {
            let mut rest = creators.iter().skip_while(|held| **held != creator).skip(1);
            let next = rest.next().map(|creator| format!("{creator}:"));
            page.next = Some(next.unwrap_or_else(|| DRAFTS.to_owned()));
        }
        Ok(page)
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
            None => read::by_code(&client, outer_code).await?,
        };
        Ok(found.map(|found| map::listing(&client, &found)))
    }

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
        write::product(&self.client(session), product).await
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
        write::prices(&self.client(session), rows).await
    }

    async fn set_stocks(
        &self,
        session: &Session,
        rows: &[StockWrite],
    ) -> Result<Vec<WriteOutcome>, RemoteError> {
        write::stocks(&self.client(session), rows).await
    }

    async fn orders(&self, session: &Session, cursor: &str) -> Result<OrderBatch, RemoteError> {
        orders::orders(&self.client(session), cursor).await
    }

    async fn order(&self, session: &Session, number: &str) -> Result<RemoteOrder, RemoteError> {
        orders::order(&self.client(session), number).await
    }

    async fn categories(&self, session: &Session) -> Result<Vec<RemoteCategory>, RemoteError> {
        let client = self.client(session);
        let tree: wire::Tree = client
            .read("goodlife/v1/goods/category/get", &[("query_category_type", "1")])
            .await?;
        Ok(map::categories(tree.category_tree_infos.0))
    }

    async fn attributes(
        &self,
        session: &Session,
        category_id: &str,
    ) -> Result<Vec<RemoteAttribute>, RemoteError> {
        write::attributes(&self.client(session), category_id).await
    }

    fn receive(&self, session: &Session, push: &Inbound) -> Result<Received, RemoteError> {
        pushes::receive(session, push)
    }
}
