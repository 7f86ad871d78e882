//! Finding the ERP item that a SKU's 商品编码 should name.

use crate::engine::Engine;
use crate::error::Result;
use domain::id::SkuId;
use std::collections::HashSet;
use storage::account::AccountKind;
use storage::erp_cache::{self, ErpItemRow};

const MOST: usize = 50;

/// An item with why it is shown.
#[derive(Clone, Debug)]
pub struct ErpCandidate {
    /// The item.
    pub item: ErpItemRow,
    /// `barcode`, `name` or `search`.
    pub reason: &'static str,
}

impl Engine {
    /// ERP items for a SKU (by its barcode, then by its name) or for a text, best first, as last read from the ERP.
    pub fn erp_items(&self, sku: Option<SkuId>, text: &str) -> Result<Vec<ErpCandidate>> {
        let goods = match sku {
            Some(id) => {
                let product = self.db().read(|c| storage::product::of_sku(c, id))?;
                let product = product.ok_or(storage::error::StorageError::NotFound { what: "sku" })?;
                Some(self.db().read(|c| storage::product::get(c, product))?)
            }
            None => None,
        };
        let found = self.db().read(|c| {
            let mut found = Vec::new();
            let accounts = storage::account::all(c)?;
            for account in accounts
                .into_iter()
                .filter(|account| account.kind == AccountKind::Erp)
            {
                let limit = i64::try_from(MOST).unwrap_or(i64::MAX);
                let mut add = |items: Vec<ErpItemRow>, reason| {
                    found.extend(items.into_iter().map(|item| ErpCandidate { item, reason }));
                };
                if !text.trim().is_empty() {
                    add(erp_cache::search(c, account.id, text.trim(), limit)?, "search");
                    continue;
                }
                let Some(goods) = &goods else { continue };
                if let Some(sku) = goods.skus.iter().find(|s| Some(s.id) == sku) {
                    add(erp_cache::by_barcode(c, account.id, &sku.barcode)?, "barcode");
                }
                for part in name_parts(&goods.name) {
                    let items = erp_cache::search(c, account.id, &part, limit)?;
                    let enough = !items.is_empty();
                    add(items, "name");
                    if enough {
                        break;
                    }
                }
            }
            Ok(found)
        })?;
        let mut seen = HashSet::new();
        let once = found
            .into_iter()
            .filter(|candidate| seen.insert(candidate.item.code.clone()));
        Ok(once.take(MOST).collect())
    }
}

/// The name, then ever shorter beginnings of it: sheets and ERPs differ mostly in what comes behind.
fn name_parts(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.trim().chars().collect();
    let mut lengths = vec![letters.len(), letters.len() * 2 / 3, letters.len() / 2, 4, 2];
    lengths.retain(|length| *length >= 2 && *length <= letters.len());
    lengths.sort_unstable_by(|a, b| b.cmp(a));
    lengths.dedup();
    lengths
        .into_iter()
        .map(|length| letters[..length].iter().collect())
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_get_shorter_from_behind() {
        assert_eq!(
            super::name_parts("蒙牛纯牛奶"),
            ["蒙牛纯牛奶", "蒙牛纯牛", "蒙牛纯", "蒙牛"]
        );
        assert!(super::name_parts("").is_empty());
    }
}
