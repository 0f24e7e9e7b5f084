-- What people took back is not given again at once.
ALTER TABLE sharing_grant ADD COLUMN ended_by TEXT;   -- the unit whose steward ended it; NULL: the bureau, or before this was written down
ALTER TABLE sharing_request ADD COLUMN why TEXT;      -- JSON: why people decide what is otherwise granted at once; NULL: no such reason
