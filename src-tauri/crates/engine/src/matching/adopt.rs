//! Library products made of what a platform has: names, specs, codes, prices, group and pictures come along (F14).

use super::bind::{BindReport, Pair};
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use connect::address::PublicOnly;
use connect::gateway::Call;
use connect::pacing::Pace;
use domain::id::{ListingId, ListingSkuId, StoreId};
use images::Probe;
use std::collections::BTreeMap;
use std::net::IpAddr;
use storage::change::Changes;
use storage::db::Tx;
use storage::listing::ListingSkuRow;
use storage::picture::PictureRow;
use storage::product::{NewProduct, SkuData};
use url::{Host, Url};

/// A picture from outside is not read beyond this.
const LARGEST: usize = 20 * 1024 * 1024;
/// So many pictures come along with one product.
const MOST: usize = 5;

/// A picture read from a platform and looked at.
pub(crate) struct Fetched {
    hash: String,
    probe: Probe,
    name: String,
}

impl Engine {
    /// Makes library products of listings that are bound to none, and binds them, as one batch. The SKUs of one listing
    /// make one product; where a sibling is bound already they join its product.
    pub async fn adopt(&self, listing_skus: &[ListingSkuId]) -> Result<BindReport> {
        let mut listings: BTreeMap<ListingId, Vec<ListingSkuRow>> = BTreeMap::new();
        for id in listing_skus {
            let row = self.db().read(|c| storage::listing::sku(c, *id))?;
            if row.bound_to.is_none() {
                listings.entry(row.listing).or_default().push(row);
            }
        }
        let mut pictures: BTreeMap<ListingId, Vec<Fetched>> = BTreeMap::new();
        for (id, rows) in &listings {
            if let Some(first) = rows.first() {
                pictures.insert(*id, self.fetch_pictures(first.store, &first.pictures).await?);
            }
        }
        let origin = self.by_user("batch.adopt");
        let mut pairs: Vec<Pair> = Vec::new();
        let batch = self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            for (id, rows) in &listings {
                let fetched = pictures.get(id).map_or(&[][..], Vec::as_slice);
                pairs.extend(adopt_one(&mut changes, origin.at, *id, rows, fetched)?);
            }
            let batch = changes.id();
            let written = changes.finish(false)?;
            Ok::<_, EngineError>((written > 0).then_some(batch))
        })?;
        let mut report = BindReport {
            batch,
            bound: pairs.len(),
            ..BindReport::default()
        };
        self.events().changed(&[Tag::Products]);
        self.after_binding(&pairs, &mut report).await?;
        Ok(report)
    }

    /// Reads pictures by their addresses and puts their bytes on the shelf; what is no address, not allowed or no
    /// picture is left out.
    pub(crate) async fn fetch_pictures(&self, store: StoreId, addresses: &[String]) -> Result<Vec<Fetched>> {
        let mut fetched = Vec::new();
        let session = self.store_session(store).await?;
        for address in addresses.iter().take(MOST) {
            let Some(url) = allowed(address, session.endpoint.as_ref()) else {
                continue;
            };
            let Ok(mut request) = http::Request::get(url.as_str()).body(bytes::Bytes::new()) else {
                continue;
            };
            // Plain http is the store's own simulator; everything else may not lead into the shop's network.
            if url.scheme() == "https" {
                request.extensions_mut().insert(PublicOnly);
            }
            let call = Call {
                name: "picture".to_owned(),
                request,
                pace: Pace::per_second(0.0, 0.0),
                brings_tokens: false,
            };
            let reply = match self.connectors().gateway.send(&session, call).await {
                Ok(reply) if reply.status == 200 && reply.body.len() <= LARGEST => reply,
                Ok(_) => continue,
                Err(error) => {
                    tracing::info!(%error, "a platform's picture could not be read");
                    continue;
                }
            };
            let folder = self.folder().to_path_buf();
            let kept = tokio::task::spawn_blocking(move || {
                let probe = images::probe_deep(&reply.body, None);
                if probe.readable != Some(true) {
                    return Ok(None);
                }
                let hash = images::content_hash(&reply.body);
                storage::picture::write_file(&folder, &hash, &reply.body)?;
                Ok::<_, EngineError>(Some((hash, probe)))
            })
            .await??;
            if let Some((hash, probe)) = kept {
                let name = url
                    .path_segments()
                    .and_then(Iterator::last)
                    .unwrap_or_default()
                    .to_owned();
                fetched.push(Fetched { hash, probe, name });
            }
        }
        Ok(fetched)
    }
}

