//! 饿百零售 (饿了么零售): the `cmd` protocol at api-be.ele.me.
//!
//! Money is fen, products have the platform's own `sku_id`, groups have ids and two levels, orders are listed by time.

mod auth;
mod client;
mod groups;
mod map;
mod orders;
mod pushes;
pub mod sign;
mod wire;
mod write;

use async_trait::async_trait;
use base64::Engine as _;
use client::Client;
use connect::error::{Layer, RemoteError};
use connect::gateway::Gateway;
use connect::groups::{GroupsById, Known};
use connect::platform::{
    Capabilities, Descriptor, GroupPlace, Inbound, ListingPage, ListingRef, ListingWrite, OrderBatch,
    Platform, PriceWrite, Probe, Received, RefreshedToken, RemoteCategory, RemoteGroup, RemoteListing,
    RemoteOrder, RemoteSku, RemoteStore, StockWrite, WriteOutcome, signature_passed,
};
use connect::session::Session;
use connect::wire::{List, Text};
use serde::Deserialize;
use serde_json::{Map, json};
use std::collections::BTreeMap;

/// Products of one page: the default is 20, clients use 100 (fact sheet 5).
const PAGE: usize = 100;

/// The connector.
pub struct Ebai {
    gateway: Gateway,
    descriptor: Descriptor,
    /// Groups as last read, by account and store: products name their group by id, the port by names.
    groups: Known,
}

impl Ebai {
    /// The connector over a gateway.
    pub fn new(gateway: Gateway) -> Self {
        Self {
            gateway,
            descriptor: descriptor(),
            groups: Known::default(),
        }
    }

    fn client<'a>(&'a self, session: &'a Session) -> Client<'a> {
        Client {
            gateway: &self.gateway,
            session,
        }
    }

    async fn page(
        &self,
        session: &Session,
        filter: Map<String, serde_json::Value>,
    ) -> Result<wire::Page<wire::Product>, RemoteError> {
        let client = self.client(session);
        let mut body = client.shop_body();
        body.extend(filter);
        let page: Option<wire::Page<wire::Product>> = client.read("sku.list", body).await?;
        Ok(page.unwrap_or_default())
    }

    async fn shop_list(&self, session: &Session) -> Result<Vec<RemoteStore>, RemoteError> {
        let own_ids = session.setting("shop_id_field", "baidu_shop_id") == "shop_id";
        let shops: List<wire::Shop> = self.client(session).read("shop.list", Map::new()).await?;
        Ok(shops
            .0
            .into_iter()
            .map(|shop| map::store(shop, own_ids))
            .collect())
    }
}

fn descriptor() -> Descriptor {
    Descriptor {
        id: "ebai",
        name: "饿百零售",
        sister: Some("eleme"),
        credential_fields: auth::fields(),
        store_fields: Vec::new(),
        capabilities: Capabilities {
            multi_spec: true,
            // How many are taken is not published. Our own limit, so that a form has one.
            pictures: 5,
            group_levels: 2,
            details: true,
            delete: true,
            group_order: true,
            // What a 类目 asks of a product has a command, but its answer is not documented.
            categories: true,
            picture_upload: true,
            order_list: true,
            readable_by_code: true,
            // Batch commands exist, but neither their limits nor their answers are documented.
            batch: 1,
            row_batch: write::ROWS,
            pushes: true,
            ..Capabilities::default()
        },
        pace: client::PACE,
        order_prefix: "EB",
        facts: vec![
            ("group_name_max", "12".to_owned()),
            ("pictures_reviewed", "true".to_owned()),
            ("single_spec_name", map::SINGLE_SPEC.to_owned()),
        ],
        rules: include_str!("../../../../../assets/rules/ebai.toml"),
    }
}

/// Where a walk over the products stands. The platform's own offset is used as long as it moves on; page numbers
/// otherwise.
#[derive(Default, PartialEq)]
struct Place {
    page: usize,
    offset: String,
}

impl Place {
    fn read(cursor: Option<&str>) -> Self {
        let (page, offset) = cursor
            .and_then(|cursor| cursor.split_once(':'))
            .unwrap_or(("1", ""));
        Self {
            page: page.parse().unwrap_or(1),
            offset: offset.to_owned(),
        }
    }

    fn filter(&self) -> Map<String, serde_json::Value> {
        let mut filter = Map::new();
        filter.insert("page".into(), json!(self.page));
        filter.insert("pagesize".into(), json!(PAGE));
        if !self.offset.is_empty() {
            filter.insert("sku_id_offset".into(), json!(self.offset));
        }
        filter
    }

