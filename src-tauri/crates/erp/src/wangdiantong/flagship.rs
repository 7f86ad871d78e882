//! The calls of 旗舰版 (fact sheet 2.4; the look-up by number is `sales.RawTrade.searchSelfOrder` of the vendor's documents).

use super::client::{Client, Pager};
use super::wire::{Goods, Orders, Pushed, Shops, Stocks};
use super::{PAGE, map};
use connect::erp::{ErpDocument, ErpOrder, ErpRefund, ErpStock, ItemPage, only};
use connect::error::RemoteError;
use connect::shanghai;
use connect::walk::Place;
use serde_json::{Value, json};

/// Orders of one push, as the vendor suggests.
pub(super) const BATCH: usize = 100;
/// Rows of a page of stock, and codes of one question: a code has a row in every warehouse.
const STOCK_PAGE: usize = 1000;
const STOCK_CODES: usize = 50;

/// One page of the shops, from 0.
pub(super) async fn shops(client: &Client<'_>, page: usize) -> Result<Shops, RemoteError> {
    let pager = Pager { size: PAGE, page };
    client
        .flagship_ask("setting.Shop.queryShop", pager, &json!([{}]))
        .await
}

pub(super) async fn items(
    client: &Client<'_>,
    place: &Place,
    window_ms: i64,
    now: i64,
) -> Result<ItemPage, RemoteError> {
    let arguments = json!([{
        "start_time": shanghai::time(place.from),
        "end_time": shanghai::time(place.until(window_ms, now) + 999),
        // Deleted ones are hidden unless asked for.
        "hide_deleted": 0,
    }]);
    let pager = Pager {
        size: PAGE,
        page: place.page() - 1,
    };
    let rows: Goods = client
        .flagship_ask("goods.Goods.queryWithSpec", pager, &arguments)
        .await?;
    let total = usize::try_from(rows.total_count.or_zero()).unwrap_or(0);
    let (counts, next) = place.next(total.div_ceil(PAGE), window_ms, now);
    let items = if counts { map::items(rows) } else { Vec::new() };
    Ok(ItemPage { items, next })
}

pub(super) async fn stock(
    client: &Client<'_>,
    codes: &[String],
    warehouse: &str,
) -> Result<Vec<ErpStock>, RemoteError> {
    let mut all = Vec::new();
    for codes in codes.chunks(STOCK_CODES) {
        let mut arguments = json!({"spec_nos": codes});
        if !warehouse.is_empty() {
            arguments["warehouse_no"] = json!(warehouse);
        }
        let mut rows = Stocks::default();
        for page in 0.. {
            let pager = Pager {
                size: STOCK_PAGE,
                page,
            };
            let answer: Stocks = client
                .flagship_ask("wms.StockSpec.search2", pager, &json!([arguments]))
                .await?;
            let last = answer.details.0.len() < STOCK_PAGE;
            rows.details.0.extend(answer.details.0);
            if last {
                break;
            }
        }
        all.extend(super::summed(&rows, codes));
    }
    Ok(all)
}

/// Pushes orders of one shop. Success of the call is not success of the order: those that failed are listed by their number.
pub(super) async fn push(
    client: &Client<'_>,
    shop: &str,
    orders: &[ErpOrder],
) -> Vec<Result<ErpDocument, RemoteError>> {
    let (mut heads, mut lines) = (Vec::new(), Vec::new());
    for order in orders {
        let (head, own) = map::flagship_order(order, client.session);
        heads.push(head);
        lines.extend(own);
    }
    let numbers: Vec<&str> = orders.iter().map(|order| order.number.as_str()).collect();
    let answer = client
        .flagship("sales.RawTrade.pushSelf2", None, &json!([shop, heads, lines, []]))
        .await;
    outcomes(answer, &numbers)
}

pub(super) async fn refund(
    client: &Client<'_>,
    shop: &str,
    refund: &ErpRefund,
) -> Result<ErpDocument, RemoteError> {
    let rows: Vec<Value> = map::flagship_refund(refund);
    let answer = client
        .flagship("aftersales.refund.RawRefund.upload2", None, &json!([shop, rows]))
        .await;
    only(outcomes(answer, &[&refund.number]))
}

/// What came of each number. Where the answer neither counts a row nor lists it as failed, its outcome is unknown.
fn outcomes(answer: Result<Pushed, RemoteError>, numbers: &[&str]) -> Vec<Result<ErpDocument, RemoteError>> {
    let pushed = match answer {
        Ok(pushed) => pushed,
        Err(error) => return numbers.iter().map(|_| Err(error.clone())).collect(),
    };
    let failed = &pushed.error_list.0;
    let taken = pushed.new_count.or_zero() + pushed.chg_count.or_zero();
    let listed = numbers
        .iter()
        .filter(|number| failed.iter().any(|row| row.no.as_str() == **number))
        .count();
    let all_told = usize::try_from(taken).unwrap_or(0) + listed >= numbers.len();
    let of = |number: &str| {
        // A lone row that failed may be listed without its number.
        let own =
            |row: &&super::wire::Failed| row.no.as_str() == number || (numbers.len() == 1 && taken == 0);
        if let Some(row) = failed.iter().find(own) {
            return Err(RemoteError::Rejected {
                code: String::new(),
                text: row.error.0.clone(),
            });
        }
        if all_told {
            return Ok(super::document(number));
        }
        Err(RemoteError::Malformed {
            raw: format!(
                "the answer counts {taken} of {} and does not list {number}",
                numbers.len()
            ),
        })
    };
    numbers.iter().map(|number| of(number)).collect()
}

/// The shop's order of this number, whatever became of it there.
pub(super) async fn find(client: &Client<'_>, number: &str) -> Result<Option<ErpDocument>, RemoteError> {
    let shop = &client.session.remote_id;
    let pager = Pager { size: 50, page: 0 };
    let rows: Orders = client
        .flagship_ask(
            "sales.RawTrade.searchSelfOrder",
            pager,
            &json!([{ "tid": number }]),
        )
        .await?;
    let row = rows.order.0.into_iter().find(|row| {
        row.tid.as_str() == number
            && (shop.is_empty() || row.shop_no.is_empty() || row.shop_no.as_str() == shop)
    });
    Ok(row.map(|row| ErpDocument {
        reference: number.to_owned(),
        number: row.rec_id.filled().unwrap_or(number).to_owned(),
    }))
}
