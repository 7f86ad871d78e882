//! Bindings as a sheet: written out to look through or to keep, read in again by codes, so that it also fits a library
//! or a computer where the rows have other numbers.

use super::bind::Pair;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use domain::code::barcode_key;
use domain::id::{BatchId, ListingSkuId, SkuId, StoreId};
use domain::product::Sku;
use domain::text::{cleaned_code, normalized};
use sheets::{ColumnSpec, Value, Workbook};
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::Path;
use storage::listing::ListingSkuRow;

/// The columns, by whose titles a sheet is read again.
const COLUMNS: [ColumnSpec<'static>; 10] = [
    ColumnSpec::new("平台"),
    ColumnSpec::new("门店ID").wide(16),
    ColumnSpec::new("平台商品ID").wide(20),
    ColumnSpec::new("第三方SKU编码").wide(20),
    ColumnSpec::new("平台商品名称").wide(40),
    ColumnSpec::new("平台规格名称"),
    ColumnSpec::new("商品编码").wide(20),
    ColumnSpec::new("规格编码").wide(20),
    ColumnSpec::new("商品名称").wide(40),
    ColumnSpec::new("规格名称"),
];
const PLATFORM: usize = 0;
const STORE: usize = 1;
const LISTING: usize = 2;
const OUTER: usize = 3;
const NAME: usize = 4;
const SPEC: usize = 5;
const ITEM: usize = 6;
const BARCODE: usize = 7;
/// Ours by name: what tells apart goods that share a code or have none.
const OUR_NAME: usize = 8;
const OUR_SPEC: usize = 9;

/// Why a row is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BindingFault {
    /// No store in use has this number.
    NoStore,
    /// The store has nothing like it.
    NoListing,
    /// It has several.
    ManyListings,
    /// The row names none of our goods.
    NoCode,
    /// The library has nothing with these codes.
    NoProduct,
    /// It has several.
    ManyProducts,
    /// One side is bound otherwise.
    Taken,
    /// An earlier row of the sheet binds one side.
    Twice,
}

impl BindingFault {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::NoStore,
        Self::NoListing,
        Self::ManyListings,
        Self::NoCode,
        Self::NoProduct,
        Self::ManyProducts,
        Self::Taken,
        Self::Twice,
    ];

    /// The name in answers; words are `bindings.<name>`.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoStore => "no_store",
            Self::NoListing => "no_listing",
            Self::ManyListings => "many_listings",
            Self::NoCode => "no_code",
            Self::NoProduct => "no_product",
            Self::ManyProducts => "many_products",
            Self::Taken => "taken",
            Self::Twice => "twice",
        }
    }
}

/// A row that is not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BindingRejection {
    /// As the sheet program numbers it.
    pub row: u32,
    /// Why.
    pub fault: BindingFault,
    /// What was looked for.
    pub value: String,
}

/// What importing bindings would do, or did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BindingsReport {
    /// Rows with anything in them.
    pub rows: usize,
    /// Bindings made.
    pub bound: usize,
    /// Rows whose binding is there already.
    pub unchanged: usize,
    /// Rows that are not taken.
    pub rejected: Vec<BindingRejection>,
    /// The undoable batch, after a run.
    pub batch: Option<BatchId>,
    /// Orders pushed again because of it.
    pub repushed: usize,
}

struct Plan {
    report: BindingsReport,
    pairs: Vec<(u32, Pair)>,
}

impl Engine {
    /// Writes the bindings of stores, of all when none are named; xlsx or csv by the extension. Gives the rows written.
    ///
    /// # Errors
    /// As [`Engine::export_library`].
    pub async fn export_bindings(&self, path: &Path, stores: &[StoreId]) -> Result<usize> {
        let (engine, path, stores) = (self.clone(), path.to_owned(), stores.to_vec());
        tokio::task::spawn_blocking(move || engine.write_bindings(&path, &stores)).await?
    }

