//! 美团闪购: family A of the Meituan open platform, `retail*` calls.
//!
//! Prices are yuan text, product codes are the merchant's own (`app_spu_code`, `sku_id`), and there is no order list.

mod auth;
mod client;
mod map;
mod order_map;
mod orders;
pub mod sign;
mod wire;
mod write;

use async_trait::async_trait;
use client::{Client, Upload};
use connect::error::{Layer, RemoteError};
use connect::gateway::Gateway;
use connect::platform::{
    Capabilities, Descriptor, ListingPage, ListingWrite, OrderBatch, Platform, PriceWrite, Probe,
    RefreshedToken, RemoteGroup, RemoteListing, RemoteOrder, RemoteSku, RemoteStore, StockWrite,
    WriteOutcome, signature_passed,
};
use connect::session::Session;
use connect::wire::{List, Text};
use std::collections::BTreeMap;

/// Products of one page: offsets must be multiples of it (fact sheet 9.2).
const PAGE: usize = 200;
/// Shops of one poi/mget.
const SHOPS: usize = 200;

/// The connector.
pub struct MeituanShangou {
    gateway: Gateway,
    descriptor: Descriptor,
}

impl MeituanShangou {
    /// The connector over a gateway.
    pub fn new(gateway: Gateway) -> Self {
        Self {
            gateway,
            descriptor: descriptor(),
        }
    }

    fn client<'a>(&'a self, session: &'a Session) -> Client<'a> {
        Client {
            gateway: &self.gateway,
            session,
        }
    }

    async fn shop_codes(&self, client: &Client<'_>) -> Result<Vec<String>, RemoteError> {
        let codes: List<Text> = client.get("poi/getids", Vec::new()).await?.data()?;
        Ok(codes.0.into_iter().map(|code| code.0).collect())
    }

    async fn shops(&self, client: &Client<'_>, codes: &[String]) -> Result<Vec<RemoteStore>, RemoteError> {
        let mut stores = Vec::new();
        for codes in codes.chunks(SHOPS) {
            let params = vec![("app_poi_codes", codes.join(","))];
            let shops: List<wire::Shop> = client.get("poi/mget", params).await?.data()?;
            stores.extend(shops.0.into_iter().map(map::store));
        }
        Ok(stores)
    }

    /// Walks the pages for a product that has no code to ask by.
    async fn find_by_id(
        &self,
        session: &Session,
        remote_id: &str,
    ) -> Result<Option<RemoteListing>, RemoteError> {
        let mut cursor = None;
        loop {
            let page = self.listings(session, cursor.as_deref()).await?;
            let found = page
                .listings
                .into_iter()
                .find(|listing| listing.remote_id == remote_id);
            if found.is_some() || page.next.is_none() {
                return Ok(found);
            }
            cursor = page.next;
        }
    }
}

fn descriptor() -> Descriptor {
    Descriptor {
        id: "meituan_shangou",
        name: "美团闪购",
        credential_fields: auth::fields(),
        store_fields: Vec::new(),
        capabilities: Capabilities {
            multi_spec: true,
            // Several are taken; how many is not published. Our own limit, so that a form has one.
            pictures: 5,
            group_levels: 2,
            details: true,
            picture_upload: true,
            order_list: false,
            readable_by_code: true,
            batch: write::BATCH,
            row_batch: write::BATCH,
            ..Capabilities::default()
        },
        facts: vec![
            ("picture_bytes_max", "5242880".to_owned()),
            ("orders_by", "day_seq".to_owned()),
            ("clock_window_s", "600".to_owned()),
        ],
        rules: include_str!("../../../../../assets/rules/meituan_shangou.toml"),
    }
}

#[async_trait]
impl Platform for MeituanShangou {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn probe(&self, session: &Session, layer: Layer) -> Result<Probe, RemoteError> {
        let client = self.client(session);
        let mut params = BTreeMap::new();
        match layer {
            Layer::Key => auth::well_formed(session)?,
            Layer::Signature => signature_passed(self.shop_codes(&client).await)?,
            Layer::Permission => {
                let stores = self.shop_codes(&client).await?.len();
                params.insert("stores".to_owned(), stores.to_string());
            }
            Layer::Store => {
                let codes = [session.remote_id.clone()];
                let store = self.shops(&client, &codes).await?;
                let Some(store) = store
                    .into_iter()
                    .find(|store| store.remote_id == session.remote_id)
                else {
                    return Err(RemoteError::Refused {
                        layer: Layer::Store,
                        text: format!("账号下没有门店 {}", session.remote_id),
                    });
                };
                params.insert("name".to_owned(), store.name);
            }
            Layer::Orders => {
                let latest = orders::latest(&client).await?;
                params.insert("day_seq".to_owned(), latest.to_string());
            }
        }
        Ok(Probe::measured(layer, params, &self.gateway, session))
    }

