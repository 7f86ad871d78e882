//! From a scenario to a world.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::{clean, fits_erp, gtin_holds};
use super::drift::{Affected, DriftKind, DriftReport, Identity, identity, renamed};
use super::shelves::{LEAVES, PLATFORM_ONLY};
use super::{Scenario, ScenarioItem, ScenarioStore};
use crate::clock::SimClock;
use crate::draw::Draw;
use crate::error::WorldError;
use crate::pictures::{Look, hash};
use crate::world::{ErpItem, NewListing, NewSpec, PlatformId, SINGLE_SPEC, World};

/// Longest group name the platforms show (饿百 allows 12 characters).
const GROUP_NAME: usize = 12;
/// Goods in the ERP whose number the library does not know begin here.
const OTHER_NUMBERS: u64 = 1_022_311_159_000_000;
/// Codes that twins carry come from another system's range.
const TWIN_CODES: u64 = 7_700_000_000_000;

/// A world and what was done to it.
#[derive(Debug)]
pub struct Built {
    /// The world at its start.
    pub world: World,
    /// Where it differs from the library.
    pub drift: DriftReport,
}

/// The rows of one product.
pub(crate) type Product = Vec<usize>;

/// The library's rows joined into products, in the order of their first rows.
pub(crate) fn products(items: &[ScenarioItem]) -> Vec<Product> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut products: Vec<Product> = Vec::new();
    for (row, item) in items.iter().enumerate() {
        let place = if item.spu.is_empty() {
            None
        } else {
            places.get(item.spu.as_str()).copied()
        };
        if let Some(product) = place.and_then(|place| products.get_mut(place)) {
            product.push(row);
        } else {
            if !item.spu.is_empty() {
                places.insert(item.spu.as_str(), products.len());
            }
            products.push(vec![row]);
        }
    }
    products
}

/// The ERP's number for every row, and the rows whose library code leads elsewhere (F01d, F19a). Follows from the
/// scenario alone.
pub(crate) fn erp_numbers(scenario: &Scenario) -> (Vec<String>, BTreeSet<usize>) {
    let items = &scenario.items;
    let odd = odd_rows(scenario);
    let mut used: BTreeSet<String> = items.iter().map(|item| clean(&item.item_code)).collect();
    let mut taken = BTreeSet::new();
    let mut next = OTHER_NUMBERS;
    let mut numbers = Vec::with_capacity(items.len());
    for (row, item) in items.iter().enumerate() {
        let own = clean(&item.item_code);
        if fits_erp(&own) && !odd.contains(&row) && taken.insert(own.clone()) {
            numbers.push(own);
            continue;
        }
        let number = loop {
            next += 1;
            if used.insert(next.to_string()) {
                break next.to_string();
            }
        };
        numbers.push(number);
    }
    let wrong = (0..items.len())
        .filter(|row| items[*row].item_code != numbers[*row])
        .collect();
    (numbers, wrong)
}

/// Rows with a sound code that the ERP shall not know: first those whose code comes from a rare range.
fn odd_rows(scenario: &Scenario) -> BTreeSet<usize> {
    let items = &scenario.items;
    let shared = shared_barcodes(items);
    let range = |item: &ScenarioItem| item.item_code.chars().take(4).collect::<String>();
    let mut ranges: BTreeMap<String, usize> = BTreeMap::new();
    for item in items {
        *ranges.entry(range(item)).or_default() += 1;
    }
    let mut rows: Vec<usize> = (0..items.len())
        .filter(|row| {
            let item = &items[*row];
            fits_erp(&item.item_code)
                && item.spu.is_empty()
                && gtin_holds(&item.barcode)
                && !shared.contains(item.barcode.as_str())
        })
        .collect();
    rows.sort_by_key(|row| {
        let item = &items[*row];
        let count = ranges.get(&range(item)).copied().unwrap_or(0);
        (
            item.item_code.starts_with('0'),
            count,
            hash(&format!("{}/{}", scenario.seed, item.item_code)),
        )
    });
    rows.into_iter().take(scenario.erp.unknown_codes).collect()
}

/// Barcodes that stand on more than one row.
pub(crate) fn shared_barcodes(items: &[ScenarioItem]) -> BTreeSet<&str> {
    let mut seen = BTreeSet::new();
    items
        .iter()
        .map(|item| item.barcode.as_str())
        .filter(|barcode| !barcode.is_empty() && !seen.insert(*barcode))
        .collect()
}

