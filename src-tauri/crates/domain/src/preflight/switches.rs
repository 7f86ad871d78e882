//! The store's own settings (F19b, F31c, F35).

use super::context::Context;
use crate::code;
use crate::finding::{Finding, Remedy, Severity, Subject};

pub(super) fn offline_code(context: &Context<'_>, out: &mut Vec<Finding>) {
    let store = context.input.store;
    let value = code::cleaned_offline_code(&store.offline_code);
    if value != store.offline_code {
        out.push(
            Finding::new("F19b", Severity::Warning, Subject::Store { id: store.id })
                .with("store", &store.name)
                .with("code", &store.offline_code)
                .with("clean", &value)
                .remedy(Remedy::CleanOfflineCode {
                    store: store.id,
                    value,
                }),
        );
    }
}

/// What the platform asks of every store before it takes new goods. Goods that are there can be changed without it.
pub(super) fn needed_fields(context: &Context<'_>, out: &mut Vec<Finding>) {
    let store = context.input.store;
    let makes = store.switches.create
        && context
            .products()
            .any(|wanted| !context.is_listed(wanted.product.id));
    let severity = if makes { Severity::Error } else { Severity::Warning };
    for field in context.input.store_fields {
        let Some(id) = field.needed.filter(|_| store.setting(field.key).is_none()) else {
            continue;
        };
        out.push(
            Finding::new(id, severity, Subject::Store { id: store.id })
                .with("store", &store.name)
                .with("field", field.label)
                .remedy(Remedy::EditStore {
                    store: store.id,
                    field: field.key.to_owned(),
                }),
        );
    }
}

/// 不同步UPC is ticked although there are good barcodes to send.
pub(super) fn barcode_switch(context: &Context<'_>, out: &mut Vec<Finding>) {
    let store = context.input.store;
    if store.switches.barcode {
        return;
    }
    let empty_there = |sku| {
        context
            .listed
            .get(&sku)
            .is_none_or(|(_, there)| there.barcode.is_empty())
    };
    let count = context
        .on()
        .filter(|w| code::is_gtin(&w.sku.barcode) && empty_there(w.sku.id))
        .count();
    if count > 0 {
        out.push(
            Finding::new("F31c", Severity::Hint, Subject::Store { id: store.id })
                .with("store", &store.name)
                .with("count", count.to_string()),
        );
    }
}

/// The platform takes no 类目 and left barcodes out that are good: so does one whose store has moved to the sister
/// platform and is still authorized here. Only the manager can see which it is.
pub(super) fn other_family(context: &Context<'_>, out: &mut Vec<Finding>) {
    let input = context.input;
    if !input.has_sister || input.lists_categories {
        return;
    }
    let left_out = |sku, product| {
        let there = context.listed.get(&sku);
        input.barcodes_left_out.contains(&product) && there.is_some_and(|(_, there)| there.barcode.is_empty())
    };
    let count = context
        .on()
        .filter(|w| code::is_gtin(&w.sku.barcode) && left_out(w.sku.id, w.product.id))
        .count();
    if count > 0 {
        let store = input.store;
        out.push(
            Finding::new("F31a", Severity::Warning, Subject::Store { id: store.id })
                .with("store", &store.name)
                .with("count", count.to_string())
                .remedy(Remedy::ChangePlatform { store: store.id }),
        );
    }
}

/// Updating needs the product on the platform first.
pub(super) fn not_created(context: &Context<'_>, out: &mut Vec<Finding>) {
    let store = context.input.store;
    if store.switches.create {
        return;
    }
    let all = context.products().count();
    let missing = context
        .products()
        .filter(|wanted| !context.is_listed(wanted.product.id))
        .count();
    if missing > 0 {
        out.push(
            Finding::new("F35", Severity::Hint, Subject::Store { id: store.id })
                .with("store", &store.name)
                .with("ready", (all - missing).to_string())
                .with("missing", missing.to_string()),
        );
    }
}
