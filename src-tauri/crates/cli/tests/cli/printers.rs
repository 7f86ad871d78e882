//! Printers: a network printer from adding to the test page, and previews on both papers.

use crate::kit::Desk;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

/// A printer that answers that it has paper and keeps what it is sent.
fn printer() -> (String, mpsc::Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (sends, got) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut chunk = [0; 4096];
            let mut paper = Vec::new();
            while let Ok(read @ 1..) = stream.read(&mut chunk) {
                paper.extend_from_slice(&chunk[..read]);
                if paper.ends_with(b"\x10\x04\x04") && stream.write_all(&[0x12]).is_err() {
                    break;
                }
            }
            if sends.send(paper).is_err() {
                break;
            }
        }
    });
    (address, got)
}

#[test]
fn a_network_printer_is_added_lights_up_and_prints_a_test_page() {
    let desk = Desk::new();
    let (address, paper) = printer();
    let added = desk.run(&[
        "printer", "add", "--kind", "escpos", "--number", &address, "--name", "吧台",
    ]);
    assert_eq!(added.code, 0, "{}", added.err);
    let id = added.json()["printers"][0]["id"].as_i64().unwrap().to_string();
    let tested = desk.run(&["printer", "test", &id]);
    assert_eq!(tested.code, 0, "{} {}", tested.out, tested.err);
    assert_eq!(tested.json()["tickets"][0]["state"], "printed");
    let mut all = Vec::new();
    while let Ok(more) = paper.recv_timeout(Duration::from_secs(2)) {
        all.extend(more);
        if all.windows(3).any(|window| window == b"\x1dVB") {
            break;
        }
    }
    // 测试页 in GB18030.
    let wanted = [0xb2, 0xe2, 0xca, 0xd4, 0xd2, 0xb3];
    assert!(all.windows(6).any(|window| window == wanted), "{all:x?}");
    let listed = desk.run(&["printer", "list"]).json();
    assert_eq!(listed["printers"][0]["state"], "ready");
    let removed = desk.run(&["printer", "remove", &id]);
    assert_eq!(removed.code, 0, "{}", removed.err);
    assert_eq!(
        desk.run(&["printer", "list"]).json()["printers"],
        serde_json::json!([])
    );
}

#[test]
fn a_bad_address_an_unknown_kind_and_a_missing_key_are_refused() {
    let desk = Desk::new();
    let add = |kind: &str, number: &str, input: &str| {
        desk.run_with(&["printer", "add", "--kind", kind, "--number", number], input)
    };
    let bad = add("escpos", "http://10.0.0.1", "");
    assert_eq!(bad.code, 1);
    assert!(
        bad.json()["printers"][0]["refused"]
            .as_str()
            .unwrap()
            .contains("主机")
    );
    assert_eq!(add("nothing", "1", "").json()["error"]["code"], "unknown_service");
    let keyless = add("feie", "316500010", "{\"user\": \"a@example.com\"}");
    assert_eq!(
        (keyless.code, &keyless.json()["error"]["code"]),
        (2, &"credential_missing".into())
    );
    assert_eq!(
        desk.run(&["printer", "list"]).json()["printers"],
        serde_json::json!([])
    );
}

#[test]
fn the_preview_follows_the_template_on_both_papers() {
    let desk = Desk::new();
    let set = desk.run(&[
        "printer",
        "template",
        "--header",
        "禾记便利",
        "--receiver",
        "false",
    ]);
    assert_eq!(set.code, 0, "{}", set.err);
    for (paper, columns) in [("mm58", 32), ("mm80", 48)] {
        let ran = desk.run(&["printer", "preview", "--paper", paper]).json();
        let lines: Vec<&str> = ran["lines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["text"].as_str().unwrap())
            .collect();
        assert!(lines[0].contains("禾记便利"), "{lines:?}");
        assert!(lines.contains(&"-".repeat(columns).as_str()), "{lines:?}");
        assert!(!lines.iter().any(|line| line.contains("138")), "{lines:?}");
    }
}
