//! 聚水潭 at the openweb gateway: forms with the business part as JSON text, signed by MD5.
//!
//! An order is looked up by its number (`so_ids`). Whether a second upload of the same number changes the first document or
//! makes another, the vendor's public facts do not tell, so it is not relied on; the setting `order_mode` (`lookup`,
//! `idempotent`, `neither`) says what a merchant's account does. Only shops of the kinds 自建商城, 线下 and B2B take orders.
//! Whether the `state` of the page of consent takes part in its signature is not told either: it is signed as every parameter
//! is.

mod auth;
mod client;
mod map;
mod refusals;
pub mod sign;
mod wire;

use async_trait::async_trait;
use auth::Tokens;
use client::Client;
use connect::erp::{
    Branch, Erp, ErpCapabilities, ErpDescriptor, ErpDocument, ErpOrder, ErpRefund, ErpStock, ItemPage, only,
    probe_branches,
};
use connect::error::{Layer, RemoteError};
use connect::gateway::Gateway;
use connect::platform::{ConsentAnswer, Probe, RefreshedToken, signature_passed};
use connect::session::Session;
use connect::shanghai;
use connect::walk::Place;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use url::Url;

const SHOPS: &str = "open/shops/query";
const ITEMS: &str = "open/sku/query";
const STOCK: &str = "open/inventory/query";
const UPLOAD: &str = "open/jushuitan/orders/upload";
const ORDERS: &str = "open/orders/single/query";
const AFTER_SALE: &str = "open/aftersale/upload";
/// Rows of a page: shops, items, stock (fact sheet 1.4).
const SHOP_PAGE: i64 = 100;
const ITEM_PAGE: i64 = 50;
const STOCK_PAGE: usize = 100;
/// Orders of one upload.
const BATCH: usize = 50;
const DAY_MS: i64 = 86_400_000;
/// Items are only told by when they were changed, seven days at a time; the end is rounded up to whole seconds.
const WINDOW_MS: i64 = 7 * DAY_MS - 1000;
/// How far back items are read where the setting `items_since` (`yyyyMMdd`) says nothing: five years.
const SINCE_MS: i64 = 5 * 365 * DAY_MS;

/// The connector.
pub struct Jushuitan {
    gateway: Gateway,
    descriptor: ErpDescriptor,
    tokens: Tokens,
}

impl Jushuitan {
    /// The connector over a gateway.
    pub fn new(gateway: Gateway) -> Self {
        Self {
            gateway,
            descriptor: ErpDescriptor {
                id: "jushuitan",
                name: "聚水潭",
                credential_fields: auth::fields(),
                consent: true,
            },
            tokens: Tokens::default(),
        }
    }

    fn client<'a>(&'a self, session: &'a Session) -> Client<'a> {
        Client {
            gateway: &self.gateway,
            session,
            tokens: &self.tokens,
        }
    }

    /// What an upload says of each row, by the key that `key` takes from it. A row it says nothing of has no known outcome.
    fn outcomes(
        rows: &[wire::Row],
        wanted: &[&str],
        key: fn(&wire::Row) -> &str,
        number: fn(&wire::Row) -> &str,
    ) -> Vec<Result<ErpDocument, RemoteError>> {
        let of = |reference: &str| {
            let row = rows.iter().find(|row| key(row) == reference);
            let Some(row) = row else {
                return Err(RemoteError::Malformed {
                    raw: format!("the answer has no row for {reference}"),
                });
            };
            if !matches!(row.issuccess.as_str(), "true" | "1") {
                return Err(RemoteError::Rejected {
                    code: String::new(),
                    text: row.msg.0.clone(),
                });
            }
            Ok(ErpDocument {
                reference: reference.to_owned(),
                number: Some(number(row))
                    .filter(|text| !text.is_empty())
                    .unwrap_or(reference)
                    .to_owned(),
            })
        };
        wanted.iter().map(|reference| of(reference)).collect()
    }

