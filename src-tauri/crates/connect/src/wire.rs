//! JSON values as platforms really send them.
//!
//! The same field comes as a number today and as text tomorrow, lists arrive as JSON text inside JSON, and ids have
//! more digits than a floating-point number keeps. These types take every such shape and give one.

use domain::money::{Money, MoneyError};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The content type of [`form`].
pub const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// 2^53: from here on a JSON number that is no 64-bit integer may have lost digits.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Text from text, a number or a truth value; null is empty. 64-bit ids keep every digit; a number that has lost
/// digits already is an error, because a wrong id is worse than none.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Text(pub String);

/// A whole number from a number or text; `None` for null, empty text and anything that is no number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Int(pub Option<i64>);

/// Yuan from text or a number, rounded to whole fen; `None` for null, empty text and anything that is no amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Yuan(pub Option<Money>);

/// Fen from text or a number; `None` for null, empty text and anything that is no amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Fen(pub Option<Money>);

/// A structure that comes as such or as JSON text holding it; null and empty text are its default.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Nested<T>(pub T);

/// A list that comes as such, as JSON text, or as its only element; null and empty text are the empty list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct List<T>(pub Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl Text {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text unless it is empty.
    pub fn filled(&self) -> Option<&str> {
        Some(self.0.as_str()).filter(|text| !text.is_empty())
    }
}

impl Int {
    /// The number, or 0.
    pub fn or_zero(self) -> i64 {
        self.0.unwrap_or(0)
    }
}

impl Yuan {
    /// The amount, or none.
    pub fn or_zero(self) -> Money {
        self.0.unwrap_or_default()
    }
}

impl Fen {
    /// The amount, or none.
    pub fn or_zero(self) -> Money {
        self.0.unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        text(Value::deserialize(from)?)
            .map(Self)
            .map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Int {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(whole(&Value::deserialize(from)?)))
    }
}

impl<'de> Deserialize<'de> for Yuan {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(
            decimal(&Value::deserialize(from)?).and_then(|text| yuan(&text)),
        ))
    }
}

impl<'de> Deserialize<'de> for Fen {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(whole(&Value::deserialize(from)?).map(Money)))
    }
}

impl<'de, T: DeserializeOwned + Default> Deserialize<'de> for Nested<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = match Value::deserialize(from)? {
            Value::String(inner) => unwrapped(&inner).map_err(D::Error::custom)?,
            value => value,
        };
        if value.is_null() {
            return Ok(Self(T::default()));
        }
        serde_json::from_value(value).map(Self).map_err(D::Error::custom)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = match Value::deserialize(from)? {
            Value::String(inner) => unwrapped(&inner).map_err(D::Error::custom)?,
            value => value,
        };
        let elements = match value {
            Value::Null => Vec::new(),
            Value::Array(elements) => elements,
            one => vec![one],
        };
        elements
            .into_iter()
            .map(serde_json::from_value)
            .collect::<Result<_, _>>()
            .map(Self)
            .map_err(D::Error::custom)
    }
}

/// JSON text inside JSON. Some of it is percent-encoded once more; that is undone only where it does not parse as it
/// stands.
fn unwrapped(inner: &str) -> Result<Value, serde_json::Error> {
    if inner.trim().is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(inner).or_else(|error| {
        let decoded: String = url::form_urlencoded::parse(inner.as_bytes())
            .next()
            .map(|(name, _)| name.into_owned())
            .unwrap_or_default();
        serde_json::from_str(&decoded).map_err(|_| error)
    })
}

fn text(value: Value) -> Result<String, &'static str> {
    Ok(match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(whole), _, _) => whole.to_string(),
            (None, Some(whole), _) => whole.to_string(),
            (None, None, Some(float)) if float.abs() < EXACT => float.to_string(),
            _ => return Err("a number too large to keep its digits"),
        },
        structure => structure.to_string(),
    })
}

fn decimal(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        // Rust prints the shortest decimal that reads back as the same number, never an exponent: 9.9 stays 9.9.
        Value::Number(number) => number
            .as_i64()
            .map(|whole| whole.to_string())
            .or_else(|| number.as_f64().map(|float| float.to_string())),
        _ => None,
    }
}

