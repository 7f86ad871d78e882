//! 商品库: bodies of the `library_*`, `offers_*` and `erp_search` commands.

use crate::Api;
use crate::error::{ApiError, Result};
use crate::exceptions::remedy_view;
use crate::orders::{badges, count, name_of};
use crate::types::library::{
    CategoryNode, DeleteReport, EditRejection, EditReport, ErpItemView, ErpItems, ErpSearchRequest, History,
    HistoryRequest, LibraryCounts, LibraryEdits, LibraryPage, LibraryQuery, NewProductRequest,
    OfferAllRequest, OfferEdits, PlatformState, ProductDetail, ProductIds, ProductPlace, ProductRow, SkuRow,
    UndoReport, UndoRequest,
};
use crate::types::shared::{BatchView, Empty, FindingView, IdRequest, PictureView, WordsView};
use domain::code::{Barcode, barcode, item_code_fault};
use domain::finding::Severity;
use domain::id::{BatchId, CategoryId, ProductId, SkuId, StoreId};
use domain::product::{Product, Sku};
use engine::Engine;
use engine::library::catalog::{Filter, Sort, View};
use engine::library::edit::{Edit, NewGoods, typed_price};
use engine::library::offers::{OfferEdit, OffersOutcome};
use engine::library::states::{Place, PlaceState};
use std::collections::{BTreeMap, HashMap, HashSet};
use storage::change::BatchRow;
use storage::product::SkuData;

/// The most rows of one page.
const PAGE: i64 = 500;

/// One page of the grid.
pub async fn list(api: &Api, request: LibraryQuery) -> Result<LibraryPage> {
    let filter = filter(&request)?;
    let found = api
        .engine
        .library_find(&filter, &products_with_findings(&api.engine))?;
    let from = usize::try_from(request.offset.max(0))
        .unwrap_or(usize::MAX)
        .min(found.ids.len());
    let limit = usize::try_from(request.limit.clamp(1, PAGE)).unwrap_or(1);
    let ids = &found.ids[from..(from + limit).min(found.ids.len())];
    let products = api.engine.library_products(ids)?;
    let scene = Scene::of(&api.engine, &products, &request.stores)?;
    Ok(LibraryPage {
        total: count(found.ids.len()),
        total_skus: found.skus,
        products: products.iter().map(|product| scene.row(product)).collect(),
    })
}

/// How many products each saved view and category holds.
pub async fn counts(api: &Api, _: Empty) -> Result<LibraryCounts> {
    let counts = api.engine.library_counts(&products_with_findings(&api.engine))?;
    let node = |(row, products): (storage::category::CategoryRow, i64)| CategoryNode {
        id: row.id.0,
        parent: row.parent.map(|parent| parent.0),
        name: row.name,
        products,
    };
    Ok(LibraryCounts {
        views: counts
            .views
            .into_iter()
            .map(|(view, count)| (view.to_owned(), count))
            .collect(),
        categories: counts.categories.into_iter().map(node).collect(),
    })
}

/// The drawer of one product.
pub async fn get(api: &Api, request: IdRequest) -> Result<ProductDetail> {
    let engine = &api.engine;
    let id = ProductId(request.id);
    let product = engine.db().read(|c| storage::product::get(c, id))?;
    let products = [product];
    let scene = Scene::of(engine, &products, &[])?;
    let [product] = products;
    let row = scene.row(&product);
    let places: Vec<ProductPlace> = product
        .skus
        .iter()
        .flat_map(|sku| {
            scene
                .places
                .get(&sku.id)
                .into_iter()
                .flatten()
                .map(move |place| (sku, place))
        })
        .map(|(sku, place)| place_view(sku, place))
        .collect();
    let wanted = places.iter().filter(|place| place.offered).count();
    let bound = places.iter().filter(|place| place.listing_sku.is_some()).count();
    Ok(ProductDetail {
        id: row.id,
        brand: product.brand.clone(),
        description: product.description.clone(),
        category: row.category,
        category_id: product.category.map(|category| category.0),
        spu_code: product.spu_code.clone(),
        skus: row.skus,
        pictures: pictures(engine, id, &product.name)?,
        bound_places: count(bound),
        wanted_places: count(wanted),
        places,
        erp_linked: erp_linked(engine, &product)?,
        findings: findings(engine, id),
        history: batches(engine.history(Some(id), None, 50)?),
        name: product.name,
    })
}

