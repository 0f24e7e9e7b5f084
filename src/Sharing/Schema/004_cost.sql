-- What answering costs.
ALTER TABLE sharing_use ADD COLUMN processor INTEGER NOT NULL DEFAULT 0;  -- microseconds of processor time
