//! The files of the repository: what git tracks or would track.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// One text file; binary ones have no text.
pub(crate) struct Source {
    /// From the top folder, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) bytes: u64,
}

/// The top folder: where cargo runs the tests, since a checkout may have moved after they were built.
pub(crate) fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&manifest).ancestors().nth(3).unwrap().to_owned()
}

/// All files, read once.
pub(crate) fn files() -> &'static [Source] {
    static FILES: OnceLock<Vec<Source>> = OnceLock::new();
    FILES.get_or_init(|| {
        let root = root();
        paths(&root)
            .into_iter()
            .filter_map(|path| read(&root, path))
            .collect()
    })
}

/// Files below a folder (ending in `/`) with one of these endings.
pub(crate) fn below(folder: &'static str, endings: &'static [&str]) -> impl Iterator<Item = &'static Source> {
    files()
        .iter()
        .filter(move |file| file.path.starts_with(folder))
        .filter(move |file| endings.iter().any(|ending| file.path.ends_with(ending)))
}

/// Names of the folders directly below a folder (ending in `/`).
pub(crate) fn folders(folder: &str) -> Vec<String> {
    let mut names: Vec<String> = files()
        .iter()
        .filter_map(|file| file.path.strip_prefix(folder)?.split_once('/'))
        .map(|(name, _)| name.to_owned())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Fails with every violation in its own line.
pub(crate) fn assert_none(violations: &[String], rule: &str) {
    assert!(violations.is_empty(), "{rule}:\n{}", violations.join("\n"));
}

/// A file that was removed but not yet committed is in git's list and not on the disk.
fn read(root: &Path, path: String) -> Option<Source> {
    let bytes = fs::read(root.join(&path)).ok()?;
    let length = bytes.len() as u64;
    Some(Source {
        path,
        text: String::from_utf8(bytes).unwrap_or_default(),
        bytes: length,
    })
}

fn paths(root: &Path) -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output();
    match listed {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8(output.stdout).unwrap();
            text.split('\0')
                .filter(|path| !path.is_empty())
                .map(str::to_owned)
                .collect()
        }
        // An unpacked archive has no git.
        _ => {
            let mut found = Vec::new();
            walk(root, "", &mut found);
            found
        }
    }
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{prefix}{name}");
        if !entry.file_type().unwrap().is_dir() {
            found.push(path);
        } else if !matches!(name.as_str(), ".git" | "target" | "node_modules" | "dist") {
            walk(&entry.path(), &format!("{path}/"), found);
        }
    }
}
