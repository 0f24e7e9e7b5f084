-- 停留: since when a case is in its loop, and until when it may stand there; after it the case goes one loop up by itself.
ALTER TABLE case_file ADD COLUMN loop_at TEXT NOT NULL DEFAULT '';
ALTER TABLE case_file ADD COLUMN stay_until TEXT;                          -- NULL: no limit runs

-- Of cases there are: the event after the last that was in another loop, or the last by which it was taken up again (ends of the shipped flow).
UPDATE case_file SET loop_at = COALESCE((
    SELECT MIN(e.at) FROM case_event e WHERE e.case_id = case_file.id AND e.seq >= COALESCE((
        SELECT MAX(CASE WHEN o.loop <> case_file.loop THEN o.seq + 1 ELSE o.seq END) FROM case_event o
        WHERE o.case_id = case_file.id AND (o.loop <> case_file.loop OR (o.old_state IN ('closed', 'rejected', 'merged', 'void') AND o.state NOT IN ('closed', 'rejected', 'merged', 'void')))), 0)), reported_at);
CREATE INDEX case_file_stay ON case_file (stay_until) WHERE stay_until IS NOT NULL;