    fn write_bindings(&self, path: &Path, stores: &[StoreId]) -> Result<usize> {
        let all = self.db().read(storage::store::all)?;
        let products = self.db().read(storage::product::all)?;
        let ours: HashMap<SkuId, (&str, &Sku)> = products
            .iter()
            .flat_map(|product| {
                product
                    .skus
                    .iter()
                    .map(|sku| (sku.id, (product.name.as_str(), sku)))
            })
            .collect();
        crate::library::export::write_sheet(path, "绑定", &COLUMNS, |put| {
            let mut rows = 0;
            for store in all.iter().map(|row| &row.store) {
                if !stores.is_empty() && !stores.contains(&store.id) {
                    continue;
                }
                for row in self.db().read(|c| storage::listing::of_store(c, store.id))? {
                    let Some((name, sku)) = row.bound_to.and_then(|sku| ours.get(&sku)) else {
                        continue;
                    };
                    let cells: [&str; COLUMNS.len()] = [
                        &store.platform,
                        &store.remote_id,
                        &row.listing_remote_id,
                        &row.outer_sku_code,
                        &row.name,
                        &row.spec_name,
                        &sku.item_code,
                        &sku.barcode,
                        name,
                        &sku.spec_name,
                    ];
                    put(&cells.map(|text| {
                        if text.is_empty() {
                            Value::Empty
                        } else {
                            Value::Text(text)
                        }
                    }))?;
                    rows += 1;
                }
            }
            Ok(rows)
        })
    }

    /// What [`Engine::import_bindings`] would do.
    ///
    /// # Errors
    /// Refused as `bindings_columns` when the sheet lacks a column that is needed.
    pub async fn preview_bindings(&self, path: &Path) -> Result<BindingsReport> {
        Ok(self.bindings_of(path).await?.report)
    }

    /// Makes the bindings that a sheet names, as one batch. What is bound otherwise stays and is told as rejected.
    pub async fn import_bindings(&self, path: &Path) -> Result<BindingsReport> {
        let Plan { mut report, pairs } = self.bindings_of(path).await?;
        let rows: HashMap<Pair, u32> = pairs.iter().map(|(row, pair)| (*pair, *row)).collect();
        let pairs: Vec<Pair> = pairs.into_iter().map(|(_, pair)| pair).collect();
        let done = self.bind_pairs(&pairs, false).await?;
        report.bound = done.bound;
        report.batch = done.batch;
        report.repushed = done.repushed;
        // Somebody may have bound one of them since it was looked at.
        report
            .rejected
            .extend(done.refused.iter().map(|no| BindingRejection {
                row: rows.get(&(no.listing_sku, no.sku)).copied().unwrap_or_default(),
                fault: BindingFault::Taken,
                value: no.params.get("name").cloned().unwrap_or_default(),
            }));
        Ok(report)
    }

    async fn bindings_of(&self, path: &Path) -> Result<Plan> {
        let (engine, path) = (self.clone(), path.to_owned());
        tokio::task::spawn_blocking(move || {
            let rows = read(&path)?;
            let known = Known::read(&engine)?;
            Ok(plan(&rows, &known))
        })
        .await?
    }
}

type Line = (u32, [String; COLUMNS.len()]);

fn read(path: &Path) -> Result<Vec<Line>> {
    let unusable = EngineError::of_sheet(path);
    let mut book = Workbook::open(path).map_err(&unusable)?;
    let mut header: HashMap<u32, usize> = HashMap::new();
    let mut lines: Vec<Line> = Vec::new();
    book.read(0, &mut |row| {
        let mut line: [String; COLUMNS.len()] = std::array::from_fn(|_| String::new());
        for cell in row.cells() {
            let text = cell.text.trim();
            // Titles may stand under a heading; once there are rows, a cell that reads like a title is a value.
            if let Some(at) = COLUMNS.iter().position(|column| column.title == text)
                && lines.is_empty()
            {
                header.insert(cell.column, at);
                continue;
            }
            if let Some(at) = header.get(&cell.column) {
                text.clone_into(&mut line[*at]);
            }
        }
        if line.iter().any(|cell| !cell.is_empty()) {
            lines.push((row.number(), line));
        }
        ControlFlow::Continue(())
    })
    .map_err(unusable)?;
    let has = |at: usize| header.values().any(|known| *known == at);
    let listing = has(OUTER) || has(LISTING) || has(NAME);
    let goods = has(ITEM) || has(BARCODE) || has(OUR_NAME);
    if has(STORE) && listing && goods {
        Ok(lines)
    } else {
        Err(EngineError::refused("bindings_columns"))
    }
}

