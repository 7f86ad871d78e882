//! Moving the shop from one ERP to another: the library's 商品编码 are found again among the new ERP's items, the stores
//! get branches there, and both are one batch that can be undone.
//!
//! An order belongs to the ERP that it was sent to ([`storage::order::OrderRow::sent_to`]): what is in the old books, or
//! may be, is settled there and never goes to the new ones; what waits goes to the new ones.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use crate::orders::{UNKNOWN_OUTCOME, set_field};
use connect::erp::Branch;
use domain::code::barcode_key;
use domain::finding::EditField;
use domain::id::{AccountId, BatchId, SkuId, StoreId};
use domain::order::PushState;
use domain::product::{Product, Sku};
use domain::text::normalized;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use storage::account::AccountKind;
use storage::change::Changes;
use storage::erp_cache::ErpItemRow;
use storage::exception::Which;
use storage::store::StorePatch;

/// Items of the new ERP that were read longer ago are read again before anything is matched to them.
const FRESH_MS: i64 = 3_600_000;

/// Where to, and what the manager chose.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ErpMove {
    /// The ERP account to leave; where `None`, the only other one that stores are linked to.
    pub from: Option<AccountId>,
    /// The ERP account to go to.
    pub to: AccountId,
    /// The new branch of each old one (线下门店编号).
    pub branches: BTreeMap<String, String>,
    /// Codes that the manager chose for SKUs of which none was sure; an empty one leaves the SKU without a code.
    pub choices: BTreeMap<SkuId, String>,
}

impl ErpMove {
    /// To an account, with nothing chosen yet.
    pub fn to(account: AccountId) -> Self {
        Self {
            from: None,
            to: account,
            branches: BTreeMap::new(),
            choices: BTreeMap::new(),
        }
    }
}

/// How a SKU was found among the new ERP's items.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The only item in use with its barcode.
    Barcode,
    /// The item in use that has its code (or short code), and no other barcode.
    Code,
    /// The only item in use with its name.
    Name,
    /// The manager chose it.
    Chosen,
    /// Several could be meant.
    Ambiguous,
    /// None could.
    None,
}

/// One SKU on its way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MovedSku {
    /// The SKU.
    pub sku: SkuId,
    /// 商品名称.
    pub name: String,
    /// 规格名称.
    pub spec_name: String,
    /// Its barcode.
    pub barcode: String,
    /// Its code at the old ERP.
    pub old_code: String,
    /// Its code afterwards. Of a SKU that was not found the old one, but none at all where that names other goods there.
    pub new_code: String,
    /// How it was found.
    pub way: Way,
    /// The item it becomes; of an ambiguous one all that could be meant.
    pub items: Vec<ErpItemRow>,
}

/// A branch of the old ERP with its stores.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MovedBranch {
    /// 线下门店编号 at the old ERP; empty for stores that have none.
    pub old: String,
    /// The one at the new ERP; `None` while nobody chose it and none has the name of one of the stores.
    pub new: Option<String>,
    /// Stores with their names.
    pub stores: Vec<(StoreId, String)>,
}

/// What becomes of the orders of these stores.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct MovedOrders {
    /// In the old ERP's books: they stay there, and so do their refunds.
    pub booked: usize,
    /// Sent to the old ERP, with an outcome that nobody knows yet: settled there first.
    pub unsettled: usize,
    /// Not in any books: they go to the new ERP.
    pub waiting: usize,
}

/// Everything that a move would do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ErpMovePlan {
    /// The ERP account to leave.
    pub from: AccountId,
    /// The ERP account to go to.
    pub to: AccountId,
    /// When the new ERP's items were read, UTC ms.
    pub items_read_at: i64,
    /// Branches there, for choosing.
    pub branches_there: Vec<Branch>,
    /// Branches to be found again.
    pub branches: Vec<MovedBranch>,
    /// SKUs of the library.
    pub skus: Vec<MovedSku>,
    /// Orders.
    pub orders: MovedOrders,
}

