-- What a push's rows have for fields (JSON array of names): pushes that do not fit together become batches of their own. Null for those from before.
ALTER TABLE source_push ADD COLUMN fields TEXT;
