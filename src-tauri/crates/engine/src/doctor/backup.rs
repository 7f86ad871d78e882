//! Backups that are read back before they count, and the way back.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use std::path::{Path, PathBuf};
use storage::backup::{Backup, Counts};

/// Daily backups beyond this number are removed, oldest first; those made before a migration or a restore stay.
const KEPT: usize = 14;
const PREFIX: &str = "guitai-";
/// The setting that holds when the last backup was made and checked, UTC ms.
pub const LAST: &str = "backup_at";

/// A backup at hand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// The file.
    pub path: PathBuf,
    /// File name.
    pub name: String,
    /// Bytes.
    pub bytes: u64,
    /// When the file was finished, UTC ms.
    pub at: i64,
    /// What is in it; `None` when it cannot be read as a backup.
    pub counts: Option<Counts>,
}

/// Where the backups of a data folder lie.
pub fn shelf(folder: &Path) -> PathBuf {
    folder.join("backups")
}

impl Engine {
    /// Makes a backup, opens it, checks all of it, and removes the oldest surplus ones.
    pub async fn backup(&self) -> Result<Backup> {
        let engine = self.clone();
        tokio::task::spawn_blocking(move || engine.backup_now()).await?
    }

    fn backup_now(&self) -> Result<Backup> {
        let now = self.now();
        let target = self.free_name(now);
        let made = storage::backup::create(self.db(), &target)?;
        if self.db().can_write() {
            self.db().write(|tx| {
                storage::setting::set(tx, LAST, Some(&now.to_string())).map_err(EngineError::from)
            })?;
        }
        prune(self.folder())?;
        self.events().changed(&[crate::event::Tag::Settings]);
        Ok(made)
    }

    fn free_name(&self, now: i64) -> PathBuf {
        let stamp = stamp(now);
        let folder = shelf(self.folder());
        // Two within a second are made by a test or a double click, not by a person a hundred times.
        let names = (1..100).map(|round| match round {
            1 => format!("{PREFIX}{stamp}.sqlite"),
            round => format!("{PREFIX}{stamp}-{round}.sqlite"),
        });
        let mut paths = names.map(|name| folder.join(name));
        paths
            .find(|path| !path.exists())
            .unwrap_or_else(|| folder.join(format!("{PREFIX}{stamp}.sqlite")))
    }

    /// Checks a backup: all of it is read.
    pub async fn verify_backup(&self, path: &Path) -> Result<Backup> {
        let path = path.to_owned();
        Ok(tokio::task::spawn_blocking(move || storage::backup::verify(&path)).await??)
    }

    /// Backups at hand, newest first.
    pub fn backups(&self) -> Result<Vec<Kept>> {
        list(self.folder())
    }
}

/// Backups of a data folder, newest first.
pub fn list(folder: &Path) -> Result<Vec<Kept>> {
    let shelf = shelf(folder);
    let unusable = |source| EngineError::File {
        path: "backups".to_owned(),
        source,
    };
    if !shelf.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(shelf).map_err(unusable)? {
        let entry = entry.map_err(unusable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if Path::new(&name).extension().is_none_or(|kind| kind != "sqlite") {
            continue;
        }
        let data = entry.metadata().map_err(unusable)?;
        let at = data
            .modified()
            .ok()
            .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
            .and_then(|since| i64::try_from(since.as_millis()).ok())
            .unwrap_or(0);
        found.push(Kept {
            counts: storage::backup::counts(&entry.path()).ok(),
            path: entry.path(),
            name,
            bytes: data.len(),
            at,
        });
    }
    found.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| b.name.cmp(&a.name)));
    Ok(found)
}

fn prune(folder: &Path) -> Result<()> {
    let ours = list(folder)?
        .into_iter()
        .filter(|kept| kept.name.starts_with(PREFIX));
    for old in ours.skip(KEPT) {
        std::fs::remove_file(&old.path).map_err(|source| EngineError::File {
            path: old.name,
            source,
        })?;
    }
    Ok(())
}

