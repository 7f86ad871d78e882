//! 美团闪购: reading and writing goods.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use crate::kit::{Kit, MT, NOW_MS, json_of, listing};

fn product(code: &str) -> Value {
    json!({
        "app_spu_code": code, "name": "新苹果", "category_name": "水果", "tag_id": tag("苹果"), "is_sold_out": 0,
        "picture": "https://img.example.com/n.jpg",
        "skus": [{"sku_id": format!("{code}-K"), "spec": "单规格", "price": "10.50", "stock": "35"}],
    })
}

fn tag(name: &str) -> i64 {
    let leaf = sim::world::default_taxonomy()
        .into_values()
        .find(|taxon| taxon.depth == 3 && taxon.name == name);
    leaf.unwrap().id.parse().unwrap()
}

async fn batch(kit: &Kit, products: Value) -> Value {
    kit.mt(
        "retail/batchinitdata",
        &[("app_poi_code", "T001"), ("food_data", &products.to_string())],
    )
    .await
}

async fn refused(kit: &Kit, product: Value) -> String {
    let before = kit.simulator.world().shop(MT, "T001").unwrap().listings.clone();
    let answer = batch(kit, json!([product])).await;
    assert_eq!(answer["result_code"], 3, "{answer}");
    assert_eq!(answer["error_list"][0]["blockFlag"], 1);
    assert_eq!(
        kit.simulator.world().shop(MT, "T001").unwrap().listings,
        before,
        "a refused product changes nothing"
    );
    answer["error_list"][0]["msg"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn goods_are_read_in_whole_pages_with_specs_as_text() {
    let kit = Kit::new();
    for number in 0..22 {
        let more = listing(&format!("P{number}"), "商品", &kit.mt_group, "");
        kit.simulator.world().add_listing(MT, "T001", more).unwrap();
    }
    let page = kit
        .mt(
            "retail/list",
            &[("app_poi_code", "T001"), ("offset", "20"), ("limit", "20")],
        )
        .await;
    assert_eq!(page["extra_info"]["total_count"], 23);
    assert_eq!(page["data"].as_array().unwrap().len(), 3);
    let askew = kit
        .mt(
            "retail/list",
            &[("app_poi_code", "T001"), ("offset", "23"), ("limit", "20")],
        )
        .await;
    assert_eq!(askew["data"], page["data"], "page = offset div limit + 1");
    let big = kit
        .mt(
            "retail/list",
            &[("app_poi_code", "T001"), ("offset", "0"), ("limit", "201")],
        )
        .await;
    assert_eq!(big["error"]["code"], 705);
    let one = kit
        .mt(
            "retail/get",
            &[("app_poi_code", "T001"), ("app_spu_code", "SPU-1")],
        )
        .await;
    let specs: Value = serde_json::from_str(one["data"]["skus"].as_str().unwrap()).unwrap();
    assert_eq!(specs[0]["sku_id"], "SPU-1-S");
    assert_eq!(specs[0]["price"], "9.90");
    assert_eq!(one["data"]["price"], 9.9);
    assert_eq!(one["data"]["mt_spu_id"].to_string(), kit.mt_listing);
}

#[tokio::test]
async fn taxonomy_recommendation_and_required_fields_answer() {
    let kit = Kit::new();
    let shop = ("app_poi_code", "T001");
    let leaves = kit.mt("retail/getSpTagIds", &[shop]).await;
    assert_eq!(leaves["data"].as_array().unwrap().len(), 30);
    assert_eq!(
        leaves["data"][0]["name_path"]
            .as_str()
            .unwrap()
            .split(',')
            .count(),
        3
    );
    let tip = kit
        .mt("retail/recommend/tag", &[shop, ("name", "纯牛奶250ml")])
        .await;
    assert_eq!(tip["success_map"]["tag_id"], tag("纯牛奶"));
    let milk = tag("纯牛奶").to_string();
    let fields = kit
        .mt("retail/field/required/info", &[shop, ("tag_id", &milk)])
        .await;
    assert_eq!(fields["success_map"]["upc"], 1);
}

#[tokio::test]
async fn a_product_is_created_once_and_then_updated_field_by_field() {
    let kit = Kit::new();
    assert_eq!(
        batch(&kit, json!([product("N1")])).await,
        json!({"result_code": 1, "data": "ok"})
    );
    let skus = r#"[{"sku_id":"N1-K","spec":"单规格","upc":"96385074","price":"11","stock":"3"}]"#;
    let change = [
        ("app_poi_code", "T001"),
        ("app_spu_code", "N1"),
        ("name", "改名苹果"),
        ("skus", skus),
    ];
    assert_eq!(kit.mt("retail/initdata", &change).await["result_code"], 1);
    let world = kit.simulator.world();
    let held = world.shop(MT, "T001").unwrap().listing_by_code("N1").unwrap();
    assert_eq!(
        (held.name.as_str(), held.specs.len(), held.specs[0].price_fen),
        ("改名苹果", 1, 1100)
    );
    assert_eq!(held.pictures.len(), 1, "a field that was not sent stays");
    assert_eq!(held.specs[0].upc, "96385074");
    let synced = world.ledger.synced(MT);
    assert_eq!((synced.created, synced.updated, synced.listings), (1, 1, 1));
}

#[tokio::test]
async fn the_documented_refusals_come_with_their_texts() {
    let kit = Kit::new();
    let with = |field: &str, value: Value| {
        let mut changed = product("N1");
        changed[field] = value;
        changed
    };
    let with_sku = |field: &str, value: Value| {
        let mut changed = product("N1");
        changed["skus"][0][field] = value;
        changed
    };
    assert_eq!(
        refused(&kit, with("picture", json!(""))).await,
        "picture字段未上传"
    );
    assert!(
        refused(&kit, with_sku("sku_id", json!("")))
            .await
            .contains("sku_id字段为空")
    );
    assert!(
        refused(&kit, with_sku("sku_id", json!("SPU-1-S")))
            .await
            .contains("sku_id数值重复")
    );
    assert!(
        refused(&kit, with_sku("sku_id", json!("x".repeat(41))))
            .await
            .contains("40")
    );
    assert!(
        refused(&kit, with_sku("upc", json!("")))
            .await
            .contains("如需同步upc,要求upc值非空")
    );
    assert!(
        refused(&kit, with_sku("upc", json!("6901234567892")))
            .await
            .contains("已存在该UPC")
    );
    assert!(
        refused(&kit, with_sku("stock", json!("100000")))
            .await
            .contains("stock")
    );
    assert!(
        refused(&kit, with_sku("price", json!("6901234567892")))
            .await
            .contains("price")
    );
    assert!(
        refused(&kit, with_sku("price", json!("1.234")))
            .await
            .contains("price")
    );
    assert!(
        refused(&kit, with("secondary_category_name", json!("苹果")))
            .await
            .contains("禁止调整商品分类的层级:category_name=水果")
    );
    assert!(
        refused(&kit, with("category_name", json!("没有")))
            .await
            .contains("分类不存在")
    );
    assert!(
        refused(&kit, with("tag_id", json!(tag("纯牛奶"))))
            .await
            .contains("upc=不能为空")
    );
    let twins = json!([
        {"sku_id": "a", "spec": "大", "price": "1", "stock": "1", "upc": "96385074"},
        {"sku_id": "b", "spec": "小", "price": "1", "stock": "1", "upc": "96385074"},
    ]);
    assert!(
        refused(&kit, with("skus", twins))
            .await
            .contains("要求upc值不能重复")
    );
}

#[tokio::test]
async fn group_codes_and_names_of_two_groups_exclude_each_other() {
    let kit = Kit::new();
    let make = [
        ("app_poi_code", "T001"),
        ("category_name", "旧名"),
        ("category_code", "G2"),
    ];
    kit.mt("retailCat/update", &make).await;
    let mut confused = product("N1");
    confused["category_code"] = json!("G2");
    assert_eq!(refused(&kit, confused).await, "分组互斥");
}

#[tokio::test]
async fn an_invalid_barcode_is_blanked_and_a_missing_category_only_warned_about() {
    let kit = Kit::new();
    let mut odd = product("N1");
    odd["skus"][0]["upc"] = json!("12345");
    odd.as_object_mut().unwrap().remove("tag_id");
    let answer = batch(&kit, json!([odd])).await;
    assert_eq!(answer["result_code"], 2);
    assert_eq!(answer["success_list"][0]["app_spu_code"], "N1");
    assert_eq!(answer["error_list"][0]["blockFlag"], 2);
    let world = kit.simulator.world();
    let held = world.shop(MT, "T001").unwrap().listing_by_code("N1").unwrap();
    assert_eq!(held.specs[0].upc, "");
    assert_eq!(held.category_id, Some(tag("苹果").to_string()));
}

#[tokio::test]
async fn a_batch_takes_the_good_products_and_names_the_others() {
    let kit = Kit::new();
    let mut bad = product("N2");
    bad["picture"] = json!("");
    let answer = batch(&kit, json!([product("N1"), bad])).await;
    assert_eq!(answer["result_code"], 2);
    assert_eq!(answer["error_list"][0]["app_spu_code"], "N2");
    assert!(
        kit.simulator
            .world()
            .shop(MT, "T001")
            .unwrap()
            .listing_by_code("N1")
            .is_some()
    );
}

#[tokio::test]
async fn price_stock_and_sell_status_change_what_is_there_and_name_what_is_not() {
    let kit = Kit::new();
    let shop = ("app_poi_code", "T001");
    let prices = r#"[{"app_spu_code":"SPU-1","skus":[{"sku_id":"SPU-1-S","price":"10.50"},{"sku_id":"no","price":"1"}]}]"#;
    let answer = kit.mt("retail/sku/price", &[shop, ("food_data", prices)]).await;
    assert_eq!(
        (
            answer["result_code"].clone(),
            answer["error_list"][0]["code"].clone()
        ),
        (json!(2), json!(1015))
    );
    let stocks = r#"[{"app_spu_code":"SPU-1","skus":[{"sku_id":"SPU-1-S","stock":"35"}]},{"app_spu_code":"x","skus":[]}]"#;
    let answer = kit.mt("retail/sku/stock", &[shop, ("food_data", stocks)]).await;
    assert_eq!(answer["error_list"][0]["code"], 805);
    let off = [
        shop,
        ("food_data", r#"[{"app_spu_code":"SPU-1"}]"#),
        ("sell_status", "1"),
    ];
    assert_eq!(kit.mt("retail/sellStatus", &off).await["result_code"], 1);
    let world = kit.simulator.world();
    let held = world.listing(MT, "T001", &kit.mt_listing).unwrap();
    assert_eq!(
        (held.specs[0].price_fen, held.specs[0].stock, held.sold_out),
        (1050, 35, true)
    );
}

#[tokio::test]
async fn specs_and_products_are_deleted() {
    let kit = Kit::new();
    let spec = [
        ("app_poi_code", "T001"),
        ("app_spu_code", "SPU-1"),
        ("sku_id", "no"),
    ];
    assert_eq!(kit.mt("retail/sku/delete", &spec).await["error"]["code"], 1015);
    let spec = [
        ("app_poi_code", "T001"),
        ("app_spu_code", "SPU-1"),
        ("sku_id", "SPU-1-S"),
    ];
    assert_eq!(kit.mt("retail/sku/delete", &spec).await["data"], "ok");
    let gone = [("app_poi_code", "T001"), ("app_spu_code", "SPU-1")];
    assert_eq!(kit.mt("retail/delete", &gone).await["error"]["code"], 805);
    batch(&kit, json!([product("N1")])).await;
    let there = [("app_poi_code", "T001"), ("app_spu_code", "N1")];
    assert_eq!(kit.mt("retail/delete", &there).await["data"], "ok");
}

#[tokio::test]
async fn codes_are_bound_by_exact_name_and_by_origin() {
    let kit = Kit::new();
    let mut by_hand = listing("", "手工梨", &kit.mt_group, "");
    by_hand.specs[0].code = String::new();
    let id = kit.simulator.world().add_listing(MT, "T001", by_hand).unwrap();
    let bind = |name, category| {
        [
            ("app_poi_code", "T001"),
            ("name", name),
            ("category_name", category),
            ("spec", "单规格"),
            ("app_spu_code", "PEAR"),
            ("sku_id", "PEAR-S"),
        ]
    };
    let stale = kit
        .mt("retail/updateAppFoodCodeByNameAndSpec", &bind("手工梨", "旧分组"))
        .await;
    assert_eq!(stale["error"]["msg"], "绑定自定义商品编码失败,需要手动设置");
    assert_eq!(
        kit.mt("retail/updateAppFoodCodeByNameAndSpec", &bind("手工梨", "水果"))
            .await["data"],
        "ok"
    );
    assert_eq!(
        kit.simulator.world().listing(MT, "T001", &id).unwrap().specs[0].code,
        "PEAR-S"
    );
    let origin = [
        ("app_poi_code", "T001"),
        ("app_food_code_origin", "PEAR"),
        ("app_food_code", "PEAR2"),
        ("sku_id_origin", "PEAR-S"),
        ("sku_id", "SPU-1-S"),
    ];
    let twice = kit.mt("retail/updateAppFoodCodeByOrigin", &origin).await;
    assert!(twice["error"]["msg"].as_str().unwrap().contains("sku_id数值重复"));
}

#[tokio::test]
async fn a_picture_is_taken_by_its_content() {
    let kit = Kit::new();
    let png = {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::DynamicImage::new_rgb8(4, 4)
            .write_to(&mut bytes, image::ImageFormat::Png)
            .unwrap();
        bytes.into_inner()
    };
    let upload = |content: Vec<u8>| {
        let signed = kit.mt_request(
            "image/upload",
            &[("app_poi_code", "T001"), ("img_name", "a.jpg")],
            NOW_MS / 1000,
            None,
        );
        let mut body = Vec::new();
        for (name, value) in [("app_poi_code", "T001"), ("img_name", "a.jpg")] {
            body.extend(
                format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        body.extend(b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\n");
        body.extend(content);
        body.extend(b"\r\n--b--\r\n");
        Request::post(signed.uri().clone())
            .header("content-type", "multipart/form-data; boundary=b")
            .body(Bytes::from(body))
            .unwrap()
    };
    let id = json_of(kit.simulator.call(upload(png.clone())).await)["data"].clone();
    let mut with_id = product("N1");
    with_id["picture"] = id;
    assert_eq!(batch(&kit, json!([with_id])).await["result_code"], 1);
    let text = json_of(kit.simulator.call(upload(b"<html>".to_vec())).await);
    assert!(text["error"]["msg"].as_str().unwrap().contains("图片格式"));
    let mut heavy = png;
    heavy.resize(5 * 1024 * 1024 + 1, 0);
    assert!(
        json_of(kit.simulator.call(upload(heavy)).await)["error"]["msg"]
            .as_str()
            .unwrap()
            .contains("5M")
    );
    let mut unknown = product("N2");
    unknown["picture"] = json!("IMG404");
    assert!(refused(&kit, unknown).await.contains("picture不存在"));
}