/// Stores, their listings and our SKUs by what a sheet can call them.
struct Known {
    stores: Vec<(StoreId, String, String)>,
    rows: Vec<ListingSkuRow>,
    /// Rows by each thing that a cell may call them, [`listed_as`].
    listed: HashMap<(StoreId, usize, String), Vec<usize>>,
    items: HashMap<String, Vec<SkuId>>,
    barcodes: HashMap<String, Vec<SkuId>>,
    names: HashMap<String, Vec<SkuId>>,
}

impl Known {
    fn read(engine: &Engine) -> Result<Self> {
        let (stores, products) = engine
            .db()
            .read(|c| Ok((storage::store::all(c)?, storage::product::all(c)?)))?;
        let mut known = Self {
            stores: Vec::new(),
            rows: Vec::new(),
            listed: HashMap::new(),
            items: HashMap::new(),
            barcodes: HashMap::new(),
            names: HashMap::new(),
        };
        for store in stores.into_iter().map(|row| row.store) {
            for row in engine.db().read(|c| storage::listing::of_store(c, store.id))? {
                for (cell, key) in listed_as(&row) {
                    let place = known.listed.entry((store.id, cell, key)).or_default();
                    place.push(known.rows.len());
                }
                known.rows.push(row);
            }
            known.stores.push((store.id, store.platform, store.remote_id));
        }
        for product in products {
            for sku in product.skus {
                let code = cleaned_code(&sku.item_code);
                if !code.is_empty() {
                    known.items.entry(code).or_default().push(sku.id);
                }
                if let Some(key) = barcode_key(&sku.barcode) {
                    known.barcodes.entry(key).or_default().push(sku.id);
                }
                let name = name_key(&product.name, &sku.spec_name);
                known.names.entry(name).or_default().push(sku.id);
            }
        }
        Ok(known)
    }

    fn store(&self, line: &[String]) -> Option<StoreId> {
        let platform = &line[PLATFORM];
        let mut found = self
            .stores
            .iter()
            .filter(|(_, of, remote)| *remote == line[STORE] && (platform.is_empty() || of == platform));
        let first = found.next()?;
        // The same number at two platforms says nothing without the platform.
        found.next().is_none().then_some(first.0)
    }

    /// The listing that the cells name: by its ids, where it has been renamed since, else by its name; what several
    /// share is told apart by spec and name.
    fn listing(&self, store: StoreId, line: &[String]) -> std::result::Result<&ListingSkuRow, BindingFault> {
        let same = |cell: &str, field: &str| cell.is_empty() || normalized(cell) == normalized(field);
        let code = |cell: &str, field: &str| cell.is_empty() || cleaned_code(cell) == cleaned_code(field);
        let by_id = !(line[LISTING].is_empty() && line[OUTER].is_empty());
        if !by_id && line[NAME].is_empty() {
            return Err(BindingFault::NoListing);
        }
        let cell = [OUTER, LISTING, NAME]
            .into_iter()
            .find(|cell| !line[*cell].is_empty());
        let cell = cell.unwrap_or(NAME);
        let here = self.listed.get(&(store, cell, cell_key(cell, &line[cell])));
        let mut found: Vec<&ListingSkuRow> = here
            .into_iter()
            .flatten()
            .map(|at| &self.rows[*at])
            .filter(|row| {
                code(&line[LISTING], &row.listing_remote_id)
                    && code(&line[OUTER], &row.outer_sku_code)
                    && (!line[OUTER].is_empty() || same(&line[SPEC], &row.spec_name))
                    && (by_id || same(&line[NAME], &row.name))
            })
            .collect();
        if found.len() > 1 {
            found.retain(|row| same(&line[SPEC], &row.spec_name) && same(&line[NAME], &row.name));
        }
        match found.as_slice() {
            [] => Err(BindingFault::NoListing),
            [one] => Ok(one),
            _ => Err(BindingFault::ManyListings),
        }
    }