/// Puts a backup in the place of the database of a folder that nobody has open. What was there is kept among the
/// backups; where it is so damaged that it cannot be opened, its file is kept as it is.
pub fn restore(folder: &Path, backup: &Path, now: i64) -> Result<Backup> {
    let shelf = shelf(folder);
    std::fs::create_dir_all(&shelf).map_err(|source| EngineError::File {
        path: "backups".to_owned(),
        source,
    })?;
    let keep = shelf.join(format!("before-restore-{}.sqlite", stamp(now)));
    match storage::backup::restore(folder, backup, &keep) {
        Err(storage::error::StorageError::Damaged(reason)) => {
            // The backup itself may be the damaged one: then nothing has been touched and nothing is set aside.
            storage::backup::verify(backup)?;
            tracing::warn!(reason, "the database is damaged; its file is set aside");
            set_aside(folder, &keep.with_extension("damaged"))?;
            Ok(storage::backup::restore(folder, backup, &keep)?)
        }
        done => Ok(done?),
    }
}

fn set_aside(folder: &Path, target: &Path) -> Result<()> {
    let file = storage::db::Db::file(folder);
    for suffix in ["", "-wal", "-shm"] {
        let from = PathBuf::from(format!("{}{suffix}", file.display()));
        let to = PathBuf::from(format!("{}{suffix}", target.display()));
        if from.exists() {
            std::fs::rename(&from, &to).map_err(|source| EngineError::File {
                path: "guitai.sqlite".to_owned(),
                source,
            })?;
        }
    }
    Ok(())
}

/// A moment in Shanghai as it stands in file names.
pub(crate) fn stamp(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    moment.to_zoned(zone).strftime("%Y%m%d-%H%M%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::{list, restore, shelf, stamp};
    use storage::db::{Access, Db};

    #[test]
    fn names_carry_the_time_of_the_shop() {
        assert_eq!(stamp(1_700_000_000_000), "20231115-061320");
    }

    #[test]
    fn a_damaged_database_is_set_aside_and_the_backup_takes_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(folder.path(), Access::Write, "test").unwrap();
        let backup = shelf(folder.path()).join("guitai-1.sqlite");
        storage::backup::create(&db, &backup).unwrap();
        drop(db);
        std::fs::write(Db::file(folder.path()), vec![7_u8; 8192]).unwrap();
        restore(folder.path(), &backup, 1_700_000_000_000).unwrap();
        assert!(Db::open(folder.path(), Access::Write, "test").is_ok());
        let kept = std::fs::read_dir(shelf(folder.path()))
            .unwrap()
            .filter(|entry| {
                let name = entry.as_ref().unwrap().file_name();
                name.to_string_lossy().contains("damaged")
            })
            .count();
        assert!(kept >= 1, "the damaged file is kept");
    }

    #[test]
    fn a_damaged_backup_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        drop(Db::open(folder.path(), Access::Write, "test").unwrap());
        let backup = folder.path().join("bad.sqlite");
        std::fs::write(&backup, vec![7_u8; 8192]).unwrap();
        assert!(restore(folder.path(), &backup, 0).is_err());
        assert!(Db::open(folder.path(), Access::Write, "test").is_ok());
        assert!(list(folder.path()).unwrap().is_empty());
    }

    #[test]
    fn the_list_tells_what_is_in_a_backup_and_which_file_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(folder.path(), Access::Write, "test").unwrap();
        let product = "INSERT INTO product (name, created_at, updated_at) VALUES ('水', 1, 1)";
        db.write(|tx| Ok::<_, storage::error::StorageError>(tx.execute(product, [])?))
            .unwrap();
        storage::backup::create(&db, &shelf(folder.path()).join("guitai-1.sqlite")).unwrap();
        std::fs::write(shelf(folder.path()).join("guitai-2.sqlite"), "nothing of ours").unwrap();
        let mut kept = list(folder.path()).unwrap();
        kept.sort_by(|a, b| a.name.cmp(&b.name));
        let counts = |at: usize| kept[at].counts.map(|counts| (counts.products, counts.orders));
        assert_eq!((counts(0), counts(1)), (Some((1, 0)), None));
    }
}
