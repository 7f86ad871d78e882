//! The signatures of the platform (fact sheet 2): calls, pushed messages, and calls of the platform to the merchant.

use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::{Digest as _, Md5};
use serde_json::Value;
use sha2::Sha256;
use std::fmt::Write as _;

/// The text of `param_json`: keys sorted at every depth, lists in their order, no white space, signs beyond ASCII and
/// `<`, `>`, `&`, `/` as they are. Empty texts, empty lists and nulls stay.
pub fn canonical(params: &Value) -> String {
    sorted(params).to_string()
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut pairs: Vec<(&String, &Value)> = fields.iter().collect();
            pairs.sort_by_key(|(name, _)| name.as_str());
            Value::Object(
                pairs
                    .into_iter()
                    .map(|(name, value)| (name.clone(), sorted(value)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        scalar => scalar.clone(),
    }
}

/// `sign` of a call: HMAC-SHA256 in lower-case hex, keyed by the secret, over the parameters between the secret and the
/// secret. `access_token` takes no part.
pub fn hmac_lower(app_key: &str, method: &str, param_json: &str, timestamp: &str, secret: &str) -> String {
    let text =
        format!("{secret}app_key{app_key}method{method}param_json{param_json}timestamp{timestamp}v2{secret}");
    hmac(&text, secret)
}

/// `sign` of a call of the platform to the merchant (SPI): as a call, without `method` and `v`; `None` for a
/// `sign_method` that does not exist.
pub fn spi(
    app_key: &str,
    param_json: &str,
    timestamp: &str,
    sign_method: &str,
    secret: &str,
) -> Option<String> {
    let text = format!("{secret}app_key{app_key}param_json{param_json}timestamp{timestamp}{secret}");
    match sign_method {
        "md5" => Some(md5_lower(&text)),
        "hmac-sha256" => Some(hmac(&text, secret)),
        _ => None,
    }
}

/// Header `event-sign` of a pushed message: MD5 in lower-case hex over app key, raw body and secret.
pub fn push(app_key: &str, body: &str, secret: &str) -> String {
    md5_lower(&format!("{app_key}{body}{secret}"))
}

fn hmac(text: &str, secret: &str) -> String {
    // HMAC takes keys of any length, so there is no failure to report; the type asks all the same.
    Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(text.as_bytes());
            hex(&mac.finalize().into_bytes())
        },
    )
}

fn md5_lower(text: &str) -> String {
    hex(&Md5::digest(text))
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
            // Writing into a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
mod tests {
    use super::{canonical, hmac_lower, push, spi};
    use serde_json::{Value, json};

    const KEY: &str = "7000000000000000001";
    const SECRET: &str = "11111111-2222-3333-4444-555555555555";

    fn sign(method: &str, timestamp: &str, params: &Value) -> String {
        hmac_lower(KEY, method, &canonical(params), timestamp, SECRET)
    }

    #[test]
    fn a_plain_call_and_one_without_parameters() {
        assert_eq!(
            sign(
                "product.detail",
                "1767225600",
                &json!({"product_id": "3600000000000000001"})
            ),
            "8c92d394871db690f10f5b3881a853b5a4995534eb1b701fefd5cfe980544801"
        );
        assert_eq!(
            sign("shop.getStoreList", "1767225604", &json!({})),
            "4d980d3c8e9314aaec226483fdb7ca3a5c9ed4a1d3e28cd4b5bdfb6c9c9069dc"
        );
    }

    #[test]
    fn keys_are_sorted_and_numbers_keep_their_digits() {
        let params = json!({"stock_num": 25, "sku_id": 1_700_000_000_000_001_i64, "incremental": false,
            "product_id": 3_600_000_000_000_000_001_i64, "idempotent_id": "demo-1"});
        assert_eq!(
            sign("sku.syncStock", "1767225601", &params),
            "d5a4598f232238769a3355b1785748bf67cd25bc236e80fa997afdbd67bf970c"
        );
        let nested = json!({"b": [{"z": 1, "a": []}], "a": {"Z": null, "A": ""}});
        assert_eq!(
            canonical(&nested),
            r#"{"a":{"A":"","Z":null},"b":[{"a":[],"z":1}]}"#
        );
    }

    #[test]
    fn chinese_and_html_signs_stay_as_they_are() {
        let params = json!({"url": "https://img.example.com/a.jpg?x=1&y=2", "material_name": "苹果<红>",
            "folder_id": "0", "need_distinct": true});
        assert_eq!(
            sign("material.uploadImageSync", "1767225602", &params),
            "9cc1bff91f138e672df8de697b209b687458eb1d9829e8263625899301d93f5a"
        );
    }

    #[test]
    fn an_empty_code_takes_part() {
        let params = json!({"shop_id": "1234567", "grant_type": "authorization_self", "code": ""});
        assert_eq!(
            sign("token.create", "1767225603", &params),
            "93bca7b7924136a34c4694ae649a7015981f4c700e008b18466c885eb1d9412a"
        );
    }

    #[test]
    fn pushes_and_calls_of_the_platform_have_rules_of_their_own() {
        let body = r#"[{"tag":"100","msg_id":"7000-demo","data":"{\"p_id\":1,\"shop_id\":1234567}"}]"#;
        assert_eq!(push(KEY, body, SECRET), "9bfe5170c4de814ec44e65dd64951aad");
        let params = canonical(&json!({"shop_id": 1_234_567, "order_id": "48001"}));
        assert_eq!(
            spi(KEY, &params, "2026-01-01 08:00:00", "md5", SECRET).as_deref(),
            Some("7fb093ea275dacb7f1f7e13faac24f39")
        );
        assert_eq!(spi(KEY, &params, "1", "sha1", SECRET), None);
    }
}