/// Puts the rows of fetched pictures in; gives their hashes, each once.
pub(crate) fn keep_pictures(tx: &Tx<'_>, at: i64, fetched: &[Fetched]) -> Result<Vec<String>> {
    let mut hashes: Vec<String> = Vec::new();
    for picture in fetched {
        let (width, height) = picture.probe.oriented_size();
        let row = PictureRow {
            hash: picture.hash.clone(),
            format: picture.probe.format.code().to_lowercase(),
            width: i64::from(width),
            height: i64::from(height),
            bytes: i64::try_from(picture.probe.bytes).unwrap_or(i64::MAX),
            probe: serde_json::to_string(&picture.probe)?,
            name: picture.name.clone(),
            made_from: None,
        };
        storage::picture::insert(tx, at, &row)?;
        if !hashes.contains(&picture.hash) {
            hashes.push(picture.hash.clone());
        }
    }
    Ok(hashes)
}

fn adopt_one(
    changes: &mut Changes<'_>,
    at: i64,
    listing: ListingId,
    rows: &[ListingSkuRow],
    fetched: &[Fetched],
) -> Result<Vec<Pair>> {
    let Some(first) = rows.first() else {
        return Ok(Vec::new());
    };
    let siblings = storage::listing::of_listing(changes.tx(), listing)?;
    let home = siblings.iter().find_map(|row| row.bound_to);
    let home = match home {
        Some(sku) => storage::product::of_sku(changes.tx(), sku)?,
        None => None,
    };
    let skus: Vec<SkuData> = rows.iter().map(sku_data).collect();
    let ids = if let Some(product) = home {
        skus.iter()
            .map(|data| storage::product::add_sku(changes, at, product, data))
            .collect::<storage::error::Result<Vec<_>>>()?
    } else {
        let pictures = keep_pictures(changes.tx(), at, fetched)?;
        let new = NewProduct {
            name: first.name.clone(),
            spu_code: String::new(),
            category: storage::category::ensure(changes, &first.group_path)?,
            brand: String::new(),
            description: String::new(),
            pictures,
            skus,
        };
        storage::product::insert(changes, at, &new)?.1
    };
    let mut pairs = Vec::new();
    for (row, sku) in rows.iter().zip(ids) {
        storage::listing::bind(changes, at, row.id, sku, "adopted")?;
        pairs.push((row.id, sku));
    }
    Ok(pairs)
}

fn sku_data(row: &ListingSkuRow) -> SkuData {
    SkuData {
        spec_name: row.spec_name.clone(),
        size_text: String::new(),
        item_code: row.outer_sku_code.clone(),
        barcode: row.barcode.clone(),
        unit: String::new(),
        price_fen: row.price_fen,
        cost_fen: None,
        stock: row.stock,
        base_quantity_milli: 1_000,
        weight_g: None,
    }
}

/// Whether a picture may be read from an address: https to a named host, or http to the very loopback port that the
/// store itself is reached at (the simulator). No credentials inside.
fn allowed(address: &str, endpoint: Option<&Url>) -> Option<Url> {
    let url = Url::parse(address).ok()?;
    if !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    match (url.scheme(), url.host()?) {
        ("https", Host::Domain(name)) if name.contains('.') && !name.ends_with(".localhost") => Some(url),
        ("http", Host::Ipv4(ip)) if IpAddr::V4(ip).is_loopback() => simulator(url, endpoint),
        ("http", Host::Ipv6(ip)) if IpAddr::V6(ip).is_loopback() => simulator(url, endpoint),
        _ => None,
    }
}

fn simulator(url: Url, endpoint: Option<&Url>) -> Option<Url> {
    let same = endpoint.is_some_and(|own| own.host_str() == url.host_str() && own.port() == url.port());
    same.then_some(url)
}

#[cfg(test)]
mod tests {
    use super::allowed;
    use url::Url;

    #[test]
    fn pictures_come_from_named_https_hosts_or_the_stores_own_simulator() {
        let own = Url::parse("http://127.0.0.1:9000/api").unwrap();
        for (address, ok) in [
            ("https://img.example.com/a.jpg", true),
            ("http://127.0.0.1:9000/pictures/a.jpg", true),
            ("http://127.0.0.1:9001/a.jpg", false),
            ("http://img.example.com/a.jpg", false),
            ("https://10.0.0.1/a.jpg", false),
            ("https://169.254.169.254/latest", false),
            ("https://[::1]/a.jpg", false),
            ("https://localhost/a.jpg", false),
            ("https://me:secret@img.example.com/a.jpg", false),
            ("file:///etc/passwd", false),
            ("abc123", false),
        ] {
            assert_eq!(allowed(address, Some(&own)).is_some(), ok, "{address}");
        }
        assert!(allowed("http://127.0.0.1:9000/a.jpg", None).is_none());
    }
}
