//! The data folder and the engine on it.

use crate::outcome::Failure;
use domain::id::StoreId;
use engine::Engine;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use storage::db::Access;

/// The application's name among the folders of the operating system.
const APP: &str = "cn.guitai.counter";

/// Where the data lie and how the answer is shown.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The data folder.
    pub(crate) folder: PathBuf,
}

impl Place {
    /// The folder named, else `GUITAI_DATA_DIR`, else that of the operating system.
    pub(crate) fn of(named: Option<PathBuf>) -> Result<Self, Failure> {
        let told = || std::env::var_os("GUITAI_DATA_DIR").filter(|folder| !folder.is_empty());
        let folder = named
            .or_else(|| told().map(PathBuf::from))
            .or_else(default_folder);
        let folder =
            folder.ok_or_else(|| Failure::refused("no_folder", "找不到数据文件夹，请用 --data-dir 指定"))?;
        Ok(Self { folder })
    }

    /// Opens for reading: works while another program writes.
    pub(crate) fn read(&self) -> Result<Engine, Failure> {
        Ok(devhost::roots::open(&self.folder, Access::Read, program())?)
    }

    /// Opens for writing; refused while another program does.
    pub(crate) fn write(&self) -> Result<Engine, Failure> {
        Ok(devhost::roots::open(&self.folder, Access::Write, program())?)
    }
}

fn program() -> &'static str {
    "guitai-cli"
}

fn default_folder() -> Option<PathBuf> {
    let home = || std::env::var_os(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(PathBuf::from);
    let base = if cfg!(windows) {
        std::env::var_os("APPDATA").map(PathBuf::from)
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Application Support"))
    } else {
        let named = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
        named
            .filter(|path| path.is_absolute())
            .or_else(|| home().map(|home| home.join(".local/share")))
    };
    base.map(|base| base.join(APP))
}

/// A store that was named; refused when there is none of that id.
pub(crate) fn store(engine: &Engine, id: i64) -> Result<StoreId, Failure> {
    let id = StoreId(id);
    engine.db().read(|c| storage::store::get(c, id))?;
    Ok(id)
}

/// A word for the person beside the document.
pub(crate) fn say(text: &str) {
    // Standard error may be closed; the document still comes.
    drop(writeln!(io::stderr(), "{text}"));
}

/// The name of a file without its folder.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::APP;

    #[test]
    fn the_command_line_and_the_window_mean_the_same_folder() {
        let config: serde_json::Value =
            serde_json::from_str(include_str!("../../../tauri.conf.json")).unwrap();
        assert_eq!(config["identifier"], APP);
    }
}
