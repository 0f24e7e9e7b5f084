-- Of a stream that the lake holds whole no original is kept; every other one must be there.
ALTER TABLE collection_original ADD COLUMN let_go INTEGER NOT NULL DEFAULT 0;
UPDATE collection_original SET let_go = 1 WHERE digest IN (SELECT f.digest FROM batch_file f JOIN batch b ON b.id = f.batch WHERE b.idempotency LIKE 'sample/%');
