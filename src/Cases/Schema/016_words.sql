-- 检索: what was reported and where, of each case, in the one form words are compared in: runs of characters and words, each behind a blank. Whether a case is found is told by it alone.
-- Beside it, in which cases a pair of characters or a word stands: it only says where to look, so it keeps no places.
--sqlite
CREATE TABLE case_text (
    number TEXT NOT NULL PRIMARY KEY,
    folded TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- The row of SJyyyyMMdd-n is yyyyMMdd and n as nine digits: a number whose order is that of the list. Terms are cut in the program: every character that is not ASCII belongs to one.
CREATE VIRTUAL TABLE case_gram USING fts5(grams, content='', detail=none, columnsize=0, tokenize='ascii', prefix='1');
--end
--postgres
CREATE TABLE case_text (
    number TEXT NOT NULL PRIMARY KEY,
    folded TEXT NOT NULL,
    grams  TSVECTOR NOT NULL
);
CREATE INDEX case_text_grams ON case_text USING GIN (grams);
--end

-- Cases of before are read by the program, from the newest on: those whose numbers are below. Without a row, all are.
CREATE TABLE case_text_due (below TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO case_text_due (below) SELECT number || '9' FROM case_file ORDER BY number DESC LIMIT 1;