impl ErpMovePlan {
    /// SKUs found in a way.
    pub fn found(&self, way: Way) -> usize {
        self.skus.iter().filter(|sku| sku.way == way).count()
    }
}

/// What a move did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ErpMoved {
    /// The batch that undoes it.
    pub batch: Option<BatchId>,
    /// SKUs whose code changed.
    pub relinked: usize,
    /// Stores that have another ERP now.
    pub stores: usize,
    /// Exceptions that are tried again, at the new ERP.
    pub repushed: usize,
}

impl Engine {
    /// What a move would do; nothing is written but the cache of the new ERP's items.
    ///
    /// # Errors
    /// Refused as `erp_move_same`, `erp_move_no_stores` or `erp_move_which` (stores of several ERPs, and none was named);
    /// [`EngineError::Remote`] when the new ERP cannot be read.
    pub async fn erp_move_plan(&self, wanted: &ErpMove) -> Result<ErpMovePlan> {
        let from = self.erp_to_leave(wanted)?;
        let known = self.db().read(|c| storage::account::get(c, wanted.to))?;
        if known.items_read_at.is_none_or(|at| self.now() - at > FRESH_MS) {
            self.pull_erp_items(wanted.to).await?;
        }
        let there = self.erp_branches(wanted.to).await?;
        let (items_read_at, items, products, stores) = self.db().read(|c| {
            Ok((
                storage::account::get(c, wanted.to)?
                    .items_read_at
                    .unwrap_or_default(),
                storage::erp_cache::in_use(c, wanted.to)?,
                storage::product::all(c)?,
                storage::store::all(c)?,
            ))
        })?;
        let new_items = Shelf::of(&items);
        let skus = products
            .iter()
            .flat_map(|product| product.skus.iter().map(move |sku| (product, sku)))
            .map(|(product, sku)| new_items.place(product, sku, wanted.choices.get(&sku.id)))
            .collect();
        let mut branches: BTreeMap<String, Vec<(StoreId, String)>> = BTreeMap::new();
        for row in stores
            .into_iter()
            .filter(|row| row.store.erp_account == Some(from))
        {
            let stores = branches.entry(row.store.offline_code).or_default();
            stores.push((row.store.id, row.store.name));
        }
        let ids: Vec<StoreId> = branches.values().flatten().map(|(id, _)| *id).collect();
        Ok(ErpMovePlan {
            from,
            to: wanted.to,
            items_read_at,
            orders: self.orders_of_move(&ids)?,
            branches: branches
                .into_iter()
                .map(|(old, stores)| MovedBranch {
                    new: match wanted.branches.get(&old) {
                        Some(chosen) => Some(chosen.clone()),
                        None if old.is_empty() => Some(String::new()),
                        None => namesake(&there, &stores),
                    },
                    old,
                    stores,
                })
                .collect(),
            branches_there: there,
            skus,
        })
    }

