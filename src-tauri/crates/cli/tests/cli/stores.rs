//! Adding stores: credentials come from standard input and are shown nowhere.

use crate::kit::Desk;

const CANARY: &str = "canary-7f3a9c";

#[test]
fn credentials_that_are_no_object_are_refused_without_being_repeated() {
    let desk = Desk::new();
    let add = [
        "store",
        "add",
        "--platform",
        "ebai",
        "--remote-id",
        "1",
        "--name",
        "x",
    ];
    for input in [
        "",
        &format!("\"{CANARY}\""),
        &format!("{{\"secret\": [\"{CANARY}\"]}}"),
        &format!("{{\"secret\": {CANARY}}}"),
    ] {
        let ran = desk.run_with(&add, input);
        assert_eq!(ran.code, 2, "{input}");
        assert!(
            !ran.out.contains(CANARY) && !ran.err.contains(CANARY),
            "{} {}",
            ran.out,
            ran.err
        );
    }
}

#[test]
fn a_missing_credential_a_wrong_platform_and_a_bad_endpoint_are_refused() {
    let desk = Desk::new();
    let add = |words: &[&str], input: &str| desk.run_with(&[&["store", "add"], words].concat(), input);
    let missing = add(&["--platform", "ebai", "--remote-id", "1", "--name", "x"], "{}");
    assert_eq!(
        (missing.code, &missing.json()["error"]["code"]),
        (2, &"credential_missing".into())
    );
    let unknown = add(&["--platform", "nobody", "--remote-id", "1", "--name", "x"], "{}");
    assert_eq!(unknown.json()["error"]["code"], "unknown_service");
    let nowhere = add(&["--platform", "ebai", "--name", "x"], "{}");
    assert_eq!(nowhere.json()["error"]["code"], "remote_id_missing");
    let setting = add(
        &["--platform", "ama", "--name", "x", "--setting", "nothing"],
        "{}",
    );
    assert_eq!(setting.code, 2);
}

#[test]
fn empty_lists_keep_their_shape() {
    let desk = Desk::new();
    desk.run(&["library", "import", &desk.file("a.csv", "商品名称\n可乐\n")]);
    assert_eq!(
        desk.run(&["store", "list"]).json(),
        serde_json::json!({ "stores": [] })
    );
    let orders = desk.run(&["orders", "list"]).json();
    assert_eq!(orders["orders"], serde_json::json!([]));
    let exceptions = desk.run(&["exceptions", "list"]).json();
    assert_eq!(
        exceptions,
        serde_json::json!({ "exceptions": [], "by_cause": {} })
    );
    let preflight = desk.run(&["preflight"]).json();
    assert_eq!(preflight, serde_json::json!({ "findings": [], "counts": {} }));
    assert_eq!(desk.run(&["exceptions", "explain", "123"]).code, 2);
    assert_eq!(desk.run(&["sync", "plan", "1"]).code, 2);
    let tasks = desk.run(&["tasks", "list"]).json();
    assert_eq!(tasks["jobs"][0]["kind"], "import");
}
