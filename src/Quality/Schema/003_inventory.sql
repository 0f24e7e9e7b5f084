-- 上报: the inventory of units, systems, entries and items as it was reported to the level above; what changed since is the difference to the one before.
CREATE TABLE quality_inventory (
    id        TEXT NOT NULL PRIMARY KEY,
    number    TEXT NOT NULL UNIQUE,
    made_at   TEXT NOT NULL,
    made_by   TEXT NOT NULL,
    units     INTEGER NOT NULL,
    systems   INTEGER NOT NULL,
    resources INTEGER NOT NULL,
    items     INTEGER NOT NULL,
    added     INTEGER NOT NULL,            -- since the one before
    changed   INTEGER NOT NULL,
    removed   INTEGER NOT NULL,
    content   BLOB NOT NULL                -- JSON of the four lists, packed with Brotli
) STRICT;
