-- 事件台账: what is known of cases is what their events say. case_event is only ever added to; case_file, case_leg and case_clock are projections of it, written in the same transaction.

CREATE TABLE case_event (
    case_id   TEXT NOT NULL,
    seq       INTEGER NOT NULL,            -- 1 is the report; without gaps
    at        TEXT NOT NULL,               -- when it happened
    known_at  TEXT NOT NULL,               -- when it was told here
    actor     TEXT NOT NULL,               -- person; the empty id is the program
    name      TEXT NOT NULL,
    unit      TEXT,                        -- they acted for; NULL: none
    behalf    TEXT,                        -- on whose behalf, e.g. the caller; NULL: nobody's
    act       TEXT NOT NULL,
    old_state TEXT NOT NULL,
    state     TEXT NOT NULL,
    node      TEXT NOT NULL,               -- that owns it after the event
    loop      TEXT NOT NULL,               -- Micro, Small, Large
    reason    TEXT,
    flow      INTEGER NOT NULL,            -- version of the flow it was taken under
    detail    TEXT NOT NULL,               -- JSON: what was filled in and what was decided
    PRIMARY KEY (case_id, seq)
) STRICT;
CREATE INDEX case_event_at ON case_event (known_at);

CREATE TABLE case_file (
    id          TEXT NOT NULL PRIMARY KEY,
    number      TEXT NOT NULL UNIQUE,      -- SJyyyyMMdd-000001: its order is that of reporting
    revision    INTEGER NOT NULL,          -- seq of the last event
    flow        INTEGER NOT NULL,
    state       TEXT NOT NULL,
    ended       INTEGER NOT NULL,
    loop        TEXT NOT NULL,
    node        TEXT NOT NULL,
    place       TEXT NOT NULL,             -- node it was reported from
    unit        TEXT,                      -- lead unit of the leg under way
    class       TEXT,
    grade       TEXT NOT NULL,
    source      TEXT NOT NULL,
    words       TEXT NOT NULL,
    address     TEXT NOT NULL,
    x           REAL,                      -- CGCS2000, degrees; NULL: unknown
    y           REAL,
    has_reporter INTEGER NOT NULL,
    reported_at TEXT NOT NULL,
    reported_by TEXT NOT NULL,
    day         TEXT NOT NULL,             -- of the city, on which it was reported
    stage_at    TEXT NOT NULL,
    last_at     TEXT NOT NULL,
    due_at      TEXT,                      -- of the stage; NULL: no clock runs
    warn_at     TEXT,
    whole_due   TEXT,
    late        INTEGER NOT NULL,          -- the stage under way was told to be past its limit
    handlers    TEXT NOT NULL,             -- JSON: ids of the people who handled it
    asked_hours INTEGER NOT NULL,          -- of the extension asked for
    reworks     INTEGER NOT NULL,
    returns     INTEGER NOT NULL,
    shirks      INTEGER NOT NULL,
    delays      INTEGER NOT NULL,
    holds       INTEGER NOT NULL,
    supervised  INTEGER NOT NULL,
    reply_due   TEXT,
    satisfied   INTEGER,                   -- of the reporter; NULL: not asked
    outcome     TEXT,                      -- of an ended one
    parent      TEXT,                      -- case it was merged into
    closed_at   TEXT
) STRICT;
CREATE INDEX case_file_state ON case_file (state, number);
CREATE INDEX case_file_unit ON case_file (unit, number) WHERE unit IS NOT NULL;
CREATE INDEX case_file_node ON case_file (node, number);
CREATE INDEX case_file_place ON case_file (place, number);
CREATE INDEX case_file_class ON case_file (class, number);
CREATE INDEX case_file_parent ON case_file (parent) WHERE parent IS NOT NULL;
CREATE INDEX case_file_due ON case_file (due_at) WHERE late = 0 AND due_at IS NOT NULL;
CREATE INDEX case_file_open ON case_file (state, warn_at, due_at) WHERE ended = 0;

