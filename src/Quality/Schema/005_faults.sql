-- A batch that waits for a scan which came to nothing says why, instead of asking to wait.
ALTER TABLE quality_batch ADD COLUMN fault_zh TEXT;
ALTER TABLE quality_batch ADD COLUMN fault_en TEXT;
