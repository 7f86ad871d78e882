//! 美团外卖: restaurants, by one of two protocol families (fact sheet 1).
//!
//! Which one an account speaks follows from its keys: `app_id` and `app_secret` of an application of the merchant's own
//! mean family A (`food*`), `developerId`, `signKey` and `appAuthToken` of a vendor mean family B (MTOp). One picture,
//! groups of one level, no list of orders except without taking orders (businessId 16). Settings of the account: `family`
//! (where both keys are there), `first_pull_days`, `calls_per_second`, and for what is uncertain of family B `push_reply`
//! and `mtop_code.<CODE>`.

mod auth;
mod classic;
mod food;
mod mtop;

use crate::meituan_open::client::{Client, OwnTokens};
use crate::meituan_open::{auth as tokens, batch, codes, map, orders, push, read};
use async_trait::async_trait;
use auth::Family;
use connect::error::{Layer, RemoteError};
use connect::gateway::Gateway;
use connect::platform::{
    Capabilities, ConsentAnswer, Descriptor, GroupPlace, Inbound, ListingPage, ListingRef, ListingWrite,
    OrderBatch, Platform, PriceWrite, Probe, Received, RefreshedToken, RemoteGroup, RemoteListing,
    RemoteOrder, RemoteSku, RemoteStore, StockWrite, WriteOutcome, at_most,
};
use connect::session::Session;
use domain::store::PACKING_FEE_FIELD;
use std::collections::BTreeMap;
use url::Url;

/// The connector.
pub struct MeituanWaimai {
    gateway: Gateway,
    descriptor: Descriptor,
    tokens: OwnTokens,
}

