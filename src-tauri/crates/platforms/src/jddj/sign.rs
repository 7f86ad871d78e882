//! The signature of a form, and the sealed form in which orders may come (fact sheet 4 and 5).

use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt, KeyInit};
use base64::Engine as _;
use md5::{Digest, Md5};
use std::fmt::Write as _;

const BLOCK: usize = 16;

/// Signature of a request or a callback: all fields but `sign`, sorted by the bytes of their names and joined as name
/// and raw value without a separator, between the secret and the secret again; MD5 in upper-case hex. JSON text counts
/// as it is sent, byte for byte; a field with an empty value stays.
pub fn md5_upper(fields: &[(&str, &str)], secret: &str) -> String {
    let mut sorted: Vec<&(&str, &str)> = fields.iter().filter(|(name, _)| *name != "sign").collect();
    sorted.sort_unstable_by_key(|(name, _)| name.as_bytes());
    let mut text = secret.to_owned();
    for (name, value) in sorted {
        text.push_str(name);
        text.push_str(value);
    }
    text.push_str(secret);
    Md5::digest(text.as_bytes())
        .iter()
        .fold(String::with_capacity(32), |mut hex, byte| {
            // Writing into a String cannot fail.
            let _ = write!(hex, "{byte:02X}");
            hex
        })
}

/// What `encryptData` holds: base64 of AES-128-CBC, the key the first sixteen bytes of the secret, the IV its last
/// sixteen, filled up with zeros. `None` when it is not that.
pub fn unsealed(text: &str, secret: &str) -> Option<String> {
    let mut bytes = base64::engine::general_purpose::STANDARD.decode(text).ok()?;
    let secret = secret.as_bytes();
    let key: &[u8; BLOCK] = secret.first_chunk()?;
    let mut chain: [u8; BLOCK] = *secret.last_chunk()?;
    if bytes.is_empty() || !bytes.len().is_multiple_of(BLOCK) {
        return None;
    }
    let cipher = Aes128::new(key.into());
    for block in bytes.chunks_exact_mut(BLOCK) {
        let block: &mut [u8; BLOCK] = block.try_into().ok()?;
        let sealed = *block;
        cipher.decrypt_block(block.into());
        for (byte, before) in block.iter_mut().zip(chain) {
            *byte ^= before;
        }
        chain = sealed;
    }
    let end = bytes.iter().rposition(|byte| *byte != 0)? + 1;
    bytes.truncate(end);
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::{md5_upper, unsealed};

    #[test]
    fn names_are_sorted_and_texts_signed_as_they_are() {
        let sign = |timestamp: &str, json: &str| {
            let fields = [
                ("v", "1.0"),
                ("token", "demo-token-0001"),
                ("timestamp", timestamp),
                ("jd_param_json", json),
                ("format", "json"),
                ("app_key", "demoappkey0001"),
                ("sign", "not part of it"),
            ];
            md5_upper(&fields, "demoSecret0001")
        };
        assert_eq!(
            sign("2026-03-01 08:00:00", r#"{"StoreNo":"11223344"}"#),
            "BDCA680FB2E49F90ED0CD76030C0DA73"
        );
        assert_eq!(
            sign(
                "2026-03-01 08:00:05",
                r#"{"pid":0,"shopCategoryName":"休闲零食"}"#
            ),
            "D7676212EED0FDE47B52784DFD14E226"
        );
    }

    #[test]
    fn a_sealed_text_is_read_and_anything_else_is_not() {
        // Made with openssl: aes-128-cbc, key 0123456789abcdef, iv fedcba9876543210, filled up with zeros by hand.
        let secret = "0123456789abcdeffedcba9876543210";
        assert_eq!(unsealed("SEALED", secret).as_deref(), None, "not whole blocks");
        assert_eq!(
            unsealed("/lwqgR7hWK/bfA6Fug3gMFqsWK3M+Fv3o6jUB2DlW80=", secret).as_deref(),
            Some(r#"{"code":"0","msg":"好"}"#)
        );
        assert_eq!(unsealed("AAAAAAAAAAAAAAAAAAAAAA==", "short"), None);
    }
}
