//! `vectors`: known requests with their signatures, against the connectors and against the simulator's own code.

use crate::outcome::{Done, Failure, Outcome};
use crate::table::add;
use serde_json::{Map, Value, json};
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn run(folders: &[PathBuf]) -> Done {
    let mut rows = Vec::new();
    let mut text = String::new();
    let mut ok = true;
    for folder in folders {
        for path in files(folder)? {
            let file = read(&path)?;
            let mut checked = platforms::vectors::check(&file);
            checked.extend(erp::vectors::check(&file));
            checked.extend(printing::vectors::check(&file));
            checked.extend(simulated(&file));
            let failed: Vec<&str> = checked
                .iter()
                .filter(|(_, good)| !good)
                .map(|(name, _)| name.as_str())
                .collect();
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            ok &= failed.is_empty();
            add(
                &mut text,
                format_args!("{name} {}/{}\n", checked.len() - failed.len(), checked.len()),
            );
            for one in &failed {
                add(&mut text, format_args!("  失败：{one}\n"));
            }
            rows.push(
                json!({ "file": name, "passed": checked.len() - failed.len(), "total": checked.len(),
                "failed": failed }),
            );
        }
    }
    Ok(Outcome::judged(json!({ "files": rows }), text, ok))
}

fn unusable(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    Failure::refused("file_unusable", format!("读不了 {}：{why}", path.display()))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(|error| unusable(folder, &error))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unusable(folder, &error))?.path();
        if path.extension().is_some_and(|kind| kind == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Result<Value, Failure> {
    let bytes = fs::read(path).map_err(|error| unusable(path, &error))?;
    serde_json::from_slice(&bytes).map_err(|error| unusable(path, &error))
}

/// The same entries by the simulator's own signing code; those of schemes it does not play are left out.
fn simulated(file: &Value) -> Vec<(String, bool)> {
    let entries = file.get("vectors").and_then(Value::as_array);
    entries
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let text = |field: &str| entry.get(field).and_then(Value::as_str);
            let named = || format!("{} (simulator)", text("name").unwrap_or("?"));
            if let Some(holds) = sim::feie::verify::of_vector(entry) {
                return Some((named(), holds));
            }
            let expected = text("expected_sig")?;
            let secret = text("secret")?;
            let signature = if text("scheme") == Some("md5-v1") {
                sim::meituan::verify::signature(text("url")?, &pairs(entry.get("params")?)?, secret)
            } else if text("scheme") == Some("sha1-mtop") {
                sim::meituan_waimai::verify::signature(&pairs(entry.get("params")?)?, secret)
            } else if entry.get("scheme").is_none()
                && entry.get("cmd").is_some()
                && entry.get("body_text").is_some()
            {
                sim::ebai::verify::signature(&cmd(entry)?, secret)
            } else if let (Some(action), Some(app_key)) = (text("action"), entry.get("app_key")) {
                let mut metas = Map::new();
                metas.insert("app_key".to_owned(), app_key.clone());
                metas.insert("timestamp".to_owned(), entry.get("timestamp")?.clone());
                let params = entry.get("params")?.as_object()?;
                sim::eleme::verify::signature(action, text("token")?, &metas, params, secret)
            } else if let Some(params) = jd_form(entry) {
                sim::jddj::verify::signature(&pairs(params)?, secret)
            } else if let Some(message) = nop_push(entry) {
                sim::eleme::verify::push_signature(message, secret)
            } else if let Some(message) = entry.get("message") {
                sim::ama::verify::signature(&pairs(message)?, secret)
            } else if let Some(signature) = by_kind(entry) {
                signature
            } else {
                sim::doudian::verify::of_vector(entry)?
            };
            Some((named(), signature == expected))
        })
        .collect()
}

/// Services that name the kind of what is signed.
fn by_kind(entry: &Value) -> Option<String> {
    sim::douyin_laike::verify::of_vector(entry)
        .or_else(|| sim::jushuitan::verify::of_vector(entry))
        .or_else(|| sim::wangdiantong::verify::of_vector(entry))
}

/// A form of 京东到家, a request's or a callback's: parameters alone, with the key and the format among them.
fn jd_form(entry: &Value) -> Option<&Value> {
    let params = entry.get("params")?;
    let bare = entry.get("scheme").is_none() && entry.get("action").is_none();
    let has = |name: &str| params.get(name).is_some();
    (bare && has("app_key") && has("format") && !has("method")).then_some(params)
}

fn nop_push(entry: &Value) -> Option<&Map<String, Value>> {
    let message = entry.get("message")?.as_object()?;
    (message.contains_key("requestId") && message.contains_key("appId")).then_some(message)
}

fn pairs(object: &Value) -> Option<Vec<(String, String)>> {
    object
        .as_object()?
        .iter()
        .map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

fn cmd(entry: &Value) -> Option<Vec<(String, String)>> {
    let text = |field: &str| entry.get(field).and_then(Value::as_str);
    let mut fields = vec![("body".to_owned(), text("body_text")?.to_owned())];
    for field in [
        "cmd",
        "source",
        "ticket",
        "timestamp",
        "version",
        "encrypt",
        "fields",
        "access_token",
    ] {
        fields.extend(text(field).map(|value| (field.to_owned(), value.to_owned())));
    }
    Some(fields)
}
