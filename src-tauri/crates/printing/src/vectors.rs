//! Checks signing vectors (files of known requests with their signatures) against the connectors' own signing code.

use crate::feie::sign;
use serde_json::Value;

/// Checks every entry under `vectors` that belongs to a printer of this crate, recognised by its `kind`: `request_sha1`
/// with a `ukey`, `callback_rsa_sha256` with a `public_key_pem`. Gives the entry's name and whether the signature is the
/// expected one. Other entries are left out; an entry that lacks a field fails.
pub fn check(file: &Value) -> Vec<(String, bool)> {
    let entries = file.get("vectors").and_then(Value::as_array);
    entries
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let good = match text(entry, "kind")? {
                "request_sha1" if entry.get("ukey").is_some() => request(entry),
                "callback_rsa_sha256" if entry.get("public_key_pem").is_some() => callback(entry),
                _ => return None,
            };
            Some((
                text(entry, "name").unwrap_or("?").to_owned(),
                good.unwrap_or(false),
            ))
        })
        .collect()
}

fn request(entry: &Value) -> Option<bool> {
    let made = sign::request(text(entry, "user")?, text(entry, "ukey")?, text(entry, "stime")?);
    Some(made == text(entry, "expected_sig")?)
}

fn callback(entry: &Value) -> Option<bool> {
    let body = entry.get("body")?;
    Some(sign::callback_holds(
        text(entry, "public_key_pem")?,
        [
            text(body, "orderId")?,
            text(body, "status")?,
            text(body, "stime")?,
        ],
        text(entry, "expected_sig")?,
    ))
}

fn text<'a>(entry: &'a Value, field: &str) -> Option<&'a str> {
    entry.get(field).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::check;
    use serde_json::json;

    #[test]
    fn a_wrong_signature_fails_and_foreign_entries_are_left_out() {
        let entry = |name: &str, sig: &str| {
            json!({"name": name, "kind": "request_sha1", "user": "demo@example.com", "ukey": "demokey123",
                "stime": "1700000000", "expected_sig": sig})
        };
        let file = json!({"vectors": [
            entry("good", "ff5e6bd214af4ba247c6d9b46ea13708a577e50e"),
            entry("bad", "ff5e6bd214af4ba247c6d9b46ea13708a577e50f"),
            {"name": "incomplete", "kind": "request_sha1", "ukey": "k"},
            {"name": "foreign", "kind": "spi"}
        ]});
        assert_eq!(
            check(&file),
            [
                ("good".into(), true),
                ("bad".into(), false),
                ("incomplete".into(), false)
            ]
        );
    }
}
