//! A shop on a simulated platform.

use crate::stage::{Market, Shown};
use sim::world::{OrderRequest, RequestedLine};
use sim::{PlatformId, Simulator};
use std::collections::BTreeMap;

pub(crate) struct Simulated {
    pub(crate) sim: Simulator,
    pub(crate) platform: PlatformId,
    pub(crate) remote_id: String,
    pub(crate) access: (Option<String>, BTreeMap<String, String>),
}

impl Simulated {
    /// Listing and spec that carry our code.
    fn found(&self, code: &str) -> Option<(String, String)> {
        let world = self.sim.world();
        let shop = world.shop(self.platform, &self.remote_id).unwrap();
        shop.listings.values().find_map(|listing| {
            let spec = listing.specs.iter().find(|spec| spec.code == code)?;
            Some((listing.id.clone(), spec.id.clone()))
        })
    }
}

impl Market for Simulated {
    fn platform(&self) -> &'static str {
        self.platform.as_str()
    }

    fn remote_id(&self) -> &str {
        &self.remote_id
    }

    fn access(&self) -> (Option<String>, BTreeMap<String, String>) {
        self.access.clone()
    }

    fn shown(&self, code: &str) -> Option<Shown> {
        let (listing, spec) = self.found(code)?;
        let world = self.sim.world();
        let listing = world.listing(self.platform, &self.remote_id, &listing).unwrap();
        let spec = listing.spec(&spec).unwrap();
        Some(Shown {
            price_fen: spec.price_fen,
            stock: spec.stock,
            pictures: listing.pictures.iter().map(|one| one.url.clone()).collect(),
        })
    }

    fn buy(&self, code: &str) -> String {
        let (listing, spec) = self.found(code).unwrap();
        let line = RequestedLine {
            listing,
            spec: Some(spec),
            quantity: 1,
        };
        let request = OrderRequest {
            lines: vec![line],
            recipient: "张(先生)".to_owned(),
            ..OrderRequest::default()
        };
        let mut world = self.sim.world();
        let now = world.now_ms();
        world
            .place_order(self.platform, &self.remote_id, request, now)
            .unwrap()
    }
}
