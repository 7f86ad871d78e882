//! 美团 family A signature (fact sheet 3.1), written from the rule and its worked examples.

use md5::{Digest, Md5};

/// Parameters that carry bytes or the signature itself and are never signed.
const UNSIGNED: [&str; 4] = ["sig", "img_data", "file", "video_data"];

/// The signature of a call: MD5 over `url?name=value&…` sorted by name, raw values, secret appended, lower-case hex.
/// `url` is the called one without its query. Empty values take part; `sig` and byte fields do not.
pub fn signature(url: &str, params: &[(String, String)], secret: &str) -> String {
    let mut signed: Vec<&(String, String)> = params
        .iter()
        .filter(|(name, _)| !UNSIGNED.contains(&name.as_str()))
        .collect();
    signed.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    let joined: Vec<String> = signed
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let text = format!("{url}?{}{secret}", joined.join("&"));
    crate::wire::hex(&Md5::digest(text.as_bytes()))
}

/// Whether `params` carries the right `sig`.
pub fn holds(url: &str, params: &[(String, String)], secret: &str) -> bool {
    params
        .iter()
        .any(|(name, value)| name == "sig" && *value == signature(url, params, secret))
}

#[cfg(test)]
mod tests {
    use super::{holds, signature};

    const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

    fn check(url: &str, params: &[(&str, &str)], expected: &str) {
        let mut params: Vec<(String, String)> = params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        assert_eq!(signature(url, &params, SECRET), expected);
        params.push(("sig".to_owned(), expected.to_owned()));
        assert!(holds(url, &params, SECRET));
        assert!(!holds(url, &params, "another"));
    }

    #[test]
    fn e1_a_plain_get() {
        check(
            "https://waimaiopen.meituan.com/api/v1/poi/mget",
            &[
                ("timestamp", "1700000000"),
                ("app_poi_codes", "T001,T002"),
                ("app_id", "9001"),
            ],
            "221d583b822f2dc1b1842d642b5239fb",
        );
    }

    #[test]
    fn e2_chinese_nested_json_and_a_space() {
        check(
            "https://waimaiopen.meituan.com/api/v1/retail/initdata",
            &[
                ("app_id", "9001"),
                ("app_poi_code", "T001"),
                ("app_spu_code", "SPU-1"),
                ("category_name", "水果"),
                ("is_sold_out", "0"),
                ("name", "示例苹果 500g"),
                (
                    "skus",
                    r#"[{"sku_id":"SKU-1","spec":"500g","price":"9.90","stock":"20","upc":"6901234567892"}]"#,
                ),
                ("timestamp", "1700000000"),
            ],
            "5797aba644d588e29e43c16fdc5b41e1",
        );
    }

    #[test]
    fn e3_an_access_token_is_signed_like_any_other_parameter() {
        check(
            "https://waimaiopen.meituan.com/api/v1/order/cancel",
            &[
                ("access_token", "tok_abc"),
                ("app_id", "9001"),
                ("order_id", "27057681346840001"),
                ("reason", "缺货 & 换货"),
                ("reason_code", "2009"),
                ("timestamp", "1700000000"),
            ],
            "ef6b0333c0bb65eeafdaeb0ff662f15b",
        );
    }

    #[test]
    fn e4_a_push_with_an_empty_value() {
        check(
            "https://oms.example.com/mt/order/cancel",
            &[
                ("app_id", "9001"),
                ("deal_op_type", "1"),
                ("order_id", "27057681346840001"),
                ("reason", "用户取消,不想要了"),
                ("reason_code", "1103"),
                ("remark", ""),
                ("timestamp", "1700000000"),
            ],
            "115da584e905cd22f86a6252aed44024",
        );
    }

    #[test]
    fn bytes_take_no_part() {
        let params = [
            ("app_id".to_owned(), "9001".to_owned()),
            ("img_data".to_owned(), "anything".to_owned()),
        ];
        assert_eq!(
            signature("http://h/x", &params, SECRET),
            signature("http://h/x", &params[..1], SECRET)
        );
    }
}
