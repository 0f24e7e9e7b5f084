-- 规则: rules kept per resource, and what scans by them found.

-- The rules of a resource as its steward writes them; old versions stay.
CREATE TABLE quality_rule_set (
    id          TEXT NOT NULL PRIMARY KEY,
    resource    TEXT NOT NULL,
    version     INTEGER NOT NULL,          -- 1, 2 … of the resource
    state       TEXT NOT NULL,             -- Draft (at most one), InForce (at most one), Replaced
    yaml        TEXT NOT NULL,
    made_by     TEXT NOT NULL,             -- who changed the draft last
    made_at     TEXT NOT NULL,
    in_force_by TEXT,
    in_force_at TEXT,
    revision    INTEGER NOT NULL,
    UNIQUE (resource, version)
) STRICT;

-- 例外: rows that a rule flags and that are right all the same, by the value of one item.
CREATE TABLE quality_waiver (
    id       TEXT NOT NULL PRIMARY KEY,
    resource TEXT NOT NULL,
    rule     TEXT NOT NULL,
    item     TEXT NOT NULL,                -- column name
    value    TEXT NOT NULL,
    reason   TEXT NOT NULL,
    until    TEXT NOT NULL,                -- first day it no longer holds
    made_by  TEXT NOT NULL,
    made_at  TEXT NOT NULL,
    ended_by TEXT,
    ended_at TEXT
) STRICT;
CREATE INDEX quality_waiver_resource ON quality_waiver (resource);

-- Suggested rules a person declined.
CREATE TABLE quality_declined (
    id       TEXT NOT NULL PRIMARY KEY,
    resource TEXT NOT NULL,
    rule     TEXT NOT NULL,
    reason   TEXT NOT NULL,
    made_by  TEXT NOT NULL,
    made_at  TEXT NOT NULL,
    UNIQUE (resource, rule)
) STRICT;

-- What the last scan of a resource found: all its files and waiting rows added up.
CREATE TABLE quality_scan (
    resource   TEXT NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,           -- of the rules in force; 0: none kept
    snapshot   INTEGER NOT NULL,
    row_count  INTEGER NOT NULL,
    files_read INTEGER NOT NULL,           -- of the last scan; the others were known
    total      INTEGER,                    -- score in hundredths of a point, 0 to 10,000; NULL: no rule judged a row
    dimensions TEXT NOT NULL,              -- JSON: kept and judged rows by dimension
    rules      TEXT NOT NULL,              -- JSON: rows at fault by rule
    columns    TEXT NOT NULL,              -- JSON: names and types of the table's columns, in the order of the state
    state      BLOB NOT NULL,
    fault_zh   TEXT,                       -- why the last look came to nothing; NULL: it did not
    fault_en   TEXT,
    scanned_at TEXT NOT NULL,
    revision   INTEGER NOT NULL
) STRICT;

-- What a scan found in one file of the lake: the next one adds it up without reading the file.
CREATE TABLE quality_scan_file (
    resource  TEXT NOT NULL,
    file      TEXT NOT NULL,
    digest    TEXT NOT NULL,               -- of the rules, exceptions and columns it was scanned for
    batch     TEXT,                        -- whose rows are in it; NULL: of several, or of none
    row_count INTEGER NOT NULL,
    state     BLOB NOT NULL,
    PRIMARY KEY (resource, file)
) STRICT;

-- Batches that landed, and whether they were scanned.
CREATE TABLE quality_scan_batch (
    batch      TEXT NOT NULL PRIMARY KEY,
    root       TEXT NOT NULL,              -- the batch whose rejected rows it brought again; itself for a load
    resource   TEXT NOT NULL,
    landed_at  TEXT NOT NULL,
    scanned_at TEXT,
    undone     INTEGER NOT NULL
) STRICT;
CREATE INDEX quality_scan_batch_root ON quality_scan_batch (root);
CREATE INDEX quality_scan_batch_resource ON quality_scan_batch (resource);

-- Scores as they were found: of a resource after each scan, of a batch when it was looked at.
CREATE TABLE quality_score (
    id         TEXT NOT NULL PRIMARY KEY,
    resource   TEXT NOT NULL,
    batch      TEXT,                       -- NULL: the whole resource
    version    INTEGER NOT NULL,
    snapshot   INTEGER NOT NULL,
    row_count  INTEGER NOT NULL,
    total      INTEGER,
    dimensions TEXT NOT NULL,
    rules      TEXT NOT NULL,
    scored_at  TEXT NOT NULL
) STRICT;
CREATE INDEX quality_score_resource ON quality_score (resource, scored_at);
CREATE INDEX quality_score_batch ON quality_score (batch) WHERE batch IS NOT NULL;

-- Fingerprints of a resource's columns: hashes of their values, from which how much two have in common is told, and no value.
CREATE TABLE quality_print (
    resource       TEXT NOT NULL,
    item           TEXT NOT NULL,          -- column name
    values_apart   INTEGER NOT NULL,
    subject        INTEGER NOT NULL,       -- whether it says whom or what a row is about: a key, or checked like one
    hashes         BLOB NOT NULL,          -- up to 128 of 8 bytes, ascending
    looks          TEXT NOT NULL,          -- checks that nearly all values pass, with commas between
    PRIMARY KEY (resource, item)
) STRICT;

-- 分类分级: what persons said about suggested levels.
CREATE TABLE quality_level (
    id        TEXT NOT NULL PRIMARY KEY,
    resource  TEXT NOT NULL,
    item      TEXT NOT NULL,
    suggested TEXT NOT NULL,
    confirmed INTEGER NOT NULL,
    reason    TEXT NOT NULL,
    made_by   TEXT NOT NULL,
    made_at   TEXT NOT NULL
) STRICT;
CREATE INDEX quality_level_resource ON quality_level (resource);

-- The gate looks at the score too, where rules are kept; a batch that still waits for its scan is not admitted.
ALTER TABLE quality_batch ADD COLUMN score INTEGER;
ALTER TABLE quality_batch ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;
