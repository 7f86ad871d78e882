//! From recognised rows to what is written: new products, new SKUs of known ones, and changed fields.

use super::recognise::{Library, Match, Place, spec_text};
use domain::id::{ProductId, SkuId};
use domain::product::{Product, SINGLE_SPEC, Sku};
use serde::Serialize;
use sheets::ProductRow;
use std::collections::{BTreeMap, HashMap};
use storage::product::SkuData;

/// Samples shown of each kind.
const SAMPLES: usize = 50;

/// What becomes of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RowFate {
    /// A SKU that was not there.
    Created,
    /// A SKU or its product changes.
    Updated,
    /// All of it is there.
    Unchanged,
}

/// A row as the preview shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Sample {
    /// Row as Excel numbers it.
    pub row: u32,
    /// True for a new SKU.
    pub created: bool,
    /// 商品名称.
    pub name: String,
    /// Spec or size.
    pub spec: String,
    /// Field, old and new text of each change.
    pub changes: Vec<(&'static str, String, String)>,
}

/// What is written of one product, all of it in one transaction.
#[derive(Clone, Debug, Default)]
pub(super) struct Planned {
    /// The product; none for a new one.
    pub(super) product: Option<ProductId>,
    /// 商品名称 when it is new or changes.
    pub(super) name: Option<String>,
    pub(super) brand: Option<String>,
    pub(super) description: Option<String>,
    /// Category path when it is new or changes.
    pub(super) category: Option<Vec<String>>,
    /// For new products.
    pub(super) spu_code: String,
    /// SKUs to change.
    pub(super) changed: Vec<(SkuId, SkuData)>,
    /// SKUs to add.
    pub(super) added: Vec<SkuData>,
    /// Picture cells of the rows, with the texts by which the product is found later.
    pub(super) pictures: Vec<(String, PictureOwner)>,
    /// What becomes of each of its rows.
    pub(super) fates: Vec<RowFate>,
}

/// By what a picture's product is found when the picture files come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct PictureOwner {
    pub(super) code: String,
    pub(super) barcode: String,
    pub(super) name: String,
}

impl PictureOwner {
    /// As one text: code, barcode and name apart by tabs.
    pub(super) fn key(&self) -> String {
        format!("{}\t{}\t{}", self.code, self.barcode, self.name)
    }
}

impl Planned {
    /// Whether anything is written.
    pub(super) fn writes(&self) -> bool {
        self.product.is_none()
            || self.name.is_some()
            || self.brand.is_some()
            || self.description.is_some()
            || self.category.is_some()
            || !self.changed.is_empty()
            || !self.added.is_empty()
            || !self.pictures.is_empty()
    }
}

/// Plans all rows: rows of one group become one product unless they are recognised as parts of others.
pub(super) fn plan(
    rows: &[ProductRow],
    matched: &[Match],
    library: &Library<'_>,
) -> (Vec<Planned>, Vec<Sample>) {
    let mut order: Vec<Key> = Vec::new();
    let mut parts: HashMap<Key, Vec<usize>> = HashMap::new();
    for (key, at) in keys(rows, matched) {
        parts
            .entry(key)
            .or_insert_with(|| {
                order.push(key);
                Vec::new()
            })
            .push(at);
    }
    let mut samples = Samples::default();
    let planned = order
        .iter()
        .map(|key| one(*key, &parts[key], rows, matched, library, &mut samples))
        .collect();
    (planned, samples.all())
}

/// A known product, or the group of rows that becomes a new one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Key {
    Known(usize),
    New(u32),
}

/// Each row with the product it goes to. New rows of a group go where the first known one of the group is.
fn keys(rows: &[ProductRow], matched: &[Match]) -> Vec<(Key, usize)> {
    let mut home: HashMap<u32, usize> = HashMap::new();
    for (row, found) in rows.iter().zip(matched) {
        if let Match::Sku((product, _)) = found {
            home.entry(row.group).or_insert(*product);
        }
    }
    let mut keys = Vec::with_capacity(rows.len());
    for (at, (row, found)) in rows.iter().zip(matched).enumerate() {
        match found {
            Match::Sku((product, _)) => keys.push((Key::Known(*product), at)),
            Match::New => keys.push((
                home.get(&row.group)
                    .map_or(Key::New(row.group), |p| Key::Known(*p)),
                at,
            )),
            Match::Ambiguous { .. } => {}
        }
    }
    keys
}

