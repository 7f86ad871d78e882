//! Checks signing vectors (files of known messages with their signatures) against the connectors' own signing code.

use crate::ama;
use serde_json::Value;

/// Checks every entry under `vectors` that belongs to an ERP of this crate, recognised by its shape: a `message`
/// with `notice_type` or `merchant_type` for 乐檬 AMA. Gives the entry's name and whether the signature is the expected one. Entries of other services, and those
/// under `ambiguous`, are left out; an entry that lacks a field fails.
pub fn check(file: &Value) -> Vec<(String, bool)> {
    let entries = file.get("vectors").and_then(Value::as_array);
    entries
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let message = entry.get("message")?.as_object()?;
            if !message.contains_key("notice_type") && !message.contains_key("merchant_type") {
                return None;
            }
            let text = |field: &str| entry.get(field).and_then(Value::as_str);
            let fields: Option<Vec<(&str, &str)>> = message
                .iter()
                .map(|(name, value)| value.as_str().map(|value| (name.as_str(), value)))
                .collect();
            let signature = fields
                .zip(text("secret"))
                .map(|(fields, secret)| ama::sign::message(&fields, secret));
            let good = signature.is_some() && signature.as_deref() == text("expected_sig");
            Some((text("name").unwrap_or("?").to_owned(), good))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use serde_json::json;

    #[test]
    fn a_wrong_signature_fails_and_foreign_entries_are_left_out() {
        let message = json!({"trace_id": "t", "merchant_type": "BOOK", "merchant_id": "1", "notice_type": "n",
            "app_id": "demo", "body": "{\"a\":1}"});
        let entry = |name: &str, sig: &str| json!({"name": name, "message": message, "secret": "demosecret", "expected_sig": sig});
        let file = json!({"vectors": [
            entry("good", "951b2395a6902f3e2be851c555f62fe3"),
            entry("bad", "951b2395a6902f3e2be851c555f62fe4"),
            {"name": "foreign", "kind": "openweb", "params": {}},
            {"name": "another message", "message": {"orderId": "1"}}
        ]});
        assert_eq!(check(&file), [("good".into(), true), ("bad".into(), false)]);
    }
}
