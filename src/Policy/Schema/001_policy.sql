-- What the policy enforces: rule sets in versions, and grants.
CREATE TABLE policy_rules (
    version INTEGER NOT NULL PRIMARY KEY,
    rules   TEXT NOT NULL,             -- JSON
    note    TEXT NOT NULL,
    author  TEXT NOT NULL,
    at      TEXT NOT NULL,
    seal    TEXT NOT NULL              -- HMAC-SHA-256 over version and rules: an edit past the program is noticed
) STRICT;

CREATE TABLE policy_grant (
    id          TEXT NOT NULL PRIMARY KEY,
    number      TEXT NOT NULL,
    resource    TEXT NOT NULL,
    unit        TEXT NOT NULL,
    purpose     TEXT NOT NULL,
    items       TEXT NOT NULL,         -- JSON
    rows_filter TEXT,                  -- JSON; NULL: all rows
    valid_from  TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    state       TEXT NOT NULL
) STRICT;
CREATE INDEX policy_grant_unit ON policy_grant (unit, resource);
CREATE INDEX policy_grant_resource ON policy_grant (resource);