    /// Moves: codes and stores in one undoable batch, then what waited is tried at the new ERP.
    ///
    /// # Errors
    /// As [`Engine::erp_move_plan`]; refused as `erp_move_branch` while an old branch has no new one, or one that the new
    /// ERP does not have. Nothing is written then.
    pub async fn erp_move(&self, wanted: &ErpMove) -> Result<ErpMoved> {
        let plan = self.erp_move_plan(wanted).await?;
        for branch in plan.branches.iter().filter(|branch| !branch.old.is_empty()) {
            let new = branch.new.as_deref().unwrap_or_default();
            if !plan
                .branches_there
                .iter()
                .any(|one| one.active && one.code == new)
            {
                let params = [("branch", branch.old.clone()), ("new", new.to_owned())];
                return Err(EngineError::refused_with("erp_move_branch", params));
            }
        }
        // No order is on its way while its store changes its ERP.
        let pushing = self.0.pushing.lock().await;
        let mut origin = self.by_user("batch.erp_move");
        let (from, to) = self.db().read(|c| {
            Ok((
                storage::account::get(c, plan.from)?.name,
                storage::account::get(c, plan.to)?.name,
            ))
        })?;
        origin.params = BTreeMap::from([("from".to_owned(), from), ("to".to_owned(), to)]);
        let stores: Vec<StoreId> = plan
            .branches
            .iter()
            .flat_map(|branch| branch.stores.iter().map(|(id, _)| *id))
            .collect();
        let (batch, relinked) = self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            let mut relinked = 0;
            for sku in plan.skus.iter().filter(|sku| sku.new_code != sku.old_code) {
                set_field(
                    &mut changes,
                    origin.at,
                    sku.sku,
                    EditField::ItemCode,
                    &sku.new_code,
                )?;
                relinked += 1;
            }
            for branch in &plan.branches {
                for (store, _) in &branch.stores {
                    let patch = StorePatch {
                        erp_account: Some(Some(plan.to)),
                        offline_code: branch.new.clone(),
                        ..StorePatch::default()
                    };
                    storage::store::update(&mut changes, *store, &patch)?;
                }
            }
            let batch = changes.id();
            let written = changes.finish(false)? > 0;
            Ok::<_, EngineError>((written.then_some(batch), relinked))
        })?;
        drop(pushing);
        let mut repushed = 0;
        for store in &stores {
            repushed += self.repush_waiting(&Which::Store(*store))?;
        }
        self.events().changed(&[
            Tag::Stores,
            Tag::Products,
            Tag::Orders,
            Tag::Exceptions,
            Tag::Findings,
        ]);
        Ok(ErpMoved {
            batch,
            relinked,
            stores: stores.len(),
            repushed,
        })
    }

    fn erp_to_leave(&self, wanted: &ErpMove) -> Result<AccountId> {
        let (to, stores) = self
            .db()
            .read(|c| Ok((storage::account::get(c, wanted.to)?, storage::store::all(c)?)))?;
        if to.kind != AccountKind::Erp {
            return Err(EngineError::refused_with("not_an_erp", [("name", to.name)]));
        }
        if wanted.from == Some(wanted.to) {
            return Err(EngineError::refused("erp_move_same"));
        }
        let mut linked: Vec<AccountId> = stores.iter().filter_map(|row| row.store.erp_account).collect();
        linked.sort_unstable();
        linked.dedup();
        linked.retain(|account| *account != wanted.to && wanted.from.is_none_or(|from| from == *account));
        match linked.as_slice() {
            [only] => Ok(*only),
            [] => Err(EngineError::refused("erp_move_no_stores")),
            _ => Err(EngineError::refused("erp_move_which")),
        }
    }

    fn orders_of_move(&self, stores: &[StoreId]) -> Result<MovedOrders> {
        let mut orders = MovedOrders::default();
        for store in stores {
            let counts = self
                .db()
                .read(|c| storage::order::push_states(c, *store, UNKNOWN_OUTCOME))?;
            for (state, unknown, count) in counts {
                match state {
                    PushState::Pushed => orders.booked += count,
                    PushState::Sending => orders.unsettled += count,
                    PushState::Exception if unknown => orders.unsettled += count,
                    PushState::Exception | PushState::Waiting => orders.waiting += count,
                    PushState::Closed => {}
                }
            }
        }
        Ok(orders)
    }
}

/// The only branch in use that has the name of one of the stores, or whose name is part of it (禾记便利·望江路店).
fn namesake(there: &[Branch], stores: &[(StoreId, String)]) -> Option<String> {
    let alike = |branch: &&Branch| {
        let name = normalized(&branch.name);
        let mut names = stores.iter().map(|(_, store)| normalized(store));
        branch.active && !name.is_empty() && names.any(|store| store.contains(&name) || name.contains(&store))
    };
    let mut found = there.iter().filter(alike);
    match (found.next(), found.next()) {
        (Some(only), None) => Some(only.code.clone()),
        _ => None,
    }
}

/// The new ERP's items by what they are looked for.
struct Shelf<'a> {
    barcodes: HashMap<String, Vec<&'a ErpItemRow>>,
    codes: HashMap<&'a str, Vec<&'a ErpItemRow>>,
    names: HashMap<String, Vec<&'a ErpItemRow>>,
}

