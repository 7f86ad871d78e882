//! Named secret texts whose every accidental way out shows stars.

use std::collections::BTreeMap;
use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::{Zeroize, Zeroizing};

use crate::Error;

/// What `Debug` and `Serialize` show instead of a secret, whatever its length.
const STARS: &str = "******";
/// Texts shorter than this are masked wholly: four of eleven characters would say too much.
const MASK_MIN_CHARS: usize = 12;

/// One secret text. Wiped when dropped; printing or serializing it shows stars.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes over the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text itself. The only way to it, so that `grep expose` finds every use.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Stars and the last four characters, for a person to recognise which secret is stored. Stars alone for
    /// texts under 12 characters.
    pub fn masked(&self) -> String {
        let text = self.expose();
        let count = text.chars().count();
        if count < MASK_MIN_CHARS {
            return STARS.to_owned();
        }
        format!("{STARS}{}", text.chars().skip(count - 4).collect::<String>())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(STARS)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(STARS)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SecretVisitor)
    }
}

struct SecretVisitor;

/// Texts, and whole numbers by their digits, because consoles show application ids as bare numbers. Anything
/// else is refused without quoting it: serde's own messages repeat the value.
impl Visitor<'_> for SecretVisitor {
    type Value = Secret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E>(self, text: &str) -> Result<Secret, E> {
        Ok(Secret::new(text))
    }

    fn visit_string<E>(self, text: String) -> Result<Secret, E> {
        Ok(Secret::new(text))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Secret, E> {
        Ok(Secret::new(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Secret, E> {
        Ok(Secret::new(number.to_string()))
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Secret, E> {
        Err(E::custom(
            "a credential must be a text, not a number with a fraction or exponent",
        ))
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Secret, E> {
        Err(E::custom("a credential must be a text, not true or false"))
    }
}

/// The credentials of one account: secret texts by name (`app_secret`, `access_token`, …; each platform's
/// descriptor says which). Names are not secret; texts are.
#[derive(Clone, Default)]
pub struct Credentials(BTreeMap<String, Secret>);

impl Credentials {
    /// No credentials yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets one text, replacing what was there.
    pub fn insert(&mut self, name: impl Into<String>, secret: Secret) {
        self.0.insert(name.into(), secret);
    }

    /// Removes one text; whether there was one.
    pub fn remove(&mut self, name: &str) -> bool {
        self.0.remove(name).is_some()
    }

    /// The secret of that name.
    pub fn get(&self, name: &str) -> Option<&Secret> {
        self.0.get(name)
    }

    /// The text of that name in clear.
    pub fn expose(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(Secret::expose)
    }

    /// Names and secrets, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.0.iter().map(|(name, secret)| (name.as_str(), secret))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts every text of `newer` over ours, as after a token refresh that returns only what changed.
    pub fn merge(&mut self, newer: Self) {
        self.0.extend(newer.0);
    }

    /// The contents in clear, for sealing only.
    pub(crate) fn to_clear_json(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        let clear: BTreeMap<&str, &str> = self
            .iter()
            .map(|(name, secret)| (name, secret.expose()))
            .collect();
        // Escaping makes a byte six at most; room for all of it, so that no grown-out buffer stays unwiped.
        let room: usize = clear
            .iter()
            .map(|(name, text)| 6 * (name.len() + text.len()) + 8)
            .sum();
        let mut bytes = Zeroizing::new(Vec::with_capacity(room + 2));
        serde_json::to_writer(&mut *bytes, &clear).map_err(|_| Error::Contents)?;
        Ok(bytes)
    }

    pub(crate) fn from_clear_json(bytes: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(bytes).map_err(|_| Error::Contents)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter()).finish()
    }
}

impl Serialize for Credentials {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(&self.0)
    }
}

impl<'de> Deserialize<'de> for Credentials {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Not `deserialize_map`: JSON's own refusal quotes a text before the visitor is asked.
        deserializer.deserialize_any(CredentialsVisitor)
    }
}

struct CredentialsVisitor;

impl<'de> Visitor<'de> for CredentialsVisitor {
    type Value = Credentials;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of named texts")
    }

    /// serde's own refusal would quote the text.
    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<Credentials, E> {
        Err(E::custom(
            "credentials must be an object of named texts, not one text",
        ))
    }

    /// serde's own refusal would quote the number.
    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Credentials, E> {
        Err(E::custom(
            "credentials must be an object of named texts, not a number",
        ))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Credentials, A::Error> {
        let mut credentials = Credentials::new();
        while let Some((name, secret)) = map.next_entry::<String, Secret>()? {
            if credentials.get(&name).is_some() {
                return Err(A::Error::custom(format_args!("{name} is given twice")));
            }
            credentials.insert(name, secret);
        }
        Ok(credentials)
    }
}

impl<N: Into<String>, T: Into<String>> FromIterator<(N, T)> for Credentials {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(pairs: I) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(name, text)| (name.into(), Secret::new(text)))
                .collect(),
        )
    }
}

