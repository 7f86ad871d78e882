//! Groups, products and pictures of family B (fact sheet 8, 9.3, 9.4 and 10).
//!
//! businessId 2 writes by the older `/waimai/dish/*` calls, which name everything in camel case and hold lists as JSON
//! text; businessId 16 writes by `/wmoper/ng/foodop/*`, which speak as family A does.

use super::super::food::{self, DISH, FOOD};
use super::client::Client;
use crate::meituan_open::batch::{self, Addressed, BATCH, Names, Sender};
use crate::meituan_open::map;
use crate::meituan_open::read::{file_name, page};
use crate::meituan_open::wire::{Category, Envelope, Product};
use async_trait::async_trait;
use base64::Engine as _;
use connect::error::RemoteError;
use connect::platform::{
    GroupPlace, ListingPage, ListingRef, ListingWrite, PriceWrite, RemoteGroup, RemoteListing, RemoteSku,
    StockWrite, WriteOutcome, at_most,
};
use connect::wire::{List, Text};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Products of one page: "below 200" (fact sheet 14).
const PAGE: usize = 199;

const FOODS: Names = Names {
    product: "app_food_code",
    sku: "sku_id",
};
const DISHES: Names = Names {
    product: "eDishCode",
    sku: "skuId",
};

impl Client<'_> {
    fn names(&self) -> Names {
        if self.takes_orders() { DISHES } else { FOODS }
    }

    /// The path of the edition: with taking orders, without.
    fn path(&self, with: &'static str, without: &'static str) -> &'static str {
        if self.takes_orders() { with } else { without }
    }

    async fn products<T: serde::de::DeserializeOwned>(&self, offset: usize) -> Result<Vec<T>, RemoteError> {
        let path = self.path("/waimai/ng/dish/food/listAll", "/wmoper/ng/foodop/food/list");
        let rows: List<T> = self.read(path, json!({"offset": offset, "limit": PAGE})).await?;
        Ok(rows.0)
    }
}

/// A list goes out as JSON text in `/waimai/dish/*`, as it is elsewhere.
#[async_trait]
impl Sender for Client<'_> {
    async fn batch(&self, path: &str, entries: Value) -> Result<Envelope, RemoteError> {
        let list = match path.rsplit('/').next() {
            Some("batchUpload") => "dishes",
            Some("updatePrice") => "dishSkuPrices",
            Some("updateStock") => "dishSkuStocks",
            _ => "food_data",
        };
        let mut biz = Map::new();
        if list == "food_data" {
            biz.insert(list.to_owned(), entries);
        } else {
            biz.insert("ePoiId".to_owned(), json!(self.shop()?));
            biz.insert(list.to_owned(), json!(entries.to_string()));
        }
        let (data, msg) = self.call(path, Value::Object(biz)).await?;
        // What failed of a batch is told in `data` or in `msg`; both are bare words when nothing did.
        let told = match data {
            Value::String(text) if !matches!(text.as_str(), "" | "ok" | "OK" | "success") => text,
            list @ Value::Array(_) => list.to_string(),
            _ => msg,
        };
        Ok(Envelope {
            data: json!("ok"),
            msg: Text(told),
            ..Envelope::default()
        })
    }
}

pub(in super::super) async fn groups(client: &Client<'_>) -> Result<Vec<RemoteGroup>, RemoteError> {
    if client.takes_orders() {
        let rows: List<Category> = client.read("/waimai/dish/queryCatList", json!({})).await?;
        return Ok(map::groups(rows.0));
    }
    // Without taking orders groups can be made and deleted but not listed: those in use stand on the products.
    let mut groups: Vec<RemoteGroup> = Vec::new();
    let mut offset = 0;
    loop {
        let products: Vec<Product> = client.products(offset).await?;
        for product in &products {
            let name = &product.category_name.0;
            if !name.is_empty() && groups.iter().all(|held| held.name != *name) {
                groups.push(RemoteGroup {
                    remote_id: name.clone(),
                    name: name.clone(),
                    parent: None,
                    sequence: i64::try_from(groups.len() + 1).unwrap_or(i64::MAX),
                });
            }
        }
        if products.len() < PAGE {
            return Ok(groups);
        }
        offset += PAGE;
    }
}

/// Makes a group; one that is there already is what was wanted.
pub(in super::super) async fn create_group(
    client: &Client<'_>,
    name: &str,
    sequence: i64,
) -> Result<String, RemoteError> {
    let made = if client.takes_orders() {
        let biz = json!({"catName": name, "sequence": sequence});
        client.call("/waimai/dish/updateCat", biz).await
    } else {
        let biz = json!({"category_name": name, "sequence": sequence});
        client.call("/wmoper/ng/foodop/foodCat/update", biz).await
    };
    match made {
        Ok(_) => Ok(name.to_owned()),
        Err(RemoteError::Rejected { text, .. }) if text.contains("已存在") => Ok(name.to_owned()),
        Err(error) => Err(error),
    }
}

/// Gives each group its number; what it is called stays.
pub(in super::super) async fn order_groups(
    client: &Client<'_>,
    places: &[GroupPlace],
) -> Result<(), RemoteError> {
    for place in places {
        let name = place.path.last().unwrap_or(&place.remote_id);
        let sequence = place.position;
        if client.takes_orders() {
            let biz = json!({"oldCatName": name, "catName": name, "sequence": sequence});
            client.call("/waimai/dish/updateCat", biz).await?;
        } else {
            let biz = json!({"category_name_origin": name, "category_name": name, "sequence": sequence});
            client.call("/wmoper/ng/foodop/foodCat/update", biz).await?;
        }
    }
    Ok(())
}

