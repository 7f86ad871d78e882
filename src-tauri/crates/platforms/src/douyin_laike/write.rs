//! Writing products, prices, stock and codes (fact sheet 6).
//!
//! Saving overwrites the whole product and is followed by an audit; price, stock and the shelf have calls of their own
//! that need none. A product of ours is sold in one store, so that its price and stock are that store's.

use super::client::{Client, rejected};
use super::map::{self, SINGLE_SPEC};
use super::package::{self, Fit, Package};
use super::read::{self, Found};
use super::wire::{Attribute, Row, Saved, Template};
use connect::error::RemoteError;
use connect::platform::{
    ListingWrite, PriceWrite, RemoteAttribute, RemoteListing, RemoteSku, SkuRef, SkuWrite, StockWrite,
    WriteOutcome, at_most,
};
use domain::money::Money;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Most rows of one call of ours; the platform takes one product a call.
pub(super) const ROWS: usize = 50;
const DAY_S: i64 = 86_400;
const FREE_AUDIT: &str = "goodlife/v1/goods/product/free_audit";
/// What a save takes (fact sheet 6); what else a product shows is the platform's own.
const PRODUCT: [&str; 16] = [
    "product_id",
    "out_id",
    "product_name",
    "category_id",
    "product_type",
    "product_sub_type",
    "biz_line",
    "account_name",
    "sold_start_time",
    "sold_end_time",
    "desc",
    "out_url",
    "pois",
    "telephone",
    "attr_key_value_map",
    "product_ext",
];
const SKU: [&str; 8] = [
    "sku_id",
    "out_sku_id",
    "sku_name",
    "origin_amount",
    "actual_amount",
    "status",
    "stock",
    "attr_key_value_map",
];
/// 64-bit numbers, which saves write as text.
const AS_TEXT: [&str; 5] = [
    "category_id",
    "sold_start_time",
    "sold_end_time",
    "origin_amount",
    "actual_amount",
];

/// The call that saves: `goods/product/save`; catering and takeout have variants of the same shape, and which one a
/// merchant uses is not known (fact sheet, Unknown), so the setting `save_call` names it.
fn save_call(client: &Client<'_>) -> String {
    let call = client.session.setting("save_call", "goods/product/save");
    format!("goodlife/v1/{}", call.trim_matches('/'))
}

/// 1 is a package of group buying, 14 takeout by the old documents.
fn product_type<'a>(client: &'a Client<'_>) -> &'a str {
    client.session.setting("product_type", "1")
}

/// What a 类目 asks for, of the product and of its SKU. It is computed live and may differ by account.
pub(super) async fn attributes(
    client: &Client<'_>,
    category: &str,
) -> Result<Vec<RemoteAttribute>, RemoteError> {
    let params = [
        ("category_id", category),
        ("product_type", product_type(client)),
        ("product_sub_type", client.session.setting("product_sub_type", "")),
    ];
    let template: Template = client.read("goodlife/v1/goods/template/get", &params).await?;
    let given = |key: &str| {
        let setting = client.session.setting(&format!("attribute_{key}"), "");
        key == package::COMMODITY || key == map::picture_key(client) || !setting.is_empty()
    };
    let read = |row: Attribute| RemoteAttribute {
        given: given(row.key.as_str()),
        key: row.key.0,
        name: row.name.0,
        required: row.is_required,
        several: row.is_multi,
        values: Vec::new(),
    };
    let rows = template.product_attrs.0.into_iter().chain(template.sku_attrs.0);
    Ok(rows.map(read).collect())
}

/// Creates or changes one product.
pub(super) async fn product(client: &Client<'_>, write: &ListingWrite) -> Result<WriteOutcome, RemoteError> {
    let done = match &write.remote_id {
        Some(id) => update(client, id, write).await,
        None => create(client, write).await,
    };
    match done {
        Err(RemoteError::Rejected { code, text }) => Ok(WriteOutcome::Rejected { code, text }),
        other => other,
    }
}

/// The only SKU, when there is one (F67: a spec of its own name stands in the title already).
fn only_spec(write: &ListingWrite) -> Result<Option<&SkuWrite>, RemoteError> {
    match write.skus.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(only)),
        _ => Err(rejected(
            "抖音来客的团购商品只支持单规格商品：把每个规格各做成一个商品",
        )),
    }
}

