//! What family B of 美团 (MTOp) remembers of a vendor's application.

use std::collections::{BTreeMap, BTreeSet};

use super::App;
use crate::draw::Draw;

/// The vendor's application and what shops granted it. The shops themselves are those of 外卖.
pub struct MtopState {
    /// `developerId` and `signKey`.
    pub app: App,
    /// 2 = 外卖 with taking orders, 16 = without. One kind a world, as one account has it.
    pub business_id: String,
    /// `appAuthToken` by the vendor's id of the shop; it has no end of its own.
    pub tokens: BTreeMap<String, String>,
    /// Packing fee of one piece of a spec in fen, by spec id; none when absent. Both families show it.
    pub packing_fen: BTreeMap<String, i64>,
    /// Paths the application has no right to.
    pub denied_paths: BTreeSet<String>,
    draw: Draw,
}

impl MtopState {
    /// From a source of its own, so that the other services' secrets stay as they were.
    pub(super) fn new(seed: u64) -> Self {
        let mut draw = Draw::new(seed ^ 0xB0B0);
        Self {
            app: App {
                id: format!("{}", 100_000 + draw.below(900_000)),
                secret: draw.hex(8),
            },
            business_id: "2".to_owned(),
            tokens: BTreeMap::new(),
            packing_fen: BTreeMap::new(),
            denied_paths: BTreeSet::new(),
            draw,
        }
    }

    /// A shop grants the vendor its token; an older one is dead.
    pub fn grant(&mut self, shop: &str) -> String {
        let token = self.draw.hex(32);
        self.tokens.insert(shop.to_owned(), token.clone());
        token
    }
}
