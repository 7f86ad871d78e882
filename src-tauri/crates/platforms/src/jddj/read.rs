//! Reading products: the merchant's list, and to each what the store adds (fact sheet 9 to 12).

use super::client::{Client, number};
use super::layers;
use super::map::{self, Shelf};
use super::wire::{PictureState, Product, Products};
use connect::error::RemoteError;
use connect::platform::{RemoteGroup, RemoteListing};
use connect::wire::List;
use serde_json::{Value, json};

/// Products of a page. The ceiling is not known; fifty is what clients ask for.
pub(super) const PAGE: usize = 50;
/// Products of one question about pictures: the platform's own limit.
const PICTURED: usize = 25;
/// Most pages of a search for one product: a stop for a list that never ends.
const PAGES: usize = 400;
const DELETED: i64 = 4;

/// One page of the merchant's products.
pub(super) struct Page {
    pub(super) products: Vec<Product>,
    /// The page that follows, and behind which product it begins.
    pub(super) next: Option<(usize, String)>,
    pub(super) total: Option<usize>,
}

/// A page. Deep pages of the older list answer badly, so the newer one is asked, which goes on behind the last product;
/// the setting `product_list` = `querySkuInfos` asks the older.
pub(super) async fn page(client: &Client<'_>, page: usize, after: &str) -> Result<Page, RemoteError> {
    let newer = client.session.setting("product_list", "querySkuInfoList") != "querySkuInfos";
    let mut body = json!({"pageNo": page, "pageSize": PAGE, "isFilterDel": "0"});
    if newer && page > 1 {
        body["searchAfterSkuId"] = number(after);
    }
    let path = if newer {
        "pms/querySkuInfoList"
    } else {
        "pms/querySkuInfos"
    };
    let answer: Products = client.read(path, body).await?;
    let total = answer.count.0.and_then(|count| usize::try_from(count).ok());
    let mark = answer.search_after_sku_id.0.clone();
    let rows = list(answer)?;
    let last = rows.last().map(|row| row.sku_id.0.clone()).unwrap_or_default();
    let mark = if mark.is_empty() { last } else { mark };
    Ok(Page {
        next: (rows.len() >= PAGE).then_some((page + 1, mark)),
        products: rows.into_iter().filter(is_there).collect(),
        total,
    })
}

fn is_there(product: &Product) -> bool {
    !product.sku_id.is_empty() && product.fixed_status.0 != Some(DELETED)
}

fn list(answer: Products) -> Result<Vec<Product>, RemoteError> {
    let value = match answer.result {
        Value::Null => answer.result_list,
        value => value,
    };
    match value {
        Value::Null => Ok(Vec::new()),
        Value::String(text) if text.trim().is_empty() => Ok(Vec::new()),
        value => layers::carried::<List<Product>>(value).map(|list| list.0),
    }
}

/// A product by the platform's id.
pub(super) async fn by_id(client: &Client<'_>, id: &str) -> Result<Option<Product>, RemoteError> {
    let body = json!({"pageNo": 1, "pageSize": 1, "isFilterDel": "0", "skuId": number(id)});
    let answer: Products = client.read("pms/querySkuInfos", body).await?;
    let found = list(answer)?.into_iter().find(|row| row.sku_id.as_str() == id);
    Ok(found.filter(is_there))
}

/// A product by our code. No call finds it by that, but the list shows it.
pub(super) async fn by_code(client: &Client<'_>, code: &str) -> Result<Option<Product>, RemoteError> {
    let (mut at, mut after) = (1, String::new());
    for _ in 0..PAGES {
        let read = page(client, at, &after).await?;
        let found = read
            .products
            .into_iter()
            .find(|row| row.out_sku_id.as_str() == code);
        match (found, read.next) {
            (Some(product), _) => return Ok(Some(product)),
            (None, Some(next)) => (at, after) = next,
            (None, None) => return Ok(None),
        }
    }
    Ok(None)
}

/// What the store adds: price, stock and whether it sells it; and how the pictures came in.
pub(super) async fn shelf(client: &Client<'_>, products: &[Product]) -> Result<Shelf, RemoteError> {
    if products.is_empty() {
        return Ok(Shelf::default());
    }
    let station = client.station();
    let ids: Vec<Value> = products.iter().map(|row| number(row.sku_id.as_str())).collect();
    let asked: Vec<Value> = ids
        .iter()
        .map(|id| json!({"stationNo": station, "skuId": id}))
        .collect();
    let prices: Option<List<_>> = client
        .read(
            "price/getStationInfoList",
            json!({"stationNo": station, "skuIds": ids}),
        )
        .await?;
    let stocks: Option<List<_>> = client
        .read(
            "stock/queryOpenUseable",
            json!({"listBaseStockCenterRequest": asked}),
        )
        .await?;
    Ok(Shelf {
        prices: prices.unwrap_or_default().0,
        stocks: stocks.unwrap_or_default().0,
        pictures: pictures(client, products).await?,
    })
}

/// How the pictures of products came in. It is an extra: the list stands without it where the right is missing.
async fn pictures(client: &Client<'_>, products: &[Product]) -> Result<Vec<PictureState>, RemoteError> {
    let mut states = Vec::new();
    for some in products.chunks(PICTURED) {
        let ids: Vec<&str> = some.iter().map(|row| row.sku_id.as_str()).collect();
        match picture_states(client, &ids).await {
            Ok(rows) => states.extend(rows),
            Err(error @ (RemoteError::Rejected { .. } | RemoteError::Refused { .. })) => {
                tracing::warn!(%error, "the state of pictures cannot be read");
                break;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(states)
}

/// How the pictures of products came in, at most 25.
pub(super) async fn picture_states(
    client: &Client<'_>,
    ids: &[&str],
) -> Result<Vec<PictureState>, RemoteError> {
    // 1 is the pictures of the product, 2 those of its description.
    let body = json!({"skuIds": ids.join(","), "imgType": 1});
    let rows: Option<List<PictureState>> = client.read("order/queryListBySkuIds", body).await?;
    Ok(rows.unwrap_or_default().0)
}

/// A product with what the store adds.
pub(super) async fn listing(
    client: &Client<'_>,
    product: Product,
    groups: &[RemoteGroup],
) -> Result<RemoteListing, RemoteError> {
    let products = [product];
    let shelf = shelf(client, &products).await?;
    let [product] = products;
    Ok(map::listing(product, &shelf, groups))
}
