//! What the demo ends with: one document, counted from the simulator's own ledgers.

use std::collections::BTreeMap;

use serde::Serialize;

/// The document.
#[derive(Serialize, Default)]
pub(super) struct Report {
    pub(super) seed: u64,
    pub(super) products: u64,
    pub(super) listings: u64,
    pub(super) bound: u64,
    pub(super) synced: BTreeMap<String, u64>,
    pub(super) orders: u64,
    pub(super) pushed: u64,
    pub(super) exceptions: u64,
    pub(super) causes: BTreeMap<String, u64>,
    pub(super) repushed: u64,
    pub(super) lost: u64,
    pub(super) duplicated: u64,
    /// Steps of the sync that a platform did not take, or that wait for such a one.
    pub(super) rejected: u64,
    pub(super) pictures: Pictures,
}

/// The photographer's folder.
#[derive(Serialize, Default)]
pub(super) struct Pictures {
    pub(super) files: u64,
    /// Spoiled on purpose.
    pub(super) faulty: u64,
    /// Findings by id, each picture in each shop that sells its product.
    pub(super) found: BTreeMap<String, u64>,
    pub(super) repaired: u64,
    /// Findings after the repair.
    pub(super) left: BTreeMap<String, u64>,
}

impl Report {
    /// In one line for a person.
    pub(super) fn told(&self) -> String {
        let causes: Vec<String> = self
            .causes
            .iter()
            .map(|(cause, count)| format!("{cause} {count}"))
            .collect();
        format!(
            "demo: {} products, {} listings read, {} of their SKUs bound, {} orders, {} exceptions ({}), {} repushed, {} lost, {} duplicated",
            self.products,
            self.listings,
            self.bound,
            self.orders,
            self.exceptions,
            causes.join(", "),
            self.repushed,
            self.lost,
            self.duplicated
        )
    }

    /// What the demo promises and did not keep this time.
    pub(super) fn broken_promises(&self) -> Vec<String> {
        let mut broken = Vec::new();
        if self.lost > 0 || self.duplicated > 0 {
            broken.push(format!(
                "{} orders lost, {} duplicated",
                self.lost, self.duplicated
            ));
        }
        if self.repushed != self.exceptions {
            broken.push(format!(
                "{} of {} exceptions were repushed",
                self.repushed, self.exceptions
            ));
        }
        if self.rejected > 0 {
            broken.push(format!(
                "{} steps of the sync were refused or wait for one",
                self.rejected
            ));
        }
        if self.pictures.found.is_empty() || !self.pictures.left.is_empty() {
            broken.push(format!(
                "picture findings: {:?} before the repair, {:?} after it",
                self.pictures.found, self.pictures.left
            ));
        }
        for (platform, count) in &self.synced {
            if *count == 0 {
                broken.push(format!("nothing was synced to {platform}"));
            }
        }
        broken
    }
}
