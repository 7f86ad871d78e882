//! The name a picture is stored under.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// SHA-256 of the bytes in lower-case hexadecimal (64 characters): the same picture under two names is kept
/// once.
pub fn content_hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_hash_of_nothing_is_known() {
        assert_eq!(
            super::content_hash(b""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