-- One unit's assignment in one loop.
CREATE TABLE case_leg (
    case_id    TEXT NOT NULL,
    opened     INTEGER NOT NULL,           -- seq of the event that made it
    place      INTEGER NOT NULL,           -- 0: lead; 1 …: assisting, whose parent the lead is
    unit       TEXT NOT NULL,
    loop       TEXT NOT NULL,
    node       TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at   TEXT,
    outcome    TEXT,                       -- Handled, Assisted, Released
    words      TEXT,
    PRIMARY KEY (case_id, opened, place)
) STRICT;
CREATE INDEX case_leg_unit ON case_leg (unit, case_id);

-- 时限: one of each stage, and one of the whole case.
CREATE TABLE case_clock (
    case_id      TEXT NOT NULL,
    opened       INTEGER NOT NULL,         -- seq of the event that started it
    whole        INTEGER NOT NULL,         -- 1: of the whole case; 0: of a stage
    state        TEXT NOT NULL,            -- the stage it is of
    started_at   TEXT NOT NULL,
    amount       INTEGER NOT NULL,
    measure      TEXT NOT NULL,            -- Minutes, Hours, WorkHours, Workdays
    extra        INTEGER NOT NULL,         -- seconds granted later
    due_at       TEXT,                     -- NULL: it stands
    warn_at      TEXT,
    left_over    INTEGER,                  -- seconds, of one that stands
    pauses       TEXT NOT NULL,            -- JSON
    ended_at     TEXT,
    met          INTEGER,                  -- whether it ended in time; NULL: runs or stands
    PRIMARY KEY (case_id, whole, opened)
) STRICT;

-- 诉求人: who told of it; the telephone is protected with the installation's keys.
CREATE TABLE case_reporter (
    case_id TEXT NOT NULL PRIMARY KEY,
    name    TEXT NOT NULL,
    phone   TEXT
) STRICT;

-- What was sent once: the same key again gets the first answer.
CREATE TABLE case_key (
    sender TEXT NOT NULL,
    key    TEXT NOT NULL,
    number TEXT NOT NULL,
    PRIMARY KEY (sender, key)
) STRICT;

CREATE TABLE case_number (
    day  TEXT NOT NULL PRIMARY KEY,        -- yyyyMMdd
    last INTEGER NOT NULL
) STRICT;

-- 流程: every version as it was published. A case keeps the version it began with.
CREATE TABLE case_flow (
    version INTEGER NOT NULL PRIMARY KEY,
    text    TEXT NOT NULL,
    note    TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL
) STRICT;

-- 事件分类: by days of validity.
CREATE TABLE case_class (
    id          TEXT NOT NULL PRIMARY KEY,
    code        TEXT NOT NULL,
    family      TEXT NOT NULL,             -- 大类
    name        TEXT NOT NULL,             -- 小类
    filing      TEXT NOT NULL,             -- 立案条件
    closing     TEXT NOT NULL,             -- 结案条件
    unit        TEXT,                      -- responsible; NULL: not settled
    limits      TEXT NOT NULL,             -- JSON: grade → limit; those that lack have the ordinary one's
    valid_from  TEXT NOT NULL,
    valid_until TEXT,                      -- first day it no longer holds; NULL: open
    made_by     TEXT NOT NULL,
    made_at     TEXT NOT NULL,
    UNIQUE (code, valid_from)
) STRICT;

-- 节点: where cases belong, from the city's centre down to villages.
CREATE TABLE case_node (
    code   TEXT NOT NULL PRIMARY KEY,
    name   TEXT NOT NULL,
    kind   TEXT NOT NULL,                  -- Centre, Town, Zone, Village
    parent TEXT
) STRICT;

-- 值班表: which unit does which duty of a node and of all below; NULL: the bureau.
CREATE TABLE case_duty (
    id          TEXT NOT NULL PRIMARY KEY,
    node        TEXT NOT NULL,
    kind        TEXT NOT NULL,             -- patrol, acceptor, chief, dispatcher, verifier, supervisor
    unit        TEXT,
    valid_from  TEXT NOT NULL,
    valid_until TEXT,
    made_by     TEXT NOT NULL,
    made_at     TEXT NOT NULL
) STRICT;
