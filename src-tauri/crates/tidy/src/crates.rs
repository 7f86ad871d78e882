//! Who may depend on whom among our crates, read from the manifests.

use std::collections::{BTreeMap, BTreeSet};

use toml::Table;

use crate::tree::{assert_none, files};

/// What the roots put together.
const HOUSE: &[&str] = &[
    "api",
    "connect",
    "domain",
    "engine",
    "erp",
    "images",
    "platforms",
    "printing",
    "secrets",
    "sheets",
    "sim",
    "storage",
];

/// Each package with the packages of ours it may name. The one table of directions.
const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("connect", &["domain"]),
    ("storage", &["domain"]),
    ("images", &["domain"]),
    ("sheets", &["domain"]),
    ("secrets", &["domain"]),
    ("printing", &["domain", "connect"]),
    ("platforms", &["domain", "connect"]),
    ("erp", &["domain", "connect"]),
    (
        "engine",
        &[
            "domain", "connect", "storage", "images", "sheets", "secrets", "printing",
        ],
    ),
    ("api", &["domain", "engine", "storage"]),
    // Two independent writings of each protocol check one another only while they share nothing.
    ("sim", &[]),
    ("shell", HOUSE_AND_DEVHOST),
    ("cli", HOUSE_AND_DEVHOST),
    ("devhost", HOUSE),
    ("suites", HOUSE_AND_HOSTS),
    ("tidy", &[]),
    ("xtask", &[]),
    ("yardstick", &[]),
];

/// The devhost's library holds the one place that puts the house together; the other roots open through it.
const HOUSE_AND_DEVHOST: &[&str] = &[
    "api",
    "connect",
    "devhost",
    "domain",
    "engine",
    "erp",
    "images",
    "platforms",
    "printing",
    "secrets",
    "sheets",
    "sim",
    "storage",
];

/// The suites also drive the hosts.
const HOUSE_AND_HOSTS: &[&str] = &[
    "api",
    "cli",
    "connect",
    "devhost",
    "domain",
    "engine",
    "erp",
    "images",
    "platforms",
    "printing",
    "secrets",
    "sheets",
    "sim",
    "storage",
];

/// What tests beside the code may name in addition: a connector may talk to the simulator, the engine to both; benches
/// measure by one yardstick.
const ALLOWED_IN_TESTS: &[(&str, &[&str])] = &[
    ("connect", &["yardstick"]),
    ("storage", &["yardstick"]),
    ("images", &["yardstick"]),
    ("sheets", &["yardstick"]),
    ("platforms", &["sim"]),
    ("erp", &["sim"]),
    ("engine", &["erp", "platforms", "sim", "yardstick"]),
];

/// Outside crates that would bring I/O or a clock into the rules.
const NOT_IN_DOMAIN: &[&str] = &[
    "async-trait",
    "axum",
    "fs4",
    "futures-util",
    "http",
    "keyring",
    "reqwest",
    "rusqlite",
    "tokio",
    "tokio-util",
    "tower",
    "tracing",
];

/// Folders whose package is named otherwise: the app, and the workspace's test package.
const OTHER_NAMES: &[(&str, &str)] = &[("src-tauri", "shell"), ("tests", "suites")];

struct Manifest {
    folder: String,
    table: Table,
}

impl Manifest {
    fn name(&self) -> &str {
        self.table["package"]["name"].as_str().unwrap()
    }

    fn dependencies(&self, kinds: &[&str]) -> Vec<String> {
        let mut names = Vec::new();
        let targets = self.table.get("target").and_then(|targets| targets.as_table());
        let tables = targets
            .into_iter()
            .flat_map(|targets| targets.values())
            .filter_map(|value| value.as_table());
        for table in tables.chain(Some(&self.table)) {
            for kind in kinds {
                names.extend(
                    table
                        .get(*kind)
                        .and_then(|kind| kind.as_table())
                        .into_iter()
                        .flat_map(Table::keys),
                );
            }
        }
        names.into_iter().cloned().collect()
    }
}

fn manifests() -> Vec<Manifest> {
    files()
        .iter()
        .filter_map(|file| Some((file.path.strip_suffix("/Cargo.toml")?, &file.text)))
        .map(|(folder, text)| Manifest {
            folder: folder.to_owned(),
            table: text.parse().unwrap(),
        })
        .collect()
}