    /// One upload of orders that all can be written down.
    async fn upload(
        &self,
        session: &Session,
        bodies: Vec<Value>,
        numbers: &[&str],
    ) -> Vec<Result<ErpDocument, RemoteError>> {
        let answer: Result<wire::Rows, _> = self.client(session).change(UPLOAD, &Value::Array(bodies)).await;
        match answer {
            Ok(rows) => Self::outcomes(
                &rows.datas.0,
                numbers,
                |row| row.so_id.as_str(),
                |row| row.o_id.as_str(),
            ),
            Err(error) => numbers.iter().map(|_| Err(error.clone())).collect(),
        }
    }
}

#[async_trait]
impl Erp for Jushuitan {
    fn descriptor(&self) -> &ErpDescriptor {
        &self.descriptor
    }

    fn capabilities(&self, session: &Session) -> ErpCapabilities {
        let mode = session.setting("order_mode", "lookup");
        ErpCapabilities {
            order_lookup: mode == "lookup",
            idempotent_upload: mode == "idempotent",
            orders_per_call: BATCH,
        }
    }

    async fn probe(&self, session: &Session, layer: Layer) -> Result<Probe, RemoteError> {
        let mut params = BTreeMap::new();
        match layer {
            Layer::Key => auth::well_formed(session)?,
            Layer::Signature => match self.branches(session).await {
                // A token is only looked at once the signature is good, but it is what everything else hangs on.
                Err(error @ RemoteError::Expired { .. }) => return Err(error),
                answer => signature_passed(answer)?,
            },
            Layer::Permission | Layer::Store => {
                let (name, shown) = probe_branches(self, session, layer).await?;
                params.insert(name.to_owned(), shown);
            }
            // An ERP gives no orders; what orders need of it is its items.
            Layer::Orders => {
                let now = self.gateway.now(session);
                let page = self
                    .item_page(session, &Place::at(None, now - WINDOW_MS), now)
                    .await?;
                params.insert("items".to_owned(), page.datas.0.len().to_string());
            }
        }
        Ok(Probe::measured(layer, params, &self.gateway, session))
    }

