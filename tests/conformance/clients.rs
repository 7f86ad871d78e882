//! The simulator against clients that nobody here wrote: the SDK of 饿了么 by the platform itself, and two by others, as
//! they are in the Python registry. What they read must be there, what they write must arrive, and a forged signature
//! must do nothing.

use serde_json::Value;
use sim::scenario::ScenarioStore;
use sim::world::Shop;
use sim::{PlatformId, SimClock, Simulator};
use std::path::PathBuf;
use std::process::Stdio;
use suites::program::skip;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

const PLATFORMS: [PlatformId; 3] = [PlatformId::Ebai, PlatformId::Eleme, PlatformId::Doudian];

/// The interpreter that set-up has put beside the clients.
fn python() -> Option<PathBuf> {
    let target = std::env::current_exe().ok()?;
    let venv = target.parent()?.parent()?.parent()?.join("clients/venv");
    let program = venv.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    if program.is_file() {
        return Some(program);
    }
    skip("clients that others wrote: cargo xtask setup installs them, and there is no Python here");
    None
}

fn world() -> Simulator {
    let mut scenario = suites::scenario::small(12, &[suites::BRANCH]);
    let like = scenario.stores[0].clone();
    scenario.stores = PLATFORMS
        .into_iter()
        .zip(20_011_200_u64..)
        .map(|(platform, number)| ScenarioStore {
            platform,
            remote_id: number.to_string(),
            listed_per_mille: 1000,
            ..like.clone()
        })
        .collect();
    // The clients sign with the time as it is.
    let built = scenario.build(SimClock::Real, "http://127.0.0.1").unwrap();
    Simulator::new(built.world)
}

/// What the clients were given, call by call.
async fn given(python: PathBuf, announced: &str) -> Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/clients/clients.py");
    let mut child = Command::new(python)
        .arg(script)
        // One of them takes the clock on the wall for that of Shanghai.
        .env("TZ", "Asia/Shanghai")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(announced.as_bytes()).await.unwrap();
    drop(stdin);
    let done = child.wait_with_output().await.unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}");
    serde_json::from_slice(&done.stdout).unwrap()
}

fn shop<T>(simulator: &Simulator, platform: PlatformId, look: impl Fn(&Shop) -> T) -> T {
    let world = simulator.world();
    look(world.shops(platform).values().next().unwrap())
}

/// The stock of the spec with this id, or of the only spec of the product with it.
fn stock(shop: &Shop, id: &str) -> Option<i64> {
    let of_product = shop.listings.get(id).and_then(|listing| listing.specs.first());
    let mut specs = shop.listings.values().flat_map(|listing| &listing.specs);
    of_product
        .or_else(|| specs.find(|spec| spec.id == id))
        .map(|spec| spec.stock)
}

fn rows(value: &Value) -> usize {
    value.as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn clients_that_others_wrote_read_and_write_unchanged_and_their_forgeries_do_nothing() {
    let Some(python) = python() else { return };
    let simulator = world();
    let serving = simulator.serve(0).await.unwrap();
    let announced = serde_json::to_string(&simulator.announcement(&serving.base_url())).unwrap();
    let given = given(python, &announced).await;

    let goods = |platform| shop(&simulator, platform, |shop| shop.listings.len());
    assert_eq!(rows(&given["ebai shops"]), 1, "{given}");
    assert_eq!(rows(&given["ebai goods"]), goods(PlatformId::Ebai), "{given}");
    assert!(rows(&given["ebai groups"]) > 0, "{given}");
    let first = given["ebai first"].as_str().unwrap();
    assert_eq!(
        shop(&simulator, PlatformId::Ebai, |shop| stock(shop, first)),
        Some(7)
    );
    assert_eq!(given["ebai forged"]["refused"], "EbaiClientException", "{given}");

    let name = shop(&simulator, PlatformId::Eleme, |shop| shop.name.clone());
    assert_eq!(given["eleme shop"]["name"], Value::from(name), "{given}");
    assert_eq!(rows(&given["eleme goods"]), goods(PlatformId::Eleme), "{given}");
    assert!(rows(&given["eleme groups"]) > 0, "{given}");
    let first = given["eleme first"].to_string();
    assert_eq!(
        shop(&simulator, PlatformId::Eleme, |shop| stock(shop, &first)),
        Some(7)
    );
    assert_eq!(
        given["eleme forged"]["refused"], "InvalidSignatureException",
        "{given}"
    );
    assert!(given["eleme token"]["access_token"].is_string(), "{given}");

    assert!(given["doudian token"].is_string(), "{given}");
    assert_eq!(rows(&given["doudian stores"]), 1, "{given}");
    serving.stop().await;
}
