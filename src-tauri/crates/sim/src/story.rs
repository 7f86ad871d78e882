//! What happens in a demo shop after the app has read, matched, bound and synced: somebody makes trouble on the
//! platforms and in the ERP, and customers order.
//!
//! [`open_day`] does it once and says in a [`StoryReport`] which listing got which cause and which orders carry it.
//! [`continue_day`] goes on ordering as the clock goes on. Troubles fall on goods that carry our codes, so they do
//! not depend on how the app decided doubtful bindings.

mod choose;
mod day;
mod makers;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::WorldError;
use crate::scenario::Scenario;
use crate::world::{PlatformId, World};

pub use day::continue_day;

/// Why an order will not reach the ERP, as the rows of the problem list name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Cause {
    /// Name or spec changed on the platform after the last read; orders carry the new text.
    F01a,
    /// Two listings of one name and spec; orders carry the one that is not bound.
    F01b,
    /// 美团 gave a single-spec product the spec text "500克"; heals where repush by name alone is on.
    F01c,
    /// The library's code is empty, or the ERP never had it.
    F01d,
    /// The platform issued a new SKU code; must heal by itself.
    F02a,
    /// The listing was not bound when the order came.
    F02b,
    /// The item was deleted in the ERP; a successor stands there under another number.
    F03,
    /// The code is no 64-bit number: too long, or with signs that cannot be seen.
    F19a,
    /// 【接收OMS订单】 is off in the order's branch.
    F24,
}

impl Cause {
    /// Whether the app must get the order through without anybody's help.
    pub fn heals(self) -> bool {
        matches!(self, Self::F01c | Self::F02a)
    }
}

/// One thing somebody did, and the orders that meet it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Its name.
    pub cause: Cause,
    /// The platform of the orders.
    pub platform: PlatformId,
    /// Remote id of the shop.
    pub shop: String,
    /// ERP branch of the shop.
    pub branch: String,
    /// The platform's listing id; empty for F24, which meets every listing.
    pub listing: String,
    /// The platform's spec id; empty for F24.
    pub spec: String,
    /// Row of the library, counted from 0.
    pub row: Option<usize>,
    /// Product name in the library.
    pub item_name: String,
    /// The library's 商品编码 as it stands.
    pub item_code: String,
    /// The number that is right at the ERP: what the library should say (F01d, F03, F19a).
    pub right_code: Option<String>,
    /// What was there before, where something changed.
    pub was: String,
    /// What is there now.
    pub now: String,
    /// Orders that carry it, also those cancelled or given back meanwhile.
    pub orders: Vec<String>,
}

/// A branch number typed with a sign that does not belong there (F19b). Only the app's own settings hold it, so the
/// world cannot do it: whoever wants it sets `typed` as 线下门店编号 of the shop before the orders are pulled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfflineCodeTrap {
    /// The platform.
    pub platform: PlatformId,
    /// Remote id of the shop.
    pub shop: String,
    /// The right branch number.
    pub branch: String,
    /// What a hurried person typed.
    pub typed: String,
    /// Orders of the shop that are due and meet no other trouble: they become F19 when `typed` is set.
    pub orders: usize,
}

/// What [`open_day`] did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryReport {
    /// The world's seed.
    pub seed: u64,
    /// All orders.
    pub orders: usize,
    /// Orders by platform.
    pub by_platform: BTreeMap<PlatformId, usize>,
    /// Orders neither cancelled nor given back whole: these have to reach the ERP.
    pub due: usize,
    /// Orders due that will be exceptions, by cause; what heals by itself is not among them.
    pub expected: BTreeMap<Cause, usize>,
    /// Who got which trouble.
    pub troubles: Vec<Trouble>,
    /// Cancelled before anybody pulled them.
    pub cancelled: Vec<String>,
    /// Given back whole.
    pub refunded: Vec<String>,
    /// Given back in part, money alone, or waiting for an answer.
    pub part_refunded: Vec<String>,
    /// See [`OfflineCodeTrap`].
    pub offline_code: Option<OfflineCodeTrap>,
}

impl StoryReport {
    /// All troubles of one cause.
    pub fn of(&self, cause: Cause) -> impl Iterator<Item = &Trouble> {
        self.troubles.iter().filter(move |trouble| trouble.cause == cause)
    }
}

/// Lets the day begin: the trouble makers act and the orders of the last hours arrive. The world must have been built
/// from the scenario.
pub fn open_day(world: &mut World, scenario: &Scenario) -> Result<StoryReport, WorldError> {
    let mut goods = choose::Goods::new(world, scenario);
    let troubles = makers::act(world, scenario, &mut goods)?;
    day::order(world, scenario, &goods, troubles)
}

#[cfg(test)]
mod tests;
