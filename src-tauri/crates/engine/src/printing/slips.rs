//! Which slips an order gets, and what stands on them.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use connect::platform::RemoteOrder;
use domain::id::{OrderId, PrinterId, StoreId, TicketId};
use domain::money::Money;
use domain::order::OrderState;
use domain::receipt::{Page, Paper, SlipKind, SlipLine, SlipText, Template, set, split};
use domain::store::Store;
use storage::db::Tx;
use storage::order::{OrderRow, Stored};
use storage::printer::{Receipts, StorePrinting};
use storage::ticket::{Move, NewTicket, TicketRow, TicketStage};

const TEMPLATE: &str = "receipt.template";

/// Names one slip of an order: its kind, and the refund's number for a refund slip.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SlipId {
    /// Which order.
    pub order: OrderId,
    /// Kind.
    pub kind: SlipKind,
    /// Refund number, else empty.
    pub subject: String,
}

impl Engine {
    /// How slips look.
    pub fn template(&self) -> Result<Template> {
        let kept = self.db().read(|c| storage::setting::get(c, TEMPLATE))?;
        Ok(kept.map_or_else(Template::default, |text| {
            serde_json::from_str(&text).unwrap_or_default()
        }))
    }

    /// Changes how slips look; those that are queued stay as they were set.
    pub fn set_template(&self, template: &Template) -> Result<()> {
        let text = serde_json::to_string(template)?;
        self.db()
            .write(|tx| storage::setting::set(tx, TEMPLATE, Some(&text)).map_err(EngineError::from))?;
        self.events().changed(&[Tag::Printing]);
        Ok(())
    }

    /// The page of a slip, as a printer would get it: of an order, or of an invented one.
    pub fn preview_slip(&self, slip: Option<&SlipId>, template: &Template, paper: Paper) -> Result<Page> {
        let Some(slip) = slip else {
            return Ok(set(SlipKind::Receipt, &sample(), template, paper));
        };
        let facts = self.db().read(|c| slip_facts(c, slip.order))?;
        let text = self.slip_text(&facts, slip)?;
        Ok(set(slip.kind, &text, template, paper))
    }

    /// Queues what a read order asks for by itself, in the transaction that stores it: whatever happens later, the row
    /// is there once.
    pub(crate) fn queue_slips(
        &self,
        tx: &Tx<'_>,
        at: i64,
        store: StoreId,
        stored: Stored,
        order: &RemoteOrder,
    ) -> Result<()> {
        let Some(printing) = storage::printer::printing_of(tx, store)? else {
            return Ok(());
        };
        let old = order.placed_at < printing.since || at - order.placed_at > super::LIFE_MS;
        let id = stored.id();
        let receipt = storage::ticket::has(tx, id, SlipKind::Receipt, "")?;
        let mut due = Vec::new();
        let open = match order.state {
            OrderState::Placed => printing.receipts == Receipts::Placed,
            OrderState::Accepted | OrderState::Delivering => printing.receipts != Receipts::Off,
            OrderState::Completed | OrderState::Cancelled => false,
        };
        if open && !old && !receipt && !order.incomplete && !order.fully_refunded {
            due.push((SlipKind::Receipt, ""));
        }
        // What was never announced on paper need not be taken back there.
        if receipt && order.state == OrderState::Cancelled && printing.cancels {
            due.push((SlipKind::Cancel, ""));
        }
        if receipt && order.state != OrderState::Cancelled && printing.refunds {
            let done = order.refunds.iter().filter(|refund| refund.done);
            due.extend(done.map(|refund| (SlipKind::Refund, refund.number.as_str())));
        }
        for (kind, subject) in due {
            let slip = SlipId {
                order: id,
                kind,
                subject: subject.to_owned(),
            };
            self.queue_slip(tx, at, &slip, &printing, 0)?;
        }
        Ok(())
    }

    /// Queues one slip; true when it was not there.
    fn queue_slip(
        &self,
        tx: &Tx<'_>,
        at: i64,
        slip: &SlipId,
        printing: &StorePrinting,
        reprint: i64,
    ) -> Result<bool> {
        if storage::ticket::has(tx, slip.order, slip.kind, &slip.subject)? && reprint == 0 {
            return Ok(false);
        }
        let mut text = self.slip_text(&slip_facts(tx, slip.order)?, slip)?;
        text.reprint = reprint > 0;
        let page = set(slip.kind, &text, &template_of(tx)?, paper_of(tx, printing)?);
        let pages = self.slip_parts(tx, printing.printer, &page)?;
        let copies = if slip.kind == SlipKind::Receipt && reprint == 0 {
            printing.copies
        } else {
            1
        };
        let mut queued = false;
        for (part, page) in (1..).zip(&pages) {
            let new = NewTicket {
                order: Some(slip.order),
                printer: printing.printer,
                kind: slip.kind,
                subject: &slip.subject,
                reprint,
                part,
                copies,
                page,
            };
            queued |= storage::ticket::queue(tx, at, &new)?;
        }
        Ok(queued)
    }

