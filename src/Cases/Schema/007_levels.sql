-- 省市县三级联动: other levels this one exchanges cases with, and every message of either direction as it was, with its receipt.
CREATE TABLE level_peer (
    id       TEXT NOT NULL PRIMARY KEY,    -- the link's; both ends have the same
    name     TEXT NOT NULL,
    upper    INTEGER NOT NULL,             -- 1: it is above this one
    url      TEXT NOT NULL,
    secret   TEXT NOT NULL,                -- protected with the installation's keys
    made_by  TEXT NOT NULL,
    made_at  TEXT NOT NULL,
    ended_at TEXT
) STRICT;

-- Which case here a case between levels is; none where it is followed in the inbox alone.
CREATE TABLE level_case (
    peer   TEXT NOT NULL,
    ref    TEXT NOT NULL,                  -- chosen by who sent first; the same at both ends
    number TEXT NOT NULL,
    PRIMARY KEY (peer, ref)
) STRICT;
CREATE INDEX level_case_number ON level_case (number);

CREATE TABLE level_message (
    peer     TEXT NOT NULL,
    ref      TEXT NOT NULL,
    came     INTEGER NOT NULL,             -- 1: came from the peer; 0: goes to it
    seq      INTEGER NOT NULL,             -- 1, 2, 3 … of a case and direction
    form     TEXT NOT NULL,
    body     TEXT NOT NULL,                -- JSON, the very text that was signed
    digest   TEXT NOT NULL,                -- SHA-256 of it
    state    TEXT NOT NULL,                -- Waiting, Parked, Taken, Rejected
    at       TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_at   TEXT NOT NULL,                -- of the next attempt
    receipt  TEXT,                         -- JSON, as it was signed; NULL: none yet
    signature TEXT,                        -- of the receipt
    note     TEXT,                         -- why it did not go, or was not taken
    PRIMARY KEY (peer, ref, came, seq)
) STRICT;
CREATE INDEX level_message_due ON level_message (due_at) WHERE came = 0 AND state IN ('Waiting', 'Parked');
