//! 饿了么 NOP signatures (fact sheet 2 and 6), written from the rule and its worked examples.

use std::collections::BTreeMap;

use md5::{Digest, Md5};
use serde_json::{Map, Value};

fn digest(pieces: &[String]) -> String {
    let mut md5 = Md5::new();
    for piece in pieces {
        md5.update(piece.as_bytes());
    }
    crate::wire::hex(&md5.finalize()).to_uppercase()
}

/// The signature of a request, from its parsed body: `action`, `token`, then everything in `metas` and `params` by
/// name, each value rendered anew as compact JSON with the order of nested keys as it came, then the secret.
pub fn signature(
    action: &str,
    token: &str,
    metas: &Map<String, Value>,
    params: &Map<String, Value>,
    secret: &str,
) -> String {
    let sorted: BTreeMap<&String, &Value> = metas.iter().chain(params).collect();
    let mut pieces = vec![action.to_owned(), token.to_owned()];
    pieces.extend(sorted.iter().map(|(name, value)| format!("{name}={value}")));
    pieces.push(secret.to_owned());
    digest(&pieces)
}

/// Whether the body of a request carries the right `signature`.
pub fn holds(body: &Map<String, Value>, secret: &str) -> bool {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let empty = Map::new();
    let object = |name: &str| body.get(name).and_then(Value::as_object).unwrap_or(&empty);
    let right = signature(
        text("action"),
        text("token"),
        object("metas"),
        object("params"),
        secret,
    );
    text("signature") == right
}

/// The signature of a pushed message: every field but `signature` by name with its raw value, then the secret.
pub fn push_signature(message: &Map<String, Value>, secret: &str) -> String {
    let sorted: BTreeMap<&str, String> = message
        .iter()
        .filter(|(name, _)| name.as_str() != "signature")
        .map(|(name, value)| {
            let raw = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (name.as_str(), raw)
        })
        .collect();
    let mut pieces: Vec<String> = sorted
        .into_iter()
        .map(|(name, raw)| format!("{name}={raw}"))
        .collect();
    pieces.push(secret.to_owned());
    digest(&pieces)
}

#[cfg(test)]
mod tests {
    use super::{holds, push_signature};
    use serde_json::{Map, Value};

    const SECRET: &str = "s3cr3tDemo0000000000000000000000000000aa";

    fn object(text: &str) -> Map<String, Value> {
        serde_json::from_str(text).unwrap()
    }

    fn check(action: &str, params: &str, signature: &str) {
        let text = format!(
            r#"{{"nop":"1.0.0","id":"x","action":"{action}","token":"tok0123456789abcdef0123456789abcd",
            "metas":{{"app_key":"AppKeyDemo01","timestamp":1700000000}},"params":{params},"signature":"{signature}"}}"#
        );
        assert!(holds(&object(&text), SECRET), "{action}");
        assert!(!holds(&object(&text), "another"));
    }

    #[test]
    fn the_worked_examples_hold() {
        check("eleme.user.getUser", "{}", "F7667E3FC776C44CB42D3DEB5C3963AB");
        check(
            "eleme.product.category.getShopCategoriesWithChildren",
            r#"{"shopId":200012345}"#,
            "93ED4441DFD51C0320347953B7569663",
        );
        check(
            "eleme.product.category.createCategoryWithChildren",
            r#"{"shopId":200012345,"name":"热销/面包","parentId":0,"description":""}"#,
            "AAD83869AF01C4FBDF86CA2EE985CE75",
        );
        // Spaced and escaped on the wire, signed in the compact form.
        check(
            "eleme.product.category.createCategoryWithChildren",
            r#"{ "shopId": 200012345, "name": "\u70ed\u9500\/\u9762\u5305", "parentId": 0, "description": "" }"#,
            "AAD83869AF01C4FBDF86CA2EE985CE75",
        );
    }

    #[test]
    fn nested_keys_keep_their_order() {
        check(
            "eleme.product.item.createItem",
            r#"{"categoryId":30001,"properties":{"name":"牛角包","description":"每日现烤","imageHash":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","specs":[{"name":"单规格","price":12.50,"stock":100,"maxStock":1000,"packingFee":0.5,"onShelf":1,"extendCode":"SKU-001","barCode":"6901234567892","weight":80}],"unit":"个"}}"#,
            "BB940E959C3B41CCD200664828BF216E",
        );
    }

    #[test]
    fn the_worked_push_holds() {
        let message = object(
            r#"{"requestId":"200000000000000001","type":10,"appId":10000001,"shopId":200012345,"userId":900000000000000001,
            "message":"{\"id\":\"3012345678901234567\",\"shopId\":200012345,\"status\":\"unprocessed\",\"totalPrice\":25.5}",
            "timestamp":1700000000123,"signature":"x"}"#,
        );
        assert_eq!(
            push_signature(&message, SECRET),
            "58AAFCCCC43D789D76082E4D45FD1A0A"
        );
    }
}
