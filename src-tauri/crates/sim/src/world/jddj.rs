//! What 京东到家 remembers: one merchant, the products and groups that all its stores share, and each store's prices,
//! stock and sellability.
//!
//! Every store holds a copy of every product under the merchant's one id. Name, codes, groups, category and pictures
//! are the same in all copies; price, stock and `sold_out` (不可售) are a store's own.

use std::collections::{BTreeMap, BTreeSet};

use super::shop::{Group, Listing, NewListing, Shop};
use super::{App, PlatformId, Taxon, World};
use crate::draw::Draw;
use crate::error::WorldError;

const JD: PlatformId = PlatformId::Jddj;

/// How the creation or change of a product went that was taken for later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JddjTicket {
    /// How many more times its state is asked for before it is settled.
    pub asks_left: u32,
    /// Number and reason of a refusal; the product's id when all went well.
    pub result: Result<String, (String, String)>,
}

/// What 京东到家 remembers.
pub struct JddjState {
    /// The one application the world knows (`app_key`, secret of 32 hex digits).
    pub app: App,
    /// The merchant's number.
    pub vender_id: String,
    /// The merchant's token.
    pub token: String,
    /// End of its life, UTC milliseconds; 360 days from the beginning.
    pub token_until: i64,
    /// A token that the merchant has authorized and the application has not confirmed yet.
    pub next_token: Option<String>,
    /// Stores by JD's number (`stationNo`).
    pub shops: BTreeMap<String, Shop>,
    /// Fixed taxonomy by id.
    pub taxonomy: BTreeMap<String, Taxon>,
    /// Categories outside the merchant's 经营范围 (F64).
    pub unlicensed: BTreeSet<String>,
    /// Barcodes of the platform's standard products and the category each imposes.
    pub standard_upcs: BTreeMap<String, String>,
    /// Products off the merchant's shelf (`fixedStatus` 2).
    pub off_shelf: BTreeSet<String>,
    /// Deleted products by id (`fixedStatus` 4).
    pub deleted: BTreeMap<String, Listing>,
    /// The merchant's own price by product, in fen: what a new store starts with.
    pub base_prices: BTreeMap<String, i64>,
    /// Tickets of asynchronous writes by our code.
    pub tickets: BTreeMap<String, JddjTicket>,
    /// Stock calls that were taken for later, by batch number, with what they answer.
    pub batches: BTreeMap<String, serde_json::Value>,
    /// Stock calls give a batch number in the place of results, as an older form of the interface does.
    pub batched_stock: bool,
    /// Orders come encrypted.
    pub encrypted_orders: bool,
    /// Pictures that are too small, by address.
    pub small_pictures: BTreeSet<String>,
    /// Milliseconds until a picture has been fetched ("within about five minutes").
    pub picture_ms: i64,
    /// How often a ticket has to be asked for until it is settled.
    pub ticket_asks: u32,
    /// Calls the application has no permission for.
    pub denied_calls: BTreeSet<String>,
    /// How far a request's `timestamp` may be from the platform's clock, in milliseconds. Only the callbacks' six
    /// minutes are documented.
    pub clock_window_ms: i64,
}

impl JddjState {
    /// Life of a token: 360 days, as the documents' sample says.
    pub const TOKEN_MS: i64 = 31_104_000_000;

    /// Made from a source of its own, so that the other services' secrets stay as they were.
    pub(super) fn new(seed: u64, now_ms: i64, taxonomy: BTreeMap<String, Taxon>) -> Self {
        let mut draw = Draw::new(seed ^ 0x1DD_1DD1);
        Self {
            app: App {
                id: draw.hex(16),
                secret: draw.hex(16),
            },
            vender_id: format!("{}", 70_000 + draw.below(10_000)),
            token: draw.ticket().to_lowercase(),
            token_until: now_ms + Self::TOKEN_MS,
            next_token: None,
            shops: BTreeMap::new(),
            taxonomy,
            unlicensed: BTreeSet::new(),
            standard_upcs: BTreeMap::new(),
            off_shelf: BTreeSet::new(),
            deleted: BTreeMap::new(),
            base_prices: BTreeMap::new(),
            tickets: BTreeMap::new(),
            batches: BTreeMap::new(),
            batched_stock: false,
            encrypted_orders: false,
            small_pictures: BTreeSet::new(),
            picture_ms: 300_000,
            ticket_asks: 1,
            denied_calls: BTreeSet::new(),
            clock_window_ms: 360_000,
        }
    }

    /// Any store: what the merchant has is the same in all of them.
    pub(crate) fn any(&self) -> Option<&Shop> {
        self.shops.values().next()
    }

    /// The merchant's product of that code; an empty code finds nothing.
    pub(crate) fn by_code(&self, code: &str) -> Option<&Listing> {
        self.any()?.listing_by_code(code)
    }
}

