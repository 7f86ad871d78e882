//! The list of kinds of printer: one line each.

use crate::{escpos, feie};
use connect::gateway::Gateway;
use connect::printer::Printer;
use std::sync::Arc;

/// The connectors by id.
#[derive(Clone)]
pub struct Registry(Vec<Arc<dyn Printer>>);

/// All connectors; those of clouds over one gateway.
pub fn registry(gateway: Gateway) -> Registry {
    Registry(vec![
        Arc::new(feie::Feie::new(gateway)),
        Arc::new(escpos::EscPos::default()),
    ])
}

impl Registry {
    /// All of them, in the order they are offered.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn Printer>> {
        self.0.iter()
    }
}
