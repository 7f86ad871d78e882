//! Prices and quantities from text, without binary floats.

use super::code::fold;

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AmountError {
    NotANumber,
    Negative,
    TooLarge,
}

/// A decimal amount in hundredths, and whether digits behind them were rounded away (half up).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hundredths {
    pub(crate) value: i64,
    pub(crate) rounded: bool,
}

/// Largest price read: 100 million yuan.
const MOST_FEN: i64 = 10_000_000_000;

/// Reads a price in yuan as fen. `None` for a blank cell. Takes `¥3.50`, `3.5元`, full-width digits and
/// `1,299.00`.
pub(crate) fn price(text: &str) -> Result<Option<Hundredths>, AmountError> {
    let folded: String = text
        .chars()
        .map(|character| if character == '￥' { '¥' } else { fold(character) })
        .collect();
    let mut rest = folded.trim();
    if rest.is_empty() {
        return Ok(None);
    }
    let mut negative = false;
    let lower = rest.to_ascii_lowercase();
    for mark in ["rmb", "cny"] {
        if lower.starts_with(mark) {
            rest = &rest[mark.len()..];
        }
    }
    loop {
        rest = rest.trim_start();
        // A question mark is what `¥` became when the file was saved in an encoding that lacks it.
        if let Some(after) = rest.strip_prefix(['¥', '?']) {
            rest = after;
        } else if let Some(after) = rest.strip_prefix(['-', '\u{2212}']).filter(|_| !negative) {
            negative = true;
            rest = after;
        } else {
            break;
        }
    }
    for unit in ["元整", "元", "块", "圆", "¥"] {
        rest = rest.strip_suffix(unit).unwrap_or(rest).trim_end();
    }
    let amount = decimal(rest, 2)?;
    if negative && amount.value > 0 {
        return Err(AmountError::Negative);
    }
    if amount.value > MOST_FEN {
        Err(AmountError::TooLarge)
    } else {
        Ok(Some(amount))
    }
}

/// Reads a whole number. `None` for a blank cell; a fraction other than zero is not a number here.
pub(crate) fn whole(text: &str) -> Result<Option<i64>, AmountError> {
    let folded: String = text.chars().map(fold).collect();
    let rest = folded.trim();
    if rest.is_empty() {
        return Ok(None);
    }
    let (negative, digits) = match rest.strip_prefix(['-', '\u{2212}']) {
        Some(digits) => (true, digits),
        None => (false, rest),
    };
    let amount = decimal(digits, 0)?;
    if amount.rounded {
        return Err(AmountError::NotANumber);
    }
    Ok(Some(if negative { -amount.value } else { amount.value }))
}

fn decimal(text: &str, places: usize) -> Result<Hundredths, AmountError> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole = without_thousands(whole).ok_or(AmountError::NotANumber)?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(&whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return Err(AmountError::NotANumber);
    }
    let mut value = 0_i64;
    for byte in whole
        .bytes()
        .chain(fraction.bytes().chain(std::iter::repeat(b'0')).take(places))
    {
        value = value
            .checked_mul(10)
            .and_then(|value| value.checked_add(i64::from(byte - b'0')))
            .ok_or(AmountError::TooLarge)?;
    }
    let dropped = fraction.get(places..).unwrap_or_default();
    if dropped.as_bytes().first().is_some_and(|&digit| digit >= b'5') {
        value = value.checked_add(1).ok_or(AmountError::TooLarge)?;
    }
    Ok(Hundredths {
        value,
        rounded: dropped.bytes().any(|byte| byte != b'0'),
    })
}

/// Digits without their thousands commas; `None` when the commas do not stand where thousands are.
fn without_thousands(whole: &str) -> Option<String> {
    if !whole.contains(',') {
        return Some(whole.to_owned());
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    if first.is_empty() || first.len() > 3 || !groups.all(|group| group.len() == 3) {
        return None;
    }
    Some(whole.replace(',', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_in_all_their_spellings() {
        for (text, fen) in [
            ("¥3.50", 350),
            ("￥12", 1200),
            ("3.5元", 350),
            ("３．５", 350),
            ("1,299.00", 129_900),
            ("１０．０", 1000),
            (" 0 ", 0),
            (".5", 50),
            ("12 元", 1200),
            ("RMB 7", 700),
            ("?10.00", 1000),
            ("9.8", 980),
            ("-0", 0),
        ] {
            let amount = price(text).expect(text).expect(text);
            assert_eq!((amount.value, amount.rounded), (fen, false), "{text}");
        }
        assert_eq!(
            price("18.868"),
            Ok(Some(Hundredths {
                value: 1887,
                rounded: true
            }))
        );
        assert_eq!(
            price("0.005"),
            Ok(Some(Hundredths {
                value: 1,
                rounded: true
            }))
        );
        assert_eq!(price("  "), Ok(None));
    }

    #[test]
    fn what_is_no_price_says_why() {
        for (text, error) in [
            ("面议", AmountError::NotANumber),
            ("3.5-5", AmountError::NotANumber),
            ("1,29", AmountError::NotANumber),
            ("NaN", AmountError::NotANumber),
            ("1e308", AmountError::NotANumber),
            ("#N/A", AmountError::NotANumber),
            ("-3.5", AmountError::Negative),
            ("¥-3.5", AmountError::Negative),
            ("99999999999999999999", AmountError::TooLarge),
            ("100000001", AmountError::TooLarge),
        ] {
            assert_eq!(price(text), Err(error), "{text}");
        }
    }

    #[test]
    fn whole_numbers_refuse_fractions() {
        assert_eq!(whole("12.0"), Ok(Some(12)));
        assert_eq!(whole("-3"), Ok(Some(-3)));
        assert_eq!(whole("2147483648"), Ok(Some(2_147_483_648)));
        assert_eq!(whole("1.5"), Err(AmountError::NotANumber));
        assert_eq!(whole(""), Ok(None));
    }
}
