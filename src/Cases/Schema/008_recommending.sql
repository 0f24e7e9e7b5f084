-- 推荐模型: one row for each training. The file of a model is in the data folder; it counts as long as it is what this table says.
CREATE TABLE case_recommender (
    version  INTEGER NOT NULL PRIMARY KEY,
    job      TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asker    TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    as_of    TEXT,                         -- cases closed until then were looked at; NULL: not trained yet, or refused
    file     TEXT,                         -- SHA-256 of the file; NULL: as above
    about    TEXT,                         -- JSON: what it learned from and how it measured
    refused  TEXT                          -- code of the refusal; NULL: none
) STRICT;

-- 考核方案: a draft counts from when another person publishes it; what was published before stays so.
ALTER TABLE case_scheme ADD COLUMN maker TEXT;
ALTER TABLE case_scheme ADD COLUMN published_by TEXT;
ALTER TABLE case_scheme ADD COLUMN published_at TEXT;
UPDATE case_scheme SET published_by = made_by, published_at = made_at;

-- 问题类型: whether a class is of components (部件) or of matters (事件).
ALTER TABLE case_class ADD COLUMN component INTEGER NOT NULL DEFAULT 0;

-- What ended since a day, for the assessment of a month.
CREATE INDEX case_file_ended ON case_file (last_at) WHERE ended = 1;
