//! 商品编码 and 规格编码: what is wrong with one, and what the right one would be.

use crate::text;
use serde::{Deserialize, Serialize};

/// What keeps a 商品编码 from being sent to an ERP that reads it as a 64-bit number (problems.md F19a, 1.4.3).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemCodeFault {
    /// No code at all.
    Empty,
    /// Full-width, blank or zero-width characters around digits that are right; cleaning helps.
    Unclean,
    /// Letters or signs.
    NotDigits,
    /// More than 19 digits or above 9223372036854775807.
    TooLarge,
}

/// Checks a 商品编码: ASCII digits, 1 to 19 of them, at most `i64::MAX`.
pub fn item_code_fault(code: &str) -> Option<ItemCodeFault> {
    if code.is_empty() {
        return Some(ItemCodeFault::Empty);
    }
    if digits(code) {
        return code.parse::<i64>().is_err().then_some(ItemCodeFault::TooLarge);
    }
    let cleaned = text::cleaned_code(code);
    Some(match cleaned.as_str() {
        "" => ItemCodeFault::Empty,
        rest if digits(rest) && rest.parse::<i64>().is_ok() => ItemCodeFault::Unclean,
        rest if digits(rest) => ItemCodeFault::TooLarge,
        _ => ItemCodeFault::NotDigits,
    })
}

/// What a 规格编码 is worth as a barcode.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Barcode {
    /// No code.
    Empty,
    /// A GTIN of 8, 12, 13 or 14 digits with the right check digit.
    Gtin,
    /// A GTIN whose number is reserved for use inside a shop (02, 04, 2x) or for coupons (05, 98, 99).
    Restricted,
    /// Right length, wrong check digit; `right` is the code with the digit that would be right.
    WrongCheckDigit {
        /// The same code with the right last digit.
        right: String,
    },
    /// Digits of another length.
    WrongLength,
    /// Hidden, blank or full-width characters around a good GTIN.
    Unclean {
        /// The code without them.
        clean: String,
    },
    /// Letters or signs: somebody's own code.
    NotDigits,
}

/// Judges a 规格编码 by GS1's rules (problems.md 1.4.3).
pub fn barcode(code: &str) -> Barcode {
    if code.is_empty() {
        return Barcode::Empty;
    }
    if !digits(code) {
        let clean = text::cleaned_code(code);
        return if clean != code && matches!(barcode(&clean), Barcode::Gtin | Barcode::Restricted) {
            Barcode::Unclean { clean }
        } else if clean.is_empty() {
            Barcode::Empty
        } else {
            Barcode::NotDigits
        };
    }
    if !matches!(code.len(), 8 | 12 | 13 | 14) {
        return Barcode::WrongLength;
    }
    let (body, last) = code.split_at(code.len() - 1);
    let right = check_digit(body);
    if last.as_bytes() != [b'0' + right] {
        return Barcode::WrongCheckDigit {
            right: format!("{body}{right}"),
        };
    }
    if code.len() == 13 && (restricted_prefix(code)) {
        Barcode::Restricted
    } else {
        Barcode::Gtin
    }
}

/// Whether platforms that verify barcodes would keep this one.
pub fn is_gtin(code: &str) -> bool {
    matches!(barcode(code), Barcode::Gtin | Barcode::Restricted)
}

/// A barcode as a key for comparing: a GTIN padded to 14 digits (so UPC-A, EAN-13 and GTIN-14 twins meet), anything
/// else as it stands after cleaning. Leading zeros of codes that are no GTIN are kept: `0110468` is not `110468`.
pub fn barcode_key(code: &str) -> Option<String> {
    let clean = text::cleaned_code(code);
    if clean.is_empty() {
        return None;
    }
    Some(if clean.len() >= 12 && is_gtin(&clean) {
        format!("{clean:0>14}")
    } else {
        clean
    })
}

/// A 线下门店编号 without what the ERP cannot read (F19b): ASCII letters, digits, `-` and `_` stay.
pub fn cleaned_offline_code(code: &str) -> String {
    let kept = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    text::cleaned_code(code).chars().filter(kept).collect()
}

/// GS1's check digit for the digits before it: weights 3, 1, 3, 1 … from the right.
pub fn check_digit(body: &str) -> u8 {
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, b)| u32::from(b.wrapping_sub(b'0')) * if at % 2 == 0 { 3 } else { 1 })
        .sum();
    u8::try_from((10 - sum % 10) % 10).unwrap_or(0)
}

fn restricted_prefix(code: &str) -> bool {
    code.starts_with('2') || ["02", "04", "05", "98", "99"].iter().any(|p| code.starts_with(p))
}

fn digits(code: &str) -> bool {
    code.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{Barcode, ItemCodeFault, barcode, barcode_key, item_code_fault};

    #[test]
    fn item_codes_must_fit_a_signed_64_bit_number() {
        for (code, fault) in [
            ("1022311150004734", None),
            ("9223372036854775807", None),
            ("9223372036854775808", Some(ItemCodeFault::TooLarge)),
            ("10223111500047340021", Some(ItemCodeFault::TooLarge)),
            ("", Some(ItemCodeFault::Empty)),
            ("\u{200b}", Some(ItemCodeFault::Empty)),
            ("１０２２", Some(ItemCodeFault::Unclean)),
            ("1022 \u{200b}", Some(ItemCodeFault::Unclean)),
            ("A-77", Some(ItemCodeFault::NotDigits)),
            ("-5", Some(ItemCodeFault::NotDigits)),
        ] {
            assert_eq!(item_code_fault(code), fault, "{code:?}");
        }
    }

    #[test]
    fn barcodes_are_judged_by_length_check_digit_and_prefix() {
        assert_eq!(barcode("6901234567892"), Barcode::Gtin);
        assert_eq!(
            barcode("6901234567890"),
            Barcode::WrongCheckDigit {
                right: "6901234567892".into()
            }
        );
        assert_eq!(
            barcode("2200123003600"),
            Barcode::WrongCheckDigit {
                right: "2200123003607".into()
            }
        );
        assert_eq!(barcode("2200123003607"), Barcode::Restricted);
        assert_eq!(barcode("69012345678"), Barcode::WrongLength);
        assert_eq!(
            barcode(" 6901234567892"),
            Barcode::Unclean {
                clean: "6901234567892".into()
            }
        );
        assert_eq!(barcode("ZC13169216SL"), Barcode::NotDigits);
    }

    #[test]
    fn twins_of_one_gtin_share_a_key_and_own_codes_keep_their_zeros() {
        assert_eq!(barcode_key("012345678905"), barcode_key("0012345678905"));
        assert_ne!(barcode_key("0110468"), barcode_key("110468"));
    }
}
