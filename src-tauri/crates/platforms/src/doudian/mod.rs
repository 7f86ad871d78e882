//! 抖店小时达: the shop's open platform at openapi-fxg.jinritemai.com, seen from one store.
//!
//! Money is fen, ids are 64-bit numbers. A shop has main products; each store has its own product under one, with its
//! own price and stock. There are no calls for groups inside a store. Orders are listed by update time over all stores.

mod auth;
mod categories;
mod client;
mod map;
mod orders;
mod pictures;
mod pushes;
pub mod sign;
mod wire;
mod write;

use async_trait::async_trait;
use client::Client;
use connect::error::{Layer, RemoteError};
use connect::gateway::Gateway;
use connect::platform::{
    Capabilities, ConsentAnswer, Descriptor, Inbound, ListingPage, ListingRef, ListingWrite, OrderBatch,
    Platform, PriceWrite, Probe, Received, RefreshedToken, RemoteCategory, RemoteListing, RemoteOrder,
    RemoteSku, RemoteStore, StockWrite, WriteOutcome, signature_passed,
};
use connect::session::Session;
use serde_json::json;
use std::collections::BTreeMap;
use url::Url;

/// Products of one page, and stores of one page: the most there are.
const PAGE: usize = 100;
/// The platform shows no more pages than this: 10,000 products (fact sheet 6).
const PAGES: usize = 100;
/// In the recycle bin.
const DELETED: i64 = 2;

/// The connector.
pub struct Doudian {
    gateway: Gateway,
    descriptor: Descriptor,
    tokens: auth::OwnTokens,
}

impl Doudian {
    /// The connector over a gateway.
    pub fn new(gateway: Gateway) -> Self {
        Self {
            gateway,
            descriptor: descriptor(),
            tokens: auth::OwnTokens::default(),
        }
    }

    fn client<'a>(&'a self, session: &'a Session) -> Client<'a> {
        Client {
            gateway: &self.gateway,
            session,
            tokens: &self.tokens,
        }
    }
}

fn descriptor() -> Descriptor {
    Descriptor {
        id: "doudian",
        name: "抖店小时达",
        sister: None,
        credential_fields: auth::fields(),
        store_fields: auth::store_fields(),
        capabilities: Capabilities {
            multi_spec: true,
            // product.addV2: one to five.
            pictures: 5,
            group_levels: 0,
            details: true,
            delete: true,
            // What a 类目 asks of a product has a call, but its answer is not in any document we know.
            categories: true,
            picture_upload: true,
            order_list: true,
            readable_by_code: true,
            batch: 1,
            row_batch: write::ROWS,
            consent: true,
            pushes: true,
            ..Capabilities::default()
        },
        pace: client::PACE,
        order_prefix: "DD",
        facts: vec![
            ("pictures_reviewed", "true".to_owned()),
            ("single_spec_name", map::SINGLE_SPEC.to_owned()),
        ],
        rules: include_str!("../../../../../assets/rules/doudian.toml"),
    }
}

async fn store_list(client: &Client<'_>) -> Result<Vec<RemoteStore>, RemoteError> {
    let mut stores = Vec::new();
    for page in 0..PAGES {
        let answer: wire::Stores = client
            .read("shop.getStoreList", json!({"page": page, "page_size": PAGE}))
            .await?;
        let rows = answer.store_detail_list.0;
        let full = rows.len() >= PAGE;
        stores.extend(rows.into_iter().map(|row| map::store(row.store)));
        let all = answer.total.0.and_then(|total| usize::try_from(total).ok());
        if !full || all.is_some_and(|all| stores.len() >= all) {
            break;
        }
    }
    Ok(stores)
}

/// One page of the store's products, in short.
async fn product_rows(client: &Client<'_>, page: usize) -> Result<wire::Products, RemoteError> {
    let params = json!({"page": page, "size": PAGE, "store_id": client.store()});
    let products: wire::Products = client.read("product.listV2", params).await?;
    if page >= PAGES && products.data.0.len() >= PAGE {
        // Going on as if the others were gone would unbind them.
        return Err(RemoteError::Unsupported {
            what: format!("a store of more than {} products", PAGE * PAGES),
        });
    }
    Ok(products)
}

/// One product of the store with its specs; `None` when it is gone, in the recycle bin or another store's.
async fn detail(client: &Client<'_>, remote_id: &str) -> Result<Option<RemoteListing>, RemoteError> {
    let params = json!({"product_id": remote_id});
    let product = match client.read::<wire::Product>("product.detail", params).await {
        Ok(product) => product,
        Err(RemoteError::Rejected { code, .. }) if code.ends_with(":2010058") => return Ok(None),
        Err(error) => return Err(error),
    };
    let store = product.store_id.as_str();
    let elsewhere = !matches!(store, "" | "0") && store != client.session.remote_id;
    if elsewhere || product.status.0 == Some(DELETED) {
        return Ok(None);
    }
    Ok(Some(map::listing(
        product,
        &client.session.remote_id,
        write::barcode_field(client),
    )))
}

