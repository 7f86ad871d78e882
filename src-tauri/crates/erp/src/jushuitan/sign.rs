//! Signatures of the openweb gateway (fact sheet 1.2).

use md5::{Digest, Md5};
use std::fmt::Write as _;

/// Signature of a call: the secret, then every parameter but `sign` in the byte order of the names, each name directly
/// followed by its value as it is before any encoding; MD5, lower-case hex.
pub fn openweb(params: &[(&str, &str)], secret: &str) -> String {
    let mut sorted: Vec<_> = params.iter().filter(|(name, _)| *name != "sign").collect();
    sorted.sort_by_key(|(name, _)| *name);
    let mut text = secret.to_owned();
    for (name, value) in sorted {
        text.push_str(name);
        text.push_str(value);
    }
    md5_hex(&text)
}

/// Signature of the older gateway (`query.aspx`): method, partner, `token` and token, `ts` and time, then the partner's key,
/// unsorted. No call of ours uses it; merchants still show keys of it, and with this they can be told apart.
pub fn query_aspx(method: &str, partner: &str, token: &str, ts: &str, key: &str) -> String {
    md5_hex(&format!("{method}{partner}token{token}ts{ts}{key}"))
}

pub(super) fn md5_hex(text: &str) -> String {
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
    use super::openweb;

    #[test]
    fn the_worked_examples_of_the_fact_sheet_hold() {
        let call = |biz| {
            [
                ("app_key", "demoapp"),
                ("access_token", "demotoken"),
                ("timestamp", "1700000000"),
                ("charset", "utf-8"),
                ("version", "2"),
                ("biz", biz),
            ]
        };
        for (biz, sign) in [
            (
                r#"{"page_index":1,"page_size":30}"#,
                "581d26b500e031cfa9e9160762798398",
            ),
            (
                r#"[{"so_id":"A-1","receiver_name":"李四"}]"#,
                "cb083ca9a8a295a36dfdd2de610970fb",
            ),
        ] {
            assert_eq!(openweb(&call(biz), "demosecret"), sign);
        }
        let token = [
            ("timestamp", "1700000000"),
            ("grant_type", "authorization_code"),
            ("code", "abc123"),
            ("charset", "utf-8"),
            ("app_key", "demoapp"),
            ("sign", "takes no part"),
        ];
        assert_eq!(openweb(&token, "demosecret"), "d8403df3c5fa02930faf616237a2ff09");
    }
}
