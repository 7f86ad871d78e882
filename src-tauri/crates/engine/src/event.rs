//! What the window is told as it happens. The closed set.

use domain::id::{AccountId, JobId, StoreId};
use parking_lot::Mutex;
use serde::Serialize;
use std::sync::Arc;
use tokio::sync::broadcast;

/// Kinds of data that a page may show; a change of one refreshes the pages that show it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tag {
    /// Library products.
    Products,
    /// Store listings.
    Listings,
    /// Bindings.
    Bindings,
    /// Orders.
    Orders,
    /// Exception orders.
    Exceptions,
    /// Stores and accounts.
    Stores,
    /// Jobs and outbox tasks.
    Tasks,
    /// Preflight findings.
    Findings,
    /// Settings.
    Settings,
    /// Stock.
    Stock,
    /// Printers and slips.
    Printing,
}

/// Something happened.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Event {
    /// Committed data changed.
    Changed {
        /// What kinds.
        tags: Vec<Tag>,
    },
    /// A job moved on.
    Job {
        /// Which.
        id: JobId,
        /// Units done.
        done: i64,
        /// Units in all.
        total: i64,
        /// State as in the task centre.
        state: String,
        /// Why it waits, by code (`throttled`, `offline`, `paused`); empty when it does not.
        waiting: String,
        /// For how long, ms.
        wait_ms: i64,
    },
    /// Orders became exceptions.
    NewExceptions {
        /// How many.
        count: usize,
        /// Row of problems.md of the first.
        cause: String,
    },
    /// A pull of orders or listings ended well or not: the line is up or down.
    Connection {
        /// Reachable.
        online: bool,
    },
    /// An authorization died or came back.
    Authorization {
        /// Whose.
        account: AccountId,
        /// Working now.
        valid: bool,
    },
    /// A printer's light changed.
    Printer {
        /// Which.
        id: domain::id::PrinterId,
        /// Ready to print.
        ready: bool,
    },
    /// A platform or an ERP asks to slow down.
    Throttled(Throttled),
}

/// Who asked to slow down, and until when.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Throttled {
    /// Platform or ERP id.
    pub service: String,
    /// The store, where the call concerned one.
    pub store: Option<StoreId>,
    /// When it goes on, UTC ms.
    pub until: i64,
}

/// Where events go out. Remembers what the frame shows all the time: the line and the last wait.
#[derive(Clone)]
pub struct Events {
    sender: broadcast::Sender<Event>,
    now: Arc<Mutex<LineState>>,
}

/// How the line to the platforms is, as the last calls showed it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineState {
    /// The last call got through; true while none was made.
    pub online: bool,
    /// Who asked last to slow down; may be over already.
    pub throttled: Option<Throttled>,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            sender: broadcast::channel(1024).0,
            now: Arc::new(Mutex::new(LineState {
                online: true,
                throttled: None,
            })),
        }
    }
}

impl Events {
    /// Listens from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.sender.subscribe()
    }

    /// Sends. Nobody listening is no failure.
    pub fn send(&self, event: Event) {
        match &event {
            Event::Connection { online } => {
                self.now.lock().online = *online;
            }
            Event::Throttled(throttled) => self.now.lock().throttled = Some(throttled.clone()),
            _ => {}
        }
        let listeners = self.sender.send(event).unwrap_or(0);
        tracing::trace!(listeners, "event");
    }

    /// How the line is.
    pub fn line(&self) -> LineState {
        self.now.lock().clone()
    }

    /// Says that data changed.
    pub fn changed(&self, tags: &[Tag]) {
        self.send(Event::Changed { tags: tags.to_vec() });
    }
}
