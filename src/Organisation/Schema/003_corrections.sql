-- What somebody found wrong in the register, and what its keeper did about it.
CREATE TABLE organisation_correction (
    id            TEXT NOT NULL PRIMARY KEY,
    kind          TEXT NOT NULL,          -- Unit, System, Post, Person
    entry         TEXT NOT NULL,          -- of that kind
    name          TEXT NOT NULL,          -- as it was called then
    unit          TEXT NOT NULL REFERENCES organisation_unit (id),
    wrong         TEXT NOT NULL,          -- what is wrong and how it should be
    seen          INTEGER NOT NULL,       -- the version that was found wrong
    reporter      TEXT NOT NULL,
    reporter_name TEXT NOT NULL,
    reported_at   TEXT NOT NULL,
    state         TEXT NOT NULL,          -- Open, Mended, Declined
    answer        TEXT,
    settled_by    TEXT,
    settled_at    TEXT,
    version       INTEGER NOT NULL
) STRICT;
CREATE INDEX organisation_correction_unit ON organisation_correction (unit, reported_at);
CREATE INDEX organisation_correction_entry ON organisation_correction (entry);
