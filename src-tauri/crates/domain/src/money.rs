//! Money in integer fen. Yuan exist only as text, at the edge.

use serde::{Deserialize, Serialize};
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

/// An amount in fen (1/100 yuan). May be negative (refunds, differences).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(pub i64);

/// Why a text is not an amount of money.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MoneyError {
    /// Nothing there.
    #[error("empty amount")]
    Empty,
    /// A sign, letter or dot where no number can have one.
    #[error("not a number")]
    NotANumber,
    /// More than two decimals that are not zero: rounding is the writer's decision, not ours.
    #[error("finer than one fen")]
    TooFine,
    /// Does not fit 64 bits.
    #[error("amount out of range")]
    OutOfRange,
}

impl Money {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// Reads yuan as platforms write them: `12`, `12.3`, `12.30`, `-0.05`, `12.3000`.
    ///
    /// Never goes through floating point. Currency signs, separators and full-width digits are the business of the
    /// sheet reader, not of protocol code, and are refused here.
    pub fn parse_yuan(text: &str) -> Result<Self, MoneyError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        if digits.is_empty() {
            return Err(MoneyError::Empty);
        }
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(fraction) || digits.ends_with('.') {
            return Err(MoneyError::NotANumber);
        }
        if fraction.len() > 2 && fraction[2..].bytes().any(|b| b != b'0') {
            return Err(MoneyError::TooFine);
        }
        let yuan: i64 = whole.parse().map_err(|_| MoneyError::OutOfRange)?;
        let digit = |at: usize| fraction.as_bytes().get(at).map_or(0, |b| i64::from(b - b'0'));
        let fen = yuan
            .checked_mul(100)
            .and_then(|fen| fen.checked_add(digit(0) * 10 + digit(1)))
            .ok_or(MoneyError::OutOfRange)?;
        Ok(Self(if negative { -fen } else { fen }))
    }

    /// Yuan with two decimals and a dot, as platforms want it: `12.30`.
    pub fn to_yuan(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", fen / 100, fen % 100)
    }

    /// The amount times a count of pieces.
    #[must_use]
    pub fn times(self, count: i64) -> Self {
        Self(self.0.saturating_mul(count))
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_yuan())
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, |total, amount| total + amount)
    }
}

#[cfg(test)]
mod tests {
    use super::{Money, MoneyError};

    #[test]
    fn yuan_text_becomes_fen_exactly() {
        for (text, fen) in [
            ("12", 1200),
            ("12.3", 1230),
            ("0.05", 5),
            ("-0.05", -5),
            ("9.9000", 990),
        ] {
            assert_eq!(Money::parse_yuan(text), Ok(Money(fen)), "{text}");
        }
    }

    #[test]
    fn texts_that_are_no_amount_are_refused_with_the_reason() {
        for (text, why) in [
            ("", MoneyError::Empty),
            ("-", MoneyError::Empty),
            ("1.", MoneyError::NotANumber),
            (".5", MoneyError::NotANumber),
            ("1e3", MoneyError::NotANumber),
            ("１２", MoneyError::NotANumber),
            ("0.005", MoneyError::TooFine),
            ("99999999999999999999", MoneyError::OutOfRange),
        ] {
            assert_eq!(Money::parse_yuan(text), Err(why), "{text}");
        }
    }

    #[test]
    fn writing_and_reading_agree() {
        for fen in [0, 5, -5, 99, 100, 123_456, -123_456] {
            assert_eq!(Money::parse_yuan(&Money(fen).to_yuan()), Ok(Money(fen)));
        }
    }
}
