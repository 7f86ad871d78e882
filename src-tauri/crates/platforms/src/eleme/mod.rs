//! 饿了么 (restaurants): the NOP protocol at open-api.shop.ele.me.
//!
//! One address, JSON bodies, an action name. Money is yuan, items have ids and their specs carry our codes, groups have
//! ids and two levels, orders are listed by day. What is uncertain is a setting of the account: `timestamp_unit` (`ms`
//! or `s`), `items_per_page`, `max_stock`, `packing_fee` (yuan), `materials` (JSON list), `app_id` (number of the
//! application, for missed pushes) and `grant`.

mod auth;
mod client;
mod groups;
mod map;
mod numbers;
mod orders;
mod pushes;
pub mod sign;
mod wire;
mod write;

use async_trait::async_trait;
use base64::Engine as _;
use client::{Client, parsed};
use connect::error::{Layer, RemoteError};
use connect::gateway::Gateway;
use connect::groups::{GroupsById, Known};
use connect::platform::{
    Capabilities, ConsentAnswer, Descriptor, GroupPlace, Inbound, ListingPage, ListingRef, ListingWrite,
    OrderBatch, Platform, PriceWrite, Probe, Received, RefreshedToken, RemoteGroup, RemoteListing,
    RemoteOrder, RemoteSku, RemoteStore, StockWrite, WriteOutcome, signature_passed,
};
use connect::session::Session;
use connect::wire::{List, Text};
use domain::store::PACKING_FEE_FIELD;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use url::Url;

/// Items of one page. The ceiling is not published: one client asks for 300, the setting `items_per_page` names another.
const PAGE: &str = "100";

/// The connector.
pub struct Eleme {
    gateway: Gateway,
    descriptor: Descriptor,
    /// Groups as last read, by account and store: items name their group by id, the port by names.
    groups: Known,
}

impl Eleme {
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

    /// Puts a group that was just made where it belongs. It exists either way: where the order cannot be set it stays
    /// where the platform put it, rather than counting as not made.
    async fn place(
        &self,
        session: &Session,
        id: &str,
        path: &[String],
        position: i64,
    ) -> Result<(), RemoteError> {
        let known = self.read_groups(session).await?;
        let held = known.iter().find(|group| group.remote_id == id);
        let Some(held) = held.filter(|held| position > 0 && held.sequence > position) else {
            return Ok(());
        };
        let place = GroupPlace {
            remote_id: held.remote_id.clone(),
            path: path.to_vec(),
            position,
        };
        match self.order_groups(session, &[place]).await {
            Err(RemoteError::Rejected { .. } | RemoteError::Refused { .. }) => Ok(()),
            other => other,
        }
    }

    async fn shops(&self, session: &Session) -> Result<Vec<wire::Shop>, RemoteError> {
        let user: Option<wire::User> = self.client(session).read("eleme.user.getUser", json!({})).await?;
        Ok(user.unwrap_or_default().authorized_shops.0)
    }
}

fn descriptor() -> Descriptor {
    Descriptor {
        id: "eleme",
        name: "饿了么",
        sister: Some("ebai"),
        credential_fields: auth::fields(),
        store_fields: vec![PACKING_FEE_FIELD],
        capabilities: Capabilities {
            multi_spec: true,
            // `imageHash` is one picture; a list of them is known from one source without its limit.
            pictures: 1,
            group_levels: 2,
            details: true,
            // Of each spec (F47).
            packing_fee: true,
            delete: true,
            group_order: true,
            picture_upload: true,
            order_list: true,
            // By the code of a spec; products with several have no code of their own there.
            readable_by_code: true,
            // Batch creation exists, but its limit and its answer are not documented.
            batch: 1,
            row_batch: numbers::ROWS,
            consent: true,
            pushes: true,
            ..Capabilities::default()
        },
        pace: client::PACE,
        order_prefix: "EL",
        facts: vec![("group_name_max", "50".to_owned())],
        rules: include_str!("../../../../../assets/rules/eleme.toml"),
    }
}

/// Statuses come as a list or as a map by shop id.
fn statuses(answer: Value) -> Vec<wire::ShopStatus> {
    let rows = match answer {
        Value::Array(rows) => rows,
        Value::Object(rows) => rows.into_iter().map(|(_, row)| row).collect(),
        _ => Vec::new(),
    };
    rows.into_iter().filter_map(|row| parsed(row).ok()).collect()
}

#[async_trait]
impl GroupsById for Eleme {
    fn known(&self) -> &Known {
        &self.groups
    }

    async fn fetch_groups(&self, session: &Session) -> Result<Vec<RemoteGroup>, RemoteError> {
        groups::read(&self.client(session)).await
    }
}

