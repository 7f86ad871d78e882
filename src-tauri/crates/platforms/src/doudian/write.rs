//! Writing products, prices, stock, codes and pictures (fact sheet 6 and 7).
//!
//! A product of a store hangs under a main product of the shop: creating one makes the main product where it is not
//! there, then the store's own. Names, specs and pictures change by `product.editV2`, which goes through the platform's
//! review; price, stock and shelf have calls of their own, which do not.

use super::auth;
use super::client::{Client, id, parsed};
use super::map::{self, AXIS, SINGLE_SPEC};
use super::wire::{Added, Product, Products};
use connect::error::RemoteError;
use connect::platform::{
    ListingWrite, PriceWrite, RemoteListing, RemoteSku, SkuWrite, StockWrite, WriteOutcome, at_most,
};
use serde_json::{Map, Value, json};

/// Most rows of one price or stock call of ours. Prices go one by one, stock product by product.
pub(super) const ROWS: usize = 50;
/// Signs that separate specs and pictures in the platform's texts.
const SEPARATORS: [char; 3] = ['|', ',', '^'];

/// A SKU as it shall stand there.
struct Row {
    name: String,
    code: String,
    price: Option<i64>,
    stock: Option<i64>,
    barcode: Option<String>,
    weight_g: Option<i64>,
}

