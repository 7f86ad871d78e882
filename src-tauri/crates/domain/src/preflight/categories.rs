//! 类目 (F38, F60).

use super::context::Context;
use crate::finding::{Finding, Remedy, Severity};

pub(super) fn missing(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(severity) = context.input.rules.category_missing else {
        return;
    };
    if !context.input.store.switches.category {
        return;
    }
    for wanted in context.products().filter(|w| w.category_id.is_empty()) {
        let there = context.product_listing.get(&wanted.product.id);
        if there.is_none_or(|listing| listing.category_id.is_empty()) {
            let finding = context.about_product("F38", severity, wanted);
            out.push(if context.input.lists_categories {
                finding.remedy(Remedy::ChooseCategory {
                    store: context.input.store.id,
                    product: wanted.product.id,
                })
            } else {
                finding
            });
        }
    }
}

/// 多规格商品不允许后台变更类目: what stands there stays, also when it is none; reading the store adopts it.
pub(super) fn locked(context: &Context<'_>, out: &mut Vec<Finding>) {
    if !context.input.rules.multi_spec_category_locked || !context.input.store.switches.category {
        return;
    }
    for wanted in context
        .products()
        .filter(|w| w.product.skus.len() > 1 && !w.category_id.is_empty())
    {
        let Some(listing) = context.product_listing.get(&wanted.product.id) else {
            continue;
        };
        if listing.category_id != wanted.category_id {
            out.push(
                context
                    .about_product("F60", Severity::Warning, wanted)
                    .with("ours", &wanted.category_id)
                    .with("theirs", &listing.category_id)
                    .remedy(Remedy::Reread { store: listing.store }),
            );
        }
    }
}
