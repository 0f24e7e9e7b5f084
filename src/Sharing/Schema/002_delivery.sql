-- 表达: what is handed over under a grant, where to, when, and how far it has come; and each attempt.
CREATE TABLE sharing_delivery (
    id            TEXT NOT NULL PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    granted       TEXT NOT NULL,
    unit          TEXT NOT NULL,           -- that receives
    provider      TEXT NOT NULL,
    name          TEXT NOT NULL,
    target        TEXT NOT NULL,           -- JSON
    secret        TEXT,                    -- protected; only this installation can open it
    cron          TEXT,                    -- NULL: not by the clock
    workdays_only INTEGER NOT NULL,
    on_change     INTEGER NOT NULL,
    state         TEXT NOT NULL,
    reached       INTEGER,                 -- the last snapshot handed over
    cursor        TEXT,                    -- where the changes after it begin
    next_at       TEXT,
    wanted_at     TEXT,                    -- when data last changed
    failures      INTEGER NOT NULL,        -- in a row
    note          TEXT,
    last_run_at   TEXT,
    made_at       TEXT NOT NULL,
    made_by       TEXT NOT NULL,
    revision      INTEGER NOT NULL
) STRICT;
CREATE INDEX sharing_delivery_grant ON sharing_delivery (granted);
CREATE INDEX sharing_delivery_unit ON sharing_delivery (unit);
CREATE INDEX sharing_delivery_provider ON sharing_delivery (provider);
CREATE INDEX sharing_delivery_due ON sharing_delivery (next_at) WHERE state = 'Active';

CREATE TABLE sharing_run (
    id            TEXT NOT NULL PRIMARY KEY,
    delivery      TEXT NOT NULL,
    granted       TEXT NOT NULL,
    cause         TEXT NOT NULL,
    result        TEXT NOT NULL,
    from_snapshot INTEGER,
    to_snapshot   INTEGER,
    inserted      INTEGER NOT NULL,
    changed       INTEGER NOT NULL,
    withdrawn     INTEGER NOT NULL,
    bytes         INTEGER NOT NULL,
    digest        TEXT,                    -- of what was handed over
    evidence      INTEGER,                 -- number of the ledger's entry
    note          TEXT,
    started_at    TEXT NOT NULL,
    ended_at      TEXT,
    file          TEXT,                    -- its name for the receiver; NULL once it is gone
    keep_until    TEXT,
    cursor        TEXT,
    taken         INTEGER NOT NULL         -- how often the file was fetched
) STRICT;
CREATE INDEX sharing_run_delivery ON sharing_run (delivery, started_at);
CREATE INDEX sharing_run_open ON sharing_run (delivery) WHERE result = 'Running';
CREATE INDEX sharing_run_file ON sharing_run (keep_until) WHERE file IS NOT NULL;
