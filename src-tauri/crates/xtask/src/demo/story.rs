//! The whole main job, by the public commands that a manager has: import, authorize, read, match, check, sync; then the
//! day begins, orders come, some become exceptions, each cause is mended and what waited is pushed again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::report::{Pictures, Report};
use super::stage::Stage;
use crate::report::say;

/// As many pictures are drawn at most: each is sent to every shop that sells its product.
const PICTURES: usize = 120;
/// The simulated platforms are on this machine and take more calls than the real ones, whose pace would be minutes.
const PACE: [&str; 4] = [
    "--setting",
    "calls_per_second=400",
    "--setting",
    "calls_per_second_store=200",
];

/// Plays it. `look` is called when the exceptions are there and nobody has mended anything yet.
pub(super) fn play(stage: &Stage, look: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<Report> {
    let mut report = Report {
        seed: stage.seed,
        ..Report::default()
    };
    open_shop(stage, &mut report)?;
    let stores = stores(stage)?;
    read_and_match(stage, &stores, &mut report)?;
    let checked = dress(stage, &mut report)?;
    sync(stage, &stores, &checked, &mut report)?;
    say("demo: the day begins");
    let day = stage.act("story/open_day", &json!({}))?;
    mistype(stage, &day)?;
    let met = take_orders(stage, &mut report)?;
    look()?;
    mend(stage, &day)?;
    count(stage, &stores, &met, &mut report)?;
    Ok(report)
}

fn open_shop(stage: &Stage, report: &mut Report) -> anyhow::Result<()> {
    say("demo: importing the library");
    let sheet = stage.library.to_string_lossy();
    let import = stage.cli(&["library", "import", &sheet])?;
    say(format!(
        "demo: {} rows, {} products made",
        import["rows"], import["created"]
    ));
    if stage.foreign {
        code_by_barcode(stage)?;
    }
    let listed = stage.cli(&["library", "list", "--limit", "1"])?;
    report.products = number(&listed["total"]);

    let services = stage.announced["services"]
        .as_object()
        .context("no services announced")?
        .clone();
    let erp_id = text(&stage.announced["erp"]).to_owned();
    let erp = services.get(&erp_id).context("no ERP announced")?;
    let added = stage.cli_with(
        &[
            "store",
            "add",
            "--platform",
            &erp_id,
            "--name",
            "ERP",
            "--endpoint",
            text(&erp["url"]),
            "--setting",
            "order_mode=lookup",
        ],
        Some(&erp["credentials"]),
    )?;
    let erp_account = text_of(&added["account"]);
    let branches: Vec<(String, String)> = erp["stores"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|branch| {
            (
                text(&branch["remote_id"]).to_owned(),
                text(&branch["name"]).to_owned(),
            )
        })
        .collect();
    for (platform, service) in services.iter().filter(|(name, _)| **name != erp_id) {
        let mut account: Option<String> = None;
        for store in service["stores"].as_array().into_iter().flatten() {
            let name = text(&store["name"]);
            // The shop's branch is the one whose name is part of the store's name, as a manager would choose it.
            let branch = branches
                .iter()
                .find(|(_, branch)| name.contains(branch.as_str()) || branch.contains(name))
                .or(branches.first())
                .map(|(code, _)| code.clone())
                .unwrap_or_default();
            let mut words = vec![
                "store",
                "add",
                "--platform",
                platform,
                "--remote-id",
                text(&store["remote_id"]),
                "--name",
                name,
                "--endpoint",
                text(&service["url"]),
                "--erp",
                &erp_account,
                "--offline-code",
                &branch,
            ];
            if let Some(account) = &account {
                words.extend(["--account", account]);
            } else {
                words.extend(PACE);
            }
            let first = account.is_none();
            let added = stage.cli_with(&words, first.then_some(&service["credentials"]))?;
            if first {
                account = Some(text_of(&added["account"]));
            }
        }
    }
    Ok(())
}

/// A library without 商品编码 has no way to the ERP. Its manager takes the barcode for the code, as the simulated ERP
/// does, with a second sheet; a barcode that several goods share stays without.
fn code_by_barcode(stage: &Stage) -> anyhow::Result<()> {
    let listed = stage.cli(&["library", "list", "--limit", "1000000"])?;
    let mut goods: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for product in listed["products"].as_array().into_iter().flatten() {
        for sku in product["skus"].as_array().into_iter().flatten() {
            let held = (text(&product["name"]), text(&sku["item_code"]));
            goods.entry(text(&sku["barcode"])).or_default().push(held);
        }
    }
    let mut sheet = "商品名称,规格编码,商品编码\n".to_owned();
    let mut coded = 0;
    for (barcode, held) in goods {
        if let [(name, "")] = held.as_slice()
            && !barcode.is_empty()
        {
            let cells = [name, barcode, barcode].map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
            sheet.push_str(&cells.join(","));
            sheet.push('\n');
            coded += 1;
        }
    }
    if coded > 0 {
        let file = stage.home().join("codes.csv");
        fs::write(&file, sheet)?;
        let done = stage.cli(&["library", "import", &file.to_string_lossy()])?;
        say(format!(
            "demo: {coded} goods without a code, {} got their barcode for one",
            done["updated"]
        ));
    }
    Ok(())
}

fn stores(stage: &Stage) -> anyhow::Result<Vec<(String, String)>> {
    let listed = stage.cli(&["store", "list"])?;
    let stores: Vec<(String, String)> = listed["stores"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|store| (text_of(&store["id"]), text(&store["platform"]).to_owned()))
        .collect();
    if stores.is_empty() {
        bail!("no store was added");
    }
    Ok(stores)
}

fn read_and_match(stage: &Stage, stores: &[(String, String)], report: &mut Report) -> anyhow::Result<()> {
    for (store, platform) in stores {
        let test = stage.cli(&["store", "test", store])?;
        let failed = test["steps"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|step| step["ok"] == json!(false));
        if let Some(step) = failed {
            bail!("connection test of store {store} ({platform}): {step}");
        }
        let pulled = stage.cli(&["pull", store])?;
        let matched = stage.cli(&["match", store, "--apply"])?;
        report.listings += number(&pulled["listings"]);
        report.bound += number(&matched["bound"]);
        say(format!(
            "demo: store {store} on {platform}: {} listings read, {} bound",
            pulled["listings"], matched["bound"]
        ));
    }
    Ok(())
}

/// The photographer's folder: pictures are put to the products, checked, and those that a platform would refuse are
/// repaired. Gives what preflight says after that.
fn dress(stage: &Stage, report: &mut Report) -> anyhow::Result<Value> {
    let folder = stage.home().join("photos");
    let folder = folder.to_string_lossy();
    let limit = PICTURES.to_string();
    let mut draw = vec!["simulator", "pictures", "--out", &folder, "--limit", &limit];
    let sheet = stage.library.to_string_lossy();
    if stage.foreign {
        draw.extend(["--library", &sheet]);
    }
    let drawn = stage.cli(&draw)?;
    let put = stage.cli(&["pictures", "import", &folder])?;
    let before = picture_findings(&stage.cli(&["preflight"])?);
    let repaired = stage.cli(&["pictures", "repair", "--allow-enlarge"])?;
    let checked = stage.cli(&["preflight"])?;
    let after = picture_findings(&checked);
    say(format!(
        "demo: {} pictures put to products, {} findings, {} pictures repaired, {} findings left",
        put["added"],
        told(&before),
        repaired["repaired"],
        told(&after)
    ));
    report.pictures = Pictures {
        files: number(&drawn["files"]),
        faulty: number(&drawn["faulty"]),
        found: before,
        repaired: number(&repaired["repaired"]),
        left: after,
    };
    Ok(checked)
}

/// What preflight says of pictures: how often by id, hints left out (they need nothing done).
fn picture_findings(checked: &Value) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for finding in checked["findings"].as_array().into_iter().flatten() {
        let id = text(&finding["id"]);
        // F42b is the managers' name for a picture of too many bytes where a picture is a must.
        if (id.starts_with("IMG") || id == "F42b") && text(&finding["severity"]) != "hint" {
            *counts.entry(id.to_owned()).or_default() += 1;
        }
    }
    counts
}

