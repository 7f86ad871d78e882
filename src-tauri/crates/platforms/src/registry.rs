//! The list of platforms: one line each.

use crate::{doudian, douyin_laike, ebai, eleme, jddj, meituan_shangou, meituan_waimai};
use connect::gateway::Gateway;
use connect::platform::Platform;
use std::sync::Arc;

/// The connectors by platform id.
#[derive(Clone)]
pub struct Registry(Vec<Arc<dyn Platform>>);

/// All connectors over one gateway.
pub fn registry(gateway: Gateway) -> Registry {
    Registry(vec![
        Arc::new(meituan_shangou::MeituanShangou::new(gateway.clone())),
        Arc::new(ebai::Ebai::new(gateway.clone())),
        Arc::new(doudian::Doudian::new(gateway.clone())),
        Arc::new(eleme::Eleme::new(gateway.clone())),
        Arc::new(meituan_waimai::MeituanWaimai::new(gateway.clone())),
        Arc::new(jddj::Jddj::new(gateway.clone())),
        Arc::new(douyin_laike::DouyinLaike::new(gateway)),
    ])
}

impl Registry {
    /// The connector of a platform.
    pub fn get(&self, id: &str) -> Option<Arc<dyn Platform>> {
        self.0
            .iter()
            .find(|platform| platform.descriptor().id == id)
            .cloned()
    }

    /// All of them, in the order they are offered.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn Platform>> {
        self.0.iter()
    }
}
