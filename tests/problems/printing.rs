//! The page 打印 as it calls the api, and the cloud that tells of printed slips by itself.

use crate::kit::{BREAD, WATER, counter};
use crate::printers::Shop;
use connect::error::RemoteError;
use connect::session::Credentials;
use domain::receipt::{Paper, Template};
use engine::error::EngineError;
use engine::inbox::PORT_KEY;
use serde_json::{Value, json};
use sim::PlatformId::MeituanShangou;
use sim::{FaultKind, FaultWhen};
use std::time::Duration;
use storage::ticket::TicketStage;
use suites::loopback::ask;
use suites::page::Page;

fn form(fields: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// A slip that waits at a printer without a line; its id in the cloud.
async fn stuck(shop: &Shop, number: &str) -> String {
    let engine = shop.counter.engine();
    engine.pull_orders(shop.counter.shangou).await.unwrap();
    engine.print_due().await.unwrap();
    let ticket = shop.only(number);
    assert_eq!(ticket.state, TicketStage::Waiting);
    ticket.remote
}

#[tokio::test]
async fn a_cloud_that_tells_of_a_printed_slip_is_believed_only_with_its_signature() {
    let shop = Shop::open(false).await;
    let engine = shop.counter.engine().clone();
    // Any free port: several of these run side by side.
    engine
        .db()
        .write(|tx| storage::setting::set(tx, PORT_KEY, Some("0")))
        .unwrap();
    let account = engine.db().read(storage::printer::accounts).unwrap()[0].id;
    let announced = shop.counter.sim.announcement("http://127.0.0.1:9");
    let key = announced.printers["feie"].public_key.to_owned();
    let settings = [("public_key".to_owned(), key)].into();
    engine
        .update_printer_account(account, &settings, Credentials::default())
        .await
        .unwrap();
    let sn = shop.sold[0].clone();
    shop.counter.world().feie_set_online(&sn, false).unwrap();
    let number = shop.counter.order(MeituanShangou, &[WATER]);
    let other = shop.counter.order(MeituanShangou, &[BREAD]);
    let remote = stuck(&shop, &number).await;
    let address = engine.printed_address(account).await.unwrap();
    let waiting = form(&sim::feie::ticket_push(&shop.counter.world(), &remote).unwrap());
    shop.counter.world().feie_set_online(&sn, true).unwrap();
    let honest = sim::feie::ticket_push(&shop.counter.world(), &remote).unwrap();

    // Nobody asked for messages yet.
    let (status, _) = ask("POST", address.clone(), "", form(&honest)).await;
    assert_eq!(status, 404);
    engine.set_pushes(true).await.unwrap();
    for changed in ["orderId", "status", "stime", "sign"] {
        let mut forged = honest.clone();
        for (name, value) in &mut forged {
            if name == changed {
                value.insert(0, '1');
            }
        }
        let (status, _) = ask("POST", address.clone(), "", form(&forged)).await;
        assert_eq!(status, 403, "{changed}");
    }
    // Another slip's signature proves nothing of this one.
    let mut swapped = honest.clone();
    swapped[0].1 = shop.only(&other).remote;
    let (status, _) = ask("POST", address.clone(), "", form(&swapped)).await;
    assert_eq!(status, 403);
    // A message that it waits is theirs and says nothing new.
    let (status, _) = ask("POST", address.clone(), "", waiting).await;
    assert_eq!(status, 200);
    tokio::time::sleep(Duration::from_millis(200)).await;
    for number in [&number, &other] {
        assert_eq!(shop.only(number).state, TicketStage::Waiting);
    }

    // The cloud may say it more than once.
    for _ in 0..2 {
        let (status, body) = ask("POST", address.clone(), "", form(&honest)).await;
        assert_eq!((status, body.as_str()), (200, "SUCCESS"));
    }
    for _ in 0..100 {
        if shop.only(&number).state == TicketStage::Printed {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(shop.only(&number).state, TicketStage::Printed);
    assert_eq!(
        shop.only(&other).state,
        TicketStage::Waiting,
        "the other one was not told of"
    );
    // Asking goes on and finds the other one.
    engine.print_due().await.unwrap();
    assert_eq!(shop.only(&other).state, TicketStage::Printed);
    assert_eq!(shop.slips(0, &number).len(), 1);
    engine.set_pushes(false).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_message_without_a_key_to_check_it_by_has_no_effect() {
    let shop = Shop::open(false).await;
    let engine = shop.counter.engine();
    let account = engine.db().read(storage::printer::accounts).unwrap()[0].id;
    let sn = shop.sold[0].clone();
    shop.counter.world().feie_set_online(&sn, false).unwrap();
    let number = shop.counter.order(MeituanShangou, &[WATER]);
    let remote = stuck(&shop, &number).await;
    shop.counter.world().feie_set_online(&sn, true).unwrap();
    // However it is signed: there is nothing to check it by.
    let message = format!("orderId={remote}&status=1&stime=1795233600&sign=c2lnbmVk");
    let told = engine.take_ticket_news(account, message.as_bytes()).await;
    let missing = RemoteError::MissingCredential {
        field: "public_key".to_owned(),
    };
    assert_eq!(
        told.unwrap_err().to_string(),
        EngineError::Remote(missing).to_string()
    );
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(shop.only(&number).state, TicketStage::Waiting);
}

#[tokio::test(start_paused = true)]
async fn printers_are_added_from_the_page_and_their_keys_never_come_back() {
    let counter = counter().await;
    let page = Page::of(counter.engine());
    assert_eq!(page.done("printers_list", json!({})).await["printers"], json!([]));
    let announced = counter.sim.announcement("http://127.0.0.1:9");
    let cloud = &announced.printers["feie"];
    let printer = &cloud.printers[0];
    let request = |key: &str| {
        json!({ "service": "feie", "endpoint": cloud.url, "credentials": cloud.credentials,
            "printers": [{ "number": printer.sn, "key": key, "name": "前台", "paper": "mm58" }] })
    };
    // What the cloud does not take is told in its words, and nothing of it is kept.
    let added = page.done("printers_add", request("not-its-key")).await;
    assert_eq!(added["printers"][0]["id"], Value::Null);
    assert_eq!(added["printers"][0]["refused"], "识别码不正确");
    assert_eq!(page.done("printers_list", json!({})).await["accounts"], json!([]));

    let added = page.done("printers_add", request(&printer.key)).await;
    let id = added["printers"][0]["id"].clone();
    let shown = page.done("printers_list", json!({})).await;
    assert_eq!(shown["printers"][0]["id"], id);
    assert_eq!(
        shown["printers"][0]["state"], "ready",
        "the light is asked for at once"
    );
    let account = &shown["accounts"][0];
    assert_eq!(account["masked"]["user"], cloud.credentials["user"]);
    assert_eq!(account["masked"]["ukey"], "••••••••");
    let text = shown.to_string();
    let ukey = cloud.credentials["ukey"].as_str().unwrap();
    assert!(!text.contains(&printer.key) && !text.contains(ukey));

    page.done("printer_edit", json!({ "id": id, "name": " ", "paper": "mm80" }))
        .await;
    let printers = page.done("printers_list", json!({})).await["printers"].clone();
    assert_eq!(
        printers[0]["name"],
        printer.sn.as_str(),
        "without a label it goes by its number"
    );
    assert_eq!(printers[0]["paper"], "mm80");
    page.refused("printer_edit", json!({ "id": id, "name": "", "paper": "a4" }))
        .await;

    // A wrong key of the account is told by the light; the right one puts it out.
    let account = account["id"].clone();
    let keyed = |ukey: &str| json!({ "account": account, "credentials": { "ukey": ukey } });
    page.done("printer_account_edit", keyed("wrong-ukey-of-somebody"))
        .await;
    let looked = page.done("printers_look", json!({})).await;
    assert_eq!(looked["printers"][0]["state"], "faulty");
    assert_eq!(
        page.done("app_status", json!({})).await["printers_down"],
        json!([printer.sn])
    );
    page.done("printer_account_edit", keyed(ukey)).await;
    let looked = page.done("printers_look", json!({})).await;
    assert_eq!(looked["printers"][0]["state"], "ready");

    page.done("printer_test", json!({ "id": id })).await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    let queue = page.done("tickets_list", json!({})).await;
    assert_eq!(queue["tickets"][0]["kind"], "test");
    assert_eq!(queue["tickets"][0]["state"], "printed");
    page.done("printer_remove", json!({ "id": id })).await;
    assert_eq!(page.done("printers_list", json!({})).await["printers"], json!([]));
}

#[tokio::test(start_paused = true)]
async fn the_preview_of_the_page_is_what_the_printer_gets_at_both_widths() {
    let shop = Shop::open(false).await;
    let page = Page::of(shop.counter.engine());
    let draft = json!({ "header": "禾记便利", "footer": "欢迎再来", "large_goods": true, "prices": true, "specs": true,
        "receiver": false });
    let preview = page.done("receipt_preview", json!({ "template": draft })).await;
    let template: Template = serde_json::from_value(draft.clone()).unwrap();
    for (at, paper) in [Paper::Mm58, Paper::Mm80].into_iter().enumerate() {
        let set = shop
            .counter
            .engine()
            .preview_slip(None, &template, paper)
            .unwrap();
        let shown = &preview["pages"][at];
        assert_eq!(shown["columns"], paper.columns());
        let lines = shown["lines"].as_array().unwrap();
        let text: Vec<&str> = lines.iter().map(|line| line["text"].as_str().unwrap()).collect();
        assert_eq!(text.join("\n"), set.text());
        assert!(lines.iter().any(|line| line["large"] == true));
    }
    // Looking changes nothing; saving does, and the order that comes then prints so.
    assert_eq!(page.done("receipt_template_get", json!({})).await["footer"], "");
    page.done("receipt_template_set", draft.clone()).await;
    assert_eq!(page.done("receipt_template_get", json!({})).await, draft);
    let number = shop.counter.order(MeituanShangou, &[WATER]);
    shop.minute().await;
    let ticket = shop.only(&number);
    let sent = page.done("ticket_page", json!({ "id": ticket.id })).await;
    let preview = page.done("receipt_preview", json!({ "order": number })).await;
    assert_eq!(sent, preview["pages"][0]);
    page.refused("receipt_preview", json!({ "order": "no such number" }))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_counted_wherever_the_window_counts_and_asked_on_the_page() {
    let shop = Shop::open(false).await;
    let page = Page::of(shop.counter.engine());
    shop.fault(
        "Open_printMsg",
        FaultKind::LostAnswer,
        FaultWhen::Next { count: 1, skip: 0 },
    );
    let number = shop.counter.order(MeituanShangou, &[WATER]);
    shop.minute().await;
    let asks = page.done("tickets_list", json!({ "view": "asks" })).await;
    assert_eq!((asks["asks"].as_i64(), asks["open"].as_i64()), (Some(1), Some(1)));
    let ticket = &asks["tickets"][0];
    assert_eq!(ticket["state"], "unknown");
    assert_eq!(ticket["number"], number.as_str());
    assert_eq!(ticket["cause"]["code"], "print.unknown");
    assert_eq!(page.done("app_status", json!({})).await["slips_asking"], 1);
    assert_eq!(
        page.done("printers_list", json!({})).await["printers"][0]["asks"],
        1
    );
    let warnings = page.done("workbench_get", json!({})).await["warnings"].clone();
    assert_eq!(warnings[0]["code"], "warning.slips_asking");
    let order = shop.counter.stored(&number).id;
    let detail = page.done("orders_show", json!({ "id": order })).await;
    assert_eq!(detail["tickets"][0]["asks"], true);

    page.done("ticket_decide", json!({ "id": ticket["id"], "printed": true }))
        .await;
    assert_eq!(page.done("app_status", json!({})).await["slips_asking"], 0);
    // 补打 is a slip of its own, marked, and leaves the first as it is.
    page.done("slip_reprint", json!({ "order": order, "kind": "receipt" }))
        .await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    let detail = page.done("orders_show", json!({ "id": order })).await;
    let tickets = detail["tickets"].as_array().unwrap();
    let states: Vec<(i64, &str)> = tickets
        .iter()
        .map(|one| (one["reprint"].as_i64().unwrap(), one["state"].as_str().unwrap()))
        .collect();
    assert_eq!(states, [(0, "printed"), (1, "printed")]);
    let slips = shop.slips(0, &number);
    assert!(slips.len() == 2 && slips[1].contains("【补打】"), "{slips:?}");
    page.refused("ticket_decide", json!({ "id": ticket["id"], "printed": false }))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_slip_that_grew_too_old_is_printed_when_a_person_asks_for_it() {
    let shop = Shop::open(false).await;
    let page = Page::of(shop.counter.engine());
    let sn = shop.sold[0].clone();
    shop.counter.world().feie_set_online(&sn, false).unwrap();
    let number = shop.counter.order(MeituanShangou, &[WATER]);
    shop.minute().await;
    tokio::time::sleep(Duration::from_hours(5)).await;
    shop.counter.world().feie_set_online(&sn, true).unwrap();
    shop.minute().await;
    assert_eq!(shop.only(&number).cause, "print.expired");
    let asks = page.done("tickets_list", json!({ "view": "asks" })).await;
    assert_eq!(asks["tickets"][0]["state"], "failed");
    let id = asks["tickets"][0]["id"].clone();
    page.done("ticket_decide", json!({ "id": id, "printed": false }))
        .await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(shop.only(&number).state, TicketStage::Printed);
    assert_eq!(shop.slips(0, &number).len(), 1);
    assert_eq!(
        page.done("tickets_list", json!({ "view": "asks" })).await["tickets"],
        json!([])
    );
}

#[tokio::test(start_paused = true)]
async fn a_store_prints_what_the_page_says_and_a_cleared_queue_asks_for_nothing() {
    let shop = Shop::open(false).await;
    let page = Page::of(shop.counter.engine());
    let store = shop.counter.shangou;
    let set = |spare: Value, copies: i64| {
        json!({ "store": store, "printer": shop.printers[0], "spare": spare, "receipts": "placed", "refunds": false,
            "cancels": true, "copies": copies })
    };
    page.refused("store_printing_set", set(json!(shop.printers[0]), 1))
        .await;
    page.refused("store_printing_set", set(Value::Null, 0)).await;
    page.done("store_printing_set", set(json!(shop.printers[1]), 2))
        .await;
    let shown = page.done("printers_list", json!({})).await;
    let stores = shown["stores"].as_array().unwrap();
    assert_eq!(stores.len(), 2, "stores that do not print are shown too");
    let row = stores
        .iter()
        .find(|row| row["store"]["id"] == json!(store))
        .unwrap();
    assert_eq!((&row["copies"], &row["refunds"]), (&json!(2), &json!(false)));
    assert_eq!(row["spare"], json!(shop.printers[1]));

    for sn in &shop.sold {
        shop.counter.world().feie_set_online(sn, false).unwrap();
    }
    let number = shop.counter.order(MeituanShangou, &[WATER]);
    shop.minute().await;
    let id = shop.only(&number).printer;
    let cleared = page.done("printer_clear", json!({ "id": id })).await;
    assert_eq!(cleared["count"], 1);
    assert_eq!(shop.only(&number).cause, "print.cleared");
    assert_eq!(page.done("app_status", json!({})).await["slips_asking"], 0);
    page.done("store_printing_set", json!({ "store": store })).await;
    let shown = page.done("printers_list", json!({})).await;
    let row = shown["stores"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["store"]["id"] == json!(store));
    assert_eq!(row.unwrap()["printer"], Value::Null);
}

#[tokio::test(start_paused = true)]
async fn a_printer_out_of_use_prints_nothing_more_and_is_not_added_again_by_what_waited_there() {
    let shop = Shop::open(false).await;
    let page = Page::of(shop.counter.engine());
    let sn = shop.sold[0].clone();
    shop.counter.world().feie_set_online(&sn, false).unwrap();
    let number = shop.counter.order(MeituanShangou, &[WATER]);
    shop.minute().await;
    page.done("printer_remove", json!({ "id": shop.printers[0] }))
        .await;
    let ticket = shop.only(&number);
    assert_eq!(ticket.cause, "print.cleared");
    // Nowhere to print it yet.
    let again = json!({ "id": ticket.id, "printed": false });
    page.refused("ticket_decide", again.clone()).await;
    shop.minute().await;
    assert!(!shop.counter.world().feie.printers[&sn].registered);
    // The store has another printer now: there it comes out.
    let set = json!({ "store": shop.counter.shangou, "printer": shop.printers[1], "receipts": "placed", "copies": 1 });
    page.done("store_printing_set", set).await;
    page.done("ticket_decide", again).await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(shop.only(&number).state, TicketStage::Printed);
    assert_eq!(
        (shop.slips(0, &number).len(), shop.slips(1, &number).len()),
        (0, 1)
    );
}
