-- Where data comes from: sources, their runs, what was pushed and is not yet in a batch, uploads in progress, days that break the week's rule.
CREATE TABLE source (
    id           TEXT NOT NULL PRIMARY KEY,
    code         TEXT NOT NULL UNIQUE,      -- in addresses and folder names
    name         TEXT NOT NULL UNIQUE,
    unit         TEXT NOT NULL,
    system       TEXT,
    resource     TEXT NOT NULL,             -- code of the resource it fills
    way          TEXT NOT NULL,             -- Upload, Folder, Push, Database, Api
    settings     TEXT NOT NULL,             -- JSON, the typed fields of the way; never a secret
    secret       TEXT,                      -- protected with the installation's keys
    shape        TEXT,                      -- JSON, the file contract; null until one is agreed
    mapping      TEXT NOT NULL,             -- JSON, column of the file -> column of the resource
    drift        TEXT NOT NULL,             -- Refuse, Add, Ignore
    schedule     TEXT,                      -- JSON; null for sources that come by themselves
    state        TEXT NOT NULL,             -- Active, Paused
    watermark    TEXT,                      -- JSON; how far a pull has come
    next_at      TEXT,
    last_run_at  TEXT,
    last_data_at TEXT,
    last_note    TEXT,                      -- why the last run failed; null when it did not
    failures     INTEGER NOT NULL,          -- in a row
    created_at   TEXT NOT NULL,
    changed_at   TEXT NOT NULL
) STRICT;
CREATE INDEX source_unit ON source (unit);
CREATE INDEX source_due ON source (next_at) WHERE state = 'Active' AND next_at IS NOT NULL;

CREATE TABLE source_run (
    id         TEXT NOT NULL PRIMARY KEY,   -- UUIDv7: id order is time order
    source     TEXT NOT NULL,
    cause      TEXT NOT NULL,               -- Schedule, Hand, Arrival
    started_at TEXT NOT NULL,
    ended_at   TEXT,
    result     TEXT NOT NULL,               -- Running, Delivered, Nothing, Refused, Failed, Interrupted
    batch      TEXT,
    row_count  INTEGER NOT NULL,
    bytes      INTEGER NOT NULL,
    note       TEXT
) STRICT;
CREATE INDEX source_run_source ON source_run (source, id);
CREATE INDEX source_run_open ON source_run (started_at) WHERE result = 'Running';

-- A push is answered when this row is durable. Its body waits here (small) or in a file (large) until a batch takes it.
CREATE TABLE source_push (
    id              TEXT NOT NULL PRIMARY KEY,
    source          TEXT NOT NULL,
    idempotency_key TEXT,
    digest          TEXT NOT NULL,          -- SHA-256 of the bytes as sent
    row_count       INTEGER NOT NULL,
    bytes           INTEGER NOT NULL,
    body            BLOB,                   -- NDJSON
    file            TEXT,                   -- name in the work folder
    received_at     TEXT NOT NULL,
    claim           TEXT,                   -- the group it was taken into; null while it waits
    batch           TEXT                    -- null until the group is a batch
) STRICT;
CREATE UNIQUE INDEX source_push_key ON source_push (source, idempotency_key);
CREATE INDEX source_push_waiting ON source_push (source, received_at) WHERE batch IS NULL;
CREATE INDEX source_push_claim ON source_push (claim) WHERE claim IS NOT NULL;

-- A resumable upload. How far it is, is the length of its file: the file is the truth.
CREATE TABLE source_upload (
    id          TEXT NOT NULL PRIMARY KEY,
    source      TEXT,                       -- null for a file of the upload page
    person      TEXT NOT NULL,
    name        TEXT NOT NULL,              -- as the sender called it
    length      INTEGER,                    -- bytes announced; null when unknown
    created_at  TEXT NOT NULL,
    done_at     TEXT
) STRICT;

-- 节假日 and 调休: days that are not what their weekday says.
CREATE TABLE source_calendar (
    day   TEXT NOT NULL PRIMARY KEY,
    works INTEGER NOT NULL,                 -- 1 a Saturday or Sunday that is worked, 0 a weekday that is free
    name  TEXT NOT NULL
) STRICT;
-- 国务院办公厅关于2026年部分节假日安排的通知 (国办发明电〔2025〕7号)
INSERT INTO source_calendar (day, works, name) VALUES
    ('2026-01-01', 0, '元旦'), ('2026-01-02', 0, '元旦'), ('2026-01-04', 1, '元旦调休'),
    ('2026-02-14', 1, '春节调休'), ('2026-02-16', 0, '春节'), ('2026-02-17', 0, '春节'), ('2026-02-18', 0, '春节'), ('2026-02-19', 0, '春节'),
    ('2026-02-20', 0, '春节'), ('2026-02-23', 0, '春节'), ('2026-02-28', 1, '春节调休'),
    ('2026-04-06', 0, '清明节'),
    ('2026-05-01', 0, '劳动节'), ('2026-05-04', 0, '劳动节'), ('2026-05-05', 0, '劳动节'), ('2026-05-09', 1, '劳动节调休'),
    ('2026-06-19', 0, '端午节'),
    ('2026-09-20', 1, '国庆节调休'), ('2026-09-25', 0, '中秋节'),
    ('2026-10-01', 0, '国庆节'), ('2026-10-02', 0, '国庆节'), ('2026-10-05', 0, '国庆节'), ('2026-10-06', 0, '国庆节'), ('2026-10-07', 0, '国庆节'),
    ('2026-10-10', 1, '国庆节调休');
