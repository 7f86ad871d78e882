//! The library as a sheet that can be imported again without changing anything.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::library::catalog::Filter;
use domain::id::{CategoryId, ProductId};
use domain::product::{Product, SINGLE_SPEC, Sku};
use sheets::{ColumnSpec, CsvWriter, SheetError, TargetFile, Value, XlsxWriter};
use std::collections::{HashMap, HashSet};
use std::io::BufWriter;
use std::path::Path;

/// Column titles are what the import recognises; a sheet of ours reads back as it was written.
const COLUMNS: [ColumnSpec<'static>; 14] = [
    ColumnSpec::new("商品名称").required().wide(40),
    ColumnSpec::new("规格名称"),
    ColumnSpec::new("商品编码").wide(20),
    ColumnSpec::new("规格编码").wide(20),
    ColumnSpec::new("SPU编码"),
    ColumnSpec::new("分类").wide(24),
    ColumnSpec::new("单位"),
    ColumnSpec::new("售价"),
    ColumnSpec::new("成本价"),
    ColumnSpec::new("库存"),
    ColumnSpec::new("基本数量"),
    ColumnSpec::new("品牌"),
    ColumnSpec::new("商品描述").wide(40),
    ColumnSpec::new("重量"),
];

impl Engine {
    /// Writes the products that a filter finds, one row a SKU; xlsx or csv by the extension. Gives the rows written.
    /// The file appears under its name only when it is whole.
    ///
    /// # Errors
    /// Refused as `unknown_extension`; [`EngineError::File`] when it cannot be written.
    pub async fn export_library(
        &self,
        path: &Path,
        filter: &Filter,
        findings: &HashSet<ProductId>,
    ) -> Result<usize> {
        let found = self.library_find(filter, findings)?;
        let (engine, path) = (self.clone(), path.to_owned());
        let write = move || {
            let paths = engine.db().read(storage::category::paths)?;
            write_sheet(&path, "商品库", &COLUMNS, |put| {
                let mut rows = 0;
                for some in found.ids.chunks(500) {
                    for product in engine.library_products(some)? {
                        for sku in &product.skus {
                            put_sku(put, &product, sku, &paths)?;
                            rows += 1;
                        }
                    }
                }
                Ok(rows)
            })
        };
        tokio::task::spawn_blocking(write).await?
    }
}

/// Takes one row of a sheet.
type Put<'a> = dyn FnMut(&[Value<'_>]) -> Result<()> + 'a;

/// Writes one sheet, xlsx or csv by the extension, and gives what `fill` counted. The file appears under its name only
/// when it is whole.
pub(crate) fn write_sheet(
    path: &Path,
    name: &str,
    columns: &[ColumnSpec<'_>],
    fill: impl FnOnce(&mut Put<'_>) -> Result<usize>,
) -> Result<usize> {
    let extension = path
        .extension()
        .map(|e| e.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    if !matches!(extension.as_str(), "xlsx" | "csv") {
        return Err(EngineError::refused_with(
            "unknown_extension",
            [("extension", extension)],
        ));
    }
    let unusable = EngineError::of_sheet(path);
    let mut target = Target::create(path, extension == "xlsx", name, columns).map_err(&unusable)?;
    let rows = fill(&mut |values| target.row(values).map_err(&unusable))?;
    target.commit().map_err(&unusable)?;
    Ok(rows)
}

enum Target {
    Xlsx(Box<XlsxWriter<BufWriter<TargetFile>>>),
    Csv(CsvWriter<BufWriter<TargetFile>>),
}

impl Target {
    fn create(
        path: &Path,
        xlsx: bool,
        name: &str,
        columns: &[ColumnSpec<'_>],
    ) -> std::result::Result<Self, SheetError> {
        let out = BufWriter::new(TargetFile::create(path)?);
        if !xlsx {
            return Ok(Self::Csv(CsvWriter::new(out, columns)?));
        }
        let mut writer = XlsxWriter::new(out);
        writer.sheet(name, columns)?;
        Ok(Self::Xlsx(Box::new(writer)))
    }

    fn row(&mut self, values: &[Value<'_>]) -> std::result::Result<(), SheetError> {
        match self {
            Self::Xlsx(writer) => writer.row(values),
            Self::Csv(writer) => writer.row(values),
        }
    }

    fn commit(self) -> std::result::Result<(), SheetError> {
        let out = match self {
            Self::Xlsx(writer) => writer.finish()?,
            Self::Csv(writer) => writer.finish()?,
        };
        let file = out
            .into_inner()
            .map_err(|error| SheetError::Io(error.into_error()))?;
        file.commit().map_err(SheetError::Io)
    }
}

fn put_sku(
    put: &mut Put<'_>,
    product: &Product,
    sku: &Sku,
    paths: &HashMap<CategoryId, Vec<String>>,
) -> Result<()> {
    let category = product
        .category
        .and_then(|id| paths.get(&id))
        .map(|path| path.join(">"));
    // Rows of one product find together again by this column; `P` with our number where it has no code of its own.
    let spu = if product.skus.len() > 1 && product.spu_code.is_empty() {
        format!("P{}", product.id)
    } else {
        product.spu_code.clone()
    };
    let spec = if sku.spec_name == SINGLE_SPEC {
        &sku.size_text
    } else {
        &sku.spec_name
    };
    let quantity = decimal(sku.base_quantity_milli);
    let weight = sku.weight_g.map(|grams| format!("{grams}g")).unwrap_or_default();
    let fen = |money: Option<domain::money::Money>| money.map_or(Value::Empty, |money| Value::Fen(money.0));
    let values = [
        text(&product.name),
        text(spec),
        text(&sku.item_code),
        text(&sku.barcode),
        text(&spu),
        text(category.as_deref().unwrap_or_default()),
        text(&sku.unit),
        fen(sku.price),
        fen(sku.cost),
        sku.stock.map_or(Value::Empty, Value::Integer),
        text(&quantity),
        text(&product.brand),
        text(&product.description),
        text(&weight),
    ];
    put(&values)
}

fn text(text: &str) -> Value<'_> {
    if text.is_empty() {
        Value::Empty
    } else {
        Value::Text(text)
    }
}

/// Thousandths as people write them: `1`, `0.5`.
fn decimal(milli: i64) -> String {
    let text = format!("{}.{:03}", milli / 1000, milli % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
