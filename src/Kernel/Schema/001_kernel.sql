-- What every module stands on: told facts and long work.
CREATE TABLE outbox (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order of telling; ids of one millisecond have none
    id       TEXT NOT NULL UNIQUE,
    type     TEXT NOT NULL,
    body     TEXT NOT NULL,              -- JSON
    told_at  TEXT NOT NULL,
    done_at  TEXT,
    attempts INTEGER NOT NULL,
    parked   TEXT                        -- why it was given up
) STRICT;
CREATE INDEX outbox_waiting ON outbox (seq) WHERE done_at IS NULL AND parked IS NULL;

CREATE TABLE job (
    id          TEXT NOT NULL PRIMARY KEY,
    kind        TEXT NOT NULL,
    job_key     TEXT,                    -- at most one waiting or running job of a key
    body        TEXT NOT NULL,           -- JSON
    due_at      TEXT NOT NULL,
    state       TEXT NOT NULL,           -- Waiting, Running, Done, Parked, Cancelled
    lease_until TEXT,
    attempts    INTEGER NOT NULL,
    done        INTEGER NOT NULL,
    total       INTEGER NOT NULL,
    note        TEXT
) STRICT;
CREATE INDEX job_due ON job (due_at) WHERE state IN ('Waiting', 'Running');
CREATE UNIQUE INDEX job_one_of_key ON job (job_key) WHERE state IN ('Waiting', 'Running');
