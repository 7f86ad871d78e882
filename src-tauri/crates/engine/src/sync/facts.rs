//! What 体检 and the plan look at, read once for a store.

use super::report::{BARCODE_LEFT_OUT, PICTURE_REFUSED};
use crate::engine::Engine;
use crate::error::Result;
use crate::stock::push::wanted_stock;
use crate::stock::rule::StockRule;
use connect::platform::{Capabilities, Descriptor};
use domain::erp_codes::ErpCodes;
use domain::id::{CategoryId, GroupId, ListingId, ProductId, SkuId, StoreId};
use domain::listing::{Listing, ListingSku, PictureReview, StoreGroup};
use domain::preflight::PictureFinding;
use domain::product::{Product, SpecKind};
use domain::rules::ListingRules;
use domain::store::{Offer, Store, StoreField};
use domain::text::{cleaned_code, normalized};
use domain::wanted::Wanted;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use storage::listing::{GroupRow, ListingSkuRow};
use storage::platform_category::Choice;
use storage::store::StoreRow;

/// The library as several stores look at it.
pub(crate) struct Library {
    pub(crate) products: Vec<Product>,
    pub(crate) of_sku: HashMap<SkuId, usize>,
    paths: HashMap<CategoryId, Vec<String>>,
    /// How often each 商品编码 stands in the library: only a unique one can be a code on a platform.
    item_codes: HashMap<String, usize>,
}

impl Library {
    pub(crate) fn product_of(&self, sku: SkuId) -> Option<&Product> {
        self.of_sku.get(&sku).map(|at| &self.products[*at])
    }
}

/// Everything about one store.
pub(crate) struct StoreFacts {
    pub(crate) row: StoreRow,
    pub(crate) rules: ListingRules,
    pub(crate) library: Arc<Library>,
    pub(crate) listings: Vec<Listing>,
    pub(crate) groups: Vec<StoreGroup>,
    pub(crate) erp: Option<ErpCodes>,
    pub(crate) pictures: HashMap<String, Vec<PictureFinding>>,
    pub(crate) sent_pictures: HashMap<ListingId, Vec<String>>,
    pub(crate) unsent_attributes: HashMap<ProductId, i64>,
    pub(crate) reviews: HashMap<ListingId, PictureReview>,
    pub(crate) store_fields: Vec<StoreField>,
    /// The platform's 类目 can be chosen from a list.
    pub(crate) lists_categories: bool,
    /// The platform has a sister with which its stores are confused.
    pub(crate) has_sister: bool,
    /// Products that the platform took without the barcodes which were sent with them.
    pub(crate) barcodes_left_out: HashSet<ProductId>,
    /// 类目 that the manager chose for products on this platform.
    chosen: HashMap<ProductId, Choice>,
    group_paths: HashMap<ListingId, Vec<String>>,
    listing_at: HashMap<ListingId, usize>,
    offers: Vec<Offer>,
    /// The wanted products with this store's stock in place of the library's.
    goods: Vec<Product>,
    places: HashMap<SkuId, Place>,
}

/// What stands behind a SKU in the store.
struct Place {
    good: usize,
    sku: usize,
    outer_code: String,
    outer_sku_code: String,
    group: Vec<String>,
    category_id: String,
}

impl StoreFacts {
    pub(crate) fn store(&self) -> &Store {
        &self.row.store
    }

    /// What is wanted, in the order of the offers.
    pub(crate) fn wanted(&self) -> Vec<Wanted<'_>> {
        self.offers
            .iter()
            .filter_map(|offer| {
                let place = self.places.get(&offer.sku)?;
                let product = &self.goods[place.good];
                Some(Wanted {
                    offer,
                    product,
                    sku: &product.skus[place.sku],
                    outer_code: place.outer_code.clone(),
                    outer_sku_code: place.outer_sku_code.clone(),
                    group: place.group.clone(),
                    category_id: place.category_id.clone(),
                })
            })
            .collect()
    }

    /// The names of the groups that a listing stands in, from the first level.
    pub(crate) fn group_path(&self, id: ListingId) -> &[String] {
        self.group_paths.get(&id).map_or(&[], Vec::as_slice)
    }

    /// What the product's 类目 asks for, as the manager gave it.
    pub(crate) fn attributes(&self, id: ProductId) -> Option<&BTreeMap<String, String>> {
        let attributes = &self.chosen.get(&id)?.attributes;
        (!attributes.is_empty()).then_some(attributes)
    }

    /// Listings that nothing may be written to by itself: they became other goods than what they are bound to (F58), or
    /// they lack codes and the platform cannot tell which is meant (F40).
    pub(crate) fn untouchable(&self) -> HashSet<ListingId> {
        let mut out = domain::preflight::indistinct(&self.rules, &self.listings, &self.groups);
        out.extend(domain::plan::strangers(
            &self.wanted(),
            &self.listings,
            &self.rules,
        ));
        out
    }

    /// The listing with this row id.
    pub(crate) fn listing(&self, id: ListingId) -> Option<&Listing> {
        self.listing_at.get(&id).map(|at| &self.listings[*at])
    }
}

