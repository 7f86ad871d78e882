//! Batches of products, prices and stock (fact sheet 9), and what each item of one was told (fact sheet 5).

use super::client::Client;
use super::wire::{Envelope, ItemFault};
use async_trait::async_trait;
use connect::error::RemoteError;
use connect::platform::{PriceWrite, SkuRef, StockWrite, WriteOutcome, at_most};
use connect::wire::Text;
use serde_json::{Value, json};

/// Most entries of one call: Meituan's clients send 200, the sister call for medicine documents it (fact sheet 14).
pub(crate) const BATCH: usize = 200;

/// How a call names a product and a spec.
#[derive(Clone, Copy)]
pub(crate) struct Names {
    pub(crate) product: &'static str,
    pub(crate) sku: &'static str,
}

/// One entry of a batch as it is addressed there.
pub(crate) struct Addressed<'a> {
    pub(crate) spu: &'a str,
    pub(crate) sku: Option<&'a str>,
}

/// Sends the entries of a batch as the family wraps them.
#[async_trait]
pub(crate) trait Sender: Sync {
    /// One call; the whole answer, with what failed in it.
    async fn batch(&self, path: &str, entries: Value) -> Result<Envelope, RemoteError>;
}

#[async_trait]
impl Sender for Client<'_> {
    async fn batch(&self, path: &str, entries: Value) -> Result<Envelope, RemoteError> {
        let params = vec![self.shop(), ("food_data", entries.to_string())];
        self.post(path, params).await
    }
}

