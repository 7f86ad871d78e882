//! What the platforms and the ERP make of codes. Written apart from the app's own rules on purpose.

/// The code without spaces, zero-width and other invisible characters, full-width digits made plain.
pub(crate) fn clean(code: &str) -> String {
    code.chars()
        .filter(|sign| !sign.is_whitespace() && !sign.is_control())
        .filter(|sign| {
            !matches!(
                sign,
                '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{00ad}'
            )
        })
        .map(|sign| match sign {
            '\u{ff01}'..='\u{ff5e}' => u32::from(sign)
                .checked_sub(0xfee0)
                .and_then(char::from_u32)
                .unwrap_or(sign),
            other => other,
        })
        .collect()
}

/// Whether it is a GTIN of 8, 12, 13 or 14 digits whose check digit is right (GS1 General Specifications 7.9).
pub(crate) fn gtin_holds(code: &str) -> bool {
    if !matches!(code.len(), 8 | 12 | 13 | 14) || !code.bytes().all(|digit| digit.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = code
        .bytes()
        .rev()
        .zip([1, 3].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    sum.is_multiple_of(10)
}

/// Whether the ERP can read it as a 64-bit number; otherwise it answers `For input string: "…"`.
pub(crate) fn fits_erp(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|digit| digit.is_ascii_digit()) && code.parse::<i64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::{clean, fits_erp, gtin_holds};

    #[test]
    fn cleaning_keeps_leading_zeros_and_drops_what_cannot_be_seen() {
        assert_eq!(clean("\u{feff}００12\u{200b}3 "), "00123");
    }

    #[test]
    fn check_digits_are_held_to() {
        for good in ["6901234567892", "96385074", "036000291452", "10614141000415"] {
            assert!(gtin_holds(good), "{good}");
        }
        for bad in [
            "6901234567893",
            "690123456789",
            "69012345678921",
            "6901234x67892",
            "",
        ] {
            assert!(!gtin_holds(bad), "{bad}");
        }
    }

    #[test]
    fn the_erp_reads_nineteen_digits_at_most() {
        assert!(fits_erp("9223372036854775807"));
        assert!(!fits_erp("9223372036854775808"));
        assert!(!fits_erp("10223111131500091418"));
        assert!(!fits_erp("1022\u{200b}"));
        assert!(!fits_erp(""));
    }
}
