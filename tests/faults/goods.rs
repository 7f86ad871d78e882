//! What the platforms and the ERP hold before a sync: goods without codes, goods of nobody, and what is still to be made.

use domain::id::StoreId;
use domain::product::SINGLE_SPEC;
use sim::PlatformId;
use sim::world::{ErpItem, NewListing, NewSpec};
use std::path::PathBuf;
use std::sync::OnceLock;
use suites::{BRANCH, Counter, EBAI, NOON, SHANGOU};

/// Names and barcodes of a product's specs.
type Specs = &'static [(&'static str, &'static str)];

pub(crate) const DESCRIPTION: &str = "店长手写的说明";
pub(crate) const WEIGHT: i64 = 500;
/// Made by hand on the platform, without our codes: name, specs with barcodes.
pub(crate) const UNCODED: [(&str, Specs); 2] = [
    ("现切水果拼盘", &[(SINGLE_SPEC, "")]),
    (
        "望江酸奶",
        &[("原味 200g", "6970000000017"), ("草莓 200g", "6970000000024")],
    ),
];
/// Nobody's business.
pub(crate) const STRANGER: &str = "店员自用袋子";
/// Only in the library: name, category, specs with barcodes.
pub(crate) const NEW: [(&str, &str, Specs); 3] = [
    ("北岭橙汁 1L", "进口专区/果汁", &[(SINGLE_SPEC, "6970000000031")]),
    (
        "东港坚果",
        "进口专区/坚果",
        &[("100g", "6970000000048"), ("250g", "6970000000055")],
    ),
    ("晚风小面包 8枚", "饮料零食", &[(SINGLE_SPEC, "6970000000062")]),
];

/// Both stores: platform, its id there, our id.
pub(crate) fn shops(counter: &Counter) -> [(PlatformId, &'static str, StoreId); 2] {
    [
        (PlatformId::MeituanShangou, SHANGOU, counter.shangou),
        (PlatformId::Ebai, EBAI, counter.ebai),
    ]
}

pub(crate) fn item_code(product: usize, sku: usize) -> String {
    format!("10223111500020{product}{sku}")
}

/// A code of thirteen digits with its check digit.
pub(crate) fn gtin(number: u64) -> String {
    let body = format!("697{number:09}");
    let sum: u32 = body
        .bytes()
        .zip([1, 3].into_iter().cycle())
        .map(|(b, w)| u32::from(b - b'0') * w)
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

pub(crate) fn furnish(counter: &Counter) {
    let leaf = {
        let world = counter.world();
        let is_other = |taxon: &&sim::world::Taxon| taxon.name == "其他商品" && taxon.depth == 3;
        let found = world.meituan.taxonomy.values().find(is_other).unwrap();
        found.id.clone()
    };
    let mut world = counter.world();
    for (platform, shop, _) in shops(counter) {
        let group = world
            .shop(platform, shop)
            .unwrap()
            .groups
            .keys()
            .next()
            .unwrap()
            .clone();
        let ids: Vec<String> = world
            .shop(platform, shop)
            .unwrap()
            .listings
            .keys()
            .cloned()
            .collect();
        for id in ids {
            let told = world.change_listing(platform, shop, &id, |listing| {
                DESCRIPTION.clone_into(&mut listing.description);
                listing.category_id = Some(leaf.clone());
                Ok(())
            });
            told.unwrap();
        }
        let stranger: (&str, Specs) = (STRANGER, &[(SINGLE_SPEC, "")]);
        for (name, specs) in UNCODED.into_iter().chain([stranger]) {
            let new = NewListing {
                name: name.to_owned(),
                group_ids: vec![group.clone()],
                category_id: Some(leaf.clone()),
                specs: specs.iter().map(spec).collect(),
                pictures: vec!["http://127.0.0.1:9/pictures/2.jpg".to_owned()],
                description: DESCRIPTION.to_owned(),
                ..NewListing::default()
            };
            world.add_listing(platform, shop, new).unwrap();
        }
    }
    let uncoded = UNCODED.iter().map(|(name, specs)| (*name, specs.len()));
    let new = NEW.iter().map(|(name, _, specs)| (*name, specs.len()));
    for (product, (name, specs)) in uncoded.chain(new).enumerate() {
        for at in 0..specs {
            erp_item(&mut world, &item_code(product, at), name);
        }
    }
    erp_item(&mut world, &item_code(9, 9), "谷田纯牛奶");
}

fn erp_item(world: &mut sim::World, code: &str, name: &str) {
    let item = ErpItem {
        num: code.to_owned(),
        code: code.to_owned(),
        name: name.to_owned(),
        barcode: String::new(),
        unit: "份".to_owned(),
        price_fen: 900,
        deleted: false,
        updated_at: NOON,
    };
    world.erp_add_item(item).unwrap();
    world.erp_set_stock(BRANCH, code, 30_000).unwrap();
}

fn spec((name, upc): &(&str, &str)) -> NewSpec {
    NewSpec {
        code: String::new(),
        name: (*name).to_owned(),
        upc: (*upc).to_owned(),
        price_fen: 100,
        stock: 20,
        weight_g: WEIGHT,
    }
}

/// Two square pictures, drawn once in a process.
pub(crate) fn picture_files(counter: &Counter) -> Vec<PathBuf> {
    static DRAWN: OnceLock<[Vec<u8>; 2]> = OnceLock::new();
    let drawn = DRAWN.get_or_init(|| {
        [40, 200].map(|shade: u8| {
            let picture = image::RgbImage::from_fn(800, 800, |x, y| {
                image::Rgb([shade, u8::try_from(x / 4).unwrap(), u8::try_from(y / 4).unwrap()])
            });
            let mut bytes = std::io::Cursor::new(Vec::new());
            picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
            bytes.into_inner()
        })
    });
    let folder = counter.folder.path();
    let write = |(at, bytes): (usize, &Vec<u8>)| {
        let path = folder.join(format!("picture-{at}.jpg"));
        std::fs::write(&path, bytes).unwrap();
        path
    };
    drawn.iter().enumerate().map(write).collect()
}
