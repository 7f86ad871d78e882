//! The calls of 企业版 (fact sheet 2.3).

use super::client::Client;
use super::wire::{Goods, Pushed, Shops, Stocks};
use super::{PAGE, map};
use connect::erp::{ErpDocument, ErpOrder, ErpRefund, ErpStock, ItemPage};
use connect::error::RemoteError;
use connect::shanghai;
use connect::walk::Place;
use serde_json::{Value, json};

/// Orders of one push.
pub(super) const BATCH: usize = 50;

/// One page of the shops, from 0. `shop` is named by the vendor's list of interfaces only; the names of its fields are those
/// of public clients.
pub(super) async fn shops(client: &Client<'_>, page: usize) -> Result<Shops, RemoteError> {
    let (page, size) = (page.to_string(), PAGE.to_string());
    let own = [("page_no", page.as_str()), ("page_size", size.as_str())];
    client.enterprise_ask("shop", &own).await
}

pub(super) async fn items(
    client: &Client<'_>,
    place: &Place,
    window_ms: i64,
    now: i64,
) -> Result<ItemPage, RemoteError> {
    let (from, until) = (
        shanghai::time(place.from),
        shanghai::time(place.until(window_ms, now) + 999),
    );
    let (page, size) = ((place.page() - 1).to_string(), PAGE.to_string());
    let own = [
        ("start_time", from.as_str()),
        ("end_time", until.as_str()),
        ("page_no", page.as_str()),
        ("page_size", size.as_str()),
    ];
    let rows: Goods = client.enterprise_ask("goods_query", &own).await?;
    let total = usize::try_from(rows.total_count.or_zero()).unwrap_or(0);
    let (counts, next) = place.next(total.div_ceil(PAGE), window_ms, now);
    let items = if counts { map::items(rows) } else { Vec::new() };
    Ok(ItemPage { items, next })
}

/// One code a call: without a code only a window of time is answered, and not more than three times a day.
pub(super) async fn stock(
    client: &Client<'_>,
    codes: &[String],
    warehouse: &str,
) -> Result<Vec<ErpStock>, RemoteError> {
    let mut all = Vec::new();
    for code in codes {
        let mut own = vec![("spec_no", code.as_str())];
        if !warehouse.is_empty() {
            own.push(("warehouse_no", warehouse));
        }
        let rows: Stocks = client.enterprise_ask("stock_query", &own).await?;
        all.extend(super::summed(&rows, std::slice::from_ref(code)));
    }
    Ok(all)
}

/// Pushes orders of one shop, strictly: one bad order refuses the whole call, and then each goes by itself. Counts are all
/// that a good answer tells.
pub(super) async fn push(
    client: &Client<'_>,
    shop: &str,
    orders: &[ErpOrder],
) -> Vec<Result<ErpDocument, RemoteError>> {
    match upload(client, shop, orders).await {
        Err(RemoteError::Rejected { .. }) if orders.len() > 1 => {
            let mut outcomes = Vec::with_capacity(orders.len());
            for order in orders {
                let one = upload(client, shop, std::slice::from_ref(order)).await;
                outcomes.push(one.map(|()| super::document(&order.number)));
            }
            outcomes
        }
        answer => orders
            .iter()
            .map(|order| answer.clone().map(|()| super::document(&order.number)))
            .collect(),
    }
}

async fn upload(client: &Client<'_>, shop: &str, orders: &[ErpOrder]) -> Result<(), RemoteError> {
    let list: Vec<Value> = orders
        .iter()
        .map(|order| map::enterprise_order(order, client.session))
        .collect();
    let list = Value::Array(list).to_string();
    let own = [("shop_no", shop), ("switch", "1"), ("trade_list", list.as_str())];
    let pushed: Pushed = client.enterprise("trade_push", &own).await?;
    counted(&pushed, orders.len())
}

pub(super) async fn refund(
    client: &Client<'_>,
    shop: &str,
    refund: &ErpRefund,
) -> Result<ErpDocument, RemoteError> {
    let list = json!([map::enterprise_refund(refund, shop)]).to_string();
    let own = [("api_refund_list", list.as_str())];
    let pushed: Pushed = client.enterprise("sales_refund_push", &own).await?;
    counted(&pushed, 1)?;
    Ok(super::document(&refund.number))
}

/// Whether as many rows were taken as were sent. One row that was not is refused; of several nobody can say which.
fn counted(pushed: &Pushed, sent: usize) -> Result<(), RemoteError> {
    let taken = pushed.new_count.or_zero() + pushed.chg_count.or_zero();
    let taken = usize::try_from(taken).unwrap_or(0);
    if taken >= sent {
        return Ok(());
    }
    let text = format!("ERP回答成功，{sent}单里只收了{taken}单");
    Err(if sent == 1 {
        RemoteError::Rejected {
            code: String::new(),
            text,
        }
    } else {
        RemoteError::Malformed { raw: text }
    })
}