fn whole(value: &Value) -> Option<i64> {
    let text = decimal(value)?;
    let digits = match text.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|b| b == b'0') => whole,
        Some(_) => return None,
        None => &text,
    };
    digits.parse().ok()
}

/// Yuan in decimal text, rounded half away from zero where finer than one fen.
fn yuan(text: &str) -> Option<Money> {
    match Money::parse_yuan(text) {
        Ok(money) => Some(money),
        Err(MoneyError::TooFine) => {
            let cut = text.find('.')? + 3;
            let money = Money::parse_yuan(&text[..cut]).ok()?;
            let up = i64::from(text.as_bytes().get(cut)? >= &b'5');
            Some(Money(if text.starts_with('-') {
                money.0 - up
            } else {
                money.0 + up
            }))
        }
        Err(_) => None,
    }
}

/// Pairs as `application/x-www-form-urlencoded`, for query strings and bodies alike.
pub fn form<N: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (N, V)>) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        form.append_pair(name.as_ref(), value.as_ref());
    }
    form.finish()
}

#[cfg(test)]
mod tests {
    use super::{Fen, Int, List, Nested, Text, Yuan};
    use domain::money::Money;
    use serde::Deserialize;
    use serde_json::from_str;

    #[test]
    fn ids_keep_every_digit_whether_number_or_text() {
        for raw in ["27057681346840001", "\"27057681346840001\""] {
            assert_eq!(from_str::<Text>(raw).unwrap().0, "27057681346840001");
        }
        assert_eq!(
            from_str::<Text>("18446744073709551615").unwrap().0,
            "18446744073709551615"
        );
        assert!(from_str::<Text>("184467440737095516150").is_err());
        assert_eq!(from_str::<Text>("null").unwrap().0, "");
        assert_eq!(from_str::<Text>("55.0").unwrap().0, "55");
    }

    #[test]
    fn numbers_come_as_text_too() {
        for (raw, number) in [
            ("7", Some(7)),
            ("\"7\"", Some(7)),
            ("7.0", Some(7)),
            ("\"\"", None),
            ("\"*\"", None),
            ("null", None),
            ("7.5", None),
        ] {
            assert_eq!(from_str::<Int>(raw).unwrap().0, number, "{raw}");
        }
    }

    #[test]
    fn yuan_become_fen_without_losing_one() {
        for (raw, fen) in [
            ("9.9", Some(990)),
            ("\"3.50\"", Some(350)),
            ("25.799999999999997", Some(2580)),
            ("-0.015", Some(-2)),
            ("0.29", Some(29)),
            ("1.005", Some(101)),
            ("\"\"", None),
            ("\"免费\"", None),
        ] {
            assert_eq!(from_str::<Yuan>(raw).unwrap().0, fen.map(Money), "{raw}");
        }
        assert_eq!(from_str::<Fen>("\"1250\"").unwrap().0, Some(Money(1250)));
    }

    #[derive(Deserialize, Default, PartialEq, Debug)]
    #[serde(default)]
    struct Row {
        sku_id: Text,
    }

    #[test]
    fn lists_come_as_text_as_lists_and_as_their_only_element() {
        let row = || Row {
            sku_id: Text("1".into()),
        };
        for raw in [
            r#"[{"sku_id":1}]"#,
            r#""[{\"sku_id\":\"1\"}]""#,
            r#"{"sku_id":"1"}"#,
            r#""%5B%7B%22sku_id%22%3A1%7D%5D""#,
        ] {
            assert_eq!(from_str::<List<Row>>(raw).unwrap().0, [row()], "{raw}");
        }
        assert!(from_str::<List<Row>>("\"\"").unwrap().0.is_empty());
        assert_eq!(from_str::<Nested<Row>>(r#""{\"sku_id\":1}""#).unwrap().0, row());
        assert!(from_str::<List<Row>>("\"not json\"").is_err());
    }
}
