//! Prices (F09).

use super::context::Context;
use crate::code;
use crate::finding::{EditField, Finding, Remedy, Severity};
use crate::money::Money;

pub(super) fn range(context: &Context<'_>, out: &mut Vec<Finding>) {
    if !context.input.store.switches.price {
        return;
    }
    let rules = context.input.rules;
    let least = rules.price_min_fen.unwrap_or(0);
    for wanted in context.on() {
        let edit = Remedy::EditField {
            sku: wanted.sku.id,
            field: EditField::Price,
        };
        let Some(price) = wanted.price() else {
            if !context.listed.contains_key(&wanted.sku.id) {
                out.push(
                    context
                        .about("price_missing", Severity::Error, wanted)
                        .remedy(edit),
                );
            }
            continue;
        };
        let above = rules.price_max_fen.is_some_and(|most| price.0 > most);
        if price.0 < least || above || is_barcode(price) {
            out.push(
                context
                    .about("F09", Severity::Error, wanted)
                    .with("price", price.to_yuan())
                    .with("min", Money(least).to_yuan())
                    .with(
                        "max",
                        rules
                            .price_max_fen
                            .map_or_else(|| "∞".into(), |most| Money(most).to_yuan()),
                    )
                    .with("pasted_barcode", is_barcode(price).to_string())
                    .remedy(edit),
            );
        }
    }
}

/// A number of 12 to 14 digits before the point is a barcode that was pasted into the price.
fn is_barcode(price: Money) -> bool {
    price.0 >= 0 && price.0 % 100 == 0 && {
        let yuan = (price.0 / 100).to_string();
        yuan.len() == 13 || (yuan.len() >= 12 && code::is_gtin(&yuan))
    }
}