impl Engine {
    /// The library for several stores.
    pub(crate) fn library_facts(&self) -> Result<Arc<Library>> {
        let (products, paths) = self
            .db()
            .read(|c| Ok((storage::product::all(c)?, storage::category::paths(c)?)))?;
        let mut of_sku = HashMap::new();
        let mut item_codes: HashMap<String, usize> = HashMap::new();
        for (at, product) in products.iter().enumerate() {
            for sku in &product.skus {
                of_sku.insert(sku.id, at);
                *item_codes.entry(cleaned_code(&sku.item_code)).or_default() += 1;
            }
        }
        Ok(Arc::new(Library {
            products,
            of_sku,
            paths,
            item_codes,
        }))
    }

    /// Reads what is known of a store.
    pub(crate) fn store_facts(&self, id: StoreId, library: &Arc<Library>) -> Result<StoreFacts> {
        let row = self.db().read(|c| storage::store::get(c, id))?;
        let rules = self.rules().listing(&row.store.platform);
        let platform = self.platform(&row.store.platform)?;
        let card = platform.descriptor();
        let (rows, group_rows, offers, erp, sent, reviews, chosen) = self.db().read(|c| {
            let erp = match row.store.erp_account {
                Some(account) if storage::account::get(c, account)?.items_read_at.is_some() => {
                    Some(ErpCodes::new(storage::erp_cache::codes(c, account)?))
                }
                _ => None,
            };
            Ok((
                storage::listing::of_store(c, id)?,
                storage::listing::groups(c, id)?,
                storage::offer::wanted(c, id)?,
                erp,
                storage::task::sent_pictures(c, id)?,
                storage::task::picture_reviews(c, id, PICTURE_REFUSED)?,
                storage::platform_category::choices(c, &row.store.platform)?,
            ))
        })?;
        let groups = store_groups(&group_rows);
        let mut listings = crate::orders::judge::listings(&rows);
        place_in_groups(&mut listings, &rows, &group_rows, &groups);
        let listing_at = listings
            .iter()
            .enumerate()
            .map(|(at, listing)| (listing.id, at))
            .collect();
        let mut facts = StoreFacts {
            rules,
            library: Arc::clone(library),
            listings,
            groups,
            erp,
            pictures: self.picture_findings(&row.store.platform)?,
            store_fields: card.store_fields.clone(),
            lists_categories: card.capabilities.categories,
            unsent_attributes: self.unsent_attributes(id, &chosen)?,
            has_sister: card.sister.is_some(),
            barcodes_left_out: self.barcodes_left_out(id, card)?,
            chosen,
            sent_pictures: HashMap::new(),
            reviews: HashMap::new(),
            group_paths: rows
                .iter()
                .map(|row| (row.listing, row.group_path.clone()))
                .collect(),
            listing_at,
            offers,
            goods: Vec::new(),
            places: HashMap::new(),
            row,
        };
        let rule = self.stock_rule(&facts)?;
        Places::new(&facts, &card.capabilities, &rule).fill(&mut facts);
        facts.sent_pictures = by_listing(&facts, sent);
        facts.reviews = by_listing(&facts, reviews.into_iter().map(told).collect());
        Ok(facts)
    }

