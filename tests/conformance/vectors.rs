//! Signing vectors: our own always, the shared ones where they are.

use serde_json::Value;
use std::path::{Path, PathBuf};

/// Checks every file of a folder: (file name, passed, names of those that failed).
fn check(folder: &Path) -> Vec<(String, usize, Vec<String>)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "json"))
        .collect();
    files.sort();
    files
        .iter()
        .map(|path| {
            let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
            let mut checked = platforms::vectors::check(&file);
            checked.extend(erp::vectors::check(&file));
            checked.extend(printing::vectors::check(&file));
            let failed = checked
                .iter()
                .filter(|(_, good)| !good)
                .map(|(name, _)| name.clone());
            let failed: Vec<String> = failed.collect();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, checked.len() - failed.len(), failed)
        })
        .collect()
}

#[test]
fn the_worked_examples_of_our_own_pass() {
    let counted = check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors"));
    let ours: Vec<_> = counted
        .iter()
        .filter(|(name, ..)| {
            matches!(
                name.as_str(),
                "doudian.json"
                    | "douyin_laike.json"
                    | "ebai.json"
                    | "eleme.json"
                    | "feie.json"
                    | "lemon_ama.json"
                    | "meituan.json"
                    | "meituan_waimai.json"
                    | "jddj.json"
                    | "jushuitan.json"
                    | "wangdiantong.json"
            )
        })
        .map(|(name, passed, failed)| (name.as_str(), *passed, failed.as_slice()))
        .collect();
    assert_eq!(
        ours,
        [
            ("doudian.json", 7, [].as_slice()),
            ("douyin_laike.json", 4, [].as_slice()),
            ("ebai.json", 5, [].as_slice()),
            ("eleme.json", 5, [].as_slice()),
            ("feie.json", 4, [].as_slice()),
            ("jddj.json", 6, [].as_slice()),
            ("jushuitan.json", 5, [].as_slice()),
            ("lemon_ama.json", 2, [].as_slice()),
            ("meituan.json", 6, [].as_slice()),
            ("meituan_waimai.json", 4, [].as_slice()),
            ("wangdiantong.json", 6, [].as_slice())
        ]
    );
}

#[test]
fn the_shared_vectors_pass() {
    let folder = std::env::var_os("GUITAI_VECTORS").map_or_else(
        || {
            let shared = std::env::var_os("GUITAI_SHARED").map(PathBuf::from);
            let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
            shared.unwrap_or_else(beside).join("vectors")
        },
        PathBuf::from,
    );
    if !folder.is_dir() {
        eprintln!("skipped: no vectors at {}", folder.display());
        return;
    }
    let counted = check(&folder);
    let failed: Vec<_> = counted
        .iter()
        .filter(|(_, _, failed)| !failed.is_empty())
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert!(
        counted.iter().map(|(_, passed, _)| passed).sum::<usize>() > 0,
        "nothing was checked"
    );
}

/// The simulator's own verifier; `None` where the entry is not of this service.
fn simulated(entry: &Value) -> Option<bool> {
    if let Some(holds) = sim::feie::verify::of_vector(entry) {
        return Some(holds);
    }
    let signature = sim::douyin_laike::verify::of_vector(entry)
        .or_else(|| sim::jushuitan::verify::of_vector(entry))
        .or_else(|| sim::wangdiantong::verify::of_vector(entry))?;
    Some(Some(signature.as_str()) == entry["expected_sig"].as_str())
}

#[test]
fn a_flipped_byte_fails() {
    for (name, entries, from, to) in [
        ("jddj.json", 6, "demo-token-0001", "demo-token-0002"),
        ("douyin_laike.json", 4, "demoSecret0001", "demoSecret0002"),
        ("jushuitan.json", 5, "\"1700000000\"", "\"1700000001\""),
        ("wangdiantong.json", 6, "\"demo-gw\"", "\"demo-gx\""),
        ("feie.json", 4, "1700000000", "1700000001"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(name);
        let text = std::fs::read_to_string(path).unwrap();
        let good: Value = serde_json::from_str(&text).unwrap();
        let file: Value = serde_json::from_str(&text.replace(from, to)).unwrap();
        let mut checked = platforms::vectors::check(&file);
        checked.extend(erp::vectors::check(&file));
        checked.extend(printing::vectors::check(&file));
        assert!(
            checked.len() == entries && checked.iter().all(|(_, good)| !good),
            "{checked:?}"
        );
        let by_sim = |file: &Value| -> Vec<bool> {
            let entries = file["vectors"].as_array().unwrap();
            entries.iter().filter_map(simulated).collect()
        };
        assert!(
            by_sim(&good).len() <= entries && by_sim(&good).iter().all(|good| *good),
            "{name}"
        );
        assert!(by_sim(&file).iter().all(|good| !good), "{name}");
    }
}

/// Every entry of the ERPs that sign is checked, by the connector and by the simulator alike.
#[test]
fn the_shared_vectors_of_erps_pass_for_both_sides() {
    let shared = std::env::var_os("GUITAI_SHARED").map(PathBuf::from);
    let folder = shared
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"))
        .join("vectors");
    for name in ["jushuitan.json", "wangdiantong.json"] {
        let Ok(text) = std::fs::read_to_string(folder.join(name)) else {
            eprintln!("skipped: no {name} at {}", folder.display());
            continue;
        };
        let file: Value = serde_json::from_str(&text).unwrap();
        let entries = file["vectors"].as_array().unwrap();
        let by_connector = erp::vectors::check(&file);
        let by_simulator: Vec<bool> = entries.iter().filter_map(simulated).collect();
        assert_eq!(
            (by_connector.len(), by_simulator.len()),
            (entries.len(), entries.len())
        );
        assert!(by_connector.iter().all(|(_, good)| *good), "{by_connector:?}");
        assert!(by_simulator.iter().all(|good| *good), "{name}");
    }
}
