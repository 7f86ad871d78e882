//! 饿百零售.

use serde_json::{Value, json};
use sim::world::Authorization;

use crate::kit::{EB, Kit, NOW_MS, json_of, listing};

const SHOP: &str = "32267000001";

fn data(answer: &Value) -> &Value {
    assert_eq!(answer["body"]["errno"], 0, "{answer}");
    &answer["body"]["data"]
}

fn error(answer: &Value) -> &str {
    assert_ne!(answer["body"]["errno"], 0, "{answer}");
    answer["body"]["error"].as_str().unwrap()
}

fn product(code: &str, group: &str) -> Value {
    json!({
        "shop_id": SHOP, "upc": "96385074", "name": "牛角包", "status": 1, "left_num": 20, "sale_price": 1250,
        "weight": 80, "custom_sku_id": code, "category_list": [{"category_id": group}],
        "photos": [{"is_master": 1, "url": "https://img.example.com/b.jpg"}],
    })
}

#[tokio::test]
async fn the_gateway_refuses_before_anything_happens() {
    let kit = Kit::new();
    let delete = json!({"shop_id": SHOP, "custom_sku_id": "C-1-S"});
    let response = kit
        .simulator
        .call(kit.eb_request("sku.delete", &delete, Some("00")))
        .await
        .unwrap();
    assert_eq!(response.status(), 400);
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(body["error_code"], "gw.SignatureInvalid");
    assert_eq!(kit.simulator.world().shop(EB, SHOP).unwrap().listings.len(), 1);
    kit.simulator
        .world()
        .ebai
        .denied_commands
        .insert("sku.delete".to_owned());
    assert_eq!(
        kit.eb("sku.delete", delete.clone()).await["error_code"],
        "gw.APIACLDecline"
    );
    assert_eq!(
        kit.eb("no.such", json!({})).await["error_code"],
        "gw.APIUnsupported"
    );
    let request = kit.eb_request("shop.list", &json!({}), None);
    kit.simulator.world().ebai.app.id = "other".to_owned();
    assert_eq!(
        json_of(kit.simulator.call(request).await)["error_code"],
        "gw.AppKeyNotFound"
    );
}

