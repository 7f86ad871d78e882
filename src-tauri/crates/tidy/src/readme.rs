//! The README's code map names every crate, feature and test folder, and its links lead somewhere.

use crate::tree::{assert_none, files, folders, root};

/// The command by which everything is tested.
const TEST_COMMAND: &str = "cargo xtask test";

fn readme() -> &'static str {
    files()
        .iter()
        .find(|file| file.path == "README.md")
        .map_or("", |file| file.text.as_str())
}

/// Names of `kind` that the text does not name in backquotes, with or without a closing slash.
fn unnamed(text: &str, names: &[String], kind: &str) -> Vec<String> {
    let is_named = |name: &str| {
        text.contains(&format!("`{name}`"))
            || text.contains(&format!("`{name}/`"))
            || text.contains(&format!(" {name}/ "))
    };
    names
        .iter()
        .filter(|name| !is_named(name))
        .map(|name| format!("{kind} {name}"))
        .collect()
}

/// Links to files of the repository that are not there.
fn broken_links(text: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    text.match_indices("](")
        .filter_map(|(at, _)| text[at + 2..].split(')').next())
        .map(|link| link.split('#').next().unwrap_or_default())
        .filter(|link| !link.is_empty() && !link.contains("://") && !exists(link))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_code_map_names_every_part() {
    let text = readme();
    let parts = [
        unnamed(text, &folders("src-tauri/crates/"), "crate"),
        unnamed(text, &folders("ui/src/"), "ui folder"),
        unnamed(text, &folders("ui/src/features/"), "feature"),
        unnamed(
            text,
            &folders("tests/")
                .into_iter()
                .filter(|name| name != "src")
                .collect::<Vec<_>>(),
            "tests folder",
        ),
    ];
    assert_none(&parts.concat(), "the code map in README.md does not name");
}

#[test]
fn the_readme_gives_the_test_command_and_ci_calls_nothing_else() {
    assert!(
        readme().lines().any(|line| line.trim() == TEST_COMMAND),
        "README.md: a line `{TEST_COMMAND}`"
    );
    let run = files()
        .iter()
        .find(|file| file.path == ".ci/run")
        .expect(".ci/run");
    let last = run.text.lines().rfind(|line| !line.trim().is_empty()).unwrap();
    assert_eq!(last, TEST_COMMAND);
}

#[test]
fn links_of_the_readme_lead_to_files() {
    let root = root();
    assert_none(
        &broken_links(readme(), |link| root.join(link).exists()),
        "broken links in README.md",
    );
}

#[test]
fn missing_names_and_broken_links_are_seen() {
    let names = ["cli".to_owned(), "sim".to_owned()];
    assert_eq!(
        unnamed("`cli` is here, similar is not", &names, "crate"),
        ["crate sim"]
    );
    assert_eq!(
        broken_links("![a](b.png) [c](LICENSE#x) [d](https://e.f)", |link| link
            == "LICENSE"),
        ["b.png"]
    );
}