fn allowed(table: &'static [(&str, &[&str])], package: &str) -> Option<&'static [&'static str]> {
    table
        .iter()
        .find(|(name, _)| *name == package)
        .map(|(_, allowed)| *allowed)
}

/// Dependencies of `package` that go against the table.
fn wrong_directions(package: &str, normal: &[String], in_tests: &[String], ours: &[String]) -> Vec<String> {
    let Some(may) = allowed(ALLOWED, package) else {
        return vec![format!(
            "{package} is in no line of the table in tidy/src/crates.rs"
        )];
    };
    let may_in_tests = allowed(ALLOWED_IN_TESTS, package).unwrap_or_default();
    let bad = |names: &[String], extra: &[&str]| -> Vec<String> {
        names
            .iter()
            .filter(|name| ours.contains(name) && *name != package)
            .filter(|name| !may.contains(&name.as_str()) && !extra.contains(&name.as_str()))
            .map(|name| format!("{package} may not depend on {name}"))
            .collect()
    };
    [bad(normal, &[]), bad(in_tests, may_in_tests)].concat()
}

#[test]
fn crates_depend_in_the_planned_directions_only() {
    let manifests = manifests();
    let ours: Vec<String> = manifests
        .iter()
        .map(|manifest| manifest.name().to_owned())
        .collect();
    let violations: Vec<String> = manifests
        .iter()
        .flat_map(|manifest| {
            let normal = manifest.dependencies(&["dependencies", "build-dependencies"]);
            wrong_directions(
                manifest.name(),
                &normal,
                &manifest.dependencies(&["dev-dependencies"]),
                &ours,
            )
        })
        .collect();
    assert!(ours.len() > 5, "the manifests are read");
    assert_none(&violations, "dependency directions");
}

#[test]
fn a_wrong_direction_is_seen() {
    let names = |names: &[&str]| -> Vec<String> { names.iter().map(|name| (*name).to_owned()).collect() };
    let ours = names(&["domain", "platforms", "sim", "engine", "devhost", "serde"]);
    assert!(wrong_directions("engine", &names(&["domain", "other"]), &[], &ours).is_empty());
    assert_eq!(
        wrong_directions("engine", &names(&["platforms"]), &names(&["devhost"]), &ours).len(),
        2
    );
    assert_eq!(
        wrong_directions("sim", &[], &names(&["platforms"]), &ours).len(),
        1
    );
    assert!(wrong_directions("platforms", &[], &names(&["sim"]), &ours).is_empty());
    assert_eq!(wrong_directions("newcomer", &[], &[], &ours).len(), 1);
}

#[test]
fn domain_depends_on_nothing_that_does_io() {
    let violations: Vec<String> = manifests()
        .iter()
        .filter(|manifest| manifest.name() == "domain")
        .flat_map(|manifest| manifest.dependencies(&["dependencies"]))
        .filter(|name| NOT_IN_DOMAIN.contains(&name.as_str()))
        .collect();
    assert_none(&violations, "domain has no I/O and no clock");
}

#[test]
fn only_the_shell_depends_on_tauri() {
    let violations: Vec<String> = manifests()
        .iter()
        .filter(|manifest| manifest.name() != "shell")
        .flat_map(|manifest| {
            let all = manifest.dependencies(&["dependencies", "build-dependencies", "dev-dependencies"]);
            let tauri = all
                .into_iter()
                .filter(|name| name == "tauri" || name.starts_with("tauri-"));
            tauri
                .map(|name| format!("{}: {name}", manifest.folder))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_none(&violations, "only src-tauri itself names Tauri");
}

#[test]
fn folders_and_packages_have_one_name() {
    let others: BTreeMap<&str, &str> = OTHER_NAMES.iter().copied().collect();
    let violations: Vec<String> = manifests()
        .iter()
        .filter(|manifest| {
            let last = manifest.folder.rsplit('/').next().unwrap();
            others.get(manifest.folder.as_str()).copied().unwrap_or(last) != manifest.name()
        })
        .map(|manifest| format!("{} holds package {}", manifest.folder, manifest.name()))
        .collect();
    assert_none(&violations, "folder name = package name");
}

#[test]
fn every_crate_takes_the_workspace_lints_and_versions() {
    let mut violations = Vec::new();
    for manifest in manifests() {
        let lints = manifest
            .table
            .get("lints")
            .and_then(|lints| lints.get("workspace"));
        if lints.and_then(toml::Value::as_bool) != Some(true) {
            violations.push(format!(
                "{}: [lints] workspace = true is missing",
                manifest.folder
            ));
        }
        for kind in ["dependencies", "build-dependencies", "dev-dependencies"] {
            let table = manifest.table.get(kind).and_then(|table| table.as_table());
            for (name, value) in table.into_iter().flatten() {
                if value.get("workspace").and_then(toml::Value::as_bool) != Some(true) {
                    violations.push(format!(
                        "{}: the version of {name} belongs to the workspace",
                        manifest.folder
                    ));
                }
            }
        }
    }
    assert_none(&violations, "one place for lints and versions");
}

/// Packages whose library is named otherwise than the package with `_` for `-`.
const LIBRARY_NAMES: &[(&str, &str)] = &[("md-5", "md5")];

/// Dependencies that no source of the package names; its tests and benches count as sources.
fn unused(names: &[String], sources: &str) -> Vec<String> {
    let words: BTreeSet<&str> = sources
        .split(|char: char| !char.is_ascii_alphanumeric() && char != '_')
        .collect();
    names
        .iter()
        .filter(|name| {
            let library = LIBRARY_NAMES.iter().find(|(package, _)| package == name);
            let library =
                library.map_or_else(|| name.replace('-', "_"), |(_, library)| (*library).to_owned());
            !words.contains(library.as_str())
        })
        .cloned()
        .collect()
}

#[test]
fn every_dependency_is_used_by_the_package_that_names_it() {
    let mut violations = Vec::new();
    for manifest in manifests() {
        let folder = format!("{}/", manifest.folder);
        let inner = (manifest.folder == "src-tauri").then_some("src-tauri/crates/");
        let sources: String = files()
            .iter()
            .filter(|file| file.path.starts_with(&folder))
            .filter(|file| [".rs"].iter().any(|ending| file.path.ends_with(ending)))
            .filter(|file| inner.is_none_or(|inner| !file.path.starts_with(inner)))
            .flat_map(|file| [file.text.as_str(), "\n"])
            .collect();
        let all = manifest.dependencies(&["dependencies", "build-dependencies", "dev-dependencies"]);
        for name in unused(&all, &sources) {
            violations.push(format!("{}: {name}", manifest.folder));
        }
    }
    assert_none(&violations, "dependencies nobody uses");
}

#[test]
fn an_unused_dependency_is_seen() {
    let names: Vec<String> = ["md-5", "tokio-util", "uuid"].map(str::to_owned).to_vec();
    let sources = "use md5::Md5;\nfn f() { tokio_util::sync::CancellationToken::new(); }";
    assert_eq!(unused(&names, sources), ["uuid"]);
}