/// Changes cells.
pub async fn edit(api: &Api, request: LibraryEdits) -> Result<EditReport> {
    let edits: Vec<Edit> = request
        .edits
        .into_iter()
        .map(|edit| Edit {
            sku: SkuId(edit.sku),
            field: edit.field,
            value: edit.value,
        })
        .collect();
    let outcome = api.engine.edit_library(&edits)?;
    let rejected = outcome.refused.into_iter().map(|refusal| EditRejection {
        sku: refusal.edit.sku.0,
        field: refusal.edit.field,
        words: words(
            &format!("edit.{}", refusal.code),
            [("value", refusal.edit.value.clone())],
        ),
        value: refusal.edit.value,
    });
    let warnings = outcome.warnings.into_iter().map(|warning| {
        let orders = warning.orders;
        words(
            "edit.rename_open_orders",
            [
                ("old", warning.old),
                ("new", warning.new),
                ("count", orders.len().to_string()),
                ("orders", orders.join(" ")),
            ],
        )
    });
    Ok(EditReport {
        batch: outcome.batch.map(|batch| batch.0),
        changed: count(outcome.changed),
        rejected: rejected.collect(),
        warnings: warnings.collect(),
    })
}

/// Makes a product.
pub async fn create(api: &Api, request: NewProductRequest) -> Result<EditReport> {
    let mut skus = Vec::with_capacity(request.skus.len());
    for sku in request.skus {
        let price =
            typed_price(&sku.price).map_err(|code| ApiError::new(code).with("value", sku.price.clone()))?;
        skus.push(SkuData {
            spec_name: sku.spec_name,
            item_code: sku.item_code,
            barcode: sku.barcode,
            unit: sku.unit,
            price_fen: price.map(|price| price.0),
            base_quantity_milli: 1000,
            ..SkuData::default()
        });
    }
    let goods = NewGoods {
        name: request.name,
        category: request.category,
        skus,
    };
    let (_, batch) = api.engine.create_product(&goods)?;
    Ok(EditReport {
        batch: Some(batch.0),
        changed: 1,
        ..EditReport::default()
    })
}

/// Takes products out of the library.
pub async fn delete(api: &Api, request: ProductIds) -> Result<DeleteReport> {
    let products: Vec<ProductId> = request.products.into_iter().map(ProductId).collect();
    let deletion = api.engine.delete_products(&products)?;
    Ok(DeleteReport {
        batch: deletion.batch.map(|batch| batch.0),
        deleted: count(deletion.deleted),
        bound: deletion.bound.into_iter().map(|id| id.0).collect(),
    })
}

/// Undo and redo.
pub async fn undo(api: &Api, request: UndoRequest) -> Result<UndoReport> {
    let undone = if request.redo {
        api.engine.redo()?
    } else {
        api.engine.undo(request.batch.map(BatchId))?
    };
    Ok(UndoReport {
        batch: undone.batch.0,
        changes: count(undone.rows),
        title: WordsView {
            code: undone.of.title,
            params: undone.of.params,
        },
    })
}

/// What was done, newest first.
pub async fn history(api: &Api, request: HistoryRequest) -> Result<History> {
    let limit = if request.limit <= 0 { 50 } else { request.limit };
    let rows = api
        .engine
        .history(request.product.map(ProductId), request.before.map(BatchId), limit)?;
    Ok(History {
        batches: batches(rows),
    })
}