pub(super) fn build(scenario: &Scenario, clock: SimClock, picture_base: &str) -> Result<Built, WorldError> {
    let mut world = World::new(scenario.seed, clock);
    world.erp.system = scenario.erp.system;
    world.erp.order_mode = scenario.erp.order_mode;
    let mut drift = DriftReport::default();
    let (numbers, wrong) = erp_numbers(scenario);
    fill_erp(scenario, &numbers, &wrong, &mut world, &mut drift)?;
    let products = products(&scenario.items);
    let firsts = first_of_barcode(&scenario.items);
    let spus: BTreeSet<String> = scenario.items.iter().map(|item| clean(&item.spu)).collect();
    for (nth, store) in scenario.stores.iter().enumerate() {
        let mut shop = ShopBuilder {
            scenario,
            store,
            picture_base,
            wrong: &wrong,
            spus: &spus,
            draw: Draw::new(scenario.seed ^ (u64::try_from(nth).unwrap_or(0) + 1).wrapping_mul(0x5EED_0001)),
            groups: BTreeMap::new(),
            twins: u64::try_from(nth).unwrap_or(0) * 100_000,
            world: &mut world,
            drift: &mut drift,
        };
        shop.fill(&products, &firsts)?;
    }
    drift.listings = PlatformId::ALL
        .into_iter()
        .flat_map(|platform| world.shops(platform).values())
        .map(|shop| shop.listings.len())
        .sum();
    Ok(Built { world, drift })
}

/// For each row: whether it is the first that carries its barcode.
fn first_of_barcode(items: &[ScenarioItem]) -> Vec<bool> {
    let mut seen = BTreeSet::new();
    items
        .iter()
        .map(|item| item.barcode.is_empty() || seen.insert(clean(&item.barcode)))
        .collect()
}

fn fill_erp(
    scenario: &Scenario,
    numbers: &[String],
    wrong: &BTreeSet<usize>,
    world: &mut World,
    drift: &mut DriftReport,
) -> Result<(), WorldError> {
    let mut draw = Draw::new(scenario.seed ^ 0xE2B0);
    for branch in &scenario.erp.branches {
        world.erp_add_branch(&branch.num, &format!("HJ{}", branch.num), &branch.name)?;
    }
    for (row, (item, number)) in scenario.items.iter().zip(numbers).enumerate() {
        let spec = if item.spec_name == SINGLE_SPEC {
            ""
        } else {
            item.spec_name.as_str()
        };
        world.erp_add_item(ErpItem {
            num: number.clone(),
            code: number
                .chars()
                .rev()
                .take(8)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect(),
            name: format!("{} {spec}", item.name.trim()).trim().to_owned(),
            barcode: clean(&item.barcode),
            unit: item.unit.clone(),
            price_fen: item.price_fen,
            deleted: false,
            updated_at: 0,
        })?;
        for branch in &scenario.erp.branches {
            let off = i64::try_from(draw.below(7)).unwrap_or(0) - 3;
            world.erp_set_stock(&branch.num, number, (item.stock + off).max(0) * 1000)?;
        }
        if wrong.contains(&row) {
            drift.note(
                DriftKind::ErpNumber,
                Affected {
                    platform: None,
                    shop: String::new(),
                    listing: String::new(),
                    row: Some(row),
                    library: item.item_code.clone(),
                    there: number.clone(),
                },
            );
        }
    }
    Ok(())
}

/// Fills one shop.
struct ShopBuilder<'a> {
    scenario: &'a Scenario,
    store: &'a ScenarioStore,
    picture_base: &'a str,
    wrong: &'a BTreeSet<usize>,
    /// Product codes that the library itself gives.
    spus: &'a BTreeSet<String>,
    draw: Draw,
    groups: BTreeMap<String, String>,
    twins: u64,
    world: &'a mut World,
    drift: &'a mut DriftReport,
}

