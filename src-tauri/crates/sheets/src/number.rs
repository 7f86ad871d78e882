//! How stored numbers are shown: digits without exponent, as many as a spreadsheet keeps (15), dates by the
//! cell's format, leading zeros where the format asks for them. Decimal text all the way; no binary float is
//! printed.

use crate::model::{CellFlags, CellKind};

/// What a number format does to a value, as far as reading cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum NumberFormat {
    /// Anything that shows a plain number.
    #[default]
    Plain,
    /// Shows a date, a time or both.
    Date,
    /// Only zeros (`0000000000000`): shorter numbers are shown with leading zeros.
    Padded(u8),
}

impl NumberFormat {
    /// The meaning of a built-in format id (ECMA-376 part 1, 18.8.30, with the East Asian ones).
    pub(crate) const fn builtin(id: u32) -> Self {
        match id {
            14..=22 | 27..=36 | 45..=47 | 50..=58 => Self::Date,
            _ => Self::Plain,
        }
    }

    /// The meaning of a format code.
    pub(crate) fn parse(code: &str) -> Self {
        let mut plain = String::new();
        let mut chars = code.chars();
        while let Some(character) = chars.next() {
            match character {
                '"' => {
                    chars.by_ref().find(|&next| next == '"');
                }
                '\\' | '_' | '*' => {
                    chars.next();
                }
                '[' => {
                    let inside: String = chars
                        .by_ref()
                        .take_while(|&next| next != ']')
                        .collect::<String>()
                        .to_lowercase();
                    if !inside.is_empty() && inside.chars().all(|unit| matches!(unit, 'h' | 'm' | 's')) {
                        return Self::Date;
                    }
                }
                ';' => break,
                other => plain.push(other.to_ascii_lowercase()),
            }
        }
        if plain.len() >= 2 && plain.bytes().all(|byte| byte == b'0') {
            return Self::Padded(u8::try_from(plain.len()).unwrap_or(u8::MAX));
        }
        let date = plain.contains(['y', 'd', 'h', 's', 'm', '年', '月', '日']) && !plain.contains(['#', '@']);
        if date && !plain.starts_with("general") {
            Self::Date
        } else {
            Self::Plain
        }
    }
}

/// Most digits a spreadsheet keeps of a number.
const KEPT_DIGITS: usize = 15;

/// Writes the stored number `raw` as shown into `out` and says what it turned out to be.
pub(crate) fn show(
    raw: &str,
    format: NumberFormat,
    date1904: bool,
    out: &mut String,
    flags: &mut CellFlags,
) -> CellKind {
    let raw = raw.trim();
    if format == NumberFormat::Date
        && let Ok(serial) = raw.parse::<f64>()
        && show_date(serial, date1904, out)
    {
        return CellKind::Date;
    }
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        if digits.len() > KEPT_DIGITS {
            flags.add(CellFlags::DIGITS_LOST);
        }
        if let NumberFormat::Padded(width) = format {
            let missing = usize::from(width).saturating_sub(digits.len());
            out.push_str(if raw.len() > digits.len() { "-" } else { "" });
            out.extend(std::iter::repeat_n('0', missing));
            out.push_str(digits);
        } else {
            out.push_str(raw);
        }
        return CellKind::Number;
    }
    if format == NumberFormat::Plain && shows_as_written(raw) {
        out.push_str(raw);
        return CellKind::Number;
    }
    if let Some(decimal) = Decimal::parse(raw) {
        let decimal = decimal.rounded();
        if decimal.integer_digits() > KEPT_DIGITS {
            flags.add(CellFlags::DIGITS_LOST);
        }
        let start = out.len();
        decimal.write(out);
        if let NumberFormat::Padded(width) = format
            && out[start..].bytes().all(|byte| byte.is_ascii_digit())
        {
            let missing = usize::from(width).saturating_sub(out.len() - start);
            out.insert_str(start, &"0".repeat(missing));
        }
        CellKind::Number
    } else {
        out.push_str(raw);
        if raw.is_empty() {
            CellKind::Empty
        } else {
            CellKind::Text
        }
    }
}

