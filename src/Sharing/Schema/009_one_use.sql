-- A use of the data API under a grant that is not of any time is one question, from its first rows to its last.
ALTER TABLE sharing_grant ADD COLUMN began_at TEXT;   -- when the newest use began
ALTER TABLE sharing_grant ADD COLUMN began_of TEXT;   -- which rows it asks for, as the data stood then: a digest
