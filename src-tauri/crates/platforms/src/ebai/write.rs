//! Writing products, prices, stock and codes (fact sheet 5).

use super::client::{Client, parsed};
use super::wire::{Created, FailedRow, PartFailure};
use connect::error::RemoteError;
use connect::platform::{
    ListingRef, ListingWrite, PriceWrite, RemoteListing, RemoteSku, SkuRef, SkuWrite, StockWrite,
    WriteOutcome, at_most,
};
use serde_json::{Map, Value, json};

/// Most rows of one price or stock call.
pub(super) const ROWS: usize = 100;

/// Creates or changes one product; `group` is the id of its group where the write names one.
pub(super) async fn product(
    client: &Client<'_>,
    write: &ListingWrite,
    group: Option<String>,
) -> Result<WriteOutcome, RemoteError> {
    let body = product_body(client, write, group);
    let cmd = if write.remote_id.is_some() {
        "sku.update"
    } else {
        "sku.create"
    };
    let data = match client.change(cmd, body).await {
        Ok(data) => data,
        Err(RemoteError::Rejected { code, text }) => return Ok(WriteOutcome::Rejected { code, text }),
        Err(error) => return Err(error),
    };
    // sku.update may answer null or true; an id is told by sku.create alone for certain.
    let told = parsed::<Created>(data).ok().map(|created| created.sku_id.0);
    let remote_id = told
        .filter(|id| !id.is_empty())
        .or_else(|| write.remote_id.clone());
    // New pictures are shown only after the platform's review (F56).
    Ok(if write.pictures.is_some() {
        WriteOutcome::InReview { remote_id }
    } else {
        WriteOutcome::Accepted { remote_id }
    })
}

/// Takes a product away. One that is not there any more counts as taken away.
pub(super) async fn delete(client: &Client<'_>, listing: &ListingRef) -> Result<WriteOutcome, RemoteError> {
    let mut body = client.shop_body();
    body.insert("sku_id".into(), json!(listing.remote_id));
    match client.change("sku.delete", body).await {
        Ok(_) => Ok(WriteOutcome::Accepted { remote_id: None }),
        Err(RemoteError::Rejected { text, .. }) if text.contains("商品不存在") => {
            Ok(WriteOutcome::Accepted { remote_id: None })
        }
        Err(RemoteError::Rejected { code, text }) => Ok(WriteOutcome::Rejected { code, text }),
        Err(error) => Err(error),
    }
}

fn product_body(client: &Client<'_>, write: &ListingWrite, group: Option<String>) -> Map<String, Value> {
    let mut body = client.shop_body();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(name.to_owned(), value);
        }
    };
    let updating = write.remote_id.is_some();
    set("sku_id", write.remote_id.as_ref().map(|id| json!(id)));
    // An existing product keeps its own code unless codes are bound on purpose.
    set("custom_sku_id", (!updating).then(|| json!(write.outer_code)));
    set("name", write.name.as_ref().map(|name| json!(name)));
    let on_sale = write.on_sale.or((!updating).then_some(true));
    set("status", on_sale.map(|on| json!(i32::from(on))));
    set("desc", write.description.as_ref().map(|text| json!(text)));
    let category = write.category_id.as_ref().filter(|id| !id.is_empty());
    set("cat3_id", category.map(|id| json!(id)));
    set("category_list", group.map(|id| json!([{"category_id": id}])));
    let photos = write.pictures.as_ref().map(|urls| {
        let photos = urls.iter().enumerate();
        Value::Array(
            photos
                .map(|(at, url)| json!({"is_master": i32::from(at == 0), "url": url}))
                .collect(),
        )
    });
    set("photos", photos);
    if write.multi_spec {
        let specs: Vec<Value> = write.skus.iter().map(spec).collect();
        set("sku_spec", (!specs.is_empty()).then_some(Value::Array(specs)));
    } else if let Some(sku) = write.skus.first() {
        // A new barcode of an existing product has a field of its own.
        let barcode = if updating { "upc_update" } else { "upc" };
        set(barcode, sku.barcode.as_ref().map(|upc| json!(upc)));
        set("sale_price", sku.price.map(|price| json!(price.0)));
        set("left_num", sku.stock.map(|stock| json!(stock)));
        set("weight", sku.weight_g.map(|grams| json!(grams)));
    }
    body
}

fn spec(write: &SkuWrite) -> Value {
    let mut spec = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            spec.insert(name.to_owned(), value);
        }
    };
    set("sku_spec_id", write.remote_id.as_ref().map(|id| json!(id)));
    set("sku_spec_custom_id", Some(json!(write.outer_sku_code)));
    set("upc", write.barcode.as_ref().map(|upc| json!(upc)));
    set("sale_price", write.price.map(|price| json!(price.0)));
    set("left_num", write.stock.map(|stock| json!(stock)));
    set("weight", write.weight_g.map(|grams| json!(grams)));
    let property = write.spec_name.as_ref();
    set(
        "spec_property",
        property.map(|name| json!([{"prop_text": "规格", "value_text": name}])),
    );
    Value::Object(spec)
}