/// Whether a decimal is already what [`Decimal`] would make of it: `12.5`, but not `.5`, `012.5` or `12.50`. Most
/// numbers of a sheet are.
fn shows_as_written(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    let lead = matches!(bytes, [b'0', b'.', ..] | [b'1'..=b'9', ..]);
    let tail = matches!(bytes.last(), Some(b'1'..=b'9'));
    lead && tail
        && bytes.len() <= KEPT_DIGITS
        && bytes.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
        && memchr::memchr_iter(b'.', bytes).count() == 1
}

/// A decimal number: `digits` × 10^`exponent`.
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i32,
}

impl Decimal {
    fn parse(raw: &str) -> Option<Self> {
        let (negative, rest) = match raw.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, raw.strip_prefix('+').unwrap_or(raw)),
        };
        let (mantissa, exponent) = match rest.find(['e', 'E']) {
            Some(at) => (&rest[..at], rest[at + 1..].parse::<i32>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if (whole.is_empty() && fraction.is_empty()) || exponent.abs() > 400 || mantissa.len() > 400 {
            return None;
        }
        let mut digits = Vec::with_capacity(whole.len() + fraction.len());
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            if !(digits.is_empty() && byte == b'0') {
                digits.push(byte - b'0');
            }
        }
        let exponent = exponent - i32::try_from(fraction.len()).ok()?;
        Some(Self {
            negative,
            digits,
            exponent,
        })
    }

    /// Rounded to the digits a spreadsheet keeps, without trailing zeros.
    fn rounded(mut self) -> Self {
        if self.digits.len() > KEPT_DIGITS {
            let cut = self.digits.len() - KEPT_DIGITS;
            let up = self.digits.get(KEPT_DIGITS).is_some_and(|&digit| digit >= 5);
            self.digits.truncate(KEPT_DIGITS);
            self.exponent += i32::try_from(cut).unwrap_or(i32::MAX);
            if up {
                let mut carried = true;
                for digit in self.digits.iter_mut().rev() {
                    if *digit < 9 {
                        *digit += 1;
                        carried = false;
                        break;
                    }
                    *digit = 0;
                }
                if carried {
                    self.digits.insert(0, 1);
                }
            }
        }
        while self.digits.last() == Some(&0) {
            self.digits.pop();
            self.exponent += 1;
        }
        self
    }

    fn integer_digits(&self) -> usize {
        usize::try_from(
            i32::try_from(self.digits.len())
                .unwrap_or(i32::MAX)
                .saturating_add(self.exponent),
        )
        .unwrap_or(0)
    }

    fn write(&self, out: &mut String) {
        if self.digits.is_empty() {
            out.push('0');
            return;
        }
        if self.negative {
            out.push('-');
        }
        let whole = self.integer_digits();
        if whole == 0 {
            let zeros = self.exponent.unsigned_abs() as usize - self.digits.len();
            out.push_str("0.");
            out.extend(std::iter::repeat_n('0', zeros));
        }
        for (index, digit) in self.digits.iter().enumerate() {
            if index == whole && whole > 0 {
                out.push('.');
            }
            out.push(char::from(b'0' + digit));
        }
        out.extend(std::iter::repeat_n('0', whole.saturating_sub(self.digits.len())));
    }
}

/// Days from 1970-01-01 back to the day Excel counts from (1899-12-30, after the leap-year error of 1900).
const EPOCH: i64 = 25_569;

/// Writes the date of a serial number; false when it is out of the calendar a spreadsheet has.
pub(crate) fn show_date(serial: f64, date1904: bool, out: &mut String) -> bool {
    let serial = if date1904 { serial + 1462.0 } else { serial };
    if !(0.0..2_958_466.0).contains(&serial) {
        return false;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "checked against the calendar's range above"
    )]
    let seconds = (serial * 86_400.0).round() as i64;
    let (mut day, second) = (seconds / 86_400, seconds % 86_400);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    if day == 0 {
        write_time(out, "", hour, minute, second);
        return true;
    }
    // Excel believes that 1900 was a leap year: before its 29 February every day is one later.
    if day < 60 {
        day += 1;
    }
    let (year, month, date) = civil(day - EPOCH);
    out.extend([format!("{year:04}-{month:02}-{date:02}")]);
    if hour + minute + second > 0 {
        write_time(out, " ", hour, minute, second);
    }
    true
}

