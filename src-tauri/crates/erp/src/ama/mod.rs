//! 乐檬 AMA (nhsoft): REST with a bearer token, no request signature.
//!
//! Whether an order can be looked up, or an upload repeated without a second document, the vendor's public facts do
//! not tell: the setting `order_mode` says what the merchant's AMA does (`lookup`, `idempotent`, `neither`).

mod auth;
mod client;
mod map;
pub mod sign;
mod wire;

use async_trait::async_trait;
use client::Client;
use connect::erp::{
    Branch, Erp, ErpCapabilities, ErpDescriptor, ErpDocument, ErpItem, ErpOrder, ErpRefund, ErpStock,
    ItemPage, one_by_one, probe_branches,
};
use connect::error::{Layer, RemoteError};
use connect::gateway::Gateway;
use connect::platform::{Probe, RefreshedToken};
use connect::session::Session;
use connect::wire::List;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

const BRANCHES: &str = "nhsoft.amazon.branch.list";
const ITEMS: &str = "nhsoft.amazon.basic.item.find";
const STOCK: &str = "nhsoft.amazon.inventory.inventory.find";
const UPLOAD: &str = "nhsoft.oms.saleorder.upload";
const REFUND: &str = "nhsoft.oms.refundorder.upload";
/// Not in the vendor's public SDK: assumed, and used only with `order_mode` = `lookup`.
const FIND: &str = "nhsoft.oms.saleorder.find";
/// Most items of one page (fact sheet 3).
const PAGE: usize = 1000;
/// Items of one stock question; no limit is published.
const STOCK_BATCH: usize = 200;

/// The connector.
pub struct Ama {
    gateway: Gateway,
    descriptor: ErpDescriptor,
}

impl Ama {
    /// The connector over a gateway.
    pub fn new(gateway: Gateway) -> Self {
        Self {
            gateway,
            descriptor: ErpDescriptor {
                id: "ama",
                name: "乐檬 AMA",
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

    async fn item_rows(
        &self,
        session: &Session,
        page: usize,
        size: usize,
    ) -> Result<Vec<wire::Item>, RemoteError> {
        let params = vec![("page_no", page.to_string()), ("page_size", size.to_string())];
        let rows: List<wire::Item> = self.client(session).get(ITEMS, params).await?;
        Ok(rows.0)
    }

    /// `item_num` by the code the library uses.
    async fn item_nums(
        &self,
        session: &Session,
        codes: &[String],
    ) -> Result<HashMap<String, String>, RemoteError> {
        if !map::by_item_code(session) {
            return Ok(codes.iter().map(|code| (code.clone(), code.clone())).collect());
        }
        let params = vec![
            ("item_codes", codes.join(",")),
            ("page_no", "1".to_owned()),
            ("page_size", PAGE.to_string()),
        ];
        let rows: List<wire::Item> = self.client(session).get(ITEMS, params).await?;
        let pairs = rows.0.into_iter().map(|item| (item.item_num.0, item.item_code.0));
        Ok(pairs.filter(|(_, code)| codes.contains(code)).collect())
    }
}

#[async_trait]
impl Erp for Ama {
    fn descriptor(&self) -> &ErpDescriptor {
        &self.descriptor
    }

    fn capabilities(&self, session: &Session) -> ErpCapabilities {
        let mode = session.setting("order_mode", "neither");
        ErpCapabilities {
            order_lookup: mode == "lookup",
            idempotent_upload: mode == "idempotent",
            // The upload takes one order.
            orders_per_call: 1,
        }
    }

    async fn probe(&self, session: &Session, layer: Layer) -> Result<Probe, RemoteError> {
        let mut params = BTreeMap::new();
        match layer {
            Layer::Key => auth::well_formed(session)?,
            // There is no signature: the token stands for it. Refused for rights means that it was accepted.
            Layer::Signature => match self.branches(session).await {
                Ok(_)
                | Err(
                    RemoteError::Refused {
                        layer: Layer::Permission,
                        ..
                    }
                    | RemoteError::Rejected { .. },
                ) => {}
                Err(error) => return Err(error),
            },
            Layer::Permission | Layer::Store => {
                let (name, shown) = probe_branches(self, session, layer).await?;
                params.insert(name.to_owned(), shown);
            }
            // An ERP gives no orders; what orders need of it is its items.
            Layer::Orders => {
                let items = self.item_rows(session, 1, 1).await?.len();
                params.insert("items".to_owned(), items.to_string());
            }
        }
        Ok(Probe::measured(layer, params, &self.gateway, session))
    }

    async fn refresh(&self, session: &Session) -> Result<Option<RefreshedToken>, RemoteError> {
        auth::refresh(&self.client(session)).await
    }

    async fn branches(&self, session: &Session) -> Result<Vec<Branch>, RemoteError> {
        let rows: List<wire::Branch> = self.client(session).get(BRANCHES, Vec::new()).await?;
        Ok(rows.0.into_iter().map(map::branch).collect())
    }

    async fn items(&self, session: &Session, cursor: Option<&str>) -> Result<ItemPage, RemoteError> {
        let page: usize = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(1);
        let rows = self.item_rows(session, page, PAGE).await?;
        let next = (rows.len() >= PAGE).then(|| (page + 1).to_string());
        let items: Vec<ErpItem> = rows.into_iter().map(|row| map::item(row, session)).collect();
        Ok(ItemPage { items, next })
    }

    async fn stock(&self, session: &Session, codes: &[String]) -> Result<Vec<ErpStock>, RemoteError> {
        let storehouse = session.setting("storehouse_num", &session.remote_id);
        let mut all = Vec::new();
        for codes in codes.chunks(STOCK_BATCH) {
            let nums = self.item_nums(session, codes).await?;
            if nums.is_empty() {
                continue;
            }
            let body = json!({"storehouse_num": storehouse, "item_nums": nums.keys().collect::<Vec<_>>()});
            let rows: List<wire::Stock> = self.client(session).ask(STOCK, &body).await?;
            all.extend(rows.0.iter().filter_map(|row| {
                Some(ErpStock {
                    code: nums.get(row.item_num.as_str())?.clone(),
                    available_milli: map::available(row)?,
                })
            }));
        }
        Ok(all)
    }

    async fn push_orders(
        &self,
        session: &Session,
        orders: &[ErpOrder],
    ) -> Vec<Result<ErpDocument, RemoteError>> {
        one_by_one(orders, |order| async move {
            let body = map::order(order, session);
            let result = self.client(session).post(UPLOAD, &body).await?;
            Ok(map::document(&result, &order.number))
        })
        .await
    }

    async fn push_refund(&self, session: &Session, refund: &ErpRefund) -> Result<ErpDocument, RemoteError> {
        let body = map::refund(refund, session);
        let result = self.client(session).post(REFUND, &body).await?;
        Ok(map::document(&result, &refund.number))
    }

    async fn find_order(&self, session: &Session, number: &str) -> Result<Option<ErpDocument>, RemoteError> {
        if !self.capabilities(session).order_lookup {
            return Err(RemoteError::Unsupported {
                what: "order_lookup".to_owned(),
            });
        }
        let body = json!({"platform_order_ids": [number]});
        let rows: List<wire::Document> = self.client(session).ask(FIND, &body).await?;
        let row = rows
            .0
            .into_iter()
            .find(|row| row.platform_order_id.as_str() == number);
        Ok(row.map(|row| ErpDocument {
            reference: number.to_owned(),
            number: if row.order_no.is_empty() {
                number.to_owned()
            } else {
                row.order_no.0
            },
        }))
    }
}
