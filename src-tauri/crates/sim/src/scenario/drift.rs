//! How platform listings come to differ from the library, each way with a name, a share and a list of who is affected.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::draw::Draw;
use crate::world::PlatformId;

/// One way in which a platform differs from the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftKind {
    /// The chain's name in front of the product name.
    BrandPrefix,
    /// A bracket text such as 【整箱】 in front.
    Bracket,
    /// Digits and Latin letters written full-width.
    FullWidth,
    /// `×` for `*`, or a space left out.
    Signs,
    /// The listing has no barcode.
    NoBarcode,
    /// Made by an older system: no codes of ours at all (F17).
    NoCodes,
    /// A second listing of the same name and spec with codes of another system and no barcode (F01b).
    Twin,
    /// Made by hand under a name of its own, without codes and barcode: only a person can bind it (F02b).
    HandMade,
    /// It sits in another group than its library category.
    OtherGroup,
    /// Another price.
    Price,
    /// Another stock.
    Stock,
    /// No such product in the library.
    PlatformOnly,
    /// In the library alone: syncing will create it.
    LibraryOnly,
    /// In the library alone because another product with the same barcode holds the place (F22, F27).
    SharedBarcode,
    /// Stands in the ERP under another number than the library's code, or under none of it (F01d, F19a).
    ErpNumber,
}

/// Shares in a thousand listings. What follows from the library itself (shared barcodes, what a shop lists) has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are named after the kinds")]
pub struct DriftShares {
    pub brand_prefix: u32,
    pub bracket: u32,
    pub full_width: u32,
    pub signs: u32,
    pub no_barcode: u32,
    pub no_codes: u32,
    pub twin: u32,
    pub hand_made: u32,
    pub other_group: u32,
    pub price: u32,
    pub stock: u32,
    pub platform_only: u32,
}

impl Default for DriftShares {
    fn default() -> Self {
        Self {
            brand_prefix: 30,
            bracket: 35,
            full_width: 25,
            signs: 40,
            no_barcode: 50,
            no_codes: 70,
            twin: 10,
            hand_made: 6,
            other_group: 40,
            price: 60,
            stock: 250,
            platform_only: 30,
        }
    }
}

/// One thing that drifted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affected {
    /// The platform; `None` for the ERP.
    pub platform: Option<PlatformId>,
    /// Remote shop id; empty for the ERP.
    pub shop: String,
    /// The platform's listing id; empty when there is no listing.
    pub listing: String,
    /// Row of the library, counted from 0; `None` for goods the library does not know.
    pub row: Option<usize>,
    /// What the library says.
    pub library: String,
    /// What the platform (or the ERP) says.
    pub there: String,
}

/// Everything that was changed while a world was built.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DriftReport {
    /// Who is affected, by kind.
    pub kinds: BTreeMap<DriftKind, Vec<Affected>>,
    /// Listings in all shops together.
    pub listings: usize,
}

impl DriftReport {
    /// Who is affected by one kind.
    pub fn of(&self, kind: DriftKind) -> &[Affected] {
        self.kinds.get(&kind).map_or(&[], Vec::as_slice)
    }

    pub(super) fn note(&mut self, kind: DriftKind, affected: Affected) {
        self.kinds.entry(kind).or_default().push(affected);
    }
}

/// What happens to one listing beside its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Identity {
    Kept,
    NoBarcode,
    NoCodes,
    Twin,
    HandMade,
}

/// Draws at most one change of identity for a listing.
pub(super) fn identity(shares: &DriftShares, draw: &mut Draw) -> Identity {
    let mut at = u32::try_from(draw.below(1000)).unwrap_or(0);
    for (share, identity) in [
        (shares.no_barcode, Identity::NoBarcode),
        (shares.no_codes, Identity::NoCodes),
        (shares.twin, Identity::Twin),
        (shares.hand_made, Identity::HandMade),
    ] {
        if at < share {
            return identity;
        }
        at -= share;
    }
    Identity::Kept
}

/// Draws at most one change of name; `None` when the name stays, also because the drawn change does not apply to it.
pub(super) fn renamed(
    name: &str,
    chain: &str,
    shares: &DriftShares,
    draw: &mut Draw,
) -> Option<(DriftKind, String)> {
    let mut at = u32::try_from(draw.below(1000)).unwrap_or(0);
    let pick = usize::try_from(draw.below(4)).unwrap_or(0);
    for (share, kind) in [
        (shares.brand_prefix, DriftKind::BrandPrefix),
        (shares.bracket, DriftKind::Bracket),
        (shares.full_width, DriftKind::FullWidth),
        (shares.signs, DriftKind::Signs),
    ] {
        if at < share {
            let new = match kind {
                DriftKind::BrandPrefix => format!("{chain} {name}"),
                DriftKind::Bracket => format!(
                    "{}{name}",
                    ["【整箱】", "【新品】", "【促销】", "【当日达】"][pick % 4]
                ),
                DriftKind::FullWidth => full_width(name),
                _ => signs(name),
            };
            return (new != name).then_some((kind, new));
        }
        at -= share;
    }
    None
}

fn full_width(name: &str) -> String {
    name.chars()
        .map(|sign| match sign {
            '0'..='9' | 'A'..='Z' | 'a'..='z' => char::from_u32(u32::from(sign) + 0xfee0).unwrap_or(sign),
            other => other,
        })
        .collect()
}

fn signs(name: &str) -> String {
    if name.contains('*') {
        name.replace('*', "×")
    } else {
        name.replacen(' ', "", 1)
    }
}

#[cfg(test)]
mod tests {
    use super::{DriftKind, DriftShares, renamed};
    use crate::draw::Draw;

    #[test]
    fn a_change_that_does_not_apply_is_not_reported() {
        let shares = DriftShares {
            brand_prefix: 0,
            bracket: 0,
            full_width: 1000,
            signs: 0,
            ..DriftShares::default()
        };
        let mut draw = Draw::new(1);
        assert_eq!(renamed("本地小青菜", "禾记便利", &shares, &mut draw), None);
        let (kind, name) = renamed("山溪水 380ml", "禾记便利", &shares, &mut draw).unwrap();
        assert_eq!((kind, name.as_str()), (DriftKind::FullWidth, "山溪水 ３８０ｍｌ"));
    }
}
