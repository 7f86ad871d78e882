//! Every code that the program can say has words in both languages, with the same values in both.

use super::{fill, words};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn flat(prefix: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            into.insert(prefix.to_owned(), text.clone());
        }
        Value::Object(fields) => {
            for (name, inner) in fields {
                let key = if prefix.is_empty() {
                    name.clone()
                } else {
                    format!("{prefix}.{name}")
                };
                flat(&key, inner, into);
            }
        }
        _ => {}
    }
}

fn table(lang: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    flat("", words(lang).all(), &mut all);
    all
}

fn holes(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
        .collect()
}

/// Sources of a crate, tests beside the code left out.
fn sources(name: &str) -> Vec<String> {
    fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                into.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(name)
        .join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files
        .into_iter()
        .filter(|path| !path.to_string_lossy().contains("tests"))
        .map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned()
        })
        .collect()
}

/// String literals that stand directly after a text in the sources of a crate.
fn literals_after(crate_name: &str, before: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for text in sources(crate_name) {
        for (at, _) in text.match_indices(before) {
            let rest = text[at + before.len()..].trim_start();
            if let Some(literal) = rest.strip_prefix('"').and_then(|rest| rest.split('"').next()) {
                found.insert(literal.to_owned());
            }
        }
    }
    found
}

/// All literals of a crate that begin with a prefix, such as `"batch.`.
fn literals_of(crate_name: &str, prefix: &str) -> BTreeSet<String> {
    let start = format!("\"{prefix}");
    let mut found = BTreeSet::new();
    for text in sources(crate_name) {
        for (at, _) in text.match_indices(&start) {
            let literal = text[at + 1..].split('"').next().unwrap();
            if literal.len() > prefix.len() && !literal.contains(['{', ' ']) {
                found.insert(literal.to_owned());
            }
        }
    }
    found
}

fn missing(codes: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut missing = Vec::new();
    for code in codes {
        for lang in ["zh-CN", "en"] {
            if words(lang).sentence(&code, &BTreeMap::new()) == code {
                missing.push(format!("{lang}: {code}"));
            }
        }
    }
    missing
}

#[test]
fn both_languages_have_the_same_words_with_the_same_values() {
    let (chinese, english) = (table("zh-CN"), table("en"));
    assert!(chinese.len() > 100, "the words are read");
    let keys = |table: &BTreeMap<String, String>| table.keys().cloned().collect::<BTreeSet<_>>();
    let different: Vec<_> = keys(&chinese)
        .symmetric_difference(&keys(&english))
        .cloned()
        .collect();
    assert!(different.is_empty(), "in one language only: {different:?}");
    let holed: Vec<_> = chinese
        .iter()
        .filter(|(key, text)| holes(text) != holes(&english[*key]))
        .map(|(key, _)| key)
        .collect();
    assert!(holed.is_empty(), "other values in the other language: {holed:?}");
}

#[test]
fn every_error_code_has_words() {
    let mut codes = BTreeSet::new();
    for name in ["engine", "api"] {
        for before in ["refused(", "refused_with(", "code: ", "ApiError::new("] {
            codes.extend(literals_after(name, before));
        }
    }
    codes.extend(literals_after("storage", "Conflict { what: "));
    for state in ["no_service", "no_collection", "locked", "missing", "broken"] {
        codes.insert(format!("vault.{state}"));
    }
    for text in sources("sheets") {
        let literals = text.split('"').skip(1).step_by(2);
        let of_sheets = literals.filter(|literal| literal.starts_with("sheet_"));
        codes.extend(of_sheets.map(str::to_owned));
    }
    assert!(codes.contains("sheet_bomb"), "{codes:?}");
    // The arms of `EngineError::code`.
    for text in sources("engine") {
        let Some((_, body)) = text.split_once("pub fn code(&self) -> &'static str {") else {
            continue;
        };
        let body = body.split("/// Values for the words.").next().unwrap();
        codes.extend(
            body.split("=> \"")
                .skip(1)
                .map(|arm| arm.split('"').next().unwrap().to_owned()),
        );
    }
    assert!(codes.len() > 20, "{codes:?}");
    let missing = missing(codes.into_iter().map(|code| format!("error.{code}")));
    assert!(missing.is_empty(), "without words: {missing:#?}");
}

