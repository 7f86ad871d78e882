//! Signatures of the two editions, written from the rules and their worked examples (2.1, 2.2).

use std::collections::BTreeMap;

use md5::{Digest, Md5};
use serde_json::Value;

fn ordered(params: &[(String, String)]) -> BTreeMap<&str, &str> {
    let all = params.iter().filter(|(name, _)| name != "sign");
    all.map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// 企业版: lengths are counted in characters and come before each name and value.
pub fn enterprise(params: &[(String, String)], secret: &str) -> String {
    let parts: Vec<String> = ordered(params)
        .iter()
        .map(|(name, value)| {
            let length = |text: &str| text.chars().count();
            format!("{:0>2}-{name}:{:0>4}-{value}", length(name), length(value))
        })
        .collect();
    crate::wire::hex(&Md5::digest(parts.join(";") + secret))
}

/// 旗舰版: the body signs as a parameter of that name, the secret stands at both ends.
pub fn flagship(query: &[(String, String)], body: &str, secret: &str) -> String {
    let mut all = ordered(query);
    all.insert("body", body);
    let mut digest = Md5::new();
    digest.update(secret);
    for (name, value) in all {
        digest.update(name);
        digest.update(value);
    }
    digest.update(secret);
    crate::wire::hex(&digest.finalize())
}

/// The signature of a vector entry of this service by this code; `None` for entries of others.
pub fn of_vector(entry: &Value) -> Option<String> {
    let secret = entry.get("secret")?.as_str()?;
    let pairs = |field: &str| -> Option<Vec<(String, String)>> {
        let fields = entry.get(field)?.as_object()?;
        fields
            .iter()
            .map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect()
    };
    match entry.get("kind")?.as_str()? {
        "enterprise" => Some(enterprise(&pairs("params")?, secret)),
        "flagship" => Some(flagship(&pairs("query")?, entry.get("body")?.as_str()?, secret)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{enterprise, flagship};

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(owned).collect()
    }

    #[test]
    fn the_worked_examples_hold() {
        let params = pairs(&[
            ("sid", "demo"),
            ("appkey", "demo-gw"),
            ("timestamp", "1700000000"),
            ("name", "苹果A"),
            ("note", ""),
        ]);
        assert_eq!(
            enterprise(&params, "demosecret"),
            "d224fc418d33ec9694d03e53228ac012"
        );
        let query = pairs(&[
            ("sid", "demo"),
            ("key", "demo-gw"),
            ("salt", "demosalt"),
            ("method", "goods.Goods.queryWithSpec"),
            ("v", "1.0"),
            ("timestamp", "374652800"),
            ("page_size", "50"),
            ("page_no", "0"),
            ("calc_total", "1"),
            ("sign", "x"),
        ]);
        assert_eq!(
            flagship(&query, r#"[{"goods_name":"苹果"}]"#, "demosecret"),
            "d91e86a3dba1c273eab8efa7e308a3aa"
        );
    }
}