    /// Our SKUs that the cells name: by codes, which every filled one must agree on, else by name and spec; what
    /// several share is told apart by name and spec.
    fn skus(&self, line: &[String]) -> std::result::Result<Vec<SkuId>, BindingFault> {
        let of = |found: Option<&Vec<SkuId>>| found.cloned().unwrap_or_default();
        let named = of(self.names.get(&name_key(&line[OUR_NAME], &line[OUR_SPEC])));
        let items = of(self.items.get(&cleaned_code(&line[ITEM])));
        let barcodes = of(barcode_key(&line[BARCODE]).and_then(|key| self.barcodes.get(&key)));
        let found: Vec<SkuId> = match (line[ITEM].is_empty(), line[BARCODE].is_empty()) {
            (true, true) if line[OUR_NAME].is_empty() => return Err(BindingFault::NoCode),
            (true, true) => named.clone(),
            (false, true) => items,
            (true, false) => barcodes,
            (false, false) => items.into_iter().filter(|sku| barcodes.contains(sku)).collect(),
        };
        if found.is_empty() {
            return Err(BindingFault::NoProduct);
        }
        let both: Vec<SkuId> = found.iter().filter(|sku| named.contains(sku)).copied().collect();
        Ok(if found.len() > 1 && !both.is_empty() {
            both
        } else {
            found
        })
    }
}

/// What a row is called in the cells by which it can be looked up.
fn listed_as(row: &ListingSkuRow) -> [(usize, String); 3] {
    [
        (OUTER, &row.outer_sku_code),
        (LISTING, &row.listing_remote_id),
        (NAME, &row.name),
    ]
    .map(|(cell, text)| (cell, cell_key(cell, text)))
}

fn cell_key(cell: usize, text: &str) -> String {
    if cell == NAME {
        normalized(text)
    } else {
        cleaned_code(text)
    }
}

fn name_key(name: &str, spec: &str) -> String {
    format!("{}\t{}", normalized(name), normalized(spec))
}

fn plan(lines: &[Line], known: &Known) -> Plan {
    let mut report = BindingsReport {
        rows: lines.len(),
        ..BindingsReport::default()
    };
    let mut pairs = Vec::new();
    let mut listings: HashSet<ListingSkuId> = HashSet::new();
    let mut ours: HashSet<(StoreId, SkuId)> = HashSet::new();
    let bound: HashSet<(StoreId, SkuId)> = known
        .rows
        .iter()
        .filter_map(|row| Some((row.store, row.bound_to?)))
        .collect();
    for (number, line) in lines {
        let judged = (|| {
            let store = known.store(line).ok_or((BindingFault::NoStore, STORE))?;
            let row = known.listing(store, line).map_err(|fault| (fault, NAME))?;
            let skus = known.skus(line).map_err(|fault| (fault, ITEM))?;
            if row.bound_to.is_some_and(|bound| skus.contains(&bound)) {
                return Ok(None);
            }
            let [sku] = skus[..] else {
                return Err((BindingFault::ManyProducts, ITEM));
            };
            if row.bound_to.is_some() || bound.contains(&(store, sku)) {
                return Err((BindingFault::Taken, NAME));
            }
            if !listings.insert(row.id) || !ours.insert((store, sku)) {
                return Err((BindingFault::Twice, NAME));
            }
            Ok(Some((row.id, sku)))
        })();
        match judged {
            Ok(Some(pair)) => pairs.push((*number, pair)),
            Ok(None) => report.unchanged += 1,
            Err((fault, at)) => report.rejected.push(BindingRejection {
                row: *number,
                fault,
                value: told(line, at),
            }),
        }
    }
    report.bound = pairs.len();
    Plan { report, pairs }
}

/// What a row is called when it is told: the cell in question, else whatever names the row.
fn told(line: &[String], at: usize) -> String {
    let places = match at {
        STORE => [STORE, NAME, OUTER],
        ITEM => [ITEM, BARCODE, OUR_NAME],
        _ => [NAME, OUTER, LISTING],
    };
    let filled = places.iter().map(|at| &line[*at]).find(|cell| !cell.is_empty());
    filled.cloned().unwrap_or_default()
}
