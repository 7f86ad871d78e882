//! Prices and stock of many specs in one call, and what batch calls could not do (fact sheet 4 and 5).

use super::client::{Client, number, parsed};
use super::wire::{BatchResult, Failure};
use super::write::yuan;
use connect::error::RemoteError;
use connect::platform::{PriceWrite, SkuRef, StockWrite, WriteOutcome, at_most};
use connect::wire::List;
use serde_json::{Map, Value, json};

/// Most rows of one price or stock call: `batchUpdatePrices` takes 50 items, for stock no figure is known.
pub(super) const ROWS: usize = 50;

pub(super) async fn prices(
    client: &Client<'_>,
    rows: &[PriceWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    at_most(rows.len(), ROWS)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut items: Vec<(&str, Map<String, Value>)> = Vec::new();
    for row in rows {
        let id = row.sku.listing_id.as_str();
        let at = items.iter().position(|(held, _)| *held == id).unwrap_or_else(|| {
            items.push((id, Map::new()));
            items.len() - 1
        });
        if let Some((_, prices)) = items.get_mut(at) {
            prices.insert(row.sku.sku_id.clone(), yuan(row.price));
        }
    }
    let list: Vec<Value> = items
        .into_iter()
        .map(|(id, prices)| json!({"itemId": number(id), "priceMap": prices}))
        .collect();
    let params = json!({"shopId": client.shop(), "specPrices": list});
    let answer = client
        .change("eleme.product.item.batchUpdatePrices", params)
        .await;
    spread(answer, rows.iter().map(|row| &row.sku))
}

pub(super) async fn stocks(
    client: &Client<'_>,
    rows: &[StockWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    at_most(rows.len(), ROWS)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let stocks: Map<String, Value> = rows
        .iter()
        .map(|row| (row.sku.sku_id.clone(), Value::from(row.stock)))
        .collect();
    let params = json!({"stockMap": stocks});
    let answer = client.change("eleme.product.item.batchUpdateStock", params).await;
    spread(answer, rows.iter().map(|row| &row.sku))
}

/// What a batch call could not do. Some answer with nothing, or with true.
pub(super) fn failures(answer: Value) -> Result<Vec<Failure>, RemoteError> {
    if matches!(answer, Value::Null | Value::Bool(true)) {
        return Ok(Vec::new());
    }
    let results: List<BatchResult> = parsed(answer)?;
    Ok(results
        .0
        .into_iter()
        .flat_map(|result| result.failures.0)
        .collect())
}

pub(super) fn words(failure: &Failure) -> (String, String) {
    let text = failure.description.filled().unwrap_or(failure.code.as_str());
    (failure.code.0.clone(), text.to_owned())
}

/// Spreads one answer over its rows: failures are named by spec or by item.
fn spread<'a>(
    answer: Result<Value, RemoteError>,
    rows: impl Iterator<Item = &'a SkuRef>,
) -> Result<Vec<WriteOutcome>, RemoteError> {
    let rejected = |(code, text)| WriteOutcome::Rejected { code, text };
    let rows: Vec<&SkuRef> = rows.collect();
    let failed = match answer {
        Ok(answer) => failures(answer)?,
        Err(RemoteError::Rejected { code, text }) => {
            return Ok(rows
                .iter()
                .map(|_| rejected((code.clone(), text.clone())))
                .collect());
        }
        Err(error) => return Err(error),
    };
    let concerns = |failure: &Failure, sku: &SkuRef| {
        failure.id.as_str() == sku.sku_id || failure.id.as_str() == sku.listing_id
    };
    // A failure that cannot be placed leaves everybody in doubt: nobody is called done.
    let stray = failed
        .iter()
        .find(|failure| !rows.iter().any(|sku| concerns(failure, sku)));
    Ok(rows
        .iter()
        .map(|sku| {
            let own = failed.iter().find(|failure| concerns(failure, sku));
            own.or(stray)
                .map_or(WriteOutcome::Accepted { remote_id: None }, |failure| {
                    rejected(words(failure))
                })
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::spread;
    use connect::platform::{SkuRef, WriteOutcome};
    use serde_json::json;

    #[test]
    fn a_failure_that_cannot_be_placed_calls_nobody_done() {
        let sku = |id: &str| SkuRef {
            listing_id: format!("I{id}"),
            outer_code: String::new(),
            sku_id: id.to_owned(),
            outer_sku_code: String::new(),
            multi_spec: false,
        };
        let rows = [sku("1"), sku("2")];
        let answer = |id| json!({"type": "SPEC_ID", "modifications": [2], "failures": [{"id": id, "code": "STOCK_INVALID"}]});
        let told = spread(Ok(answer(1)), rows.iter()).unwrap();
        assert!(matches!(&told[0], WriteOutcome::Rejected { text, .. } if text == "STOCK_INVALID"));
        assert_eq!(told[1], WriteOutcome::Accepted { remote_id: None });
        let told = spread(Ok(answer(9)), rows.iter()).unwrap();
        assert!(
            told.iter()
                .all(|one| matches!(one, WriteOutcome::Rejected { .. }))
        );
    }
}
