//! 美团闪购: family A of the Meituan open platform, `retail*` calls.
//!
//! Prices are yuan text, product codes are the merchant's own (`app_spu_code`, `sku_id`), and there is no order list. The
//! account's setting `isv` = `1` says that the application is a service provider's, where the platform does not say it.

mod groups;
mod write;

use crate::meituan_open::client::{Client, OwnTokens};
use crate::meituan_open::codes::{self, Calls};
use crate::meituan_open::{auth, batch, map, orders, push, read};
use async_trait::async_trait;
use connect::error::{Layer, RemoteError};
use connect::gateway::Gateway;
use connect::platform::{
    Capabilities, Descriptor, GroupPlace, Inbound, ListingPage, ListingRef, ListingWrite, OrderBatch,
    Platform, PriceWrite, Probe, Received, RefreshedToken, RemoteCategory, RemoteGroup, RemoteListing,
    RemoteOrder, RemoteSku, RemoteStore, StockWrite, WriteOutcome,
};
use connect::session::Session;

const CODES: Calls = Calls {
    by_origin: "retail/updateAppFoodCodeByOrigin",
    by_name: "retail/updateAppFoodCodeByNameAndSpec",
    code: "app_spu_code",
};

/// The connector.
pub struct MeituanShangou {
    gateway: Gateway,
    descriptor: Descriptor,
    tokens: OwnTokens,
}

impl MeituanShangou {
    /// The connector over a gateway.
    pub fn new(gateway: Gateway) -> Self {
        Self {
            gateway,
            descriptor: descriptor(),
            tokens: OwnTokens::default(),
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
        id: "meituan_shangou",
        name: "美团闪购",
        sister: Some("meituan_waimai"),
        credential_fields: auth::fields(),
        store_fields: Vec::new(),
        capabilities: Capabilities {
            multi_spec: true,
            // Several are taken; how many is not published. Our own limit, so that a form has one.
            pictures: 5,
            group_levels: 2,
            details: true,
            delete: true,
            group_order: true,
            // What a 类目 asks of a product is answered in a form that is not public (fact sheet 17.7).
            categories: true,
            picture_upload: true,
            order_list: false,
            readable_by_code: true,
            batch: batch::BATCH,
            row_batch: batch::BATCH,
            // There is no page of consent: a merchant binds an application in its own console, and a service provider's
            // code comes by a push (fact sheet 2.1).
            pushes: true,
            ..Capabilities::default()
        },
        pace: crate::meituan_open::client::PACE,
        order_prefix: "SG",
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
        let params = read::probe(&self.client(session), layer).await?;
        Ok(Probe::measured(layer, params, &self.gateway, session))
    }

    async fn refresh(&self, session: &Session) -> Result<Option<RefreshedToken>, RemoteError> {
        auth::refresh(&self.client(session)).await
    }

    async fn stores(&self, session: &Session) -> Result<Vec<RemoteStore>, RemoteError> {
        let client = self.client(session);
        let codes = read::shop_codes(&client).await?;
        read::shops(&client, &codes).await
    }

    async fn groups(&self, session: &Session) -> Result<Vec<RemoteGroup>, RemoteError> {
        groups::read(&self.client(session)).await
    }

    async fn listings(&self, session: &Session, cursor: Option<&str>) -> Result<ListingPage, RemoteError> {
        read::listings(&self.client(session), "retail/list", cursor).await
    }

    async fn listing(
        &self,
        session: &Session,
        remote_id: Option<&str>,
        outer_code: &str,
    ) -> Result<Option<RemoteListing>, RemoteError> {
        if outer_code.is_empty() {
            return match remote_id {
                Some(remote_id) => {
                    let fits = |listing: &RemoteListing| listing.remote_id == remote_id;
                    read::find(&self.client(session), "retail/list", fits).await
                }
                None => Ok(None),
            };
        }
        let product = read::product(&self.client(session), "retail/get", "app_spu_code", outer_code).await?;
        Ok(product.map(map::listing))
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
            Ok(answer) => batch::acknowledged(answer)?,
            // It exists already: that is what was wanted.
            Err(RemoteError::Rejected { code, .. }) if code == "1037" || code == "3013" => {}
            Err(error) => return Err(error),
        }
        // The answer names no id. The group exists now, so a failed look only costs its code.
        let groups = self.groups(session).await.unwrap_or_default();
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let id = groups::find(&groups, &names);
        Ok(id.map_or_else(|| map::group_id("", &names), |group| group.remote_id.clone()))
    }

    async fn upload_picture(
        &self,
        session: &Session,
        name: &str,
        jpeg: bytes::Bytes,
    ) -> Result<String, RemoteError> {
        read::upload(&self.client(session), name, &jpeg).await
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
        codes::bind_codes(&self.client(session), CODES, listing, outer_code, sku_codes).await
    }

    async fn set_prices(
        &self,
        session: &Session,
        rows: &[PriceWrite],
    ) -> Result<Vec<WriteOutcome>, RemoteError> {
        batch::prices(&self.client(session), "retail/sku/price", write::NAMES, rows).await
    }

    async fn set_stocks(
        &self,
        session: &Session,
        rows: &[StockWrite],
    ) -> Result<Vec<WriteOutcome>, RemoteError> {
        batch::stocks(&self.client(session), "retail/sku/stock", write::NAMES, rows).await
    }

    async fn orders(&self, session: &Session, cursor: &str) -> Result<OrderBatch, RemoteError> {
        orders::orders(&self.client(session), cursor).await
    }

    async fn order(&self, session: &Session, number: &str) -> Result<RemoteOrder, RemoteError> {
        orders::order(&self.client(session), number).await
    }

    async fn delete(
        &self,
        session: &Session,
        listings: &[ListingRef],
    ) -> Result<Vec<WriteOutcome>, RemoteError> {
        write::delete(&self.client(session), listings).await
    }

    async fn order_groups(&self, session: &Session, places: &[GroupPlace]) -> Result<(), RemoteError> {
        groups::order(&self.client(session), places).await
    }

    async fn categories(&self, session: &Session) -> Result<Vec<RemoteCategory>, RemoteError> {
        groups::categories(&self.client(session)).await
    }

    fn receive(&self, session: &Session, inbound: &Inbound) -> Result<Received, RemoteError> {
        push::receive(session, inbound, self.gateway.now(session))
    }
}
