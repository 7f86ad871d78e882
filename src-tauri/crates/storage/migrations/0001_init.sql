-- The first schema. Codes are TEXT, money is integer fen, times are UTC milliseconds.

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- 账号: an app identity at a platform or an ERP. `sealed` opens only with the key in the OS keychain; `has_secret`
-- is the marker that tells "keychain unavailable" from "never authorized".
CREATE TABLE account (
    id              INTEGER PRIMARY KEY,
    kind            TEXT    NOT NULL CHECK (kind IN ('platform', 'erp')),
    service         TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    endpoint        TEXT,
    settings        TEXT    NOT NULL DEFAULT '{}',
    sealed          BLOB,
    has_secret      INTEGER NOT NULL DEFAULT 0,
    state           TEXT    NOT NULL DEFAULT 'none',
    state_text      TEXT    NOT NULL DEFAULT '',
    state_since     INTEGER NOT NULL DEFAULT 0,
    expires_at      INTEGER,
    clock_offset_ms INTEGER NOT NULL DEFAULT 0,
    items_read_at   INTEGER,
    items_cursor    TEXT    NOT NULL DEFAULT '',
    created_at      INTEGER NOT NULL
);

-- 门店: identified by (platform, remote_id), never by its name.
CREATE TABLE store (
    id               INTEGER PRIMARY KEY,
    account_id       INTEGER NOT NULL REFERENCES account (id),
    platform         TEXT    NOT NULL,
    remote_id        TEXT    NOT NULL,
    name             TEXT    NOT NULL,
    endpoint         TEXT,
    erp_account_id   INTEGER REFERENCES account (id),
    offline_code     TEXT    NOT NULL DEFAULT '',
    switches         TEXT    NOT NULL DEFAULT '{}',
    order_cursor     TEXT    NOT NULL DEFAULT '',
    orders_read_at   INTEGER,
    listings_read_at INTEGER,
    orders_error     TEXT    NOT NULL DEFAULT '',
    created_at       INTEGER NOT NULL,
    removed_at       INTEGER
);
CREATE UNIQUE INDEX store_remote ON store (platform, remote_id) WHERE removed_at IS NULL;

