-- The lake's upkeep: one row per task. A node that moves due_at on has made the task wanted; whoever runs it takes that back when it has ended.
CREATE TABLE keeping_task (
    task       TEXT NOT NULL PRIMARY KEY,
    cron       TEXT NOT NULL,             -- the setting due_at was computed by
    due_at     TEXT,                      -- null: never by itself
    wanted_at  TEXT,
    started_at TEXT,
    ended_at   TEXT,
    good       INTEGER,                   -- of the last run that ended
    outcome    TEXT                       -- JSON: the sentence in both languages
) STRICT;
