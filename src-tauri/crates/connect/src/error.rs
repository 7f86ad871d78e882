//! Failures of a call, classified once, at the edge.

use crate::session::Credentials;
use std::time::Duration;

/// Whether the other side may have acted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Certainly not: nothing left, or it said so.
    None,
    /// Nobody knows: read back before sending again.
    Unknown,
}

/// Why a call to a platform or an ERP failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// No connection: nothing left this machine.
    #[error("unreachable: {detail}")]
    Unreachable {
        /// Technical text for the log.
        detail: String,
    },
    /// The request left and no whole answer came back.
    #[error("no answer: {detail}")]
    NoAnswer {
        /// Technical text for the log.
        detail: String,
    },
    /// Called too often.
    #[error("throttled")]
    Throttled {
        /// The pause asked for, when it was told.
        wait: Option<Duration>,
        /// The platform's own text.
        text: String,
    },
    /// The token's life is over (授权已经过期).
    #[error("authorization expired: {text}")]
    Expired {
        /// The platform's own text.
        text: String,
    },
    /// The token or key is not accepted any more, or never was (非法令牌, unknown key, wrong signature).
    #[error("authorization refused: {text}")]
    Refused {
        /// Which layer of the connection said no.
        layer: Layer,
        /// The platform's own text.
        text: String,
    },
    /// Understood and not done.
    #[error("rejected: {code} {text}")]
    Rejected {
        /// The platform's code as text, may be empty.
        code: String,
        /// The platform's own text.
        text: String,
    },
    /// Sporadic failure that the other side reports itself (5xx, `gw.ISPInvokeError`).
    #[error("busy: {text}")]
    Busy {
        /// The platform's own text.
        text: String,
        /// Whether something may have happened.
        effect: Effect,
    },
    /// The answer is not in the platform's language (HTML page, cut JSON, wrong shape).
    #[error("malformed answer")]
    Malformed {
        /// The beginning of it, redacted.
        raw: String,
    },
    /// A credential or setting that the call needs is not there.
    #[error("missing credential {field}")]
    MissingCredential {
        /// Its key in the descriptor.
        field: String,
    },
    /// The connector does not offer this.
    #[error("not supported: {what}")]
    Unsupported {
        /// The capability.
        what: String,
    },
}

/// A layer of the connection test, inner to outer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// 密钥: fields are there and well-formed.
    Key,
    /// 签名: the platform accepts key and signature.
    Signature,
    /// 权限: the token and the permission packages are good.
    Permission,
    /// 门店: this store exists and is ours.
    Store,
    /// 拉单: orders can be read.
    Orders,
}

impl RemoteError {
    /// Whether the other side may have acted on the call.
    pub fn effect(&self) -> Effect {
        match self {
            Self::NoAnswer { .. } | Self::Malformed { .. } => Effect::Unknown,
            Self::Busy { effect, .. } => *effect,
            _ => Effect::None,
        }
    }

    /// The same failure of a call that only reads: whatever the other side did, nothing changed there.
    #[must_use]
    pub fn of_read(self) -> Self {
        match self {
            Self::Busy { text, .. } => Self::Busy {
                text,
                effect: Effect::None,
            },
            other => other,
        }
    }

    /// Whether the same call may succeed later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. }
                | Self::NoAnswer { .. }
                | Self::Throttled { .. }
                | Self::Busy { .. }
                | Self::Malformed { .. }
        )
    }

    /// The same failure without the secrets of the call in its texts.
    #[must_use]
    pub fn blacked(mut self, credentials: &Credentials) -> Self {
        let text = match &mut self {
            Self::Unreachable { detail: text }
            | Self::NoAnswer { detail: text }
            | Self::Throttled { text, .. }
            | Self::Expired { text }
            | Self::Refused { text, .. }
            | Self::Rejected { text, .. }
            | Self::Busy { text, .. }
            | Self::Malformed { raw: text } => text,
            Self::MissingCredential { .. } | Self::Unsupported { .. } => return self,
        };
        *text = credentials.blacked(text).into_owned();
        self
    }

    /// The other side's own words, for the dictionary and for folding away.
    pub fn text(&self) -> &str {
        match self {
            Self::Unreachable { detail } | Self::NoAnswer { detail } => detail,
            Self::Throttled { text, .. }
            | Self::Expired { text }
            | Self::Refused { text, .. }
            | Self::Rejected { text, .. }
            | Self::Busy { text, .. } => text,
            Self::Malformed { raw } => raw,
            Self::MissingCredential { field } => field,
            Self::Unsupported { what } => what,
        }
    }
}
