//! The bytes of sealed credentials: magic, version, key name, nonce, ciphertext with tag.

use aes_gcm::aead::{Aead, Nonce, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use rand::TryRng;
use rand::rngs::SysRng;
use zeroize::Zeroizing;

use crate::Error;
use crate::master::{ID_BYTES, KEY_BYTES, MasterKey};

const MAGIC: &[u8; 3] = b"GTC";
const VERSION: u8 = 1;
/// 96 bits, drawn at random for every seal: NIST SP 800-38D allows 2^32 of them under one key.
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;
const HEADER_BYTES: usize = MAGIC.len() + 1 + ID_BYTES + NONCE_BYTES;

/// Seals `clear` for `account`: the same bytes under another account's id do not open.
pub(crate) fn seal(master: &MasterKey, account: &str, clear: &[u8]) -> Result<Vec<u8>, Error> {
    let mut nonce = [0; NONCE_BYTES];
    SysRng.try_fill_bytes(&mut nonce).map_err(Error::Random)?;

    let mut blob = Vec::with_capacity(HEADER_BYTES + clear.len() + TAG_BYTES);
    blob.extend_from_slice(MAGIC);
    blob.push(VERSION);
    blob.extend_from_slice(&master.id());
    blob.extend_from_slice(&nonce);
    let aad = associated_data(&blob[..HEADER_BYTES - NONCE_BYTES], account);
    let sealed = cipher(master.key())
        .encrypt(
            &Nonce::<Aes256Gcm>::from(nonce),
            Payload {
                msg: clear,
                aad: &aad,
            },
        )
        .map_err(|_| Error::Contents)?;
    blob.extend_from_slice(&sealed);
    Ok(blob)
}

/// Opens what [`seal`] made for the same account and key.
pub(crate) fn open(master: &MasterKey, account: &str, blob: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let rest = blob.strip_prefix(MAGIC).ok_or(Error::NotSealed)?;
    match rest.first() {
        Some(&VERSION) => {}
        Some(&other) => return Err(Error::UnknownVersion(other)),
        None => return Err(Error::NotSealed),
    }
    if blob.len() < HEADER_BYTES + TAG_BYTES {
        return Err(Error::NotSealed);
    }
    let (named, rest) = blob.split_at(HEADER_BYTES - NONCE_BYTES);
    if named[MAGIC.len() + 1..] != master.id() {
        return Err(Error::OtherKey);
    }
    let (nonce, sealed) = rest.split_at(NONCE_BYTES);
    let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| Error::NotSealed)?;
    let aad = associated_data(named, account);
    cipher(master.key())
        .decrypt(
            &Nonce::<Aes256Gcm>::from(nonce),
            Payload {
                msg: sealed,
                aad: &aad,
            },
        )
        .map(Zeroizing::new)
        .map_err(|_| Error::Altered)
}

fn cipher(key: &[u8; KEY_BYTES]) -> Aes256Gcm {
    Aes256Gcm::new(key.into())
}

/// Header without nonce, then the account: neither can be exchanged. The header's length is fixed, so no two
/// different pairs give the same bytes.
fn associated_data(named: &[u8], account: &str) -> Vec<u8> {
    [named, account.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::{open, seal};
    use crate::Error;
    use crate::master::MasterKey;

    #[test]
    fn opens_for_the_same_account_only() {
        let key = MasterKey::generate().unwrap();
        let blob = seal(&key, "account-1", b"clear").unwrap();
        assert_eq!(open(&key, "account-1", &blob).unwrap().as_slice(), b"clear");
        for other in ["account-2", "account-", "account-11", ""] {
            assert!(matches!(open(&key, other, &blob), Err(Error::Altered)), "{other}");
        }
    }

    #[test]
    fn every_flipped_byte_is_noticed() {
        let key = MasterKey::generate().unwrap();
        let blob = seal(&key, "a", b"some clear text").unwrap();
        for at in 0..blob.len() {
            let mut bad = blob.clone();
            bad[at] ^= 0x40;
            assert!(open(&key, "a", &bad).is_err(), "byte {at}");
        }
    }

    #[test]
    fn every_cut_is_noticed_without_panic() {
        let key = MasterKey::generate().unwrap();
        let blob = seal(&key, "a", b"some clear text").unwrap();
        for length in 0..blob.len() {
            assert!(open(&key, "a", &blob[..length]).is_err(), "length {length}");
        }
    }

    #[test]
    fn another_key_and_a_newer_format_are_told_apart() {
        let key = MasterKey::generate().unwrap();
        let mut blob = seal(&key, "a", b"x").unwrap();
        let other = MasterKey::generate().unwrap();
        assert!(matches!(open(&other, "a", &blob), Err(Error::OtherKey)));
        blob[3] = 9;
        assert!(matches!(open(&key, "a", &blob), Err(Error::UnknownVersion(9))));
        assert!(matches!(
            open(&key, "a", b"SQLite format 3"),
            Err(Error::NotSealed)
        ));
    }

    #[test]
    fn sealing_twice_gives_different_bytes() {
        let key = MasterKey::generate().unwrap();
        assert_ne!(seal(&key, "a", b"x").unwrap(), seal(&key, "a", b"x").unwrap());
    }
}
