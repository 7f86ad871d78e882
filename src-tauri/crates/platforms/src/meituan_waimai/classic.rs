//! Family A of 外卖: `food*` and `foodCat*` calls (fact sheet 8, 9.3 and 9.4).

use super::food::{self, FOOD};
use crate::meituan_open::batch::{Addressed, BATCH, Names, acknowledged, batch};
use crate::meituan_open::client::Client;
use crate::meituan_open::codes::Calls;
use crate::meituan_open::{map, wire};
use connect::error::RemoteError;
use connect::platform::{GroupPlace, ListingRef, ListingWrite, RemoteGroup, WriteOutcome, at_most};
use connect::wire::List;
use serde_json::Value;

pub(super) const NAMES: Names = Names {
    product: "app_food_code",
    sku: "sku_id",
};

pub(super) const CODES: Calls = Calls {
    by_origin: "food/updateAppFoodCodeByOrigin",
    by_name: "food/updateAppFoodCodeByNameAndSpec",
    code: "app_food_code",
};

/// Groups have one level and no id but their name.
pub(super) async fn groups(client: &Client<'_>) -> Result<Vec<RemoteGroup>, RemoteError> {
    let answer = client.get("foodCat/list", vec![client.shop()]).await?;
    let categories: List<wire::Category> = answer.data()?;
    Ok(map::groups(categories.0))
}

/// Makes a group; one that is there already is what was wanted.
pub(super) async fn create_group(
    client: &Client<'_>,
    name: &str,
    sequence: i64,
) -> Result<String, RemoteError> {
    let params = vec![
        client.shop(),
        ("category_name", name.to_owned()),
        ("sequence", sequence.to_string()),
    ];
    match client.post("foodCat/update", params).await {
        Ok(answer) => acknowledged(answer)?,
        Err(RemoteError::Rejected { code, .. }) if code == "1037" || code == "3013" => {}
        Err(error) => return Err(error),
    }
    Ok(name.to_owned())
}

/// Gives each group its number; what it is called stays.
pub(super) async fn order_groups(client: &Client<'_>, places: &[GroupPlace]) -> Result<(), RemoteError> {
    for place in places {
        let name = place.path.last().unwrap_or(&place.remote_id);
        let params = vec![
            client.shop(),
            ("category_name_origin", name.clone()),
            ("category_name", name.clone()),
            ("sequence", place.position.to_string()),
        ];
        acknowledged(client.post("foodCat/update", params).await?)?;
    }
    Ok(())
}

/// Takes one product away.
pub(super) async fn delete(client: &Client<'_>, listing: &ListingRef) -> Result<(), RemoteError> {
    let params = vec![client.shop(), ("app_food_code", listing.outer_code.clone())];
    acknowledged(client.post("food/delete", params).await?)
}

pub(super) async fn write(
    client: &Client<'_>,
    products: &[ListingWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    at_most(products.len(), BATCH)?;
    let mut entries = Vec::with_capacity(products.len());
    for write in products {
        let held = if food::needs_specs(write) {
            specs(client, &write.outer_code).await?
        } else {
            None
        };
        entries.push(food::product(write, held.as_ref(), &FOOD));
    }
    let sent: Vec<Addressed<'_>> = products
        .iter()
        .map(|product| Addressed {
            spu: &product.outer_code,
            sku: None,
        })
        .collect();
    batch(client, "food/batchinitdata", Value::Array(entries), &sent).await
}

/// The specs of a product as they are there; none when the platform does not know it.
async fn specs(client: &Client<'_>, code: &str) -> Result<Option<Value>, RemoteError> {
    let params = vec![client.shop(), ("app_food_code", code.to_owned())];
    match client.get("food/get", params).await {
        Ok(answer) => {
            let products: List<Value> = answer.data()?;
            Ok(products.0.first().and_then(food::specs_of))
        }
        Err(RemoteError::Rejected { code, .. }) if code == "805" || code == "804" => Ok(None),
        Err(error) => Err(error),
    }
}