CREATE TABLE category (
    id        INTEGER PRIMARY KEY,
    parent_id INTEGER REFERENCES category (id),
    name      TEXT    NOT NULL,
    position  INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX category_name ON category (coalesce(parent_id, 0), name);

-- Picture files live beside the database under their content hash; this is what is known of them.
CREATE TABLE picture (
    hash       TEXT PRIMARY KEY,
    format     TEXT    NOT NULL,
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    bytes      INTEGER NOT NULL,
    probe      TEXT    NOT NULL,
    name       TEXT    NOT NULL DEFAULT '',
    made_from  TEXT,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE product (
    id          INTEGER PRIMARY KEY,
    name        TEXT    NOT NULL,
    spu_code    TEXT    NOT NULL DEFAULT '',
    category_id INTEGER REFERENCES category (id),
    brand       TEXT    NOT NULL DEFAULT '',
    description TEXT    NOT NULL DEFAULT '',
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    deleted_at  INTEGER
);
CREATE INDEX product_category ON product (category_id, id) WHERE deleted_at IS NULL;
CREATE INDEX product_spu ON product (spu_code) WHERE spu_code <> '';

CREATE TABLE product_picture (
    product_id INTEGER NOT NULL REFERENCES product (id),
    position   INTEGER NOT NULL,
    hash       TEXT    NOT NULL REFERENCES picture (hash),
    PRIMARY KEY (product_id, position)
) WITHOUT ROWID;
CREATE INDEX product_picture_hash ON product_picture (hash);

CREATE TABLE sku (
    id                  INTEGER PRIMARY KEY,
    product_id          INTEGER NOT NULL REFERENCES product (id),
    position            INTEGER NOT NULL,
    spec_name           TEXT    NOT NULL,
    size_text           TEXT    NOT NULL DEFAULT '',
    item_code           TEXT    NOT NULL DEFAULT '',
    barcode             TEXT    NOT NULL DEFAULT '',
    barcode_key         TEXT    NOT NULL DEFAULT '',
    unit                TEXT    NOT NULL DEFAULT '',
    price_fen           INTEGER,
    cost_fen            INTEGER,
    stock               INTEGER,
    base_quantity_milli INTEGER NOT NULL DEFAULT 1000,
    weight_g            INTEGER
);
CREATE INDEX sku_product ON sku (product_id, position);
CREATE INDEX sku_item_code ON sku (item_code) WHERE item_code <> '';
CREATE INDEX sku_barcode ON sku (barcode_key) WHERE barcode_key <> '';

-- 铺货
CREATE TABLE offer (
    id           INTEGER PRIMARY KEY,
    store_id     INTEGER NOT NULL REFERENCES store (id),
    sku_id       INTEGER NOT NULL REFERENCES sku (id),
    on_sale      INTEGER NOT NULL DEFAULT 1,
    price_fen    INTEGER,
    name         TEXT,
    group_path   TEXT,
    skip_barcode INTEGER NOT NULL DEFAULT 0,
    UNIQUE (store_id, sku_id)
);
CREATE INDEX offer_sku ON offer (sku_id);

-- category -> group and category -> 类目, per store
CREATE TABLE category_map (
    store_id             INTEGER NOT NULL REFERENCES store (id),
    category_id          INTEGER NOT NULL REFERENCES category (id),
    group_path           TEXT,
    platform_category_id TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (store_id, category_id)
) WITHOUT ROWID;

CREATE TABLE store_group (
    id        INTEGER PRIMARY KEY,
    store_id  INTEGER NOT NULL REFERENCES store (id),
    remote_id TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    parent_id INTEGER REFERENCES store_group (id),
    sequence  INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX store_group_remote ON store_group (store_id, remote_id, coalesce(parent_id, 0));

-- 门店商品 as last read
CREATE TABLE listing (
    id           INTEGER PRIMARY KEY,
    store_id     INTEGER NOT NULL REFERENCES store (id),
    remote_id    TEXT    NOT NULL,
    outer_code   TEXT    NOT NULL DEFAULT '',
    name         TEXT    NOT NULL,
    group_path   TEXT    NOT NULL DEFAULT '[]',
    category_id  TEXT    NOT NULL DEFAULT '',
    pictures     TEXT    NOT NULL DEFAULT '[]',
    on_sale      INTEGER NOT NULL DEFAULT 1,
    review       TEXT    NOT NULL DEFAULT 'none',
    review_since INTEGER,
    read_at      INTEGER NOT NULL,
    gone_at      INTEGER,
    UNIQUE (store_id, remote_id)
);
CREATE INDEX listing_outer ON listing (store_id, outer_code) WHERE outer_code <> '';

CREATE TABLE listing_sku (
    id             INTEGER PRIMARY KEY,
    listing_id     INTEGER NOT NULL REFERENCES listing (id),
    store_id       INTEGER NOT NULL,
    remote_id      TEXT    NOT NULL,
    outer_sku_code TEXT    NOT NULL DEFAULT '',
    code_was       TEXT    NOT NULL DEFAULT '',
    spec_name      TEXT    NOT NULL DEFAULT '',
    spec_was       TEXT    NOT NULL DEFAULT '',
    barcode        TEXT    NOT NULL DEFAULT '',
    barcode_key    TEXT    NOT NULL DEFAULT '',
    price_fen      INTEGER,
    stock          INTEGER,
    pushed_stock   INTEGER,
    pushed_at      INTEGER,
    gone_at        INTEGER,
    UNIQUE (listing_id, remote_id)
);
CREATE INDEX listing_sku_store ON listing_sku (store_id, id);
CREATE INDEX listing_sku_barcode ON listing_sku (store_id, barcode_key) WHERE barcode_key <> '';

-- 绑定: one platform SKU to one library SKU; within a store each side at most once.
CREATE TABLE binding (
    listing_sku_id INTEGER PRIMARY KEY REFERENCES listing_sku (id),
    store_id       INTEGER NOT NULL,
    sku_id         INTEGER NOT NULL,
    reason         TEXT    NOT NULL DEFAULT '',
    bound_at       INTEGER NOT NULL,
    UNIQUE (store_id, sku_id)
) WITHOUT ROWID;
CREATE INDEX binding_sku ON binding (sku_id);

-- 「不是」: pairs the manager refused, so that they are not proposed again.
CREATE TABLE refused_match (
    listing_sku_id INTEGER NOT NULL,
    sku_id         INTEGER NOT NULL,
    PRIMARY KEY (listing_sku_id, sku_id)
) WITHOUT ROWID;

-- Every write is a change batch: undo and history come from here.
CREATE TABLE batch (
    id        INTEGER PRIMARY KEY,
    at        INTEGER NOT NULL,
    actor     TEXT    NOT NULL,
    origin    TEXT    NOT NULL,
    title     TEXT    NOT NULL,
    params    TEXT    NOT NULL DEFAULT '{}',
    undoes    INTEGER REFERENCES batch (id),
    undone_by INTEGER REFERENCES batch (id)
);
CREATE TABLE change (
    batch_id  INTEGER NOT NULL REFERENCES batch (id),
    seq       INTEGER NOT NULL,
    entity    TEXT    NOT NULL,
    entity_id INTEGER NOT NULL,
    before    TEXT,
    after     TEXT,
    PRIMARY KEY (batch_id, seq)
) WITHOUT ROWID;
CREATE INDEX change_entity ON change (entity, entity_id, batch_id);

CREATE TABLE orders (
    id             INTEGER PRIMARY KEY,
    store_id       INTEGER NOT NULL REFERENCES store (id),
    number         TEXT    NOT NULL,
    day_seq        INTEGER NOT NULL DEFAULT 0,
    state          TEXT    NOT NULL,
    placed_at      INTEGER NOT NULL,
    changed_at     INTEGER NOT NULL,
    read_at        INTEGER NOT NULL,
    total_fen      INTEGER NOT NULL,
    fully_refunded INTEGER NOT NULL DEFAULT 0,
    incomplete     INTEGER NOT NULL DEFAULT 0,
    remark         TEXT    NOT NULL DEFAULT '',
    payload        TEXT    NOT NULL,
    push_state     TEXT    NOT NULL CHECK (push_state IN ('waiting', 'sending', 'pushed', 'exception', 'closed')),
    document       TEXT    NOT NULL DEFAULT '',
    attempts       INTEGER NOT NULL DEFAULT 0,
    not_before     INTEGER NOT NULL DEFAULT 0,
    pushed_at      INTEGER,
    healed         TEXT    NOT NULL DEFAULT '',
    closed_reason  TEXT    NOT NULL DEFAULT '',
    UNIQUE (store_id, number)
);
CREATE INDEX orders_number ON orders (number);
CREATE INDEX orders_placed ON orders (placed_at, id);
CREATE INDEX orders_due ON orders (not_before, placed_at) WHERE push_state IN ('waiting', 'sending');
CREATE INDEX orders_exception ON orders (placed_at, id) WHERE push_state = 'exception';
CREATE INDEX orders_open ON orders (store_id, placed_at) WHERE state NOT IN ('completed', 'cancelled');

CREATE TABLE order_line (
    id             INTEGER PRIMARY KEY,
    order_id       INTEGER NOT NULL REFERENCES orders (id),
    position       INTEGER NOT NULL,
    product_ref    TEXT    NOT NULL DEFAULT '',
    outer_sku_code TEXT    NOT NULL DEFAULT '',
    product_name   TEXT    NOT NULL,
    spec_name      TEXT    NOT NULL DEFAULT '',
    barcode        TEXT    NOT NULL DEFAULT '',
    quantity       INTEGER NOT NULL,
    price_fen      INTEGER NOT NULL,
    listing_sku_id INTEGER,
    sku_id         INTEGER,
    sent_item_code TEXT    NOT NULL DEFAULT '',
    UNIQUE (order_id, position)
);

CREATE TABLE refund (
    id              INTEGER PRIMARY KEY,
    order_id        INTEGER NOT NULL REFERENCES orders (id),
    number          TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    amount_fen      INTEGER NOT NULL,
    full            INTEGER NOT NULL,
    done            INTEGER NOT NULL,
    difference_only INTEGER NOT NULL,
    reason          TEXT    NOT NULL DEFAULT '',
    push_state      TEXT    NOT NULL DEFAULT 'waiting',
    document        TEXT    NOT NULL DEFAULT '',
    UNIQUE (order_id, number)
);
CREATE INDEX refund_due ON refund (push_state) WHERE push_state IN ('waiting', 'sending');

-- 异常订单: why an order is not in the ERP, with its evidence. One row while it lasts.
CREATE TABLE exception (
    order_id       INTEGER PRIMARY KEY REFERENCES orders (id),
    cause          TEXT    NOT NULL,
    group_key      TEXT    NOT NULL,
    line_id        INTEGER,
    listing_sku_id INTEGER,
    sku_id         INTEGER,
    params         TEXT    NOT NULL DEFAULT '{}',
    evidence       TEXT    NOT NULL DEFAULT '{}',
    raw            TEXT    NOT NULL DEFAULT '',
    since          INTEGER NOT NULL,
    same_failures  INTEGER NOT NULL DEFAULT 1,
    stopped        INTEGER NOT NULL DEFAULT 0,
    acknowledged   INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX exception_cause ON exception (cause, group_key);
CREATE INDEX exception_sku ON exception (sku_id) WHERE sku_id IS NOT NULL;
CREATE INDEX exception_listing_sku ON exception (listing_sku_id) WHERE listing_sku_id IS NOT NULL;

-- 经过: everything that happened to an order, in the order it happened.
CREATE TABLE order_event (
    id       INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    at       INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    params   TEXT    NOT NULL DEFAULT '{}',
    raw      TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX order_event_order ON order_event (order_id, id);

-- 任务中心: long work.
CREATE TABLE job (
    id          INTEGER PRIMARY KEY,
    kind        TEXT    NOT NULL,
    store_id    INTEGER,
    state       TEXT    NOT NULL CHECK (state IN ('running', 'paused', 'done', 'cancelled', 'failed', 'interrupted')),
    total       INTEGER NOT NULL DEFAULT 0,
    done        INTEGER NOT NULL DEFAULT 0,
    params      TEXT    NOT NULL DEFAULT '{}',
    result      TEXT    NOT NULL DEFAULT '{}',
    created_at  INTEGER NOT NULL,
    finished_at INTEGER
);
CREATE INDEX job_recent ON job (created_at DESC, id DESC);

-- The outbox. Written before the first byte leaves.
CREATE TABLE task (
    id          INTEGER PRIMARY KEY,
    job_id      INTEGER REFERENCES job (id),
    store_id    INTEGER NOT NULL REFERENCES store (id),
    kind        TEXT    NOT NULL,
    priority    INTEGER NOT NULL,
    subject     TEXT    NOT NULL,
    payload     TEXT    NOT NULL,
    previous    TEXT    NOT NULL DEFAULT '{}',
    state       TEXT    NOT NULL CHECK (state IN ('queued', 'sending', 'confirmed', 'rejected', 'in_review', 'unknown', 'cancelled')),
    cause       TEXT    NOT NULL DEFAULT '',
    params      TEXT    NOT NULL DEFAULT '{}',
    raw         TEXT    NOT NULL DEFAULT '',
    attempts    INTEGER NOT NULL DEFAULT 0,
    same_failures INTEGER NOT NULL DEFAULT 0,
    not_before  INTEGER NOT NULL DEFAULT 0,
    undoes      INTEGER REFERENCES task (id),
    created_at  INTEGER NOT NULL,
    sent_at     INTEGER,
    done_at     INTEGER
);
CREATE INDEX task_due ON task (store_id, priority, id) WHERE state IN ('queued', 'sending', 'unknown');
CREATE INDEX task_job ON task (job_id, state);
CREATE INDEX task_recent ON task (state, id);

-- What the ERP holds, as last read.
CREATE TABLE erp_item (
    account_id INTEGER NOT NULL REFERENCES account (id),
    code       TEXT    NOT NULL,
    short_code TEXT    NOT NULL DEFAULT '',
    name       TEXT    NOT NULL,
    barcode    TEXT    NOT NULL DEFAULT '',
    barcode_key TEXT   NOT NULL DEFAULT '',
    unit       TEXT    NOT NULL DEFAULT '',
    price_fen  INTEGER,
    deleted    INTEGER NOT NULL DEFAULT 0,
    seen_at    INTEGER NOT NULL,
    PRIMARY KEY (account_id, code)
) WITHOUT ROWID;
CREATE INDEX erp_item_barcode ON erp_item (account_id, barcode_key) WHERE barcode_key <> '';

CREATE TABLE erp_stock (
    account_id      INTEGER NOT NULL REFERENCES account (id),
    branch          TEXT    NOT NULL,
    code            TEXT    NOT NULL,
    available_milli INTEGER NOT NULL,
    read_at         INTEGER NOT NULL,
    PRIMARY KEY (account_id, branch, code)
) WITHOUT ROWID;

-- What support learned about a text that the dictionary does not know; shown when the same text comes again.
CREATE TABLE cause_note (
    text TEXT PRIMARY KEY,
    note TEXT NOT NULL,
    at   INTEGER NOT NULL
) WITHOUT ROWID;