/// Changes what stores want.
pub async fn edit_offers(api: &Api, request: OfferEdits) -> Result<EditReport> {
    let edits: Vec<OfferEdit> = request
        .edits
        .into_iter()
        .map(|edit| OfferEdit {
            store: StoreId(edit.store),
            sku: SkuId(edit.sku),
            on: edit.on,
            price: edit.price,
            skip_barcode: edit.skip_barcode,
        })
        .collect();
    Ok(offers_report(api.engine.edit_offers(&edits)?))
}

/// Offers products in a store.
pub async fn offer_all(api: &Api, request: OfferAllRequest) -> Result<EditReport> {
    let products: Vec<ProductId> = request.products.into_iter().map(ProductId).collect();
    Ok(offers_report(
        api.engine.offer_all(StoreId(request.store), &products)?,
    ))
}

/// ERP items for a SKU or a text.
pub async fn search_erp(api: &Api, request: ErpSearchRequest) -> Result<ErpItems> {
    let found = api.engine.erp_items(request.sku.map(SkuId), &request.text)?;
    let view = |candidate: engine::library::erp_items::ErpCandidate| ErpItemView {
        code: candidate.item.code,
        name: candidate.item.name,
        barcode: candidate.item.barcode,
        unit: candidate.item.unit,
        price_fen: candidate.item.price_fen,
        reason: candidate.reason.to_owned(),
    };
    let accounts = api.engine.db().read(storage::account::all)?;
    let read_at = accounts
        .iter()
        .filter(|account| account.kind == storage::account::AccountKind::Erp)
        .map(|account| account.items_read_at)
        .min()
        .flatten();
    Ok(ErpItems {
        items: found.into_iter().map(view).collect(),
        read_at,
        old: read_at.is_some_and(|at| api.engine.erp_cache_is_old(at)),
    })
}

/// The grid's filter from a request.
pub(crate) fn filter(request: &LibraryQuery) -> Result<Filter> {
    Ok(Filter {
        search: request.search.clone(),
        category: request.category.map(CategoryId),
        view: View::parse(&request.view)?,
        state: PlaceState::parse(&request.state)?,
        stores: request.stores.iter().copied().map(StoreId).collect(),
        price_from: request.price_from_fen,
        price_to: request.price_to_fen,
        sort: Sort::parse(&request.sort)?,
        descending: request.descending,
    })
}

/// The products that the last 体检 found anything about.
pub(crate) fn products_with_findings(engine: &Engine) -> HashSet<ProductId> {
    engine
        .preflight_cache()
        .map(|cache| cache.products_with_findings().collect())
        .unwrap_or_default()
}

/// What the last 体检 found about a product, worst first.
fn findings(engine: &Engine, product: ProductId) -> Vec<FindingView> {
    let Some(cache) = engine.preflight_cache() else {
        return Vec::new();
    };
    cache
        .of_product(product)
        .map(|noted| FindingView {
            id: noted.finding.id.clone(),
            severity: name_of(&noted.finding.severity),
            subject: noted.subject.clone(),
            product: noted.product.map(|id| id.0),
            sku: noted.sku.map(|id| id.0),
            store: Some(noted.store.0),
            params: noted.finding.params.clone(),
            raw: noted.finding.raw.clone().unwrap_or_default(),
            remedies: noted.finding.remedies.iter().map(remedy_view).collect(),
        })
        .collect()
}

/// What rows are made from: read once for a page.
struct Scene {
    paths: HashMap<CategoryId, Vec<String>>,
    places: HashMap<SkuId, Vec<Place>>,
    platforms: Vec<String>,
    stores: HashSet<StoreId>,
    worst: HashMap<ProductId, Severity>,
}

