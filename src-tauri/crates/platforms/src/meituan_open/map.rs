//! From wire shapes to the port's words: stores, groups, listings.

use super::wire::{Category, Product, Shop};
use connect::platform::{RemoteGroup, RemoteListing, RemoteSku, RemoteStore};
use domain::listing::ReviewState;
use std::collections::HashSet;

/// What the port calls a product without specs.
pub(crate) const SINGLE_SPEC: &str = "单规格";

pub(crate) fn store(shop: Shop) -> RemoteStore {
    // open_level 1 takes orders, 3 rests; is_online 1 is on the shelf at all (fact sheet 7).
    let open = match (shop.open_level.0, shop.is_online.0) {
        (None, None) => None,
        (level, online) => Some(level.unwrap_or(1) == 1 && online.unwrap_or(1) == 1),
    };
    RemoteStore {
        remote_id: shop.app_poi_code.0,
        name: shop.name.0,
        open,
    }
}

/// Groups with parents before children. Meituan shows a code only where somebody gave one; the path stands in for it.
pub(crate) fn groups(categories: Vec<Category>) -> Vec<RemoteGroup> {
    let mut groups = Vec::new();
    for first in categories {
        let parent = RemoteGroup {
            remote_id: group_id(&first.code.0, &[&first.name.0]),
            name: first.name.0,
            parent: None,
            sequence: first.sequence.or_zero(),
        };
        let children = first.children.0.into_iter().map(|child| RemoteGroup {
            remote_id: group_id(&child.code.0, &[&parent.name, &child.name.0]),
            name: child.name.0,
            parent: Some(parent.remote_id.clone()),
            sequence: child.sequence.or_zero(),
        });
        let children: Vec<_> = children.collect();
        groups.push(parent);
        groups.extend(children);
    }
    groups
}

/// A group's id: its code, else its path of names.
pub(crate) fn group_id(code: &str, path: &[&str]) -> String {
    if code.is_empty() {
        path.join("/")
    } else {
        code.to_owned()
    }
}

pub(crate) fn listings(products: Vec<Product>) -> Vec<RemoteListing> {
    let mut taken = HashSet::new();
    products
        .into_iter()
        .map(|product| {
            let mut listing = listing(product);
            listing.remote_id = unique(&listing.remote_id, &mut taken);
            listing
        })
        .collect()
}

pub(crate) fn listing(product: Product) -> RemoteListing {
    let outer_code = product
        .app_spu_code
        .filled()
        .or(product.app_food_code.filled())
        .unwrap_or_default()
        .to_owned();
    let remote_id = match (id(&product.mt_spu_id.0), outer_code.as_str()) {
        (Some(own), _) => own.to_owned(),
        // Made by hand in Meituan's own back office, without any code: creation time and name tell them apart.
        (None, "") => format!("~{}~{}", product.ctime.0, product.name.0),
        (None, code) => code.to_owned(),
    };
    RemoteListing {
        remote_id,
        outer_code,
        group_path: [&product.category_name, &product.secondary_category_name]
            .into_iter()
            .filter_map(|name| name.filled())
            .map(str::to_owned)
            .collect(),
        category_id: id(&product.tag_id.0).unwrap_or_default().to_owned(),
        pictures: product
            .picture
            .0
            .split(',')
            .map(str::trim)
            .filter(|picture| !picture.is_empty())
            .map(str::to_owned)
            .collect(),
        // 0 or absent is on sale, 1 is off (fact sheet 9.1).
        on_sale: product.is_sold_out.or_zero() == 0,
        // The numbers of audit_status are not documented anywhere public, so nothing is claimed from them.
        review: ReviewState::None,
        description: Some(product.description.0.clone()),
        skus: skus(&product),
        name: product.name.0,
    }
}

fn skus(product: &Product) -> Vec<RemoteSku> {
    let mut taken = HashSet::new();
    let mut skus: Vec<RemoteSku> = product
        .skus
        .0
        .iter()
        .enumerate()
        .map(|(at, sku)| {
            let own = id(&sku.mt_sku_id.0).or(sku.sku_id.filled());
            let remote_id = own.map_or_else(|| format!("#{}", at + 1), str::to_owned);
            RemoteSku {
                remote_id: unique(&remote_id, &mut taken),
                outer_sku_code: sku.sku_id.0.clone(),
                spec_name: sku.spec.0.clone(),
                barcode: sku.upc.0.clone(),
                price: sku.price.0,
                stock: sku.stock.0,
                // What one piece costs in boxes: their number times the price of one.
                packing_fee: sku.box_price.0.map(|price| price.times(sku.box_num.or_zero())),
            }
        })
        .collect();
    if skus.is_empty() {
        skus.push(RemoteSku {
            remote_id: "#1".to_owned(),
            barcode: product.upc_code.0.clone(),
            price: product.price.0,
            ..RemoteSku::default()
        });
    }
    if let [only] = skus.as_mut_slice()
        && only.spec_name.is_empty()
    {
        SINGLE_SPEC.clone_into(&mut only.spec_name);
    }
    skus
}

/// Meituan writes 0 where it has no id.
fn id(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty() && *text != "0")
}

/// Two things with one id (F25) stay two.
fn unique(id: &str, taken: &mut HashSet<String>) -> String {
    let mut candidate = id.to_owned();
    let mut ordinal = 2;
    while !taken.insert(candidate.clone()) {
        candidate = format!("{id}#{ordinal}");
        ordinal += 1;
    }
    candidate
}