fn told(counts: &BTreeMap<String, u64>) -> String {
    let parts: Vec<String> = counts.iter().map(|(id, count)| format!("{id} {count}")).collect();
    if parts.is_empty() {
        "no".to_owned()
    } else {
        parts.join(", ")
    }
}

/// Mends what `checked` found and can be mended at once, then syncs every store and its stock.
fn sync(
    stage: &Stage,
    stores: &[(String, String)],
    checked: &Value,
    report: &mut Report,
) -> anyhow::Result<()> {
    say(format!("demo: preflight: {}", checked["counts"]));
    // A barcode whose check digit is wrong is dropped by the platforms without a word, or refused where one is a must.
    let fixed = stage.cli(&["preflight", "--fix", "F39"])?;
    say(format!("demo: {} wrong barcodes put right", fixed["fixed"]));
    let ids = stores.iter().map(|(store, _)| store.as_str());
    let done = stage.cli(&["sync", "apply"].into_iter().chain(ids).collect::<Vec<_>>())?;
    let rejected = number(&done["rejected"]) + number(&done["waiting"]);
    report.rejected += rejected;
    for row in done["rejected"].as_array().into_iter().flatten().take(5) {
        say(format!(
            "demo: refused: {}: {}",
            text(&row["subject"]),
            text(&row["message"])
        ));
    }
    say(format!(
        "demo: {} stores synced: {} confirmed, {rejected} rejected, {} in review, {} unknown",
        stores.len(),
        done["confirmed"],
        done["in_review"],
        done["unknown"]
    ));
    let pushed = stage.cli(&["stock", "push"])?;
    report.rejected += number(&pushed["rejected"]);
    say(format!("demo: stock: {pushed}"));
    Ok(())
}