impl ShopBuilder<'_> {
    fn fill(&mut self, products: &[Product], firsts: &[bool]) -> Result<(), WorldError> {
        self.world
            .add_store(self.store.platform, &self.store.remote_id, &self.store.name)?;
        let mut listed = 0_usize;
        for product in products {
            let Some(first) = product.first().copied() else {
                continue;
            };
            // The draw is made for every product so that one share does not shift all that follows.
            let wanted = self.draw.chance(self.store.listed_per_mille);
            let must = product.iter().any(|row| self.wrong.contains(row));
            if !product
                .iter()
                .all(|row| firsts.get(*row).copied().unwrap_or(true))
            {
                self.note(DriftKind::SharedBarcode, "", Some(first), String::new());
            } else if wanted || must {
                self.list(product, must, listed)?;
                listed += 1;
            } else {
                self.note(DriftKind::LibraryOnly, "", Some(first), String::new());
            }
        }
        self.add_platform_only(listed)
    }

    fn list(&mut self, product: &Product, must: bool, nth: usize) -> Result<(), WorldError> {
        let shares = self.scenario.drift.clone();
        let Some(first) = product.first().copied() else {
            return Ok(());
        };
        let item = self.scenario.items[first].clone();
        let mut fate = identity(&shares, &mut self.draw);
        let renaming = renamed(&item.name, &self.scenario.name, &shares, &mut self.draw);
        // Every shop has a few twins and a few hand-made goods, however small it is.
        match nth {
            21 | 77 | 133 if shares.twin > 0 => fate = Identity::Twin,
            45 | 101 if shares.hand_made > 0 => fate = Identity::HandMade,
            _ => {}
        }
        if must || (product.len() > 1 && matches!(fate, Identity::Twin | Identity::HandMade)) {
            fate = Identity::Kept;
        }
        let mut new = self.listing(product, fate);
        let mut notes: Vec<(DriftKind, String)> = Vec::new();
        if let Some((kind, name)) = renaming
            .filter(|_| !must && matches!(fate, Identity::Kept | Identity::NoBarcode | Identity::NoCodes))
        {
            new.name.clone_from(&name);
            notes.push((kind, name));
        }
        match fate {
            Identity::NoBarcode => notes.push((DriftKind::NoBarcode, String::new())),
            Identity::NoCodes => notes.push((DriftKind::NoCodes, String::new())),
            Identity::HandMade => notes.push((DriftKind::HandMade, new.name.clone())),
            Identity::Kept | Identity::Twin => {}
        }
        self.drift_place_and_figures(&item, &mut new, &mut notes)?;
        let id = self
            .world
            .add_listing(self.store.platform, &self.store.remote_id, new.clone())?;
        for (kind, now) in notes {
            self.note(kind, &id, Some(first), now);
        }
        if fate == Identity::Twin {
            self.add_twin(new, first)?;
        }
        Ok(())
    }

    /// A listing as the platform took it over from the library, with what `fate` takes away.
    fn listing(&mut self, product: &Product, fate: Identity) -> NewListing {
        let items = &self.scenario.items;
        let item = &items[product[0]];
        let blank = matches!(fate, Identity::NoCodes | Identity::HandMade);
        let bare = matches!(fate, Identity::NoBarcode | Identity::HandMade);
        let single = product.len() == 1;
        let specs = product
            .iter()
            .map(|row| {
                let sku = &items[*row];
                let upc = clean(&sku.barcode);
                NewSpec {
                    code: if blank {
                        String::new()
                    } else {
                        clean(&sku.item_code)
                    },
                    name: spec_name(self.store.platform, sku, single),
                    // Both platforms drop a barcode whose check digit is wrong (F39).
                    upc: if bare || !gtin_holds(&upc) {
                        String::new()
                    } else {
                        upc
                    },
                    price_fen: sku.price_fen,
                    stock: sku.stock,
                    weight_g: weight_g(&format!("{} {}", sku.name, sku.spec_name)),
                }
            })
            .collect();
        let name = if fate == Identity::HandMade {
            let aisle = item.category.rsplit('/').next().unwrap_or_default();
            format!("店长推荐 {aisle} {}号", 1 + self.draw.below(90))
        } else {
            item.name.trim().to_owned()
        };
        NewListing {
            code: if blank {
                String::new()
            } else {
                product_code(item, self.spus)
            },
            name,
            group_ids: Vec::new(),
            category_id: self.taxon(&item.category),
            specs,
            pictures: vec![format!(
                "{}/pictures/{}.jpg",
                self.picture_base,
                Look::of(&item.name, &item.category).id()
            )],
            sold_out: false,
            description: String::new(),
            unit: item.unit.clone(),
        }
    }

    fn drift_place_and_figures(
        &mut self,
        item: &ScenarioItem,
        new: &mut NewListing,
        notes: &mut Vec<(DriftKind, String)>,
    ) -> Result<(), WorldError> {
        let shares = &self.scenario.drift;
        let (other, price, stock) = (
            self.draw.chance(shares.other_group),
            self.draw.chance(shares.price),
            self.draw.chance(shares.stock),
        );
        let step = i64::try_from(self.draw.below(5)).unwrap_or(0) + 1;
        let group = if other {
            self.group("热销推荐")?
        } else {
            self.group(&item.category)?
        };
        if other {
            notes.push((DriftKind::OtherGroup, "热销推荐".to_owned()));
        }
        new.group_ids = vec![group];
        for spec in &mut new.specs {
            if price {
                spec.price_fen += if step % 2 == 0 {
                    50 * step
                } else {
                    -(spec.price_fen / 12).min(50 * step)
                };
            }
            if stock {
                spec.stock = if step == 5 { 0 } else { spec.stock + 3 * step };
            }
        }
        let first = new.specs.first();
        if price && first.is_some_and(|spec| spec.price_fen != item.price_fen) {
            notes.push((
                DriftKind::Price,
                first.map_or(0, |spec| spec.price_fen).to_string(),
            ));
        }
        if stock && first.is_some_and(|spec| spec.stock != item.stock) {
            notes.push((DriftKind::Stock, first.map_or(0, |spec| spec.stock).to_string()));
        }
        Ok(())
    }

    fn add_twin(&mut self, mut twin: NewListing, row: usize) -> Result<(), WorldError> {
        self.twins += 1;
        let code = (TWIN_CODES + self.twins * 7 + self.draw.below(7)).to_string();
        twin.code.clone_from(&code);
        for spec in &mut twin.specs {
            spec.code.clone_from(&code);
            spec.upc.clear();
        }
        let id = self
            .world
            .add_listing(self.store.platform, &self.store.remote_id, twin)?;
        self.note(DriftKind::Twin, &id, Some(row), code);
        Ok(())
    }

    fn add_platform_only(&mut self, listed: usize) -> Result<(), WorldError> {
        let share = usize::try_from(self.scenario.drift.platform_only).unwrap_or(0);
        let wanted = (listed * share / 1000).min(PLATFORM_ONLY.len());
        let from = usize::try_from(self.draw.below(20)).unwrap_or(0);
        for nth in 0..wanted {
            let (name, price_fen, group) = PLATFORM_ONLY[(from + nth) % PLATFORM_ONLY.len()];
            let look = Look::of(name, group);
            let new = NewListing {
                name: name.to_owned(),
                group_ids: vec![self.group(group)?],
                category_id: self.taxon(group),
                specs: vec![NewSpec {
                    name: SINGLE_SPEC.to_owned(),
                    price_fen,
                    stock: 20,
                    weight_g: 400,
                    ..NewSpec::default()
                }],
                pictures: vec![format!("{}/pictures/{}.jpg", self.picture_base, look.id())],
                ..NewListing::default()
            };
            let id = self
                .world
                .add_listing(self.store.platform, &self.store.remote_id, new)?;
            self.note(DriftKind::PlatformOnly, &id, None, name.to_owned());
        }
        Ok(())
    }

    /// The id of the group for a library category, made when it is first needed.
    fn group(&mut self, category: &str) -> Result<String, WorldError> {
        let category = match self.store.platform {
            // One level: the finer name.
            PlatformId::MeituanWaimai => category.rsplit('/').next().unwrap_or(category),
            _ => category,
        };
        let (top, leaf) = category.split_once('/').unwrap_or((category, ""));
        let top = short(if top.is_empty() { "未分类" } else { top });
        let parent = self.group_once(&top.clone(), &top, None)?;
        if leaf.is_empty() {
            return Ok(parent);
        }
        let leaf = short(leaf);
        self.group_once(&format!("{top}/{leaf}"), &leaf, Some(&parent))
    }

    fn group_once(&mut self, path: &str, name: &str, parent: Option<&str>) -> Result<String, WorldError> {
        if let Some(id) = self.groups.get(path) {
            return Ok(id.clone());
        }
        let id = self
            .world
            .add_group(self.store.platform, &self.store.remote_id, name, parent)?;
        self.groups.insert(path.to_owned(), id.clone());
        Ok(id)
    }

    fn taxon(&self, category: &str) -> Option<String> {
        let leaf = LEAVES
            .iter()
            .find(|(word, _)| category.contains(word))
            .map_or("其他商品", |(_, leaf)| leaf);
        let taxonomy = match self.store.platform {
            PlatformId::MeituanShangou => &self.world.meituan.taxonomy,
            PlatformId::Ebai => &self.world.ebai.taxonomy,
            PlatformId::Doudian => &self.world.doudian.taxonomy,
            PlatformId::Eleme => &self.world.eleme.taxonomy,
            PlatformId::MeituanWaimai => &self.world.waimai.taxonomy,
            PlatformId::Jddj => &self.world.jddj.taxonomy,
            PlatformId::DouyinLaike => &self.world.laike.taxonomy,
        };
        taxonomy
            .values()
            .find(|taxon| taxon.depth == 3 && taxon.name == leaf)
            .map(|taxon| taxon.id.clone())
    }

    fn note(&mut self, kind: DriftKind, listing: &str, row: Option<usize>, there: String) {
        let item = row.and_then(|row| self.scenario.items.get(row));
        let library = item.map(|item| match kind {
            DriftKind::NoBarcode | DriftKind::SharedBarcode => item.barcode.clone(),
            DriftKind::NoCodes | DriftKind::Twin => item.item_code.clone(),
            DriftKind::OtherGroup => item.category.clone(),
            DriftKind::Price => item.price_fen.to_string(),
            DriftKind::Stock => item.stock.to_string(),
            _ => item.name.clone(),
        });
        self.drift.note(
            kind,
            Affected {
                platform: Some(self.store.platform),
                shop: self.store.remote_id.clone(),
                listing: listing.to_owned(),
                row,
                library: library.unwrap_or_default(),
                there,
            },
        );
    }
}

