-- The work calendar as it was before each change of it: deadlines stay as they were set, and are told by the calendar they were set by.
CREATE TABLE calendar_before (
    id         TEXT NOT NULL PRIMARY KEY,
    until_at   TEXT NOT NULL,             -- when it was changed
    calendar   TEXT NOT NULL              -- JSON: plans, special days, usual hours
) STRICT;
CREATE INDEX calendar_before_until ON calendar_before (until_at);
