//! RSA with SHA-256 as the cloud signs its messages: PKCS #1 padding and one power, written out.
//!
//! The key was made for this simulator and guards nothing.

use sha2::{Digest as _, Sha256};

/// 32 words of 64 bits, the lowest first.
type Number = [u64; WORDS];
const WORDS: usize = 32;
const BYTES: usize = WORDS * 8;

/// The simulated cloud's modulus.
const MODULUS: &str = concat!(
    "d8257780b06871c3939f2199d8bfe96a0c1ed8382e8bca9344e79f140b0749b40cfc083f34ea3930c5e1d7cf9566de69",
    "62308753254606322c60fc972c633726cbacd0f09517db680c11602983e74984163d455e70c284a6d8e1da9e0bb2dc8a",
    "05fb0e52569a6663523b837c05442e77ca2439dda634a21ba6992a6cdc3b06bb1d79287c4406a0b4100bfb9f0b7f2928",
    "363dd96965535dea7282074c44f24ddda575ebe023e10378c98c36a2285df14c8684018bc9c746e49536cfca8fb8ff88",
    "fd417bd5ddeb461481c3f092a6f1b59bbd8e5c3ccc4518d6ac050cc4fdfc2e1fdce3586bfae1dfc2748a7a4835effa68",
    "6f354407baa43157e5b94d093219a3b5",
);

/// Its private exponent; made up for this simulator.
const PRIVATE: &str = concat!(
    "09175655ead591c7649ba259aab4b3b81aa76777c1796ebd4ffe2002434e7caa9e8b313b9b59a8ab24ff9148b16380c2",
    "54f76e91b03528488ef64b597e6bf3e36558b0f7158649dbaffa411dade719fffcc179fbf5693114257626705454a313",
    "091a5ca958ec28974fdba1f5a2f111b54722cbee4731da89a831b4079d21bc70298cf643658514cf09f64b8ed7fe21fa",
    "d8950443380c1e0ae79dd7540cd2662651238de5aacce25e4284d36cc1d6172ff21240552758621861f3e587217c6eb7",
    "05c66b7a8ce5aa389729c342c369fbcd4a34d7c49637bd64dab6fe05369ddf1bc86ac1af8b6f6a984f3b05fe936d6629",
    "77cfc835808d966a7b64999f33e006f7",
);

/// The public key as the cloud would publish it.
pub const PUBLIC_KEY: &str = "-----BEGIN PUBLIC KEY-----\n\
    MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA2CV3gLBoccOTnyGZ2L/p\n\
    agwe2Dgui8qTROefFAsHSbQM/Ag/NOo5MMXh18+VZt5pYjCHUyVGBjIsYPyXLGM3\n\
    Jsus0PCVF9toDBFgKYPnSYQWPUVecMKEptjh2p4LstyKBfsOUlaaZmNSO4N8BUQu\n\
    d8okOd2mNKIbppkqbNw7BrsdeSh8RAagtBAL+58LfykoNj3ZaWVTXepyggdMRPJN\n\
    3aV16+Aj4QN4yYw2oihd8UyGhAGLycdG5JU2z8qPuP+I/UF71d3rRhSBw/CSpvG1\n\
    m72OXDzMRRjWrAUMxP38Lh/c41hr+uHfwnSKekg17/pobzVEB7qkMVfluU0JMhmj\n\
    tQIDAQAB\n\
    -----END PUBLIC KEY-----";

/// What stands before a SHA-256 digest inside the padding.
const SHA256_MARK: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
];

/// The signature of a text with the simulated cloud's key.
pub(super) fn sign(text: &str) -> Vec<u8> {
    let (Some(modulus), Some(exponent)) = (from_hex(MODULUS), from_hex(PRIVATE)) else {
        return Vec::new();
    };
    let signed = power(&from_bytes(&padded(text)), &exponent, &modulus);
    to_bytes(&signed).to_vec()
}

