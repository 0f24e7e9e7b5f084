-- 工作时间方案: when offices work, by days of validity; where no plan holds, the setting Sources__OfficeHours counts on weekdays. Plans do not overlap.
CREATE TABLE work_plan (
    id         TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    "from"     TEXT NOT NULL UNIQUE,      -- first day
    until      TEXT,                      -- first day it no longer holds; NULL: open
    days       TEXT NOT NULL,             -- JSON: days of the week, 0 is Sunday
    hours      TEXT NOT NULL              -- JSON: opens and closes
) STRICT;
