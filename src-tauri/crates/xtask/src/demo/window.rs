//! The real window on the demo's data: pictures of its pages without a display, or the open window for a person.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::stage::Stage;
use crate::process::find;
use crate::report::say;

/// Pages by their key (Alt and a digit) in the order of the menu.
const PAGES: [(&str, &str); 8] = [
    ("1", "workbench"),
    ("2", "library"),
    ("3", "listings"),
    ("4", "matching"),
    ("5", "sync"),
    ("6", "orders"),
    ("7", "exceptions"),
    ("8", "stock"),
];
const DISPLAY: &str = ":87";
/// A page stands still when nothing on it has changed for so long,
const STILL: Duration = Duration::from_millis(900);
/// and is looked at for so long at least,
const AT_LEAST: Duration = Duration::from_secs(2);
/// and at most: a clock or a turning wheel may never stand still.
const SETTLED_AT_LAST: Duration = Duration::from_secs(10);

/// What the window looks like once all is done: nothing waits any more.
const AFTER: [(&str, &str); 2] = [("1", "workbench-after"), ("7", "exceptions-after")];

/// Pictures of every page while the day's exceptions still wait for the manager.
pub(super) fn pictures_of_work(stage: &Stage) -> anyhow::Result<()> {
    let folder = stage.home().join("pictures");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    pictures(stage, &PAGES)
}

/// Pictures of the pages that show that the work is done.
pub(super) fn pictures_of_rest(stage: &Stage) -> anyhow::Result<()> {
    pictures(stage, &AFTER)
}

/// Opens the app on a virtual display and takes a picture of each page into `pictures` beside the data.
fn pictures(stage: &Stage, pages: &[(&str, &str)]) -> anyhow::Result<()> {
    if find("Xvfb").is_none() || find("import").is_none() || find("xdotool").is_none() {
        say("demo: no virtual display on this machine, so no pictures of the window");
        return Ok(());
    }
    let folder = stage.home().join("pictures");
    fs::create_dir_all(&folder)?;
    let mut display = Command::new("Xvfb")
        .args([DISPLAY, "-screen", "0", "1440x900x24", "-nolisten", "tcp"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start Xvfb")?;
    let taken = take(stage, &folder, pages);
    end(&mut display);
    taken?;
    say(format!(
        "demo: {} pictures of the window are in {}",
        pages.len(),
        folder.display()
    ));
    Ok(())
}

fn take(stage: &Stage, folder: &Path, pages: &[(&str, &str)]) -> anyhow::Result<()> {
    let log = fs::File::create(stage.home().join("window.log"))?;
    let mut app = Command::new(stage.program("guitai"))
        .arg("--data-dir")
        .arg(&stage.data)
        .env("DISPLAY", DISPLAY)
        .env("GDK_BACKEND", "x11")
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .context("cannot start the app")?;
    let taken = walk(folder, pages);
    end(&mut app);
    taken
}

fn walk(folder: &Path, pages: &[(&str, &str)]) -> anyhow::Result<()> {
    let window = wait_for_window()?;
    run(
        "xdotool",
        &[
            "windowsize",
            &window,
            "1440",
            "900",
            "windowmove",
            &window,
            "0",
            "0",
            "windowfocus",
            &window,
        ],
    )?;
    settle()?;
    for (key, page) in pages {
        run("xdotool", &["key", "--window", &window, &format!("alt+{key}")])?;
        settle()?;
        let file = folder.join(format!("{page}.png"));
        run("import", &["-window", "root", &file.to_string_lossy()])?;
    }
    Ok(())
}

/// Waits until what is on the display has stood still for a moment: a page that was asked for needs time to begin, to
/// read and to draw, longest in a debug build on a machine without a graphics card.
fn settle() -> anyhow::Result<()> {
    let begun = Instant::now();
    let mut shown = Vec::new();
    let mut since = Instant::now();
    while begun.elapsed() < SETTLED_AT_LAST {
        sleep(Duration::from_millis(300));
        let now = shot()?;
        if now != shown {
            (shown, since) = (now, Instant::now());
        } else if since.elapsed() >= STILL && begun.elapsed() >= AT_LEAST {
            break;
        }
    }
    Ok(())
}

/// What is on the display, point by point.
fn shot() -> anyhow::Result<Vec<u8>> {
    let shot = Command::new("import")
        .args(["-window", "root", "-depth", "8", "rgb:-"])
        .env("DISPLAY", DISPLAY)
        .output()
        .context("cannot start import")?;
    if !shot.status.success() {
        bail!("import: {}", String::from_utf8_lossy(&shot.stderr));
    }
    Ok(shot.stdout)
}

fn wait_for_window() -> anyhow::Result<String> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_mins(1) {
        let found = Command::new("xdotool")
            .args(["search", "--onlyvisible", "--name", "柜台"])
            .env("DISPLAY", DISPLAY)
            .output()?;
        let text = String::from_utf8_lossy(&found.stdout);
        if let Some(id) = text.lines().next_back().filter(|id| !id.is_empty()) {
            return Ok(id.to_owned());
        }
        sleep(Duration::from_millis(500));
    }
    bail!("the window did not appear within a minute")
}

fn run(program: &str, words: &[&str]) -> anyhow::Result<()> {
    let status = Command::new(program)
        .args(words)
        .env("DISPLAY", DISPLAY)
        .stdout(Stdio::null())
        .status()
        .with_context(|| format!("cannot start {program}"))?;
    if !status.success() {
        bail!("{program} {} failed", words.join(" "));
    }
    Ok(())
}

fn end(child: &mut Child) {
    if let Err(error) = child.kill().and_then(|()| child.wait()) {
        say(format!("demo: {error}"));
    }
}

/// Opens the app for a person and waits until it is closed; the simulated platforms live as long.
pub(super) fn open(stage: &Stage) -> anyhow::Result<()> {
    say("demo: the window opens; close it to end the demo");
    let status = Command::new(stage.program("guitai"))
        .arg("--data-dir")
        .arg(&stage.data)
        .status()
        .context("cannot start the app")?;
    stage.strike();
    if !status.success() {
        bail!("the app ended with {status}");
    }
    Ok(())
}
