//! Names of platforms and ERPs, and where they may not stand.

use crate::tree::{Source, assert_none, below};

/// Every platform, ERP and printer cloud by the words of its id.
const IDS: &[&str] = &[
    "ama",
    "amazon",
    "doudian",
    "douyin",
    "ebai",
    "eleme",
    "feie",
    "jddj",
    "jushuitan",
    "meituan",
    "taobao",
    "tryton",
    "wangdiantong",
];

/// The same as people write them.
const CHINESE: &[&str] = &[
    "亚马逊",
    "乐檬",
    "京东到家",
    "抖店",
    "抖音",
    "旺店通",
    "淘宝",
    "美团",
    "聚水潭",
    "饿了么",
    "饿百",
    "飞鹅",
];

/// Where the UI may name a platform, with the reason.
const UI_EXCEPTIONS: &[(&str, &str)] = &[
    (
        "ui/src/shared/platforms/",
        "their marks: logo, colour, short name",
    ),
    (
        "ui/src/app/theme/tokens.css",
        "the colours of their marks, which differ between light and dark",
    ),
    (
        "ui/src/api/generated/",
        "made from the connectors' own descriptors",
    ),
];

/// Names of platforms in a text, with the lines they stand on.
pub(crate) fn named_platforms(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let words = words(line);
        let latin = IDS.iter().filter(|id| words.iter().any(|word| word == *id));
        let chinese = CHINESE.iter().filter(|name| line.contains(**name));
        found.extend(latin.chain(chinese).map(|name| (index + 1, (*name).to_owned())));
    }
    found
}

/// Words of identifiers in lower case: `EbaiClient` and `ebai_client` both hold `ebai`; `parameter` does not
/// hold `ama`.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for char in line.chars() {
        let starts_word = char.is_ascii_uppercase() && !before.is_ascii_uppercase();
        if starts_word || !char.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if char.is_ascii_alphanumeric() {
            words.last_mut().unwrap().push(char.to_ascii_lowercase());
        }
        before = char;
    }
    words.retain(|word| !word.is_empty());
    words
}

fn violations(files: impl Iterator<Item = &'static Source>) -> Vec<String> {
    files
        .flat_map(|file| {
            let named = named_platforms(&file.text);
            named
                .into_iter()
                .map(|(line, name)| format!("{}:{line}: {name}", file.path))
        })
        .collect()
}

#[test]
fn engine_names_no_platform() {
    let found = violations(below("src-tauri/crates/engine/src/", &[".rs", ".toml", ".sql"]));
    assert_none(
        &found,
        "engine gets limits, keys and rules from descriptors and rule packs",
    );
}

#[test]
fn the_ui_names_platforms_only_where_their_marks_are() {
    let pages = below("ui/src/", &[".ts", ".tsx", ".css"]);
    let pages = pages.filter(|file| !UI_EXCEPTIONS.iter().any(|(path, _)| file.path.starts_with(path)));
    // A test may play with a real store.
    let pages = pages.filter(|file| !file.path.contains(".test."));
    assert_none(
        &violations(pages),
        "what the UI needs of a platform comes from its descriptor",
    );
}

#[test]
fn names_are_found_in_identifiers_and_nowhere_else() {
    let names = |text| {
        named_platforms(text)
            .into_iter()
            .map(|(_, name)| name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names("let x = EbaiClient::new();"), ["ebai"]);
    assert_eq!(names("if platform == \"meituan_shangou\" {"), ["meituan"]);
    assert_eq!(names("match Erp::Ama {\n  AMA => 美团"), ["ama", "ama", "美团"]);
    assert!(names("parameter, Amalgam, dramatic, element, relements").is_empty());
}
