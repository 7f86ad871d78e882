//! Signatures: of calls (fact sheet 1) and of messages about tickets (fact sheet 4).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use sha1::{Digest as _, Sha1};
use std::fmt::Write as _;

/// SHA-1 of account, key and time joined with nothing, in lower-case hex. Neither the call nor its content takes part.
pub fn request(user: &str, ukey: &str, stime: &str) -> String {
    Sha1::digest(format!("{user}{ukey}{stime}"))
        .iter()
        .fold(String::with_capacity(40), |mut hex, byte| {
            // Writing into a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// Whether `sign` (base64) is RSA with SHA-256 over `orderId`, `status` and `stime` written as a query in that order,
/// by the owner of the public key (PEM). False too where the key does not read.
pub fn callback_holds(public_key: &str, [order, status, stime]: [&str; 3], sign: &str) -> bool {
    let Some(key) = bare_key(public_key) else {
        return false;
    };
    let Ok(sign) = STANDARD.decode(sign) else {
        return false;
    };
    let signed = format!("orderId={order}&status={status}&stime={stime}");
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
        .verify(signed.as_bytes(), &sign)
        .is_ok()
}

/// The RSA key inside a public key in PEM: the one bit string of its outer structure.
fn bare_key(pem: &str) -> Option<Vec<u8>> {
    let text: String = pem
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("-----"))
        .collect();
    let der = STANDARD.decode(text).ok()?;
    let (tag, outer, _) = element(&der)?;
    let (algorithm, _, rest) = element(outer)?;
    let (kind, bits, _) = element(rest)?;
    // The first byte of a bit string counts its unused bits.
    let (unused, key) = bits.split_first()?;
    (tag == 0x30 && algorithm == 0x30 && kind == 0x03 && *unused == 0).then(|| key.to_vec())
}

/// The first element of DER: its tag, its content, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let bytes = rest.get(..usize::from(first & 0x7f))?;
        if bytes.is_empty() || bytes.len() > 4 {
            return None;
        }
        let length = bytes
            .iter()
            .fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte));
        (length, &rest[bytes.len()..])
    };
    Some((tag, rest.get(..length)?, &rest[length..]))
}

#[cfg(test)]
mod tests {
    use super::{callback_holds, request};

    #[test]
    fn the_worked_examples_hold() {
        assert_eq!(
            request("demo@example.com", "demokey123", "1700000000"),
            "ff5e6bd214af4ba247c6d9b46ea13708a577e50e"
        );
        assert_eq!(
            request("示例", "k+/=", "1700000000"),
            "46f97f343e79b3470ab165351a60176a0e466a87"
        );
    }

    #[test]
    fn a_key_that_does_not_read_proves_nothing() {
        for key in [
            "",
            "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
            "MIIBIjAN",
            "MAA=",
        ] {
            assert!(!callback_holds(key, ["1", "1", "1"], "AAAA"), "{key}");
        }
    }
}
