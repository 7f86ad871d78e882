//! Groups inside the store: names, depth, and products beside children (F59, F41, F57, F29).

use super::context::{Context, normal_path};
use crate::finding::{Finding, Remedy, Severity, Subject};
use crate::text;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The wanted group paths, each once, with how many products want it.
fn wanted_paths(context: &Context<'_>) -> BTreeMap<Vec<String>, usize> {
    let mut paths = BTreeMap::new();
    if context.input.store.switches.category {
        for wanted in context.products().filter(|w| !w.group.is_empty()) {
            *paths.entry(wanted.group.clone()).or_insert(0) += 1;
        }
    }
    paths
}

fn about(context: &Context<'_>, id: &str, severity: Severity, path: &[String]) -> Finding {
    let subject = Subject::Group {
        store: context.input.store.id,
        path: path.to_vec(),
    };
    Finding::new(id, severity, subject).with("group", path.join(" / "))
}

pub(super) fn names(context: &Context<'_>, out: &mut Vec<Finding>) {
    let rules = context.input.rules;
    let mut seen: BTreeSet<Vec<String>> = BTreeSet::new();
    for path in wanted_paths(context).into_keys() {
        if let Some(levels) = rules.group_levels.filter(|levels| path.len() > *levels) {
            out.push(
                about(context, "group_too_deep", Severity::Error, &path)
                    .with("levels", levels.to_string())
                    .with("depth", path.len().to_string()),
            );
        }
        let Some(most) = rules.group_name_max else {
            continue;
        };
        for (at, name) in path.iter().enumerate() {
            let upto = path[..=at].to_vec();
            let length = text::length(name);
            if length > most && seen.insert(upto.clone()) {
                out.push(
                    about(context, "F59", Severity::Error, &upto)
                        .with("name", name)
                        .with("length", length.to_string())
                        .with("max", most.to_string())
                        .remedy(Remedy::RenameGroup {
                            path: upto,
                            value: name.chars().take(most).collect(),
                        }),
                );
            }
        }
    }
}

/// Where a group holds products or children, never both: judged on the platform's groups together with what this
/// store wants.
pub(super) fn products_or_children(context: &Context<'_>, out: &mut Vec<Finding>) {
    let rules = context.input.rules;
    if !rules.group_products_or_children {
        return;
    }
    let row = |at: usize, usual: &str| {
        rules
            .group_rule_ids
            .get(at)
            .map_or_else(|| usual.to_owned(), Clone::clone)
    };
    let (in_parent, under_full) = (row(0, "F57a"), row(1, "F57b"));
    let paths = wanted_paths(context);
    let mut children: HashMap<Vec<String>, BTreeSet<String>> = HashMap::new();
    for path in context
        .group_ids
        .keys()
        .cloned()
        .chain(paths.keys().map(|path| normal_path(path)))
    {
        if let Some((last, above)) = path.split_last() {
            children.entry(above.to_vec()).or_default().insert(last.clone());
        }
    }
    for (path, count) in &paths {
        let normal = normal_path(path);
        if let Some(below) = children.get(&normal) {
            let names: Vec<&str> = below.iter().take(5).map(String::as_str).collect();
            out.push(
                about(context, &in_parent, Severity::Error, path)
                    .with("count", count.to_string())
                    .with("children", names.join("、")),
            );
        }
        let new = !context.group_ids.contains_key(&normal);
        let above = &normal[..normal.len().saturating_sub(1)];
        let full = context
            .group_ids
            .get(above)
            .and_then(|id| context.in_group.get(id))
            .copied()
            .unwrap_or(0);
        if new && full > 0 {
            out.push(
                about(context, &under_full, Severity::Error, path)
                    .with("parent", above.join(" / "))
                    .with("count", full.to_string())
                    .with("child", normal.last().map_or("", String::as_str)),
            );
        }
    }
}

/// Groups that a sync will make first; until then they cannot be put in order.
pub(super) fn not_there_yet(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (path, count) in wanted_paths(context) {
        if !context.group_ids.contains_key(&normal_path(&path)) {
            out.push(about(context, "F29", Severity::Hint, &path).with("count", count.to_string()));
        }
    }
}
