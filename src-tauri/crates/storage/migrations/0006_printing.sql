-- Accounts at printer clouds, and one for printers in the own network. `sealed` as with `account`; it holds the keys of
-- the printers too, so that a printer can be added again when the cloud has forgotten it (F26).
CREATE TABLE printer_account (
    id         INTEGER PRIMARY KEY,
    service    TEXT    NOT NULL,
    endpoint   TEXT,
    settings   TEXT    NOT NULL DEFAULT '{}',
    sealed     BLOB,
    has_secret INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
);

CREATE TABLE printer (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES printer_account (id),
    number     TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    paper      TEXT    NOT NULL CHECK (paper IN ('mm58', 'mm80')),
    -- the light, as last asked for: ready, faulty, offline; empty before, and the row of problems.md or error behind it
    state      TEXT    NOT NULL DEFAULT '',
    state_at   INTEGER,
    cause      TEXT    NOT NULL DEFAULT '',
    raw        TEXT    NOT NULL DEFAULT '',
    removed_at INTEGER
);
CREATE UNIQUE INDEX printer_number ON printer (account_id, number) WHERE removed_at IS NULL;

-- Which printer prints a store's slips. Orders placed before `since` are not printed by themselves.
CREATE TABLE store_printing (
    store_id   INTEGER PRIMARY KEY REFERENCES store (id),
    printer_id INTEGER NOT NULL REFERENCES printer (id),
    spare_id   INTEGER REFERENCES printer (id),
    receipts   TEXT    NOT NULL CHECK (receipts IN ('off', 'placed', 'accepted')),
    refunds    INTEGER NOT NULL,
    cancels    INTEGER NOT NULL,
    copies     INTEGER NOT NULL,
    since      INTEGER NOT NULL
);

-- One slip on its way to paper. The row is there before the first byte leaves; the unique index is what makes an order's
-- slip one. `page` is what was set and will be printed.
CREATE TABLE ticket (
    id         INTEGER PRIMARY KEY,
    order_id   INTEGER REFERENCES orders (id),
    printer_id INTEGER NOT NULL REFERENCES printer (id),
    kind       TEXT    NOT NULL,
    subject    TEXT    NOT NULL DEFAULT '',
    reprint    INTEGER NOT NULL DEFAULT 0,
    part       INTEGER NOT NULL DEFAULT 1,
    copies     INTEGER NOT NULL DEFAULT 1,
    page       TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('queued', 'sending', 'waiting', 'printed', 'failed')),
    remote     TEXT    NOT NULL DEFAULT '',
    cause      TEXT    NOT NULL DEFAULT '',
    raw        TEXT    NOT NULL DEFAULT '',
    attempts   INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    sent_at    INTEGER,
    done_at    INTEGER
);
CREATE UNIQUE INDEX ticket_once ON ticket (order_id, kind, subject, reprint, part) WHERE order_id IS NOT NULL;
CREATE INDEX ticket_open ON ticket (state, id) WHERE state IN ('queued', 'sending', 'waiting');
