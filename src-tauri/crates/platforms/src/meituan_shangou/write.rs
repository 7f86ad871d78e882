//! Writing products, prices and stock (fact sheet 9.1), and what each item of a batch was told (fact sheet 5).

use crate::meituan_open::batch::{Addressed, BATCH, Names, acknowledged, batch};
use crate::meituan_open::client::Client;
use connect::error::RemoteError;
use connect::platform::{ListingRef, ListingWrite, SkuWrite, WriteOutcome, at_most};
use serde_json::{Map, Value, json};

/// How `retail*` calls name products and specs.
pub(super) const NAMES: Names = Names {
    product: "app_spu_code",
    sku: "sku_id",
};

pub(super) async fn write(
    client: &Client<'_>,
    products: &[ListingWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    at_most(products.len(), BATCH)?;
    let entries = Value::Array(products.iter().map(product).collect());
    let sent: Vec<Addressed<'_>> = products
        .iter()
        .map(|product| Addressed {
            spu: &product.outer_code,
            sku: None,
        })
        .collect();
    batch(client, "retail/batchinitdata", entries, &sent).await
}

/// Takes products away, one call each: a product is named by our code, so one without any stays. Its group stays too.
pub(super) async fn delete(
    client: &Client<'_>,
    listings: &[ListingRef],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    at_most(listings.len(), BATCH)?;
    let mut outcomes = Vec::with_capacity(listings.len());
    for listing in listings {
        if listing.outer_code.is_empty() {
            outcomes.push(WriteOutcome::Rejected {
                code: String::new(),
                text: "app_spu_code字段为空".to_owned(),
            });
            continue;
        }
        let params = vec![client.shop(), ("app_spu_code", listing.outer_code.clone())];
        let gone = client.post("retail/delete", params).await.and_then(acknowledged);
        outcomes.push(match gone {
            Ok(()) => WriteOutcome::Accepted { remote_id: None },
            Err(RemoteError::Rejected { code, text }) if code == "805" || text.contains("商品不存在") => {
                WriteOutcome::Accepted { remote_id: None }
            }
            Err(RemoteError::Rejected { code, text }) => WriteOutcome::Rejected { code, text },
            // What was told already is kept only by reading back: the call as a whole is open.
            Err(error) => return Err(error),
        });
    }
    Ok(outcomes)
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
    set("description", write.description.as_ref().map(|text| json!(text)));
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
