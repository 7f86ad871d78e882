//! The list of ERPs: one line each.

use crate::{ama, jushuitan, tryton, wangdiantong};
use connect::erp::Erp;
use connect::gateway::Gateway;
use std::sync::Arc;

/// The connectors by ERP id.
#[derive(Clone)]
pub struct Registry(Vec<Arc<dyn Erp>>);

/// All connectors over one gateway.
pub fn registry(gateway: Gateway) -> Registry {
    Registry(vec![
        Arc::new(ama::Ama::new(gateway.clone())),
        Arc::new(jushuitan::Jushuitan::new(gateway.clone())),
        Arc::new(wangdiantong::Wangdiantong::new(gateway.clone())),
        Arc::new(tryton::Tryton::new(gateway)),
    ])
}

impl Registry {
    /// The connector of an ERP.
    pub fn get(&self, id: &str) -> Option<Arc<dyn Erp>> {
        self.0.iter().find(|erp| erp.descriptor().id == id).cloned()
    }

    /// All of them, in the order they are offered.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn Erp>> {
        self.0.iter()
    }
}
