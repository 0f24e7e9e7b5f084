-- A grant's rows leave in the way and as often as was granted.
ALTER TABLE sharing_grant ADD COLUMN frequency TEXT;  -- as requested; NULL: given before way and frequency were held to, and keeps what it had
ALTER TABLE sharing_grant ADD COLUMN taken_at TEXT;   -- when the data API last handed over all that was asked for, under a grant that is not of any time
