//! What API calls have achieved and what is still due: the figures the demo and the fault runs are judged by.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{DocumentKind, OrderState, PlatformId, World};

/// Marks left by API calls, never by acts of the platform side.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    created: BTreeMap<PlatformId, BTreeSet<String>>,
    updated: BTreeMap<PlatformId, BTreeSet<String>>,
    calls: BTreeMap<String, u64>,
    refused: BTreeMap<String, u64>,
    throttled: BTreeMap<String, u64>,
}

impl Ledger {
    pub(crate) fn note_created(&mut self, platform: PlatformId, listing: &str) {
        self.created
            .entry(platform)
            .or_default()
            .insert(listing.to_owned());
    }

    pub(crate) fn note_updated(&mut self, platform: PlatformId, listing: &str) {
        self.updated
            .entry(platform)
            .or_default()
            .insert(listing.to_owned());
    }

    pub(crate) fn note_call(&mut self, call: &str, refused: bool) {
        *self.calls.entry(call.to_owned()).or_default() += 1;
        if refused {
            *self.refused.entry(call.to_owned()).or_default() += 1;
        }
    }

    /// A call went beyond a quota.
    pub(crate) fn note_throttled(&mut self, call: &str) {
        *self.throttled.entry(call.to_owned()).or_default() += 1;
    }

    /// How often a call (such as `meituan_shangou/retail/initdata`) arrived.
    pub fn calls(&self, call: &str) -> u64 {
        self.calls.get(call).copied().unwrap_or(0)
    }

    /// Listings API calls created or changed on a platform.
    pub fn synced(&self, platform: PlatformId) -> SyncedCount {
        let empty = BTreeSet::new();
        let created = self.created.get(&platform).unwrap_or(&empty);
        let updated = self.updated.get(&platform).unwrap_or(&empty);
        SyncedCount {
            created: created.len(),
            updated: updated.len(),
            listings: created.union(updated).count(),
        }
    }
}

/// How many listings API calls reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SyncedCount {
    /// Created by a call.
    pub created: usize,
    /// Changed by a call.
    pub updated: usize,
    /// Created or changed, each counted once.
    pub listings: usize,
}

/// One order as the ledger sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerOrder {
    /// Platform.
    pub platform: PlatformId,
    /// Remote shop id.
    pub shop: String,
    /// Order number.
    pub number: String,
    /// State on the platform now.
    pub state: OrderState,
    /// Neither cancelled nor given back whole.
    pub due: bool,
    /// Sale documents the ERP holds for it.
    pub erp_documents: usize,
}

/// Everything the ledger can say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerReport {
    /// Orders that are due.
    pub orders_due: usize,
    /// Documents the ERP holds, sales and refunds.
    pub erp_documents: usize,
    /// Surplus documents: each beyond the first for the same order, or for the same refund.
    pub duplicated: usize,
    /// Due orders without a sale document.
    pub not_in_erp: usize,
    /// Sale documents whose order number no platform knows.
    pub unknown_orders: usize,
    /// Every order.
    pub orders: Vec<LedgerOrder>,
    /// Listings API calls reached, by platform.
    pub synced: BTreeMap<PlatformId, SyncedCount>,
    /// Calls by name.
    pub calls: BTreeMap<String, u64>,
    /// Refused calls by name.
    pub refused: BTreeMap<String, u64>,
    /// Calls that went beyond a quota, by name; they are among the refused.
    pub throttled: BTreeMap<String, u64>,
}

impl World {
    /// Counts the whole world now.
    pub fn ledger_report(&self) -> LedgerReport {
        let mut sales: BTreeMap<&str, usize> = BTreeMap::new();
        let mut refunds: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for document in &self.erp.documents {
            match document.kind {
                DocumentKind::Sale => *sales.entry(document.platform_order_id.as_str()).or_default() += 1,
                DocumentKind::Refund => {
                    let key = (
                        document.platform_order_id.as_str(),
                        document.platform_refund_id.as_str(),
                    );
                    *refunds.entry(key).or_default() += 1;
                }
            }
        }
        let orders: Vec<LedgerOrder> = self
            .orders
            .values()
            .map(|order| LedgerOrder {
                platform: order.platform,
                shop: order.shop.clone(),
                number: order.number.clone(),
                state: self.order_state(order),
                due: order.is_due(),
                erp_documents: sales.get(order.number.as_str()).copied().unwrap_or(0),
            })
            .collect();
        let surplus = |count: &usize| count.saturating_sub(1);
        LedgerReport {
            orders_due: orders.iter().filter(|order| order.due).count(),
            erp_documents: self.erp.documents.len(),
            duplicated: sales.values().map(surplus).sum::<usize>()
                + refunds.values().map(surplus).sum::<usize>(),
            not_in_erp: orders
                .iter()
                .filter(|order| order.due && order.erp_documents == 0)
                .count(),
            unknown_orders: sales
                .keys()
                .filter(|number| !self.orders.contains_key(**number))
                .count(),
            orders,
            synced: PlatformId::ALL
                .into_iter()
                .map(|id| (id, self.ledger.synced(id)))
                .collect(),
            calls: self.ledger.calls.clone(),
            refused: self.ledger.refused.clone(),
            throttled: self.ledger.throttled.clone(),
        }
    }
}
