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
