//! What can go wrong with the file.

/// A failure of the local database.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// SQLite said no.
    #[error("database: {0}")]
    Sqlite(#[source] rusqlite::Error),
    /// The disk is full: nothing was changed.
    #[error("disk full")]
    DiskFull,
    /// A migration failed; the file is as before and its backup lies beside it.
    #[error("migration: {0}")]
    Migration(#[from] rusqlite_migration::Error),
    /// The file was written by a newer version of the app.
    #[error("file has schema {found}, this app knows {known}")]
    Newer {
        /// The file's schema number.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// Another process holds the writer's lock.
    #[error("in use by {holder}")]
    InUse {
        /// What that process wrote about itself: program and process id.
        holder: String,
    },
    /// The file is damaged.
    #[error("damaged: {0}")]
    Damaged(String),
    /// Nothing to read yet: the data folder holds no database.
    #[error("no data in this folder yet")]
    NoData,
    /// The folder or a file beside the database cannot be used.
    #[error("files: {0}")]
    Io(#[from] std::io::Error),
    /// A stored JSON column does not read.
    #[error("stored value: {0}")]
    Json(#[from] serde_json::Error),
    /// The row is gone.
    #[error("no such {what}")]
    NotFound {
        /// Kind of row.
        what: &'static str,
    },
    /// Undo is not possible because something was edited later.
    #[error("changed since")]
    ChangedSince {
        /// Entities that were edited later: kind and id.
        later: Vec<(String, i64)>,
    },
    /// The write would break a rule of the model.
    #[error("conflict: {what}")]
    Conflict {
        /// Stable code of the rule.
        what: &'static str,
    },
}

impl From<rusqlite::Error> for StorageError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            _ => Self::Sqlite(error),
        }
    }
}

/// Result of this crate.
pub type Result<T> = std::result::Result<T, StorageError>;
