//! Whether what was written stands there.

use super::outbox::ListingTask;
use connect::platform::{RemoteListing, RemoteSku, SkuWrite};
use domain::code::barcode_key;
use domain::text::normalized;
use std::collections::BTreeSet;

/// The SKU of a listing that a code or id names; the only one where there is one.
pub(super) fn find_sku<'r>(
    listing: &'r RemoteListing,
    remote_id: Option<&str>,
    code: &str,
) -> Option<&'r RemoteSku> {
    let by_id = remote_id.and_then(|id| listing.skus.iter().find(|sku| sku.remote_id == id));
    let by_code = || {
        listing
            .skus
            .iter()
            .find(|sku| !code.is_empty() && sku.outer_sku_code == code)
    };
    by_id.or_else(by_code).or(match listing.skus.as_slice() {
        [only] if code.is_empty() || only.outer_sku_code.is_empty() => Some(only),
        _ => None,
    })
}

/// The fields that do not stand there as written. Pictures are addresses of the platform's own making and 类目 may be
/// chosen by the platform: neither is compared.
pub(super) fn differences(task: &ListingTask, there: &RemoteListing) -> BTreeSet<&'static str> {
    let write = &task.write;
    let mut different = BTreeSet::new();
    let same = |a: &str, b: &str| normalized(a) == normalized(b);
    if write.name.as_ref().is_some_and(|name| !same(name, &there.name)) {
        different.insert("name");
    }
    if let Some(path) = write.group_path.as_ref().filter(|path| !path.is_empty()) {
        let equal = path.len() == there.group_path.len()
            && path.iter().zip(&there.group_path).all(|(a, b)| same(a, b));
        if !equal {
            different.insert("group");
        }
    }
    if write.on_sale.is_some_and(|on| on != there.on_sale) {
        different.insert("on_sale");
    }
    if let (Some(ours), Some(theirs)) = (&write.description, &there.description)
        && !same(ours, theirs)
    {
        different.insert("description");
    }
    for sku in &write.skus {
        match find_sku(there, sku.remote_id.as_deref(), &sku.outer_sku_code) {
            None => {
                different.insert("whole");
            }
            Some(held) => sku_differences(sku, held, &mut different),
        }
    }
    different
}

fn sku_differences(sku: &SkuWrite, held: &RemoteSku, different: &mut BTreeSet<&'static str>) {
    let same_barcode = |barcode: &str| match (barcode_key(barcode), barcode_key(&held.barcode)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => true,
        // A text that is no barcode may be kept as it is or not at all.
        _ => barcode.trim() == held.barcode.trim(),
    };
    if sku.barcode.as_ref().is_some_and(|barcode| !same_barcode(barcode)) {
        different.insert("barcode");
    }
    if sku
        .spec_name
        .as_ref()
        .is_some_and(|name| normalized(name) != normalized(&held.spec_name))
    {
        different.insert("spec_name");
    }
    if !sku.outer_sku_code.is_empty() && held.outer_sku_code != sku.outer_sku_code {
        different.insert("outer_sku_code");
    }
    if sku.price.is_some() && sku.price != held.price {
        different.insert("price");
    }
    if sku.packing_fee.is_some() && held.packing_fee.is_some() && sku.packing_fee != held.packing_fee {
        different.insert("packing_fee");
    }
}

#[cfg(test)]
mod tests {
    use super::differences;
    use crate::sync::outbox::ListingTask;
    use connect::platform::{ListingWrite, RemoteListing, RemoteSku, SkuWrite};
    use domain::money::Money;

    fn pair() -> (ListingTask, RemoteListing) {
        let task = ListingTask {
            write: ListingWrite {
                outer_code: "A1".into(),
                name: Some("可乐 500ml".into()),
                group_path: Some(vec!["饮料".into()]),
                on_sale: Some(true),
                skus: vec![SkuWrite {
                    outer_sku_code: "A1".into(),
                    barcode: Some("6901234567892".into()),
                    price: Some(Money(350)),
                    ..SkuWrite::default()
                }],
                ..ListingWrite::default()
            },
            ..ListingTask::default()
        };
        let there = RemoteListing {
            remote_id: "9".into(),
            outer_code: "A1".into(),
            name: "可乐　500ml".into(),
            group_path: vec!["饮料".into()],
            on_sale: true,
            skus: vec![RemoteSku {
                remote_id: "91".into(),
                outer_sku_code: "A1".into(),
                barcode: "6901234567892".into(),
                price: Some(Money(350)),
                ..RemoteSku::default()
            }],
            ..RemoteListing::default()
        };
        (task, there)
    }

    #[test]
    fn what_normalising_makes_equal_is_equal() {
        let (task, there) = pair();
        assert!(differences(&task, &there).is_empty());
    }

    #[test]
    fn a_blanked_barcode_and_another_price_are_seen() {
        let (task, mut there) = pair();
        there.skus[0].barcode.clear();
        there.skus[0].price = Some(Money(351));
        let found: Vec<&str> = differences(&task, &there).into_iter().collect();
        assert_eq!(found, ["barcode", "price"]);
    }

    #[test]
    fn a_missing_spec_is_seen() {
        let (mut task, there) = pair();
        task.write.skus.push(SkuWrite {
            outer_sku_code: "A2".into(),
            ..SkuWrite::default()
        });
        assert!(differences(&task, &there).contains("whole"));
    }
}
