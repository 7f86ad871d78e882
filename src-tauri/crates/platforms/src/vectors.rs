//! Checks signing vectors (files of known requests with their signatures) against the connectors' own signing code.

use crate::{doudian, douyin_laike, ebai, eleme, jddj, meituan_open};
use serde_json::Value;

/// Checks every entry under `vectors` that belongs to a platform of this crate, recognised by its shape: `scheme` for
/// 美团, `cmd` with `body_text` for 饿百, `kind` with `app_key` and its own fields for 抖店, `action` with `app_key` or a
/// `message` with `requestId` and `appId` for 饿了么, `params` with `app_key` and `format` for 京东到家, `kind` with a
/// `header` of its own for 抖音来客. Gives the entry's name and whether the signature is the expected one.
/// Entries of other services, and those under `ambiguous`, are left out; an entry that lacks a field fails.
pub fn check(file: &Value) -> Vec<(String, bool)> {
    let entries = file.get("vectors").and_then(Value::as_array);
    entries
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let signature = match (text(entry, "scheme"), entry.get("body_text")) {
                (Some("md5-v1" | "sha1-mtop"), _) => meituan(entry),
                (None, Some(_)) if entry.get("cmd").is_some() => cmd(entry),
                (None, None) if entry.get("action").is_some() && entry.get("app_key").is_some() => nop(entry),
                (None, None) if is_nop_push(entry) => nop_push(entry),
                (None, None) if is_jd_form(entry) => jd_form(entry),
                (None, None) if is_life(entry) => life(entry),
                (None, None) => doudian(entry)?,
                _ => return None,
            };
            let name = text(entry, "name").unwrap_or("?").to_owned();
            let good = signature.is_some() && signature.as_deref() == text(entry, "expected_sig");
            Some((name, good))
        })
        .collect()
}

fn meituan(entry: &Value) -> Option<String> {
    let params: Vec<(&str, &str)> = entry
        .get("params")?
        .as_object()?
        .iter()
        .map(|(name, value)| value.as_str().map(|value| (name.as_str(), value)))
        .collect::<Option<_>>()?;
    let secret = text(entry, "secret")?;
    match text(entry, "scheme")? {
        "md5-v1" => Some(meituan_open::sign::md5_v1(text(entry, "url")?, &params, secret)),
        "sha1-mtop" => Some(meituan_open::sign::sha1_mtop(&params, secret)),
        _ => None,
    }
}

fn cmd(entry: &Value) -> Option<String> {
    let mut fields = Vec::new();
    for field in ["cmd", "source", "ticket", "timestamp", "version", "encrypt"] {
        fields.push((field, text(entry, field)?));
    }
    fields.push(("body", text(entry, "body_text")?));
    for field in ["fields", "access_token"] {
        fields.extend(text(entry, field).map(|value| (field, value)));
    }
    Some(ebai::sign::md5_upper(&fields, text(entry, "secret")?))
}

/// `None` for an entry of another service, `Some(None)` for one that lacks a field.
#[expect(clippy::option_option, reason = "not ours and not complete are two things")]
fn doudian(entry: &Value) -> Option<Option<String>> {
    let app_key = text(entry, "app_key")?;
    match text(entry, "kind")? {
        "api" if entry.get("param_json").is_some() => Some(api(entry, app_key)),
        "spi" if entry.get("param_json").is_some() => Some(spi(entry, app_key)),
        "push" if text(entry, "header") == Some("event-sign") => {
            let signed = text(entry, "body").zip(text(entry, "secret"));
            Some(signed.map(|(body, secret)| doudian::sign::push(app_key, body, secret)))
        }
        _ => None,
    }
}

/// The text that is sent is made from what goes in, so that the order of keys is checked too.
fn param_json(entry: &Value) -> Option<String> {
    let params: Value = serde_json::from_str(text(entry, "params_input")?).ok()?;
    let made = doudian::sign::canonical(&params);
    (Some(made.as_str()) == text(entry, "param_json")).then_some(made)
}

fn api(entry: &Value, app_key: &str) -> Option<String> {
    Some(doudian::sign::hmac_lower(
        app_key,
        text(entry, "method")?,
        &param_json(entry)?,
        text(entry, "timestamp")?,
        text(entry, "secret")?,
    ))
}

fn nop(entry: &Value) -> Option<String> {
    Some(eleme::sign::request(
        text(entry, "action")?,
        text(entry, "token")?,
        text(entry, "app_key")?,
        entry.get("timestamp")?.as_i64()?,
        entry.get("params")?.as_object()?,
        text(entry, "secret")?,
    ))
}

fn spi(entry: &Value, app_key: &str) -> Option<String> {
    doudian::sign::spi(
        app_key,
        &param_json(entry)?,
        text(entry, "timestamp")?,
        text(entry, "sign_method")?,
        text(entry, "secret")?,
    )
}

fn is_nop_push(entry: &Value) -> bool {
    let message = entry.get("message");
    message.is_some_and(|message| message.get("requestId").is_some() && message.get("appId").is_some())
}

fn nop_push(entry: &Value) -> Option<String> {
    let message = entry.get("message")?.as_object()?;
    Some(eleme::sign::push(message, text(entry, "secret")?))
}

/// A form of 京东到家, a request's or a callback's.
fn is_jd_form(entry: &Value) -> bool {
    let params = entry.get("params");
    // A gateway of another service has the same two, and names its method among them.
    let has = |name: &str| params.is_some_and(|params| params.get(name).is_some());
    has("app_key") && has("format") && !has("method")
}

fn jd_form(entry: &Value) -> Option<String> {
    let params: Vec<(&str, &str)> = entry
        .get("params")?
        .as_object()?
        .iter()
        .map(|(name, value)| value.as_str().map(|value| (name.as_str(), value)))
        .collect::<Option<_>>()?;
    Some(jddj::sign::md5_upper(&params, text(entry, "secret")?))
}

/// A webhook or an SPI call of 抖音来客.
fn is_life(entry: &Value) -> bool {
    matches!(
        (text(entry, "kind"), text(entry, "header")),
        (Some("webhook"), Some("X-Douyin-Signature")) | (Some("spi"), Some("x-life-sign"))
    )
}

fn life(entry: &Value) -> Option<String> {
    let (secret, body) = (text(entry, "secret")?, text(entry, "body")?.as_bytes());
    if text(entry, "kind") == Some("webhook") {
        return Some(douyin_laike::sign::webhook(secret, body));
    }
    let (_, query) = text(entry, "url")?.split_once('?')?;
    let query: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let pairs: Vec<(&str, &str)> = query
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    Some(douyin_laike::sign::spi(secret, &pairs, body))
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
        let file = json!({"vectors": [
            {"name": "good", "scheme": "md5-v1", "url": "https://waimaiopen.meituan.com/api/v1/poi/mget",
             "params": {"app_id": "9001", "app_poi_codes": "T001,T002", "timestamp": "1700000000"},
             "secret": "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "expected_sig": "221d583b822f2dc1b1842d642b5239fb"},
            {"name": "bad", "scheme": "md5-v1", "url": "https://example.com/", "params": {}, "secret": "s",
             "expected_sig": "00000000000000000000000000000000"},
            {"name": "incomplete", "cmd": "shop.list", "body_text": "{}"},
            {"name": "foreign", "kind": "openweb", "params": {}}
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