/// In a library whose codes are all sound nobody meets F19 by an item's code. There somebody in a hurry has typed the
/// shop's own number with a sign that the ERP cannot read (F19b).
fn mistype(stage: &Stage, day: &Value) -> anyhow::Result<()> {
    let trap = &day["offline_code"];
    if day["expected"].get("F19a").is_some() || trap.is_null() {
        return Ok(());
    }
    let listed = stage.cli(&["store", "list"])?;
    let store = listed["stores"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|store| store["platform"] == trap["platform"] && store["remote_id"] == trap["shop"])
        .context("the story names a shop that was not added")?;
    let id = text_of(&store["id"]);
    stage.cli(&["store", "set", &id, "--offline-code", text(&trap["typed"])])?;
    Ok(())
}

/// Reads the orders; gives the numbers of those that became exceptions.
fn take_orders(stage: &Stage, report: &mut Report) -> anyhow::Result<BTreeSet<String>> {
    stage.cli(&["orders", "pull"])?;
    let listed = stage.cli(&["exceptions", "list"])?;
    for (cause, count) in listed["by_cause"].as_object().into_iter().flatten() {
        // Two rows of one problem (F19a, F19b) are one cause to a person.
        let cause = if cause.starts_with("F19") { "F19" } else { cause };
        *report.causes.entry(cause.to_owned()).or_default() += number(count);
    }
    report.exceptions = report.causes.values().sum();
    say(format!(
        "demo: {} exceptions: {}",
        report.exceptions, listed["by_cause"]
    ));
    Ok(order_numbers(&listed["exceptions"]))
}

/// Mends every cause. What no command can know, the shop's owner does outside: opening the ERP's switch.
fn mend(stage: &Stage, day: &Value) -> anyhow::Result<()> {
    let branches: BTreeSet<&str> = day["troubles"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|trouble| trouble["cause"] == json!("F24"))
        .map(|trouble| text(&trouble["branch"]))
        .collect();
    for branch in branches {
        stage.act(
            "act",
            &json!({ "act": "erp_set_receive", "branch": branch, "receives": true }),
        )?;
    }
    for _ in 0..3 {
        let listed = stage.cli(&["exceptions", "list"])?;
        let causes: BTreeMap<String, u64> = listed["by_cause"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(cause, count)| (cause.clone(), number(count)))
            .collect();
        if causes.is_empty() {
            break;
        }
        for cause in causes.keys() {
            stage.cli(&["exceptions", "fix", "--cause", cause])?;
        }
        decide(stage, day)?;
        stage.cli(&["exceptions", "repush", "--all"])?;
    }
    Ok(())
}

