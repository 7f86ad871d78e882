//! 抖店 signatures (fact sheet 2), written from the rule and its worked examples.

use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::{Digest as _, Md5};
use serde_json::Value;
use sha2::Sha256;

/// The parameters of a call that are signed, in the order they stand in the text.
const SIGNED: [&str; 5] = ["app_key", "method", "param_json", "timestamp", "v"];

/// The signature over the given parameters: every signed one that is there as name and value, between the secret and
/// the secret. `sign_method` decides between HMAC-SHA256 (also when absent) and the MD5 of old; both in lower-case hex.
pub fn signature(params: &[(String, String)], secret: &str) -> String {
    let value = |name: &str| {
        params
            .iter()
            .find(|(held, _)| held == name)
            .map(|(_, value)| value.as_str())
    };
    let mut text = secret.to_owned();
    for name in SIGNED {
        if let Some(value) = value(name) {
            text.push_str(name);
            text.push_str(value);
        }
    }
    text.push_str(secret);
    if value("sign_method") == Some("md5") {
        return crate::wire::hex(&Md5::digest(text.as_bytes()));
    }
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(text.as_bytes());
    crate::wire::hex(&mac.finalize().into_bytes())
}

/// Whether the parameters carry the right `sign`.
pub fn holds(params: &[(String, String)], secret: &str) -> bool {
    params
        .iter()
        .any(|(name, value)| name == "sign" && *value == signature(params, secret))
}

/// Header `event-sign` of a pushed message.
pub fn event_sign(app_key: &str, body: &str, secret: &str) -> String {
    crate::wire::hex(&Md5::digest(format!("{app_key}{body}{secret}").as_bytes()))
}

/// The signature of a vector entry of this service by this code; `None` for entries of others.
pub fn of_vector(entry: &Value) -> Option<String> {
    let text = |field: &str| entry.get(field).and_then(Value::as_str);
    let (app_key, secret) = (text("app_key")?, text("secret")?);
    match text("kind")? {
        "push" if text("header") == Some("event-sign") => Some(event_sign(app_key, text("body")?, secret)),
        "api" | "spi" if entry.get("param_json").is_some() => {
            let params: Vec<(String, String)> = SIGNED
                .into_iter()
                .chain(["sign_method"])
                .filter_map(|name| Some((name.to_owned(), text(name)?.to_owned())))
                .collect();
            Some(signature(&params, secret))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{event_sign, holds, signature};

    const SECRET: &str = "11111111-2222-3333-4444-555555555555";

    fn params(method: &str, param_json: &str, timestamp: &str) -> Vec<(String, String)> {
        [
            ("method", method),
            ("app_key", "7000000000000000001"),
            ("param_json", param_json),
            ("timestamp", timestamp),
            ("v", "2"),
            ("access_token", "takes no part"),
        ]
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
    }

    #[test]
    fn the_worked_examples_of_calls_hold() {
        for (method, param_json, timestamp, expected) in [
            (
                "product.detail",
                r#"{"product_id":"3600000000000000001"}"#,
                "1767225600",
                "8c92d394871db690f10f5b3881a853b5a4995534eb1b701fefd5cfe980544801",
            ),
            (
                "token.create",
                r#"{"code":"","grant_type":"authorization_self","shop_id":"1234567"}"#,
                "1767225603",
                "93bca7b7924136a34c4694ae649a7015981f4c700e008b18466c885eb1d9412a",
            ),
            (
                "shop.getStoreList",
                "{}",
                "1767225604",
                "4d980d3c8e9314aaec226483fdb7ca3a5c9ed4a1d3e28cd4b5bdfb6c9c9069dc",
            ),
        ] {
            let mut all = params(method, param_json, timestamp);
            assert_eq!(signature(&all, SECRET), expected, "{method}");
            all.push(("sign".to_owned(), expected.to_owned()));
            assert!(holds(&all, SECRET));
            assert!(!holds(&all, "another secret"));
        }
    }

    #[test]
    fn a_call_of_the_platform_and_a_pushed_message_hold() {
        let spi: Vec<(String, String)> = [
            ("app_key", "7000000000000000001"),
            ("param_json", r#"{"order_id":"48001","shop_id":1234567}"#),
            ("timestamp", "2026-01-01 08:00:00"),
            ("sign_method", "md5"),
        ]
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
        assert_eq!(signature(&spi, SECRET), "7fb093ea275dacb7f1f7e13faac24f39");
        let body = r#"[{"tag":"100","msg_id":"7000-demo","data":"{\"p_id\":1,\"shop_id\":1234567}"}]"#;
        assert_eq!(
            event_sign("7000000000000000001", body, SECRET),
            "9bfe5170c4de814ec44e65dd64951aad"
        );
    }
}
