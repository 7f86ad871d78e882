//! 订单: bodies of the `orders_*` commands.

use crate::Api;
use crate::error::Result;
use crate::types::orders::{
    OrderCursor, OrderDetail, OrderEventView, OrderLineView, OrderPage, OrderQuery, OrderRow,
    OrdersPulledStore, OrdersPulledView, RefundNumberView, RefundView,
};
use crate::types::shared::{IdRequest, StoreBadge, StoreIds, WordsView};
use domain::id::{OrderId, SkuId, StoreId};
use domain::order::OrderState;
use serde::Serialize;
use std::collections::HashMap;
use storage::views::orders::{OrderFilter, OrderListRow};

/// Completion is expected four to eight hours after acceptance (F30); the order's time stands for the latter.
const EXPECTED_FROM_MS: i64 = 4 * 3_600_000;
const EXPECTED_TO_MS: i64 = 8 * 3_600_000;
const PAGE: i64 = 500;

/// The list.
pub async fn list(api: &Api, mut request: OrderQuery) -> Result<OrderPage> {
    let refund = api.engine.refunded_order(&request.search)?;
    if let Some(parts) = &refund {
        request.search.clone_from(&parts.order);
        (request.from, request.to) = (None, None);
    }
    let filter = OrderFilter {
        stores: request.stores.iter().copied().map(StoreId).collect(),
        view: request.view,
        search: request.search,
        from: request.from,
        to: request.to,
        before: request
            .before
            .map(|OrderCursor { placed_at, id }| (placed_at, id)),
        cause: String::new(),
        late_before: api.engine.now() - EXPECTED_TO_MS,
    };
    let limit = request.limit.clamp(1, PAGE);
    let (rows, (total, total_fen), counts, badges) = api.engine.db().read(|c| {
        Ok((
            storage::views::orders::page(c, &filter, limit)?,
            storage::views::orders::total(c, &filter)?,
            storage::views::orders::counts(c, &filter)?,
            badges(c)?,
        ))
    })?;
    Ok(OrderPage {
        total,
        total_fen,
        counts,
        rows: rows.into_iter().map(|row| order_row(row, &badges)).collect(),
        refund: refund.map(|parts| RefundNumberView {
            platform: parts.platform,
            order: parts.order,
        }),
    })
}

/// The stores as marks, by id.
pub(crate) fn badges(
    connection: &storage::Connection,
) -> storage::error::Result<HashMap<StoreId, StoreBadge>> {
    let rows = storage::store::all(connection)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let badge = StoreBadge {
                id: row.store.id.0,
                platform: row.store.platform,
                name: row.store.name,
            };
            (row.store.id, badge)
        })
        .collect())
}

pub(crate) fn order_row(row: OrderListRow, badges: &HashMap<StoreId, StoreBadge>) -> OrderRow {
    let open = matches!(row.state, OrderState::Accepted | OrderState::Delivering);
    OrderRow {
        id: row.id.0,
        store: badges.get(&row.store).cloned().unwrap_or_default(),
        number: row.number,
        day_seq: row.day_seq,
        state: name_of(&row.state),
        push_state: row.push_state.as_str().to_owned(),
        placed_at: row.placed_at,
        total_fen: row.total_fen,
        items: row.items,
        summary: if row.lines > 1 {
            format!("{} 等 {} 种", row.first_product, row.lines)
        } else {
            row.first_product
        },
        erp_document: row.document,
        cause: row.cause,
        healed: row.healed,
        refunded_fen: row.refunded_fen,
        expected_from: open.then_some(row.placed_at + EXPECTED_FROM_MS),
        expected_to: open.then_some(row.placed_at + EXPECTED_TO_MS),
    }
}