/// One session's calls in its family.
enum Way<'a> {
    Classic(Client<'a>),
    Mtop(mtop::Client<'a>),
}

impl MeituanWaimai {
    /// The connector over a gateway.
    pub fn new(gateway: Gateway) -> Self {
        Self {
            gateway,
            descriptor: descriptor(),
            tokens: OwnTokens::default(),
        }
    }

    fn way<'a>(&'a self, session: &'a Session) -> Result<Way<'a>, RemoteError> {
        let gateway = &self.gateway;
        Ok(match auth::family(session)? {
            Family::Classic => Way::Classic(Client {
                gateway,
                session,
                tokens: &self.tokens,
            }),
            Family::Mtop => Way::Mtop(mtop::Client { gateway, session }),
        })
    }

    /// Asks of one layer, with what is wrong about a store of the sister platform.
    async fn ask(&self, way: &Way<'_>, layer: Layer) -> Result<BTreeMap<String, String>, RemoteError> {
        let client = match way {
            Way::Mtop(client) => return mtop::probe(client, layer).await,
            Way::Classic(client) => client,
        };
        let asked = read::probe(client, layer).await;
        if let (Layer::Store, Err(error)) = (layer, asked.as_ref()) {
            // One that is not among ours may be known there as the sister platform's.
            return Err(
                match auth::explain_store(client, &client.session.remote_id).await {
                    Err(told) if told.text().contains(auth::NOT_CATERING) => told,
                    _ => error.clone(),
                },
            );
        }
        let params = asked?;
        match layer {
            Layer::Permission => {
                // Any store shows what the application may do; one without a store is not at fault.
                let stores = read::shop_codes(client).await?;
                let wanted = &client.session.remote_id;
                let shop = stores.iter().find(|shop| *shop == wanted).or(stores.first());
                if let Some(shop) = shop {
                    auth::explain_store(client, shop).await?;
                }
            }
            Layer::Store => auth::explain_store(client, &client.session.remote_id).await?,
            Layer::Key | Layer::Signature | Layer::Orders => {}
        }
        Ok(params)
    }
}

fn descriptor() -> Descriptor {
    Descriptor {
        id: "meituan_waimai",
        name: "美团外卖",
        sister: Some("meituan_shangou"),
        credential_fields: auth::fields(),
        store_fields: vec![PACKING_FEE_FIELD],
        capabilities: Capabilities {
            multi_spec: true,
            // F33: one is shown.
            pictures: 1,
            group_levels: 1,
            // A description of up to 255 characters; detail pictures and selling points are not taken over (F33).
            details: true,
            packing_fee: true,
            delete: true,
            group_order: true,
            picture_upload: true,
            order_list: false,
            readable_by_code: true,
            batch: batch::BATCH,
            row_batch: batch::BATCH,
            consent: true,
            pushes: true,
            ..Capabilities::default()
        },
        pace: crate::meituan_open::client::PACE,
        order_prefix: "MT",
        facts: vec![
            ("orders_by", "day_seq".to_owned()),
            ("clock_window_s", "600".to_owned()),
        ],
        rules: include_str!("../../../../../assets/rules/meituan_waimai.toml"),
    }
}

/// Groups have one level.
fn lone(path: &[String]) -> Result<&str, RemoteError> {
    match path {
        [name] => Ok(name),
        _ => Err(RemoteError::Unsupported {
            what: "groups of other than one level".to_owned(),
        }),
    }
}

#[async_trait]
impl Platform for MeituanWaimai {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn probe(&self, session: &Session, layer: Layer) -> Result<Probe, RemoteError> {
        let way = self.way(session)?;
        let params = match self.ask(&way, layer).await {
            Ok(params) => params,
            Err(error) if layer == Layer::Signature => {
                let family = auth::family(session)?;
                return Err(auth::explain_key(&self.gateway, session, family, error).await);
            }
            Err(error) => return Err(error),
        };
        Ok(Probe::measured(layer, params, &self.gateway, session))
    }

    /// Family B's token does not end by itself: asking only tells whether another device has taken the shop (F32).
    async fn refresh(&self, session: &Session) -> Result<Option<RefreshedToken>, RemoteError> {
        match self.way(session)? {
            Way::Classic(client) => tokens::refresh(&client).await,
            Way::Mtop(client) => client.heartbeat().await.map(|()| None),
        }
    }

    async fn stores(&self, session: &Session) -> Result<Vec<RemoteStore>, RemoteError> {
        match self.way(session)? {
            Way::Classic(client) => {
                let codes = read::shop_codes(&client).await?;
                read::shops(&client, &codes).await
            }
            Way::Mtop(client) => client.stores().await,
        }
    }

    async fn groups(&self, session: &Session) -> Result<Vec<RemoteGroup>, RemoteError> {
        match self.way(session)? {
            Way::Classic(client) => classic::groups(&client).await,
            Way::Mtop(client) => mtop::groups(&client).await,
        }
    }

    async fn listings(&self, session: &Session, cursor: Option<&str>) -> Result<ListingPage, RemoteError> {
        match self.way(session)? {
            Way::Classic(client) => read::listings(&client, "food/list", cursor).await,
            Way::Mtop(client) => mtop::listings(&client, cursor).await,
        }
    }

    async fn listing(
        &self,
        session: &Session,
        remote_id: Option<&str>,
        outer_code: &str,
    ) -> Result<Option<RemoteListing>, RemoteError> {
        let fits = |listing: &RemoteListing| {
            if outer_code.is_empty() {
                Some(listing.remote_id.as_str()) == remote_id
            } else {
                listing.outer_code == outer_code
            }
        };
        if outer_code.is_empty() && remote_id.is_none() {
            return Ok(None);
        }
        match self.way(session)? {
            Way::Classic(client) if outer_code.is_empty() => read::find(&client, "food/list", fits).await,
            Way::Classic(client) => {
                let product = read::product(&client, "food/get", "app_food_code", outer_code).await?;
                Ok(product.map(map::listing))
            }
            Way::Mtop(client) => mtop::find(&client, fits).await,
        }
    }

    async fn create_group(
        &self,
        session: &Session,
        path: &[String],
        sequence: i64,
    ) -> Result<String, RemoteError> {
        let name = lone(path)?;
        match self.way(session)? {
            Way::Classic(client) => classic::create_group(&client, name, sequence).await,
            Way::Mtop(client) => mtop::create_group(&client, name, sequence).await,
        }
    }

    async fn upload_picture(
        &self,
        session: &Session,
        name: &str,
        jpeg: bytes::Bytes,
    ) -> Result<String, RemoteError> {
        match self.way(session)? {
            Way::Classic(client) => read::upload(&client, name, &jpeg).await,
            Way::Mtop(client) => mtop::upload(&client, name, &jpeg).await,
        }
    }

    async fn write(
        &self,
        session: &Session,
        products: &[ListingWrite],
    ) -> Result<Vec<WriteOutcome>, RemoteError> {
        match self.way(session)? {
            Way::Classic(client) => classic::write(&client, products).await,
            Way::Mtop(client) => mtop::write(&client, products).await,
        }
    }

    async fn bind_codes(
        &self,
        session: &Session,
        listing: &RemoteListing,
        outer_code: &str,
        sku_codes: &[(RemoteSku, String)],
    ) -> Result<(), RemoteError> {
        match self.way(session)? {
            Way::Classic(client) => {
                codes::bind_codes(&client, classic::CODES, listing, outer_code, sku_codes).await
            }
            Way::Mtop(client) => mtop::bind_codes(&client, listing, outer_code, sku_codes).await,
        }
    }

    async fn set_prices(
        &self,
        session: &Session,
        rows: &[PriceWrite],
    ) -> Result<Vec<WriteOutcome>, RemoteError> {
        match self.way(session)? {
            Way::Classic(client) => batch::prices(&client, "food/sku/price", classic::NAMES, rows).await,
            Way::Mtop(client) => mtop::prices(&client, rows).await,
        }
    }

    async fn set_stocks(
        &self,
        session: &Session,
        rows: &[StockWrite],
    ) -> Result<Vec<WriteOutcome>, RemoteError> {
        match self.way(session)? {
            Way::Classic(client) => batch::stocks(&client, "food/sku/stock", classic::NAMES, rows).await,
            Way::Mtop(client) => mtop::stocks(&client, rows).await,
        }
    }

    async fn orders(&self, session: &Session, cursor: &str) -> Result<OrderBatch, RemoteError> {
        match self.way(session)? {
            Way::Classic(client) => orders::orders(&client, cursor).await,
            Way::Mtop(client) => mtop::pull(&client, cursor).await,
        }
    }

    async fn order(&self, session: &Session, number: &str) -> Result<RemoteOrder, RemoteError> {
        match self.way(session)? {
            Way::Classic(client) => orders::order(&client, number).await,
            Way::Mtop(client) => orders::order(&client, number).await,
        }
    }

    /// One call each: both families name a product by our code, so one without any stays.
    async fn delete(
        &self,
        session: &Session,
        listings: &[ListingRef],
    ) -> Result<Vec<WriteOutcome>, RemoteError> {
        at_most(listings.len(), batch::BATCH)?;
        let way = self.way(session)?;
        let mut outcomes = Vec::with_capacity(listings.len());
        for listing in listings {
            let gone = match &way {
                _ if listing.outer_code.is_empty() => Err(RemoteError::Rejected {
                    code: String::new(),
                    text: "app_food_code字段为空".to_owned(),
                }),
                Way::Classic(client) => classic::delete(client, listing).await,
                Way::Mtop(client) => mtop::delete(client, listing).await,
            };
            outcomes.push(match gone {
                Err(RemoteError::Rejected { code, text })
                    if !text.contains("商品不存在") && code != "805" =>
                {
                    WriteOutcome::Rejected { code, text }
                }
                Ok(()) | Err(RemoteError::Rejected { .. }) => WriteOutcome::Accepted { remote_id: None },
                // What was told already is kept only by reading back: the call as a whole is open.
                Err(error) => return Err(error),
            });
        }
        Ok(outcomes)
    }

    async fn order_groups(&self, session: &Session, groups: &[GroupPlace]) -> Result<(), RemoteError> {
        match self.way(session)? {
            Way::Classic(client) => classic::order_groups(&client, groups).await,
            Way::Mtop(client) => mtop::order_groups(&client, groups).await,
        }
    }

    /// Family B has a page on which a shop is mapped; an application of family A is bound in the merchant's own console.
    fn consent(&self, session: &Session, return_to: &Url, state: &str) -> Result<Url, RemoteError> {
        match self.way(session)? {
            Way::Classic(_) => Err(RemoteError::Unsupported {
                what: "consent (app_id)".to_owned(),
            }),
            Way::Mtop(client) => mtop::consent(&client, return_to, state),
        }
    }

    async fn redeem(
        &self,
        _session: &Session,
        answer: &ConsentAnswer,
        _return_to: &Url,
    ) -> Result<RefreshedToken, RemoteError> {
        mtop::redeem(answer)
    }

    fn receive(&self, session: &Session, inbound: &Inbound) -> Result<Received, RemoteError> {
        match auth::family(session)? {
            Family::Classic => push::receive(session, inbound, self.gateway.now(session)),
            Family::Mtop => mtop::receive(session, inbound),
        }
    }
}
