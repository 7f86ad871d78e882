//! The real program with the real keychain of a session of its own, against the simulator's real HTTP: its arguments,
//! its environment, what it prints and logs at its most verbose, and every file it leaves.

use serde_json::Value;
use std::fs::Permissions;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use suites::canary::{Canary, Hit, NAMING, scan, scan_folder};
use suites::program::{Ran, finish, guitai_cli, on, skip};

const TEST: &str = "process::the_real_program_shows_its_secrets_to_nobody";
/// Set in the second run, which plays inside the session.
const INSIDE: &str = "GUITAI_SECURITY_INSIDE";
/// The simulator, stopped when the test ends.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself; either way nothing of it stays.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn the_real_program_shows_its_secrets_to_nobody() {
    let Some(program) = guitai_cli(TEST) else {
        return;
    };
    if let Some(folder) = std::env::var_os(INSIDE) {
        return play(&program, Path::new(&folder));
    }
    for tool in ["dbus-run-session", "gnome-keyring-daemon"] {
        let path = std::env::var_os("PATH").unwrap_or_default();
        if !std::env::split_paths(&path).any(|folder| folder.join(tool).is_file()) {
            return skip(&format!("{TEST} needs {tool} (cargo xtask setup installs it)"));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    for name in ["run", "data", "config", "cache", "home", "work"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    std::fs::set_permissions(folder.path().join("run"), Permissions::from_mode(0o700)).unwrap();
    let script =
        "printf ci-pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null\nexec \"$@\"";
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-eu", "-c", script, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", TEST, "--nocapture"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder.path().join("home"))
        .env("XDG_RUNTIME_DIR", folder.path().join("run"))
        .env("XDG_DATA_HOME", folder.path().join("data"))
        .env("XDG_CONFIG_HOME", folder.path().join("config"))
        .env("XDG_CACHE_HOME", folder.path().join("cache"))
        .env("GUITAI_CLI", &program)
        .env(INSIDE, folder.path().join("work"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && printed.contains("1 passed"),
        "{printed}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn serve(program: &Path) -> (Serving, Value) {
    let mut child = Command::new(program)
        .args(["simulator", "serve", "--port", "0"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    (Serving(child), serde_json::from_str(&line).unwrap())
}

struct Desk {
    program: PathBuf,
    work: PathBuf,
    canaries: Vec<Canary>,
    hits: Vec<Hit>,
    looked: usize,
}

impl Desk {
    /// Runs a command at the most verbose level and scans all that can be seen of it.
    fn run(&mut self, words: &[&str], input: &str) -> Ran {
        let mut command = on(&self.program, &self.work.join("shop"), words);
        command.env("GUITAI_LOG", "trace").current_dir(&self.work);
        let (canaries, hits, looked) = (&self.canaries, &mut self.hits, &mut self.looked);
        let ran = finish(command, input, |pid| {
            for part in ["cmdline", "environ"] {
                let bytes = of_process(pid, part);
                *looked += usize::from(!bytes.is_empty());
                hits.extend(scan(canaries, &format!("{part} of {words:?}"), &bytes));
            }
        });
        self.hits
            .extend(scan(&self.canaries, &format!("output of {words:?}"), &ran.out));
        self.hits
            .extend(scan(&self.canaries, &format!("log of {words:?}"), &ran.err));
        ran
    }

    fn ok(&mut self, words: &[&str], input: &str) -> Value {
        let ran = self.run(words, input);
        assert!(ran.code.is_some_and(|code| code < 2), "{words:?}: {}", ran.told());
        ran.json()
    }
}

/// Arguments or environment of a process; empty when it ended before it could be looked at.
fn of_process(pid: u32, part: &str) -> Vec<u8> {
    loop {
        // For a moment after it was started, a process has neither.
        match std::fs::read(format!("/proc/{pid}/{part}")) {
            Ok(bytes) if bytes.is_empty() && is_alive(pid) => std::thread::yield_now(),
            Ok(bytes) => return bytes,
            Err(_) => return Vec::new(),
        }
    }
}

/// Whether a process has not ended yet; one that nobody waited for has.
fn is_alive(pid: u32) -> bool {
    let told = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    told.rsplit(')')
        .next()
        .is_some_and(|rest| !rest.trim_start().starts_with('Z'))
}

fn canaries(services: &Value) -> Vec<Canary> {
    let mut canaries = Vec::new();
    for (service, facts) in services.as_object().unwrap() {
        let fields = facts["credentials"].as_object().unwrap().iter();
        for (field, value) in fields.filter(|(field, _)| !NAMING.contains(&field.as_str())) {
            canaries.push(Canary::new(
                &format!("{service} {field}"),
                value.as_str().unwrap(),
            ));
        }
    }
    canaries
}

/// Adds the ERP and a store on each platform, each also with credentials nobody can use. Returns the stores' ids.
fn add_stores(desk: &mut Desk, services: &Value) -> Vec<String> {
    let mut stores = Vec::new();
    let mut erp = String::new();
    for service in ["ama", "meituan_shangou", "ebai"] {
        let facts = &services[service];
        let remote = facts["stores"][0]["remote_id"].as_str().unwrap();
        let url = facts["url"].as_str().unwrap();
        let linked = erp.clone();
        let mut words = vec![
            "store",
            "add",
            "--platform",
            service,
            "--name",
            "望江路店",
            "--endpoint",
            url,
        ];
        if service == "ama" {
            words.extend(["--setting", "calls_per_second=0"]);
        } else {
            words.extend(["--remote-id", remote, "--erp", &linked, "--offline-code", "1001"]);
        }
        let seen = desk.looked;
        let added = desk.ok(&words, &facts["credentials"].to_string());
        assert_eq!(
            desk.looked,
            seen + 2,
            "arguments and environment were looked at while it waited"
        );
        if service == "ama" {
            erp = added["account"].to_string();
        } else {
            stores.push(added["id"].to_string());
        }
        // Given wrongly, it is refused without being repeated.
        let secret = facts["credentials"]
            .as_object()
            .unwrap()
            .values()
            .next_back()
            .unwrap()
            .to_string();
        for wrong in [
            secret.clone(),
            format!("{{\"app_secret\":[{secret}]}}"),
            format!("{{\"x\":{secret}"),
        ] {
            assert_eq!(desk.run(&words, &wrong).code, Some(2));
        }
    }
    stores
}

/// Adds the printers that the cloud sold, with their keys on the standard input, and prints.
fn use_printers(desk: &mut Desk, cloud: &Value) {
    let mut given = cloud["credentials"].clone();
    let url = cloud["url"].as_str().unwrap();
    let mut words = vec!["printer", "add", "--kind", "feie", "--endpoint", url];
    for printer in cloud["printers"].as_array().unwrap() {
        let sn = printer["sn"].as_str().unwrap();
        given[format!("key.{sn}")] = printer["key"].clone();
        words.extend(["--number", sn]);
    }
    let added = desk.ok(&words, &given.to_string());
    let id = added["printers"][0]["id"].to_string();
    // Given wrongly, it is refused without being repeated.
    assert_eq!(desk.run(&words, &format!("[{given}]")).code, Some(2));
    for words in [
        &["printer", "look"][..],
        &["printer", "test", &id],
        &["printer", "queue"],
        &["printer", "clear", &id],
        &["printer", "list"],
    ] {
        desk.ok(words, "");
    }
}

fn play(program: &Path, work: &Path) {
    let (_serving, announced) = serve(program);
    let services = &announced["services"];
    let cloud = &announced["printers"]["feie"];
    let mut canaries = canaries(services);
    canaries.push(Canary::new(
        "printer cloud ukey",
        cloud["credentials"]["ukey"].as_str().unwrap(),
    ));
    for printer in cloud["printers"].as_array().unwrap() {
        canaries.push(Canary::new("printer key", printer["key"].as_str().unwrap()));
    }
    let mut desk = Desk {
        program: program.to_owned(),
        work: work.to_owned(),
        canaries,
        hits: Vec::new(),
        looked: 0,
    };
    assert!(desk.canaries.len() >= 5);
    let sheet = work.join("in.csv");
    std::fs::write(&sheet, "商品名称,条码,价格\n新的水,6901234567892,2.00\n").unwrap();
    desk.ok(&["library", "import", sheet.to_str().unwrap()], "");
    let stores = add_stores(&mut desk, services);
    for store in &stores {
        let steps = desk.ok(&["store", "test", store], "");
        assert_eq!(
            steps["steps"][0]["ok"], true,
            "the keychain gave the key back: {steps}"
        );
        desk.ok(&["pull", store], "");
        desk.ok(&["match", store, "--apply"], "");
        desk.ok(&["preflight", store], "");
        desk.ok(&["sync", "plan", store], "");
    }
    use_printers(&mut desk, cloud);
    let export = work.join("library.xlsx");
    let bundle = work.join("bundle.zip");
    for words in [
        &["store", "list"][..],
        &["orders", "pull"],
        &["exceptions", "list"],
        &["stock", "push"],
        &["tasks", "list"],
        &["library", "export", export.to_str().unwrap()],
        &["doctor", "--export", bundle.to_str().unwrap()],
        &["backup", "create"],
    ] {
        desk.ok(words, "");
    }
    assert!(export.is_file() && bundle.is_file());
    // Killed while it holds what it was given.
    let facts = &services["ebai"]["credentials"];
    let mut command = on(program, &work.join("shop"), &["store", "authorize", &stores[1]]);
    command.env("GUITAI_LOG", "trace").current_dir(work);
    let killed = finish(command, &facts.to_string(), |pid| {
        let told = Command::new("kill").args(["-9", &pid.to_string()]).status();
        assert!(told.unwrap().success());
    });
    assert_eq!(killed.code, None, "it was killed");
    desk.hits
        .extend(scan(&desk.canaries, "log of a killed run", &killed.err));

    let mut hits = std::mem::take(&mut desk.hits);
    assert!(scan_folder(&desk.canaries, work, &mut hits) >= 5);
    assert_eq!(hits, []);
}
