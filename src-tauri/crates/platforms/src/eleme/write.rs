//! Writing items and codes (fact sheet 5).
//!
//! A list of specs replaces the one that is there, so specs are read first and sent whole.

use super::client::{Client, number, numbers, parsed};
use super::map::SINGLE_SPEC;
use super::numbers::{failures, words};
use super::wire::{Item, Spec, is_off, is_on};
use connect::error::RemoteError;
use connect::platform::{ListingRef, ListingWrite, RemoteListing, RemoteSku, SkuWrite, WriteOutcome};
use connect::wire::Text;
use domain::money::Money;
use serde_json::{Map, Number, Value, json};

/// Upper bound of a spec's stock as it is created, while the account's setting `max_stock` says no other. None is
/// published; stock above it is refused later.
const MAX_STOCK: &str = "10000";

/// The item as it is there now; `None` when it is certainly not there.
pub(super) async fn item(client: &Client<'_>, id: &str) -> Result<Option<Item>, RemoteError> {
    let found = client
        .read::<Option<Item>>("eleme.product.item.getItem", json!({"itemId": number(id)}))
        .await;
    let ours = |item: &Item| item.shop_id.is_empty() || item.shop_id.as_str() == client.session.remote_id;
    Ok(present(found)?.filter(ours))
}

/// The item of which a spec carries our code.
pub(super) async fn item_by_code(client: &Client<'_>, code: &str) -> Result<Option<Item>, RemoteError> {
    let params = json!({"shopId": client.shop(), "extendCode": code});
    let found = client
        .read::<Option<Item>>("eleme.product.item.getItemByShopIdAndExtendCode", params)
        .await;
    let carries = |item: &Item| item.specs.0.iter().any(|spec| spec.extend_code.as_str() == code);
    Ok(present(found)?.filter(carries))
}

