//! What 抖音来客 remembers: one merchant with its stores, and of each product what its package is made of and what an
//! audit still holds back.
//!
//! A store's shelf holds each product as it was last saved; while an audit lasts, customers of the open platform's
//! online calls are shown what [`LaikeReview::live`] keeps.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::shop::{Listing, NewListing, Shop};
use super::{App, PlatformId, Taxon, World};
use crate::draw::Draw;
use crate::error::WorldError;

const LAIKE: PlatformId = PlatformId::DouyinLaike;
/// What a package costs on paper above its sale price when the merchant's console makes it, in percent.
const LIST_PRICE: i64 = 120;

/// One dish of a package (商品搭配).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaikeDish {
    /// Its name.
    pub name: String,
    /// Fen of one.
    pub price_fen: i64,
    /// How many of them.
    pub count: i64,
}

/// A product with what only this platform knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaikeProduct {
    /// What every platform knows.
    pub listing: Listing,
    /// What its package is made of.
    pub dishes: Vec<LaikeDish>,
    /// Further attributes by key, as they were sent.
    pub attributes: BTreeMap<String, String>,
}

/// The audit of a product as it was last saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaikeReview {
    /// What is online meanwhile; nothing of a new product.
    pub live: Option<LaikeProduct>,
    /// UTC milliseconds when it passes by itself.
    pub until: i64,
    /// What was refused, and why.
    pub refused: Option<(LaikeProduct, String)>,
}

/// What 抖音来客 remembers.
pub struct LaikeState {
    /// The one application the world knows (`client_key`, `client_secret`).
    pub app: App,
    /// The merchant's root account, which has bound the application.
    pub account_id: String,
    /// Tokens with their ends (UTC milliseconds), the newest last; no more than two live.
    pub tokens: VecDeque<(String, i64)>,
    /// When tokens were asked for, UTC milliseconds.
    pub asked: VecDeque<i64>,
    /// Stores by `poi_id`.
    pub shops: BTreeMap<String, Shop>,
    /// Fixed taxonomy by id.
    pub taxonomy: BTreeMap<String, Taxon>,
    /// Packages by product.
    pub dishes: BTreeMap<String, Vec<LaikeDish>>,
    /// Further attributes by product.
    pub attributes: BTreeMap<String, BTreeMap<String, String>>,
    /// Stores that sell a product beside the one whose shelf it stands on.
    pub bound: BTreeMap<String, BTreeSet<String>>,
    /// Products that a call made; the others were made in the merchant's console.
    pub by_call: BTreeSet<String>,
    /// Audits by product.
    pub reviews: BTreeMap<String, LaikeReview>,
    /// Attributes that the template asks for beside those it always does: name by key.
    pub required: BTreeMap<String, String>,
    /// A package must cost more than its sale price; otherwise as much is enough. Sources disagree.
    pub strict_price: bool,
    /// Calls the application has no right to.
    pub denied_calls: BTreeSet<String>,
    /// Milliseconds an audit takes; the real one is said to end within two hours.
    pub review_ms: i64,
}

impl LaikeState {
    /// Life of a token, seconds.
    pub const TOKEN_S: i64 = 7200;
    /// How much longer a token lives once a newer one is there, milliseconds.
    pub const OVERLAP_MS: i64 = 300_000;

    /// Made from a source of its own, so that the other services' secrets stay as they were.
    pub(super) fn new(seed: u64, taxonomy: BTreeMap<String, Taxon>) -> Self {
        let mut draw = Draw::new(seed ^ 0x1A1_4E00);
        Self {
            app: App {
                id: format!("aw{}", draw.hex(7)),
                secret: draw.hex(16),
            },
            account_id: format!("{}", 7_000_000_000_000_000_000 + draw.below(1_000_000_000)),
            tokens: VecDeque::new(),
            asked: VecDeque::new(),
            shops: BTreeMap::new(),
            taxonomy,
            dishes: BTreeMap::new(),
            attributes: BTreeMap::new(),
            bound: BTreeMap::new(),
            by_call: BTreeSet::new(),
            reviews: BTreeMap::new(),
            required: BTreeMap::new(),
            strict_price: true,
            denied_calls: BTreeSet::new(),
            review_ms: 600_000,
        }
    }

