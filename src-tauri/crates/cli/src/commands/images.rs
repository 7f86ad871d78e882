//! `images`: checks and repairs of picture files; no data folder needed.

use crate::data::file_name;
use crate::outcome::{Done, Failure, Outcome};
use crate::table::add;
use crate::words;
use clap::{Args, Subcommand};
use images::{
    ImageFinding, Probe, Profile, RepairError, RepairOptions, RulePack, Severity, check, is_ok, probe_deep,
    repair,
};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// The largest file read as a picture, in bytes.
const MAX_FILE: u64 = 64 * 1024 * 1024;

/// 图片的命令
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 按平台的要求检查
    Check(Files),
    /// 修复成平台能收的图片，原文件不动
    Fix {
        #[command(flatten)]
        files: Files,
        /// 写到哪个文件夹
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

/// Which files for whom.
#[derive(Debug, Args)]
pub(crate) struct Files {
    /// 图片文件
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// 平台，例如 `meituan_shangou`
    #[arg(long)]
    platform: String,
}

pub(crate) fn run(command: &Command) -> Done {
    let (files, out) = match command {
        Command::Check(files) => (files, None),
        Command::Fix { files, out } => (files, Some(out.as_path())),
    };
    let rules = RulePack::built_in().map_err(|error| Failure::broken("rules_unreadable", &error))?;
    let Some(profile) = rules.profile(&files.platform) else {
        return Err(Failure::refused(
            "unknown_service",
            format!("不认识的平台：{}", files.platform),
        ));
    };
    if let Some(folder) = out {
        fs::create_dir_all(folder).map_err(|error| {
            Failure::refused("file_unusable", format!("建不了 {}：{error}", folder.display()))
        })?;
    }
    let mut rows = Vec::new();
    let mut text = String::new();
    let mut ok = true;
    for path in &files.files {
        let bytes = read(path)?;
        let looked = probe_deep(&bytes, path.to_str());
        let row = match out {
            None => Row::of(path, &looked, bytes.len(), check(&looked, profile)),
            Some(folder) => fixed(path, &bytes, &looked, profile, folder)?,
        };
        ok &= row.ok;
        text.push_str(&row.text());
        rows.push(row.document());
    }
    Ok(Outcome::judged(Value::Array(rows), text, ok))
}

/// A picture in the answer.
struct Row {
    file: String,
    probe: Probe,
    bytes: usize,
    findings: Vec<ImageFinding>,
    ok: bool,
    /// Of a repair: where the result lies, or why there is none.
    repair: Option<Result<PathBuf, String>>,
}

impl Row {
    fn of(path: &Path, probe: &Probe, bytes: usize, findings: Vec<ImageFinding>) -> Self {
        Self {
            file: path.to_string_lossy().into_owned(),
            probe: probe.clone(),
            bytes,
            ok: is_ok(&findings),
            findings,
            repair: None,
        }
    }

    fn document(&self) -> Value {
        let findings: Vec<Value> = self
            .findings
            .iter()
            .map(|one| json!({ "id": one.id, "severity": severity(one.severity), "message": message(one) }))
            .collect();
        let mut document = json!({
            "file": self.file, "format": self.probe.format.code(), "width": self.probe.width,
            "height": self.probe.height, "color": self.probe.color.code(), "bytes": self.bytes,
            "findings": findings, "ok": self.ok,
        });
        match &self.repair {
            None => {}
            Some(Ok(path)) => document["written"] = json!(path.to_string_lossy()),
            Some(Err(why)) => {
                document["written"] = Value::Null;
                document["error"] = json!(why);
            }
        }
        document
    }

    fn text(&self) -> String {
        let verdict = if self.ok { "可以用" } else { "不能用" };
        let mut text = format!("{}：{verdict}\n", self.file);
        for one in &self.findings {
            add(&mut text, format_args!("  {} {}\n", one.id, message(one)));
        }
        match &self.repair {
            None => {}
            Some(Ok(path)) => add(&mut text, format_args!("  已写入 {}\n", path.display())),
            Some(Err(why)) => add(&mut text, format_args!("  修不好：{why}\n")),
        }
        text
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Hint => "hint",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn message(finding: &ImageFinding) -> String {
    let params = serde_json::to_value(&finding.params).unwrap_or_default();
    let params = params
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (name.clone(), text)
        })
        .collect();
    words::finding(finding.id, &params)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let refused =
        |why: String| Failure::refused("file_unusable", format!("读不了 {}：{why}", path.display()));
    let about = fs::metadata(path).map_err(|error| refused(error.to_string()))?;
    if !about.is_file() {
        return Err(refused("不是文件".to_owned()));
    }
    if about.len() > MAX_FILE {
        return Err(refused(format!("超过 {} MB", MAX_FILE / 1024 / 1024)));
    }
    fs::read(path).map_err(|error| refused(error.to_string()))
}

fn fixed(
    path: &Path,
    bytes: &[u8],
    looked: &Probe,
    profile: &Profile,
    folder: &Path,
) -> Result<Row, Failure> {
    let options = RepairOptions {
        allow_enlarge: true,
        ..RepairOptions::default()
    };
    let repaired = match repair(bytes, profile, options) {
        Ok(repaired) => repaired,
        Err(error) => {
            let findings = check(looked, profile);
            let why = reason(&error, &findings);
            let mut row = Row::of(path, looked, bytes.len(), findings);
            row.ok = false;
            row.repair = Some(Err(why));
            return Ok(row);
        }
    };
    let target = free_name(folder, path, repaired.extension);
    fs::write(&target, &repaired.bytes).map_err(|error| {
        Failure::broken("file_unusable", &format!("写不了 {}：{error}", target.display()))
    })?;
    let mut row = Row::of(path, &repaired.probe, repaired.bytes.len(), repaired.findings);
    row.repair = Some(Ok(target));
    Ok(row)
}

/// Why there is no repaired file: the finding that stands in the way, else what the repair says.
fn reason(error: &RepairError, findings: &[ImageFinding]) -> String {
    if error.defect().is_some() || matches!(error, RepairError::Refused(_)) {
        let blocking = findings.iter().find(|one| matches!(one.id, "IMG01" | "IMG07"));
        if let Some(one) = blocking {
            return message(one);
        }
    }
    error.to_string()
}

/// The original's name with the extension of the result; never over a file that is there.
fn free_name(folder: &Path, path: &Path, extension: &str) -> PathBuf {
    let stem = path
        .file_stem()
        .map_or_else(|| file_name(path), |stem| stem.to_string_lossy().into_owned());
    let first = folder.join(format!("{stem}.{extension}"));
    if !first.exists() {
        return first;
    }
    (2..=u64::MAX)
        .map(|round| folder.join(format!("{stem}-{round}.{extension}")))
        .find(|path| !path.exists())
        .unwrap_or(first)
}
