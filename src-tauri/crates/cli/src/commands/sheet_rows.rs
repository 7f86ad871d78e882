//! Product rows of a sheet, for commands that need no library.

use crate::outcome::Failure;
use engine::error::EngineError;
use sheets::{Field, Mapping, ProductRow, SheetError, Workbook, read_products};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

/// The plain names that a small sheet uses, Chinese or English. A header of these alone is taken at its word, without
/// weighing what the columns look like.
const PLAIN: [(Field, &[&str]); 7] = [
    (Field::Name, &["name", "名称", "商品名称", "品名"]),
    (Field::Spec, &["spec", "规格", "规格名称"]),
    (Field::Unit, &["unit", "单位"]),
    (Field::Price, &["price", "价格", "售价"]),
    (Field::Category, &["category", "分类", "类别"]),
    (Field::Barcode, &["barcode", "条码", "条形码"]),
    (Field::ItemCode, &["code", "编码", "商品编码"]),
];

/// Reads the rows of a sheet; columns by their plain names where the first row has them, else as an import finds them.
pub(super) fn rows(path: &Path) -> Result<Vec<ProductRow>, Failure> {
    read(path).map_err(|error| {
        let failure = Failure::from(EngineError::Sheet(error));
        Failure::refused(
            failure.code(),
            format!("{}：{}", path.display(), failure.message()),
        )
    })
}

fn read(path: &Path) -> Result<Vec<ProductRow>, SheetError> {
    let mut book = Workbook::open(path)?;
    let mapping = plain_header(&mut book)?.unwrap_or_default();
    Ok(read_products(&mut book, &mapping)?.rows)
}

fn plain_header(book: &mut Workbook) -> Result<Option<Mapping>, SheetError> {
    let mut header = Vec::new();
    let mut at = 0;
    book.read(0, &mut |row| {
        at = row.number();
        header = row
            .cells()
            .iter()
            .map(|cell| cell.text.trim().to_owned())
            .collect();
        ControlFlow::Break(())
    })?;
    let sheet = book
        .sheets()
        .first()
        .map(|sheet| sheet.name.clone())
        .filter(|name| !name.is_empty());
    let mut columns = BTreeMap::new();
    for text in header.iter().filter(|text| !text.is_empty()) {
        let plain = text.to_lowercase();
        let field = PLAIN.iter().find(|(_, names)| names.contains(&plain.as_str()));
        match field {
            Some((field, _)) if !columns.contains_key(field) => {
                columns.insert(*field, text.clone());
            }
            // A second column of a kind, or one of another kind: the import's own recognition weighs them.
            _ => return Ok(None),
        }
    }
    if !columns.contains_key(&Field::Name) {
        return Ok(None);
    }
    Ok(Some(Mapping {
        sheet,
        header_row: Some(at),
        header_rows: Some(1),
        columns,
        ..Mapping::default()
    }))
}
