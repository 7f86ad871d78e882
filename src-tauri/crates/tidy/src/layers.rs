//! Rules inside Rust crates that the manifests cannot show.

use crate::tree::{assert_none, below, folders};

/// What the rules crate may not reach for, though the standard library has it.
const NOT_IN_DOMAIN: &[&str] = &[
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::thread",
    "SystemTime",
    "Instant::now",
    "tokio::",
    "println!",
];

/// Crates that may speak of Tauri without using it: one starts its tools, one checks these rules.
const MAY_NAME_TAURI: &[&str] = &["src-tauri/crates/xtask/", "src-tauri/crates/tidy/"];

/// Folders among the platforms that are none: what two platforms of one house share. They reach into no platform either.
const SHARED: &[&str] = &["meituan_open"];

/// Lines of code, numbered, without comments.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.starts_with("//"))
}

/// Lines of code up to the tests beside it.
fn code_before_tests(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let pairs = text.lines().zip(text.lines().skip(1));
    let mut inline = pairs.map(|(line, next)| line.trim() == "#[cfg(test)]" && next.ends_with('{'));
    let end = inline.position(|is_inline| is_inline).unwrap_or(usize::MAX);
    code(text).filter(move |(number, _)| *number <= end)
}

/// Names of the modules that a text declares for tests only.
fn test_modules(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .zip(text.lines().skip(1))
        .filter(|(before, _)| before.trim() == "#[cfg(test)]")
        .filter_map(|(_, line)| {
            let declared = line.trim().strip_suffix(';')?;
            declared.rsplit_once("mod ").map(|(_, name)| name)
        })
}

/// Whether a line of code reaches from one folder of a crate into a sibling.
fn reaches_sibling<'a>(line: &str, folder: &str, siblings: &'a [String]) -> Option<&'a String> {
    siblings
        .iter()
        .filter(|sibling| *sibling != folder)
        .find(|sibling| {
            ["crate::", "super::super::", "super::"].iter().any(|prefix| {
                line.match_indices(prefix).any(|(at, _)| {
                    let rest = &line[at + prefix.len()..];
                    // `super::sign` inside a folder is the folder's own module.
                    let own = *prefix == "super::" && !line[..at].ends_with("super::");
                    !own && rest
                        .strip_prefix(sibling.as_str())
                        .is_some_and(|rest| !rest.starts_with(is_name))
                })
            })
        })
}

const fn is_name(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_'
}

#[test]
fn domain_does_no_io_and_reads_no_clock() {
    let domain = "src-tauri/crates/domain/src/";
    let for_tests: Vec<&str> = below(domain, &[".rs"])
        .flat_map(|file| test_modules(&file.text))
        .collect();
    let violations: Vec<String> = below(domain, &[".rs"])
        .filter(|file| {
            let parts = file.path[domain.len()..].split('/');
            !parts
                .map(|part| part.trim_end_matches(".rs"))
                .any(|part| for_tests.contains(&part))
        })
        .flat_map(|file| code_before_tests(&file.text).map(move |(number, line)| (file, number, line)))
        .filter_map(|(file, number, line)| {
            let word = NOT_IN_DOMAIN.iter().find(|word| line.contains(**word))?;
            Some(format!("{}:{number}: {word}", file.path))
        })
        .collect();
    assert_none(&violations, "domain has no I/O and no clock");
}

#[test]
fn only_the_shell_names_tauri() {
    let violations: Vec<String> = below("src-tauri/crates/", &[".rs"])
        .chain(below("tests/", &[".rs"]))
        .filter(|file| !MAY_NAME_TAURI.iter().any(|folder| file.path.starts_with(folder)))
        .flat_map(|file| code(&file.text).map(move |(number, line)| (file, number, line)))
        .filter(|(_, _, line)| line.contains("tauri::") || line.contains("tauri_"))
        .map(|(file, number, line)| format!("{}:{number}: {line}", file.path))
        .collect();
    assert_none(&violations, "only src-tauri/src names Tauri");
}

#[test]
fn a_platform_or_erp_folder_imports_no_sibling() {
    let mut violations = Vec::new();
    for root in ["src-tauri/crates/platforms/src/", "src-tauri/crates/erp/src/"] {
        let siblings: Vec<String> = folders(root)
            .into_iter()
            .filter(|folder| !SHARED.contains(&folder.as_str()))
            .collect();
        for file in below(root, &[".rs"]) {
            let Some((folder, _)) = file.path[root.len()..].split_once('/') else {
                continue;
            };
            for (number, line) in code(&file.text) {
                if let Some(sibling) = reaches_sibling(line, folder, &siblings) {
                    violations.push(format!("{}:{number}: {sibling}", file.path));
                }
            }
        }
    }
    assert_none(
        &violations,
        "a platform's folder stands alone; what two share belongs to connect or domain",
    );
}

#[test]
fn a_reach_into_a_sibling_is_seen() {
    let siblings = ["ebai".to_owned(), "jddj".to_owned()];
    let sees = |line| reaches_sibling(line, "ebai", &siblings).is_some();
    assert!(sees("use crate::jddj::sign;"));
    assert!(sees("use super::super::jddj;"));
    assert!(!sees("use crate::ebai::sign;"));
    assert!(!sees("use super::jddj_fields;"));
    assert!(!sees("use crate::jddj_like;"));
}

#[test]
fn tests_beside_the_code_are_told_from_it() {
    let text = "#[cfg(test)]\nmod measured;\nuse a;\n#[cfg(test)]\nmod tests {\n    use b;\n}\n";
    assert_eq!(test_modules(text).collect::<Vec<_>>(), ["measured"]);
    let lines: Vec<&str> = code_before_tests(text).map(|(_, line)| line).collect();
    assert!(lines.contains(&"use a;") && !lines.contains(&"use b;"));
}

#[test]
fn nothing_is_exported_by_glob() {
    let violations: Vec<String> = below("src-tauri/", &[".rs"])
        .flat_map(|file| code(&file.text).map(move |(number, line)| (file, number, line)))
        .filter(|(_, _, line)| line.starts_with("pub use ") && line.ends_with("::*;"))
        .map(|(file, number, line)| format!("{}:{number}: {line}", file.path))
        .collect();
    assert_none(&violations, "exports are named one by one");
}

#[test]
fn every_crate_opens_with_what_it_is_for() {
    let violations: Vec<String> = below("src-tauri/crates/", &["/src/lib.rs", "/src/main.rs"])
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| file.path.clone())
        .collect();
    assert_none(&violations, "lib.rs or main.rs opens with a crate doc");
}
