//! The demo shop: a data folder of its own, filled by the same use cases that a manager has, and a simulator on a
//! loopback port that plays its platforms and its ERP. Customers go on ordering while it is open.

use crate::roots;
use domain::receipt::Paper;
use engine::Engine;
use engine::error::{EngineError, Result};
use engine::printing::{Key, PrinterRequest, WantedPrinter};
use engine::stores::{AccountRequest, Credentials, StoreRequest};
use secrets::Vault;
use serde_json::{Map, Value};
use sim::pictures::DemoPicture;
use sim::scenario::{DEMO_LIBRARY, Scenario};
use sim::{Announcement, SimClock, Simulator, World};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use storage::db::Access;
use storage::printer::{Receipts, StorePrinting};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Proposals at least this sure are bound when the shop opens; the rest is left for whoever tries the app.
const SURE: f64 = 0.95;
/// Customers are asked this often whether they order something.
const STORY: Duration = Duration::from_secs(20);

/// The simulated platforms are on this machine: what the real ones allow would make the first sync last minutes.
const PACE: [(&str, &str); 2] = [("calls_per_second", "400"), ("calls_per_second_store", "200")];
/// So many pictures are hung up first, so that the pages that one opens first show them soon.
const FIRST_PICTURES: usize = 80;

/// Labels and paper of the demo's printers.
const PRINTERS: [(&str, Paper); 2] = [("前台", Paper::Mm58), ("后仓", Paper::Mm80)];
/// Orders of the last half hour come out of the printer when the shop opens.
const PRINTED_MS: i64 = 30 * 60_000;

/// An open demo shop. Dropping it ends the simulator.
pub struct Demo {
    /// The engine on the demo's folder.
    pub engine: Engine,
    /// The world behind it.
    pub simulator: Simulator,
    _serving: sim::Serving,
    story: CancellationToken,
    pictures: Option<JoinHandle<()>>,
}

impl Demo {
    /// Waits until the pictures hang: they are drawn while the shop is open already.
    pub async fn dressed(&mut self) {
        if let Some(pictures) = self.pictures.take()
            && let Err(error) = pictures.await
        {
            tracing::warn!(%error, "drawing the demo shop's pictures ended early");
        }
    }

    /// Closes the shop and waits until nothing of it holds its folder any more, beside clones of its engine that others
    /// took.
    pub async fn close(mut self) {
        self.story.cancel();
        self.dressed().await;
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.story.cancel();
    }
}

/// Opens the demo shop in a folder, which is emptied first: the simulated world starts anew each time, and what the
/// folder remembers of an earlier one would not fit it.
pub async fn open(folder: &Path, seed: u64, program: &str) -> Result<Demo> {
    open_with(folder, seed, program, usize::MAX).await
}

/// The same with so many pictures at most.
async fn open_with(folder: &Path, seed: u64, program: &str, pictures: usize) -> Result<Demo> {
    clear(folder)?;
    let scenario = Scenario::demo(seed).map_err(|error| failed(&error))?;
    let simulator = Simulator::new(World::new(seed, SimClock::Real));
    let serving = simulator.serve(0).await.map_err(|error| failed(&error))?;
    let base = serving.base_url();
    let world = scenario
        .build(scenario.clock(), &base)
        .map_err(|error| failed(&error))?
        .world;
    simulator.replace(world);
    simulator.remember(scenario.clone());
    // The demo's credentials are made up; the keychain is not asked to keep them.
    let engine = roots::open_with(folder, Access::Write, program, Some(Vault::memory()))?;
    fill(&engine, &simulator.announcement(&base)).await?;
    sim::story::open_day(&mut simulator.world(), &scenario).map_err(|error| failed(&error))?;
    let story = CancellationToken::new();
    tokio::spawn(go_on(simulator.clone(), story.clone()));
    let mut files = sim::pictures::demo_pictures(&scenario.items);
    files.truncate(pictures);
    let pictures = tokio::spawn(hang(engine.clone(), files, story.clone()));
    Ok(Demo {
        engine,
        simulator,
        _serving: serving,
        story,
        pictures: Some(pictures),
    })
}

/// Draws pictures and puts them to the products, as a manager does with the photographer's folder, but beside the
/// manager's own work, which undo is about. Some are not as the
/// platforms want them, which is what 体检 is there to find.
async fn hang(engine: Engine, files: Vec<DemoPicture>, stop: CancellationToken) {
    let (first, rest) = files.split_at(files.len().min(FIRST_PICTURES));
    for (nth, files) in [first, rest].into_iter().enumerate() {
        if files.is_empty() || stop.is_cancelled() {
            return;
        }
        let folder = engine.folder().join("photos").join(nth.to_string());
        let (to, drawn, stopped) = (folder.clone(), files.to_vec(), stop.clone());
        let drawing = tokio::task::spawn_blocking(move || draw(&drawn, &to, &stopped));
        let outcome = match drawing.await {
            Ok(Ok(true)) => engine.import_pictures_by_itself(&folder).await.map(|_| ()),
            Ok(Ok(false)) => return,
            Ok(Err(error)) => Err(failed(&error)),
            Err(error) => Err(failed(&error)),
        };
        if let Err(error) = outcome {
            tracing::warn!(%error, "the demo shop has no pictures");
            return;
        }
    }
}

/// Whether it came to the end.
fn draw(files: &[DemoPicture], folder: &Path, stop: &CancellationToken) -> std::io::Result<bool> {
    std::fs::create_dir_all(folder)?;
    for file in files {
        if stop.is_cancelled() {
            return Ok(false);
        }
        file.write(folder).map_err(std::io::Error::other)?;
    }
    Ok(true)
}