/// Whether a signature is that of the owner of a modulus (big-endian bytes, 256 of them) with the exponent 65537.
pub(super) fn holds(modulus: &[u8], text: &str, signature: &[u8]) -> bool {
    if modulus.len() != BYTES || signature.len() != BYTES {
        return false;
    }
    let (modulus, signature) = (from_bytes(modulus), from_bytes(signature));
    if !less(&signature, &modulus) {
        return false;
    }
    let mut exponent = [0; WORDS];
    exponent[0] = 65_537;
    to_bytes(&power(&signature, &exponent, &modulus)) == padded(text)
}

fn padded(text: &str) -> [u8; BYTES] {
    let mut block = [0xff; BYTES];
    block[0] = 0;
    block[1] = 1;
    let digest = Sha256::digest(text.as_bytes());
    let tail = SHA256_MARK.len() + digest.len();
    block[BYTES - tail - 1] = 0;
    block[BYTES - tail..BYTES - digest.len()].copy_from_slice(&SHA256_MARK);
    block[BYTES - digest.len()..].copy_from_slice(&digest);
    block
}

fn from_hex(text: &str) -> Option<Number> {
    let mut bytes = [0; BYTES];
    for (byte, at) in bytes.iter_mut().zip((0..text.len()).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(from_bytes(&bytes))
}

fn from_bytes(bytes: &[u8]) -> Number {
    let mut number = [0; WORDS];
    for (word, chunk) in number.iter_mut().zip(bytes.rchunks(8)) {
        *word = chunk.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
    }
    number
}

fn to_bytes(number: &Number) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    for (chunk, word) in bytes.rchunks_mut(8).zip(number) {
        chunk.copy_from_slice(&word.to_be_bytes());
    }
    bytes
}

fn less(a: &Number, b: &Number) -> bool {
    let differing = a.iter().zip(b).rev().find(|(a, b)| a != b);
    differing.is_some_and(|(a, b)| a < b)
}

fn minus(a: &mut Number, b: &Number) {
    let mut borrow = false;
    for (a, b) in a.iter_mut().zip(b) {
        let (first, under) = a.overflowing_sub(*b);
        let (second, below) = first.overflowing_sub(u64::from(borrow));
        *a = second;
        borrow = under || below;
    }
}

/// Adds within the modulus; both are below it.
fn plus(a: &Number, b: &Number, modulus: &Number) -> Number {
    let mut sum = [0; WORDS];
    let mut carry = false;
    for (sum, (a, b)) in sum.iter_mut().zip(a.iter().zip(b)) {
        let (first, over) = a.overflowing_add(*b);
        let (second, above) = first.overflowing_add(u64::from(carry));
        *sum = second;
        carry = over || above;
    }
    if carry || !less(&sum, modulus) {
        minus(&mut sum, modulus);
    }
    sum
}

/// Multiplies by doubling and adding: slow and plain.
fn times(a: &Number, b: &Number, modulus: &Number) -> Number {
    let mut product = [0; WORDS];
    for word in b.iter().rev() {
        for bit in (0..64).rev() {
            product = plus(&product, &product, modulus);
            if (word >> bit) & 1 == 1 {
                product = plus(&product, a, modulus);
            }
        }
    }
    product
}

fn power(base: &Number, exponent: &Number, modulus: &Number) -> Number {
    let mut result = [0; WORDS];
    result[0] = 1;
    let mut begun = false;
    for word in exponent.iter().rev() {
        for bit in (0..64).rev() {
            if begun {
                result = times(&result, &result, modulus);
            }
            if (word >> bit) & 1 == 1 {
                result = times(&result, base, modulus);
                begun = true;
            }
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::{MODULUS, holds, sign};

    #[test]
    fn what_is_signed_holds_and_a_changed_text_does_not() {
        let modulus: Vec<u8> = (0..MODULUS.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&MODULUS[at..at + 2], 16).expect("hex"))
            .collect();
        let signature = sign("orderId=1&status=1&stime=2");
        assert!(holds(&modulus, "orderId=1&status=1&stime=2", &signature));
        assert!(!holds(&modulus, "orderId=1&status=0&stime=2", &signature));
    }
}