/// Our product code on the platform: the SPU's, else made from the item code as the old system did (102… → 101…)
/// unless another product's SPU has that very number: no shop can have it twice.
fn product_code(item: &ScenarioItem, spus: &BTreeSet<String>) -> String {
    let code = clean(if item.spu.is_empty() {
        &item.item_code
    } else {
        &item.spu
    });
    match code.strip_prefix("1022") {
        Some(rest) if item.spu.is_empty() => {
            let made = format!("1012{rest}");
            if spus.contains(&made) { code } else { made }
        }
        _ => code,
    }
}

/// 饿百 makes a product multi-spec unless the only spec is called 单规格, 京东到家 and 抖音来客 would write it into the
/// title; 美团 keeps any text.
fn spec_name(platform: PlatformId, item: &ScenarioItem, single: bool) -> String {
    let text = item.spec_name.trim();
    let plain = matches!(
        platform,
        PlatformId::Ebai | PlatformId::Jddj | PlatformId::DouyinLaike
    );
    if text.is_empty() || (single && plain) {
        SINGLE_SPEC.to_owned()
    } else {
        text.to_owned()
    }
}

fn short(name: &str) -> String {
    name.chars().take(GROUP_NAME).collect()
}

/// Grams from the first amount in a name, such as `500g`, `1.5L` or `2kg`; half a kilogram when it names none.
fn weight_g(text: &str) -> i64 {
    let mut number = String::new();
    for (at, sign) in text.char_indices() {
        if sign.is_ascii_digit() || (sign == '.' && !number.is_empty()) {
            number.push(sign);
            continue;
        }
        let rest = text[at..].to_ascii_lowercase();
        let thousand = rest.starts_with("kg") || (rest.starts_with('l') && !number.is_empty());
        let one = rest.starts_with('g') || rest.starts_with("ml");
        if !number.is_empty() && (thousand || one) {
            let (whole, part) = number.split_once('.').unwrap_or((&number, ""));
            let digits: i64 = format!("{whole}{part:0<3}")
                .get(..whole.len() + 3)
                .and_then(|text| text.parse().ok())
                .unwrap_or(0);
            return if thousand { digits } else { digits / 1000 }.clamp(1, 30_000);
        }
        number.clear();
    }
    500
}

#[cfg(test)]
mod tests;
