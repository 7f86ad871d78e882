//! 飞鹅's two signatures (fact sheet 1 and 4), written from the rules and their worked examples.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha1::{Digest as _, Sha1};

use super::rsa;
use crate::wire::hex;

/// The signature of a call: SHA-1, small hex letters.
pub fn signature(user: &str, ukey: &str, stime: &str) -> String {
    let mut digest = Sha1::new();
    for part in [user, ukey, stime] {
        digest.update(part.as_bytes());
    }
    hex(&digest.finalize())
}

/// Whether a vector of this service holds; `None` for an entry of another service.
pub fn of_vector(entry: &Value) -> Option<bool> {
    let text = |field: &str| entry.get(field).and_then(Value::as_str);
    match text("kind")? {
        "request_sha1" => {
            Some(signature(text("user")?, text("ukey")?, text("stime")?) == text("expected_sig")?)
        }
        "callback_rsa_sha256" => {
            let body = entry.get("body")?;
            let part = |field: &str| body.get(field).and_then(Value::as_str);
            let signed = signed_text(part("orderId")?, part("status")?, part("stime")?);
            let signature = STANDARD.decode(text("expected_sig")?).ok()?;
            Some(rsa::holds(
                &modulus(text("public_key_pem")?)?,
                &signed,
                &signature,
            ))
        }
        _ => None,
    }
}

pub(super) fn signed_text(order: &str, status: &str, stime: &str) -> String {
    format!("orderId={order}&status={status}&stime={stime}")
}

/// The modulus of a key of 2048 bits: in its DER it is the number of 257 bytes, of which the first is zero.
fn modulus(pem: &str) -> Option<Vec<u8>> {
    let text: String = pem.lines().filter(|line| !line.contains("-----")).collect();
    let der = STANDARD.decode(text.trim()).ok()?;
    let mark = [0x02, 0x82, 0x01, 0x01, 0x00];
    let at = der.windows(mark.len()).position(|window| window == mark)?;
    der.get(at + mark.len()..at + mark.len() + 256)
        .map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn the_worked_examples_hold() {
        assert_eq!(
            signature("demo@example.com", "demokey123", "1700000000"),
            "ff5e6bd214af4ba247c6d9b46ea13708a577e50e"
        );
        assert_eq!(
            signature("示例", "k+/=", "1700000000"),
            "46f97f343e79b3470ab165351a60176a0e466a87"
        );
    }
}
