//! Acts of the platform side on shops, groups and listings: what a merchant or the platform does in its own console.

use std::collections::BTreeMap;

use super::shop::{Authorization, Group, Listing, ListingSpec, NewListing, Picture, SINGLE_SPEC, Shop};
use super::{PlatformId, World};
use crate::error::WorldError;

const GROUP_IDS: u64 = 16_055_000_000;
const LISTING_IDS: u64 = 15_851_261_600_000_000;
const SPEC_IDS: u64 = 25_900_000_000_000_000;

impl World {
    /// Opens a shop under a chosen remote id.
    pub fn add_store(&mut self, platform: PlatformId, remote_id: &str, name: &str) -> Result<(), WorldError> {
        if self.shops(platform).contains_key(remote_id) {
            return Err(WorldError::Exists {
                what: "shop",
                id: remote_id.to_owned(),
            });
        }
        let shop = Shop {
            remote_id: remote_id.to_owned(),
            own_code: remote_id.to_owned(),
            name: name.to_owned(),
            open: true,
            authorization: Authorization::Valid,
            keeps_barcodes: true,
            groups: BTreeMap::new(),
            listings: BTreeMap::new(),
        };
        let shop = if platform == PlatformId::Jddj {
            self.jddj_stocked_like_its_siblings(shop)
        } else {
            shop
        };
        self.shops_mut(platform).insert(remote_id.to_owned(), shop);
        if platform == PlatformId::MeituanWaimai {
            self.mtop.grant(remote_id);
        }
        Ok(())
    }

    /// Renames the shop; its id and all goods stay (F01f must not follow from this).
    pub fn rename_store(&mut self, platform: PlatformId, shop: &str, name: &str) -> Result<(), WorldError> {
        name.clone_into(&mut self.shop_mut(platform, shop)?.name);
        Ok(())
    }

    /// Sets what the platform thinks of our authorization for the shop (F32a, F43, F49).
    pub fn set_authorization(
        &mut self,
        platform: PlatformId,
        shop: &str,
        authorization: Authorization,
    ) -> Result<(), WorldError> {
        self.shop_mut(platform, shop)?.authorization = authorization;
        Ok(())
    }

    /// The shop's 美团 access token is dead from now on; its refresh token still works.
    pub fn meituan_token_expire(&mut self, shop: &str) -> Result<(), WorldError> {
        let ended = self.now_ms() - 1;
        let pair = self
            .meituan
            .tokens
            .get_mut(shop)
            .ok_or(WorldError::Refused("the shop has no token"))?;
        pair.access_until = ended;
        Ok(())
    }

    /// The merchant authorizes the ISV app for a 美团 shop: its authorization is good again, and the returned code can
    /// be exchanged for tokens once.
    pub fn meituan_issue_code(&mut self, shop: &str) -> Result<String, WorldError> {
        self.set_authorization(PlatformId::MeituanShangou, shop, Authorization::Valid)?;
        let code = self.draw().hex(12);
        self.meituan.codes.insert(code.clone(), shop.to_owned());
        Ok(code)
    }

    /// Makes a group by hand and returns the platform's id for it. `parent` is the id of a first-level group; on 饿百
    /// its goods move into the new child (F57b), elsewhere they stay. 美团外卖 has one level: every group is of the first.
    pub fn add_group(
        &mut self,
        platform: PlatformId,
        shop: &str,
        name: &str,
        parent: Option<&str>,
    ) -> Result<String, WorldError> {
        let parent = parent.filter(|_| platform != PlatformId::MeituanWaimai);
        if platform == PlatformId::Jddj
            && let Some(known) = self.jddj_group(name, parent)
        {
            return Ok(known);
        }
        let held = self.shop(platform, shop)?;
        if let Some(parent) = parent {
            let above = held
                .groups
                .get(parent)
                .ok_or_else(|| WorldError::UnknownGroup(parent.to_owned()))?;
            if above.parent.is_some() {
                return Err(WorldError::Refused("groups have two levels at most"));
            }
        }
        let sequence = i64::try_from(held.groups.len())
            .unwrap_or(i64::MAX)
            .saturating_add(1);
        let id = self.fresh_id(GROUP_IDS);
        let group = Group {
            id: id.clone(),
            code: String::new(),
            name: name.to_owned(),
            sequence,
            parent: parent.map(str::to_owned),
        };
        let held = self.shop_mut(platform, shop)?;
        held.groups.insert(id.clone(), group);
        if let (PlatformId::Ebai, Some(parent)) = (platform, parent) {
            for listing in held.listings.values_mut() {
                for group in listing.group_ids.iter_mut().filter(|group| *group == parent) {
                    group.clone_from(&id);
                }
            }
        }
        if platform == PlatformId::Jddj {
            self.jddj_share_groups(shop);
        }
        Ok(id)
    }

