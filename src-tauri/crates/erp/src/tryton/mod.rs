//! Tryton 8.2 over JSON-RPC (fact sheet 4): an open ERP on a server of the merchant's own.
//!
//! A branch is a warehouse of the user's company. Every document carries the platform's number as its reference; the
//! server does not mind two with the same one, so a booking looks for it first and goes on where an earlier one stopped:
//! uploading the same order twice makes one document as long as one counter does it.

mod auth;
mod client;
mod map;
mod sales;
mod wire;

use async_trait::async_trait;
use auth::Logins;
use client::Client;
use connect::erp::{
    Branch, Erp, ErpCapabilities, ErpDescriptor, ErpDocument, ErpItem, ErpOrder, ErpRefund, ErpStock,
    ItemPage, one_by_one,
};
use connect::error::{Layer, RemoteError};
use connect::gateway::Gateway;
use connect::platform::{Probe, RefreshedToken};
use connect::session::Session;
use connect::shanghai;
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use wire::{Company, Level, Preferences, Product, Warehouse};

const PRODUCTS: &str = "model.product.product.search_read";
const PRODUCT_FIELDS: [&str; 10] = [
    "code",
    "name",
    "active",
    "salable",
    "default_uom",
    "default_uom.symbol",
    "default_uom.digits",
    "list_price_used",
    "identifiers.type",
    "identifiers.code",
];
/// Items of one page; no limit is known.
const PAGE: usize = 500;
/// Items of one stock question.
const STOCK_BATCH: usize = 200;

/// The connector.
pub struct Tryton {
    gateway: Gateway,
    descriptor: ErpDescriptor,
    logins: Logins,
    shops: Mutex<HashMap<String, Arc<Shop>>>,
}

/// What a login sees: asked once, and again after a failed connection test.
struct Shop {
    company: i64,
    currency: i64,
    /// Warehouse ids by branch code.
    warehouses: BTreeMap<String, i64>,
    /// One party is made at a time.
    parties: tokio::sync::Mutex<()>,
}

impl Shop {
    fn context(&self) -> Value {
        json!({"company": self.company})
    }

    fn warehouse(&self, branch: &str) -> Result<i64, RemoteError> {
        self.warehouses
            .get(branch)
            .copied()
            .ok_or_else(|| RemoteError::Refused {
                layer: Layer::Store,
                text: format!("ERP 中没有启用的仓库 {branch}"),
            })
    }
}

impl Tryton {
    /// The connector over a gateway.
    pub fn new(gateway: Gateway) -> Self {
        Self {
            gateway,
            descriptor: ErpDescriptor {
                id: "tryton",
                name: "Tryton",
                credential_fields: auth::fields(),
                consent: false,
            },
            logins: Logins::default(),
            shops: Mutex::default(),
        }
    }

    fn client<'a>(&'a self, session: &'a Session) -> Client<'a> {
        Client {
            gateway: &self.gateway,
            session,
            logins: &self.logins,
        }
    }

    /// What was asked before, else asked now.
    async fn shop(&self, session: &Session) -> Result<Arc<Shop>, RemoteError> {
        if let Some(shop) = self.shops.lock().get(&session.account) {
            return Ok(shop.clone());
        }
        self.shop_anew(session).await
    }

    async fn shop_anew(&self, session: &Session) -> Result<Arc<Shop>, RemoteError> {
        let client = self.client(session);
        let preferences: Preferences = client
            .read("model.res.user.get_preferences", vec![json!(true)], json!({}))
            .await?;
        let Some(company) = preferences.company else {
            return Err(RemoteError::Refused {
                layer: Layer::Permission,
                text: "这个用户没有选定公司：请在 ERP 的用户设置里选择公司".to_owned(),
            });
        };
        let context = json!({"company": company});
        let companies: Vec<Company> = client
            .read(
                "model.company.company.read",
                vec![json!([company]), json!(["currency"])],
                context.clone(),
            )
            .await?;
        let warehouses = self.warehouses(session, context).await?;
        let shop = Arc::new(Shop {
            company,
            currency: companies.first().map_or(0, |company| company.currency),
            warehouses: warehouses
                .into_iter()
                .map(|warehouse| (warehouse.id, map::branch(warehouse)))
                .filter(|(_, branch)| branch.active)
                .map(|(id, branch)| (branch.code, id))
                .collect(),
            parties: tokio::sync::Mutex::default(),
        });
        self.shops.lock().insert(session.account.clone(), shop.clone());
        Ok(shop)
    }

    async fn warehouses(&self, session: &Session, context: Value) -> Result<Vec<Warehouse>, RemoteError> {
        let domain = json!([["type", "=", "warehouse"], ["active", "in", [true, false]]]);
        let args = vec![
            domain,
            json!(0),
            Value::Null,
            json!([["id", "ASC"]]),
            json!(["name", "code", "active"]),
        ];
        self.client(session)
            .read("model.stock.location.search_read", args, context)
            .await
    }