/// What no rule can be sure of, the manager decides: which ERP item a product is, and what a listing without any sign is.
/// She knows her goods; the story tells the demo what she knows.
fn decide(stage: &Stage, day: &Value) -> anyhow::Result<()> {
    let listed = stage.cli(&["exceptions", "list"])?;
    for row in listed["exceptions"].as_array().into_iter().flatten() {
        // An earlier decision may have pushed this order already; then the command finds nothing to do.
        let order = text(&row["order"]);
        let met =
            |cause: &Value| day_troubles(day).find(|t| t["cause"] == *cause && holds(&t["orders"], order));
        match text(&row["cause"]) {
            "F02b" => {
                let Some(trouble) = met(&json!("F02b")) else {
                    continue;
                };
                let Some(listing_sku) = choice(row) else { continue };
                let found = stage.cli(&[
                    "library",
                    "list",
                    "--search",
                    text(&trouble["item_code"]),
                    "--limit",
                    "5",
                ])?;
                let Some(sku) = sku_of(&found, trouble) else {
                    continue;
                };
                stage.cli(&["bind", &listing_sku.to_string(), &sku.to_string()])?;
            }
            "F01d" | "F03" | "F19a" => {
                let right = ["F01d", "F03", "F19a"]
                    .iter()
                    .find_map(|cause| met(&json!(cause))?["right_code"].as_str());
                let Some(code) = right else { continue };
                stage.cli(&["exceptions", "fix", "--order", order, "--item-code", code])?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn day_troubles(day: &Value) -> impl Iterator<Item = &Value> {
    day["troubles"].as_array().into_iter().flatten()
}

fn holds(orders: &Value, order: &str) -> bool {
    orders
        .as_array()
        .into_iter()
        .flatten()
        .any(|number| text(number) == order)
}

/// The platform SKU that the exception asks to choose a partner for.
fn choice(row: &Value) -> Option<i64> {
    row["remedies"]
        .as_array()?
        .iter()
        .find_map(|remedy| remedy["action"]["listing_sku"].as_i64())
}

fn sku_of(found: &Value, trouble: &Value) -> Option<i64> {
    let skus = found["products"]
        .as_array()?
        .iter()
        .flat_map(|product| product["skus"].as_array().into_iter().flatten());
    skus.filter(|sku| sku["item_code"] == trouble["item_code"])
        .find_map(|sku| sku["id"].as_i64())
}

fn count(
    stage: &Stage,
    stores: &[(String, String)],
    met: &BTreeSet<String>,
    report: &mut Report,
) -> anyhow::Result<()> {
    let ledger = stage.books("ledger")?;
    for (_, platform) in stores {
        let synced = &ledger["synced"][platform.as_str()];
        report.synced.insert(
            platform.clone(),
            number(&synced["created"]) + number(&synced["updated"]),
        );
    }
    let open = order_numbers(&stage.cli(&["exceptions", "list"])?["exceptions"]);
    let orders = ledger["orders"].as_array().cloned().unwrap_or_default();
    let missing: BTreeSet<String> = orders
        .iter()
        .filter(|order| order["due"] == json!(true) && number(&order["erp_documents"]) == 0)
        .map(|order| text(&order["number"]).to_owned())
        .collect();
    if number(&ledger["not_in_erp"]) != u64::try_from(missing.len()).unwrap_or(u64::MAX) {
        bail!(
            "the simulator's ledger does not add up: {} orders missing",
            missing.len()
        );
    }
    report.orders = u64::try_from(orders.len()).unwrap_or(u64::MAX);
    report.pushed = number(&ledger["erp_documents"]);
    report.duplicated = number(&ledger["duplicated"]);
    let length = |orders: usize| u64::try_from(orders).unwrap_or(u64::MAX);
    report.lost = length(missing.difference(&open).count());
    // An exception counts as repushed when the ERP's own books have it, or nobody waits for it any more.
    report.repushed = length(
        met.difference(&missing)
            .filter(|order| !open.contains(*order))
            .count(),
    );
    Ok(())
}

/// The order numbers of exceptions.
fn order_numbers(exceptions: &Value) -> BTreeSet<String> {
    exceptions
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| text(&row["order"]).to_owned())
        .collect()
}

fn number(value: &Value) -> u64 {
    match value {
        Value::Array(items) => u64::try_from(items.len()).unwrap_or(u64::MAX),
        other => other.as_u64().unwrap_or(0),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Ids may be numbers or text; commands take text.
fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
