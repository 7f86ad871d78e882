//! 饿百 `cmd` signature (fact sheet 2), written from the rule and its worked examples.

use md5::{Digest, Md5};

/// The form fields that are signed; `access_token` and `fields` only when present.
const SIGNED: [&str; 9] = [
    "access_token",
    "body",
    "cmd",
    "encrypt",
    "fields",
    "source",
    "ticket",
    "timestamp",
    "version",
];

/// The signature over the present protocol fields and the secret: MD5 of `name=value` sorted by name, upper-case hex.
/// `body` must be the exact text that is sent. A `secret` among the fields is ignored: clients that send it by mistake
/// sign with it once, not twice.
pub fn signature(fields: &[(String, String)], secret: &str) -> String {
    let mut signed: Vec<(&str, &str)> = fields
        .iter()
        .filter(|(name, _)| SIGNED.contains(&name.as_str()))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    signed.push(("secret", secret));
    signed.sort_unstable_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    let joined: Vec<String> = signed
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    crate::wire::hex(&Md5::digest(joined.join("&").as_bytes())).to_uppercase()
}

/// Whether the fields carry the right `sign`.
pub fn holds(fields: &[(String, String)], secret: &str) -> bool {
    fields
        .iter()
        .any(|(name, value)| name == "sign" && *value == signature(fields, secret))
}

#[cfg(test)]
mod tests {
    use super::{holds, signature};

    fn check(cmd: &str, body: &str, number: u8, more: &[(&str, &str)], expected: &str) {
        let ticket = format!("7C1B2A30-0001-4A5B-8C9D-00000000000{number}");
        let mut fields: Vec<(String, String)> = [
            ("cmd", cmd),
            ("source", "30001"),
            ("ticket", ticket.as_str()),
            ("timestamp", "1700000000"),
            ("version", "3"),
            ("encrypt", ""),
            ("body", body),
        ]
        .iter()
        .chain(more)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
        assert_eq!(signature(&fields, "0123456789abcdef"), expected);
        fields.push(("sign".to_owned(), expected.to_owned()));
        assert!(holds(&fields, "0123456789abcdef"));
        assert!(!holds(&fields, "wrong"));
    }

    #[test]
    fn example_1_an_empty_body_and_an_empty_encrypt() {
        check("shop.list", "{}", 1, &[], "8C7094A7093577751E1B3153DBCFFEA2");
    }

    #[test]
    fn example_2_a_body_in_raw_utf_8() {
        let body = r#"{"shop_id":"S001","parent_category_id":"0","name":"热销面包","rank":100}"#;
        check(
            "sku.shop.category.create",
            body,
            2,
            &[],
            "0675431142C4B266040A8962905F097A",
        );
    }

    #[test]
    fn example_3_an_escaped_body_is_signed_as_it_came() {
        let body = r#"{"url":"https:\/\/img.example.com\/\u9762\u5305.jpg"}"#;
        check("picture.upload", body, 3, &[], "971A8719E02EDD8D13FF1E2E083EF14B");
    }

    #[test]
    fn example_4_a_stock_batch() {
        let body = r#"{"shop_id":"S001","custom_sku_id":"SKU-001:10;SKU-002:0"}"#;
        check(
            "sku.stock.update.batch",
            body,
            4,
            &[],
            "B382B8E66D87E297620C246D5B055E48",
        );
    }

    #[test]
    fn example_5_an_access_token_sorts_first() {
        let body = r#"{"order_id":"4012345678901234567"}"#;
        let token = [("access_token", "demo-access-token-0001")];
        check("order.get", body, 5, &token, "6679A4B9BB434306F18B04C496BECC6C");
    }
}