    /// Renames a group; the platform keeps its id (F45).
    pub fn rename_group(
        &mut self,
        platform: PlatformId,
        shop: &str,
        group: &str,
        name: &str,
    ) -> Result<(), WorldError> {
        let held = self
            .shop_mut(platform, shop)?
            .groups
            .get_mut(group)
            .ok_or_else(|| WorldError::UnknownGroup(group.to_owned()))?;
        name.clone_into(&mut held.name);
        if platform == PlatformId::Jddj {
            self.jddj_share_groups(shop);
        }
        Ok(())
    }

    /// Puts a listing into the shop as the merchant's console would, without the rules API calls are held to, and
    /// returns the platform's own id for it.
    pub fn add_listing(
        &mut self,
        platform: PlatformId,
        shop: &str,
        new: NewListing,
    ) -> Result<String, WorldError> {
        if platform == PlatformId::Jddj {
            return self.jddj_add_listing(shop, &new);
        }
        if platform == PlatformId::DouyinLaike {
            return self.laike_add_listing(shop, &new);
        }
        self.insert_listing(platform, shop, new)
    }

    pub(super) fn insert_listing(
        &mut self,
        platform: PlatformId,
        shop: &str,
        new: NewListing,
    ) -> Result<String, WorldError> {
        let held = self.shop(platform, shop)?;
        if let Some(missing) = new.group_ids.iter().find(|id| !held.groups.contains_key(*id)) {
            return Err(WorldError::UnknownGroup(missing.clone()));
        }
        if new.specs.is_empty() {
            return Err(WorldError::Refused("a listing needs at least one spec"));
        }
        let id = self.fresh_id(LISTING_IDS);
        let multi_spec = new.specs.len() > 1 || new.specs.iter().any(|spec| spec.name != SINGLE_SPEC);
        let mut specs = Vec::with_capacity(new.specs.len());
        for spec in new.specs {
            // 饿百 has one code field for a single-spec product, so both readings of it must agree.
            let code = if platform == PlatformId::Ebai && !multi_spec && spec.code.is_empty() {
                new.code.clone()
            } else {
                spec.code
            };
            specs.push(ListingSpec {
                id: self.fresh_spec_id(),
                code,
                name: spec.name,
                upc: spec.upc,
                price_fen: spec.price_fen,
                stock: spec.stock,
                weight_g: spec.weight_g,
            });
        }
        let now = self.now_ms();
        let code = match specs.first() {
            Some(first) if platform == PlatformId::Ebai && !multi_spec => first.code.clone(),
            _ => new.code,
        };
        let listing = Listing {
            id: id.clone(),
            code,
            name: new.name,
            group_ids: new.group_ids,
            category_id: new.category_id,
            specs,
            pictures: new
                .pictures
                .into_iter()
                .map(|url| Picture {
                    url,
                    in_review_until: None,
                })
                .collect(),
            sold_out: new.sold_out,
            description: new.description,
            unit: if new.unit.is_empty() {
                "份".to_owned()
            } else {
                new.unit
            },
            multi_spec,
            created_at: now,
            updated_at: now,
        };
        self.shop_mut(platform, shop)?
            .listings
            .insert(id.clone(), listing);
        Ok(id)
    }

    /// Renames the product on the platform (F01a); goods already ordered keep the old name on their order.
    pub fn rename_listing(
        &mut self,
        platform: PlatformId,
        shop: &str,
        listing: &str,
        name: &str,
    ) -> Result<(), WorldError> {
        self.change_listing(platform, shop, listing, |held| {
            name.clone_into(&mut held.name);
            Ok(())
        })
    }

    /// Renames one spec on the platform (F01a, F01c).
    pub fn rename_spec(
        &mut self,
        platform: PlatformId,
        shop: &str,
        listing: &str,
        spec: &str,
        name: &str,
    ) -> Result<(), WorldError> {
        self.change_spec(platform, shop, listing, spec, |held| {
            name.clone_into(&mut held.name);
        })
    }

    /// Gives a spec another 第三方SKU编码, as the platform does when 店内码 or specs are edited there (F02a). A
    /// single-spec product on 饿百 has one code for both, and so has every product on 京东到家.
    pub fn change_sku_code(
        &mut self,
        platform: PlatformId,
        shop: &str,
        listing: &str,
        spec: &str,
        code: &str,
    ) -> Result<(), WorldError> {
        self.change_listing(platform, shop, listing, |held| {
            let one_code = platform == PlatformId::Jddj || (platform == PlatformId::Ebai && !held.multi_spec);
            let found = held
                .specs
                .iter_mut()
                .find(|candidate| candidate.id == spec)
                .ok_or_else(|| WorldError::UnknownSpec(spec.to_owned()))?;
            code.clone_into(&mut found.code);
            if one_code {
                code.clone_into(&mut held.code);
            }
            Ok(())
        })
    }

