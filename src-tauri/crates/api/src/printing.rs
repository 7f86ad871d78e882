//! 打印: bodies of the `printer_*`, `printers_*`, `receipt_*`, `slip_*` and `ticket_*` commands.

use crate::Api;
use crate::error::{ApiError, Result};
use crate::orders::{badges, count, name_of};
use crate::types::printing::{
    PrinterAccountEdit, PrinterAccountKept, PrinterAccountView, PrinterAdded, PrinterEdit, PrinterKindView,
    PrinterView, PrintersAdd, PrintersAdded, PrintersView, ReceiptPreview, ReceiptPreviewRequest,
    SlipLineView, SlipPageView, SlipRequest, StorePrintingSet, StorePrintingView, TemplateView, TicketDecide,
    TicketList, TicketQuery, TicketView,
};
use crate::types::shared::{Count, Empty, IdRequest, StoreBadge, WordsView};
use domain::id::{OrderId, PrinterAccountId, PrinterId, StoreId, TicketId};
use domain::receipt::{Page, Paper, Size, SlipKind, Template};
use engine::printing::{Key, PrinterRequest, SlipId, WantedPrinter};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use storage::printer::{PrinterAccountRow, PrinterRow, Receipts, StorePrinting};
use storage::ticket::{TicketCounts, TicketRow, TicketStage};

/// Slips of the queue that are shown.
const SHOWN: i64 = 500;
/// A slip that failed longer ago asks for nobody any more: the order is served or lost.
const ASKS_MS: i64 = 12 * 3_600_000;

/// Printers, their lights, and the stores.
pub async fn list(api: &Api, _: Empty) -> Result<PrintersView> {
    let since = api.engine.now() - ASKS_MS;
    let (rows, accounts, printings, counts, stores) = api.engine.db().read(|c| {
        Ok((
            storage::printer::all(c)?,
            storage::printer::accounts(c)?,
            storage::printer::printings(c)?,
            storage::ticket::counts(c, since)?,
            storage::store::all(c)?,
        ))
    })?;
    let services: HashMap<PrinterAccountId, String> = accounts
        .iter()
        .map(|account| (account.id, account.service.clone()))
        .collect();
    let printings: HashMap<StoreId, StorePrinting> = printings
        .into_iter()
        .map(|printing| (printing.store, printing))
        .collect();
    let mut shown = Vec::new();
    // An account whose printers are all gone says nothing to anybody.
    for account in accounts {
        if rows.iter().any(|row| row.account == account.id) {
            shown.push(account_view(api, account).await?);
        }
    }
    let printers = rows.into_iter().map(|row| {
        let counts = counts.get(&row.id).copied().unwrap_or_default();
        let service = services.get(&row.account).cloned().unwrap_or_default();
        printer_view(row, service, counts)
    });
    let stores = stores.into_iter().map(|row| {
        let printing = printings.get(&row.store.id);
        let badge = StoreBadge {
            id: row.store.id.0,
            platform: row.store.platform,
            name: row.store.name,
        };
        printing_view(badge, printing)
    });
    Ok(PrintersView {
        kinds: kinds(api),
        accounts: shown,
        printers: printers.collect(),
        stores: stores.collect(),
    })
}

fn kinds(api: &Api) -> Vec<PrinterKindView> {
    let kinds = api.engine.connectors().printers.values();
    kinds
        .map(|kind| {
            let card = kind.descriptor();
            PrinterKindView {
                id: card.id.to_owned(),
                name: card.name.to_owned(),
                fields: card
                    .credential_fields
                    .iter()
                    .map(crate::stores::field_view)
                    .collect(),
                number_kind: card.number_kind.to_owned(),
                keyed: card.keyed,
                callbacks: card.capabilities.callbacks,
            }
        })
        .collect()
}

