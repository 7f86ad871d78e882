//! Every code that this crate hands out has words in both languages.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, out: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            sources(&path, out);
        } else if !matches!(name.as_str(), "tests.rs" | "words.rs" | "measured.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            // Unit tests at the end of a file use codes of their own making.
            out.push(text.split("#[cfg(test)]").next().unwrap().to_owned());
        }
    }
}

fn crate_sources() -> Vec<String> {
    let mut out = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut out);
    out
}

/// The string literals that follow one of these openings.
fn literals(openings: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for source in crate_sources() {
        for opening in openings {
            for rest in source.split(opening).skip(1) {
                if let Some(text) = rest.trim_start().strip_prefix('"') {
                    found.extend(text.split('"').next().map(str::to_owned));
                }
            }
        }
    }
    found
}

fn words(language: &str) -> toml::Table {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../assets/messages");
    std::fs::read_to_string(root.join(format!("{language}.toml")))
        .unwrap()
        .parse()
        .unwrap()
}

fn assert_words(section: &str, codes: &BTreeSet<String>, fields: &[&str]) {
    assert!(!codes.is_empty());
    for language in ["zh-CN", "en"] {
        let words = words(language);
        for code in codes {
            for field in fields {
                let text = words
                    .get(section)
                    .and_then(|s| s.get(code))
                    .and_then(|c| c.get(field));
                let text = text.and_then(toml::Value::as_str).unwrap_or_default();
                assert!(
                    !text.is_empty(),
                    "{language}: no words for {section}.{code}.{field}"
                );
            }
        }
    }
}

#[test]
fn findings_and_causes_have_words() {
    let mut codes = literals(&[
        "Cause::new(",
        "start(",
        "Finding::new(",
        "about_product(",
        "about(",
    ]);
    codes.extend(
        crate::preflight::RULES
            .iter()
            .flat_map(|rule| rule.ids)
            .map(|id| (*id).to_owned()),
    );
    assert!(codes.contains("F19b") && codes.contains("F01f"));
    assert_words("finding", &codes, &["what", "why"]);
}

#[test]
fn reasons_have_words() {
    let codes = literals(&["Reason::new(", "evidence("]);
    assert!(codes.contains("would_blank") && codes.contains("item_code_unclean"));
    assert_words("reason", &codes, &["text"]);
}

#[test]
fn remedies_have_words() {
    let source = include_str!("finding.rs");
    let body = source
        .split("pub enum Remedy {")
        .nth(1)
        .unwrap()
        .split("\n}")
        .next()
        .unwrap();
    let variants = body.lines().filter_map(|line| {
        line.strip_prefix("    ")
            .filter(|l| l.starts_with(char::is_uppercase))
    });
    let snake = |name: &str| {
        let mut out = String::new();
        for c in name.chars().take_while(char::is_ascii_alphabetic) {
            if c.is_ascii_uppercase() && !out.is_empty() {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
        }
        out
    };
    let codes: BTreeSet<String> = variants.map(snake).collect();
    assert!(codes.contains("skip_barcode") && codes.len() > 20);
    assert_words("remedy", &codes, &["label"]);
}

#[test]
fn both_languages_use_the_same_values() {
    let (zh, en) = (words("zh-CN"), words("en"));
    let values = |text: &str| -> BTreeSet<String> {
        text.split('{')
            .skip(1)
            .filter_map(|rest| rest.split('}').next())
            .map(str::to_owned)
            .collect()
    };
    for section in ["finding", "remedy", "reason"] {
        for (code, fields) in zh[section].as_table().unwrap() {
            for (field, text) in fields.as_table().unwrap() {
                let other = en[section][code][field].as_str().unwrap();
                let extra: Vec<String> = values(other)
                    .difference(&values(text.as_str().unwrap()))
                    .cloned()
                    .collect();
                assert!(
                    extra.is_empty(),
                    "{section}.{code}.{field}: only in English: {extra:?}"
                );
            }
        }
    }
}
