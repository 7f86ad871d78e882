//! Who may import whom in the UI.

use crate::tree::{assert_none, below};

/// The folders of `ui/src` from the bottom up; a file imports from its own height or below. `grid` and
/// `shared` stand side by side.
const HEIGHTS: &[(&str, u8)] = &[
    ("host", 0),
    ("api", 1),
    ("shared", 2),
    ("grid", 2),
    ("features", 3),
    ("app", 4),
];

/// What an import names: as written, between quotes.
fn imports(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with("//") || line.starts_with('*') {
            continue;
        }
        for opening in ["from ", "import ", "import(", "vi.mock("] {
            for (at, _) in line.match_indices(opening) {
                let rest = &line[at + opening.len()..];
                let Some(quote) = rest.chars().next().filter(|char| matches!(char, '\'' | '"')) else {
                    continue;
                };
                if let Some(name) = rest[1..].split(quote).next() {
                    found.push((index + 1, name));
                }
            }
        }
    }
    found
}

/// Where below `ui/src` an import leads, for relative ones and for `@/…`; `None` for packages.
fn target(file: &str, import: &str) -> Option<String> {
    let inner = file.strip_prefix("ui/src/")?;
    if let Some(path) = import.strip_prefix("@/") {
        return Some(path.to_owned());
    }
    if !import.starts_with('.') {
        return None;
    }
    let mut parts: Vec<&str> = inner.split('/').collect();
    parts.pop();
    for step in import.split('/') {
        match step {
            "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

fn height(path: &str) -> Option<u8> {
    let top = path.split('/').next()?;
    HEIGHTS
        .iter()
        .find(|(name, _)| *name == top)
        .map(|(_, height)| *height)
}

fn feature(path: &str) -> Option<&str> {
    path.strip_prefix("features/")?.split('/').next()
}

/// Why this import is wrong, if it is.
fn wrong(file: &str, import: &str) -> Option<String> {
    if import.starts_with("@tauri-apps") && !file.starts_with("ui/src/host/") {
        return Some("only ui/src/host imports Tauri".to_owned());
    }
    let from = file.strip_prefix("ui/src/")?;
    let to = target(file, import)?;
    if let (Some(ours), Some(theirs)) = (feature(from), feature(&to))
        && ours != theirs
    {
        return Some(format!("feature {ours} imports feature {theirs}"));
    }
    match (height(from), height(&to)) {
        (Some(ours), Some(theirs)) if theirs > ours => Some(format!("{import} is above it")),
        _ => None,
    }
}

#[test]
fn pages_import_downwards_and_never_another_feature() {
    let violations: Vec<String> = below("ui/src/", &[".ts", ".tsx"])
        // A test may put the whole app around a page.
        .filter(|file| !file.path.contains(".test."))
        .flat_map(|file| {
            imports(&file.text)
                .into_iter()
                .map(move |(line, import)| (file, line, import))
        })
        .filter_map(|(file, line, import)| {
            Some(format!("{}:{line}: {}", file.path, wrong(&file.path, import)?))
        })
        .collect();
    assert_none(&violations, "app -> features -> grid, shared -> api -> host");
}

#[test]
fn wrong_imports_are_seen() {
    let page = "ui/src/features/orders/OrdersPage.tsx";
    assert!(wrong(page, "../products/columns").is_some());
    assert!(wrong(page, "@/features/products").is_some());
    assert!(wrong(page, "../../app/routes").is_some());
    assert!(wrong(page, "@tauri-apps/api/core").is_some());
    assert!(wrong("ui/src/shared/money.ts", "../features/orders/x").is_some());
    assert!(wrong("ui/src/host/tauri.ts", "@tauri-apps/api/core").is_none());
    for fine in [
        "./columns",
        "../../shared/money",
        "@/api/client",
        "../../grid",
        "react",
    ] {
        assert!(wrong(page, fine).is_none(), "{fine}");
    }
}

#[test]
fn imports_are_found_however_they_are_written() {
    let text = "import { a } from './a';\nexport * from \"../b\";\nimport './c.css';\nconst d = lazy(() => import('@/d'));\n// from './no'";
    let names: Vec<&str> = imports(text).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["./a", "../b", "./c.css", "@/d"]);
}
