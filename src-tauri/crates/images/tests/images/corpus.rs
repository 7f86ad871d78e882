//! The shared picture collection against its manifest: what the probe says, and that repairs pass everywhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use images::{
    Format, Model, Probe, RepairOptions, RulePack, check, is_ok, oversize, probe, probe_deep, probe_file,
    repair, repair_for_all,
};

type Row = BTreeMap<String, String>;

fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("GUITAI_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared"),
        PathBuf::from,
    );
    let folder = shared.join("data/images");
    if folder.join("manifest.csv").is_file() {
        return Some(folder);
    }
    eprintln!("skipped: no picture collection at {}", folder.display());
    None
}

fn rows(folder: &Path) -> Vec<Row> {
    let text = fs::read_to_string(folder.join("manifest.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().collect::<Result<_, _>>().unwrap()
}

/// The colour mode as Pillow names it.
fn pillow_mode(found: &Probe) -> &'static str {
    let deep = found.color.depth > 8;
    match (found.color.model, found.color.alpha) {
        (Model::Rgb, false) => "RGB",
        // A transparent colour without an alpha channel stays RGB there.
        (Model::Rgb, true) => "RGBA",
        (Model::Grey, _) if deep => "I;16",
        (Model::Grey, false) => "L",
        (Model::Grey, true) => "LA",
        (Model::Palette, _) => "P",
        (Model::Bilevel, _) => "1",
        (Model::Cmyk | Model::Ycck, _) => "CMYK",
        (Model::Lab, _) => "LAB",
        (Model::Ycbcr, _) => "YCbCr",
        (Model::Unknown, _) => "",
    }
}

/// The checks of one row: what was compared, the manifest's value, ours.
fn compare(row: &Row, found: &Probe) -> Vec<(&'static str, String, String)> {
    let yes = |b: bool| if b { "yes" } else { "no" }.to_owned();
    let known = !row["real_format"].is_empty();
    let format = if known { &row["real_format"] } else { &row["magic"] };
    let mut checks = vec![
        ("format", format.clone(), found.format.code().to_owned()),
        ("bytes", row["bytes"].clone(), found.bytes.to_string()),
        (
            "readable",
            row["readable"].clone(),
            yes(found.readable == Some(true)),
        ),
        (
            "ext",
            row["ext_matches"].clone(),
            yes(found.ext_matches == Some(true)),
        ),
    ];
    if known {
        let mode = match (row["mode"].as_str(), row["has_alpha"].as_str()) {
            ("RGB", "yes") => "RGBA",
            ("L", "yes") => "LA",
            (mode, _) => mode,
        };
        let orientation = if row["exif_orientation"].is_empty() {
            "1"
        } else {
            &row["exif_orientation"]
        };
        checks.extend([
            (
                "size",
                format!("{}x{}", row["width"], row["height"]),
                format!("{}x{}", found.width, found.height),
            ),
            ("colour", mode.to_owned(), pillow_mode(found).to_owned()),
            ("alpha", row["has_alpha"].clone(), yes(found.color.alpha)),
            ("frames", row["frames"].clone(), found.frames.to_string()),
            (
                "orientation",
                orientation.to_owned(),
                found.orientation.unwrap_or(1).to_string(),
            ),
            ("gps", row["gps"].clone(), yes(found.gps)),
        ]);
        if found.format != Format::Tiff {
            checks.push(("icc", row["icc"].clone(), yes(found.icc)));
        }
    }
    checks
}

#[test]
fn the_probe_agrees_with_the_manifest() {
    let Some(folder) = folder() else { return };
    let differences =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("DIFFERENCES.md")).unwrap();
    let (mut total, mut wrong, mut unexplained) = (0_u32, 0_u32, 0_u32);
    for row in rows(&folder) {
        let bytes = fs::read(folder.join(&row["file"])).unwrap();
        let found = probe_deep(&bytes, Some(&row["file"]));
        for (what, theirs, ours) in compare(&row, &found) {
            total += 1;
            if theirs != ours {
                wrong += 1;
                let line = format!("| {} | {what} | {theirs} | {ours} |", row["file"]);
                let explained = differences.contains(&line);
                unexplained += u32::from(!explained);
                eprintln!("{line}{}", if explained { "" } else { " NOT EXPLAINED" });
            }
        }
    }
    eprintln!("{wrong} of {total} checks differ");
    assert!(
        wrong * 50 <= total,
        "less than 98 % agree: {wrong} of {total} differ"
    );
    assert_eq!(unexplained, 0, "differences that DIFFERENCES.md does not explain");
}

#[test]
fn a_file_and_its_bytes_are_probed_alike() {
    let Some(folder) = folder() else { return };
    for row in rows(&folder) {
        let path = folder.join(&row["file"]);
        let from_bytes = probe(&fs::read(&path).unwrap(), Some(&row["file"]));
        let mut from_file = probe_file(&path).unwrap();
        if from_file.format == Format::Png {
            // What stands behind the pixels is left out on purpose.
            (from_file.orientation, from_file.gps) = (from_bytes.orientation, from_bytes.gps);
        }
        assert_eq!(from_bytes, from_file, "{}", row["file"]);
    }
}

#[test]
fn every_repairable_picture_passes_everywhere_after_repair() {
    let Some(folder) = folder() else { return };
    let rules = RulePack::built_in().unwrap();
    let (mut repaired, mut failed) = (0, Vec::new());
    for row in rows(&folder) {
        let bytes = fs::read(folder.join(&row["file"])).unwrap();
        let found = probe_deep(&bytes, Some(&row["file"]));
        if !found.format.decodable() || oversize(found.width, found.height).is_some() {
            continue;
        }
        if found.readable != Some(true) {
            if row["readable"] == "yes" {
                eprintln!("not repairable here: {} ({:?})", row["file"], found.defect);
            }
            assert!(repair(&bytes, rules.master(), RepairOptions::default()).is_err());
            continue;
        }
        // One derivative for all of them, and the platforms whose rules differ on their own.
        let mut results = vec![(
            "all",
            repair_for_all(&bytes, rules.profiles(), RepairOptions::default()),
        )];
        for id in ["meituan_shangou", "eleme", "jddj", "doudian"] {
            results.push((
                id,
                repair(&bytes, rules.profile(id).unwrap(), RepairOptions::default()),
            ));
        }
        for (id, result) in results {
            let outcome = result.map_err(|e| format!("{e:?}")).and_then(|done| {
                let name = format!("x.{}", done.extension);
                let again = probe_deep(&done.bytes, Some(&name));
                let judged: Vec<_> = rules
                    .profiles()
                    .iter()
                    .filter(|p| id == "all" || p.platform == id)
                    .collect();
                for profile in judged {
                    let findings = check(&again, profile);
                    if !is_ok(&findings) || again.readable != Some(true) || again.gps || again.frames != 1 {
                        return Err(format!("{}: {findings:?}", profile.platform));
                    }
                }
                Ok(())
            });
            match outcome {
                Ok(()) => repaired += 1,
                Err(why) => failed.push(format!("{} for {id}: {why}", row["file"])),
            }
        }
    }
    eprintln!("{repaired} repairs pass");
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(repaired > 5 * 150, "only {repaired} repairs were tried");
}
