-- What a platform wants to know of each store (service phone, packing fee), as a JSON object of texts.
ALTER TABLE store ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
