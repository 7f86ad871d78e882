//! The simulator as a program of its own.

use crate::kit::{Desk, finish, program};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

#[test]
fn it_announces_itself_in_one_line_and_serves_the_sheet() {
    let desk = Desk::new();
    let rows: Vec<String> = (1..=60).map(|n| format!("商品{n},A{n:04},{n}.50\n")).collect();
    let sheet = desk.file(
        "library.csv",
        format!("商品名称,商品编码,售价\n{}", rows.concat()),
    );
    let mut child = program()
        .args([
            "simulator",
            "serve",
            "--port",
            "0",
            "--seed",
            "7",
            "--library",
            &sheet,
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let announced: Value = serde_json::from_str(&line).unwrap();
    assert!(
        announced["admin"]
            .as_str()
            .unwrap()
            .starts_with("http://127.0.0.1:")
    );
    for service in ["meituan_shangou", "ebai", "ama"] {
        let service = &announced["services"][service];
        assert!(
            service["url"].is_string() && service["credentials"].is_object(),
            "{announced}"
        );
        assert!(!service["stores"].as_array().unwrap().is_empty());
    }
}

#[test]
fn a_scenario_that_does_not_read_is_refused() {
    let desk = Desk::new();
    let scenario = desk.file("scenario.toml", "this is = = no scenario");
    let mut command = program();
    command.args(["simulator", "serve", "--scenario", &scenario]);
    assert_eq!(finish(command, "").code, 2);
}

#[test]
fn vectors_count_what_passes_and_a_wrong_one_fails() {
    let desk = Desk::new();
    let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/vectors");
    let mut command = program();
    command.args(["vectors", ours]);
    let ran = finish(command, "");
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    assert!(
        ran.out.lines().any(|line| line.starts_with("meituan.json ")),
        "{}",
        ran.out
    );

    std::fs::create_dir(desk.at("wrong")).unwrap();
    let text = std::fs::read_to_string(format!("{ours}/lemon_ama.json")).unwrap();
    let mut file: Value = serde_json::from_str(&text).unwrap();
    file["vectors"][0]["expected_sig"] = "00".into();
    desk.file("wrong/lemon_ama.json", file.to_string());
    let ran = desk.run(&["vectors", crate::kit::text(&desk.at("wrong")).as_str()]);
    assert_eq!(ran.code, 1);
    let file = &ran.json()["files"][0];
    // The connector's signing and the simulator's are checked apart, so the wrong one fails twice.
    assert_eq!(file["failed"].as_array().unwrap().len(), 2, "{file}");
}
