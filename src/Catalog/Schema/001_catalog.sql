-- The register of what exists. A row of `resource` is what lists show; `resource_version` keeps every version whole.
CREATE TABLE resource (
    seq            INTEGER NOT NULL PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    code           TEXT NOT NULL UNIQUE,
    table_name     TEXT NOT NULL UNIQUE,  -- of its table in the lake; fixed once published
    generation     INTEGER NOT NULL,      -- of the catalogue when the row was last written
    revision       INTEGER NOT NULL,      -- grows with every act: two who act on the same state do not both win
    state          TEXT NOT NULL,         -- of the version shown: the published one, else the open one
    published      INTEGER,               -- the published version; NULL before the first publication and after retirement
    opened         INTEGER,               -- the version being worked on; NULL when there is none
    open_state     TEXT,
    last           INTEGER NOT NULL,      -- the highest version kept
    topic          TEXT NOT NULL,         -- 类 and 项: the first three digits of the class
    class          TEXT NOT NULL,
    serial         INTEGER NOT NULL,
    name           TEXT NOT NULL,
    unit           TEXT NOT NULL,
    system         TEXT,
    sharing        TEXT NOT NULL,
    cycle          TEXT NOT NULL,
    level          INTEGER NOT NULL,      -- 1-4, the highest of its items, unset counted as 3
    items          INTEGER NOT NULL,
    updated_at     TEXT NOT NULL,
    published_at   TEXT                   -- first publication (发布日期)
) STRICT;
CREATE INDEX resource_unit ON resource (unit, code);
CREATE INDEX resource_class_serial ON resource (class, serial);
CREATE INDEX resource_generation_of ON resource (generation);

-- Grows by one with every act on the catalogue; taking it also lines the acts up, one after the other.
CREATE TABLE resource_generation (n INTEGER NOT NULL PRIMARY KEY) STRICT;
INSERT INTO resource_generation (n) VALUES (0);

CREATE TABLE resource_version (
    resource     TEXT NOT NULL REFERENCES resource (id),
    version      INTEGER NOT NULL,
    body         TEXT NOT NULL,           -- a ResourceEntry as JSON
    made_at      TEXT NOT NULL,
    made_by      TEXT NOT NULL,
    published_at TEXT,
    PRIMARY KEY (resource, version)
) STRICT;

CREATE TABLE resource_act (
    id         TEXT NOT NULL PRIMARY KEY, -- UUIDv7: id order is time order
    resource   TEXT NOT NULL REFERENCES resource (id),
    version    INTEGER NOT NULL,
    act        TEXT NOT NULL,
    actor      TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    actor_unit TEXT,
    at         TEXT NOT NULL,
    opinion    TEXT
) STRICT;
CREATE INDEX resource_act_of ON resource_act (resource, id);

-- Words and pairs of characters of each entry, so that any two Chinese characters find it.
--sqlite
CREATE VIRTUAL TABLE resource_gram USING fts5(
    name, body, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0", prefix='1');
--end
--postgres
CREATE TABLE resource_gram (seq INTEGER NOT NULL PRIMARY KEY, grams TSVECTOR NOT NULL);
CREATE INDEX resource_gram_of ON resource_gram USING GIN (grams);
--end