    async fn refresh(&self, session: &Session) -> Result<Option<RefreshedToken>, RemoteError> {
        auth::refresh(&self.client(session)).await
    }

    async fn stores(&self, session: &Session) -> Result<Vec<RemoteStore>, RemoteError> {
        let client = self.client(session);
        let codes = self.shop_codes(&client).await?;
        self.shops(&client, &codes).await
    }

    async fn groups(&self, session: &Session) -> Result<Vec<RemoteGroup>, RemoteError> {
        let client = self.client(session);
        let answer = client.get("retailCat/list", vec![client.shop()]).await?;
        let categories: List<wire::Category> = answer.data()?;
        Ok(map::groups(categories.0))
    }

    async fn listings(&self, session: &Session, cursor: Option<&str>) -> Result<ListingPage, RemoteError> {
        let offset: usize = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
        let client = self.client(session);
        let params = vec![
            client.shop(),
            ("offset", offset.to_string()),
            ("limit", PAGE.to_string()),
        ];
        let answer = client.get("retail/list", params).await?;
        let products: List<wire::Product> = answer.data()?;
        let told = answer.extra_info.0.total_count.0;
        let total = told.and_then(|total| usize::try_from(total).ok());
        let full = products.0.len() >= PAGE;
        let more = total.map_or(full, |total| offset + PAGE < total && !products.0.is_empty());
        Ok(ListingPage {
            listings: map::listings(products.0),
            next: more.then(|| (offset + PAGE).to_string()),
            total,
        })
    }

    async fn listing(
        &self,
        session: &Session,
        remote_id: Option<&str>,
        outer_code: &str,
    ) -> Result<Option<RemoteListing>, RemoteError> {
        if outer_code.is_empty() {
            return match remote_id {
                Some(remote_id) => self.find_by_id(session, remote_id).await,
                None => Ok(None),
            };
        }
        let client = self.client(session);
        let params = vec![client.shop(), ("app_spu_code", outer_code.to_owned())];
        match client.get("retail/get", params).await {
            Ok(answer) => {
                let products: List<wire::Product> = answer.data()?;
                Ok(products.0.into_iter().next().map(map::listing))
            }
            // 805 there is no such product; clients have seen 804 for the same.
            Err(RemoteError::Rejected { code, .. }) if code == "805" || code == "804" => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn create_group(
        &self,
        session: &Session,
        path: &[String],
        sequence: i64,
    ) -> Result<String, RemoteError> {
        let client = self.client(session);
        let mut params = vec![client.shop()];
        match path {
            [first] => params.push(("category_name", first.clone())),
            [first, second] => {
                params.push(("category_name", first.clone()));
                params.push(("secondary_category_name", second.clone()));
            }
            _ => {
                return Err(RemoteError::Unsupported {
                    what: "groups of other than one or two levels".to_owned(),
                });
            }
        }
        params.push(("sequence", sequence.to_string()));
        match client.post("retailCat/update", params).await {
            Ok(answer) => write::acknowledged(answer)?,
            // It exists already: that is what was wanted.
            Err(RemoteError::Rejected { code, .. }) if code == "1037" || code == "3013" => {}
            Err(error) => return Err(error),
        }
        // The answer names no id. The group exists now, so a failed look only costs its code.
        let groups = self.groups(session).await.unwrap_or_default();
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let id = groups.iter().find(|group| {
            let parent = groups
                .iter()
                .find(|held| Some(&held.remote_id) == group.parent.as_ref());
            let held: Vec<&str> = parent
                .into_iter()
                .chain([*group])
                .map(|g| g.name.as_str())
                .collect();
            held == names
        });
        Ok(id.map_or_else(|| map::group_id("", &names), |group| group.remote_id.clone()))
    }

    async fn upload_picture(
        &self,
        session: &Session,
        name: &str,
        jpeg: bytes::Bytes,
    ) -> Result<String, RemoteError> {
        let client = self.client(session);
        let name = file_name(name);
        let file = Upload {
            field: "file",
            name: &name,
            bytes: &jpeg,
        };
        let params = vec![client.shop(), ("img_name", name.clone())];
        let answer = client.upload("image/upload", params, file).await?;
        // An id of digits and one `e` would read as a number: text stays text.
        match answer.data.as_str() {
            Some(id) => Ok(id.to_owned()),
            None => Ok(answer.data::<Text>()?.0),
        }
    }

    async fn write(
        &self,
        session: &Session,
        products: &[ListingWrite],
    ) -> Result<Vec<WriteOutcome>, RemoteError> {
        write::write(&self.client(session), products).await
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
}

/// Letters and digits ending in .jpg: the strictest rule seen for picture names.
fn file_name(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let clean: String = stem
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(60)
        .collect();
    format!("{}.jpg", if clean.is_empty() { "picture" } else { &clean })
}
