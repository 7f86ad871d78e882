-- Which ERP, and which branch there, an order was sent to: it stays that one's when the store moves to another.
ALTER TABLE orders ADD COLUMN sent_account_id INTEGER REFERENCES account (id);
ALTER TABLE orders ADD COLUMN sent_branch TEXT NOT NULL DEFAULT '';
UPDATE orders SET
    sent_account_id = (SELECT erp_account_id FROM store WHERE store.id = orders.store_id),
    sent_branch = (SELECT offline_code FROM store WHERE store.id = orders.store_id)
WHERE push_state IN ('sending', 'pushed');
