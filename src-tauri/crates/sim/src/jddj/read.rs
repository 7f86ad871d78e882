//! Reading products and how their pictures came in (9, 10).

use serde_json::{Value, json};

use super::{Answer, Body, Refusal, Said, as_number, field, ids, number, product};
use crate::world::{Listing, World};

fn row(world: &World, listing: &Listing, deleted: bool) -> Value {
    let spec = listing.specs.first();
    let shelf = world.jddj.off_shelf.contains(&listing.id);
    let status = match (deleted, shelf) {
        (true, _) => 4,
        (false, true) => 2,
        (false, false) => 1,
    };
    let price = world.jddj.base_prices.get(&listing.id).copied();
    let grams = spec.map_or(0, |spec| spec.weight_g);
    let kilos = format!("{}.{:03}", grams / 1000, grams % 1000);
    let groups: Vec<Value> = listing.group_ids.iter().map(|id| as_number(id)).collect();
    json!({
        "skuId": as_number(&listing.id), "outSkuId": listing.code, "skuName": listing.name,
        "skuPrice": price.unwrap_or_else(|| spec.map_or(0, |spec| spec.price_fen)),
        "upcCode": spec.map_or("", |spec| spec.upc.as_str()), "fixedStatus": status,
        "categoryId": listing.category_id.as_deref().map_or(json!(0), as_number), "brandId": 35247,
        // A text with a list in it, as clients take it apart.
        "shopCategories": Value::from(groups).to_string(),
        "weight": kilos.parse::<f64>().unwrap_or(0.0), "payType": 0, "slogan": "", "sellCities": "[0]",
    })
}

/// A page of products; the list itself is text inside the result (5). With `after`, pages beyond the first go on
/// behind `searchAfterSkuId`.
pub(super) fn page(world: &World, body: &Body, after: bool) -> Answer {
    let page = number(body, "pageNo")?.unwrap_or(1).max(1);
    let size = number(body, "pageSize")?.unwrap_or(20).clamp(1, 50);
    let mark = field(body, "searchAfterSkuId");
    if after && page > 1 && mark.is_none() {
        return Err(Refusal::Inner(
            "1".to_owned(),
            "pageNo大于1时searchAfterSkuId必传".to_owned(),
        ));
    }
    let shown = field(body, "isFilterDel").as_deref() != Some("0");
    let (id, name, upc) = (
        field(body, "skuId"),
        field(body, "skuName"),
        field(body, "upcCode"),
    );
    let alive = world
        .jddj
        .any()
        .into_iter()
        .flat_map(|shop| shop.listings.values());
    let dead = world.jddj.deleted.values().filter(|_| shown);
    let mut found: Vec<(&Listing, bool)> = alive
        .map(|listing| (listing, false))
        .chain(dead.map(|listing| (listing, true)))
        .filter(|(listing, _)| id.as_ref().is_none_or(|id| listing.id == *id))
        .filter(|(listing, _)| name.as_ref().is_none_or(|name| listing.name.contains(name)))
        .filter(|(listing, _)| {
            let carries = |upc: &String| listing.specs.iter().any(|spec| spec.upc == *upc);
            upc.as_ref().is_none_or(carries)
        })
        .collect();
    found.sort_by(|a, b| a.0.id.cmp(&b.0.id));
    let total = found.len();
    let (page_at, size_at) = (
        usize::try_from(page).unwrap_or(1),
        usize::try_from(size).unwrap_or(20),
    );
    let skipped = match (after, mark) {
        (true, Some(mark)) => found.iter().filter(|(listing, _)| listing.id <= mark).count(),
        _ => (page_at - 1).saturating_mul(size_at),
    };
    let on_page: Vec<&(&Listing, bool)> = found.iter().skip(skipped).take(size_at).collect();
    let last = on_page.last().map(|(listing, _)| as_number(&listing.id));
    let rows: Vec<Value> = on_page
        .iter()
        .map(|(listing, deleted)| row(world, listing, *deleted))
        .collect();
    let mut result = json!({
        "pageNo": page, "pageSize": size, "count": total, "result": Value::from(rows).to_string(),
    });
    if after {
        result["searchAfterSkuId"] = last.unwrap_or(Value::Null);
    }
    Ok(Said::Result(result))
}

/// How the pictures of up to 25 products came in: 0 waiting, 1 good, 10 wrong.
pub(super) fn pictures(world: &World, body: &Body) -> Answer {
    let wanted = ids(body, "skuIds");
    if wanted.is_empty() || wanted.len() > 25 {
        return Err(Refusal::Inner("1".to_owned(), "skuIds为1到25个".to_owned()));
    }
    // Kind 2 is the pictures of descriptions, which nobody sends here.
    if number(body, "imgType")?.is_some_and(|kind| kind == 2) {
        return Ok(Said::Result(json!([])));
    }
    let mut rows = Vec::new();
    for listing in wanted.iter().filter_map(|id| product(world, id)) {
        for (picture, place) in listing.pictures.iter().zip(1..) {
            let waiting = picture
                .in_review_until
                .is_some_and(|until| until > world.now_ms());
            let small = world.jddj.small_pictures.contains(&picture.url);
            let (status, text, remark) = match (waiting, small) {
                (true, _) => (0, "待处理", ""),
                (false, true) => (10, "图片格式错误", "图片尺寸不符合要求，请上传大于800*800的图片"),
                (false, false) => (1, "成功", ""),
            };
            rows.push(json!({
                "id": format!("{}{place}", listing.id), "skuId": as_number(&listing.id), "handleStatus": status,
                "handleStatusStr": text, "handleRemark": remark, "handleErrLog": "", "imgType": 1,
                "isMain": i32::from(place == 1), "skuImgSort": place, "sourceImgUrl": picture.url,
            }));
        }
    }
    Ok(Said::Result(json!(rows)))
}