/// Absence is told by null, by an item without an id or marked removed, or by a refusal.
fn present(found: Result<Option<Item>, RemoteError>) -> Result<Option<Item>, RemoteError> {
    match found {
        Ok(item) => Ok(item.filter(|item| !item.id.is_empty() && !is_off(&item.is_valid))),
        Err(RemoteError::Rejected { code, text })
            if code.contains("NOT_FOUND") || text.contains("商品不存在") =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Creates or changes one item; `group` is the id of its group where the write names one.
pub(super) async fn product(
    client: &Client<'_>,
    write: &ListingWrite,
    group: Option<String>,
) -> Result<WriteOutcome, RemoteError> {
    let done = match &write.remote_id {
        Some(id) => match item(client, id).await? {
            Some(there) => update(client, write, there, group).await,
            None => Err(no_item()),
        },
        // The answer to an earlier creation may be lost, and an item can be asked for only by the code of a spec: one
        // that carries all our codes already is ours, and a second one would be its twin.
        None => match made_before(client, write).await? {
            Some(there) => update(client, write, there, group).await,
            None => create(client, write, group).await,
        },
    };
    match done {
        Ok(id) => Ok(WriteOutcome::Accepted { remote_id: id }),
        Err(RemoteError::Rejected { code, text }) => Ok(WriteOutcome::Rejected { code, text }),
        Err(error) => Err(error),
    }
}

fn no_item() -> RemoteError {
    RemoteError::Rejected {
        code: "ITEM_NOT_FOUND".to_owned(),
        text: "商品不存在".to_owned(),
    }
}

/// Takes an item away by `invalidItem`. One that is not there any more, or is another store's, counts as taken away.
pub(super) async fn delete(client: &Client<'_>, listing: &ListingRef) -> Result<WriteOutcome, RemoteError> {
    let gone = WriteOutcome::Accepted { remote_id: None };
    // Ids name no store, and a wrong one must not reach into another of the merchant's.
    let Some(there) = item(client, &listing.remote_id).await? else {
        return Ok(gone);
    };
    let params = json!({"itemId": number(there.id.as_str())});
    match client.change("eleme.product.item.invalidItem", params).await {
        Ok(_) => Ok(gone),
        Err(RemoteError::Rejected { code, text }) if is_absent(&code, &text) => Ok(gone),
        Err(RemoteError::Rejected { code, text }) => Ok(WriteOutcome::Rejected { code, text }),
        Err(error) => Err(error),
    }
}

fn is_absent(code: &str, text: &str) -> bool {
    code.contains("ITEM_NOT_FOUND") || text.contains("商品不存在")
}

async fn made_before(client: &Client<'_>, write: &ListingWrite) -> Result<Option<Item>, RemoteError> {
    let codes: Vec<&str> = write.skus.iter().map(|sku| sku.outer_sku_code.as_str()).collect();
    let Some(first) = codes.first().filter(|code| !code.is_empty()) else {
        return Ok(None);
    };
    let there = item_by_code(client, first).await?;
    Ok(there.filter(|item| {
        let held = |code: &&str| item.specs.0.iter().any(|spec| spec.extend_code.as_str() == *code);
        item.specs.0.len() == codes.len() && codes.iter().all(held)
    }))
}

async fn create(
    client: &Client<'_>,
    write: &ListingWrite,
    group: Option<String>,
) -> Result<Option<String>, RemoteError> {
    let Some(group) = group else {
        return Err(RemoteError::Rejected {
            code: String::new(),
            text: "新商品没有店内分类".to_owned(),
        });
    };
    let mut properties = fields(client, write).await?;
    let shelf = i32::from(write.on_sale.unwrap_or(true));
    let specs: Vec<Value> = write
        .skus
        .iter()
        .map(|sku| Value::Object(spec(&fresh(client, sku), shelf)))
        .collect();
    properties.insert("specs".into(), Value::Array(specs));
    // Said to be asked for since 2025 by one source; the ids come from the store's own list.
    let materials = client.session.setting("materials", "");
    if !materials.is_empty() {
        let list = serde_json::from_str(materials).map_err(|_| RemoteError::MissingCredential {
            field: "materials".to_owned(),
        })?;
        properties.insert("materials".into(), list);
    }
    let params = json!({"categoryId": number(&group), "properties": properties});
    let made = client.change("eleme.product.item.createItem", params).await?;
    let id = parsed::<Option<Item>>(made)?.unwrap_or_default().id;
    Ok(id.filled().map(str::to_owned))
}

async fn update(
    client: &Client<'_>,
    write: &ListingWrite,
    there: Item,
    group: Option<String>,
) -> Result<Option<String>, RemoteError> {
    let id = there.id.0.clone();
    let mut properties = fields(client, write).await?;
    let moved = group
        .as_ref()
        .is_some_and(|group| *group != there.category_id.as_str());
    let category = group.unwrap_or(there.category_id.0);
    if !write.skus.is_empty() {
        let mut specs = there.specs.0;
        for sku in &write.skus {
            merge(client, &mut specs, sku, write.multi_spec);
        }
        let off = write.on_sale.map_or_else(
            || !specs.iter().any(|spec| is_on(&spec.on_shelf)),
            |on_sale| !on_sale,
        );
        properties.insert("specs".into(), whole(&specs, i32::from(!off)));
    }
    if moved || !properties.is_empty() {
        let params =
            json!({"itemId": number(&id), "categoryId": number(&category), "properties": properties});
        client.change("eleme.product.item.updateItem", params).await?;
    }
    if let Some(on_sale) = write.on_sale {
        let action = if on_sale {
            "eleme.product.item.batchListItems"
        } else {
            "eleme.product.item.batchDelistItems"
        };
        let answer = client
            .change(action, json!({"itemIds": numbers([id.as_str()])}))
            .await?;
        if let Some(failure) = failures(answer)?.into_iter().next() {
            let (code, text) = words(&failure);
            return Err(RemoteError::Rejected { code, text });
        }
    }
    Ok(Some(id))
}

/// The fields of the item itself that the write names.
async fn fields(client: &Client<'_>, write: &ListingWrite) -> Result<Map<String, Value>, RemoteError> {
    let mut fields = Map::new();
    if let Some(name) = &write.name {
        fields.insert("name".into(), json!(plain(name)));
    }
    if let Some(pictures) = &write.pictures {
        // One picture is documented for certain; an address, as put back on undoing, first becomes a hash.
        let hash = match pictures.first() {
            Some(address) if address.starts_with("http") => {
                let params = json!({"url": address});
                let hash = client
                    .change("eleme.file.uploadImageWithRemoteUrl", params)
                    .await?;
                parsed::<Text>(hash)?.0
            }
            Some(hash) => hash.clone(),
            None => String::new(),
        };
        fields.insert("imageHash".into(), json!(hash));
    }
    if let Some(description) = &write.description {
        fields.insert("description".into(), json!(plain(description)));
    }
    if let Some(category) = write.category_id.as_ref().filter(|id| !id.is_empty()) {
        fields.insert("backCategoryId".into(), number(category));
    }
    Ok(fields)
}

/// A spec that is not there yet.
fn fresh(client: &Client<'_>, sku: &SkuWrite) -> Spec {
    let setting = |name: &str, default| client.session.setting(name, default).to_owned();
    let most = setting("max_stock", MAX_STOCK).parse().unwrap_or(0);
    let name = sku.spec_name.as_deref().unwrap_or_default();
    Spec {
        name: Text(plain(if name.is_empty() { SINGLE_SPEC } else { name })),
        price: connect::wire::Yuan(sku.price),
        stock: connect::wire::Int(Some(sku.stock.unwrap_or(0))),
        max_stock: connect::wire::Int(Some(sku.stock.unwrap_or(0).max(most))),
        // Goods that say no fee of their own get the one that the shop takes for new goods (F47).
        packing_fee: connect::wire::Yuan(
            sku.packing_fee
                .or_else(|| Money::parse_yuan(&setting("packing_fee", "")).ok()),
        ),
        extend_code: Text(sku.outer_sku_code.clone()),
        bar_code: Text(sku.barcode.clone().unwrap_or_default()),
        weight: connect::wire::Int(sku.weight_g),
        ..Spec::default()
    }
}

/// Puts a change into the specs that are there, or a new spec beside them. Codes stay: they are bound on purpose.
fn merge(client: &Client<'_>, specs: &mut Vec<Spec>, sku: &SkuWrite, multi_spec: bool) {
    let lone = !multi_spec && specs.len() == 1;
    let held = specs.iter_mut().find(|spec| match &sku.remote_id {
        Some(id) => spec.spec_id.as_str() == id,
        None => lone || spec.extend_code.filled() == Some(sku.outer_sku_code.as_str()),
    });
    let Some(spec) = held else {
        specs.push(fresh(client, sku));
        return;
    };
    if let Some(name) = &sku.spec_name {
        spec.name = Text(plain(name));
    }
    if let Some(barcode) = &sku.barcode {
        spec.bar_code = Text(barcode.clone());
    }
    spec.price.0 = sku.price.or(spec.price.0);
    spec.weight.0 = sku.weight_g.or(spec.weight.0);
    spec.packing_fee.0 = sku.packing_fee.or(spec.packing_fee.0);
    if let Some(stock) = sku.stock {
        spec.stock.0 = Some(stock);
        spec.max_stock.0 = spec.max_stock.0.map(|most| most.max(stock));
    }
}

/// All specs of an item that is there; new ones get `shelf`.
fn whole(specs: &[Spec], shelf: i32) -> Value {
    specs
        .iter()
        .map(|held| {
            let own = match held.on_shelf.filled() {
                Some(_) => i32::from(is_on(&held.on_shelf)),
                None => shelf,
            };
            Value::Object(spec(held, own))
        })
        .collect()
}

fn spec(held: &Spec, shelf: i32) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            fields.insert(name.to_owned(), value);
        }
    };
    set("specId", held.spec_id.filled().map(number));
    set("name", Some(json!(held.name.as_str())));
    set("price", held.price.0.map(yuan));
    set("stock", held.stock.0.map(Value::from));
    set("maxStock", held.max_stock.0.map(Value::from));
    set("packingFee", held.packing_fee.0.map(yuan));
    set("onShelf", Some(Value::from(shelf)));
    set("extendCode", Some(json!(held.extend_code.as_str())));
    set("barCode", Some(json!(held.bar_code.as_str())));
    set("weight", held.weight.0.map(Value::from));
    fields
}

