//! What the app is started with.

use std::path::PathBuf;

/// Folder of our data among those of the operating system; the same as in `tauri.conf.json` and the command line.
const IDENTIFIER: &str = "cn.guitai.counter";
const USAGE: &str = "guitai [--data-dir DIR]";

/// The start.
pub(crate) struct Start {
    /// The data folder.
    pub(crate) folder: PathBuf,
    /// It is the one that a start without arguments takes.
    pub(crate) is_usual: bool,
}

impl Start {
    /// From the arguments, the environment, and the system's folders.
    pub(crate) fn read() -> Result<Self, String> {
        let named = folder_in(std::env::args_os().skip(1))?;
        let named = named.or_else(|| std::env::var_os("GUITAI_DATA_DIR").map(PathBuf::from));
        let is_usual = named.is_none();
        let folder = named
            .or_else(usual)
            .ok_or("no folder for application data; use --data-dir")?;
        // Relative folders would move with whoever starts the app.
        let folder = std::path::absolute(&folder).map_err(|error| error.to_string())?;
        Ok(Self { folder, is_usual })
    }
}

fn folder_in(mut arguments: impl Iterator<Item = std::ffi::OsString>) -> Result<Option<PathBuf>, String> {
    let mut folder = None;
    while let Some(argument) = arguments.next() {
        if argument == "--data-dir" {
            folder = Some(PathBuf::from(arguments.next().ok_or(USAGE)?));
        } else if let Some(text) = argument
            .to_str()
            .and_then(|text| text.strip_prefix("--data-dir="))
        {
            folder = Some(PathBuf::from(text));
        } else {
            // The argument itself is not told: somebody may have put a secret there.
            return Err(USAGE.to_owned());
        }
    }
    Ok(folder)
}

fn usual() -> Option<PathBuf> {
    let variable = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let base = if cfg!(windows) {
        variable("APPDATA")
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        variable("XDG_DATA_HOME").or_else(|| variable("HOME").map(|home| home.join(".local/share")))
    };
    base.map(|base| base.join(IDENTIFIER))
}

#[cfg(test)]
mod tests {
    use super::folder_in;
    use std::ffi::OsString;
    use std::path::PathBuf;

    fn read(words: &[&str]) -> Result<Option<PathBuf>, String> {
        folder_in(words.iter().map(OsString::from))
    }

    #[test]
    fn the_data_folder_is_named_in_two_ways_and_nothing_else_is_taken() {
        assert_eq!(read(&[]).unwrap(), None);
        assert_eq!(read(&["--data-dir", "a b"]).unwrap(), Some("a b".into()));
        assert_eq!(read(&["--data-dir=门店"]).unwrap(), Some("门店".into()));
        assert!(read(&["--data-dir"]).is_err());
        assert!(!read(&["--token=canary"]).unwrap_err().contains("canary"));
    }
}
