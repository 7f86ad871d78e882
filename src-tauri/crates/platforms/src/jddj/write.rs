//! Writing products and codes (fact sheet 9 and 10).
//!
//! A product belongs to the merchant and is the same in all stores; a store adds its price, stock and whether it sells
//! it. Products have no specs (F67), so that one write is one product with one SKU.

use super::client::{Client, number};
use super::layers;
use super::map;
use super::numbers;
use super::read;
use super::wire::{Guess, PictureState, Ticket};
use connect::error::RemoteError;
use connect::platform::{ListingRef, ListingWrite, RemoteListing, RemoteSku, SkuWrite, WriteOutcome};
use domain::listing::ReviewState;
use serde_json::{Map, Number, Value, json};

/// Most rows of one call.
pub(super) const ROWS: usize = 50;
/// How often the result of a product write is asked for. No time is published.
const ASKS: usize = 5;
/// What a product write says when it is done, and when it was only taken.
const DONE: &str = "1100001";
const TAKEN: &str = "1009000";
/// On the merchant's shelf, and deleted.
const ON: i64 = 1;
const DELETED: i64 = 4;

fn rejected(text: impl Into<String>) -> RemoteError {
    RemoteError::Rejected {
        code: String::new(),
        text: text.into(),
    }
}

/// Creates or changes one product; `group` is the id of its group where the write names one.
pub(super) async fn product(
    client: &Client<'_>,
    write: &ListingWrite,
    group: Option<&str>,
) -> Result<WriteOutcome, RemoteError> {
    let done = match &write.remote_id {
        Some(id) => update(client, id, write, group).await,
        None => create(client, write, group).await,
    };
    match done {
        Err(RemoteError::Rejected { code, text }) => Ok(WriteOutcome::Rejected { code, text }),
        other => other,
    }
}

/// The only SKU, when there is one. Its spec name is not sent: where it is not 单规格 the title carries it already (F67).
fn only_spec(write: &ListingWrite) -> Result<Option<&SkuWrite>, RemoteError> {
    match write.skus.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(only)),
        _ => Err(rejected("京东到家只支持单规格商品：把每个规格各做成一个商品")),
    }
}

/// How a product write ended.
enum Settled {
    /// Done; the platform's id when it told one.
    Done(Option<String>),
    /// Still at work.
    Waiting,
}

/// Follows the ticket of a product write to its end, as far as it comes in time.
async fn settled(
    client: &Client<'_>,
    answer: Value,
    trace: &str,
    code: &str,
) -> Result<Settled, RemoteError> {
    let mut ticket: Ticket = layers::carried(answer)?;
    for _ in 0..ASKS {
        if let Some(verdict) = judged(&ticket) {
            return verdict;
        }
        let body = json!({"traceId": trace, "outSkuId": code});
        ticket = client.poll("pms/getSkuStatus", body).await?;
    }
    judged(&ticket).unwrap_or(Ok(Settled::Waiting))
}

/// `None` while it is at work.
fn judged(ticket: &Ticket) -> Option<Result<Settled, RemoteError>> {
    let id = ticket.sku_id.filled().map(str::to_owned);
    let text = ticket.failed_detail.as_str();
    match ticket.result_code.as_str() {
        TAKEN => None,
        DONE => Some(Ok(Settled::Done(id))),
        // Another store of the account, or a try whose answer was lost, made it before.
        _ if text.contains("已存在") && id.is_some() => Some(Ok(Settled::Done(id))),
        "" => Some(Err(RemoteError::Malformed {
            raw: "第三层（result）没有 resultCode".to_owned(),
        })),
        code => Some(Err(RemoteError::Rejected {
            code: code.to_owned(),
            text: text.to_owned(),
        })),
    }
}

async fn create(
    client: &Client<'_>,
    write: &ListingWrite,
    group: Option<&str>,
) -> Result<WriteOutcome, RemoteError> {
    let sku = only_spec(write)?.ok_or_else(|| rejected("新商品没有规格"))?;
    let code = code_of(write, Some(sku))?;
    let trace = trace();
    let mut body = fields(write, Some(sku), group);
    body.insert("traceId".into(), json!(trace));
    body.insert("outSkuId".into(), json!(code));
    body.insert("isSale".into(), json!(true));
    body.insert("fixedStatus".into(), json!(ON));
    let price = sku.price.map(|price| json!(price.0));
    body.extend(price.map(|price| ("skuPrice".to_owned(), price)));
    let brand = brand(client, write.name.as_deref().unwrap_or_default()).await?;
    body.extend(brand.map(|brand| ("brandId".to_owned(), brand)));
    // The present call answers later, an older one at once.
    let path = client.session.setting("add_call", "pms/addSku");
    let answer = client.change(path, Value::Object(body)).await?;
    let Settled::Done(id) = settled(client, answer, &trace, code).await? else {
        // Price and stock of the store follow once it is there.
        return Ok(WriteOutcome::InReview { remote_id: None });
    };
    finish(client, write, Some(sku), code, id).await
}