async fn account_view(api: &Api, row: PrinterAccountRow) -> Result<PrinterAccountView> {
    let tells = api
        .engine
        .printer_kind(&row.service)
        .is_ok_and(|kind| kind.descriptor().capabilities.callbacks);
    let callback = if tells && api.engine.receives_pushes()? {
        // A port that somebody else has is told where receiving is switched on; the printers are shown all the same.
        let address = api.engine.printed_address(row.id).await;
        address.map(String::from).unwrap_or_default()
    } else {
        String::new()
    };
    let masked = api.engine.masked_printer_credentials(&row);
    Ok(PrinterAccountView {
        id: row.id.0,
        service: row.service,
        endpoint: row.endpoint.unwrap_or_default(),
        settings: row.settings,
        masked,
        callback,
    })
}

fn printer_view(row: PrinterRow, service: String, counts: TicketCounts) -> PrinterView {
    PrinterView {
        id: row.id.0,
        account: row.account.0,
        service,
        number: row.number,
        name: row.name,
        paper: row.paper.as_str().to_owned(),
        state: row.state,
        state_at: row.state_at,
        cause: (!row.cause.is_empty()).then(|| WordsView::of(row.cause)),
        raw: row.raw,
        open: counts.open,
        asks: counts.asks,
    }
}

fn printing_view(store: StoreBadge, printing: Option<&StorePrinting>) -> StorePrintingView {
    match printing {
        Some(printing) => StorePrintingView {
            store,
            printer: Some(printing.printer.0),
            spare: printing.spare.map(|spare| spare.0),
            receipts: printing.receipts.as_str().to_owned(),
            refunds: printing.refunds,
            cancels: printing.cancels,
            copies: printing.copies,
        },
        None => StorePrintingView {
            store,
            printer: None,
            spare: None,
            receipts: Receipts::Accepted.as_str().to_owned(),
            refunds: true,
            cancels: true,
            copies: 1,
        },
    }
}

/// A closed set's value by its name in JSON; refused as the field's when there is none.
fn named<T: DeserializeOwned>(field: &str, name: &str) -> Result<T> {
    serde_json::from_value(Value::String(name.to_owned())).map_err(|_| {
        ApiError::new("value_not_known")
            .with("field", field)
            .with("value", name.chars().take(40).collect::<String>())
    })
}

/// Adds printers, and the account they need.
pub async fn add(api: &Api, request: PrintersAdd) -> Result<PrintersAdded> {
    let mut printers = Vec::with_capacity(request.printers.len());
    for printer in request.printers {
        printers.push(WantedPrinter {
            number: printer.number,
            key: Key::new(printer.key),
            name: printer.name,
            paper: named("paper", &printer.paper)?,
        });
    }
    let added = api
        .engine
        .add_printers(PrinterRequest {
            service: request.service,
            account: request.account.map(PrinterAccountId),
            endpoint: request.endpoint.filter(|text| !text.is_empty()),
            settings: BTreeMap::new(),
            credentials: engine::stores::Credentials::new(request.credentials),
            printers,
        })
        .await?;
    for id in added.iter().filter_map(|one| one.id) {
        api.engine.look_at_printer(id).await?;
    }
    let printers = added.into_iter().map(|one| PrinterAdded {
        number: one.number,
        id: one.id.map(|id| id.0),
        refused: one.refused,
    });
    Ok(PrintersAdded {
        printers: printers.collect(),
    })
}

/// Changes label and paper of a printer.
pub async fn edit(api: &Api, request: PrinterEdit) -> Result<Empty> {
    let paper: Paper = named("paper", &request.paper)?;
    api.engine
        .edit_printer(PrinterId(request.id), &request.name, paper)?;
    Ok(Empty {})
}

/// Changes settings and credentials of an account.
pub async fn edit_account(api: &Api, request: PrinterAccountEdit) -> Result<PrinterAccountKept> {
    let id = PrinterAccountId(request.account);
    let credentials = engine::stores::Credentials::new(request.credentials);
    let kept = api
        .engine
        .update_printer_account(id, &request.settings, credentials)
        .await?;
    Ok(PrinterAccountKept { kept })
}

/// Takes a printer out of its cloud and out of use.
pub async fn remove(api: &Api, request: IdRequest) -> Result<Empty> {
    api.engine.remove_printer(PrinterId(request.id)).await?;
    Ok(Empty {})
}

