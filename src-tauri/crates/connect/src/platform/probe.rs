//! Steps of the connection test.

use crate::error::{Layer, RemoteError};
use crate::gateway::Gateway;
use crate::session::Session;
use std::collections::BTreeMap;

/// A step of the connection test that went through, with what was measured.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Probe {
    /// Which layer.
    pub layer: Layer,
    /// Values for its words.
    pub params: BTreeMap<String, String>,
}

impl Probe {
    /// A step that went through, with how far the other side's clock was from ours where its answers told.
    pub fn measured(
        layer: Layer,
        mut params: BTreeMap<String, String>,
        gateway: &Gateway,
        session: &Session,
    ) -> Self {
        if let Some(offset) = gateway.clock_offset(session) {
            params.insert("clock_offset_ms".to_owned(), offset.to_string());
        }
        Self { layer, params }
    }
}

/// What the answer to a signed call says of the signature alone: platforms look at key and signature before rights, so
/// a refusal for rights, or of what was asked, means that both are good.
pub fn signature_passed<T>(answer: Result<T, RemoteError>) -> Result<(), RemoteError> {
    match answer {
        Ok(_)
        | Err(
            RemoteError::Refused {
                layer: Layer::Permission | Layer::Store,
                ..
            }
            | RemoteError::Expired { .. }
            | RemoteError::Rejected { .. },
        ) => Ok(()),
        Err(error) => Err(error),
    }
}