/// One call that is still to be made.
type Step = (&'static str, Value);

/// Creates or changes one product.
pub(super) async fn product(client: &Client<'_>, write: &ListingWrite) -> Result<WriteOutcome, RemoteError> {
    let done = match &write.remote_id {
        Some(remote_id) => update(client, remote_id, write).await,
        None => create(client, write).await,
    };
    match done {
        Err(RemoteError::Rejected { code, text }) => Ok(WriteOutcome::Rejected { code, text }),
        other => other,
    }
}

fn rejected(text: String) -> RemoteError {
    RemoteError::Rejected {
        code: String::new(),
        text,
    }
}

async fn create(client: &Client<'_>, write: &ListingWrite) -> Result<WriteOutcome, RemoteError> {
    let rows: Vec<Row> = write.skus.iter().map(new_row).collect();
    checked(&rows)?;
    // F70: the platform asks for the service phone, which the library does not have.
    if auth::mobile(client.session).is_empty() {
        return Err(rejected(
            "mobile字段缺失：请先在授权信息里填写客服电话".to_owned(),
        ));
    }
    let main = match main_product(client, write).await? {
        Some(main) => main,
        None => add(client, new_body(client, write, &rows, None)).await?,
    };
    let remote_id = add(client, new_body(client, write, &rows, Some(&main))).await?;
    // Everything new goes through the platform's review.
    Ok(WriteOutcome::InReview {
        remote_id: Some(remote_id),
    })
}

async fn add(client: &Client<'_>, body: Value) -> Result<String, RemoteError> {
    let added: Added = parsed(client.change("product.addV2", body).await?)?;
    if added.product_id.is_empty() {
        return Err(RemoteError::Malformed {
            raw: "product.addV2 without product_id".to_owned(),
        });
    }
    Ok(added.product_id.0)
}

/// The shop's main product under our code, which another store of the shop or a try cut short may have made.
async fn main_product(client: &Client<'_>, write: &ListingWrite) -> Result<Option<String>, RemoteError> {
    let name = write.name.as_deref().unwrap_or_default();
    if write.outer_code.is_empty() || name.is_empty() {
        return Ok(None);
    }
    let found: Products = client
        .read("product.listV2", json!({"name": name, "page": 1, "size": 100}))
        .await?;
    let main = found.data.0.into_iter().find(|row| {
        row.outer_product_id.as_str() == write.outer_code && !row.of_store() && row.status.0 != Some(2)
    });
    Ok(main.map(|row| row.product_id.0))
}

/// A number from the account's settings: what the fact sheet leaves open or the merchant decides.
fn number(client: &Client<'_>, name: &str, default: i64) -> i64 {
    client
        .session
        .settings
        .get(name)
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// The body of product.addV2: of the main product, or of the store's product under `main`.
fn new_body(client: &Client<'_>, write: &ListingWrite, rows: &[Row], main: Option<&str>) -> Value {
    let pictures = write.pictures.as_deref().unwrap_or_default().join("|");
    let store = main.map(|_| client.session.remote_id.as_str());
    let mut body = json!({
        "product_type": 0,
        "name": write.name.as_deref().unwrap_or_default(),
        "pic": pictures,
        // Only pictures are taken here, and the product's own are all there are.
        "description": pictures,
        "mobile": auth::mobile(client.session),
        "commit": true,
        // 1 when ordered, 2 when paid.
        "reduce_type": number(client, "reduce_type", 2),
        // 0 is free of charge; the courier's fee is the store's.
        "freight_id": number(client, "freight_id", 0),
        // 9999 is the same day.
        "delivery_delay_day": number(client, "delivery_delay_day", 9999),
        // 596120136 is "no brand".
        "standard_brand_id": number(client, "standard_brand_id", 596_120_136),
        "start_sale_type": i32::from(write.on_sale == Some(false)),
        "specs": specs(rows),
        "spec_prices": spec_prices(client, rows, store, write.multi_spec),
    });
    let mut set = |name: &str, value: Option<Value>| {
        if let (Some(fields), Some(value)) = (body.as_object_mut(), value) {
            fields.insert(name.to_owned(), value);
        }
    };
    let code = Some(write.outer_code.as_str()).filter(|code| !code.is_empty());
    set("outer_product_id", code.map(Value::from));
    let category = write.category_id.as_deref().filter(|id| !id.is_empty());
    set("category_leaf_id", category.map(id));
    set("main_product_id", main.map(id));
    set("store_id", store.map(id));
    let weight = rows.first().and_then(|row| row.weight_g);
    set("weight", weight.map(Value::from));
    set("weight_unit", weight.map(|_| Value::from(1)));
    body
}

fn new_row(sku: &SkuWrite) -> Row {
    let name = sku.spec_name.clone().filter(|name| !name.is_empty());
    Row {
        name: name.unwrap_or_else(|| SINGLE_SPEC.to_owned()),
        code: sku.outer_sku_code.clone(),
        price: sku.price.map(|price| price.0),
        stock: sku.stock,
        barcode: sku.barcode.clone(),
        weight_g: sku.weight_g,
    }
}

fn checked(rows: &[Row]) -> Result<(), RemoteError> {
    match rows.iter().find(|row| row.name.contains(SEPARATORS)) {
        Some(row) => Err(rejected(format!(
            "规格名称不能含有 | , ^ 这三个符号：{}",
            row.name
        ))),
        None => Ok(()),
    }
}

/// `规格|大份,小份`.
fn specs(rows: &[Row]) -> String {
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    format!("{AXIS}|{}", names.join(","))
}

/// The SKUs as the JSON text the platform wants. A store's product keeps its stock by store (`sku_type` 1).
fn spec_prices(client: &Client<'_>, rows: &[Row], store: Option<&str>, weighed: bool) -> String {
    let barcode_field = barcode_field(client);
    let rows = rows.iter().map(|row| {
        let mut fields = Map::new();
        let mut set = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                fields.insert(name.to_owned(), value);
            }
        };
        set("spec_detail_name1", Some(json!(row.name)));
        set("code", Some(json!(row.code)));
        set("price", row.price.map(Value::from));
        let stock = row.stock.unwrap_or(0);
        match store {
            Some(store) => {
                set("sku_type", Some(json!(1)));
                set("stock_num_map", Some(json!({store: stock})));
            }
            None => set("stock_num", Some(json!(stock))),
        }
        if !barcode_field.is_empty() {
            set(barcode_field, row.barcode.as_ref().map(|code| json!(code)));
        }
        let weight = row.weight_g.filter(|_| weighed).map(|grams| grams.to_string());
        set(
            "delivery_infos",
            weight.map(|grams| json!([{"info_type": "weight", "info_value": grams, "info_unit": "g"}])),
        );
        Value::Object(fields)
    });
    super::sign::canonical(&Value::Array(rows.collect()))
}

/// The field of a SKU that carries its barcode: not documented (fact sheet, Unknown), so nothing is sent or read until
/// the setting names one.
pub(super) fn barcode_field<'a>(client: &Client<'a>) -> &'a str {
    client.session.setting("barcode_field", "")
}