    /// 补打: the slip once more, marked, whatever became of it before.
    pub fn reprint(&self, slip: &SlipId) -> Result<()> {
        let at = self.now();
        self.db().write(|tx| {
            let order = storage::order::get(tx, slip.order)?;
            let printing = storage::printer::printing_of(tx, order.store)?
                .ok_or_else(|| EngineError::refused("no_printer"))?;
            // A slip that was never printed needs no mark.
            let before = storage::ticket::has(tx, slip.order, slip.kind, &slip.subject)?;
            let again =
                storage::ticket::reprints(tx, slip.order, slip.kind, &slip.subject)? + i64::from(before);
            self.queue_slip(tx, at, slip, &printing, again)?;
            Ok::<_, EngineError>(())
        })?;
        self.events().changed(&[Tag::Printing]);
        Ok(())
    }

    /// Queues a test page.
    pub fn print_test_page(&self, printer: PrinterId) -> Result<()> {
        let at = self.now();
        self.db().write(|tx| {
            let row = storage::printer::get(tx, printer)?;
            let text = SlipText {
                platform: "柜台".to_owned(),
                store: row.name.clone(),
                placed: connect::shanghai::time(at),
                note: "看到这张纸，说明打印机已接好。0123456789 ABCDEFG ￥12.30".to_owned(),
                ..SlipText::default()
            };
            let page = set(SlipKind::Test, &text, &template_of(tx)?, row.paper);
            let new = NewTicket {
                order: None,
                printer,
                kind: SlipKind::Test,
                subject: "",
                reprint: 0,
                part: 1,
                copies: 1,
                page: &page,
            };
            storage::ticket::queue(tx, at, &new)?;
            Ok::<_, EngineError>(())
        })?;
        self.events().changed(&[Tag::Printing]);
        Ok(())
    }

    /// The manager looked: the slip of which nobody knew is on paper, or is to be sent again.
    pub fn decide_ticket(&self, id: TicketId, on_paper: bool) -> Result<()> {
        let at = self.now();
        self.db().write(|tx| {
            let ticket = storage::ticket::get(tx, id)?;
            if !ticket.is_undecided() && ticket.state != TicketStage::Failed {
                return Err(EngineError::refused("ticket_not_open"));
            }
            if on_paper {
                let to = Move {
                    state: TicketStage::Printed,
                    remote: "",
                    cause: "",
                    raw: "",
                    not_before: 0,
                };
                storage::ticket::set(tx, id, at, &to)?;
            } else {
                storage::ticket::renew(tx, id, printer_now(tx, &ticket)?, at)?;
            }
            Ok(())
        })?;
        self.events().changed(&[Tag::Printing]);
        Ok(())
    }

    /// How a store prints from now on; none: not at all.
    pub fn set_store_printing(&self, store: StoreId, wanted: Option<StorePrinting>) -> Result<()> {
        self.db().write(|tx| {
            match wanted {
                None => storage::printer::unassign(tx, store)?,
                Some(wanted) => {
                    storage::store::get(tx, store)?;
                    storage::printer::get(tx, wanted.printer)?;
                    if wanted.spare == Some(wanted.printer) || !(1..=9).contains(&wanted.copies) {
                        return Err(EngineError::refused("printing_not_possible"));
                    }
                    storage::printer::assign(tx, &StorePrinting { store, ..wanted })?;
                }
            }
            Ok(())
        })?;
        self.events().changed(&[Tag::Printing]);
        Ok(())
    }

    fn slip_parts(&self, c: &storage::Connection, printer: PrinterId, page: &Page) -> Result<Vec<Page>> {
        let row = storage::printer::get(c, printer)?;
        let account = storage::printer::get_account(c, row.account)?;
        let kind = self.printer_kind(&account.service)?;
        Ok(split(page, |part| kind.fits(part)))
    }

