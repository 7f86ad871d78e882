//! Migrations are never edited once they are in a release: their hashes are frozen.

use std::collections::BTreeMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::tree::{assert_none, below, files};

const FOLDER: &str = "src-tauri/crates/storage/migrations/";
const LIST: &str = "HASHES";

/// Lines as `sha256sum` writes them: hash, two blanks, file name.
fn listed(list: &str) -> BTreeMap<&str, &str> {
    list.lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(hash, name)| (name, hash))
        .collect()
}

fn violations(list: &str, migrations: &BTreeMap<&str, String>) -> Vec<String> {
    let listed = listed(list);
    let mut found = Vec::new();
    for (name, hash) in migrations {
        match listed.get(name) {
            None => found.push(format!("{name} is new: add its line")),
            Some(old) if old != hash => {
                found.push(format!("{name} was changed: undo that and add a new migration"));
            }
            Some(_) => {}
        }
    }
    let gone = listed.keys().filter(|name| !migrations.contains_key(**name));
    found.extend(gone.map(|name| format!("{name} is listed and gone")));
    found
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        })
}

#[test]
fn migrations_are_frozen() {
    let migrations: BTreeMap<&str, String> = below(FOLDER, &[".sql"])
        .map(|file| (&file.path[FOLDER.len()..], hash(&file.text)))
        .collect();
    if migrations.is_empty() {
        return;
    }
    let list = files()
        .iter()
        .find(|file| file.path.strip_prefix(FOLDER) == Some(LIST));
    let list = list.map_or("", |file| file.text.as_str());
    let how = format!("{FOLDER}{LIST} (made there by `sha256sum *.sql > {LIST}`)");
    assert_none(&violations(list, &migrations), &how);
}

#[test]
fn new_changed_and_lost_migrations_are_seen() {
    let migrations = BTreeMap::from([("0001_a.sql", hash("a")), ("0002_b.sql", hash("b"))]);
    let good = format!("{}  0001_a.sql\n{}  0002_b.sql\n", hash("a"), hash("b"));
    assert!(violations(&good, &migrations).is_empty());
    assert_eq!(violations("", &migrations).len(), 2);
    assert_eq!(
        violations(&good.replace(&hash("b"), &hash("c")), &migrations).len(),
        1
    );
    assert_eq!(
        violations(&format!("{good}{}  0003_c.sql\n", hash("c")), &migrations).len(),
        1
    );
    // As `sha256sum` prints it for a file that holds the letter a.
    assert_eq!(
        hash("a"),
        "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    );
}
