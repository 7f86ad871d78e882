//! Reading with family A: the connection, shops, products and pictures (fact sheet 7, 9.2 and 10).

use super::client::{Client, Params, Upload};
use super::{auth, map, orders, wire};
use connect::error::{Layer, RemoteError};
use connect::platform::{ListingPage, RemoteListing, RemoteStore, signature_passed};
use connect::wire::{List, Text};
use std::collections::BTreeMap;

/// Products of one page: offsets must be multiples of it (fact sheet 9.2).
const PAGE: usize = 200;
/// Shops of one poi/mget.
const SHOPS: usize = 200;

/// Codes of the shops that are bound to the application.
pub(crate) async fn shop_codes(client: &Client<'_>) -> Result<Vec<String>, RemoteError> {
    let codes: List<Text> = client.get("poi/getids", Vec::new()).await?.data()?;
    Ok(codes.0.into_iter().map(|code| code.0).collect())
}

/// The shops behind codes; unknown ones are left out.
pub(crate) async fn shops(client: &Client<'_>, codes: &[String]) -> Result<Vec<RemoteStore>, RemoteError> {
    let mut stores = Vec::new();
    for codes in codes.chunks(SHOPS) {
        let params = vec![("app_poi_codes", codes.join(","))];
        let shops: List<wire::Shop> = client.get("poi/mget", params).await?.data()?;
        stores.extend(shops.0.into_iter().map(map::store));
    }
    Ok(stores)
}

/// Tests one layer; what was measured.
pub(crate) async fn probe(
    client: &Client<'_>,
    layer: Layer,
) -> Result<BTreeMap<String, String>, RemoteError> {
    let mut params = BTreeMap::new();
    match layer {
        Layer::Key => auth::well_formed(client.session)?,
        Layer::Signature => signature_passed(shop_codes(client).await)?,
        Layer::Permission => {
            let stores = shop_codes(client).await?.len();
            params.insert("stores".to_owned(), stores.to_string());
        }
        Layer::Store => {
            let wanted = &client.session.remote_id;
            let stores = shops(client, std::slice::from_ref(wanted)).await?;
            let Some(store) = stores.into_iter().find(|store| store.remote_id == *wanted) else {
                return Err(RemoteError::Refused {
                    layer: Layer::Store,
                    text: format!("账号下没有门店 {wanted}"),
                });
            };
            params.insert("name".to_owned(), store.name);
        }
        Layer::Orders => {
            let latest = orders::latest(client).await?;
            params.insert("day_seq".to_owned(), latest.to_string());
        }
    }
    Ok(params)
}

/// One page of products.
pub(crate) async fn listings(
    client: &Client<'_>,
    path: &str,
    cursor: Option<&str>,
) -> Result<ListingPage, RemoteError> {
    let offset: usize = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
    let params = vec![
        client.shop(),
        ("offset", offset.to_string()),
        ("limit", PAGE.to_string()),
    ];
    let answer = client.get(path, params).await?;
    let products: List<wire::Product> = answer.data()?;
    let told = answer.extra_info.0.total_count.0;
    let total = told.and_then(|total| usize::try_from(total).ok());
    Ok(page(products.0, offset, PAGE, total))
}

/// A page of `limit` products from `offset` on, as the port shows it.
pub(crate) fn page(
    products: Vec<wire::Product>,
    offset: usize,
    limit: usize,
    total: Option<usize>,
) -> ListingPage {
    let full = products.len() >= limit;
    let more = total.map_or(full, |total| offset + limit < total && !products.is_empty());
    ListingPage {
        listings: map::listings(products),
        next: more.then(|| (offset + limit).to_string()),
        total,
    }
}

/// One product by our code; `None` when there is none.
pub(crate) async fn product(
    client: &Client<'_>,
    path: &str,
    field: &'static str,
    code: &str,
) -> Result<Option<wire::Product>, RemoteError> {
    let params: Params = vec![client.shop(), (field, code.to_owned())];
    match client.get(path, params).await {
        Ok(answer) => {
            let products: List<wire::Product> = answer.data()?;
            Ok(products.0.into_iter().next())
        }
        // 805 there is no such product; clients have seen 804 for the same.
        Err(RemoteError::Rejected { code, .. }) if code == "805" || code == "804" => Ok(None),
        Err(error) => Err(error),
    }
}

/// Walks the pages for a product that has no code to ask by.
pub(crate) async fn find(
    client: &Client<'_>,
    path: &str,
    fits: impl Fn(&RemoteListing) -> bool + Send,
) -> Result<Option<RemoteListing>, RemoteError> {
    let mut cursor = None;
    loop {
        let page = listings(client, path, cursor.as_deref()).await?;
        let found = page.listings.into_iter().find(&fits);
        if found.is_some() || page.next.is_none() {
            return Ok(found);
        }
        cursor = page.next;
    }
}

/// Uploads a picture; gives its id.
pub(crate) async fn upload(client: &Client<'_>, name: &str, jpeg: &[u8]) -> Result<String, RemoteError> {
    let name = file_name(name);
    let file = Upload {
        field: "file",
        name: &name,
        bytes: jpeg,
    };
    let params = vec![client.shop(), ("img_name", name.clone())];
    client.upload("image/upload", params, file).await?.text()
}

/// Letters and digits ending in .jpg: the strictest rule seen for picture names.
pub(crate) fn file_name(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let clean: String = stem
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(60)
        .collect();
    format!("{}.jpg", if clean.is_empty() { "picture" } else { &clean })
}
