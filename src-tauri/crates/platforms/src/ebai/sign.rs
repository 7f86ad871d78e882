//! The signature of the `cmd` protocol (fact sheet 2): requests, answers and pushes alike.

use md5::{Digest, Md5};
use std::fmt::Write as _;

/// MD5 in upper-case hex over all form fields but `sign`, plus `secret`, sorted by name, rendered raw as `name=value`
/// and joined with `&`. An empty field takes part as `name=`; a field that is not sent must not be given.
pub fn md5_upper(fields: &[(&str, &str)], secret: &str) -> String {
    let mut all: Vec<(&str, &str)> = fields
        .iter()
        .copied()
        .filter(|(name, _)| !matches!(*name, "sign" | "secret"))
        .chain([("secret", secret)])
        .collect();
    all.sort_by_key(|(name, _)| *name);
    let text = all
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&");
    Md5::digest(text)
        .iter()
        .fold(String::with_capacity(32), |mut hex, byte| {
            // Writing into a String cannot fail.
            let _ = write!(hex, "{byte:02X}");
            hex
        })
}

#[cfg(test)]
mod tests {
    use super::md5_upper;

    fn sign(cmd: &str, ticket: &str, body: &str, token: Option<&str>) -> String {
        let mut fields = vec![
            ("cmd", cmd),
            ("source", "30001"),
            ("ticket", ticket),
            ("timestamp", "1700000000"),
            ("version", "3"),
            ("encrypt", ""),
            ("body", body),
        ];
        fields.extend(token.map(|token| ("access_token", token)));
        md5_upper(&fields, "0123456789abcdef")
    }

    #[test]
    fn an_empty_body_and_an_empty_encrypt_take_part() {
        assert_eq!(
            sign("shop.list", "7C1B2A30-0001-4A5B-8C9D-000000000001", "{}", None),
            "8C7094A7093577751E1B3153DBCFFEA2"
        );
    }

    #[test]
    fn chinese_is_signed_raw() {
        let body = r#"{"shop_id":"S001","parent_category_id":"0","name":"热销面包","rank":100}"#;
        assert_eq!(
            sign(
                "sku.shop.category.create",
                "7C1B2A30-0001-4A5B-8C9D-000000000002",
                body,
                None
            ),
            "0675431142C4B266040A8962905F097A"
        );
    }

    #[test]
    fn an_access_token_is_signed_like_any_field() {
        assert_eq!(
            sign(
                "order.get",
                "7C1B2A30-0001-4A5B-8C9D-000000000005",
                r#"{"order_id":"4012345678901234567"}"#,
                Some("demo-access-token-0001")
            ),
            "6679A4B9BB434306F18B04C496BECC6C"
        );
    }
}