    /// Sets a spec's barcode as the console would, without any check.
    pub fn change_barcode(
        &mut self,
        platform: PlatformId,
        shop: &str,
        listing: &str,
        spec: &str,
        upc: &str,
    ) -> Result<(), WorldError> {
        self.change_spec(platform, shop, listing, spec, |held| {
            upc.clone_into(&mut held.upc);
        })
    }

    /// Sets a spec's price in fen and its stock as the console would.
    pub fn change_price_and_stock(
        &mut self,
        platform: PlatformId,
        shop: &str,
        listing: &str,
        spec: &str,
        price_fen: i64,
        stock: i64,
    ) -> Result<(), WorldError> {
        self.change_spec(platform, shop, listing, spec, |held| {
            held.price_fen = price_fen;
            held.stock = stock;
        })
    }

    /// Makes a second product of the same name and specs with ids of its own and without our codes (F01b), and
    /// returns its id.
    pub fn duplicate_listing(
        &mut self,
        platform: PlatformId,
        shop: &str,
        listing: &str,
    ) -> Result<String, WorldError> {
        let mut copy = self.listing(platform, shop, listing)?.clone();
        copy.id = self.fresh_id(LISTING_IDS);
        copy.code = String::new();
        for spec in &mut copy.specs {
            spec.id = self.fresh_spec_id();
            spec.code = String::new();
            spec.upc = String::new();
        }
        let id = copy.id.clone();
        self.shop_mut(platform, shop)?.listings.insert(id.clone(), copy);
        if platform == PlatformId::DouyinLaike {
            self.laike_pack_like(listing, &id);
        }
        if platform == PlatformId::Jddj {
            self.jddj_share(shop, &id);
        }
        Ok(id)
    }

    /// Deletes the product on the platform; on 抖店 it waits in the recycle bin from then on (F71).
    pub fn delete_listing(
        &mut self,
        platform: PlatformId,
        shop: &str,
        listing: &str,
    ) -> Result<(), WorldError> {
        let removed = self.shop_mut(platform, shop)?.listings.remove(listing);
        let removed = removed.ok_or_else(|| WorldError::UnknownListing(listing.to_owned()))?;
        if platform == PlatformId::Jddj {
            self.jddj.deleted.insert(removed.id.clone(), removed.clone());
            self.jddj_delete(listing);
        }
        if platform == PlatformId::Doudian {
            self.doudian
                .recycled
                .insert(removed.id.clone(), (shop.to_owned(), removed));
        }
        Ok(())
    }

    /// One listing by the platform's own id.
    pub fn listing(&self, platform: PlatformId, shop: &str, listing: &str) -> Result<&Listing, WorldError> {
        self.shop(platform, shop)?
            .listings
            .get(listing)
            .ok_or_else(|| WorldError::UnknownListing(listing.to_owned()))
    }

    /// Changes one listing in place and stamps the time.
    pub fn change_listing<T>(
        &mut self,
        platform: PlatformId,
        shop: &str,
        listing: &str,
        change: impl FnOnce(&mut Listing) -> Result<T, WorldError>,
    ) -> Result<T, WorldError> {
        let now = self.now_ms();
        let held = self
            .shop_mut(platform, shop)?
            .listings
            .get_mut(listing)
            .ok_or_else(|| WorldError::UnknownListing(listing.to_owned()))?;
        let result = change(held)?;
        held.updated_at = now;
        if platform == PlatformId::Jddj {
            self.jddj_share(shop, listing);
        }
        Ok(result)
    }

    fn change_spec(
        &mut self,
        platform: PlatformId,
        shop: &str,
        listing: &str,
        spec: &str,
        change: impl FnOnce(&mut ListingSpec),
    ) -> Result<(), WorldError> {
        self.change_listing(platform, shop, listing, |held| {
            let found = held
                .specs
                .iter_mut()
                .find(|candidate| candidate.id == spec)
                .ok_or_else(|| WorldError::UnknownSpec(spec.to_owned()))?;
            change(found);
            Ok(())
        })
    }

    pub(crate) fn fresh_spec_id(&mut self) -> String {
        self.fresh_id(SPEC_IDS)
    }

    pub(crate) fn fresh_group_id(&mut self) -> String {
        self.fresh_id(GROUP_IDS)
    }
}