/// Whether a literal is the id of a row of the list of problems or of a picture check.
fn is_row(literal: &str) -> bool {
    let digits = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    if let Some(rest) = literal.strip_prefix("IMG") {
        return digits(rest);
    }
    let Some(rest) = literal.strip_prefix('F') else {
        return false;
    };
    digits(rest.trim_end_matches(|c: char| c.is_ascii_lowercase())) && rest.len() <= 3
}

/// Every cause an exception or a finding can have: rows named in Rust or by a rule pack, and those of our own.
fn causes() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for name in ["domain", "engine", "images", "api", "platforms", "erp"] {
        for text in sources(name) {
            let literals = text.split('"').skip(1).step_by(2);
            codes.extend(literals.filter(|literal| is_row(literal)).map(str::to_owned));
        }
    }
    for constant in ["UNKNOWN_OUTCOME", "UNRECOGNIZED", "NO_ERP", "NOT_READ"] {
        let found = literals_after("engine", &format!("const {constant}: &str ="));
        assert_eq!(found.len(), 1, "{constant}");
        codes.extend(found);
    }
    for rule in domain::preflight::RULES {
        codes.extend(rule.ids.iter().map(|id| (*id).to_owned()));
    }
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/rules");
    for pack in std::fs::read_dir(packs).unwrap() {
        let text = std::fs::read_to_string(pack.unwrap().path()).unwrap();
        let named = text.lines().filter_map(|line| line.strip_prefix("cause = \""));
        codes.extend(named.map(|rest| rest.trim_end_matches('"').to_owned()));
    }
    codes
}

#[test]
fn every_cause_says_what_and_why_and_what_many_of_it_are_called() {
    let causes = causes();
    assert!(
        causes.len() > 60 && causes.contains("F01c") && causes.contains("UNKNOWN"),
        "{causes:?}"
    );
    let mut missing = Vec::new();
    for (cause, lang) in causes
        .iter()
        .flat_map(|cause| ["zh-CN", "en"].map(|lang| (cause, lang)))
    {
        let text = |part: &str| words(lang).text(&format!("finding.{cause}.{part}"));
        let mut parts = vec!["what", "why"];
        // A group's heading has no values to put in.
        if text("what").is_none_or(|what| !holes(what).is_empty()) {
            parts.push("many");
        }
        let empty = |part: &&str| text(part).is_none_or(|text| text.trim().is_empty());
        let lacking = parts.into_iter().filter(empty);
        missing.extend(lacking.map(|part| format!("{lang}: finding.{cause}.{part}")));
    }
    assert!(missing.is_empty(), "without words: {missing:#?}");
}

