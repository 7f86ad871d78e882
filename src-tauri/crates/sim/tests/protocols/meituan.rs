//! 美团闪购: admission, shops, groups, orders and tokens.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use sim::world::{Authorization, OrderState};

use crate::kit::{BASE, Kit, MT, NOW_MS, encode, json_of};

#[tokio::test]
async fn a_wrong_signature_changes_nothing() {
    let kit = Kit::new();
    let params = [("app_poi_code", "T001"), ("app_spu_code", "SPU-1")];
    let request = kit.mt_request(
        "retail/delete",
        &params,
        NOW_MS / 1000,
        Some("0123456789abcdef0123456789abcdef"),
    );
    let answer = json_of(kit.simulator.call(request).await);
    assert_eq!(
        answer,
        json!({"result_code": 4, "data": "ng", "error": {"code": 703, "msg": "签名验证错误"}})
    );
    assert_eq!(kit.simulator.world().shop(MT, "T001").unwrap().listings.len(), 1);
}

#[tokio::test]
async fn app_clock_shop_and_authorization_are_checked_in_turn() {
    let kit = Kit::new();
    let late = kit.mt_request("poi/getids", &[], NOW_MS / 1000 - 601, None);
    assert_eq!(json_of(kit.simulator.call(late).await)["error"]["code"], 705);
    let in_time = kit.mt_request("poi/getids", &[], NOW_MS / 1000 - 599, None);
    assert_eq!(
        json_of(kit.simulator.call(in_time).await)["data"],
        json!(["T001"])
    );
    let stranger = Request::get(format!("{BASE}/meituan/api/v1/poi/getids?app_id=1"))
        .body(Bytes::new())
        .unwrap();
    assert_eq!(json_of(kit.simulator.call(stranger).await)["error"]["code"], 702);
    assert_eq!(
        kit.mt("retailCat/list", &[("app_poi_code", "nope")]).await["error"]["code"],
        803
    );
    for (authorization, code, text) in [
        (Authorization::Expired, 4001, "授权已经过期"),
        (Authorization::Taken, 704, "非法令牌"),
        (Authorization::NotLinked, 704, "没有权限"),
    ] {
        kit.simulator
            .world()
            .set_authorization(MT, "T001", authorization)
            .unwrap();
        let error = kit.mt("retailCat/list", &[("app_poi_code", "T001")]).await["error"].clone();
        assert_eq!(error["code"], code);
        assert!(error["msg"].as_str().unwrap().contains(text));
    }
}

#[tokio::test]
async fn shops_are_named_and_described() {
    let kit = Kit::new();
    let answer = kit.mt("poi/mget", &[("app_poi_codes", "T001,T404")]).await;
    assert_eq!(answer["data"].as_array().unwrap().len(), 1);
    assert_eq!(answer["data"][0]["name"], "示例店");
    kit.mt("poi/close", &[("app_poi_code", "T001")]).await;
    assert_eq!(
        kit.mt("poi/mget", &[("app_poi_codes", "T001")]).await["data"][0]["open_level"],
        3
    );
    kit.mt("poi/open", &[("app_poi_code", "T001")]).await;
    assert_eq!(
        kit.mt("poi/mget", &[("app_poi_codes", "T001")]).await["data"][0]["open_level"],
        1
    );
}

