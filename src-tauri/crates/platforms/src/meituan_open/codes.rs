//! Writing our codes onto products that the platform has already, with family A (fact sheet 9.3).

use super::batch::acknowledged;
use super::client::Client;
use connect::error::RemoteError;
use connect::platform::{RemoteListing, RemoteSku};

/// The two calls, and what the second calls the new product code.
#[derive(Clone, Copy)]
pub(crate) struct Calls {
    pub(crate) by_origin: &'static str,
    pub(crate) by_name: &'static str,
    pub(crate) code: &'static str,
}

/// Writes our codes onto an existing product, SKU by SKU (fact sheet 9.3): by the codes it has, else by its name,
/// group and spec, which must equal the online texts exactly.
pub(crate) async fn bind_codes(
    client: &Client<'_>,
    calls: Calls,
    listing: &RemoteListing,
    outer_code: &str,
    sku_codes: &[(RemoteSku, String)],
) -> Result<(), RemoteError> {
    for (sku, code) in sku_codes {
        if listing.outer_code == outer_code && sku.outer_sku_code == *code {
            continue;
        }
        if listing.outer_code.is_empty() || sku.outer_sku_code.is_empty() {
            by_name(client, calls, listing, outer_code, sku, code).await?;
        } else {
            let params = vec![
                client.shop(),
                ("app_food_code_origin", listing.outer_code.clone()),
                ("app_food_code", outer_code.to_owned()),
                ("sku_id_origin", sku.outer_sku_code.clone()),
                ("sku_id", code.clone()),
            ];
            acknowledged(client.post(calls.by_origin, params).await?)?;
        }
    }
    Ok(())
}

async fn by_name(
    client: &Client<'_>,
    calls: Calls,
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
        params.push((calls.code, outer_code.to_owned()));
        params.push(("sku_id", code.to_owned()));
        match client.post(calls.by_name, params).await {
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
