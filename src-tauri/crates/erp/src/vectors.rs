//! Checks signing vectors (files of known messages with their signatures) against the connectors' own signing code.

use crate::{ama, jushuitan, wangdiantong};
use serde_json::Value;

/// Checks every entry under `vectors` that belongs to an ERP of this crate, recognised by its shape: a `message`
/// with `notice_type` or `merchant_type` for 乐檬 AMA, `kind` `openweb` or `legacy_query_aspx` for 聚水潭, `enterprise` or
/// `flagship` for 旺店通. Gives the entry's name and whether the signature is the expected one. Entries of other services,
/// and those under `ambiguous`, are left out; an entry that lacks a field fails.
pub fn check(file: &Value) -> Vec<(String, bool)> {
    let entries = file.get("vectors").and_then(Value::as_array);
    entries
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let signature = if is_message(entry) {
                message(entry)
            } else {
                match text(entry, "kind")? {
                    "openweb" => openweb(entry),
                    "legacy_query_aspx" => query_aspx(entry),
                    "enterprise" => enterprise(entry),
                    "flagship" => flagship(entry),
                    _ => return None,
                }
            };
            let good = signature.is_some() && signature.as_deref() == text(entry, "expected_sig");
            Some((text(entry, "name").unwrap_or("?").to_owned(), good))
        })
        .collect()
}

fn text<'a>(entry: &'a Value, field: &str) -> Option<&'a str> {
    entry.get(field).and_then(Value::as_str)
}

fn pairs<'a>(entry: &'a Value, field: &str) -> Option<Vec<(&'a str, &'a str)>> {
    let fields = entry.get(field)?.as_object()?;
    fields
        .iter()
        .map(|(name, value)| value.as_str().map(|value| (name.as_str(), value)))
        .collect()
}

fn is_message(entry: &Value) -> bool {
    let message = entry.get("message");
    message
        .is_some_and(|message| message.get("notice_type").is_some() || message.get("merchant_type").is_some())
}

fn message(entry: &Value) -> Option<String> {
    Some(ama::sign::message(
        &pairs(entry, "message")?,
        text(entry, "secret")?,
    ))
}

fn openweb(entry: &Value) -> Option<String> {
    Some(jushuitan::sign::openweb(
        &pairs(entry, "params")?,
        text(entry, "secret")?,
    ))
}

fn query_aspx(entry: &Value) -> Option<String> {
    let params = entry.get("params")?;
    let of = |field| text(params, field);
    Some(jushuitan::sign::query_aspx(
        of("method")?,
        of("partnerid")?,
        of("token")?,
        of("ts")?,
        text(entry, "secret")?,
    ))
}

fn enterprise(entry: &Value) -> Option<String> {
    Some(wangdiantong::sign::enterprise(
        &pairs(entry, "params")?,
        text(entry, "secret")?,
    ))
}

fn flagship(entry: &Value) -> Option<String> {
    Some(wangdiantong::sign::flagship(
        &pairs(entry, "query")?,
        text(entry, "body")?,
        text(entry, "secret")?,
    ))
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
            {"name": "foreign", "kind": "api", "params": {}},
            {"name": "not complete", "kind": "openweb", "params": {}},
            {"name": "another message", "message": {"orderId": "1"}}
        ]});
        assert_eq!(
            check(&file),
            [
                ("good".into(), true),
                ("bad".into(), false),
                ("not complete".into(), false)
            ]
        );
    }
}
