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
    /// A platform asks to slow down.
    Throttled {
        /// The store.
        store: StoreId,
        /// For how long, ms.
        wait_ms: i64,
    },
}

/// Where events go out. Remembers what the frame shows all the time: the line and the last wait.
#[derive(Clone)]
pub struct Events {
    sender: broadcast::Sender<Event>,
    now: Arc<Mutex<LineState>>,
}

/// How the line to the platforms is, as the last calls showed it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineState {
    /// The last call got through; true while none was made.
    pub online: bool,
    /// The store whose platform asked last to slow down, with the wait in ms.
    pub throttled: Option<(StoreId, i64)>,
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
                let mut now = self.now.lock();
                now.online = *online;
                now.throttled = now.throttled.filter(|_| !online);
            }
            Event::Throttled { store, wait_ms } => self.now.lock().throttled = Some((*store, *wait_ms)),
            _ => {}
        }
        let listeners = self.sender.send(event).unwrap_or(0);
        tracing::trace!(listeners, "event");
    }

    /// How the line is.
    pub fn line(&self) -> LineState {
        *self.now.lock()
    }

    /// Says that data changed.
    pub fn changed(&self, tags: &[Tag]) {
        self.send(Event::Changed { tags: tags.to_vec() });
    }
}