    /// How many values products were given for their 类目 that differ from what was sent last. What was sent is looked for
    /// only where there are any, for it stands in the whole history of the store's tasks.
    fn unsent_attributes(
        &self,
        id: StoreId,
        chosen: &HashMap<ProductId, Choice>,
    ) -> Result<HashMap<ProductId, i64>> {
        let given = || chosen.iter().filter(|(_, choice)| !choice.attributes.is_empty());
        if given().next().is_none() {
            return Ok(HashMap::new());
        }
        let sent = self.db().read(|c| storage::task::sent_attributes(c, id))?;
        let open = given().filter(|(product, choice)| sent.get(product) != Some(&choice.attributes));
        Ok(open
            .map(|(product, choice)| {
                (
                    *product,
                    i64::try_from(choice.attributes.len()).unwrap_or(i64::MAX),
                )
            })
            .collect())
    }

    /// Products that the platform took without their barcodes; asked only where that may mean another platform (F31a).
    fn barcodes_left_out(&self, id: StoreId, card: &Descriptor) -> Result<HashSet<ProductId>> {
        if card.sister.is_none() || card.capabilities.categories {
            return Ok(HashSet::new());
        }
        let left_out = self
            .db()
            .read(|c| storage::task::taken_but(c, id, BARCODE_LEFT_OUT))?;
        Ok(left_out.into_iter().collect())
    }

    fn stock_rule(&self, facts: &StoreFacts) -> Result<StockRule> {
        self.stock_rule_of(facts.store(), facts.rules.stock_max)
    }
}

/// Groups have no lasting row id of their own: their position stands in for it, within one look.
fn store_groups(rows: &[GroupRow]) -> Vec<StoreGroup> {
    let ids: HashMap<&str, GroupId> = rows
        .iter()
        .zip(1..)
        .map(|(row, id)| (row.remote_id.as_str(), GroupId(id)))
        .collect();
    rows.iter()
        .zip(1..)
        .map(|(row, id)| StoreGroup {
            id: GroupId(id),
            remote_id: row.remote_id.clone(),
            name: row.name.clone(),
            parent: row.parent.as_deref().and_then(|parent| ids.get(parent).copied()),
            sequence: row.sequence,
        })
        .collect()
}

fn place_in_groups(
    listings: &mut [Listing],
    rows: &[ListingSkuRow],
    group_rows: &[GroupRow],
    groups: &[StoreGroup],
) {
    let names: HashMap<&str, &GroupRow> = group_rows.iter().map(|g| (g.remote_id.as_str(), g)).collect();
    let path = |row: &GroupRow| {
        let mut path = vec![normalized(&row.name)];
        let mut parent = row.parent.as_deref();
        while let Some(above) = parent.and_then(|id| names.get(id)).filter(|_| path.len() < 8) {
            path.push(normalized(&above.name));
            parent = above.parent.as_deref();
        }
        path.reverse();
        path
    };
    let ids: HashMap<Vec<String>, GroupId> = group_rows
        .iter()
        .zip(groups)
        .map(|(row, group)| (path(row), group.id))
        .collect();
    let paths: HashMap<ListingId, &Vec<String>> =
        rows.iter().map(|row| (row.listing, &row.group_path)).collect();
    for listing in listings {
        let path = paths.get(&listing.id);
        let normal: Vec<String> = path
            .into_iter()
            .flat_map(|path| path.iter())
            .map(|name| normalized(name))
            .collect();
        listing.group = ids.get(&normal).copied();
    }
}

/// A review as a person reads it.
fn told(review: storage::task::Review) -> (ProductId, PictureReview) {
    let since = connect::shanghai::time(review.since);
    let refused = review.refused;
    (review.product, PictureReview { since, refused })
}

/// Pictures were sent by product; the plan asks by listing.
fn by_listing<T: Clone>(facts: &StoreFacts, sent: Vec<(ProductId, T)>) -> HashMap<ListingId, T> {
    let latest: HashMap<ProductId, T> = sent.into_iter().collect();
    let mut out = HashMap::new();
    for listing in &facts.listings {
        let product = listing
            .skus
            .iter()
            .filter_map(|sku| sku.bound_to)
            .find_map(|sku| facts.library.product_of(sku));
        if let Some(last) = product.and_then(|product| latest.get(&product.id)) {
            out.insert(listing.id, last.clone());
        }
    }
    out
}