/// Takes one product away. Without taking orders there is no such call.
pub(in super::super) async fn delete(client: &Client<'_>, listing: &ListingRef) -> Result<(), RemoteError> {
    if !client.takes_orders() {
        return Err(RemoteError::Unsupported {
            what: "delete (businessId 16)".to_owned(),
        });
    }
    let biz = json!({"ePoiId": client.shop()?, "eDishCode": listing.outer_code});
    client.call("/waimai/dish/delete", biz).await.map(|_| ())
}

pub(in super::super) async fn listings(
    client: &Client<'_>,
    cursor: Option<&str>,
) -> Result<ListingPage, RemoteError> {
    let offset: usize = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
    Ok(page(client.products(offset).await?, offset, PAGE, None))
}

/// Walks the pages for one product: no call of this family that asks by code has a documented answer.
pub(in super::super) async fn find(
    client: &Client<'_>,
    fits: impl Fn(&RemoteListing) -> bool + Send,
) -> Result<Option<RemoteListing>, RemoteError> {
    let mut cursor = None;
    loop {
        let page = listings(client, cursor.as_deref()).await?;
        let found = page.listings.into_iter().find(&fits);
        if found.is_some() || page.next.is_none() {
            return Ok(found);
        }
        cursor = page.next;
    }
}

/// The specs that products hold there, by our product code.
async fn specs(client: &Client<'_>, codes: &[&str]) -> Result<HashMap<String, Value>, RemoteError> {
    let mut specs = HashMap::new();
    let mut offset = 0;
    loop {
        let products: Vec<Value> = client.products(offset).await?;
        for product in &products {
            let code = product.get("app_food_code").and_then(Value::as_str);
            if let Some(code) = code.filter(|code| codes.contains(code))
                && let Some(held) = food::specs_of(product)
            {
                specs.insert(code.to_owned(), held);
            }
        }
        if products.len() < PAGE || specs.len() == codes.len() {
            return Ok(specs);
        }
        offset += PAGE;
    }
}

pub(in super::super) async fn write(
    client: &Client<'_>,
    products: &[ListingWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    at_most(products.len(), BATCH)?;
    let bare: Vec<&str> = products
        .iter()
        .filter(|write| food::needs_specs(write))
        .map(|write| write.outer_code.as_str())
        .collect();
    let held = if bare.is_empty() {
        HashMap::new()
    } else {
        specs(client, &bare).await?
    };
    let spelling = if client.takes_orders() { DISH } else { FOOD };
    let entry = |write: &ListingWrite| food::product(write, held.get(&write.outer_code), &spelling);
    let entries = Value::Array(products.iter().map(entry).collect());
    let sent: Vec<Addressed<'_>> = products
        .iter()
        .map(|product| Addressed {
            spu: &product.outer_code,
            sku: None,
        })
        .collect();
    let path = client.path("/waimai/dish/batchUpload", "/wmoper/ng/foodop/food/batchinitdata");
    batch::batch(client, path, entries, &sent).await
}

pub(in super::super) async fn prices(
    client: &Client<'_>,
    rows: &[PriceWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    let path = client.path("/waimai/dish/updatePrice", "/wmoper/ng/foodop/food/sku/price");
    batch::prices(client, path, client.names(), rows).await
}

pub(in super::super) async fn stocks(
    client: &Client<'_>,
    rows: &[StockWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    let path = client.path("/waimai/dish/updateStock", "/wmoper/ng/foodop/food/sku/stock");
    batch::stocks(client, path, client.names(), rows).await
}

/// Codes go onto a product by its name, group and spec (businessId 2), or by the codes it has (16).
pub(in super::super) async fn bind_codes(
    client: &Client<'_>,
    listing: &RemoteListing,
    outer_code: &str,
    sku_codes: &[(RemoteSku, String)],
) -> Result<(), RemoteError> {
    for (sku, code) in sku_codes {
        if listing.outer_code == outer_code && sku.outer_sku_code == *code {
            continue;
        }
        if client.takes_orders() {
            let biz = json!({
                "name": listing.name, "categoryName": listing.group_path.last().map_or("", String::as_str),
                "appFoodCode": outer_code, "skuId": code, "spec": sku.spec_name,
            });
            let path = "/waimai/ng/dish/food/updateAppFoodCodeByNameAndSpec";
            client.call(path, biz).await?;
        } else if listing.outer_code.is_empty() || sku.outer_sku_code.is_empty() {
            return Err(RemoteError::Rejected {
                code: String::new(),
                text: "绑定自定义商品编码失败：非接单授权（businessId 16）不能给没有编码的菜品写编码"
                    .to_owned(),
            });
        } else {
            let biz = json!({
                "app_food_code_origin": listing.outer_code, "app_food_code": outer_code,
                "sku_id_origin": sku.outer_sku_code, "sku_id": code,
            });
            let path = "/wmoper/ng/foodop/food/updateAppFoodCodeByOrigin";
            client.call(path, biz).await?;
        }
    }
    Ok(())
}

/// Uploads a picture as base64 text; gives its id. For businessId 16 no path of its own is known: the same is asked.
pub(in super::super) async fn upload(
    client: &Client<'_>,
    name: &str,
    jpeg: &[u8],
) -> Result<String, RemoteError> {
    let file = base64::engine::general_purpose::STANDARD.encode(jpeg);
    let biz = json!({"ePoiId": client.shop()?, "imageName": file_name(name), "file": file});
    let (data, _) = client.call("/waimai/image/upload", biz).await?;
    match data.as_str() {
        Some(id) => Ok(id.to_owned()),
        None => serde_json::from_value::<Text>(data)
            .map(|id| id.0)
            .map_err(|_| RemoteError::Malformed {
                raw: "waimai/image/upload without an id".to_owned(),
            }),
    }
}