pub(super) async fn prices(
    client: &Client<'_>,
    rows: &[PriceWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    let rows: Vec<(&SkuRef, i64)> = rows.iter().map(|row| (&row.sku, row.price.0)).collect();
    let calls = Numbers {
        batch: ("sku.price.update.batch", "skuid_price"),
        specs: (
            "sku.spec.update.price",
            "sku_spec_price_list",
            "sale_price",
            "sku_spec_custom_id",
        ),
    };
    calls.set(client, &rows).await
}

pub(super) async fn stocks(
    client: &Client<'_>,
    rows: &[StockWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    let rows: Vec<(&SkuRef, i64)> = rows.iter().map(|row| (&row.sku, row.stock)).collect();
    let calls = Numbers {
        batch: ("sku.stock.update.batch", "skuid_stocks"),
        // The name of the number is not documented (fact sheet 9); left_num is what every other stock field is called.
        specs: (
            "sku.spec.stock.update",
            "spec_stock_list",
            "left_num",
            "spec_custom_id",
        ),
    };
    calls.set(client, &rows).await
}

/// The two ways to set one number: a text for products without specs, a list for specs of one product.
struct Numbers {
    batch: (&'static str, &'static str),
    specs: (&'static str, &'static str, &'static str, &'static str),
}

impl Numbers {
    async fn set(
        &self,
        client: &Client<'_>,
        rows: &[(&SkuRef, i64)],
    ) -> Result<Vec<WriteOutcome>, RemoteError> {
        at_most(rows.len(), ROWS)?;
        let mut outcomes: Vec<Option<WriteOutcome>> = vec![None; rows.len()];
        let (single, multi): (Vec<usize>, Vec<usize>) =
            (0..rows.len()).partition(|at| !rows[*at].0.multi_spec);
        if !single.is_empty() {
            let mut body = client.shop_body();
            let text: Vec<String> = single
                .iter()
                .map(|at| format!("{}:{}", rows[*at].0.listing_id, rows[*at].1))
                .collect();
            body.insert(self.batch.1.to_owned(), json!(text.join(";")));
            spread(
                client.change(self.batch.0, body).await,
                rows,
                &single,
                &mut outcomes,
            )?;
        }
        let mut products: Vec<(&str, Vec<usize>)> = Vec::new();
        for at in multi {
            let id = rows[at].0.listing_id.as_str();
            match products.iter_mut().find(|(held, _)| *held == id) {
                Some((_, places)) => places.push(at),
                None => products.push((id, vec![at])),
            }
        }
        for (id, places) in products {
            let list: Vec<Value> = places.iter().map(|at| self.spec_row(rows[*at])).collect();
            let mut body = client.shop_body();
            body.insert("sku_id".into(), json!(id));
            body.insert(self.specs.1.to_owned(), Value::Array(list));
            spread(
                client.change(self.specs.0, body).await,
                rows,
                &places,
                &mut outcomes,
            )?;
        }
        Ok(outcomes.into_iter().flatten().collect())
    }

    fn spec_row(&self, (sku, number): (&SkuRef, i64)) -> Value {
        let mut row = Map::new();
        row.insert("sku_spec_id".into(), json!(sku.sku_id));
        if !sku.outer_sku_code.is_empty() {
            row.insert(self.specs.3.to_owned(), json!(sku.outer_sku_code));
        }
        row.insert(self.specs.2.to_owned(), json!(number));
        Value::Object(row)
    }
}

/// Spreads one answer over its rows: all well, all refused, or the failed ones named inside the text.
fn spread(
    answer: Result<Value, RemoteError>,
    rows: &[(&SkuRef, i64)],
    places: &[usize],
    outcomes: &mut [Option<WriteOutcome>],
) -> Result<(), RemoteError> {
    let (code, text) = match answer {
        Ok(_) => {
            for at in places {
                outcomes[*at] = Some(WriteOutcome::Accepted { remote_id: None });
            }
            return Ok(());
        }
        Err(RemoteError::Rejected { code, text }) => (code, text),
        Err(error) => return Err(error),
    };
    let failed = serde_json::from_str::<PartFailure>(&text)
        .unwrap_or_default()
        .failed_list
        .0;
    let has_place = |row: &FailedRow| places.iter().any(|at| concerns(row, rows[*at].0));
    // A row that cannot be placed leaves everybody in doubt: nobody is called done.
    let sure = !failed.is_empty() && failed.iter().all(has_place);
    for at in places {
        let own = failed.iter().find(|row| concerns(row, rows[*at].0));
        outcomes[*at] = Some(match own {
            Some(row) => WriteOutcome::Rejected {
                code: row.error_no.0.clone(),
                text: row.error_msg.0.clone(),
            },
            None if sure => WriteOutcome::Accepted { remote_id: None },
            None => WriteOutcome::Rejected {
                code: code.clone(),
                text: text.clone(),
            },
        });
    }
    Ok(())
}

/// Failed rows are named by whichever id the platform likes.
fn concerns(row: &FailedRow, sku: &SkuRef) -> bool {
    [&row.custom_sku_id, &row.sku_id, &row.upc]
        .iter()
        .filter_map(|id| id.filled())
        .any(|id| {
            id == sku.listing_id || id == sku.sku_id || id == sku.outer_sku_code || id == sku.outer_code
        })
}

/// Writes our codes: one call for the product, one more for its specs.
pub(super) async fn bind_codes(
    client: &Client<'_>,
    listing: &RemoteListing,
    outer_code: &str,
    sku_codes: &[(RemoteSku, String)],
) -> Result<(), RemoteError> {
    if listing.outer_code != outer_code {
        let mut body = client.shop_body();
        body.insert("sku_id".into(), json!(listing.remote_id));
        body.insert("custom_sku_id".into(), json!(outer_code));
        client.change("sku.shop.customsku.map", body).await?;
    }
    // A product without specs has one code, the product's.
    let specs: Vec<Value> = sku_codes
        .iter()
        .filter(|(sku, code)| sku.remote_id != listing.remote_id && sku.outer_sku_code != *code)
        .map(|(sku, code)| json!({"sku_spec_id": sku.remote_id, "sku_spec_custom_id": code}))
        .collect();
    if !specs.is_empty() {
        let mut body = client.shop_body();
        body.insert("sku_id".into(), json!(listing.remote_id));
        body.insert("sku_spec".into(), Value::Array(specs));
        client.change("sku.update", body).await?;
    }
    Ok(())
}