    /// Where a product stands: its shelf's store.
    pub(crate) fn shelf_of(&self, product: &str) -> Option<&Shop> {
        self.shops
            .values()
            .find(|shop| shop.listings.contains_key(product))
    }

    /// A product as it was last saved.
    pub(crate) fn saved(&self, product: &str) -> Option<LaikeProduct> {
        Some(LaikeProduct {
            listing: self.shelf_of(product)?.listings.get(product)?.clone(),
            dishes: self.dishes.get(product).cloned().unwrap_or_default(),
            attributes: self.attributes.get(product).cloned().unwrap_or_default(),
        })
    }
}

impl World {
    /// All tokens of 抖音来客 are dead from now on; a new one is for the asking.
    pub fn laike_tokens_expire(&mut self) {
        let ended = self.now_ms() - 1;
        for (_, until) in &mut self.laike.tokens {
            *until = ended;
        }
    }

    /// The merchant sets in its console what a package is made of.
    pub fn laike_pack(&mut self, product: &str, dishes: Vec<LaikeDish>) -> Result<(), WorldError> {
        if self.laike.shelf_of(product).is_none() {
            return Err(WorldError::UnknownListing(product.to_owned()));
        }
        self.laike.dishes.insert(product.to_owned(), dishes);
        Ok(())
    }

    /// The audit of a product ends with a no: what was online before stays, a new product stays a draft.
    pub fn laike_refuse(&mut self, product: &str, reason: &str) -> Result<(), WorldError> {
        let unknown = || WorldError::UnknownListing(product.to_owned());
        let saved = self.laike.saved(product).ok_or_else(unknown)?;
        let review = self.laike.reviews.get_mut(product).ok_or_else(unknown)?;
        let live = review.live.clone();
        review.refused = Some((saved, reason.to_owned()));
        if let Some(live) = live {
            self.laike_put(live);
        }
        Ok(())
    }

    /// Puts a product as it shall be from now on in the place of the one under the same id.
    pub(crate) fn laike_put(&mut self, product: LaikeProduct) {
        let id = product.listing.id.clone();
        self.laike.dishes.insert(id.clone(), product.dishes);
        self.laike.attributes.insert(id.clone(), product.attributes);
        let mut shops = self.laike.shops.values_mut();
        if let Some(held) = shops.find_map(|shop| shop.listings.get_mut(&id)) {
            *held = product.listing;
        }
    }

    /// A product made by hand. A package has one SKU, so each spec becomes a product of its own with the spec in its
    /// title; its only dish is itself. Gives the first one's id.
    pub(super) fn laike_add_listing(&mut self, shop: &str, new: &NewListing) -> Result<String, WorldError> {
        let mut made = None;
        for one in new.by_spec() {
            let price_fen = one.specs[0].price_fen * LIST_PRICE / 100 + 1;
            let dish = LaikeDish {
                name: one.name.clone(),
                price_fen,
                count: 1,
            };
            let id = self.insert_listing(LAIKE, shop, one)?;
            self.laike.dishes.insert(id.clone(), vec![dish]);
            made.get_or_insert(id);
        }
        made.ok_or(WorldError::Refused("a listing needs at least one spec"))
    }

    /// Puts a product that a call makes onto a store's shelf and gives its id.
    pub(crate) fn laike_shelve(&mut self, shop: &str, new: NewListing) -> Result<String, WorldError> {
        self.insert_listing(LAIKE, shop, new)
    }

    /// A copy's package is that of its model.
    pub(super) fn laike_pack_like(&mut self, model: &str, copy: &str) {
        if let Some(dishes) = self.laike.dishes.get(model).cloned() {
            self.laike.dishes.insert(copy.to_owned(), dishes);
        }
    }
}
