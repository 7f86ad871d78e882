//! Family B, MTOp: one POST form, business fields as JSON text in `biz`, SHA-1 `sign` (fact sheet 2.2, 3.2, 4 and 6).
//!
//! `businessId` 2 is 外卖 with taking orders (`/waimai/*`), 16 without (`/wmoper/*`): other paths for the same things.

mod client;
mod goods;
mod grant;
mod listed;
mod orders;

pub(super) use client::{Client, well_formed};
pub(super) use goods::{
    bind_codes, create_group, delete, find, groups, listings, order_groups, prices, stocks, upload, write,
};
pub(super) use grant::{consent, receive, redeem};

use connect::error::{Layer, RemoteError};
use connect::platform::{OrderBatch, signature_passed};
use std::collections::BTreeMap;

/// Tests one layer; what was measured.
pub(super) async fn probe(
    client: &Client<'_>,
    layer: Layer,
) -> Result<BTreeMap<String, String>, RemoteError> {
    let mut params = BTreeMap::new();
    match layer {
        Layer::Key => well_formed(client.session)?,
        Layer::Signature => signature_passed(client.heartbeat().await)?,
        Layer::Permission => client.heartbeat().await?,
        Layer::Store => {
            let wanted = client.shop()?;
            let shops = client.shops(wanted).await?;
            let Some(shop) = shops.into_iter().find(|shop| shop.remote_id == wanted) else {
                return Err(RemoteError::Refused {
                    layer: Layer::Store,
                    text: format!("授权里没有门店 {wanted}"),
                });
            };
            params.insert("name".to_owned(), shop.name);
        }
        Layer::Orders => {
            let orders = if client.takes_orders() {
                orders::readable(client).await?
            } else {
                listed::readable(client).await?
            };
            params.insert("orders".to_owned(), orders.to_string());
        }
    }
    Ok(params)
}

/// Orders since the cursor.
pub(super) async fn pull(client: &Client<'_>, cursor: &str) -> Result<OrderBatch, RemoteError> {
    if client.takes_orders() {
        crate::meituan_open::orders::orders(client, cursor).await
    } else {
        listed::orders(client, cursor).await
    }
}