#[tokio::test]
async fn groups_are_made_renamed_ordered_and_deleted() {
    let kit = Kit::new();
    let shop = ("app_poi_code", "T001");
    let make = [
        shop,
        ("category_name", "蔬菜"),
        ("category_code", "V"),
        ("sequence", "5"),
    ];
    assert_eq!(kit.mt("retailCat/update", &make).await["data"], "ok");
    assert_eq!(kit.mt("retailCat/update", &make).await["error"]["code"], 1037);
    let child = [
        shop,
        ("category_name", "蔬菜"),
        ("secondary_category_name", "叶菜"),
    ];
    assert_eq!(kit.mt("retailCat/update", &child).await["data"], "ok");
    let under_goods = [
        shop,
        ("category_name", "水果"),
        ("secondary_category_name", "苹果"),
    ];
    let refused = kit.mt("retailCat/update", &under_goods).await;
    assert_eq!(
        refused["error"]["msg"],
        "参数格式错误:禁止调整商品分类的层级:category_name=水果"
    );
    let rename = [
        shop,
        ("category_name_origin", "蔬菜"),
        ("category_name", "新鲜蔬菜"),
    ];
    assert_eq!(kit.mt("retailCat/update", &rename).await["data"], "ok");
    let clash = [
        shop,
        ("category_name_origin", "新鲜蔬菜"),
        ("category_name", "水果"),
    ];
    assert!(
        kit.mt("retailCat/update", &clash).await["error"]["msg"]
            .as_str()
            .unwrap()
            .contains("分组互斥")
    );
    let order = [
        shop,
        (
            "category_sequence_data",
            r#"[{"category_code":"V","sequence":1}]"#,
        ),
    ];
    assert_eq!(kit.mt("retailCat/setSequence", &order).await["data"], "ok");
    let unknown = [
        shop,
        (
            "category_sequence_data",
            r#"[{"category_code":"new","sequence":1}]"#,
        ),
    ];
    assert_eq!(
        kit.mt("retailCat/setSequence", &unknown).await["error"]["code"],
        1021
    );
    let list = kit.mt("retailCat/list", &[shop]).await;
    let vegetables = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["name"] == "新鲜蔬菜")
        .unwrap();
    assert_eq!(vegetables["children"][0]["name"], "叶菜");
    assert_eq!(vegetables["sequence"], 1);
    assert!(
        kit.mt("retailCat/delete", &[shop, ("category_name", "水果")])
            .await["error"]
            .is_object()
    );
    assert_eq!(
        kit.mt("retailCat/delete", &[shop, ("category_code", "V")]).await["data"],
        "ok"
    );
    assert_eq!(
        kit.mt("retailCat/list", &[shop]).await["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn orders_are_found_by_day_sequence_and_read_with_details_as_text() {
    let kit = Kit::new();
    let number = kit.order(MT);
    assert!(number.len() >= 18);
    let latest = kit.mt("order/getOrderDaySeq", &[("app_poi_code", "T001")]).await;
    assert_eq!(latest["data"]["day_seq"], 1);
    let by_seq = [
        ("app_poi_code", "T001"),
        ("date_time", "20231115"),
        ("day_seq", "1"),
    ];
    assert_eq!(
        kit.mt("order/getOrderIdByDaySeq", &by_seq).await["data"]["order_id"].to_string(),
        number
    );
    let by_seq = [
        ("app_poi_code", "T001"),
        ("date_time", "20231115"),
        ("day_seq", "2"),
    ];
    assert_eq!(
        kit.mt("order/getOrderIdByDaySeq", &by_seq).await["error"]["code"],
        806
    );
    kit.simulator.world().degrade_order(&number, 1).unwrap();
    let poor = kit.mt("order/getOrderDetail", &[("order_id", &number)]).await;
    assert_eq!(
        (poor["data"]["incmp_code"].clone(), poor["data"]["detail"].clone()),
        (json!(-1), json!("[]"))
    );
    let full = kit.mt("order/getOrderDetail", &[("order_id", &number)]).await;
    let lines: Value = serde_json::from_str(full["data"]["detail"].as_str().unwrap()).unwrap();
    assert_eq!(
        (lines[0]["app_food_code"].clone(), lines[0]["quantity"].clone()),
        (json!("SPU-1"), json!(2))
    );
    assert_eq!(full["data"]["total"], 24.8);
}

#[tokio::test]
async fn an_order_is_confirmed_completes_by_itself_and_then_cannot_be_cancelled() {
    let kit = Kit::new();
    let number = kit.order(MT);
    let order = ("order_id", number.as_str());
    assert_eq!(kit.mt("order/confirm", &[order]).await["data"], "ok");
    assert_eq!(kit.mt("order/confirm", &[order]).await["error"]["code"], 808);
    assert_eq!(kit.mt("order/viewstatus", &[order]).await["data"]["status"], 4);
    let completes = kit
        .simulator
        .world()
        .order(&number)
        .unwrap()
        .completes_at
        .unwrap()
        - NOW_MS;
    assert!((4 * 3_600_000..8 * 3_600_000).contains(&completes));
    kit.simulator.world().clock.advance(completes);
    let later = (NOW_MS + completes) / 1000;
    let request = kit.mt_request("order/viewstatus", &[order], later, None);
    assert_eq!(json_of(kit.simulator.call(request).await)["data"]["status"], 8);
    let cancel = kit.mt_request(
        "order/cancel",
        &[order, ("reason", "x"), ("reason_code", "2009")],
        later,
        None,
    );
    assert_eq!(json_of(kit.simulator.call(cancel).await)["error"]["code"], 1022);
}

#[tokio::test]
async fn refunds_are_listed_and_decided_and_an_early_one_is_a_cancellation() {
    let kit = Kit::new();
    let early = kit.order(MT);
    assert_eq!(kit.simulator.world().full_refund(&early, "不要了").unwrap(), None);
    assert_eq!(
        kit.simulator.world().order(&early).unwrap().state,
        OrderState::Cancelled
    );
    let number = kit.order(MT);
    kit.simulator
        .world()
        .ask_refund(&number, Some(&[(0, 1)]), "少送")
        .unwrap();
    kit.simulator
        .world()
        .price_difference_refund(&number, 120, "重量不足")
        .unwrap();
    let ask = [("wm_order_id_view", number.as_str()), ("refund_type", "2")];
    let list = kit.mt("ecommerce/order/getOrderRefundDetail", &ask).await;
    assert_eq!(list["data"][0]["money"], 9.9);
    assert_eq!(list["data"][0]["res_type"], 0);
    assert_eq!(list["data"][1]["refund_type"], 3);
    assert_eq!(
        list["data"][1]["wmAppRetailForOrderPartRefundList"][0]["count"],
        0
    );
    let decide = [("order_id", number.as_str()), ("reason", "同意")];
    assert_eq!(kit.mt("order/refund/agree", &decide).await["data"], "ok");
    assert_eq!(kit.mt("order/refund/reject", &decide).await["error"]["code"], 808);
}

#[tokio::test]
async fn an_isv_app_needs_the_shops_token_and_renews_it() {
    let kit = Kit::new();
    kit.simulator.world().meituan.isv = true;
    assert_eq!(
        kit.mt("retailCat/list", &[("app_poi_code", "T001")]).await["error"]["code"],
        701
    );
    let code = kit.simulator.world().meituan_issue_code("T001").unwrap();
    let exchange = [("grant_type", "authorization_code"), ("code", code.as_str())];
    let first = kit.mt("oauth/token", &exchange).await;
    assert!(
        kit.mt("oauth/token", &exchange).await["error"].is_object(),
        "a code works once"
    );
    let access = first["access_token"].as_str().unwrap();
    let read = |token: &str| {
        vec![
            ("app_poi_code".to_owned(), "T001".to_owned()),
            ("access_token".to_owned(), token.to_owned()),
        ]
    };
    let call = async |token: &str| {
        let pairs = read(token);
        let params: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        kit.mt("retailCat/list", &params).await
    };
    assert!(call(access).await["data"].is_array());
    kit.simulator.world().meituan_token_expire("T001").unwrap();
    assert_eq!(call(access).await["error"]["code"], 4001);
    let refresh = [
        ("grant_type", "refresh_token"),
        ("refresh_token", first["refresh_token"].as_str().unwrap()),
    ];
    let second = kit.mt("oauth/token", &refresh).await;
    assert!(call(second["access_token"].as_str().unwrap()).await["data"].is_array());
    assert!(
        kit.mt("oauth/token", &refresh).await["error"].is_object(),
        "a refresh token works once"
    );
    let direct = [("app_poi_code", "T001"), ("response_type", "token")];
    assert!(kit.mt("oauth/authorize", &direct).await["access_token"].is_string());
}

#[tokio::test]
async fn an_unknown_interface_is_not_granted() {
    let kit = Kit::new();
    assert_eq!(kit.mt("retail/nothing", &[]).await["error"]["code"], 708);
    assert_eq!(
        encode(&[("a".to_owned(), "苹 果".to_owned())]),
        "a=%E8%8B%B9+%E6%9E%9C"
    );
}
