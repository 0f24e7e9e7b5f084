-- A query may ask for the tables as they were.
ALTER TABLE policy_query ADD COLUMN as_of TEXT;   -- as it was asked for: a moment or the number of a snapshot; null: now