/// Prices in yuan text.
pub(crate) async fn prices(
    sender: &impl Sender,
    path: &str,
    names: Names,
    rows: &[PriceWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    let rows: Vec<(&SkuRef, String)> = rows.iter().map(|row| (&row.sku, row.price.to_yuan())).collect();
    by_sku(sender, path, names, "price", &rows).await
}

/// Stock as whole numbers in text.
pub(crate) async fn stocks(
    sender: &impl Sender,
    path: &str,
    names: Names,
    rows: &[StockWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    let rows: Vec<(&SkuRef, String)> = rows.iter().map(|row| (&row.sku, row.stock.to_string())).collect();
    by_sku(sender, path, names, "stock", &rows).await
}

async fn by_sku(
    sender: &impl Sender,
    path: &str,
    names: Names,
    field: &str,
    rows: &[(&SkuRef, String)],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    at_most(rows.len(), BATCH)?;
    let mut outcomes: Vec<Option<WriteOutcome>> = vec![None; rows.len()];
    let mut food_data: Vec<(&str, Vec<Value>)> = Vec::new();
    let mut sent = Vec::new();
    let mut places = Vec::new();
    for (at, (sku, value)) in rows.iter().enumerate() {
        // Without both codes the platform cannot be told which SKU is meant, and one empty code spoils the batch.
        if sku.outer_code.is_empty() || sku.outer_sku_code.is_empty() {
            outcomes[at] = Some(WriteOutcome::Rejected {
                code: String::new(),
                text: "sku_id字段为空".to_owned(),
            });
            continue;
        }
        let entry = json!({names.sku: sku.outer_sku_code, field: value});
        match food_data.iter_mut().find(|(spu, _)| *spu == sku.outer_code) {
            Some((_, skus)) => skus.push(entry),
            None => food_data.push((&sku.outer_code, vec![entry])),
        }
        sent.push(Addressed {
            spu: &sku.outer_code,
            sku: Some(&sku.outer_sku_code),
        });
        places.push(at);
    }
    if !sent.is_empty() {
        let food_data: Vec<Value> = food_data
            .into_iter()
            .map(|(spu, skus)| json!({names.product: spu, "skus": skus}))
            .collect();
        let told = batch(sender, path, Value::Array(food_data), &sent).await?;
        for (at, outcome) in places.into_iter().zip(told) {
            outcomes[at] = Some(outcome);
        }
    }
    Ok(outcomes.into_iter().flatten().collect())
}

/// Sends one batch; one outcome for each of `sent`, in order.
pub(crate) async fn batch(
    sender: &impl Sender,
    path: &str,
    entries: Value,
    sent: &[Addressed<'_>],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    match sender.batch(path, entries).await {
        Ok(envelope) => outcomes(&envelope, sent),
        // The whole call refused for what is in it: every item hears the same, those that the text names their own.
        Err(RemoteError::Rejected { code, text }) => {
            let faults = listed(&text);
            Ok(sent
                .iter()
                .map(|item| {
                    let fault = faults.iter().find(|fault| concerns(fault, item));
                    let own = fault.map(ItemFault::text).filter(|own| !own.is_empty());
                    WriteOutcome::Rejected {
                        code: code.clone(),
                        text: own.unwrap_or(&text).to_owned(),
                    }
                })
                .collect())
        }
        Err(error) => Err(error),
    }
}

fn outcomes(envelope: &Envelope, sent: &[Addressed<'_>]) -> Result<Vec<WriteOutcome>, RemoteError> {
    let all_failed = envelope.result_code.0 == Some(3) || envelope.data.as_str() == Some("ng");
    let done = matches!(envelope.result_code.0, Some(1 | 2)) || envelope.data.as_str() == Some("ok");
    if !all_failed && !done {
        return Err(RemoteError::Malformed {
            raw: connect::gateway::beginning(envelope.data.to_string().as_bytes()),
        });
    }
    // Classic part success: `data` is ok and `msg` describes what failed, as JSON or as words.
    let classic = if envelope.error_list.0.is_empty() && envelope.result_code.0 != Some(1) {
        envelope.msg.as_str()
    } else {
        ""
    };
    let named = listed(classic);
    let faults = if envelope.error_list.0.is_empty() {
        &named
    } else {
        &envelope.error_list.0
    };
    let unplaced = !classic.trim().is_empty() && faults.is_empty() && classic != "ok" && classic != "success";
    Ok(sent
        .iter()
        .map(|item| {
            if let Some(fault) = faults.iter().find(|fault| concerns(fault, item)) {
                return faulty(fault);
            }
            let succeeded = envelope.success_list.0.iter().any(|ok| ok.spu() == item.spu);
            // Words that name nobody concern everybody: reading back tells who was spared.
            let spoken_of =
                unplaced && (sent.len() == 1 || classic.contains(item.spu) || !names_any(classic, sent));
            if !succeeded && (all_failed || spoken_of) {
                return WriteOutcome::Rejected {
                    code: String::new(),
                    text: envelope.msg.0.clone(),
                };
            }
            WriteOutcome::Accepted { remote_id: None }
        })
        .collect())
}

fn faulty(fault: &ItemFault) -> WriteOutcome {
    let (code, text) = (fault.code.0.clone(), fault.text().to_owned());
    // 1 was not taken; 2 was taken with a defect (inferred: fact sheet 5).
    if fault.block_flag() == Some(2) {
        WriteOutcome::Flawed {
            remote_id: None,
            code,
            text,
        }
    } else {
        WriteOutcome::Rejected { code, text }
    }
}

fn concerns(fault: &ItemFault, item: &Addressed<'_>) -> bool {
    fault.spu() == item.spu
        && match (fault.sku_id.filled(), item.sku) {
            (Some(fault), Some(sku)) => fault == sku,
            _ => true,
        }
}

fn names_any(text: &str, sent: &[Addressed<'_>]) -> bool {
    sent.iter().any(|item| text.contains(item.spu))
}

/// The item list inside a text such as `参数格式错误：[{"app_spu_code":…,"blockFlag":1,"error_msg":"…"}]`.
fn listed(text: &str) -> Vec<ItemFault> {
    let Some((from, to)) = text.find('[').zip(text.rfind(']')) else {
        return Vec::new();
    };
    text.get(from..=to)
        .and_then(|json| serde_json::from_str::<Vec<ItemFault>>(json).ok())
        .unwrap_or_default()
}

/// A classic write that must say ok. A message beside it tells of a part that failed.
pub(crate) fn acknowledged(envelope: Envelope) -> Result<(), RemoteError> {
    let ok = envelope.data.as_str() == Some("ok") || envelope.result_code.0 == Some(1);
    let Text(text) = envelope.msg;
    match (ok, text.as_str()) {
        (true, "" | "ok" | "success") => Ok(()),
        (true, _) => Err(RemoteError::Rejected {
            code: String::new(),
            text,
        }),
        (false, _) => Err(match envelope.error_list.0.into_iter().next() {
            Some(fault) => RemoteError::Rejected {
                text: fault.text().to_owned(),
                code: fault.code.0,
            },
            None => RemoteError::Malformed {
                raw: connect::gateway::beginning(envelope.data.to_string().as_bytes()),
            },
        }),
    }
}