/// Asks how every printer stands.
pub async fn look(api: &Api, _: Empty) -> Result<PrintersView> {
    api.engine.look_at_every_printer().await?;
    api.engine.print_soon();
    list(api, Empty {}).await
}

/// Says how a store prints from now on.
pub async fn assign(api: &Api, request: StorePrintingSet) -> Result<Empty> {
    let store = StoreId(request.store);
    let wanted = match request.printer {
        None => None,
        Some(printer) => Some(StorePrinting {
            store,
            printer: PrinterId(printer),
            spare: request.spare.map(PrinterId),
            receipts: named("receipts", &request.receipts)?,
            refunds: request.refunds,
            cancels: request.cancels,
            copies: request.copies,
            since: api.engine.now(),
        }),
    };
    api.engine.set_store_printing(store, wanted)?;
    Ok(Empty {})
}

/// How slips look.
pub async fn template(api: &Api, _: Empty) -> Result<TemplateView> {
    Ok(template_view(api.engine.template()?))
}

/// Changes how slips look.
pub async fn set_template(api: &Api, request: TemplateView) -> Result<TemplateView> {
    api.engine.set_template(&template_of(request))?;
    template(api, Empty {}).await
}

fn template_view(kept: Template) -> TemplateView {
    TemplateView {
        header: kept.header,
        footer: kept.footer,
        large_goods: kept.large_goods,
        prices: kept.prices,
        specs: kept.specs,
        receiver: kept.receiver,
    }
}

fn template_of(view: TemplateView) -> Template {
    Template {
        header: view.header,
        footer: view.footer,
        large_goods: view.large_goods,
        prices: view.prices,
        specs: view.specs,
        receiver: view.receiver,
    }
}

/// The slip of an order, or of an invented one, on both widths of paper.
pub async fn preview(api: &Api, request: ReceiptPreviewRequest) -> Result<ReceiptPreview> {
    let template = match request.template {
        Some(view) => template_of(view),
        None => api.engine.template()?,
    };
    let slip = match request.order.trim() {
        "" => None,
        number => {
            let found = api.engine.db().read(|c| storage::order::by_number(c, number))?;
            let order = found.first().ok_or_else(|| ApiError::new("no_such_order"))?.id;
            Some(receipt_of(order))
        }
    };
    let mut pages = Vec::new();
    for paper in [Paper::Mm58, Paper::Mm80] {
        let page = api.engine.preview_slip(slip.as_ref(), &template, paper)?;
        pages.push(page_view(page));
    }
    Ok(ReceiptPreview { pages })
}

fn receipt_of(order: OrderId) -> SlipId {
    SlipId {
        order,
        kind: SlipKind::Receipt,
        subject: String::new(),
    }
}

fn page_view(page: Page) -> SlipPageView {
    let lines = page.lines.into_iter().map(|line| SlipLineView {
        text: line.text,
        large: line.size == Size::Large,
    });
    SlipPageView {
        paper: page.paper.as_str().to_owned(),
        columns: count(page.paper.columns()),
        lines: lines.collect(),
    }
}

/// Prints a test page.
pub async fn test(api: &Api, request: IdRequest) -> Result<Empty> {
    api.engine.print_test_page(PrinterId(request.id))?;
    api.engine.print_soon();
    Ok(Empty {})
}

/// Drops what is on its way to a printer.
pub async fn clear(api: &Api, request: IdRequest) -> Result<Count> {
    let dropped = api.engine.clear_printer(PrinterId(request.id)).await?;
    Ok(Count {
        count: count(dropped),
    })
}

/// The queue.
pub async fn tickets(api: &Api, request: TicketQuery) -> Result<TicketList> {
    let view = if request.view.is_empty() {
        storage::ticket::TicketView::All
    } else {
        named("view", &request.view)?
    };
    let since = api.engine.now() - ASKS_MS;
    let printer = request.printer.map(PrinterId);
    let (rows, sums) = api.engine.db().read(|c| {
        Ok((
            storage::ticket::list(c, view, printer, since, SHOWN)?,
            storage::ticket::counts(c, since)?,
        ))
    })?;
    Ok(TicketList {
        tickets: ticket_views(api, rows)?,
        open: sums.values().map(|one| one.open).sum(),
        asks: sums.values().map(|one| one.asks).sum(),
    })
}

