//! 商品编码: the link to the ERP (F01d, F03, F19a). A warning: the platform takes the product, the ERP refuses its
//! orders.

use super::context::Context;
use crate::code::{self, ItemCodeFault};
use crate::erp_codes::Standing;
use crate::finding::{EditField, Finding, Remedy, Severity};
use crate::text;

pub(super) fn item_codes(context: &Context<'_>, out: &mut Vec<Finding>) {
    for wanted in context.on() {
        let item_code = &wanted.sku.item_code;
        let sku = wanted.sku.id;
        let about = |id| {
            context
                .about(id, Severity::Warning, wanted)
                .with("code", item_code)
        };
        let edit = Remedy::EditField {
            sku,
            field: EditField::ItemCode,
        };
        let relink = Remedy::RelinkErp { sku, item_code: None };
        match code::item_code_fault(item_code) {
            Some(ItemCodeFault::Empty) => out.push(about("F01d").remedy(relink).remedy(edit)),
            Some(ItemCodeFault::Unclean) => {
                let value = text::cleaned_code(item_code);
                out.push(
                    about("F19a")
                        .remedy(Remedy::SetField {
                            sku,
                            field: EditField::ItemCode,
                            value,
                        })
                        .remedy(edit),
                );
            }
            Some(ItemCodeFault::NotDigits | ItemCodeFault::TooLarge) => {
                out.push(about("F19a").remedy(relink).remedy(edit));
            }
            None => match context.input.erp.map(|erp| erp.standing(item_code)) {
                Some(Standing::Deleted) => out.push(about("F03").remedy(relink)),
                Some(Standing::Unknown) => out.push(about("F01d").remedy(relink).remedy(edit)),
                Some(Standing::Known) | None => {}
            },
        }
    }
}
