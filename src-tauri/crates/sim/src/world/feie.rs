//! The 飞鹅 printer cloud, the printers that were sold, and the paper that came out of them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{App, World};
use crate::draw::Draw;
use crate::error::WorldError;

/// A printer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeiePrinter {
    /// Key on its sticker.
    #[serde(skip)]
    pub key: String,
    /// The account has it now.
    pub registered: bool,
    /// Label in the cloud.
    pub name: String,
    /// Has a line to the cloud.
    pub online: bool,
    /// Has paper.
    pub paper: bool,
    /// What came out, in order.
    pub slips: Vec<FeieSlip>,
}

/// One piece of paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeieSlip {
    /// The ticket it is of.
    pub ticket: String,
    /// What it says, with its marks.
    pub content: String,
    /// UTC milliseconds.
    pub at: i64,
}

/// A ticket the cloud took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeieTicket {
    /// `sn_date_number`.
    pub id: String,
    /// Printer.
    pub sn: String,
    /// What to print.
    pub content: String,
    /// Copies.
    pub copies: u32,
    /// UTC milliseconds.
    pub taken_at: i64,
    /// Not printed after this, UTC milliseconds.
    pub expires_at: Option<i64>,
    /// UTC milliseconds.
    pub printed_at: Option<i64>,
    /// The queue was cleared, or its life was over.
    pub dropped: bool,
}

/// What the printer cloud remembers.
pub struct FeieState {
    /// The one account the world knows (USER, UKEY).
    pub app: App,
    /// Printers by number.
    pub printers: BTreeMap<String, FeiePrinter>,
    /// Tickets in order of arrival.
    pub tickets: Vec<FeieTicket>,
}

impl FeieState {
    /// Made from a source of its own, so that the other services' secrets stay as they were. Two printers were sold.
    pub(super) fn new(seed: u64) -> Self {
        let mut draw = Draw::new(seed ^ 0xFE1E);
        let app = App {
            id: format!("shop-{}@example.com", draw.hex(3)),
            secret: draw.hex(12),
        };
        let printers = (0..2)
            .map(|at| {
                let sn = format!("{}", 316_500_000 + draw.below(1_000) * 10 + at);
                (sn, FeiePrinter::sold(draw.hex(6)))
            })
            .collect();
        Self {
            app,
            printers,
            tickets: Vec::new(),
        }
    }
}

impl FeiePrinter {
    fn sold(key: String) -> Self {
        Self {
            key,
            registered: false,
            name: String::new(),
            online: true,
            paper: true,
            slips: Vec::new(),
        }
    }
}

impl World {
    fn feie_printer(&mut self, sn: &str) -> Result<&mut FeiePrinter, WorldError> {
        let printer = self.feie.printers.get_mut(sn);
        printer.ok_or_else(|| WorldError::UnknownPrinter(sn.to_owned()))
    }

    /// The printer's line goes down or comes back; what waited comes out then.
    pub fn feie_set_online(&mut self, sn: &str, online: bool) -> Result<(), WorldError> {
        self.feie_printer(sn)?.online = online;
        self.feie_run(sn);
        Ok(())
    }

    /// The paper ends, or a new roll is put in; what waited comes out then.
    pub fn feie_set_paper(&mut self, sn: &str, paper: bool) -> Result<(), WorldError> {
        self.feie_printer(sn)?.paper = paper;
        self.feie_run(sn);
        Ok(())
    }

    /// Somebody takes the printer out of the account in the cloud (F26).
    pub fn feie_withdraw(&mut self, sn: &str) -> Result<(), WorldError> {
        self.feie_printer(sn)?.registered = false;
        Ok(())
    }

    /// Prints what waits at a printer, as far as it can; what has outlived its time is dropped.
    pub(crate) fn feie_run(&mut self, sn: &str) {
        let now = self.now_ms();
        let Some(printer) = self.feie.printers.get_mut(sn) else {
            return;
        };
        if !(printer.online && printer.paper) {
            return;
        }
        let waiting = self
            .feie
            .tickets
            .iter_mut()
            .filter(|ticket| ticket.sn == sn && ticket.printed_at.is_none() && !ticket.dropped);
        for ticket in waiting {
            if ticket.expires_at.is_some_and(|at| at <= now) {
                ticket.dropped = true;
                continue;
            }
            ticket.printed_at = Some(now);
            for _ in 0..ticket.copies {
                printer.slips.push(FeieSlip {
                    ticket: ticket.id.clone(),
                    content: ticket.content.clone(),
                    at: now,
                });
            }
        }
    }
}