async fn update(
    client: &Client<'_>,
    remote_id: &str,
    write: &ListingWrite,
) -> Result<WriteOutcome, RemoteError> {
    let mut steps: Vec<Step> = Vec::new();
    let mut edit = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            edit.insert(name.to_owned(), value);
        }
    };
    set("name", write.name.as_ref().map(|name| json!(name)));
    let category = write.category_id.as_deref().filter(|id| !id.is_empty());
    set("category_leaf_id", category.map(id));
    let pictures = write.pictures.as_ref().map(|urls| urls.join("|"));
    set("pic", pictures.map(Value::from));
    let weight = write.skus.iter().find_map(|sku| sku.weight_g);
    set("weight", weight.map(Value::from));
    set("weight_unit", weight.map(|_| Value::from(1)));
    let rows = changed_rows(client, remote_id, write).await?;
    if let Some(rows) = &rows {
        checked(rows)?;
        set("specs", Some(json!(specs(rows))));
        let store = Some(client.session.remote_id.as_str());
        set(
            "spec_prices",
            Some(json!(spec_prices(client, rows, store, write.multi_spec))),
        );
    }
    let reviewed = !edit.is_empty();
    if reviewed {
        edit.insert("product_id".to_owned(), id(remote_id));
        edit.insert("commit".to_owned(), json!(true));
        let mobile = auth::mobile(client.session);
        if !mobile.is_empty() {
            edit.insert("mobile".to_owned(), json!(mobile));
        }
        steps.push(("product.editV2", Value::Object(edit)));
    }
    if rows.is_none() {
        steps.extend(number_steps(client, remote_id, &write.skus));
    }
    if let Some(on_sale) = write.on_sale {
        let method = if on_sale {
            "product.setOnline"
        } else {
            "product.setOffline"
        };
        steps.push((method, json!({"product_id": id(remote_id)})));
    }
    let remote_id = Some(remote_id.to_owned());
    for (at, (method, params)) in steps.into_iter().enumerate() {
        match client.change(method, params).await {
            Ok(_) => {}
            // The first part stands there already.
            Err(RemoteError::Rejected { code, text }) if at > 0 => {
                return Ok(WriteOutcome::Flawed {
                    remote_id,
                    code,
                    text,
                });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(if reviewed {
        WriteOutcome::InReview { remote_id }
    } else {
        WriteOutcome::Accepted { remote_id }
    })
}

/// All SKUs as they shall stand there, when specs are added or renamed or a barcode is written: product.editV2 takes
/// them only all at once. `None` when price, stock and weight are all that changes.
async fn changed_rows(
    client: &Client<'_>,
    remote_id: &str,
    write: &ListingWrite,
) -> Result<Option<Vec<Row>>, RemoteError> {
    let barcode_field = barcode_field(client);
    let touches = |sku: &SkuWrite| {
        sku.remote_id.is_none()
            || sku.spec_name.is_some()
            || (sku.barcode.is_some() && !barcode_field.is_empty())
    };
    if !write.skus.iter().any(touches) {
        return Ok(None);
    }
    let there: Product = client
        .read("product.detail", json!({"product_id": remote_id}))
        .await?;
    let several_axes = there.specs.0.len() > 1;
    let axes = &there.specs.0;
    let store = client.session.remote_id.as_str();
    let mut ids = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    for sku in &there.spec_prices.0 {
        ids.push(sku.sku_id.0.clone());
        let held = sku.stock_num_map.as_ref().and_then(|map| map.get(store)?.0);
        let barcode = sku.others.get(barcode_field).and_then(Value::as_str);
        rows.push(Row {
            name: map::spec_name(sku, axes),
            code: sku.code.0.clone(),
            price: sku.price.0.map(|price| price.0),
            stock: held.or(sku.stock_num.0),
            barcode: barcode.map(str::to_owned),
            weight_g: None,
        });
    }
    let mut changed = false;
    for sku in &write.skus {
        let known = sku
            .remote_id
            .as_ref()
            .and_then(|id| ids.iter().position(|held| held == id));
        let Some(at) = known else {
            changed = true;
            ids.push(String::new());
            rows.push(new_row(sku));
            continue;
        };
        let row = &mut rows[at];
        if let Some(name) = sku.spec_name.as_ref().filter(|name| **name != row.name) {
            row.name.clone_from(name);
            changed = true;
        }
        if !barcode_field.is_empty() && sku.barcode.is_some() && sku.barcode != row.barcode {
            row.barcode.clone_from(&sku.barcode);
            changed = true;
        }
        row.price = sku.price.map(|price| price.0).or(row.price);
        row.stock = sku.stock.or(row.stock);
        row.weight_g = sku.weight_g;
    }
    if changed && several_axes {
        return Err(rejected(
            "这个商品在平台上有多组规格，请在抖店后台修改规格".to_owned(),
        ));
    }
    Ok(changed.then_some(rows))
}

/// Price and stock of the SKUs of one product.
fn number_steps(client: &Client<'_>, remote_id: &str, skus: &[SkuWrite]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut stocks = Vec::new();
    for sku in skus {
        let Some(sku_id) = sku.remote_id.as_deref() else {
            continue;
        };
        if let Some(price) = sku.price {
            steps.push(("sku.editPrice", price_params(remote_id, sku_id, price.0)));
        }
        stocks.extend(sku.stock.map(|stock| (sku_id, stock)));
    }
    if !stocks.is_empty() {
        steps.push(("sku.syncStockBatch", stock_params(client, remote_id, &stocks)));
    }
    steps
}

fn price_params(product: &str, sku: &str, fen: i64) -> Value {
    json!({"product_id": id(product), "sku_id": id(sku), "price": fen})
}

/// The stock of one store: its id stands where a warehouse's would.
fn stock_params(client: &Client<'_>, product: &str, stocks: &[(&str, i64)]) -> Value {
    let store = client.session.remote_id.as_str();
    let rows: Vec<Value> = stocks
        .iter()
        .map(|(sku, stock)| {
            json!({
                "sku_id": id(sku), "sku_type": 1,
                "stock_map": [{"out_warehouse_id": store, "stock_num": stock}],
            })
        })
        .collect();
    json!({"product_id": id(product), "incremental": false, "sku_sync_list": rows})
}

/// Puts a product into the recycle bin. A second time the platform says that a parameter is wrong: it is gone.
pub(super) async fn delete(client: &Client<'_>, remote_id: &str) -> Result<WriteOutcome, RemoteError> {
    let params = json!({"product_id": id(remote_id), "delete_forever": false});
    match client.change("product.del", params).await {
        Err(RemoteError::Rejected { code, .. })
            if code.ends_with(":2010058") || code == "isv.parameter-invalid:7" =>
        {
            Ok(WriteOutcome::Accepted { remote_id: None })
        }
        answer => outcome(answer),
    }
}

fn outcome(answer: Result<Value, RemoteError>) -> Result<WriteOutcome, RemoteError> {
    match answer {
        Ok(_) => Ok(WriteOutcome::Accepted { remote_id: None }),
        Err(RemoteError::Rejected { code, text }) => Ok(WriteOutcome::Rejected { code, text }),
        Err(error) => Err(error),
    }
}

/// Prices go one SKU a call. A failure on the way leaves the earlier ones set; they are absolute, so that all may be
/// sent again.
pub(super) async fn prices(
    client: &Client<'_>,
    rows: &[PriceWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    at_most(rows.len(), ROWS)?;
    let mut outcomes = Vec::with_capacity(rows.len());
    for row in rows {
        let params = price_params(&row.sku.listing_id, &row.sku.sku_id, row.price.0);
        outcomes.push(outcome(client.change("sku.editPrice", params).await)?);
    }
    Ok(outcomes)
}

/// Stock goes one product a call; the platform takes all of a product's rows or none.
pub(super) async fn stocks(
    client: &Client<'_>,
    rows: &[StockWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    at_most(rows.len(), ROWS)?;
    let mut outcomes: Vec<Option<WriteOutcome>> = vec![None; rows.len()];
    let mut products: Vec<(&str, Vec<usize>)> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let product = row.sku.listing_id.as_str();
        match products.iter_mut().find(|(held, _)| *held == product) {
            Some((_, places)) => places.push(at),
            None => products.push((product, vec![at])),
        }
    }
    for (product, places) in products {
        let stocks: Vec<(&str, i64)> = places
            .iter()
            .map(|at| (rows[*at].sku.sku_id.as_str(), rows[*at].stock))
            .collect();
        let params = stock_params(client, product, &stocks);
        let told = outcome(client.change("sku.syncStockBatch", params).await)?;
        for at in places {
            outcomes[at] = Some(told.clone());
        }
    }
    Ok(outcomes.into_iter().flatten().collect())
}

/// Writes our codes: one call for the product, one for each SKU.
pub(super) async fn bind_codes(
    client: &Client<'_>,
    listing: &RemoteListing,
    outer_code: &str,
    sku_codes: &[(RemoteSku, String)],
) -> Result<(), RemoteError> {
    let product = id(&listing.remote_id);
    for (sku, code) in sku_codes {
        if sku.outer_sku_code != *code {
            let params = json!({"product_id": product, "sku_id": id(&sku.remote_id), "code": code});
            client.change("sku.editCode", params).await?;
        }
    }
    if listing.outer_code != outer_code {
        let params = json!({"product_id": product, "outer_product_id": outer_code, "commit": true});
        client.change("product.editV2", params).await?;
    }
    Ok(())
}
