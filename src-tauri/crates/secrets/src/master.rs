//! The master key: its making, and how it is written into a keychain entry.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRng;
use rand::rngs::SysRng;
use zeroize::{Zeroize, Zeroizing};

use crate::Error;

/// Bytes of an AES-256 key.
pub(crate) const KEY_BYTES: usize = 32;
/// Bytes of the random name by which sealed bytes say which key they need.
pub(crate) const ID_BYTES: usize = 8;

/// First part of the entry's text. An entry is text because all three keychains show and carry text well;
/// it stays far below the 1,280 UTF-16 characters that Windows allows.
const PREFIX: &str = "guitai-key-1:";

/// A 256-bit key and its random name. Wiped when dropped; never printed.
pub(crate) struct MasterKey {
    id: [u8; ID_BYTES],
    key: Zeroizing<[u8; KEY_BYTES]>,
}

impl MasterKey {
    pub(crate) fn generate() -> Result<Self, Error> {
        let mut id = [0; ID_BYTES];
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        SysRng.try_fill_bytes(&mut id).map_err(Error::Random)?;
        SysRng.try_fill_bytes(key.as_mut_slice()).map_err(Error::Random)?;
        Ok(Self { id, key })
    }

    pub(crate) const fn id(&self) -> [u8; ID_BYTES] {
        self.id
    }

    pub(crate) fn key(&self) -> &[u8; KEY_BYTES] {
        &self.key
    }

    /// The text of the keychain entry.
    pub(crate) fn to_entry(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; ID_BYTES + KEY_BYTES]);
        bytes[..ID_BYTES].copy_from_slice(&self.id);
        bytes[ID_BYTES..].copy_from_slice(self.key.as_slice());
        let mut entry = Zeroizing::new(String::with_capacity(PREFIX.len() + 2 * bytes.len()));
        entry.push_str(PREFIX);
        URL_SAFE_NO_PAD.encode_string(bytes.as_slice(), &mut entry);
        entry
    }

    /// Reads an entry's text; `None` when it is no key of ours.
    pub(crate) fn from_entry(entry: &str) -> Option<Self> {
        let mut bytes = URL_SAFE_NO_PAD.decode(entry.strip_prefix(PREFIX)?).ok()?;
        let read = (bytes.len() == ID_BYTES + KEY_BYTES).then(|| {
            let mut id = [0; ID_BYTES];
            let mut key = Zeroizing::new([0; KEY_BYTES]);
            id.copy_from_slice(&bytes[..ID_BYTES]);
            key.copy_from_slice(&bytes[ID_BYTES..]);
            Self { id, key }
        });
        bytes.zeroize();
        read
    }
}

#[cfg(test)]
mod tests {
    use super::MasterKey;

    #[test]
    fn an_entry_gives_the_same_key_back() {
        let key = MasterKey::generate().unwrap();
        let back = MasterKey::from_entry(&key.to_entry()).unwrap();
        assert_eq!((back.id(), back.key()), (key.id(), key.key()));
    }

    #[test]
    fn two_keys_differ() {
        let (one, two) = (MasterKey::generate().unwrap(), MasterKey::generate().unwrap());
        assert_ne!(one.key(), two.key());
        assert_ne!(one.id(), two.id());
    }

    #[test]
    fn anything_else_is_no_key() {
        let entry = MasterKey::generate().unwrap().to_entry();
        for bad in [
            "",
            "guitai-key-1:",
            "guitai-key-1:AAAA",
            "guitai-key-2:x",
            "密钥",
            &entry[..entry.len() - 2],
        ] {
            assert!(MasterKey::from_entry(bad).is_none(), "{bad}");
        }
    }
}
