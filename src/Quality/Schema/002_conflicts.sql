-- 一数一源: items that two units publish about the same kind of subject, and which of them counts.
CREATE TABLE quality_conflict (
    id          TEXT NOT NULL PRIMARY KEY,
    number      TEXT NOT NULL UNIQUE,
    concept     TEXT NOT NULL UNIQUE,      -- normalised name, kind of type, normalised name of the key they share
    name        TEXT NOT NULL,             -- of the item, as one of them spells it
    subject     TEXT NOT NULL,             -- the key they share
    state       TEXT NOT NULL,
    resource    TEXT,                      -- the authority; NULL: not decided
    item        TEXT,
    reason      TEXT,
    decided_by  TEXT,
    decided_at  TEXT,
    found_at    TEXT NOT NULL,
    revision    INTEGER NOT NULL
) STRICT;
CREATE INDEX quality_conflict_state ON quality_conflict (state);

CREATE TABLE quality_conflict_source (
    conflict      TEXT NOT NULL REFERENCES quality_conflict (id),
    resource      TEXT NOT NULL,
    item          TEXT NOT NULL,
    unit          TEXT NOT NULL,
    resource_name TEXT NOT NULL,
    item_name     TEXT NOT NULL,
    PRIMARY KEY (conflict, resource, item)
) STRICT;
CREATE INDEX quality_conflict_source_item ON quality_conflict_source (resource, item);
CREATE INDEX quality_conflict_source_unit ON quality_conflict_source (unit);

CREATE TABLE quality_conflict_act (
    id       TEXT NOT NULL PRIMARY KEY,
    conflict TEXT NOT NULL,
    step     TEXT NOT NULL,
    person   TEXT NOT NULL,
    unit     TEXT,
    words    TEXT,
    at       TEXT NOT NULL,
    revision INTEGER NOT NULL              -- of the conflict
) STRICT;
CREATE INDEX quality_conflict_act_conflict ON quality_conflict_act (conflict, revision);

-- The last count: items, and those with exactly one source.
CREATE TABLE quality_one_source (
    id         TEXT NOT NULL PRIMARY KEY,
    items      INTEGER NOT NULL,
    alone      INTEGER NOT NULL,           -- published by one unit alone
    at         TEXT NOT NULL
) STRICT;
