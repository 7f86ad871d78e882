//! Names: missing, too long, with hidden characters, 单规格 (F31b, F51, F67).

use super::barcodes::code_points;
use super::context::Context;
use crate::finding::{EditField, Finding, Remedy, Severity};
use crate::product::SINGLE_SPEC;
use crate::text;

pub(super) fn lengths(context: &Context<'_>, out: &mut Vec<Finding>) {
    let rules = context.input.rules;
    for wanted in context.on() {
        let fields = [
            (
                "name_too_long",
                wanted.name(),
                rules.name_max,
                Some(EditField::Name),
            ),
            (
                "spec_name_too_long",
                &wanted.sku.spec_name,
                rules.spec_name_max,
                Some(EditField::SpecName),
            ),
            (
                "outer_code_too_long",
                &wanted.outer_sku_code,
                rules.outer_sku_code_max,
                None,
            ),
        ];
        for (id, value, most, field) in fields {
            let length = text::length(value);
            let Some(most) = most.filter(|most| length > *most) else {
                continue;
            };
            let finding = context
                .about(id, Severity::Error, wanted)
                .with("value", value)
                .with("length", length.to_string())
                .with("max", most.to_string());
            out.push(match field {
                Some(field) => finding.remedy(Remedy::EditField {
                    sku: wanted.sku.id,
                    field,
                }),
                None => finding,
            });
        }
        if text::normalized(wanted.name()).is_empty() {
            out.push(
                context
                    .about("name_missing", Severity::Error, wanted)
                    .with("code", &wanted.sku.item_code)
                    .remedy(Remedy::EditField {
                        sku: wanted.sku.id,
                        field: EditField::Name,
                    }),
            );
        }
    }
}

pub(super) fn hidden(context: &Context<'_>, out: &mut Vec<Finding>) {
    for wanted in context.on() {
        let fields = [
            ("name", EditField::Name, wanted.name()),
            ("spec_name", EditField::SpecName, &wanted.sku.spec_name),
        ];
        for (word, field, value) in fields {
            let found = text::hidden_characters(value);
            if !found.is_empty() {
                let clean: String = value.chars().filter(|c| !text::is_hidden(*c)).collect();
                out.push(
                    context
                        .about("F31b", Severity::Warning, wanted)
                        .with("field", word)
                        .with("clean", &clean)
                        .with("hidden", code_points(&found))
                        .remedy(Remedy::SetField {
                            sku: wanted.sku.id,
                            field,
                            value: clean,
                        }),
                );
            }
        }
    }
}

pub(super) fn single_spec(context: &Context<'_>, out: &mut Vec<Finding>) {
    if !context.input.rules.single_spec_name_required {
        return;
    }
    for wanted in context.products() {
        if let [only] = wanted.product.skus.as_slice()
            && only.spec_name != SINGLE_SPEC
        {
            out.push(
                context
                    .about_product("F51", Severity::Warning, wanted)
                    .with("spec", &only.spec_name)
                    .remedy(Remedy::NameSingleSpec {
                        product: wanted.product.id,
                    }),
            );
        }
    }
}

/// Where products have no specs, a lone spec of its own name stands in the title, which is shown as it will be; several
/// specs have no place there and hold the product back (F67).
pub(super) fn spec_in_title(context: &Context<'_>, out: &mut Vec<Finding>) {
    let rules = context.input.rules;
    if !rules.single_spec_only {
        return;
    }
    for wanted in context.products() {
        let finding = |id, severity, spec: &str| {
            context
                .about_product(id, severity, wanted)
                .with("spec", spec)
                .with("title", wanted.title(rules).into_owned())
        };
        match wanted.product.skus.as_slice() {
            [only] if only.spec_name == SINGLE_SPEC => {}
            [only] => out.push(finding("F67", Severity::Warning, &only.spec_name).remedy(
                Remedy::NameSingleSpec {
                    product: wanted.product.id,
                },
            )),
            several => {
                let names: Vec<&str> = several.iter().map(|sku| sku.spec_name.as_str()).collect();
                out.push(finding("F67b", Severity::Error, &names.join("、")));
            }
        }
    }
}