    async fn refresh(&self, session: &Session) -> Result<Option<RefreshedToken>, RemoteError> {
        auth::refresh(&self.client(session)).await
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

    async fn branches(&self, session: &Session) -> Result<Vec<Branch>, RemoteError> {
        let mut branches = Vec::new();
        for page in 1_i64.. {
            let biz = json!({"page_index": page, "page_size": SHOP_PAGE});
            let rows: wire::Page<wire::Shop> = self.client(session).ask(SHOPS, &biz).await?;
            let more = rows.has_next.as_str() == "true" && !rows.datas.0.is_empty();
            branches.extend(rows.datas.0.into_iter().map(|shop| Branch {
                code: shop.shop_id.0,
                name: shop.shop_name.0,
                // Shops that are closed are not told apart.
                active: true,
            }));
            if !more {
                break;
            }
        }
        Ok(branches)
    }

    async fn items(&self, session: &Session, cursor: Option<&str>) -> Result<ItemPage, RemoteError> {
        let now = self.gateway.now(session);
        let since = shanghai::start_of(session.setting("items_since", "")).unwrap_or(now - SINCE_MS);
        let place = Place::at(cursor, since);
        let page = self.item_page(session, &place, now).await?;
        let pages = usize::try_from(page.page_count.or_zero()).unwrap_or(0);
        let (counts, next) = place.next(pages, WINDOW_MS, now);
        let items = if counts {
            page.datas.0.into_iter().map(map::item).collect()
        } else {
            Vec::new()
        };
        Ok(ItemPage { items, next })
    }

    /// Stock of the warehouse that the setting `wms_co_id.<branch>` or `wms_co_id` names, else of all together: which
    /// warehouse delivers for a shop the ERP does not tell.
    async fn stock(&self, session: &Session, codes: &[String]) -> Result<Vec<ErpStock>, RemoteError> {
        let own = format!("wms_co_id.{}", session.remote_id);
        let warehouse = session.setting(&own, session.setting("wms_co_id", "0"));
        // Codes are listed by comma: one with a comma in it cannot be asked for.
        let codes: Vec<&str> = codes
            .iter()
            .map(String::as_str)
            .filter(|code| !code.contains(',') && !code.is_empty())
            .collect();
        let mut all = Vec::new();
        for codes in codes.chunks(STOCK_PAGE) {
            let biz = json!({
                "wms_co_id": map::shop(warehouse), "sku_ids": codes.join(","),
                "page_index": 1, "page_size": STOCK_PAGE,
            });
            let rows: wire::Page<wire::Stock> = self.client(session).ask(STOCK, &biz).await?;
            all.extend(rows.datas.0.iter().map(|row| ErpStock {
                code: row.sku_id.0.clone(),
                available_milli: map::available(row),
            }));
        }
        Ok(all)
    }

    async fn push_orders(
        &self,
        session: &Session,
        orders: &[ErpOrder],
    ) -> Vec<Result<ErpDocument, RemoteError>> {
        let mut outcomes = Vec::with_capacity(orders.len());
        for orders in orders.chunks(BATCH) {
            let (mut bodies, mut numbers, mut refused) = (Vec::new(), Vec::new(), BTreeMap::new());
            for (at, order) in orders.iter().enumerate() {
                match map::order(order) {
                    Ok(body) => {
                        bodies.push(body);
                        numbers.push(order.number.as_str());
                    }
                    Err(error) => {
                        refused.insert(at, error);
                    }
                }
            }
            let mut sent = if bodies.is_empty() {
                Vec::new()
            } else {
                self.upload(session, bodies, &numbers).await
            }
            .into_iter();
            for at in 0..orders.len() {
                let missing = || RemoteError::Malformed {
                    raw: "no outcome".to_owned(),
                };
                outcomes.push(match refused.remove(&at) {
                    Some(error) => Err(error),
                    None => sent.next().unwrap_or_else(|| Err(missing())),
                });
            }
        }
        outcomes
    }

    async fn push_refund(&self, session: &Session, refund: &ErpRefund) -> Result<ErpDocument, RemoteError> {
        let body = map::refund(refund, &session.remote_id)?;
        let rows: wire::Rows = self.client(session).change(AFTER_SALE, &json!([body])).await?;
        let outcomes = Self::outcomes(
            &rows.datas.0,
            &[&refund.number],
            |row| row.outer_as_id.as_str(),
            |row| row.as_id.as_str(),
        );
        only(outcomes)
    }

    async fn find_order(&self, session: &Session, number: &str) -> Result<Option<ErpDocument>, RemoteError> {
        if !self.capabilities(session).order_lookup {
            return Err(RemoteError::Unsupported {
                what: "order_lookup".to_owned(),
            });
        }
        let biz = json!({"so_ids": [number], "page_index": 1, "page_size": 50});
        let rows: wire::Page<wire::Order> = self.client(session).ask(ORDERS, &biz).await?;
        // A number is unique within a shop only.
        let ours = |row: &wire::Order| {
            row.so_id.as_str() == number
                && (row.shop_id.is_empty()
                    || session.remote_id.is_empty()
                    || row.shop_id.as_str() == session.remote_id)
        };
        Ok(rows.datas.0.into_iter().find(ours).map(|row| ErpDocument {
            reference: number.to_owned(),
            number: if row.o_id.is_empty() {
                number.to_owned()
            } else {
                row.o_id.0
            },
        }))
    }
}

impl Jushuitan {
    async fn item_page(
        &self,
        session: &Session,
        place: &Place,
        now: i64,
    ) -> Result<wire::Page<wire::Sku>, RemoteError> {
        let biz = json!({
            "page_index": place.page(), "page_size": ITEM_PAGE,
            "modified_begin": shanghai::time(place.from),
            "modified_end": shanghai::time(place.until(WINDOW_MS, now) + 999),
        });
        self.client(session).ask(ITEMS, &biz).await
    }
}
