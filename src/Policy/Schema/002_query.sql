-- Queries people wrote, and how they ended. The text may name a person, so only its author sees it.
CREATE TABLE policy_query (
    id       TEXT NOT NULL PRIMARY KEY,
    actor    TEXT NOT NULL,
    sql      TEXT NOT NULL,
    purpose  TEXT NOT NULL,
    state    TEXT NOT NULL,            -- running, done, or the code of the refusal
    message  TEXT,
    seen     TEXT,                     -- what was decided for the tables, as a digest: a result is shown while it holds
    tables   TEXT NOT NULL,            -- JSON: resource ids
    columns  TEXT NOT NULL,            -- JSON
    rows     INTEGER NOT NULL,
    cut      INTEGER NOT NULL,
    bytes    INTEGER NOT NULL,
    ms       INTEGER NOT NULL,
    at       TEXT NOT NULL
) STRICT;
CREATE INDEX policy_query_actor ON policy_query (actor, at);