    fn slip_text(&self, (row, store): &(OrderRow, Store), slip: &SlipId) -> Result<SlipText> {
        let order: RemoteOrder = serde_json::from_str(&row.payload)?;
        let mut text = SlipText {
            platform: self.service_name(&store.platform),
            store: store.name.clone(),
            day_seq: order.day_seq,
            number: order.number.clone(),
            placed: connect::shanghai::time(order.placed_at),
            lines: order
                .lines
                .iter()
                .map(|line| SlipLine {
                    product: line.product_name.clone(),
                    spec: line.spec_name.clone(),
                    quantity: line.quantity,
                    price: line.price,
                })
                .collect(),
            totals: totals(&order),
            remark: order.remark.clone(),
            receiver: [
                order.receiver_name.clone(),
                order.receiver_phone.clone(),
                order.receiver_address.clone(),
            ],
            note: String::new(),
            reprint: false,
        };
        match slip.kind {
            SlipKind::Receipt | SlipKind::Test => {}
            SlipKind::Cancel => {
                let refund = order.refunds.last();
                "订单已取消，请勿备货".clone_into(&mut text.note);
                if let Some(refund) = refund.filter(|refund| !refund.reason.is_empty()) {
                    text.note = format!("{}（{}）", text.note, refund.reason);
                }
            }
            SlipKind::Refund => {
                let refund = order.refunds.iter().find(|refund| refund.number == slip.subject);
                let refund = refund.ok_or_else(|| EngineError::refused("no_such_refund"))?;
                text.note.clone_from(&refund.reason);
                text.placed = connect::shanghai::time(refund.at);
                text.totals = vec![("退款".to_owned(), refund.amount)];
                if !refund.full {
                    // Which goods came back, a platform tells only in its console.
                    text.lines.clear();
                }
            }
        }
        Ok(text)
    }
}

/// Where a slip is printed that a person asks for once more: at its own printer, or, when that is out of use, where its
/// store prints now.
fn printer_now(c: &storage::Connection, ticket: &TicketRow) -> Result<PrinterId> {
    if storage::printer::is_used(c, ticket.printer)? {
        return Ok(ticket.printer);
    }
    let printing = match ticket.order {
        Some(order) => storage::printer::printing_of(c, storage::order::get(c, order)?.store)?,
        None => None,
    };
    let printing = printing.ok_or_else(|| EngineError::refused("no_printer"))?;
    Ok(printing.printer)
}

/// The narrower paper of the two printers, so that the spare can print what was set.
fn paper_of(c: &storage::Connection, printing: &StorePrinting) -> Result<Paper> {
    let first = storage::printer::get(c, printing.printer)?.paper;
    let spare = match printing.spare {
        Some(spare) => storage::printer::get(c, spare)?.paper,
        None => first,
    };
    Ok(if first.columns() <= spare.columns() {
        first
    } else {
        spare
    })
}

/// The order and its store.
fn slip_facts(c: &storage::Connection, order: OrderId) -> storage::error::Result<(OrderRow, Store)> {
    let row = storage::order::get(c, order)?;
    let store = storage::store::get(c, row.store)?.store;
    Ok((row, store))
}

fn totals(order: &RemoteOrder) -> Vec<(String, Money)> {
    let goods: Money = order
        .lines
        .iter()
        .map(|line| line.price.times(line.quantity))
        .sum();
    let discount = order.total - goods - order.packing_fee - order.shipping_fee;
    let mut totals = vec![
        ("商品".to_owned(), goods),
        ("餐盒/包装费".to_owned(), order.packing_fee),
        ("配送费".to_owned(), order.shipping_fee),
        ("优惠".to_owned(), discount),
    ];
    totals.retain(|(_, amount)| *amount != Money::ZERO);
    totals.push(("实付".to_owned(), order.total));
    totals
}

fn template_of(c: &storage::Connection) -> Result<Template> {
    let kept = storage::setting::get(c, TEMPLATE)?;
    Ok(kept.map_or_else(Template::default, |text| {
        serde_json::from_str(&text).unwrap_or_default()
    }))
}

/// An invented order for looking at a template.
fn sample() -> SlipText {
    let line = |product: &str, spec: &str, quantity, price| SlipLine {
        product: product.to_owned(),
        spec: spec.to_owned(),
        quantity,
        price: Money(price),
    };
    SlipText {
        platform: "外卖平台".to_owned(),
        store: "示例便利店（人民路店）".to_owned(),
        day_seq: 12,
        number: "301234567890123456".to_owned(),
        placed: "2026-09-01 12:30:05".to_owned(),
        lines: vec![
            line("可口可乐", "330ml", 2, 300),
            line("红烧牛肉面桶装大份超值装", "单规格", 10, 550),
        ],
        totals: vec![
            ("商品".to_owned(), Money(6_100)),
            ("配送费".to_owned(), Money(500)),
            ("实付".to_owned(), Money(6_600)),
        ],
        remark: "不要辣，多放筷子".to_owned(),
        receiver: [
            "王**".to_owned(),
            "138****0000".to_owned(),
            "人民路 1 号".to_owned(),
        ],
        note: String::new(),
        reprint: false,
    }
}