impl Scene {
    fn of(engine: &Engine, products: &[Product], stores: &[i64]) -> Result<Self> {
        let chosen: HashSet<StoreId> = stores.iter().copied().map(StoreId).collect();
        let (paths, known) = engine
            .db()
            .read(|c| Ok((storage::category::paths(c)?, badges(c)?)))?;
        let shown = known
            .values()
            .filter(|badge| chosen.is_empty() || chosen.contains(&StoreId(badge.id)));
        let mut platforms: Vec<String> = shown.map(|badge| badge.platform.clone()).collect();
        platforms.sort_unstable();
        platforms.dedup();
        let cache = engine.preflight_cache();
        let worst = cache.iter().flat_map(|cache| {
            products.iter().filter_map(|product| {
                let worst = cache
                    .of_product(product.id)
                    .map(|noted| noted.finding.severity)
                    .max();
                worst.map(|worst| (product.id, worst))
            })
        });
        Ok(Self {
            worst: worst.collect(),
            places: engine.places(products)?,
            paths,
            platforms,
            stores: chosen,
        })
    }

    fn row(&self, product: &Product) -> ProductRow {
        let prices = || {
            product
                .skus
                .iter()
                .filter_map(|sku| sku.price.map(|price| price.0))
        };
        let path = product.category.and_then(|id| self.paths.get(&id));
        ProductRow {
            id: product.id.0,
            name: product.name.clone(),
            category: path.map(|path| path.join("/")).unwrap_or_default(),
            picture: product.pictures.first().cloned().unwrap_or_default(),
            price_min_fen: prices().min(),
            price_max_fen: prices().max(),
            worst: match self.worst.get(&product.id) {
                Some(Severity::Error) => "error".to_owned(),
                Some(Severity::Warning) => "warning".to_owned(),
                Some(Severity::Hint) | None => String::new(),
            },
            skus: product.skus.iter().map(|sku| self.sku(sku)).collect(),
        }
    }

    fn sku(&self, sku: &Sku) -> SkuRow {
        let mut states: BTreeMap<&str, PlaceState> = self
            .platforms
            .iter()
            .map(|platform| (platform.as_str(), PlaceState::None))
            .collect();
        let places = self.places.get(&sku.id).into_iter().flatten();
        for place in places.filter(|place| self.stores.is_empty() || self.stores.contains(&place.row.store)) {
            let state = states.entry(&place.row.platform).or_insert(PlaceState::None);
            *state = (*state).max(place.state);
        }
        SkuRow {
            id: sku.id.0,
            spec_name: sku.spec_name.clone(),
            size_text: sku.size_text.clone(),
            item_code: sku.item_code.clone(),
            barcode: sku.barcode.clone(),
            unit: sku.unit.clone(),
            price_fen: sku.price.map(|price| price.0),
            cost_fen: sku.cost.map(|cost| cost.0),
            stock: sku.stock,
            base_quantity_milli: sku.base_quantity_milli,
            code_fault: item_code_fault(&sku.item_code)
                .map(|fault| name_of(&fault))
                .unwrap_or_default(),
            barcode_fault: barcode_fault(&sku.barcode).to_owned(),
            states: states
                .into_iter()
                .map(|(platform, state)| PlatformState {
                    platform: platform.to_owned(),
                    state: state.name().to_owned(),
                })
                .collect(),
        }
    }
}

fn barcode_fault(code: &str) -> &'static str {
    match barcode(code) {
        Barcode::Gtin | Barcode::Restricted => "",
        Barcode::Empty => "empty",
        Barcode::WrongCheckDigit { .. } => "wrong_check_digit",
        Barcode::WrongLength => "wrong_length",
        Barcode::Unclean { .. } => "unclean",
        Barcode::NotDigits => "not_digits",
    }
}

