-- What changed or was withdrawn after it had been handed over.
ALTER TABLE sharing_grant ADD COLUMN noticed TEXT;  -- a cursor: up to where the receiver was told; NULL: nothing was taken yet

CREATE TABLE sharing_correction (
    id            TEXT NOT NULL PRIMARY KEY,
    granted       TEXT NOT NULL,
    cursor        TEXT NOT NULL,           -- the changes since it are the difference
    to_snapshot   INTEGER NOT NULL,
    changed       INTEGER NOT NULL,
    withdrawn     INTEGER NOT NULL,
    at            TEXT NOT NULL
) STRICT;
CREATE INDEX sharing_correction_grant ON sharing_correction (granted, at);
