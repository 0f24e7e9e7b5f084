-- Append-only evidence. Each row's hash covers the row and the hash before it: an edit, a gap or a reorder breaks the chain.
CREATE TABLE ledger_entry (
    seq     INTEGER NOT NULL PRIMARY KEY,  -- 1, 2, 3 … without gaps
    at      TEXT NOT NULL,
    actor   TEXT NOT NULL,                 -- person's id; the empty id is the program or the machine's operator
    unit    TEXT,
    act     TEXT NOT NULL,
    subject TEXT NOT NULL,
    result  TEXT NOT NULL,
    detail  TEXT NOT NULL,                 -- JSON
    hash    TEXT NOT NULL                  -- SHA-256, hex
) STRICT;
CREATE INDEX ledger_entry_subject ON ledger_entry (subject, seq);
CREATE INDEX ledger_entry_actor ON ledger_entry (actor, seq);