impl Zeroize for Credentials {
    fn zeroize(&mut self) {
        // Each text wipes itself when it is dropped.
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::{Credentials, Secret};

    const CANARY: &str = "canary-9f3a-密钥-0001";

    fn sample() -> Credentials {
        [("app_secret", CANARY), ("app_id", "123")].into_iter().collect()
    }

    #[test]
    fn printing_and_serializing_show_stars() {
        let credentials = sample();
        let json = serde_json::to_string(&credentials).unwrap();
        for shown in [format!("{credentials:?}"), format!("{credentials:#?}"), json] {
            assert!(
                shown.contains("app_secret") && shown.contains("******"),
                "{shown}"
            );
            assert!(!shown.contains("canary"), "{shown}");
        }
    }

    #[test]
    fn masking_shows_the_end_of_long_texts_only() {
        assert_eq!(Secret::new("abcdefghijkl").masked(), "******ijkl");
        assert_eq!(Secret::new("abcdefghijk").masked(), "******");
        assert_eq!(Secret::new("密".repeat(12)).masked(), "******密密密密");
    }

    #[test]
    fn clear_json_comes_back_the_same() {
        let clear = sample().to_clear_json().unwrap();
        let back = Credentials::from_clear_json(&clear).unwrap();
        assert_eq!(back.expose("app_secret"), Some(CANARY));
        assert_eq!(back.len(), 2);
    }

    #[test]
    fn clear_json_never_outgrows_its_first_buffer() {
        let control = "\u{1}\"\\\n密".repeat(200);
        let credentials: Credentials = [("a", control.as_str()), ("b", "")].into_iter().collect();
        let room = 6 * (1 + control.len()) + 8 + 6 + 8 + 2;
        let clear = credentials.to_clear_json().unwrap();
        assert!(
            clear.len() <= room && clear.capacity() == room,
            "{} of {}",
            clear.len(),
            clear.capacity()
        );
    }

    #[test]
    fn whole_numbers_are_taken_by_their_digits() {
        let read: Credentials = serde_json::from_str(r#"{"app_id":9007199254740993}"#).unwrap();
        assert_eq!(read.expose("app_id"), Some("9007199254740993"));
    }

    #[test]
    fn refusals_do_not_quote_the_value() {
        for bad in [
            r#"{"secret":981276.5}"#,
            r#"{"secret":["canary-9f3a"]}"#,
            r#"{"secret":{"canary-9f3a":1}}"#,
            r#"{"secret":"canary-9f3a","secret":"x"}"#,
            r#""canary-9f3a""#,
            "9812765",
        ] {
            let message = serde_json::from_str::<Credentials>(bad).unwrap_err().to_string();
            assert!(
                !message.contains("981276") && !message.contains("canary"),
                "{message}"
            );
        }
    }

    #[test]
    fn merging_replaces_only_what_is_newer() {
        let mut credentials = sample();
        credentials.merge([("app_id", "456")].into_iter().collect());
        assert_eq!(credentials.expose("app_id"), Some("456"));
        assert_eq!(credentials.expose("app_secret"), Some(CANARY));
        assert!(credentials.remove("app_id") && !credentials.remove("app_id"));
    }
}
