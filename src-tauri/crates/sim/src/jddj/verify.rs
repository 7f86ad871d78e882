//! 京东到家 signatures (fact sheet 4) and the sealed form of orders (5), written from the rule and its worked examples.

use std::collections::BTreeMap;

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use base64::Engine as _;
use md5::{Digest, Md5};

/// The signature of a form, a request's or a callback's: every field but `sign` by name, name and raw value without
/// anything between, the secret before and behind; MD5 in capital hex.
pub fn signature(fields: &[(String, String)], secret: &str) -> String {
    let sorted: BTreeMap<&[u8], &str> = fields
        .iter()
        .filter(|(name, _)| name != "sign")
        .map(|(name, value)| (name.as_bytes(), value.as_str()))
        .collect();
    let mut md5 = Md5::new();
    md5.update(secret);
    for (name, value) in sorted {
        md5.update(name);
        md5.update(value);
    }
    md5.update(secret);
    crate::wire::hex(&md5.finalize()).to_uppercase()
}

/// Whether a form carries its right `sign`.
pub fn holds(fields: &[(String, String)], secret: &str) -> bool {
    let sent = fields.iter().find(|(name, _)| name == "sign");
    sent.is_some_and(|(_, sent)| *sent == signature(fields, secret))
}

/// A text as orders come in `encryptData`: AES-128-CBC, the key the first sixteen bytes of the secret, the IV its last
/// sixteen, filled up with zeros, base64. Empty when the secret is shorter than sixteen bytes.
pub fn sealed(text: &str, secret: &str) -> String {
    let secret = secret.as_bytes();
    let (Some(key), Some(iv)) = (secret.first_chunk::<16>(), secret.last_chunk::<16>()) else {
        return String::new();
    };
    let cipher = Aes128::new(key.into());
    let mut before = *iv;
    let mut out = Vec::with_capacity(text.len() + 16);
    for piece in text.as_bytes().chunks(16) {
        for (place, byte) in piece.iter().enumerate() {
            before[place] ^= byte;
        }
        cipher.encrypt_block((&mut before).into());
        out.extend_from_slice(&before);
    }
    base64::engine::general_purpose::STANDARD.encode(out)
}

#[cfg(test)]
mod tests {
    use super::{holds, sealed, signature};

    fn form(json: Option<&str>, timestamp: &str) -> Vec<(String, String)> {
        let mut fields = vec![
            ("token", "demo-token-0001"),
            ("app_key", "demoappkey0001"),
            ("v", "1.0"),
            ("timestamp", timestamp),
            ("format", "json"),
        ];
        fields.extend(json.map(|json| ("jd_param_json", json)));
        fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    #[test]
    fn the_worked_examples_hold() {
        for (json, timestamp, expected) in [
            (
                Some(r#"{"StoreNo":"11223344"}"#),
                "2026-03-01 08:00:00",
                "BDCA680FB2E49F90ED0CD76030C0DA73",
            ),
            (
                Some(r#"{"pid":0,"shopCategoryName":"休闲零食"}"#),
                "2026-03-01 08:00:05",
                "D7676212EED0FDE47B52784DFD14E226",
            ),
            (
                Some(r#"{"pid":0,"shopCategoryName":"\u4f11\u95f2\u96f6\u98df"}"#),
                "2026-03-01 08:00:05",
                "40AB291D78B595FC082AF653E6F80615",
            ),
            (None, "2026-03-01 08:00:13", "8D17E57939CBFABCFBC7EE401FF5FCB8"),
        ] {
            let mut fields = form(json, timestamp);
            assert_eq!(signature(&fields, "demoSecret0001"), expected);
            fields.push(("sign".to_owned(), expected.to_owned()));
            assert!(holds(&fields, "demoSecret0001"));
            assert!(!holds(&fields, "another"));
        }
    }

    #[test]
    fn a_sealed_text_fills_whole_blocks() {
        let secret = "0123456789abcdef0123456789abcdef";
        assert_eq!(sealed("{}", secret).len(), 24);
        assert_eq!(sealed("{}", "short"), "");
    }
}
