-- Names of fields are bounded from here on: what is longer than any push may now be is told by the mark of "more than is told" alone, and what is in a batch needs none.
UPDATE source_push SET fields = NULL WHERE batch IS NOT NULL;
UPDATE source_push SET fields = '["…"]' WHERE LENGTH(fields) > 70000;