/// Works out codes, groups and stock of what is wanted.
struct Places<'a> {
    library: Arc<Library>,
    rules: ListingRules,
    capabilities: &'a Capabilities,
    stock: &'a StockRule,
    listed: HashMap<SkuId, (Listing, ListingSku, Vec<String>)>,
    /// Codes there with the listing that has them.
    taken: HashMap<String, ListingId>,
    learned: HashMap<CategoryId, Learned>,
    chosen: HashMap<ProductId, String>,
}

/// Where the store keeps most of the goods of a library category.
#[derive(Default, Clone)]
struct Learned {
    group: Vec<String>,
    category_id: String,
}

impl<'a> Places<'a> {
    fn new(facts: &StoreFacts, capabilities: &'a Capabilities, stock: &'a StockRule) -> Self {
        let mut listed = HashMap::new();
        let mut taken = HashMap::new();
        for listing in &facts.listings {
            let path = facts.group_path(listing.id).to_vec();
            for sku in &listing.skus {
                for code in [&listing.outer_code, &sku.outer_sku_code] {
                    taken.entry(code.clone()).or_insert(listing.id);
                }
                if let Some(bound) = sku.bound_to {
                    listed.insert(bound, (listing.clone(), sku.clone(), path.clone()));
                }
            }
        }
        let learned = learn(&facts.library, &listed);
        Self {
            library: Arc::clone(&facts.library),
            rules: facts.rules.clone(),
            capabilities,
            stock,
            listed,
            taken,
            learned,
            chosen: facts
                .chosen
                .iter()
                .map(|(product, choice)| (*product, choice.category_id.clone()))
                .collect(),
        }
    }

    fn fill(&self, facts: &mut StoreFacts) {
        let mut goods_at: HashMap<ProductId, usize> = HashMap::new();
        let mut used: HashSet<String> = HashSet::new();
        for offer in &facts.offers {
            let Some(product) = self.library.product_of(offer.sku) else {
                continue;
            };
            let good = *goods_at.entry(product.id).or_insert_with(|| {
                facts.goods.push(self.stocked(product));
                facts.goods.len() - 1
            });
            let Some(sku) = product.skus.iter().position(|sku| sku.id == offer.sku) else {
                continue;
            };
            let place = self.place(product, offer, good, sku, &mut used);
            facts.places.insert(offer.sku, place);
        }
    }

    /// The product with the stock that this store shall show.
    fn stocked(&self, product: &Product) -> Product {
        let mut product = product.clone();
        for sku in &mut product.skus {
            sku.stock = wanted_stock(self.stock, sku);
            if sku.stock.is_none() && !self.listed.contains_key(&sku.id) {
                // A new product needs a number; nothing known means nothing to sell yet.
                sku.stock = Some(0);
            }
        }
        product
    }

    fn place(
        &self,
        product: &Product,
        offer: &Offer,
        good: usize,
        at: usize,
        used: &mut HashSet<String>,
    ) -> Place {
        let sku = &product.skus[at];
        let sibling = product.skus.iter().find_map(|sku| self.listed.get(&sku.id));
        let there = self.listed.get(&sku.id);
        let listing = sibling.map(|(listing, ..)| listing);
        let outer_sku_code = match there.map(|(_, sku, _)| sku.outer_sku_code.as_str()) {
            Some(code) if !code.is_empty() => code.to_owned(),
            _ => self.own_sku_code(sku, listing.map(|l| l.id), used),
        };
        let outer_code = match listing.map(|l| l.outer_code.as_str()) {
            Some(code) if !code.is_empty() => code.to_owned(),
            _ if product.spec_kind() == SpecKind::Single || product.skus.len() == 1 => outer_sku_code.clone(),
            _ => self.own_product_code(product, listing.map(|l| l.id)),
        };
        let learned = product
            .category
            .and_then(|category| self.learned.get(&category))
            .cloned()
            .unwrap_or_default();
        let current = sibling
            .map(|(listing, _, path)| (path.clone(), listing.category_id.clone()))
            .unwrap_or_default();
        Place {
            good,
            sku: at,
            outer_code,
            outer_sku_code,
            group: first_filled([
                offer.group.clone().unwrap_or_default(),
                current.0,
                learned.group,
                self.path(product),
            ]),
            category_id: [
                self.chosen.get(&product.id).cloned().unwrap_or_default(),
                current.1,
                learned.category_id,
            ]
            .into_iter()
            .find(|id| !id.is_empty())
            .unwrap_or_default(),
        }
    }