/// Yuan as a JSON number in its shortest form; whole amounts without a point, because readers of the signature do not
/// agree on how 12.0 is written (fact sheet 2).
pub(super) fn yuan(money: Money) -> Value {
    if money.0 % 100 == 0 {
        return Value::from(money.0 / 100);
    }
    let sign = if money.0 < 0 { "-" } else { "" };
    let text = format!("{sign}{}.{:02}", money.0.abs() / 100, money.0.abs() % 100);
    let float = text.parse().ok().and_then(Number::from_f64);
    float.map_or(Value::Null, Value::Number)
}

/// A text without control characters and line separators: the platform's readers do not agree on how they are escaped.
fn plain(text: &str) -> String {
    let odd = |char: char| char.is_control() || matches!(char, '\u{2028}' | '\u{2029}');
    text.replace(odd, " ")
}

/// Writes our codes onto the specs. The item itself has no code; a lone spec named by nobody gets the product's.
pub(super) async fn bind_codes(
    client: &Client<'_>,
    listing: &RemoteListing,
    outer_code: &str,
    sku_codes: &[(RemoteSku, String)],
) -> Result<(), RemoteError> {
    let there = item(client, &listing.remote_id).await?.ok_or_else(no_item)?;
    let mut specs = there.specs.0;
    let mut changed = false;
    let mut bind = |spec: &mut Spec, code: &str| {
        if spec.extend_code.as_str() != code {
            spec.extend_code = Text(code.to_owned());
            changed = true;
        }
    };
    if let ([], [spec]) = (sku_codes, specs.as_mut_slice()) {
        bind(spec, outer_code);
    }
    for (sku, code) in sku_codes {
        let held = specs
            .iter_mut()
            .find(|spec| spec.spec_id.as_str() == sku.remote_id);
        let spec = held.ok_or_else(|| RemoteError::Rejected {
            code: "SKU_NOT_FOUND".to_owned(),
            text: format!("SKU不存在: {}", sku.spec_name),
        })?;
        bind(spec, code);
    }
    if !changed {
        return Ok(());
    }
    let params = json!({
        "itemId": number(&there.id.0), "categoryId": number(&there.category_id.0),
        "properties": {"specs": whole(&specs, 1)},
    });
    client.change("eleme.product.item.updateItem", params).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{plain, yuan};
    use domain::money::Money;

    #[test]
    fn amounts_are_written_in_their_shortest_form() {
        for (fen, text) in [
            (1250, "12.5"),
            (1200, "12"),
            (1255, "12.55"),
            (5, "0.05"),
            (0, "0"),
        ] {
            assert_eq!(yuan(Money(fen)).to_string(), text);
        }
    }

    #[test]
    fn signs_that_readers_escape_differently_are_left_out() {
        assert_eq!(plain("牛角\u{2028}包\n<&>/"), "牛角 包 <&>/");
    }
}