    async fn products(
        &self,
        session: &Session,
        offset: usize,
        size: usize,
    ) -> Result<Vec<Product>, RemoteError> {
        let shop = self.shop(session).await?;
        let args = vec![
            // Those that were switched off are told too: their codes must not be sold on (F03).
            json!([["active", "in", [true, false]], ["code", "!=", null]]),
            json!(offset),
            json!(size),
            json!([["id", "ASC"]]),
            json!(PRODUCT_FIELDS),
        ];
        self.client(session).read(PRODUCTS, args, shop.context()).await
    }
}

#[async_trait]
impl Erp for Tryton {
    fn descriptor(&self) -> &ErpDescriptor {
        &self.descriptor
    }

    fn capabilities(&self, _session: &Session) -> ErpCapabilities {
        ErpCapabilities {
            order_lookup: true,
            idempotent_upload: true,
            orders_per_call: 1,
        }
    }

    async fn probe(&self, session: &Session, layer: Layer) -> Result<Probe, RemoteError> {
        let mut params = BTreeMap::new();
        match layer {
            Layer::Key => {
                for field in [auth::SERVER, auth::DATABASE, auth::USER, auth::PASSWORD] {
                    session.credentials.need(field)?;
                }
            }
            Layer::Signature => {
                self.logins.forget(&session.account);
                self.client(session).login().await?;
            }
            Layer::Permission => {
                let branches = self.shop_anew(session).await?.warehouses.len();
                params.insert("branches".to_owned(), branches.to_string());
            }
            Layer::Store => {
                self.shop(session).await?.warehouse(&session.remote_id)?;
            }
            // An ERP gives no orders; what orders need of it is its items.
            Layer::Orders => {
                let items = self.products(session, 0, 1).await?.len();
                params.insert("items".to_owned(), items.to_string());
            }
        }
        Ok(Probe::measured(layer, params, &self.gateway, session))
    }

    /// The password logs in again by itself; there is no token to renew.
    async fn refresh(&self, _session: &Session) -> Result<Option<RefreshedToken>, RemoteError> {
        Ok(None)
    }

    async fn branches(&self, session: &Session) -> Result<Vec<Branch>, RemoteError> {
        let shop = self.shop_anew(session).await?;
        let warehouses = self.warehouses(session, shop.context()).await?;
        Ok(warehouses.into_iter().map(map::branch).collect())
    }

    async fn items(&self, session: &Session, cursor: Option<&str>) -> Result<ItemPage, RemoteError> {
        let offset: usize = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
        let rows = self.products(session, offset, PAGE).await?;
        let next = (rows.len() >= PAGE).then(|| (offset + PAGE).to_string());
        let items: Vec<ErpItem> = rows.into_iter().map(map::item).collect();
        Ok(ItemPage { items, next })
    }

    async fn stock(&self, session: &Session, codes: &[String]) -> Result<Vec<ErpStock>, RemoteError> {
        let shop = self.shop(session).await?;
        let mut context = shop.context();
        context["locations"] = json!([shop.warehouse(&session.remote_id)?]);
        // The shop's day: by the server's a shipment after midnight would be missed.
        context["stock_date_end"] = wire::date(&shanghai::day(self.gateway.now(session)));
        let mut all = Vec::new();
        for codes in codes.chunks(STOCK_BATCH) {
            let args = vec![
                json!([["code", "in", codes]]),
                json!(0),
                Value::Null,
                Value::Null,
                json!(["code", "quantity", "forecast_quantity"]),
            ];
            let rows: Vec<Level> = self.client(session).read(PRODUCTS, args, context.clone()).await?;
            all.extend(rows.iter().map(map::stock));
        }
        Ok(all)
    }

    async fn push_orders(
        &self,
        session: &Session,
        orders: &[ErpOrder],
    ) -> Vec<Result<ErpDocument, RemoteError>> {
        one_by_one(orders, |order| async move {
            let shop = self.shop(session).await?;
            sales::book_order(&self.client(session), &shop, order).await
        })
        .await
    }

    async fn push_refund(&self, session: &Session, refund: &ErpRefund) -> Result<ErpDocument, RemoteError> {
        let shop = self.shop(session).await?;
        let today = shanghai::day(self.gateway.now(session));
        sales::book_refund(&self.client(session), &shop, refund, &today).await
    }

    /// One that stopped on its way is not told: booking it again takes it further.
    async fn find_order(&self, session: &Session, number: &str) -> Result<Option<ErpDocument>, RemoteError> {
        let shop = self.shop(session).await?;
        let found = sales::find(&self.client(session), &shop, number).await?;
        Ok(found
            .filter(sales::is_booked)
            .map(|sale| sales::document(number, &sale)))
    }
}