#[test]
fn every_reason_for_closing_refusing_and_leaving_out_has_words() {
    let mut codes = BTreeSet::new();
    // Why an order was closed: what storage is told, and the two reasons of the platform.
    let closed = literals_after("engine", "set_closed(tx, order,");
    assert_eq!(closed, BTreeSet::from(["by_manager".to_owned()]));
    codes.extend(
        closed
            .into_iter()
            .chain(["cancelled", "refunded"].map(str::to_owned))
            .map(|code| format!("closed.{code}")),
    );
    // Cells, pictures and rows of a sheet that were not taken.
    for before in ["Cell::Refused(", "Err("] {
        let found = sources("engine").into_iter().flat_map(|text| {
            let starts: Vec<usize> = text
                .match_indices(before)
                .map(|(at, _)| at + before.len())
                .collect();
            starts
                .into_iter()
                .filter_map(|at| text[at..].strip_prefix('"')?.split('"').next().map(str::to_owned))
                .collect::<Vec<_>>()
        });
        codes.extend(
            found
                .filter(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
                .map(|code| format!("edit.{code}")),
        );
    }
    for code in literals_after("engine", "failure(&name, ") {
        codes.insert(format!("picture.{code}"));
    }
    for text in sources("sheets") {
        let Some((_, body)) = text.split_once("impl RejectionCode {") else {
            continue;
        };
        let body = body.split("\n}").next().unwrap();
        codes.extend(
            body.split("=> \"")
                .skip(1)
                .map(|arm| format!("import.{}", arm.split('"').next().unwrap())),
        );
    }
    codes.insert("import.ambiguous".to_owned());
    codes
        .extend(engine::matching::sheet::BindingFault::ALL.map(|fault| format!("bindings.{}", fault.name())));
    for known in ["edit.too_fine", "import.digits_lost", "picture.IMG07"] {
        assert!(
            codes.contains(known) || known.starts_with("picture"),
            "{known}: {codes:?}"
        );
    }
    let missing = missing(codes);
    assert!(missing.is_empty(), "without words: {missing:#?}");
}

#[test]
fn errors_of_bad_input_say_what_to_do() {
    let mut codes: BTreeSet<String> = [
        "disk_full",
        "file_newer",
        "file_damaged",
        "file_unusable",
        "in_use",
        "migration_failed",
        "malformed_answer",
        "authorization_refused",
        "authorization_expired",
        "unreachable",
        "no_answer",
        "picture_unusable",
    ]
    .map(str::to_owned)
    .into();
    for text in sources("sheets") {
        let literals = text.split('"').skip(1).step_by(2);
        let of_sheets = literals.filter(|literal| literal.starts_with("sheet_"));
        codes.extend(of_sheets.map(str::to_owned));
    }
    for (code, lang) in codes
        .iter()
        .flat_map(|code| ["zh-CN", "en"].map(|lang| (code, lang)))
    {
        for part in ["title", "advice"] {
            let text = words(lang).text(&format!("error.{code}.{part}"));
            assert!(text.is_some_and(|text| !text.is_empty()), "{lang}: {code}.{part}");
        }
    }
}

#[test]
fn every_title_event_kind_and_check_has_words() {
    let mut codes = BTreeSet::new();
    for name in ["engine", "api"] {
        codes.extend(literals_of(name, "batch."));
        codes.extend(literals_of(name, "order."));
        codes.extend(literals_of(name, "step."));
    }
    codes.extend(
        literals_after("engine", "start_job(")
            .into_iter()
            .map(|kind| format!("job.{kind}")),
    );
    for text in sources("engine") {
        let Some((_, body)) = text.split_once("fn check(ok: bool, good: &'static str, bad: &'static str)")
        else {
            continue;
        };
        for call in body.split("check(").skip(1) {
            let codes_in_call = call.split('"').skip(1).step_by(2).take(2);
            let plain = codes_in_call.filter(|code| code.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
            codes.extend(plain.map(|code| format!("doctor.{code}")));
        }
    }
    for state in [
        "ready",
        "no_service",
        "no_collection",
        "locked",
        "missing",
        "broken",
    ] {
        codes.insert(format!("vault.{state}"));
    }
    for layer in ["key", "signature", "permission", "store", "orders"] {
        codes.insert(format!("step.{layer}.ok"));
        codes.insert(format!("step.{layer}.name"));
    }
    assert!(codes.len() > 40, "{codes:?}");
    let missing = missing(codes);
    assert!(missing.is_empty(), "without words: {missing:#?}");
}

#[test]
fn values_are_put_in_and_unknown_ones_stay_visible() {
    let params = BTreeMap::from([("name".to_owned(), "可乐".to_owned())]);
    assert_eq!(fill("「{name}」{other} {", &params), "「可乐」{other} {");
}
