-- 会商研判: whether one is open on a case, and who was ever called to one: they see the case. What was said there is told by its events alone.
ALTER TABLE case_file ADD COLUMN consulting INTEGER NOT NULL DEFAULT 0;   -- seq of the event that called the open one; 0: none
ALTER TABLE case_file ADD COLUMN consulted TEXT NOT NULL DEFAULT '[]';    -- JSON: ids of units
ALTER TABLE case_file ADD COLUMN members TEXT NOT NULL DEFAULT '[]';      -- JSON: ids of the units of the open one

-- Whose answer is awaited until when: an opinion, or what a co-unit does by the conclusion. An index for the clock; the events have it too.
CREATE TABLE case_awaited (
    number TEXT NOT NULL,
    opened INTEGER NOT NULL,               -- seq of the event that asked
    unit   TEXT NOT NULL,
    due_at TEXT NOT NULL,
    PRIMARY KEY (number, opened, unit)
) STRICT;
CREATE INDEX case_awaited_due ON case_awaited (due_at);
