-- 考核方案: every version as it was published; before the first the shipped one holds.
CREATE TABLE case_scheme (
    version INTEGER NOT NULL PRIMARY KEY,
    text    TEXT NOT NULL,
    note    TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL
) STRICT;

-- 申诉: how a case is counted is doubted; and what was decided, by somebody else. Both are only ever added to.
CREATE TABLE case_appeal (
    id      TEXT NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL,
    number  TEXT NOT NULL,
    asks    TEXT NOT NULL,             -- Exclude, InTime, NoRework, NoShirk, NotMissed
    reason  TEXT NOT NULL,
    unit    TEXT,
    actor   TEXT NOT NULL,
    name    TEXT NOT NULL,
    made_at TEXT NOT NULL
) STRICT;
CREATE INDEX case_appeal_case ON case_appeal (case_id);

CREATE TABLE case_appeal_decision (
    appeal   TEXT NOT NULL PRIMARY KEY,
    accepted INTEGER NOT NULL,
    words    TEXT NOT NULL,
    actor    TEXT NOT NULL,
    name     TEXT NOT NULL,
    made_at  TEXT NOT NULL             -- from when on it counts
) STRICT;
