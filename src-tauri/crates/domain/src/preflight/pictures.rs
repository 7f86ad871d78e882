//! Pictures (F42a, F42b, F56, `IMG01` to `IMG09`).

use super::context::Context;
use crate::finding::{Finding, Remedy, Severity};

/// A new product needs a picture, and the switch must let it through.
pub(super) fn required(context: &Context<'_>, out: &mut Vec<Finding>) {
    let input = context.input;
    if !input.rules.picture_required || !input.store.switches.create {
        return;
    }
    for wanted in context.products().filter(|w| !context.is_listed(w.product.id)) {
        let (bare, switch) = (wanted.product.pictures.is_empty(), input.store.switches.pictures);
        if !bare && switch {
            continue;
        }
        let cause = if bare { "no_picture" } else { "switch_off" };
        let finding = context
            .about_product("F42a", Severity::Error, wanted)
            .with("cause", cause);
        out.push(if switch {
            finding
        } else {
            finding.remedy(Remedy::SyncPictures {
                store: input.store.id,
            })
        });
    }
}

/// What the picture check found on the pictures that would be sent.
pub(super) fn passed_in(context: &Context<'_>, out: &mut Vec<Finding>) {
    if !context.input.store.switches.pictures {
        return;
    }
    let most = context.input.rules.pictures_max.unwrap_or(usize::MAX);
    for wanted in context.products() {
        for (at, hash) in wanted.product.pictures.iter().take(most).enumerate() {
            for found in context.input.pictures.get(hash).into_iter().flatten() {
                // Too many bytes where a picture is a must is a row of its own in the managers' list.
                let id = if found.id == "IMG04" && context.input.rules.picture_required {
                    "F42b"
                } else {
                    found.id.as_str()
                };
                let mut finding = context.about_product(id, found.severity, wanted);
                finding.params.extend(found.params.clone());
                let finding = finding
                    .with("picture", hash)
                    .with("position", (at + 1).to_string());
                let repairable = !matches!(found.id.as_str(), "IMG01" | "IMG07");
                out.push(if repairable {
                    finding.remedy(Remedy::RepairPictures {
                        product: wanted.product.id,
                    })
                } else {
                    finding
                });
            }
        }
    }
}

/// Pictures that are on the platform and not shown yet: nothing is wrong, unless the platform refused them.
pub(super) fn reviewed(context: &Context<'_>, out: &mut Vec<Finding>) {
    for wanted in context.products() {
        let listing = context.product_listing.get(&wanted.product.id);
        let Some(review) = listing.and_then(|listing| context.input.reviews.get(&listing.id)) else {
            continue;
        };
        let (id, severity) = if review.refused {
            ("picture_refused", Severity::Warning)
        } else {
            ("F56", Severity::Hint)
        };
        out.push(
            context
                .about_product(id, severity, wanted)
                .with("since", &review.since),
        );
    }
}
