//! What a command gives: one JSON document, the same as a few lines for a person, and whether all of it is well; or why
//! it did not do its work.

use crate::words;
use engine::error::EngineError;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::process::ExitCode;
use storage::error::StorageError;

/// The answer of a command that did its work.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The document of `--json`.
    pub(crate) document: Value,
    /// The same for a person.
    pub(crate) text: String,
    /// Every item is well; otherwise the exit code is 1 and the document says which is not.
    pub(crate) ok: bool,
}

impl Outcome {
    /// All is well.
    pub(crate) fn well(document: Value, text: impl Into<String>) -> Self {
        Self::judged(document, text, true)
    }

    /// Well or not.
    pub(crate) fn judged(document: Value, text: impl Into<String>, ok: bool) -> Self {
        Self {
            document,
            text: text.into(),
            ok,
        }
    }
}

/// Why a command did not do its work.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Stable code.
    code: String,
    /// Values for the words.
    params: BTreeMap<String, String>,
    /// A sentence for a person.
    message: String,
    /// Wrong usage or refused input (exit code 2), not work that went wrong (1).
    refused: bool,
}

/// Result of a command.
pub(crate) type Done = Result<Outcome, Failure>;

impl Failure {
    /// Wrong usage or refused input, told in a sentence.
    pub(crate) fn refused(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            params: BTreeMap::new(),
            message: message.into(),
            refused: true,
        }
    }

    /// Work that went wrong on this machine.
    pub(crate) fn broken(code: &str, error: &dyn std::fmt::Display) -> Self {
        Self {
            refused: false,
            ..Self::refused(code, error.to_string())
        }
    }

    /// The stable code.
    pub(crate) fn code(&self) -> &str {
        &self.code
    }

    /// The sentence.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    fn document(&self) -> Value {
        json!({ "error": { "code": self.code, "params": self.params, "message": self.message } })
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        let (code, params) = (error.code(), error.params());
        let refused = !matches!(
            error,
            EngineError::Remote(_)
                | EngineError::Vault(_)
                | EngineError::Secrets(_)
                | EngineError::Cancelled
                | EngineError::Json(_)
                | EngineError::Worker(_)
                | EngineError::Storage(
                    StorageError::Sqlite(_)
                        | StorageError::DiskFull
                        | StorageError::Json(_)
                        | StorageError::Io(_)
                )
        );
        let message = words::error(code, &params).unwrap_or_else(|| format!("{code}：{}", chain(&error)));
        Self {
            code: code.to_owned(),
            params,
            message,
            refused,
        }
    }
}

impl From<StorageError> for Failure {
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
            text.push('：');
            text.push_str(&more);
        }
        next = source.source();
    }
    text
}

/// Prints what came of a command and gives the exit code: 0 well, 1 something is not, 2 refused.
pub(crate) fn conclude(done: Done, as_json: bool) -> ExitCode {
    let (printed, code) = match done {
        Ok(outcome) => {
            let text = if as_json {
                outcome.document.to_string()
            } else {
                outcome.text.trim_end().to_owned()
            };
            (line(&text), u8::from(!outcome.ok))
        }
        Err(failure) => {
            // Standard error may be closed; the exit code still tells.
            drop(writeln!(io::stderr(), "{}", failure.message));
            let printed = if as_json {
                line(&failure.document().to_string())
            } else {
                Ok(())
            };
            (printed, if failure.refused { 2 } else { 1 })
        }
    };
    match printed {
        // Whoever reads may stop early (`| head`): that is no failure of ours.
        Ok(()) => ExitCode::from(code),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(code),
        Err(_) => ExitCode::FAILURE,
    }
}

/// One line on standard output, at once.
pub(crate) fn line(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if !text.is_empty() {
        writeln!(out, "{text}")?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::{EngineError, Failure, StorageError};

    #[test]
    fn a_folder_in_use_is_refused_and_names_the_holder() {
        let failure = Failure::from(StorageError::InUse {
            holder: "guitai (4711)".to_owned(),
        });
        assert!(failure.refused);
        assert!(
            failure.message().contains("guitai (4711)"),
            "{}",
            failure.message()
        );
        assert_eq!(failure.document()["error"]["code"], "in_use");
    }

    #[test]
    fn work_that_the_other_side_broke_is_no_wrong_usage() {
        assert!(!Failure::from(EngineError::Cancelled).refused);
        assert!(Failure::from(EngineError::UnknownService("x".to_owned())).refused);
    }
}
