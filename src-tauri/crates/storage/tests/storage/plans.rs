//! No list page walks a whole table.

use crate::support::{folder, open};
use storage::views::library::PAGE_QUERIES;

/// What may be walked: lists handed in, results of a part of the query, and the partial indexes that hold only orders
/// that are still open.
fn is_bounded(step: &str) -> bool {
    !step.starts_with("SCAN")
        || [
            "VIRTUAL TABLE",
            "SCAN place",
            "SCAN wanted",
            "SCAN w",
            "(subquery",
            "SCAN CONSTANT ROW",
        ]
        .iter()
        .any(|part| step.contains(part))
        || ["orders_exception", "orders_due"]
            .iter()
            .any(|index| step.ends_with(&format!("INDEX {index}")))
}

#[test]
fn the_queries_of_the_grid_search_by_index() {
    let folder = folder();
    let db = open(&folder);
    for query in PAGE_QUERIES {
        let steps: Vec<String> = db
            .read(|c| {
                let mut plan = c.prepare(&format!("EXPLAIN QUERY PLAN {query}"))?;
                let holes = plan.parameter_count();
                let rows =
                    plan.query_map(rusqlite::params_from_iter(vec!["[1]"; holes]), |row| row.get(3))?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .unwrap();
        let walked: Vec<&String> = steps.iter().filter(|step| !is_bounded(step)).collect();
        assert!(walked.is_empty(), "{walked:?} in\n{query}\n{steps:#?}");
    }
}

#[test]
fn the_test_would_notice_a_full_scan() {
    let folder = folder();
    let db = open(&folder);
    let step: String = db
        .read(|c| {
            Ok(c.query_row(
                "EXPLAIN QUERY PLAN SELECT * FROM sku WHERE unit = '瓶'",
                [],
                |row| row.get(3),
            )?)
        })
        .unwrap();
    assert!(!is_bounded(&step), "{step}");
}