async fn save(client: &Client<'_>, product: Value, sku: Value) -> Result<Option<String>, RemoteError> {
    let answer = client
        .change(&save_call(client), json!({"product": product, "sku": sku}))
        .await?;
    let saved: Saved = serde_json::from_value(answer).unwrap_or_default();
    Ok(saved
        .product_id
        .filled()
        .filter(|id| *id != "0")
        .map(str::to_owned))
}

fn picture_list(pictures: &[String]) -> String {
    let rows: Vec<Value> = pictures.iter().map(|url| json!({"url": url})).collect();
    Value::Array(rows).to_string()
}

/// Counted pieces. Whether the whole or what is left is meant is told by two names (fact sheet 6): both say the same.
fn stock(pieces: i64) -> Value {
    json!({"limit_type": 1, "stock_qty": pieces.to_string(), "avail_qty": pieces.to_string()})
}

/// What the template asks for: from the write, else from the account's settings `attribute_<key>`, beside what the
/// connector makes itself. One that nobody gives is named before anything is sent.
async fn filled(
    client: &Client<'_>,
    category: &str,
    write: &ListingWrite,
    made: &mut BTreeMap<String, String>,
) -> Result<(), RemoteError> {
    made.extend(write.attributes.clone().unwrap_or_default());
    let mut missing = Vec::new();
    for attribute in attributes(client, category).await? {
        if made.get(&attribute.key).is_some_and(|text| !text.is_empty()) {
            continue;
        }
        match client
            .session
            .setting(&format!("attribute_{}", attribute.key), "")
        {
            "" if attribute.required => missing.push(format!("{}（{}）", attribute.name, attribute.key)),
            "" => {}
            text => {
                made.insert(attribute.key, text.to_owned());
            }
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(rejected(format!("缺少必填属性：{}", missing.join("、"))))
}

async fn create(client: &Client<'_>, write: &ListingWrite) -> Result<WriteOutcome, RemoteError> {
    let spec = only_spec(write)?.ok_or_else(|| rejected("新商品没有规格"))?;
    let name = write.name.as_deref().ok_or_else(|| rejected("新商品没有名称"))?;
    let category = write.category_id.as_deref().filter(|id| !id.is_empty());
    let category = category.ok_or_else(|| rejected("类目ID不能为空：先给商品选类目"))?;
    let price = spec.price.ok_or_else(|| rejected("新商品没有价格"))?;
    let (commodity, highest) = package::of_itself(client, name, price);
    let mut attributes = BTreeMap::from([(package::COMMODITY.to_owned(), commodity)]);
    if let Some(pictures) = write.pictures.as_ref().filter(|pictures| !pictures.is_empty()) {
        attributes.insert(map::picture_key(client).to_owned(), picture_list(pictures));
    }
    filled(client, category, write, &mut attributes).await?;
    let now = client.gateway.now(client.session) / 1000;
    let days: i64 = client.session.setting("sold_days", "365").parse().unwrap_or(365);
    let mut product = json!({
        "product_name": name, "category_id": category, "product_type": number(product_type(client)), "biz_line": 1,
        "sold_start_time": now.to_string(), "sold_end_time": (now + days * DAY_S).to_string(),
        "pois": [{"poi_id": client.poi()}], "attr_key_value_map": attributes,
        "product_ext": {"auto_online": write.on_sale.unwrap_or(true)},
    });
    if !write.outer_code.is_empty() {
        product["out_id"] = json!(map::out_id(client.poi(), &write.outer_code));
    }
    for (field, setting) in [
        ("product_sub_type", "product_sub_type"),
        ("account_name", "account_name"),
    ] {
        let text = client.session.setting(setting, "");
        if !text.is_empty() {
            product[field] = number(text);
        }
    }
    if let Some(text) = &write.description {
        product["desc"] = json!(text);
    }
    let sku = json!({
        "out_sku_id": spec.outer_sku_code, "sku_name": SINGLE_SPEC, "origin_amount": highest.to_string(),
        "actual_amount": price.0.to_string(), "status": 1, "stock": stock(spec.stock.unwrap_or(0)),
    });
    let remote_id = save(client, product, sku).await?;
    Ok(WriteOutcome::InReview { remote_id })
}

/// A number where it is one, as text otherwise.
fn number(text: &str) -> Value {
    text.parse::<i64>()
        .map_or_else(|_| json!(text), |number| json!(number))
}

/// A product that is there, as a save takes it.
struct Whole {
    product: Map<String, Value>,
    sku: Map<String, Value>,
}

impl Whole {
    fn of(row: &Row) -> Result<Self, RemoteError> {
        let mut skus = row.sku.iter().chain(&row.skus.0);
        let (Some(sku), None) = (skus.next(), skus.next()) else {
            return Err(rejected("这个商品在平台上不是单规格商品，请在来客后台修改"));
        };
        Ok(Self {
            product: kept(&row.product, &PRODUCT),
            sku: kept(sku, &SKU),
        })
    }

    fn set(&mut self, name: &str, value: Value) {
        self.product.insert(name.to_owned(), value);
    }

    fn attribute(&mut self, key: &str, text: &str) {
        let held = self
            .product
            .entry("attr_key_value_map")
            .or_insert_with(|| json!({}));
        if !held.is_object() {
            *held = json!({});
        }
        held[key] = json!(text);
    }

    /// Sets the price, and raises what the package costs on paper where that is too little (F69).
    fn price(&mut self, client: &Client<'_>, row: &Row, price: Money) -> Result<(), RemoteError> {
        let sku = row.skus().into_iter().next().unwrap_or_default();
        let package = Package::of(&row.product(), &sku);
        if let Fit::Raised(commodity, highest) = package.fit(client, price)? {
            if let Some(text) = commodity {
                self.attribute(package::COMMODITY, &text);
            }
            self.sku
                .insert("origin_amount".to_owned(), json!(highest.to_string()));
        }
        self.sku
            .insert("actual_amount".to_owned(), json!(price.0.to_string()));
        Ok(())
    }

    async fn save(self, client: &Client<'_>) -> Result<Option<String>, RemoteError> {
        save(client, Value::Object(self.product), Value::Object(self.sku)).await
    }
}

fn kept(fields: &Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    let mut kept = Map::new();
    for name in names {
        match fields.get(*name) {
            None | Some(Value::Null) => {}
            Some(Value::Number(number)) if AS_TEXT.contains(name) => {
                kept.insert((*name).to_owned(), json!(number.to_string()));
            }
            Some(value) => {
                kept.insert((*name).to_owned(), value.clone());
            }
        }
    }
    kept
}

async fn there(client: &Client<'_>, id: &str) -> Result<Found, RemoteError> {
    let found = read::by_id(client, id).await?;
    found.ok_or_else(|| rejected("商品不存在"))
}

/// Whether anything of the product itself changes, beside price, stock and the shelf.
fn touches(write: &ListingWrite) -> bool {
    write.name.is_some()
        || write.category_id.is_some()
        || write.pictures.is_some()
        || write.description.is_some()
        || write.attributes.is_some()
        || write.skus.iter().any(|sku| sku.remote_id.is_none())
}

async fn update(client: &Client<'_>, id: &str, write: &ListingWrite) -> Result<WriteOutcome, RemoteError> {
    let spec = only_spec(write)?;
    let mut shelf = write.on_sale;
    let mut saved = false;
    if touches(write) {
        let found = there(client, id).await?;
        let row = found.shown();
        let mut whole = Whole::of(row)?;
        apply(client, &mut whole, row, write, spec)?;
        if found.online.is_none()
            && let Some(on) = shelf.take()
        {
            // What has not passed its first audit has no shelf yet.
            whole.set("product_ext", json!({"auto_online": on}));
        }
        whole.save(client).await?;
        saved = true;
    } else if let Some(spec) = spec {
        if let Some(price) = spec.price {
            set_price(client, id, price).await?;
        }
        if let Some(pieces) = spec.stock {
            set_stock(client, id, pieces).await?;
        }
    }
    let remote_id = Some(id.to_owned());
    if let Some(on) = shelf {
        let body = json!({"product_id": id, "op_type": if on { 1 } else { 2 }});
        match client.change("goodlife/v1/goods/product/operate", body).await {
            Ok(_) => {}
            Err(RemoteError::Rejected { code, text }) if saved => {
                return Ok(WriteOutcome::Flawed {
                    remote_id,
                    code,
                    text,
                });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(if saved {
        WriteOutcome::InReview { remote_id }
    } else {
        WriteOutcome::Accepted { remote_id }
    })
}

/// Puts what a write names into a product that is there.
fn apply(
    client: &Client<'_>,
    whole: &mut Whole,
    row: &Row,
    write: &ListingWrite,
    spec: Option<&SkuWrite>,
) -> Result<(), RemoteError> {
    if let Some(name) = &write.name {
        whole.set("product_name", json!(name));
    }
    if let Some(category) = write.category_id.as_ref().filter(|id| !id.is_empty()) {
        whole.set("category_id", json!(category));
    }
    if let Some(text) = &write.description {
        whole.set("desc", json!(text));
    }
    if let Some(pictures) = &write.pictures {
        whole.attribute(map::picture_key(client), &picture_list(pictures));
    }
    for (key, text) in write.attributes.iter().flatten() {
        whole.attribute(key, text);
    }
    let Some(spec) = spec else { return Ok(()) };
    if !spec.outer_sku_code.is_empty() {
        whole
            .sku
            .insert("out_sku_id".to_owned(), json!(spec.outer_sku_code));
    }
    if let Some(pieces) = spec.stock {
        whole.sku.insert("stock".to_owned(), stock(pieces));
    }
    match spec.price {
        Some(price) => whole.price(client, row, price),
        None => Ok(()),
    }
}

/// Sets a price without an audit. Where the package is too cheap for it (F69), what it costs on paper is raised by a
/// save, which is audited.
async fn set_price(client: &Client<'_>, id: &str, price: Money) -> Result<(), RemoteError> {
    let body = json!({"product_id": id, "actual_amount": price.0.to_string()});
    match client.change(FREE_AUDIT, body).await {
        Err(RemoteError::Rejected { text, .. }) if text.contains("最高售价") => {}
        other => return other.map(|_| ()),
    }
    let found = there(client, id).await?;
    let mut whole = Whole::of(found.shown())?;
    whole.price(client, found.shown(), price)?;
    whole.save(client).await?;
    Ok(())
}

async fn set_stock(client: &Client<'_>, id: &str, pieces: i64) -> Result<(), RemoteError> {
    let body = json!({"product_id": id, "stock": stock(pieces)});
    client.change("goodlife/v1/goods/stock/sync", body).await?;
    Ok(())
}

/// The calls name a product and not a SKU.
fn single(sku: &SkuRef) -> Result<&str, RemoteError> {
    if sku.multi_spec {
        return Err(rejected("抖音来客按商品改价改库存，只支持单规格商品"));
    }
    Ok(sku.listing_id.as_str())
}

fn outcome(answer: Result<(), RemoteError>) -> Result<WriteOutcome, RemoteError> {
    match answer {
        Ok(()) => Ok(WriteOutcome::Accepted { remote_id: None }),
        Err(RemoteError::Rejected { code, text }) => Ok(WriteOutcome::Rejected { code, text }),
        Err(error) => Err(error),
    }
}

/// Prices go one product a call. A failure on the way leaves the earlier ones set; they are absolute, so that all may
/// be sent again.
pub(super) async fn prices(
    client: &Client<'_>,
    rows: &[PriceWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    at_most(rows.len(), ROWS)?;
    let mut outcomes = Vec::with_capacity(rows.len());
    for row in rows {
        let done = match single(&row.sku) {
            Ok(id) => set_price(client, id, row.price).await,
            Err(error) => Err(error),
        };
        outcomes.push(outcome(done)?);
    }
    Ok(outcomes)
}

/// The same for stock.
pub(super) async fn stocks(
    client: &Client<'_>,
    rows: &[StockWrite],
) -> Result<Vec<WriteOutcome>, RemoteError> {
    at_most(rows.len(), ROWS)?;
    let mut outcomes = Vec::with_capacity(rows.len());
    for row in rows {
        let done = match single(&row.sku) {
            Ok(id) => set_stock(client, id, row.stock).await,
            Err(error) => Err(error),
        };
        outcomes.push(outcome(done)?);
    }
    Ok(outcomes)
}

/// Gives a product our codes, by a save of the whole.
pub(super) async fn bind_codes(
    client: &Client<'_>,
    listing: &RemoteListing,
    outer_code: &str,
    sku_codes: &[(RemoteSku, String)],
) -> Result<(), RemoteError> {
    let same = |(sku, code): &(RemoteSku, String)| sku.outer_sku_code == *code;
    if listing.outer_code == outer_code && sku_codes.iter().all(same) {
        return Ok(());
    }
    let found = there(client, &listing.remote_id).await?;
    let mut whole = Whole::of(found.shown())?;
    if !outer_code.is_empty() {
        whole.set("out_id", json!(map::out_id(client.poi(), outer_code)));
    }
    if let Some((_, code)) = sku_codes.first() {
        whole.sku.insert("out_sku_id".to_owned(), json!(code));
    }
    whole.save(client).await?;
    Ok(())
}