    /// The library's own path, as deep as the platform's groups go.
    fn path(&self, product: &Product) -> Vec<String> {
        let path = product
            .category
            .and_then(|category| self.library.paths.get(&category))
            .cloned();
        // No levels: the platform has no groups to make.
        let levels = self.rules.group_levels.unwrap_or(self.capabilities.group_levels);
        path.map(|mut path| {
            path.truncate(levels);
            path
        })
        .unwrap_or_default()
    }

    /// Our code for a SKU that has none there: the 商品编码 where it can serve, else one made of the row id. Both
    /// survive renames.
    fn own_sku_code(
        &self,
        sku: &domain::product::Sku,
        own: Option<ListingId>,
        used: &mut HashSet<String>,
    ) -> String {
        let code = cleaned_code(&sku.item_code);
        let unique = self.library.item_codes.get(&code).copied().unwrap_or(0) <= 1;
        if unique && self.can_be_code(&code, own) && used.insert(code.clone()) {
            return code;
        }
        format!("G{}", sku.id)
    }

    fn own_product_code(&self, product: &Product, own: Option<ListingId>) -> String {
        let code = cleaned_code(&product.spu_code);
        let twins = self
            .library
            .products
            .iter()
            .filter(|p| p.spu_code == product.spu_code)
            .count();
        if twins <= 1 && self.can_be_code(&code, own) {
            return code;
        }
        format!("GP{}", product.id)
    }

    fn can_be_code(&self, code: &str, own: Option<ListingId>) -> bool {
        let longest = self.rules.outer_sku_code_max.unwrap_or(40);
        let plain = code
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        let free = self.taken.get(code).is_none_or(|listing| Some(*listing) == own);
        !code.is_empty() && code.len() <= longest && plain && free
    }
}

fn first_filled<const N: usize>(paths: [Vec<String>; N]) -> Vec<String> {
    paths
        .into_iter()
        .find(|path| !path.is_empty())
        .unwrap_or_default()
}

/// Category → group and 类目 by what the store does with most bound goods of each category.
fn learn(
    library: &Library,
    listed: &HashMap<SkuId, (Listing, ListingSku, Vec<String>)>,
) -> HashMap<CategoryId, Learned> {
    let mut groups: BTreeMap<CategoryId, BTreeMap<Vec<String>, usize>> = BTreeMap::new();
    let mut ids: BTreeMap<CategoryId, BTreeMap<String, usize>> = BTreeMap::new();
    for (sku, (listing, _, path)) in listed {
        let Some(category) = library.product_of(*sku).and_then(|product| product.category) else {
            continue;
        };
        if !path.is_empty() {
            *groups
                .entry(category)
                .or_default()
                .entry(path.clone())
                .or_default() += 1;
        }
        if !listing.category_id.is_empty() {
            *ids.entry(category)
                .or_default()
                .entry(listing.category_id.clone())
                .or_default() += 1;
        }
    }
    let mut learned: HashMap<CategoryId, Learned> = HashMap::new();
    for (category, counts) in groups {
        learned.entry(category).or_default().group = most(counts);
    }
    for (category, counts) in ids {
        learned.entry(category).or_default().category_id = most(counts);
    }
    learned
}

/// The commonest; of several the first in order, so that two looks agree.
fn most<T: Default + Ord>(counts: BTreeMap<T, usize>) -> T {
    let mut best: (usize, Option<T>) = (0, None);
    for (value, count) in counts {
        if count > best.0 {
            best = (count, Some(value));
        }
    }
    best.1.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::most;
    use std::collections::BTreeMap;

    #[test]
    fn the_commonest_group_wins_and_a_draw_goes_to_the_first() {
        let counts = |pairs: &[(&str, usize)]| -> BTreeMap<String, usize> {
            pairs
                .iter()
                .map(|(name, count)| ((*name).to_owned(), *count))
                .collect()
        };
        assert_eq!(most(counts(&[("a", 1), ("b", 3), ("c", 2)])), "b");
        assert_eq!(most(counts(&[("a", 2), ("b", 2)])), "a");
    }
}
