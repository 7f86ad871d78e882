//! 旺店通, 企业版 and 旗舰版: two gateways of one vendor that share nothing but the words. Which one a merchant has is chosen at
//! the authorization.
//!
//! An order of a number that is there already is changed, not doubled: both editions count new and changed ones apart, and
//! the vendor's page of 旗舰版 says that the push also updates. Orders are looked up by their number in 旗舰版 alone; 企业版
//! answers windows of an hour, in which an order that came later cannot be told from one that is not there. The setting
//! `order_mode` (`lookup`, `idempotent`, `neither`) overrides what is relied on.

mod auth;
mod client;
mod enterprise;
mod flagship;
mod map;
mod refusals;
pub mod sign;
mod wire;

use async_trait::async_trait;
use auth::Edition;
use client::Client;
use connect::erp::{
    Branch, Erp, ErpCapabilities, ErpDescriptor, ErpDocument, ErpOrder, ErpRefund, ErpStock, ItemPage,
    probe_branches,
};
use connect::error::{Layer, RemoteError};
use connect::gateway::Gateway;
use connect::platform::{Probe, RefreshedToken, signature_passed};
use connect::session::Session;
use connect::shanghai;
use connect::walk::Place;
use std::collections::BTreeMap;

/// Rows of a page of shops and goods, in both editions.
const PAGE: usize = 100;
const DAY_MS: i64 = 86_400_000;
/// Goods are told by when they were changed, thirty days at a time; a day less keeps clear of how the ends are counted.
const WINDOW_MS: i64 = 29 * DAY_MS;
/// How far back goods are read where the setting `items_since` (`yyyyMMdd`) says nothing: five years.
const SINCE_MS: i64 = 5 * 365 * DAY_MS;

/// The connector.
pub struct Wangdiantong {
    gateway: Gateway,
    descriptor: ErpDescriptor,
}

impl Wangdiantong {
    /// The connector over a gateway.
    pub fn new(gateway: Gateway) -> Self {
        Self {
            gateway,
            descriptor: ErpDescriptor {
                id: "wangdiantong",
                name: "旺店通（企业版、旗舰版）",
                credential_fields: auth::fields(),
                consent: false,
            },
        }
    }

    fn client<'a>(&'a self, session: &'a Session) -> Client<'a> {
        Client {
            gateway: &self.gateway,
            session,
        }
    }

    async fn goods(&self, session: &Session, place: &Place, now: i64) -> Result<ItemPage, RemoteError> {
        let client = self.client(session);
        match client.edition()? {
            Edition::Enterprise => enterprise::items(&client, place, WINDOW_MS, now).await,
            Edition::Flagship => flagship::items(&client, place, WINDOW_MS, now).await,
        }
    }
}

#[async_trait]
impl Erp for Wangdiantong {
    fn descriptor(&self) -> &ErpDescriptor {
        &self.descriptor
    }

    fn capabilities(&self, session: &Session) -> ErpCapabilities {
        let flagship = matches!(auth::edition(session), Ok(Edition::Flagship));
        let (order_lookup, idempotent_upload) = match session.setting("order_mode", "") {
            "neither" => (false, false),
            "idempotent" => (false, true),
            "lookup" if flagship => (true, false),
            _ => (flagship, true),
        };
        ErpCapabilities {
            order_lookup,
            idempotent_upload,
            orders_per_call: if flagship {
                flagship::BATCH
            } else {
                enterprise::BATCH
            },
        }
    }

    async fn probe(&self, session: &Session, layer: Layer) -> Result<Probe, RemoteError> {
        let mut params = BTreeMap::new();
        match layer {
            Layer::Key => auth::well_formed(session)?,
            Layer::Signature => signature_passed(self.branches(session).await)?,
            Layer::Permission | Layer::Store => {
                let (name, shown) = probe_branches(self, session, layer).await?;
                params.insert(name.to_owned(), shown);
            }
            // An ERP gives no orders; what orders need of it is its items.
            Layer::Orders => {
                let now = self.gateway.now(session);
                let page = self
                    .goods(session, &Place::at(None, now - WINDOW_MS), now)
                    .await?;
                params.insert("items".to_owned(), page.items.len().to_string());
            }
        }
        Ok(Probe::measured(layer, params, &self.gateway, session))
    }

