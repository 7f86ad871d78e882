//! The signatures of what the platform sends to us (fact sheet 8 and 9). Calls to it carry none.

use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Header `X-Douyin-Signature` of a webhook: SHA-1 in lower-case hex over the secret and the body as it came.
pub fn webhook(secret: &str, body: &[u8]) -> String {
    let mut hash = Sha1::new();
    hash.update(secret.as_bytes());
    hash.update(body);
    hex(&hash.finalize())
}

/// Header `x-life-sign` of an SPI call: SHA-256 in lower-case hex over the secret, `&name=value` of each decoded
/// parameter but `sign` sorted by name, and `&http_body=` with the body as it came. Of a call without a body sources
/// disagree whether the last part is left out; it is not.
pub fn spi(secret: &str, query: &[(&str, &str)], body: &[u8]) -> String {
    let mut sorted: Vec<&(&str, &str)> = query.iter().filter(|(name, _)| *name != "sign").collect();
    sorted.sort_unstable();
    let mut text = secret.to_owned();
    for (name, value) in sorted {
        let _ = write!(text, "&{name}={value}");
    }
    text.push_str("&http_body=");
    let mut hash = Sha256::new();
    hash.update(text.as_bytes());
    hash.update(body);
    hex(&hash.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