fn place_view(sku: &Sku, place: &Place) -> ProductPlace {
    let row = &place.row;
    let own = row.offer.as_ref().and_then(|offer| offer.price_fen);
    let state = place.state.name();
    let read_at = row
        .listed
        .as_ref()
        .map(|listed| listed.read_at.to_string())
        .unwrap_or_default();
    ProductPlace {
        store: crate::types::shared::StoreBadge {
            id: row.store.0,
            platform: row.platform.clone(),
            name: row.store_name.clone(),
        },
        sku: sku.id.0,
        spec_name: sku.spec_name.clone(),
        listing_sku: row.listed.as_ref().map(|listed| listed.listing_sku),
        price_fen: own.or(sku.price.map(|price| price.0)),
        own_price: own.is_some(),
        platform_price_fen: row.listed.as_ref().and_then(|listed| listed.price_fen),
        platform_stock: row.listed.as_ref().and_then(|listed| listed.stock),
        state: state.to_owned(),
        words: words(&format!("place.{state}"), [("at", read_at)]),
        offered: row.offer.as_ref().is_some_and(|offer| offer.on),
        skip_barcode: row.offer.as_ref().is_some_and(|offer| offer.skip_barcode),
    }
}

fn pictures(engine: &Engine, product: ProductId, name: &str) -> Result<Vec<PictureView>> {
    let found = engine.product_picture_findings(product)?;
    let rows = engine.picture_rows(product)?;
    let of = |hash: &str| {
        let mut told: Vec<FindingView> = Vec::new();
        for noted in found.iter().filter(|noted| noted.hash == hash) {
            // Platforms that say the same of the same picture say it once.
            let known = told
                .iter_mut()
                .find(|view| view.id == noted.finding.id && view.severity == noted.severity());
            if let Some(known) = known {
                known
                    .params
                    .entry("platform".to_owned())
                    .and_modify(|all| *all = format!("{all} {}", noted.platform));
                continue;
            }
            let params = noted
                .finding
                .params
                .iter()
                .map(|(key, value)| ((*key).to_owned(), value.clone()));
            let platform = std::iter::once(("platform".to_owned(), noted.platform.clone()));
            told.push(FindingView {
                id: noted.finding.id.to_owned(),
                severity: noted.severity().to_owned(),
                subject: name.to_owned(),
                product: Some(product.0),
                params: params.chain(platform).collect(),
                ..FindingView::default()
            });
        }
        told
    };
    let view = |row: storage::picture::PictureRow| PictureView {
        findings: of(&row.hash),
        width: row.width,
        height: row.height,
        bytes: row.bytes,
        format: row.format,
        hash: row.hash,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// SKUs whose code is an item in use of any ERP.
fn erp_linked(engine: &Engine, product: &Product) -> Result<i64> {
    let linked = engine.db().read(|c| {
        let accounts = storage::account::all(c)?;
        let mut linked = 0;
        for sku in &product.skus {
            for account in accounts
                .iter()
                .filter(|a| a.kind == storage::account::AccountKind::Erp)
            {
                let item = storage::erp_cache::get(c, account.id, &sku.item_code)?;
                if item.is_some_and(|item| !item.deleted) {
                    linked += 1;
                    break;
                }
            }
        }
        Ok(linked)
    })?;
    Ok(linked)
}

/// Batches as history shows them.
pub(crate) fn batches(rows: Vec<BatchRow>) -> Vec<BatchView> {
    rows.into_iter()
        .map(|row| BatchView {
            id: row.id.0,
            at: row.at,
            actor: row.actor,
            undoable: !row.undone && row.changes > 0,
            title: WordsView {
                code: row.title,
                params: row.params,
            },
            changes: row.changes,
            undone: row.undone,
        })
        .collect()
}

fn offers_report(outcome: OffersOutcome) -> EditReport {
    let rejected = outcome.refused.into_iter().map(|(edit, code)| EditRejection {
        sku: edit.sku.0,
        field: "price".to_owned(),
        words: words(
            &format!("edit.{code}"),
            [("value", edit.price.clone().unwrap_or_default())],
        ),
        value: edit.price.unwrap_or_default(),
    });
    EditReport {
        batch: outcome.batch.map(|batch| batch.0),
        changed: count(outcome.changed),
        rejected: rejected.collect(),
        warnings: Vec::new(),
    }
}

/// Words by code.
pub(crate) fn words<const N: usize>(code: &str, params: [(&str, String); N]) -> WordsView {
    WordsView {
        code: code.to_owned(),
        params: params
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    }
}
