//! What is a store's own: price, stock, and whether it sells a product (fact sheet 11 and 12).

use super::client::{Client, number};
use super::layers;
use super::wire::{Batch, Verdict};
use connect::error::RemoteError;
use connect::platform::{PriceWrite, SkuRef, SkuWrite, StockWrite, WriteOutcome};
use connect::wire::List;
use serde_json::{Value, json};

/// How often the result of a stock call is asked for that answers with a number.
const ASKS: usize = 5;

/// One row of a call: our code, the platform's id, and what it sets.
struct Row<'r> {
    code: &'r str,
    id: &'r str,
    value: Value,
}

fn row(sku: &SkuRef, value: Value) -> Row<'_> {
    let code = Some(sku.outer_sku_code.as_str()).filter(|code| !code.is_empty());
    Row {
        code: code.unwrap_or(&sku.outer_code),
        id: &sku.listing_id,
        value,
    }
}

/// What the calls of one kind are: rows by our code go together, a product without one goes alone by the platform's id.
struct Kind {
    together: &'static str,
    list: &'static str,
    value: &'static str,
    alone: &'static str,
    value_alone: &'static str,
}

const PRICE: Kind = Kind {
    together: "venderprice/updateStationPrice",
    list: "skuPriceInfoList",
    value: "price",
    alone: "price/updateStationPrice",
    value_alone: "price",
};
const STOCK: Kind = Kind {
    together: "stock/batchUpdateCurrentQtys",
    list: "skuStockList",
    value: "stockQty",
    alone: "update/currentQty",
    value_alone: "currentQty",
};
const SALE: Kind = Kind {
    together: "stock/batchUpdateVendibility",
    list: "stockVendibilityList",
    value: "doSale",
    // By the platform's id there is another call with another body, which nobody needs: whoever is switched has a code.
    alone: "",
    value_alone: "",
};

pub(super) async fn prices(
    client: &Client<'_>,
    rows: &[PriceWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    let rows: Vec<Row<'_>> = rows.iter().map(|one| row(&one.sku, json!(one.price.0))).collect();
    set(client, &PRICE, &rows).await
}

pub(super) async fn stocks(
    client: &Client<'_>,
    rows: &[StockWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    let rows: Vec<Row<'_>> = rows.iter().map(|one| row(&one.sku, json!(one.stock))).collect();
    set(client, &STOCK, &rows).await
}

/// Price, stock and sale of one product in the store, as far as they are named.
pub(super) async fn of_store(
    client: &Client<'_>,
    code: &str,
    sku: Option<&SkuWrite>,
    on_sale: Option<bool>,
) -> Result<(), RemoteError> {
    let price = sku.and_then(|sku| sku.price).map(|price| json!(price.0));
    let stock = sku.and_then(|sku| sku.stock).map(|stock| json!(stock));
    let sale = on_sale.map(|on| match client.session.setting("do_sale", "bool") {
        // The documents' form is not known; a client in use sends the truth value as text.
        "text" => json!(on.to_string()),
        _ => json!(on),
    });
    for (kind, value) in [(&PRICE, price), (&STOCK, stock), (&SALE, sale)] {
        let Some(value) = value else { continue };
        let rows = [Row { code, id: "", value }];
        for outcome in set(client, kind, &rows).await? {
            if let WriteOutcome::Rejected { code, text } = outcome {
                return Err(RemoteError::Rejected { code, text });
            }
        }
    }
    Ok(())
}

/// Sets absolute values. A failure on the way leaves the earlier ones set; all may be sent again.
async fn set(client: &Client<'_>, kind: &Kind, rows: &[Row<'_>]) -> Result<Vec<WriteOutcome>, RemoteError> {
    let (coded, bare): (Vec<&Row<'_>>, Vec<&Row<'_>>) = rows.iter().partition(|row| !row.code.is_empty());
    let mut told: Vec<Verdict> = Vec::new();
    let mut refused = None;
    let together = coded.len();
    if !coded.is_empty() {
        let list: Vec<Value> = coded
            .iter()
            .map(|row| json!({"outSkuId": row.code, kind.value: row.value}))
            .collect();
        let mut body = json!({"stationNo": client.station(), kind.list: list});
        if kind.together.starts_with("stock/") {
            body["userPin"] = json!(client.operator());
        }
        match client.change(kind.together, body).await {
            Ok(answer) => told = verdicts(client, answer).await?,
            Err(RemoteError::Rejected { code, text }) => refused = Some((code, text)),
            Err(error) => return Err(error),
        }
    }
    let mut alone = Vec::with_capacity(bare.len());
    for row in bare {
        let body = json!({
            "stationNo": client.station(), "skuId": number(row.id), kind.value_alone: row.value,
        });
        alone.push(match client.change(kind.alone, body).await {
            Ok(_) => WriteOutcome::Accepted { remote_id: None },
            Err(RemoteError::Rejected { code, text }) => WriteOutcome::Rejected { code, text },
            Err(error) => return Err(error),
        });
    }
    let mut alone = alone.into_iter();
    let mut place = 0;
    let outcomes = rows.iter().filter_map(|row| {
        if row.code.is_empty() {
            return alone.next();
        }
        if let Some((code, text)) = &refused {
            return Some(WriteOutcome::Rejected {
                code: code.clone(),
                text: text.clone(),
            });
        }
        place += 1;
        Some(outcome(row.code, place - 1, together, &told))
    });
    Ok(outcomes.collect())
}

/// The rows' results: as they are, or asked for by the number that stands in their place.
async fn verdicts(client: &Client<'_>, answer: Value) -> Result<Vec<Verdict>, RemoteError> {
    let batch = match &answer {
        Value::Object(_) => layers::carried::<Batch>(answer.clone())?.batch_no.0,
        _ => String::new(),
    };
    if batch.is_empty() {
        return list(answer);
    }
    for _ in 0..ASKS {
        let body = json!({"batchNo": number(&batch)});
        let told = match client.poll::<Value>("stock/queryBatchUpdateResult", body).await {
            Ok(answer) => list(answer)?,
            // No record yet.
            Err(RemoteError::Rejected { .. }) => Vec::new(),
            Err(error) => return Err(error),
        };
        if !told.is_empty() {
            return Ok(told);
        }
    }
    // It was taken; what came of it is seen when the store is read again.
    Ok(Vec::new())
}

/// Calls that answer with a mere truth value, or nothing, have no rows to tell of.
fn list(answer: Value) -> Result<Vec<Verdict>, RemoteError> {
    match answer {
        Value::Null | Value::Bool(_) => Ok(Vec::new()),
        Value::String(text) if text.trim().is_empty() => Ok(Vec::new()),
        answer => layers::carried::<List<Verdict>>(answer).map(|list| list.0),
    }
}

/// What a call that succeeded says of one row: the verdict that names it; where none is named, as many verdicts as rows
/// go by their place. A row that is left out was done like the whole call.
fn outcome(code: &str, place: usize, rows: usize, told: &[Verdict]) -> WriteOutcome {
    let nameless = told.len() == rows && told.iter().all(|verdict| verdict.out_sku_id.is_empty());
    let verdict = told
        .iter()
        .find(|verdict| verdict.out_sku_id.as_str() == code)
        .or_else(|| told.get(place).filter(|_| nameless));
    match verdict {
        Some(verdict) if !matches!(verdict.code.as_str(), "" | "0") => WriteOutcome::Rejected {
            code: verdict.code.0.clone(),
            text: verdict.msg.0.clone(),
        },
        _ => WriteOutcome::Accepted { remote_id: None },
    }
}
