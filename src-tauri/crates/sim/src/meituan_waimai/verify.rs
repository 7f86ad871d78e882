//! 美团 family B signature (fact sheet 3.2), written from the rule and its worked examples.

use sha1::{Digest, Sha1};

/// The signature of a call: the sign key, then every filled parameter but `sign` as name and value without anything
/// between, sorted by name; SHA-1 in lower-case hex. The address takes no part.
pub fn signature(params: &[(String, String)], sign_key: &str) -> String {
    let mut signed: Vec<&(String, String)> = params
        .iter()
        .filter(|(name, value)| !value.is_empty() && !name.eq_ignore_ascii_case("sign"))
        .collect();
    signed.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    let mut digest = Sha1::new();
    digest.update(sign_key.as_bytes());
    for (name, value) in signed {
        digest.update(name.as_bytes());
        digest.update(value.as_bytes());
    }
    crate::wire::hex(&digest.finalize())
}

/// Whether `params` carries the right `sign`.
pub fn holds(params: &[(String, String)], sign_key: &str) -> bool {
    params
        .iter()
        .any(|(name, value)| name == "sign" && *value == signature(params, sign_key))
}

#[cfg(test)]
mod tests {
    use super::{holds, signature};

    fn check(biz: &str, timestamp: &str, expected: &str) {
        let mut params: Vec<(String, String)> = [
            ("version", "2"),
            ("timestamp", timestamp),
            ("developerId", "100001"),
            ("charset", "UTF-8"),
            ("businessId", "2"),
            ("biz", biz),
            ("appAuthToken", "aat-demo"),
            ("empty", ""),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        assert_eq!(signature(&params, "k3yk3yk3yk3yk3y0"), expected);
        params.push(("sign".to_owned(), expected.to_owned()));
        assert!(holds(&params, "k3yk3yk3yk3yk3y0"));
        assert!(!holds(&params, "another"));
    }

    #[test]
    fn e5_a_list_of_dishes() {
        check(
            r#"{"offset":0,"limit":100}"#,
            "1700000000",
            "3edc146b69f13185148ba2137701b01ab7d7b97b",
        );
    }

    #[test]
    fn e6_chinese_in_biz() {
        check(
            r#"{"orderId":27057681346840001,"reasonCode":"2009","reason":"商品已售完 + 缺货"}"#,
            "1700000001",
            "7943f91e3b94402e2dbc6c87106285767b16c8bb",
        );
    }
}
