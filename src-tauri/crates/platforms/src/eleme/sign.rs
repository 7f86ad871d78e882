//! Signatures of the NOP protocol (fact sheet 2 and 6): requests, and the messages the platform pushes.

use md5::{Digest, Md5};
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// Signature of a request: action, token (may be empty), then `app_key`, `timestamp` and every top-level parameter as
/// `name=` with its value in compact JSON, sorted by name and joined without a separator, then the secret; MD5 in
/// upper-case hex. Keys inside nested objects keep the order in which they are sent.
pub fn request(
    action: &str,
    token: &str,
    app_key: &str,
    timestamp: i64,
    params: &Map<String, Value>,
    secret: &str,
) -> String {
    let (app_key, timestamp) = (Value::from(app_key), Value::from(timestamp));
    let mut all: Vec<(&str, &Value)> = params
        .iter()
        .map(|(name, value)| (name.as_str(), value))
        .chain([("app_key", &app_key), ("timestamp", &timestamp)])
        .collect();
    all.sort_by_key(|(name, _)| *name);
    let mut text = format!("{action}{token}");
    for (name, value) in all {
        // Writing into a String cannot fail.
        let _ = write!(text, "{name}={value}");
    }
    text.push_str(secret);
    upper(&text)
}

/// Signature of a pushed message: all its fields but `signature` as `name=value` with raw values (texts without quotes),
/// sorted by name and joined without a separator, then the secret; MD5 in upper-case hex.
pub fn push(message: &Map<String, Value>, secret: &str) -> String {
    let mut all: Vec<(&String, &Value)> = message.iter().filter(|(name, _)| *name != "signature").collect();
    all.sort_by_key(|(name, _)| *name);
    let mut text = String::new();
    for (name, value) in all {
        let _ = match value {
            Value::String(raw) => write!(text, "{name}={raw}"),
            other => write!(text, "{name}={other}"),
        };
    }
    text.push_str(secret);
    upper(&text)
}

fn upper(text: &str) -> String {
    Md5::digest(text.as_bytes())
        .iter()
        .fold(String::with_capacity(32), |mut hex, byte| {
            let _ = write!(hex, "{byte:02X}");
            hex
        })
}

#[cfg(test)]
mod tests {
    use super::{push, request};
    use serde_json::{Map, Value, json};

    const SECRET: &str = "s3cr3tDemo0000000000000000000000000000aa";

    fn object(value: Value) -> Map<String, Value> {
        let Value::Object(map) = value else {
            panic!("no object: {value}")
        };
        map
    }

    fn sign(action: &str, params: Value) -> String {
        let token = "tok0123456789abcdef0123456789abcd";
        request(
            action,
            token,
            "AppKeyDemo01",
            1_700_000_000,
            &object(params),
            SECRET,
        )
    }

    #[test]
    fn a_call_without_parameters_signs_key_and_time() {
        assert_eq!(
            sign("eleme.user.getUser", json!({})),
            "F7667E3FC776C44CB42D3DEB5C3963AB"
        );
        assert_eq!(
            sign(
                "eleme.product.category.getShopCategoriesWithChildren",
                json!({"shopId": 200_012_345})
            ),
            "93ED4441DFD51C0320347953B7569663"
        );
    }

    #[test]
    fn names_are_sorted_and_chinese_and_slashes_are_signed_raw() {
        let params = json!({"shopId": 200_012_345, "name": "热销/面包", "parentId": 0, "description": ""});
        assert_eq!(
            sign("eleme.product.category.createCategoryWithChildren", params),
            "AAD83869AF01C4FBDF86CA2EE985CE75"
        );
    }

    #[test]
    fn nested_objects_keep_their_order() {
        let params = json!({"categoryId": 30001, "properties": {
            "name": "牛角包", "description": "每日现烤", "imageHash": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
            "specs": [{"name": "单规格", "price": 12.5, "stock": 100, "maxStock": 1000, "packingFee": 0.5, "onShelf": 1,
                "extendCode": "SKU-001", "barCode": "6901234567892", "weight": 80}],
            "unit": "个"}});
        assert_eq!(
            sign("eleme.product.item.createItem", params),
            "BB940E959C3B41CCD200664828BF216E"
        );
    }

    #[test]
    fn a_push_is_signed_over_raw_values_and_without_its_own_signature() {
        let text =
            r#"{"id":"3012345678901234567","shopId":200012345,"status":"unprocessed","totalPrice":25.5}"#;
        let message = json!({
            "requestId": "200000000000000001", "type": 10, "appId": 10_000_001, "message": text,
            "shopId": 200_012_345, "timestamp": 1_700_000_000_123_i64, "userId": 900_000_000_000_000_001_i64,
            "signature": "anything",
        });
        assert_eq!(push(&object(message), SECRET), "58AAFCCCC43D789D76082E4D45FD1A0A");
    }
}
