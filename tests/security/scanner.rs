//! The scan itself: it finds a planted secret in every form, and nothing where nothing is.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use std::io::{Cursor, Write as _};
use suites::canary::{Canary, scan, scan_folder};

const SECRET: &str = "k9/Zq+v?7 &x=\"~\\W3密mN";

fn canaries() -> Vec<Canary> {
    vec![
        Canary::new("one", SECRET),
        Canary::new("plain", "9f86d081884c7d659a2feaa0c55ad015"),
    ]
}

#[test]
fn every_form_is_found_wherever_it_is_planted() {
    let canary = Canary::new("one", SECRET);
    assert!(canary.forms().len() >= 20);
    for (name, form) in canary.forms() {
        for before in [&b""[..], b"x", b"\0\xff{\"a\":\"", &[form[0]; 3]] {
            let planted = [before, form, b"\"} tail"].concat();
            assert!(canary.form_in(&planted).is_some(), "{name}");
        }
        // One byte off is another text.
        let mut spoiled = form.clone();
        let last = spoiled.len() - 1;
        spoiled[last] ^= 1;
        if !name.starts_with("base64") {
            assert_ne!(canary.form_in(&spoiled), Some(*name), "{name}");
        }
    }
}

#[test]
fn a_secret_is_found_in_the_encodings_of_longer_texts() {
    let canaries = canaries();
    for secret in [SECRET, "9f86d081884c7d659a2feaa0c55ad015"] {
        for before in 0..7 {
            for after in 0..4 {
                let text = [&vec![b'<'; before], secret.as_bytes(), &vec![b'>'; after]].concat();
                for encoded in [STANDARD.encode(&text), URL_SAFE.encode(&text)] {
                    assert_eq!(
                        scan(&canaries, "x", encoded.as_bytes()).len(),
                        1,
                        "{before} before, {after} after"
                    );
                }
            }
        }
        let document = serde_json::json!({ "raw": format!("<html>{secret}</html>") }).to_string();
        assert_eq!(scan(&canaries, "x", document.as_bytes()).len(), 1);
        let twice = serde_json::json!({ "raw": document }).to_string();
        assert_eq!(scan(&canaries, "x", twice.as_bytes()).len(), 1);
    }
}

#[test]
fn archives_and_folders_are_looked_into() {
    let canaries = canaries();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("xl/deep.xml", options).unwrap();
    let filler = "nothing of note ".repeat(1000);
    write!(zip, "{filler}{SECRET}{filler}").unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    assert_eq!(
        canaries[0].form_in(&bytes),
        None,
        "deflated, it does not stand there"
    );
    let hits = scan(&canaries, "a.xlsx", &bytes);
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].place, "a.xlsx!xl/deep.xml");

    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("inner")).unwrap();
    std::fs::write(folder.path().join("inner/a.bin"), &bytes).unwrap();
    std::fs::write(folder.path().join("clean"), filler).unwrap();
    let mut hits = Vec::new();
    assert_eq!(scan_folder(&canaries, folder.path(), &mut hits), 2);
    assert_eq!(hits.len(), 1);
}

#[test]
fn honest_bytes_give_no_hit() {
    let canaries = canaries();
    let noise: Vec<u8> = (0..200_000_u32)
        .map(|at| u8::try_from(at.wrapping_mul(2_654_435_761) >> 24).unwrap())
        .collect();
    assert_eq!(scan(&canaries, "noise", &noise), []);
    let words = "订单 300012345678901234 已推送 k9/Zq+v?7 9f86d081 ".repeat(100);
    assert_eq!(scan(&canaries, "words", words.as_bytes()), []);
}
