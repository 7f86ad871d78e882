//! What a platform sends to an address of ours by itself.

use crate::platform::RefreshedToken;
use bytes::Bytes;
use std::collections::BTreeMap;

/// A request that arrived, as it was on the wire: signatures are over these bytes.
#[derive(Clone)]
pub struct Inbound {
    /// The whole address as the platform was told it, with its query.
    pub address: url::Url,
    /// Headers by small letters.
    pub headers: BTreeMap<String, String>,
    /// The body, unchanged.
    pub body: Bytes,
}

impl std::fmt::Debug for Inbound {
    /// Bodies carry buyers' phone numbers and tokens: only the place and the length are told.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inbound")
            .field("path", &self.address.path())
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What a push tells. It is a hint to read: what counts is what the platform answers when it is asked.
#[derive(Clone, Debug)]
pub enum News {
    /// An order is new or has changed.
    Order {
        /// The platform's id of the store; empty when it does not say.
        store: String,
        /// The order's number.
        number: String,
    },
    /// A product has changed there, or its review is over.
    Listing {
        /// The platform's id of the store; empty when it does not say.
        store: String,
        /// The platform's product id or our code.
        product: String,
    },
    /// New credential fields arrived (京东到家 posts its token).
    Token(RefreshedToken),
    /// The merchant took the authorization back.
    Revoked,
}

/// A push that was understood and is really the platform's.
#[derive(Clone, Debug)]
pub struct Received {
    /// What it tells; empty for greetings and for what does not concern us.
    pub news: Vec<News>,
    /// A mark that repeats when the platform sends the same again; empty when it gives none.
    pub mark: String,
    /// Type of the answer's body.
    pub content_type: &'static str,
    /// The answer that it wants to hear.
    pub reply: String,
}