fn failed(error: &dyn std::fmt::Display) -> EngineError {
    EngineError::refused_with("demo_failed", [("text", error.to_string())])
}

/// Empties the demo's folder. It holds nothing else: it was made by [`open`] and bears a mark.
fn clear(folder: &Path) -> Result<()> {
    const MARK: &str = "demo-shop";
    let unusable = |source| EngineError::File {
        path: "demo".to_owned(),
        source,
    };
    let mark = folder.join(MARK);
    if folder.exists() {
        let empty = std::fs::read_dir(folder).map_err(unusable)?.next().is_none();
        if !empty && !mark.is_file() {
            return Err(EngineError::refused("demo_folder_not_ours"));
        }
        // Somebody may have it open: the lock says so before anything is lost.
        drop(storage::db::Db::open(folder, Access::Write, "demo")?);
        std::fs::remove_dir_all(folder).map_err(unusable)?;
    }
    std::fs::create_dir_all(folder).map_err(unusable)?;
    std::fs::write(mark, "").map_err(unusable)
}

/// Library, ERP, stores, a first reading, and the sure bindings.
async fn fill(engine: &Engine, announced: &Announcement) -> Result<()> {
    let sheet = engine.folder().join("禾记便利商品库.csv");
    std::fs::write(&sheet, DEMO_LIBRARY).map_err(|source| EngineError::File {
        path: "demo".to_owned(),
        source,
    })?;
    let mapping = engine::library::import::mapping_of(&BTreeMap::new())?;
    engine.import_run(&sheet, &mapping).await?;
    let Some(erp) = announced.services.get(announced.erp) else {
        return Err(EngineError::refused("demo_without_erp"));
    };
    let connector = engine.connectors().erps.get(announced.erp);
    let erp_account = engine
        .add_account(AccountRequest {
            service: announced.erp.to_owned(),
            name: connector.map_or(String::new(), |erp| erp.descriptor().name.to_owned()),
            endpoint: Some(erp.url.clone()),
            settings: BTreeMap::from([("order_mode".to_owned(), "lookup".to_owned())]),
            credentials: credentials(&erp.credentials),
        })
        .await?
        .account;
    engine.pull_erp_items(erp_account).await?;
    // A platform on which the shop has no store is none of its accounts.
    let selling = announced
        .services
        .iter()
        .filter(|(name, service)| **name != announced.erp && !service.stores.is_empty());
    for (service, announced) in selling {
        let account = engine
            .add_account(AccountRequest {
                service: (*service).to_owned(),
                name: String::new(),
                endpoint: Some(announced.url.clone()),
                settings: PACE.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
                credentials: credentials(&announced.credentials),
            })
            .await?
            .account;
        for store in &announced.stores {
            // The shop's branch is the one whose name is part of the store's, as a manager would choose it.
            let branch = erp.stores.iter().find(|branch| store.name.contains(&branch.name));
            let id = engine.add_store(
                account,
                &StoreRequest {
                    platform: (*service).to_owned(),
                    remote_id: store.remote_id.clone(),
                    name: store.name.clone(),
                    endpoint: Some(announced.url.clone()),
                    erp_account: Some(erp_account),
                    offline_code: branch.map(|branch| branch.remote_id.clone()).unwrap_or_default(),
                    settings: std::collections::BTreeMap::new(),
                },
            )?;
            engine.pull_store(id).await?;
            engine.bind_proposals(id, SURE).await?;
        }
    }
    hook_up_printers(engine, announced).await
}

/// The shop's printers: the first prints for every store, the second is its spare. A test page shows that they work.
async fn hook_up_printers(engine: &Engine, announced: &Announcement) -> Result<()> {
    let since = engine.now() - PRINTED_MS;
    for (service, cloud) in &announced.printers {
        let wanted = cloud
            .printers
            .iter()
            .zip(PRINTERS)
            .map(|(printer, (name, paper))| WantedPrinter {
                number: printer.sn.clone(),
                key: Key::new(printer.key.clone()),
                name: name.to_owned(),
                paper,
            });
        let added = engine
            .add_printers(PrinterRequest {
                service: (*service).to_owned(),
                account: None,
                endpoint: Some(cloud.url.clone()),
                settings: PACE.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
                credentials: credentials(&cloud.credentials),
                printers: wanted.collect(),
            })
            .await?;
        let mut ids = added.iter().filter_map(|one| one.id);
        let Some(printer) = ids.next() else { continue };
        let spare = ids.next();
        for row in engine.db().read(storage::store::all)? {
            let printing = StorePrinting {
                store: row.store.id,
                printer,
                spare,
                receipts: Receipts::Accepted,
                refunds: true,
                cancels: true,
                copies: 1,
                since,
            };
            engine.set_store_printing(row.store.id, Some(printing))?;
        }
        engine.print_test_page(printer)?;
        engine.look_at_printers().await?;
        engine.print_due().await?;
    }
    Ok(())
}

fn credentials(fields: &Map<String, Value>) -> Credentials {
    Credentials::new(
        fields
            .iter()
            .map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned())),
    )
}

/// Lets customers go on ordering until the shop closes.
async fn go_on(simulator: Simulator, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(STORY) => {}
        }
        let outcome = sim::story::continue_day(&mut simulator.world());
        if let Err(error) = outcome {
            tracing::warn!(%error, "the story does not go on");
            return;
        }
    }
}

#[cfg(test)]
#[path = "demo_tests.rs"]
mod tests;
