-- How an item's values are standardised: at most one treatment of an item at a time; one that was taken back stays as history.
CREATE TABLE standard_treatment (
    id TEXT NOT NULL PRIMARY KEY,
    resource TEXT NOT NULL,
    item TEXT NOT NULL,
    kind TEXT NOT NULL,
    parameter TEXT NOT NULL,
    reason TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at TEXT NOT NULL,
    ended_by TEXT,
    ended_at TEXT,
    ended_why TEXT
) STRICT;
CREATE UNIQUE INDEX standard_treatment_in_force ON standard_treatment (resource, item) WHERE ended_at IS NULL;
