//! Signatures of 聚水潭, written from the rule and its worked examples (1.2).

use md5::{Digest, Md5};
use serde_json::Value;

/// Digest of the secret and of all parameters but `sign`, by name.
pub fn signature(params: &[(String, String)], secret: &str) -> String {
    let mut digest = Md5::new();
    digest.update(secret);
    let ordered: std::collections::BTreeMap<&String, &String> = params
        .iter()
        .filter(|(name, _)| name != "sign")
        .map(|(name, value)| (name, value))
        .collect();
    for (name, value) in ordered {
        digest.update(name);
        digest.update(value);
    }
    crate::wire::hex(&digest.finalize())
}

/// The signature of a vector entry of this service by this code; `None` for entries of others.
pub fn of_vector(entry: &Value) -> Option<String> {
    let secret = entry.get("secret")?.as_str()?;
    let params = entry.get("params")?.as_object()?;
    let text = |name: &str| params.get(name).and_then(Value::as_str);
    match entry.get("kind")?.as_str()? {
        "openweb" => {
            let pairs: Option<Vec<_>> = params
                .iter()
                .map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                .collect();
            Some(signature(&pairs?, secret))
        }
        // The older gateway: the parts stand in a fixed order.
        "legacy_query_aspx" => {
            let parts = [
                text("method")?,
                text("partnerid")?,
                "token",
                text("token")?,
                "ts",
                text("ts")?,
                secret,
            ];
            Some(crate::wire::hex(&Md5::digest(parts.concat())))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn the_worked_examples_hold() {
        let mut params: Vec<(String, String)> = [
            ("app_key", "demoapp"),
            ("access_token", "demotoken"),
            ("timestamp", "1700000000"),
            ("charset", "utf-8"),
            ("version", "2"),
            ("biz", r#"{"page_index":1,"page_size":30}"#),
            ("sign", "x"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        assert_eq!(
            signature(&params, "demosecret"),
            "581d26b500e031cfa9e9160762798398"
        );
        params[5].1 = r#"[{"so_id":"A-1","receiver_name":"李四"}]"#.to_owned();
        assert_eq!(
            signature(&params, "demosecret"),
            "cb083ca9a8a295a36dfdd2de610970fb"
        );
    }
}