#[tokio::test]
async fn answers_are_signed_over_their_compact_body() {
    let kit = Kit::new();
    let answer = kit.eb("shop.list", json!({})).await;
    assert_eq!(answer["cmd"], "resp.shop.list");
    let text = |name: &str| match &answer[name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let fields: Vec<(String, String)> = [
        "body",
        "cmd",
        "encrypt",
        "source",
        "ticket",
        "timestamp",
        "version",
    ]
    .iter()
    .map(|name| ((*name).to_owned(), text(name)))
    .collect();
    let secret = kit.simulator.world().ebai.app.secret.clone();
    assert_eq!(answer["sign"], sim::ebai::verify::signature(&fields, &secret));
    assert!(text("body").starts_with(r#"{"errno":0,"error":"success","data":"#));
}

#[tokio::test]
async fn shops_are_listed_opened_and_closed() {
    let kit = Kit::new();
    let by = json!({"baidu_shop_id": SHOP});
    data(&kit.eb("shop.close", by.clone()).await);
    assert_eq!(data(&kit.eb("shop.get", by.clone()).await)["status"], 3);
    data(&kit.eb("shop.open", by.clone()).await);
    assert_eq!(data(&kit.eb("shop.list", json!({})).await)[0]["status"], 1);
    assert!(error(&kit.eb("shop.get", json!({"shop_id": "x"})).await).contains("未查询到商户信息"));
    kit.simulator
        .world()
        .set_authorization(EB, SHOP, Authorization::NotLinked)
        .unwrap();
    assert!(error(&kit.eb("shop.get", by).await).contains("主应用"));
    assert_eq!(data(&kit.eb("shop.list", json!({})).await), &json!([]));
}

#[tokio::test]
async fn categories_follow_the_two_level_rules() {
    let kit = Kit::new();
    let make = |name: &str, parent: &str| json!({"shop_id": SHOP, "parent_category_id": parent, "name": name, "rank": 100});
    let bread = data(&kit.eb("sku.shop.category.create", make("面包", "0")).await)["category_id"].clone();
    assert_eq!(
        error(&kit.eb("sku.shop.category.create", make("面包", "0")).await),
        "店铺内分类已存在"
    );
    let long = make("一二三四五六七八九十甲乙丙", "0");
    assert_eq!(
        error(&kit.eb("sku.shop.category.create", long).await),
        "店铺分类名称最多12个字符"
    );
    let under_goods = kit
        .eb("sku.shop.category.create", make("苹果", &kit.eb_group))
        .await;
    assert!(error(&under_goods).contains("一级自定义分类下有商品"));
    let toast = make("吐司", bread.as_str().unwrap());
    let toast = data(&kit.eb("sku.shop.category.create", toast).await)["category_id"].clone();
    let mut refused = product("N", bread.as_str().unwrap());
    refused["category_list"] = json!([{"category_id": bread}]);
    assert_eq!(
        error(&kit.eb("sku.create", refused).await),
        "自定义分类下有子分类,不能添加商品"
    );
    let rename = json!({"shop_id": SHOP, "category_id": toast, "name": "切片吐司"});
    data(&kit.eb("sku.shop.category.update", rename).await);
    let tree = kit.eb("sku.shop.category.get", json!({"shop_id": SHOP})).await;
    assert_eq!(
        data(&tree)["categorys"][0]["children"][0]["name"],
        "切片吐司",
        "larger rank comes first"
    );
    let map = json!({"shop_id": SHOP, "custom_sku_id": "C-1-S", "category_id": toast});
    data(&kit.eb("sku.shop.category.map", map).await);
    let busy = kit
        .eb(
            "sku.shop.category.delete",
            json!({"shop_id": SHOP, "category_id": toast}),
        )
        .await;
    assert!(error(&busy).contains("不允许删除"));
    let clear = json!({"shop_id": SHOP, "custom_sku_id": "C-1-S", "category_id": ""});
    data(&kit.eb("sku.shop.category.map", clear).await);
    data(
        &kit.eb(
            "sku.shop.category.delete",
            json!({"shop_id": SHOP, "category_id": toast}),
        )
        .await,
    );
    let unbound = json!({"shop_id": SHOP, "custom_sku_id": "x", "category_id": ""});
    assert_eq!(
        kit.eb("sku.shop.category.map", unbound).await["body"]["errno"],
        50001
    );
}

#[tokio::test]
async fn a_child_made_by_hand_takes_the_parents_goods() {
    let kit = Kit::new();
    let mut world = kit.simulator.world();
    let child = world.add_group(EB, SHOP, "苹果", Some(&kit.eb_group)).unwrap();
    assert_eq!(
        world.listing(EB, SHOP, &kit.eb_listing).unwrap().group_ids,
        vec![child]
    );
}

#[tokio::test]
async fn taxonomy_is_filtered_and_standard_barcodes_are_known() {
    let kit = Kit::new();
    let roots = kit.eb("sku.category.list", json!({"depth": 1})).await;
    let root = data(&roots)[0]["cat_id"].clone();
    let below = kit.eb("sku.category.list", json!({"parent_id": root})).await;
    assert!(
        data(&below)
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["depth"] == 2)
    );
    let word = kit
        .eb("sku.category.list", json!({"keyword": "薯片", "depth": 3}))
        .await;
    assert_eq!(data(&word).as_array().unwrap().len(), 1);
    kit.simulator
        .world()
        .ebai
        .standard_upcs
        .insert("6901234567892".to_owned());
    let ask = json!({"shop_id": SHOP, "upc": "6901234567892"});
    assert_eq!(data(&kit.eb("sku.stdupc.exist", ask).await)["std_flag"], 1);
}

#[tokio::test]
async fn a_product_is_created_and_its_picture_appears_after_review() {
    let kit = Kit::new();
    let made = kit.eb("sku.create", product("N1", &kit.eb_group)).await;
    let id = data(&made)["sku_id"].clone();
    let ask = json!({"shop_id": SHOP, "sku_id": id});
    let row = data(&kit.eb("sku.list", ask.clone()).await)["list"][0].clone();
    assert_eq!(
        (row["photos"].clone(), row["sku_spec"].clone()),
        (json!([]), json!([]))
    );
    assert_eq!(row["sale_price"], 1250);
    kit.simulator.world().clock.advance(600_000);
    let row = data(&kit.eb("sku.list", ask).await)["list"][0].clone();
    assert_eq!(row["photos"][0]["url"], "https://img.example.com/b.jpg");
    let again = kit.eb("sku.create", product("N2", &kit.eb_group)).await;
    assert_eq!(again["body"]["errno"], 500_001);
    assert!(error(&again).contains("已存在条码为【96385074】的商家产品"));
    assert!(error(&again).contains(id.as_str().unwrap()));
    let mut twin = product("N1", &kit.eb_group);
    twin["upc"] = json!("");
    assert_eq!(error(&kit.eb("sku.create", twin).await), "sku_id数值重复");
    assert_eq!(kit.simulator.world().ledger.synced(EB).created, 1);
}

#[tokio::test]
async fn one_spec_of_another_name_makes_the_product_multi_spec() {
    let kit = Kit::new();
    let spec = |name: &str| {
        let mut body = product("N1", &kit.eb_group);
        body["sku_spec"] = json!([{
            "sku_spec_custom_id": "N1-A", "upc": "96385074", "sale_price": 100, "left_num": 1, "weight": 1,
            "spec_property": [{"prop_text": "规格", "value_text": name}],
        }]);
        body
    };
    let made = kit.eb("sku.create", spec("500g")).await;
    let spec_id = data(&made)["sku_spec_result"][0]["sku_spec_id"].clone();
    let id = data(&made)["sku_id"].clone();
    let world_multi = kit
        .simulator
        .world()
        .listing(EB, SHOP, id.as_str().unwrap())
        .unwrap()
        .multi_spec;
    assert!(world_multi);
    let move_category = json!({"shop_id": SHOP, "sku_id": id, "cat3_id": "200000003"});
    assert_eq!(
        error(&kit.eb("sku.update", move_category).await),
        "多规格商品不允许后台变更类目"
    );
    let price =
        json!({"shop_id": SHOP, "sku_spec_price_list": [{"sku_spec_id": spec_id, "sale_price": 321}]});
    data(&kit.eb("sku.spec.update.price", price).await);
    let stock = json!({"shop_id": SHOP, "spec_stock_list": [{"spec_custom_id": "N1-A", "left_num": 7}]});
    data(&kit.eb("sku.spec.stock.update", stock).await);
    let held = kit
        .simulator
        .world()
        .listing(EB, SHOP, id.as_str().unwrap())
        .unwrap()
        .clone();
    assert_eq!((held.specs[0].price_fen, held.specs[0].stock), (321, 7));
    let mut single = spec("单规格");
    single["custom_sku_id"] = json!("N2");
    single["sku_spec"][0]["sku_spec_custom_id"] = json!("N2");
    single["sku_spec"][0]["upc"] = json!("");
    let made = kit.eb("sku.create", single).await;
    assert_eq!(data(&made)["sku_spec_result"], json!([]));
}

#[tokio::test]
async fn an_update_writes_what_was_sent_and_finds_by_id_alone() {
    let kit = Kit::new();
    let change =
        json!({"shop_id": SHOP, "custom_sku_id": "C-1-S", "name": "改名苹果", "upc_update": "96385074"});
    data(&kit.eb("sku.update", change).await);
    let held = kit
        .simulator
        .world()
        .listing(EB, SHOP, &kit.eb_listing)
        .unwrap()
        .clone();
    assert_eq!(
        (
            held.name.as_str(),
            held.specs[0].upc.as_str(),
            held.specs[0].price_fen
        ),
        ("改名苹果", "96385074", 990)
    );
    let other = listing("C-2", "别的", &kit.eb_group, "");
    let other = kit.simulator.world().add_listing(EB, SHOP, other).unwrap();
    let stale = json!({"shop_id": SHOP, "sku_id": other, "name": "改名苹果"});
    data(&kit.eb("sku.update", stale).await);
    assert_eq!(
        kit.simulator.world().listing(EB, SHOP, &other).unwrap().name,
        "改名苹果",
        "F58: overwritten"
    );
    assert_eq!(
        kit.eb("sku.update", json!({"shop_id": SHOP, "sku_id": "1"}))
            .await["body"]["errno"],
        5004
    );
    let map = json!({"shop_id": SHOP, "sku_id": other, "custom_sku_id": "C-1-S"});
    assert_eq!(
        error(&kit.eb("sku.shop.customsku.map", map).await),
        "sku_id数值重复"
    );
    data(
        &kit.eb(
            "sku.shop.customsku.map",
            json!({"shop_id": SHOP, "sku_id": other, "custom_sku_id": ""}),
        )
        .await,
    );
    assert_eq!(kit.simulator.world().listing(EB, SHOP, &other).unwrap().code, "");
}

#[tokio::test]
async fn batches_take_the_good_entries_and_name_the_others() {
    let kit = Kit::new();
    let prices = json!({"shop_id": SHOP, "custom_sku_id": "C-1-S:1050,1200;nope:100"});
    let answer = kit.eb("sku.price.update.batch", prices).await;
    assert_eq!(answer["body"]["errno"], 500_001);
    let failed: Value = serde_json::from_str(error(&answer)).unwrap();
    assert_eq!(failed["failed_list"][0]["custom_sku_id"], "nope");
    let stocks = json!({"shop_id": SHOP, "skuid_stocks": format!("{}:7", kit.eb_listing)});
    data(&kit.eb("sku.stock.update.batch", stocks).await);
    data(
        &kit.eb("sku.offline", json!({"shop_id": SHOP, "sku_id": kit.eb_listing}))
            .await,
    );
    let held = kit
        .simulator
        .world()
        .listing(EB, SHOP, &kit.eb_listing)
        .unwrap()
        .clone();
    assert_eq!(
        (held.specs[0].price_fen, held.specs[0].stock, held.sold_out),
        (1050, 7, true)
    );
    data(
        &kit.eb("sku.online", json!({"shop_id": SHOP, "upc": "6901234567892"}))
            .await,
    );
    let many = vec!["x"; 101].join(",");
    assert!(
        error(
            &kit.eb("sku.delete", json!({"shop_id": SHOP, "sku_id": many}))
                .await
        )
        .contains("100")
    );
    data(
        &kit.eb("sku.delete", json!({"shop_id": SHOP, "sku_id": kit.eb_listing}))
            .await,
    );
    assert!(kit.simulator.world().shop(EB, SHOP).unwrap().listings.is_empty());
}

#[tokio::test]
async fn goods_are_read_by_page_and_by_offset() {
    let kit = Kit::new();
    for number in 0..4 {
        let more = listing(&format!("P{number}"), "商品", &kit.eb_group, "");
        kit.simulator.world().add_listing(EB, SHOP, more).unwrap();
    }
    let page = kit
        .eb("sku.list", json!({"shop_id": SHOP, "page": 2, "pagesize": 2}))
        .await;
    assert_eq!(
        (data(&page)["total"].clone(), data(&page)["pages"].clone()),
        (json!(5), json!(3))
    );
    let first = kit.eb("sku.list", json!({"shop_id": SHOP, "pagesize": 3})).await;
    let next = json!({"shop_id": SHOP, "pagesize": 3, "sku_id_offset": data(&first)["sku_id_offset"]});
    assert_eq!(
        data(&kit.eb("sku.list", next).await)["list"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert!(
        error(
            &kit.eb("sku.list", json!({"shop_id": SHOP, "pagesize": 101}))
                .await
        )
        .contains("100")
    );
}

#[tokio::test]
async fn pictures_come_by_address_or_as_base64() {
    use base64::Engine as _;
    let kit = Kit::new();
    let by_address = kit
        .eb("picture.upload", json!({"url": "https://img.example.com/x.jpg"}))
        .await;
    assert!(data(&by_address)["url"].as_str().unwrap().starts_with("https://"));
    let mut png = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(2, 2)
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
    let text = base64::engine::general_purpose::STANDARD.encode(png.into_inner());
    data(&kit.eb("picture.upload", json!({"data": text})).await);
    assert!(error(&kit.eb("picture.upload", json!({"data": "AAAA"})).await).contains("图片"));
}

#[tokio::test]
async fn orders_are_listed_read_in_two_levels_and_handled() {
    let kit = Kit::new();
    let number = kit.order(EB);
    assert_eq!(number.len(), 19);
    let second = NOW_MS / 1000;
    let window = json!({"shop_id": SHOP, "start_time": second, "end_time": second, "page": 1});
    let list = kit.eb("order.list", window).await;
    assert_eq!(data(&list)["list"][0]["order_id"], number);
    let before = json!({"shop_id": SHOP, "start_time": 0, "end_time": second - 1});
    assert_eq!(data(&kit.eb("order.list", before).await)["total"], 0);
    let ask = json!({"order_id": number});
    kit.simulator.world().degrade_order(&number, 1).unwrap();
    assert_eq!(
        data(&kit.eb("order.get", ask.clone()).await)["order"]["down_flag"],
        1
    );
    let full = kit.eb("order.get", ask.clone()).await;
    let line = &data(&full)["products"][0][0];
    assert_eq!(
        (line["custom_sku_id"].clone(), line["product_amount"].clone()),
        (json!("C-1-S"), json!(2))
    );
    assert_eq!(data(&full)["order"]["user_fee"], 2480);
    data(&kit.eb("order.confirm", ask.clone()).await);
    assert_eq!(data(&kit.eb("order.status.get", ask.clone()).await)["status"], 5);
    let refund = kit
        .simulator
        .world()
        .ask_refund(&number, Some(&[(0, 1)]), "少送")
        .unwrap();
    let listed = kit.eb("order.partrefund.get", ask.clone()).await;
    assert_eq!(data(&listed)["refund_list"][0]["refund_price"], 990);
    data(
        &kit.eb(
            "order.agreerefund",
            json!({"order_id": number, "refund_order_id": refund}),
        )
        .await,
    );
    let no = json!({"order_id": number, "refuse_reason": "已送达"});
    assert!(error(&kit.eb("order.disagreerefund", no).await).contains("状态已变更"));
    data(
        &kit.eb(
            "order.cancel",
            json!({"order_id": number, "type": "-1", "reason": "x"}),
        )
        .await,
    );
    let cancelled = kit.eb("order.cancellist", json!({"shop_id": SHOP})).await;
    assert_eq!(data(&cancelled)["list"][0]["cancle_type"], 5);
    assert!(error(&kit.eb("order.get", json!({"order_id": "1"})).await).contains("订单不存在"));
}
