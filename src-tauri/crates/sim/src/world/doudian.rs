//! What 抖店 remembers: one shop, its stores, and the products above and below them.

use std::collections::{BTreeMap, BTreeSet};

use super::shop::{Listing, ListingSpec, NewListing, Picture, SINGLE_SPEC, Shop};
use super::{App, Taxon, TokenPair, World};
use crate::draw::Draw;
use crate::error::WorldError;

const MAIN_IDS: u64 = 3_600_000_000_000_000_000;

/// A picture as the platform measured it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoudianPicture {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Size of the file.
    pub bytes: usize,
    /// How many more times its state is asked for before the review has passed it.
    pub asks_left: u32,
}

/// What 抖店小时达 remembers.
pub struct DoudianState {
    /// The one application the world knows (`app_key`, secret).
    pub app: App,
    /// The shop that all stores belong to.
    pub shop_id: String,
    /// The shop's tokens; good for seven days from the beginning of the world.
    pub tokens: TokenPair,
    /// Authorization codes that were issued and not used.
    pub codes: BTreeSet<String>,
    /// Number of the application's service: the page of consent is asked for by it.
    pub service_id: String,
    /// The address that the application has registered for the merchant's browser to be sent back to.
    pub return_to: Option<url::Url>,
    /// Stores by `store_id`.
    pub shops: BTreeMap<String, Shop>,
    /// Fixed taxonomy, three levels, by id.
    pub taxonomy: BTreeMap<String, Taxon>,
    /// The shop's main products by id.
    pub mains: BTreeMap<String, Listing>,
    /// The main product of a store's product, by ids.
    pub main_of: BTreeMap<String, String>,
    /// Deleted products by id, with the store they were in (F71).
    pub recycled: BTreeMap<String, (String, Listing)>,
    /// UTC milliseconds until which products are in review; no calls change them before that.
    pub in_review: BTreeMap<String, i64>,
    /// Uploaded bytes by uri.
    pub files: BTreeMap<String, DoudianPicture>,
    /// Pictures of the material centre by id.
    pub materials: BTreeMap<String, DoudianPicture>,
    /// Methods the app has no permission for.
    pub denied_methods: BTreeSet<String>,
    /// Milliseconds a new product stays in review.
    pub review_ms: i64,
    /// How often a picture's state has to be asked for until it has passed.
    pub material_asks: u32,
    /// How far a request's `timestamp` may be from the platform's clock, in milliseconds. No figure is published; ten
    /// minutes, as on 美团.
    pub clock_window_ms: i64,
}

impl DoudianState {
    /// An empty shop. Its secrets come from a source of their own, so that what the other services draw stays the same.
    pub(super) fn new(seed: u64, now_ms: i64, taxonomy: BTreeMap<String, Taxon>) -> Self {
        const DAY_MS: i64 = 86_400_000;
        let mut draw = Draw::new(seed ^ 0xD0_0D1A);
        Self {
            app: App {
                id: format!("{}", 7_000_000_000_000_000_000 + draw.below(1_000_000)),
                secret: draw.ticket().to_lowercase(),
            },
            shop_id: format!("{}", 1_000_000 + draw.below(1_000_000)),
            tokens: TokenPair {
                access: draw.hex(18),
                refresh: draw.hex(18),
                access_until: now_ms + 7 * DAY_MS,
                refresh_until: now_ms + 14 * DAY_MS,
            },
            codes: BTreeSet::new(),
            service_id: format!("{}", 20_000 + draw.below(10_000)),
            return_to: None,
            shops: BTreeMap::new(),
            taxonomy,
            mains: BTreeMap::new(),
            main_of: BTreeMap::new(),
            recycled: BTreeMap::new(),
            in_review: BTreeMap::new(),
            files: BTreeMap::new(),
            materials: BTreeMap::new(),
            denied_methods: BTreeSet::new(),
            review_ms: 600_000,
            material_asks: 1,
            clock_window_ms: 600_000,
        }
    }
}

impl World {
    /// The shop's 抖店 access token is dead from now on; its refresh token still works.
    pub fn doudian_token_expire(&mut self) {
        self.doudian.tokens.access_until = self.now_ms() - 1;
    }

    /// The merchant takes a product out of the recycle bin: it stands in its store again (F71).
    pub fn doudian_restore(&mut self, listing: &str) -> Result<(), WorldError> {
        let unknown = || WorldError::UnknownListing(listing.to_owned());
        let (store, held) = self.doudian.recycled.remove(listing).ok_or_else(unknown)?;
        let shop = self.doudian.shops.get_mut(&store).ok_or_else(unknown)?;
        shop.listings.insert(held.id.clone(), held);
        Ok(())
    }

    /// A main product of the shop; gives its id.
    pub(crate) fn doudian_add_main(&mut self, new: NewListing) -> Result<String, WorldError> {
        if new.specs.is_empty() {
            return Err(WorldError::Refused("a product needs at least one spec"));
        }
        let id = self.fresh_id(MAIN_IDS);
        let now = self.now_ms();
        let multi_spec = new.specs.len() > 1 || new.specs.iter().any(|spec| spec.name != SINGLE_SPEC);
        let mut specs = Vec::with_capacity(new.specs.len());
        for spec in new.specs {
            specs.push(ListingSpec {
                id: self.fresh_spec_id(),
                code: spec.code,
                name: spec.name,
                upc: spec.upc,
                price_fen: spec.price_fen,
                stock: spec.stock,
                weight_g: spec.weight_g,
            });
        }
        let shown = |url| Picture {
            url,
            in_review_until: None,
        };
        let listing = Listing {
            id: id.clone(),
            code: new.code,
            name: new.name,
            group_ids: Vec::new(),
            category_id: new.category_id,
            specs,
            pictures: new.pictures.into_iter().map(shown).collect(),
            sold_out: new.sold_out,
            description: new.description,
            unit: new.unit,
            multi_spec,
            created_at: now,
            updated_at: now,
        };
        self.doudian.mains.insert(id.clone(), listing);
        Ok(id)
    }
}
