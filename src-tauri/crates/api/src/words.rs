//! Words by code, from `assets/messages`: what the window, the CLI and the reports show to a person.

use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const ZH: &str = include_str!("../../../../assets/messages/zh-CN.toml");
const EN: &str = include_str!("../../../../assets/messages/en.toml");

/// The words of one language.
pub struct Words(Value);

/// The words of a language: English for `en`, else Chinese, which is complete and comes first.
pub fn words(lang: &str) -> &'static Words {
    static CHINESE: OnceLock<Words> = OnceLock::new();
    static ENGLISH: OnceLock<Words> = OnceLock::new();
    if lang == "en" {
        ENGLISH.get_or_init(|| Words::read(EN))
    } else {
        CHINESE.get_or_init(|| Words::read(ZH))
    }
}

impl Words {
    fn read(text: &str) -> Self {
        // The files are part of the program and a test reads them; codes stand for themselves should that ever fail.
        Self(toml::from_str(text).unwrap_or_else(|error| {
            tracing::error!(%error, "the words cannot be read");
            Value::Null
        }))
    }

    /// All of them, nested.
    pub fn all(&self) -> &Value {
        &self.0
    }

    /// The text under a dotted key.
    pub fn text(&self, key: &str) -> Option<&str> {
        let mut place = &self.0;
        for part in key.split('.') {
            place = place.get(part)?;
        }
        place.as_str()
    }

    /// The sentence of a code with its values; a code without words stands for itself.
    pub fn sentence(&self, code: &str, params: &BTreeMap<String, String>) -> String {
        let keys = ["", ".title", ".what", ".text", ".label"];
        let text = keys.iter().find_map(|end| self.text(&format!("{code}{end}")));
        text.map_or_else(|| code.to_owned(), |text| fill(text, params))
    }

    /// What to do about a code: its `advice`, or why it happened.
    pub fn advice(&self, code: &str, params: &BTreeMap<String, String>) -> Option<String> {
        let keys = [".advice", ".why"];
        let text = keys.iter().find_map(|end| self.text(&format!("{code}{end}")))?;
        Some(fill(text, params))
    }

    /// The sentence of a failed command.
    pub fn error(&self, code: &str, params: &BTreeMap<String, String>) -> String {
        let key = ["error.", ""]
            .iter()
            .map(|start| format!("{start}{code}"))
            .find(|key| self.sentence(key, params) != *key);
        key.map_or_else(|| code.to_owned(), |key| self.sentence(&key, params))
    }
}

/// Puts values into a text; an unknown name stays visible instead of vanishing.
pub fn fill(text: &str, params: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let Some(end) = rest[start..].find('}') else {
            break;
        };
        out.push_str(&rest[..start]);
        let whole = &rest[start..=start + end];
        out.push_str(
            params
                .get(&whole[1..whole.len() - 1])
                .map_or(whole, String::as_str),
        );
        rest = &rest[start + end + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
