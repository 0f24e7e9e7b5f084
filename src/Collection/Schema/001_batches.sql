-- What was received, by whom, for which resource, and what became of it.

-- A file as it came, kept under its digest (originals/ab/cd/…); several batches may share one.
CREATE TABLE collection_original (
    digest      TEXT NOT NULL PRIMARY KEY,  -- SHA-256, hex
    bytes       INTEGER NOT NULL,
    received_at TEXT NOT NULL
) STRICT;

-- The last number given out on a day of the city: 20261124-000123.
CREATE TABLE batch_number (
    day  TEXT NOT NULL PRIMARY KEY,         -- yyyyMMdd
    last INTEGER NOT NULL
) STRICT;

CREATE TABLE batch (
    id             TEXT NOT NULL PRIMARY KEY,
    number         TEXT NOT NULL UNIQUE,
    kind           TEXT NOT NULL,           -- Load, Replay
    parent         TEXT REFERENCES batch (id),  -- of a replay: the batch whose rejects it mends
    idempotency    TEXT UNIQUE,             -- the caller's key: the same key again gets the same batch
    resource       TEXT NOT NULL,
    code           TEXT NOT NULL,
    name           TEXT NOT NULL,
    version        INTEGER NOT NULL,        -- of the resource, as last loaded by
    table_name     TEXT NOT NULL,
    unit           TEXT NOT NULL,
    source         TEXT,
    source_name    TEXT,
    operator       TEXT NOT NULL,
    operator_name  TEXT NOT NULL,
    drift          TEXT NOT NULL,           -- Refuse, Add, Ignore
    mapping        TEXT NOT NULL,           -- JSON: the source's own column → item, beside the names
    state          TEXT NOT NULL,           -- Received, Loading, Landed, Refused, Cancelled, Undone
    problem        TEXT,                    -- JSON, of a refused one
    job            TEXT,
    received_at    TEXT NOT NULL,
    started_at     TEXT,
    ended_at       TEXT,
    day            TEXT,                    -- the city's day it landed
    snapshot       INTEGER,                 -- of the lake, that first shows it
    undo_snapshot  INTEGER,
    accepted       INTEGER NOT NULL DEFAULT 0,
    rejected       INTEGER NOT NULL DEFAULT 0,
    duplicate      INTEGER NOT NULL DEFAULT 0,
    filtered       INTEGER NOT NULL DEFAULT 0,
    rows_read      INTEGER NOT NULL DEFAULT 0,
    net            INTEGER NOT NULL DEFAULT 0,  -- rows the table grew by: an upsert replaces some
    bytes          INTEGER NOT NULL DEFAULT 0,
    profile        TEXT,                    -- JSON, per item
    reject_digest  TEXT,                    -- of the file that holds its rejected rows
    open           INTEGER NOT NULL DEFAULT 0,  -- rejected rows by what became of them
    mended         INTEGER NOT NULL DEFAULT 0,
    withdrawn      INTEGER NOT NULL DEFAULT 0,
    explained      INTEGER NOT NULL DEFAULT 0,
    attempts       INTEGER NOT NULL DEFAULT 0,
    mends          BLOB,                    -- of a replay: the rejected rows of its parent, one a record (see Rejects/SeqList.cs)
    CHECK (rows_read = accepted + rejected + duplicate + filtered),
    CHECK (rejected = open + mended + withdrawn + explained)
) STRICT;
CREATE INDEX batch_by_unit ON batch (unit, received_at);
CREATE INDEX batch_by_resource ON batch (resource, received_at);
CREATE INDEX batch_by_time ON batch (received_at);
CREATE INDEX batch_by_parent ON batch (parent) WHERE parent IS NOT NULL;
-- The board reads this index alone.
CREATE INDEX batch_on_board ON batch (day, unit, resource, net, accepted, rejected, duplicate, filtered) WHERE state = 'Landed';

-- One table in one file of a batch.
CREATE TABLE batch_file (
    batch     TEXT NOT NULL REFERENCES batch (id),
    part      INTEGER NOT NULL,             -- 0-based; provenance points here
    file      INTEGER NOT NULL,             -- number of the file as sent: one file may hold several tables
    name      TEXT NOT NULL,
    digest    TEXT NOT NULL,
    bytes     INTEGER NOT NULL,
    hints     TEXT NOT NULL,                -- JSON: what the sender told of its shape
    shape     TEXT,                         -- JSON, once inspected
    guesses   TEXT,                         -- JSON: what was guessed and why
    columns   TEXT,                         -- JSON: which column went to which item, and the drift
    content   TEXT,                         -- digest of bytes, resource, shape and mapping: the same again adds nothing
    same_as   TEXT,                         -- number of the batch that had already brought it
    rows_read INTEGER NOT NULL DEFAULT 0,
    rejected  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (batch, part)
) STRICT;
CREATE INDEX batch_file_by_content ON batch_file (content) WHERE content IS NOT NULL;
CREATE INDEX batch_file_by_digest ON batch_file (digest);

-- What happened to a batch, in order.
CREATE TABLE batch_event (
    id     TEXT NOT NULL PRIMARY KEY,       -- UUIDv7
    batch  TEXT NOT NULL REFERENCES batch (id),
    at     TEXT NOT NULL,
    actor  TEXT NOT NULL,                   -- name as shown
    act    TEXT NOT NULL,
    detail TEXT NOT NULL                    -- JSON of values for the sentence
) STRICT;
CREATE INDEX batch_event_by_batch ON batch_event (batch, id);

-- What became of each rejected row: one byte a row, 4,096 rows a page. The rows themselves lie in a file of their own (see Rejects/RejectFile.cs).
CREATE TABLE reject_page (
    batch  TEXT NOT NULL REFERENCES batch (id),
    page   INTEGER NOT NULL,
    states BLOB NOT NULL,
    PRIMARY KEY (batch, page)
) STRICT;

-- An explanation given for rejected rows that were withdrawn or accepted as they are.
CREATE TABLE reject_explanation (
    id    TEXT NOT NULL PRIMARY KEY,
    batch TEXT NOT NULL REFERENCES batch (id),
    at    TEXT NOT NULL,
    actor TEXT NOT NULL,
    state TEXT NOT NULL,                    -- Withdrawn, Explained
    rows  INTEGER NOT NULL,
    words TEXT NOT NULL
) STRICT;

-- Published resources as the board needs them, kept by the catalogue's facts, and their tables in the landing layer.
CREATE TABLE landing_resource (
    resource   TEXT NOT NULL PRIMARY KEY,
    code       TEXT NOT NULL,
    name       TEXT NOT NULL,
    unit       TEXT NOT NULL,
    table_name TEXT NOT NULL,
    version    INTEGER NOT NULL,
    cycle      TEXT NOT NULL,
    published  INTEGER NOT NULL,            -- 0 once retired
    since      TEXT NOT NULL,               -- when it was first published here
    lake_table INTEGER,                     -- null until the first load
    fields     TEXT,                        -- JSON: item id → field id in the lake
    last_at    TEXT                         -- when it last landed rows
) STRICT;
CREATE INDEX landing_resource_by_unit ON landing_resource (unit) WHERE published = 1;
CREATE INDEX landing_resource_by_table ON landing_resource (table_name);
