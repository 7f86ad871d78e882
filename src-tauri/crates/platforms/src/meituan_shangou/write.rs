//! Writing products, prices and stock (fact sheet 9.1), and what each item of a batch was told (fact sheet 5).

use super::client::{Client, Params};
use super::wire::{Envelope, ItemFault};
use connect::error::RemoteError;
use connect::platform::{
    ListingWrite, PriceWrite, RemoteListing, RemoteSku, SkuRef, SkuWrite, StockWrite, WriteOutcome, at_most,
};
use connect::wire::Text;
use serde_json::{Map, Value, json};

/// Most products of one call: Meituan's clients send 200, the sister call for medicine documents it (fact sheet 14).
pub(super) const BATCH: usize = 200;

/// One entry of a batch as it is addressed there.
struct Addressed<'a> {
    spu: &'a str,
    sku: Option<&'a str>,
}

pub(super) async fn write(
    client: &Client<'_>,
    products: &[ListingWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    at_most(products.len(), BATCH)?;
    let food_data = Value::Array(products.iter().map(product).collect()).to_string();
    let sent: Vec<Addressed<'_>> = products
        .iter()
        .map(|product| Addressed {
            spu: &product.outer_code,
            sku: None,
        })
        .collect();
    batch(client, "retail/batchinitdata", food_data, &sent).await
}

/// Prices in yuan text.
pub(super) async fn prices(
    client: &Client<'_>,
    rows: &[PriceWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    let rows: Vec<(&SkuRef, String)> = rows.iter().map(|row| (&row.sku, row.price.to_yuan())).collect();
    by_sku(client, "retail/sku/price", "price", &rows).await
}

/// Stock as whole numbers in text.
pub(super) async fn stocks(
    client: &Client<'_>,
    rows: &[StockWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    let rows: Vec<(&SkuRef, String)> = rows.iter().map(|row| (&row.sku, row.stock.to_string())).collect();
    by_sku(client, "retail/sku/stock", "stock", &rows).await
}

async fn by_sku(
    client: &Client<'_>,
    path: &str,
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
        let entry = json!({"sku_id": sku.outer_sku_code, field: value});
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
            .map(|(spu, skus)| json!({"app_spu_code": spu, "skus": skus}))
            .collect();
        let told = batch(client, path, Value::Array(food_data).to_string(), &sent).await?;
        for (at, outcome) in places.into_iter().zip(told) {
            outcomes[at] = Some(outcome);
        }
    }
    Ok(outcomes.into_iter().flatten().collect())
}

async fn batch(
    client: &Client<'_>,
    path: &str,
    food_data: String,
    sent: &[Addressed<'_>],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    let params: Params = vec![client.shop(), ("food_data", food_data)];
    match client.post(path, params).await {
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

fn product(write: &ListingWrite) -> Value {
    let creating = write.remote_id.is_none();
    let mut product = Map::new();
    product.insert("app_spu_code".into(), json!(write.outer_code));
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            product.insert(name.to_owned(), value);
        }
    };
    set("name", write.name.as_ref().map(|name| json!(name)));
    // A product names its group by the group's own name, on whichever level it is.
    let group = write.group_path.as_ref().and_then(|path| path.last());
    set("category_name", group.map(|name| json!(name)));
    set(
        "tag_id",
        write
            .category_id
            .as_deref()
            .filter(|id| !id.is_empty())
            .map(|id| id.parse::<i64>().map_or_else(|_| json!(id), |id| json!(id))),
    );
    let on_sale = write.on_sale.or(creating.then_some(true));
    set("is_sold_out", on_sale.map(|on| json!(i32::from(!on))));
    set("picture", write.pictures.as_ref().map(|ids| json!(ids.join(","))));
    if creating {
        set("unit", Some(json!("份")));
        set("min_order_count", Some(json!(1)));
    }
    if !write.skus.is_empty() {
        let skus = write.skus.iter().map(|write| sku(write, creating)).collect();
        set("skus", Some(Value::Array(skus)));
    }
    Value::Object(product)
}

fn sku(write: &SkuWrite, creating: bool) -> Value {
    let mut sku = Map::new();
    sku.insert("sku_id".into(), json!(write.outer_sku_code));
    let mut set = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            sku.insert(name.to_owned(), Value::String(value));
        }
    };
    set("spec", write.spec_name.clone());
    set("upc", write.barcode.clone());
    set("price", write.price.map(domain::money::Money::to_yuan));
    set("stock", write.stock.map(|stock| stock.to_string()));
    set("weight", write.weight_g.map(|grams| grams.to_string()));
    if creating {
        set("box_num", Some("0".to_owned()));
        set("box_price", Some("0".to_owned()));
    }
    Value::Object(sku)
}

/// Writes our codes onto an existing product, SKU by SKU (fact sheet 9.3): by the codes it has, else by its name,
/// group and spec, which must equal the online texts exactly.
pub(super) async fn bind_codes(
    client: &Client<'_>,
    listing: &RemoteListing,
    outer_code: &str,
    sku_codes: &[(RemoteSku, String)],
) -> Result<(), RemoteError> {
    for (sku, code) in sku_codes {
        if listing.outer_code == outer_code && sku.outer_sku_code == *code {
            continue;
        }
        if listing.outer_code.is_empty() || sku.outer_sku_code.is_empty() {
            by_name(client, listing, outer_code, sku, code).await?;
        } else {
            let params = vec![
                client.shop(),
                ("app_food_code_origin", listing.outer_code.clone()),
                ("app_food_code", outer_code.to_owned()),
                ("sku_id_origin", sku.outer_sku_code.clone()),
                ("sku_id", code.clone()),
            ];
            acknowledged(client.post("retail/updateAppFoodCodeByOrigin", params).await?)?;
        }
    }
    Ok(())
}

async fn by_name(
    client: &Client<'_>,
    listing: &RemoteListing,
    outer_code: &str,
    sku: &RemoteSku,
    code: &str,
) -> Result<(), RemoteError> {
    // Which level's name a second-level product wants is not documented: its own group first, then the one above.
    let mut groups: Vec<&String> = listing.group_path.iter().rev().collect();
    let none = String::new();
    if groups.is_empty() {
        groups.push(&none);
    }
    let mut refused = None;
    for group in groups {
        let mut params = vec![client.shop(), ("name", listing.name.clone())];
        if !group.is_empty() {
            params.push(("category_name", group.clone()));
        }
        params.push(("spec", sku.spec_name.clone()));
        params.push(("app_spu_code", outer_code.to_owned()));
        params.push(("sku_id", code.to_owned()));
        match client.post("retail/updateAppFoodCodeByNameAndSpec", params).await {
            Ok(envelope) => return acknowledged(envelope),
            Err(error @ RemoteError::Rejected { .. }) => refused = refused.or(Some(error)),
            Err(error) => return Err(error),
        }
    }
    Err(refused.unwrap_or(RemoteError::Rejected {
        code: String::new(),
        text: "绑定自定义商品编码失败".to_owned(),
    }))
}

/// A classic write that must say ok. A message beside it tells of a part that failed.
pub(super) fn acknowledged(envelope: Envelope) -> Result<(), RemoteError> {
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