    /// There are no tokens.
    async fn refresh(&self, _session: &Session) -> Result<Option<RefreshedToken>, RemoteError> {
        Ok(None)
    }

    async fn branches(&self, session: &Session) -> Result<Vec<Branch>, RemoteError> {
        let client = self.client(session);
        let edition = client.edition()?;
        let mut branches = Vec::new();
        for page in 0_usize.. {
            let rows = match edition {
                Edition::Enterprise => enterprise::shops(&client, page).await?,
                Edition::Flagship => flagship::shops(&client, page).await?,
            };
            let last = rows.details.0.len() < PAGE;
            branches.extend(rows.details.0.into_iter().map(map::branch));
            if last {
                break;
            }
        }
        Ok(branches)
    }

    async fn items(&self, session: &Session, cursor: Option<&str>) -> Result<ItemPage, RemoteError> {
        let now = self.gateway.now(session);
        let since = shanghai::start_of(session.setting("items_since", "")).unwrap_or(now - SINCE_MS);
        self.goods(session, &Place::at(cursor, since), now).await
    }

    /// Stock of the warehouse that the setting `warehouse_no.<branch>` or `warehouse_no` names, else of all together: which
    /// warehouse delivers for a shop the ERP does not tell.
    async fn stock(&self, session: &Session, codes: &[String]) -> Result<Vec<ErpStock>, RemoteError> {
        let own = format!("warehouse_no.{}", session.remote_id);
        let warehouse = session.setting(&own, session.setting("warehouse_no", ""));
        let client = self.client(session);
        match client.edition()? {
            Edition::Enterprise => enterprise::stock(&client, codes, warehouse).await,
            Edition::Flagship => flagship::stock(&client, codes, warehouse).await,
        }
    }

    async fn push_orders(
        &self,
        session: &Session,
        orders: &[ErpOrder],
    ) -> Vec<Result<ErpDocument, RemoteError>> {
        let client = self.client(session);
        let edition = match client.edition() {
            Ok(edition) => edition,
            Err(error) => return orders.iter().map(|_| Err(error.clone())).collect(),
        };
        let most = self.capabilities(session).orders_per_call;
        let mut outcomes = Vec::with_capacity(orders.len());
        // A call is of one shop.
        for of_shop in orders.chunk_by(|a, b| a.branch == b.branch) {
            for orders in of_shop.chunks(most) {
                let shop = orders.first().map_or("", |order| order.branch.as_str());
                outcomes.extend(match edition {
                    Edition::Enterprise => enterprise::push(&client, shop, orders).await,
                    Edition::Flagship => flagship::push(&client, shop, orders).await,
                });
            }
        }
        outcomes
    }

    async fn push_refund(&self, session: &Session, refund: &ErpRefund) -> Result<ErpDocument, RemoteError> {
        let client = self.client(session);
        let shop = &session.remote_id;
        match client.edition()? {
            Edition::Enterprise => enterprise::refund(&client, shop, refund).await,
            Edition::Flagship => flagship::refund(&client, shop, refund).await,
        }
    }

    async fn find_order(&self, session: &Session, number: &str) -> Result<Option<ErpDocument>, RemoteError> {
        if !self.capabilities(session).order_lookup {
            return Err(RemoteError::Unsupported {
                what: "order_lookup".to_owned(),
            });
        }
        flagship::find(&self.client(session), number).await
    }
}

/// A push names no document of its own; the order's number stands for it.
fn document(number: &str) -> ErpDocument {
    ErpDocument {
        reference: number.to_owned(),
        number: number.to_owned(),
    }
}

/// The stock of each code over the warehouses that were told; codes without a row are left out.
fn summed(rows: &wire::Stocks, codes: &[String]) -> Vec<ErpStock> {
    let of = |code: &String| {
        let own = rows.details.0.iter().filter(|row| row.spec_no.as_str() == code);
        let amounts: Vec<i64> = own.filter_map(map::available).collect();
        (!amounts.is_empty()).then(|| ErpStock {
            code: code.clone(),
            available_milli: amounts.iter().sum(),
        })
    };
    codes.iter().filter_map(of).collect()
}
