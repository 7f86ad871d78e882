-- What a platform tells of a product beside; nothing where it tells none.
ALTER TABLE listing ADD COLUMN description TEXT;
ALTER TABLE listing_sku ADD COLUMN packing_fee_fen INTEGER;
