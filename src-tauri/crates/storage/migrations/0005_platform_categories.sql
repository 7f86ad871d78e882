-- 类目: the platform's own tree as an account sees it, read whole and kept whole.
CREATE TABLE platform_category_tree (
    account_id INTEGER PRIMARY KEY REFERENCES account (id),
    read_at    INTEGER NOT NULL,
    categories TEXT    NOT NULL
);

-- The 类目 that the manager chose for a product on a platform, with what it asks for (JSON object of texts).
CREATE TABLE category_choice (
    id          INTEGER PRIMARY KEY,
    product_id  INTEGER NOT NULL REFERENCES product (id),
    platform    TEXT    NOT NULL,
    category_id TEXT    NOT NULL,
    attributes  TEXT    NOT NULL DEFAULT '{}',
    UNIQUE (product_id, platform)
);
