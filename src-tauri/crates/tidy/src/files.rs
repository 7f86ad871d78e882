//! Rules about single files: length, weight, name, and words that do not belong.

use crate::tree::{Source, assert_none, files};

const MAX_LINES: usize = 600;
const MAX_BYTES: u64 = 2 * 1024 * 1024;

/// Files that may be longer, with the reason.
const LONG_FILES: &[(&str, &str)] = &[];

/// Folders of files that a program writes: nobody reads them from top to bottom.
const GENERATED: &[&str] = &["ui/src/api/generated/"];

/// Folder and module names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "common", "manager", "misc", "core"];

/// Words that mean unfinished work or a silenced check, each with what to do instead. Written in two halves,
/// since this file is checked too.
const WORDS: &[(&str, &str)] = &[
    (concat!("TO", "DO"), "finish it or leave it out"),
    (concat!("FIX", "ME"), "fix it"),
    (concat!("unimple", "mented!("), "leave it out"),
    (concat!("to", "do!("), "leave it out"),
    (concat!("#[al", "low("), "use #[expect(…, reason = …)]"),
    (concat!("#![al", "low("), "use #![expect(…, reason = …)]"),
    (concat!("#[ign", "ore"), "a test that does not run is not a test"),
    (concat!("@ts-", "ignore"), "say what the type is"),
    (concat!("test.", "only("), "runs nothing else"),
    (concat!("/work/", "shared"), "name no path of one machine"),
    (concat!("/work/", "main"), "name no path of one machine"),
];

const TEXT: &[&str] = &[
    ".rs", ".ts", ".tsx", ".css", ".toml", ".yml", ".md", ".sql", ".sh", ".mjs", ".html",
];

fn is_text(file: &Source) -> bool {
    TEXT.iter().any(|ending| file.path.ends_with(ending))
}

fn is_generated(file: &Source) -> bool {
    GENERATED.iter().any(|folder| file.path.starts_with(folder))
}

fn bad_words(text: &str) -> Vec<(usize, &'static str, &'static str)> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for (word, instead) in WORDS {
            let stands_alone = line.match_indices(word).any(|(at, _)| {
                let letter = |char: Option<char>| char.is_some_and(|char| char.is_ascii_alphanumeric());
                let ends_open = word.ends_with(|char: char| !char.is_ascii_alphanumeric());
                !letter(line[..at].chars().next_back())
                    && (ends_open || !letter(line[at + word.len()..].chars().next()))
            });
            if stands_alone {
                found.push((index + 1, *word, *instead));
            }
        }
    }
    found
}

/// The folder or module in a path whose name says nothing.
fn empty_name(path: &str) -> Option<&str> {
    path.split('/')
        .find(|part| EMPTY_NAMES.contains(&part.split('.').next().unwrap_or_default()))
}

#[test]
fn no_file_is_too_long_to_read() {
    let violations: Vec<String> = files()
        .iter()
        .filter(|file| {
            [".rs", ".ts", ".tsx"]
                .iter()
                .any(|ending| file.path.ends_with(ending))
        })
        .filter(|file| !is_generated(file))
        .filter(|file| !LONG_FILES.iter().any(|(path, _)| *path == file.path))
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(file, lines)| format!("{}: {lines} lines", file.path))
        .collect();
    assert_none(&violations, "split it, or give a reason in LONG_FILES");
}

#[test]
fn exceptions_are_still_needed() {
    let violations: Vec<String> = LONG_FILES
        .iter()
        .filter(|(path, reason)| {
            let file = files().iter().find(|file| file.path == *path);
            reason.is_empty() || file.is_none_or(|file| file.text.lines().count() <= MAX_LINES)
        })
        .map(|(path, _)| (*path).to_owned())
        .collect();
    assert_none(&violations, "no longer long, or without a reason");
}

#[test]
fn no_file_is_too_heavy() {
    let violations: Vec<String> = files()
        .iter()
        .filter(|file| file.bytes > MAX_BYTES)
        .map(|file| format!("{}: {} bytes", file.path, file.bytes))
        .collect();
    assert_none(&violations, "nothing over 2 MB is committed");
}

#[test]
fn nothing_unfinished_or_silenced_is_committed() {
    let violations: Vec<String> = files()
        .iter()
        .filter(|file| is_text(file))
        .flat_map(|file| bad_words(&file.text).into_iter().map(move |found| (file, found)))
        .map(|(file, (line, word, instead))| format!("{}:{line}: {word}: {instead}", file.path))
        .collect();
    assert_none(&violations, "words that do not belong");
}

#[test]
fn bad_words_are_seen_alone_only() {
    let found = |text: &str| !bad_words(text).is_empty();
    for (word, _) in WORDS {
        assert!(found(&format!("x {word} y")), "{word}");
    }
    assert!(!found(&format!(
        "{}S {}X",
        concat!("TO", "DO"),
        concat!("FIX", "ME")
    )));
}

#[test]
fn folders_and_modules_have_telling_names() {
    let violations: Vec<String> = files()
        .iter()
        .filter_map(|file| Some(format!("{}: {}", file.path, empty_name(&file.path)?)))
        .collect();
    assert_none(&violations, "name it after what it holds");
    assert_eq!(empty_name("a/utils.rs"), Some("utils.rs"));
    assert_eq!(empty_name("a/core/x.rs"), Some("core"));
    assert_eq!(empty_name("a/hardcore.rs"), None);
}

#[test]
fn the_top_folder_holds_what_the_plan_says() {
    const TOP: &[&str] = &[
        "Cargo.toml",
        "Cargo.lock",
        "LICENSE",
        "README.md",
        "assets",
        "src-tauri",
        "tests",
        "ui",
    ];
    let mut tops: Vec<&str> = files()
        .iter()
        .filter_map(|file| file.path.split('/').next())
        .collect();
    tops.sort_unstable();
    tops.dedup();
    let violations: Vec<String> = tops
        .into_iter()
        .filter(|top| !top.starts_with('.') && !TOP.contains(top))
        .map(str::to_owned)
        .collect();
    assert_none(&violations, "the top level is fixed");
}