impl<'a> Shelf<'a> {
    fn of(items: &'a [ErpItemRow]) -> Self {
        let mut shelf = Self {
            barcodes: HashMap::new(),
            codes: HashMap::new(),
            names: HashMap::new(),
        };
        for item in items {
            if let Some(key) = barcode_key(&item.barcode) {
                shelf.barcodes.entry(key).or_default().push(item);
            }
            shelf.codes.entry(&item.code).or_default().push(item);
            if item.short_code != item.code && !item.short_code.is_empty() {
                shelf.codes.entry(&item.short_code).or_default().push(item);
            }
            shelf.names.entry(normalized(&item.name)).or_default().push(item);
        }
        shelf
    }

    /// Where a SKU stands on it: by barcode, then by code, then by name, and only where one item alone is meant.
    fn place(&self, product: &Product, sku: &Sku, chosen: Option<&String>) -> MovedSku {
        let (way, items) = match chosen {
            Some(code) => (Way::Chosen, self.coded(code)),
            None => self.find(product, sku),
        };
        let clashes = !sku.item_code.is_empty() && self.codes.contains_key(sku.item_code.as_str());
        let new_code = match (way, chosen, items.as_slice()) {
            (Way::Chosen, Some(code), _) => code.clone(),
            (Way::Barcode | Way::Code | Way::Name, _, [item]) => item.code.clone(),
            // The old code means something else there, or may: an order must not be booked with it.
            _ if clashes => String::new(),
            _ => sku.item_code.clone(),
        };
        MovedSku {
            sku: sku.id,
            name: product.name.clone(),
            spec_name: sku.spec_name.clone(),
            barcode: sku.barcode.clone(),
            old_code: sku.item_code.clone(),
            new_code,
            way,
            items: items.into_iter().cloned().collect(),
        }
    }

    fn coded(&self, code: &str) -> Vec<&'a ErpItemRow> {
        self.codes.get(code).cloned().unwrap_or_default()
    }

    fn find(&self, product: &Product, sku: &Sku) -> (Way, Vec<&'a ErpItemRow>) {
        let key = barcode_key(&sku.barcode);
        let alike = key.as_ref().and_then(|key| self.barcodes.get(key));
        if let Some(alike) = alike {
            return match alike.as_slice() {
                [_] => (Way::Barcode, alike.clone()),
                // One barcode on several items: the code tells which.
                several => match several.iter().find(|item| item.code == sku.item_code) {
                    Some(own) => (Way::Code, vec![own]),
                    None => (Way::Ambiguous, alike.clone()),
                },
            };
        }
        let coded = if sku.item_code.is_empty() {
            Vec::new()
        } else {
            self.coded(&sku.item_code)
        };
        // Numbers of two ERPs are alike by chance: where both sides have a barcode, these decide, and they differ.
        let other_goods = |item: &&ErpItemRow| key.is_some() && barcode_key(&item.barcode).is_some();
        match coded.as_slice() {
            [item] if !other_goods(item) => return (Way::Code, coded),
            [] | [_] => {}
            _ => return (Way::Ambiguous, coded),
        }
        let named = self.named(product, sku);
        match named.as_slice() {
            [] => (Way::None, Vec::new()),
            [item] if !other_goods(item) => (Way::Name, named),
            _ => (Way::Ambiguous, named),
        }
    }

    /// Items of its name; of one spec among several the spec is part of it.
    fn named(&self, product: &Product, sku: &Sku) -> Vec<&'a ErpItemRow> {
        let full = [
            normalized(&format!("{} {}", product.name, sku.spec_name)),
            normalized(&format!("{}{}", product.name, sku.spec_name)),
        ];
        let alone = (product.skus.len() == 1).then(|| normalized(&product.name));
        let mut found: Vec<&ErpItemRow> = Vec::new();
        for name in full.iter().chain(&alone) {
            for item in self.names.get(name).into_iter().flatten() {
                if !found.iter().any(|known| known.code == item.code) {
                    found.push(item);
                }
            }
        }
        found
    }
}