fn write_time(out: &mut String, before: &str, hour: i64, minute: i64, second: i64) {
    out.extend([before, &format!("{hour:02}:{minute:02}:{second:02}")]);
}

/// Year, month and day of a day counted from 1970-01-01 (Howard Hinnant's `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 {
        month_index + 3
    } else {
        month_index - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Whether a text is a number in exponent form that no longer holds all of its digits (`6.90123E+12`).
pub(crate) fn digits_lost(text: &str) -> bool {
    let text = text.trim();
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let Some(exponent) = exponent
        .strip_prefix('+')
        .and_then(|digits| digits.parse::<usize>().ok())
    else {
        return false;
    };
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    whole.len() == 1
        && whole
            .bytes()
            .chain(fraction.bytes())
            .all(|byte| byte.is_ascii_digit())
        && fraction.len() < exponent
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(raw: &str, format: NumberFormat) -> (String, CellKind, bool) {
        let (mut out, mut flags) = (String::new(), CellFlags::none());
        let kind = show(raw, format, false, &mut out, &mut flags);
        (out, kind, flags.has(CellFlags::DIGITS_LOST))
    }

    #[test]
    fn numbers_show_their_digits() {
        for (raw, text) in [
            ("6901028184793", "6901028184793"),
            ("6.901028184793E+12", "6901028184793"),
            ("6901028184793.0", "6901028184793"),
            ("6.9010281847930001E12", "6901028184793"),
            ("9.800000000000001", "9.8"),
            ("75.70999999999999", "75.71"),
            ("0.30000000000000004", "0.3"),
            ("-3.50", "-3.5"),
            ("1E-3", "0.001"),
            ("12.5", "12.5"),
            ("0.05", "0.05"),
            ("012.50", "12.5"),
            (".5", "0.5"),
            ("1.2.3", "1.2.3"),
            ("0.00", "0"),
            ("1e20", "100000000000000000000"),
            ("99999999999999.99", "100000000000000"),
            ("42950.7207060185", "42950.7207060185"),
        ] {
            assert_eq!(shown(raw, NumberFormat::Plain).0, text, "{raw}");
        }
    }

    #[test]
    fn more_digits_than_are_kept_are_marked() {
        assert!(shown("1.2345678901234501E+17", NumberFormat::Plain).2);
        assert!(shown("123456789012345678", NumberFormat::Plain).2);
        assert!(!shown("6901028184793", NumberFormat::Plain).2);
        assert!(digits_lost("6.90103E+12"));
        assert!(digits_lost(" 2E+12 "));
        assert!(!digits_lost("6.901028184793E+12"));
        assert!(!digits_lost("1E5"));
        assert!(!digits_lost("HS-E+12"));
    }

    #[test]
    fn formats_are_told_apart() {
        for code in [
            "yyyy-mm-dd",
            "yyyy\"年\"m\"月\"",
            "[h]:mm",
            "m/d/yy h:mm;@",
            "[$-804]aaaa yyyy",
        ] {
            assert_eq!(NumberFormat::parse(code), NumberFormat::Date, "{code}");
        }
        for code in [
            "General",
            "0.00",
            "#,##0.00_);[Red](#,##0.00)",
            "@",
            "0.00\"day\"",
            "0",
        ] {
            assert_eq!(NumberFormat::parse(code), NumberFormat::Plain, "{code}");
        }
        assert_eq!(NumberFormat::parse("00000"), NumberFormat::Padded(5));
        assert_eq!(shown("1162", NumberFormat::Padded(5)).0, "01162");
    }

    #[test]
    fn serial_numbers_become_dates() {
        for (serial, date1904, text) in [
            (45_641.0, false, "2024-12-15"),
            (44_179.0, true, "2024-12-15"),
            (1.0, false, "1900-01-01"),
            (61.0, false, "1900-03-01"),
            (42_950.720_706_018_5, false, "2017-08-03 17:17:49"),
            (0.5, false, "12:00:00"),
        ] {
            let mut out = String::new();
            assert!(show_date(serial, date1904, &mut out));
            assert_eq!(out, text);
        }
        assert!(!show_date(6_901_028_184_793.0, false, &mut String::new()));
        assert!(!show_date(f64::NAN, false, &mut String::new()));
    }
}
