-- Whether a file may have come before is asked by its length.
CREATE INDEX collection_original_by_bytes ON collection_original (bytes);