async fn update(
    client: &Client<'_>,
    id: &str,
    write: &ListingWrite,
    group: Option<&str>,
) -> Result<WriteOutcome, RemoteError> {
    let sku = only_spec(write)?;
    let code = code_of(write, sku)?;
    let mut body = fields(write, sku, group);
    if write.on_sale == Some(true) {
        // Off the shelf it would not be seen in any store. Taking it off is left to the store's own switch, because
        // the merchant's other stores sell it too.
        body.insert("fixedStatus".into(), json!(ON));
    }
    if !body.is_empty() {
        let trace = trace();
        body.insert("traceId".into(), json!(trace));
        body.insert("outSkuId".into(), json!(code));
        let answer = client.change("pms/updateSku", Value::Object(body)).await?;
        if let Settled::Waiting = settled(client, answer, &trace, code).await? {
            return Ok(WriteOutcome::InReview {
                remote_id: Some(id.to_owned()),
            });
        }
    }
    finish(client, write, sku, code, Some(id.to_owned())).await
}

/// What the store adds, and how the pictures came in. The product itself stands there by now.
async fn finish(
    client: &Client<'_>,
    write: &ListingWrite,
    sku: Option<&SkuWrite>,
    code: &str,
    id: Option<String>,
) -> Result<WriteOutcome, RemoteError> {
    match numbers::of_store(client, code, sku, write.on_sale).await {
        Ok(()) => {}
        Err(RemoteError::Rejected { code, text }) => {
            return Ok(WriteOutcome::Flawed {
                remote_id: id,
                code,
                text,
            });
        }
        Err(error) => return Err(error),
    }
    let pictured = write
        .pictures
        .as_ref()
        .is_some_and(|pictures| !pictures.is_empty());
    let Some(id) = id else {
        return Ok(WriteOutcome::Accepted { remote_id: None });
    };
    if !pictured {
        return Ok(WriteOutcome::Accepted { remote_id: Some(id) });
    }
    let states = match read::picture_states(client, &[&id]).await {
        Ok(states) => states,
        // How they came in is an extra.
        Err(RemoteError::Rejected { .. } | RemoteError::Refused { .. }) => Vec::new(),
        Err(error) => return Err(error),
    };
    let seen: Vec<&PictureState> = states.iter().collect();
    Ok(match map::review(&seen) {
        ReviewState::None => WriteOutcome::Accepted { remote_id: Some(id) },
        ReviewState::Pending => WriteOutcome::InReview { remote_id: Some(id) },
        ReviewState::Rejected => {
            let bad = states
                .iter()
                .find(|state| !matches!(state.handle_status.0, Some(0 | 1) | None));
            let (code, text) = bad.map(picture_words).unwrap_or_default();
            WriteOutcome::Flawed {
                remote_id: Some(id),
                code,
                text,
            }
        }
    })
}

/// The number of a picture's failure and its text: the remark, or what the number means.
fn picture_words(state: &PictureState) -> (String, String) {
    let code = state.handle_status.or_zero();
    let told = state.handle_remark.filled().or(state.handle_status_str.filled());
    let text = told.unwrap_or(match code {
        4 => "连接异常",
        5 => "IO异常",
        6 => "外部服务器异常",
        9 => "上传文件失败",
        10 => "图片格式错误",
        11 => "图片生成错误",
        _ => "其他错误",
    });
    (code.to_string(), format!("图片未通过：{text}"))
}

