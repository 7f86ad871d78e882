//! The pictures that are looked at and repaired: made once by Pillow, then kept below the target folder.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use yardstick::path_or;

pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

/// A folder of `count` pictures whose sides are divided by `shrink`.
pub(crate) fn folder(name: &str, count: usize, shrink: usize) -> Outcome<PathBuf> {
    const SCRIPT: &str = include_str!("../corpus.py");
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{count}-{shrink}"));
    let stamp = place.with_extension("made");
    if fs::read_to_string(&stamp).is_ok_and(|made| made == SCRIPT) {
        return Ok(place);
    }
    if place.exists() {
        fs::remove_dir_all(&place)?;
    }
    let status = Command::new(path_or("GUITAI_BENCH_PYTHON", "python3"))
        .args(["-c", SCRIPT])
        .arg(&place)
        .args([count.to_string(), shrink.to_string()])
        .status()?;
    if !status.success() {
        return Err("the pictures could not be made: is Pillow there? cargo xtask bench installs it".into());
    }
    fs::write(stamp, SCRIPT)?;
    Ok(place)
}

/// Its files in the order of names.
pub(crate) fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    Ok(files)
}