    fn after(&self, page: &wire::Page<wire::Product>) -> Option<String> {
        let rows = page.list.0.len();
        if rows == 0 {
            return None;
        }
        let offset = page.sku_id_offset.as_str();
        if !matches!(offset, "" | "0") && offset != self.offset {
            return (rows >= PAGE).then(|| format!("1:{offset}"));
        }
        let next = self.page + 1;
        let last = page.pages.0.and_then(|pages| usize::try_from(pages).ok());
        let more = last.map_or(rows >= PAGE, |last| next <= last);
        more.then(|| format!("{next}:"))
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Uploaded {
    url: Text,
}

#[async_trait]
impl GroupsById for Ebai {
    fn known(&self) -> &Known {
        &self.groups
    }

    async fn fetch_groups(&self, session: &Session) -> Result<Vec<RemoteGroup>, RemoteError> {
        groups::read(&self.client(session)).await
    }
}

#[async_trait]
impl Platform for Ebai {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn probe(&self, session: &Session, layer: Layer) -> Result<Probe, RemoteError> {
        let mut params = BTreeMap::new();
        match layer {
            Layer::Key => auth::well_formed(session)?,
            Layer::Signature => signature_passed(self.shop_list(session).await)?,
            Layer::Permission => {
                let stores = self.shop_list(session).await?.len();
                params.insert("stores".to_owned(), stores.to_string());
            }
            Layer::Store => {
                let stores = self.shop_list(session).await?;
                let Some(store) = stores
                    .into_iter()
                    .find(|store| store.remote_id == session.remote_id)
                else {
                    return Err(RemoteError::Refused {
                        layer: Layer::Store,
                        text: format!("应用未关联门店 {}，或不是该门店的主应用", session.remote_id),
                    });
                };
                params.insert("name".to_owned(), store.name);
            }
            Layer::Orders => {
                let orders = orders::readable(&self.client(session)).await?;
                params.insert("orders".to_owned(), orders.to_string());
            }
        }
        Ok(Probe::measured(layer, params, &self.gateway, session))
    }

    /// Nothing to refresh: how tokens of service providers live is not documented, other apps have none.
    async fn refresh(&self, _session: &Session) -> Result<Option<RefreshedToken>, RemoteError> {
        Ok(None)
    }

    async fn stores(&self, session: &Session) -> Result<Vec<RemoteStore>, RemoteError> {
        self.shop_list(session).await
    }

    async fn groups(&self, session: &Session) -> Result<Vec<RemoteGroup>, RemoteError> {
        Ok(self.read_groups(session).await?.to_vec())
    }

    async fn listings(&self, session: &Session, cursor: Option<&str>) -> Result<ListingPage, RemoteError> {
        let groups = match cursor {
            None => self.read_groups(session).await?,
            Some(_) => self.known_groups(session).await?,
        };
        let place = Place::read(cursor);
        let page = self.page(session, place.filter()).await?;
        Ok(ListingPage {
            next: place.after(&page),
            total: page.total.0.and_then(|total| usize::try_from(total).ok()),
            listings: page
                .list
                .0
                .into_iter()
                .map(|product| map::listing(product, &groups))
                .collect(),
        })
    }

    async fn listing(
        &self,
        session: &Session,
        remote_id: Option<&str>,
        outer_code: &str,
    ) -> Result<Option<RemoteListing>, RemoteError> {
        let mut filter = Place::read(None).filter();
        match remote_id {
            Some(id) => filter.insert("sku_id".into(), json!(id)),
            None if outer_code.is_empty() => return Ok(None),
            None => filter.insert("custom_sku_id".into(), json!(outer_code)),
        };
        let groups = self.known_groups(session).await?;
        let page = self.page(session, filter).await?;
        // Filters have been ignored before: only the product that was asked for counts.
        let product = page.list.0.into_iter().find(|product| match remote_id {
            Some(id) => product.sku_id.as_str() == id,
            None => product.custom_sku_id.as_str() == outer_code,
        });
        Ok(product.map(|product| map::listing(product, &groups)))
    }

    async fn create_group(
        &self,
        session: &Session,
        path: &[String],
        sequence: i64,
    ) -> Result<String, RemoteError> {
        let above = match path {
            [first, _] => Some(first),
            _ => None,
        };
        let parent = match above {
            Some(first) => {
                let parent = self.group_id(session, std::slice::from_ref(first)).await?;
                parent.ok_or_else(|| connect::groups::missing(first))?
            }
            None => groups::ROOT.to_owned(),
        };
        let made = groups::create(&self.client(session), path, &parent, sequence).await;
        self.forget_groups(session);
        let told = match made? {
            Some(id) => Some(id),
            None => self.group_id(session, path).await?,
        };
        told.ok_or_else(|| RemoteError::Malformed {
            raw: "sku.shop.category.create without category_id".to_owned(),
        })
    }

    async fn upload_picture(
        &self,
        session: &Session,
        _name: &str,
        jpeg: bytes::Bytes,
    ) -> Result<String, RemoteError> {
        let mut body = Map::new();
        let data = base64::engine::general_purpose::STANDARD.encode(&jpeg);
        body.insert("data".into(), json!(data));
        let data = self.client(session).change("picture.upload", body).await?;
        let uploaded: Uploaded = client::parsed(data)?;
        if uploaded.url.is_empty() {
            return Err(RemoteError::Malformed {
                raw: "picture.upload without url".to_owned(),
            });
        }
        Ok(uploaded.url.0)
    }

    async fn write_one(&self, session: &Session, write: &ListingWrite) -> Result<WriteOutcome, RemoteError> {
        let group = match self.group_of(session, write).await? {
            Ok(group) => group,
            Err(refused) => return Ok(refused),
        };
        let outcome = write::product(&self.client(session), write, group).await;
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
