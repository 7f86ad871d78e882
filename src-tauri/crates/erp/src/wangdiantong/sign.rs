//! Signatures of the two editions (fact sheet 2.1 and 2.2). Secrets and rules of one are nothing to the other.

use md5::{Digest, Md5};
use std::fmt::Write as _;

/// 企业版: each parameter but `sign`, in the byte order of the names, as `NN-name:NNNN-value` with the lengths in characters
/// (not bytes), joined by `;`, and the appsecret behind; MD5, lower-case hex.
pub fn enterprise(params: &[(&str, &str)], secret: &str) -> String {
    let mut sorted: Vec<_> = params.iter().filter(|(name, _)| *name != "sign").collect();
    sorted.sort_by_key(|(name, _)| *name);
    let mut text = String::new();
    for (name, value) in sorted {
        if !text.is_empty() {
            text.push(';');
        }
        let (names, values) = (name.chars().count(), value.chars().count());
        // Writing into a String cannot fail.
        let _ = write!(text, "{names:02}-{name}:{values:04}-{value}");
    }
    text.push_str(secret);
    md5_hex(&text)
}

/// 旗舰版: the secret, each parameter of the address but `sign` and the body as `body`, in the byte order of the names, each
/// name followed by its value, and the secret again; MD5, lower-case hex. The secret is what stands before the colon.
pub fn flagship(query: &[(&str, &str)], body: &str, secret: &str) -> String {
    let mut sorted: Vec<(&str, &str)> = query
        .iter()
        .copied()
        .filter(|(name, _)| *name != "sign")
        .collect();
    sorted.push(("body", body));
    sorted.sort_by_key(|(name, _)| *name);
    let mut text = secret.to_owned();
    for (name, value) in sorted {
        text.push_str(name);
        text.push_str(value);
    }
    text.push_str(secret);
    md5_hex(&text)
}

fn md5_hex(text: &str) -> String {
    Md5::digest(text)
        .iter()
        .fold(String::with_capacity(32), |mut hex, byte| {
            // Writing into a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
mod tests {
    use super::{enterprise, flagship};

    #[test]
    fn the_worked_examples_of_the_fact_sheet_hold() {
        let common = [
            ("sid", "demo"),
            ("appkey", "demo-gw"),
            ("timestamp", "1700000000"),
        ];
        let with = |own: [(&'static str, &'static str); 2]| [&common[..], &own[..]].concat();
        assert_eq!(
            enterprise(&with([("shop_no", "01"), ("page_no", "0")]), "demosecret"),
            "6b8feb41b39389bcf6e3f67f61048f70"
        );
        // Three characters, not seven bytes.
        assert_eq!(
            enterprise(&with([("name", "苹果A"), ("note", "")]), "demosecret"),
            "d224fc418d33ec9694d03e53228ac012"
        );
        let query = [
            ("sid", "demo"),
            ("key", "demo-gw"),
            ("salt", "demosalt"),
            ("method", "goods.Goods.queryWithSpec"),
            ("v", "1.0"),
            ("timestamp", "374652800"),
            ("page_size", "50"),
            ("page_no", "0"),
            ("calc_total", "1"),
        ];
        assert_eq!(
            flagship(&query, r#"[{"goods_name":"苹果"}]"#, "demosecret"),
            "d91e86a3dba1c273eab8efa7e308a3aa"
        );
    }
}