/// The fields of the merchant's product that the write names.
fn fields(write: &ListingWrite, sku: Option<&SkuWrite>, group: Option<&str>) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            fields.insert(name.to_owned(), value);
        }
    };
    set("skuName", write.name.as_ref().map(|name| json!(name)));
    set("shopCategories", group.map(|id| json!([number(id)])));
    let category = write.category_id.as_deref().filter(|id| !id.is_empty());
    set("categoryId", category.map(number));
    let pictures = write.pictures.as_ref().filter(|pictures| !pictures.is_empty());
    set("images", pictures.map(|pictures| json!(pictures)));
    set("productDesc", write.description.as_ref().map(|text| json!(text)));
    set(
        "upc",
        sku.and_then(|sku| sku.barcode.as_ref()).map(|code| json!(code)),
    );
    set("weight", sku.and_then(|sku| sku.weight_g).and_then(kilos));
    fields
}

/// Grams as the kilograms that the platform counts in.
fn kilos(grams: i64) -> Option<Value> {
    let text = format!("{}.{:03}", grams / 1000, grams % 1000);
    let number = text.parse().ok().and_then(Number::from_f64)?;
    Some(Value::Number(number))
}

/// The code under which the platform knows the product: its only SKU's, which is the product's too.
fn code_of<'w>(write: &'w ListingWrite, sku: Option<&'w SkuWrite>) -> Result<&'w str, RemoteError> {
    let of_sku = sku.map(|sku| sku.outer_sku_code.as_str());
    // Where the product is there, what it carries counts.
    let first = if write.remote_id.is_some() {
        [Some(write.outer_code.as_str()), of_sku]
    } else {
        [of_sku, Some(write.outer_code.as_str())]
    };
    let code = first.into_iter().flatten().find(|code| !code.is_empty());
    code.ok_or_else(|| rejected("商品没有商家商品编码（outSkuId），先给它编码"))
}

fn trace() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

/// The account's setting `brand_id`, or what the platform makes of the title. A standard barcode overrides it.
async fn brand(client: &Client<'_>, name: &str) -> Result<Option<Value>, RemoteError> {
    let set = client.session.setting("brand_id", "");
    if !set.is_empty() {
        return Ok(Some(number(set)));
    }
    let body = json!({"productName": name, "fields": ["brand", "category"]});
    match client
        .read::<Option<Guess>>("pms/getSkuCateBrandBySkuName", body)
        .await
    {
        Ok(guess) => {
            let brand = guess.unwrap_or_default().brand_id;
            Ok(brand.filled().filter(|id| *id != "0").map(number))
        }
        // The creation itself then says what it misses.
        Err(RemoteError::Rejected { .. } | RemoteError::Refused { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Gives a product our code by the platform's id. Product and SKU are one there and have one code.
pub(super) async fn bind_codes(
    client: &Client<'_>,
    listing: &RemoteListing,
    outer_code: &str,
    sku_codes: &[(RemoteSku, String)],
) -> Result<(), RemoteError> {
    let of_sku = sku_codes.first().map(|(_, code)| code.as_str());
    let code = of_sku.filter(|code| !code.is_empty()).unwrap_or(outer_code);
    if code.is_empty() || code == listing.outer_code {
        return Ok(());
    }
    let body = json!({"skuInfoList": [{"skuId": number(&listing.remote_id), "outSkuId": code}]});
    client.change("pms/sku/batchUpdateOutSkuId", body).await?;
    Ok(())
}

/// Deletes a product, in all stores of the merchant. It is named by our code; one without gets none here.
pub(super) async fn delete(client: &Client<'_>, listing: &ListingRef) -> Result<WriteOutcome, RemoteError> {
    let gone = || WriteOutcome::Accepted {
        remote_id: Some(listing.remote_id.clone()),
    };
    let code = listing.outer_code.as_str();
    let outcome = if code.is_empty() {
        Err(rejected("商品没有商家商品编码（outSkuId），先给它编码再删除"))
    } else {
        let trace = trace();
        let body = json!({"traceId": trace, "outSkuId": code, "fixedStatus": DELETED});
        match client.change("pms/updateSku", body).await {
            Ok(answer) => settled(client, answer, &trace, code).await,
            Err(error) => Err(error),
        }
    };
    match outcome {
        Ok(Settled::Done(_)) => Ok(gone()),
        Ok(Settled::Waiting) => Ok(WriteOutcome::InReview {
            remote_id: Some(listing.remote_id.clone()),
        }),
        Err(RemoteError::Rejected { text, .. }) if text.contains("商品不存在") => Ok(gone()),
        Err(RemoteError::Rejected { code, text }) => Ok(WriteOutcome::Rejected { code, text }),
        Err(error) => Err(error),
    }
}
