//! Which SKU of the library a row of a sheet is: by 商品编码, else barcode, else name and spec. One SKU takes one row.

use domain::id::CategoryId;
use domain::product::{Product, SINGLE_SPEC, Sku};
use sheets::{Code, ProductRow};
use std::collections::{BTreeMap, HashMap};

/// Where a SKU stands in the list of products: product and SKU.
pub(super) type Place = (usize, usize);

/// The library with the indexes that recognition needs.
pub(super) struct Library<'a> {
    pub(super) products: &'a [Product],
    pub(super) paths: &'a HashMap<CategoryId, Vec<String>>,
    pub(super) pictures: &'a BTreeMap<String, String>,
    by_code: HashMap<String, Vec<Place>>,
    by_barcode: HashMap<String, Vec<Place>>,
    by_name: HashMap<(String, String), Vec<Place>>,
}

/// What became of one row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Match {
    /// Nothing like it: a new SKU.
    New,
    /// This SKU.
    Sku(Place),
    /// Several SKUs that it may be equally well; never guessed.
    Ambiguous {
        /// The code or name that several share.
        by: String,
    },
}

impl<'a> Library<'a> {
    pub(super) fn new(
        products: &'a [Product],
        paths: &'a HashMap<CategoryId, Vec<String>>,
        pictures: &'a BTreeMap<String, String>,
    ) -> Self {
        let mut library = Self {
            products,
            paths,
            pictures,
            by_code: HashMap::new(),
            by_barcode: HashMap::new(),
            by_name: HashMap::new(),
        };
        for (at, product) in products.iter().enumerate() {
            for (sku_at, sku) in product.skus.iter().enumerate() {
                let place = (at, sku_at);
                let code = domain::text::cleaned_code(&sku.item_code);
                if !code.is_empty() {
                    library.by_code.entry(code).or_default().push(place);
                }
                if let Some(key) = domain::code::barcode_key(&sku.barcode) {
                    library.by_barcode.entry(key).or_default().push(place);
                }
                let name = (key_text(&product.name), key_text(spec_text(sku)));
                library.by_name.entry(name).or_default().push(place);
            }
        }
        library
    }

    pub(super) fn at(&self, place: Place) -> (&'a Product, &'a Sku) {
        let product = &self.products[place.0];
        (product, &product.skus[place.1])
    }
}

/// What a sheet calls the spec of a SKU: the size text of a single-spec product, the spec name otherwise.
pub(super) fn spec_text(sku: &Sku) -> &str {
    if sku.spec_name == SINGLE_SPEC {
        &sku.size_text
    } else {
        &sku.spec_name
    }
}

fn key_text(text: &str) -> String {
    domain::text::normalized(text).to_lowercase()
}

fn code_text(code: Option<&Code>) -> &str {
    code.map_or("", |code| code.text.as_str())
}

/// Recognises every row. Rows keep their order; each SKU is taken by at most one row.
pub(super) fn recognise(rows: &[ProductRow], library: &Library<'_>) -> Vec<Match> {
    let mut matched = vec![Match::New; rows.len()];
    let mut taken: std::collections::HashSet<Place> = std::collections::HashSet::new();
    for round in [by_code, by_barcode, by_name] {
        let mut open: Vec<(usize, Vec<Place>, String)> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            if matched[at] != Match::New {
                continue;
            }
            let Some((by, places)) = round(row, library) else {
                continue;
            };
            // A row that the library holds exactly takes its own SKU before any other row may take it.
            let own = places
                .iter()
                .find(|place| !taken.contains(*place) && is_exact(row, library, **place));
            if let Some(own) = own {
                taken.insert(*own);
                matched[at] = Match::Sku(*own);
            } else {
                open.push((at, places, by));
            }
        }
        for (at, places, by) in open {
            let free: Vec<Place> = places
                .into_iter()
                .filter(|place| !taken.contains(place))
                .collect();
            matched[at] = match choose(&rows[at], library, &free) {
                Choice::None => continue,
                Choice::One(place) => {
                    taken.insert(place);
                    Match::Sku(place)
                }
                Choice::Several => Match::Ambiguous { by },
            };
        }
    }
    matched
}

