//! 规格编码: empty, wrong, unclean, shared (F23, F39, F31b, F27, F44, F06).

use super::context::Context;
use crate::code::{self, Barcode};
use crate::finding::{EditField, Finding, Remedy, Severity};
use crate::id::SkuId;
use crate::text;
use crate::wanted::Wanted;
use std::collections::HashMap;

fn skip(context: &Context<'_>, wanted: &Wanted<'_>) -> Remedy {
    Remedy::SkipBarcode {
        store: context.input.store.id,
        sku: wanted.sku.id,
    }
}

fn edit(wanted: &Wanted<'_>) -> Remedy {
    Remedy::EditField {
        sku: wanted.sku.id,
        field: EditField::Barcode,
    }
}

fn set(wanted: &Wanted<'_>, value: String) -> Remedy {
    Remedy::SetField {
        sku: wanted.sku.id,
        field: EditField::Barcode,
        value,
    }
}

pub(super) fn validity(context: &Context<'_>, out: &mut Vec<Finding>) {
    let rules = context.input.rules;
    for wanted in context
        .on()
        .filter(|w| w.sends_barcode(&context.input.store.switches, rules))
    {
        let barcode = &wanted.sku.barcode;
        let about = |id, severity| context.about(id, severity, wanted).with("barcode", barcode);
        match code::barcode(barcode) {
            Barcode::Gtin => {}
            Barcode::Empty => out.extend(
                rules
                    .barcode_missing
                    .map(|s| about("F23", s).remedy(edit(wanted)).remedy(skip(context, wanted))),
            ),
            Barcode::Restricted => out.extend(
                rules
                    .barcode_invalid
                    .map(|_| about("barcode_in_store", Severity::Hint).remedy(skip(context, wanted))),
            ),
            Barcode::Unclean { clean } => {
                let hidden = text::hidden_characters(barcode);
                out.push(
                    about("F31b", Severity::Warning)
                        .with("field", "barcode")
                        .with("clean", &clean)
                        .with("hidden", code_points(&hidden))
                        .remedy(set(wanted, clean)),
                );
            }
            Barcode::WrongCheckDigit { right } => out.extend(rules.barcode_invalid.map(|s| {
                about("F39", s)
                    .with("right", &right)
                    .remedy(set(wanted, right))
                    .remedy(edit(wanted))
                    .remedy(skip(context, wanted))
            })),
            Barcode::WrongLength | Barcode::NotDigits => out.extend(rules.barcode_invalid.map(|s| {
                about("F39", s)
                    .with("right", "")
                    .remedy(edit(wanted))
                    .remedy(skip(context, wanted))
            })),
        }
    }
}

/// Hidden characters by their code points: `U+200B`.
pub(super) fn code_points(hidden: &[(usize, char)]) -> String {
    hidden
        .iter()
        .map(|(_, c)| format!("U+{:04X}", u32::from(*c)))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Two SKUs of ours with one barcode: inside a product, inside what this store gets, inside the library.
pub(super) fn shared(context: &Context<'_>, out: &mut Vec<Finding>) {
    let switches = &context.input.store.switches;
    let sent: HashMap<SkuId, &Wanted<'_>> = context
        .on()
        .filter(|w| w.sends_barcode(switches, context.input.rules))
        .map(|w| (w.sku.id, w))
        .collect();
    for (key, skus) in context.library_barcodes.iter().filter(|(_, skus)| skus.len() > 1) {
        for wanted in skus.iter().filter_map(|sku| sent.get(sku)) {
            let others: Vec<SkuId> = skus.iter().copied().filter(|sku| *sku != wanted.sku.id).collect();
            let both_here = others.iter().any(|sku| sent.contains_key(sku));
            let inside = wanted.product.skus.iter().any(|sku| others.contains(&sku.id));
            let severity = match (both_here, context.input.rules.barcode_unique) {
                (true, true) => Severity::Error,
                _ => Severity::Warning,
            };
            let scope = if inside { "product" } else { "library" };
            let names: Vec<&str> = others.iter().take(3).map(|sku| context.name_of(*sku)).collect();
            out.push(
                context
                    .about("F27", severity, wanted)
                    .with("barcode", key)
                    .with("scope", scope)
                    .with("count", others.len().to_string())
                    .with("other", names.join("、"))
                    .remedy(edit(wanted))
                    .remedy(skip(context, wanted)),
            );
        }
    }
}

/// The barcode stands on a platform product that is not this one.
pub(super) fn on_platform(context: &Context<'_>, out: &mut Vec<Finding>) {
    let switches = &context.input.store.switches;
    for wanted in context
        .on()
        .filter(|w| w.sends_barcode(switches, context.input.rules))
    {
        let Some(there) =
            code::barcode_key(&wanted.sku.barcode).and_then(|key| context.platform_barcodes.get(&key))
        else {
            continue;
        };
        let Some((listing, sku)) = there.iter().find(|(_, sku)| sku.bound_to != Some(wanted.sku.id)) else {
            continue;
        };
        let (id, severity) = if context.input.rules.barcode_unique {
            ("F44", Severity::Error)
        } else {
            ("F06", Severity::Warning)
        };
        let mut finding = context
            .about(id, severity, wanted)
            .with("barcode", &wanted.sku.barcode)
            .with("other", &listing.name)
            .with("other_spec", &sku.spec_name);
        if sku.bound_to.is_none() && !context.listed.contains_key(&wanted.sku.id) {
            finding = finding.remedy(Remedy::Bind {
                listing_sku: sku.id,
                sku: wanted.sku.id,
            });
        }
        out.push(finding.remedy(edit(wanted)).remedy(skip(context, wanted)));
    }
}
