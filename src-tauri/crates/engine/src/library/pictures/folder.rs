//! A folder of picture files, put to products by the names that sheets gave, else by code or barcode in the file name.

use super::PicturesOutcome;
use crate::engine::Engine;
use crate::error::{EngineError, Result, file_name};
use crate::library::import::PICTURE_NAMES;
use domain::id::ProductId;
use domain::product::Product;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use storage::change::Origin;

const EXTENSIONS: [&str; 12] = [
    "jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "jfif", "heic", "avif", "mpo",
];
const TITLE: &str = "batch.pictures_import";
/// Folders inside the folder are looked into this deep.
const DEPTH: usize = 4;

/// Products by what a picture's file name may say.
#[derive(Default)]
struct Names {
    /// File name or its stem, in lower case, as a sheet named it.
    sheet: HashMap<String, Vec<ProductId>>,
    code: HashMap<String, Vec<ProductId>>,
    barcode: HashMap<String, Vec<ProductId>>,
}

impl Engine {
    /// Puts the pictures of a folder to products. Names with `-1`, `_2`, ` (3)` behind belong to the name before it, in
    /// that order.
    pub async fn import_pictures(&self, folder: &Path) -> Result<PicturesOutcome> {
        self.put_folder(folder, self.by_user(TITLE)).await
    }

    /// The same as something that the app does by itself: the manager's undo passes over it.
    pub async fn import_pictures_by_itself(&self, folder: &Path) -> Result<PicturesOutcome> {
        self.put_folder(folder, self.by_itself("pull", TITLE)).await
    }

    async fn put_folder(&self, folder: &Path, origin: Origin) -> Result<PicturesOutcome> {
        let files = list(folder).map_err(|source| EngineError::File {
            path: file_name(folder),
            source,
        })?;
        let names = self.names()?;
        let job = self.start_job(
            "pictures_import",
            None,
            i64::try_from(files.len()).unwrap_or(0),
            &serde_json::json!({}),
        )?;
        let work = async {
            let mut outcome = PicturesOutcome::default();
            let mut wanted = Vec::new();
            for file in files {
                job.checkpoint().await?;
                let products = names.find(&file);
                if products.is_empty() {
                    outcome.unmatched.push(file_name(&file));
                } else {
                    match self.shelve(file).await? {
                        Ok(shelved) => {
                            let row = shelved.row;
                            wanted.extend(
                                products
                                    .iter()
                                    .map(|id| (*id, super::Shelved { row: row.clone() })),
                            );
                        }
                        Err(failure) => outcome.failed.push(failure),
                    }
                }
                job.advance(1);
            }
            self.put_pictures(&origin, wanted, &mut outcome)?;
            Ok(outcome)
        };
        let outcome: Result<PicturesOutcome> = work.await;
        let told = outcome
            .as_ref()
            .map(|o| serde_json::json!({ "added": o.added, "failed": o.failed.len() }));
        match told {
            Ok(told) => job.finish(&Ok(told))?,
            Err(EngineError::Cancelled) => job.finish_as("cancelled", &serde_json::json!({}))?,
            Err(error) => job.finish_as("failed", &serde_json::json!({ "error": error.code() }))?,
        }
        outcome
    }

    fn names(&self) -> Result<Names> {
        let products = self.db().read(storage::product::all)?;
        let text = self.db().read(|c| storage::setting::get(c, PICTURE_NAMES))?;
        let given: BTreeMap<String, String> = text
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        Ok(Names::new(&products, &given))
    }
}

impl Names {
    fn new(products: &[Product], given: &BTreeMap<String, String>) -> Self {
        let mut names = Self::default();
        let mut by_name: HashMap<&str, Vec<ProductId>> = HashMap::new();
        for product in products {
            by_name.entry(&product.name).or_default().push(product.id);
            for sku in &product.skus {
                add(
                    &mut names.code,
                    &domain::text::cleaned_code(&sku.item_code).to_lowercase(),
                    product.id,
                );
                if let Some(key) = domain::code::barcode_key(&sku.barcode) {
                    add(&mut names.barcode, &key.to_lowercase(), product.id);
                }
            }
        }
        for (owner, cell) in given {
            let mut owner = owner.split('\t');
            let mut part = || owner.next().unwrap_or_default();
            let (code, barcode, name) = (part(), part(), part());
            let by_code = names.code.get(&domain::text::cleaned_code(code).to_lowercase());
            let by_barcode = || {
                let key = domain::code::barcode_key(barcode)?;
                names.barcode.get(&key.to_lowercase())
            };
            let Some(owners) = by_code.or_else(by_barcode).or_else(|| by_name.get(name)).cloned() else {
                continue;
            };
            for file in cell.split([';', ',', '|', '\n', '；', '，']).map(str::trim) {
                for id in &owners {
                    add(&mut names.sheet, &last_part(file).to_lowercase(), *id);
                }
            }
        }
        names
    }

    fn find(&self, file: &Path) -> Vec<ProductId> {
        let name = file_name(file).to_lowercase();
        let stem = file
            .file_stem()
            .map(|stem| stem.to_string_lossy().to_lowercase())
            .unwrap_or_default();
        for text in [name.as_str(), stem.as_str(), without_number(&stem)] {
            let key = domain::code::barcode_key(text).unwrap_or_default();
            let found = self
                .sheet
                .get(text)
                .or_else(|| self.code.get(text))
                .or_else(|| self.barcode.get(&key));
            if let Some(found) = found {
                return found.clone();
            }
        }
        Vec::new()
    }
}

fn add(to: &mut HashMap<String, Vec<ProductId>>, key: &str, id: ProductId) {
    if !key.is_empty() {
        let ids = to.entry(key.to_owned()).or_default();
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
}

/// The file name of a path or address.
fn last_part(text: &str) -> &str {
    let plain = text.split(['?', '#']).next().unwrap_or(text);
    plain.rsplit(['/', '\\']).next().unwrap_or(plain)
}

/// The stem without the running number of a further picture.
fn without_number(stem: &str) -> &str {
    let bare = stem
        .trim_end_matches(')')
        .trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = stem.trim_end_matches(')').len() - bare.len();
    let cut = bare.strip_suffix(['-', '_', '(', '#']).map(str::trim_end);
    match cut {
        Some(cut) if (1..=2).contains(&digits) => cut,
        _ => stem,
    }
}

/// Picture files in a folder and below, sorted by their path; links are not followed.
fn list(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            let path = entry.path();
            if kind.is_dir() && depth < DEPTH {
                open.push((path, depth + 1));
            } else if kind.is_file()
                && path
                    .extension()
                    .is_some_and(|e| EXTENSIONS.contains(&e.to_string_lossy().to_lowercase().as_str()))
            {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::{last_part, without_number};

    #[test]
    fn running_numbers_are_cut_and_codes_are_not() {
        for (stem, cut) in [
            ("6901234567892-1", "6901234567892"),
            ("abc (2)", "abc"),
            ("abc_10", "abc"),
            ("01162", "01162"),
            ("a-2024", "a-2024"),
        ] {
            assert_eq!(without_number(stem), cut);
        }
        assert_eq!(last_part("https://x.example/a/b.jpg?x=1"), "b.jpg");
        assert_eq!(last_part("图片\\b.jpg"), "b.jpg");
    }
}