fn one(
    key: Key,
    parts: &[usize],
    rows: &[ProductRow],
    matched: &[Match],
    library: &Library<'_>,
    samples: &mut Samples,
) -> Planned {
    let mut planned = Planned::default();
    let mut told: BTreeMap<usize, Vec<(&'static str, String, String)>> = BTreeMap::new();
    let known = match key {
        Key::Known(at) => Some(&library.products[at]),
        Key::New(_) => None,
    };
    let first = |text: fn(&ProductRow) -> &str| {
        parts
            .iter()
            .map(|at| text(&rows[*at]))
            .find(|text| !text.is_empty())
    };
    let several =
        parts.len() + known.map_or(0, |p| p.skus.len()) > 1 && (known.is_none() || grows(parts, matched));
    if let Some(product) = known {
        planned.product = Some(product.id);
        let lead = parts.first().copied().unwrap_or(0);
        planned.own_fields(product, rows, parts, library, told.entry(lead).or_default());
    } else {
        planned.name = first(|row| &row.name).map(str::to_owned);
        planned.brand = first(|row| &row.brand).map(str::to_owned);
        planned.description = first(|row| &row.description).map(str::to_owned);
        first(|row| row.spu.trim())
            .unwrap_or_default()
            .clone_into(&mut planned.spu_code);
        planned.category = parts
            .iter()
            .map(|at| &rows[*at].category)
            .find(|path| !path.is_empty())
            .cloned();
    }
    for at in parts {
        let (row, changes) = (&rows[*at], told.entry(*at).or_default());
        planned.remember_picture(row, library);
        match &matched[*at] {
            Match::Sku(place) => planned.known_sku(row, library, *place, several, changes),
            _ => planned.added.push(fresh(row, several)),
        }
        let created = !matches!(matched[*at], Match::Sku(_));
        planned.fates.push(match (created, changes.is_empty()) {
            (true, _) => RowFate::Created,
            (false, false) => RowFate::Updated,
            (false, true) => RowFate::Unchanged,
        });
        samples.take(row, created, changes);
    }
    planned
}

/// Whether a known product gets further SKUs.
fn grows(parts: &[usize], matched: &[Match]) -> bool {
    parts.iter().any(|at| matched[*at] == Match::New)
}

impl Planned {
    fn own_fields(
        &mut self,
        product: &Product,
        rows: &[ProductRow],
        parts: &[usize],
        library: &Library<'_>,
        told: &mut Vec<(&'static str, String, String)>,
    ) {
        let first = |text: fn(&ProductRow) -> &str| {
            parts
                .iter()
                .map(|at| text(&rows[*at]))
                .find(|text| !text.is_empty())
        };
        let mut differs = |field, ours: &str, theirs: Option<&str>| {
            let theirs = theirs.filter(|theirs| *theirs != ours)?;
            told.push((field, ours.to_owned(), theirs.to_owned()));
            Some(theirs.to_owned())
        };
        self.name = differs("name", &product.name, first(|row| &row.name));
        self.brand = differs("brand", &product.brand, first(|row| &row.brand));
        self.description = differs("description", &product.description, first(|row| &row.description));
        let path = parts
            .iter()
            .map(|at| &rows[*at].category)
            .find(|path| !path.is_empty());
        let ours = product.category.and_then(|id| library.paths.get(&id));
        if let Some(path) = path.filter(|path| Some(*path) != ours) {
            told.push((
                "category",
                ours.map(|p| p.join("/")).unwrap_or_default(),
                path.join("/"),
            ));
            self.category = Some(path.clone());
        }
    }

    fn known_sku(
        &mut self,
        row: &ProductRow,
        library: &Library<'_>,
        place: Place,
        several: bool,
        told: &mut Vec<(&'static str, String, String)>,
    ) {
        let (_, sku) = library.at(place);
        let now = data_of(sku);
        let mut then = now.clone();
        // A product that gets further SKUs is single-spec no more: the size text becomes the spec's name.
        if several && sku.spec_name == SINGLE_SPEC {
            let name = if row.spec_text.is_empty() {
                &sku.size_text
            } else {
                &row.spec_text
            };
            if !name.is_empty() {
                then.spec_name.clone_from(name);
                then.size_text.clear();
            }
        } else if !row.spec_text.is_empty() {
            let slot = if sku.spec_name == SINGLE_SPEC {
                &mut then.size_text
            } else {
                &mut then.spec_name
            };
            slot.clone_from(&row.spec_text);
        }
        overlay(&mut then, row);
        if then != now {
            told.extend(differences(sku, &now, &then));
            self.changed.push((sku.id, then));
        }
    }

    fn remember_picture(&mut self, row: &ProductRow, library: &Library<'_>) {
        if row.picture.trim().is_empty() {
            return;
        }
        let text =
            |code: &Option<sheets::Code>| code.as_ref().map(|code| code.text.clone()).unwrap_or_default();
        let owner = PictureOwner {
            code: text(&row.item_code),
            barcode: text(&row.barcode),
            name: row.name.clone(),
        };
        if library.pictures.get(&owner.key()) != Some(&row.picture) {
            self.pictures.push((row.picture.clone(), owner));
        }
    }
}

/// A new SKU. The size text of a product without further SKUs stays apart from its spec name.
fn fresh(row: &ProductRow, several: bool) -> SkuData {
    let mut data = SkuData {
        base_quantity_milli: 1000,
        ..SkuData::default()
    };
    if several && !row.spec_text.is_empty() {
        data.spec_name.clone_from(&row.spec_text);
    } else {
        SINGLE_SPEC.clone_into(&mut data.spec_name);
        data.size_text.clone_from(&row.spec_text);
    }
    overlay(&mut data, row);
    data
}

/// Puts what the row holds over the data; what it does not hold stays.
fn overlay(data: &mut SkuData, row: &ProductRow) {
    let text = |slot: &mut String, text: &str| {
        if !text.is_empty() {
            text.clone_into(slot);
        }
    };
    text(
        &mut data.item_code,
        row.item_code.as_ref().map_or("", |code| &code.text),
    );
    text(
        &mut data.barcode,
        row.barcode.as_ref().map_or("", |code| &code.text),
    );
    text(&mut data.unit, row.unit.trim());
    data.price_fen = row.price_fen.or(data.price_fen);
    data.cost_fen = row.cost_fen.or(data.cost_fen);
    data.stock = row.stock.or(data.stock);
    data.base_quantity_milli = row
        .base_quantity
        .and_then(|units| units.checked_mul(1000))
        .unwrap_or(data.base_quantity_milli);
    data.weight_g = grams(&row.weight).or(data.weight_g);
}

/// Grams of a weight that names its unit (`500g`, `1.5 kg`, `2千克`); a bare number says nothing.
fn grams(text: &str) -> Option<i64> {
    let text = domain::text::normalized(text).to_lowercase();
    let unit = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(unit);
    let milli = i64::from(match unit.trim() {
        "g" | "克" => 1_u16,
        "kg" | "千克" | "公斤" => 1_000,
        "斤" => 500,
        _ => return None,
    });
    // Hundredths, as money is read: exact, and finer than a gram for every unit.
    let hundredths = domain::money::Money::parse_yuan(number).ok()?.0;
    hundredths.checked_mul(milli).map(|grams| grams / 100)
}

fn data_of(sku: &Sku) -> SkuData {
    SkuData {
        spec_name: sku.spec_name.clone(),
        size_text: sku.size_text.clone(),
        item_code: sku.item_code.clone(),
        barcode: sku.barcode.clone(),
        unit: sku.unit.clone(),
        price_fen: sku.price.map(|price| price.0),
        cost_fen: sku.cost.map(|cost| cost.0),
        stock: sku.stock,
        base_quantity_milli: sku.base_quantity_milli,
        weight_g: sku.weight_g,
    }
}

fn differences(sku: &Sku, now: &SkuData, then: &SkuData) -> Vec<(&'static str, String, String)> {
    let yuan = |fen: Option<i64>| {
        fen.map(|fen| domain::money::Money(fen).to_yuan())
            .unwrap_or_default()
    };
    let count = |count: Option<i64>| count.map(|count| count.to_string()).unwrap_or_default();
    let spec = |data: &SkuData| {
        if data.spec_name == SINGLE_SPEC {
            data.size_text.clone()
        } else {
            data.spec_name.clone()
        }
    };
    let pairs = [
        ("spec", spec_text(sku).to_owned(), spec(then)),
        ("item_code", now.item_code.clone(), then.item_code.clone()),
        ("barcode", now.barcode.clone(), then.barcode.clone()),
        ("unit", now.unit.clone(), then.unit.clone()),
        ("price", yuan(now.price_fen), yuan(then.price_fen)),
        ("cost", yuan(now.cost_fen), yuan(then.cost_fen)),
        ("stock", count(now.stock), count(then.stock)),
        (
            "base_quantity",
            now.base_quantity_milli.to_string(),
            then.base_quantity_milli.to_string(),
        ),
        ("weight", count(now.weight_g), count(then.weight_g)),
    ];
    let mut told: Vec<_> = pairs.into_iter().filter(|(_, old, new)| old != new).collect();
    if told.is_empty() {
        told.push(("spec", now.spec_name.clone(), then.spec_name.clone()));
    }
    told
}

#[derive(Default)]
struct Samples {
    created: Vec<Sample>,
    updated: Vec<Sample>,
}

impl Samples {
    fn take(&mut self, row: &ProductRow, created: bool, changes: &[(&'static str, String, String)]) {
        let kept = if created {
            &mut self.created
        } else {
            &mut self.updated
        };
        if kept.len() < SAMPLES && (created || !changes.is_empty()) {
            kept.push(Sample {
                row: row.row,
                created,
                name: row.name.clone(),
                spec: row.spec_text.clone(),
                changes: if created { Vec::new() } else { changes.to_vec() },
            });
        }
    }

    fn all(mut self) -> Vec<Sample> {
        self.updated.append(&mut self.created);
        self.updated
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_weights_with_a_unit_are_taken() {
        for (text, grams) in [
            ("500g", Some(500)),
            ("1.5 KG", Some(1500)),
            ("２千克", Some(2000)),
            ("0.5斤", Some(250)),
            ("500", None),
            ("约一斤", None),
            ("", None),
        ] {
            assert_eq!(super::grams(text), grams, "{text}");
        }
    }
}
