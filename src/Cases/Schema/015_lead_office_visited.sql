-- The lead unit as lists show it: of an ended case the last it had.
ALTER TABLE case_file ADD COLUMN led TEXT;                                 -- NULL: none
UPDATE case_file SET led = CASE WHEN ended = 0 THEN unit ELSE (
    SELECT l.unit FROM case_leg l WHERE l.case_id = case_file.id AND l.place = 0 AND l.opened = (SELECT MAX(o.opened) FROM case_leg o WHERE o.case_id = case_file.id AND o.place = 0)) END;
CREATE INDEX case_file_led ON case_file (led, number) WHERE led IS NOT NULL;

-- 回访: whether the reporter was asked since the case was closed, and was satisfied; what they rate themselves is none.
ALTER TABLE case_file ADD COLUMN visited INTEGER NOT NULL DEFAULT 0;
UPDATE case_file SET visited = 1 WHERE ended = 1 AND EXISTS (
    SELECT 1 FROM case_event e WHERE e.case_id = case_file.id AND e.act <> 'rated' AND e.detail LIKE '%"satisfied"%'
        AND e.seq > COALESCE((SELECT MAX(o.seq) FROM case_event o WHERE o.case_id = case_file.id AND o.state <> case_file.state), 0));

-- 待我办理: tasks of consultations that ended before they were due went only once that was past.
DELETE FROM case_awaited WHERE NOT EXISTS (
    SELECT 1 FROM case_file f WHERE f.number = case_awaited.number AND (f.consulting = case_awaited.opened OR EXISTS (
        SELECT 1 FROM case_leg l WHERE l.case_id = f.id AND l.opened = case_awaited.opened AND l.unit = case_awaited.unit AND l.place > 0 AND l.ended_at IS NULL)));

-- 延期: office hours granted to a limit in natural time. What was granted so far stays in "extra", counted as the limit is.
ALTER TABLE case_clock ADD COLUMN office INTEGER NOT NULL DEFAULT 0;       -- seconds