/// A closed set's name in JSON.
pub(crate) fn name_of(value: &impl Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// One order with everything.
pub async fn show(api: &Api, request: IdRequest) -> Result<OrderDetail> {
    let id = OrderId(request.id);
    let (row, order, lines, refunds, events, badges) = api.engine.db().read(|c| {
        let order = storage::order::get(c, id)?;
        let filter = OrderFilter {
            search: order.number.clone(),
            ..OrderFilter::default()
        };
        let row = storage::views::orders::page(c, &filter, PAGE)?
            .into_iter()
            .find(|row| row.id == id);
        Ok((
            row.ok_or(storage::error::StorageError::NotFound { what: "order" })?,
            order,
            storage::order::lines(c, id)?,
            storage::order::refunds(c, id)?,
            storage::order::events(c, id)?,
            badges(c)?,
        ))
    })?;
    let exception = match row.cause.as_str() {
        "" => None,
        _ => Some(super::exceptions::view(api, id)?),
    };
    let remote: connect_view::Receiver = serde_json::from_str(&order.payload).unwrap_or_default();
    let mut shown = Vec::with_capacity(lines.len());
    for line in lines {
        shown.push(line_view(api, line)?);
    }
    Ok(OrderDetail {
        order: order_row(row, &badges),
        remark: order.remark,
        receiver: remote.shown(),
        closed_reason: (!order.closed_reason.is_empty())
            .then(|| WordsView::of(format!("closed.{}", order.closed_reason))),
        lines: shown,
        refunds: refunds.into_iter().map(refund_view).collect(),
        events: events
            .into_iter()
            .map(|event| OrderEventView {
                at: event.at,
                words: WordsView {
                    code: event.kind,
                    params: event.params,
                },
                raw: event.raw,
            })
            .collect(),
        tickets: super::printing::of_order(api, id)?,
        exception,
    })
}

fn line_view(api: &Api, line: storage::order::LineRow) -> Result<OrderLineView> {
    let library = match line.sku {
        Some(sku) => api.engine.db().read(|c| library_name(c, sku))?,
        None => None,
    };
    let (product, library_name) = library.unwrap_or_default();
    Ok(OrderLineView {
        product_name: line.data.product_name,
        spec_name: line.data.spec_name,
        outer_sku_code: line.data.outer_sku_code,
        barcode: line.data.barcode,
        quantity: line.data.quantity,
        price_fen: line.data.price_fen,
        sku: line.sku.map(|sku| sku.0),
        product: (product != 0).then_some(product),
        library_name,
        sent_item_code: line.sent_item_code,
    })
}

fn library_name(
    connection: &storage::Connection,
    sku: SkuId,
) -> storage::error::Result<Option<(i64, String)>> {
    let Some(product) = storage::product::of_sku(connection, sku)? else {
        return Ok(None);
    };
    let Ok(row) = storage::product::get(connection, product) else {
        return Ok(None);
    };
    let spec = row
        .skus
        .iter()
        .find(|s| s.id == sku)
        .map(|s| s.spec_name.clone())
        .unwrap_or_default();
    Ok(Some((
        product.0,
        format!("{} {spec}", row.name).trim_end().to_owned(),
    )))
}

fn refund_view(refund: storage::order::RefundRow) -> RefundView {
    RefundView {
        number: refund.data.number,
        at: refund.data.at,
        amount_fen: refund.data.amount_fen,
        full: refund.data.full,
        done: refund.data.done,
        difference_only: refund.data.difference_only,
        reason: refund.data.reason,
        push_state: refund.push_state,
        document: refund.document,
    }
}

/// Reads orders of stores, then pushes and prints what is due.
pub async fn pull(api: &Api, request: StoreIds) -> Result<OrdersPulledView> {
    let stores: Vec<StoreId> = request.stores.into_iter().map(StoreId).collect();
    let mut view = OrdersPulledView::default();
    for (store, outcome) in api.engine.pull_orders_of(&stores).await? {
        let (new, changed, error) = match outcome {
            Ok(pulled) => (count(pulled.new), count(pulled.changed), None),
            Err(error) => (0, 0, Some(WordsView::of_error(&error))),
        };
        view.stores.push(OrdersPulledStore {
            store: store.0,
            new,
            changed,
            error,
        });
    }
    let pushed = api.engine.push_due().await?;
    api.engine.print_soon();
    view.pushed = count(pushed.pushed);
    view.exceptions = count(pushed.exceptions);
    Ok(view)
}

pub(crate) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The receiver as the window may show it.
mod connect_view {
    use serde::Deserialize;

    /// The part of a stored order that says who gets it.
    #[derive(Deserialize, Default)]
    pub(super) struct Receiver {
        #[serde(rename = "receiver_name")]
        name: String,
        #[serde(rename = "receiver_phone")]
        phone: String,
        #[serde(rename = "receiver_address")]
        address: String,
    }

    impl Receiver {
        /// Name, masked phone, address.
        pub(super) fn shown(&self) -> String {
            let digits: Vec<char> = self.phone.chars().collect();
            let masked: String = match digits.len() {
                0..=6 => "*".repeat(digits.len()),
                length => digits[..3]
                    .iter()
                    .chain(&['*'; 4])
                    .chain(&digits[length - 4..])
                    .collect(),
            };
            [self.name.as_str(), &masked, &self.address]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join("  ")
        }
    }
}
