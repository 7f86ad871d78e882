//! What a command answers instead of its result: a code that picks the words, values for them, and a text for the log.

use engine::error::EngineError;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use storage::error::StorageError;
use ts_rs::TS;

/// A refused or failed command. The words are `error.<code>` in the messages.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, TS)]
pub struct ApiError {
    /// Stable code; picks words, severity and advice.
    pub code: String,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
    /// For the log and for support, English, never a secret.
    pub detail: Option<String>,
    /// Names the line in the log, for failures that nobody foresaw.
    pub trace: Option<String>,
}

/// Result of a command's body.
pub type Result<T> = std::result::Result<T, ApiError>;

impl ApiError {
    /// A failure without values.
    pub fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            params: BTreeMap::new(),
            detail: None,
            trace: None,
        }
    }

    /// Adds a value for the words.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a text for the log.
    #[must_use]
    pub fn because(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// A failure of the program itself: logged with a trace that the person can hand to support.
    pub fn internal(detail: impl Into<String>) -> Self {
        let mut error = Self::new("internal").because(detail);
        error.trace = Some(trace());
        error
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.code)?;
        self.detail
            .as_ref()
            .map_or(Ok(()), |detail| write!(f, ": {detail}"))
    }
}

impl std::error::Error for ApiError {}

impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        let code = error.code();
        let trace = matches!(code, "internal" | "database").then(trace);
        if let Some(trace) = &trace {
            tracing::error!(%error, trace, "a command failed in a way nobody foresaw");
        }
        Self {
            code: code.to_owned(),
            params: error.params(),
            detail: Some(chain(&error)),
            trace,
        }
    }
}

impl From<StorageError> for ApiError {
    fn from(error: StorageError) -> Self {
        EngineError::from(error).into()
    }
}

/// The error with its sources, each text once.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let more = source.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        next = source.source();
    }
    text
}

/// Unique within a run; with the day of the log file it names one line.
fn trace() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storage_failure_keeps_its_code_and_values() {
        let error = ApiError::from(StorageError::Newer { found: 9, known: 1 });
        assert_eq!(error.code, "file_newer");
        assert_eq!(error.params["found"], "9");
        assert_eq!(error.trace, None);
    }

    #[test]
    fn a_failure_nobody_foresaw_has_a_trace() {
        let first = ApiError::internal("x").trace;
        let second = ApiError::internal("x").trace;
        assert!(first.is_some() && first != second);
    }
}