/// How many printers there are and how many of them are down; slips on their way and those that wait for the manager.
pub(crate) fn figures(api: &Api) -> Result<Figures> {
    let since = api.engine.now() - ASKS_MS;
    let (rows, sums) = api
        .engine
        .db()
        .read(|c| Ok((storage::printer::all(c)?, storage::ticket::counts(c, since)?)))?;
    let down = rows.iter().filter(|row| is_down(row));
    Ok(Figures {
        down: down.map(|row| row.name.clone()).collect(),
        printers: count(rows.len()),
        asks: sums.values().map(|one| one.asks).sum(),
    })
}

/// See [`figures`].
pub(crate) struct Figures {
    /// Labels of printers whose light is red.
    pub(crate) down: Vec<String>,
    /// Printers in use.
    pub(crate) printers: i64,
    /// Slips that wait for the manager.
    pub(crate) asks: i64,
}

fn is_down(row: &PrinterRow) -> bool {
    matches!(row.state.as_str(), "offline" | "faulty")
}

/// The slips of an order, oldest first.
pub(crate) fn of_order(api: &Api, order: OrderId) -> Result<Vec<TicketView>> {
    let rows = api.engine.db().read(|c| storage::ticket::of_order(c, order))?;
    ticket_views(api, rows)
}

fn ticket_views(api: &Api, rows: Vec<TicketRow>) -> Result<Vec<TicketView>> {
    let since = api.engine.now() - ASKS_MS;
    let read = api.engine.db().read(|c| {
        let badges = badges(c)?;
        let mut names: HashMap<PrinterId, String> = HashMap::new();
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            if let Entry::Vacant(free) = names.entry(row.printer) {
                free.insert(storage::printer::get(c, row.printer)?.name);
            }
            let order = row.order.map(|id| storage::order::get(c, id)).transpose()?;
            let (number, day_seq, store) = order.map_or_else(Default::default, |order| {
                (order.number, order.day_seq, badges.get(&order.store).cloned())
            });
            let failed = row.state == TicketStage::Failed
                && row.cause != engine::printing::CLEARED
                && row.done_at.is_some_and(|at| at >= since);
            views.push(TicketView {
                id: row.id.0,
                order: row.order.map(|id| id.0),
                number,
                day_seq,
                store,
                kind: row.kind.as_str().to_owned(),
                printer: row.printer.0,
                printer_name: names.get(&row.printer).cloned().unwrap_or_default(),
                state: if row.is_undecided() {
                    "unknown".to_owned()
                } else {
                    name_of(&row.state)
                },
                asks: row.is_undecided() || failed,
                cause: (!row.cause.is_empty()).then(|| WordsView::of(row.cause)),
                subject: row.subject,
                reprint: row.reprint,
                part: row.part,
                raw: row.raw,
                created_at: row.created_at,
                done_at: row.done_at,
            });
        }
        Ok(views)
    })?;
    Ok(read)
}

/// What was set and sent for a slip.
pub async fn ticket_page(api: &Api, request: IdRequest) -> Result<SlipPageView> {
    let id = TicketId(request.id);
    let row = api.engine.db().read(|c| storage::ticket::get(c, id))?;
    Ok(page_view(row.page))
}

/// The manager looked: it is on paper, or it is printed once more.
pub async fn decide(api: &Api, request: TicketDecide) -> Result<Empty> {
    api.engine.decide_ticket(TicketId(request.id), request.printed)?;
    if !request.printed {
        api.engine.print_soon();
    }
    Ok(Empty {})
}

/// 补打.
pub async fn reprint(api: &Api, request: SlipRequest) -> Result<Empty> {
    api.engine.reprint(&SlipId {
        order: OrderId(request.order),
        kind: named("kind", &request.kind)?,
        subject: request.subject,
    })?;
    api.engine.print_soon();
    Ok(Empty {})
}
