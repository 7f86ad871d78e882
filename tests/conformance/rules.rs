//! The rule packs parse, and the error dictionary knows the simulator's and the merchants' texts.

use domain::rules::{ErrorDictionary, KeyField, Retry, RulePack};
use std::path::Path;

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../assets/rules")
        .join(name);
    std::fs::read_to_string(path).unwrap()
}

fn parse<T: serde::de::DeserializeOwned>(text: &str) -> T {
    toml::from_str(text).unwrap()
}

#[test]
fn every_connector_carries_a_pack_of_its_own() {
    let kit = crate::kit::Kit::new();
    let registry = platforms::registry::registry(kit.gateway);
    let ids: Vec<&str> = registry.all().map(|platform| platform.descriptor().id).collect();
    assert_eq!(
        ids,
        [
            "meituan_shangou",
            "ebai",
            "doudian",
            "eleme",
            "meituan_waimai",
            "jddj",
            "douyin_laike"
        ]
    );
    for id in ids {
        let pack: RulePack = parse(registry.get(id).unwrap().descriptor().rules);
        assert_eq!(pack.platform, id);
    }
    assert!(registry.get("nowhere").is_none());
}

#[test]
fn matching_keys_are_those_of_the_seed() {
    use KeyField::{OuterSkuCode, ProductName, SpecName};
    let meituan: RulePack = parse(&read("meituan_shangou.toml"));
    assert_eq!(meituan.matching.repush.single, [ProductName]);
    assert_eq!(meituan.matching.repush.multi, [ProductName, SpecName]);
    let ebai: RulePack = parse(&read("ebai.toml"));
    assert_eq!(ebai.matching.first_push.multi, [OuterSkuCode, SpecName]);
    assert_eq!(
        ebai.matching.first_push.single,
        [OuterSkuCode, ProductName, SpecName]
    );
}

#[test]
fn the_dictionary_knows_the_texts_most_specific_first() {
    let dictionary: ErrorDictionary = parse(&read("errors.toml"));
    for (text, cause, retry) in [
        (
            "找不到商品资料:商品编号[1022]没有匹配商品或商品已删除",
            "F03",
            Retry::Never,
        ),
        ("For input string: \"A-77\"", "F19", Retry::Never),
        ("订单聚合参数未开启", "F24", Retry::AfterFix),
        ("如需同步upc,要求upc值不能重复", "F27", Retry::Never),
        ("已存在该UPC,请先处理", "F44", Retry::Never),
        ("{\"errorCode\":2026,\"x\":\"y\"}", "F23", Retry::Never),
        ("sku_id:参数格式错误|sku_id字段为空", "F17", Retry::AfterFix),
        ("禁止调整商品分类的层级:category_name=饮料", "F41", Retry::Never),
        ("gw.QosAPIFrequencyLimit", "F16", Retry::BackOff),
        ("mobile字段缺失：请先填写客服电话", "F70", Retry::Never),
        ("商品已删除，请将商品恢复后再修改", "F71", Retry::Never),
        (
            "实付价不能大于最高售价：搭配里菜品价格之和 50.00 元，售价 60.00 元",
            "F69",
            Retry::Never,
        ),
        ("access_token过期,请刷新或重新授权", "F43", Retry::Never),
        ("quota已用完", "F16", Retry::BackOff),
        ("gw.ISPInvokeTimeout", "F54", Retry::Few),
        ("EXCEED_LIMIT 接口调用频率超过限制", "F16", Retry::BackOff),
        ("SERVER_ERROR", "F54", Retry::Few),
        ("INVALID_SIGNATURE 签名校验失败", "F55", Retry::Never),
        ("UNAUTHORIZED token无效或已过期", "F43", Retry::Never),
        ("ITEM_NOT_FOUND", "F28", Retry::AfterReread),
        ("gw.AppKeyNotFound AppKey is not found", "F53", Retry::Never),
        ("贵司无此商品经营权限", "F64", Retry::Never),
        ("类目ID不能为空", "F64", Retry::Never),
        ("商品条码信息不正确", "F66", Retry::AfterFix),
        (
            "京东到家只支持单规格商品：把每个规格各做成一个商品",
            "F67b",
            Retry::AfterFix,
        ),
        ("请求参数错误: picture字段未上传", "F42", Retry::AfterFix),
        ("请求参数错误", "F09", Retry::Never),
    ] {
        let found = dictionary.recognize(text).map(|found| (found.cause, found.retry));
        assert_eq!(found, Some((cause.to_owned(), retry)), "{text}");
    }
    assert_eq!(dictionary.recognize("从未见过的话"), None);
    let code = dictionary.recognize("商品编号[1022]没有匹配商品").unwrap();
    assert_eq!(code.params, [("code".to_owned(), "1022".to_owned())]);
}