#[async_trait]
impl Platform for Doudian {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn probe(&self, session: &Session, layer: Layer) -> Result<Probe, RemoteError> {
        let client = self.client(session);
        let mut params = BTreeMap::new();
        match layer {
            Layer::Key => auth::well_formed(session)?,
            Layer::Signature => signature_passed(store_list(&client).await)?,
            Layer::Permission => {
                let stores = store_list(&client).await?.len();
                params.insert("stores".to_owned(), stores.to_string());
            }
            Layer::Store => {
                let stores = store_list(&client).await?;
                let Some(store) = stores
                    .into_iter()
                    .find(|store| store.remote_id == session.remote_id)
                else {
                    return Err(RemoteError::Refused {
                        layer: Layer::Store,
                        text: format!("店铺里没有门店 {}", session.remote_id),
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

    async fn refresh(&self, session: &Session) -> Result<Option<RefreshedToken>, RemoteError> {
        auth::refresh(&self.client(session)).await
    }

    async fn stores(&self, session: &Session) -> Result<Vec<RemoteStore>, RemoteError> {
        store_list(&self.client(session)).await
    }

    /// None: the platform has no calls for groups inside a store (fact sheet 5).
    async fn listings(&self, session: &Session, cursor: Option<&str>) -> Result<ListingPage, RemoteError> {
        let client = self.client(session);
        let page = cursor.and_then(|page| page.parse().ok()).unwrap_or(1);
        let products = product_rows(&client, page).await?;
        let more = products.data.0.len() >= PAGE;
        let mut listings = Vec::new();
        for row in products.data.0 {
            // The list may show the recycle bin too.
            if row.status.0 == Some(DELETED) {
                continue;
            }
            // The list shows neither specs nor prices. A product may go between the two calls.
            listings.extend(detail(&client, row.product_id.as_str()).await?);
        }
        Ok(ListingPage {
            listings,
            next: more.then(|| (page + 1).to_string()),
            total: products.total.0.and_then(|total| usize::try_from(total).ok()),
        })
    }

    async fn listing(
        &self,
        session: &Session,
        remote_id: Option<&str>,
        outer_code: &str,
    ) -> Result<Option<RemoteListing>, RemoteError> {
        let client = self.client(session);
        if let Some(remote_id) = remote_id {
            return detail(&client, remote_id).await;
        }
        if outer_code.is_empty() {
            return Ok(None);
        }
        // No call finds a store's product by our code, but the list shows it.
        for page in 1..=PAGES {
            let rows = product_rows(&client, page).await?.data.0;
            let full = rows.len() >= PAGE;
            for row in rows {
                let alive = row.status.0 != Some(DELETED);
                if alive && row.outer_product_id.as_str() == outer_code {
                    let found = detail(&client, row.product_id.as_str()).await?;
                    if found.is_some() {
                        return Ok(found);
                    }
                }
            }
            if !full {
                break;
            }
        }
        Ok(None)
    }

    async fn upload_picture(
        &self,
        session: &Session,
        name: &str,
        jpeg: bytes::Bytes,
    ) -> Result<String, RemoteError> {
        pictures::upload(&self.client(session), name, &jpeg).await
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

    /// Into the shop's recycle bin, where the merchant may fetch it back (F71); the main product above it stays.
    async fn delete_one(&self, session: &Session, listing: &ListingRef) -> Result<WriteOutcome, RemoteError> {
        let client = self.client(session);
        // Ids name no store, and a wrong one must not reach into another of the shop's.
        if detail(&client, &listing.remote_id).await?.is_none() {
            return Ok(WriteOutcome::Accepted { remote_id: None });
        }
        write::delete(&client, &listing.remote_id).await
    }

    async fn categories(&self, session: &Session) -> Result<Vec<RemoteCategory>, RemoteError> {
        categories::all(&self.client(session)).await
    }

    fn consent(&self, session: &Session, _return_to: &Url, state: &str) -> Result<Url, RemoteError> {
        auth::consent(&self.client(session), state)
    }

    async fn redeem(
        &self,
        session: &Session,
        answer: &ConsentAnswer,
        _return_to: &Url,
    ) -> Result<RefreshedToken, RemoteError> {
        auth::redeem(&self.client(session), answer).await
    }

    fn receive(&self, session: &Session, push: &Inbound) -> Result<Received, RemoteError> {
        pushes::receive(session, push)
    }
}