/// The text that names the row, and the SKUs that share it.
type Candidates = Option<(String, Vec<Place>)>;

fn by_code(row: &ProductRow, library: &Library<'_>) -> Candidates {
    let code = domain::text::cleaned_code(code_text(row.item_code.as_ref()));
    library.by_code.get(&code).map(|places| (code, places.clone()))
}

/// A barcode of a few characters (`无`, `0`) names nothing; and where both the code and the name say otherwise, the
/// same barcode does not make two goods one.
fn by_barcode(row: &ProductRow, library: &Library<'_>) -> Candidates {
    let key = domain::code::barcode_key(code_text(row.barcode.as_ref()))?;
    if key.len() < 6 || !key.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let places = library.by_barcode.get(&key)?.iter().copied();
    let alike = |place: &Place| {
        let (product, sku) = library.at(*place);
        !contradict(code_text(row.item_code.as_ref()), &sku.item_code)
            || key_text(&product.name) == key_text(&row.name)
    };
    Some((key, places.filter(alike).collect()))
}

/// Name and spec only speak where codes do not contradict: two codes or two barcodes make two goods.
fn by_name(row: &ProductRow, library: &Library<'_>) -> Candidates {
    let key = (key_text(&row.name), key_text(&row.spec_text));
    let places = library.by_name.get(&key)?.iter().copied();
    let alike = |place: &Place| {
        let sku = library.at(*place).1;
        !contradict(code_text(row.item_code.as_ref()), &sku.item_code)
            && !contradict(code_text(row.barcode.as_ref()), &sku.barcode)
    };
    Some((row.name.clone(), places.filter(alike).collect()))
}

fn contradict(a: &str, b: &str) -> bool {
    !a.is_empty() && !b.is_empty() && a != b
}

enum Choice {
    None,
    One(Place),
    Several,
}

/// The candidate that differs in the fewest identifying texts; several equally near ones are not decided.
fn choose(row: &ProductRow, library: &Library<'_>, free: &[Place]) -> Choice {
    let distance = |place: &Place| {
        let (product, sku) = library.at(*place);
        let differs = |ours: &str, theirs: &str| usize::from(key_text(ours) != key_text(theirs));
        2 * differs(&sku.item_code, code_text(row.item_code.as_ref()))
            + 2 * differs(&sku.barcode, code_text(row.barcode.as_ref()))
            + differs(&product.name, &row.name)
            + differs(spec_text(sku), &row.spec_text)
    };
    let Some(least) = free.iter().map(distance).min() else {
        return Choice::None;
    };
    let mut nearest = free.iter().filter(|place| distance(place) == least);
    match (nearest.next(), nearest.next()) {
        (Some(only), None) => Choice::One(*only),
        (Some(_), Some(_)) => Choice::Several,
        (None, _) => Choice::None,
    }
}

/// The library holds all identifying texts and amounts of the row already.
fn is_exact(row: &ProductRow, library: &Library<'_>, place: Place) -> bool {
    let (product, sku) = library.at(place);
    let amount = |theirs: Option<i64>, ours: Option<i64>| theirs.is_none() || theirs == ours;
    product.name == row.name
        && spec_text(sku) == row.spec_text
        && sku.item_code == code_text(row.item_code.as_ref())
        && sku.barcode == code_text(row.barcode.as_ref())
        && amount(row.price_fen, sku.price.map(|price| price.0))
        && amount(row.cost_fen, sku.cost.map(|cost| cost.0))
        && (row.unit.is_empty() || row.unit == sku.unit)
        && amount(row.stock, sku.stock)
        && (row.category.is_empty()
            || product.category.and_then(|id| library.paths.get(&id)) == Some(&row.category))
}
