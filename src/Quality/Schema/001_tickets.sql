-- 问题数据工单: what is wrong with collected data, whom it was told to, until when, and what became of it.

-- How soon a fault is to be mended, by how bad the batch is. Editable; a line holds from its first day until the day before the next one's.
CREATE TABLE quality_limit (
    id          TEXT NOT NULL PRIMARY KEY,
    severity    TEXT NOT NULL,             -- Major, Serious, Minor
    from_share  INTEGER NOT NULL,          -- rejected ÷ (read − filtered) of the batch from which it is this severe, in ten-thousandths
    workdays    INTEGER NOT NULL,          -- to mend it
    remind      INTEGER NOT NULL,          -- working days before the end at which it is reminded of
    valid_from  TEXT NOT NULL,             -- first day
    valid_until TEXT,                      -- first day it no longer holds; NULL: open
    made_by     TEXT NOT NULL,
    made_at     TEXT NOT NULL
) STRICT;
INSERT INTO quality_limit (id, severity, from_share, workdays, remind, valid_from, valid_until, made_by, made_at) VALUES
    ('01930000-0000-7000-8000-0000000000a1', 'Major', 3000, 3, 1, '2000-01-01', NULL, 'system', '2000-01-01T00:00:00.0000000Z'),
    ('01930000-0000-7000-8000-0000000000a2', 'Serious', 500, 5, 2, '2000-01-01', NULL, 'system', '2000-01-01T00:00:00.0000000Z'),
    ('01930000-0000-7000-8000-0000000000a3', 'Minor', 0, 10, 3, '2000-01-01', NULL, 'system', '2000-01-01T00:00:00.0000000Z');

CREATE TABLE quality_ticket (
    id            TEXT NOT NULL PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    origin        TEXT NOT NULL,           -- Batch: a load's own faults; Report: a receiver found it
    resource      TEXT NOT NULL,
    resource_code TEXT NOT NULL,
    resource_name TEXT NOT NULL,
    unit          TEXT NOT NULL,           -- the source unit, that answers
    reporter      TEXT,                    -- the receiving unit, of a report
    severity      TEXT NOT NULL,
    state         TEXT NOT NULL,
    outcome       TEXT,                    -- of a closed one
    opened_at     TEXT NOT NULL,
    opened_day    TEXT NOT NULL,           -- of the city
    stage_at      TEXT NOT NULL,
    due_at        TEXT NOT NULL,
    remind_at     TEXT NOT NULL,
    reminded      INTEGER NOT NULL,
    overdue       INTEGER NOT NULL,        -- whether it was told to be overdue, since it was last opened
    late          INTEGER NOT NULL,        -- whether it ever was
    closed_at     TEXT,
    reopened      INTEGER NOT NULL,        -- how often
    answered_by   TEXT,                    -- who explained or objected last: another decides
    revision      INTEGER NOT NULL
) STRICT;
CREATE INDEX quality_ticket_unit ON quality_ticket (unit, state);
CREATE INDEX quality_ticket_resource ON quality_ticket (resource, state);
CREATE INDEX quality_ticket_day ON quality_ticket (opened_day);
CREATE INDEX quality_ticket_due ON quality_ticket (due_at) WHERE state IN ('Open', 'Mending');

-- One kind of fault in one batch, or one report. found = open + mended + withdrawn + explained + undone.
CREATE TABLE quality_finding (
    id         TEXT NOT NULL PRIMARY KEY,
    ticket     TEXT NOT NULL REFERENCES quality_ticket (id),
    code       TEXT NOT NULL,              -- of the fault; REPORT of a report
    item       TEXT,                       -- in the catalogue; NULL: the row as a whole
    item_name  TEXT,
    at         INTEGER NOT NULL,           -- the item's place in the batch; −1: whole row
    reason_zh  TEXT NOT NULL,
    reason_en  TEXT NOT NULL,
    batch      TEXT,
    number     TEXT,                       -- of the batch, or of the grant a report rests on
    day        TEXT NOT NULL,              -- of the city, on which it was found
    row_key    TEXT,                       -- of a report: which row, by its key; shown as the policy decides
    key_item   TEXT,                       -- whose value that is
    found      INTEGER NOT NULL,
    open       INTEGER NOT NULL,
    mended     INTEGER NOT NULL,
    withdrawn  INTEGER NOT NULL,
    explained  INTEGER NOT NULL,
    undone     INTEGER NOT NULL,           -- its batch is no longer there
    CHECK (found = open + mended + withdrawn + explained + undone)
) STRICT;
CREATE INDEX quality_finding_ticket ON quality_finding (ticket);
CREATE INDEX quality_finding_batch ON quality_finding (batch) WHERE batch IS NOT NULL;
CREATE INDEX quality_finding_day ON quality_finding (day);

-- What happened to a ticket, in order.
CREATE TABLE quality_act (
    id      TEXT NOT NULL PRIMARY KEY,
    ticket  TEXT NOT NULL,
    step    TEXT NOT NULL,
    person  TEXT NOT NULL,
    unit    TEXT,
    subject TEXT,                          -- a batch's number
    words   TEXT,
    state   TEXT NOT NULL,
    at      TEXT NOT NULL,
    revision INTEGER NOT NULL              -- of the ticket: the order of steps taken in one moment
) STRICT;
CREATE INDEX quality_act_ticket ON quality_act (ticket, revision);

-- What is known of a batch that landed: its counts, what became of its rejected rows, and whether it is admitted to the standard layer.
CREATE TABLE quality_batch (
    batch       TEXT NOT NULL PRIMARY KEY,
    number      TEXT NOT NULL,
    resource    TEXT NOT NULL,
    code        TEXT NOT NULL,
    name        TEXT NOT NULL,
    unit        TEXT NOT NULL,
    landed_at   TEXT NOT NULL,
    day         TEXT NOT NULL,             -- of the city
    accepted    INTEGER NOT NULL,
    rejected    INTEGER NOT NULL,
    duplicate   INTEGER NOT NULL,
    filtered    INTEGER NOT NULL,
    open        INTEGER NOT NULL,
    mended      INTEGER NOT NULL,
    withdrawn   INTEGER NOT NULL,
    explained   INTEGER NOT NULL,
    undone      INTEGER NOT NULL,
    admitted    INTEGER NOT NULL,
    share       INTEGER,                   -- good rows ÷ rows that count, in ten-thousandths; NULL: nothing to judge
    least       INTEGER NOT NULL,          -- that was asked for
    judged_at   TEXT NOT NULL
) STRICT;
CREATE INDEX quality_batch_resource ON quality_batch (resource, landed_at);
CREATE INDEX quality_batch_held ON quality_batch (unit) WHERE admitted = 0 AND undone = 0;

-- The quality gate: how much of a batch must be good. A line without a resource holds for all that have none of their own.
CREATE TABLE quality_threshold (
    id          TEXT NOT NULL PRIMARY KEY,
    resource    TEXT,
    least       INTEGER NOT NULL,          -- ten-thousandths
    valid_from  TEXT NOT NULL,
    valid_until TEXT,
    reason      TEXT NOT NULL,
    made_by     TEXT NOT NULL,
    made_at     TEXT NOT NULL
) STRICT;
CREATE INDEX quality_threshold_resource ON quality_threshold (resource, valid_from);
INSERT INTO quality_threshold (id, resource, least, valid_from, valid_until, reason, made_by, made_at) VALUES
    ('01930000-0000-7000-8000-0000000000b1', NULL, 9000, '2000-01-01', NULL, 'default', 'system', '2000-01-01T00:00:00.0000000Z');
