//! What a use case can answer instead of its result.

use connect::error::RemoteError;
use domain::id::AccountId;
use secrets::VaultState;
use sheets::SheetError;
use std::collections::BTreeMap;
use std::path::Path;
use storage::error::StorageError;

/// A failure of a use case. [`EngineError::code`] names the words that tell a person.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The local file.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The other side.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// The keychain cannot be used now; nothing is lost and nothing has to be authorized again.
    #[error("keychain unavailable: {0}")]
    Vault(VaultState),
    /// The vault failed in another way.
    #[error(transparent)]
    Secrets(#[from] secrets::Error),
    /// The account was never authorized.
    #[error("account {0} is not authorized")]
    NotAuthorized(AccountId),
    /// No connector of that name.
    #[error("unknown service {0}")]
    UnknownService(String),
    /// A rule pack or word file does not read.
    #[error("rule pack {file}: {source}")]
    Rules {
        /// Which file.
        file: String,
        /// Why.
        source: toml::de::Error,
    },
    /// A spreadsheet from outside.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// A file on this machine cannot be read or written.
    #[error("file {path}: {source}")]
    File {
        /// Its name (not its folder).
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The same work is running already.
    #[error("already running: {kind}")]
    AlreadyRunning {
        /// Kind of job.
        kind: &'static str,
    },
    /// The manager cancelled.
    #[error("cancelled")]
    Cancelled,
    /// The request does not make sense; the code says why.
    #[error("refused: {code}")]
    Refused {
        /// Words by code.
        code: &'static str,
        /// Values for the words.
        params: BTreeMap<String, String>,
    },
    /// A picture that cannot be used.
    #[error("picture: {0}")]
    Picture(String),
    /// A stored JSON value does not read.
    #[error("stored value: {0}")]
    Json(#[from] serde_json::Error),
    /// A worker thread died.
    #[error("worker: {0}")]
    Worker(#[from] tokio::task::JoinError),
}

/// The name of a file as a person is told it, without its folder.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Result of this crate.
pub type Result<T> = std::result::Result<T, EngineError>;

impl EngineError {
    /// A refusal without values.
    pub fn refused(code: &'static str) -> Self {
        Self::Refused {
            code,
            params: BTreeMap::new(),
        }
    }

    /// A refusal with values for its words.
    pub fn refused_with(
        code: &'static str,
        params: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Self {
        Self::Refused {
            code,
            params: params.into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
        }
    }

    /// What a sheet in this file failed with: trouble with the file itself is told with its name, not its folder.
    pub(crate) fn of_sheet(path: &Path) -> impl Fn(SheetError) -> Self {
        move |error| match error {
            SheetError::Io(source) => Self::File {
                path: file_name(path),
                source,
            },
            other => Self::Sheet(other),
        }
    }

    /// The code by which messages name this failure: `error.<code>`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Storage(error) => match error {
                StorageError::DiskFull => "disk_full",
                StorageError::Newer { .. } => "file_newer",
                StorageError::InUse { .. } => "in_use",
                StorageError::Damaged(_) => "file_damaged",
                StorageError::NoData => "no_data",
                StorageError::NotFound { .. } => "not_found",
                StorageError::ChangedSince { .. } => "changed_since",
                StorageError::Conflict { what } => what,
                StorageError::Migration(_) => "migration_failed",
                StorageError::Io(_) => "file_unusable",
                StorageError::Sqlite(_) | StorageError::Json(_) => "database",
            },
            Self::Remote(error) => match error {
                RemoteError::Unreachable { .. } => "unreachable",
                RemoteError::NoAnswer { .. } => "no_answer",
                RemoteError::Throttled { .. } => "throttled",
                RemoteError::Expired { .. } => "authorization_expired",
                RemoteError::Refused { .. } => "authorization_refused",
                RemoteError::Rejected { .. } => "rejected",
                RemoteError::Busy { .. } => "platform_busy",
                RemoteError::Malformed { .. } => "malformed_answer",
                RemoteError::MissingCredential { .. } => "missing_credential",
                RemoteError::Unsupported { .. } => "unsupported",
            },
            Self::Vault(state) => state.code(),
            Self::Secrets(_) => "secrets",
            Self::NotAuthorized(_) => "not_authorized",
            Self::UnknownService(_) => "unknown_service",
            Self::Rules { .. } => "rules_unreadable",
            Self::Sheet(error) => error.code(),
            Self::File { .. } => "file_unusable",
            Self::AlreadyRunning { .. } => "already_running",
            Self::Cancelled => "cancelled",
            Self::Refused { code, .. } => code,
            Self::Picture(_) => "picture_unusable",
            Self::Json(_) | Self::Worker(_) => "internal",
        }
    }

    /// Values for the words.
    pub fn params(&self) -> BTreeMap<String, String> {
        let one = |key: &str, value: &str| BTreeMap::from([(key.to_owned(), value.to_owned())]);
        match self {
            Self::Refused { params, .. } => params.clone(),
            Self::Storage(StorageError::InUse { holder }) => one("holder", holder),
            Self::Storage(StorageError::Newer { found, known }) => BTreeMap::from([
                ("found".to_owned(), found.to_string()),
                ("known".to_owned(), known.to_string()),
            ]),
            Self::Storage(StorageError::ChangedSince { later }) => one("count", &later.len().to_string()),
            Self::Storage(StorageError::NotFound { what }) => one("what", what),
            Self::Remote(error) => one("text", error.text()),
            Self::UnknownService(name) => one("service", name),
            Self::File { path, .. } => one("file", path),
            Self::Picture(text) => one("text", text),
            Self::Sheet(error) => {
                let pairs = error.params().into_iter();
                pairs.map(|(name, value)| (name.to_owned(), value)).collect()
            }
            Self::AlreadyRunning { kind } => one("kind", kind),
            _ => BTreeMap::new(),
        }
    }
}