#[async_trait]
impl Platform for Eleme {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn probe(&self, session: &Session, layer: Layer) -> Result<Probe, RemoteError> {
        let mut params = BTreeMap::new();
        match layer {
            Layer::Key => auth::well_formed(session)?,
            Layer::Signature => signature_passed(self.shops(session).await)?,
            Layer::Permission => {
                let stores = self.shops(session).await?.len();
                params.insert("stores".to_owned(), stores.to_string());
            }
            Layer::Store => {
                let shops = self.shops(session).await?;
                let Some(shop) = shops
                    .into_iter()
                    .find(|shop| shop.id.as_str() == session.remote_id)
                else {
                    return Err(RemoteError::Refused {
                        layer: Layer::Store,
                        text: format!("授权的商户下没有门店 {}", session.remote_id),
                    });
                };
                params.insert("name".to_owned(), shop.name.0);
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

    async fn stores(&self, session: &Session) -> Result<Vec<RemoteStore>, RemoteError> {
        let shops = self.shops(session).await?;
        if shops.is_empty() {
            return Ok(Vec::new());
        }
        let ids = client::numbers(shops.iter().map(|shop| shop.id.as_str()));
        let asked: Result<Value, _> = self
            .client(session)
            .read("eleme.shop.mgetShopStatus", json!({"shopIds": ids}))
            .await;
        let known = match asked {
            Ok(answer) => statuses(answer),
            // Whether a shop is open is an extra; the list of shops stands without it.
            Err(RemoteError::Rejected { .. } | RemoteError::Refused { .. }) => Vec::new(),
            Err(error) => return Err(error),
        };
        let open = |id: &Text| {
            let status = known.iter().find(|status| status.id == *id)?;
            status.is_open.filled()?;
            Some(wire::is_on(&status.is_open))
        };
        Ok(shops
            .into_iter()
            .map(|shop| RemoteStore {
                open: open(&shop.id),
                remote_id: shop.id.0,
                name: shop.name.0,
            })
            .collect())
    }

    async fn groups(&self, session: &Session) -> Result<Vec<RemoteGroup>, RemoteError> {
        Ok(self.read_groups(session).await?.to_vec())
    }

    async fn listings(&self, session: &Session, cursor: Option<&str>) -> Result<ListingPage, RemoteError> {
        let groups = match cursor {
            None => self.read_groups(session).await?,
            Some(_) => self.known_groups(session).await?,
        };
        let client = self.client(session);
        let offset: usize = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
        let limit: usize = session.setting("items_per_page", PAGE).parse().unwrap_or(100);
        let params = json!({"queryPage": {"shopId": client.shop(), "offset": offset, "limit": limit}});
        let items: List<wire::Item> = client.read("eleme.product.item.queryItemByPage", params).await?;
        let rows = items.0.len();
        Ok(ListingPage {
            // The ceiling is not known: a page that is shorter than asked for need not be the last, an empty one is.
            next: (rows > 0).then(|| (offset + rows).to_string()),
            total: None,
            listings: items
                .0
                .into_iter()
                .filter(|item| !wire::is_off(&item.is_valid) && !item.id.is_empty())
                .map(|item| map::listing(item, &groups))
                .collect(),
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
            Some(id) => write::item(&client, id).await?,
            None if outer_code.is_empty() => None,
            None => write::item_by_code(&client, outer_code).await?,
        };
        let Some(item) = found else {
            return Ok(None);
        };
        let mut groups = self.known_groups(session).await?;
        if connect::groups::path(&groups, item.category_id.as_str()).is_empty() {
            groups = self.read_groups(session).await?;
        }
        Ok(Some(map::listing(item, &groups)))
    }

    async fn create_group(
        &self,
        session: &Session,
        path: &[String],
        sequence: i64,
    ) -> Result<String, RemoteError> {
        // A second one of the same name may well be taken, so what is there is looked at first.
        let known = self.read_groups(session).await?;
        if let Some(id) = connect::groups::find(&known, path) {
            return Ok(id);
        }
        let client = self.client(session);
        let made = groups::create(&client, &known, path).await;
        self.forget_groups(session);
        let id = match made? {
            Some(id) => Some(id),
            None => self.group_id(session, path).await?,
        };
        let id = id.ok_or_else(|| RemoteError::Malformed {
            raw: "createCategoryWithChildren without an id".to_owned(),
        })?;
        self.place(session, &id, path, sequence).await?;
        Ok(id)
    }

    /// Gives the picture's hash. The picture must be square: any other is taken and silently not shown (F47), which the
    /// picture rules hold back before.
    async fn upload_picture(
        &self,
        session: &Session,
        _name: &str,
        jpeg: bytes::Bytes,
    ) -> Result<String, RemoteError> {
        let image = base64::engine::general_purpose::STANDARD.encode(&jpeg);
        let hash = self
            .client(session)
            .change("eleme.file.uploadImage", json!({"image": image}))
            .await?;
        let hash: Text = parsed(hash)?;
        if hash.is_empty() {
            return Err(RemoteError::Malformed {
                raw: "uploadImage without a hash".to_owned(),
            });
        }
        Ok(hash.0)
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
        numbers::prices(&self.client(session), rows).await
    }

    async fn set_stocks(
        &self,
        session: &Session,
        rows: &[StockWrite],
    ) -> Result<Vec<WriteOutcome>, RemoteError> {
        numbers::stocks(&self.client(session), rows).await
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

    fn consent(&self, session: &Session, return_to: &Url, state: &str) -> Result<Url, RemoteError> {
        auth::consent(&self.client(session), return_to, state)
    }

    async fn redeem(
        &self,
        session: &Session,
        answer: &ConsentAnswer,
        return_to: &Url,
    ) -> Result<RefreshedToken, RemoteError> {
        auth::redeem(&self.client(session), answer, return_to).await
    }

    fn receive(&self, session: &Session, push: &Inbound) -> Result<Received, RemoteError> {
        pushes::receive(session, push)
    }
}