impl World {
    /// The merchant authorizes the application anew: the fresh token, which works once the application has confirmed
    /// it; until then the old one does.
    pub fn jddj_new_token(&mut self) -> String {
        let token = self.draw().ticket().to_lowercase();
        self.jddj.next_token = Some(token.clone());
        token
    }

    /// The merchant takes a product off the shelf in all stores, or puts it back.
    pub fn jddj_set_shelf(&mut self, listing: &str, on: bool) {
        if on {
            self.jddj.off_shelf.remove(listing);
        } else {
            self.jddj.off_shelf.insert(listing.to_owned());
        }
    }

    /// A new store shows all the merchant has, with nothing in stock.
    pub(super) fn jddj_stocked_like_its_siblings(&self, mut shop: Shop) -> Shop {
        let Some(sibling) = self.jddj.any() else {
            return shop;
        };
        shop.groups.clone_from(&sibling.groups);
        for (id, listing) in &sibling.listings {
            shop.listings.insert(id.clone(), self.copy(listing));
        }
        shop
    }

    fn copy(&self, listing: &Listing) -> Listing {
        let mut copy = listing.clone();
        copy.sold_out = false;
        for spec in &mut copy.specs {
            spec.stock = 0;
            if let Some(price) = self.jddj.base_prices.get(&listing.id) {
                spec.price_fen = *price;
            }
        }
        copy
    }

    /// Groups are the merchant's: one that is there is given, another goes to all stores.
    pub(super) fn jddj_group(&self, name: &str, parent: Option<&str>) -> Option<String> {
        self.jddj
            .any()?
            .group_named(parent, name)
            .map(|group| group.id.clone())
    }

    /// Carries the groups of one store to the others.
    pub(super) fn jddj_share_groups(&mut self, shop: &str) {
        let Some(groups) = self.jddj.shops.get(shop).map(|held| held.groups.clone()) else {
            return;
        };
        self.jddj_set_groups(&groups);
    }

    /// Sets the merchant's groups.
    pub(crate) fn jddj_set_groups(&mut self, groups: &BTreeMap<String, Group>) {
        for held in self.jddj.shops.values_mut() {
            held.groups.clone_from(groups);
        }
    }

    /// A product made by hand. There are no specs: each becomes a product of its own with the spec in its title (F67).
    /// One whose code the merchant has already gets the store's price and stock. Gives the first one's id.
    pub(super) fn jddj_add_listing(&mut self, shop: &str, new: &NewListing) -> Result<String, WorldError> {
        if new.specs.is_empty() {
            return Err(WorldError::Refused("a listing needs at least one spec"));
        }
        let mut first = None;
        for one in new.by_spec() {
            let (code, spec) = (&one.code, &one.specs[0]);
            let (price_fen, stock) = (spec.price_fen, spec.stock);
            let known = self
                .shop(JD, shop)?
                .listing_by_code(code)
                .map(|held| held.id.clone());
            let id = if let Some(id) = known {
                self.change_listing(JD, shop, &id, |held| {
                    for spec in &mut held.specs {
                        (spec.price_fen, spec.stock) = (price_fen, stock);
                    }
                    Ok(())
                })?;
                id
            } else {
                let id = self.insert_listing(JD, shop, one)?;
                self.jddj.base_prices.insert(id.clone(), price_fen);
                self.jddj_share(shop, &id);
                id
            };
            first.get_or_insert(id);
        }
        first.ok_or(WorldError::Refused("a listing needs at least one spec"))
    }

    /// Carries what the stores share of a product from one store to the others.
    pub(super) fn jddj_share(&mut self, shop: &str, listing: &str) {
        let Some(held) = self
            .jddj
            .shops
            .get(shop)
            .and_then(|held| held.listings.get(listing))
        else {
            return;
        };
        let held = held.clone();
        let fresh = self.copy(&held);
        for (id, other) in &mut self.jddj.shops {
            if id == shop {
                continue;
            }
            let copy = other
                .listings
                .entry(listing.to_owned())
                .or_insert_with(|| fresh.clone());
            let own: Vec<(i64, i64)> = copy
                .specs
                .iter()
                .map(|spec| (spec.price_fen, spec.stock))
                .collect();
            let sold_out = copy.sold_out;
            copy.clone_from(&held);
            copy.sold_out = sold_out;
            for (spec, (price_fen, stock)) in copy.specs.iter_mut().zip(own) {
                (spec.price_fen, spec.stock) = (price_fen, stock);
            }
        }
    }

    /// Deletes a product for all stores.
    pub(crate) fn jddj_delete(&mut self, listing: &str) {
        for shop in self.jddj.shops.values_mut() {
            if let Some(held) = shop.listings.remove(listing) {
                self.jddj.deleted.insert(listing.to_owned(), held);
            }
        }
    }
}
