-- Working days a step of a request has. Editable; a line holds from its first day until the day before the next one's. A clock that runs keeps the end it was given.
CREATE TABLE sharing_step_limit (
    stage       TEXT NOT NULL,             -- a state of a request that has a clock
    valid_from  TEXT NOT NULL,             -- first day
    valid_until TEXT,                      -- first day it no longer holds; NULL: open
    workdays    INTEGER NOT NULL,
    reason      TEXT NOT NULL,
    made_by     TEXT NOT NULL,
    made_at     TEXT NOT NULL,
    PRIMARY KEY (stage, valid_from)
) STRICT;
INSERT INTO sharing_step_limit (stage, valid_from, valid_until, workdays, reason, made_by, made_at)
    SELECT stage, '2000-01-01', NULL, workdays, '', 'system', '2000-01-01T00:00:00.0000000Z' FROM sharing_limit;
DROP TABLE sharing_limit;
