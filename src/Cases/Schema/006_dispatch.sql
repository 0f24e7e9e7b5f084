-- 派单目录: versions of the dispatch table; the highest one that was published is in force.
CREATE TABLE case_dispatch (
    version      INTEGER NOT NULL PRIMARY KEY,
    rows         TEXT NOT NULL,             -- JSON: the rows as they were read
    note         TEXT NOT NULL,
    made_by      TEXT NOT NULL,
    maker        TEXT NOT NULL,             -- id of the account: another one publishes
    made_at      TEXT NOT NULL,
    published_by TEXT,                      -- NULL: a draft
    published_at TEXT
) STRICT;
