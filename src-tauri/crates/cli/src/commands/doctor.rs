//! `doctor`: the counter's own health, also when its database does not open.

use crate::data::{Place, file_name};
use crate::outcome::{Done, Failure, Outcome};
use crate::table::add;
use crate::words;
use engine::doctor::{Bundle, Program};
use serde_json::{Value, json};
use std::path::PathBuf;

pub(crate) async fn run(place: &Place, export: Option<PathBuf>) -> Done {
    // As the one writer when that is possible; beside a running window by reading.
    let opened = match place.write() {
        Err(failure) if failure.code() == "in_use" => place.read(),
        opened => opened,
    };
    let engine = match opened {
        Ok(engine) => engine,
        Err(failure) => return Ok(not_open(&failure)),
    };
    let mut checks: Vec<Value> = Vec::new();
    let mut text = String::new();
    let mut ok = true;
    for check in engine.health().await? {
        let message = words::other(&format!("doctor.{}", check.code), &check.params);
        ok &= check.ok;
        add(
            &mut text,
            format_args!("{}  {message}\n", if check.ok { "正常" } else { "注意" }),
        );
        checks
            .push(json!({ "code": check.code, "ok": check.ok, "message": message, "params": check.params }));
    }
    let mut document = json!({ "checks": checks, "ok": ok });
    if let Some(target) = export {
        let program = Program {
            version: concat!("guitai-cli ", env!("CARGO_PKG_VERSION")).to_owned(),
        };
        let bundle = engine.export_diagnostics(program, &target).await?;
        document["exported"] = exported(&bundle);
        add(
            &mut text,
            format_args!("诊断包已写入 {}\n", file_name(&bundle.path)),
        );
    }
    Ok(Outcome::judged(document, text, ok))
}

fn exported(bundle: &Bundle) -> Value {
    json!({ "path": bundle.path.to_string_lossy(), "bytes": bundle.bytes, "files": bundle.files,
        "redactions": bundle.redactions })
}

fn not_open(failure: &Failure) -> Outcome {
    let check = json!({ "code": failure.code(), "ok": false, "message": failure.message() });
    Outcome::judged(
        json!({ "checks": [check], "ok": false }),
        format!("打不开数据：{}", failure.message()),
        false,
    )
}
